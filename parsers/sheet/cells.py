"""Whether a cell prints a value that a person entered, in any notation of numbers, dates and units."""

import datetime as dt
import re
from decimal import Decimal

from parsers.sheet.grid import Cell, number_of, text_of
from parsers.words.dates import parse_date
from parsers.words.unit_words import code_of as unit_code

MAX_CHARS = 60
"""A longer text counts nothing."""
_COUNTED = re.compile(r"([+-]?\d[\d.,' \u00a0]*?)\s*(?:x\s*)?([^\W\d][^\d]{0,30})")


def prints(cell: Cell, value: object) -> bool:
    """Whether a cell says a text, a number or a day; a unit word says its code, `12 tubs` says 12."""
    if isinstance(value, Decimal):
        return value in _numbers(cell)
    if isinstance(value, dt.date):
        return cell == value or (
            isinstance(cell, str) and value in (parse_date(cell, day_first=True), parse_date(cell, day_first=False))
        )
    text, wanted = text_of(cell).casefold(), " ".join(str(value).split()).casefold()
    return bool(text) and (text == wanted or unit_code(text) == value)


def quotient(cell: Cell, value: Decimal) -> Decimal | None:
    """Return how many times a value a cell says; None for no number, and for nothing."""
    number = next(iter(_numbers(cell)), None)
    return number / value if number is not None and value else None


def _numbers(cell: Cell) -> tuple[Decimal, ...]:
    """Return the numbers that a cell may say, with a decimal comma or a point."""
    text = text_of(cell)
    counted = _COUNTED.fullmatch(text) if isinstance(cell, str) and len(text) <= MAX_CHARS else None
    said = counted[1] if counted else cell
    found = (number_of(said, comma) for comma in (True, False))
    return tuple(number for number in found if number is not None)
