"""The strips of a table: which cells of its rows stand below one another, found in the body and named by the header.

A body cell belongs with the cells above and below it that it overlaps. Two stacks that stand side by side in one row
are two columns, however a wide cell elsewhere may bridge them. A header alone makes no column; it only names what is
below it, or parts a stack whose words stand under two headings.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from parsers.pdf.goods.column_kinds import counts_up
from parsers.pdf.goods.headings import Heading, field_of
from parsers.pdf.layout import Cell, Row
from parsers.pdf.words import Word
from parsers.words.number_cells import figure, is_money_word

_TOUCH = 0.5
_ALIGNED = 2.0
_FAR = 40.0
_CLEAR = 0.8
"""A place parts a stack where so many of its rows have no letters there."""


@dataclass(frozen=True, slots=True)
class Strip:
    """One column of a table: where it lies, the field that its heading names (or nothing), and the heading's words."""

    x0: float
    x1: float
    heading: str = ""
    title: str = ""
    sure: float = 1.0


@dataclass(slots=True)
class _Stack:
    x0: float
    x1: float
    cells: list[tuple[int, Cell]] = field(default_factory=list)

    @property
    def rows(self) -> set[int]:
        return {row for row, _ in self.cells}

    def take(self, row: int, cell: Cell) -> None:
        self.cells.append((row, cell))
        self.x0, self.x1 = min(self.x0, cell.x0), max(self.x1, cell.x1)

    def join(self, other: "_Stack") -> None:
        self.cells += other.cells
        self.x0, self.x1 = min(self.x0, other.x0), max(self.x1, other.x1)


def strips_of(headings: Sequence[Heading], body: Sequence[Row]) -> tuple[Strip, ...]:
    """Return the columns of a table from left to right; `body` are rows that hold its lines."""
    stacks = sorted(_stacks(body), key=lambda stack: stack.x0)
    stacks = [part for stack in _signs_joined(stacks) for part in _numbered(stack)]
    headings = [part for heading in headings for part in _regrouped(heading, stacks)]
    stacks = [part for stack in stacks for part in _parted(stack, _over(stack, stacks, headings))]
    return _named(stacks, headings)


def _stacks(body: Sequence[Row]) -> list[_Stack]:
    """Stack overlapping cells, narrow ones first, so that a wide cell finds the columns it bridges."""
    cells = [(index, cell) for index, row in enumerate(body) for cell in row.cells]
    stacks: list[_Stack] = []
    for index, cell in sorted(cells, key=lambda entry: entry[1].x1 - entry[1].x0):
        hit = [stack for stack in stacks if min(stack.x1, cell.x1) - max(stack.x0, cell.x0) > _TOUCH]
        if not hit:
            stacks.append(_Stack(cell.x0, cell.x1, [(index, cell)]))
        elif len(hit) == 1:
            hit[0].take(index, cell)
        elif not _apart(hit):
            for other in hit[1:]:
                hit[0].join(other)
                stacks.remove(other)
            hit[0].take(index, cell)
    return stacks


def _apart(stacks: Sequence[_Stack]) -> bool:
    """Say whether any two of these stand side by side in one row."""
    seen: set[int] = set()
    for stack in stacks:
        rows = stack.rows
        if seen & rows:
            return True
        seen |= rows
    return False


def _signs_joined(stacks: Sequence[_Stack]) -> list[_Stack]:
    """Join a stack of currency signs to the figures beside it."""
    out: list[_Stack] = []
    waiting: _Stack | None = None
    for stack in stacks:
        if all(is_money_word(cell.text) for _, cell in stack.cells):
            if waiting is not None:
                out.append(waiting)
            waiting = stack
            continue
        if waiting is not None:
            if _figures(stack):
                stack.join(waiting)
            elif out and _figures(out[-1]):
                out[-1].join(waiting)
            else:
                out.append(waiting)
            waiting = None
        out.append(stack)
    if waiting is not None:
        if out and _figures(out[-1]):
            out[-1].join(waiting)
        else:
            out.append(waiting)
    return out


