"""One draft as the review page lays it out: fields with evidence, lines with products, findings in their place."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from oms_app.web.marks import field_id, values
from oms_app.web.wording import price, unit
from oms_core.records import Customer, ShipTo
from oms_core.values import Candidate, Decision, Finding, LineMatch, PathSource, Product, Severity, Value, plain
from oms_flow.house import House
from oms_flow.quoting import PricedLine, PricedOrder, price_order
from oms_flow.review import Task, line_match, task
from oms_store.catalogue import one_line, products_by_sku
from oms_store.lookups import ship_tos

MAX_CANDIDATES = 8
"""Candidates that have a key of their own."""

_HEADER: Mapping[str, str] = {
    "number": "PO number",
    "date": "Order date",
    "requested_date": "Wanted by",
    "currency": "Currency",
}
_LINE: Mapping[str, str] = {
    "quantity": "Quantity",
    "unit": "Unit",
    "supplier_code": "Our code",
    "buyer_code": "Their code",
    "gtin": "GTIN",
    "description": "Description",
    "unit_price": "Unit price",
    "requested_date": "Wanted by",
}
_PARTY: Mapping[str, str] = {"name": "Name", "id": "Identifier", "address": "Address"}
_ORDER = {Severity.BLOCK: 0, Severity.REVIEW: 1, Severity.NOTE: 2}


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody typed that was not taken, and why; it is shown where they typed it."""

    path: str = ""
    text: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class FieldView:
    """One field: its place, what it holds, where that stands, and what was noticed about it."""

    path: str
    key: str
    label: str
    text: str
    said: str
    """What the document says there, where that is not the text itself; or who entered it."""
    by_person: bool
    problem: str
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class PartyView:
    """The customer or the ship-to: who is meant, who else may be, what the document prints."""

    key: str | None
    name: str
    address: str
    decided: bool
    confidence: float
    candidates: tuple[Candidate, ...]
    findings: tuple[Finding, ...]
    printed: tuple[FieldView, ...]


@dataclass(frozen=True, slots=True)
class LineView:
    """One line with its product."""

    position: int
    name: str
    fields: Mapping[str, FieldView]
    match: LineMatch | None
    product: Product | None
    priced: PricedLine | None
    amount: Decimal | None
    findings: tuple[Finding, ...]
    can_remember: bool

    @property
    def decided(self) -> bool:
        """Whether the product is settled."""
        return self.match is not None and self.match.sku is not None and self.match.decision is Decision.MATCH

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        """What may be picked by a key."""
        return self.match.candidates[:MAX_CANDIDATES] if self.match else ()

    @property
    def trouble(self) -> str:
        """The worst severity on this line."""
        found = [*self.findings, *(finding for field in self.fields.values() for finding in field.findings)]
        return min((one.severity for one in found), key=lambda one: _ORDER[one], default=Severity.NOTE).value


@dataclass(frozen=True, slots=True)
class TaskView:
    """Everything on the right side of the review page."""

    task: Task
    header: tuple[FieldView, ...]
    notes: FieldView
    customer: PartyView
    ship_to: PartyView
    ship_tos: tuple[ShipTo, ...]
    lines: tuple[LineView, ...]
    findings: tuple[Finding, ...]
    priced: PricedOrder | None
    blocks: tuple[Finding, ...]
    asks_repeat: bool

    @property
    def open(self) -> bool:
        """Whether it can still be decided."""
        return self.task.state == "in_review"


def load_view(house: House, draft_id: str, typed: Typed | None = None) -> TaskView:
    """Load one draft for the page. Raises NotFound."""
    seen = task(house, draft_id)
    order, draft = seen.order, seen.order.draft
    with house.store.read() as session:
        customer = session.get(Customer, order.customer.key) if order.customer.key else None
        addresses = ship_tos(session, customer.number) if customer else ()
        skus = sorted({match.sku for match in order.lines if match.sku})
        products = products_by_sku(session, skus)
        priced = price_order(house, session, order, customer) if customer and draft.lines else None
    fields = _Fields(seen, typed or Typed())
    prices = {line.position: line for line in priced.lines} if priced else {}
    return TaskView(
        task=seen,
        header=tuple(fields.field(name, label) for name, label in _HEADER.items()),
        notes=fields.field("notes", "Notes"),
        customer=_customer(fields, seen, customer),
        ship_to=_ship_to(fields, seen, addresses),
        ship_tos=addresses,
        lines=tuple(_line(fields, seen, at, products, prices.get(at)) for at in range(len(draft.lines))),
        findings=fields.rest(),
        priced=priced,
        blocks=tuple(one for one in fields.findings if one.severity is Severity.BLOCK),
        asks_repeat=any(one.code.startswith("duplicate.") for one in fields.findings),
    )


