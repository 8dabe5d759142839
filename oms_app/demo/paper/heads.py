"""What stands above the goods: letterhead, title, parties and facts, arranged in the manner of a head style."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from oms_app.demo.paper.layout import Align, Facts, Head
from oms_app.demo.paper.page import LEADING, Sheet
from oms_app.demo.paper.places import Party
from oms_app.demo.paper.prints import Pair, Prints

_SMALL = 6.5
_GAP = 12.0
_TITLE = 5.0
"""How much larger than the text a title is set."""
_BAR = 0.9
_BARCODE_HEIGHT = 24.0


@dataclass(frozen=True, slots=True)
class Block:
    """A party with the label above it, where one is printed."""

    label: str
    rows: tuple[str, ...]

    @property
    def all_rows(self) -> tuple[str, ...]:
        """The rows with the label as the first."""
        return (self.label, *self.rows) if self.label else self.rows


def with_colon(prints: Prints, label: str) -> str:
    """Set a colon after a label, where this sender does; a label that ends in one has it already."""
    return f"{label}:" if prints.layout.label_colon and not label.endswith(":") else label


def sender(prints: Prints) -> Party:
    """Return whose paper it is."""
    return prints.order.supplier if prints.from_seller else prints.order.buyer


def recipient(prints: Prints) -> Party:
    """Return whom it is sent to."""
    return prints.order.buyer if prints.from_seller else prints.order.supplier


def party_rows(prints: Prints, party: Party, *, attention: bool = False) -> tuple[str, ...]:
    """Return name and address as this sender sets them, perhaps with a person to turn to."""
    address = party.address
    if prints.layout.street_and_town:
        address = (", ".join(address[:2]), *address[2:])
    person = (f"{prints.say('contact')}: {party.person}",) if attention and prints.layout.attention else ()
    return (party.name, *person, *address)


def letterhead_rows(prints: Prints) -> tuple[str, ...]:
    """Return the sender's name, address and how to reach him."""
    party = sender(prints)
    rows = [*party_rows(prints, party), f"{prints.say('phone')} {party.phone}", party.email]
    if prints.layout.names_vat:
        rows.append(f"{prints.say('vat')}: {party.vat}")
    return tuple(rows)


def blocks(prints: Prints) -> tuple[Block, ...]:
    """Return the parties below the letterhead: recipient, where to deliver, who pays, perhaps the sender again."""
    layout, order = prints.layout, prints.order
    role = "buyer" if prints.from_seller else "supplier"
    own = "supplier" if prints.from_seller else "buyer"
    label = with_colon(prints, prints.label(role)) if layout.supplier_labelled else ""
    found = [Block(label, party_rows(prints, recipient(prints), attention=True))]
    if layout.buyer_labelled:
        found.insert(0, Block(with_colon(prints, prints.label(own)), party_rows(prints, sender(prints))))
    if layout.ship_to != "none" and not layout.ship_to_below:
        found.append(ship_to_block(prints))
    if layout.bill_to:
        found.append(Block(with_colon(prints, prints.label("bill_to")), party_rows(prints, order.buyer)))
    return tuple(found)


def ship_to_block(prints: Prints) -> Block:
    """Return where the goods go."""
    return Block(with_colon(prints, prints.label("ship_to")), party_rows(prints, prints.order.ship_to, attention=True))


def draw_letterhead(sheet: Sheet, prints: Prints) -> None:
    """Write who sends it: left, right or in the middle of the top; in the footer style only the name stands above."""
    style = prints.layout.letterhead
    rows = letterhead_rows(prints)
    size = sheet.pen.size
    if prints.layout.logo and style == "left":
        _draw_logo(sheet)
    align: Align = "left" if style == "footer" else style
    x = {"left": sheet.margin, "right": sheet.right, "centre": sheet.width / 2}[align]
    sheet.text(x, sheet.y, rows[0], bold=True, size=size + 4, align=align)
    sheet.y += (size + 4) * LEADING
    for row in rows[1:] if style != "footer" else ():
        sheet.text(x, sheet.y, row, size=size - 1, align=align)
        sheet.y += (size - 1) * LEADING
    sheet.y += _GAP


