"""Orders as real PDF documents in several layouts: ruled and unruled, letters and forms, one page and many."""

import io
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from oms_app.demo.languages import TERMS, decimal_text
from oms_app.demo.planned import PlannedLine, PlannedOrder
from oms_app.demo.render_sheet import cell, date_text
from oms_core.values.master import CustomerRow

PDF_TYPE = "application/pdf"

_A4 = (595.28, 841.89)
_MARGIN = 50.0
_ROW = 16.0
_PAD = 3.0
_BLOCK_LINE = 12.0
_WIDTHS = {
    "position": 30.0,
    "code": 104.0,
    "buyer_code": 100.0,
    "gtin": 84.0,
    "quantity": 52.0,
    "unit": 56.0,
    "price": 66.0,
    "amount": 62.0,
}
"""Widths in points; the description takes what is left."""
_RIGHT = frozenset({"quantity", "price", "amount"})


@dataclass(frozen=True, slots=True)
class Layout:
    """How one customer's system prints: `rules` is grid, lines, zebra or none; `head` stacked, columns or letter."""

    name: str
    rules: str
    head: str
    columns: tuple[str, ...]
    font: str = "Helvetica"
    size: float = 9.0
    landscape: bool = False
    rows_per_page: int = 26

    @property
    def page(self) -> tuple[float, float]:
        """Width and height in points."""
        return (_A4[1], _A4[0]) if self.landscape else _A4


_FULL = ("position", "code", "description", "quantity", "unit", "price", "amount")

LAYOUTS = {
    layout.name: layout
    for layout in (
        Layout("grid", "grid", "stacked", _FULL),
        Layout(
            "plain",
            "none",
            "columns",
            ("quantity", "unit", "code", "description", "price", "amount"),
            "Times-Roman",
            10.0,
        ),
        Layout("two_columns", "zebra", "columns", _FULL),
        Layout("letter", "lines", "letter", ("position", "quantity", "unit", "code", "description", "price", "amount")),
        Layout(
            "wide",
            "grid",
            "columns",
            ("position", "buyer_code", "code", "gtin", *_FULL[2:]),
            landscape=True,
            rows_per_page=14,
        ),
        Layout("long", "lines", "stacked", _FULL, rows_per_page=12),
        Layout("typewriter", "none", "letter", ("position", "code", "description", "quantity", "unit"), "Courier", 8.0),
    )
}
"""Seven layouts by name."""


class _Sheet:
    """A page being written from the top down; `y` is the baseline of the next line in points from the bottom."""

    def __init__(self, canvas: Any, layout: Layout) -> None:
        self.canvas = canvas
        self.layout = layout
        self.width, self.height = layout.page
        self.y = self.height - _MARGIN
        self.page = 1

    def text(self, x: float, text: str, *, bold: bool = False, right: bool = False, size: float | None = None) -> None:
        """Write text at the present line."""
        font = _BOLD[self.layout.font] if bold else self.layout.font
        self.canvas.setFont(font, size or self.layout.size)
        (self.canvas.drawRightString if right else self.canvas.drawString)(x, self.y, text)

    def down(self, points: float) -> None:
        """Go down."""
        self.y -= points

    def block(self, x: float, lines: Sequence[str]) -> float:
        """Write lines under each other from here and return how far down they reach, without moving."""
        top = self.y
        for line in lines:
            self.text(x, line)
            self.down(_BLOCK_LINE)
        bottom, self.y = self.y, top
        return bottom


_BOLD = {"Helvetica": "Helvetica-Bold", "Times-Roman": "Times-Bold", "Courier": "Courier-Bold"}


def _address(row: CustomerRow) -> tuple[str, ...]:
    return row.name, row.street, f"{row.postal_code} {row.city}", row.country


def _seller_address(order: PlannedOrder) -> tuple[str, ...]:
    seller = order.seller
    return seller.name, seller.street, f"{seller.postal_code} {seller.city}", seller.country


def _facts(order: PlannedOrder) -> Iterator[tuple[str, str]]:
    """Yield the labelled values of the order itself."""
    language = order.language
    yield TERMS["number"].of(language), order.number or ""
    yield TERMS["date"].of(language), date_text(order.date, language)
    if order.requested_date is not None:
        yield TERMS["due"].of(language), date_text(order.requested_date, language)
    yield TERMS["customer"].of(language), order.customer.number
    if order.customer.vat_id:
        yield TERMS["vat"].of(language), order.customer.vat_id


def _labelled(order: PlannedOrder, term: str, lines: Sequence[str]) -> list[str]:
    return [f"{TERMS[term].of(order.language)}:", *lines]


def _title(sheet: _Sheet, order: PlannedOrder) -> None:
    sheet.text(_MARGIN, TERMS["order"].of(order.language), bold=True, size=16)
    sheet.down(26)


