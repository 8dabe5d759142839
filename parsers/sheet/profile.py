"""What the cells of one column look like: numbers, dates, trade item numbers, codes, units or words."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

from parsers.sheet.currencies import codes
from parsers.sheet.grid import Cell, Row, text_of
from parsers.sheet.terms import company_name
from parsers.words.dates import parse_date
from parsers.words.numbers import parse_number
from parsers.words.unit_words import code_of as unit_code

SAMPLE_ROWS = 80
"""So many rows of a table are looked at to tell its columns."""

_GTIN_LENGTHS = (8, 12, 13, 14)
_CODE = re.compile(r"(?=.*[\d])[^\W_][\w./+#:-]{1,39}")
_SPACED = re.compile(r"[A-Z]{1,5} ?\d[\d./-]{2,}(?: [\d./-]{1,6}){0,2}|\d{1,4}(?: \d{3}){2,4}")
"""Codes with blanks: `KH 57010/3`, `4 113 454 515`."""
_COUNTED = re.compile(r"[+(-]?\d[\d.,' ]*(?:x\s*)?[^\W\d]{0,12}\.?\)?$")
_WORDS = re.compile(r"[^\W\d_]{2,}")
_LONG = 18
_MANY_DIGITS = 7
_FEW = 3
_FIRST = (1, 10)
_COUNT_MOST = 100_000


@dataclass(frozen=True, slots=True)
class Profile:
    """Shares (0 to 1) of the filled cells of a column that have a form; `filled` is their share of the rows."""

    cells: int = 0
    filled: float = 0.0
    numbers: float = 0.0
    counted: float = 0.0
    """Share of the cells that begin with a number: `12 pcs` counts as well."""
    whole: float = 0.0
    fractions: float = 0.0
    long_numbers: float = 0.0
    counting: bool = False
    from_first: bool = False
    """Whether it counts up from 1 or 10, as the numbers of lines do; it may begin anew with each order."""
    gtins: float = 0.0
    dates: float = 0.0
    units: float = 0.0
    currencies: float = 0.0
    codes: float = 0.0
    words: float = 0.0
    companies: float = 0.0
    """Share of the cells that end in a legal form, as names of companies do."""
    marked: float = 0.0
    """Share of the cells that are numbers behind a number sign (`#1001`), as shops number their orders."""
    distinct: float = 0.0
    runs: float = 0.0
    """Share of the cells that repeat the one above: what is said of an order stands so on each of its lines."""


def profile(rows: Sequence[Row], column: int) -> Profile:
    """Look at one column over a sample of rows."""
    sample = rows[:SAMPLE_ROWS]
    cells = [row.cells[column] for row in sample if column < len(row.cells) and row.text(column)]
    if not cells:
        return Profile()
    texts = [text_of(cell) for cell in cells]
    numbers = [_number(cell) for cell in cells]
    known = [number for number in numbers if number is not None]
    whole = [number for number in known if number == number.to_integral_value()]
    counting = _counts_up(whole) and len(whole) == len(cells)
    return Profile(
        cells=len(cells),
        filled=len(cells) / max(1, len(sample)),
        numbers=len(known) / len(cells),
        counted=_share(texts, lambda text: _COUNTED.match(text) is not None),
        whole=len(whole) / len(cells),
        fractions=(len(known) - len(whole) + _printed_fractions(texts, whole)) / len(cells),
        long_numbers=_share(texts, lambda text: text.isdigit() and len(text) >= _MANY_DIGITS),
        counting=counting,
        from_first=(counting and whole[0] in _FIRST) or (len(whole) == len(cells) and _counts_again(whole)),
        gtins=_share(texts, is_gtin),
        dates=sum(_is_date(cell) for cell in cells) / len(cells),
        units=_share(texts, lambda text: not text.isdigit() and unit_code(text) is not None),
        currencies=_share(texts, lambda text: text in codes() or text in "€$£"),
        codes=_share(texts, lambda text: bool(_CODE.fullmatch(text) or _SPACED.fullmatch(text))),
        words=_share(texts, _is_words),
        companies=_share(texts, lambda text: company_name().fullmatch(text) is not None),
        marked=_share(texts, lambda text: text[:1] == "#" and text[1:].isdigit()),
        distinct=len(set(texts)) / len(texts),
        runs=sum(one == two for one, two in pairwise(texts)) / max(1, len(texts) - 1),
    )


def _share(texts: Iterable[str], test: Callable[[str], bool]) -> float:
    kept = list(texts)
    return sum(map(test, kept)) / len(kept)


def _number(cell: Cell) -> Decimal | None:
    if isinstance(cell, Decimal):
        return cell
    return parse_number(cell) if isinstance(cell, str) else None


def _printed_fractions(texts: Sequence[str], whole: Sequence[Decimal]) -> int:
    """Count texts such as `12.00`: whole numbers that are printed as money is."""
    return sum(bool(re.search(r"\d[.,]\d\d?\D*$", text)) for text in texts) if whole else 0


def _is_date(cell: Cell) -> bool:
    if isinstance(cell, date):
        return True
    if not isinstance(cell, str) or cell.strip().isdigit():
        return False
    return parse_date(cell, day_first=True) is not None or parse_date(cell, day_first=False) is not None


def _is_words(text: str) -> bool:
    return len(_WORDS.findall(text)) > 1 or (len(text) >= _LONG and bool(_WORDS.search(text)))


def _counts_up(numbers: Sequence[Decimal]) -> bool:
    """Whether the numbers run 1, 2, 3 or 10, 20, 30: by one step, by few steps in many rows, or ever upwards from 1."""
    if len(numbers) < _FEW:
        return len(numbers) > 0 and numbers[0] in _FIRST and list(numbers) == sorted(set(numbers))
    steps = {two - one for one, two in pairwise(numbers)}
    even = len(steps) == 1 or (len(steps) <= _FEW and len(steps) * _FEW < len(numbers))
    return min(steps) > 0 and max(numbers) <= _COUNT_MOST * 10 and (even or numbers[0] in _FIRST)


def _counts_again(numbers: Sequence[Decimal]) -> bool:
    """Whether the numbers are 1, 2, 3, 1, 2: one more than the one above, or the first again."""
    first = numbers[0]
    steady = all(two in (one + first, first) for one, two in pairwise(numbers))
    return first in _FIRST and steady and max(numbers) >= _FEW * first


def is_gtin(text: str) -> bool:
    """Whether a text is a trade item number (GTIN-8, 12, 13, 14) whose check digit is right (GS1 General Spec 7.9)."""
    digits = text.replace(" ", "").replace("-", "")
    if not digits.isascii() or not digits.isdigit() or len(digits) not in _GTIN_LENGTHS or not int(digits):
        return False
    body = [int(digit) for digit in reversed(digits[:-1])]
    total = sum(digit * (3 if at % 2 == 0 else 1) for at, digit in enumerate(body))
    return (10 - total % 10) % 10 == int(digits[-1])