def _draw_logo(sheet: Sheet) -> None:
    """Draw a mark of simple shapes on the other side of the letterhead."""
    for step, grey in enumerate((0.2, 0.45, 0.7)):
        sheet.box(sheet.right - 60 + step * 20, sheet.y + step * 6, 16, 30 - step * 6, fill=grey)


def title_text(prints: Prints) -> str:
    """Return the title, with the number in it where this sender sets it there."""
    if prints.layout.kind != "price_list" and prints.layout.number_in in ("title", "both"):
        return f"{prints.title} {prints.number}"
    return prints.title


def draw_title(sheet: Sheet, prints: Prints) -> None:
    """Write the title, or its letters wide apart, and under it the bars of the number where there are any."""
    spacing = 2.5 if prints.layout.title_spaced else 0.0
    align = prints.layout.title_align
    if align == "right" and prints.layout.number_in == "barcode":
        align = "left"
    if prints.layout.letterhead == "centre":
        align = "centre"
    x = {"left": sheet.margin, "right": sheet.right, "centre": sheet.width / 2}[align]
    size = sheet.pen.size + _TITLE
    sheet.text(x, sheet.y, title_text(prints), bold=True, size=size, align=align, spacing=spacing)
    if prints.layout.number_in == "barcode":
        _draw_bars(sheet, prints.number)
    sheet.y += size * LEADING + _GAP / 2


def _draw_bars(sheet: Sheet, number: str) -> None:
    from reportlab.graphics.barcode.code128 import Code128

    bars = Code128(number, barWidth=_BAR, barHeight=_BARCODE_HEIGHT, humanReadable=False, quiet=False)
    left = sheet.right - bars.width
    bars.drawOn(sheet.canvas, left, sheet.height - sheet.y - _BARCODE_HEIGHT)
    sheet.text(left + bars.width / 2, sheet.y + _BARCODE_HEIGHT + 2, number, align="centre")
    sheet.y += _BARCODE_HEIGHT


def _columns(sheet: Sheet, found: Sequence[Block], left: float, right: float, *, boxed: bool = False) -> None:
    """Set parties side by side."""
    width = (right - left) / len(found)
    pad = 4.0 if boxed else 0.0
    wrapped = [[part for row in b.all_rows for part in sheet.pen.wrap(row, width - 8 - pad)] for b in found]
    height = max(map(len, wrapped)) * sheet.line + 2 * pad
    sheet.y += pad
    for index, (block, rows) in enumerate(zip(found, wrapped, strict=True)):
        sheet.column(left + index * width + pad, rows, bold_first=bool(block.label))
        if boxed:
            sheet.box(left + index * width, sheet.y - pad, width, height)
    sheet.y += height - pad + _GAP


def _pairs(sheet: Sheet, prints: Prints, left: float, right: float) -> None:
    """Write labels in one column, values in another."""
    labels = [with_colon(prints, label) for label, _ in prints.facts()]
    indent = max(sheet.pen.width(label) for label in labels) + 8
    for label, (_, value) in zip(labels, prints.facts(), strict=True):
        rows = sheet.pen.wrap(value, right - left - indent)
        sheet.text(left, sheet.y, label)
        sheet.y = sheet.column(left + indent, rows)


def _colon(sheet: Sheet, prints: Prints, left: float, right: float) -> None:
    """Write each fact as one running text."""
    for label, value in prints.facts():
        for row in sheet.pen.wrap(f"{label.rstrip(':')}: {value}", right - left):
            sheet.text(left, sheet.y, row)
            sheet.y += sheet.line


