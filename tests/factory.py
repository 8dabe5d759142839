"""Builders with every default filled: a test names only what its story is about.

A bare value given to a draft builder is wrapped with a made-up source; hand in a `Value` to choose the source.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import count
from typing import TypeVar

from oms_core.values import (
    BytesBlob,
    Candidate,
    CellSource,
    ChannelKind,
    CrossReference,
    Decision,
    DocumentKind,
    DraftDocument,
    DraftLine,
    DraftParty,
    Finding,
    Head,
    Hints,
    LineMatch,
    MatchedOrder,
    Pack,
    PartyMatch,
    PartyRecord,
    Product,
    RawDocument,
    SenderFacts,
    Severity,
    Source,
    Totals,
    Value,
)
from oms_core.values.document import HEAD_BYTES
from oms_core.values.master import CustomerRow, PriceRow, ProductRow, StockRow, XrefRow
from oms_core.values.outbound import ErpLine, ErpOrder, ErpParty, OutgoingMail

T = TypeVar("T")

NOW = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
"""A Monday morning; the instant at which every story starts unless it says otherwise."""

TODAY = NOW.date()

_keys = count(1)


@dataclass
class FixedClock:
    """A clock that stands still until a test moves it."""

    instant: dt.datetime = NOW

    def now(self) -> dt.datetime:
        """Return the instant at which the clock stands."""
        return self.instant

    def advance(self, **amount: float) -> dt.datetime:
        """Move the clock on, by the arguments of `timedelta` (`minutes=5`), and return the new instant."""
        self.instant += dt.timedelta(**amount)
        return self.instant


def number(value: Decimal | int | str) -> Decimal:
    """Write an exact number as a test likes to: 3, "2.50" or a Decimal."""
    return value if isinstance(value, Decimal) else Decimal(value)


def value(content: T | Value[T], source: Source | None = None, confidence: float = 1.0) -> Value[T]:
    """Wrap a bare value as one that was read, from a made-up cell unless a source is given."""
    if isinstance(content, Value):
        return content
    return Value(content, source or CellSource(row=1, column=1, text=str(content)), confidence)


def maybe(content: T | Value[T] | None) -> Value[T] | None:
    """Wrap a bare value; None says that the document does not state it."""
    return None if content is None else value(content)


def _quantity(content: "Decimal | int | str | Value[Decimal] | None") -> Value[Decimal] | None:
    if content is None or isinstance(content, Value):
        return content
    return value(number(content))


def draft_line(  # noqa: PLR0913 - a line has this many fields, each with a default
    *,
    line_number: str | Value[str] | None = "1",
    buyer_code: str | Value[str] | None = None,
    supplier_code: str | Value[str] | None = "SCR-4030",
    gtin: str | Value[str] | None = None,
    description: str | Value[str] | None = "Wood screw 4.0 x 30 mm, galvanised",
    quantity: Decimal | int | str | Value[Decimal] | None = 100,
    unit: str | Value[str] | None = "C62",
    unit_price: Decimal | int | str | Value[Decimal] | None = "0.12",
    amount: Decimal | int | str | Value[Decimal] | None = "12.00",
    requested_date: dt.date | Value[dt.date] | None = None,
) -> DraftLine:
    """Build one ordered line: 100 wood screws at 0.12."""
    return DraftLine(
        line_number=maybe(line_number),
        buyer_code=maybe(buyer_code),
        supplier_code=maybe(supplier_code),
        gtin=maybe(gtin),
        description=maybe(description),
        quantity=_quantity(quantity),
        unit=maybe(unit),
        unit_price=_quantity(unit_price),
        amount=_quantity(amount),
        requested_date=maybe(requested_date),
    )


def draft_party(
    name: str | Value[str] | None = "Huber Metallbau GmbH",
    *,
    id: str | Value[str] | None = None,  # noqa: A002 - the field's own name
    address: str | Value[str] | None = None,
    email: str | Value[str] | None = None,
) -> DraftParty:
    """Build a party as a document prints it."""
    return DraftParty(name=maybe(name), id=maybe(id), address=maybe(address), email=maybe(email))


def totals(
    net: Decimal | int | str | None = "12.00",
    tax: Decimal | int | str | None = None,
    gross: Decimal | int | str | None = None,
) -> Totals:
    """Build printed totals."""
    return Totals(net=_quantity(net), tax=_quantity(tax), gross=_quantity(gross))


def draft(  # noqa: PLR0913 - a document has this many fields, each with a default
    *,
    kind: DocumentKind = DocumentKind.ORDER,
    format: str = "csv",  # noqa: A002 - the field's own name
    number: str | Value[str] | None = "PO-1001",
    refers_to: str | Value[str] | None = None,
    date: dt.date | Value[dt.date] | None = TODAY,
    requested_date: dt.date | Value[dt.date] | None = None,
    currency: str | Value[str] | None = "EUR",
    buyer: DraftParty | None = None,
    supplier: DraftParty | None = None,
    ship_to: DraftParty | None = None,
    totals: Totals | None = None,
    lines: Sequence[DraftLine] | None = None,
    notes: str | Value[str] | None = None,
    confidence: float = 0.99,
    findings: Sequence[Finding] = (),
    interchange: str | None = None,
) -> DraftDocument:
    """Build an order of one line from Huber Metallbau."""
    return DraftDocument(
        kind=kind,
        format=format,
        number=maybe(number),
        refers_to=maybe(refers_to),
        date=maybe(date),
        requested_date=maybe(requested_date),
        currency=maybe(currency),
        buyer=draft_party() if buyer is None else buyer,
        supplier=DraftParty() if supplier is None else supplier,
        ship_to=DraftParty() if ship_to is None else ship_to,
        totals=Totals() if totals is None else totals,
        lines=(draft_line(),) if lines is None else tuple(lines),
        notes=maybe(notes),
        confidence=confidence,
        findings=tuple(findings),
        interchange=interchange,
    )


def finding(
    code: str = "price.off_list",
    severity: Severity = Severity.REVIEW,
    place: str = "lines[0].unit_price",
    message: str = "The price is 0.10 and the customer's list says 0.12: accept it or ask the customer.",
) -> Finding:
    """Build a finding that a person must decide."""
    return Finding(code, severity, place, message)


def product(sku: str = "SCR-4030", **changes: object) -> Product:
    """Build a product: wood screws by the piece, in boxes of 200."""
    usual = Product(
        sku=sku,
        description="Wood screw 4.0 x 30 mm, galvanised",
        unit="C62",
        gtin=None,
        brand="Ferrox",
        manufacturer_code=None,
        packs=(Pack("BX", Decimal(200)),),
    )
    return replace(usual, **changes)  # type: ignore[arg-type]  # the field names are checked when it runs


def cross_reference(
    customer: str = "C-1001", code: str = "4711", sku: str = "SCR-4030", **changes: object
) -> CrossReference:
    """Build a customer's own code for one of our products."""
    return replace(CrossReference(customer, code, sku), **changes)  # type: ignore[arg-type]  # as above


