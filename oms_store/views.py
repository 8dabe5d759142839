"""What the pages and the command line show: the queue, documents and orders, as named queries that only read."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import func
from sqlalchemy.orm import Session
from sqlmodel import col, or_, select
from sqlmodel.sql.expression import Select

from oms_core.decisions.transition import DocumentState, DraftState
from oms_core.errors import NotFound
from oms_core.records import (
    Allocation,
    Audit,
    Customer,
    Delivery,
    Document,
    Draft,
    Invoice,
    Order,
    OrderLine,
    Outbox,
    ShipTo,
)
from oms_core.values import Finding, Severity
from oms_store.codec import load
from oms_store.urgency import InShort, Sort, in_short, ordered

PAGE = 100
"""Rows of one page of a list."""
MAX_COUNTED = 5_000
"""Open tasks that the filters of the queue are counted over; a longer queue is filtered all the same."""
MAX_TRAIL = 500
"""Entries of an audit trail that are shown."""
MAX_SEARCH = 100
"""Characters of a search that are looked for."""

REASONS: Mapping[str, str] = {
    "machine": "the machine failed on it",
    "reading": "reading not sure enough",
    "layout": "the form changed",
    "match": "product or customer unsure",
    "price": "price",
    "quantity": "quantity or pack",
    "unit": "unit",
    "duplicate": "duplicate or repeat",
    "sender": "sender",
    "customer": "customer",
    "ship_to": "ship-to",
    "supplier": "meant for another supplier",
    "credit": "credit",
    "stock": "stock",
    "document": "change or cancellation",
    "order": "something is missing",
    "line": "a line does not add up",
    "total": "the total does not add up",
    "date": "dates",
    "currency": "currency",
    "mail": "mail not wholly understood",
    "table": "table not wholly understood",
    "unreadable": "unreadable",
}
"""What an order may wait for, by the first word of a finding's code; everything else is 'other'."""


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """What of the queue is wanted; None leaves a thing open."""

    reason: str | None = None
    customer: str | None = None
    channel: str | None = None
    kind: str | None = None
    search: str = ""
    offset: int = 0
    sort: Sort = Sort.AGE


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One open task: a draft (`what` is `order`) or a document that cannot be read (`document`)."""

    what: str
    key: str
    number: str | None
    kind: str
    customer: str | None
    customer_name: str | None
    channel: str
    sender: str | None
    filename: str
    waiting_since: datetime
    reasons: tuple[Finding, ...]
    claimed_by: str | None
    stated: InShort

    @property
    def families(self) -> tuple[str, ...]:
        """The first words of the codes that it waits for."""
        words = ["unreadable"] if self.what == "document" else [family(finding) for finding in self.reasons]
        return tuple(dict.fromkeys(words))


@dataclass(frozen=True, slots=True)
class Queue:
    """One page of the queue, how many tasks fit the filter, and what there is to filter by with counts."""

    rows: tuple[QueueRow, ...]
    total: int
    reasons: tuple[tuple[str, int], ...]
    customers: tuple[tuple[str, int], ...]
    channels: tuple[tuple[str, int], ...]
    kinds: tuple[tuple[str, int], ...]


def family(finding: Finding) -> str:
    """Return what kind of reason a finding is, a key of REASONS or `other`."""
    word = finding.code.partition(".")[0]
    return word if word in REASONS else "other"


def queue(session: Session, now: datetime, wanted: QueueFilter | None = None) -> Queue:
    """Return what waits for a person, sorted as wanted; filters are counted over all open tasks."""
    wanted = wanted or QueueFilter()
    everything = ordered([*_drafts_in_review(session, now), *_unreadable(session)], wanted.sort)
    fitting = [row for row in everything if _fits(row, wanted)]
    return Queue(
        rows=tuple(fitting[wanted.offset : wanted.offset + PAGE]),
        total=len(fitting),
        reasons=_counted(word for row in everything for word in row.families),
        customers=_counted(row.customer for row in everything),
        channels=_counted(row.channel for row in everything),
        kinds=_counted(row.kind for row in everything),
    )


def next_task(session: Session, now: datetime, who: str, after: str | None = None) -> QueueRow | None:
    """Return the most urgent task that nobody else has, leaving out the one just decided."""
    for row in queue(session, now, QueueFilter(sort=Sort.URGENT)).rows:
        if row.key != after and row.claimed_by in (None, who):
            return row
    return None


def waiting(session: Session) -> tuple[int, datetime | None]:
    """Return how many tasks wait for a person, and since when the oldest does."""
    drafts = session.execute(
        select(func.count(), func.min(Draft.created_at)).where(col(Draft.state) == DraftState.IN_REVIEW)
    ).one()
    documents = session.execute(select(func.count(), func.min(Document.created_at)).where(*_is_unreadable())).one()
    times: list[datetime | None] = [drafts[1], documents[1]]
    return drafts[0] + documents[0], min((moment for moment in times if moment is not None), default=None)


def _drafts_in_review(session: Session, now: datetime) -> list[QueueRow]:
    rows = session.execute(
        select(Draft, Delivery, Document.filename, Customer)
        .join(Document, col(Document.id) == col(Draft.source_document_id))
        .join(Delivery, col(Delivery.id) == col(Document.delivery_id))
        .join(Customer, col(Customer.number) == col(Draft.customer), isouter=True)
        .where(col(Draft.state) == DraftState.IN_REVIEW)
        .order_by(col(Draft.created_at), col(Draft.id))
        .limit(MAX_COUNTED)
        .options(_without_match())
    ).all()
    return [_draft_row(*row, now) for row in rows]


def _draft_row(draft: Draft, delivery: Delivery, filename: str, customer: Customer | None, now: datetime) -> QueueRow:
    stated = in_short(draft.payload)
    if customer is not None and not stated.currency:
        stated = replace(stated, currency=customer.currency)
    return QueueRow(
        what="order",
        key=draft.id,
        number=draft.number,
        kind=draft.kind,
        customer=draft.customer,
        customer_name=customer.name if customer else None,
        channel=delivery.channel,
        sender=delivery.sender_address or delivery.partner,
        filename=filename,
        waiting_since=draft.created_at,
        reasons=asking(draft.findings),
        claimed_by=claimed_by(draft, now),
        stated=stated,
    )


def _unreadable(session: Session) -> list[QueueRow]:
    rows = session.execute(
        select(Document, Delivery)
        .join(Delivery, col(Delivery.id) == col(Document.delivery_id))
        .where(*_is_unreadable())
        .order_by(col(Document.created_at), col(Document.id))
        .limit(MAX_COUNTED)
    ).all()
    return [
        QueueRow(
            what="document",
            key=document.id,
            number=None,
            kind="unreadable",
            customer=None,
            customer_name=None,
            channel=delivery.channel,
            sender=delivery.sender_address or delivery.partner,
            filename=document.filename,
            waiting_since=document.created_at,
            reasons=asking(document.findings),
            claimed_by=None,
            stated=InShort(),
        )
        for document, delivery in rows
    ]


def _is_unreadable() -> tuple[Any, ...]:
    """Only a delivery's own document is a task; what is unreadable inside one is told on its drafts."""
    return col(Document.state) == DocumentState.UNREADABLE, col(Document.parent_id).is_(None)


