"""Quantities: known, in full packs, at least the minimum, and on the shelf."""

from collections.abc import Iterator
from decimal import ROUND_CEILING, Decimal, localcontext

from oms_core.decisions.triage import unit_question
from oms_core.values.facts import OrderFacts
from oms_core.values.finding import Finding, Severity
from oms_core.values.match import MatchedOrder
from oms_core.values.money import MAX_ABSOLUTE, plain
from oms_core.values.units import in_units
from rules.values import RuleSet
from rules.wording import at_line, is_sane, lines_of, quote


def quantity_stated(order: MatchedOrder, _facts: OrderFacts, _rule_set: RuleSet) -> Iterator[Finding]:
    """Stop lines without a quantity above zero that the database could hold."""
    for position, line, _ in lines_of(order):
        if line.quantity is None:
            message = "no quantity is stated; ask the customer or enter it."
            yield at_line("quantity.missing", Severity.BLOCK, position, line, part="quantity", message=message)
        elif not is_sane(line.quantity.value) or not 0 < line.quantity.value <= MAX_ABSOLUTE:
            read = quote(str(line.quantity.value))
            message = f"the quantity reads {read}; it must be above 0 and at most {MAX_ABSOLUTE:,f}: put it right."
            yield at_line("quantity.impossible", Severity.BLOCK, position, line, part="quantity", message=message)


def unit_known(order: MatchedOrder, _facts: OrderFacts, _rule_set: RuleSet) -> Iterator[Finding]:
    """Stop lines whose unit nobody can convert to the product's stock unit."""
    for position, line, match in lines_of(order):
        if match is None or match.sku is None or match.quantity is not None or line.quantity is None:
            continue
        message = unit_question(match.sku, match.stock_unit, quote(line.unit.value) if line.unit else None)
        yield at_line("unit.unknown", Severity.BLOCK, position, line, part="unit", message=message)


def full_packs(order: MatchedOrder, facts: OrderFacts, _rule_set: RuleSet) -> Iterator[Finding]:
    """Ask where less than the minimum or no full packs are ordered, and propose the next quantity that is sold."""
    for position, line, match in lines_of(order):
        if match is None or match.sku is None or match.quantity is None or not is_sane(match.quantity):
            continue
        known, unit = facts.line(position), match.stock_unit or ""
        sold = next_sold_quantity(match.quantity, known.minimum_quantity, known.pack_quantity)
        if match.quantity <= 0 or sold == match.quantity:
            continue
        if match.quantity < known.minimum_quantity:
            code, rule = "quantity.minimum", f"the least we sell is {in_units(known.minimum_quantity, unit)}"
        else:
            code, rule = "quantity.pack", f"{match.sku} is sold in multiples of {plain(known.pack_quantity)}"
        ordered, fitting = in_units(match.quantity, unit), in_units(sold, unit)
        message = f"{ordered} ordered, {rule}: ask for {fitting}, or accept it as ordered."
        yield at_line(code, Severity.REVIEW, position, line, part="quantity", message=message)


def next_sold_quantity(quantity: Decimal, minimum: Decimal, pack: Decimal) -> Decimal:
    """Return the smallest quantity from `quantity` on that is at least the minimum and fills packs exactly."""
    wanted = max(quantity, minimum)
    if pack <= 0 or not is_sane(pack):
        return wanted
    with localcontext() as context:
        context.prec = 100
        if wanted % pack == 0:
            return wanted
        return (wanted / pack).to_integral_value(rounding=ROUND_CEILING) * pack


def enough_stock(order: MatchedOrder, facts: OrderFacts, rule_set: RuleSet) -> Iterator[Finding]:
    """Tell where all lines of one product together ask for more than may be promised."""
    severity = Severity.REVIEW if rule_set.review_stock_shortage else Severity.NOTE
    taken: dict[str, Decimal] = {}
    for position, line, match in lines_of(order):
        available = facts.line(position).available
        if match is None or match.sku is None or match.quantity is None or not is_sane(match.quantity):
            continue
        before = taken.get(match.sku, Decimal(0))
        taken[match.sku] = before + match.quantity
        if available is None or taken[match.sku] <= available:
            continue
        left = max(available - before, Decimal(0))
        missing = match.quantity - left
        ordered = in_units(match.quantity, match.stock_unit or "")
        message = (
            f"{ordered} of {match.sku} ordered, {plain(left)} available: {plain(missing)} short, "
            "which wait for new stock when the order is accepted."
        )
        yield at_line("stock.short", severity, position, line, part="quantity", message=message)


def product_on_sale(order: MatchedOrder, facts: OrderFacts, _rule_set: RuleSet) -> Iterator[Finding]:
    """Ask where the product meant is no longer on sale."""
    for position, line, match in lines_of(order):
        if match is not None and match.sku is not None and not facts.line(position).active:
            message = f"{match.sku} is no longer on sale: choose what takes its place."
            yield at_line("product.inactive", Severity.REVIEW, position, line, part="", message=message)
