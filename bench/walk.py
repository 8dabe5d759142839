"""How many orders a second go the whole way, and accept alone beside hand-written SQL: `python -m bench.walk`.

[--orders 200] [--accepts 200] [--seed 1]. SQLite on this machine's disk; CSV and EDIFACT orders of the endless demo.
The walk runs once without the motor, each verb called in turn, and once with it (DBOS, the worker as it is shipped).
Accept alone and its peers take turns, order by order, each on its own copy of one database, so that noise on the
machine falls on all alike; at the end what was written must be the same.
"""

import argparse
import logging
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import structlog
from sqlmodel import col, select

from bench.accept_sql import accept_by_hand, connect, written
from oms_app import bootstrap
from oms_app.demo.chance import chance
from oms_app.demo.company import build_company
from oms_app.demo.customers import PROFILES
from oms_app.demo.delivery import deliver
from oms_app.demo.endless import SOAK_DAY, endless_orders, without_limits
from oms_app.demo.orders import OPENING, plan_order
from oms_app.demo.planned import DemoOrder
from oms_app.demo.shopping import Shop
from oms_app.demo.specs import Form, Spec
from oms_app.reading_pool import InlineReader
from oms_core.decisions.transition import OutboxState
from oms_core.records import Outbox
from oms_core.values import BytesBlob, ChannelKind, RawDocument, SenderFacts
from oms_core.values.work import Work, WorkKind
from oms_flow import match, read
from oms_flow.accept import accept
from oms_flow.house import SYSTEM, House
from oms_flow.receive import receive
from tests.story import Story
from tests.walk import fill_with_demo
from tests.walk_worker import Plan

LINES = 10
"""Lines of an order where accept is measured alone."""
PATIENCE_SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class Place:
    """One database with the demo company in it."""

    folder: Path

    @property
    def plan(self) -> Plan:
        return Plan(f"sqlite:///{self.folder / 'bench.db'}", str(self.folder), channels=False)

    def built(self) -> bootstrap.Built:
        return bootstrap.build(self.plan.settings(), reader=InlineReader())


def quick_orders(count: int, seed: int) -> list[DemoOrder]:
    """Return clean orders that cost little to read, so that the walk is measured and not a parser."""
    stream = endless_orders(without_limits(build_company()), seed)
    return list(islice((one for one in stream if one.filename.endswith((".csv", ".edi"))), count))


def long_orders(count: int, seed: int) -> list[DemoOrder]:
    """Return CSV orders of ten lines, the customers in turn."""
    shop, draw = Shop(without_limits(build_company())), chance(seed, "bench")
    buyers = [one.number for one in PROFILES if one.credit_limit > LINES * 1_000]
    opened = datetime.combine(SOAK_DAY, OPENING, UTC)
    made = []
    for place in range(count):
        spec = Spec(f"bench-{place:06d}", ChannelKind.UPLOAD, Form.CSV, buyers[place % len(buyers)], LINES)
        order = plan_order(shop, spec, f"B-{place:06d}", SOAK_DAY, draw)
        made.append(deliver(spec, (order,), shop.company.seller, opened, f"B{place}"))
    return made


def take_in(house: House, orders: Iterable[DemoOrder]) -> None:
    """Receive every order, each in its own transaction, from its own known sender."""
    for order in orders:
        sender = SenderFacts(partner=order.sender)
        blob, now = BytesBlob(order.data), house.store.clock.now()
        receive(house, RawDocument("bench", ChannelKind.UPLOAD, order.name, blob, order.filename, None, sender, now))


def seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def without_motor(place: Place, orders: Sequence[DemoOrder]) -> float:
    """Walk and deliver in this thread, nothing else running; return orders a second."""
    built, waiting = place.built(), list[Work]()
    store = replace(built.house.store, enqueue=lambda _session, work: waiting.append(work))
    house = replace(built.house, store=store)
    story = Story(house, bootstrap.partners(built.settings, store.clock), waiting)
    parts = {"receive": seconds(lambda: take_in(house, orders))}
    later: list[Work] = []
    store_later = replace(store, enqueue=lambda _session, work: later.append(work))
    story.house = replace(house, store=store_later)
    parts["read, match, accept"] = seconds(story.goes_on)
    waiting += later
    story.house = house
    parts["push, acknowledge"] = seconds(story.goes_on)
    assert at_rest(house, len(orders)), "not everything was accepted and pushed"
    house.store.engine.dispose()
    told = ", ".join(f"{name} {1000 * took / len(orders):.1f}" for name, took in parts.items())
    print(f"without the motor: {len(orders) / sum(parts.values()):6.1f} orders/s (ms an order: {told})")
    return len(orders) / sum(parts.values())


