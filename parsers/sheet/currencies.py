"""Currencies in the cells of a table: ISO 4217 codes, signs and words, as `data/currencies.csv` has them."""

import csv
import re
from functools import cache
from importlib import resources


@cache
def codes() -> frozenset[str]:
    """Return the codes that are taken for a currency."""
    return frozenset(row["code"] for row in _rows())


def currency_of(text: str) -> str | None:
    """Return the currency that stands in a text as a code, sign or word; None where there is none or more than one."""
    found = {_code(match.group()) for match in _pattern().finditer(text)}
    found.discard(None)
    return found.pop() if len(found) == 1 else None


def without_currency(text: str) -> str:
    """Return a header without the currency that it names."""
    return _pattern().sub(" ", text)


def _code(word: str) -> str | None:
    """Return the code of a currency word; letters in capitals are a code or nothing."""
    return word if word in codes() else _forms().get(word)


@cache
def _forms() -> dict[str, str]:
    """Return signs and words with their codes; the first that has a form keeps it.

    Signs of capital letters alone (`SR`, `KD`) are left out: in headers they shorten other words. A sign of plain
    letters holds only as it is spelled: `Ft` is money, `ft` a length.
    """
    forms: dict[str, str] = {}
    for row in _rows():
        signs = [sign.rstrip(".") for sign in row["symbols"].split("|") if not (sign.isalpha() and sign.isupper())]
        words = [word for word in row["words"].split("|") if word.isalpha()]
        spoken = [form for form in (*words, *signs) if form.isalpha() and not (form in signs and form.isascii())]
        spellings = (*signs, *spoken, *map(str.lower, spoken), *map(str.capitalize, spoken))
        forms |= {form: row["code"] for form in spellings if form and form not in forms}
    return forms


@cache
def _pattern() -> re.Pattern[str]:
    """Return the pattern of a code, or of a sign or word that no letter stands beside."""
    known = "|".join(re.escape(form) for form in sorted(_forms(), key=len, reverse=True))
    return re.compile(rf"(?<![^\W\d_])(?:{known}|[A-Z]{{3}})(?![^\W\d_])")


@cache
def _rows() -> tuple[dict[str, str], ...]:
    text = resources.files("parsers").joinpath("data/currencies.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))
