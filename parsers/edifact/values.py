"""Single EDIFACT elements to values: with the segment and element they stand in."""

import re
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import TypeVar

from oms_core.values.money import MAX_ABSOLUTE
from oms_core.values.source import SegmentSource, Value
from parsers.words.units import unit_code

T = TypeVar("T")

SURE = 0.99
"""What an element with a qualifier of its own is worth."""
LIKELY = 0.9
"""What an element is worth whose qualifier leaves room."""
FULL_PIECE = 35
"""Texts are sent in pieces of 35 characters (C273, C080): a full piece goes on in the next without a blank."""

Elements = list[list[str]]

_NUMBER = re.compile(r"[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)|\d+(?:[.,]\d*)?-", re.ASCII)
_MAX_NUMBER_CHARS = 35
"""The longest numeric element of the directories (n..35)."""
_DIGIT_OFFSETS = {length: ord("0") * (length - length // 2 + 3 * (length // 2)) for length in (8, 12, 13, 14)}
"""What the weighted codes of that many zeros come to: digits are summed as they are coded."""
_GLN_LENGTH = 13
_SAFE_CHARS = 12
_DIGITS = re.compile(r"\d{6,35}", re.ASCII)


def part(elements: Elements, element: int, component: int = 1) -> str:
    """Return one component, counted from 1 as the directories do, trimmed; empty where it is not sent."""
    try:
        return elements[element][component - 1].strip()
    except IndexError:
        return ""


_new = object.__new__
_set_segment, _set_element, _set_text = (vars(SegmentSource)[name].__set__ for name in ("segment", "element", "text"))
_set_value, _set_source, _set_confidence = (vars(Value)[name].__set__ for name in ("value", "source", "confidence"))


def sourced(value: T, number: int, place: str, text: str, confidence: float = SURE) -> Value[T]:
    """Put a value together with its segment and element (`2.1`).

    Ten of these are made for each line, and the `__init__` of a frozen class costs more than reading the value does:
    so they are filled through their slots, which gives the very same objects in less than half the time.
    """
    source: SegmentSource = _new(SegmentSource)
    _set_segment(source, number)
    _set_element(source, place)
    _set_text(source, text)
    result: Value[T] = _new(Value)
    _set_value(result, value)
    _set_source(result, source)
    _set_confidence(result, confidence)
    return result


def text_value(number: int, elements: Elements, element: int, component: int = 1) -> Value[str] | None:
    """Read a text; None where it is not sent."""
    text = part(elements, element, component)
    return sourced(text, number, f"{element}.{component}", text) if text else None


def number_of(text: str) -> Decimal | None:
    """Read a number with point or comma (ISO 9735, 10.1); None for what is none or beyond what can be kept."""
    if len(text) <= _SAFE_CHARS and text.isdigit() and text.isascii():
        return Decimal(text)
    if len(text) > _MAX_NUMBER_CHARS or not _NUMBER.fullmatch(text):
        return None
    plain = text.replace(",", ".") if "," in text else text
    value = Decimal("-" + plain[:-1] if plain[-1] == "-" else plain)
    return value if len(text) <= _SAFE_CHARS or abs(value) <= MAX_ABSOLUTE else None


_FORMATS = {
    "102": (0, 8),
    "101": (0, 6),
    "203": (0, 8),
    "204": (0, 8),
    "303": (0, 8),
    "304": (0, 8),
    "201": (0, 6),
    "711": (8, 16),
    "718": (8, 16),
    "719": (12, 20),
}
"""Date formats (2379): where the day stands, of a period its last one."""


@lru_cache(maxsize=512)
def date_of(text: str, form: str) -> date | None:
    """Read a date in its format code; without one by its length. A month or week names no day and gives None."""
    digits = text.replace("-", "") if form in ("711", "718", "719") else text
    if not _DIGITS.fullmatch(digits[:35]):
        return None
    if form == "2":
        return _day(digits[4:6], digits[2:4], digits[0:2])
    if form and form not in _FORMATS:
        return None
    begin, end = _FORMATS[form] if form else (0, 6 if len(digits) in (6, 10) else 8)
    digits = digits[begin:end]
    if len(digits) != end - begin:
        return None
    return _day(digits[:-4], digits[-4:-2], digits[-2:])


def _day(year: str, month: str, day: str) -> date | None:
    full = int(year) if len(year) > len("99") else 2000 + int(year)
    try:
        return date(full, int(month), int(day))
    except ValueError:
        return None


def joined(pieces: list[str]) -> str:
    """Join the pieces of one text: without a blank where a piece is full, as the sender cut it there."""
    if len(pieces) == 1:
        return " ".join(pieces[0].split())
    text, full = "", False
    for piece in pieces:
        bare = piece.strip()
        if bare:
            text += bare if full or not text else " " + bare
            full = len(piece.rstrip()) >= FULL_PIECE
    return " ".join(text.split())


def check_digit_right(code: str) -> bool:
    """Whether a GTIN or GLN has the right length and check digit (GS1 General Specifications, 7.9)."""
    offset = _DIGIT_OFFSETS.get(len(code))
    if offset is None or not code.isdigit() or not code.isascii():
        return False
    digits = code.encode()
    return (sum(digits[-1::-2]) + 3 * sum(digits[-2::-2]) - offset) % 10 == 0


def is_gln(code: str) -> bool:
    """Whether a party's number is a valid GLN."""
    return len(code) == _GLN_LENGTH and check_digit_right(code)


@lru_cache(maxsize=512)
def unit_of(text: str) -> str:
    """Return the Rec 20 code of a unit as sent, or what was sent."""
    return unit_code(text) or text
