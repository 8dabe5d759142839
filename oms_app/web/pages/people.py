"""People: who may log in, for admins (the gate keeps everybody else out)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from oms_app.front.desk import At, By, Desk
from oms_app.web.wording import sentence
from oms_core.errors import InvalidInput
from oms_core.records import Person
from oms_flow import people

router = APIRouter(prefix="/people")


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody is asked before they do something to themselves: the verb of the place, and what it carries."""

    verb: str
    value: str
    sentence: str
    yes: str


KEEP_OUT = Question(
    "active",
    "false",
    "You are about to keep yourself out: you are logged out at once. Only another admin can let you in again.",
    "Keep me out",
)
STEP_DOWN = Question(
    "role",
    people.Role.REVIEWER.value,
    "You are about to take the admin's role from yourself. Only another admin can give it back.",
    "Make me a reviewer",
)


@router.get("")
def show(request: Request, desk: At) -> Response:
    """List everybody."""
    return _page(request, desk)


@router.post("")
def add(
    request: Request,
    desk: At,
    who: By,
    login: Annotated[str, Form()],
    name: Annotated[str, Form()],
    role: Annotated[str, Form()],
) -> Response:
    """Let somebody log in and show their password, this once."""
    try:
        password = people.add_person(desk.house.store, who.login, login, name, role)
    except InvalidInput as problem:
        return _page(request, desk, problem=str(problem))
    return _page(request, desk, login.strip().lower(), password)


@router.post("/{login}/password")
def reset(request: Request, desk: At, who: By, login: str) -> Response:
    """Make a new password and show it, this once."""
    return _page(request, desk, login, people.reset_password(desk.house.store, who.login, login))


@router.post("/{login}/active")
def let_in(
    request: Request,
    desk: At,
    who: By,
    login: str,
    active: Annotated[bool, Form()],
    sure: Annotated[bool, Form()] = False,
) -> Response:
    """Let somebody in or keep them out; whoever does it to themselves is asked first."""
    if not active and not sure and _asks(desk, who, login):
        return _page(request, desk, asks=KEEP_OUT)
    people.set_active(desk.house.store, who.login, login, active=active)
    return RedirectResponse("/people", 303)


@router.post("/{login}/role")
def change_role(
    request: Request,
    desk: At,
    who: By,
    login: str,
    role: Annotated[str, Form()],
    sure: Annotated[bool, Form()] = False,
) -> Response:
    """Change what somebody may do; whoever takes it from themselves is asked first."""
    if role != people.Role.ADMIN and not sure and _asks(desk, who, login):
        return _page(request, desk, asks=STEP_DOWN)
    people.set_role(desk.house.store, who.login, login, role)
    return RedirectResponse("/" if login == who.login else "/people", 303)


def _asks(desk: Desk, who: people.Visitor, login: str) -> bool:
    """Whether to ask first: somebody does it to themselves, and it could be done at all."""
    return login == who.login and people.has_other_admin(desk.house.store, login)


def _only_admin(everybody: Iterable[Person]) -> str:
    """Return the log-in of the one admin who may log in; empty where there are several."""
    admins = [one.login for one in everybody if one.active and one.role == people.Role.ADMIN]
    return admins[0] if len(admins) == 1 else ""


def _page(
    request: Request,
    desk: Desk,
    login: str = "",
    password: str = "",
    problem: str = "",
    asks: Question | None = None,
) -> Response:
    everybody = people.everybody(desk.house.store)
    return desk.page(
        request,
        "people.html",
        422 if problem else 200,
        people=everybody,
        only_admin=_only_admin(everybody),
        attempts=desk.rules.attempts,
        new_login=login,
        new_password=password,
        problem=sentence(problem),
        asks=asks,
        roles=list(people.Role),
    )
