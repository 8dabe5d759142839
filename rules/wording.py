"""How findings name lines and write figures, so that every sentence reads alike."""

import unicodedata
from collections.abc import Iterator
from decimal import Decimal, localcontext

from oms_core.decisions.triage import line_name
from oms_core.values.draft import DraftLine
from oms_core.values.finding import Finding, Severity
from oms_core.values.match import LineMatch, MatchedOrder
from oms_core.values.money import plain

LONGEST_QUOTE = 60
"""How much of a document's own text a sentence repeats."""


def quote(text: str) -> str:
    """Return text of a document for a sentence: on one line, control characters out, cut at `LONGEST_QUOTE`."""
    flat = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return flat if len(flat) <= LONGEST_QUOTE else flat[: LONGEST_QUOTE - 1] + "…"


def folded(text: str) -> str:
    """Return letters and digits only, accents off, lower case: how names and codes are compared."""
    flat = unicodedata.normalize("NFKD", text).casefold()
    return "".join(c for c in flat if c.isalnum())


def money(amount: Decimal) -> str:
    """Write an amount with at least two decimal places and no more than it has."""
    text = plain(amount)
    whole, _, places = text.partition(".")
    return f"{whole}.{places:0<2}"


def percent(part: Decimal, whole: Decimal) -> str:
    """Write how many percent `part` is of `whole`, to one decimal place; `whole` is not zero."""
    with localcontext() as context:
        context.prec = 50
        return plain((part * 100 / whole).quantize(Decimal("0.1")))


def is_sane(value: Decimal) -> bool:
    """Tell whether a figure can be reckoned with: finite and not absurdly large or fine (see `MAX_DIGITS`)."""
    return value.is_finite() and abs(value.adjusted()) <= MAX_DIGITS and len(value.as_tuple().digits) <= MAX_DIGITS


MAX_DIGITS = 30
"""Figures with more digits, or a larger exponent, are refused before any arithmetic."""


def lines_of(order: MatchedOrder) -> Iterator[tuple[int, DraftLine, LineMatch | None]]:
    """Yield each drafted line with its position (from 0) and its match, if it has one."""
    matches = {match.position: match for match in order.lines}
    for position, line in enumerate(order.draft.lines):
        yield position, line, matches.get(position)


def at_line(code: str, severity: Severity, position: int, line: DraftLine, *, part: str, message: str) -> Finding:
    """Build a finding about one line; `part` names the field (`quantity`), the sentence starts with the line's name."""
    place = f"lines[{position}].{part}" if part else f"lines[{position}]"
    return Finding(code, severity, place, f"Line {quote(line_name(position, line))}: {message}")
