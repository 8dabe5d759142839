"""Receive: the bytes are safe and committed, and only then does the channel hear of it."""

from dataclasses import replace

from sqlalchemy.exc import IntegrityError
from sqlmodel import col, select

from oms_core.decisions.transition import DeliveryState, DocumentState
from oms_core.errors import UnreadableDocument
from oms_core.records import Delivery, Document, StoredBytes
from oms_core.values import ChannelKind, RawDocument
from oms_core.values.outbound import Settlement
from oms_core.values.work import Work, WorkKind
from oms_flow.customers import customer_number
from oms_flow.house import House
from oms_store.columns import table
from oms_store.dialect import insert_unless_there
from oms_store.store import Unit

_HANDED_IN = (ChannelKind.UPLOAD, ChannelKind.INGEST)
"""Channels on which the sender is named by whoever hands the document in."""


def receive(house: House, raw: RawDocument) -> Settlement:
    """Store one delivery and start its walk; the same delivery again changes nothing and gets the same answer.

    What is over the limit is kept as a refused delivery with its facts. Nothing is raised for bad content: that is for
    the reader to say. Raises InvalidInput for an upload that names a customer who is not there.
    """
    known = _known(house, raw)
    if known is not None:
        return known
    raw = _of_customer(house, raw)
    try:
        sha256, size = house.documents.put(raw.blob, house.limits.bytes)
    except UnreadableDocument as problem:
        return _refuse(house, raw, str(problem))
    try:
        return _store(house, raw, sha256, size)
    except IntegrityError:
        # Another channel committed the same transmission in this instant; now it can be seen.
        return _known(house, raw) or _store(house, raw, sha256, size)


def _known(house: House, raw: RawDocument) -> Settlement | None:
    with house.store.read() as session:
        state = session.scalars(
            select(Delivery.state).where(
                col(Delivery.channel) == raw.channel, col(Delivery.source_key) == raw.source_key
            )
        ).first()
    return Settlement(state) if state else None


def _of_customer(house: House, raw: RawDocument) -> RawDocument:
    """Put the number of the customer in the place of what somebody typed; other channels name partners by settings."""
    if raw.kind not in _HANDED_IN or not raw.sender.partner:
        return raw
    with house.store.read() as session:
        number = customer_number(session, raw.sender.partner)
    return replace(raw, sender=replace(raw.sender, partner=number))


def _store(house: House, raw: RawDocument, sha256: str, size: int) -> Settlement:
    with house.store.write("receive") as unit:
        delivery = _delivery(unit, raw, size)
        earlier = _earlier(unit, raw.message_id)
        if earlier is not None:
            delivery.state, delivery.duplicate_of = DeliveryState.DUPLICATE, earlier.id
            delivery.document_id = earlier.document_id
            delivery.reason = f"the same transmission came on {house.told(earlier.received_at)} by {earlier.channel}"
            unit.session.add(delivery)
            return Settlement.DUPLICATE
        document = _document(unit, delivery, sha256, size)
        delivery.document_id = document.id
        unit.session.add(delivery)
        unit.session.flush()
        unit.session.add(document)
        unit.follow(Work(WorkKind.WALK, document.id, document.run))
        return Settlement.STORED


def _refuse(house: House, raw: RawDocument, reason: str) -> Settlement:
    with house.store.write("receive") as unit:
        delivery = _delivery(unit, raw, raw.blob.size)
        delivery.state, delivery.reason = DeliveryState.REFUSED, reason
        unit.session.add(delivery)
    return Settlement.REFUSED


def _earlier(unit: Unit, identity: str | None) -> Delivery | None:
    if identity is None:
        return None
    return unit.session.scalars(
        select(Delivery).where(col(Delivery.identity) == identity, col(Delivery.state) == DeliveryState.STORED)
    ).first()


def _delivery(unit: Unit, raw: RawDocument, size: int) -> Delivery:
    return Delivery(
        id=unit.new_id(),
        channel=raw.channel,
        kind=raw.kind,
        source_key=raw.source_key,
        identity=raw.message_id,
        state=DeliveryState.STORED,
        filename=raw.filename,
        media_type=raw.media_type,
        size=size,
        sender_address=raw.sender.address.lower() if raw.sender.address else None,
        sender_name=raw.sender.name,
        reply_to=raw.sender.reply_to,
        authenticated=raw.sender.authenticated,
        automatic=raw.sender.automatic,
        partner=raw.sender.partner,
        received_at=raw.received_at,
        stored_at=unit.now,
    )


def _document(unit: Unit, delivery: Delivery, sha256: str, size: int) -> Document:
    key = unit.new_id()
    return Document(
        id=key,
        delivery_id=delivery.id,
        sha256=sha256,
        size=size,
        filename=delivery.filename,
        media_type=delivery.media_type,
        state=DocumentState.STORED,
        first_with_bytes=first_with_bytes(unit, sha256, size, key),
        created_at=unit.now,
        updated_at=unit.now,
    )


def first_with_bytes(unit: Unit, sha256: str, size: int, document_id: str) -> str:
    """Return the id of the first document with these bytes: this one's own, if none came before."""
    insert_unless_there(
        unit.session, table(StoredBytes), {"sha256": sha256, "first_document_id": document_id, "size": size}
    )
    return unit.session.get_one(StoredBytes, sha256).first_document_id
