"""Master data from files: products, customers, prices, stock and cross-references out of CSV or a workbook.

The file is read twice: once to find out how it writes numbers and dates, then row by row into what `oms_flow.master`
applies. Nothing of it is held in memory but one number a row.
"""

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from decimal import Decimal
from itertools import islice
from operator import attrgetter
from pathlib import Path
from typing import Any

from oms_app.master_cells import CellReader, Conventions, conventions, is_date, is_number
from oms_app.master_columns import HEADER_ROWS, Declared, Layout, find_layout, headers_known, needed
from oms_app.master_table import Cell, Form, Table, open_tables
from oms_core.decisions.pricing import TaxRates
from oms_core.errors import InvalidInput
from oms_core.values.master import MasterRow, ProductRow
from oms_core.values.money import exact
from oms_flow.house import GERMAN_TAX
from oms_flow.master import ROW_TYPES, RowError

SAMPLE_ROWS = 20_000
"""Rows that vote on how numbers and dates are written; when they do not tell, the rest is asked as well."""
KEYS: Mapping[str, tuple[str, ...]] = {
    "customers": ("ship_to_of", "number"),
    "prices": ("price_list", "sku", "currency", "quantity_from", "valid_from"),
    "stock": ("sku", "warehouse"),
    "xref": ("customer", "code"),
}
"""What tells one row of a file from another: two that say different things of one key are an error."""


@dataclass(frozen=True, slots=True)
class Given:
    """All that a person may say about a file; everything else is found out."""

    declared: Declared = field(default_factory=lambda: Declared({}, {}))
    form: Form = field(default_factory=Form)
    conventions: Conventions = field(default_factory=Conventions)
    units: Mapping[str, str] = field(default_factory=dict)
    tax: TaxRates = GERMAN_TAX
    currency: str = "EUR"


class MasterFile:
    """One file of one kind, ready to be applied: `rows` streams it, `place` says where a row stood.

    `layout` is what the columns were taken for, `told` how the file was read.
    """

    def __init__(self, path: Path, kind: str, given: Given | None = None) -> None:
        self._given = given or Given()
        self.kind = kind
        self._table, self.layout = _found(path, kind, self._given)
        self.told = self._table.told
        known = _settled(self._table, self.layout, kind, self._given.conventions)
        self._reader = CellReader(known, self._given.tax, self._given.units)
        self._fixed = self._fixed_values()
        self._forget()

    def rows(self) -> Iterator[MasterRow | RowError]:
        """Stream the rows; one that cannot be taken is a RowError, counted from 1 in the order given."""
        self._forget()
        width = max(at for at, _ in self.layout.columns) + 1 if self.layout.columns else 0
        full = len(self.layout.headers) if self._table.even else width
        for number, cells in self._table.rows():
            if number <= self.layout.header_row:
                continue
            self._numbers.append(number)
            try:
                yield self._row(_evened(cells, full, len(self.layout.headers)))
            except ValueError as problem:
                yield RowError(len(self._numbers), str(problem))

    def place(self, position: int) -> int:
        """Return the row of the file (counted from 1, with the header) of the n-th row that was given."""
        return self._numbers[position - 1] if 0 < position <= len(self._numbers) else position

    def _forget(self) -> None:
        # Numbers only, so that a million rows take little memory: where each row stood, and what was said of each key.
        self._numbers = array("I")
        self._seen: dict[int, int] = {}
        self._said, self._said_in = array("q"), array("I")

    def _fixed_values(self) -> Mapping[str, object]:
        found = {}
        for name, text in self._given.declared.fixed.items():
            try:
                found[name] = self._reader.read(self.kind, name, text)
            except ValueError as problem:
                raise InvalidInput(f"--set {name}: {problem}") from None
        return {name: value for name, value in found.items() if value is not None}

    def _row(self, cells: Sequence[Cell]) -> MasterRow:
        found: dict[str, Any] = dict(self._fixed)
        for at, name in self.layout.columns:
            cell = cells[at] if at < len(cells) else ""
            if cell == "":
                continue
            try:
                value = self._reader.read(self.kind, name, cell)
            except ValueError as problem:
                raise ValueError(f"{self.layout.headers[at]}: {problem}") from None
            if value is not None:
                found[name] = value
        _settle_beside(found)
        if self.kind == "prices":
            found.setdefault("currency", self._given.currency)
        for name in needed(self.kind):
            if name not in found:
                raise ValueError(f"{self.layout.header(name)} is empty")
        row = ROW_TYPES[self.kind](**found)
        self._check_twice(row)
        return row

    def _check_twice(self, row: MasterRow) -> None:
        """Refuse a second row of the same key that says something else; the very same again is harmless."""
        for key, content in _claims(self.kind, row):
            place = self._seen.setdefault(hash(key), len(self._said))
            if place == len(self._said):
                self._said.append(hash(content))
                self._said_in.append(self._numbers[-1])
            elif self._said[place] != hash(content):
                shown = " / ".join(str(part) for part in key if part is not None)
                raise ValueError(f"row {self._said_in[place]} says something else of {shown}; keep one of the two")


