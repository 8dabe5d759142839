"""Blocks of text on a page: the lines of a party under, beside or after its label, and those that have none."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from parsers.pdf.head.boxed import HEADER_STOPS, MAX_BLOCK, SURE_LABEL, BoxedLines
from parsers.pdf.head.boxes import Boxes
from parsers.pdf.head.marks import LEAST_LABEL, Mark
from parsers.pdf.head.shapes import is_company, is_foreign, is_place, squash
from parsers.pdf.head.values import dates_in, number_in
from parsers.pdf.layout import Cell, Row, overlap
from parsers.words import labels

_GAP = 1.75
_PITCH_LINES = 3
"""The first so many lines tell how far the lines of a party are apart."""

_COVERED, _INDENT = 0.5, 4
"""A line lies in a column when so much of it covers the column, indented by at most so many heights."""

_WHOLE_LABEL = 0.9
"""Above it a label is known whole, from the data files."""

_LEAST_HEADINGS = 3
"""So many headings of columns in one line are the head of a table."""

_CLOSE = 1.2
_FEW_WORDS = 4
_FIRST_GAP = 3.2
_STEP = 0.45
_ROWS_ABOVE = 6
_FAR = 260.0
_VALUE_GAP = 130.0
_NEAR_VALUE = 160.0
_ALIGNED = 1.2
_DAYS = frozenset({"date", "document_date", "requested_date"})
_BETWEEN = frozenset({"on", "by", "am", "le", "el", "il", "op", "den", "dnia", "at", "the", "to", "uhr", "h", "name"})
_CODE = re.compile(r"[A-Z]{0,4}[\-.]?\d{2,12}")
_SIBLING = re.compile(r"[^\W\d_][\w .\-]{2,28}:\s+\S")
_LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Block:
    """The lines of one party: whose they are (empty for a block without a label), and how sure the label is."""

    role: str
    nuance: str
    lines: tuple[Cell, ...]
    sure: float
    row: int
    phrase: str = ""


class Columns:
    """Follows columns of lines down a page."""

    def __init__(self, rows: Sequence[Row], marks: Sequence[Mark], boxes: Boxes) -> None:
        self.rows = rows
        self.marks = marks
        self._boxed = BoxedLines(rows, marks, boxes)
        self.texts = frozenset(squash(cell.text) for row in rows for cell in row.cells)
        self._first = {(mark.row, mark.place): mark for mark in marks if mark.first}

    def mark_of(self, row: int, place: int) -> Mark | None:
        """Return the label that a cell begins with."""
        return self._first.get((row, place))

    def is_value(self, row: int, place: int) -> bool:
        """Say whether the cell left of this one is a label without a value of its own."""
        left = self._first.get((row, place - 1)) if place else None
        if left is None or left.rest is not None or left.sure < SURE_LABEL or labels.whole("title", left.cell.text):
            return False
        header = left.means("header")
        if left.means("party") is not None or (header is None and left.means("identifier") is None):
            return False
        text = self.rows[row].cells[place].text
        return header is None or header.field not in _DAYS or bool(dates_in(text))

    def labelled(self) -> list[Block]:
        """Return the blocks that a label of a party names, in reading order."""
        found = []
        for mark in self.marks:
            meaning = mark.means("party") or mark.means("party_weak")
            if meaning is None or not _may_head(mark):
                continue
            weak = meaning.group == "party_weak"
            lines = () if weak and self._dated(mark) else self._under(mark)
            if lines:
                sure = mark.sure * (0.6 if weak else 1.0)
                found.append(Block(meaning.field, meaning.nuance, lines, sure, mark.row, mark.phrase))
        return found

    def _dated(self, mark: Mark) -> bool:
        """Say whether a date stands after a label or beside it: then 'Delivery' names a day, no place."""
        beside = self.rows[mark.row].cells[mark.place + 1 : mark.place + 2]
        return bool(dates_in(mark.rest_text)) or any(bool(dates_in(cell.text)) for cell in beside)

    def _under(self, mark: Mark) -> tuple[Cell, ...]:
        """Return the lines of a label: in its box, after it in its cell and on, below it, or right of it."""
        boxed = self._boxed.lines_of(mark)
        if boxed:
            return boxed
        limit = self._limit(mark)
        if mark.rest is not None:
            return self._from_rest(mark, mark.rest, limit)
        return () if self.is_numbered(mark) else self._around(mark, limit)

    def _around(self, mark: Mark, limit: float | None) -> tuple[Cell, ...]:
        """Return the lines right of a label or those below it, whichever are more likely its party."""
        right = self._right(mark)
        sentence = mark.colon and not mark.first and mark.label.words[-1] is mark.cell.words[-1]
        below = self.down(mark.row, mark.cell if sentence else mark.label, limit, ())
        if right is None:
            return below
        beside = self.down(right[0], right[1], None, (right[1],), beside=mark.label)
        if not below:
            return beside
        if _is_part(below[0]):
            return (right[1], *below)
        return below if self._hangs_on(below, mark) or self._is_longer(mark, right[1], below, beside) else beside

    def _is_longer(self, mark: Mark, right: Cell, below: Sequence[Cell], beside: Sequence[Cell]) -> bool:
        """Say whether the lines below a label say more than those right of it, and no colon ties these to it."""
        near = mark.colon and right.x0 - mark.label.x1 < _NEAR_VALUE
        if near or (mark.colon and len(beside) >= len(below)):
            return False
        return self._starts_left(below, mark) and len(below) > 1

    def _hangs_on(self, below: Sequence[Cell], mark: Mark) -> bool:
        """Say whether lines with an address begin right under a label, whatever stands right of it."""
        before, colon, _ = below[0].text.partition(":")
        if colon and not is_company(before):
            return False
        close = below[0].top - mark.label.bottom < _CLOSE * max(mark.label.bottom - mark.label.top, 4.0)
        return close and len(below) > 1 and self._starts_left(below, mark) and any(is_place(one.text) for one in below)

    def _from_rest(self, mark: Mark, rest: Cell, limit: float | None) -> tuple[Cell, ...]:
        """Return the lines that begin after a label in its own cell, and go on under the name or under the label."""
        if _CODE.fullmatch(rest.text):  # 'VENDOR: 004412' stands above the name
            return self.down(mark.row, mark.label, limit, ())
        under = _until_sibling(self.down(mark.row, rest, limit, (rest,), beside=mark.label))
        if len(under) > 1 or not mark.first or self._inside_lines(mark):
            return under
        below = _until_sibling(self.down(mark.row, mark.label, limit, (rest,)))
        told = any(is_place(line.text) or _is_part(line) for line in below[1:])
        return below if told else under

    def _inside_lines(self, mark: Mark) -> bool:
        """Say whether a label stands in the middle of a party's lines: 'Attn: J. Smith' under a name."""
        height = max(mark.cell.bottom - mark.cell.top, 4.0)
        for index in range(mark.row - 1, max(-1, mark.row - _ROWS_ABOVE), -1):
            row = self.rows[index]
            if row.page != mark.cell.page or mark.cell.top - row.bottom > height:
                return False
            for place, cell in enumerate(row.cells):
                if abs(cell.x0 - mark.cell.x0) < height and cell.bottom <= mark.cell.top + 1:
                    return (index, place) not in self._first
        return False

    def is_numbered(self, mark: Mark) -> bool:
        """Say whether a label of a party stands before the party's number alone: 'Lieferant  70418'."""
        cells = self.rows[mark.row].cells[mark.place + 1 : mark.place + 2]
        return any(_CODE.fullmatch(cell.text.strip(": ")) and cell.x0 - mark.label.x1 < _FAR for cell in cells)

    def _starts_left(self, lines: Sequence[Cell], mark: Mark) -> bool:
        height = mark.label.bottom - mark.label.top
        return abs(lines[0].x0 - mark.label.x0) < _ALIGNED * max(height, lines[0].words[0].height)

    def _limit(self, mark: Mark) -> float | None:
        """Return where the next column begins: at the next label of the label's own line."""
        cells = self.rows[mark.row].cells
        rights = [
            cell.x0
            for place, cell in enumerate(cells)
            if place > mark.place and (mark.row, place) in self._first and cell.x0 > mark.label.x1
        ]
        return min(rights, default=None)

    def _right(self, mark: Mark) -> tuple[int, Cell] | None:
        for place, cell in enumerate(self.rows[mark.row].cells):
            if place <= mark.place or cell.x0 - mark.label.x1 > _FAR:
                continue
            other = self._first.get((mark.row, place))
            if other is not None and other.rest is None and other.means("identifier"):
                return None
            if (self._is_head(mark.row, place) and not self._repeats(mark, place)) or cell.text.rstrip().endswith(":"):
                return None
            if _says_something(cell):
                return mark.row, cell
        return None

    def _repeats(self, mark: Mark, place: int) -> bool:
        """Say whether a cell names by a weaker word what its label asks for: 'Deliver to:   Site: Mill Lane'."""
        asked, other = mark.means("party"), self._first.get((mark.row, place))
        weak = other.means("party_weak") if other is not None and other.rest is not None else None
        return asked is not None and weak is not None and asked.field == weak.field

    def down(
        self, row: int, anchor: Cell, limit: float | None, start: tuple[Cell, ...], beside: Cell | None = None
    ) -> tuple[Cell, ...]:
        """Follow the lines below an anchor in its column until a gap, another label or a title.

        `beside` is the label that stands left of the lines: a label below it ends them.
        """
        taken = list(start)
        ref, pitch = anchor, 0.0
        bottom, height = anchor.bottom, max(anchor.words[0].height, 4.0)
        for index in range(row + 1, min(len(self.rows), row + 1 + 3 * MAX_BLOCK)):
            line = self.rows[index]
            gap = _GAP if taken else _FIRST_GAP
            tall = min(height, line.height) if taken else height
            if line.page != anchor.page or line.top - bottom > gap * max(tall, 6.0) or len(taken) >= MAX_BLOCK:
                break
            if beside is not None and self._left_label(index, beside, ref):
                break
            found = self._in_column(index, ref, limit)
            apart = len(taken) > 1 and line.top - bottom > pitch + _STEP * height
            if apart and (found is None or not _resumes(found[1])):
                break
            if found is None:
                continue
            place, cell = found
            if not taken and self._passes(index, place):
                bottom = max(bottom, cell.bottom)
                continue
            if self._ends(index, place, cell, taken) or (taken and self.is_value(index, place)):
                break
            cell = self._completed(index, place, cell)
            if not is_foreign(cell.text) or taken:
                pitch = max(pitch, cell.top - taken[-1].bottom) if taken and len(taken) < _PITCH_LINES else pitch
                taken.append(cell)
                ref = ref if len(taken) > 1 else cell
                height = cell.words[0].height
            bottom = max(bottom, cell.bottom)
        return tuple(cell for cell in taken if not is_foreign(cell.text))

    def _passes(self, index: int, place: int) -> bool:
        """Say whether a line between a label and its party is a label of another value: 'Customer no.: 4711'."""
        mark = self._first.get((index, place))
        if mark is None or not mark.colon or mark.means("party") or mark.means("part") or mark.means("notes"):
            return False
        return mark.means("header") is not None or mark.means("identifier") is not None

    def _completed(self, index: int, place: int, cell: Cell) -> Cell:
        """Return a line 'VAT no.:' or 'Name:' with its value, where that stands in the next cell."""
        mark = self._first.get((index, place))
        cells = self.rows[index].cells
        if mark is None or mark.rest is not None or not (mark.means("identifier") or mark.means("part")):
            return cell
        for near in range(place + 1, min(place + 3, len(cells))):
            if (index, near) in self._first or cells[near].x0 - cell.x1 > _VALUE_GAP:
                return cell
            if any(char.isalnum() for char in cells[near].text):
                return Cell((*cell.words, *cells[near].words))
        return cell

    def _left_label(self, index: int, label: Cell, ref: Cell) -> bool:
        """Say whether another label stands in the label's own column on this line."""
        return any(
            (index, place) in self._first and cell.x1 < ref.x0 and abs(cell.x0 - label.x0) < 3 * 10
            for place, cell in enumerate(self.rows[index].cells)
        ) and self._is_head_any(index, ref)

    def _is_head_any(self, index: int, ref: Cell) -> bool:
        return any(self._is_head(index, place) for place, cell in enumerate(self.rows[index].cells) if cell.x1 < ref.x0)

    def _in_column(self, index: int, ref: Cell, limit: float | None) -> tuple[int, Cell] | None:
        best: tuple[float, int, Cell] | None = None
        for place, whole in enumerate(self.rows[index].cells):
            cell = _cut(whole, limit)
            if cell is None:
                continue
            height = max(cell.words[0].height, ref.words[0].height)
            left = abs(cell.x0 - ref.x0)
            centre = abs((cell.x0 + cell.x1) - (ref.x0 + ref.x1)) / 2
            right = abs(cell.x1 - ref.x1)
            near = min(left, centre, right)
            fits = near < _ALIGNED * height or (overlap(cell, ref) > _COVERED and left < _INDENT * height)
            if fits and (best is None or left < best[0]):
                best = (left, place, cell)
        return None if best is None else (best[1], best[2])

    def _is_head(self, index: int, place: int) -> bool:
        """Say whether a cell is a label that heads something of its own."""
        mark = self._first.get((index, place))
        if mark is None or mark.sure < SURE_LABEL:
            return False
        return (mark.colon or mark.rest is None) and any(
            meaning.group in {"party", "party_weak", "header", "notes"} for meaning in mark.meanings
        )

    def _ends(self, index: int, place: int, cell: Cell, taken: Sequence[Cell]) -> bool:
        words = labels.words_of(cell.text)
        found = dates_in(cell.text)
        if taken and found and len(found[0].text) >= len(cell.text) - 2:
            return True
        mark = self._first.get((index, place))
        titled = labels.whole("title", cell.text) or (taken and mark is not None and self._numbers_title(mark))
        titled = titled or (bool(taken) and _is_numbered_title(cell))
        if titled or (labels.whole("total", cell.text) and not taken):
            return True
        if mark is None or mark.cell.x0 != cell.x0 or not (mark.colon or mark.rest is None):
            return _is_table_head(self.rows[index])
        if mark.means("part") or mark.means("identifier"):
            return False
        party = mark.means("party") or mark.means("party_weak")
        header = mark.means("header")
        if taken and mark.colon and mark.rest is not None and _is_person(mark):
            return False
        heads = (party is not None and (mark.colon or len(words) <= _FEW_WORDS)) or mark.means("notes") is not None
        return heads or (header is not None and (header.field in HEADER_STOPS or mark.sure > _WHOLE_LABEL))

    def _numbers_title(self, mark: Mark) -> bool:
        """Say whether a cell is the number of the title left of it: 'PURCHASE ORDER   No.: 4711'."""
        bare = mark.means("bare")
        left = self.rows[mark.row].cells[mark.place - 1] if mark.place else None
        return bare is not None and mark.colon and left is not None and labels.whole("title", left.text) is not None


