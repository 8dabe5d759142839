"""Lines whose words are set far apart, put together again: a gap parts two cells only where something else says so.

Justified text and wide fonts leave gaps as wide as those between narrow columns. What tells them apart is the lines
around: a column begins at the same place on another line, a gap between words does not.
"""

import re
from collections.abc import Mapping, Sequence

from parsers.pdf.head.marks import meanings_at
from parsers.pdf.layout import Cell, Row
from parsers.pdf.rules import Rule, Walls
from parsers.words import labels

_GAP = 1.5
_SAME_PLACE = 1.6
_NEAR_ROWS = 3
_BOX_NUMBER = re.compile(r"\(?\d{1,2}[.)]")
_LEAST_BOXES = 3
"""So many labels with a number before them are a form with numbered boxes."""


def joined(rows: Sequence[Row], rules: Mapping[int, Sequence[Rule]]) -> tuple[Row, ...]:
    """Return the lines with those cells joined that are words of one text, and boxes without their numbers."""
    walls = {page: Walls(found) for page, found in rules.items()}
    return _unnumbered([_joined(rows, index, walls.get(row.page)) for index, row in enumerate(rows)])


def _unnumbered(rows: Sequence[Row]) -> tuple[Row, ...]:
    """Leave out the numbers of a form's boxes: '4. Supplier', '5) VAT no.'; elsewhere numbers may be of a list."""
    boxes = sum(_names_box(cell) for row in rows for cell in row.cells)
    if boxes < _LEAST_BOXES:
        return tuple(rows)
    return tuple(Row(tuple(Cell(cell.words[1:]) if _is_numbered(cell) else cell for cell in row.cells)) for row in rows)


def _is_numbered(cell: Cell) -> bool:
    """Say whether a cell is a number of a box and words without digits."""
    rest = cell.words[1:]
    numbered = bool(rest) and _BOX_NUMBER.fullmatch(cell.words[0].text) is not None
    return numbered and not any(char.isdigit() for word in rest for char in word.text)


def _names_box(cell: Cell) -> bool:
    """Say whether a cell is a number and nothing but labels."""
    if not _is_numbered(cell):
        return False
    parts = [labels.words_of(part) for part in Cell(cell.words[1:]).text.split("/")]
    return all(words and meanings_at(words, 0)[0] == len(words) for words in parts)


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
