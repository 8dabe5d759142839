"""Completeness: the document says all that an order needs, and was read well enough."""

from collections.abc import Iterator
from datetime import date, timedelta
from math import floor

from oms_core.values.draft import ORDER_KINDS, DocumentKind
from oms_core.values.facts import OrderFacts
from oms_core.values.finding import Finding, Severity
from oms_core.values.match import MatchedOrder
from oms_core.values.money import plain
from oms_core.values.source import Value
from rules.values import RuleSet
from rules.wording import at_line, is_sane, lines_of, quote

TOUCHES_AN_ORDER = "document.not_new_order"
"""The finding on a document that is no new order: what is to be done with it depends on the order that it names."""
_TOUCHES = {
    DocumentKind.ORDER_CHANGE: "This document changes an order: open it to see which, and what is to be done.",
    DocumentKind.ORDER_CANCELLATION: "This document cancels an order: open it to see which, and what is to be done.",
}
"""What the queue says of a document that touches an earlier order; `oms_flow.change` knows more when it is opened."""


def is_new_order(order: MatchedOrder, _facts: OrderFacts, _rule_set: RuleSet) -> Iterator[Finding]:
    """Ask what a change or a cancellation touches; stop every other document that is no order."""
    kind = order.draft.kind
    if kind is DocumentKind.ORDER:
        return
    if kind in ORDER_KINDS:
        yield Finding(TOUCHES_AN_ORDER, Severity.REVIEW, "kind", _TOUCHES[kind])
    else:
        message = f"This document is no order ({kind.value.replace('_', ' ')}): reject it, nothing is to be delivered."
        yield Finding(TOUCHES_AN_ORDER, Severity.BLOCK, "kind", message)


def has_number(order: MatchedOrder, _facts: OrderFacts, rule_set: RuleSet) -> Iterator[Finding]:
    """Note or ask where the customer PO number is missing: without it an order sent again is harder to tell."""
    if order.draft.number is None or not order.draft.number.value.strip():
        severity = Severity.REVIEW if rule_set.require_number else Severity.NOTE
        message = "The document has no order number of the customer's own: enter it, if the customer tells you one."
        yield Finding("order.no_number", severity, "number", message)


def has_lines(order: MatchedOrder, _facts: OrderFacts, _rule_set: RuleSet) -> Iterator[Finding]:
    """Stop documents without an order line."""
    if not order.draft.lines:
        message = "The document has no order line; enter the lines or reject it."
        yield Finding("order.no_lines", Severity.BLOCK, "lines", message)


def currency_agreed(order: MatchedOrder, facts: OrderFacts, _rule_set: RuleSet) -> Iterator[Finding]:
    """Ask where the document is in another currency than the customer's terms."""
    stated = order.draft.currency
    if stated is None or facts.terms is None:
        return
    if stated.value.strip().upper() != facts.terms.currency.upper():
        both = f"The document is in {quote(stated.value)}, the customer's currency is {facts.terms.currency}"
        message = f"{both}: ask the customer which one holds."
        yield Finding("currency.mismatch", Severity.REVIEW, "currency", message)


def dates_possible(order: MatchedOrder, facts: OrderFacts, rule_set: RuleSet) -> Iterator[Finding]:
    """Ask where goods are wanted in the past, or so far ahead that the date is more likely misread."""
    message = _date_trouble(order.draft.requested_date, facts.today, rule_set)
    if message:
        yield Finding("date.impossible", Severity.REVIEW, "requested_date", f"The order is {message}")
    for position, line, _ in lines_of(order):
        message = _date_trouble(line.requested_date, facts.today, rule_set)
        if message:
            yield at_line("date.impossible", Severity.REVIEW, position, line, part="requested_date", message=message)


def read_well(order: MatchedOrder, _facts: OrderFacts, rule_set: RuleSet) -> Iterator[Finding]:
    """Show quantities and prices that the reader was not sure of."""
    least = rule_set.minimum_reading_confidence
    for position, line, _ in lines_of(order):
        for part, value in (("quantity", line.quantity), ("unit_price", line.unit_price)):
            if value is not None and value.confidence < least:
                read = plain(value.value) if is_sane(value.value) else quote(str(value.value))
                message = f"the {part.replace('_', ' ')} {read} was hard to read; compare it with the document."
                yield at_line("reading.unsure", Severity.REVIEW, position, line, part=part, message=message)


def read_surely(order: MatchedOrder, facts: OrderFacts, rule_set: RuleSet) -> Iterator[Finding]:
    """Show documents whose reading is less sure than the error budget wants."""
    sure, least = order.draft.confidence, facts.reading_threshold
    if sure >= least:
        return
    budget = f"{plain(rule_set.error_budget * 100)} %"
    wanted = f"from {least:.1%} on" if least <= 1 else "by no confidence that was measured"
    told = f"{floor(sure * 1000) / 10:.1f}%"  # never rounded up to what would have been enough
    message = f"The reading is {told} sure; an error budget of {budget} is kept {wanted}. Compare it with the document."
    yield Finding("reading.not_sure_enough", Severity.REVIEW, "", message)


def _date_trouble(value: Value[date] | None, today: date, rule_set: RuleSet) -> str:
    if value is None:
        return ""
    if value.value < today:
        return f"wanted on {value.value.isoformat()}, which is past; ask the customer for a date."
    if value.value - today > timedelta(days=rule_set.furthest_requested_days):
        far = f"wanted on {value.value.isoformat()}, more than {rule_set.furthest_requested_days} days ahead"
        return f"{far}; compare it with the document."
    return ""
