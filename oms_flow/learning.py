"""Learning: one correction teaches how a sender's documents are to be read; people see, change and take it back.

What is learned is data (`oms_core.values.layout`). A reader is shown a document again together with what a person made
of it, and answers with the layout that it would have needed; the next document of this sender is read with that.
"""

from dataclasses import replace

from sqlalchemy.orm import Session
from sqlmodel import col, select

from matching.parties import is_public_domain
from oms_core.decisions.lesson import better, counterpart
from oms_core.errors import InvalidInput, NotFound, OrdermillError, StaleVersion
from oms_core.ports import Reader
from oms_core.records import Audit, Delivery, Document, Draft, SenderLayout
from oms_core.values import Blob, DraftDocument, Hints
from oms_core.values.layout import Layout
from oms_flow.hints import hints_of
from oms_flow.house import House
from oms_flow.senders import delivery_of
from oms_store.codec import dump, load
from oms_store.store import Unit

MAX_LAYOUTS = 50
"""Layouts of one sender that a document is compared to, the newest first."""
MAX_MEANINGS = 500
"""Meanings that one layout may hold."""


def layouts_of(session: Session, delivery: Delivery) -> tuple[Layout, ...]:
    """Return what was learned of a delivery's sender, the newest first."""
    rows = (
        select(SenderLayout)
        .where(col(SenderLayout.sender).in_(_names(delivery)))
        .order_by(col(SenderLayout.decided_at).desc())
        .limit(MAX_LAYOUTS)
    )
    return tuple(_layout(row) for row in session.scalars(rows))


def learn(house: House, draft_id: str, who: str) -> str | None:
    """Learn from a draft that a person corrected and decided on; returns the layout's key, None if nothing is new.

    What cannot be learned from is no error: the order is accepted in any case.
    """
    with house.store.read() as session:
        draft = session.get_one(Draft, draft_id)
        lesson = load(DraftDocument, draft.payload)
        if not _corrected(session, draft_id):
            return None
        delivery, document = delivery_of(session, draft), session.get_one(Document, draft.source_document_id)
        known = layouts_of(session, delivery)
        hints = replace(hints_of(house, session, document, delivery, known), lesson=lesson)
    try:
        taught = taught_by(house.reader, house.documents.get(document.sha256), hints)
    except OrdermillError:
        return None
    if taught is None:
        return None
    with house.store.write("learn") as unit:
        return _keep(unit, taught, _names(delivery)[0], draft_id, who)


def taught_by(reader: Reader, blob: Blob, hints: Hints) -> Layout | None:
    """Show a document again with the lesson in the hints; return what it teaches if the document then reads better.

    None where nothing can be learned, or where what could be learned would not have helped this very document.
    """
    assert hints.lesson is not None
    reading = reader.read(blob, hints)
    layout = reading.layout
    if layout is None or layout in hints.layouts or not layout.told() or len(layout.meanings) > MAX_MEANINGS:
        return None
    others = tuple(one for one in hints.layouts if not one.key or one.key != layout.key)
    again = reader.read(blob, replace(hints, lesson=None, layouts=(layout, *others)))
    was, now = (counterpart(drafts, hints.lesson) for drafts in (reading.drafts, again.drafts))
    return layout if better(now, was, hints.lesson) else None


def _corrected(session: Session, draft_id: str) -> bool:
    """Say whether a person changed what was read, also by clearing it."""
    changes = select(Audit.id).where(col(Audit.subject) == draft_id, col(Audit.what) == "corrected")
    return session.scalars(changes.limit(1)).first() is not None


def known_layouts(session: Session, sender: str = "") -> tuple[tuple[str, Layout], ...]:
    """Return every layout with its sender, of one sender where one is named."""
    rows = select(SenderLayout).order_by(col(SenderLayout.sender), col(SenderLayout.decided_at))
    if sender:
        rows = rows.where(col(SenderLayout.sender) == sender.strip().lower())
    return tuple((row.sender, _layout(row)) for row in session.scalars(rows))


def layout(session: Session, key: str) -> tuple[Layout, int]:
    """Return one layout and its version. Raises NotFound."""
    row = session.get(SenderLayout, key)
    if row is None:
        raise _unknown(key)
    return _layout(row), row.version


def change_layout(house: House, changed: Layout, version: int, who: str) -> None:
    """Put another content in the place of a layout. Raises NotFound, StaleVersion, InvalidInput."""
    if len(changed.meanings) > MAX_MEANINGS:
        raise InvalidInput(f"a layout holds at most {MAX_MEANINGS} meanings")
    with house.store.write("layout") as unit:
        row = _row(unit, changed.key)
        if row.version != version:
            raise StaleVersion("Somebody changed this layout while you looked at it; look again and change it then.")
        before = row.layout
        _fill(unit, row, changed, who)
        unit.audit(who, "changed layout", row.id, row.layout, before)


def forget_layout(house: House, key: str, who: str) -> None:
    """Take back what was learned. Raises NotFound."""
    with house.store.write("layout") as unit:
        row = _row(unit, key)
        unit.session.delete(row)
        unit.audit(who, "forgot layout", row.id, None, row.layout)


def _keep(unit: Unit, layout: Layout, sender: str, draft_id: str, who: str) -> str:
    row = unit.session.get(SenderLayout, layout.key) if layout.key else None
    before = row.layout if row else None
    if row is None:
        row = SenderLayout(
            id=unit.new_id(), sender=sender, layout="", learned_from=draft_id, decided_by=who, decided_at=unit.now
        )
        unit.session.add(row)
    row.learned_from = draft_id
    _fill(unit, row, layout, who)
    unit.audit(who, "learned layout", row.id, row.layout, before)
    return row.id


def _fill(unit: Unit, row: SenderLayout, layout: Layout, who: str) -> None:
    row.layout = dump(replace(layout, key="")).decode()
    row.decided_by, row.decided_at, row.version = who, unit.now, row.version + 1


def _layout(row: SenderLayout) -> Layout:
    return replace(load(Layout, row.layout), key=row.id)


def _row(unit: Unit, key: str) -> SenderLayout:
    row = unit.session.get(SenderLayout, key, with_for_update=True)
    if row is None:
        raise _unknown(key)
    return row


def _unknown(key: str) -> NotFound:
    return NotFound(f"there is no layout {key[:40]!r}; 'ordermill layouts list' shows them")


def _names(delivery: Delivery) -> tuple[str, ...]:
    """Return the names a delivery's sender goes by, the one that layouts are kept under first.

    Colleagues send the same form: a company's domain stands for all of them, a public mail service's for nobody.
    """
    address, partner = delivery.sender_address or "", (delivery.partner or "").lower()
    domain = address.rpartition("@")[2]
    company = domain if domain and not is_public_domain(domain) else ""
    return tuple(dict.fromkeys(name for name in (partner, company, address) if name)) or ("",)
