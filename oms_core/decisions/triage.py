"""Triage: the machine goes on with an order, a person looks, or it is one that we already have."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from oms_core.values.draft import DocumentKind, DraftLine
from oms_core.values.finding import Finding, Severity
from oms_core.values.match import Decision, LineMatch, MatchedOrder, PartyMatch
from oms_core.values.units import unit_name, unit_plural

DUPLICATE_CODE = "duplicate.same_order"
"""The finding that says: this order is here already; it is linked to the earlier one and not run."""


class Outcome(StrEnum):
    """What happens next with a matched order."""

    ACCEPT = "accept"
    REVIEW = "review"
    DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True)
class Triage:
    """The outcome and every reason for it; ACCEPT has none."""

    outcome: Outcome
    reasons: tuple[Finding, ...] = ()


def triage(order: MatchedOrder, findings: Sequence[Finding]) -> Triage:
    """Decide what happens next; notes never stop an order, anything unmatched and every REVIEW or BLOCK does.

    What the parser found in the draft counts as well, whether or not it is repeated in `findings`.
    """
    seen = _distinct((*order.draft.findings, *findings))
    duplicates = tuple(finding for finding in seen if finding.code == DUPLICATE_CODE)
    if duplicates:
        return Triage(Outcome.DUPLICATE, duplicates)
    asking = tuple(finding for finding in seen if finding.severity is not Severity.NOTE)
    reasons = (*_unmatched(order, asking), *asking)
    return Triage(Outcome.REVIEW, reasons) if reasons else Triage(Outcome.ACCEPT)


def blocking(order: MatchedOrder, findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Return what a person must put right before this order can be accepted; empty when they may accept it.

    That is: no customer, a stated ship-to that is not decided, a line without a decided product, without a quantity
    or with a unit that nobody can convert, no line at all, and every BLOCK finding.
    """
    seen = _distinct((*order.draft.findings, *findings))
    blocks = tuple(finding for finding in seen if finding.severity is Severity.BLOCK)
    return (*_undecided(order, blocks), *blocks)


def _distinct(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    return tuple(dict.fromkeys(findings))


def _undecided(order: MatchedOrder, blocks: Sequence[Finding]) -> Iterator[Finding]:
    """Yield what is not decided yet, leaving out places that a BLOCK finding already names."""
    named = {finding.place for finding in blocks}
    for finding in (*_parties(order), *_lines(order)):
        if finding.place not in named:
            yield _as_block(finding)


def _unmatched(order: MatchedOrder, asking: Sequence[Finding]) -> Iterator[Finding]:
    """Yield every party and line without a sure answer, leaving out places that a finding already names."""
    named = {finding.place for finding in asking}
    for finding in (*_parties(order), *_lines(order)):
        if finding.place not in named:
            yield finding


def _as_block(finding: Finding) -> Finding:
    return Finding(finding.code, Severity.BLOCK, finding.place, finding.message)


def _parties(order: MatchedOrder) -> Iterator[Finding]:
    yield from _party("customer", "customer", order.customer)
    if order.ship_to is not None:
        yield from _party("ship-to", "ship_to", order.ship_to)


def _party(word: str, place: str, match: PartyMatch) -> Iterator[Finding]:
    if match.decision is Decision.MATCH and match.key is not None:
        return
    if match.decision is Decision.NONE or not match.candidates:
        message = f"The {word} is not known: choose one, or have it set up and check again."
        yield Finding(f"match.{place}_unknown", Severity.REVIEW, place, message)
        return
    best = _best(match.candidates[0].label, match.candidates[0].reasons)
    message = f"The {word} is not sure; most likely {best}: confirm it or choose another."
    yield Finding(f"match.{place}_unsure", Severity.REVIEW, place, message)


def _lines(order: MatchedOrder) -> Iterator[Finding]:
    if order.draft.kind is DocumentKind.ORDER_CANCELLATION:
        # A whole order is cancelled by its number; what the lines say again is not ordered.
        return
    if not order.draft.lines and order.draft.kind is DocumentKind.ORDER:
        message = "The document has no order line; enter the lines or reject it."
        yield Finding("order.no_lines", Severity.REVIEW, "lines", message)
    matches = {match.position: match for match in order.lines}
    for position, line in enumerate(order.draft.lines):
        yield from _line(position, line, matches.get(position))


def _line(position: int, line: DraftLine, match: LineMatch | None) -> Iterator[Finding]:
    name, place = f"Line {line_name(position, line)}", f"lines[{position}]"
    if match is None or match.sku is None or match.decision is Decision.NONE:
        message = f"{name}: no product of ours is near enough; choose one or take the line out."
        yield Finding("match.line_unknown", Severity.REVIEW, place, message)
    elif match.decision is Decision.REVIEW:
        best = _best(match.sku, match.candidates[0].reasons if match.candidates else ())
        message = f"{name}: the product is not sure; most likely {best}: confirm it or choose another."
        yield Finding("match.line_unsure", Severity.REVIEW, place, message)
    if line.quantity is None:
        message = f"{name}: no quantity is stated; ask the customer or enter it."
        yield Finding("quantity.missing", Severity.REVIEW, f"{place}.quantity", message)
    elif match is not None and match.sku is not None and match.quantity is None:
        message = f"{name}: {unit_question(match.sku, match.stock_unit, line.unit.value if line.unit else None)}"
        yield Finding("unit.unknown", Severity.REVIEW, f"{place}.unit", message)


def unit_question(sku: str, stock_unit: str | None, ordered: str | None) -> str:
    """Return what is asked where a product's stock unit and the ordered unit do not meet."""
    stock = unit_plural(stock_unit) if stock_unit else "stock units"
    if ordered is None:
        return f"no unit is stated for {sku}, which is counted in {stock}: enter the unit."
    unit = unit_name(ordered)[:_NAME_LENGTH]
    return f"nobody knows how many {stock} of {sku} are in one '{unit}': enter another unit, or add the pack to {sku}."


def line_name(position: int, line: DraftLine) -> str:
    """Return what people call a line: the number printed on it, else its place counted from 1."""
    printed = line.line_number.value.strip()[:_NAME_LENGTH] if line.line_number else ""
    return printed or str(position + 1)


_NAME_LENGTH = 20
"""A printed line number longer than this is not one; only its beginning is shown."""


def _best(label: str, reasons: tuple[str, ...]) -> str:
    return f"{label} ({'; '.join(reasons[:3])})" if reasons else label
