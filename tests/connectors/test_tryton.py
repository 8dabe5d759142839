"""Orders on their way into a real Tryton: what arrives there, what it refuses, and crashes at every step."""

import datetime as dt
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from stdnum.iso7064 import mod_11_10

from connectors import tryton_master, tryton_sales
from connectors.tryton import MAX_KEY_LENGTH, TrytonErp
from connectors.tryton_rpc import TrytonAccess, TrytonRpc
from oms_core.errors import PartnerRejected, PartnerUnavailable
from oms_core.values.master import CustomerRow, PriceRow, ProductRow, StockRow, XrefRow
from oms_core.values.outbound import ErpReceipt
from tests.factory import TODAY, erp_line, erp_order, erp_party
from tests.servers.tryton import DATABASE, SaleLine, TrytonServer

ADMIN = ("admin", "Throw-Away-Adm1n!")
PRODUCTS = (
    ("SCR-4030", "Wood screw 4.0 x 30 mm, galvanised", "C62", "0.12"),
    ("CAB-3G15", "Cable 3 x 1.5", "MTR", "1.30"),
    ("GLOVE-9", "Gloves", "PR", "4.20"),
)

pytestmark = pytest.mark.real

_numbers = count(1)


@pytest.fixture
def server(tryton: TrytonServer) -> TrytonServer:
    tryton.add_products(PRODUCTS)
    if not tryton.erp().stock(["SCR-4030"])["SCR-4030"]:
        tryton.add_stock([("SCR-4030", 100_000), ("CAB-3G15", 100_000), ("GLOVE-9", 100_000)])
    return tryton


@pytest.fixture
def erp(server: TrytonServer) -> Iterator[TrytonErp]:
    made = server.erp()
    yield made
    made.close()


@pytest.fixture
def key() -> str:
    return f"order-{next(_numbers)}"


@pytest.fixture
def number() -> str:
    return f"C-{2000 + next(_numbers)}"


def vat_number() -> str:
    """Return a German VAT number that is right and was not used before: Tryton checks its last digit."""
    digits = f"{30_000_000 + next(_numbers)}"
    return f"DE{digits}{mod_11_10.calc_check_digit(digits)}"


def parties(server: TrytonServer, number: str) -> list[dict[str, Any]]:
    fields = ["name", "addresses", "identifiers.code", "contact_mechanisms.value"]
    return server.rpc.search_read("party.party", [["code", "=", number]], fields)


def test_an_order_becomes_one_confirmed_sale_with_our_prices_and_their_taxes(
    server: TrytonServer, erp: TrytonErp, key: str, number: str
):
    vat = vat_number()
    lines = (
        erp_line(1, quantity=Decimal(1000), unit_price=Decimal("0.0955"), amount=Decimal("95.50")),
        erp_line(2, sku="CAB-3G15", description="Cable", quantity=Decimal("12.5"), unit="MTR", warehouse="NORTH",
                 unit_price=Decimal("1.30"), amount=Decimal("16.25")),
    )  # fmt: skip
    order = erp_order(
        key,
        customer=erp_party(number, vat_id=f"{vat[:2]} {vat[2:5]} {vat[5:]}", email="po@huber.example"),
        ship_to=erp_party("S-1", name="Huber Baustelle Nord", street="Am Kai 4", postal_code="20457", city="Hamburg"),
        requested_on=TODAY + dt.timedelta(days=9),
        lines=lines,
        net=Decimal("111.75"),
        tax=Decimal("21.23"),
        gross=Decimal("132.98"),
    )
    receipt = erp.send(order)
    (sale,) = server.sales()
    assert receipt == ErpReceipt(sale.number, "processing") == erp.find(key)
    assert (sale.web_id, sale.reference, sale.description, sale.customer) == (key, "PO-1001", "SO-1", number)
    assert (sale.net, sale.tax, sale.gross) == (order.net, order.tax, order.gross)
    assert sale.ship_to == "Huber Baustelle Nord, Am Kai 4, 20457 Hamburg, GERMANY"
    assert sale.warehouse == "MAIN"
    assert sale.lines == (
        SaleLine("SCR-4030", Decimal("1E+3"), "C62", Decimal("0.0955"), Decimal("95.50")),
        SaleLine("CAB-3G15", Decimal("12.5"), "MTR", Decimal("1.30"), Decimal("16.25")),
    )
    notes = server.rpc.search_read("sale.line", [["sale.web_id", "=", key]], ["note", "taxes"])
    assert [row["note"] for row in notes] == [None, "Warehouse NORTH"]
    (stored,) = server.rpc.search_read("sale.sale", [["web_id", "=", key]], ["shipping_date", "sale_date"])
    assert (stored["sale_date"], stored["shipping_date"]) == (TODAY, TODAY + dt.timedelta(days=9))
    (party,) = parties(server, number)
    assert [one["code"] for one in party["identifiers."]] == [vat]
    assert [one["value"] for one in party["contact_mechanisms."]] == ["po@huber.example"]


