"""A whole house for stories on real servers: its settings file, its worker process, and a window to look in.

The worker is a process of its own: `python -m tests.scenario_house SETTINGS` does what `ordermill worker` does (with
`--web`, what `ordermill run` does), by a clock that a story may set forward. Channels, database, motor, readers and
partners are the real ones, as the settings file names them.
"""

import datetime as dt
import json
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from sqlalchemy.orm import Session
from sqlmodel import col, select

from config.loading import load
from config.settings import Settings
from oms_app import bootstrap
from oms_app.demo.customers import SELLER
from oms_app.reading_pool import InlineReader
from oms_core.decisions.transition import DraftState, OrderState
from oms_core.records import Delivery, Document, Draft, Order, Outbox
from oms_core.values import Finding
from oms_flow.house import House
from oms_store import codec
from oms_store.conservation import balances, orphans

T = TypeVar("T")

ROOT = Path(__file__).parents[1]
PATIENCE_SECONDS = 60.0
OUR_ADDRESS = SELLER.mailbox

Toml = Mapping[str, "str | int | float | bool | list[str] | Toml"]


@dataclass(frozen=True, slots=True)
class SetForward:
    """The real clock, ahead by the seconds that stand in a file."""

    file: Path

    def now(self) -> dt.datetime:
        """Return the instant of this house."""
        ahead = float(self.file.read_text(encoding="ascii")) if self.file.exists() else 0.0
        return dt.datetime.now(dt.UTC) + dt.timedelta(seconds=ahead)

    def advance(self, **amount: float) -> None:
        """Set the clock forward, by the arguments of `timedelta`, for every process of this house."""
        ahead = self.now() - dt.datetime.now(dt.UTC) + dt.timedelta(**amount)
        part = self.file.with_suffix(f".{secrets.token_hex(4)}")
        part.write_text(str(ahead.total_seconds()), encoding="ascii")
        part.replace(self.file)