def _figures(stack: _Stack) -> bool:
    return sum(figure(cell.text, None) is not None for _, cell in stack.cells) * 2 > len(stack.cells)


def _numbered(stack: _Stack) -> list[_Stack]:
    """Part the running number off a stack whose every cell begins with one: `00001 62169-JA`."""
    firsts = [cell.words[0].text for _, cell in sorted(stack.cells, key=lambda entry: entry[0])]
    whole = len(firsts) < _FEWEST or not counts_up(firsts) or any(len(cell.words) == 1 for _, cell in stack.cells)
    if whole or all(_GROUPED.fullmatch(cell.text) for _, cell in stack.cells):
        return [stack]
    numbers = [(row, Cell(cell.words[:1])) for row, cell in stack.cells]
    others = [(row, Cell(cell.words[1:])) for row, cell in stack.cells]
    return [_Stack(min(c.x0 for _, c in part), max(c.x1 for _, c in part), part) for part in (numbers, others)]


_FEWEST = 2
_GROUPED = re.compile(r"\d{1,4}(?: \d{3})+")
"""A number in groups: its first group counts nothing."""


def _regrouped(heading: Heading, stacks: Sequence[_Stack]) -> list[Heading]:
    """Part a heading whose words stand over several stacks, where more of the parts then have a known meaning."""
    over = [stack for stack in stacks if min(stack.x1, heading.x1) - max(stack.x0, heading.x0) > _TOUCH]
    words = [word for cell in heading.cells for word in cell.words]
    if len(over) < _FEWEST or len(words) < _FEWEST:
        return [heading]
    groups: dict[int, list[Word]] = {}
    for word in words:
        shares = [min(stack.x1, word.x1) - max(stack.x0, word.x0) for stack in over]
        groups.setdefault(max(range(len(over)), key=lambda at: shares[at]), []).append(word)
    parts = [
        Heading((Cell(tuple(group)),), field_of(" ".join(word.text for word in group))) for group in groups.values()
    ]
    known = [part.field for part in parts if part.field]
    if heading.field and heading.sure == 1:
        return parts if len(set(known)) == len(parts) > 1 else [heading]
    return parts if len(parts) > 1 and known else [heading]


def _over(stack: _Stack, stacks: Sequence[_Stack], headings: Sequence[Heading]) -> list[Heading]:
    """Return the headings above a stack, but those that stand more above another one."""
    found: list[Heading] = []
    for heading in headings:
        own = min(heading.x1, stack.x1) - max(heading.x0, stack.x0)
        others = (min(heading.x1, other.x1) - max(heading.x0, other.x0) for other in stacks if other is not stack)
        if own > _ALIGNED and (2 * own >= heading.x1 - heading.x0 or max(others, default=0.0) <= 0):
            found.append(heading)
    return found


def _parted(stack: _Stack, over: Sequence[Heading]) -> list[_Stack]:
    """Part a stack below two or more headings, where the words of nearly all its rows leave a gap between them."""
    out = [stack]
    for left, right in pairwise(over):
        place = _gap(out[-1], left, right)
        if place is not None:
            out[-1:] = _cut(out[-1], place)
    return out


def _gap(stack: _Stack, left: Heading, right: Heading) -> float | None:
    """Return the place between two headings that most rows leave free, the one nearest to the second's left edge."""
    places = {right.x0 - _TOUCH, (left.x1 + right.x0) / 2}
    low, high = (left.x0 + left.x1) / 2, (right.x0 + right.x1) / 2
    for _, cell in stack.cells:
        places |= {word.x0 - _TOUCH for word in cell.words if low < word.x0 <= high}
    ranked = [(_clear(stack, place), -abs(place - right.x0), place) for place in places]
    best = max(ranked, default=(0.0, 0.0, 0.0))
    return best[2] if best[0] >= _CLEAR else None


