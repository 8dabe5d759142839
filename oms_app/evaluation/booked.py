"""A list of what was booked, one row a line, as labels: the cheapest truth, since every ERP can print it.

Only what the list says is scored: a column that is missing, or an empty cell, asks for nothing.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType

from oms_app.evaluation.sameness import Json
from oms_app.master_table import Cell, Form, Table, open_tables
from oms_core.errors import InvalidInput
from oms_core.values import plain
from parsers.sheet.columns import field_of, fold
from parsers.words.dates import day_first, parse_date
from parsers.words.numbers import decimal_comma, parse_number
from parsers.words.units import unit_code

MAX_ROWS = 1_000_000
"""Rows of one list."""
MAX_CELL_CHARS = 4_000
FILE = "file"
SKU, CODE = "sku", "supplier_code"
WORDS: Mapping[str, str] = MappingProxyType(
    {
        "file": FILE,
        "filename": FILE,
        "file name": FILE,
        "document": FILE,
        "document file": FILE,
        "datei": FILE,
        "dateiname": FILE,
        "fichier": FILE,
        "archivo": FILE,
        "fichero": FILE,
        "bestand": FILE,
        "plik": FILE,
        "ficheiro": FILE,
        "sender": "_sender",
        "type": "type",
        "number": "number",
        "line": "line_number",
        "code": CODE,
        "sku": SKU,
        "price": "unit_price",
        "net": "totals.net",
        "tax": "totals.tax",
        "gross": "totals.gross",
    }
)
"""Column names of the list itself; others are told by the header words of order tables in many languages."""
HEADER = MappingProxyType(
    {
        **{name: name for name in ("type", "number", "date", "currency", "_sender")},
        **{name: name for name in ("totals.net", "totals.tax", "totals.gross")},
        "buyer": "buyer.name",
        "buyer_id": "buyer.id",
        "ship_to": "ship_to.name",
        "ship_to_address": "ship_to.address",
    }
)
"""Columns that speak of a whole document, with the place of their value in a label."""
LINE = frozenset(
    {"buyer_code", CODE, SKU, "gtin", "description", "quantity", "unit", "unit_price", "amount", "requested_date"}
)
"""Columns that speak of a line."""
NUMBERS = frozenset({"quantity", "unit_price", "amount", "totals.net", "totals.tax", "totals.gross"})
DATES = frozenset({"date", "requested_date"})


@dataclass(frozen=True, slots=True)
class Booked:
    """Labels by the document's path inside the folder, and a sentence for each row that cannot be used."""

    labels: tuple[tuple[str, Json], ...]
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Row:
    """One row of the list: its cells by field, empty ones left out."""

    number: int
    cells: Mapping[str, Cell]


def read_booked(path: Path, folder: Path) -> Booked:
    """Read a list of booked orders (CSV or a workbook) on documents in a folder. Raises InvalidInput.

    A row with nothing but a file name says that this file holds no order. Rows of one file with different order
    numbers are several orders. Documents are looked up in the folder by name and never opened by the path in a cell.
    """
    tables = open_tables(path, Form(), lambda texts: sum(_field(text) is not None for text in texts))
    table, columns, rows = _first_with_files(path, tables)
    names = _Names(folder)
    values = _Values(columns, rows)
    grouped: dict[str, list[_Row]] = {}
    problems: list[str] = []
    for row in rows:
        told = str(row.cells.get(FILE, "")).strip()
        name = names.find(told)
        if name is None:
            problems.append(f"{table.name}, row {row.number}: {names.trouble(told)}. The row is left out.")
        else:
            grouped.setdefault(name, []).append(row)
    labels = []
    for name, group in grouped.items():
        try:
            labels.append((name, values.label(group)))
        except InvalidInput as problem:
            problems.append(f"{table.name}, {problem}. {name} is left out.")
    return Booked(tuple(labels), tuple(problems))


def _field(text: str) -> str | None:
    """Return what a column holds, by its header."""
    known = WORDS.get(fold(text)) or field_of(text)
    if known in ("item", "item_number"):
        return CODE
    return known if known == FILE or known in HEADER or known in LINE or known == "line_number" else None


def _first_with_files(path: Path, tables: Iterable[Table]) -> tuple[Table, Mapping[int, str], list[_Row]]:
    """Return the first table whose header names files, with its columns and rows."""
    for table in tables:
        rows = table.rows()
        _, header = next(rows, (0, ()))
        columns = dict(_columns(header))
        if FILE in columns.values():
            return table, columns, list(_rows(table, columns, rows))
    raise InvalidInput(f"{path} has no column named file in its first row; docs/evaluate.md shows a list")


def _columns(header: Sequence[Cell]) -> Iterator[tuple[int, str]]:
    """Yield place and field of each column that is known, the first of a field only."""
    seen = set()
    for place, cell in enumerate(header):
        name = _field(str(cell))
        if name is not None and name not in seen:
            seen.add(name)
            yield place, name


