"""The gate before every request: who is asking, may they, how much may they send, and what the browser is told.

It stands before routing and before any body is read, so a route that somebody adds is behind it from the start.
"""

import secrets
import time
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from ipaddress import ip_address
from typing import Any
from urllib.parse import quote

import structlog
from fastapi import HTTPException, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders

from oms_app.front.busy import RETRY_SECONDS, SENTENCE, busy
from oms_app.front.desk import Desk, desk_of, wants_fragment, wants_json
from oms_core.errors import NotAllowed
from oms_flow.people import Visitor, same_secret, visitor

OPEN_PATHS = frozenset({"/health/live", "/health/ready", "/login", "/api/v1/sessions"})
"""All that is reached without a log-in, beside the files of `/static/`."""
OPEN_FOLDER = "/static/"
METRICS = "/metrics"
ADMIN_FOLDER = "/people"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
CSRF_HEADER = "X-CSRF-Token"
CSRF_FIELD = "csrf"
MAX_BODY_BYTES = 1024 * 1024
"""The largest body of a request that is no upload."""
UPLOADS = frozenset({"/upload", "/api/v1/documents"})
MAX_TOLD = 200
"""Characters of an address, or of what a database says, that are shown and logged."""
UPLOAD_SPARE_BYTES = 64 * 1024
"""What a form may take beside the file in it."""

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self';"
    " base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": POLICY,
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}

UNEXPECTED = "Something went wrong on our side and was logged. Try again; if it stays, show this to an admin."
_LOG = structlog.get_logger("ordermill.web")

Scope = Any
Message = Any
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]


class Gate:
    """An ASGI middleware around the whole application."""

    def __init__(self, app: Application, desk: Desk) -> None:
        self._app = app
        self._desk = desk

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return
        began, status = time.perf_counter(), 0

        async def telling(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                _complete(MutableHeaders(scope=message), secure=self._desk.secure)
            await send(message)

        try:
            answer = await self._admit(scope)
            if answer is not None:
                await answer(scope, receive, telling)
            else:
                await self._app(scope, self._bounded(scope, receive), telling)
        except Exception as problem:
            if status:
                _LOG.exception("web.failed", path=scope["path"], problem=type(problem).__name__)
                raise
            await self._failed(Request(scope), problem)(scope, receive, telling)
        finally:
            route = getattr(scope.get("route"), "path", None) or "other"
            self._desk.metrics.observe(scope["method"], route, status, time.perf_counter() - began)

    async def _admit(self, scope: Scope) -> Response | None:
        """Say who is asking, or return the refusal."""
        request = Request(scope)
        too_much = self._declared_too_much(request)
        if too_much is not None:
            return too_much
        path = request.url.path
        who, by_cookie = await self._visitor(request)
        request.state.visitor = who
        request.state.csrf_checked = True
        if path in OPEN_PATHS or path.startswith(OPEN_FOLDER):
            return None
        if path == METRICS:
            return None if _scraper(request) or (who and who.admin) else self._refuse(request, who)
        if who is None or (path.split("/")[1] == ADMIN_FOLDER[1:] and not who.admin):
            return self._refuse(request, who)
        if by_cookie and request.method not in SAFE_METHODS:
            return self._check_csrf(request, who)
        return None

    async def _visitor(self, request: Request) -> tuple[Visitor | None, bool]:
        """Return who holds the token, and whether the browser sent it by itself."""
        kind, _, token = request.headers.get("Authorization", "").partition(" ")
        by_cookie = kind.lower() != "bearer"
        if by_cookie:
            token = request.cookies.get(self._desk.session_cookie, "")
        if not token:
            return None, by_cookie
        return await run_in_threadpool(visitor, self._desk.house.store, token.strip()), by_cookie

    def _check_csrf(self, request: Request, who: Visitor) -> Response | None:
        """Compare the token in the header; one in a form is compared by `csrf_from_form` when the form is read."""
        given = request.headers.get(CSRF_HEADER)
        if given is not None and same_secret(given, who.csrf):
            return None
        kind = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if given is None and kind in {"application/x-www-form-urlencoded", "multipart/form-data"}:
            request.state.csrf_checked = False
            return None
        return self._answer(request, HTTPStatus.FORBIDDEN, CSRF_SENTENCE)

    def _refuse(self, request: Request, who: Visitor | None) -> Response:
        if who is not None:
            return self._answer(request, HTTPStatus.FORBIDDEN, "Only an admin may do this. Ask one.")
        if wants_json(request) or wants_fragment(request) or request.method not in SAFE_METHODS:
            message = "You are not logged in, or your log-in has ended. Log in again, then do this once more."
            answer = self._answer(request, HTTPStatus.UNAUTHORIZED, message)
            answer.headers["WWW-Authenticate"] = "Bearer"
            return answer
        place = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse(f"/login?next={quote(place, safe='/')}", HTTPStatus.SEE_OTHER)

    def _answer(self, request: Request, status: HTTPStatus, message: str, problem: Exception | None = None) -> Response:
        return sentence(self._desk, request, status, message, problem)

    def _failed(self, request: Request, problem: Exception) -> Response:
        """Answer for what nobody caught: 503 where the database was only busy, else 500; both are logged."""
        if not busy(problem):
            return self._answer(request, HTTPStatus.INTERNAL_SERVER_ERROR, UNEXPECTED, problem)
        answer = self._answer(request, HTTPStatus.SERVICE_UNAVAILABLE, SENTENCE, problem)
        answer.headers["Retry-After"] = str(RETRY_SECONDS)
        return answer

    def _limit(self, path: str) -> int:
        return self._desk.built.settings.web.upload_bytes + UPLOAD_SPARE_BYTES if path in UPLOADS else MAX_BODY_BYTES

    def _declared_too_much(self, request: Request) -> Response | None:
        declared = request.headers.get("Content-Length", "0")
        limit = self._limit(request.url.path)
        if declared.isascii() and declared.isdigit() and int(declared) <= limit:
            return None
        return self._answer(request, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _too_much(limit))

    def _bounded(self, scope: Scope, receive: Receive) -> Receive:
        """Count what really comes; a body may be longer than it says, or say nothing."""
        limit, taken = self._limit(scope["path"]), 0

        async def counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > limit:
                raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _too_much(limit))
            return message

        return counted


