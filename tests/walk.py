"""What stories and crash tests share: the demo company in a database, orders, workers, and the final count."""

import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from pathlib import Path

from sqlalchemy import func
from sqlmodel import col, select

from config.settings import DatabaseSettings, Settings
from oms_app import bootstrap
from oms_app.demo.company import build_company
from oms_app.demo.endless import endless_orders, without_limits
from oms_app.demo.planned import DemoOrder
from oms_app.reading_pool import InlineReader
from oms_core.decisions.transition import OrderState, OutboxState
from oms_core.records import Allocation, Delivery, Document, Draft, Invoice, Order, Outbox, Stock, StockMovement
from oms_flow.house import House
from oms_flow.master import apply
from oms_store.conservation import balances, orphans
from oms_store.store import Store
from tests.walk_worker import Plan, write_plan

PATIENCE_SECONDS = 60.0


def fill_with_demo(url: str) -> None:
    """Bring a database to the schema and put the demo company in, with stock and credit without end."""
    settings = Settings(database=DatabaseSettings(url))
    bootstrap.prepare_database(settings)
    house = bootstrap.build(settings, reader=InlineReader()).house
    company = without_limits(build_company())
    for kind in ("products", "customers", "prices", "stock", "xref"):
        rows = company.xrefs if kind == "xref" else getattr(company, kind)
        difference = apply(house, kind, rows, "import")
        assert not difference.errors
    house.store.engine.dispose()


def demo_orders(count: int, seed: int = 1) -> tuple[DemoOrder, ...]:
    """Return clean orders of the demo company in every format."""
    return tuple(islice(endless_orders(without_limits(build_company()), seed), count))


def mixed_batches(count: int, seed: int = 1) -> Iterator[tuple[DemoOrder, ...]]:
    """Yield batches of clean orders, each with two mails and an interchange in it: those name their sender."""
    stream = endless_orders(without_limits(build_company()), seed)
    for _ in range(count):
        wanted = ["eml", "eml", "edi"]
        batch = []
        while wanted:
            order = next(stream)
            form = order.filename.rpartition(".")[2]
            if form in wanted:
                wanted.remove(form)
                batch.append(order)
        yield tuple(batch)


def drop(folder: Path, orders: Sequence[DemoOrder]) -> None:
    """Put orders into the watched folder, whole at once."""
    inbox = folder / "inbox"
    inbox.mkdir(parents=True, exist_ok=True)
    for order in orders:
        part = inbox / f".{order.name}.part"
        part.write_bytes(order.data)
        part.rename(inbox / f"{order.name}-{order.filename}")


@contextmanager
def worker(plan: Plan) -> Iterator[subprocess.Popen[bytes]]:
    """Run a worker process; it is killed at the end of the block if it still lives."""
    log = (Path(plan.folder) / "worker.log").open("ab")
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.walk_worker", str(write_plan(plan))], stdout=log, stderr=log
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        log.close()


@dataclass(frozen=True, slots=True)
class Seen:
    """A house opened only to look."""

    house: House

    @property
    def store(self) -> Store:
        """The database."""
        return self.house.store

    def at_rest(self, drafts: int) -> bool:
        """Whether so many drafts are accepted and everything that follows has left."""
        with self.store.read() as session:
            if (session.scalar(select(func.count()).select_from(Order)) or 0) < drafts:
                return False
            states = set(session.scalars(select(Outbox.state)))
            acknowledged = (
                session.scalar(select(func.count()).select_from(Outbox).where(col(Outbox.kind) != "erp")) or 0
            )
            moving = any(dict(balance.parts).get("in progress") for balance in balances(session))
            done = {OutboxState.DONE, OutboxState.SUPPRESSED}
            return not moving and states <= done and acknowledged >= drafts

    def wait(self, drafts: int, seconds: float = PATIENCE_SECONDS, *, while_moving: bool = False) -> None:
        """Wait until all is at rest; fails with what is where.

        With `while_moving` the patience begins anew whenever something moved: a long queue is no fault.
        """
        deadline, last = time.monotonic() + seconds, self._progress()
        while not self.at_rest(drafts):
            if time.monotonic() > deadline:
                raise AssertionError(self.told())
            time.sleep(0.05)
            if while_moving and (now := self._progress()) != last:
                deadline, last = time.monotonic() + seconds, now

    def _progress(self) -> tuple[object, ...]:
        """Return what grows as long as work is done: orders, and what has left of them."""
        with self.store.read() as session:
            left = select(func.count()).select_from(Outbox).where(col(Outbox.state) == OutboxState.DONE)
            states = session.execute(select(Draft.state, func.count()).group_by(Draft.state)).all()
            return session.scalar(left), *sorted((str(state), count) for state, count in states)

    def told(self) -> str:
        """Say what is where."""
        with self.store.read() as session:
            outbox = Counter((row.kind, row.state, row.last_error) for row in session.scalars(select(Outbox)))
            drafts = [
                (row.number, row.state, row.findings[:300])
                for row in session.scalars(select(Draft))
                if not row.order_id
            ]
            return f"{balances(session)}\n{outbox}\n{drafts}"


