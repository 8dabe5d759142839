"""Who answers a person gives up on a busy database soon; who works in the background waits."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy.exc import DBAPIError
from sqlmodel import col, select

from oms_app.front.busy import busy
from oms_core.records import Sequence
from oms_store.engine import BUSY_MILLISECONDS, PERSON_MILLISECONDS, make_engine
from oms_store.store import Store, Unit
from tests.factory import FixedClock


@pytest.fixture
def stores(database_url: str, clock: FixedClock) -> Iterator[tuple[Store, Store]]:
    """A store of one process, and one of another that waits no longer than a moment."""
    engines = make_engine(database_url), make_engine(database_url)
    first, second = (Store(engine, clock, lambda *_: None) for engine in engines)
    yield first, replace(second, patience=20)
    for engine in engines:
        engine.dispose()


def lock(unit: Unit) -> None:
    """Lock the row that every order takes its number from."""
    unit.session.scalars(select(Sequence).where(col(Sequence.name) == "order").with_for_update()).one()


def test_a_write_that_waits_for_another_process_gives_up(stores: tuple[Store, Store]) -> None:
    working, answering = stores
    with working.write("long") as held:
        lock(held)
        with pytest.raises(DBAPIError) as caught, answering.write("short") as unit:
            lock(unit)
    assert busy(caught.value), "and the page says that it is busy"
    with answering.write("again") as unit:
        lock(unit)


def test_the_threads_of_one_process_wait_no_longer_for_each_other(stores: tuple[Store, Store]) -> None:
    working, _ = stores
    answering = replace(working, patience=20)
    with working.write("long") as held:
        lock(held)
        with pytest.raises(DBAPIError) as caught, answering.write("short") as unit:
            lock(unit)
    assert busy(caught.value)


def test_a_connection_that_was_impatient_is_patient_for_the_next(stores: tuple[Store, Store]) -> None:
    _, answering = stores
    if not answering.sqlite:
        with answering.write("short") as unit:
            assert unit.session.connection().exec_driver_sql("SHOW lock_timeout").scalar() == "20ms"
        with answering.read() as session:
            assert session.connection().exec_driver_sql("SHOW lock_timeout").scalar() == "0"
        return
    with answering.write("short") as unit:
        waits = unit.session.connection().exec_driver_sql("PRAGMA busy_timeout").scalar()
    assert waits == BUSY_MILLISECONDS


def test_pages_wait_less_than_a_worker() -> None:
    assert PERSON_MILLISECONDS <= 5_000 < BUSY_MILLISECONDS