class _Fields:
    """Hands out fields, each with what was noticed at its place; what is left over is shown on top."""

    def __init__(self, seen: Task, typed: Typed) -> None:
        self._values = dict(values(seen.order.draft))
        self._typed = typed
        merged = {(one.code, one.place): one for one in (*seen.findings, *seen.blocks)}
        self.findings = tuple(sorted(merged.values(), key=lambda one: _ORDER[one.severity]))
        self._placed: set[str] = set()

    def at(self, *places: str) -> tuple[Finding, ...]:
        """Return what was noticed at these places."""
        self._placed.update(places)
        return tuple(one for one in self.findings if one.place in places)

    def field(self, path: str, label: str) -> FieldView:
        value = self._values.get(path)
        mine = path == self._typed.path
        text = self._typed.text if mine else _shown(path, value)
        by_person = value is not None and _entered(value)
        return FieldView(
            path,
            field_id(path),
            label,
            text,
            _said(value),
            by_person,
            self._typed.problem if mine else "",
            self.at(path),
        )

    def rest(self) -> tuple[Finding, ...]:
        """Return what has no place of its own on the page; asked last."""
        return tuple(one for one in self.findings if one.place not in self._placed)


def _customer(fields: _Fields, seen: Task, customer: Customer | None) -> PartyView:
    match = seen.order.customer
    return PartyView(
        key=customer.number if customer else None,
        name=customer.name if customer else "",
        address=one_line(customer) if customer else "",
        decided=match.decision is Decision.MATCH and customer is not None,
        confidence=match.confidence,
        candidates=match.candidates[:MAX_CANDIDATES],
        findings=fields.at("customer", "buyer"),
        printed=tuple(fields.field(f"buyer.{name}", label) for name, label in _PARTY.items()),
    )


def _ship_to(fields: _Fields, seen: Task, addresses: Iterable[ShipTo]) -> PartyView:
    match = seen.order.ship_to
    row = next((one for one in addresses if match and one.code == match.key), None)
    return PartyView(
        key=row.code if row else None,
        name=row.name if row else "",
        address=one_line(row) if row else "",
        decided=match is None or (match.decision is Decision.MATCH and row is not None),
        confidence=match.confidence if match else 1.0,
        candidates=match.candidates[:MAX_CANDIDATES] if match else (),
        findings=fields.at("ship_to"),
        printed=tuple(fields.field(f"ship_to.{name}", label) for name, label in _PARTY.items()),
    )


def _line(
    fields: _Fields, seen: Task, position: int, products: Mapping[str, Product], priced: PricedLine | None
) -> LineView:
    draft, place = seen.order.draft.lines[position], f"lines[{position}]"
    match = line_match(seen, position)
    named = draft.supplier_code or draft.buyer_code or draft.description
    return LineView(
        position=position,
        name=draft.line_number.value[:20] if draft.line_number else str(position + 1),
        fields={name: fields.field(f"{place}.{name}", label) for name, label in _LINE.items()},
        match=match,
        product=products.get(match.sku or "") if match else None,
        priced=priced,
        amount=draft.amount.value if draft.amount else None,
        findings=fields.at(place, f"{place}.amount", f"{place}.sku"),
        can_remember=named is not None and seen.order.customer.key is not None,
    )


def _shown(path: str, value: Value[object] | None) -> str:
    """Write a value for its field: units in words, prices with two decimals or more."""
    if value is not None and path.endswith(".unit"):
        return unit(_written(value))
    if value is not None and path.endswith(".unit_price") and isinstance(value.value, Decimal):
        return price(value.value)
    return _written(value)


def _written(value: Value[object] | None) -> str:
    if value is None:
        return ""
    held = value.value
    if isinstance(held, Decimal):
        return plain(held)
    return held.isoformat() if isinstance(held, date) else str(held)


def _entered(value: Value[object]) -> bool:
    return isinstance(value.source, PathSource) and value.source.path.startswith("entered by ")


def _said(value: Value[object] | None) -> str:
    """Return who entered a value, or what the document says where it was read, if that reads differently."""
    if value is None:
        return ""
    if isinstance(value.source, PathSource):
        return value.source.path
    printed = " ".join(value.source.text.split())
    return "" if printed == _written(value) else f"printed: {printed[:120]}"
