"""How numbers and days are written where a letter comes from, for those that could be read in two ways."""

import re
from collections.abc import Iterable

from parsers.mail.counts import MEASURES, SIZES
from parsers.words import dates, numbers, unit_words

_COMMA = frozenset({"de", "fr", "es", "it", "nl", "pl", "pt", "cs", "sv", "da", "no", "fi", "tr", "ro", "hu"})
"""Languages that write 1.000,50; of the Spanish ones not those of `_POINT_LANDS`."""

_POINT_LANDS = re.compile(
    r"\b(?:m[e\u00e9]xico|guatemala|honduras|el salvador|nicaragua|panam[a\u00e1]|puerto rico|dominicana|per[u\u00fa]"
    r"|schweiz|suisse|svizzera|switzerland|liechtenstein)\b",
    re.IGNORECASE,
)
_MONTH_FIRST = re.compile(r",\s*[A-Z]{2}\.? \d{5}(?:-\d{4})?\b|\bUSA\b|\bU\.S\.(?:A\.)?|\b(?i:united states)\b")
_DAY_FIRST = re.compile(
    r"\b[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}\b|\b(?i:united kingdom|england|scotland|wales|ireland|india|australia"
    r"|new zealand|south africa|singapore|malaysia|hong kong|pakistan|nigeria|kenya|malta|cyprus)\b"
)
"""An American address with its ZIP code; a British postcode, or a land that writes English and the day first."""

_NUMBER = re.compile(r"(?<![\w.,/\-])\d[\d.,]*\d(?![\w/\-])")
_IN_DOUBT = re.compile(r"\d[.,]\d{3}(?!\d)")
_DATE = re.compile(r"\d{1,2}[./\-]\d{1,2}[./\-](?:\d{4}|\d{2})")


def decimal_comma(language: str | None, texts: Iterable[str]) -> bool | None:
    """Say whether a letter writes a decimal comma: by the numbers that tell, else by its language and land.

    Sizes of goods (`12.5 mm`) come from catalogues and tell nothing.
    """
    lines = list(texts)
    if not any(_IN_DOUBT.search(line) for line in lines):
        return None
    found = numbers.decimal_comma(
        one.group()
        for line in lines
        for one in _NUMBER.finditer(line)
        if not (_DATE.fullmatch(one.group()) or _is_size(line[one.end() :]))
    )
    if found is not None or language not in _COMMA:
        return found
    return None if any(_POINT_LANDS.search(line) for line in lines) else True


def _is_size(after: str) -> bool:
    unit = unit_words.at(after.lstrip())
    return bool(re.match(r"\s?[%x\u00d7\"\u00b0]", after)) or (unit is not None and unit[0] in SIZES | MEASURES)


def day_first(language: str | None, found: Iterable[str], texts: Iterable[str]) -> bool | None:
    """Say whether a letter writes the day before the month: by the dates `found` in it, else by language and land.

    Only in English both are usual; there an address tells, or nothing does.
    """
    written = list(found)
    told = dates.day_first(written)
    if not written or told is not None:
        return told
    if language is not None and language != "en":
        return True
    lines = list(texts)
    american = any(_MONTH_FIRST.search(line) for line in lines)
    others = any(_DAY_FIRST.search(line) for line in lines)
    return None if american == others else others
