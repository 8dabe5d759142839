"""Prices: what is ordered at is what was agreed, and the printed arithmetic closes."""

from collections.abc import Iterator
from decimal import Decimal, localcontext

from oms_core.values.draft import DraftLine
from oms_core.values.facts import LineFacts, OrderFacts
from oms_core.values.finding import Finding, Severity
from oms_core.values.match import LineMatch, MatchedOrder
from oms_core.values.money import plain
from oms_core.values.units import unit_name
from rules.values import RuleSet
from rules.wording import at_line, is_sane, lines_of, money, percent, quote

_ROUNDING = Decimal("0.02")
"""Two cents: what rounding of an amount and of its price may differ together."""


def price_against_list(order: MatchedOrder, facts: OrderFacts, rule_set: RuleSet) -> Iterator[Finding]:
    """Ask where a stated price is off the list price of the ordered unit, either way, by more than the tolerance."""
    if _foreign_currency(order, facts) or order.customer.key is None:
        # Which list holds is known once the customer is; until then that alone is asked.
        return
    for position, line, match in lines_of(order):
        known = facts.line(position)
        if match is None or match.sku is None:
            continue
        if line.unit_price is None or not is_sane(line.unit_price.value):
            yield from _unstated(position, line, match, known, rule_set)
        elif known.list_price is None:
            message = (
                f"{match.sku} has no list price for this customer, {money(line.unit_price.value)} is ordered: "
                "check the price before you accept it."
            )
            yield at_line("price.no_list", Severity.REVIEW, position, line, part="unit_price", message=message)
        elif match.factor is not None:
            yield from _off_list(position, line, match.factor, facts, rule_set)


def price_sane(order: MatchedOrder, _facts: OrderFacts, _rule_set: RuleSet) -> Iterator[Finding]:
    """Stop prices that are below zero or no numbers."""
    for position, line, _ in lines_of(order):
        price = line.unit_price
        if price is not None and (not is_sane(price.value) or price.value < 0):
            message = f"the price reads {quote(str(price.value))}, which is no price: put it right."
            yield at_line("price.impossible", Severity.BLOCK, position, line, part="unit_price", message=message)


def amounts_close(order: MatchedOrder, _facts: OrderFacts, rule_set: RuleSet) -> Iterator[Finding]:
    """Check that quantity times price gives each printed amount, and that the amounts give the printed net total."""
    amounts: list[Decimal] = []
    for position, line, _ in lines_of(order):
        if line.amount is None or not is_sane(line.amount.value):
            continue
        amounts.append(line.amount.value)
        yield from _line_amount(position, line, rule_set)
    net = order.draft.totals.net
    if net is None or not is_sane(net.value) or not amounts or len(amounts) < len(order.draft.lines):
        return
    total = _sum(amounts)
    if abs(total - net.value) > _allowance(net.value, rule_set):
        message = (
            f"The lines add up to {money(total)}, the document says {money(net.value)}: "
            "a line may be missing, or freight or a discount is added."
        )
        yield Finding("amount.total", Severity.REVIEW, "totals.net", message)


def _unstated(
    position: int, line: DraftLine, match: LineMatch, known: LineFacts, rule_set: RuleSet
) -> Iterator[Finding]:
    if known.list_price is None:
        message = f"no price is stated and {match.sku} has no list price for this customer: enter a price."
        yield at_line("price.missing", Severity.BLOCK, position, line, part="unit_price", message=message)
    elif rule_set.require_price:
        message = (
            f"no price is stated; the list price is {money(known.list_price)} ({known.price_source}): "
            "enter a price, or accept at the list price."
        )
        yield at_line("price.unstated", Severity.REVIEW, position, line, part="unit_price", message=message)


def _off_list(
    position: int, line: DraftLine, factor: Decimal, facts: OrderFacts, rule_set: RuleSet
) -> Iterator[Finding]:
    known = facts.line(position)
    assert line.unit_price is not None
    assert known.list_price is not None
    with localcontext() as context:
        context.prec = 100
        expected = known.list_price * factor
        difference = line.unit_price.value - expected
        tolerance = _tolerance(facts, rule_set)
        if abs(difference) * 100 <= tolerance * expected:
            return
    message = _off_list_sentence(line, expected, difference, tolerance, facts, known)
    yield at_line("price.off_list", Severity.REVIEW, position, line, part="unit_price", message=message)


def _off_list_sentence(
    line: DraftLine, expected: Decimal, difference: Decimal, tolerance: Decimal, facts: OrderFacts, known: LineFacts
) -> str:
    assert line.unit_price is not None
    currency = facts.list_currency or ""
    unit = f" per {quote(unit_name(line.unit.value))}" if line.unit else ""
    side = "above" if difference > 0 else "below"
    far = f"{percent(abs(difference), expected)} % {side}" if expected else f"{money(abs(difference))} {side}"
    source = f" ({known.price_source})" if known.price_source else ""
    ordered = f"{money(line.unit_price.value)} {currency}".strip()
    listed = f"{money(expected)} {currency}".strip()
    return (
        f"{ordered}{unit} ordered, list price is {listed}{source}: {far}, tolerance is {plain(tolerance)} %. "
        "Correct the price, or accept it as ordered."
    )


def _line_amount(position: int, line: DraftLine, rule_set: RuleSet) -> Iterator[Finding]:
    if line.quantity is None or line.unit_price is None or line.amount is None:
        return
    if not (is_sane(line.quantity.value) and is_sane(line.unit_price.value)):
        return
    product = line.quantity.value * line.unit_price.value
    if abs(product - line.amount.value) > _allowance(line.amount.value, rule_set):
        message = (
            f"{line.quantity.value:f} times {money(line.unit_price.value)} is {money(product)}, "
            f"the document says {money(line.amount.value)}: compare quantity and price with the document."
        )
        yield at_line("amount.line", Severity.REVIEW, position, line, part="amount", message=message)


def _allowance(amount: Decimal, rule_set: RuleSet) -> Decimal:
    return max(_ROUNDING, abs(amount) * rule_set.amount_tolerance / 100)


def _tolerance(facts: OrderFacts, rule_set: RuleSet) -> Decimal:
    agreed = facts.terms.price_tolerance if facts.terms else None
    return rule_set.price_tolerance if agreed is None else agreed


def _foreign_currency(order: MatchedOrder, facts: OrderFacts) -> bool:
    """Tell whether prices cannot be compared; the currency itself is another rule's finding."""
    stated = order.draft.currency
    return bool(stated and facts.list_currency and stated.value.strip().upper() != facts.list_currency.upper())


def _sum(values: list[Decimal]) -> Decimal:
    return sum(values, Decimal(0))
