"""Where goods may stand without a header that is known: rows that multiply, and rows that count something under a unit.

A letter orders in a list: `12 rolls  Band perforated 20 mm`, `3 | 10 | Paar | Eckventil`. No heading and no arithmetic
tell its columns, but the same place in row after row holds a number and the unit that it counts by.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from parsers.pdf.goods.totals import is_total
from parsers.pdf.layout import Cell, Row
from parsers.pdf.words import Word
from parsers.words import unit_words
from parsers.words.number_cells import figure

APART = 15
"""Rows between two tries."""

MAX_FACTORS = 12
"""Numbers of one row that are multiplied with each other."""

MAX_BETWEEN = 4
"""Rows of words between two rows of a list."""

_ALIGNED = 3.0
_FEWEST = 2
_LEAST_LETTERS = 3
_CENT = 0.006
_NO_COUNT = frozenset({None, "MMT", "CMT", "MMK", "CMK", "VLT", "WTT", "KWT", "AMP", "CEL", "BAR", "DAY", "HUR", "MIN"})
"""Nobody orders by the millimetre or the volt: these measure what is ordered."""

_PLAIN = re.compile(r"(?!0+$)\d{1,6}(?:[.,]\d{1,3})?")
_LETTER = re.compile(r"[^\W\d_]")


def multiplying(rows: Sequence[Row]) -> Iterator[int]:
    """Yield where a table may begin: a row with three figures of which one is the product of the others."""
    last = -APART
    for index, row in enumerate(rows):
        if index - last >= APART and _multiplies(row):
            last = index
            yield index


def _multiplies(row: Row) -> bool:
    texts = [cell.text for cell in row.cells] + [word.text for cell in row.cells for word in cell.words]
    for comma in (True, False):
        values = [float(number.value) for text in dict.fromkeys(texts) if (number := figure(text, comma)) is not None]
        values = [value for value in values if value > 0][:MAX_FACTORS]
        for place, one in enumerate(values):
            for two in values[place + 1 :]:
                if one != 1 and two != 1 and any(abs(one * two - other) < _CENT for other in values):
                    return True
    return False


@dataclass(frozen=True, slots=True)
class Listed:
    """A list in which each row counts something: all rows of the document, those of the list cut at their numbers."""

    rows: tuple[Row, ...]
    body: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class _Count:
    """A row that counts: its index, the words of the number and of its unit, which may be one word."""

    index: int
    number: Word
    unit: Word

    @property
    def counts(self) -> bool:
        """Whether a known unit stands behind the number."""
        return self.number is not self.unit or not self.number.text.isdigit()

    def beside(self, other: "_Count") -> bool:
        """Say whether another row counts in the same column: edges of numbers or of units are in line."""
        edges = ((self.number.x0, other.number.x0), (self.number.x1, other.number.x1), (self.unit.x0, other.unit.x0))
        return any(abs(one - two) <= _ALIGNED for one, two in edges)


def lists(rows: Sequence[Row]) -> Iterator[Listed]:
    """Yield the lists of a document that count things, each with two rows and more."""
    runs: list[list[_Count]] = []
    for index, row in enumerate(rows):
        near = [run for run in runs if index - run[-1].index <= MAX_BETWEEN]
        for one in _counts(index, row):
            run = next((run for run in near if one.beside(run[-1]) and run[-1].index < index), None)
            if run is None:
                runs.append([one])
            else:
                run.append(one)
        for run in near:
            bare = _without_unit(index, row, run[-1]) if run[-1].index < index else None
            if bare is not None:
                run.append(bare)
    for run in runs:
        if sum(one.counts for one in run) >= _FEWEST:
            yield _listed(rows, run)


def _counts(index: int, row: Row) -> Iterator[_Count]:
    """Yield the numbers of a row that a unit stands behind, where something else is named too."""
    words = [word for cell in row.cells for word in cell.words]
    firsts = {id(cell.words[0]) for cell in row.cells}
    if is_total(row):
        return
    for place, word in enumerate(words):
        number = _PLAIN.match(word.text)
        if number is None or id(word) not in firsts:
            continue
        glued = word.text[number.end() :]
        unit = word if glued else words[place + 1] if place + 1 < len(words) else None
        if unit is None or "/" in unit.text or unit_words.counted_by(glued or unit.text) in _NO_COUNT:
            continue
        rest = [other for other in words if other is not word and other is not unit]
        if any(len(_LETTER.findall(other.text)) >= _LEAST_LETTERS for other in rest):
            yield _Count(index, word, unit)


def _without_unit(index: int, row: Row, last: _Count) -> _Count | None:
    """Return the number of a row that stands right where the row above has its own, though its unit is not known."""
    for cell in row.cells:
        for word in cell.words:
            in_line = abs(word.x0 - last.number.x0) <= _ALIGNED or abs(word.x1 - last.number.x1) <= _ALIGNED
            if in_line and _PLAIN.fullmatch(word.text) and len(row.cells) > 1:
                return _Count(index, word, word)
    return None


def _listed(rows: Sequence[Row], run: Sequence[_Count]) -> Listed:
    cut = {one.index: _cut(rows[one.index], one) for one in run}
    return Listed(tuple(cut.get(index, row) for index, row in enumerate(rows)), tuple(cut.values()))


def _cut(row: Row, count: _Count) -> Row:
    """Part the cells of a row before the number and behind its unit."""
    cells: list[Cell] = []
    for cell in row.cells:
        group: list[Word] = []
        for word in cell.words:
            if word is count.number and group:
                cells.append(Cell(tuple(group)))
                group = []
            group.append(word)
            if word is count.unit:
                cells.append(Cell(tuple(group)))
                group = []
        if group:
            cells.append(Cell(tuple(group)))
    return Row(tuple(cells))
