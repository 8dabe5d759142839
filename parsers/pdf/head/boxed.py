"""The lines of a party that a drawn box holds together with its label, or that the next box holds."""

from collections.abc import Sequence

from parsers.pdf.head.boxes import Box, Boxes, lines_in
from parsers.pdf.head.marks import Mark
from parsers.pdf.head.shapes import is_foreign
from parsers.pdf.layout import Cell, Row

MAX_BLOCK = 12
"""Lines of one party."""

SURE_LABEL = 0.6
"""From here on a mark is taken for a label whatever stands around it."""

HEADER_STOPS = frozenset({"number", "date", "document_date", "requested_date", "currency"})
"""Labels of these values end the lines of a party."""

_ROWS_ABOVE = 6
_LABEL_BOX = 4.0
"""A box taller than this many times its label heads nothing below it."""


class BoxedLines:
    """Reads what drawn boxes hold."""

    def __init__(self, rows: Sequence[Row], marks: Sequence[Mark], boxes: Boxes) -> None:
        self.rows = rows
        self.marks = marks
        self._boxes = boxes
        self._first = {(mark.row, mark.place): mark for mark in marks if mark.first}

    def lines_of(self, mark: Mark) -> tuple[Cell, ...]:
        """Return the lines that a drawn box holds together with its label, or the box right of it or below it."""
        box = self._boxes.around(mark.label)
        if box is None:
            return ()
        own = self._lines(box, mark)
        if own is None or own:
            return own or ()
        if mark.rest is not None:
            return ()
        tall = box.bottom - box.top > _LABEL_BOX * (mark.label.bottom - mark.label.top)
        middle = (mark.label.top + mark.label.bottom) / 2
        for place in ((box.x1 + 4, middle), (mark.label.x0 + 3, box.bottom + 4))[: 1 if tall else 2]:
            near = self._boxes.at(box.page, *place)
            lines = self._lines(near, mark) if near is not None and near != box else ()
            if lines:
                return lines
        return ()

    def _lines(self, box: Box, mark: Mark) -> tuple[Cell, ...] | None:
        """Return the lines of a party inside a box; None where the box holds more than one party."""
        start = max(0, mark.row - _ROWS_ABOVE)
        taken: list[Cell] = []
        for index, line in lines_in(self.rows, box, start):
            if line.bottom < mark.label.top - 1 and box.holds(mark.label):
                continue
            own = mark.label.words[0] in line.words
            if not own and self._names_party(index, line):
                return None if box.holds(mark.label) else ()
            if own and self._other_label(box, mark):
                return None
            if not own and not taken and not box.holds(mark.label) and self._is_label_alone(index, line):
                return ()
            rest = _after(mark, line) if own else line
            if rest is None or (is_foreign(rest.text) and not taken):
                continue
            if self._boxed_end(index, rest):
                break
            taken.append(rest)
        return tuple(cell for cell in taken if not is_foreign(cell.text))[:MAX_BLOCK]

    def _other_label(self, box: Box, mark: Mark) -> bool:
        """Say whether another cell of a label's line is a label of a party alone, in the same box."""
        return any(
            other.row == mark.row and other.place != mark.place and other.rest is None and box.holds(other.label)
            for other in self.marks
            if other.means("party") is not None
        )

    def _is_label_alone(self, index: int, line: Cell) -> bool:
        """Say whether all of a line is a label of some other value: 'TOTAL' in the next box of a heading."""
        mark = self._mark_at(index, line)
        return (
            mark is not None and mark.rest is None and mark.means("part") is None and mark.means("header") is not None
        )

    def _names_party(self, index: int, line: Cell) -> bool:
        mark = self._mark_at(index, line)
        if mark is None or not (mark.colon or mark.rest is None):
            return False
        return mark.means("party") is not None and mark.sure > SURE_LABEL and mark.means("part") is None

    def _boxed_end(self, index: int, line: Cell) -> bool:
        mark = self._mark_at(index, line)
        if mark is None or mark.means("part") or mark.means("identifier") or not (mark.colon or mark.rest is None):
            return False
        header = mark.means("header")
        return mark.means("notes") is not None or (header is not None and header.field in HEADER_STOPS)

    def _mark_at(self, index: int, line: Cell) -> Mark | None:
        for place, cell in enumerate(self.rows[index].cells):
            if cell.words[0] is line.words[0]:
                return self._first.get((index, place))
        return None


def _after(mark: Mark, line: Cell) -> Cell | None:
    """Return what of a line stands after its label, None where nothing does."""
    own = mark.rest.words if mark.rest is not None else ()
    words = tuple(word for word in line.words if word in own or word.x0 > mark.cell.x1)
    return Cell(words) if words else None
