"""What a number in a letter counts: its value in digits or words, and whether it is a day, a time or a reference."""

import csv
import re
from collections.abc import Sequence
from decimal import Decimal
from functools import cache, lru_cache
from importlib import resources

from parsers.words import codes, labels, numbers

NUMBER = r"\d{1,3}(?:[.,' \u00a0\u202f]\d{3})+(?:[.,]\d+)?|\d+(?:[.,]\d+)?"
"""A number in digits, thousands marked or not."""

SIZES = frozenset({"MMT", "CMT", "CLT", "INH", "VLT", "WTT", "AMP", "BAR", "CEL", "KWT"})
MEASURES = frozenset({"MTR", "LTR", "MLT", "GRM", "KGM"})
"""What alone after a number is more likely the size of a thing: 'tape 50 m', 'oil 1 l'."""

_TIMES = frozenset({"SEC", "MIN", "HUR", "DAY", "WEE", "MON", "ANN"})
"""Hours and days are ordered only under a code: 'within 48 hours' is no line."""

MAX_QUANTITY_DIGITS = 9
"""A longer number is a code."""


def is_day(after: str) -> bool:
    """Say whether the words after a number make it a day of a month; '20 set brake pads' are sets, no September."""
    words = [word for word in labels.words_of(after[:30]) if word not in {"de", "of"}]
    if not words or not any(labels.at(group, words) is not None for group in ("month", "weekday")):
        return False
    goes_on = len(words) > 1 and not words[1].isdigit()
    return not (goes_on and labels.whole("unit", words[0]) is not None)


def is_numbered(after: str) -> bool:
    """Say whether the words after a number make it that of an order: Turkish and Hungarian put them there."""
    return bool(_NUMBERED.match(after))


_NUMBERED = re.compile(r"\s*(?:numaral\u0131|nolu|no'?lu|say\u0131l\u0131|sz\u00e1m\u00fa|sz\.)(?!\w)", re.IGNORECASE)


def is_reference(before: str) -> bool:
    """Say whether the words before a number make it a number of something: 'order 5567', 'line 3', 'tel. 0161'."""
    if not before or before[-1] not in " \t\u00a0:#.(-/":
        return False
    words = labels.words_of(before[-40:])
    if not words:
        return False
    listed = LISTED.search(before[-_LOOKED_BACK:])
    if listed is not None and not before[-_LOOKED_BACK:][listed.end() :].strip(_BETWEEN):
        return True
    return words[-1] in _REFERENCES or any(
        _labels_a_number(words, at) for at in range(max(0, len(words) - labels.MAX_LABEL_WORDS), len(words))
    )


def _labels_a_number(words: Sequence[str], at: int) -> bool:
    """Say whether the words from here to the end name a paper or a number of something."""
    label = labels.at("header", words, at)
    if label is not None and label.end == len(words) and label.field in {"number", "other"}:
        return True
    others = (labels.at(group, words, at) for group in ("title", "identifier"))
    return any(other is not None and other.end == len(words) for other in others)


_REFERENCES = frozenset(
    {
        "pos",
        "position",
        "line",
        "zeile",
        "ligne",
        "riga",
        "regel",
        "item",
        "unit",
        "gate",
        "tel",
        "phone",
        "call",
        "rev",
    }
    | {"size", "no", "nr", "order", "page", "room", "suite", "box", "talla", "taille", "taglia", "grosse", "maat"}
    | {"kw", "week", "semaine", "semana", "settimana", "vecka", "uge", "uke"}
)


_AND = r"(?:,|&|and|und|et|y|e|en|i|og|och|ja|a|ve|si|\u0219i|\u00e9s|to|bis|-|\u2013)"
_GOES_ON = (
    r"(?:only|please|nur|bitte|seulement|uniquement|solo|s[o\u00f3]lo|alleen|tylko|from|of|on|in|as|and|und|et|y|e)"
)
LISTED = re.compile(
    r"\b(?:items?|lines?|positions?|positionen|pos\.?|zeilen?|lignes?|postes?|l[i\u00ed]neas?|partidas?|posiciones|righe"
    r"|riga|voci|regels?|posities|pozycj\w{1,3}|poz\.?|linhas?|itens|rad(?:er)?|linjer?|polo\u017ek\w{1,2}|kalem\w{0,4}"
    rf"|pozi\u021bi\w{{1,4}}|t\u00e9tel\w{{0,3}})\s+(?:no\.?\s*|nr\.?\s*)?\d{{1,4}}(?:\s?{_AND}\s?\d{{1,4}}(?=\s*(?:$|[.,;:)&\-]|{_GOES_ON}\b)))*",
    re.IGNORECASE,
)
"""`items 1, 3 and 4`, `Positionen 10 und 30`: numbers of lines, which count nothing."""