def _rows(table: Table, columns: Mapping[int, str], rows: Iterable[tuple[int, Sequence[Cell]]]) -> Iterator[_Row]:
    for count, (number, cells) in enumerate(rows, start=1):
        if count > MAX_ROWS:
            raise InvalidInput(f"{table.name} has more than {MAX_ROWS:,} rows; split it")
        named = {columns[place]: _trimmed(cell) for place, cell in enumerate(cells) if place in columns}
        told = {name: cell for name, cell in named.items() if cell != ""}
        if any(isinstance(cell, str) and len(cell) > MAX_CELL_CHARS for cell in told.values()):
            raise InvalidInput(f"{table.name}, row {number}: a cell has more than {MAX_CELL_CHARS:,} characters")
        if told:
            yield _Row(number, told)


def _trimmed(cell: Cell) -> Cell:
    return cell.strip() if isinstance(cell, str) else cell


class _Names:
    """The files of a folder, by path inside it and by bare name."""

    def __init__(self, folder: Path) -> None:
        self._whole = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
        self._bare: dict[str, list[str]] = {}
        for name in sorted(self._whole):
            self._bare.setdefault(name.rpartition("/")[2], []).append(name)

    def find(self, told: str) -> str | None:
        """Return the path inside the folder of the one file that a cell means, None where it is not one."""
        told = told.replace("\\", "/").removeprefix("./")
        if told in self._whole:
            return told
        alike = self._bare.get(told.rpartition("/")[2], [])
        return alike[0] if len(alike) == 1 else None

    def trouble(self, told: str) -> str:
        """Say why a cell names no file."""
        if not told:
            return "it names no file"
        several = len(self._bare.get(told.replace("\\", "/").rpartition("/")[2], [])) > 1
        shown = told[:100]
        return f"several files are named {shown!r}, write the folder too" if several else f"there is no {shown!r}"


class _Values:
    """Cells as the values of a label: numbers and dates in the list's own convention."""

    def __init__(self, columns: Mapping[int, str], rows: Sequence[_Row]) -> None:
        self._columns = frozenset(columns.values())
        self._comma = decimal_comma(_texts(rows, NUMBERS))
        self._day_first = day_first(_texts(rows, DATES))

    def label(self, rows: Sequence[_Row]) -> Json:
        """Return the label of one file. Raises InvalidInput that names row and column."""
        if all(row.cells.keys() == {FILE} for row in rows):
            return {"documents": []}
        orders: dict[str, list[_Row]] = {}
        last = ""
        for row in rows:
            last = str(row.cells.get("number", last))
            orders.setdefault(last, []).append(row)
        label: Json = {"documents": [self._document(order) for order in orders.values()]}
        sender = next((str(row.cells["_sender"]) for row in rows if "_sender" in row.cells), None)
        return label | ({"_sender": sender} if sender else {})

    def _document(self, rows: Sequence[_Row]) -> Json:
        document: Json = {}
        for name, place in HEADER.items():
            row = next((row for row in rows if name in row.cells), None)
            if row is not None and not name.startswith("_"):
                _put(document, place, self._value(name, row))
        lines = [self._line(row) for row in rows]
        document["lines"] = [line for line in lines if line]
        if not document["lines"]:
            document["_skip"] = ["lines"]
        return document

    def _line(self, row: _Row) -> Json:
        """Return one line; a SKU of ours counts as its code where no column holds codes as they are printed."""
        told = {name: self._value(name, row) for name in row.cells if name in LINE}
        sku = told.pop(SKU, None)
        if sku is not None and CODE not in self._columns:
            told[CODE] = sku
        return told

    def _value(self, name: str, row: _Row) -> str:
        cell = row.cells[name]
        read = self._number(cell) if name in NUMBERS else self._date(cell) if name in DATES else _word(name, cell)
        if read is None:
            wanted = "number" if name in NUMBERS else "date"
            raise InvalidInput(f"row {row.number}: {str(cell)[:60]!r} under {name} is no {wanted}")
        return read

    def _number(self, cell: Cell) -> str | None:
        number = cell if isinstance(cell, Decimal) else parse_number(str(cell), self._comma)
        return None if number is None else plain(number)

    def _date(self, cell: Cell) -> str | None:
        date = cell if isinstance(cell, dt.date) else parse_date(str(cell), self._day_first)
        return None if date is None else date.isoformat()


def _texts(rows: Iterable[_Row], names: frozenset[str]) -> Iterator[str]:
    for row in rows:
        yield from (cell for name, cell in row.cells.items() if name in names and isinstance(cell, str))


def _word(name: str, cell: Cell) -> str:
    text = plain(cell) if isinstance(cell, Decimal) else str(cell)
    return (unit_code(text) or text) if name == "unit" else text


def _put(document: Json, place: str, value: str) -> None:
    group, _, name = place.rpartition(".")
    (document.setdefault(group, {}) if group else document)[name] = value