def _clear(stack: _Stack, place: float) -> float:
    """Return the share of rows with letters on both sides of a place and none on it, of those with letters on both."""
    free = crossed = both = 0
    for _, cell in stack.cells:
        left = any(word.x1 <= place + _TOUCH for word in cell.words)
        right = any(word.x0 >= place - _TOUCH for word in cell.words)
        if any(word.x0 + _TOUCH < place < word.x1 - _TOUCH for word in cell.words):
            crossed += 1
        else:
            free += 1
            both += left and right
    return free / (free + crossed) if both else 0.0


def _cut(stack: _Stack, place: float) -> list[_Stack]:
    parts: tuple[list[tuple[int, Cell]], list[tuple[int, Cell]]] = ([], [])
    for row, cell in stack.cells:
        for side, words in enumerate((_before(cell, place), _after(cell, place))):
            if words is not None:
                parts[side].append((row, words))
    return [_Stack(min(c.x0 for _, c in cells), max(c.x1 for _, c in cells), cells) for cells in parts if cells]


def _before(cell: Cell, place: float) -> Cell | None:
    words = tuple(word for word in cell.words if (word.x0 + word.x1) / 2 < place)
    return Cell(words) if words else None


def _after(cell: Cell, place: float) -> Cell | None:
    words = tuple(word for word in cell.words if (word.x0 + word.x1) / 2 >= place)
    return Cell(words) if words else None


def _named(stacks: Sequence[_Stack], headings: Sequence[Heading]) -> tuple[Strip, ...]:
    """Give each heading to one stack, keeping their order; a heading with none below it makes an empty strip.

    A stack that stands under a heading which another stack took shares it, and believes it less.
    """
    boxes = [Strip(stack.x0, stack.x1) for stack in stacks]
    pairs = dict(_paired(boxes, headings))
    out: list[Strip] = []
    for index, heading in enumerate(headings):
        if index in pairs:
            box = boxes[pairs[index]]
            boxes[pairs[index]] = replace(box, heading=heading.field, title=heading.text, sure=heading.sure)
        elif not any(min(box.x1, heading.x1) - max(box.x0, heading.x0) > _TOUCH for box in boxes):
            out.append(Strip(heading.x0, heading.x1, heading.field, heading.text, heading.sure))
    taken = set(pairs.values())
    boxes = [box if at in taken else _shared(box, headings) for at, box in enumerate(boxes)]
    widened = [_widened(box, headings[index], boxes) for index, at in pairs.items() for box in (boxes[at],)]
    for at, box in zip(pairs.values(), widened, strict=True):
        boxes[at] = box
    return tuple(sorted((*boxes, *out), key=lambda strip: strip.x0))


def _shared(box: Strip, headings: Sequence[Heading]) -> Strip:
    over = [heading for heading in headings if min(box.x1, heading.x1) - max(box.x0, heading.x0) > _ALIGNED]
    if not over or not over[0].field:
        return box
    return replace(box, heading=over[0].field, sure=_SHARED * over[0].sure)


_SHARED = 0.5


def _widened(box: Strip, heading: Heading, boxes: Sequence[Strip]) -> Strip:
    """Widen a strip to its heading, as far as that stands free of the other strips."""
    left = max((other.x1 for other in boxes if other is not box and other.x1 <= box.x0), default=0.0)
    right = min((other.x0 for other in boxes if other is not box and other.x0 >= box.x1), default=float("inf"))
    return replace(box, x0=min(box.x0, max(heading.x0, left + _TOUCH)), x1=max(box.x1, min(heading.x1, right - _TOUCH)))


def _paired(boxes: Sequence[Strip], headings: Sequence[Heading]) -> list[tuple[int, int]]:
    """Pair headings and stacks in their order for the most nearness in all (heading index, stack index)."""
    rows, columns = len(headings), len(boxes)
    best = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    for i in reversed(range(rows)):
        for j in reversed(range(columns)):
            together = best[i + 1][j + 1] + _nearness(headings[i], boxes[j])
            best[i][j] = max(best[i + 1][j], best[i][j + 1], together)
    pairs: list[tuple[int, int]] = []
    i = j = 0
    while i < rows and j < columns:
        if best[i][j] == best[i + 1][j]:
            i += 1
        elif best[i][j] == best[i][j + 1]:
            j += 1
        else:
            pairs.append((i, j))
            i, j = i + 1, j + 1
    return _completed(pairs, rows, columns)


