"""Rows of master data in bulk: only what differs is written, and what orders depend on is never cut."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from sqlmodel import col, select

from config.settings import DatabaseSettings, Settings
from oms_app.bootstrap import build
from oms_app.reading_pool import InlineReader
from oms_core.records import (
    CrossReferenceRecord,
    Customer,
    CustomerId,
    ProductPack,
    ProductRecord,
    SenderAddress,
    ShipTo,
    Stock,
    StockMovement,
    Warehouse,
)
from oms_core.values.master import MasterRow
from oms_flow.house import House
from oms_store.master import KINDS
from oms_store.merging import Written
from tests.factory import FixedClock, customer_row, price_row, product_row, stock_row, xref_row


@pytest.fixture
def house(database_url: str, clock: FixedClock) -> Iterator[House]:
    built = build(Settings(database=DatabaseSettings(database_url)), clock, InlineReader())
    yield built.house
    built.house.store.engine.dispose()


def write(house: House, kind: str, *rows: MasterRow, who: str = "import") -> Written:
    with house.store.write("test") as unit:
        return KINDS[kind].write(unit.session, list(enumerate(rows, start=1)), who, unit.now)


def test_new_rows_are_added_and_the_same_again_changes_nothing(house: House) -> None:
    first = write(house, "products", product_row(), product_row("SCR-4040"))
    again = write(house, "products", product_row(), product_row("SCR-4040"))
    assert (first.added, first.unchanged, first.changes) == (2, 0, [])
    assert (again.added, again.unchanged, again.changes) == (0, 2, [])


def test_a_change_says_what_it_was_and_what_it_becomes(house: House) -> None:
    write(house, "products", product_row())
    told = write(house, "products", product_row(description="Wood screw", pack_factor=Decimal(100)))
    assert told.changes == [
        ("SCR-4030", (("description", "Wood screw 4.0 x 30 mm, galvanised"),), (("description", "Wood screw"),)),
        ("SCR-4030 / BX", (("factor", "200"),), (("factor", "100"),)),
    ]


def test_a_product_keeps_the_packs_of_several_rows(house: House) -> None:
    write(house, "products", product_row(), product_row(pack_unit="PF", pack_factor=Decimal(8000)))
    with house.store.read() as session:
        assert {(row.unit, row.factor) for row in session.scalars(select(ProductPack))} == {
            ("BX", Decimal(200)),
            ("PF", Decimal(8000)),
        }
        assert session.get_one(ProductRecord, "SCR-4030").code_folded == "scr4030"


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (product_row("  "), "SKU is empty"),
        (product_row(unit=""), "stock unit is empty"),
        (product_row(gtin="12"), "no GTIN"),
        (product_row(pack_factor=Decimal(0)), "more than nothing"),
    ],
)
def test_a_product_that_cannot_be_right_is_refused(house: House, row: MasterRow, message: str) -> None:
    told = write(house, "products", product_row("GOOD"), row)
    assert [number for number, _ in told.errors] == [2]
    assert message in told.errors[0][1]


def test_a_customer_is_found_by_every_number_and_address_it_has(house: House) -> None:
    write(house, "customers", customer_row(gln="4000000000006", edi_id="4000000000006", account_number="D-77"))
    with house.store.read() as session:
        assert set(session.scalars(select(CustomerId.folded))) == {"C1001", "DE811907980", "4000000000006", "D77"}
        assert set(session.scalars(select(SenderAddress.address))) == {
            "einkauf@huber-metallbau.example",
            "huber-metallbau.example",
        }


def test_numbers_that_a_customer_lost_are_forgotten_and_learned_addresses_stay(house: House) -> None:
    write(house, "customers", customer_row(edi_id="OLD"))
    with house.store.write("test") as unit:
        unit.session.add(SenderAddress(address="chef@huber-metallbau.example", customer="C-1001", decided_by="anna"))
    write(house, "customers", customer_row(edi_id="NEW"))
    with house.store.read() as session:
        assert "OLD" not in set(session.scalars(select(CustomerId.folded)))
        assert "chef@huber-metallbau.example" in set(session.scalars(select(SenderAddress.address)))


def test_ship_tos_belong_to_a_customer_that_is_there(house: House) -> None:
    told = write(
        house,
        "customers",
        customer_row(),
        customer_row("S-1", name="Lager", ship_to_of="C-1001"),
        customer_row("S-2", name="Nirgends", ship_to_of="C-9999"),
    )
    assert told.errors == [(3, "S-2: there is no customer 'C-9999' to ship for")]
    with house.store.read() as session:
        assert list(session.scalars(select(ShipTo.code))) == ["S-1"]
        assert list(session.scalars(select(Customer.number))) == ["C-1001"]


def test_prices_and_cross_references_need_what_they_name(house: House) -> None:
    write(house, "products", product_row())
    write(house, "customers", customer_row())
    assert write(house, "prices", price_row("GONE")).errors == [(1, "there is no product 'GONE'")]
    assert "not more than nothing" in write(house, "prices", price_row(price=0)).errors[0][1]
    assert write(house, "xref", xref_row(customer="C-9")).errors == [(1, "there is no customer 'C-9'")]
    assert "no letter or digit" in write(house, "xref", xref_row(code="--")).errors[0][1]
    assert write(house, "prices", price_row(), price_row(quantity_from=Decimal(100), price="0.10")).added == 2


def test_the_hand_that_decided_a_cross_reference_changes_only_with_it(house: House) -> None:
    write(house, "products", product_row(), product_row("SCR-4040"))
    write(house, "customers", customer_row())
    write(house, "xref", xref_row(), who="anna")
    write(house, "xref", xref_row(), who="import")
    with house.store.read() as session:
        assert session.get_one(CrossReferenceRecord, ("C-1001", "4711")).decided_by == "anna"
    write(house, "xref", xref_row(sku="SCR-4040"), who="bert")
    with house.store.read() as session:
        assert session.get_one(CrossReferenceRecord, ("C-1001", "4711")).decided_by == "bert"


def test_a_pull_from_the_erp_never_writes_over_what_a_person_decided(house: House) -> None:
    write(house, "products", product_row(), product_row("SCR-4040"))
    write(house, "customers", customer_row())
    write(house, "xref", xref_row(sku="SCR-4030"), who="anna")
    kept = write(house, "xref", xref_row(sku="SCR-4040"), xref_row(code="other"), who="pull tryton")
    assert (kept.added, kept.unchanged, kept.changes) == (1, 1, [])
    corrected = write(house, "xref", xref_row(code="other", sku="SCR-4040"), who="pull tryton")
    assert len(corrected.changes) == 1


def test_stock_is_set_and_the_ledger_gets_the_difference(house: House) -> None:
    write(house, "products", product_row())
    write(house, "stock", stock_row(quantity=500), stock_row(quantity=20, warehouse="SIDE"))
    told = write(house, "stock", stock_row(quantity=480))
    assert told.changes == [("SCR-4030 in MAIN", (("on_hand", "500"),), (("on_hand", "480"),))]
    with house.store.read() as session:
        deltas = select(col(StockMovement.on_hand_delta)).where(col(StockMovement.warehouse) == "MAIN")
        assert list(session.scalars(deltas.order_by(StockMovement.id))) == [Decimal(500), Decimal(-20)]
        assert [row.code for row in session.scalars(select(Warehouse).order_by(col(Warehouse.rank)))] == [
            "MAIN",
            "SIDE",
        ]


def test_stock_is_never_set_below_what_is_promised(house: House) -> None:
    write(house, "products", product_row())
    write(house, "stock", stock_row(quantity=500))
    with house.store.write("test") as unit:
        unit.session.get_one(Stock, ("SCR-4030", "MAIN")).allocated = Decimal(300)
    told = write(house, "stock", stock_row(quantity=299))
    assert "299 on hand in MAIN is less than the 300 that are promised" in told.errors[0][1]
    assert not write(house, "stock", stock_row(quantity=300)).errors


def test_more_rows_than_one_statement_takes(house: House) -> None:
    rows = [product_row(f"P-{number:05}", pack_unit=None) for number in range(1_500)]
    assert write(house, "products", *rows).added == 1_500
    assert write(house, "products", *rows).unchanged == 1_500
