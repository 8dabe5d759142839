"""Kill, pause and upgrade workers at random while orders come in, then count: `make soak MINUTES=20 SEED=1`.

Each round starts one or two workers on the same database, lets fresh orders in on the way, and ends them at a random
boundary or instant. After every round the laws of conservation are checked; at the end all must be there exactly once.
Exit status 1 when anything was lost, doubled or left behind.
"""

import argparse
import os
import random
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import Popen, TimeoutExpired

from oms_app.demo.planned import DemoOrder
from oms_app.worker import EXIT_LEASE_LOST
from tests.walk import (
    Seen,
    assert_laws_hold,
    assert_nothing_lost_or_doubled,
    drop,
    fill_with_demo,
    handed_over,
    looking,
    mixed_batches,
    worker,
)
from tests.walk_worker import Plan

TRANSACTIONS = ("receive", "read", "match", "accept", "deliver.begin", "deliver.finish", "lease", "sweep", "settle")
BOUNDARIES = tuple(
    f"{name}:{moment}" for name in (*TRANSACTIONS, "erp.send", "mail.send") for moment in ("before", "after")
)
ROUND_SECONDS = (1.0, 9.0)
LEASE_SECONDS = 2.0
HAND_OVER_SECONDS = 9.0
"""Time for the last sweeps to give to a person what failed too often."""

SETTLE_SECONDS = 120.0
"""How long nothing may move at the end before what is left counts as stuck."""


@dataclass(slots=True)
class Soak:
    """One database under fire."""

    url: str
    folder: Path
    draw: random.Random
    orders: list[DemoOrder] = field(default_factory=list)
    endings: Counter[str] = field(default_factory=Counter)

    def plan(self, **changes: object) -> Plan:
        """Return the plan of one worker."""
        return Plan(self.url, str(self.folder), lease_seconds=LEASE_SECONDS, **changes)  # type: ignore[arg-type]

    def round(self, batch: tuple[DemoOrder, ...]) -> None:
        """Let workers run into their ends while orders come in."""
        with ExitStack() as stack:
            doomed = [stack.enter_context(worker(self._doomed())) for _ in range(self.draw.choice((1, 1, 2)))]
            drop(self.folder, batch)
            self.orders += batch
            for process in doomed:
                self._end(process)
        with looking(self.plan()) as seen:
            assert_laws_hold(seen)

    def _doomed(self) -> Plan:
        version = self.draw.choice(("1", "1", "2"))
        if self.draw.random() < 0.6:
            return self.plan(kill_at=self.draw.choice(BOUNDARIES), turn=self.draw.randint(1, 3), step_map=version)
        return self.plan(step_map=version)

    def _end(self, process: Popen[bytes]) -> None:
        try:
            process.wait(timeout=self.draw.uniform(*ROUND_SECONDS))
            self.endings["at a boundary"] += 1
        except TimeoutExpired:
            if self.draw.random() < 0.3:
                self._pause(process)
            process.kill()
            self.endings["at an instant"] += 1

    def _pause(self, process: Popen[bytes]) -> None:
        os.kill(process.pid, signal.SIGSTOP)
        time.sleep(LEASE_SECONDS * 1.5)
        with suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGCONT)
        time.sleep(0.5)
        self.endings["paused"] += 1

    def finish(self) -> Seen:
        """Let one worker bring everything to rest, started again where it ends as lost, and count."""
        plan = self.plan(step_map="3")
        with supervised(plan), looking(plan) as seen:
            time.sleep(HAND_OVER_SECONDS)
            given_up = handed_over(seen)
            orders = [order for order in self.orders if f"{order.name}-{order.filename}" not in given_up]
            seen.wait(drafts=len(orders), seconds=SETTLE_SECONDS, while_moving=True)
            assert_nothing_lost_or_doubled(seen, self.folder, orders)
            self.endings["orders handed to a person after three deaths"] = len(given_up)
            return seen


@contextmanager
def supervised(plan: Plan) -> Iterator[None]:
    """Keep one worker running as systemd would: one that ends with `EXIT_LEASE_LOST` is started again."""
    ended = threading.Event()

    def supervise() -> None:
        while not ended.is_set():
            with worker(plan) as process:
                while process.poll() is None and not ended.wait(0.1):
                    pass
                if not ended.is_set() and process.returncode != EXIT_LEASE_LOST:
                    return

    thread = threading.Thread(target=supervise)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def main() -> int:
    """Run until the minutes are over; print rounds, orders and failures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--url", default="", help="a database of its own; default is a fresh SQLite file")
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="ordermill-soak-"))
    url = options.url or f"sqlite:///{folder / 'soak.db'}"
    fill_with_demo(url)
    soak = Soak(url, folder, random.Random(options.seed))
    ends_at, rounds, failures = time.monotonic() + options.minutes * 60, 0, 0
    try:
        for batch in mixed_batches(1_000_000, options.seed):
            if time.monotonic() > ends_at:
                break
            soak.round(batch)
            rounds += 1
            if rounds % 10 == 0:
                print(f"{rounds} rounds, {len(soak.orders)} orders, endings {dict(soak.endings)}", flush=True)
        soak.finish()
    except AssertionError as problem:
        failures = 1
        print(f"FAILED after {rounds} rounds with seed {options.seed}: {problem}\nKept: {folder}", file=sys.stderr)
    else:
        shutil.rmtree(folder)
    print(
        f"soak: {rounds} rounds, {len(soak.orders)} orders, {sum(soak.endings.values())} workers ended "
        f"({dict(soak.endings)}), {failures} failures: each order counted exactly once"
        if not failures
        else f"soak: {failures} failures"
    )
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