def with_motor(place: Place, orders: Sequence[DemoOrder]) -> float:
    """Let a worker do it, as shipped: orders come in while it runs; return orders a second."""
    built = place.built()
    worker = bootstrap.worker(built)
    worker.start()
    began = time.perf_counter()
    take_in(built.house, orders)
    while not at_rest(built.house, len(orders)):
        assert time.perf_counter() - began < PATIENCE_SECONDS, "the worker did not come to an end"
        time.sleep(0.1)
    rate = len(orders) / (time.perf_counter() - began)
    worker.stop()
    built.house.store.engine.dispose()
    print(f"with the motor:    {rate:6.1f} orders/s (DBOS on SQLite, {built.settings.worker.threads} threads)")
    return rate


def at_rest(house: House, orders: int) -> bool:
    """Say whether so many orders are with the ERP and every answer has left."""
    with house.store.read() as session:
        states = session.execute(select(Outbox.kind, Outbox.state).where(col(Outbox.kind) == "erp")).all()
        acks = session.scalars(select(Outbox.state).where(col(Outbox.kind) != "erp")).all()
    rest = {OutboxState.DONE, OutboxState.SUPPRESSED}
    return (
        len(states) >= orders and {state for _, state in states} <= rest and len(acks) >= orders and set(acks) <= rest
    )


def judged(place: Place, orders: Sequence[DemoOrder]) -> list[str]:
    """Bring orders to the point where they are accepted; return the ids of their drafts."""
    built, waiting = place.built(), list[Work]()
    house = replace(built.house, store=replace(built.house.store, enqueue=lambda _s, work: waiting.append(work)))
    take_in(house, orders)
    drafts: list[str] = []
    for work in waiting:
        assert work.kind is WorkKind.WALK
        prepared = read.prepare(house, work.subject)
        assert prepared is not None
        with house.store.write("read") as unit:
            ids = read.save(unit, prepared)
        matched = match.prepare(house, ids)
        with house.store.write("match") as unit:
            match.save(unit, matched)
        drafts += ids
    house.store.engine.dispose()
    return drafts


def accept_alone(place: Place, drafts: Sequence[str]) -> None:
    """Accept the same drafts three ways in turns: ours, ours with its push put on the motor's queue, and by hand."""
    copies = [copy_of(place, name) for name in ("ours", "queued", "hand")]
    plain, queued = copies[0].built().house, copies[1].built().house
    plain = replace(plain, store=replace(plain.store, enqueue=lambda _session, _work: None))
    by_hand = connect(str(copies[2].folder / "bench.db"))
    ways: dict[str, Callable[[str], object]] = {
        "ours": lambda draft: _accept(plain, draft),
        "queued": lambda draft: _accept(queued, draft),
        "hand": lambda draft: accept_by_hand(by_hand, draft),
    }
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
    for draft in drafts:
        for name, way in ways.items():
            began = time.process_time()
            took = seconds(lambda: way(draft))  # noqa: B023 - called at once
            times[name].append((took, time.process_time() - began))
    by_hand.close()
    for house in (plain, queued):
        house.store.engine.dispose()
    results = {str(written(str(copy.folder / "bench.db"))) for copy in copies}
    assert len(results) == 1, f"they wrote different things: {results}"
    print(f"accept alone, {LINES} lines, {len(drafts)} orders, median")
    for place_of, what in enumerate(
        ("by the clock (bar 0.4)", "by processor time, which other work on the machine moves less")
    ):
        medians = {name: statistics.median(pair[place_of] for pair in pairs) for name, pairs in times.items()}
        told = ", ".join(f"{name} {1000 * medians[name]:.2f} ms" for name in ways)
        alone, pushed = medians["hand"] / medians["ours"], medians["hand"] / medians["queued"]
        print(f"  {what}: {told}: {alone:.2f} of the speed by hand, {pushed:.2f} with the push queued")


def _accept(house: House, draft: str) -> None:
    with house.store.write("accept") as unit:
        done = accept(house, unit, draft, SYSTEM)
    assert done.order_id is not None, done.stopped_by


def copy_of(place: Place, name: str) -> Place:
    """Copy a database that nobody has open."""
    copy = Place(place.folder / name)
    copy.folder.mkdir()
    with (
        closing(sqlite3.connect(place.folder / "bench.db")) as source,
        closing(sqlite3.connect(copy.folder / "bench.db")) as target,
    ):
        source.backup(target)
    return copy


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.walk", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--orders", type=int, default=200)
    parser.add_argument("--accepts", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    with tempfile.TemporaryDirectory(prefix="ordermill-bench-") as name:
        empty = Place(Path(name))
        fill_with_demo(empty.plan.database_url)
        orders = quick_orders(options.orders, options.seed)
        alone = without_motor(copy_of(empty, "without"), orders)
        driven = with_motor(copy_of(empty, "with"), orders)
        print(f"  the motor keeps {driven / alone:.2f} of the speed without it")
        drafts = judged(empty, long_orders(options.accepts, options.seed))
        accept_alone(empty, drafts)


if __name__ == "__main__":
    main()
