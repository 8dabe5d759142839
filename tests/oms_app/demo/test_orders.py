"""The sixty orders: what there is, what is clean by the master data, and what is wrong on purpose."""

from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from oms_app.demo.company import WAREHOUSES, DemoCompany, PriceBook, build_company
from oms_app.demo.orders import build_orders
from oms_app.demo.planned import DemoOrder, Expected, PlannedLine
from oms_app.demo.specs import CLEAN, CONSEQUENCES, SPECS, Fault, Form
from oms_core.values.document import ChannelKind
from oms_core.values.draft import DocumentKind
from rules.values import DEFAULT_RULES

ROOT = Path(__file__).parents[3]
SAME_ON_ANY_DAY = ("empty-file", "upload-csv-2", "same-bytes-again")
"""Nothing in these files tells a day: that is their point."""


def _named(orders: tuple[DemoOrder, ...], name: str) -> DemoOrder:
    return next(order for order in orders if order.name == name)


def _accepted_lines(orders: tuple[DemoOrder, ...]) -> list[tuple[str, PlannedLine]]:
    return [
        (plan.customer.number, line)
        for order in orders
        if order.expected is Expected.ACCEPTED and "stock.short" not in order.codes
        for plan in order.orders
        for line in plan.lines
    ]


def test_there_are_sixty_over_all_channels_forms_and_languages(orders: tuple[DemoOrder, ...]):
    assert len(orders) == len({order.name for order in orders}) == 60
    assert Counter(order.channel for order in orders) == {
        ChannelKind.MAILBOX: 26,
        ChannelKind.FOLDER: 17,
        ChannelKind.SFTP: 10,
        ChannelKind.UPLOAD: 7,
    }
    assert {spec.form for spec in SPECS} == set(Form)
    assert {plan.language for order in orders for plan in order.orders} == {"en", "de", "fr", "es", "it", "nl"}


def test_two_thirds_are_clean_and_every_fault_is_there(orders: tuple[DemoOrder, ...]):
    assert len(CLEAN) == 40
    assert {spec.fault for spec in SPECS} == set(Fault)
    assert Counter(order.expected for order in orders) == {
        Expected.ACCEPTED: 41,
        Expected.REVIEW: 12,
        Expected.DUPLICATE: 2,
        Expected.FILED: 2,
        Expected.UNREADABLE: 3,
    }


def test_one_interchange_carries_three_orders(orders: tuple[DemoOrder, ...]):
    assert len(_named(orders, "sftp-edifact-6").orders) == 3
    assert sum(len(order.orders) for order in orders) == 60


def test_the_same_seed_and_day_give_the_same_bytes(orders: tuple[DemoOrder, ...], today: date):
    again = build_orders(build_company(7), 7, today)
    assert again == orders
    assert [order.data for order in again] == [order.data for order in orders]


def test_another_seed_or_day_gives_other_bytes(company: DemoCompany, orders: tuple[DemoOrder, ...], today: date):
    for other in (build_orders(company, 8, today), build_orders(company, 7, date(2026, 11, 24))):
        same = [order.name for order, twin in zip(orders, other, strict=True) if order.data == twin.data]
        assert set(same) <= {"newsletter", "out-of-office", "cancel-by-mail", *SAME_ON_ANY_DAY}


def test_every_customer_orders_and_every_sender_of_a_mail_is_known_unless_it_is_the_point(
    company: DemoCompany, orders: tuple[DemoOrder, ...]
):
    known = {row.email for row in company.sold_tos}
    strangers = [o.name for o in orders if o.channel is ChannelKind.MAILBOX and o.sender not in known]
    assert strangers == ["unknown-customer", "newsletter"]
    assert {o.sender for o in orders if o.channel is not ChannelKind.MAILBOX} <= {r.number for r in company.sold_tos}
    assert {plan.customer.number for o in orders for plan in o.orders} >= {row.number for row in company.sold_tos}


def test_clean_prices_are_those_of_the_customers_list_for_the_quantity(
    company: DemoCompany, orders: tuple[DemoOrder, ...]
):
    book = PriceBook(company)
    for customer, line in _accepted_lines(orders):
        assert line.sku is not None
        assert line.price == book.price(customer, line.sku, line.stock_quantity)
        assert line.printed_price in {None, line.price * line.factor}


def test_clean_codes_are_known_and_quantities_are_sold(company: DemoCompany, orders: tuple[DemoOrder, ...]):
    products = {row.sku: row for row in company.products}
    own = {(row.customer, row.code): row for row in company.xrefs}
    for customer, line in _accepted_lines(orders):
        row = products[line.sku or ""]
        assert line.supplier_code in {None, row.sku}
        assert line.gtin in {None, row.gtin}
        if line.buyer_code is not None:
            xref = own[customer, line.buyer_code]
            assert (xref.sku, xref.unit, xref.factor) == (row.sku, line.unit, line.factor)
        assert (line.unit, line.factor) in {(row.unit, 1), (row.pack_unit, row.pack_factor)}
        assert line.stock_quantity >= (row.minimum_quantity or 0)
        assert line.stock_quantity % (row.pack_quantity or 1) == 0


