"""Words that say something around the headers of a table: lists that order nothing, owners of codes, legal forms.

They are data, `data/table_terms.csv`: a group, a language, and words parted by `|`.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterable
from functools import cache
from importlib import resources

from parsers.sheet.columns import fold, word_languages


@cache
def terms(group: str) -> frozenset[str]:
    """Return the folded words of one group in all languages."""
    return frozenset(fold(word) for word in _printed(group))


@cache
def languages_of(group: str, word: str) -> frozenset[str]:
    """Return the languages in which a group has a word."""
    return frozenset(language for name, language, printed in _rows() if name == group and fold(printed) == fold(word))


def spoken(headers: Iterable[str]) -> frozenset[str]:
    """Return the languages to which most of the headers may belong; empty where none is known."""
    counts = Counter(language for text in headers for language in word_languages().get(fold(text), ()))
    most = max(counts.values(), default=0)
    return frozenset(language for language, count in counts.items() if count == most)


@cache
def company_form() -> re.Pattern[str]:
    """Return the pattern of a legal form anywhere in a text, dots or none."""
    return re.compile(rf"(?<!\w)(?:{_forms('legal_form', 'legal_form_us')})(?!\w)\.?", re.IGNORECASE)


@cache
def company_name() -> re.Pattern[str]:
    """Return the pattern of a name that ends in a legal form, as the names of companies do."""
    forms = _forms("legal_form", "legal_form_us")
    return re.compile(rf"\w.*[\s,.]\(?(?:{forms})\)?\.?", re.IGNORECASE)


@cache
def american_form() -> re.Pattern[str]:
    """Return the pattern of the legal forms of the country that writes the month first."""
    return re.compile(rf"(?<!\w)(?:{_forms('legal_form_us')})(?!\w)", re.IGNORECASE)


def _forms(*groups: str) -> str:
    """Build the choice of forms, longest first; a full stop may stand behind each letter or not."""
    words = {word for group in groups for word in _printed(group)}
    parts = []
    for word in sorted(words, key=len, reverse=True):
        pieces = [r"\s?" if char == " " else re.escape(char) + r"\.?" for char in word if char != "."]
        parts.append("".join(pieces))
    return "|".join(parts)


@cache
def _printed(group: str) -> tuple[str, ...]:
    return tuple(word for name, _, word in _rows() if name == group)


@cache
def _rows() -> tuple[tuple[str, str, str], ...]:
    """Read the data file once: group, language, and word as printed."""
    text = resources.files("parsers").joinpath("data/table_terms.csv").read_text(encoding="utf-8")
    reader = csv.DictReader(text.splitlines())
    return tuple((row["group"], row["language"], word) for row in reader for word in row["words"].split("|"))
