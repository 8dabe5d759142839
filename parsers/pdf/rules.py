"""The ruling lines of a PDF page: straight lines, thin bars and the edges of boxes, as they are shown on the page."""

import ctypes
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

MAX_OBJECTS = 50_000
"""Page objects looked at; what is drawn after them is not seen."""

MAX_SEGMENTS = 4_000
"""Segments read of one path; a drawing with more is no table."""

MAX_RULES = 5_000
"""Rules kept of one page."""

MAX_FORM_DEPTH = 4
"""Forms inside forms are followed this far."""

_THIN = 2.5
"""A bar thinner than this, in points, is a line."""

_SHORTEST = 6.0
_SLACK = 0.4
"""A letter may lean over a line by this much."""

_BOX_SEGMENTS = 6
"""A path of so few segments is one line or one box; its bounds say where."""

Point = tuple[float, float]
Matrix = tuple[float, float, float, float, float, float]
Box = tuple[float, float, float, float]
Shown = Callable[[float, float, float, float], Box]
"""Turns left, bottom, right, top of the page's own coordinates into x0, top, x1, bottom as shown."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line across or down a page, in points from the top left; `x0 == x1` where it runs down."""

    x0: float
    top: float
    x1: float
    bottom: float

    @property
    def down(self) -> bool:
        """Whether it runs from top to bottom."""
        return self.x1 - self.x0 < self.bottom - self.top


class Walls:
    """The lines of a page that run down, for asking whether one stands between two words."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._rules = sorted((rule for rule in rules if rule.down), key=lambda rule: rule.x0)
        self._places = [rule.x0 for rule in self._rules]
        self.any = bool(self._rules)

    def between(self, left: float, right: float, height: float) -> bool:
        """Say whether a line stands between two places at one height of the page."""
        if not self._places:
            return False
        low, high = min(left, right) - _SLACK, max(left, right) + _SLACK
        first, end = bisect_left(self._places, low), bisect_right(self._places, high)
        return any(rule.top <= height <= rule.bottom for rule in self._rules[first:end])


def read_rules(page: Any, shown: Shown) -> tuple[Rule, ...]:
    """Return the lines of a page, also those in forms; curves and slanted lines are left out."""
    from pypdfium2 import raw

    found: set[Rule] = set()
    for number, (item, matrices) in enumerate(_paths(raw, page.raw)):
        if number >= MAX_OBJECTS or len(found) >= MAX_RULES:
            break
        for box in _boxes(raw, item, matrices):
            found.update(_edges(shown(*box)))
    return tuple(sorted(found, key=lambda rule: (rule.top, rule.x0))[:MAX_RULES])


def _paths(raw: Any, page: Any) -> Iterator[tuple[Any, tuple[Matrix, ...]]]:
    """Yield every path object with the matrices of the forms around it, innermost first."""
    for index in range(min(raw.FPDFPage_CountObjects(page), MAX_OBJECTS)):
        yield from _within(raw, raw.FPDFPage_GetObject(page, index), ())


def _within(raw: Any, item: Any, around: tuple[Matrix, ...]) -> Iterator[tuple[Any, tuple[Matrix, ...]]]:
    kind = raw.FPDFPageObj_GetType(item)
    if kind == raw.FPDF_PAGEOBJ_PATH:
        yield item, around
    elif kind == raw.FPDF_PAGEOBJ_FORM and len(around) < MAX_FORM_DEPTH:
        inner = (_matrix(raw, item), *around)
        for index in range(min(raw.FPDFFormObj_CountObjects(item), MAX_OBJECTS)):
            yield from _within(raw, raw.FPDFFormObj_GetObject(item, index), inner)


def _matrix(raw: Any, item: Any) -> Matrix:
    held = raw.FS_MATRIX()
    if not raw.FPDFPageObj_GetMatrix(item, ctypes.byref(held)):
        return (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
    return (held.a, held.b, held.c, held.d, held.e, held.f)


def _boxes(raw: Any, item: Any, around: tuple[Matrix, ...]) -> Iterator[Box]:
    """Yield left, bottom, right, top of the lines and boxes that a path draws."""
    count = raw.FPDFPath_CountSegments(item)
    if count < 2 or count > MAX_SEGMENTS:  # noqa: PLR2004  one point draws nothing
        return
    if count > _BOX_SEGMENTS:
        own = (_matrix(raw, item), *around)
        for start, end in _strokes(raw, item, count):
            yield _bounds((_moved(start, own), _moved(end, own)))
        return
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    places = (ctypes.byref(value) for value in (left, bottom, right, top))
    if raw.FPDFPageObj_GetBounds(item, *places):
        corners = ((left.value, bottom.value), (right.value, top.value))
        yield _bounds([_moved(corner, around) for corner in corners])


def _strokes(raw: Any, item: Any, count: int) -> Iterator[tuple[Point, Point]]:
    """Yield the straight pieces of a path, each with its two ends."""
    x, y = ctypes.c_float(), ctypes.c_float()
    start: Point | None = None
    last: Point | None = None
    for index in range(count):
        segment = raw.FPDFPath_GetPathSegment(item, index)
        if not raw.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y)):
            continue
        here = (x.value, y.value)
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            start = here
        elif kind == raw.FPDF_SEGMENT_LINETO and last is not None:
            yield last, here
        last = here
        if raw.FPDFPathSegment_GetClose(segment) and start is not None:
            yield here, start
            last = start


def _moved(point: Point, matrices: Sequence[Matrix]) -> Point:
    x, y = point
    for a, b, c, d, e, f in matrices:
        x, y = a * x + c * y + e, b * x + d * y + f
    return x, y


def _bounds(points: Sequence[Point]) -> Box:
    xs, ys = [point[0] for point in points], [point[1] for point in points]
    return min(xs), min(ys), max(xs), max(ys)


def _edges(box: Box) -> Iterable[Rule]:
    """Return the line that a thin box is, or the four edges of a wide one."""
    x0, top, x1, bottom = (round(value, 1) for value in box)
    wide, high = x1 - x0, bottom - top
    if wide < _SHORTEST and high < _SHORTEST:
        return ()
    if high <= _THIN:
        middle = round((top + bottom) / 2, 1)
        return (Rule(x0, middle, x1, middle),)
    if wide <= _THIN:
        middle = round((x0 + x1) / 2, 1)
        return (Rule(middle, top, middle, bottom),)
    if wide < _SHORTEST or high < _SHORTEST:
        return ()
    return (Rule(x0, top, x1, top), Rule(x0, bottom, x1, bottom), Rule(x0, top, x0, bottom), Rule(x1, top, x1, bottom))
