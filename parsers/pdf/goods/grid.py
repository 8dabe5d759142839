"""The rows of one table, read by its columns: which are anchors, which carry words on, where the table ends.

A line may be set in two bands: goods in the upper row, numbers in the lower one, each with columns of its own.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from parsers.pdf.goods.bands import figures_in, is_upper
from parsers.pdf.goods.borders import Item
from parsers.pdf.goods.column_kinds import counts_up
from parsers.pdf.goods.entries import TEXT, has_figure
from parsers.pdf.goods.headings import GOODS, Header, header_at
from parsers.pdf.goods.strips import Strip, placed
from parsers.pdf.goods.totals import is_total
from parsers.pdf.layout import Cell, Row
from parsers.words import labels, units
from parsers.words.number_cells import figure
from parsers.words.unit_words import counted_by

_PAGE = re.compile(r"\D{0,14}\d{1,3}\s*(?:/|[^\W\d_]{1,4})\s*\d{1,3}|[^\W\d_]{2,8}[.:]?\s*\d{1,2}")
_INDENT = 10.0
_TALL = 4.0
_REACH = 9.0
_STEP = 3.0
_SPREAD = 3
_ALIGNED = 2.5
_SENTENCE = 6
_MOST = 0.75


@dataclass(frozen=True, slots=True)
class Grid:
    """The columns of one table, for reading rows by them."""

    rows: Sequence[Row]
    header: Header | None
    lower: tuple[Strip, ...]
    upper: tuple[Strip, ...]
    roles: tuple[str, ...]
    first: int
    """The index of a row that is surely one of the table's."""

    @property
    def _usual(self) -> float:
        return max(self.rows[self.first].height, 1.0)

    @property
    def room(self) -> float:
        """How far to the right a description may run: the left edge of the column after it."""
        named = list(zip((*self.lower, *self.upper), self.roles, strict=True))
        edges = [strip for strip, role in named if role == "description"]
        if not edges:
            return 0.0
        left, band = edges[0].x0, self.upper if edges[0] in self.upper else self.lower
        return min((strip.x0 for strip in band if strip.x0 > left + 1), default=float("inf"))

    def items(self, start: int) -> tuple[list[Item], int]:
        """Return the table's rows from a start, and the index after its last one."""
        walk = _Walk(page=self.rows[start].page if start < len(self.rows) else 0, end=start)
        index = start
        while index < len(self.rows):
            again = self._repeated(index)
            if again:
                walk.head(self.rows[index].page)
            elif not self._marks_page(index):
                self._step(walk, index)
            index += again or 1
        return self._trimmed(_without_parts(walk.items), walk.end)

    def _step(self, walk: "_Walk", index: int) -> None:
        """Take one row for an anchor, for words that carry one on, for the end of the table, or leave it."""
        row = self.rows[index]
        item = self._item(row)
        if not item.anchor and not item.cells and self._is_blank(self._by_role(row, self.lower, 0)):
            walk.last = row
            return
        if item.anchor and self._is_upper(item, index):
            item = Item(row, self._by_role(row, self.upper, len(self.lower)), anchor=False)
        elif item.anchor:
            item = self._with_upper(walk.items, item, index)
        if is_total(row) and not self._full(item) and not self._counted(item):
            walk.closed = bool(walk.items)
        elif item.anchor and self._reached(walk, item):
            if walk.items and self._is_joined(walk.items[-1], item):
                walk.items.pop()
            walk.items.append(item)
            walk.closed, walk.end, walk.page, walk.last = False, index + 1, row.page, row
        elif not (walk.closed or item.anchor) and item.cells and (walk.page == row.page or self._under(item)):
            walk.items.append(item)
            walk.last = row

    def _under(self, item: Item) -> bool:
        """Say whether a row of words stands exactly where descriptions begin, away from the page's own left edge."""
        named = zip((*self.lower, *self.upper), self.roles, strict=True)
        left = min(strip.x0 for strip in (*self.lower, *self.upper))
        starts = [strip.x0 for strip, role in named if role == "description"]
        here = item.row.cells[0].x0
        return any(start > left + _INDENT and abs(here - start) < 1 for start in starts) and len(item.row.cells) == 1

    def _marks_page(self, index: int) -> bool:
        """Say whether a row at the edge of a page only counts pages: 'Page 2 of 3'."""
        near = self.rows[max(index - 2, 0) : index + 3]
        return (
            any(row.page != self.rows[index].page for row in near)
            and _PAGE.fullmatch(self.rows[index].text) is not None
        )

    def _trimmed(self, items: list[Item], end: int) -> tuple[list[Item], int]:
        """Leave out rows of words far below the last anchor: they belong to what follows the table."""
        anchors = [index for index, item in enumerate(items) if item.anchor]
        if not anchors:
            return [], end
        kept = items[: anchors[-1] + 1]
        last = kept[-1]
        for item in items[anchors[-1] + 1 :]:
            if item.row.page != last.row.page or item.row.top - last.row.bottom > 1.3 * item.row.height:
                break
            kept.append(item)
            last = item
        bottom = next((i for i, row in enumerate(self.rows) if row is last.row), end)
        return kept, max(end, bottom + 1)

    def _repeated(self, index: int) -> int:
        """Return how many rows the header takes where it is printed again; 0 where it is not."""
        if self.header is None:
            return 0
        text = self.rows[self.header.start].text
        used = self.header.end - self.header.start
        if self.rows[index].text == text:
            return used
        again = header_at(self.rows, index) if _wordy(self.rows[index]) else None
        return (
            again.end - again.start if again and again.fields & self.header.fields >= _LEAST & self.header.fields else 0
        )

    def _item(self, row: Row) -> Item:
        if _drawn(row) or row.bottom - row.top > _TALL * self._usual or (figures_in(row) == 0 and self._crosses(row)):
            return Item(row, {}, anchor=False)
        cells = self._by_role(row, self.lower, 0)
        if self._is_anchor(cells) and self._stands(row):
            return Item(row, cells, anchor=True)
        if self.upper:
            cells = self._by_role(row, self.upper, len(self.lower))
        below = cells.get("quantity", ())
        if below and not cells.get("unit") and all(units.unit_code(cell.text) for cell in below):
            cells["unit"] = cells.pop("quantity")
        return Item(row, cells if self._words_only(cells) and not self._is_blank(cells) else {}, anchor=False)

    def _is_blank(self, cells: Mapping[str, Sequence[Cell]]) -> bool:
        """Say whether a row is a line of a form that nobody filled in: it names goods and their unit, and no number."""
        named = "unit" in self.roles and any(cells.get(name) for name in GOODS)
        return named and any(counted_by(cell.text) for cell in cells.get("unit", ()))

    def _by_role(self, row: Row, strips: Sequence[Strip], first: int) -> dict[str, list[Cell]]:
        cells: dict[str, list[Cell]] = {}
        for index, found in placed(row, strips).items():
            cells.setdefault(self.roles[first + index], []).extend(found)
        return cells

    def _is_upper(self, item: Item, index: int) -> bool:
        """Say whether a row that looks like an anchor is the upper band of the next one, which has all the numbers."""
        if not self.upper or index + 1 >= len(self.rows) or not is_upper(self.rows[index], self.rows[index + 1]):
            return False
        return self._full(self._item(self.rows[index + 1])) and not self._full(item)

    def _is_joined(self, last: Item, item: Item) -> bool:
        """Say whether a row of words is the upper band of an anchor, and so is read with it."""
        words = {id(word) for cells in item.cells.values() for cell in cells for word in cell.words}
        return not last.anchor and all(id(word) in words for cell in last.row.cells for word in cell.words)

    def _with_upper(self, items: list[Item], item: Item, index: int) -> Item:
        """Join the upper band of a line to its anchor, where the row above is one."""
        above = self.rows[index - 1] if index else None
        if not self.upper or above is None or not is_upper(above, item.row) or _drawn(above):
            return item
        if items and items[-1].row is above and items[-1].anchor:
            return item
        cells = self._by_role(above, self.upper, len(self.lower))
        merged = {
            name: [*cells.get(name, ()), *item.cells.get(name, ())] for name in dict.fromkeys((*cells, *item.cells))
        }
        return Item(item.row, merged, anchor=True)

    def _crosses(self, row: Row) -> bool:
        """Say whether a row is a sentence that runs across columns: it is none of the table's."""
        for cell in row.cells:
            over = [s for s in (*self.lower, *self.upper) if min(s.x1, cell.x1) - max(s.x0, cell.x0) > 2]  # noqa: PLR2004
            counted = len(row.cells) > 1 and figure(cell.words[0].text, None) is not None
            if len(over) > 1 and len(cell.words) >= _SENTENCE and not counted:
                return True
        return False

    def _words_only(self, cells: Mapping[str, Sequence[Cell]]) -> bool:
        named = set(cells) & TEXT
        counted = any(has_figure(cells.get(name), rates=False) for name in ("unit_price", "quantity"))
        return bool(named) and (not counted or (self._completes(cells) and not has_figure(cells.get("quantity"))))

    def _completes(self, cells: Mapping[str, Sequence[Cell]]) -> bool:
        """Say whether a row under a line may hold the amount that its anchor lacks, with a net price before it."""
        return has_figure(cells.get("amount")) and "quantity" in self.roles

    def _is_anchor(self, cells: Mapping[str, Sequence[Cell]]) -> bool:
        counted = "quantity" if "quantity" in self.roles else "amount"
        if not has_figure(cells.get(counted)):
            return False
        goods = any(cells.get(name) for name in (*GOODS, "line_number"))
        if self._is_sentence(cells):
            return False
        united = any(counted_by(cell.text) for cell in cells.get("unit", ()))
        return goods or united or has_figure(cells.get("unit_price")) or has_figure(cells.get("amount"))

    def _stands(self, row: Row) -> bool:
        """Say whether the words of a row that has no gaps stand where the columns do; those of a sentence do not."""
        pieces = placed(row, self.lower)
        if len(row.cells) > 1 or len(pieces) < _SPREAD:
            return True
        edges = [
            min(abs(found[0].x0 - self.lower[at].x0), abs(found[-1].x1 - self.lower[at].x1))
            for at, found in pieces.items()
        ]
        return sum(edge <= _ALIGNED for edge in edges) >= _MOST * len(edges)

    def _is_sentence(self, cells: Mapping[str, Sequence[Cell]]) -> bool:
        """Say whether a row is running text that only happens to have a number below the quantities."""
        found = cells.get("quantity", ()) or cells.get("amount", ())
        loose = sum(figure(cell.text, None) is None for cell in found)
        words = [word for part in cells.values() for cell in part for word in cell.words]
        plain = sum(word.text[:1].islower() and word.text.strip(".,;:").isalpha() for word in words)
        return loose > 0 and plain >= _SENTENCE - 1

    def _counted(self, item: Item) -> bool:
        """Say whether a row that reads like a charge is a line of its own, with a number and a quantity."""
        quantity = has_figure(item.cells.get("quantity")) and bool(item.cells.get("description"))
        return item.anchor and quantity and has_figure(item.cells.get("line_number"))

    def _full(self, item: Item) -> bool:
        wanted = [name for name in ("quantity", "unit_price", "amount") if name in self.roles]
        return item.anchor and len(wanted) > 1 and all(has_figure(item.cells.get(name)) for name in wanted)

    def _reached(self, walk: "_Walk", item: Item) -> bool:
        """Say whether an anchor still belongs to the table: near the last row, and full where totals came between.

        On a page without the header again it must have what the others have, and its number must follow theirs.
        """
        anchors = [kept for kept in walk.items if kept.anchor]
        if not anchors or walk.last is None:
            return True
        if not self._full(item) and (walk.closed or _unnumbered(anchors, item)):
            return False
        last, headed = walk.last, walk.again == item.row.page
        near = last.page == item.row.page and item.row.top - last.bottom < _REACH * item.row.height
        if near and item.row.top - last.bottom < _STEP * item.row.height:
            return True
        return (
            (near or headed or last.page != item.row.page)
            and (headed or _alike(anchors, item))
            and _follows(anchors, item)
        )


