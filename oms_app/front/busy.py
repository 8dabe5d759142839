"""Tell a database that is busy, or away for a moment, from one that is broken: the first is worth trying again."""

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft

RETRY_SECONDS = 5
"""When a browser or a program should come again."""
SENTENCE = (
    "The database is busy just now, so this was not done. Nothing is lost: wait a few seconds and do it again."
    " If it stays so, tell an admin."
)
_SQLITE_BUSY = frozenset({5, 6})
"""SQLITE_BUSY and SQLITE_LOCKED, the low byte of an extended code (sqlite.org/rescode.html)."""
_LOW_BYTE = 0xFF
_POSTGRES_CLASSES = frozenset({"08", "40", "53", "57"})
"""Connection lost, rolled back for another, out of resources, shut down by hand (PostgreSQL manual, appendix A)."""
_LOCK_NOT_AVAILABLE = "55P03"


def busy(problem: BaseException) -> bool:
    """Whether the same request may go well in a moment: the database was locked, full of work or out of reach."""
    if isinstance(problem, NoConnectionLeft):
        return True
    if not isinstance(problem, DBAPIError):
        return False
    if problem.connection_invalidated:
        return True
    code = getattr(problem.orig, "sqlite_errorcode", None)
    if code is not None:
        return code & _LOW_BYTE in _SQLITE_BUSY
    return _postgres_busy(problem.orig)


def _postgres_busy(problem: BaseException | None) -> bool:
    """Read the SQLSTATE; an OperationalError without one never reached the server."""
    if type(problem).__module__.partition(".")[0] != "psycopg":
        return False
    state = getattr(problem, "sqlstate", None)
    if state is None:
        return type(problem).__name__ == "OperationalError"
    return state == _LOCK_NOT_AVAILABLE or state[:2] in _POSTGRES_CLASSES