def _head_stacked(sheet: _Sheet, order: PlannedOrder) -> None:
    """Put the buyer on top as on letter paper, then supplier, facts one under the other, then where to deliver."""
    sheet.text(_MARGIN, order.customer.name, bold=True, size=12)
    sheet.down(14)
    sheet.text(_MARGIN, ", ".join(_address(order.customer)[1:]))
    sheet.down(30)
    _title(sheet, order)
    for label, value in _facts(order):
        sheet.text(_MARGIN, f"{label}:")
        sheet.text(_MARGIN + 110, value)
        sheet.down(_BLOCK_LINE)
    sheet.down(8)
    middle = sheet.width / 2
    bottom = sheet.block(_MARGIN, _labelled(order, "supplier", _seller_address(order)))
    if order.ship_to is not None:
        bottom = min(bottom, sheet.block(middle, _labelled(order, "ship_to", _address(order.ship_to))))
    sheet.y = bottom - 14


def _head_columns(sheet: _Sheet, order: PlannedOrder) -> None:
    """Put parties on the left, facts on the right, side by side."""
    _title(sheet, order)
    middle = sheet.width / 2 + 20
    top = sheet.y
    for label, value in _facts(order):
        sheet.text(middle, label)
        sheet.text(middle + 105, value, bold=True)
        sheet.down(_BLOCK_LINE)
    facts_end, sheet.y = sheet.y, top
    sheet.y = sheet.block(_MARGIN, _labelled(order, "buyer", _address(order.customer))) - 6
    bottom = sheet.block(_MARGIN, _labelled(order, "supplier", _seller_address(order)))
    if order.ship_to is not None:
        sheet.y = min(sheet.y, facts_end - 6)
        bottom = min(bottom, sheet.block(middle, _labelled(order, "ship_to", _address(order.ship_to))))
    sheet.y = min(bottom, facts_end) - 14


def _head_letter(sheet: _Sheet, order: PlannedOrder) -> None:
    """Write a business letter (DIN 5008): sender in a small line, our address in the window, facts as sentences."""
    sheet.text(_MARGIN, " · ".join(_address(order.customer)), size=7.5)
    sheet.down(16)
    sheet.y = sheet.block(_MARGIN, _seller_address(order)) - 24
    sheet.text(_MARGIN, f"{TERMS['order'].of(order.language)} {order.number or ''}", bold=True, size=12)
    sheet.down(18)
    for label, value in list(_facts(order))[1:]:
        sheet.text(_MARGIN, f"{label}: {value}")
        sheet.down(_BLOCK_LINE)
    if order.ship_to is not None:
        sheet.text(_MARGIN, f"{TERMS['ship_to'].of(order.language)}: {', '.join(_address(order.ship_to))}")
        sheet.down(_BLOCK_LINE)
    sheet.down(14)


_HEADS = {"stacked": _head_stacked, "columns": _head_columns, "letter": _head_letter}


def _columns(layout: Layout, order: PlannedOrder) -> tuple[str, ...]:
    """Return the layout's columns that this order has anything to print in."""
    first = order.lines[0]
    empty = {
        name
        for name, value in (
            ("code", first.supplier_code),
            ("buyer_code", first.buyer_code),
            ("gtin", first.gtin),
            ("price", first.printed_price),
            ("amount", first.printed_price),
        )
        if value is None
    }
    kept = [name for name in layout.columns if name not in empty]
    if "code" in empty and "code" in layout.columns:
        own = "buyer_code" if first.buyer_code is not None else "gtin"
        if own not in kept:
            kept.insert(layout.columns.index("code"), own)
    return tuple(kept)


def _edges(sheet: _Sheet, order: PlannedOrder, columns: Sequence[str]) -> list[float]:
    """Return the x of every column's left edge and of the last one's right edge; each has room for its cells."""
    widths = {name: max(_WIDTHS[name], _widest(sheet, order, name)) for name in columns if name in _WIDTHS}
    room = sheet.width - 2 * _MARGIN - sum(widths.values())
    edges = [_MARGIN]
    for name in columns:
        edges.append(edges[-1] + widths.get(name, room))
    return edges


def _widest(sheet: _Sheet, order: PlannedOrder, column: str) -> float:
    from reportlab.pdfbase.pdfmetrics import stringWidth

    texts = (_cell_text(order, number, line, column) for number, line in enumerate(order.lines, start=1))
    return max(float(stringWidth(text, sheet.layout.font, sheet.layout.size)) for text in texts) + 2 * _PAD


def _cell_text(order: PlannedOrder, number: int, line: PlannedLine, column: str) -> str:
    if column == "position":
        return str(number)
    if column == "amount":
        return decimal_text(line.printed_amount or Decimal(0), order.language, 2)
    value = cell(line, column, order.language)
    if isinstance(value, str):
        return value
    return decimal_text(value, order.language, 2 if column == "price" else 0)


def _wrapped(sheet: _Sheet, text: str, width: float) -> list[str]:
    """Break a description into lines that fit its column."""
    from reportlab.lib.utils import simpleSplit

    return list(simpleSplit(text, sheet.layout.font, sheet.layout.size, width - 2 * _PAD)) or [""]


