"""kill -9 at every commit boundary of the walk, on both databases: nothing is lost and nothing happens twice."""

from pathlib import Path

import pytest

from tests.walk import assert_nothing_lost_or_doubled, demo_orders, drop, looking, worker
from tests.walk_worker import Plan

pytestmark = pytest.mark.slow

TRANSACTIONS = ("receive", "read", "match", "accept", "deliver.begin", "deliver.finish")
EFFECTS = ("erp.send", "mail.send")
BOUNDARIES = tuple(f"{name}:{moment}" for name in (*TRANSACTIONS, *EFFECTS) for moment in ("before", "after"))
HOUSEKEEPING = ("lease", "sweep", "channel.status", "")
"""Transactions of the house itself; the soak stops at those as well."""

DIED_BY_KILL = -9


@pytest.mark.parametrize("boundary", BOUNDARIES)
def test_a_worker_killed_there_leaves_every_order_exactly_once(boundary: str, demo_url: str, tmp_path: Path) -> None:
    orders = demo_orders(3)
    drop(tmp_path, orders)
    plan = Plan(demo_url, str(tmp_path), kill_at=boundary)
    with worker(plan) as killed:
        assert killed.wait(timeout=60) == DIED_BY_KILL
    healing = Plan(demo_url, str(tmp_path))
    with worker(healing), looking(healing) as seen:
        seen.wait(drafts=len(orders))
        assert_nothing_lost_or_doubled(seen, tmp_path, orders)


def test_the_boundaries_above_are_all_that_a_walk_passes(sqlite_demo_url: str, tmp_path: Path) -> None:
    orders = demo_orders(3)
    drop(tmp_path, orders)
    plan = Plan(sqlite_demo_url, str(tmp_path))
    with worker(plan), looking(plan) as seen:
        seen.wait(drafts=len(orders))
        assert_nothing_lost_or_doubled(seen, tmp_path, orders)
    passed = {line.rpartition(":")[0] for line in (tmp_path / "boundaries.log").read_text().splitlines()}
    assert passed - set(HOUSEKEEPING) == {*TRANSACTIONS, *EFFECTS}
