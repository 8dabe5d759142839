"""One draft as the review page lays it out: fields with evidence, lines with products, findings in their place."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from matching.weights import MATCH_ALONE
from oms_app.front.choosing import is_another, printed_name
from oms_app.web.marks import field_id, values
from oms_app.web.wording import person, written
from oms_core.records import Customer, ShipTo
from oms_core.values import Candidate, Decision, Finding, LineMatch, PartyMatch, Product, Severity, Value
from oms_core.values.labels import HEADER_LABELS, LINE_LABELS, PARTY_LABELS
from oms_core.values.source import entered_by
from oms_flow.house import House
from oms_flow.quoting import PricedLine, PricedOrder, price_order
from oms_flow.review import Task, line_match, task
from oms_store.catalogue import one_line, products_by_sku
from oms_store.lookups import choosers, people_names, ship_tos

MAX_CANDIDATES = 8
"""Candidates that have a key of their own."""

_HEADER = ("number", "date", "requested_date", "currency")
_PARTY = ("name", "id", "address")
_LINE = (
    "quantity",
    "unit",
    "supplier_code",
    "buyer_code",
    "gtin",
    "description",
    "unit_price",
    "requested_date",
)
"""The fields that have an input on the page, in its order."""
LEAST_CONFIDENCE = 0.01
"""Candidates below this are noise: shown as 0 %, they would only stand in the way of the search."""
_PERSON = "person"
"""The method of a match that a person decided."""
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
    kept: str
    """What it holds in the database, where `text` is typing that was not taken."""
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
    because: str
    """By what it is known, or who chose it."""
    candidates: tuple[Candidate, ...]
    findings: tuple[Finding, ...]
    printed: tuple[FieldView, ...]
    printed_name: str = ""
    others: frozenset[str] = frozenset()
    """Which of those that are or may be meant have another name than the document prints."""


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
    candidates: tuple[Candidate, ...]
    """What is worth a look and may be picked by a key."""
    none_because: str
    """Why there is nothing to pick."""
    chosen_by: str
    """The name of the person who chose the product; empty where the machine did."""
    can_remember: bool

    @property
    def decided(self) -> bool:
        """Whether the product is settled."""
        return self.match is not None and self.match.sku is not None and self.match.decision is Decision.MATCH

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
    def columns(self) -> Mapping[str, str]:
        """What stands above the lines."""
        return LINE_LABELS

    @property
    def alone(self) -> float:
        """How sure a product must be to be decided by the machine alone."""
        return MATCH_ALONE

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
        products = products_by_sku(session, sorted(_named(order.lines)))
        priced = price_order(house, session, order, customer) if customer and draft.lines else None
        prices = {line.position: line for line in priced.lines} if priced else {}
        context = _Context(products, prices, choosers(session, draft_id), people_names(session))
    fields = _Fields(seen, typed or Typed(), context.names)
    return TaskView(
        task=seen,
        header=tuple(fields.field(name, label) for name, label in _labelled(HEADER_LABELS, _HEADER)),
        notes=fields.field("notes", HEADER_LABELS["notes"]),
        customer=_customer(fields, seen, customer, context),
        ship_to=_ship_to(fields, seen, addresses, context),
        ship_tos=addresses,
        lines=tuple(_line(fields, seen, at, context) for at in range(len(draft.lines))),
        findings=fields.rest(),
        priced=priced,
        blocks=tuple(one for one in fields.findings if one.severity is Severity.BLOCK),
        asks_repeat=any(one.code.startswith("duplicate.") for one in fields.findings),
    )


@dataclass(frozen=True, slots=True)
class _Context:
    """What the lines and the parties are shown with."""

    products: Mapping[str, Product]
    prices: Mapping[int, PricedLine]
    choosers: Mapping[str, str]
    names: Mapping[str, str]

    def chooser(self, what: str, otherwise: str) -> str:
        """Return the name of the person who chose this."""
        return person(self.choosers.get(f"chose {what}", otherwise), self.names)


def _named(lines: Iterable[LineMatch]) -> set[str]:
    """Return every product that is meant or may be."""
    listed = {one.key for line in lines for one in line.candidates}
    return listed | {line.sku for line in lines if line.sku}


class _Fields:
    """Hands out fields, each with what was noticed at its place; what is left over is shown on top."""

    def __init__(self, seen: Task, typed: Typed, names: Mapping[str, str]) -> None:
        self._values = dict(values(seen.order.draft))
        self._names = names
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
        kept = written(path, value)
        text = self._typed.text if mine else kept
        by_person = value is not None and entered_by(value.source) != ""
        return FieldView(
            path,
            field_id(path),
            label,
            text,
            kept,
            self._said(path, value),
            by_person,
            self._typed.problem if mine else "",
            self.at(path),
        )

    def _said(self, path: str, value: Value[object] | None) -> str:
        """Return who entered a value, or what the document says where it was read, if that reads differently."""
        if value is None:
            return ""
        by = entered_by(value.source)
        if by:
            return f"entered by {person(by, self._names)}"
        printed = " ".join(value.source.text.split())
        return "" if printed in ("", written(path, value)) else f"printed: {printed[:120]}"

    def rest(self) -> tuple[Finding, ...]:
        """Return what has no place of its own on the page; asked last."""
        return tuple(one for one in self.findings if one.place not in self._placed)


def has_input(path: str) -> bool:
    """Whether a field stands on the page, so that what is wrong with it can be said there."""
    head, _, name = path.rpartition(".")
    if head.startswith("lines["):
        return name in _LINE
    return name in (_PARTY if head in ("buyer", "ship_to") else (*_HEADER, "notes"))


def _labelled(labels: Mapping[str, str], names: Iterable[str]) -> Iterator[tuple[str, str]]:
    return ((name, labels[name]) for name in names)


def _customer(fields: _Fields, seen: Task, customer: Customer | None, context: _Context) -> PartyView:
    match, printed = seen.order.customer, printed_name(seen.order.draft)
    named = {one.key: one.label for one in match.candidates} | ({customer.number: customer.name} if customer else {})
    return PartyView(
        key=customer.number if customer else None,
        name=customer.name if customer else "",
        address=one_line(customer) if customer else "",
        decided=match.decision is Decision.MATCH and customer is not None,
        because=_because(match, seen.choices.customer, f"customer {match.key}", seen, context),
        candidates=_worth_a_look(match.candidates),
        findings=fields.at("customer", "buyer"),
        printed=tuple(fields.field(f"buyer.{name}", label) for name, label in _labelled(PARTY_LABELS, _PARTY)),
        printed_name=printed,
        others=frozenset(key for key, name in named.items() if is_another(printed, name)),
    )


def _ship_to(fields: _Fields, seen: Task, addresses: Iterable[ShipTo], context: _Context) -> PartyView:
    match = seen.order.ship_to
    row = next((one for one in addresses if match and one.code == match.key), None)
    chosen = seen.choices.ship_to
    return PartyView(
        key=row.code if row else None,
        name=row.name if row else "",
        address=one_line(row) if row else "",
        decided=match is None or (match.decision is Decision.MATCH and row is not None),
        because=_because(match, chosen, f"ship-to {chosen or 'own address'}", seen, context),
        candidates=_worth_a_look(match.candidates) if match else (),
        findings=fields.at("ship_to"),
        printed=tuple(fields.field(f"ship_to.{name}", label) for name, label in _labelled(PARTY_LABELS, _PARTY)),
    )


def _because(match: PartyMatch | None, chosen: str | None, what: str, seen: Task, context: _Context) -> str:
    """Say who chose a party; else the first reasons for it."""
    if chosen is not None:
        return f"chosen by {context.chooser(what, seen.choices.by)}"
    return " · ".join(match.candidates[0].reasons[:2]) if match and match.key and match.candidates else ""


def _line(fields: _Fields, seen: Task, position: int, context: _Context) -> LineView:
    draft, place = seen.order.draft.lines[position], f"lines[{position}]"
    match = line_match(seen, position)
    named = draft.supplier_code or draft.buyer_code or draft.description
    candidates = _products(match, context.products) if match else ()
    return LineView(
        position=position,
        name=draft.line_number.value[:20] if draft.line_number else str(position + 1),
        fields={name: fields.field(f"{place}.{name}", label) for name, label in _labelled(LINE_LABELS, _LINE)},
        match=match,
        product=context.products.get(match.sku or "") if match else None,
        priced=context.prices.get(position),
        amount=draft.amount.value if draft.amount else None,
        findings=fields.at(place, f"{place}.amount", f"{place}.sku"),
        candidates=candidates,
        none_because="" if candidates else _none_because(match, context.products),
        chosen_by=_chosen_by(match, seen, context) if match else "",
        can_remember=named is not None and seen.order.customer.key is not None,
    )


def _chosen_by(match: LineMatch, seen: Task, context: _Context) -> str:
    if match.method != _PERSON:
        return ""
    return context.chooser(f"{match.sku} for line {match.position + 1}", seen.choices.by)


def _products(match: LineMatch, products: Mapping[str, Product]) -> tuple[Candidate, ...]:
    """Return the candidates that can be picked: what is on sale, and worth a look."""
    known = tuple(one for one in match.candidates if one.key in products)
    worth = _worth_a_look(known)
    # The matcher found something and only doubts it: then even a faint candidate is what it wants looked at.
    doubted = match.decision is Decision.REVIEW and len(known) == len(match.candidates)
    return worth or (known[:MAX_CANDIDATES] if doubted else ())


def _worth_a_look(candidates: Iterable[Candidate]) -> tuple[Candidate, ...]:
    return tuple(one for one in candidates if one.confidence >= LEAST_CONFIDENCE)[:MAX_CANDIDATES]


def _none_because(match: LineMatch | None, products: Mapping[str, Product]) -> str:
    """Say why there is no product to pick: the reasons of what is gone, else that nothing is near."""
    gone = [one for one in match.candidates if one.key not in products and one.reasons] if match else []
    if gone:
        told = gone[0].reasons[0]
        return f"{told[:1].upper()}{told[1:]}."
    return "Nothing in the catalogue is near enough to be worth a look."
