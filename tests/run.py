"""One run of the tests: a folder that all its workers share, things that are made once in it, and the law on skips.

A run is the life of the process that was started first: under pytest-xdist its workers are children of it and find
its number and its folder in the environment.
"""

import contextlib
import fcntl
import json
import os
import shutil
import signal
import tempfile
import time
from collections.abc import Callable, Generator, Iterator, Mapping
from pathlib import Path
from typing import NoReturn

import pytest

RUN_PID = "ORDERMILL_TEST_RUN_PID"
RUN_FOLDER = "ORDERMILL_TEST_RUN_FOLDER"
KEEPER_FILE = "keeper.pid"
STOP_SECONDS = 20.0
"""How long the end of a run waits for its servers to end."""


def run_folder() -> Path:
    """Return the folder of this run: any user may pass through it, servers that run as nobody have theirs inside."""
    return Path(os.environ[RUN_FOLDER])


def run_pid() -> int:
    """Return the process whose end is the end of this run."""
    return int(os.environ[RUN_PID])


def once(name: str, build: Callable[[Path], Mapping[str, str]]) -> dict[str, str]:
    """Build a thing once for all workers of this run, in a folder of its own, and return what it says of itself.

    The first caller builds while the others wait; `build` gets the empty folder and answers with plain facts (port,
    password). A build that fails is tried again by the next caller, in a fresh folder.
    """
    folder = run_folder() / name
    with _locked(run_folder() / f"{name}.lock"):
        facts = folder / "facts.json"
        if not facts.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            folder.chmod(0o755)
            facts.write_text(json.dumps(dict(build(folder))), encoding="utf-8")
        told: dict[str, str] = json.loads(facts.read_text(encoding="utf-8"))
        return told


def leave_out(package: str, what: str) -> NoReturn:
    """Leave a test out because a real server is not installed; with CI set this counts as a failure."""
    # The one skip of the house, and a right one: on a machine of one's own a server may be missing. Under CI, where
    # every server is installed, the hooks below count it as a failure.
    pytest.skip(f"{what} is not here: install {package} (`make test` does, where it may)")


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w", encoding="utf-8") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def pytest_configure(config: pytest.Config) -> None:
    """Open the run in the first process; workers find it in the environment."""
    if hasattr(config, "workerinput"):
        return
    folder = Path(tempfile.mkdtemp(prefix="ordermill-tests-"))
    folder.chmod(0o755)
    os.environ[RUN_FOLDER] = str(folder)
    os.environ[RUN_PID] = str(os.getpid())


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the run in the first process: stop what it started and remove its folder."""
    if hasattr(config, "workerinput") or os.environ.get(RUN_PID) != str(os.getpid()):
        return
    folder = run_folder()
    del os.environ[RUN_FOLDER], os.environ[RUN_PID]
    keepers = [int(path.read_text(encoding="ascii")) for path in folder.glob(f"*/{KEEPER_FILE}")]
    for keeper in keepers:
        with contextlib.suppress(ProcessLookupError):
            os.kill(keeper, signal.SIGTERM)
    deadline = time.monotonic() + STOP_SECONDS
    while any(_alive(keeper) for keeper in keepers) and time.monotonic() < deadline:
        time.sleep(0.02)
    shutil.rmtree(folder, ignore_errors=True)


def _alive(process: int) -> bool:
    with contextlib.suppress(ChildProcessError):
        os.waitpid(process, os.WNOHANG)  # a keeper that this very process started stays a zombie until it is waited for
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Count a test that was left out as failed under CI: there every server is installed."""
    report = yield
    _refuse_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Count a module that was left out as failed under CI."""
    report = yield
    _refuse_skip(report)
    return report


def _refuse_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    if report.skipped and _in_ci():
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"left out, which CI does not allow: {reason}"


def _in_ci() -> bool:
    return os.environ.get("CI", "").lower() not in {"", "0", "false", "no"}
