"""Words to lines and cells: a line holds words of one height, a cell words with no wide gap between them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from oms_core.values.source import PageSource
from parsers.pdf.rules import Walls
from parsers.pdf.words import Page, Word

CELL_GAP = 0.75
"""A gap wider than this part of the line's height parts two cells."""

_SAME_LINE = 0.45
_TALL = 4.0
"""Letters so many times taller than usual, as a watermark has, stand on no line with others."""


@dataclass(frozen=True, slots=True)
class Cell:
    """Words of one line that belong together."""

    words: tuple[Word, ...]

    @property
    def text(self) -> str:
        """The words with one blank between them."""
        words = self.words
        return words[0].text if len(words) == 1 else " ".join([word.text for word in words])

    @property
    def page(self) -> int:
        """The page it stands on."""
        return self.words[0].page

    @property
    def x0(self) -> float:
        """Left edge."""
        return self.words[0].x0

    @property
    def x1(self) -> float:
        """Right edge."""
        words = self.words
        return words[0].x1 if len(words) == 1 else max([word.x1 for word in words])

    @property
    def top(self) -> float:
        """Upper edge."""
        return min(word.top for word in self.words)

    @property
    def bottom(self) -> float:
        """Lower edge."""
        return max(word.bottom for word in self.words)

    @property
    def source(self) -> PageSource:
        """The place as evidence."""
        return source_of((self,))

    def part(self, start: int, end: int | None = None) -> "Cell | None":
        """Return the piece of the text from character `start` to `end`, as whole words; None where it is empty."""
        place, taken = 0, []
        for word in self.words:
            if place + len(word.text) > start and (end is None or place < end):
                taken.append(word)
            place += len(word.text) + 1
        return Cell(tuple(taken)) if taken else None


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a page, its cells from left to right."""

    cells: tuple[Cell, ...]

    @property
    def page(self) -> int:
        """The page it stands on."""
        return self.cells[0].page

    @property
    def top(self) -> float:
        """Upper edge."""
        return min(cell.top for cell in self.cells)

    @property
    def bottom(self) -> float:
        """Lower edge."""
        return max(cell.bottom for cell in self.cells)

    @property
    def height(self) -> float:
        """Height of its tallest word."""
        return max(word.height for cell in self.cells for word in cell.words)

    @property
    def text(self) -> str:
        """The whole line."""
        return "  ".join(cell.text for cell in self.cells)


def source_of(cells: Sequence[Cell], text: str | None = None) -> PageSource:
    """Return the box around cells of one page (those of the first cell's page), and the text as it stands."""
    first = cells[0].page
    same = [cell for cell in cells if cell.page == first]
    box = (
        round(min(cell.x0 for cell in same), 1),
        round(min(cell.top for cell in same), 1),
        round(max(cell.x1 for cell in same), 1),
        round(max(cell.bottom for cell in same), 1),
    )
    return PageSource(first, box, text if text is not None else " ".join(cell.text for cell in cells))


def rows_of(page: Page) -> list[Row]:
    """Group a page's words into lines from top to bottom; a ruled line parts cells as a wide gap does."""
    usual = sorted(word.height for word in page.words)[len(page.words) // 2] if page.words else 0.0
    tall = [word for word in page.words if word.height > _TALL * usual]
    lines: list[list[Word]] = []
    middle = height = 0.0
    for at, word in sorted([((word.top + word.bottom) / 2, word) for word in page.words], key=_by_place):
        tallness = word.bottom - word.top
        if tallness > _TALL * usual:
            continue
        if lines and abs(at - middle) <= _SAME_LINE * min(tallness, height):
            lines[-1].append(word)
            middle += (at - middle) / len(lines[-1])
            height = max(height, tallness)
        else:
            lines.append([word])
            middle, height = at, tallness
    walls = Walls(page.rules)
    rows = [Row(tuple(_cells(sorted(line, key=lambda word: word.x0), walls))) for line in lines]
    if not tall:
        return rows
    return sorted((*rows, *(Row((Cell((word,)),)) for word in tall)), key=lambda row: row.top + row.bottom)


def _by_place(entry: tuple[float, Word]) -> tuple[float, float]:
    return entry[0], entry[1].x0


def _cells(words: Iterable[Word], walls: Walls) -> list[Cell]:
    cells: list[list[Word]] = []
    for word in words:
        last = cells[-1][-1] if cells else None
        near = last and word.x0 - last.x1 <= CELL_GAP * min(max(word.height, 4.0), max(last.height, 4.0))
        if last and near and not walls.between(last.x1, word.x0, word.middle):
            cells[-1].append(word)
        else:
            cells.append([word])
    return [Cell(tuple(cell)) for cell in cells]


def overlap(one: Cell, two: Cell) -> float:
    """Return how much of the narrower cell's width lies above or below the other, 0 to 1."""
    shared = min(one.x1, two.x1) - max(one.x0, two.x0)
    return max(0.0, shared) / max(min(one.x1 - one.x0, two.x1 - two.x0), 1.0)