_PACK = ("pack_unit", "pack_factor")
_OF_PRODUCT = attrgetter(*(one.name for one in fields(ProductRow) if one.name not in _PACK))
_KEY_OF = {kind: attrgetter(*names) for kind, names in KEYS.items()}


def _claims(kind: str, row: MasterRow) -> Iterator[tuple[tuple[object, ...], object]]:
    """Yield what a row claims, by key; a product may stand in several rows, each with another pack."""
    if isinstance(row, ProductRow):
        if row.pack_unit is not None:
            yield (row.sku, row.pack_unit), row.pack_factor
        yield (row.sku,), _OF_PRODUCT(row)
    else:
        yield _KEY_OF[kind](row), row


def at_their_rows(errors: Iterable[RowError], place: Callable[[int], int]) -> list[RowError]:
    """Return errors with the row of the file in place of the count."""
    return [replace(error, row=place(error.row)) for error in errors]


def _found(path: Path, kind: str, given: Given) -> tuple[Table, Layout]:
    """Return the first sheet with the columns that are needed. Raises the error of the first one."""
    first: InvalidInput | None = None
    for table in open_tables(path, given.form, headers_known(kind, given.declared)):
        try:
            return table, find_layout(kind, list(islice(table.rows(), HEADER_ROWS)), given.declared, table.name)
        except InvalidInput as problem:
            first = first or problem
    raise first or InvalidInput(f"{path} holds no sheet")


def _settled(table: Table, layout: Layout, kind: str, declared: Conventions) -> Conventions:
    """Find out how the file writes numbers and dates, as far as nobody said so."""
    numbers = [at for at, name in layout.columns if is_number(kind, name)]
    dates = [at for at, name in layout.columns if is_date(kind, name)]
    rows = (cells for number, cells in table.rows() if number > layout.header_row)
    comma, first = declared.decimal_comma, declared.day_first
    while (comma is None and numbers) or (first is None and dates):
        sample = list(islice(rows, SAMPLE_ROWS))
        if not sample:
            break
        told = conventions(_texts(sample, numbers), _texts(sample, dates))
        comma = told.decimal_comma if comma is None else comma
        first = told.day_first if first is None else first
    return Conventions(comma, first)


def _texts(rows: Iterable[Sequence[Cell]], columns: Sequence[int]) -> Iterator[str]:
    """Yield the texts that may tell: whole numbers, and cells that a workbook holds as numbers, do not."""
    for cells in rows:
        for at in columns:
            cell = cells[at] if at < len(cells) else ""
            if isinstance(cell, str) and not cell.isdigit() and cell:
                yield cell


def _evened(cells: Sequence[Cell], least: int, most: int) -> Sequence[Cell]:
    if len(cells) < least:
        raise ValueError(f"has {len(cells)} cells and the header {least}: it seems to be cut off")
    if any(cell != "" for cell in cells[most:]):
        raise ValueError(f"has {len(cells)} cells and the header {most}: put quotes round text that holds a delimiter")
    return cells


def _settle_beside(found: dict[str, Any]) -> None:
    """Turn a block mark into `active`, and a price for many pieces into one for one."""
    if "inactive" in found:
        found["active"] = not found.pop("inactive")
    per = found.pop("price_per", None)
    if per is not None and "price" in found:
        if per <= 0:
            raise ValueError("a price is for more than nothing")
        found["price"] = exact(Decimal(found["price"]) / per)
