"""The table of checks, and the one call that runs them all."""

from collections.abc import Callable, Iterator

from oms_core.values.draft import DocumentKind
from oms_core.values.facts import OrderFacts
from oms_core.values.finding import Finding
from oms_core.values.match import MatchedOrder
from rules.checks import completeness, credit, duplicate, party, price, quantity
from rules.values import DEFAULT_RULES, RuleSet

Check = Callable[[MatchedOrder, OrderFacts, RuleSet], Iterator[Finding]]
"""A rule: compares an order with the facts and yields what a person should know; pure, never raises."""

FOR_EVERY_KIND: tuple[Check, ...] = (
    completeness.is_new_order,
    duplicate.same_number,
    duplicate.same_message,
    duplicate.same_bytes,
    completeness.has_number,
    party.customer_known,
    party.sender_authentic,
    party.reply_elsewhere,
    party.first_order,
    party.new_ship_to,
    party.supplier_is_us,
)
"""Rules about who sends what; a cancellation is held to these alone, because it orders nothing."""

FOR_ORDERS: tuple[Check, ...] = (
    completeness.has_lines,
    completeness.currency_agreed,
    completeness.dates_possible,
    completeness.read_well,
    completeness.read_surely,
    quantity.quantity_stated,
    quantity.unit_known,
    quantity.full_packs,
    quantity.enough_stock,
    quantity.product_on_sale,
    price.price_sane,
    price.price_against_list,
    price.amounts_close,
    credit.minimum_order,
    credit.credit_limit,
)
"""Rules about goods and money, for orders and their changes."""

CHECKS = (*FOR_EVERY_KIND, *FOR_ORDERS)
"""Every rule, in the order in which a person wants to read its findings."""

MAX_FINDINGS = 2_000
"""An order with more findings than this is wrong as a whole; the rest is left out."""


def evaluate(order: MatchedOrder, facts: OrderFacts, rule_set: RuleSet = DEFAULT_RULES) -> tuple[Finding, ...]:
    """Return what all rules find, in the order of the table; the same arguments give the same findings."""
    found: list[Finding] = []
    cancels = order.draft.kind is DocumentKind.ORDER_CANCELLATION
    for check in FOR_EVERY_KIND if cancels else CHECKS:
        for finding in check(order, facts, rule_set):
            if len(found) >= MAX_FINDINGS:
                return tuple(found)
            found.append(finding)
    return tuple(found)
