"""Credit and minimum: the order is worth its while, and the customer's credit covers it."""

from collections.abc import Iterator
from decimal import Decimal

from oms_core.values.draft import DraftLine
from oms_core.values.facts import LineFacts, OrderFacts
from oms_core.values.finding import Finding, Severity
from oms_core.values.match import LineMatch, MatchedOrder
from oms_core.values.money import round_money
from rules.values import RuleSet
from rules.wording import is_sane, lines_of, money


def credit_limit(order: MatchedOrder, facts: OrderFacts, rule_set: RuleSet) -> Iterator[Finding]:
    """Ask where open exposure and this order together go over the agreed limit; the sentence shows the sum."""
    terms = facts.terms
    if terms is None or terms.credit_limit is None:
        return
    value, complete = order_value(order, facts)
    total = terms.exposure + value
    if total <= terms.credit_limit:
        return
    at_least = "" if complete else "at least "
    message = (
        f"Credit: {money(terms.exposure)} open + {at_least}{money(value)} this order (net) = {money(total)} "
        f"{terms.currency}, limit is {money(terms.credit_limit)}: {money(total - terms.credit_limit)} over. "
        "Ask who looks after the credit before you accept."
    )
    severity = Severity.REVIEW if rule_set.review_credit else Severity.NOTE
    yield Finding("credit.over_limit", severity, "customer", message)


def minimum_order(order: MatchedOrder, facts: OrderFacts, _rule_set: RuleSet) -> Iterator[Finding]:
    """Ask where the whole order is worth less than the customer's agreed minimum."""
    terms = facts.terms
    if terms is None or terms.minimum_order is None or not order.lines:
        return
    value, complete = order_value(order, facts)
    if complete and value < terms.minimum_order:
        message = (
            f"The order is worth {money(value)} {terms.currency} net, "
            f"the customer's minimum order is {money(terms.minimum_order)} {terms.currency}: "
            "ask for more, or accept it as it is."
        )
        yield Finding("order.minimum", Severity.REVIEW, "totals", message)


def order_value(order: MatchedOrder, facts: OrderFacts) -> tuple[Decimal, bool]:
    """Return the net value in the customer's currency, rounded per line, and whether every line could be priced."""
    worths = [_worth(line, match, facts.line(position)) for position, line, match in lines_of(order)]
    known = [worth for worth in worths if worth is not None]
    return sum(known, Decimal(0)), len(known) == len(worths)


def _worth(line: DraftLine, match: LineMatch | None, known: LineFacts) -> Decimal | None:
    """Price a line as stated, else by the list."""
    price, quantity = line.unit_price, line.quantity
    if price is not None and quantity is not None and is_sane(price.value) and is_sane(quantity.value):
        return round_money(price.value * quantity.value)
    if match is not None and match.quantity is not None and known.list_price is not None and is_sane(match.quantity):
        return round_money(match.quantity * known.list_price)
    return None
