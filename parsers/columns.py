"""Header words of order tables to fields: a data file in eight languages, `data/columns.csv`, and what is declared."""

import csv
import re
import unicodedata
from functools import cache
from importlib import resources

from oms_core.values.document import ColumnMap

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
HEADER_FIELDS = frozenset(
    {
        "number",
        "date",
        "currency",
        "buyer",
        "buyer_id",
        "buyer_address",
        "supplier",
        "ship_to",
        "ship_to_address",
        "notes",
    }
)
GOODS_FIELDS = frozenset({"buyer_code", "supplier_code", "gtin", "description", "item", "item_number"})
"""At least one of these beside a quantity makes an order table."""

_NUMERO = re.compile(r"(?<!\w)n\s?\.?\s?[\u00b0\u00ba](?:\s?\.)?", re.IGNORECASE)
_BRACKETS = re.compile(r"[(\[{].*?[)\]}]")
_WORDS = re.compile(r"[^\w#]+")
_CURRENCY = re.compile(r"(?: in)? (?:eur|usd|gbp|chf|pln|sek|nok|dkk|czk|brl|euro)$")
_CODED = {"€": " eur ", "$": " usd ", "£": " gbp ", "ł": "l", "ß": "ss", "_": " ", "#": " # "}


def fold(text: str) -> str:
    """Fold a header for comparing: lower case, no accents, one blank between words, marks left out but `#`.

    The ways to write 'number' with one letter (`N°`, `Nº`, `N.º`, `n.`) are all `no`.
    """
    text = _NUMERO.sub("no ", text)
    for mark, word in _CODED.items():
        text = text.replace(mark, word).replace(mark.upper(), word)
    plain = unicodedata.normalize("NFKD", text).casefold()
    plain = "".join(char for char in plain if not unicodedata.combining(char))
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
    return None if name is None else name.removeprefix("total_")


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


_LABELS_FIRST = ("number", "date", "requested_date", "currency", "buyer_id", "buyer", "supplier", "ship_to", "notes")


@cache
def _rows() -> tuple[tuple[str, str], ...]:
    """Read the data file once: pairs of folded words and field, in the file's order."""
    text = resources.files("parsers").joinpath("data/columns.csv").read_text(encoding="utf-8")
    reader = csv.DictReader(text.splitlines())
    return tuple((fold(word), row["field"]) for row in reader for word in row["words"].split("|"))


@cache
def _words(above: bool) -> dict[str, str]:
    """Return words to fields; the first row that has a word wins, header fields first for what stands above a table."""
    table: dict[str, str] = {}
    rows = [pair for pair in _rows() if not pair[1].startswith("total")]
    if above:
        rows = [pair for pair in rows if pair[1] in _LABELS_FIRST]
    for word, field in rows:
        table.setdefault(word, field)
    return table


@cache
def _totals() -> dict[str, str]:
    return {word: field for word, field in reversed(_rows()) if field.startswith("total")}
