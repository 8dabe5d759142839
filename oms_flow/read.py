"""Read: a stored document becomes drafts, with every part inside it stored and accounted for."""

from dataclasses import dataclass, replace

from sqlmodel import col, select

from oms_core.decisions.transition import DocumentState, DraftState, transition
from oms_core.records import Delivery, Document, Draft
from oms_core.values import ORDER_KINDS, Blob, DocumentKind, DraftDocument, Finding, Part, Severity
from oms_flow.compose import Composition, NodePath, Outcome, PlacedDraft, ReadFailure, ReadNode, compose, nodes
from oms_flow.hints import hints_of
from oms_flow.house import SYSTEM, House
from oms_flow.learning import layouts_of
from oms_flow.receive import first_with_bytes
from oms_flow.tree import read_tree
from oms_store.codec import dump
from oms_store.store import Unit
from rules.content import content_hash

MAX_DEATHS = 3
"""Workers that may die on one document before a person must look at it."""

_REST = {
    Outcome.READ: DocumentState.READ,
    Outcome.FILED: DocumentState.FILED,
    Outcome.UNREADABLE: DocumentState.UNREADABLE,
    Outcome.MERGED: DocumentState.MERGED,
}


@dataclass(frozen=True, slots=True)
class StoredPart:
    """A part on disk, before its row is written."""

    path: NodePath
    sha256: str
    size: int
    filename: str
    media_type: str | None
    role: str
    format: str | None


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """What reading one delivery's document gave."""

    document_id: str
    format: str | None
    parts: tuple[StoredPart, ...]
    composition: Composition


def prepare(house: House, document_id: str) -> ReadDocument | None:
    """Read a document that waits for it, parts and all; None when it is read already. Writes no row."""
    with house.store.read() as session:
        document = session.get_one(Document, document_id)
        delivery = session.get_one(Delivery, document.delivery_id)
        hints = hints_of(house, session, document, delivery, layouts_of(session, delivery))
    if document.state != DocumentState.STORED:
        return None
    if document.deaths >= MAX_DEATHS:
        return _given_up(document)
    kept: dict[NodePath, StoredPart] = {}

    def keep(path: NodePath, part: Part) -> Blob:
        sha256, size = house.documents.put(part.blob, hints.limits.bytes)
        kept[path] = StoredPart(path, sha256, size, part.filename, part.media_type, part.role, None)
        return house.documents.get(sha256)

    node = read_tree(house.reader, house.documents.get(document.sha256), hints, keep)
    formats = {path: one.reading.format if one.reading else None for path, one in nodes(node)}
    # Of a document that is over a limit as a whole nothing inside is a document of its own.
    parts = tuple(replace(part, format=formats[path]) for path, part in kept.items() if path in formats)
    return ReadDocument(document_id, formats[()], parts, compose(node))


def save(unit: Unit, read: ReadDocument) -> tuple[str, ...]:
    """Write parts and drafts and put every document to rest; returns the ids of the drafts made, in order.

    Run twice it changes nothing and returns the same drafts.
    """
    root = unit.session.scalars(select(Document).where(col(Document.id) == read.document_id).with_for_update()).one()
    if root.state != DocumentState.STORED:
        return drafts_of(unit, root.id)
    ids: dict[NodePath, str] = {(): root.id}
    root.format = read.format
    root.findings = dump(_told(read.composition), tuple[Finding, ...]).decode()
    root.updated_at, root.version = unit.now, root.version + 1
    for part in read.parts:
        ids[part.path] = _add_part(unit, root, part, ids[part.path[:-1]])
    unit.session.flush()
    for outcome in read.composition.outcomes:
        document = unit.session.get_one(Document, ids[outcome.path])
        document.state = transition(DocumentState.STORED, _REST[outcome.outcome])
    drafts = [
        _add_draft(unit, root.id, ids[placed.path], position, placed)
        for position, placed in enumerate(p for p in read.composition.drafts if p.draft.kind in ORDER_KINDS)
    ]
    unit.audit(SYSTEM, "read", root.id, f'{{"state": "{root.state}", "drafts": {len(drafts)}}}')
    return tuple(drafts)


def _given_up(document: Document) -> ReadDocument:
    message = f"Reading this document ended the worker {document.deaths} times; a person must look at it."
    node = ReadNode(None, ReadFailure("killed_the_reader", message), document.filename, "document")
    return ReadDocument(document.id, None, (), compose(node))


def _told(composition: Composition) -> tuple[Finding, ...]:
    if composition.error is None:
        return composition.findings
    error = Finding(
        f"document.{composition.error.code}", Severity.REVIEW, composition.error.place, composition.error.message
    )
    return (error, *composition.findings)


def _add_part(unit: Unit, root: Document, part: StoredPart, parent_id: str) -> str:
    key = unit.new_id()
    unit.session.add(
        Document(
            id=key,
            delivery_id=root.delivery_id,
            parent_id=parent_id,
            position=part.path[-1],
            role=part.role,
            sha256=part.sha256,
            size=part.size,
            filename=part.filename,
            media_type=part.media_type,
            format=part.format,
            state=DocumentState.STORED,
            first_with_bytes=first_with_bytes(unit, part.sha256, part.size, key),
            created_at=unit.now,
            updated_at=unit.now,
        )
    )
    unit.session.flush()
    return key


def _add_draft(unit: Unit, root_id: str, source_id: str, position: int, placed: PlacedDraft) -> str:
    draft, key = placed.draft, unit.new_id()
    unit.session.add(
        Draft(
            id=key,
            document_id=root_id,
            source_document_id=source_id,
            position=position,
            kind=draft.kind,
            state=DraftState.DRAFTED,
            number=draft.number.value if draft.number else None,
            po_folded=order_number(draft),
            content_hash=content_hash(draft),
            payload=dump(draft).decode(),
            confidence=draft.confidence,
            interchange=draft.interchange,
            created_at=unit.now,
            updated_at=unit.now,
        )
    )
    unit.session.flush()
    return key


def order_number(draft: DraftDocument) -> str | None:
    """Return, folded, the number of the order that a document is or touches; None where it names none."""
    named = (draft.refers_to or draft.number) if draft.kind is not DocumentKind.ORDER else draft.number
    return fold_number(named.value) if named else None


def fold_number(number: str) -> str | None:
    """Fold a customer PO number for comparing: no white space, one case; None for an empty one."""
    return "".join(number.split()).casefold() or None


def drafts_of(unit: Unit, document_id: str) -> tuple[str, ...]:
    """Return the ids of the drafts read from a delivery's document, in order."""
    rows = select(Draft.id).where(col(Draft.document_id) == document_id).order_by(col(Draft.position))
    return tuple(unit.session.scalars(rows))
