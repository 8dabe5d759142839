"""JSON for programs under /api/v1: hand documents in, see the queue and a task, decide with the verbs that people use.

A program logs in by `POST /api/v1/sessions` and sends the token as `Authorization: Bearer …`.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Form, Header, Request, UploadFile
from fastapi.responses import JSONResponse, Response

from oms_app.front.choosing import choose_product
from oms_app.front.desk import At, By
from oms_app.front.entering import WAIT, attempt
from oms_app.front.taking import take
from oms_core.errors import InvalidInput, NotAllowed
from oms_flow import correction, learning, review
from oms_flow.accept import Accepted
from oms_flow.house import House
from oms_store import views
from oms_store.codec import dump

router = APIRouter(prefix="/api/v1")


@dataclass(frozen=True, slots=True)
class LogIn:
    """Name and password."""

    login: str
    password: str


@dataclass(frozen=True, slots=True)
class DecisionOn:
    """One decision: `decision` is a word of DECISIONS, `version` the one looked at; the rest as the decision needs."""

    decision: str
    version: int
    path: str = ""
    text: str = ""
    position: int = -1
    sku: str = ""
    customer: str = ""
    ship_to: str = ""
    code: str = ""
    quantity: str = ""
    reason: str = ""
    remember: bool = False
    keep: bool = False


@router.post("/sessions")
def log_in(request: Request, desk: At, given: LogIn) -> JSONResponse:
    """Open a session and return its token."""
    opened = attempt(request, desk, given.login, given.password)
    if opened == WAIT:
        return JSONResponse({"error": opened}, HTTPStatus.TOO_MANY_REQUESTS)
    if isinstance(opened, str):
        raise NotAllowed(opened)
    return JSONResponse(
        {"token": opened.token, "expires_at": opened.visitor.expires_at.isoformat()}, HTTPStatus.CREATED
    )


@router.post("/documents")
def hand_in(
    desk: At,
    file: UploadFile,
    partner: Annotated[str, Form()] = "",
    idempotency_key: Annotated[str | None, Header()] = None,
) -> JSONResponse:
    """Take one document; 201 when it is stored, 200 where it was here already, 413 where a limit refused it."""
    taken = take(desk, file.file, file.filename or "", idempotency_key, partner)
    status = {"stored": HTTPStatus.CREATED, "duplicate": HTTPStatus.OK}.get(
        taken.outcome, HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    )
    return JSONResponse(asdict(taken), status)


@router.get("/queue")
def queue(  # noqa: PLR0913, PLR0917 - the filters
    desk: At, reason: str = "", customer: str = "", channel: str = "", kind: str = "", search: str = "", offset: int = 0
) -> Response:
    """List what waits for a person, the oldest first."""
    wanted = views.QueueFilter(reason, customer, channel, kind, search, max(0, offset))
    with desk.house.store.read() as session:
        found = views.queue(session, desk.house.store.clock.now(), wanted)
    return _json(found)


@router.get("/layouts")
def list_layouts(desk: At, sender: str = "") -> Response:
    """List what was learned of the documents of each sender."""
    with desk.house.store.read() as session:
        found = learning.known_layouts(session, sender)
    return _json([{"sender": name, "learned": one.told(), "layout": one} for name, one in found])


@router.delete("/layouts/{key}")
def forget_layout(desk: At, who: By, key: str) -> Response:
    """Take back what was learned."""
    learning.forget_layout(desk.house, key, who.login)
    return Response(status_code=HTTPStatus.NO_CONTENT)


@router.get("/tasks/{key}")
def task(desk: At, key: str) -> Response:
    """Return one draft with what was read, matched and found."""
    return _json(review.task(desk.house, key))


@router.post("/tasks/{key}/decisions")
def decide(desk: At, who: By, key: str, given: DecisionOn) -> Response:
    """Decide as a person does, and return the task as it is then."""
    decision = DECISIONS.get(given.decision)
    if decision is None:
        raise InvalidInput(f"there is no decision {given.decision[:40]!r}; choose one of {', '.join(DECISIONS)}")
    done = decision(desk.house, review.Edit(key, given.version, who.login), given)
    status = HTTPStatus.CONFLICT if isinstance(done, Accepted) and not done.ended else HTTPStatus.OK
    return _json(review.task(desk.house, key), status)


def _correct(house: House, edit: review.Edit, given: DecisionOn) -> object:
    return review.correct(
        house, edit, correction.set_field(given.path, given.text, edit.who, house.company.tax.country)
    )


def _add_line(house: House, edit: review.Edit, given: DecisionOn) -> object:
    return review.correct(house, edit, correction.add_line(edit.who, given.code, given.quantity))


def _product(house: House, edit: review.Edit, given: DecisionOn) -> object:
    return choose_product(house, edit, given.position, given.sku, remember=given.remember)


def _customer(house: House, edit: review.Edit, given: DecisionOn) -> object:
    return review.choose_customer(house, edit, given.customer, remember=given.remember)


DECISIONS: Mapping[str, Callable[[House, review.Edit, DecisionOn], object]] = {
    "correct": _correct,
    "add_line": _add_line,
    "remove_line": lambda house, edit, given: review.remove_line(house, edit, given.position),
    "choose_product": _product,
    "choose_customer": _customer,
    "choose_ship_to": lambda house, edit, given: review.choose_ship_to(house, edit, given.ship_to),
    "check": lambda house, edit, _: review.check_again(house, edit),
    "repeat": lambda house, edit, _: review.keep_repeat(house, edit),
    "duplicate": lambda house, edit, given: review.mark_duplicate(house, edit, keep=given.keep),
    "reject": lambda house, edit, given: review.reject(house, edit, given.reason),
    "accept": lambda house, edit, _: review.accept_task(house, edit),
    "cancelled_in_erp": lambda house, edit, _: review.cancelled_in_erp(house, edit),
}
"""What may be decided by a program: the words of `decision`."""


def _json(value: Any, status: int = HTTPStatus.OK) -> Response:
    """Write a value as the database keeps it: decimals as strings, instants in ISO 8601."""
    return Response(dump(value), status, media_type="application/json")
