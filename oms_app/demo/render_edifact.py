"""Orders as EDIFACT D.96A ORDERS (EANCOM 1997), one or more messages in an interchange."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from oms_app.demo.planned import PlannedLine, PlannedOrder
from oms_core.values.draft import DocumentKind
from oms_core.values.master import CustomerRow
from oms_core.values.money import plain

EDIFACT_TYPE = "application/edifact"

_EDI_UNITS = {"C62": "PCE"}
"""D.96A partners say PCE where Recommendation 20 says C62."""
_FUNCTIONS = {DocumentKind.ORDER: "9", DocumentKind.ORDER_CANCELLATION: "1"}
"""Data element 1225: 9 is an original, 1 a cancellation."""
_PER_HUNDRED = Decimal(100)
_SMALL_PRICE = Decimal("0.10")
"""Cheaper goods are priced for a hundred, as fasteners are."""
_NAME_CHARS = 35


def _escaped(text: str) -> str:
    """Release the four service characters of UNOA to UNOC with a question mark (ISO 9735, 4.2)."""
    for mark in "?'+:":
        text = text.replace(mark, f"?{mark}")
    return text


def _party(role: str, row: CustomerRow) -> str:
    name, street, city = (_escaped(text[:_NAME_CHARS]) for text in (row.name, row.street, row.city))
    return f"NAD+{role}+{row.gln}::9++{name}+{street}+{city}++{row.postal_code}+{row.country}"


def _price(line: PlannedLine) -> Iterator[str]:
    price = line.printed_price
    if price is None:
        return
    yield f"MOA+203:{line.printed_amount}"
    if price < _SMALL_PRICE:
        yield f"PRI+AAA:{plain(price * _PER_HUNDRED)}:CT:NTP:100:{_EDI_UNITS.get(line.unit, line.unit)}"
    else:
        yield f"PRI+AAA:{plain(price)}"


def _line(number: int, line: PlannedLine) -> Iterator[str]:
    yield f"LIN+{number}++{line.gtin}:EN" if line.gtin else f"LIN+{number}"
    if line.supplier_code:
        yield f"PIA+{1 if line.gtin else 5}+{_escaped(line.supplier_code)}:SA"
    if line.buyer_code:
        yield f"PIA+{1 if line.gtin or line.supplier_code else 5}+{_escaped(line.buyer_code)}:IN"
    yield f"IMD+F++:::{_escaped(line.description[:_NAME_CHARS])}"
    yield f"QTY+21:{plain(line.quantity)}:{_EDI_UNITS.get(line.unit, line.unit)}"
    yield from _price(line)


def _body(order: PlannedOrder) -> Iterator[str]:
    yield f"BGM+220+{_escaped(order.number or '')}+{_FUNCTIONS[order.kind]}"
    yield f"DTM+137:{order.date:%Y%m%d}:102"
    if order.requested_date is not None:
        yield f"DTM+2:{order.requested_date:%Y%m%d}:102"
    yield _party("BY", order.customer)
    yield f"NAD+SU+{order.seller.gln}::9++{_escaped(order.seller.name)}"
    if order.ship_to is not None:
        yield _party("DP", order.ship_to)
    yield "CUX+2:EUR:9"
    for number, line in enumerate(order.lines, start=1):
        yield from _line(number, line)
    yield "UNS+S"
    if order.printed_net is not None:
        yield f"MOA+79:{order.printed_net}"
    yield f"CNT+2:{len(order.lines)}"


def _message(reference: int, order: PlannedOrder) -> list[str]:
    body = list(_body(order))
    count = len(body) + 2
    return [f"UNH+{reference}+ORDERS:D:96A:UN:EAN008", *body, f"UNT+{count}+{reference}"]


def render_edifact(orders: Sequence[PlannedOrder], control_reference: str, sent_on: date) -> bytes:
    """Return one interchange of these orders, all of one customer, with segment and message counts that are right."""
    buyer, seller = orders[0].customer, orders[0].seller
    segments = [f"UNB+UNOC:3+{buyer.edi_id}:14+{seller.edi_id}:14+{sent_on:%y%m%d}:0730+{control_reference}"]
    for reference, order in enumerate(orders, start=1):
        segments += _message(reference, order)
    segments.append(f"UNZ+{len(orders)}+{control_reference}")
    return ("UNA:+.? '\n" + "".join(f"{segment}'\n" for segment in segments)).encode("latin-1")
