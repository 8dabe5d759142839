"""A table as rows of cells, from a sheet or a CSV file, and its cells as values with their source."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeVar

from oms_core.values.money import MAX_ABSOLUTE, plain
from oms_core.values.source import CellSource, Value
from parsers.words.dates import day_first, parse_date
from parsers.words.numbers import decimal_comma, parse_number

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
        return [column for column, cell in enumerate(self.cells) if cell != "" and text_of(cell)]


@dataclass(frozen=True, slots=True)
class Grid:
    """All rows of one sheet (or of a CSV file, where `sheet` is empty).

    `turned` says that rows and columns were swapped for reading; `hidden` holds the numbers of the rows that the
    sheet hides, `uncomputed` the cells (row and column, both from 1) whose formula was saved without its value.
    """

    rows: tuple[Row, ...]
    sheet: str = ""
    turned: bool = False
    hidden: frozenset[int] = frozenset()
    uncomputed: frozenset[tuple[int, int]] = field(default_factory=frozenset)

    @property
    def width(self) -> int:
        """The number of columns of the widest row."""
        return max((len(row.cells) for row in self.rows), default=0)


def turned(grid: Grid) -> Grid:
    """Swap rows and columns; every value still says where it stands in the file."""
    last = max((row.number for row in grid.rows), default=0)
    by_number = {row.number: row for row in grid.rows}
    kept = [by_number.get(number) for number in range(1, last + 1)]
    rows = []
    for column in range(grid.width):
        cells = tuple("" if row is None or column >= len(row.cells) else row.cells[column] for row in kept)
        if any(cell != "" for cell in cells):
            rows.append(Row(column + 1, cells))
    return Grid(tuple(rows), grid.sheet, turned=True)


def text_of(cell: Cell) -> str:
    """Return a cell as people see it."""
    if isinstance(cell, Decimal):
        return plain(cell)
    if isinstance(cell, dt.date):
        return cell.isoformat()
    return cell if cell.isalnum() else " ".join(cell.split())


@dataclass(frozen=True, slots=True)
class Conventions:
    """How a table writes numbers and dates, settled over all of its cells.

    `day_trust` is what a date that reads both ways is worth, by what told its order.
    """

    decimal_comma: bool | None
    day_first: bool | None
    day_trust: float = 1.0


def conventions(rows: Iterable[Row], numbers: Sequence[int], dates: Sequence[int]) -> Conventions:
    """Look at all number and date columns together: one `12,50` tells what `1.250` means.

    Where the dates themselves do not tell, a decimal comma does: no country that writes one puts the month first.
    """
    kept = list(rows)
    number_texts = [cell for row in kept for cell in _cells(row, numbers) if isinstance(cell, str)]
    date_texts = [cell for row in kept for cell in _cells(row, dates) if isinstance(cell, str)]
    comma = decimal_comma(number_texts)
    first = day_first(date_texts)
    return Conventions(comma, True if first is None and comma else first)


def _cells(row: Row, columns: Sequence[int]) -> list[Cell]:
    return [row.cells[column] for column in columns if column < len(row.cells)]


@dataclass(frozen=True, slots=True)
class CellReader:
    """Reads cells of one grid as values that bear their place."""

    grid: Grid
    conventions: Conventions
    confidence: float

    def sourced(self, value: T, row: Row, column: int, trust: float = 1.0) -> Value[T]:
        """Put a value together with its cell; `trust` is what is known of its column."""
        place = (column + 1, row.number) if self.grid.turned else (row.number, column + 1)
        source = CellSource(*place, row.text(column), self.grid.sheet)
        return Value(value, source, round(self.confidence * trust, 3))

    def text(self, row: Row, column: int | None, trust: float = 1.0) -> Value[str] | None:
        """Read a text; digits of a number cell are kept as shown."""
        shown = "" if column is None else row.text(column)
        return self.sourced(shown, row, column, trust) if shown and column is not None else None

    def number(self, row: Row, column: int | None, trust: float = 1.0) -> Value[Decimal] | None:
        """Read a number in the table's convention; None for what is none or too large to keep."""
        if column is None or column >= len(row.cells):
            return None
        found = number_of(row.cells[column], self.conventions.decimal_comma)
        return None if found is None or abs(found) > MAX_ABSOLUTE else self.sourced(found, row, column, trust)

    def date(self, row: Row, column: int | None, trust: float = 1.0) -> Value[dt.date] | None:
        """Read a date in the table's convention."""
        if column is None or column >= len(row.cells):
            return None
        cell = row.cells[column]
        found = cell if isinstance(cell, dt.date) else parse_date(row.text(column), self.conventions.day_first)
        if found is not None and not isinstance(cell, dt.date) and parse_date(row.text(column)) is None:
            trust *= self.conventions.day_trust
        return None if found is None else self.sourced(found, row, column, trust)


def number_of(cell: Cell, comma: bool | None = None) -> Decimal | None:
    """Return the number that a cell holds or prints; None for a date or a text."""
    if isinstance(cell, Decimal):
        return cell
    return parse_number(text_of(cell), comma) if isinstance(cell, str) else None