_BETWEEN = " ,&\u2013-abdeghinostuvy\u0219\u00e9"
"""What may stand between two such numbers."""

_LOOKED_BACK = 80


def printed_unit(text: str) -> tuple[str, int] | None:
    """Return the word between a number and 'of' with its length: `3 trolleys of plants` are so many trolleys."""
    found = _UNIT_OF.match(text)
    return (found.group(1), found.end(1)) if found else None


_UNIT_OF = re.compile(r"([a-z]{3,12})(?=\s+of\s+[^\W\d_]*\w)")


def is_time(named: codes.Named, unit: str | None) -> bool:
    """Say whether a number counts hours, days or weeks ('within 48 hours', '5 working days') and no goods."""
    if named.code is not None:
        return False
    if unit in _TIMES:
        return True
    words = labels.words_of(named.description.text) if named.description else ()
    place = 0
    while place < len(words):
        label = labels.at("time", words, place) or labels.at("when", words, place)
        if label is None and not words[place].isdigit():
            return False
        place = label.end if label else place + 1
    return bool(words)


def is_paper(named: codes.Named, unit: str | None) -> bool:
    """Say whether a number counts orders, invoices or questions ('two orders, please') and no goods."""
    if named.code is not None or unit is not None or named.description is None:
        return False
    return labels.at("paper", labels.words_of(named.description.text)) is not None


_FIRST_WORD = re.compile(r"[^\W\d_]+")


@lru_cache(maxsize=4_096)
def _may_count(word: str) -> bool:
    """Say whether a number in words may begin with this word."""
    folded = labels.words_of(word)
    return bool(folded) and folded[0] in _counting_words()


@cache
def _counting_words() -> frozenset[str]:
    rows = csv.DictReader(
        resources.files("parsers").joinpath("data/phrases.csv").read_text(encoding="utf-8").splitlines()
    )
    spoken = (phrase for row in rows if row["group"] == "number" for phrase in row["words"].split("|"))
    return frozenset(words[0] for phrase in spoken if (words := labels.words_of(phrase)))


def number_at(text: str, decimal_comma: bool | None = None) -> tuple[Decimal, int] | None:
    """Read a number in digits or words at the start of a text; return it and its length."""
    digits = re.match(rf"(?:{NUMBER})(?![\d.,/]*\d)", text)
    if digits and re.match(r"0\d", text):
        return None
    if digits:
        value = numbers.parse_number(digits.group(), decimal_comma)
        return None if value is None or len(digits.group()) > MAX_QUANTITY_DIGITS else (value, digits.end())
    first = _FIRST_WORD.match(text)
    if first is None or not _may_count(first.group()):
        return None
    tokens = labels.tokens(text[:40])
    words = [token.word for token in tokens]
    label = labels.at("number", words) if tokens and tokens[0].start == 0 else None
    if label is None:
        return None
    value, end = Decimal(label.field), label.end
    units = _units_behind(value, words, end)
    if units is not None:
        value, end = value + Decimal(units.field), units.end
    if words[end : end + 3] == ["and", "a", "half"]:
        value, end = value + Decimal("0.5"), end + 3
    length = tokens[end - 1].end
    return (value, length) if text[length : length + 1].isspace() else None


def _units_behind(value: Decimal, words: Sequence[str], end: int) -> labels.Label | None:
    """Return the ones that belong to tens: 'twenty-five', 'treinta y cinco', 'dwudziestu pi\u0119ciu'."""
    if not 20 <= value < 100 or value % 10:  # noqa: PLR2004 - the tens that take ones behind them
        return None
    end += end < len(words) and words[end] in _TENS_JOIN
    ones = labels.at("number", words, end)
    return ones if ones is not None and 0 < Decimal(ones.field) < 10 else None  # noqa: PLR2004


_TENS_JOIN = frozenset({"y", "e", "si"})
