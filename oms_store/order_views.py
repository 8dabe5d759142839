"""What the command line shows beside `views`: long lists, and the whole story of one order, document or delivery."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from sqlalchemy.orm import Session
from sqlmodel import col, or_, select

from oms_core.errors import NotFound
from oms_core.records import Allocation, Audit, Delivery, Document, Draft, Invoice, Order, OrderLine, Outbox
from oms_store.views import MAX_SEARCH, OrderFilter, OrderRow, count_orders, trail
from oms_store.views import orders as page_of_orders

MOST_DRAFTS = 200
"""Drafts of one delivery that its story tells; an interchange may hold thousands."""


@dataclass(frozen=True, slots=True)
class Story:
    """Everything that hangs together, from the delivery to what left for the outside."""

    delivery: tuple[Delivery, ...]
    documents: tuple[Document, ...]
    drafts: tuple[Draft, ...]
    orders: tuple[Order, ...]
    lines: tuple[OrderLine, ...]
    allocations: tuple[Allocation, ...]
    invoices: tuple[Invoice, ...]
    pushes: tuple[Outbox, ...]
    trail: tuple[Audit, ...]

    def parts(self) -> Iterator[tuple[str, tuple[Any, ...]]]:
        """Yield each part with its name, in the order in which it happened."""
        for one in fields(self):
            yield one.name, getattr(self, one.name)


def list_orders(session: Session, wanted: OrderFilter, limit: int) -> tuple[list[OrderRow], int]:
    """Return up to `limit` orders, the newest first, and how many there are."""
    found: list[OrderRow] = []
    while len(found) < limit:
        page = page_of_orders(session, replace(wanted, offset=wanted.offset + len(found)))
        if not page:
            break
        found += page
    return found[:limit], count_orders(session, wanted)


def story(session: Session, key: str) -> Story:
    """Return the story of an order (by number or id), a draft, a document or a delivery. Raises NotFound."""
    draft = _draft_of(session, key)
    if draft is not None:
        drafts: Sequence[Draft] = (draft,)
        delivery_id = session.get_one(Document, draft.document_id).delivery_id
    else:
        document = session.get(Document, key)
        delivery_id = document.delivery_id if document else key
        ids = select(Document.id).where(col(Document.delivery_id) == delivery_id)
        rows = select(Draft).where(col(Draft.document_id).in_(ids)).order_by(col(Draft.id)).limit(MOST_DRAFTS)
        drafts = session.scalars(rows).all()
    delivery = session.get(Delivery, delivery_id)
    if delivery is None:
        raise NotFound(f"there is no order, draft, document or delivery {key[:MAX_SEARCH]!r}")
    return _told(session, delivery, drafts)


def _draft_of(session: Session, key: str) -> Draft | None:
    order = session.scalars(select(Order).where(or_(col(Order.id) == key, col(Order.number) == key))).first()
    return session.get(Draft, order.draft_id if order else key)


def _told(session: Session, delivery: Delivery, drafts: Sequence[Draft]) -> Story:
    documents = session.scalars(
        select(Document).where(col(Document.delivery_id) == delivery.id).order_by(col(Document.id))
    ).all()
    keys = [draft.id for draft in drafts]
    ids = [draft.order_id for draft in drafts if draft.order_id]
    orders = session.scalars(select(Order).where(col(Order.id).in_(ids)).order_by(col(Order.id))).all()

    def of_orders(record: Any, *order: Any) -> tuple[Any, ...]:
        rows = select(record).where(record.order_id.in_(ids)).order_by(record.order_id, *order)
        return tuple(session.scalars(rows))

    pushes = select(Outbox).where(or_(col(Outbox.order_id).in_(ids), col(Outbox.draft_id).in_(keys)))
    return Story(
        delivery=(delivery,),
        documents=tuple(documents),
        drafts=tuple(drafts),
        orders=tuple(orders),
        lines=of_orders(OrderLine, OrderLine.position),
        allocations=of_orders(Allocation, Allocation.position, Allocation.warehouse),
        invoices=of_orders(Invoice),
        pushes=tuple(session.scalars(pushes.order_by(col(Outbox.id)))),
        trail=trail(session, [*ids, *keys, *(document.id for document in documents)]),
    )
