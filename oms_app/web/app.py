"""The web application: pages, JSON and probes behind one gate."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from anyio.to_thread import current_default_thread_limiter
from fastapi import Depends, FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException as StarletteHTTPException

from oms_app.api import routes as api
from oms_app.bootstrap import Built
from oms_app.front.desk import Desk
from oms_app.front.gate import UNEXPECTED, Gate, csrf_from_form, told
from oms_app.front.page_image import PageImages
from oms_app.metrics import Metrics
from oms_app.web.pages import dashboard, documents, entry, orders, people, probes, queue, review, upload
from oms_app.web.wording import environment
from oms_core.errors import (
    ChannelUnavailable,
    IllegalTransition,
    InvalidInput,
    NotAllowed,
    NotFound,
    OrdermillError,
    StaleVersion,
    UnreadableDocument,
)
from oms_flow.people import LoginRules

_PAGES = (dashboard, queue, review, documents, orders, upload, people, entry, probes, api)
_STATUS: tuple[tuple[type[OrdermillError], int], ...] = (
    (NotFound, 404),
    (NotAllowed, 403),
    (StaleVersion, 409),
    (IllegalTransition, 409),
    (InvalidInput, 422),
    (UnreadableDocument, 422),
    (ChannelUnavailable, 503),
)
_SENTENCES = {
    404: "There is no such page. Look for it from the dashboard or the queue.",
    405: "This address does not take that kind of request. Go back and use the page's own buttons.",
    413: "This is too large to be taken. Send a smaller file.",
}


def create_app(built: Built) -> FastAPI:
    """Make the application over a house; nothing but health, log-in and static files is reached without a log-in."""
    settings = built.settings
    desk = Desk(
        built=built,
        templates=environment(settings.company.time_zone),
        metrics=Metrics(built.house, settings.worker.alarm_minutes),
        rules=LoginRules(settings.security.login_attempts, settings.security.session_hours),
        images=PageImages(),
    )
    app = FastAPI(
        title="Ordermill",
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=partial(_with_threads, settings.web.threads),
        dependencies=[Depends(csrf_from_form)],
    )
    app.state.desk = desk
    for page in _PAGES:
        app.include_router(page.router)
    app.mount("/static", _Static(directory=Path(__file__).parent / "static"), name="static")
    app.add_middleware(Gate, desk=desk)
    app.add_exception_handler(OrdermillError, _ours)
    app.add_exception_handler(StarletteHTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    return app


@asynccontextmanager
async def _with_threads(threads: int, _app: FastAPI) -> AsyncIterator[None]:
    """Work on so many requests at once: each may hold a connection to the database."""
    current_default_thread_limiter().total_tokens = threads
    yield


class _Static(StaticFiles):
    """Our own files; a browser asks again each time whether they changed."""

    def file_response(self, *args: object, **words: object) -> Response:
        """Add what says how long a file may be kept."""
        response = super().file_response(*args, **words)  # type: ignore[arg-type]  # handed through as it came
        response.headers["Cache-Control"] = "no-cache"
        return response


def _ours(request: Request, problem: Exception) -> Response:
    status = next((status for kind, status in _STATUS if isinstance(problem, kind)), 500)
    message = str(problem)
    return told(request, status, message[:1].upper() + message[1:], problem)


def _http(request: Request, problem: Exception) -> Response:
    assert isinstance(problem, StarletteHTTPException)
    said = problem.detail if isinstance(problem, HTTPException) and problem.status_code not in (404, 405) else None
    return told(request, problem.status_code, said or _SENTENCES.get(problem.status_code, UNEXPECTED), problem)


def _invalid(request: Request, problem: Exception) -> Response:
    assert isinstance(problem, RequestValidationError)
    places = ", ".join(sorted({str(error["loc"][-1]) for error in problem.errors()}))
    return told(request, 422, f"This request is not complete or not well formed ({places}). Reload the page.")
