"""The table of goods: columns as wide as what stands in them, headings, rows over pages, rulings and sums."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise

from oms_app.demo.paper.layout import RIGHT_HAND, SIZES, Align, Column, Layout
from oms_app.demo.paper.orders import Line
from oms_app.demo.paper.page import LEADING, Pen, Sheet
from oms_app.demo.paper.prints import Prints

_LEAST_TEXT = 105.0
"""Points that a description needs."""
_SMALLEST = 5.5
_DARK, _LIGHT, _STRIPE = 0.25, 0.86, 0.93
_EVERY_GROUP = 4


@dataclass(frozen=True, slots=True)
class Row:
    """What is written side by side: the rows of text of each column of a band."""

    cells: tuple[tuple[str, ...], ...]
    band: int = 0
    bold: bool = False
    heading: bool = False
    stripe: bool = False
    amount: Decimal = Decimal(0)
    """What it adds to the sum that is carried over a page."""


@dataclass(slots=True)
class Table:
    """The table of one document while it is written."""

    sheet: Sheet
    prints: Prints
    pen: Pen = field(init=False)
    edges: tuple[tuple[float, ...], ...] = field(init=False)
    sum: Decimal = Decimal(0)
    top: float = 0.0

    def __post_init__(self) -> None:
        """Measure the columns with letters as large as fit."""
        pen = self.sheet.pen
        size = pen.size
        while True:
            self.pen = Pen(pen.faces, size, pen.stretch)
            widths = [self._natural(index) for index in range(len(self.layout.bands))]
            room = self.sheet.right - self.sheet.margin
            if size <= _SMALLEST or all(sum(band) <= room for band in widths):
                break
            size -= 0.5
        self.edges = tuple(self._edges(band, widths[index], room) for index, band in enumerate(self.layout.bands))

    @property
    def fits(self) -> bool:
        """Whether every column has the room it needs."""
        return all(band[-1] <= self.sheet.right + 1 for band in self.edges)

    @property
    def layout(self) -> Layout:
        """The layout that is drawn."""
        return self.prints.layout

    @property
    def pad(self) -> float:
        """Room on each side of a cell's text."""
        return 2.0 if self.layout.tight else 4.0

    @property
    def step(self) -> float:
        """Height of a row of text."""
        return self.pen.size * LEADING

    def _natural(self, band: int) -> list[float]:
        """Return what each column needs: its longest cell, its heading's longest word."""
        found = []
        for column in self.layout.bands[band]:
            if column == "description":
                texts = [word for line in self.prints.order.lines for word in line.text.split()]
                found.append(max(_LEAST_TEXT, *(self.pen.width(word, bold=True) + 2 * self.pad for word in texts)))
                continue
            texts = [text for line in self.prints.order.lines for text in self._cell(line, column)]
            if column == "amount" and (self.layout.totals_in_table or self.layout.carried):
                texts += [f"{value}  " for _, value in self.prints.totals()]
            words = [word for row in self._headings(column) for word in row.split()]
            wide = [self.pen.width(text) for text in texts] + [self.pen.width(word, bold=True) for word in words]
            found.append(max(wide, default=10.0) + 2 * self.pad)
        return found

    def _edges(self, band: Sequence[Column], widths: list[float], room: float) -> tuple[float, ...]:
        spare = max(0.0, room - sum(widths))
        if "description" in band:
            widths[band.index("description")] += spare
        else:
            widths = [width + spare / len(widths) for width in widths]
        edges = [self.sheet.margin]
        for width in widths:
            edges.append(edges[-1] + width)
        return tuple(edges)

    def _headings(self, column: Column) -> tuple[str, ...]:
        heading = self.prints.heading(column)
        if self.layout.code_place == "stacked" and column == "code":
            return (heading, self.prints.heading("own_code"))
        return (heading,)

    def _cell(self, line: Line, column: Column) -> tuple[str, ...]:
        text = self.prints.cell(line, column)
        if self.layout.code_place == "stacked" and column == "code":
            return (text, line.own)
        return (text,)

    def _align(self, column: Column, *, heading: bool = False) -> Align:
        if heading and not self.layout.header_like_cells:
            return "centre"
        return self.layout.number_align if column in RIGHT_HAND or column in SIZES else self.layout.text_align

    def header(self) -> None:
        """Write the headings of every band."""
        self.top = self.sheet.y
        for index, band in enumerate(self.layout.bands):
            cells = []
            for column, left, right in zip(band, self.edges[index], self.edges[index][1:], strict=False):
                room = right - left - 2 * self.pad
                rows = [row for text in self._headings(column) for row in self.pen.wrap(text, room, bold=True)]
                cells.append(tuple(rows))
            self._write(Row(tuple(cells), index, bold=True, heading=True))

    def _item(self, line: Line, *, stripe: bool) -> Iterator[Row]:
        """Yield the rows of one item: one for each band, then what stands below it."""
        below = self.prints.below(line)
        for index, band in enumerate(self.layout.bands):
            cells = []
            for place, column in enumerate(band):
                rows = self._cell(line, column)
                if column == "description":
                    last = index == len(self.layout.bands) - 1
                    rows = self._described(rows[0], below if last else (), self._room(index, place))
                cells.append(rows)
            yield Row(tuple(cells), index, stripe=stripe, amount=line.amount if index == 0 else Decimal(0))
        if below and "description" not in self.layout.bands[-1]:
            yield self._note(below)

    def _room(self, band: int, place: int) -> float:
        return self.edges[band][place + 1] - self.edges[band][place] - 2 * self.pad

    def _described(self, text: str, below: Sequence[str], room: float) -> tuple[str, ...]:
        return tuple(row for part in (text, *below) for row in self.pen.wrap(part, room))

    def _note(self, rows: Sequence[str], *, bold: bool = False, end: str = "") -> Row:
        """Return a row with text under the description, and at its end perhaps an amount."""
        band = self.layout.bands[0]
        cells: list[tuple[str, ...]] = [() for _ in band]
        place = band.index("description") if "description" in band else 0
        cells[place] = tuple(part for row in rows for part in self.pen.wrap(row, self._room(0, place), bold=bold))
        if end:
            cells[-1] = (end,)
        return Row(tuple(cells), bold=bold)

    def _height(self, row: Row) -> float:
        return max(1, *(len(cell) for cell in row.cells)) * self.step + 2 * (1.5 if self.layout.tight else 3.0)

    def body(self) -> None:
        """Write every item, with group titles, the sum carried over, and empty rows to fill a form."""
        lines = self.prints.order.lines
        titles = self.prints.say.every("group")
        for index, line in enumerate(lines):
            if self.layout.group_sums and index and index % _EVERY_GROUP == 0:
                self._group_sum(lines[index - _EVERY_GROUP : index])
            if self.layout.groups and index % _EVERY_GROUP == 0:
                title = titles[index // _EVERY_GROUP % len(titles)]
                self._keep((self._note((title,), bold=True), *self._item(line, stripe=index % 2 == 1)))
            else:
                self._keep(tuple(self._item(line, stripe=index % 2 == 1)))
        if self.layout.group_sums and len(lines) > _EVERY_GROUP:
            self._group_sum(lines[(len(lines) - 1) // _EVERY_GROUP * _EVERY_GROUP :])
        for number in range(len(lines) + 1, self.layout.empty_rows + 1):
            if self.sheet.fits(60.0):
                self._write(self._empty(number))
        if self.layout.totals_in_table:
            self._sums()
        self._close()

    def _empty(self, number: int) -> Row:
        """Return an empty row of a form, perhaps with its number and the sum of nothing."""
        filled: dict[Column, tuple[str, ...]] = {}
        if self.layout.empty_counted:
            position = str(number * self.layout.position_step).zfill(self.layout.position_width)
            filled = {"pos": (position,), "amount": (self.prints.amount(Decimal(0)),)}
        return Row(tuple(filled.get(column, ()) for column in self.layout.bands[0]))

    def _group_sum(self, lines: Sequence[Line]) -> None:
        if self.layout.priced and "amount" in self.layout.bands[0]:
            value = sum((line.amount for line in lines), Decimal(0))
            self._keep((self._note((self.prints.say("subtotal"),), bold=True, end=self.prints.amount(value)),))

    def _sums(self) -> None:
        for label, value in self.prints.totals():
            self._keep((self._note((label,), bold=True, end=value),))

    def _keep(self, rows: Sequence[Row]) -> None:
        """Write rows that belong together on one page."""
        carried = self.layout.carried and self.layout.priced
        height = sum(self._height(row) for row in rows) + (self.step + 8 if carried else 0)
        if not self.sheet.fits(height):
            say = self.prints.say
            if carried:
                self._write(self._note((say("carried"),), end=self.prints.amount(self.sum)))
            self._close()
            self.sheet.break_page()
            if self.layout.header_again:
                self.header()
            else:
                self.top = self.sheet.y
            if carried:
                self._write(self._note((say("brought"),), end=self.prints.amount(self.sum)))
        for row in rows:
            self._write(row)
            self.sum += row.amount

    def _write(self, row: Row) -> None:
        height = self._height(row)
        edges, band = self.edges[row.band], self.layout.bands[row.band]
        self._fill(row, edges, height)
        top = self.sheet.y + (1.5 if self.layout.tight else 3.0)
        white = row.heading and self.layout.dark_header
        for column, cell, (left, right) in zip(band, row.cells, pairwise(edges), strict=True):
            if self.layout.fields and not row.heading:
                self.sheet.field(left, self.sheet.y, right - left, height, " ".join(cell))
                continue
            align = self._align(column, heading=row.heading)
            x = {"left": left + self.pad, "right": right - self.pad, "centre": (left + right) / 2}[align]
            for index, text in enumerate(cell):
                y = top + index * self.step
                self.sheet.text(x, y, text, bold=row.bold, size=self.pen.size, align=align, grey=1.0 if white else 0.0)
        self._rule(row, edges, height)
        self.sheet.y += height

    def _fill(self, row: Row, edges: Sequence[float], height: float) -> None:
        grey = None
        if row.heading and self.layout.dark_header:
            grey = _DARK
        elif row.heading and self.layout.rules in ("zebra", "grid"):
            grey = _LIGHT
        elif row.stripe and self.layout.rules == "zebra":
            grey = _STRIPE
        if grey is not None:
            self.sheet.box(edges[0], self.sheet.y, edges[-1] - edges[0], height, fill=grey)

    def _rule(self, row: Row, edges: Sequence[float], height: float) -> None:
        top, bottom = self.sheet.y, self.sheet.y + height
        rules = self.layout.rules
        last_heading = row.heading and row.band == len(self.layout.bands) - 1
        if rules == "grid":
            for left, right in pairwise(edges):
                self.sheet.box(left, top, right - left, height)
        elif (rules == "rows" and (not row.heading or last_heading)) or (rules != "none" and last_heading):
            self.sheet.stroke(edges[0], bottom, edges[-1], bottom)
        if row.heading and row.band == 0 and rules in ("head", "columns", "frame", "rows"):
            self.sheet.stroke(edges[0], top, edges[-1], top)

    def _close(self) -> None:
        """Draw what runs around the rows of this page."""
        edges, bottom = self.edges[0], self.sheet.y
        if self.layout.rules in ("columns", "frame"):
            ruled = self.layout.rules == "columns" and len(self.layout.bands) == 1
            inner = edges if ruled else (edges[0], edges[-1])
            for x in inner:
                self.sheet.stroke(x, self.top, x, bottom)
            self.sheet.stroke(edges[0], self.top, edges[-1], self.top)
        if self.layout.rules in ("columns", "frame", "head", "zebra"):
            self.sheet.stroke(edges[0], bottom, edges[-1], bottom)
