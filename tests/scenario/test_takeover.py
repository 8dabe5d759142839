"""A worker that is paused, or dies for good, while another goes on: nothing happens twice, nothing stays behind."""

import os
import signal
import sqlite3
import time
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func
from sqlmodel import select

from oms_app import bootstrap
from oms_app.demo.planned import DemoOrder
from oms_app.motor.running import Motor, MotorSettings
from oms_app.reading_pool import InlineReader
from oms_app.worker import EXIT_LEASE_LOST
from oms_core.records import Lease
from tests.walk import assert_nothing_lost_or_doubled, drop, heal, looking, mixed_batches, worker
from tests.walk_worker import Plan, pause_note

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

LOCKS_SECONDS = 180.0
"""Each transaction that is paused on PostgreSQL keeps its locks for 20 s, and one may have waited for another's."""

PAUSES = ("erp.send:before", "erp.send:after", "read:after", "deliver.begin:after")
"""Boundaries outside of transactions: there a pause leaves the worker with work in its hands and no lock."""


def pause(process: int, plan: Plan) -> None:
    """Stop a worker at its boundary, at an instant when none of its threads holds SQLite's one write lock.

    A process paused with that lock stops everybody until it wakes; on PostgreSQL the server ends such a transaction.
    """
    deadline = time.monotonic() + 60
    while not pause_note(plan).exists():
        assert time.monotonic() < deadline, "the worker never came to the boundary"
        time.sleep(0.02)
    if not plan.database_url.startswith("sqlite"):
        os.kill(process, signal.SIGSTOP)
        return
    with sqlite3.connect(plan.database_url.removeprefix("sqlite:///"), timeout=30) as connection:
        connection.execute("BEGIN IMMEDIATE")
        os.kill(process, signal.SIGSTOP)
        while not all_stopped(process):
            time.sleep(0.01)
        connection.rollback()


def all_stopped(process: int) -> bool:
    states = [path.read_text(encoding="ascii") for path in Path(f"/proc/{process}/task").glob("*/stat")]
    return all(state.rpartition(")")[2].split()[0] == "T" for state in states)


def wake(process: int, plan: Plan) -> None:
    pause_note(plan).unlink()
    os.kill(process, signal.SIGCONT)


@pytest.mark.parametrize("boundary", PAUSES)
def test_a_paused_worker_that_wakes_after_a_takeover_does_nothing_twice(
    boundary: str, demo_url: str, tmp_path: Path
) -> None:
    (orders,) = mixed_batches(1)
    drop(tmp_path, orders)
    plan = Plan(demo_url, str(tmp_path), kill_at=boundary, pause=True, lease_seconds=1.5)
    with worker(plan) as paused:
        pause(paused.pid, plan)
        other = Plan(demo_url, str(tmp_path), lease_seconds=1.5)
        with worker(other), looking(other) as seen:
            seen.wait(drafts=len(orders), seconds=LOCKS_SECONDS)
            wake(paused.pid, plan)
            assert paused.wait(timeout=30) == EXIT_LEASE_LOST
            seen.wait(drafts=len(orders))
            assert_nothing_lost_or_doubled(seen, tmp_path, orders)


def test_a_worker_that_was_late_but_alone_keeps_its_work(demo_url: str, tmp_path: Path) -> None:
    (orders,) = mixed_batches(1)
    drop(tmp_path, orders)
    plan = Plan(demo_url, str(tmp_path), kill_at="read:after", pause=True, lease_seconds=1.5)
    with worker(plan) as late, looking(plan) as seen:
        pause(late.pid, plan)
        with seen.store.read() as session:
            runs_out = session.scalars(select(func.max(Lease.expires_at))).one()
        while seen.store.clock.now() <= runs_out:
            time.sleep(0.02)
        wake(late.pid, plan)
        seen.wait(drafts=len(orders))
        assert late.poll() is None, "it gave up work that nobody had taken"
        assert_nothing_lost_or_doubled(seen, tmp_path, orders)


def test_of_two_workers_one_is_killed_for_good_and_the_other_finishes(demo_url: str, tmp_path: Path) -> None:
    orders = [order for batch in mixed_batches(4) for order in batch]
    drop(tmp_path, orders)
    dying = Plan(demo_url, str(tmp_path), kill_at="accept:after", turn=3)
    with worker(dying) as killed, worker(Plan(demo_url, str(tmp_path))), looking(dying) as seen:
        assert killed.wait(timeout=60) == -signal.SIGKILL
        seen.wait(drafts=len(orders))
        assert_nothing_lost_or_doubled(seen, tmp_path, orders)


def test_an_upgrade_with_open_work_at_each_step_finishes_all_of_it(demo_url: str, tmp_path: Path) -> None:
    steps = (
        "receive:after",
        "read:after",
        "match:after",
        "accept:after",
        "deliver.begin:after",
        "deliver.finish:after",
    )
    orders: list[DemoOrder] = []
    for version, (boundary, batch) in enumerate(zip(steps, mixed_batches(len(steps)), strict=True), start=1):
        if version % 2:  # a document that three deaths meet goes to a person, which is another story
            heal(Plan(demo_url, str(tmp_path), step_map=f"map-{version}"), orders)
        drop(tmp_path, batch)
        orders += batch
        plan = Plan(demo_url, str(tmp_path), kill_at=boundary, step_map=f"map-{version}")
        with worker(plan) as killed:
            assert killed.wait(timeout=60) == -signal.SIGKILL, boundary
    heal(Plan(demo_url, str(tmp_path), step_map="map-newest"), orders)


def test_work_whose_notes_were_deleted_with_age_is_done_all_the_same(demo_url: str, tmp_path: Path) -> None:
    (orders,) = mixed_batches(1)
    drop(tmp_path, orders)
    plan = Plan(demo_url, str(tmp_path), kill_at="match:before")
    with worker(plan) as killed:
        assert killed.wait(timeout=60) == -signal.SIGKILL
    assert forget(plan) > 0
    heal(Plan(demo_url, str(tmp_path)), orders)
    forget(plan)
    assert forget(plan) == 0, "nothing is kept of what ended"


def forget(plan: Plan) -> int:
    """Delete what the motor noted of every run so far, as a worker does after a week."""
    built = bootstrap.build(plan.settings(), reader=InlineReader())
    clock = built.house.store.clock
    motor = Motor(built.house, bootstrap.partners(built.settings, clock), built.enqueuer, MotorSettings("forgetting"))
    try:
        return motor.forget(clock.now() + timedelta(minutes=1))
    finally:
        built.house.store.engine.dispose()
