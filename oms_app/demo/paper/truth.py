"""The truth of a document: what it states, in the form of a label file, and nothing that it does not print."""

from decimal import Decimal
from typing import Any

from oms_app.demo.paper.layout import Column, Kind, Layout
from oms_app.demo.paper.orders import Line, Order
from oms_app.demo.paper.places import Party
from oms_app.demo.paper.prints import Prints
from oms_core.values.money import plain

Json = dict[str, Any]
TYPES: dict[Kind, str] = {
    "order": "order",
    "change": "order_change",
    "cancellation": "order_cancellation",
    "enquiry": "quote_request",
    "confirmation": "order_response",
    "invoice": "invoice",
    "transport": "other",
}


def label(layout: Layout, order: Order) -> Json:
    """Return the label file of one document."""
    listed = layout.kind == "price_list"
    documents = [] if listed else [document(Prints(layout, order))]
    marks = {"_sender": sender_name(layout), "_layout": layout.archetype, "_amount_is_wrong": order.slips}
    return {"documents": documents} | marks


def sender_name(layout: Layout) -> str:
    """Name the layout, so that documents of one sender are known by it."""
    return f"{layout.archetype}-{layout.place}-{layout.number}"


def document(prints: Prints) -> Json:
    """Return what one document states."""
    layout, order = prints.layout, prints.order
    empty = layout.kind in ("cancellation", "transport")
    dated = (layout.header_due and layout.kind != "invoice" and not layout.due_as_week) or layout.kind == "transport"
    stated: Json = {
        "type": TYPES[layout.kind],
        "number": prints.number,
        "date": order.day.isoformat(),
        "requested_date": order.due.isoformat() if dated else None,
        "currency": _currency(prints),
        "buyer": _party(order.buyer, _buyer_id(prints)),
        "supplier": _party(order.supplier, _supplier_id(prints)),
        "ship_to": _party(order.ship_to if layout.ship_to != "none" or layout.kind == "transport" else None, None),
        "totals": {"net": None, "tax": None, "gross": None} if empty else _totals(prints),
        "lines": [] if empty else [entry for line in order.lines for entry in _lines(prints, line)],
        "notes": None,
    }
    return stated


def _party(party: Party | None, number: str | None) -> Json:
    if party is None:
        return {"name": None, "id": None, "address": None}
    return {"name": party.name, "id": number, "address": ", ".join(part for part in party.address if part)}


def _buyer_id(prints: Prints) -> str | None:
    if prints.layout.names_vat and not prints.from_seller:
        return prints.order.buyer.vat
    return prints.order.customer_no if "customer_no" in prints.layout.extra_facts else None


def _supplier_id(prints: Prints) -> str | None:
    if prints.layout.names_vat and prints.from_seller:
        return prints.order.supplier.vat
    return prints.order.vendor_no if "vendor_no" in prints.layout.extra_facts else None


def _currency(prints: Prints) -> str | None:
    layout = prints.layout
    table = layout.kind not in ("cancellation", "transport")
    shown = {
        "none": False,
        "fact": True,
        "words": True,
        "heading": table and ("price" in layout.columns or "amount" in layout.columns),
        "amounts": table and (layout.priced or "amount" in layout.columns),
        "codes": table and (layout.priced or "amount" in layout.columns),
        "total": table and bool(prints.totals()),
    }[layout.currency_in]
    return prints.order.currency if shown else None


def _totals(prints: Prints) -> Json:
    order, stated = prints.order, prints.layout.totals if prints.totals() else "none"
    cents = order.cents
    full = stated == "all"
    return {
        "net": f"{order.net:.{cents}f}" if stated != "none" else None,
        "tax": f"{order.tax:.{cents}f}" if full else None,
        "gross": f"{order.net + order.tax:.{cents}f}" if full else None,
    }


def _printed_codes(layout: Layout) -> set[Column]:
    shown: set[Column] = set(layout.columns) | set(layout.codes_under)
    if layout.code_place == "in_name":
        shown.add("plain_code")
    if layout.code_place == "stacked" and "code" in shown:
        shown.add("own_code")
    return shown


def _lines(prints: Prints, line: Line) -> list[Json]:
    """Return the line, or of a size grid one for each size that is ordered.

    What an item is called by size is the reader's choice, and so is a remark below it: neither is asked for then.
    """
    stated = _line(prints, line)
    if line.remark and stated["description"]:
        del stated["description"]
    if not line.sizes:
        return [stated]
    for name in ("description", "unit", "amount"):
        stated.pop(name, None)
    return [stated | {"quantity": str(count)} for count in line.sizes if count]


def _line(prints: Prints, line: Line) -> Json:
    layout, codes = prints.layout, _printed_codes(prints.layout)
    if prints.plain_is_own and "plain_code" in codes:
        codes |= {"own_code"}
    return {
        "line_number": line.position if "pos" in layout.columns else None,
        "buyer_code": (line.own or None) if "own_code" in codes else None,
        "supplier_code": (line.theirs or None) if codes & {"code", "plain_code"} else None,
        "gtin": (line.gtin or None) if "gtin" in codes else None,
        "description": " ".join((line.text, *line.more)) if "description" in layout.columns else None,
        "quantity": plain(line.quantity),
        "unit": line.unit if _unit_printed(prints) else None,
        "unit_price": _price(layout, line),
        "amount": f"{line.amount:.{prints.order.cents}f}" if "amount" in layout.columns else None,
        "requested_date": line.due.isoformat() if layout.due_under or "line_due" in layout.columns else None,
    }


def _unit_printed(prints: Prints) -> bool:
    layout = prints.layout
    if layout.unit_place == "column":
        return "unit" in layout.columns
    if layout.unit_place == "after_price":
        return layout.priced and "per" not in layout.columns
    return layout.unit_place != "absent" or "per" in layout.columns


def _price(layout: Layout, line: Line) -> str | None:
    """Return the net price of one unit where it is printed, else the printed price of one unit."""
    if "net_price" in layout.columns:
        return _number(line.net_price / line.base)
    return _number(line.price / line.base) if "price" in layout.columns else None


def _number(value: Decimal) -> str:
    return plain(value.normalize())
