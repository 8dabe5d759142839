"""Prices are compared per ordered unit, exactly, within the tolerance that holds."""

from dataclasses import replace
from decimal import Decimal

import pytest

from oms_core.values import MatchedOrder
from oms_core.values.facts import CustomerTerms, LineFacts, OrderFacts
from rules import RuleSet, evaluate
from tests import factory


def findings(price: str, factor: str = "1", *, tolerance: str = "2", agreed: str | None = None) -> list[str]:
    line = factory.draft_line(unit_price=price, amount=None, unit="BX")
    match = factory.line_match(factor=Decimal(factor), quantity=Decimal(100) * Decimal(factor))
    terms = CustomerTerms("EUR", price_tolerance=None if agreed is None else Decimal(agreed))
    facts = OrderFacts(factory.TODAY, terms=terms, lines=(LineFacts(0, Decimal("1.00")),), list_currency="EUR")
    order = factory.matched_order(factory.draft(lines=[line]), lines=[match])
    return [f.code for f in evaluate(order, facts, RuleSet(price_tolerance=Decimal(tolerance)))]


@pytest.mark.parametrize(
    ("price", "factor", "fine"),
    [
        ("1.00", "1", True),
        ("1.02", "1", True),
        ("1.0201", "1", False),
        ("0.98", "1", True),
        ("0.9799", "1", False),
        ("200", "200", True),
        ("1.00", "200", False),
        ("0", "1", False),
    ],
)
def test_the_price_of_the_ordered_unit_is_compared(price: str, factor: str, fine: bool):
    assert findings(price, factor) == ([] if fine else ["price.off_list"])


def test_the_customers_own_tolerance_wins():
    assert findings("1.05", agreed="5") == []
    assert findings("1.01", agreed="0") == ["price.off_list"]


def test_prices_in_another_currency_are_not_compared():
    facts = OrderFacts(
        factory.TODAY, terms=CustomerTerms("EUR"), lines=(LineFacts(0, Decimal(5)),), list_currency="EUR"
    )
    order = factory.matched_order(factory.draft(currency="USD"))
    assert [f.code for f in evaluate(order, facts)] == ["currency.mismatch"]


def amounts(**changes: object) -> list[str]:
    usual: dict[str, object] = {"quantity": 3, "unit_price": "0.333", "amount": "1.00"}
    document = factory.draft(lines=[factory.draft_line(**{**usual, **changes})])  # type: ignore[arg-type]
    order: MatchedOrder = factory.matched_order(document, lines=[replace(factory.line_match(), sku=None)])
    found = evaluate(order, OrderFacts(factory.TODAY))
    return [f.code for f in found if f.code.startswith("amount")]


def test_rounding_is_no_finding_and_a_wrong_amount_is():
    assert amounts() == []
    assert amounts(amount="1.03") == ["amount.line"]


def test_amounts_of_a_part_of_the_lines_say_nothing_of_the_total():
    lines = [factory.draft_line(), factory.draft_line(amount=None)]
    facts = OrderFacts(factory.TODAY, lines=(LineFacts(0, Decimal("0.12")), LineFacts(1, Decimal("0.12"))))
    order = factory.matched_order(factory.draft(lines=lines, totals=factory.totals("24.00")))
    assert evaluate(order, facts) == ()


def test_prices_are_not_asked_about_before_the_customer_is_known() -> None:
    order = factory.matched_order(factory.draft(lines=[factory.draft_line(unit_price=None, amount=None)]))
    nobody = replace(order, customer=factory.party_match(None))
    codes = {one.code for one in evaluate(nobody, OrderFacts(factory.TODAY, lines=(LineFacts(0),)))}
    assert "customer.unknown" in codes
    assert not [code for code in codes if code.startswith("price.")]
