"""kill -9 at every commit boundary of the walk, on both databases: nothing is lost and nothing happens twice.

One worker after another is started on the same database with fresh orders, heals what the one before left, and is
killed at the next boundary; after each death the laws hold, and at the end every order is there exactly once. After
every second death one worker may finish: a document that three deaths meet goes to a person, which is another story.
"""

from pathlib import Path

import pytest

from oms_app.demo.planned import DemoOrder
from tests.walk import assert_laws_hold, drop, heal, looking, mixed_batches, worker
from tests.walk_worker import Plan

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

TRANSACTIONS = ("receive", "read", "match", "accept", "deliver.begin", "deliver.finish")
EFFECTS = ("erp.send", "mail.send", "settle")
BOUNDARIES = tuple(f"{name}:{moment}" for name in (*TRANSACTIONS, *EFFECTS) for moment in ("before", "after"))
HOUSEKEEPING = ("lease", "sweep", "channel.status")
"""Transactions of the house itself; the soak stops at those as well."""

DIED_BY_KILL = -9


def test_killed_at_every_boundary_in_turn_each_order_is_there_exactly_once(demo_url: str, tmp_path: Path) -> None:
    orders: list[DemoOrder] = []
    for number, (boundary, batch) in enumerate(zip(BOUNDARIES, mixed_batches(len(BOUNDARIES)), strict=True)):
        if number % 2 == 0:
            heal(Plan(demo_url, str(tmp_path)), orders)
        drop(tmp_path, batch)
        orders += batch
        plan = Plan(demo_url, str(tmp_path), kill_at=boundary)
        with worker(plan) as killed, looking(plan) as seen:
            assert killed.wait(timeout=60) == DIED_BY_KILL, boundary
            assert_laws_hold(seen)
    heal(Plan(demo_url, str(tmp_path)), orders)
    passed = {line.rpartition(":")[0] for line in (tmp_path / "boundaries.log").read_text().splitlines()}
    assert passed - set(HOUSEKEEPING) == {*TRANSACTIONS, *EFFECTS}
