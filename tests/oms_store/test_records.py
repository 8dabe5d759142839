"""How values are kept: exactly, on both databases."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError, StatementError

from oms_core.records import Audit, Record, Scaled, Stock, Warehouse
from oms_core.values import SCALE
from oms_store.engine import make_engine
from oms_store.store import Store
from tests.factory import FixedClock

ANY_EXACT = st.integers(-(10**18), 10**18).map(lambda units: Decimal(units).scaleb(-SCALE))


@pytest.fixture
def store(database_url: str, clock: FixedClock) -> Iterator[Store]:
    engine = make_engine(database_url)
    yield Store(engine, clock, lambda *_: None)
    engine.dispose()


def test_ten_times_a_tenth_is_one(store: Store) -> None:
    with store.write("test") as unit:
        _add_stock(unit, Decimal("0.1"))
    with store.write("test") as unit:
        row = unit.session.get_one(Stock, ("A", "MAIN"))
        for _ in range(9):
            row.on_hand += Decimal("0.1")
            unit.session.flush()
            unit.session.refresh(row)
        assert row.on_hand == Decimal(1)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=50)
@given(amount=ANY_EXACT)
def test_what_fits_comes_back_as_it_was(store: Store, amount: Decimal) -> None:
    with store.engine.connect() as connection:
        kept = connection.scalar(
            text("SELECT CAST(:x AS BIGINT)").bindparams(x=Scaled().process_bind_param(amount, store.engine.dialect))
        )
    assert Scaled().process_result_value(kept, store.engine.dialect) == amount


def test_every_exact_column_is_an_integer_in_the_database(store: Store) -> None:
    exact = [
        column for table in Record.metadata.tables.values() for column in table.c if isinstance(column.type, Scaled)
    ]
    assert len(exact) > 20
    with store.engine.connect() as connection:
        for column in exact:
            assert _type_of(connection.engine, column.table.name, column.name) in {"BIGINT", "bigint"}


def test_more_than_six_decimals_is_refused(store: Store) -> None:
    with pytest.raises(StatementError, match="more than 6 decimal places"), store.write("test") as unit:
        _add_stock(unit, Decimal("0.1234567"))


def test_stock_cannot_be_promised_beyond_what_there_is(store: Store) -> None:
    with store.write("test") as unit:
        _add_stock(unit, Decimal(3))
    with pytest.raises(IntegrityError), store.write("test") as unit:
        unit.session.get_one(Stock, ("A", "MAIN")).allocated = Decimal(4)


def test_an_instant_comes_back_in_utc(store: Store) -> None:
    there = datetime(2026, 3, 29, 3, 30, tzinfo=timezone(timedelta(hours=2)))
    with store.write("test") as unit:
        unit.session.add(Audit(id="1", at=there, who="anna", what="looked", subject="x"))
    with store.read() as session:
        assert session.get_one(Audit, "1").at == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


def test_an_instant_without_a_zone_is_refused(store: Store) -> None:
    with pytest.raises(StatementError, match="no time zone"), store.write("test") as unit:
        unit.session.add(Audit(id="1", at=datetime(2026, 3, 29, 3, 30), who="a", what="b", subject="c"))  # noqa: DTZ001


def _type_of(engine: Engine, table: str, column: str) -> str:
    from sqlalchemy import inspect

    kinds = {entry["name"]: str(entry["type"]) for entry in inspect(engine).get_columns(table)}
    return kinds[column]


def _add_stock(unit: object, on_hand: Decimal) -> None:
    from oms_core.records import ProductRecord

    session = unit.session  # type: ignore[attr-defined]
    session.add(ProductRecord(sku="A", code_folded="a", description="Bolt", unit="C62"))
    session.add(Warehouse(code="MAIN", name="Main"))
    session.flush()
    session.add(Stock(sku="A", warehouse="MAIN", on_hand=on_hand))
    session.flush()
