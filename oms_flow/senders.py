"""Who sent a draft."""

from sqlalchemy.orm import Session

from oms_core.records import Delivery, Document, Draft


def delivery_of(session: Session, draft: Draft) -> Delivery:
    """Return the delivery that a draft came in."""
    return session.get_one(Delivery, session.get_one(Document, draft.document_id).delivery_id)


def sender_address(session: Session, draft: Draft) -> str | None:
    """Return the mail address that a draft came from, lower case."""
    return delivery_of(session, draft).sender_address
