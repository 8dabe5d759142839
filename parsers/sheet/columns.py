"""Header words of order tables to fields: a data file in many languages, `data/columns.csv`, and what is declared."""

import csv
import re
import unicodedata
from functools import cache
from importlib import resources

from oms_core.values.document import ColumnMap
from parsers.words import labels

MAX_HEADER_CHARS = 60
"""A longer cell is no column header."""

LINE_FIELDS = frozenset(
    {
        "line_number",
        "buyer_code",
        "supplier_code",
        "gtin",
        "description",
        "quantity",
        "unit",
        "unit_price",
        "amount",
        "requested_date",
    }
)
"""The fields of `DraftLine`."""
HEADER_FIELDS = frozenset(
    {
        "number",
        "date",
        "currency",
        "buyer",
        "buyer_id",
        "buyer_address",
        "supplier",
        "supplier_id",
        "ship_to",
        "ship_to_id",
        "ship_to_address",
        "notes",
    }
)
"""What a column may say of the whole order."""
GOODS_FIELDS = frozenset({"code", "buyer_code", "supplier_code", "gtin", "description"})
"""At least one of these beside a quantity makes an order table."""

_NUMERO = re.compile(r"(?<!\w)n\s?\.?\s?[\u00b0\u00ba](?:\s?\.)?", re.IGNORECASE)
_BRACKETS = re.compile(r"[(\[{].*?[)\]}]")
_WORDS = re.compile(r"[^\w#]+")
_CURRENCY = re.compile(r"(?: in)? (?:eur|usd|gbp|chf|pln|sek|nok|dkk|czk|brl|huf|ron|try|cad|aud|euro)$")
_CODED = {"€": " eur ", "$": " usd ", "£": " gbp ", "_": " ", "#": " # ", "ß": "ss"}
_LETTERS = {"ł": "l", "\u0131": "i", "ø": "o", "æ": "ae", "đ": "d", "œ": "oe"}
"""Letters that do not fall apart into a plain one and a mark."""


def fold(text: str) -> str:
    """Fold a header for comparing: lower case, no accents, one blank between words, marks left out but `#`.

    The ways to write 'number' with one letter (`N°`, `Nº`, `N.º`, `n.`) are all `no`.
    """
    text = _NUMERO.sub("no ", text)
    for mark, word in _CODED.items():
        text = text.replace(mark, word).replace(mark.upper(), word)
    plain = unicodedata.normalize("NFKD", text).casefold()
    plain = "".join(_LETTERS.get(char, char) for char in plain if not unicodedata.combining(char))
    return " ".join("no" if word == "n" else word for word in _WORDS.sub(" ", plain).split())


def field_of(text: str, *, above: bool = False) -> str | None:
    """Return the field that a header cell, a label (`above` the table) or a totals row names; None for other words.

    What stands in brackets and a currency at the end do not count. Some words mean another thing above a table.
    """
    if not text or len(text) > MAX_HEADER_CHARS:
        return None
    table = _words(above)
    folded = fold(text)
    bare = fold(_BRACKETS.sub(" ", text))
    for candidate in (folded, bare, _CURRENCY.sub("", bare), _CURRENCY.sub("", folded)):
        if candidate in table:
            return table[candidate]
    return None


def total_of(text: str) -> str | None:
    """Return `net`, `tax`, `gross` or `total` where a text names a sum below the lines; rates do not count."""
    if not text or len(text) > MAX_HEADER_CHARS:
        return None
    folded = fold(_BRACKETS.sub(" ", re.sub(r"\d+(?:[.,]\d+)?\s*%", " ", text)))
    name = _totals().get(_CURRENCY.sub("", folded))
    return _elsewhere(text) if name is None else name.removeprefix("total_")


def _elsewhere(text: str) -> str | None:
    """Return the total that the labels of other documents know; whether a lone one holds the tax only others tell."""
    found = labels.whole("total", text)
    return "total" if found == "gross" else found if found in ("net", "tax") else None


def declared_fields(columns: ColumnMap) -> tuple[dict[str, str], dict[int, str]]:
    """Split a declared map into header words (folded) and column numbers (from 1) with their fields."""
    words: dict[str, str] = {}
    numbers: dict[int, str] = {}
    for header, field in columns.columns:
        if header.strip().isdigit():
            numbers[int(header)] = field
        else:
            words[fold(header)] = field
    return words, numbers


_LABELS_FIRST = (
    *("number", "po_number", "date", "requested_date", "currency", "buyer_id", "buyer", "supplier", "supplier_id"),
    *("ship_to", "ship_to_id", "notes"),
)


@cache
def word_rows() -> tuple[tuple[str, str], ...]:
    """Return pairs of folded words and field, in the file's order."""
    return tuple((fold(word), row["field"]) for row in _file() for word in row["words"].split("|"))


@cache
def _file() -> tuple[dict[str, str], ...]:
    text = resources.files("parsers").joinpath("data/columns.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


@cache
def word_languages() -> dict[str, frozenset[str]]:
    """Return the folded phrases that belong to languages, with these; words of all languages are left out."""
    told: dict[str, set[str]] = {}
    shared: set[str] = set()
    for row in _file():
        for word in map(fold, row["words"].split("|")):
            if row["language"] == "-":
                shared.add(word)
            else:
                told.setdefault(word, set()).add(row["language"])
    return {word: frozenset(languages) for word, languages in told.items() if word not in shared}


@cache
def known_words() -> frozenset[str]:
    """Return every single word of the header phrases, folded."""
    return frozenset(word for phrase, _ in word_rows() for word in phrase.split())


@cache
def _words(above: bool) -> dict[str, str]:
    """Return words to fields; the first row that has a word wins, header fields first for what stands above a table."""
    table: dict[str, str] = {}
    rows = [pair for pair in word_rows() if not pair[1].startswith(("total", "role_", "part_"))]
    if above:
        rows = [pair for pair in rows if pair[1] in _LABELS_FIRST]
    for word, field in rows:
        table.setdefault(word, field)
    return table


@cache
def _totals() -> dict[str, str]:
    return {word: field for word, field in reversed(word_rows()) if field.startswith("total")}
