"""Log-in, log-out and one's own password."""

import secrets
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from oms_app.front.desk import At, By, Desk
from oms_app.front.entering import attempt, changed_password
from oms_flow import people

router = APIRouter()
NOT_THE_SAME = "The new password was not the same both times, so nothing was changed. Type it twice."
DOOR_COOKIE = "ordermill_door"
"""Holds a random word that the log-in form repeats: nobody logs a browser in from another site."""


@router.get("/login")
def login_page(request: Request, desk: At) -> Response:
    """Show the form; who is logged in already goes on."""
    if request.state.visitor is not None:
        return RedirectResponse(_inside(request.query_params.get("next", "/")), HTTPStatus.SEE_OTHER)
    return _form(request, desk, "", HTTPStatus.OK)


@router.post("/login")
def log_in(
    request: Request,
    desk: At,
    login: Annotated[str, Form()],
    password: Annotated[str, Form()],
    door: Annotated[str, Form()] = "",
    goal: Annotated[str, Form(alias="next")] = "/",
) -> Response:
    """Open a session under a new token; an older one of this browser ends."""
    kept = request.cookies.get(DOOR_COOKIE, "")
    if not kept or not people.same_secret(door, kept):
        return _form(request, desk, "The form was too old to be believed. Log in again.", HTTPStatus.FORBIDDEN)
    opened = attempt(request, desk, login, password)
    if isinstance(opened, str):
        return _form(request, desk, opened, HTTPStatus.UNAUTHORIZED, login)
    _forget(request, desk)
    answer = RedirectResponse(_inside(goal), HTTPStatus.SEE_OTHER)
    _set(answer, desk, desk.session_cookie, opened.token, int(desk.rules.session_hours * 3600))
    answer.delete_cookie(DOOR_COOKIE)
    return answer


@router.post("/logout")
def log_out(request: Request, desk: At) -> Response:
    """End the session here and in the database."""
    _forget(request, desk)
    answer = RedirectResponse("/login", HTTPStatus.SEE_OTHER)
    answer.delete_cookie(desk.session_cookie, secure=desk.secure, httponly=True, samesite="lax")
    return answer


@router.get("/password")
def password_page(request: Request, desk: At) -> Response:
    """Show the form for one's own password."""
    return _password(request, desk, "", HTTPStatus.OK)


@router.post("/password")
def change_password(
    request: Request,
    desk: At,
    who: By,
    old: Annotated[str, Form()],
    new: Annotated[str, Form()],
    again: Annotated[str, Form()],
) -> Response:
    """Change one's own password; every session ends, so one logs in with the new one."""
    problem = NOT_THE_SAME if new != again else changed_password(desk, who.login, old, new)
    if problem:
        return _password(request, desk, problem, HTTPStatus.UNPROCESSABLE_ENTITY)
    return RedirectResponse("/login", HTTPStatus.SEE_OTHER)


def _password(request: Request, desk: Desk, problem: str, status: HTTPStatus) -> Response:
    return desk.page(
        request,
        "password.html",
        status,
        problem=problem,
        least=people.LEAST_PASSWORD,
        most=people.MAX_PASSWORD,
    )


def _form(request: Request, desk: Desk, problem: str, status: HTTPStatus, login: str = "") -> Response:
    door = secrets.token_urlsafe(24)
    goal = _inside(request.query_params.get("next", "/"))
    answer = desk.page(request, "login.html", status, problem=problem, door=door, next=goal, login=login)
    _set(answer, desk, DOOR_COOKIE, door, 3600)
    return answer


def _set(answer: Response, desk: Desk, name: str, value: str, seconds: int) -> None:
    answer.set_cookie(name, value, max_age=seconds, path="/", secure=desk.secure, httponly=True, samesite="lax")


def _forget(request: Request, desk: Desk) -> None:
    token = request.cookies.get(desk.session_cookie)
    if token:
        people.log_out(desk.house.store, token)


def _inside(goal: str) -> str:
    """Return a place on this site; anything else leads to the dashboard."""
    fine = goal.startswith("/") and not goal.startswith(("//", "/\\")) and goal.isprintable() and "\\" not in goal
    return goal if fine else "/"
