"""What a column of texts holds: how many of its cells are figures, whole numbers, money, codes, dates, units, words."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from parsers.words import dates, unit_words
from parsers.words.number_cells import NumberCell, figure

_LETTERS = re.compile(r"[^\W\d_]")
_SMALL = re.compile(r"\D*[^\W\d_A-Z]{2}\D*")
_CODE = re.compile(r"(?=.*\d)[^\W_][\w.\-/+*#]*")
_LONG_NUMBER = re.compile(r"\d{5,}")
_GTIN = re.compile(r"\d{8}|\d{12,14}")
_POSITION = re.compile(r"0*(\d{1,5})[.)]?")
_STEPS = frozenset({1, 2, 5, 10, 100})
_LEAST_RUN = 2
_BASES = frozenset({1, 10, 100, 1000})
_LONG_QUANTITY = 7
_PER_UNIT = re.compile(r"(?:/|\b(?:per|pro|je|par|por|za)\b)\s*\d*\s*[^\W\d_]{1,8}\.?$")


@dataclass(frozen=True, slots=True)
class Kinds:
    """Shares (0 to 1) of a column's filled cells; `filled` of all its cells; `words` and `letters` are means."""

    filled: float
    figures: float
    whole: float
    money: float
    percent: float
    places: float
    long_numbers: float
    codes: float
    gtins: float
    days: float
    unit_words: float
    unit_after: float
    wordy: float
    small: float
    """Share with small letters and no digit: words, and no codes."""
    words: float
    letters: float
    distinct: float
    counts_up: bool
    bases: bool
    per_unit: float = 0.0
    """Share of the figures that are money for one of a unit: `1,12 €/kpl`."""


def kinds_of(cells: Sequence[str], numbers: Sequence[NumberCell | None]) -> Kinds:
    """Describe a column by its cells and the figures read of them (None where a cell is no figure)."""
    filled = [(text.strip(), number) for text, number in zip(cells, numbers, strict=True) if text.strip()]
    texts = [text for text, _ in filled]
    read = [number for _, number in filled if number is not None]

    def share(test: Callable[[str], object]) -> float:
        return sum(1 for text in texts if test(text)) / len(texts) if texts else 0.0

    def of_read(test: Callable[[NumberCell], object]) -> float:
        return sum(1 for number in read if test(number)) / len(read) if read else 0.0

    return Kinds(
        filled=len(texts) / len(cells) if cells else 0.0,
        figures=len(read) / len(texts) if texts else 0.0,
        whole=of_read(lambda number: number.value == number.value.to_integral_value()),
        money=of_read(lambda number: number.money),
        percent=of_read(lambda number: number.percent),
        places=of_read(lambda number: number.places),
        long_numbers=share(_LONG_NUMBER.fullmatch),
        codes=share(looks_like_code),
        gtins=share(is_gtin),
        days=_days(texts),
        unit_words=share(is_unit_word),
        unit_after=of_read(lambda number: is_unit_word(number.after)),
        wordy=share(lambda text: len(_LETTERS.findall(text)) > 3),  # noqa: PLR2004  a word, no abbreviation
        small=share(_SMALL.fullmatch),
        words=sum(len(text.split()) for text in texts) / len(texts) if texts else 0.0,
        letters=sum(len(_LETTERS.findall(text)) for text in texts) / len(texts) if texts else 0.0,
        distinct=len(set(texts)) / len(texts) if texts else 0.0,
        counts_up=counts_up(texts),
        bases=bool(read) and all(number.value in _BASES for number in read),
        per_unit=of_read(lambda number: _PER_UNIT.search(number.after)),
    )


def _days(texts: Sequence[str]) -> float:
    """Return the share of dates; those in six figures count where all cells are such."""
    if len(texts) > 1 and all(map(dates.parse_compact, texts)):
        return 1.0
    days = sum(
        len(text) <= dates.MAX_DATE_CHARS and dates.parse_date(text, day_first=True) is not None for text in texts
    )
    return days / len(texts) if texts else 0.0


def is_gtin(text: str) -> bool:
    """Say whether a text is a GTIN of 8, 12, 13 or 14 digits with the right check digit.

    Source: GS1 General Specifications 7.9.
    """
    digits = text.replace(" ", "").replace("-", "")
    if not _GTIN.fullmatch(digits) or not digits.strip("0"):
        return False
    weighed = (int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits[:-1])))
    return (10 - sum(weighed) % 10) % 10 == int(digits[-1])


def is_unit_word(text: str) -> bool:
    """Say whether a text is a unit we know, or its first or last word is: `pcs net`, `10 vial case`."""
    words = text.split()
    if not words or len(words) > 3:  # noqa: PLR2004  a unit is no sentence
        return False
    tries = (text, words[0].strip("./"), words[-1].strip("./"))
    return any(unit_words.code_of(word) is not None for word in tries)


def counts_up(texts: Sequence[str]) -> bool:
    """Say whether texts number the lines: 1 2 3, 10 20 30, 00010 00020, with one step all through."""
    found = [_POSITION.fullmatch(text) for text in texts]
    places = [int(match.group(1)) for match in found if match is not None]
    if len(places) < len(texts) or not places:
        return False
    if len(places) < _LEAST_RUN:
        return places[0] in (1, 10)
    step = places[1] - places[0]
    steady = all(after - before == step for before, after in pairwise(places))
    return (
        step in _STEPS
        and places[0] <= _LATEST * step
        and (steady or (places[0] in (1, 10) and all(b > a for a, b in pairwise(places))))
    )


_LATEST = 60
"""No list begins to count later than at so many steps, also on a second page; shelf numbers begin at 101."""


def looks_like_code(text: str) -> bool:
    """Say whether a text may be an article code: digits, no small letters, no figure; a long number is one too."""
    if _LONG_NUMBER.fullmatch(text.split(maxsplit=1)[0] if text else "") or _SPACED.fullmatch(text):
        return True
    if _POINTED.fullmatch(text):
        return True
    if figure(text, None) is not None:
        return False
    first = text.split(maxsplit=1)[0] if text else ""
    return len(text.split()) <= 2 and _CODE.fullmatch(first) is not None and len(first) > 2  # noqa: PLR2004


_POINTED = re.compile(r"\d{2,3}\.\d{4}")
_SPACED = re.compile(r"[A-Z]{1,5} ?\d[\d./\-]{2,}(?: [\d./\-]{1,6}){0,2}|\d{1,4}(?: \d{3}){2,4}")
"""`ET 24872/3`, `4 113 454 515`."""
