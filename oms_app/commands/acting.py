"""Who acts, when a command decides: the name that the trail keeps.

Nobody logs in on the command line. Who may run it here is trusted as the operator of this machine, and the trail says
so; with `--as` they decide for a person of this house, and the trail names both.
"""

import getpass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from oms_store.store import Store


def operator() -> str:
    """Return the user who is logged in to this machine, as the trail names them."""
    return f"{_user()} (operator on the machine)"


def acting(store: "Store", given: str | None) -> str:
    """Return who decides: the operator, or the person they name (log-in or whole name) with the operator beside.

    Raises InvalidInput for somebody who may not log in to this house, with the names of those who may.
    """
    from oms_core.errors import InvalidInput
    from oms_flow.people import everybody

    if given is None:
        return operator()
    may = [person for person in everybody(store) if person.active]
    wanted = " ".join(given.split()).casefold()
    found = [one.login for one in may if wanted == one.login] or [
        one.login for one in may if wanted == one.name.casefold()
    ]
    if len(found) == 1:
        return f"{found[0]} (by {_user()} on the machine)"
    known = ", ".join(f"{one.login} ({one.name})" for one in may) or "nobody yet; see 'ordermill people add'"
    several = "is the name of several people here" if found else "is nobody who may log in here"
    raise InvalidInput(f"--as {given[:64]!r} {several}; name one of {known}")


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "somebody"
