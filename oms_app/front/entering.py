"""One attempt to log in, from a page or from a program, and to choose a new password."""

from fastapi import Request

from oms_app.front.desk import Desk
from oms_core.errors import InvalidInput, NotAllowed
from oms_core.records import Person
from oms_flow import people

WAIT = "There were too many wrong log-ins from your address. Wait a quarter of an hour and try again."


def attempt(request: Request, desk: Desk, login: str, password: str) -> people.Opened | str:
    """Try a log-in and return the session, or the sentence why there is none."""
    address = request.client.host if request.client else ""
    now = desk.house.store.clock.now()
    if desk.throttle.blocks(address, now):
        return WAIT
    try:
        return people.log_in(desk.house.store, desk.rules, login, password)
    except NotAllowed as problem:
        desk.throttle.failed(address, now)
        return str(problem)


OLD_IS_WRONG = "The old password is wrong, so nothing was changed. Try again, or ask an admin for a new one."


def changed_password(desk: Desk, login: str, old: str, new: str) -> str:
    """Change somebody's own password and return an empty text, or the sentence why it stays as it was."""
    waits = _has_to_wait(desk, login)
    try:
        people.change_password(desk.house.store, desk.rules, login, old, new)
    except InvalidInput as problem:
        return str(problem)[:1].upper() + str(problem)[1:]
    except NotAllowed as problem:
        return str(problem) if waits else OLD_IS_WRONG
    return ""


def _has_to_wait(desk: Desk, login: str) -> bool:
    """Whether there were too many wrong passwords for this name: then the refusal says how long it waits."""
    with desk.house.store.read() as session:
        person = session.get(Person, login)
    if person is None or person.locked_until is None:
        return False
    return person.failures >= desk.rules.attempts and person.locked_until > desk.house.store.clock.now()
