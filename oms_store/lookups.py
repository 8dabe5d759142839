"""What a person may choose from while deciding, found by a few letters, and the names by which people know things."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, desc, false, func
from sqlalchemy.orm import Session
from sqlmodel import col, or_, select

from oms_core.decisions.transition import DocumentState, DraftState
from oms_core.records import Audit, ChannelStatus, Customer, Document, Draft, Order, Person, ProductRecord, ShipTo

MAX_SEARCH = 100
"""Characters of a search that are looked for."""
LEAST_WORD = 2
"""Characters from which a description is searched; one letter is in all of them."""
MAX_WORDS = 8
"""Words of a search that are looked for."""
MAX_NAMED = 500
"""Rows that are asked for the names of at one time."""


def find_products(session: Session, text: str, limit: int = 8) -> tuple[ProductRecord, ...]:
    """Return active products by their code or GTIN, or by words that are all in the code or the description.

    The product with exactly this code comes first, then codes that begin so.
    """
    looked_for = text.strip()[:MAX_SEARCH]
    if not looked_for:
        return ()
    sku, gtin, theirs = col(ProductRecord.sku), col(ProductRecord.gtin), col(ProductRecord.manufacturer_code)
    begins = sku.istartswith(looked_for, autoescape=True)
    fits = or_(begins, gtin == looked_for, theirs.istartswith(looked_for, autoescape=True), _has_all_words(looked_for))
    rows = select(ProductRecord).where(col(ProductRecord.active).is_(True), fits)
    nearest = rows.order_by(desc(func.lower(sku) == looked_for.lower()), desc(begins), sku)
    return tuple(session.scalars(nearest.limit(limit)))


def _has_all_words(text: str) -> Any:
    words = text.split()[:MAX_WORDS]
    if not any(len(word) >= LEAST_WORD for word in words):
        return false()
    held = (col(ProductRecord.sku), col(ProductRecord.description))
    return and_(*(or_(*(column.icontains(word, autoescape=True) for column in held)) for word in words))


def find_customers(session: Session, text: str, limit: int = 8) -> tuple[Customer, ...]:
    """Return customers by the beginning of their number or a part of their name or place."""
    looked_for = text.strip()[:MAX_SEARCH]
    if not looked_for:
        return ()
    fits = or_(
        col(Customer.number).istartswith(looked_for, autoescape=True),
        col(Customer.name).icontains(looked_for, autoescape=True),
        col(Customer.city).istartswith(looked_for, autoescape=True),
    )
    return tuple(session.scalars(select(Customer).where(fits).order_by(col(Customer.number)).limit(limit)))


def ship_tos(session: Session, customer: str) -> tuple[ShipTo, ...]:
    """Return the ship-to addresses of a customer."""
    return tuple(session.scalars(select(ShipTo).where(col(ShipTo.customer) == customer).order_by(col(ShipTo.code))))


def people_names(session: Session) -> Mapping[str, str]:
    """Return the names of all people by their log-in, also of those who may not log in any more."""
    return {row[0]: row[1] for row in session.execute(select(Person.login, Person.name))}


def customer_names(session: Session, numbers: tuple[str, ...]) -> Mapping[str, str]:
    """Return the names of these customers, of the first MAX_NAMED of them, by number."""
    wanted = col(Customer.number).in_(numbers[:MAX_NAMED])
    return {row[0]: row[1] for row in session.execute(select(Customer.number, Customer.name).where(wanted))}


def channel_words(session: Session) -> Mapping[str, str]:
    """Return what each channel looks at, in words, by its name; a channel without a description is left out."""
    return {row.name: row.describes for row in session.scalars(select(ChannelStatus)) if row.describes}


def choosers(session: Session, draft_id: str) -> Mapping[str, str]:
    """Return who chose what on a draft: the log-in by the words of the trail (`chose SKU for line 3`), the last one."""
    rows = select(Audit.what, Audit.who).where(
        col(Audit.subject) == draft_id, col(Audit.what).startswith("chose ", autoescape=True)
    )
    return {row[0]: row[1] for row in session.execute(rows.order_by(col(Audit.at), col(Audit.id)))}


@dataclass(frozen=True, slots=True)
class DraftInShort:
    """A draft without what was read: what it is called and where it stands."""

    key: str
    number: str | None
    state: str
    order_id: str | None
    findings: str


def drafts_in_short(session: Session, document_id: str, limit: int) -> tuple[tuple[DraftInShort, ...], int]:
    """Return the first drafts read from a delivery's document, and how many there are."""
    mine = col(Draft.document_id) == document_id
    rows = session.execute(
        select(Draft.id, Draft.number, Draft.state, Draft.order_id, Draft.findings)  # type: ignore[call-overload]
        .where(mine)
        .order_by(col(Draft.position))
        .limit(limit)
    )
    count = session.scalar(select(func.count()).select_from(Draft).where(mine)) or 0
    return tuple(DraftInShort(*row) for row in rows), count


def any_draft_in(session: Session, document_id: str, states: Collection[str]) -> bool:
    """Whether a draft of a delivery's document is in one of these states."""
    rows = select(Draft.id).where(col(Draft.document_id) == document_id, col(Draft.state).in_(states))
    return session.execute(rows.limit(1)).first() is not None


def what_became_of(session: Session, key: str) -> str:
    """Say in a sentence what a draft or a document is now; empty for one that is not there or still waits."""
    draft = session.get(Draft, key)
    if draft is not None:
        order = session.get(Order, draft.order_id) if draft.order_id else None
        named = f"Order {draft.number}" if draft.number else "The order without a number"
        became = {
            DraftState.ACCEPTED: f"{named} is accepted as {order.number if order else ''}.",
            DraftState.APPLIED: f"{named} is applied to {order.number if order else 'its order'}.",
            DraftState.REJECTED: f"{named} is rejected.",
            DraftState.DUPLICATE: f"{named} is linked as a duplicate.",
        }
        return became.get(DraftState(draft.state), "")
    document = session.get(Document, key)
    if document is None:
        return ""
    became_of = {DocumentState.STORED: "is being read again.", DocumentState.FILED: "is filed."}
    told = became_of.get(DocumentState(document.state), "")
    return f"{document.filename} {told}" if told else ""


@dataclass(frozen=True, slots=True)
class Called:
    """What people call a record, and whether it is an order or a document."""

    key: str
    name: str
    is_order: bool


def called(session: Session, keys: Collection[str]) -> tuple[Called, ...]:
    """Return what people call these orders and documents; what is neither is left out."""
    orders = session.execute(select(Draft.id, Draft.number).where(col(Draft.id).in_(keys)))
    documents = session.execute(select(Document.id, Document.filename).where(col(Document.id).in_(keys)))
    return (
        *(Called(key, number or "an order without a number", is_order=True) for key, number in orders),
        *(Called(key, filename, is_order=False) for key, filename in documents),
    )
