"""What a piece of text can be: a document's number, a date, an amount, a telephone; types that labels ask for."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from parsers.words import dates, labels

MAX_TEXT = 400
"""Characters of a text that dates are looked for in."""

MAX_NUMBER_CHARS = 40
"""A longer text is no document number."""

_MONTH = r"[^\W\d_]{3,12}"
_WRITTEN = (
    r"(?:\d{4}\s?[-/.]\s?\d{1,2}\s?[-/.]\s?\d{1,2}\.?|\d{1,2}\s?[./\-]\s?\d{1,2}\s?[./\-]\s?(?:\d{4}|\d{2})"
    rf"|\d{{1,2}}(?:st|nd|rd|th|er|º|ª)?[.\s\-/]*(?:de\s+|of\s+)?{_MONTH}\.?[\s\-,./]*(?:de\s+|del\s+)?(?:\d{{4}}|\d{{2}})"
    rf"|{_MONTH}\.?\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}}|\d{{4}}\.?\s+{_MONTH}\.?\s+\d{{1,2}}\.?)"
)
_DATE = re.compile(rf"(?<![\w])(?<![A-Z][/\-]){_WRITTEN}(?![\w])", re.IGNORECASE)
_ANY_DATE = re.compile(rf"(?<![\w])(?<![A-Z][/\-])(?:{_WRITTEN}|\d{{8}})(?![\w])", re.IGNORECASE)
_NUMBER = re.compile(r"[A-Za-z0-9][\w./\-\u2013\u2010\u2011]*(?:\s?/\s?\d[\w./\-]*| [\d][\w./\-]*| -\s?\d[\w./\-]*)?")
_MONEY = re.compile(r"\d{1,3}(?:[.,' ]\d{3})*[.,]\d{2}|\d+[.,]\d{2}")
_MASKED = re.compile(r"[xX*]{3}")
"""Digits that are hidden, as in the number of a payment card."""

_POST_CODE = re.compile(r"[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}|[A-Z]\d[A-Z] \d[A-Z]\d")
"""A post code with letters, which no document has for its number."""

_TIME = re.compile(r"\d{1,2}[:h]\d{2}")
_PHONE = re.compile(r"\+\d[\d\s().\-/]{6,}|0\d{1,5}[\s()./\-]+\d[\d\s().\-/]{4,}|\(\d{2,5}\)[\d\s.\-/]{5,}")
_MARKS = re.compile(
    r"^[\s.:#=*\u2013\u2014\-]*(?:(?:no|nr|n|number|n[o°º]|num|núm|nummer|numéro|número|numero|numer|č|číslo|nro|sz|št|br)"
    r"\b[.:#°º\s]*|[#№]\s*|№\s*)?",
    re.IGNORECASE,
)
_BESIDE = frozenset(
    (
        *(
            "rev",
            "revision",
            "vom",
            "date",
            "dated",
            "datum",
            "del",
            "du",
            "dd",
            "dnia",
            "version",
            "page",
            "from",
            "of",
            *("zum", "zur", "laut", "lt", "gemäss", "under", "against"),
            *("din", "dňa", "zo", "av", "på", "tarihli", "ad"),
        ),
        *("as", "copy", "duplicate", "original", "release", "ver", "van", "den", "z", "ze", "dne", "od", "fra", "af"),
        *(
            "fecha",
            "data",
            "le",
            "per",
            "line",
            "seite",
            "kelt",
            "pvm",
            "tarih",
            "tarihi",
            "ext",
            "amendment",
            "change",
        ),
    )
)
"""Words that may follow the number of a document in its own cell."""
_NUMBERED = re.compile(r"\d{1,4}/\d{1,2}/\d{4}(?=\s|$)")
"""A number of the year that looks like a date, known by the word for number before it: 'nr 14/03/2026'."""

_PAGED = re.compile(r"\d{1,3}\s?\(\d{1,3}\)|(\d{1,2})/\1")
"""A page of so many: '1 (2)', '1/1'."""

_REMARK_WORDS = 6
"""Words of a remark after a number: '(4711 / Rev. 2 of May)'."""

_WORDS_BEFORE = 4
"""A date after more words stands in a sentence."""

_RANGE, _RANGE_CHARS = 2, 60
"""Two days in so short a text are from and until."""

_SUFFIX, _PREFIX = 3, 4
"""So few capital letters after a number are a kind of document: 'OP' in '4512 OP'."""

_LEAST_YEAR, _LAST_YEAR = 1990, 2060


@dataclass(frozen=True, slots=True)
class Piece:
    """A typed value in a text and where it stands there (`end` exclusive)."""

    text: str
    start: int
    end: int


def number_in(text: str, *, alone: bool = True) -> Piece | None:
    """Return the document number that a text begins with: it has a digit and is no date, amount, time or telephone.

    `alone` asks that no other words follow: in '14 Quayside Row' no number stands alone.
    """
    begin = _MARKS.match(text)
    start = begin.end() if begin else 0
    numbered = begin is not None and any(char.isalpha() or char in "#\u2116" for char in begin.group())
    if not (numbered and _NUMBERED.match(text, start)):
        text = text[: _date_from(text, start)]
    found = _NUMBER.match(text, start)
    if found is None or _PAGED.fullmatch(text[start:].strip()):
        return None
    value = _trimmed(found.group())
    if _POST_CODE.fullmatch(value):
        return None
    if not _is_number(value) or _PHONE.match(text, start) or _continues(text, start + len(value)):
        return _first_word(text, start, alone=alone)
    end = start + len(value)
    return Piece(value, start, end) if not alone or _nothing_more(text[end:]) else _first_word(text, start, alone=alone)


def _first_word(text: str, start: int, *, alone: bool) -> Piece | None:
    """Return the first word as the number, where what follows it made the longer piece none."""
    found = re.compile(r"[\w./\-\u2013]+").match(text, start)
    if found is None or _PHONE.match(text, start):
        return None
    value = _trimmed(found.group())
    if _continues(text, start + len(value)):
        return None
    end = start + len(value)
    return Piece(value, start, end) if _is_number(value) and (not alone or _nothing_more(text[end:])) else None


def _date_from(text: str, start: int) -> int:
    """Return where the first date of a text begins, from `start` on; the text's end without one."""
    return next((piece.start for piece in _dates(_DATE, text, start)), len(text))


