"""Printed unit words to UN/ECE Recommendation 20 codes, in eight languages.

The words are a data file, `data/units.csv`: one row for each code and language, words parted by `|`.
"""

import csv
import unicodedata
from functools import cache
from importlib import resources

MAX_UNIT_CHARS = 40
"""A longer text is no unit word."""

_X_CODE = 3
_EDGES = " \t\r\n.,;:/()[]'\"*"


def unit_code(text: str) -> str | None:
    """Return the Rec 20 code that a printed unit means (`Stück`, `PCE` and `ea` give `C62`), else None.

    Case, accents, a plural mark in brackets and full stops do not count. Codes with the X prefix that Rec 21
    packages carry in e-invoices (`XBX`) are taken without it.
    """
    if len(text) > MAX_UNIT_CHARS:
        return None
    words = _words()
    folded = fold_unit(text)
    found = words.get(folded)
    if found is None and len(folded) == _X_CODE and folded.startswith("x") and text.strip().isupper():
        return words.get(folded[1:])
    return found


def fold_unit(text: str) -> str:
    """Fold a unit word for comparing: lower case, no accents, no full stops, one space, `(s)` and `(n)` left out."""
    plain = unicodedata.normalize("NFKD", text.replace("²", "2").replace("³", "3")).casefold()
    plain = "".join(char for char in plain if not unicodedata.combining(char)).replace("ł", "l")
    for mark in ("(s)", "(es)", "(n)", "(en)"):
        plain = plain.replace(mark, "")
    return " ".join(plain.replace(".", " ").strip(_EDGES).split())


@cache
def _words() -> dict[str, str]:
    """Read the data file once."""
    table: dict[str, str] = {}
    text = resources.files("parsers").joinpath("data/units.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines()):
        for word in row["words"].split("|"):
            table.setdefault(fold_unit(word), row["code"])
    return table
