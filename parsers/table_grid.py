"""A table as rows of cells, from a sheet or a CSV file, and its cells as values with their source."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from oms_core.values.money import MAX_ABSOLUTE, plain
from oms_core.values.source import CellSource, Value
from parsers.dates import day_first, parse_date
from parsers.numbers import decimal_comma, parse_number

T = TypeVar("T")

Cell = str | Decimal | dt.date
"""A cell as it is stored: CSV knows texts only, sheets also numbers and dates. An empty text is an empty cell."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row; `number` counts from 1 in its sheet or file."""

    number: int
    cells: tuple[Cell, ...]

    def text(self, column: int) -> str:
        """Return a cell (counted from 0) as text, trimmed, white space made single; empty beyond the row's end."""
        return text_of(self.cells[column]) if column < len(self.cells) else ""

    def filled(self) -> list[int]:
        """Return the columns that hold something."""
        return [column for column in range(len(self.cells)) if self.text(column)]


@dataclass(frozen=True, slots=True)
class Grid:
    """All rows of one sheet (or of a CSV file, where `sheet` is empty)."""

    rows: tuple[Row, ...]
    sheet: str = ""


def text_of(cell: Cell) -> str:
    """Return a cell as people see it."""
    if isinstance(cell, Decimal):
        return plain(cell)
    if isinstance(cell, dt.date):
        return cell.isoformat()
    return " ".join(cell.split())


@dataclass(frozen=True, slots=True)
class Conventions:
    """How a table writes numbers and dates, settled over all of its cells."""

    decimal_comma: bool | None
    day_first: bool | None


def conventions(rows: Iterable[Row], numbers: Sequence[int], dates: Sequence[int]) -> Conventions:
    """Look at all number and date columns together: one `12,50` tells what `1.250` means."""
    kept = list(rows)
    number_texts = [cell for row in kept for cell in _cells(row, numbers) if isinstance(cell, str)]
    date_texts = [cell for row in kept for cell in _cells(row, dates) if isinstance(cell, str)]
    return Conventions(decimal_comma(number_texts), day_first(date_texts))


def _cells(row: Row, columns: Sequence[int]) -> list[Cell]:
    return [row.cells[column] for column in columns if column < len(row.cells)]


@dataclass(frozen=True, slots=True)
class CellReader:
    """Reads cells of one sheet as values that bear their place."""

    sheet: str
    conventions: Conventions
    confidence: float

    def sourced(self, value: T, row: Row, column: int) -> Value[T]:
        """Put a value together with its cell."""
        return Value(value, CellSource(row.number, column + 1, row.text(column), self.sheet), self.confidence)

    def text(self, row: Row, column: int | None) -> Value[str] | None:
        """Read a text; digits of a number cell are kept as shown."""
        shown = "" if column is None else row.text(column)
        return self.sourced(shown, row, column) if shown and column is not None else None

    def number(self, row: Row, column: int | None) -> Value[Decimal] | None:
        """Read a number in the table's convention; None for what is none or too large to keep."""
        if column is None or column >= len(row.cells):
            return None
        cell = row.cells[column]
        found = cell if isinstance(cell, Decimal) else parse_number(row.text(column), self.conventions.decimal_comma)
        return None if found is None or abs(found) > MAX_ABSOLUTE else self.sourced(found, row, column)

    def date(self, row: Row, column: int | None) -> Value[dt.date] | None:
        """Read a date in the table's convention."""
        if column is None or column >= len(row.cells):
            return None
        cell = row.cells[column]
        found = cell if isinstance(cell, dt.date) else parse_date(row.text(column), self.conventions.day_first)
        return None if found is None else self.sourced(found, row, column)