def _dates(pattern: re.Pattern[str], text: str, start: int = 0) -> Iterator[Piece]:
    """Yield the dates of a text; what looks like one and is none hides no later one ('33 del 17/11/2026')."""
    while (found := pattern.search(text, start)) is not None:
        shown = found.group()
        if dates.parse_date(shown, day_first=True) or dates.parse_date(shown, day_first=False):
            yield Piece(shown, found.start(), found.end())
            start = found.end()
        else:
            start = found.start() + 1


def _continues(text: str, end: int) -> bool:
    """Say whether a number goes on as an amount does: '2.069' of '2.069,30', '15' of '15 %'."""
    return re.match(r",\d|\s?%|\s?[€£$]", text[end:]) is not None


def _trimmed(value: str) -> str:
    return value.rstrip(".,:-/\u2013 ")


def _is_number(value: str) -> bool:
    words = value.split()
    return (
        any(char.isdigit() for char in value)
        and len(value) <= MAX_NUMBER_CHARS
        and not _MONEY.fullmatch(value)
        and _MASKED.search(value) is None
        and not _TIME.fullmatch(value)
        and not (len(words) > 1 and words[0].rstrip(".").isalpha() and (len(words[0]) > _PREFIX or _is_other(words[0])))
    )


def _is_other(word: str) -> bool:
    """Say whether a word is the label of a value that is no document's number: 'Page', 'KW'."""
    return labels.whole("header", word) == "other"


def _nothing_more(rest: str) -> bool:
    """Say whether what follows a number is nothing, a date or such words as stand beside numbers."""
    words = re.findall(r"[^\W\d_]+", rest)
    first = words[0].casefold() if words else ""
    if len(words) == 1 and len(first) <= _SUFFIX and words[0].isupper():
        return True
    return not words or first in _BESIDE or (rest.lstrip()[:1] in "(/|,;\u2013-" and len(words) <= _REMARK_WORDS)


def dates_in(text: str) -> tuple[Piece, ...]:
    """Return every date in a text, whatever its order of day and month."""
    return tuple(_dates(_ANY_DATE, text[:MAX_TEXT]))


def date_in(text: str) -> Piece | None:
    """Return the date that a short text states; of a range the last day, which still suits the buyer."""
    found = dates_in(text)
    if not found:
        return None
    words = re.findall(r"[^\W\d_]{2,}", text[: found[0].start])
    if len(words) > _WORDS_BEFORE:
        return None
    return found[-1] if len(found) == _RANGE and len(text) < _RANGE_CHARS else found[0]


def is_reasonable(day: date) -> bool:
    """Say whether a day may stand on a document of our time."""
    return _LEAST_YEAR <= day.year <= _LAST_YEAR


def is_phone(text: str) -> bool:
    """Say whether a text is a telephone number and nothing else."""
    return _PHONE.fullmatch(text.strip()) is not None


def is_money(text: str) -> bool:
    """Say whether a text is an amount of money, with or without its currency."""
    return _MONEY.fullmatch(re.sub(r"[^\W\d_]{3}$|^[^\W\d_]{3}", "", text).strip()) is not None
