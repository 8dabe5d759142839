"""Leases: who may write, and that a worker which was taken over may not, on both databases."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from oms_core.errors import LeaseLost
from oms_core.records import Lease, Sequence
from oms_store.engine import make_engine
from oms_store.leases import Held, acquire, release, renew, revoke_expired
from oms_store.store import Store
from tests.factory import FixedClock

NO_SUCH_PROCESS = 2**22 + 1
"""Above the largest process number of Linux."""


@pytest.fixture
def store(database_url: str, clock: FixedClock) -> Iterator[Store]:
    engine = make_engine(database_url)
    yield Store(engine, clock, lambda *_: None)
    engine.dispose()


def take(store: Store, name: str, holder: str) -> Held | None:
    with store.write("lease") as unit:
        return acquire(unit, name, holder, 10)


def guarded(store: Store, held: Held | None) -> Store:
    assert held is not None
    return replace(store, guard=held.check)


def write_something(store: Store) -> None:
    with store.write("test") as unit:
        unit.session.get_one(Sequence, "order").next_value += 1


def test_a_lease_has_one_holder_until_it_runs_out(store: Store, clock: FixedClock) -> None:
    assert take(store, "leader", "anna")
    assert take(store, "leader", "bert") is None
    clock.advance(seconds=11)
    assert take(store, "leader", "bert") == Held("leader", "bert", 2)


def test_a_renewed_lease_does_not_run_out(store: Store, clock: FixedClock) -> None:
    held = take(store, "leader", "anna")
    assert held is not None
    clock.advance(seconds=9)
    with store.write("lease") as unit:
        renew(unit, held, 10)
    clock.advance(seconds=9)
    assert take(store, "leader", "bert") is None


def test_the_lease_of_a_dead_process_on_this_machine_is_free_at_once(store: Store) -> None:
    take(store, "leader", "anna")
    with store.write("test") as unit:
        unit.session.get_one(Lease, "leader").pid = NO_SUCH_PROCESS
    assert take(store, "leader", "bert")


def test_a_worker_that_was_taken_over_fails_its_next_write(store: Store, clock: FixedClock) -> None:
    paused = guarded(store, take(store, "worker:1", "one"))
    write_something(paused)
    clock.advance(seconds=11)
    with store.write("sweep") as unit:
        assert revoke_expired(unit, "worker:") == ("one",)
    with pytest.raises(LeaseLost, match="another worker has taken over"):
        write_something(paused)


def test_a_holder_that_comes_back_under_a_newer_fence_cannot_use_the_old_one(store: Store, clock: FixedClock) -> None:
    old = guarded(store, take(store, "leader", "anna"))
    clock.advance(seconds=11)
    take(store, "leader", "anna")
    with pytest.raises(LeaseLost):
        write_something(old)


def test_a_released_lease_is_free(store: Store) -> None:
    held = take(store, "leader", "anna")
    assert held is not None
    with store.write("lease") as unit:
        release(unit, held)
    assert take(store, "leader", "bert")