def _row(
    sheet: _Sheet, columns: Sequence[str], edges: Sequence[float], cells: Sequence[list[str]], *, bold: bool
) -> float:
    """Write one row of cells, each of one or more lines, and return its height."""
    height = _ROW + (max(len(lines) for lines in cells) - 1) * (sheet.layout.size + 1.5)
    top = sheet.y
    for index, lines in enumerate(cells):
        sheet.y = top - sheet.layout.size - _PAD
        right = columns[index] in _RIGHT
        for text in lines:
            sheet.text(edges[index + 1] - _PAD if right else edges[index] + _PAD, text, bold=bold, right=right)
            sheet.down(sheet.layout.size + 1.5)
    sheet.y = top - height
    return height


def _rule(sheet: _Sheet, edges: Sequence[float], height: float, *, heading: bool) -> None:
    """Draw what this layout draws around the row that was just written above the present line."""
    rules = sheet.layout.rules
    sheet.canvas.setLineWidth(0.5)
    if rules == "grid":
        for left, right in itertools.pairwise(edges):
            sheet.canvas.rect(left, sheet.y, right - left, height)
    elif rules == "lines" or (rules == "zebra" and heading):
        sheet.canvas.line(edges[0], sheet.y, edges[-1], sheet.y)


def _shade(sheet: _Sheet, edges: Sequence[float], number: int, height: float) -> None:
    if sheet.layout.rules == "zebra" and number % 2 == 0:
        sheet.canvas.setFillGray(0.92)
        sheet.canvas.rect(edges[0], sheet.y - height, edges[-1] - edges[0], height, stroke=0, fill=1)
        sheet.canvas.setFillGray(0)


def _heading(sheet: _Sheet, order: PlannedOrder, columns: Sequence[str], edges: Sequence[float]) -> None:
    cells = [
        _wrapped(sheet, TERMS[name].of(order.language), right - left)
        for name, left, right in zip(columns, edges, edges[1:], strict=False)
    ]
    height = _row(sheet, columns, edges, cells, bold=True)
    _rule(sheet, edges, height, heading=True)


def _foot(sheet: _Sheet, order: PlannedOrder, pages: int) -> None:
    sheet.y = _MARGIN - 20
    label = TERMS["page"].of(order.language)
    sheet.text(sheet.width - _MARGIN, f"{label} {sheet.page}/{pages}", right=True, size=8)


def _table(sheet: _Sheet, order: PlannedOrder) -> None:
    """Write every line, breaking pages after so many rows with number and headings repeated."""
    columns = _columns(sheet.layout, order)
    edges = _edges(sheet, order, columns)
    pages = -(-len(order.lines) // sheet.layout.rows_per_page)
    _heading(sheet, order, columns, edges)
    for number, line in enumerate(order.lines, start=1):
        if number > 1 and (number - 1) % sheet.layout.rows_per_page == 0:
            _foot(sheet, order, pages)
            sheet.canvas.showPage()
            sheet.page, sheet.y = sheet.page + 1, sheet.height - _MARGIN
            sheet.text(_MARGIN, f"{TERMS['order'].of(order.language)} {order.number or ''}", size=8)
            sheet.down(20)
            _heading(sheet, order, columns, edges)
        cells = [
            _wrapped(sheet, _cell_text(order, number, line, name), right - left)
            if name == "description"
            else [_cell_text(order, number, line, name)]
            for name, left, right in zip(columns, edges, edges[1:], strict=False)
        ]
        height = _ROW + (max(map(len, cells)) - 1) * (sheet.layout.size + 1.5)
        _shade(sheet, edges, number, height)
        _row(sheet, columns, edges, cells, bold=False)
        _rule(sheet, edges, height, heading=False)
    _total(sheet, order, edges)
    _foot(sheet, order, pages)


def _total(sheet: _Sheet, order: PlannedOrder, edges: Sequence[float]) -> None:
    sheet.down(18)
    if order.printed_net is not None:
        label = TERMS["net"].of(order.language)
        sheet.text(edges[-1] - 90, f"{label} (EUR):", bold=True, right=True)
        sheet.text(edges[-1] - _PAD, decimal_text(order.printed_net, order.language, 2), bold=True, right=True)
        sheet.down(24)
    sheet.text(_MARGIN, order.contact)


def render_pdf(order: PlannedOrder, layout_name: str, password: str | None = None) -> bytes:
    """Return one order in one of `LAYOUTS`; with a password it opens for nobody who does not know it."""
    from reportlab.pdfgen.canvas import Canvas

    layout = LAYOUTS[layout_name]
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=layout.page, invariant=1, encrypt=password)
    canvas.setTitle(f"{TERMS['order'].of(order.language)} {order.number or ''}".strip())
    sheet = _Sheet(canvas, layout)
    _HEADS[layout.head](sheet, order)
    _table(sheet, order)
    canvas.save()
    return out.getvalue()