def _without_match() -> Any:
    from sqlalchemy.orm import defer

    return defer(Draft.match, raiseload=True)  # type: ignore[arg-type]


def asking(findings: str) -> tuple[Finding, ...]:
    """Return the findings that ask a person for something, what blocks first."""
    found = [one for one in load(tuple[Finding, ...], findings) if one.severity is not Severity.NOTE]
    return tuple(sorted(found, key=lambda one: one.severity is not Severity.BLOCK))


def claimed_by(draft: Draft, now: datetime) -> str | None:
    """Return who has a task at present."""
    held = draft.claimed_by is not None and draft.claimed_until is not None and draft.claimed_until > now
    return draft.claimed_by if held else None


def _fits(row: QueueRow, wanted: QueueFilter) -> bool:
    looked_for = wanted.search.strip().casefold()[:MAX_SEARCH]
    told = " ".join(filter(None, (row.number, row.customer, row.customer_name, row.sender, row.filename))).casefold()
    return (
        (not wanted.reason or wanted.reason in row.families)
        and (not wanted.customer or row.customer == wanted.customer)
        and (not wanted.channel or row.channel == wanted.channel)
        and (not wanted.kind or row.kind == wanted.kind)
        and (not looked_for or looked_for in told)
    )


def _counted(words: Iterable[str | None]) -> tuple[tuple[str, int], ...]:
    return tuple(Counter(word for word in words if word).most_common())


@dataclass(frozen=True, slots=True)
class DeliveryView:
    """A delivery with its documents, the outermost first, and the drafts read from them."""

    delivery: Delivery
    documents: tuple[Document, ...]
    drafts: tuple[Draft, ...]

    def document(self, key: str) -> Document:
        """Return one of its documents. Raises NotFound."""
        for document in self.documents:
            if document.id == key:
                return document
        raise NotFound(f"there is no document {key} in this delivery")

    @property
    def root(self) -> Document:
        """The delivery's own document."""
        return self.documents[0]


