"""Numbers as cells print them: `EUR 4,50 / 100`, `10 pcs`, `3 x Box`, `(12.00)`, and what stands around them."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from parsers.words import numbers, units

MAX_CELL_CHARS = 200
"""A longer text is no cell of figures."""

REMEMBERED = 16_384
"""Texts whose number is kept: a cell is looked at many times while its table is understood."""

_DIGITS = re.compile(
    r"(?P<sign>[\-\u2212]\s?)?"
    r"(?P<digits>\d{1,3}(?:[ \u00a0\u2007\u2009\u202f'\u2019]\d{3})+(?!\d)(?:[.,]\d+)?"
    r"|\d(?:[\d.,]*\d)?|(?<![\w.,])[.,]\d+)"
)
_LETTER = re.compile(r"[^\W\d_]")
_MONEY_WORD = re.compile(
    r"(?:eur|euro|usd|gbp|chf|pln|sek|nok|dkk|czk|huf|ron|bgn|try|cad|aud|nzd|jpy|cny|rmb|inr|pkr|brl|mxn|zar|sgd|hkd|ils"
    r"|aed|sar|kwd|kd|qar|omr|bhd|thb|myr|idr|php|vnd|krw|cop|clp|pen|ars|uah|rub|kzt|egp|mad|tnd|kes|ngn|rs|rs\.|r\$|us\$"
    r"|a\$|c\$|s\$|fr|fr\.|sfr|zl|kc|kr|kr\.|ft|lei|tl|lv|fcfa|xof|xaf|\u0434\u0438\u043d|\u043b\u0432|\u0440\u0443\u0431\.?|\u0433\u0440\u043d|元|円|원)",
    re.IGNORECASE,
)
_FACE = re.compile(r"[\s:()\[\]*~=+@]+")
_TAIL_WORDS = 3
_COUNTED_BY = re.compile(r"(?:[^\W\d_]{1,8}\.?\s*)?[x\u00d7/(]\s?\d|(?:per|pro|je|par|por|za|à)\s")
"""What stands between a number and another one that belongs to it: `3 x 20`, `5,00 EUR / 100`."""


@dataclass(frozen=True, slots=True)
class NumberCell:
    """A number and its place in the text (`end` exclusive), the texts on both sides, and its digits as printed."""

    value: Decimal
    start: int
    end: int
    before: str
    after: str
    digits: str

    @property
    def places(self) -> int:
        """How many decimal places are printed."""
        exponent = self.value.as_tuple().exponent
        return -exponent if isinstance(exponent, int) and exponent < 0 else 0

    @property
    def money(self) -> bool:
        """Whether a currency stands beside it."""
        return is_money_word(self.before) or is_money_word(self.after)

    @property
    def percent(self) -> bool:
        """Whether it is a rate."""
        return self.after.startswith("%")


@lru_cache(maxsize=REMEMBERED)
def first_number(text: str, comma: bool | None) -> NumberCell | None:
    """Return the first number in a text; None where there is none, or the text is too long for a cell.

    `comma` is what the document uses (see `numbers.decimal_comma`). A minus, and brackets around it, make it negative.
    """
    if len(text) > MAX_CELL_CHARS:
        return None
    found = _DIGITS.search(text)
    if found is None:
        return None
    value = numbers.parse_number(found["digits"], comma)
    if value is None:
        return None
    before, after = text[: found.start()].strip(), text[found.end() :].strip()
    if before.endswith("(") and after.startswith(")"):
        value, before, after = -value, before[:-1].strip(), after[1:].strip()
    elif found["sign"] or re.match(r"[\-\u2212](?![\w,])", after):
        value = -value
    return NumberCell(value, found.start("digits"), found.end(), before, after, found["digits"])


@lru_cache(maxsize=REMEMBERED)
def figure(text: str, comma: bool | None) -> NumberCell | None:
    """Return the number of a cell that is a figure: with a currency, a sign, a unit or a short remark and nothing else.

    A code (`HX-0840`), a size (`M8x40`) and a date are none.
    """
    cell = first_number(text, comma)
    if cell is None or not _plain_before(cell.before) or not _plain_after(text, cell):
        return None
    return cell


def is_money_word(text: str) -> bool:
    """Say whether a text is a currency, as a sign, a code or a word."""
    bare = _FACE.sub("", text)
    if not bare:
        return False
    return all(unicodedata.category(char) == "Sc" for char in bare) or _MONEY_WORD.fullmatch(bare) is not None


def _plain_before(before: str) -> bool:
    bare = _FACE.sub("", before)
    return not bare or is_money_word(bare) or bare.casefold() in ("x", "\u00d7", "ca.", "ca", "à", "/")


def _plain_after(text: str, cell: NumberCell) -> bool:
    after = cell.after
    if not after or after[0] in "%/)":
        return not re.match(r"/\s?(?:\d{1,2}[/.]|(?:19|20)\d\d\b)", after)
    if re.match(r"[.,]?[\-\u2013\u2014]{1,2}$", after) or is_money_word(after):
        return True
    glued = text[cell.end : cell.end + 1] != " "
    first, _, rest = after.partition(" ")
    beyond = rest if units.unit_code(first) else after
    if any(char.isdigit() for char in beyond) and (glued or not _COUNTED_BY.match(after)):
        return False
    if glued and re.match(r"[\-/:_]", after):
        return False
    return len(after.split()) <= _TAIL_WORDS and len(_LETTER.findall(after)) <= MAX_TAIL_LETTERS


MAX_TAIL_LETTERS = 16
"""More letters than this after a number make it a text that begins with one."""