def test_a_customer_and_its_ship_to_are_made_once_and_used_again(server: TrytonServer, erp: TrytonErp, number: str):
    site = erp_party("S-1", name="Huber Baustelle", street="Am Kai 4", postal_code="20457", city="Hamburg")
    for spelling in ("Am Kai 4", "AM  KAI 4"):
        ship_to = erp_party("S-1", name=site.name, street=spelling, postal_code="20457", city="Hamburg")
        erp.send(erp_order(f"{number}-{spelling}", customer=erp_party(number), ship_to=ship_to))
    erp.send(erp_order(f"{number}-own", customer=erp_party(number), requested_on=TODAY - dt.timedelta(days=3)))
    (party,) = parties(server, number)
    assert len(party["addresses"]) == 2
    assert [sale.ship_to.split(",")[0] for sale in server.sales()] == [
        "Huber Baustelle",
        "Huber Baustelle",
        party["name"],
    ]


def test_a_customer_without_an_address_here_gets_the_one_tryton_has(
    server: TrytonServer, erp: TrytonErp, key: str, number: str
):
    erp.send(erp_order(key, customer=erp_party(number)))
    bare = erp_party(number, street="", postal_code="", city="", country="")
    erp.send(erp_order(f"{key}-again", customer=bare))
    first, second = server.sales()
    assert first.ship_to == second.ship_to


def test_a_customer_under_another_code_is_found_by_its_vat_number(
    server: TrytonServer, erp: TrytonErp, key: str, number: str
):
    vat = vat_number()
    identifier = {"type": "eu_vat", "code": vat}
    server.rpc.call(
        "model.party.party.create", [{"name": "Alt", "code": number, "identifiers": [["create", [identifier]]]}]
    )
    erp.send(erp_order(key, customer=erp_party("C-new", vat_id=f"{vat[:5]}.{vat[5:]}")))
    assert server.sales()[0].customer == number
    twin = {"name": "Twin", "code": f"{number}b", "identifiers": [["create", [identifier]]]}
    server.rpc.call("model.party.party.create", [twin])
    with pytest.raises(PartnerRejected, match=r"more than one party with the VAT number .* \(Alt, Twin\)"):
        erp.send(erp_order(f"{key}b", customer=erp_party("C-new", vat_id=f"{vat[:5]}.{vat[5:]}")))


