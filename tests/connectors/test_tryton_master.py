"""Master data out of a real Tryton, page by page."""

from decimal import Decimal

import pytest

from connectors import tryton_master
from connectors.tryton import TrytonErp
from oms_core.errors import PartnerRejected
from oms_core.values.master import CustomerRow, PriceRow, ProductRow, StockRow, XrefRow
from tests.factory import erp_order, erp_party
from tests.servers.tryton import TrytonServer, vat_number

pytestmark = pytest.mark.real


def test_products_come_with_unit_pack_and_gtin_page_by_page(
    server: TrytonServer, erp: TrytonErp, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(tryton_master, "PAGE", 2)
    add_boxed_product(server)
    rows = [row for row in erp.pull("products") if isinstance(row, ProductRow)]
    by_sku = {row.sku: row for row in rows}
    assert len(rows) == len(by_sku) > 3
    assert by_sku["CAB-3G15"] == ProductRow("CAB-3G15", "Cable 3 x 1.5", "MTR")
    assert by_sku["GLOVE-9"].unit == "PR"
    boxed = by_sku["BOXED-1"]
    assert (boxed.unit, boxed.pack_unit, boxed.pack_factor, boxed.gtin) == ("C62", "Box of 50", 50, "4006381333931")
    prices = [row for row in erp.pull("prices") if isinstance(row, PriceRow) and row.sku == "BOXED-1"]
    assert PriceRow("LIST", "BOXED-1", Decimal(2), "EUR") in prices


def add_boxed_product(server: TrytonServer) -> None:
    if server.rpc.search_read("product.product", [["code", "=", "BOXED-1"]], ["code"]):
        return
    server.add_products([("BOXED-1", "Boxed part", "C62", "2")])
    (piece,) = server.rpc.search_read("product.uom", [["symbol", "=", "u"]], ["category"])
    values = {"name": "Box of 50", "symbol": "Box of 50", "category": piece["category"], "factor": 50.0, "rate": 0.02}
    (box,) = server.rpc.call("model.product.uom.create", [values])
    (row,) = server.rpc.search_read("product.product", [["code", "=", "BOXED-1"]], ["template"])
    server.rpc.call("model.product.template.write", [row["template"]], {"sale_uom": box})
    gtin = {"product": row["id"], "type": "ean", "code": "4006381333931"}
    server.rpc.call("model.product.identifier.create", [gtin])


def test_prices_come_by_list_and_quantity(server: TrytonServer, erp: TrytonErp):
    (screw,) = server.rpc.search_read("product.product", [["code", "=", "SCR-4030"]], ["code"])
    lines = [
        {"product": screw["id"], "quantity": 1000.0, "formula": "unit_price * 0.8", "sequence": 1},
        {"product": screw["id"], "formula": "unit_price * 0.9", "sequence": 2},
        {"formula": "unit_price", "sequence": 3},
    ]
    values = {"name": "Trade", "company": 1, "price": "list_price", "unit": "product_default"}
    server.rpc.call("model.product.price_list.create", [values | {"lines": [["create", lines]]}])
    rows = [row for row in erp.pull("prices") if isinstance(row, PriceRow) and row.sku == "SCR-4030"]
    assert rows == [
        PriceRow("LIST", "SCR-4030", Decimal("0.12"), "EUR"),
        PriceRow("Trade", "SCR-4030", Decimal("0.108"), "EUR"),
        PriceRow("Trade", "SCR-4030", Decimal("0.096"), "EUR", quantity_from=Decimal(1000)),
    ]


def test_a_price_list_with_too_many_steps_says_so(
    server: TrytonServer, erp: TrytonErp, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(tryton_master, "MAX_PRICE_STEPS", 2)
    lines = [{"quantity": float(step), "formula": "unit_price"} for step in (10, 20)]
    values = {"name": "Steps", "company": 1, "price": "list_price", "unit": "product_default"}
    made = server.rpc.call("model.product.price_list.create", [values | {"lines": [["create", lines]]}])
    with pytest.raises(PartnerRejected, match="price list Steps has 3 quantity steps; at most 2"):
        list(erp.pull("prices"))
    server.rpc.call("model.product.price_list.delete", made)


def test_customers_come_with_their_other_addresses_as_ship_tos(erp: TrytonErp, key: str, number: str):
    site = erp_party("S-1", name="Baustelle", street="Am Kai 4", postal_code="20457", city="Hamburg")
    vat = vat_number()
    customer = erp_party(number, vat_id=vat, email="po@huber.example")
    erp.send(erp_order(key, customer=customer, ship_to=site))
    rows = [row for row in erp.pull("customers") if isinstance(row, CustomerRow) and row.number.startswith(number)]
    assert rows[0] == CustomerRow(
        number,
        "Huber Metallbau GmbH",
        "Industriestrasse 12",
        "80331",
        "München",
        "DE",
        vat_id=vat,
        email="po@huber.example",
        currency="EUR",
    )
    assert [(row.ship_to_of, row.name, row.city) for row in rows[1:]] == [(number, "Baustelle", "Hamburg")]
    assert "Mill Supplies GmbH" not in {row.name for row in erp.pull("customers") if isinstance(row, CustomerRow)}


def test_stock_comes_by_warehouse_and_in_sum(server: TrytonServer, erp: TrytonErp):
    server.add_products([("STOCKED-1", "Counted part", "C62", "1")])
    server.add_stock([("STOCKED-1", 7)])
    server.add_stock([("STOCKED-1", 5)], "NORTH")
    server.add_warehouse("SOUTH")
    server.add_stock([("STOCKED-1", 1)], "SOUTH")
    assert dict(erp.stock(["STOCKED-1", "STOCKED-1", "nothing"])) == {"STOCKED-1": Decimal(13)}
    rows = [row for row in erp.pull("stock") if isinstance(row, StockRow) and row.sku == "STOCKED-1"]
    assert rows == [
        StockRow("MAIN", "STOCKED-1", 7),
        StockRow("NORTH", "STOCKED-1", 5),
        StockRow("SOUTH", "STOCKED-1", 1),
    ]


def test_customers_own_codes_come_as_cross_references(server: TrytonServer, erp: TrytonErp, key: str, number: str):
    erp.send(erp_order(key, customer=erp_party(number)))
    (party,) = server.parties(number)
    (screw,) = server.rpc.search_read("product.product", [["code", "=", "SCR-4030"]], ["template"])
    (cable,) = server.rpc.search_read("product.product", [["code", "=", "CAB-3G15"]], ["template"])
    values = [
        {"party": party["id"], "template": screw["template"], "product": screw["id"], "code": "4711"},
        {"party": party["id"], "template": cable["template"], "code": "4712"},
        {"party": party["id"], "template": cable["template"], "name": "no code"},
    ]
    server.rpc.call("model.sale.product_customer.create", values)
    assert [row for row in erp.pull("xref") if isinstance(row, XrefRow) and row.customer == number] == [
        XrefRow(number, "4711", "SCR-4030"),
        XrefRow(number, "4712", "CAB-3G15"),
    ]