def test_the_main_warehouse_holds_all_that_clean_orders_ask_for(company: DemoCompany, orders: tuple[DemoOrder, ...]):
    wanted: Counter[str] = Counter()
    for _, line in _accepted_lines(orders):
        wanted[line.sku or ""] += int(line.stock_quantity)
    main = {row.sku: row.quantity for row in company.stock if row.warehouse == WAREHOUSES[0]}
    assert [sku for sku, quantity in wanted.items() if quantity > main[sku]] == []
    assert not set(wanted) & set(company.scarce)


def test_credit_and_minimum_hold_for_all_clean_orders_together(company: DemoCompany, orders: tuple[DemoOrder, ...]):
    owed: Counter[str] = Counter()
    for order in orders:
        if order.expected is Expected.ACCEPTED:
            for plan in order.orders:
                assert plan.net >= (plan.customer.minimum_order or 0)
                owed[plan.customer.number] += int(plan.net) + 1
    for row in company.sold_tos:
        assert owed[row.number] * 2 < (row.credit_limit or 0) or row.number == "K1014"


@pytest.mark.parametrize("seed", [1, 2, 3, 99])
def test_any_seed_keeps_stock_and_prices_right(seed: int, today: date):
    company = build_company(seed)
    orders = build_orders(company, seed, today)
    test_the_main_warehouse_holds_all_that_clean_orders_ask_for(company, orders)
    test_clean_codes_are_known_and_quantities_are_sold(company, orders)
    test_credit_and_minimum_hold_for_all_clean_orders_together(company, orders)


def test_po_numbers_are_used_once_except_by_repeats_and_cancellations(orders: tuple[DemoOrder, ...]):
    numbers = Counter((plan.customer.number, plan.number) for order in orders for plan in order.orders if plan.number)
    twice = {number for number, count in numbers.items() if count > 1}
    repeated = {(p.customer.number, p.number) for o in orders if o.after for p in o.orders if p.number}
    assert twice == repeated
    assert len(repeated) == 4


def test_what_repeats_or_cancels_comes_after_what_it_is_about(orders: tuple[DemoOrder, ...]):
    names = [order.name for order in orders]
    for place, order in enumerate(orders):
        assert order.after is None or names.index(order.after) < place


def test_the_repeated_list_has_the_same_bytes_and_no_number(orders: tuple[DemoOrder, ...]):
    first, again = _named(orders, "upload-csv-2"), _named(orders, "same-bytes-again")
    assert first.data == again.data
    assert first.filename != again.filename
    assert first.orders[0].number is None


def test_the_faults_are_what_the_table_says(company: DemoCompany, orders: tuple[DemoOrder, ...]):
    skus = {row.sku for row in company.products}
    for name in ("wrong-unknown-code", "wrong-size"):
        line = _named(orders, name).orders[0].lines[0]
        assert line.sku is None
        assert line.supplier_code not in skus
    cheap = _named(orders, "wrong-price").orders[0].lines[0]
    assert cheap.printed_price is not None
    assert abs(1 - cheap.printed_price / (cheap.price * cheap.factor)) * 100 > DEFAULT_RULES.price_tolerance
    short = _named(orders, "oversold").orders[0].lines[0]
    assert short.quantity > sum(row.quantity for row in company.stock if row.sku == short.sku)
    big = _named(orders, "over-credit").orders[0]
    assert big.net > (big.customer.credit_limit or 0)
    assert _named(orders, "cancel-by-mail").orders[0].kind is DocumentKind.ORDER_CANCELLATION
    assert _named(orders, "empty-file").data == b""
    odd = _named(orders, "wrong-pack").orders[0].lines[0]
    assert odd.quantity % Decimal(5) != 0


def test_only_what_is_accepted_counts_as_value(orders: tuple[DemoOrder, ...]):
    assert _named(orders, "mail-text-1").expected_net == _named(orders, "mail-text-1").orders[0].net > 0
    assert _named(orders, "wrong-price").expected_net == 0
    assert _named(orders, "newsletter").expected_net == 0


def test_every_finding_that_is_expected_is_one_that_rules_or_triage_name():
    rooms = [*ROOT.glob("rules/**/*.py"), *ROOT.glob("oms_core/decisions/*.py")]
    source = "\n".join(path.read_text(encoding="utf-8") for path in rooms)
    judged = [row for row in CONSEQUENCES.values() if row.expected is not Expected.UNREADABLE]
    codes = {code for row in judged for code in row.codes}
    by_place = {"match.customer_unknown", "match.ship_to_unknown"}
    assert 'f"match.{place}_unknown"' in source
    assert [code for code in sorted(codes - by_place) if f'"{code}"' not in source] == []


def test_the_page_in_docs_names_every_order_and_every_code(orders: tuple[DemoOrder, ...]):
    page = (ROOT / "docs" / "demo.md").read_text(encoding="utf-8")
    rows = {line.split("`")[1]: line for line in page.splitlines() if line.startswith("| `")}
    assert set(rows) == {order.name for order in orders}
    for order in orders:
        cells = [cell.strip() for cell in rows[order.name].strip("|").split("|")]
        assert cells[4] == order.expected
        assert cells[5] == (" or ".join(f"`{code}`" for code in order.codes) or "-")
    assert len({consequence.note for consequence in CONSEQUENCES.values()}) == len(CONSEQUENCES)