def _without_parts(items: Sequence[Item]) -> list[Item]:
    """Leave out rows that count a part of the line above: set in, and without the price that all the others have."""
    anchors = [item for item in items if item.anchor]
    priced = [item for item in anchors if has_figure(item.cells.get("unit_price"))]
    if len(anchors) - len(priced) == 0 or len(priced) < _PRICED * len(anchors):
        return list(items)
    left = min(item.row.cells[0].x0 for item in priced)
    return [item for item in items if not item.anchor or item in priced or item.row.cells[0].x0 < left + _SET_IN]


_PRICED = 0.7
_SET_IN = 2.0


def _alike(anchors: Sequence[Item], item: Item) -> bool:
    """Say whether an anchor has every field that nearly all the others have."""
    often = {
        name
        for name in {name for anchor in anchors for name in anchor.cells}
        if sum(name in anchor.cells for anchor in anchors) >= _MOST * len(anchors)
    }
    return often <= set(item.cells)


def _unnumbered(anchors: Sequence[Item], item: Item) -> bool:
    """Say whether an anchor has no number though all the others count up."""
    numbers = [" ".join(cell.text for cell in anchor.cells.get("line_number", ())) for anchor in anchors]
    return len(numbers) > 1 and counts_up(numbers) and not has_figure(item.cells.get("line_number"))