def customer(key: str = "C-1001", **changes: object) -> PartyRecord:
    """Build a customer as the directory holds it."""
    usual = PartyRecord(
        key=key,
        name="Huber Metallbau GmbH",
        address="Industriestrasse 12, 80331 München, DE",
        ids=("DE811907980",),
        emails=("einkauf@huber-metallbau.example",),
        domains=("huber-metallbau.example",),
    )
    return replace(usual, **changes)  # type: ignore[arg-type]  # as above


def ship_to(key: str = "S-1", customer: str = "C-1001", **changes: object) -> PartyRecord:
    """Build a ship-to address of a customer."""
    usual = PartyRecord(key=key, name="Huber Metallbau, Lager Nord", address="Hafenweg 3, 20457 Hamburg, DE")
    return replace(usual, customer=customer, **changes)  # type: ignore[arg-type]  # as above


def sender(address: str | None = "einkauf@huber-metallbau.example", **changes: object) -> SenderFacts:
    """Build a sender whom the trusted host has authenticated."""
    usual = SenderFacts(address=address, name="Einkauf", authenticated=True)
    return replace(usual, **changes)  # type: ignore[arg-type]  # as above


def raw_document(
    data: bytes = b"code;quantity\nSCR-4030;100\n", filename: str = "order.csv", **changes: object
) -> RawDocument:
    """Build a delivery just off the folder channel, with a key of its own."""
    usual = RawDocument(
        channel="orders",
        kind=ChannelKind.FOLDER,
        source_key=f"delivery-{next(_keys)}",
        blob=BytesBlob(data),
        filename=filename,
        media_type=None,
        sender=sender(),
        received_at=NOW,
    )
    return replace(usual, **changes)  # type: ignore[arg-type]  # as above


def head(data: bytes, filename: str = "", media_type: str | None = None) -> Head:
    """Build what `identify` sees of these bytes."""
    return Head(data[:HEAD_BYTES], filename, media_type, len(data))


def hints(filename: str = "order.csv", **changes: object) -> Hints:
    """Build the hints of a delivery that arrived now."""
    return replace(Hints(filename=filename, received_at=NOW), **changes)  # type: ignore[arg-type]  # as above


def candidate(key: str = "SCR-4030", confidence: float = 0.9, *reasons: str) -> Candidate:
    """Build a possible answer."""
    return Candidate(key, f"Product {key}", confidence, reasons or ("same words in the description",))


def line_match(position: int = 0, **changes: object) -> LineMatch:
    """Build a line that was matched by its exact SKU, 100 pieces."""
    usual = LineMatch(
        position=position,
        decision=Decision.MATCH,
        sku="SCR-4030",
        confidence=0.99,
        method="sku",
        candidates=(candidate("SCR-4030", 0.99, "same SKU"),),
        quantity=Decimal(100),
        stock_unit="C62",
        factor=Decimal(1),
    )
    return replace(usual, **changes)  # type: ignore[arg-type]  # as above


