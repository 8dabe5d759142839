"""Which row of a table is its header and which column means what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from oms_core.values.document import ColumnMap
from parsers.columns import GOODS_FIELDS, HEADER_FIELDS, LINE_FIELDS, declared_fields, field_of, fold
from parsers.numbers import parse_number
from parsers.table_grid import Grid, Row, text_of

SEARCHED_ROWS = 100
"""How far down the header of a table is looked for."""
_LEAST_COLUMNS = 2
_ITEM_SAMPLE = 50


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the lines begin (an index into the grid's rows), and the column (from 0) of each field."""

    first_line: int
    columns: Mapping[str, int]
    declared: bool = False

    def column(self, field: str) -> int | None:
        """Return the column of a field, or None where the table has none."""
        return self.columns.get(field)

    @property
    def orders(self) -> bool:
        """Whether the table says what is ordered and how much of it."""
        return "quantity" in self.columns and not GOODS_FIELDS.isdisjoint(self.columns)


def find_layout(grid: Grid, declared: ColumnMap | None) -> Layout | None:
    """Find the header row that names the most fields, with quantity and goods if any does; None where no row is one.

    Columns that an admin declared count alone; where they are declared by number, lines begin with the first row
    whose quantity is a number.
    """
    words, numbers = declared_fields(declared) if declared else ({}, {})
    best: tuple[bool, int, Layout | None] = (False, _LEAST_COLUMNS - 1, None)
    for index, row in enumerate(grid.rows[:SEARCHED_ROWS]):
        columns = _declared_columns(row, words) if declared else _known_columns(row)
        if columns and numbers:
            columns |= {field: number - 1 for number, field in numbers.items()}
        layout = Layout(index + 1, columns, declared=declared is not None)
        if (layout.orders, len(columns)) > best[:2]:
            best = (layout.orders, len(columns), layout)
    if best[2] is not None:
        return _with_item(grid, best[2])
    return _numbered(grid, numbers) if numbers else None


def _numbered(grid: Grid, numbers: Mapping[int, str]) -> Layout | None:
    """Lay out a table without header by declared column numbers."""
    columns = {field: number - 1 for number, field in numbers.items()}
    quantity = columns.get("quantity")
    if quantity is None:
        return None
    for index, row in enumerate(grid.rows[:SEARCHED_ROWS]):
        if parse_number(row.text(quantity)) is not None:
            return Layout(index, columns, declared=True)
    return None


def _known_columns(row: Row) -> dict[str, int]:
    """Read one row as a header by the words we know; the first column of a field counts."""
    columns: dict[str, int] = {}
    for column, cell in enumerate(row.cells):
        field = field_of(text_of(cell)) if isinstance(cell, str) else None
        if field is not None:
            columns.setdefault(field, column)
    return columns


def _declared_columns(row: Row, words: Mapping[str, str]) -> dict[str, int]:
    columns: dict[str, int] = {}
    for column, cell in enumerate(row.cells):
        field = words.get(fold(text_of(cell)))
        if field in LINE_FIELDS or field in HEADER_FIELDS:
            columns.setdefault(str(field), column)
    return columns


def _with_item(grid: Grid, layout: Layout) -> Layout:
    """Settle what a column headed `Item` or `Item no.` holds: running numbers, the description, or a code."""
    columns = dict(layout.columns)
    for name in ("item", "item_number"):
        column = columns.pop(name, None)
        if column is None:
            continue
        sample = [row.text(column) for row in grid.rows[layout.first_line :][:_ITEM_SAMPLE]]
        if _counts_up([text for text in sample if text]) and not GOODS_FIELDS.isdisjoint(columns):
            columns.setdefault("line_number", column)
        elif name == "item" and "description" not in columns:
            columns["description"] = column
        else:
            columns.setdefault("supplier_code", column)
    return Layout(layout.first_line, columns, declared=layout.declared)


def _counts_up(texts: Sequence[str]) -> bool:
    numbers = [Decimal(text) for text in texts if text.isascii() and text.isdigit() and len(text) <= len("9999")]
    return bool(texts) and len(numbers) == len(texts) and numbers == sorted(set(numbers))
