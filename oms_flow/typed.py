"""Dates, numbers and units the way people type them; what can be read in two ways is asked about, never guessed."""

import re
from datetime import date
from decimal import Decimal

from oms_core.errors import InvalidInput
from oms_core.values import MAX_ABSOLUTE, exact
from parsers.words.dates import parse_date
from parsers.words.numbers import parse_number
from parsers.words.units import unit_code

MONTH_FIRST = frozenset({"US", "AS", "FM", "GU", "MH", "MP", "PH", "PR", "PW", "VI"})
"""Where 12/1/2026 is the first of December (ISO 3166 codes): the United States and who writes as they do."""
BOTH_WAYS = frozenset({"CA"})
"""Where both are in use, so that nobody can know."""

_YEAR_MAYBE_FIRST = re.compile(r"\d{2}-\d{2}-\d{2}")
"""24-12-26 is how some write 2024-12-26 and others the 24th of December 2026."""
FIRST_YEAR = 2015
"""Of two readings, one before this year is not meant: nobody enters an order so old."""
_CENTURY = "20"
_SHOWN = 40
"""How much of what was typed a sentence repeats."""


def typed_date(label: str, text: str, country: str = "") -> date:
    """Return the date that somebody typed: 2026-12-01, 1.12.2026, 01/12/2026, 1 Dec 2026, 1. Dezember 2026.

    `country` (ISO 3166) is the company's own: it decides whether 01/12/2026 is in December or in January; without
    one the day comes first. Raises InvalidInput, under the field's `label`, for a text that is no date, or two.
    """
    habits = (True, False) if country in BOTH_WAYS else (country not in MONTH_FIRST,)
    found = {parse_date(text, day_first) for day_first in habits}
    if _YEAR_MAYBE_FIRST.fullmatch(text):
        found.add(parse_date(f"{_CENTURY}{text}"))
    readings = sorted(reading for reading in found if reading is not None)
    readings = [reading for reading in readings if reading.year >= FIRST_YEAR] or readings
    if not readings:
        raise InvalidInput(f"{label}: {text[:_SHOWN]!r} is not a date of the calendar; write it as 2026-11-30")
    if len(readings) > 1:
        said = " or ".join(f"{one.day} {one:%B %Y}" for one in readings)
        raise InvalidInput(f"{label}: {text[:_SHOWN]!r} can be {said}; write {' or '.join(map(str, readings))}")
    return readings[0]


def typed_number(label: str, text: str) -> Decimal:
    """Return the number that somebody typed, exactly: 1.234,50 and 1,234.50 are one number.

    Raises InvalidInput, under the field's `label`, for a text that is no number, or two (1.234), or too large.
    """
    found = {parse_number(text, decimal_comma) for decimal_comma in (False, True)}
    readings = sorted(reading for reading in found if reading is not None)
    if not readings:
        raise InvalidInput(f"{label}: {text[:_SHOWN]!r} is not a number; write it as 1234.50")
    if len(readings) > 1:
        small, large = readings[0], readings[-1]
        raise InvalidInput(f"{label}: {text[:_SHOWN]!r} can be {large:f} or {small:f}; write {large:f} or {small:f}0")
    try:
        return exact(readings[0])
    except ValueError:
        kept = f"at most {MAX_ABSOLUTE:,f} and six decimal places can be kept"
        raise InvalidInput(f"{label}: {text[:_SHOWN]!r} is more than can be kept; {kept}") from None


def typed_unit(text: str) -> str:
    """Return the code of the unit that somebody typed ('boxes', 'Stück'), or their own word where it has none."""
    return unit_code(text) or text