def party_match(key: str | None = "C-1001", **changes: object) -> PartyMatch:
    """Build a customer that was matched by its mail address."""
    usual = PartyMatch(
        decision=Decision.NONE if key is None else Decision.MATCH,
        key=key,
        confidence=0.0 if key is None else 0.99,
        candidates=() if key is None else (candidate(key, 0.99, "knows this mail address"),),
    )
    return replace(usual, **changes)  # type: ignore[arg-type]  # as above


def matched_order(
    document: DraftDocument | None = None,
    customer: PartyMatch | None = None,
    ship_to: PartyMatch | None = None,
    lines: Sequence[LineMatch] | None = None,
) -> MatchedOrder:
    """Build a matched order: every line of the draft by its exact SKU."""
    document = draft() if document is None else document
    matches = [line_match(position) for position in range(len(document.lines))] if lines is None else lines
    return MatchedOrder(document, party_match() if customer is None else customer, ship_to, tuple(matches))


def product_row(sku: str = "SCR-4030", **changes: object) -> ProductRow:
    """Build a product as an import file states it."""
    usual = ProductRow(
        sku=sku,
        description="Wood screw 4.0 x 30 mm, galvanised",
        unit="C62",
        pack_unit="BX",
        pack_factor=Decimal(200),
    )
    return replace(usual, **changes)  # type: ignore[arg-type]  # as above


def customer_row(number: str = "C-1001", **changes: object) -> CustomerRow:
    """Build a customer as an import file states it."""
    usual = CustomerRow(
        number=number,
        name="Huber Metallbau GmbH",
        street="Industriestrasse 12",
        postal_code="80331",
        city="München",
        country="DE",
        vat_id="DE811907980",
        email="einkauf@huber-metallbau.example",
        domains=("huber-metallbau.example",),
        currency="EUR",
        credit_limit=Decimal(10000),
        price_list="TRADE",
    )
    return replace(usual, **changes)  # type: ignore[arg-type]  # as above


def price_row(sku: str = "SCR-4030", price: Decimal | int | str = "0.12", **changes: object) -> PriceRow:
    """Build a list price per stock unit."""
    usual = PriceRow(price_list="TRADE", sku=sku, price=number(price), currency="EUR")
    return replace(usual, **changes)  # type: ignore[arg-type]  # as above


def stock_row(sku: str = "SCR-4030", quantity: Decimal | int | str = 5000, warehouse: str = "MAIN") -> StockRow:
    """Build what is on hand of a product."""
    return StockRow(warehouse, sku, number(quantity))


def xref_row(customer: str = "C-1001", code: str = "4711", sku: str = "SCR-4030", **changes: object) -> XrefRow:
    """Build a customer's own code as an import file states it."""
    return replace(XrefRow(customer, code, sku), **changes)  # type: ignore[arg-type]  # as above


def erp_party(number: str = "C-1001", **changes: object) -> ErpParty:
    """Build a customer as the ERP must know it."""
    usual = ErpParty(number, "Huber Metallbau GmbH", "Industriestrasse 12", "80331", "München", "DE")
    return replace(usual, **changes)  # type: ignore[arg-type]  # as above


def erp_line(position: int = 1, **changes: object) -> ErpLine:
    """Build an accepted line: 100 wood screws at 0.12."""
    usual = ErpLine(
        position=position,
        sku="SCR-4030",
        description="Wood screw 4.0 x 30 mm, galvanised",
        quantity=Decimal(100),
        unit="C62",
        unit_price=Decimal("0.12"),
        amount=Decimal("12.00"),
        warehouse="MAIN",
    )
    return replace(usual, **changes)  # type: ignore[arg-type]  # as above


def erp_order(key: str = "order-1", **changes: object) -> ErpOrder:
    """Build an accepted order of one line, 19 % tax."""
    usual = ErpOrder(
        key=key,
        number="SO-1",
        customer_po="PO-1001",
        ordered_on=TODAY,
        requested_on=None,
        currency="EUR",
        customer=erp_party(),
        ship_to=None,
        lines=(erp_line(),),
        net=Decimal("12.00"),
        tax=Decimal("2.28"),
        gross=Decimal("14.28"),
    )
    return replace(usual, **changes)  # type: ignore[arg-type]  # as above


def outgoing_mail(to: str = "einkauf@huber-metallbau.example", **changes: object) -> OutgoingMail:
    """Build an acknowledgement by mail."""
    usual = OutgoingMail(
        message_id="<ack-1@orders.example>",
        to=to,
        subject="Your order PO-1001",
        text="We have your order.",
    )
    return replace(usual, **changes)  # type: ignore[arg-type]  # as above
