"""Keeps one real server for the length of a test run and ends it with the run, also when the run is killed.

`keep` starts this file as a process of its own between the tests and the server. It watches the first process of the
run through a pidfd, so it needs no cooperation from a run that got SIGKILL; should it be killed itself, the kernel
signals the server (PR_SET_PDEATHSIG).
"""

import contextlib
import ctypes
import os
import select
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

NOBODY = 65534
"""An id without rights, for servers that refuse to run as root."""

GRACE_SECONDS = 10.0
_PR_SET_PDEATHSIG = 1


def keep(
    folder: Path,
    command: Sequence[str],
    *,
    stop: signal.Signals = signal.SIGTERM,
    unprivileged: bool = False,
    environment: Mapping[str, str] | None = None,
) -> None:
    """Start a server that stays in the foreground and keep it until the test run ends.

    `folder` is the one `tests.run.once` hands out; output goes to `log` in it. `unprivileged` runs the server as
    nobody where the tests run as root. Call once a folder. `stop` is the signal that asks the server to end.
    """
    from tests.run import KEEPER_FILE, run_pid  # the process in between runs without the tests

    with (folder / "log").open("ab") as log:
        between = subprocess.Popen(
            [sys.executable, __file__, str(run_pid()), str(stop.value), str(int(unprivileged)), str(folder), *command],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            env=None if environment is None else {**os.environ, **environment},
        )
    (folder / KEEPER_FILE).write_text(str(between.pid), encoding="ascii")
    between.returncode = 0  # whoever ends the run waits for it; its Popen need not warn about it


def unprivileged_user() -> dict[str, object]:
    """Return the arguments that make `subprocess` run a command as nobody; none where the tests are not root."""
    return {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}


def _die_with_parent() -> None:
    # After the change of user: the kernel forgets the setting when credentials change.
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def _watch(run: int, server: "subprocess.Popen[bytes]") -> bool:
    """Return once the run or the server has ended or SIGTERM came; say whether the run is still there."""
    try:
        run_fd = os.pidfd_open(run)
    except ProcessLookupError:
        return False
    watched = select.poll()
    watched.register(run_fd, select.POLLIN)
    watched.register(os.pidfd_open(server.pid), select.POLLIN)
    told, tell = os.pipe()
    watched.register(told, select.POLLIN)
    signal.signal(signal.SIGTERM, lambda *_: os.write(tell, b"."))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    return all(fd != run_fd for fd, _ in watched.poll())


def main(arguments: Sequence[str]) -> int:
    """Run one server: RUN_PID STOP_SIGNAL UNPRIVILEGED FOLDER COMMAND..."""
    run, stop, folder = int(arguments[0]), int(arguments[1]), Path(arguments[3])
    user = unprivileged_user() if arguments[2] == "1" else {}
    server: subprocess.Popen[bytes] = subprocess.Popen(
        arguments[4:],
        cwd="/",
        preexec_fn=_die_with_parent,  # noqa: PLW1509 - this process has no threads
        **user,  # type: ignore[call-overload]  # user, group and extra_groups, or nothing
    )
    run_is_there = _watch(run, server)
    if server.poll() is None:
        server.send_signal(stop)
    with contextlib.suppress(subprocess.TimeoutExpired):
        server.wait(GRACE_SECONDS)
    server.kill()
    if not run_is_there:
        shutil.rmtree(folder.parent, ignore_errors=True)  # a run that was killed cannot remove its folder
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