def _follows(anchors: Sequence[Item], item: Item) -> bool:
    """Say whether an anchor's number is greater than the last one's, where all of them count up."""
    numbers = [" ".join(cell.text for cell in anchor.cells.get("line_number", ())) for anchor in (*anchors, item)]
    if len(anchors) < 2 or not counts_up(numbers[:-1]):  # noqa: PLR2004  one number tells no step
        return True
    return counts_up([numbers[-2], numbers[-1]]) or counts_up(numbers)


_LEAST = frozenset({"quantity", "amount", "unit_price"})


@dataclass(slots=True)
class _Walk:
    """Where a walk down the rows of a table stands: `page` is the one whose words belong to it."""

    page: int
    end: int
    items: list[Item] = field(default_factory=list)
    closed: bool = False
    again: int = 0
    last: Row | None = None
    """The last row that is surely one of the table's, also one that nobody filled in."""

    def head(self, page: int) -> None:
        """Take note of the header printed again; what stood above it on that page is none of the table's."""
        while self.items and not self.items[-1].anchor and self.items[-1].row.page == page:
            self.items.pop()
        self.page = self.again = page


def _drawn(row: Row) -> bool:
    """Say whether a row is a line made of dashes."""
    return not any(char.isalnum() for cell in row.cells for char in cell.text)


def _wordy(row: Row) -> bool:
    return labels.words_of(row.cells[0].text) != () or len(row.cells) > 2  # noqa: PLR2004
