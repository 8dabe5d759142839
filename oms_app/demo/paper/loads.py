"""What a transport order has in place of goods: where to load and unload, when, and how much."""

from oms_app.demo.paper.heads import with_colon
from oms_app.demo.paper.page import Sheet
from oms_app.demo.paper.places import Party
from oms_app.demo.paper.prints import Prints

_PAD = 5.0


def draw_loads(sheet: Sheet, prints: Prints) -> None:
    """Write the loading place with its day, the unloading place with its day, each in a ruled box."""
    order = prints.order
    cargo = ", ".join(f"{line.quantity} {prints.unit(line)} {line.text}" for line in order.lines)
    _stop(sheet, prints, "loading", order.supplier, (prints.day(order.day), cargo))
    _stop(sheet, prints, "unloading", order.ship_to, (prints.day(order.due), cargo))


def _stop(sheet: Sheet, prints: Prints, word: str, party: Party, facts: tuple[str, ...]) -> None:
    label = with_colon(prints, prints.label(word))
    texts = (label, party.name, *party.address, *facts)
    rows = [row for text in texts for row in sheet.pen.wrap(text, sheet.right - sheet.margin - 2 * _PAD)]
    height = len(rows) * sheet.line + 2 * _PAD
    sheet.need(height + _PAD)
    sheet.box(sheet.margin, sheet.y, sheet.right - sheet.margin, height)
    sheet.y += _PAD
    sheet.y = sheet.column(sheet.margin + _PAD, rows, bold_first=True) + 2 * _PAD
