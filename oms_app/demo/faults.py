"""What goes wrong on purpose: each fault changes the plan of an order, its envelope or its bytes."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from oms_app.demo.catalogue import price_step
from oms_app.demo.customers import Seller
from oms_app.demo.gs1_numbers import gln
from oms_app.demo.languages import Words
from oms_app.demo.planned import PlannedLine, PlannedOrder
from oms_app.demo.render_mail import Envelope
from oms_app.demo.shopping import Shop
from oms_app.demo.specs import Fault
from oms_core.values.draft import DocumentKind
from oms_core.values.master import CustomerRow

_PRICE_PART = Decimal("0.85")
_OVERSOLD_QUANTITY = Decimal(40)
_STRANGE_CODE = "XJ-77140-KR"
_STRANGE_GOODS = Words(
    "Gasket to drawing 77140",
    "Dichtung nach Zeichnung 77140",
    "Joint selon plan 77140",
    "Junta según plano 77140",
    "Guarnizione su disegno 77140",
    "Pakking volgens tekening 77140",
)
_MISSING_SIZE = ("HXB-M8X47-A2", "M8x47 A2")
"""There are 45 and 50 millimetres; nobody may guess which of them is meant."""
_BOLT = "HXB-M8X45-A2"

STRANGER = CustomerRow(
    number="70012",
    name="Zandberg Montage GmbH",
    street="Kiesgrube 3",
    postal_code="38100",
    city="Braunschweig",
    country="DE",
    vat_id="DE000009999",
    gln=gln(90_001),
    email="einkauf@zandberg.example",
    domains=("zandberg.example",),
)
"""A firm that is no customer of the demo company."""

OTHER_SELLER = Seller(
    name="Ostwind Handels AG",
    names=("Ostwind Handels AG",),
    street="Am Speicher 2",
    postal_code="18055",
    city="Rostock",
    country="DE",
    vat_id="DE000009998",
    gln=gln(90_002),
    edi_id=gln(90_002),
    mailbox="info@ostwind.example",
    mail_host="mx.ostwind.example",
)
"""A supplier that is not us."""

_NEW_PLACE = CustomerRow(
    number="", name="Opslag De Reiger", street="Havenstraat 71", postal_code="8011 XX", city="Zwolle", country="NL"
)


def _first_line(order: PlannedOrder, line: PlannedLine) -> PlannedOrder:
    return replace(order, lines=(line, *order.lines[1:]))


def _unknown_code(order: PlannedOrder, _shop: Shop) -> PlannedOrder:
    words = _STRANGE_GOODS.of(order.language)
    strange = replace(
        order.lines[0], sku=None, supplier_code=_STRANGE_CODE, description=words, unit="C62", factor=Decimal(1)
    )
    return _first_line(order, strange)


def _no_such_size(order: PlannedOrder, shop: Shop) -> PlannedOrder:
    code, size = _MISSING_SIZE
    bolt = shop.article(_BOLT)
    name = bolt.names.of(order.language).replace("M8x45 A2", size)
    line = PlannedLine(
        None, name, Decimal(100), "C62", Decimal(1), bolt.price, printed_price=bolt.price, supplier_code=code
    )
    return _first_line(order, line)


def _price_off(order: PlannedOrder, _shop: Shop) -> PlannedOrder:
    line = order.lines[0]
    assert line.printed_price is not None
    step = price_step(line.printed_price)
    return _first_line(order, replace(line, printed_price=(line.printed_price * _PRICE_PART).quantize(step)))


def _broken_pack(order: PlannedOrder, shop: Shop) -> PlannedOrder:
    """Order seven metres of a pipe that is cut in fives."""
    pipe = shop.article("CUP-15X1-R250")
    line = replace(
        order.lines[0],
        sku=pipe.row.sku,
        supplier_code=pipe.row.sku,
        description=pipe.names.of(order.language),
        quantity=Decimal(7),
        unit=pipe.row.unit,
        factor=Decimal(1),
    )
    return _first_line(order, shop.priced(order.customer.number, line))


def _no_number(order: PlannedOrder, _shop: Shop) -> PlannedOrder:
    return replace(order, number=None, requested_date=None)


def _oversold(order: PlannedOrder, shop: Shop) -> PlannedOrder:
    scarce = shop.article(shop.company.scarce[0])
    line = replace(
        order.lines[0],
        sku=scarce.row.sku,
        supplier_code=scarce.row.sku,
        description=scarce.names.of(order.language),
        quantity=_OVERSOLD_QUANTITY,
        unit=scarce.row.unit,
        factor=Decimal(1),
    )
    return _first_line(order, shop.priced(order.customer.number, line))


def _cancellation(order: PlannedOrder, _shop: Shop) -> PlannedOrder:
    return replace(order, kind=DocumentKind.ORDER_CANCELLATION)


def _unknown_customer(order: PlannedOrder, _shop: Shop) -> PlannedOrder:
    return replace(order, customer=STRANGER, contact="Ralf Zandberg")


def _other_supplier(order: PlannedOrder, _shop: Shop) -> PlannedOrder:
    return replace(order, seller=OTHER_SELLER)


def _new_ship_to(order: PlannedOrder, _shop: Shop) -> PlannedOrder:
    return replace(order, ship_to=_NEW_PLACE)


PLAN_FAULTS: dict[Fault, Callable[[PlannedOrder, Shop], PlannedOrder]] = {
    Fault.UNKNOWN_CODE: _unknown_code,
    Fault.NO_SUCH_SIZE: _no_such_size,
    Fault.PRICE_OFF: _price_off,
    Fault.BROKEN_PACK: _broken_pack,
    Fault.NO_NUMBER: _no_number,
    Fault.OVERSOLD: _oversold,
    Fault.CANCELLATION: _cancellation,
    Fault.UNKNOWN_CUSTOMER: _unknown_customer,
    Fault.OTHER_SUPPLIER: _other_supplier,
    Fault.NEW_SHIP_TO: _new_ship_to,
}
"""Faults that the sender makes when planning."""


def _cut(data: bytes) -> bytes:
    """End in the middle of the last line item, as a broken transfer does."""
    return data[: data.rindex(b"QTY+21:") + len(b"QTY+21:")]


def _nothing(_data: bytes) -> bytes:
    return b""


BYTE_FAULTS: dict[Fault, Callable[[bytes], bytes]] = {Fault.TRUNCATED: _cut, Fault.EMPTY: _nothing}
"""Faults of the file."""

PASSWORDS = {Fault.ENCRYPTED: "nobody-knows"}
"""What an encrypted PDF would open with."""


def _forged(envelope: Envelope) -> Envelope:
    return replace(envelope, verdict="fail", reply_to="einkauf@nordwerk-orders.example")


def _from_a_list(envelope: Envelope) -> Envelope:
    return replace(
        envelope,
        sender="letter@warehouse-weekly.example",
        sender_name="The Warehouse Letter",
        list_id="The Warehouse Letter <letter.warehouse-weekly.example>",
    )


def _automatic(envelope: Envelope) -> Envelope:
    return replace(envelope, automatic="auto-replied")


ENVELOPE_FAULTS: dict[Fault, Callable[[Envelope], Envelope]] = {
    Fault.FORGED_SENDER: _forged,
    Fault.NEWSLETTER: _from_a_list,
    Fault.OUT_OF_OFFICE: _automatic,
}
"""Faults on the way, and what marks a mail that no person wrote."""
