"""Orders on their way into a real Tryton: what arrives there, what it refuses, and crashes at every step."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from connectors import tryton_sales
from connectors.tryton import MAX_KEY_LENGTH, TrytonErp
from connectors.tryton_rpc import TrytonAccess, TrytonRpc
from oms_core.errors import PartnerRejected, PartnerUnavailable
from oms_core.values.outbound import ErpReceipt
from tests.factory import TODAY, erp_line, erp_order, erp_party
from tests.servers.tryton import DATABASE, SaleLine, TrytonServer, vat_number

ADMIN = ("admin", "Throw-Away-Adm1n!")
pytestmark = pytest.mark.real


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
    (party,) = server.parties(number)
    assert [one["code"] for one in party["identifiers."]] == [vat]
    assert [one["value"] for one in party["contact_mechanisms."]] == ["po@huber.example"]


def test_a_customer_and_its_ship_to_are_made_once_and_used_again(server: TrytonServer, erp: TrytonErp, number: str):
    site = erp_party("S-1", name="Huber Baustelle", street="Am Kai 4", postal_code="20457", city="Hamburg")
    for spelling in ("Am Kai 4", "AM  KAI 4"):
        ship_to = erp_party("S-1", name=site.name, street=spelling, postal_code="20457", city="Hamburg")
        erp.send(erp_order(f"{number}-{spelling}", customer=erp_party(number), ship_to=ship_to))
    erp.send(erp_order(f"{number}-own", customer=erp_party(number), requested_on=TODAY - dt.timedelta(days=3)))
    (party,) = server.parties(number)
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
