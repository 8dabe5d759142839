"""How alike the names and addresses of companies are, legal forms and ways of writing a street folded."""

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from rapidfuzz import fuzz

from matching.normalise import fold_text

_STREET = (
    (re.compile(r"(\w+?)(?:strasse|str)\b"), r"\1 st"),
    (re.compile(r"\b(?:street|strasse|str|straat|strada|rue|via|calle)\b"), "st"),
    (re.compile(r"\b(?:road|rd)\b"), "rd"),
    (re.compile(r"\b(?:avenue|ave|av|avda|avenida)\b"), "av"),
    (re.compile(r"\b(?:platz|pl|place|plaza|plein|piazza)\b"), "pl"),
    (re.compile(r"(\w+?)(?:platz|weg|gasse|allee|straat)\b"), r"\1 "),
)
"""Words for ways, each folded to one spelling, also where they end a longer word."""

_SPELT = re.compile(r"\b\w(?: \w\b)+")
"""Letters spelt one by one: `g m b h` of `G.m.b.H.`."""

_AND = re.compile(r"\b(?:and|und|et|y|e|en|i|si)\b")


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two parties are, 0 to 1 each; an address or name that one side does not state is None."""

    name: float | None
    address: float | None


def name_likeness(left: str, right: str) -> float:
    """Return how alike two company names are, 0 to 1, whatever their legal forms, case, accents and word order.

    Names with other figures in them (`Depot 1`, `Depot 2`) are at most `OTHER_NUMBERS` alike.
    """
    one, two = fold_name(left), fold_name(right)
    if not one or not two:
        return 0.0
    spaced = float(fuzz.token_sort_ratio(one, two))
    closed = float(fuzz.ratio(one.replace(" ", ""), two.replace(" ", "")))
    alike = max(spaced, closed) / 100
    return alike if _numbers(one) == _numbers(two) else min(alike, OTHER_NUMBERS)


def address_likeness(left: str, right: str) -> float:
    """Return how alike two addresses are, 0 to 1; where house number or postal code differ, at most `OTHER_NUMBERS`."""
    one, two = fold_address(left), fold_address(right)
    if not one or not two:
        return 0.0
    alike = (float(fuzz.token_set_ratio(one, two)) + float(fuzz.token_sort_ratio(one, two))) / 200
    mine, theirs = _numbers(one), _numbers(two)
    if mine and theirs and not (mine <= theirs or theirs <= mine):
        return min(alike, OTHER_NUMBERS)
    return alike


OTHER_NUMBERS = 0.7
"""The next house in the same street, or branch by number, is another one, however alike the words are."""


@lru_cache(maxsize=16384)
def fold_name(name: str) -> str:
    """Return a company name folded, without its legal form; a name that is nothing but one keeps it."""
    flat = _AND.sub(" ", _SPELT.sub(lambda m: m[0].replace(" ", ""), fold_text(name)))
    padded = f" {' '.join(flat.split())} "
    for form in _legal_forms():
        padded = padded.replace(f" {form} ", " ")
    return padded.strip() or flat


@lru_cache(maxsize=16384)
def fold_address(address: str) -> str:
    """Return an address folded: ways in one spelling, country prefixes of postal codes off."""
    flat = re.sub(r"\b[a-z]{1,2}\s(?=\d{4,5}\b)", "", fold_text(address))
    for pattern, into in _STREET:
        flat = pattern.sub(into, flat)
    return " ".join(flat.split())


def _numbers(folded: str) -> frozenset[str]:
    return frozenset(word for word in folded.split() if any(letter.isdigit() for letter in word))


@cache
def _legal_forms() -> tuple[str, ...]:
    lines = files("matching").joinpath("data/legal_forms.txt").read_text("utf-8").splitlines()
    forms = {fold_text(line) for line in lines if line.strip() and not line.startswith("#")}
    return tuple(sorted(forms, key=lambda form: (-len(form), form)))