def test_a_number_that_is_somebody_else_in_tryton_is_not_billed(
    server: TrytonServer, erp: TrytonErp, key: str, number: str
):
    theirs, ours = vat_number(), vat_number()
    erp.send(erp_order(f"{key}-theirs", customer=erp_party(number, vat_id=theirs)))
    with pytest.raises(PartnerRejected, match=rf"{number} is Huber .* {theirs} in Tryton, but Meier with {ours}"):
        erp.send(erp_order(key, customer=erp_party(number, name="Meier", vat_id=ours)))
    assert [sale.web_id for sale in server.sales()] == [f"{key}-theirs"]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"lines": (erp_line(sku="NO-1"), erp_line(sku="NO-2"))}, "no product for sale with the code NO-1, NO-2"),
        ({"lines": (erp_line(unit="MTR"),)}, r"counts SCR-4030 in u \(C62\), the order has MTR"),
        ({"lines": (erp_line(warehouse="MOON"),)}, "no warehouse with the code MOON"),
        ({"lines": (erp_line(quantity=Decimal("0.5")),)}, "Tryton refuses it: .*[Qq]uantity"),
        (
            {"lines": (erp_line(quantity=Decimal("123456789012.123456")),)},
            "cannot hold the quantity 123456789012.123456",
        ),
        ({"lines": (erp_line(),) * (tryton_sales.MAX_LINES + 1)}, "has 2001 lines"),
        ({"lines": ()}, "has 0 lines"),
        ({"currency": "XTS"}, "does not know the currency XTS"),
        ({"customer": erp_party("C-XX", country="XX")}, "does not know the country XX of C-XX"),
        ({"customer": erp_party("C-VAT", vat_id="DE123")}, "Tryton refuses it: .*DE123"),
        (
            {"net": Decimal("12.01"), "gross": Decimal("14.29")},
            r"net 12\.01 here, 12 there; gross 14\.29 here, 14\.28 there",
        ),
        ({"tax": Decimal("0.84"), "gross": Decimal("12.84")}, r"tax 0\.84 here, 2\.28 there"),
    ],
)
def test_what_tryton_cannot_take_is_a_sentence_and_leaves_no_sale(
    server: TrytonServer, erp: TrytonErp, key: str, changes: dict[str, object], sentence: str
):
    with pytest.raises(PartnerRejected, match=sentence):
        erp.send(erp_order(key, **changes))
    assert server.sales() == ()
    assert erp.find(key) is None


def test_an_order_put_right_after_a_refusal_goes_through(server: TrytonServer, erp: TrytonErp, key: str):
    with pytest.raises(PartnerRejected, match="other totals"):
        erp.send(erp_order(key, tax=Decimal("2.27"), gross=Decimal("14.27")))
    erp.send(erp_order(key))
    assert [sale.state for sale in server.sales()] == ["processing"]


def test_a_cent_may_be_forgiven_where_the_settings_say_so(server: TrytonServer, key: str):
    order = erp_order(key, tax=Decimal("2.27"), gross=Decimal("14.27"))
    server.erp(tolerance=Decimal("0.01")).send(order)
    assert [sale.gross for sale in server.sales()] == [Decimal("14.28")]


def test_a_product_that_is_no_longer_sold_is_refused(server: TrytonServer, erp: TrytonErp, key: str):
    server.add_products([("OLD-1", "Old part", "C62", "1")])
    (row,) = server.rpc.search_read("product.product", [["code", "=", "OLD-1"]], ["template"])
    server.rpc.call("model.product.template.write", [row["template"]], {"salable": False})
    with pytest.raises(PartnerRejected, match="no product for sale with the code OLD-1"):
        erp.send(erp_order(key, lines=(erp_line(sku="OLD-1"),)))


def test_a_warning_is_a_refusal_unless_the_settings_accept_it(server: TrytonServer, erp: TrytonErp, key: str):
    server.add_products([("EMPTY-1", "Not in stock", "C62", "0.12")])
    order = erp_order(key, lines=(erp_line(sku="EMPTY-1"),))
    with pytest.raises(PartnerRejected, match=r"EMPTY-1.*a warning: put its cause right, or set accept_warnings"):
        erp.send(order)
    assert server.sales() == ()
    server.erp(accept_warnings=True).send(order)
    assert [sale.state for sale in server.sales()] == ["processing"]


def test_a_sale_that_was_cancelled_in_tryton_is_not_made_again(server: TrytonServer, erp: TrytonErp, key: str):
    with pytest.raises(Killed):
        dying(server, after="quote").send(erp_order(key))
    (sale,) = server.rpc.search_read("sale.sale", [["web_id", "=", key]], ["state"])
    server.rpc.call("model.sale.sale.cancel", [sale["id"]])
    found = erp.find(key)
    assert found is not None
    assert found.state == "cancelled"
    with pytest.raises(PartnerRejected, match="was cancelled there"):
        erp.send(erp_order(key))
    assert len(server.sales()) == 1


