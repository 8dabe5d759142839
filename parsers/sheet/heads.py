"""Orders whose heads stand on another sheet, one row each: told by the column whose values the lines refer to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from parsers.sheet.grid import CellReader, Grid, Row, conventions
from parsers.sheet.layout import Layout

_LEAST_SHARE = 0.8
_LEAST_FIELDS = 3
_LEAST_DISTINCT = 0.95
_SAMPLE = 2_000
_HEAD_FIELDS = ("number", "own_number", "date", "buyer", "buyer_id", "ship_to", "ship_to_id", "currency", "notes")
_DATES = ("date", "requested_date")


@dataclass(frozen=True, slots=True)
class Heads:
    """The head of each order by the key that its lines bear in `line_column`."""

    grid: Grid
    layout: Layout
    cells: CellReader
    line_column: int
    rows: Mapping[str, Row]


def is_head_sheet(layout: Layout) -> bool:
    """Whether a table says things of orders and nothing of goods and quantities."""
    return not layout.orders and sum(_speaks_of_order(name) for name in layout.columns) >= _LEAST_FIELDS


def _speaks_of_order(name: str) -> bool:
    return name in _HEAD_FIELDS or name.startswith(("buyer_", "ship_to_"))


def find_heads(lines: Grid, layout: Layout, others: Sequence[tuple[Grid, Layout]], confidence: float) -> Heads | None:
    """Return the sheet and key by which most rows of the lines find their head, or None."""
    best: tuple[float, Heads] | None = None
    rows = lines.rows[layout.first_line :][:_SAMPLE]
    for grid, head in others:
        for head_column in range(grid.width):
            keyed = _keyed(grid, head, head_column)
            for column in range(lines.width) if keyed else ():
                share = _share(rows, column, keyed)
                share += 0.01 * (column == layout.column("own_number")) + 0.01 * (column == layout.column("number"))
                if share >= _LEAST_SHARE and (best is None or share > best[0]):
                    best = (share, Heads(grid, head, _reader(grid, head, confidence), column, keyed))
    return best[1] if best else None


def _keyed(grid: Grid, layout: Layout, column: int) -> dict[str, Row]:
    """Return the rows by one column, empty where its values do not tell them apart."""
    rows = [row for row in grid.rows[layout.first_line :] if row.text(column)]
    keyed = {row.text(column): row for row in rows}
    told = any(any(char.isdigit() for char in key) for key in keyed)
    return keyed if told and len(keyed) >= _LEAST_DISTINCT * len(rows) else {}


def _share(rows: Sequence[Row], column: int, keyed: Mapping[str, Row]) -> float:
    """Return how many rows with a value in the column find a head; an order with one row for a thousand is none."""
    texts = [text for row in rows if (text := row.text(column))]
    if not texts or 2 * len(texts) < len(rows):
        return 0.0
    return sum(text in keyed for text in texts) / len(texts)


def _reader(grid: Grid, layout: Layout, confidence: float) -> CellReader:
    dates = [layout.columns[name] for name in _DATES if name in layout.columns]
    return CellReader(grid, conventions(grid.rows[layout.first_line :], (), dates), confidence)
