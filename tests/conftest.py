"""What every test finds: the servers of this run, shared by all workers, and a clock that stands still."""

from pathlib import Path

import pytest

from tests.factory import FixedClock

SERVERS = ("postgres", "databases", "dovecot", "sshd", "smtp", "tryton", "browser")
"""Modules in tests/servers that hold fixtures; each starts one real server once for all workers of a test run."""

_FOLDER = Path(__file__).parent / "servers"

pytest_plugins = [
    "tests.run",
    *(f"tests.servers.{name}" for name in SERVERS if (_FOLDER / f"{name}.py").is_file()),
]


@pytest.fixture
def clock() -> FixedClock:
    """A clock that stands at `tests.factory.NOW` until a test moves it."""
    return FixedClock()