def _is_person(mark: Mark) -> bool:
    """Say whether a line such as 'Buyer: J. Smith' names a person inside a party's block."""
    header = mark.means("header")
    if header is not None and header.field in HEADER_STOPS:
        return False
    return len(mark.rest_text.split()) <= _FEW_WORDS and not any(char.isdigit() for char in mark.rest_text)


def _may_head(mark: Mark) -> bool:
    """Say whether a label of a party heads a block: it stands alone or with a colon at the beginning of its cell."""
    if mark.colon:
        before, _, _ = mark.cell.text.partition(mark.label.text)
        return mark.first or not before.rstrip().endswith(",")
    return mark.first and mark.rest is None and mark.sure > LEAST_LABEL


def _cut(cell: Cell, limit: float | None) -> Cell | None:
    """Return the part of a cell left of the next column, where its words begin that column exactly."""
    if limit is None or cell.x1 <= limit or cell.x0 >= limit - 1:
        return cell if limit is None or cell.x0 < limit - 1 else None
    words = tuple(word for word in cell.words if word.x0 < limit - 2)
    crossing = any(word.x0 < limit - 2 and word.x1 > limit + 2 for word in cell.words)
    return cell if crossing or not words else Cell(words)


def _resumes(cell: Cell) -> bool:
    """Say whether a line after a gap may still be of an address: a few words with a post code."""
    return is_place(cell.text) and len(cell.text.split()) <= _FEW_WORDS


