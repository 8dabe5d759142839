"""A worker process for stories and crash tests: the real wiring, with a stop at one named commit boundary.

Started as `python -m tests.walk_worker PLAN.json`. It logs every boundary it passes to a file and, where the plan says
so, kills itself there with SIGKILL, as a power cut would. What it drives is real: database, document store, folder
channel, file-drop ERP, mail folder.
"""

import json
import os
import signal
import sys
import threading
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from config.settings import ChannelSettings, CompanySettings, CouplingSettings, DatabaseSettings, Settings
from oms_app import bootstrap
from oms_app.demo.customers import SELLER
from oms_app.reading_pool import InlineReader
from oms_app.worker import PolledChannel, WorkerPlan
from oms_core.ports import Channel, Erp, Mailer
from oms_core.values import RawDocument
from oms_core.values.outbound import ErpOrder, ErpReceipt, OutgoingMail, Settlement


@dataclass(frozen=True, slots=True)
class Plan:
    """What a worker process is told."""

    database_url: str
    folder: str
    kill_at: str = ""
    """`transaction:before` or `transaction:after`; empty for a worker that lives."""
    turn: int = 1
    """At which passing of that boundary."""
    pause: bool = False
    """Whether it waits there to be paused (SIGSTOP) and woken by the test, and is not killed."""
    step_map: str = "1"
    lease_seconds: float = 6.0
    channels: bool = True

    def settings(self) -> Settings:
        """Return the settings that this plan stands for."""
        base = Path(self.folder)
        inbox = ChannelSettings(
            "drop", "folder", poll_seconds=0.2, options={"path": str(base / "inbox"), "take": "renamed"}
        )
        return Settings(
            data_dir=base,
            company=CompanySettings(SELLER.name, SELLER.names, SELLER.ids),
            database=DatabaseSettings(self.database_url),
            channels=(inbox,) if self.channels else (),
            mail_out=CouplingSettings(
                "mail_folder", {"folder": str(base / "mail-out"), "sender": "orders@ordermill.example"}
            ),
        )


class Stops:
    """Counts boundaries and ends the process at the one that the plan names."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._turns = 0
        self._lock = threading.Lock()
        self._log = (Path(plan.folder) / "boundaries.log").open("a", encoding="ascii", buffering=1)

    def __call__(self, name: str, moment: str) -> None:
        """Pass, or stop at, one boundary."""
        here = f"{name}:{moment}"
        with self._lock:
            self._log.write(here + "\n")
            self._turns += here == self._plan.kill_at
            ends = here == self._plan.kill_at and self._turns == self._plan.turn
        if ends:
            self._end()

    def _end(self) -> None:
        if not self._plan.pause:
            os.kill(os.getpid(), signal.SIGKILL)
        # The test pauses the process here and takes the note away when it wakes it.
        note = pause_note(self._plan)
        note.touch()
        while note.exists():
            time.sleep(0.02)


def pause_note(plan: Plan) -> Path:
    """Return the file by which a worker says that it is where it should be paused."""
    return Path(plan.folder) / "paused"


@dataclass(frozen=True, slots=True)
class StoppingErp:
    """The real ERP connector with a boundary on each side of `send`."""

    erp: Erp
    stops: Stops

    @property
    def name(self) -> str:
        """The connector's name."""
        return self.erp.name

    def send(self, order: ErpOrder) -> ErpReceipt:
        """Send between two boundaries."""
        self.stops("erp.send", "before")
        receipt = self.erp.send(order)
        self.stops("erp.send", "after")
        return receipt

    def __getattr__(self, name: str) -> object:
        """Everything else is the connector's own."""
        return getattr(self.erp, name)


@dataclass(frozen=True, slots=True)
class StoppingMailer:
    """The real mailer with a boundary on each side of `send`."""

    mailer: Mailer
    stops: Stops

    def send(self, mail: OutgoingMail) -> None:
        """Send between two boundaries."""
        self.stops("mail.send", "before")
        self.mailer.send(mail)
        self.stops("mail.send", "after")


class StoppingChannel:
    """The real channel with a boundary on each side of `settle`."""

    def __init__(self, channel: Channel, stops: Stops) -> None:
        self._channel = channel
        self._stops = stops

    def settle(self, raw: RawDocument, outcome: Settlement) -> None:
        """Settle between two boundaries."""
        self._stops("settle", "before")
        self._channel.settle(raw, outcome)
        self._stops("settle", "after")

    def __getattr__(self, name: str) -> object:
        """Everything else is the channel's own."""
        return getattr(self._channel, name)


def _stopping(polled: PolledChannel, stops: Stops) -> PolledChannel:
    return replace(polled, open=lambda: StoppingChannel(polled.open(), stops))


def main(plan: Plan) -> None:
    """Run until SIGTERM, or until the boundary."""
    stops = Stops(plan)
    built = bootstrap.build(plan.settings(), reader=InlineReader(), boundary=stops, step_map=plan.step_map)
    worker = bootstrap.worker(built)
    partners = worker.partners
    assert partners.mailer is not None
    worker.partners = replace(
        partners, erp=StoppingErp(partners.erp, stops), mailer=StoppingMailer(partners.mailer, stops)
    )
    worker.channels = [_stopping(polled, stops) for polled in worker.channels]
    worker.plan = WorkerPlan(2, 0.05, plan.lease_seconds, 0.3, 1.0)
    ended = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    worker.start()
    ended.wait()
    worker.stop()


def write_plan(plan: Plan) -> Path:
    """Write a plan where `main` finds it."""
    path = Path(plan.folder) / f"plan-{os.urandom(4).hex()}.json"
    path.write_text(json.dumps(asdict(plan)), encoding="utf-8")
    return path


if __name__ == "__main__":
    main(Plan(**json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))))