def _cells(sheet: Sheet, prints: Prints, left: float, right: float, *, boxed: bool) -> None:
    """Set labels small above their values, cell beside cell, in rows of as many as fit."""
    facts = prints.facts()
    needed = max(max(sheet.pen.width(value, bold=True), sheet.pen.width(label, size=_SMALL)) for label, value in facts)
    across = max(1, min(len(facts), int((right - left) / (needed + 12))))
    width = (right - left) / across
    height = _SMALL * LEADING + sheet.line + 5
    for index, (label, value) in enumerate(facts):
        x = left + index % across * width
        if index and index % across == 0:
            sheet.y += height
        sheet.text(x + 3, sheet.y + 2, label, size=_SMALL, grey=0.0 if boxed else 0.35)
        sheet.text(x + 3, sheet.y + 3 + _SMALL * LEADING, value, bold=not boxed)
        if boxed:
            sheet.box(x, sheet.y, width, height)
    sheet.y += height


def _strip(sheet: Sheet, prints: Prints, left: float, right: float) -> None:
    """Set facts as a little table: a row of headings, a row of values; more rows where they are too many."""
    facts = list(prints.facts())
    while facts:
        count, taken = len(facts), facts
        while count > 1 and _strip_width(sheet, taken) > right - left:
            count -= 1
            taken = facts[:count]
        facts = facts[count:]
        spare = (right - left - _strip_width(sheet, taken)) / count
        x, height = left, 2 * sheet.line + 8
        for label, value in taken:
            width = _strip_width(sheet, [(label, value)]) + spare
            sheet.box(x, sheet.y, width, height)
            sheet.text(x + 4, sheet.y + 2, label, bold=True)
            sheet.text(x + 4, sheet.y + sheet.line + 6, value)
            x += width
        sheet.stroke(left, sheet.y + sheet.line + 4, right, sheet.y + sheet.line + 4)
        sheet.y += height


def _strip_width(sheet: Sheet, facts: Sequence[Pair]) -> float:
    return sum(max(sheet.pen.width(label, bold=True), sheet.pen.width(value)) + 10 for label, value in facts)


def draw_facts(sheet: Sheet, prints: Prints, left: float, right: float, style: Facts | None = None) -> None:
    """Write number, dates and the other facts between two edges."""
    style = style or prints.layout.facts
    if style in ("above", "boxes"):
        _cells(sheet, prints, left, right, boxed=style == "boxes")
    else:
        {"pairs": _pairs, "colon": _colon, "strip": _strip}[style](sheet, prints, left, right)


def _beside(sheet: Sheet, first: Callable[[], None], second: Callable[[], None]) -> None:
    """Write two things beside each other and go on below the longer."""
    top = sheet.y
    first()
    bottom, sheet.y = sheet.y, top
    second()
    sheet.y = max(bottom, sheet.y)


def _letter(sheet: Sheet, prints: Prints) -> None:
    """Write a letter: return address in a small line over the window, facts right of it, then the title."""
    draw_letterhead(sheet, prints)
    found = blocks(prints)
    middle = sheet.width * 0.56
    back = " - ".join(party_rows(prints, sender(prints))[:3])

    def window() -> None:
        sheet.text(sheet.margin, sheet.y, back, size=_SMALL)
        sheet.stroke(sheet.margin, sheet.y + 9, sheet.margin + sheet.pen.width(back, size=_SMALL), sheet.y + 9, 0.3)
        sheet.y += 14
        _columns(sheet, found[:1], sheet.margin, middle - 10)

    _beside(sheet, window, lambda: draw_facts(sheet, prints, middle, sheet.right, "pairs"))
    sheet.y += _GAP
    draw_title(sheet, prints)
    if found[1:]:
        _columns(sheet, found[1:], sheet.margin, sheet.right)


