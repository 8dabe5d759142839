"""An import as its person sees it: all or nothing, what changes, every wrong row, and the same again is harmless."""

from collections.abc import Iterator

import pytest
from sqlalchemy import func
from sqlmodel import col, select

from config.settings import DatabaseSettings, Settings
from oms_app.bootstrap import build
from oms_app.reading_pool import InlineReader
from oms_core.errors import InvalidInput
from oms_core.records import Audit, MasterVersion, ProductRecord
from oms_core.values.master import MasterRow
from oms_flow.house import House
from oms_flow.master import CHUNK, MAX_ERRORS, MAX_EXAMPLES, RowError, apply
from tests.factory import FixedClock, price_row, product_row


@pytest.fixture
def house(sqlite_url: str, clock: FixedClock) -> Iterator[House]:
    built = build(Settings(database=DatabaseSettings(sqlite_url)), clock, InlineReader())
    yield built.house
    built.house.store.engine.dispose()


def products(house: House) -> int:
    with house.store.read() as session:
        return session.scalar(select(func.count()).select_from(ProductRecord)) or 0


def version(house: House) -> int:
    with house.store.read() as session:
        return session.get_one(MasterVersion, "products").version


def test_rows_are_written_counted_and_audited_once(house: House) -> None:
    told = apply(house, "products", [product_row("A"), product_row("B")], "anna")
    assert (told.rows, told.added, told.changed, told.unchanged, told.errors) == (2, 2, 0, 0, [])
    apply(house, "products", [product_row("A"), product_row("B")], "anna")
    with house.store.read() as session:
        audits = session.scalars(select(Audit).where(col(Audit.what) == "imported products")).all()
    assert [(row.who, row.after) for row in audits] == [("anna", "2 added, 0 changed, 0 as they were")]
    assert version(house) == 1, "caches look again only when something changed"


def test_one_wrong_row_writes_nothing_and_every_wrong_row_is_named(house: House) -> None:
    wrong = RowError(2, "row is cut off")
    rows: list[MasterRow | RowError] = [product_row("A"), wrong, product_row("B"), product_row("C", unit="")]
    told = apply(house, "products", rows, "anna")
    assert [(error.row, error.message) for error in told.errors] == [
        (2, "row is cut off"),
        (4, "C: the stock unit is empty"),
    ]
    assert products(house) == 0
    assert version(house) == 0


def test_a_dry_run_shows_all_and_writes_nothing(house: House) -> None:
    apply(house, "products", [product_row("A"), product_row("B")], "anna")
    rows = [product_row("A", description="Other"), product_row("B"), product_row("C")]
    told = apply(house, "products", rows, "anna", dry_run=True)
    assert (told.added, told.changed, told.unchanged) == (1, 1, 1)
    assert [(one.key, one.after) for one in told.examples] == [("A", (("description", "Other"),))]
    assert products(house) == 2
    with house.store.read() as session:
        assert session.get_one(ProductRecord, "A").description != "Other"


def test_many_changes_are_counted_and_some_are_shown(house: House) -> None:
    count = MAX_EXAMPLES + 1
    apply(house, "products", [product_row(f"P{n}") for n in range(count)], "anna")
    told = apply(house, "products", [product_row(f"P{n}", description="new") for n in range(count)], "anna")
    assert (told.changed, len(told.examples)) == (count, MAX_EXAMPLES)


def test_a_file_that_is_all_wrong_is_given_up_after_some_rows(house: House) -> None:
    rows = [price_row(f"GONE-{n}") for n in range(CHUNK * 3)]
    told = apply(house, "prices", rows, "anna")
    assert MAX_ERRORS <= len(told.errors) <= CHUNK
    assert told.rows == CHUNK


def test_progress_hears_of_every_chunk(house: House) -> None:
    heard: list[int] = []
    rows = (product_row(f"P{n}", pack_unit=None) for n in range(CHUNK + 1))
    apply(house, "products", rows, "anna", progress=heard.append)
    assert heard == [CHUNK, CHUNK + 1]


def test_a_reader_that_breaks_off_writes_nothing(house: House) -> None:
    def broken() -> Iterator[object]:
        yield from (product_row(f"P{n}", pack_unit=None) for n in range(CHUNK))
        raise InvalidInput("the file ends in the middle")

    with pytest.raises(InvalidInput, match="in the middle"):
        apply(house, "products", broken(), "anna")  # type: ignore[arg-type]  # the rows are what apply takes
    assert products(house) == 0


def test_a_kind_that_does_not_exist_is_refused(house: House) -> None:
    with pytest.raises(InvalidInput, match="products, customers, prices, stock, xref"):
        apply(house, "coupons", [], "anna")
