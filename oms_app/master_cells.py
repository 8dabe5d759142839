"""Cells of master data as values: numbers and dates in the file's own convention, units and countries as codes."""

import csv
import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from decimal import Decimal
from functools import cache
from importlib import resources

from oms_app.master_table import Cell
from oms_core.decisions.pricing import TaxRates
from oms_core.values.money import exact, plain
from oms_flow.master import ROW_TYPES
from parsers.sheet.columns import fold
from parsers.words.dates import day_first, parse_date
from parsers.words.numbers import decimal_comma, parse_number
from parsers.words.units import unit_code

MAX_CELL_CHARS = 4_000
MAX_CACHED = 50_000
"""Texts whose meaning is remembered: prices, units and countries come again and again."""
_YES = "true yes y 1 x ja j oui o si s sim tak on wahr vrai vero waar active aktiv actif"
_NO = "false no n 0 nein non nee nao nie off falsch faux falso onwaar inactive inaktiv inactif"
_ROUNDED = re.compile(r"\d[.,]\d+E\+?\d+", re.IGNORECASE)
_DIGITS = re.compile(r"\d+")
_GROUP_ONLY = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")
_CODE = re.compile(r"[A-Z0-9]{2,3}")
_SIGNS = {"€": "EUR", "$": "USD", "£": "GBP", "zł": "PLN", "kč": "CZK"}
_TAX_WORDS = {
    "standard": "standard normal full voll normale normaal normalsatz general hoog ordinaire ordinaria",
    "reduced": "reduced ermassigt reduit reduite reducido ridotta laag verlaagd",
    "zero": "zero none exempt frei steuerfrei exonere exento esente vrij keine aucune",
}
_SELDOM_TWICE = frozenset(
    ("sku", "gtin", "number", "code", "manufacturer_code", "gln", "edi_id", "description", "name")
)


@dataclass(frozen=True, slots=True)
class Conventions:
    """How a file writes what can be read two ways; None is not known, and then such a cell is asked about."""

    decimal_comma: bool | None = None
    day_first: bool | None = None


