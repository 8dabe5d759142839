"""Lines whose words are set far apart, put together again: a gap parts two cells only where something else says so.

Justified text and wide fonts leave gaps as wide as those between narrow columns. What tells them apart is the lines
around: a column begins at the same place on another line, a gap between words does not.
"""

from collections.abc import Mapping, Sequence

from parsers.pdf.layout import Cell, Row
from parsers.pdf.rules import Rule, Walls
from parsers.words import labels

_GAP = 1.5
_SAME_PLACE = 1.6
_NEAR_ROWS = 3


def joined(rows: Sequence[Row], rules: Mapping[int, Sequence[Rule]]) -> tuple[Row, ...]:
    """Return the lines with those cells joined that are words of one text."""
    walls = {page: Walls(found) for page, found in rules.items()}
    return tuple(_joined(rows, index, walls.get(row.page)) for index, row in enumerate(rows))


def _joined(rows: Sequence[Row], index: int, walls: Walls | None) -> Row:
    cells: list[Cell] = []
    for cell in rows[index].cells:
        if cells and _together(rows, index, cells[-1], cell, walls):
            cells[-1] = Cell((*cells[-1].words, *cell.words))
        else:
            cells.append(cell)
    return Row(tuple(cells)) if len(cells) < len(rows[index].cells) else rows[index]


def _together(rows: Sequence[Row], index: int, left: Cell, right: Cell, walls: Walls | None) -> bool:
    height = min(left.words[-1].height, right.words[0].height)
    gap = right.x0 - left.x1
    if gap > _GAP * height or left.text.rstrip().endswith(":") or right.text.startswith(":"):
        return False
    if walls is not None and walls.between(left.x1, right.x0, right.words[0].middle):
        return False
    if _is_label(left) or _is_label(right):
        return _is_label(Cell((*left.words, *right.words)))
    return not _column_begins(rows, index, right.x0)


def _is_label(cell: Cell) -> bool:
    return any(labels.whole(group, cell.text) is not None for group in ("header", "party", "identifier"))


def _column_begins(rows: Sequence[Row], index: int, place: float) -> bool:
    """Say whether a cell begins at this place on a line nearby, after a wide gap or as the first."""
    page = rows[index].page
    for other in range(max(0, index - _NEAR_ROWS), min(len(rows), index + _NEAR_ROWS + 1)):
        if other == index or rows[other].page != page:
            continue
        last: Cell | None = None
        for cell in rows[other].cells:
            apart = last is None or cell.x0 - last.x1 > _GAP * cell.words[0].height
            if apart and abs(cell.x0 - place) < _SAME_PLACE:
                return True
            last = cell
    return False
