"""The cells of a row in a letter: where they part, and the quantities, prices and totals in them."""

import re
from dataclasses import dataclass
from decimal import Decimal

from parsers.mail.prices import CURRENCY
from parsers.words import labels, numbers, unit_words
from parsers.words.spans import Span

MAX_CELLS = 40
"""Cells looked at in one row."""

_GAPS = (re.compile(r"\t"), re.compile(r"\s*[|\u2502\u2503]\s*"), re.compile(r"\s{2,}|\s*\.{3,}\s*"))
_PIPES = "|\u2502\u2503 "
_MONEY = re.compile(
    rf"{CURRENCY}?\s*(-?\d[\d.,' ]*)\s*{CURRENCY}?"
    r"(?:\s*(?:HT|net|netto|h\.t\.))?\s*(?P<base>le cent|pro 100|per 100|/\s?100|% )?"
    r"(?:\s*(?:each|ea\.?|/\s?[^\W\d]{1,6}\.?|(?:per|pro|je|par|la|le|za)\s[^\W\d]{1,8}|cad\.?|c/u))?",
    re.IGNORECASE,
)
_PACK = re.compile(r"\s+(?:of|\u00e0|a|zu(?: je)?|de|da|van|po)\s+\d+.{0,12}$|\s*\([^()]{1,30}\)$", re.IGNORECASE)
_QUANTITY = re.compile(
    r"(?:qty|q'ty|quantity|menge|anzahl|quantit\u00e9|qt\u00e9|cantidad|cant|quantit\u00e0|q\.?t\u00e0|aantal|ilo\u015b\u0107|quantidade|qtd|antal|antall|m\u00e4\u00e4r\u00e4)\.?\s*[:=]?\s*(?=\d)",
    re.IGNORECASE,
)
_PRINTED_UNIT = re.compile(r"[^\W\d_]{2,15}(?:[ -][^\W\d_]{2,15})?\.?")
_SIGNED = re.compile(r"x(?=[\s\d])", re.IGNORECASE)
_SIGNED_LAST = re.compile(r"[\s\d]x$", re.IGNORECASE)
_COUNTED = frozenset({"off", "no", "nr"})
_PER_HUNDRED = Decimal(100)
_ENOUGH = 2

Row = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Total:
    """A total row below a table."""

    field: str
    value: Decimal
    at: Span


def cells(line: Span) -> Row:
    """Part a line into cells; a line without tabs, pipes or wide gaps is one cell."""
    for gap in _GAPS:
        if gap.search(line.text.strip(_PIPES)):
            body = line.strip(_PIPES) if gap is _GAPS[1] else line
            return tuple(body.split(gap))[:MAX_CELLS]
    return (line.strip(),)


def quantity_of(
    cell: Span, comma: bool | None, *, declared: bool = False
) -> tuple[Decimal, Span, str | None, Span | None] | None:
    """Read a quantity cell: `40 St`, `2,000 ea`, `12`; under its own heading any word behind the number is a unit."""
    cell = cell.strip(" \t\u00a0-\u2013:\u00d7=")
    cell = cell.cut(1) if _SIGNED.match(cell.text) else cell.cut(0, -1) if _SIGNED_LAST.search(cell.text) else cell
    label = _QUANTITY.match(cell.text)
    cell = cell.cut(label.end()) if label else cell
    text = _PACK.sub("", cell.text)
    found = re.match(r"(\d[\d.,' ]*\d|\d)\s*[x\u00d7]?\s*(.*)$", text)
    if found is None:
        return None
    value = numbers.parse_number(found.group(1), comma)
    rest = found.group(2).strip()
    if value is None or value <= 0:
        return None
    at = cell.cut(found.start(1), found.end(1))
    if not rest or rest.casefold().rstrip(".") in _COUNTED:
        return value, at, None, None
    unit = unit_words.at(rest)
    if unit is None or unit[1] < len(rest.rstrip(".")):
        printed = declared and _PRINTED_UNIT.fullmatch(rest)
        return (value, at, unit_words.code_of(rest) or rest, cell.cut(found.start(2))) if printed else None
    return value, at, unit[0], cell.cut(found.start(2), found.start(2) + unit[1])


def money(cell: Span | None, comma: bool | None) -> Decimal | None:
    """Read a price or an amount, a price per hundred as the price of one."""
    if cell is None:
        return None
    found = _MONEY.match(cell.text.strip())
    if found is None:
        return None
    value = numbers.parse_number(found.group(1).strip(), comma)
    return value / _PER_HUNDRED if value is not None and found.group("base") else value


def is_money(cell: Span) -> bool:
    """Say whether a cell holds a price or an amount and nothing else."""
    return bool(_MONEY.fullmatch(cell.text.strip()))


def total_of(row: Row, comma: bool | None) -> Total | None:
    """Read a total row: a label, then a number in the same or the last cell."""
    filled = [cell for cell in row if cell.text]
    if not filled:
        return None
    words = labels.words_of(filled[0].text)
    label = labels.at("total", words)
    if label is None or len(filled) > _ENOUGH + 1 or len(words) - label.end > 3:  # noqa: PLR2004
        return None
    number = re.search(r"(\d[\d.,' ]*\d|\d)\D{0,6}$", filled[-1].text)
    value = numbers.parse_number(number.group(1), comma) if number else None
    if number is None or value is None:
        return None
    return Total(label.field, value, filled[-1].cut(number.start(1), number.end(1)))
