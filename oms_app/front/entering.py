"""One attempt to log in, from a page or from a program."""

from fastapi import Request

from oms_app.front.desk import Desk
from oms_core.errors import NotAllowed
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
