"""One row of an order table as order lines, with what is odd in it as findings."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from oms_core.values.draft import DraftLine
from oms_core.values.finding import Finding, Severity
from oms_core.values.money import plain
from oms_core.values.source import Value
from parsers.sheet.columns import total_of
from parsers.sheet.grid import CellReader, Grid, Row
from parsers.sheet.layout import Layout
from parsers.sheet.profile import is_gtin
from parsers.sheet.terms import languages_of, spoken
from parsers.sheet.words import header_base, header_unit
from parsers.words import labels
from parsers.words.dates import parse_date
from parsers.words.numbers import parse_number
from parsers.words.unit_words import code_of as unit_code

MAX_ROW_FINDINGS = 50
"""More findings about single rows than this say nothing new."""
CODES = ("buyer_code", "supplier_code", "gtin")
GOODS = (*CODES, "description")
"""What may name the goods of a line."""

_HEADER_UNIT = 0.92
_IN_CELL = 0.93
_TOLD_UNIT, _UNKNOWN_UNIT = 0.85, 0.8
_CENT = Decimal("0.011")
_SLACK = Decimal("0.005")
_LEAST_CLOSING = 0.75
_BRACKETED = re.compile(r"\[([^\[\]\s]{1,40})\]\s*(\S.*)")
_SPOILED = re.compile(r"\d(?:[.,]\d+)?E\+\d{1,2}", re.IGNORECASE)
_COUNTED = re.compile(r"([+-]?\d[\d.,' \u00a0]*)\s*(?:x\s*)?(\(?[^\W\d][^\d\s]{0,20}(?:\s[^\d\s]{1,12})?)")
_PER = re.compile(r"(.+?)\s*(?:/|\bper\b|\bje\b|\bpro\b|\bpar\b)\s*(\d{1,5})?\s*([^\W\d]{0,12}\.?)", re.IGNORECASE)


@dataclass(slots=True)
class Notes:
    """Findings about the rows of one order, no more than are of use."""

    findings: list[Finding] = field(default_factory=list)

    def review(self, place: str, message: str) -> None:
        """Note what a person should look at."""
        if len(self.findings) < MAX_ROW_FINDINGS:
            self.findings.append(Finding("table.value", Severity.REVIEW, place, message))


class LineReader:
    """Reads the lines of one table row by row."""

    def __init__(self, grid: Grid, layout: Layout, cells: CellReader) -> None:
        self._grid = grid
        self._layout = layout
        self._cells = cells
        taught = layout.taught
        self._base = (taught.base if taught else None) or header_base(layout.header("unit_price"))
        self._units = taught.units if taught else {}
        self._languages = spoken(layout.headers)
        self._with_variant = self._variant_tells()

    def said(self, row: Row, name: str) -> str:
        """Return the text in a field's column, empty where there is none."""
        column = self._layout.column(name)
        return "" if column is None else row.text(column)

    def names_goods(self, row: Row) -> bool:
        """Whether a row has a code or a description."""
        return any(self.said(row, name) for name in GOODS)

    def has_code(self, row: Row) -> bool:
        """Whether a row has a code of the goods."""
        return any(self.said(row, name) for name in CODES)

    def sums_up(self, row: Row) -> bool:
        """Whether a row may be one of totals: it has no code, or a word such as `Subtotal` stands in its place."""
        if not self.has_code(row):
            return True
        told = [text for name in GOODS if (text := self.said(row, name)) and not any(map(str.isdigit, text))]
        return any(total_of(text.split(maxsplit=1)[0]) or total_of(text) for text in told)

    def quantity(self, row: Row) -> Value[Decimal] | None:
        """Return the quantity of a row, also where its unit stands in the same cell."""
        value = self._number(row, "quantity")
        counted = None if value is not None else _COUNTED.fullmatch(self.said(row, "quantity"))
        column = self._layout.column("quantity")
        if counted is None or column is None:
            return value
        number = parse_number(counted[1].strip(), self._cells.conventions.decimal_comma)
        trust = _IN_CELL if self._counted_unit(counted[2]) is not None else _UNKNOWN_UNIT
        return None if number is None else self._cells.sourced(number, row, column, trust)

    def _counted_unit(self, word: str) -> str | None:
        """Return the code of a unit that stands behind its quantity, also in the sender's own words."""
        return self._units.get(" ".join(labels.words_of(word))) or unit_code(word.strip(" ()"))

    def ordered(self, row: Row) -> bool:
        """Whether any quantity of a row is more or less than zero, or stands there and is no number."""
        if self._layout.spread is not None:
            return any(True for _ in self._spread_counts(row))
        quantity = self.quantity(row)
        return bool(self.said(row, "quantity")) if quantity is None else quantity.value != 0

    def lines(self, row: Row, index: int, notes: Notes) -> Iterator[DraftLine]:
        """Yield the lines of a row; `index` is the number of lines that the order already has."""
        line = self._line(row, index, notes)
        spread = self._layout.spread
        if spread is None:
            yield line
            return
        for label, quantity in self._spread_counts(row):
            yield self._spread_line(line, spread.kind, label, quantity)

    def _spread_counts(self, row: Row) -> Iterator[tuple[str, Value[Decimal]]]:
        for column, label in self._layout.spread.columns if self._layout.spread is not None else ():
            quantity = self._cells.number(row, column, self._trust("spread"))
            if quantity is not None and quantity.value != 0:
                yield label, quantity

    def _spread_line(self, line: DraftLine, kind: str, label: str, quantity: Value[Decimal]) -> DraftLine:
        if kind == "date":
            day = parse_date(label, self._cells.conventions.day_first) or parse_date(label, day_first=True)
            wish = None if day is None else Value(day, quantity.source, quantity.confidence)
            return replace(line, quantity=quantity, requested_date=wish, amount=None)
        text = line.description.value if line.description else ""
        named = Value(f"{text} {label}".strip(), quantity.source, quantity.confidence)
        return replace(line, quantity=quantity, description=named, amount=None)

    def _line(self, row: Row, index: int, notes: Notes) -> DraftLine:
        quantity = self.quantity(row)
        price, amount = self._price(row), self._number(row, "amount")
        self._note_numbers(row, index, notes, quantity)
        self._note_product(row, index, notes, quantity, price, amount)
        return DraftLine(
            line_number=self._text(row, "line_number"),
            buyer_code=self._code(row, "buyer_code", index, notes),
            supplier_code=self._code(row, "supplier_code", index, notes),
            gtin=self._code(row, "gtin", index, notes),
            description=self._description(row),
            quantity=quantity,
            unit=self._unit(row),
            unit_price=price,
            amount=amount,
            requested_date=self._wish(row, index, notes),
        )

    def _trust(self, name: str) -> float:
        return self._layout.trust.get(name, 1.0)

    def _text(self, row: Row, name: str) -> Value[str] | None:
        return self._cells.text(row, self._layout.column(name), self._trust(name))

    def _number(self, row: Row, name: str) -> Value[Decimal] | None:
        return self._cells.number(row, self._layout.column(name), self._trust(name))

    def _code(self, row: Row, name: str, index: int, notes: Notes) -> Value[str] | None:
        value = self._text(row, name)
        if value is None and name == "supplier_code" and name not in self._layout.columns:
            named = self._text(row, "description")
            value = named if named is not None and _BRACKETED.fullmatch(named.value) else None
        if value is None:
            return None
        bracketed = _BRACKETED.fullmatch(value.value)
        if bracketed is not None:
            return Value(bracketed[1], value.source, value.confidence)
        if _SPOILED.fullmatch(value.value):
            place = f"lines[{index}].{name}"
            notes.review(place, f"{value.value!r} in row {row.number} was a code before a spreadsheet rounded it.")
            return None
        if name == "gtin":
            digits = value.value.replace(" ", "").replace("-", "")
            if digits.isdigit() and not is_gtin(digits):
                return Value(digits, value.source, round(value.confidence * 0.9, 3))
            return Value(digits, value.source, value.confidence) if digits.isdigit() else value
        return value

    def _description(self, row: Row) -> Value[str] | None:
        value = self._text(row, "description") or self._bracketed_name(row)
        bracketed = _BRACKETED.fullmatch(value.value) if value is not None else None
        if value is not None and bracketed is not None:
            value = Value(bracketed[2], value.source, value.confidence)
        more = [self.said(row, "description2"), self.said(row, "variant") if self._with_variant else ""]
        extra = " ".join(text for text in more if text and (value is None or text not in value.value))
        if value is None or not extra:
            return value
        return Value(f"{value.value} {extra}", value.source, value.confidence)

    def _bracketed_name(self, row: Row) -> Value[str] | None:
        """Return the name behind a code in brackets, `[A-7] Lamp`, where no column holds descriptions."""
        value = self._text(row, "supplier_code")
        return value if value is not None and _BRACKETED.fullmatch(value.value) else None

    def _variant_tells(self) -> bool:
        """Whether only size or colour tells some rows apart."""
        columns = self._layout.columns
        if "variant" not in columns or "description" not in columns:
            return False
        kept = [columns[name] for name in GOODS if name in columns]
        rows = [row for row in self._grid.rows[self._layout.first_line :] if row.text(columns["description"])]
        told = {tuple(row.text(at) for at in kept) for row in rows}
        return len(told) < len(rows)

    def _unit(self, row: Row) -> Value[str] | None:
        value = self._text(row, "unit")
        if value is not None:
            return self._known_unit(value)
        column = self._layout.column("quantity")
        if column is None:
            return None
        counted = _COUNTED.fullmatch(row.text(column))
        if counted:
            code = self._counted_unit(counted[2])
            printed = code or counted[2].strip(" ().")
            return self._cells.sourced(printed, row, column, _IN_CELL if code else _UNKNOWN_UNIT)
        header = self._layout.header_row
        code = header_unit(self._layout.header("quantity")) if header is not None else None
        return (
            self._cells.sourced(code, self._grid.rows[header], column, _HEADER_UNIT)
            if code and header is not None
            else None
        )

    def _known_unit(self, value: Value[str]) -> Value[str]:
        """Return a unit as its code; in some languages `ml` is the running metre, and a word we do not know stays."""
        told = self._units.get(" ".join(labels.words_of(value.value)))
        if told is not None:
            return Value(told, value.source, value.confidence)
        if languages_of("linear_metre", value.value) & self._languages:
            return Value("MTR", value.source, round(value.confidence * _TOLD_UNIT, 3))
        code = unit_code(value.value)
        trust = 1.0 if code is not None else _UNKNOWN_UNIT
        return Value(code or value.value, value.source, round(value.confidence * trust, 3))

    def _price(self, row: Row) -> Value[Decimal] | None:
        """Return the price for one unit: that of the cell divided by the price base of its column, header or cell."""
        value = self._number(row, "unit_price")
        base = self._number(row, "price_base")
        column = self._layout.column("unit_price")
        divisor = base.value if base is not None and base.value > 0 else self._base
        if value is None and column is not None:
            found = _PER.fullmatch(self.said(row, "unit_price"))
            number = parse_number(found[1], self._cells.conventions.decimal_comma) if found else None
            if found is None or number is None:
                return None
            value = self._cells.sourced(number, row, column, _IN_CELL)
            divisor = Decimal(found[2]) if found[2] and int(found[2]) else divisor
        if value is None or divisor is None or divisor == 1:
            return value
        return Value(value.value / divisor, value.source, value.confidence)

    def _wish(self, row: Row, index: int, notes: Notes) -> Value[date] | None:
        column = self._layout.column("requested_date")
        wish = self._cells.date(row, column, self._trust("requested_date"))
        text = self.said(row, "requested_date")
        if wish is None and text and any(char.isdigit() for char in text):
            notes.review(f"lines[{index}].requested_date", f"{text!r} in row {row.number} names no certain day.")
        return wish

    def _note_numbers(self, row: Row, index: int, notes: Notes, quantity: Value[Decimal] | None) -> None:
        price = self._price(row)
        found = {"quantity": quantity, "unit_price": price, "amount": self._number(row, "amount")}
        for name, value in found.items():
            text = self.said(row, name)
            counts = name == "quantity" or any(char.isdigit() for char in text)
            if value is None and text and counts and self._layout.spread is None:
                notes.review(f"lines[{index}].{name}", f"{text!r} in row {row.number} is no number.")
        if quantity is not None and quantity.value < 0:
            place = f"lines[{index}].quantity"
            notes.review(place, f"The quantity in row {row.number} is negative: maybe a return.")

    def _note_product(
        self,
        row: Row,
        index: int,
        notes: Notes,
        quantity: Value[Decimal] | None,
        price: Value[Decimal] | None,
        amount: Value[Decimal] | None,
    ) -> None:
        """Name a row whose product is not its amount, in a table where the others' are."""
        if self._layout.closing < _LEAST_CLOSING or quantity is None or price is None or amount is None:
            return
        product = quantity.value * price.value
        if abs(product - amount.value) > max(_CENT, abs(amount.value) * _SLACK):
            text = (
                f"In row {row.number} {plain(quantity.value)} times {plain(price.value)} is {plain(product)},"
                f" and the amount printed is {plain(amount.value)}. Check quantity and price."
            )
            notes.review(f"lines[{index}].amount", text)


def repeats_header(layout: Layout, row: Row, rows: Sequence[Row]) -> bool:
    """Whether a row is the header again, as on the next printed page."""
    header = rows[layout.header_row] if layout.header_row is not None else None
    column = layout.columns.get("quantity", 0)
    return (
        header is not None
        and row.text(column) == header.text(column)
        and [row.text(at) for at in row.filled()] == [header.text(at) for at in header.filled()]
    )