CSRF_SENTENCE = "This page is older than your log-in, so it was not believed. Reload it and do this once more."


async def csrf_from_form(request: Request) -> None:
    """Compare the token in a form that came without one in the header. Raises NotAllowed."""
    if request.state.csrf_checked:
        return
    form = await request.form()
    given = form.get(CSRF_FIELD)
    if not isinstance(given, str) or not same_secret(given, request.state.visitor.csrf):
        raise NotAllowed(CSRF_SENTENCE)
    request.state.csrf_checked = True


def sentence(desk: Desk, request: Request, status: int, message: str, problem: Exception | None = None) -> Response:
    """Answer with one sentence: JSON for a program, a notice for a page in use, else a page.

    Where we failed, it also goes into the log under a reference, which the answer names.
    """
    reference = _logged(request, status, message, problem) if status >= HTTPStatus.INTERNAL_SERVER_ERROR else ""
    if wants_json(request):
        return JSONResponse({"error": message} | ({"reference": reference} if reference else {}), status)
    if wants_fragment(request):
        answer = desk.page(request, "_notice.html", status, message=message, reference=reference)
        answer.headers.update({"HX-Retarget": "#notice", "HX-Reswap": "innerHTML"})
        return answer
    name = HTTPStatus(status).phrase
    asked_for = f"{request.method} {request.url.path}"[:MAX_TOLD]
    return desk.page(
        request, "error.html", status, message=message, status_name=name, asked_for=asked_for, reference=reference
    )


def _logged(request: Request, status: int, message: str, problem: Exception | None) -> str:
    """Write a failure of ours into the log and return the reference that finds it there."""
    reference = secrets.token_hex(4)
    who: Visitor | None = getattr(request.state, "visitor", None)
    log = _LOG.bind(
        reference=reference, method=request.method, path=request.url.path[:MAX_TOLD], who=who.login if who else ""
    )
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        log.warning("web.busy", problem=str(problem or message)[:MAX_TOLD])
    else:
        log.error("web.failed", problem=type(problem).__name__ if problem else message, exc_info=problem)
    return reference


def told(request: Request, status: int, message: str, problem: Exception | None = None) -> Response:
    """Answer with one sentence, from an error handler."""
    return sentence(desk_of(request), request, status, message, problem)


def _too_much(limit: int) -> str:
    return (
        f"This is too large: at most {limit:,} bytes are taken at once."
        " Send a smaller file, or ask an admin to raise web.upload_bytes."
    )


def _complete(headers: MutableHeaders, *, secure: bool) -> None:
    for name, value in _HEADERS.items():
        headers.setdefault(name, value)
    if secure:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000")


def _scraper(request: Request) -> bool:
    """Whether this comes from this machine itself and not through a proxy on it."""
    headers: Headers = request.headers
    if request.client is None or "X-Forwarded-For" in headers or "Forwarded" in headers:
        return False
    try:
        return ip_address(request.client.host).is_loopback
    except ValueError:
        return False