def delivery_of_document(session: Session, document_id: str) -> DeliveryView:
    """Return everything that came with a document. Raises NotFound."""
    document = session.get(Document, document_id)
    if document is None:
        raise NotFound(f"there is no document {document_id}")
    same = select(Document).where(col(Document.delivery_id) == document.delivery_id)
    rows = session.scalars(same.order_by(col(Document.parent_id).is_not(None), col(Document.id))).all()
    drafts = select(Draft).where(col(Draft.document_id) == rows[0].id).order_by(col(Draft.position))
    delivery = session.get_one(Delivery, document.delivery_id)
    return DeliveryView(delivery, tuple(rows), tuple(session.scalars(drafts)))


@dataclass(frozen=True, slots=True)
class OrderFilter:
    """Which orders are wanted; `touched` is True for those a person accepted."""

    state: str | None = None
    customer: str | None = None
    search: str = ""
    touched: bool | None = None
    since: datetime | None = None
    offset: int = 0


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One order in a list."""

    order: Order
    customer_name: str


def orders(session: Session, wanted: OrderFilter | None = None, machine: str = "ordermill") -> tuple[OrderRow, ...]:
    """Return one page of orders, the newest first."""
    wanted = wanted or OrderFilter()
    rows = _orders(wanted, machine).order_by(col(Order.id).desc()).offset(wanted.offset).limit(PAGE)
    return tuple(OrderRow(row[0], row[1]) for row in session.execute(rows))


def count_orders(session: Session, wanted: OrderFilter | None = None, machine: str = "ordermill") -> int:
    """Return how many orders fit."""
    return session.scalar(select(func.count()).select_from(_orders(wanted or OrderFilter(), machine).subquery())) or 0


def _orders(wanted: OrderFilter, machine: str) -> "Select[Order, str]":
    rows = select(Order, Customer.name).join(Customer, col(Customer.number) == col(Order.customer))
    if wanted.state:
        rows = rows.where(col(Order.state) == wanted.state)
    if wanted.customer:
        rows = rows.where(col(Order.customer) == wanted.customer)
    if wanted.since:
        rows = rows.where(col(Order.created_at) >= wanted.since)
    if wanted.touched is not None:
        by_machine = col(Order.accepted_by) == machine
        rows = rows.where(~by_machine if wanted.touched else by_machine)
    looked_for = wanted.search.strip()[:MAX_SEARCH]
    if looked_for:
        named = [col(Order.number), col(Order.customer_po), col(Order.erp_reference), col(Customer.name)]
        rows = rows.where(or_(*(column.icontains(looked_for, autoescape=True) for column in named)))
    return rows


@dataclass(frozen=True, slots=True)
class OrderDetail:
    """One order with everything that hangs on it; allocations are by line position."""

    order: Order
    customer: Customer
    ship_to: ShipTo | None
    lines: tuple[OrderLine, ...]
    allocations: Mapping[int, tuple[Allocation, ...]]
    invoice: Invoice | None
    outbox: tuple[Outbox, ...]
    trail: tuple[Audit, ...]
    draft: Draft
    delivery: Delivery


def order_detail(session: Session, key: str) -> OrderDetail:
    """Return one order by its id or its number. Raises NotFound."""
    order = session.scalars(select(Order).where(or_(col(Order.id) == key, col(Order.number) == key))).first()
    if order is None:
        raise NotFound(f"there is no order {key[:MAX_SEARCH]}")
    lines = session.scalars(select(OrderLine).where(col(OrderLine.order_id) == order.id).order_by("position"))
    given: dict[int, list[Allocation]] = {}
    promised = select(Allocation).where(col(Allocation.order_id) == order.id)
    for row in session.scalars(promised.order_by("position", "warehouse")):
        given.setdefault(row.position, []).append(row)
    draft = session.get_one(Draft, order.draft_id)
    sent = select(Outbox).where(col(Outbox.order_id) == order.id).order_by(col(Outbox.id))
    return OrderDetail(
        order=order,
        customer=session.get_one(Customer, order.customer),
        ship_to=session.get(ShipTo, (order.customer, order.ship_to)) if order.ship_to else None,
        lines=tuple(lines),
        allocations={position: tuple(rows) for position, rows in given.items()},
        invoice=session.scalars(select(Invoice).where(col(Invoice.order_id) == order.id)).first(),
        outbox=tuple(session.scalars(sent)),
        trail=trail(session, [order.id, draft.id, draft.document_id]),
        draft=draft,
        delivery=session.get_one(Delivery, session.get_one(Document, draft.document_id).delivery_id),
    )


def trail(session: Session, subjects: Sequence[str]) -> tuple[Audit, ...]:
    """Return who did what to these records, the oldest first."""
    rows = select(Audit).where(col(Audit.subject).in_(subjects)).order_by(col(Audit.at), col(Audit.id))
    return tuple(session.scalars(rows.limit(MAX_TRAIL)))