class Killed(BaseException):
    """The process is gone at this point."""


class InterruptedRpc(TrytonRpc):
    """A connection that lets something happen before one of its calls, and may be gone after it."""

    def __init__(self, server: TrytonServer, before: Callable[[str], None], after: Callable[[str], None]) -> None:
        settings = server.settings
        super().__init__(TrytonAccess(settings.url, settings.database, settings.user, settings.password))
        self.before = before
        self.after = after

    def call(self, method: str, *arguments: Any, **options: Any) -> Any:
        self.before(method)
        answer = super().call(method, *arguments, **options)
        self.after(method)
        return answer


def interrupted(
    server: TrytonServer,
    before: Callable[[str], None] = lambda _method: None,
    after: Callable[[str], None] = lambda _method: None,
) -> TrytonErp:
    erp = server.erp()
    erp._sales._rpc = InterruptedRpc(server, before, after)  # noqa: SLF001 - it happens between our own calls
    return erp


def dying(server: TrytonServer, after: str) -> TrytonErp:
    def die(method: str) -> None:
        if method == f"model.sale.sale.{after}":
            raise Killed

    return interrupted(server, after=die)


def test_crashes_after_each_call_are_healed_by_sending_again(server: TrytonServer, number: str):
    """The first try ends after its first call, the second after its second, and so on until one gets through."""
    order = erp_order(number, customer=erp_party(number), ship_to=erp_party("S-9", name="Baustelle", street="Am Kai 9"))
    crashes: list[str] = []

    def crash_later_each_time(erp_calls: Iterator[int]) -> Callable[[str], None]:
        def die(method: str) -> None:
            if next(erp_calls) == len(crashes):
                crashes.append(method.rpartition(".")[2])
                raise Killed

        return die

    while True:
        try:
            receipt = interrupted(server, after=crash_later_each_time(count())).send(order)
            break
        except Killed:
            continue
    (sale,) = server.sales()
    assert {"create", "on_change"} <= set(crashes)
    assert (receipt.state, sale.state, sale.gross) == ("processing", "processing", Decimal("14.28"))
    (party,) = parties(server, number)
    assert len(party["addresses"]) == 2
    (stored,) = server.rpc.search_read("sale.sale", [["web_id", "=", number]], ["shipments", "invoices"])
    assert (len(stored["shipments"]), len(stored["invoices"])) == (1, 1)


@pytest.mark.parametrize(
    "method", ["party.party.create", "sale.sale.create", "sale.sale.quote", "sale.sale.confirm", "sale.sale.delete"]
)
def test_a_sender_that_is_overtaken_goes_on_from_the_others_sale(
    server: TrytonServer, key: str, number: str, method: str
):
    other = server.erp()
    order = erp_order(key, customer=erp_party(number))

    def overtake(called: str) -> None:
        if called == f"model.{method}":
            other._sales._send(order)  # noqa: SLF001 - as another process, which our lock does not hold back

    erp = interrupted(server, before=overtake)
    if method == "sale.sale.delete":
        with pytest.raises(PartnerRejected, match="other totals"):
            erp.send(replace(order, tax=Decimal("2.27"), gross=Decimal("14.27")))
    else:
        assert erp.send(order).state == "processing"
    assert [sale.state for sale in server.sales()] == ["processing"]
    (sale,) = server.rpc.search_read("sale.sale", [["web_id", "=", key]], ["shipments", "invoices"])
    assert (len(sale["shipments"]), len(sale["invoices"])) == (1, 1)
    assert len(parties(server, number)) == 1


@pytest.mark.parametrize("state", ["create", "quote", "confirm"])
def test_a_half_made_sale_is_not_found_until_it_is_confirmed_and_then_finished(
    server: TrytonServer, erp: TrytonErp, key: str, state: str
):
    with pytest.raises(Killed):
        dying(server, after=state).send(erp_order(key))
    assert (erp.find(key) is None) == (state != "confirm")
    assert erp.send(erp_order(key)).state == "processing"
    assert len(server.sales()) == 1