@dataclass(slots=True)
class CellReader:
    """Reads the cells of one file; `units` are unit words that the person who imports explained."""

    conventions: Conventions
    tax: TaxRates
    units: Mapping[str, str] = field(default_factory=dict)
    _known: dict[tuple[str, str], object] = field(default_factory=dict)

    def read(self, kind: str, name: str, cell: Cell) -> object:
        """Return the value of a field, None for an empty cell. Raises ValueError with what is wrong with it."""
        if not isinstance(cell, str):
            return self._value(kind, name, cell)
        text = cell.strip()
        if not text:
            return None
        if name in _SELDOM_TWICE:
            return self._value(kind, name, text)
        key = (name, text)
        if key not in self._known:
            if len(self._known) >= MAX_CACHED:
                self._known.clear()
            self._known[key] = self._value(kind, name, text)
        return self._known[key]

    def _value(self, kind: str, name: str, cell: Cell) -> object:
        if isinstance(cell, str) and len(cell) > MAX_CELL_CHARS:
            raise ValueError(f"is longer than {MAX_CELL_CHARS:,} characters")
        special = _SPECIAL.get(name)
        if special:
            return special(self, _text(cell))
        return _BY_TYPE[_type_of(kind, name)](self, cell)

    def number(self, cell: Cell) -> Decimal:
        """Read a number that the database can keep."""
        if isinstance(cell, Decimal):
            return exact(cell)
        text = _text(cell)
        if _DIGITS.fullmatch(text):
            return exact(Decimal(text))
        if self.conventions.decimal_comma is None and _GROUP_ONLY.fullmatch(text):
            raise ValueError(
                f"{text!r} can be read two ways and nothing else in the file tells which; say --decimal comma or point"
            )
        found = parse_number(text, self.conventions.decimal_comma)
        if found is None:
            raise ValueError(f"{text[:40]!r} is no number{self._mark()}")
        return exact(found)

    def _mark(self) -> str:
        comma = self.conventions.decimal_comma
        return "" if comma is None else f" (this file writes decimals with a {'comma' if comma else 'point'})"

    def date(self, cell: Cell) -> dt.date:
        """Read a calendar date."""
        if isinstance(cell, dt.date):
            return cell
        found = parse_date(_text(cell), self.conventions.day_first)
        if found is None:
            raise ValueError(f"{_text(cell)[:40]!r} is no date that reads one way only; write it as 2026-11-30")
        return found

    def text(self, cell: Cell) -> str:
        """Read a text; a whole number of a workbook has no decimal point."""
        text = _text(cell)
        if _ROUNDED.fullmatch(text):
            raise ValueError(
                f"{text!r} was rounded by a spreadsheet program; format that column as text and export again"
            )
        return text

    def flag(self, cell: Cell) -> bool:
        """Read a yes or no."""
        if isinstance(cell, bool):
            return cell
        folded = fold(_text(cell))
        if folded not in (*_YES.split(), *_NO.split()):
            raise ValueError(f"{_text(cell)[:40]!r} is neither yes nor no")
        return folded in _YES.split()

    def domains(self, cell: Cell) -> tuple[str, ...]:
        """Read mail domains, parted by white space, comma or semicolon."""
        found = (re.sub(r"^(https?://)?(www\.)?|/.*$", "", word.strip("@<>.").lower()) for word in _text(cell).split())
        return tuple(dict.fromkeys(part for word in found for part in re.split(r"[,;]", word) if part))

    def unit(self, text: str) -> str:
        """Read a unit as its UN/ECE code (Recommendation 20)."""
        code = self.units.get(fold(text)) or unit_code(text) or (text if _CODE.fullmatch(text) else None)
        if code is None:
            raise ValueError(
                f"{text[:40]!r} is no unit we know; explain it with --unit {text[:20]!r}=CODE (C62 is a piece)"
            )
        return code

    def country(self, text: str) -> str:
        """Read a country as its ISO 3166 code."""
        code = text.upper() if re.fullmatch("[A-Za-z]{2}", text) else _countries().get(fold(text))
        if code is None:
            raise ValueError(f"{text[:40]!r} is no country we know; write its two letters, such as DE")
        return code

    def currency(self, text: str) -> str:
        """Read a currency as its ISO 4217 code."""
        code = _SIGNS.get(text.lower(), text.upper())
        if not re.fullmatch("[A-Z]{3}", code):
            raise ValueError(f"{text[:40]!r} is no currency; write its three letters, such as EUR")
        return code

    def tax_class(self, text: str) -> str:
        """Read a tax class by name, by a word for it, or by its rate in percent."""
        names = [name for name, _ in self.tax.rates]
        folded = fold(text)
        if folded in names:
            return folded
        word = next((name for name, words in _TAX_WORDS.items() if folded in words.split()), None)
        percent = parse_number(text.rstrip("% "), self.conventions.decimal_comma)
        rate = next((name for name, rate in self.tax.rates if percent is not None and rate * 100 == percent), None)
        found = word if word in names else rate
        if found is None:
            raise ValueError(f"{text[:40]!r} is no tax class; there are {', '.join(names)}")
        return found


def conventions(texts: Iterable[str], dates: Iterable[str]) -> Conventions:
    """Tell from the numbers and dates of a file how it writes both."""
    return Conventions(decimal_comma(texts), day_first(dates))


def is_number(kind: str, name: str) -> bool:
    """Say whether a field holds numbers."""
    return _type_of(kind, name) == "number"


def is_date(kind: str, name: str) -> bool:
    """Say whether a field holds dates."""
    return _type_of(kind, name) == "date"


def _text(cell: Cell) -> str:
    if isinstance(cell, Decimal):
        return plain(cell)
    return " ".join(str(cell).split())


@cache
def _type_of(kind: str, name: str) -> str:
    """Tell from the row's own annotation how a field is read."""
    if name in ("inactive", "price_per"):
        return {"inactive": "flag", "price_per": "number"}[name]
    annotation = next(str(one.type) for one in fields(ROW_TYPES[kind]) if one.name == name)
    for word, reads in (("Decimal", "number"), ("date", "date"), ("bool", "flag"), ("tuple", "domains")):
        if word in annotation:
            return reads
    return "text"


_BY_TYPE: Mapping[str, Callable[[CellReader, Cell], object]] = {
    "number": CellReader.number,
    "date": CellReader.date,
    "flag": CellReader.flag,
    "domains": CellReader.domains,
    "text": CellReader.text,
}
_SPECIAL: Mapping[str, Callable[[CellReader, str], object]] = {
    "unit": CellReader.unit,
    "pack_unit": CellReader.unit,
    "country": CellReader.country,
    "currency": CellReader.currency,
    "tax_class": CellReader.tax_class,
}


@cache
def _countries() -> Mapping[str, str]:
    text = resources.files("oms_app").joinpath("data/countries.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    return {fold(name): row["code"] for row in rows for name in row["names"].split("|")}
