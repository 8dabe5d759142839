"""What becomes of an upload, told while it is read and when it is done, with the place where one goes on."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from oms_core.decisions.transition import DocumentState, DraftState
from oms_core.errors import NotFound
from oms_core.records import Document
from oms_store import lookups, views
from oms_store.lookups import DraftInShort

MAX_TOLD = 5
"""Orders of one file that are told one by one."""
PATIENCE = timedelta(minutes=1)
"""After this time somebody should look whether a worker runs; the page asks less often then."""
QUICK_SECONDS, SLOW_SECONDS = 1, 10
_MOVING = frozenset({DraftState.DRAFTED, DraftState.MATCHED})


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that became of it, and where to go on; `mood` is `good`, `review` or empty."""

    sentence: str
    place: str
    word: str
    mood: str = ""


@dataclass(frozen=True, slots=True)
class Becoming:
    """How far an upload is: `again_after` is None when it is done, else the seconds until the page asks again."""

    told: tuple[Told, ...]
    more: int
    again_after: int | None
    slow: bool


def becoming(session: Session, document_id: str, now: datetime) -> Becoming:
    """Say what has become of a document that came by itself. Raises NotFound."""
    document = session.get(Document, document_id)
    if document is None:
        raise NotFound(f"there is no document {document_id}")
    drafts, count = lookups.drafts_in_short(session, document_id, MAX_TOLD)
    moving = document.state == DocumentState.STORED or lookups.any_draft_in(session, document_id, _MOVING)
    slow = moving and now - document.updated_at > PATIENCE
    return Becoming(
        told=() if moving else tuple(_told(session, document, drafts)),
        more=count - len(drafts),
        again_after=(SLOW_SECONDS if slow else QUICK_SECONDS) if moving else None,
        slow=slow,
    )


def _told(session: Session, document: Document, drafts: tuple[DraftInShort, ...]) -> Iterator[Told]:
    if not drafts:
        yield _document_told(document)
    for draft in drafts:
        yield _draft_told(session, draft)


def _document_told(document: Document) -> Told:
    place, reasons = f"/documents/{document.id}", views.asking(document.findings)
    if document.state == DocumentState.UNREADABLE:
        why = reasons[0].message if reasons else "It could not be read."
        return Told(f"It could not be read. {why}", place, "See what helps", "review")
    became = {
        DocumentState.READ: "It was read, and there is no order in it.",
        DocumentState.FILED: "It is filed: no order for us.",
        DocumentState.MERGED: "It belongs to another document and was read with that.",
    }
    return Told(became.get(DocumentState(document.state), ""), place, "Show it")


def _draft_told(session: Session, draft: DraftInShort) -> Told:
    if draft.state == DraftState.IN_REVIEW:
        named = f"Order {draft.number}" if draft.number else "An order without a number"
        reasons = views.asking(draft.findings)
        why = f": {reasons[0].message}" if reasons else "."
        return Told(f"{named} waits for a person{why}", f"/tasks/{draft.key}", "Decide", "review")
    sentence = lookups.what_became_of(session, draft.key)
    if draft.order_id:
        return Told(sentence, f"/orders/{draft.order_id}", "Show the order", "good")
    return Told(sentence, f"/tasks/{draft.key}", "Show it")
