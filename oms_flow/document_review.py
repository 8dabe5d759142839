"""What a person decides on a document that could not be read: look again, or file it."""

from sqlalchemy import delete
from sqlmodel import col, select

from oms_core.decisions.transition import DocumentState, transition
from oms_core.errors import IllegalTransition, InvalidInput, NotFound, StaleVersion
from oms_core.records import Document, Draft
from oms_core.values.work import Work, WorkKind
from oms_flow.house import House
from oms_flow.review import Edit
from oms_store.columns import table
from oms_store.store import Unit


def read_again(house: House, edit: Edit) -> None:
    """Read a document from the start, after a setting, a limit or the program changed. Its bytes were kept."""
    with house.store.write("review.read_again") as unit:
        document = _locked(unit, edit)
        if unit.session.scalars(select(Draft.id).where(col(Draft.document_id) == document.id)).first():
            raise IllegalTransition("Orders were read from this document already; decide on those.")
        document.state = transition(DocumentState(document.state), DocumentState.STORED)
        # Parts are found anew by reading; their bytes stay in the document store.
        documents = table(Document).c
        inside = (documents.delivery_id == document.delivery_id) & (documents.id != document.id)
        unit.session.execute(delete(table(Document)).where(inside))
        document.findings, document.deaths = "[]", 0
        document.run, document.version, document.updated_at = document.run + 1, document.version + 1, unit.now
        unit.audit(edit.who, "read again", document.id)
        unit.follow(Work(WorkKind.WALK, document.id, document.run))


def file_document(house: House, edit: Edit, note: str) -> None:
    """Decide that this document holds no order for us. Raises InvalidInput without a note."""
    if not note.strip():
        raise InvalidInput("say what this document is; the next person will ask")
    with house.store.write("review.file") as unit:
        document = _locked(unit, edit)
        document.state = transition(DocumentState(document.state), DocumentState.FILED)
        document.version, document.updated_at = document.version + 1, unit.now
        unit.audit(edit.who, "filed", document.id, note.strip()[:1000])


def _locked(unit: Unit, edit: Edit) -> Document:
    document = unit.session.scalars(select(Document).where(col(Document.id) == edit.key).with_for_update()).first()
    if document is None:
        raise NotFound(f"there is no document {edit.key}")
    if document.version != edit.version:
        raise StaleVersion("Somebody decided on this document while you looked at it; look again.")
    return document