@contextmanager
def looking(plan: Plan) -> Iterator[Seen]:
    """Open the house of a plan to look at it."""
    built = bootstrap.build(plan.settings(), reader=InlineReader())
    try:
        yield Seen(built.house)
    finally:
        built.house.store.engine.dispose()


def handed_over(seen: Seen) -> set[str]:
    """Return the names of files on which three workers died: those went to a person, as they should."""
    with seen.store.read() as session:
        documents = select(Delivery.filename).join(Document, col(Document.delivery_id) == col(Delivery.id))
        unread = documents.where(col(Document.findings).contains("killed_the_reader"))
        drafts = documents.join(Draft, col(Draft.document_id) == col(Document.id)).where(
            col(Draft.findings).contains("machine.failed")
        )
        return {*session.scalars(unread), *session.scalars(drafts)}


def assert_nothing_lost_or_doubled(seen: Seen, folder: Path, orders: Sequence[DemoOrder]) -> None:
    """Every order once: accepted, reserved, billed, pushed; the laws hold; the money is what was meant."""
    numbers = [planned.number for order in orders for planned in order.orders]
    assert_laws_hold(seen)
    with seen.store.read() as session:
        rows = session.scalars(select(Order)).all()
        assert sorted(row.customer_po for row in rows) == sorted(str(number) for number in numbers)
        assert {row.state for row in rows} == {OrderState.CONFIRMED}
        assert sum((row.net for row in rows), Decimal(0)) == sum((order.expected_net for order in orders), Decimal(0))
        assert sorted(session.scalars(select(Invoice.order_id))) == sorted(row.id for row in rows)
        pushes = session.scalars(select(Outbox).where(col(Outbox.kind) == "erp")).all()
        assert sorted(str(push.order_id) for push in pushes) == sorted(row.id for row in rows)
    assert len(list((folder / "erp" / "orders").glob("*.json"))) == len(numbers)


def assert_laws_hold(seen: Seen) -> None:
    """What is true at every commit, also of a database whose worker was killed a moment ago."""
    with seen.store.read() as session:
        assert all(balance.holds for balance in balances(session)), balances(session)
        assert orphans(session) == ()
        numbers = session.scalars(select(Order.customer_po)).all()
        assert len(set(numbers)) == len(numbers)
        orders = set(session.scalars(select(Order.id)))
        assert set(session.scalars(select(Invoice.order_id))) == orders
        assert set(session.scalars(select(Outbox.order_id).where(col(Outbox.kind) == "erp"))) == orders
    _assert_stock_adds_up(seen)


def _assert_stock_adds_up(seen: Seen) -> None:
    with seen.store.read() as session:
        promised = dict(
            session.execute(select(Allocation.sku, func.sum(col(Allocation.quantity))).group_by(Allocation.sku)).all()
        )
        allocated = dict(
            session.execute(
                select(Stock.sku, func.sum(col(Stock.allocated)))
                .where(col(Stock.allocated) > Decimal(0))
                .group_by(Stock.sku)
            ).all()
        )
        assert promised == allocated
        ledger = dict(
            session.execute(
                select(StockMovement.sku, func.sum(col(StockMovement.on_hand_delta))).group_by(StockMovement.sku)
            ).all()
        )
        balance = dict(session.execute(select(Stock.sku, func.sum(col(Stock.on_hand))).group_by(Stock.sku)).all())
        assert ledger == balance


def heal(plan: Plan, orders: Sequence[DemoOrder]) -> None:
    """Let one worker finish what others left, and count: every order is there exactly once."""
    if not orders:
        return
    with worker(plan), looking(plan) as seen:
        seen.wait(drafts=len(orders))
        assert_nothing_lost_or_doubled(seen, Path(plan.folder), orders)
