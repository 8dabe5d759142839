"""Label words set in other alphabets than the Latin one, which `labels` leaves out: Cyrillic, Greek and others.

The words are a data file, `data/labels_scripts.csv`, of the same form as those of `labels`.
"""

import csv
import unicodedata
from functools import cache, lru_cache
from importlib import resources

REMEMBERED = 4096
"""Texts whose meaning is kept: rows are looked at more than once."""

_ALPHABETS = ("CYRILLIC", "GREEK", "CJK", "HIRAGANA", "KATAKANA", "HANGUL", "ARABIC", "HEBREW", "THAI", "DEVANAGARI")


@lru_cache(maxsize=REMEMBERED)
def foreign(group: str, text: str) -> str | None:
    """Return the field that a label names in another alphabet: as a whole, else by the longest phrase in it."""
    if text.isascii():
        return None
    folded = _folded(text)
    if not any(unicodedata.name(char, "").startswith(_ALPHABETS) for char in folded):
        return None
    phrases = _phrases(group)
    if folded in phrases:
        return phrases[folded]
    inside = [phrase for phrase in phrases if len(phrase) > 1 and phrase in folded and 2 * len(phrase) >= len(folded)]
    return phrases[max(inside, key=len)] if inside else None


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(char for char in plain if char.isalnum())


@cache
def _phrases(group: str) -> dict[str, str]:
    """Read one group of the data file once; a phrase with two meanings keeps the first."""
    table: dict[str, str] = {}
    text = resources.files("parsers").joinpath("data/labels_scripts.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines()):
        if row["group"] == group:
            for phrase in row["words"].split("|"):
                table.setdefault(_folded(phrase), row["field"])
    return table