def _completed(pairs: Sequence[tuple[int, int]], rows: int, columns: int) -> list[tuple[int, int]]:
    """Pair the one heading and the one stack that are left between two pairs: a heading centred over a wide column."""
    out: list[tuple[int, int]] = []
    last = (-1, -1)
    for pair in (*pairs, (rows, columns)):
        if pair[0] - last[0] == _ONE_LEFT and pair[1] - last[1] == _ONE_LEFT:
            out.append((last[0] + 1, last[1] + 1))
        if pair != (rows, columns):
            out.append(pair)
        last = pair
    return out


_ONE_LEFT = 2


def _nearness(heading: Heading, box: Strip) -> float:
    """Return how well a heading stands over a stack: overlap, edges or middles in line; less than 0 where far."""
    shared = min(heading.x1, box.x1) - max(heading.x0, box.x0)
    if shared <= 0:
        return 0.25 * (1 + shared / _FAR)
    edges = (
        abs(heading.x0 - box.x0),
        abs(heading.x1 - box.x1),
        abs((heading.x0 + heading.x1) - (box.x0 + box.x1)) / 2,
    )
    narrow = max(min(heading.x1 - heading.x0, box.x1 - box.x0), 1.0)
    return 0.3 + shared / narrow + (0.6 if min(edges) <= _ALIGNED else 0.0)


def placed(row: Row, strips: Sequence[Strip]) -> dict[int, list[Cell]]:
    """Give the cells of a row to the strips, by their index; a cell over several is parted by its words."""
    out: dict[int, list[Cell]] = {}
    for cell in row.cells:
        for index, words in _pieces(cell, strips):
            out.setdefault(index, []).append(Cell(words))
    return out


def _pieces(cell: Cell, strips: Sequence[Strip]) -> list[tuple[int, tuple[Word, ...]]]:
    left, right = cell.x0 + _TOUCH, cell.x1 - _TOUCH
    over = [index for index, strip in enumerate(strips) if strip.x1 > left and strip.x0 < right]
    if len(over) <= 1:
        return [(over[0] if over else nearest(cell, strips), cell.words)]
    groups: list[tuple[int, list[Word]]] = []
    for place, word in enumerate(cell.words):
        shares = {index: min(strips[index].x1, word.x1) - max(strips[index].x0, word.x0) for index in over}
        index = max(shares, key=lambda at: shares[at])
        if shares[index] <= 0 and _begins_number(cell.words, place):
            index = next((at for at in over if strips[at].x1 > word.x1), index)
        elif shares[index] <= 0:
            index = groups[-1][0] if groups else nearest(Cell((word,)), strips)
        if groups and groups[-1][0] == index:
            groups[-1][1].append(word)
        else:
            groups.append((index, [word]))
    return [(index, tuple(words)) for index, words in groups]


def _begins_number(words: Sequence[Word], place: int) -> bool:
    """Say whether a word is the thousands of the next one: `1 257,50`."""
    if place + 1 >= len(words):
        return False
    return _THOUSANDS.fullmatch(words[place].text) is not None and _HUNDREDS.match(words[place + 1].text) is not None


_THOUSANDS = re.compile(r"\d{1,3}")
_HUNDREDS = re.compile(r"\d{3}(?!\d)")


def nearest(cell: Cell, strips: Sequence[Strip]) -> int:
    """Return the index of the strip nearest to a cell."""

    def distance(index: int) -> float:
        strip = strips[index]
        return max(strip.x0 - cell.x1, cell.x0 - strip.x1, 0.0)

    return min(range(len(strips)), key=distance)
