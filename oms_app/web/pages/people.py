"""People: who may log in, for admins (the gate keeps everybody else out)."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from oms_app.front.desk import At, By, Desk
from oms_core.errors import InvalidInput
from oms_flow import people

router = APIRouter(prefix="/people")


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
def let_in(desk: At, who: By, login: str, active: Annotated[bool, Form()]) -> Response:
    """Let somebody in or keep them out."""
    people.set_active(desk.house.store, who.login, login, active=active)
    return RedirectResponse("/people", 303)


@router.post("/{login}/role")
def change_role(desk: At, who: By, login: str, role: Annotated[str, Form()]) -> Response:
    """Change what somebody may do."""
    people.set_role(desk.house.store, who.login, login, role)
    return RedirectResponse("/people", 303)


def _page(request: Request, desk: Desk, login: str = "", password: str = "", problem: str = "") -> Response:
    return desk.page(
        request,
        "people.html",
        422 if problem else 200,
        people=people.everybody(desk.house.store),
        attempts=desk.rules.attempts,
        new_login=login,
        new_password=password,
        problem=problem[:1].upper() + problem[1:],
        roles=list(people.Role),
    )
