"""What was learned of a sender's tables, brought to a table at hand: which form it is, which column means what.

A form is known by its header row, so that a table laid out otherwise is not read by it; one without a header by the
number of its columns. Values play no part in it.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from oms_core.values.layout import Layout as Learned
from parsers.sheet.grid import Grid
from parsers.sheet.headers import SEARCHED_ROWS, column_names, headers_at

FORM = "table"
"""The form of layouts of tables: one that comes as CSV and as a workbook is the same."""
SAME_FORM = 0.7
"""The share of a form's header texts that a header of it shows."""
_BASE = "unit_price per "
_COUNTED = ("quantity", "unit_price", "amount")
_LOOKED_AT = 80
_LEAST_NUMBERS = 0.3
_BEGINS = re.compile(r"\D{0,4}\d")


@dataclass(frozen=True, slots=True)
class Taught:
    """What was learned of a form, at its place in one table.

    `header_row` is an index into the grid's rows, None for a form without a header; `fields` says what each column
    (from 0) means, `other` for one that says nothing we take; `base` is what prices are printed for, None where that
    was not learned; `units` are the sender's words for units (folded) with their codes.
    """

    learned: Learned
    header_row: int | None = None
    header: tuple[str, ...] = ()
    fields: Mapping[int, str] = field(default_factory=dict)
    base: Decimal | None = None
    units: Mapping[str, str] = field(default_factory=dict)


def price_per(base: Decimal) -> str:
    """Return the field of a column of prices for so many units."""
    return f"{_BASE}{base:f}"


def recognised(layouts: Sequence[Learned], grid: Grid) -> Taught | None:
    """Return the form that a table is of: the one whose header it shows best, of equals the first; None for none."""
    best: tuple[float, Taught] | None = None
    for index in range(min(len(grid.rows), SEARCHED_ROWS) if layouts else 0):
        for header, handicap in headers_at(grid, index):
            names = column_names(header, len(header))
            for learned in layouts:
                share = _share(learned.marks, names) - handicap / 100
                taught = _brought(learned, names, index, header)
                if share >= SAME_FORM and (best is None or share > best[0]) and _fits(taught, grid):
                    best = (share, taught)
    if best is not None:
        return best[1]
    width = column_names((), grid.width)
    placed = (_brought(learned, width, None, ()) for learned in layouts if learned.marks == width)
    return next((taught for taught in placed if _fits(taught, grid)), None)


def _fits(taught: Taught, grid: Grid) -> bool:
    """Whether the columns that were learned as numbers hold some, or nothing."""
    first = 0 if taught.header_row is None else taught.header_row + 1
    rows = grid.rows[first : first + _LOOKED_AT]
    for column, name in taught.fields.items():
        texts = [text for row in rows if name in _COUNTED and (text := row.text(column))]
        if texts and sum(_BEGINS.match(text) is not None for text in texts) < _LEAST_NUMBERS * len(texts):
            return False
    return True


def _share(marks: Sequence[str], names: Sequence[str]) -> float:
    """Return how much of a form's header stands in a row; a form without header texts is known otherwise."""
    worded = [mark for mark in marks if not mark.startswith("column ")]
    return sum(mark in names for mark in worded) / len(worded) if worded else 0.0


def _brought(learned: Learned, names: Sequence[str], index: int | None, header: tuple[str, ...]) -> Taught:
    told = {one.words: one.field for one in learned.meanings if one.group == "column"}
    units = {one.words: one.field for one in learned.meanings if one.group == "unit"}
    fields = {column: told[name] for column, name in enumerate(names) if name in told}
    bases = [text.removeprefix(_BASE) for text in fields.values() if text.startswith(_BASE)]
    base = Decimal(bases[0]) if bases and bases[0].isdigit() and int(bases[0]) else None
    plain = {column: "unit_price" if name.startswith(_BASE) else name for column, name in fields.items()}
    return Taught(learned, index, header, plain, base, units)