def test_senders_at_once_make_one_sale_one_shipment_one_invoice_and_one_customer(
    server: TrytonServer, key: str, number: str
):
    def send(_: int) -> str:
        with_own_connection = server.erp()
        while True:
            try:
                return with_own_connection.send(erp_order(key, customer=erp_party(number))).reference
            except PartnerUnavailable as busy:
                assert "busy" in str(busy)  # noqa: PT017 - any other sentence fails the test

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(send, range(4)))) == 1
    (sale,) = server.rpc.search_read("sale.sale", [["web_id", "=", key]], ["shipments", "invoices"])
    assert (len(sale["shipments"]), len(sale["invoices"])) == (1, 1)
    assert len(parties(server, number)) == 1


def test_an_outage_in_the_middle_leaves_it_unknown_and_is_healed(server: TrytonServer, erp: TrytonErp, key: str):
    with pytest.raises(Killed):
        dying(server, after="create").send(erp_order(key))
    server.stop()
    with pytest.raises(PartnerUnavailable, match=r"Whether .* was done is not known"):
        erp.send(erp_order(key))
    server.start()
    assert erp.send(erp_order(key)).state == "processing"
    assert len(server.sales()) == 1


def test_a_session_that_has_expired_is_renewed(erp: TrytonErp, key: str):
    erp.stock(["SCR-4030"])
    rpc = erp._rpc  # noqa: SLF001 - the server must forget exactly this connection's session
    assert rpc._session is not None  # noqa: SLF001
    rpc._post("common.db.logout", [], rpc._session.header)  # noqa: SLF001
    assert erp.send(erp_order(key)).state == "processing"


def test_a_user_that_may_not_make_the_web_shop_says_what_the_administrator_must_do(server: TrytonServer, key: str):
    add_user(server, "clerk", ("Sales", "Party Administration"), company=True)
    erp = server.erp(user="clerk", password="Throw-Away-Clerk1!", shop="not there yet")
    with pytest.raises(PartnerUnavailable, match="no web shop called not there yet, and our user may not make it"):
        erp.send(erp_order(key))
    assert server.sales() == ()


def test_a_user_without_a_company_is_told_so(server: TrytonServer, key: str):
    add_user(server, "nomad", ("Sales", "Sales Administrator", "Party Administration"), company=False)
    with pytest.raises(PartnerUnavailable, match="user nomad works for no company"):
        server.erp(user="nomad", password="Throw-Away-Nomad1!").send(erp_order(key))


def add_user(server: TrytonServer, login: str, groups: tuple[str, ...], *, company: bool) -> None:
    admin = TrytonRpc(TrytonAccess(server.url, DATABASE, *ADMIN))
    ids = [row["id"] for row in admin.search_read("res.group", [["name", "in", list(groups)]], ["name"])]
    values: dict[str, Any] = {"name": login, "login": login, "password": f"Throw-Away-{login.capitalize()}1!"}
    values |= {"email": f"{login}@mill.example", "groups": [["add", ids]]}
    values |= {"companies": [["add", [1]]], "company": 1} if company else {"companies": [], "company": None}
    admin.call("model.res.user.create", [values])
    admin.close()


def test_a_wrong_password_or_database_waits_and_says_so(server: TrytonServer, key: str):
    with pytest.raises(PartnerUnavailable, match=r"HTTP 401 to common\.db\.login\. .*check user and password"):
        server.erp(password="wrong").find(key)
    with pytest.raises(PartnerUnavailable, match=r"HTTP 404 .*check its name"):
        server.erp(database="nowhere").find(key)


def test_a_key_just_too_long_is_refused(erp: TrytonErp):
    assert erp.send(erp_order("k" * MAX_KEY_LENGTH)).state == "processing"
    with pytest.raises(PartnerRejected, match="longer than 500"):
        erp.send(erp_order("k" * (MAX_KEY_LENGTH + 1)))


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
    (party,) = parties(server, number)
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