def _columned(sheet: Sheet, prints: Prints) -> None:
    """Set the parties side by side, the facts above them on the right or below over the whole width."""
    middle = sheet.width * 0.56
    if prints.layout.facts in ("pairs", "colon") and prints.layout.letterhead != "right":

        def left() -> None:
            draw_letterhead(sheet, prints)
            draw_title(sheet, prints)

        def right() -> None:
            sheet.y += _BARCODE_HEIGHT * 2.5 if prints.layout.number_in == "barcode" else 0.0
            draw_facts(sheet, prints, middle, sheet.right)

        if prints.layout.letterhead == "centre":
            left()
            right_edge = sheet.right
            draw_facts(sheet, prints, sheet.margin, right_edge)
        else:
            _beside(sheet, left, right)
        sheet.y += _GAP
        _columns(sheet, blocks(prints), sheet.margin, sheet.right)
        return
    draw_letterhead(sheet, prints)
    draw_title(sheet, prints)
    _columns(sheet, blocks(prints), sheet.margin, sheet.right)
    draw_facts(sheet, prints, sheet.margin, sheet.right)
    sheet.y += _GAP


def _boxed(sheet: Sheet, prints: Prints) -> None:
    """Set parties on the left and facts on the right, all in ruled boxes."""
    draw_letterhead(sheet, prints)
    draw_title(sheet, prints)
    found = blocks(prints)
    middle = (sheet.margin + sheet.right) / 2

    def parties() -> None:
        for block in found:
            _columns(sheet, (block,), sheet.margin, middle - 3, boxed=True)
            sheet.y -= _GAP

    style: Facts = prints.layout.facts if prints.layout.facts in ("above", "boxes") else "boxes"
    _beside(sheet, parties, lambda: draw_facts(sheet, prints, middle + 3, sheet.right, style))
    sheet.y += _GAP


def _stacked(sheet: Sheet, prints: Prints) -> None:
    """Set everything one under the other."""
    draw_letterhead(sheet, prints)
    draw_title(sheet, prints)
    draw_facts(sheet, prints, sheet.margin, sheet.right)
    sheet.y += _GAP
    for block in blocks(prints):
        _columns(sheet, (block,), sheet.margin, sheet.right)


def _form(sheet: Sheet, prints: Prints) -> None:
    """Fill in a form: every party and fact on a ruled line behind its label."""
    draw_title(sheet, prints)
    rows = [
        (
            with_colon(prints, prints.label("supplier" if prints.from_seller else "buyer")),
            party_rows(prints, sender(prints)),
        )
    ]
    rows += [(b.label or with_colon(prints, prints.label("supplier")), b.rows) for b in blocks(prints)]
    facts = [(with_colon(prints, label), (value,)) for label, value in prints.facts()]
    if prints.layout.names_vat:
        facts.append((with_colon(prints, prints.label("vat")), (sender(prints).vat,)))
    everything = [*rows, *facts]
    indent = max(sheet.pen.width(label) for label, _ in everything) + 12
    for label, values in everything:
        sheet.text(sheet.margin, sheet.y, label)
        room = sheet.right - sheet.margin - indent
        if prints.layout.fields:
            sheet.field(sheet.margin + indent, sheet.y - 2, room, sheet.line + 4, ", ".join(values))
            sheet.y += sheet.line + 4
            continue
        for row in sheet.pen.wrap(", ".join(values), room):
            sheet.text(sheet.margin + indent, sheet.y, row)
            sheet.y += sheet.line
        sheet.stroke(sheet.margin + indent - 4, sheet.y + 1, sheet.right, sheet.y + 1, 0.3)
        sheet.y += 4
    sheet.y += _GAP


def _plain(sheet: Sheet, prints: Prints) -> None:
    """Write no letterhead: sender and recipient as typed lines, the title below them."""
    for rows in (letterhead_rows(prints), party_rows(prints, recipient(prints))):
        sheet.y = sheet.column(sheet.margin, rows) + _GAP
    draw_title(sheet, prints)
    draw_facts(sheet, prints, sheet.margin, sheet.right, "colon")
    sheet.y += _GAP
    for block in blocks(prints)[1:]:
        _columns(sheet, (block,), sheet.margin, sheet.right)


HEADS: Mapping[Head, Callable[[Sheet, Prints], None]] = {
    "letter": _letter,
    "columns": _columned,
    "boxed": _boxed,
    "stacked": _stacked,
    "form": _form,
    "plain": _plain,
}
