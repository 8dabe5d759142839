"""Packs, minimums and stock, also where several lines ask for one product."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oms_core.values.facts import LineFacts, OrderFacts
from rules import evaluate
from rules.checks.quantity import next_sold_quantity
from tests import factory


@pytest.mark.parametrize(
    ("quantity", "minimum", "pack", "sold"),
    [
        ("100", "0", "1", "100"),
        ("101", "0", "50", "150"),
        ("1", "10", "4", "12"),
        ("2.5", "0", "0.5", "2.5"),
        ("2.6", "0", "0.5", "3.0"),
        ("7", "0", "0", "7"),
    ],
)
def test_the_next_quantity_that_is_sold(quantity: str, minimum: str, pack: str, sold: str):
    assert next_sold_quantity(Decimal(quantity), Decimal(minimum), Decimal(pack)) == Decimal(sold)


amounts = st.decimals(min_value="0.001", max_value="1000000", places=3)


@given(amounts, amounts, amounts)
def test_the_proposed_quantity_fills_packs_and_is_never_less(quantity: Decimal, minimum: Decimal, pack: Decimal):
    sold = next_sold_quantity(quantity, minimum, pack)
    assert sold >= max(quantity, minimum)
    assert sold % pack == 0
    assert sold - pack < max(quantity, minimum)


def test_two_lines_of_one_product_take_from_the_same_shelf():
    lines = [factory.draft_line(line_number="1"), factory.draft_line(line_number="2")]
    stock = tuple(LineFacts(i, Decimal("0.12"), available=Decimal(150)) for i in range(2))
    found = evaluate(factory.matched_order(factory.draft(lines=lines)), OrderFacts(factory.TODAY, lines=stock))
    assert [(f.code, f.place) for f in found] == [("stock.short", "lines[1].quantity")]
    assert found[0].message == (
        "Line 2: 100 pieces of SCR-4030 ordered, 50 available: 50 short, "
        "which wait for new stock when the order is accepted."
    )


def test_unknown_stock_says_nothing():
    facts = OrderFacts(factory.TODAY, lines=(LineFacts(0, Decimal("0.12")),))
    assert evaluate(factory.matched_order(), facts) == ()


@pytest.mark.parametrize("quantity", ["0", "-1", "NaN", "Infinity", "1000000000001", "1E+500"])
def test_a_quantity_that_nobody_can_order_is_stopped(quantity: str):
    order = factory.matched_order(factory.draft(lines=[factory.draft_line(quantity=quantity, amount=None)]))
    facts = OrderFacts(factory.TODAY, lines=(LineFacts(0, Decimal("0.12")),))
    assert "quantity.impossible" in [f.code for f in evaluate(order, facts)]


def test_the_largest_quantity_passes():
    order = factory.matched_order(factory.draft(lines=[factory.draft_line(quantity="1000000000000", amount=None)]))
    facts = OrderFacts(factory.TODAY, lines=(LineFacts(0, Decimal("0.12")),))
    assert evaluate(order, facts) == ()


def test_no_code_of_a_unit_reaches_a_person() -> None:
    lines = [factory.draft_line(unit=code) for code in ("BO", "MTR", "C62")]
    matches = tuple(factory.line_match(position, quantity=None, factor=None) for position in range(3))
    order = replace(factory.matched_order(factory.draft(lines=lines)), lines=matches)
    found = evaluate(order, OrderFacts(factory.TODAY))
    asked = [one.message for one in found if one.code == "unit.unknown"]
    assert [message.split("in one ")[1].split(":")[0] for message in asked] == ["'bottle'", "'metre'", "'piece'"]
    assert not any(code in one.message for one in found for code in ("MTR", "C62"))


def test_a_line_without_a_unit_is_asked_for_one() -> None:
    match = factory.line_match(quantity=None, factor=None)
    order = replace(factory.matched_order(factory.draft(lines=[factory.draft_line(unit=None)])), lines=(match,))
    asked = [one.message for one in evaluate(order, OrderFacts(factory.TODAY)) if one.code == "unit.unknown"]
    assert asked == ["Line 1: no unit is stated for SCR-4030, which is counted in pieces: enter the unit."]
