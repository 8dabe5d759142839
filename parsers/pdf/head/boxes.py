"""Boxes drawn on a page: what a form's ruled lines hold together."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from parsers.pdf.layout import Cell, Row
from parsers.pdf.rules import Rule

MAX_HEIGHT = 260.0
MAX_WIDTH = 480.0
"""A taller or wider box, in points, is a frame and holds nothing together."""

_SLACK = 2.0


@dataclass(frozen=True, slots=True)
class Box:
    """A box drawn on a page, in points from the top left."""

    page: int
    x0: float
    top: float
    x1: float
    bottom: float

    def holds(self, cell: Cell) -> bool:
        """Say whether the middle of a cell lies inside."""
        x, y = (cell.x0 + min(cell.x1, cell.x0 + 20)) / 2, (cell.top + cell.bottom) / 2
        return self.page == cell.page and self.x0 <= x <= self.x1 and self.top <= y <= self.bottom


class Boxes:
    """The ruled lines of a document, for asking which box lies around a place."""

    def __init__(self, rules: Mapping[int, Sequence[Rule]]) -> None:
        self._down: dict[int, tuple[list[float], list[Rule]]] = {}
        self._across: dict[int, tuple[list[float], list[Rule]]] = {}
        for page, found in rules.items():
            down = sorted((rule for rule in found if rule.down), key=lambda rule: rule.x0)
            across = sorted((rule for rule in found if not rule.down), key=lambda rule: rule.top)
            self._down[page] = ([rule.x0 for rule in down], down)
            self._across[page] = ([rule.top for rule in across], across)

    def at(self, page: int, x: float, y: float) -> Box | None:
        """Return the smallest box around a place, None where a side is open or the box is a frame."""
        left = self._beside(page, x, y, before=True)
        right = self._beside(page, x, y, before=False)
        if left is None or right is None or right - left > MAX_WIDTH:
            return None
        top = self._level(page, x, y, before=True)
        bottom = self._level(page, x, y, before=False)
        if top is None or bottom is None or bottom - top > MAX_HEIGHT:
            return None
        return Box(page, left, top, right, bottom)

    def around(self, cell: Cell) -> Box | None:
        """Return the smallest box around a cell's beginning."""
        return self.at(cell.page, cell.x0 + 3, (cell.top + cell.bottom) / 2)

    def _beside(self, page: int, x: float, y: float, *, before: bool) -> float | None:
        places, rules = self._down.get(page, ([], []))
        near = rules[: bisect_right(places, x)][::-1] if before else rules[bisect_left(places, x) :]
        return next((rule.x0 for rule in near if rule.top - _SLACK <= y <= rule.bottom + _SLACK), None)

    def _level(self, page: int, x: float, y: float, *, before: bool) -> float | None:
        places, rules = self._across.get(page, ([], []))
        near = rules[: bisect_right(places, y)][::-1] if before else rules[bisect_left(places, y) :]
        return next((rule.top for rule in near if rule.x0 - _SLACK <= x <= rule.x1 + _SLACK), None)


def lines_in(rows: Sequence[Row], box: Box, start: int) -> list[tuple[int, Cell]]:
    """Return the lines inside a box from row `start` on: each row's cells joined, with the number of the row."""
    found: list[tuple[int, Cell]] = []
    for index in range(start, len(rows)):
        row = rows[index]
        if row.page != box.page or row.top > box.bottom:
            break
        words = tuple(word for cell in row.cells if box.holds(cell) for word in cell.words)
        if words:
            found.append((index, Cell(words)))
    return found
