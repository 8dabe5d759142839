"""Nothing is lost: three sums that hold at every commit, and the ids of whatever is in each of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func
from sqlalchemy.orm import Session
from sqlmodel import col, select

from oms_core.decisions.transition import DeliveryState, DocumentState, DraftState
from oms_core.records import Delivery, Document, Draft


@dataclass(frozen=True, slots=True)
class Balance:
    """One law: `total` things came in, and `parts` says where each of them is now."""

    name: str
    total: int
    parts: tuple[tuple[str, int], ...]

    @property
    def holds(self) -> bool:
        """Whether every one is accounted for."""
        return self.total == sum(count for _, count in self.parts)


MACHINE_FAILED = "machine.failed"
"""The finding on what was handed to a person after failures of the machine."""

DRAFT_PLACES = {
    "accepted": (DraftState.ACCEPTED,),
    "applied to an order": (DraftState.APPLIED,),
    "in review": (DraftState.IN_REVIEW,),
    "rejected": (DraftState.REJECTED,),
    "duplicate": (DraftState.DUPLICATE,),
    "in progress": (DraftState.DRAFTED, DraftState.MATCHED),
}
DOCUMENT_PLACES = {
    "read": (DocumentState.READ,),
    "filed": (DocumentState.FILED,),
    "unreadable": (DocumentState.UNREADABLE,),
    "merged": (DocumentState.MERGED,),
    "in progress": (DocumentState.STORED,),
}
DELIVERY_PLACES = {
    "stored": (DeliveryState.STORED,),
    "duplicate": (DeliveryState.DUPLICATE,),
    "refused by a limit": (DeliveryState.REFUSED,),
}

LAWS: Mapping[str, tuple[type[Delivery] | type[Document] | type[Draft], Mapping[str, Sequence[str]]]] = {
    "deliveries": (Delivery, DELIVERY_PLACES),
    "documents": (Document, DOCUMENT_PLACES),
    "drafts": (Draft, DRAFT_PLACES),
}


def balances(session: Session) -> tuple[Balance, ...]:
    """Count deliveries, documents and drafts by where they are, in one view of the database."""
    return tuple(_balance(session, name, record, places) for name, (record, places) in LAWS.items())


def members(session: Session, law: str, place: str) -> tuple[str, ...]:
    """Return the ids of what is in one place of one law, oldest first."""
    record, places = LAWS[law]
    ids = select(record.id).where(col(record.state).in_(places[place])).order_by(col(record.id))
    return tuple(session.scalars(ids))


def orphans(session: Session) -> tuple[str, ...]:
    """Return what belongs to nothing: stored deliveries without a document, accepted drafts without an order.

    Always empty; anything here is a bug.
    """
    without_document = select(Delivery.id).where(
        col(Delivery.state) == DeliveryState.STORED,
        ~col(Delivery.document_id).in_(select(Document.id)),
    )
    without_order = select(Draft.id).where(col(Draft.state) == DraftState.ACCEPTED, col(Draft.order_id).is_(None))
    return (*session.scalars(without_document), *session.scalars(without_order))


def stuck(session: Session, now: datetime, minutes: float) -> tuple[str, ...]:
    """Return the ids of documents and drafts that have been in progress for longer than this: an alarm."""
    before = now - timedelta(minutes=minutes)
    documents = select(Document.id).where(
        col(Document.state) == DocumentState.STORED, col(Document.created_at) < before
    )
    drafts = select(Draft.id).where(
        col(Draft.state).in_([DraftState.DRAFTED, DraftState.MATCHED]), col(Draft.created_at) < before
    )
    return (*session.scalars(documents), *session.scalars(drafts))


def failed(session: Session) -> tuple[str, ...]:
    """Return the ids of drafts that people have only because the machine failed on them: an alarm."""
    code = f'%"{MACHINE_FAILED}"%'
    drafts = select(Draft.id).where(col(Draft.state) == DraftState.IN_REVIEW, col(Draft.findings).like(code))
    return tuple(session.scalars(drafts.order_by(col(Draft.id))))


def _balance(
    session: Session,
    name: str,
    record: type[Delivery] | type[Document] | type[Draft],
    places: Mapping[str, Sequence[str]],
) -> Balance:
    total = session.scalar(select(func.count()).select_from(record)) or 0
    counts = dict(session.execute(select(record.state, func.count()).group_by(record.state)).all())
    parts = tuple((place, sum(counts.get(state, 0) for state in states)) for place, states in places.items())
    return Balance(name, total, parts)
