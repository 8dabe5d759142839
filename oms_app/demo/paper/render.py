"""Puts one order on paper: head, goods, totals and what stands around them; the same order gives the same bytes."""

from collections.abc import Sequence
from dataclasses import replace

from oms_app.demo.paper.heads import HEADS, letterhead_rows, ship_to_block, title_text, with_colon
from oms_app.demo.paper.layout import Font, Layout
from oms_app.demo.paper.loads import draw_loads
from oms_app.demo.paper.orders import Order
from oms_app.demo.paper.page import LEADING, UNICODE, Sheet
from oms_app.demo.paper.places import places
from oms_app.demo.paper.prints import Prints
from oms_app.demo.paper.table import Table
from oms_app.demo.paper.words import entries

_FOOT_SIZE = 7.0
_FOOT_ROOM = 62.0
_WATERMARK = 84.0
_INTRO = {
    "order": "intro",
    "change": "change_text",
    "enquiry": "enquiry_text",
    "confirmation": "confirmation_text",
    "invoice": "invoice_text",
    "transport": "intro",
}


def font_for(layout: Layout) -> Font:
    """Return the layout's font, or where its language or currency needs more letters one that has them."""
    place = places()[layout.place]
    texts = ["".join(text for values in place.tables.values() for text in values)]
    texts += [spelling for spellings in entries(place.language).values() for spelling in spellings]
    try:
        "".join(texts).encode("cp1252")
    except UnicodeEncodeError:
        return UNICODE.get(layout.font, layout.font)
    return layout.font


def render(layout: Layout, orders: Sequence[Order]) -> bytes:
    """Return the orders as one PDF; each is written twice, for its feet name how many pages it has."""
    sheet = _blank(layout)
    for index, order in enumerate(orders):
        counted = _blank(layout)
        _write(counted, Prints(layout, order), 1)
        if index:
            sheet.new_document()
        _write(sheet, Prints(layout, order), counted.page)
    return sheet.bytes(title_text(Prints(layout, orders[0])))


def _blank(layout: Layout) -> Sheet:
    sheet = Sheet(layout.page, font_for(layout), layout.size, layout.margin)
    sheet.words_apart = layout.words_apart
    sheet.foot = layout.margin + _FOOT_ROOM * (layout.letterhead == "footer") + 14
    return sheet


def _write(sheet: Sheet, prints: Prints, pages: int) -> None:
    layout = prints.layout
    sheet.at_page_end = lambda: _foot(sheet, prints, pages)
    sheet.at_new_page = lambda: _again(sheet, prints)
    if layout.watermark:
        _watermark(sheet, prints)
    HEADS[layout.head](sheet, prints)
    _content(sheet, prints)


def _content(sheet: Sheet, prints: Prints) -> None:
    layout = prints.layout
    if layout.kind == "cancellation":
        sheet.paragraph(prints.sentence("cancel_text"))
        sheet.y += sheet.line
        _ending(sheet, prints)
        return
    if layout.kind == "transport":
        draw_loads(sheet, prints)
        _ending(sheet, prints)
        return
    if layout.kind != "price_list" and (layout.intro or layout.kind != "order"):
        sheet.paragraph(prints.sentence(_INTRO[layout.kind]))
        sheet.y += sheet.line
    if layout.as_pairs:
        _pairs(sheet, prints)
    else:
        table = Table(sheet, prints)
        sheet.need(90)
        table.header()
        table.body()
    if not layout.totals_in_table:
        _totals(sheet, prints)
    _ending(sheet, prints)


def _pairs(sheet: Sheet, prints: Prints) -> None:
    """Write every item as labels and values, one under the other."""
    for line in prints.order.lines:
        sheet.need(8 * sheet.line)
        for column in prints.layout.columns:
            for row in sheet.pen.wrap(f"{prints.heading(column)}: {prints.cell(line, column)}", sheet.width / 2):
                sheet.text(sheet.margin, sheet.y, row)
                sheet.y += sheet.line
        for row in prints.below(line):
            sheet.text(sheet.margin, sheet.y, row)
            sheet.y += sheet.line
        sheet.y += sheet.line