def _says_something(cell: Cell) -> bool:
    """Say whether a cell has words that may be a party's: more than 'on:', a clock time or a date."""
    words = [word for word in labels.words_of(cell.text) if word.isalpha() and len(word) > 1]
    return bool(words) and not all(word in _BETWEEN for word in words) and _LETTER.search(cell.text) is not None


def _is_part(cell: Cell) -> bool:
    """Say whether a line tells a part of a party under its own label: 'CIF B12345674', 'Address: …'."""
    words = labels.words_of(cell.text)
    if labels.at("identifier", words) is not None and any(char.isdigit() for char in cell.text):
        return True
    part = labels.at("part", words)
    return part is not None and part.field == "address" and part.end < len(words) and ":" in cell.text


def _until_sibling(taken: Sequence[Cell]) -> tuple[Cell, ...]:
    """Return the lines up to one that has another label and its value: 'Payment: 30 days' below 'Ship to: …'."""
    for place, cell in enumerate(taken[1:], 1):
        words = labels.words_of(cell.text)
        own = labels.at("part", words) is not None or labels.at("identifier", words) is not None
        if _SIBLING.match(cell.text) and not own:
            return tuple(taken[:place])
    return tuple(taken)


def _is_numbered_title(cell: Cell) -> bool:
    """Say whether a line is the document's title and its marked number: 'Purchase order #P00118'."""
    tokens = labels.tokens(cell.text)
    label = labels.at("title", [token.word for token in tokens])
    rest = cell.text[tokens[label.end - 1].end :].strip() if label is not None else ""
    return rest.startswith(("#", "\u2116")) and number_in(rest) is not None


def _is_table_head(row: Row) -> bool:
    named = [cell for cell in row.cells if labels.whole("column", cell.text)]
    return len(named) >= _LEAST_HEADINGS
