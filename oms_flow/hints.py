"""What a reader is told of a document before it reads: who we are, how it came, and what was declared or learned."""

from dataclasses import replace

from sqlalchemy.orm import Session

from oms_core.records import Delivery, Document
from oms_core.values import Hints
from oms_core.values.layout import Layout
from oms_flow.columns import columns_of
from oms_flow.house import House


def hints_of(
    house: House, session: Session, document: Document, delivery: Delivery, layouts: tuple[Layout, ...]
) -> Hints:
    """Return the hints for a document of this delivery, the same whenever it is read; `layouts` were learned of it."""
    return replace(
        house.hints(),
        filename=document.filename,
        media_type=document.media_type,
        received_at=delivery.received_at,
        column_map=columns_of(session, delivery),
        layouts=layouts,
    )
