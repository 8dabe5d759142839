"""Columns of a table, and which cell of a row stands in which."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from parsers.pdf_layout import Cell, Row

NUMERIC = frozenset({"quantity", "unit_price", "amount", "tax", "discount", "gross", "price_base", "line_number"})
"""Fields whose cells are numbers."""

_NUMBER = re.compile(r"[€$£₹]?\s?-?\d[\d.,' ]*%?")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its field, and the box of its header."""

    field: str
    x0: float
    x1: float


def assign(row: Row, columns: Sequence[Column]) -> dict[str, list[Cell]]:
    """Give each cell of a row to a column; a cell over several is parted where numbers stand under their own."""
    out: dict[str, list[Cell]] = {}
    for cell in row.cells:
        for piece, column in _placed(cell, columns):
            out.setdefault(column.field, []).append(piece)
    return out


def _placed(cell: Cell, columns: Sequence[Column]) -> list[tuple[Cell, Column]]:
    over = [column for column in columns if min(column.x1, cell.x1) - max(column.x0, cell.x0) > 0.5]  # noqa: PLR2004
    if len(over) == 1 and over[0].field == "line_number" and len(cell.words) > 1:
        rest = [column for column in columns if column.x0 > over[0].x0]
        if cell.words[0].text.strip(".").isdigit() and rest:
            return [(Cell(cell.words[:1]), over[0]), (Cell(cell.words[1:]), _nearest(Cell(cell.words[1:]), rest))]
    if len(over) == 1:
        return [(cell, over[0])]
    if not over:
        return [(cell, _nearest(cell, columns))]
    groups: list[tuple[list[int], Column]] = []
    for index, word in enumerate(cell.words):
        single = Cell((word,))
        under = [c for c in over if min(c.x1, word.x1) - max(c.x0, word.x0) > 0]
        numeric = _NUMBER.fullmatch(word.text) is not None
        if under and (numeric or under[0].field not in NUMERIC):
            column = under[0]
        elif groups:
            column = groups[-1][1]
        else:
            column = _nearest(single, over)
        if groups and groups[-1][1] is column:
            groups[-1][0].append(index)
        else:
            groups.append(([index], column))
    return [(Cell(tuple(cell.words[i] for i in indexes)), column) for indexes, column in groups]


def _nearest(cell: Cell, columns: Sequence[Column]) -> Column:
    """Return the column a cell under no header belongs to: the nearest, words rather under a column of words."""
    numeric = _NUMBER.match(cell.text) is not None

    def distance(column: Column) -> float:
        gap = max(column.x0 - cell.x1, cell.x0 - column.x1, 0.0)
        foreign = numeric != (column.field in NUMERIC)
        return gap * (3.0 if foreign else 1.0)

    return min(columns, key=distance)