def _totals(sheet: Sheet, prints: Prints) -> None:
    """Write the totals flush right under the amounts."""
    rows = prints.totals()
    if not rows:
        return
    sheet.y += 6
    sheet.need(len(rows) * sheet.line + 6)
    room = max(sheet.pen.width(value, bold=True) for _, value in rows) + 20
    for index, (label, value) in enumerate(rows):
        last = index == len(rows) - 1
        if last:
            sheet.stroke(sheet.right - room - 110, sheet.y - 1, sheet.right, sheet.y - 1)
        sheet.text(sheet.right - room - 8, sheet.y, with_colon(prints, label), bold=last, align="right")
        sheet.text(sheet.right - 4, sheet.y, value, bold=last, align="right")
        sheet.y += sheet.line + 2


def _ending(sheet: Sheet, prints: Prints) -> None:
    """Write closing words, conditions and where to sign."""
    layout = prints.layout
    sheet.y += sheet.line
    if layout.due_below and layout.header_due and layout.kind not in ("invoice", "price_list", "transport"):
        sheet.paragraph(f"{with_colon(prints, prints.label('due'))} {prints.due()}")
        sheet.y += sheet.line / 2
    if layout.ship_to_below and layout.ship_to != "none":
        rows = ship_to_block(prints).all_rows
        sheet.need((len(rows) + 1) * sheet.line)
        sheet.y = sheet.column(sheet.margin, rows, bold_first=True) + sheet.line / 2
    if layout.note:
        sheet.paragraph(f"{prints.label('note')}: {prints.sentence('remark')}")
        sheet.y += sheet.line
    if layout.closing:
        sheet.paragraph(prints.sentence("closing"))
        sheet.y += sheet.line
    terms = prints.say.every("terms")
    for index in range(layout.terms):
        sheet.paragraph(f"{index + 1}. {terms[index % len(terms)]}", size=_FOOT_SIZE)
    if layout.signature:
        sheet.need(50)
        sheet.y += 34
        sheet.stroke(sheet.margin, sheet.y, sheet.margin + 150, sheet.y, 0.4)
        sheet.y += 2
        sheet.text(sheet.margin, sheet.y, prints.say("sign"), size=_FOOT_SIZE)
        sheet.y += sheet.line


def _again(sheet: Sheet, prints: Prints) -> None:
    """Begin a further page: title and number small, where the layout repeats its head."""
    if prints.layout.watermark:
        _watermark(sheet, prints)
    if prints.layout.header_again:
        sheet.text(sheet.margin, sheet.y, f"{prints.title} {prints.number}", size=_FOOT_SIZE + 1)
        sheet.y += 2 * sheet.line


def _foot(sheet: Sheet, prints: Prints, pages: int) -> None:
    """Write page number and, in the footer style, the sender's particulars at the foot of every page."""
    top = sheet.height - sheet.margin - 4
    if prints.layout.page_numbers:
        shown = prints.say("page").format(n=sheet.page, m=pages)
        sheet.text(sheet.right, top, shown, size=_FOOT_SIZE, align="right")
    if prints.layout.letterhead != "footer" or prints.layout.head in ("form", "plain"):
        return
    rows = letterhead_rows(prints)
    thirds = (rows[:2], rows[2:4], rows[4:])
    top -= 34
    sheet.stroke(sheet.margin, top - 4, sheet.right, top - 4, 0.3)
    for index, part in enumerate(thirds):
        x = sheet.margin + index * (sheet.right - sheet.margin) / len(thirds)
        for step, row in enumerate(part):
            sheet.text(x, top + step * _FOOT_SIZE * LEADING, row, size=_FOOT_SIZE)


def _watermark(sheet: Sheet, prints: Prints) -> None:
    """Write a word across the page in light grey, behind everything."""
    canvas = sheet.canvas
    canvas.saveState()
    canvas.translate(sheet.width / 2, sheet.height / 2)
    canvas.rotate(45)
    canvas.setFillGray(0.9)
    word = prints.say("copy")
    size = min(_WATERMARK, _WATERMARK * sheet.height / sheet.pen.width(word, bold=True, size=_WATERMARK))
    canvas.setFont(sheet.pen.faces[1], size)
    canvas.drawCentredString(0, 0, word)
    canvas.restoreState()


def widened(layout: Layout, order: Order) -> Layout:
    """Turn the sheet where an order's columns do not fit upright."""
    sheet = Sheet(layout.page, font_for(layout), layout.size, layout.margin)
    table = Table(sheet, Prints(layout, order))
    if table.fits or layout.page in ("landscape", "rotated"):
        return layout
    return replace(layout, page="landscape")