@dataclass(slots=True)
class RealHouse:
    """One installation in a folder: settings, worker, and what can be seen of it."""

    folder: Path
    url: str
    sections: Toml
    process: "subprocess.Popen[bytes] | None" = None
    _house: House | None = None

    @property
    def settings_file(self) -> Path:
        """The file that every process of this house reads."""
        return self.folder / "ordermill.toml"

    @property
    def clock(self) -> SetForward:
        """The clock of this house."""
        return SetForward(self.folder / "clock")

    @property
    def house(self) -> House:
        """The house, opened by the story itself: to look, and to decide as a person does."""
        if self._house is None:
            self._house = bootstrap.build(self.settings(), self.clock, InlineReader()).house
        return self._house

    def settings(self) -> Settings:
        """Read the settings as the command does."""
        return load({}, self.settings_file)

    def write_settings(self) -> None:
        """Write the settings file."""
        base: Toml = {
            "data_dir": str(self.folder),
            "company": {"name": SELLER.name, "names": list(SELLER.names), "ids": list(SELLER.ids)},
            "database": {"url": self.url},
            "worker": {
                "threads": 4,
                "readers": 2,
                "queue_poll_seconds": 0.1,
                "sweep_seconds": 0.5,
                "lease_seconds": 30.0,
            },
            "security": {"trusted_hosts": [SELLER.mail_host]},
        }
        self.settings_file.write_text("\n".join(_toml(_merged(base, self.sections))) + "\n", encoding="utf-8")

    def start(self, *words: str) -> None:
        """Start the worker and return when it works; `--web` starts the pages with it."""
        ready = self.folder / "ready"
        ready.unlink(missing_ok=True)
        with (self.folder / "worker.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.scenario_house", str(self.settings_file), *words],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=ROOT,
            )
        self.until(ready.exists, "the worker has started")

    def stop(self) -> None:
        """End the worker in order, as SIGTERM does."""
        process, self.process = self.process, None
        if process is None:
            return
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def close(self) -> None:
        """End everything of this house."""
        self.stop()
        if self._house is not None:
            self._house.store.engine.dispose()
            self._house = None

    def command(self, *words: str) -> str:
        """Run the command `ordermill` to its end and return what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "oms_app.cli", "--config", str(self.settings_file), *words],
            capture_output=True,
            text=True,
            check=False,
            cwd=ROOT,
            env={name: value for name, value in os.environ.items() if not name.startswith("ORDERMILL_")},
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def until(self, holds: Callable[[], T], what: str, seconds: float = PATIENCE_SECONDS) -> T:
        """Wait for something and return it; fails with where everything is, or with how the worker ended."""
        deadline = time.monotonic() + seconds
        while not (found := holds()):
            if self.process is not None and self.process.poll() is not None:
                raise AssertionError(f"the worker ended with {self.process.returncode}: {self.log()}")
            if time.monotonic() > deadline:
                raise AssertionError(f"not after {seconds:.0f} s: {what}\n{self.told()}")
            time.sleep(0.05)
        return found

    def log(self) -> str:
        """Return the end of what the worker said."""
        path = self.folder / "worker.log"
        return path.read_text(encoding="utf-8", errors="replace")[-4000:] if path.exists() else ""

    @contextmanager
    def look(self) -> Iterator[Session]:
        """Open one view of the database."""
        with self.house.store.read() as session:
            yield session

    def order(self, customer_po: str) -> Order | None:
        """Return the one order under this number of a customer; None while there is none."""
        with self.look() as session:
            return session.scalars(select(Order).where(col(Order.customer_po) == customer_po)).one_or_none()

    def orders(self) -> list[Order]:
        """Return every order by number."""
        with self.look() as session:
            return list(session.scalars(select(Order).order_by(col(Order.number))))

    def confirmed(self, customer_po: str, seconds: float = PATIENCE_SECONDS) -> Order:
        """Wait until the ERP has an order."""

        def found() -> Order | None:
            order = self.order(customer_po)
            assert order is None or order.state != OrderState.HELD, self.told()
            return order if order is not None and order.erp_reference else None

        order = self.until(found, f"order {customer_po} is in the ERP", seconds)
        assert order is not None
        return order

    def outbox(self, order: Order, *kinds: str) -> list[Outbox]:
        """Return what leaves for an order, of these kinds."""
        with self.look() as session:
            rows = select(Outbox).where(col(Outbox.order_id) == order.id, col(Outbox.kind).in_(kinds))
            return list(session.scalars(rows))

    def answered(self, order: Order) -> Outbox:
        """Wait until the acknowledgement of an order has left, or may not leave; returns it."""

        def found() -> Outbox | None:
            rows = self.outbox(order, "mail", "file")
            return next((row for row in rows if row.state not in ("pending", "sending")), None)

        row = self.until(found, f"order {order.number} is acknowledged")
        assert row is not None
        return row

    def delivery(self, **facts: object) -> Delivery | None:
        """Return the delivery with these facts; None while there is none."""
        with self.look() as session:
            return session.scalars(select(Delivery).filter_by(**facts)).one_or_none()

    def document(self, filename: str) -> Document:
        """Wait until the delivered document of this name is at rest."""

        def found() -> Document | None:
            with self.look() as session:
                wanted = select(Document).where(col(Document.filename) == filename, col(Document.parent_id).is_(None))
                document = session.scalars(wanted).one_or_none()
            return document if document and document.state != "stored" else None

        document = self.until(found, f"{filename} was read")
        assert document is not None
        return document

    def draft(self, number: str, *states: str) -> Draft:
        """Wait until the order with this number of a customer waits for a person (or is in one of `states`)."""
        wanted = states or (DraftState.IN_REVIEW,)

        def found() -> Draft | None:
            with self.look() as session:
                rows = select(Draft).where(col(Draft.number) == number, col(Draft.state).in_(wanted))
                return session.scalars(rows).one_or_none()

        draft = self.until(found, f"{number} is {' or '.join(wanted)}")
        assert draft is not None
        return draft

    def at_rest(self) -> bool:
        """Whether nothing is in progress."""
        with self.look() as session:
            moving = any(dict(balance.parts).get("in progress") for balance in balances(session))
            return (
                not moving
                and not session.scalars(select(Outbox.id).where(col(Outbox.state).in_(["pending", "sending"]))).first()
            )

    def assert_conserved(self) -> None:
        """The laws of conservation hold and nothing belongs to nobody."""
        with self.look() as session:
            assert all(balance.holds for balance in balances(session)), balances(session)
            assert orphans(session) == ()

    def told(self) -> str:
        """Say what is where."""
        with self.look() as session:
            outbox = [(row.kind, row.state, row.last_error) for row in session.scalars(select(Outbox))]
            drafts = [
                (row.number, row.state, [finding.code for finding in findings_of(row)], row.findings[:300])
                for row in session.scalars(select(Draft))
                if not row.order_id
            ]
            return f"{balances(session)}\n{outbox}\n{drafts}\n{self.log()}"


def findings_of(row: Draft | Document) -> tuple[Finding, ...]:
    """Return what was found in a draft or a document."""
    return codec.load(tuple[Finding, ...], row.findings)


def codes(row: Draft | Document) -> set[str]:
    """Return the codes of what was found."""
    return {finding.code for finding in findings_of(row)}


def sentence(row: Draft | Document, code: str) -> str:
    """Return what a person is told of a finding."""
    return next(finding.message for finding in findings_of(row) if finding.code == code)


def put(folder: Path, name: str, data: bytes) -> Path:
    """Put a file into a watched folder, whole at once."""
    part = folder / f".{name}.{secrets.token_hex(4)}.part"
    part.write_bytes(data)
    part.rename(folder / name)
    return folder / name


def _merged(base: Toml, more: Toml) -> Toml:
    merged = dict(base)
    for name, value in more.items():
        under = merged.get(name)
        merged[name] = _merged(under, value) if isinstance(under, Mapping) and isinstance(value, Mapping) else value
    return merged


def _toml(tree: Toml, place: str = "") -> Iterator[str]:
    """Yield the lines of a settings file; a text of JSON is one of TOML."""
    sections = {name: value for name, value in tree.items() if isinstance(value, Mapping)}
    yield from (f"{name} = {json.dumps(value)}" for name, value in tree.items() if name not in sections)
    for name, section in sections.items():
        yield f"[{place}{name}]"
        yield from _toml(section, f"{place}{name}.")


def main(words: list[str]) -> None:
    """Run the worker of the settings file named first, until SIGTERM."""
    from oms_app.logs import set_up_logs
    from oms_app.serving import serve

    settings = load({}, Path(words[0]))
    set_up_logs(settings)
    built = bootstrap.build(settings, SetForward(settings.data_dir / "clock"))
    ready = settings.data_dir / "ready"
    serve(built, with_worker=True, with_web="--web" in words, when_ready=ready.touch)


if __name__ == "__main__":
    os.environ.pop("ORDERMILL_CONFIG", None)
    main(sys.argv[1:])
