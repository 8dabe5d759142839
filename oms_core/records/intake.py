"""What came in: deliveries, the documents in them, and the drafts read from those."""

from datetime import datetime

from sqlalchemy import Index, Text, text
from sqlmodel import Field

from oms_core.records.base import Record, Utc


class Delivery(Record, table=True):
    """One transmission as its channel listed it. `identity` is the sender's own id of it (Message-ID)."""

    __tablename__ = "delivery"
    __table_args__ = (
        Index("uq_delivery_channel_source_key", "channel", "source_key", unique=True),
        Index(
            "uq_delivery_identity_stored",
            "identity",
            unique=True,
            sqlite_where=text("state = 'stored' AND identity IS NOT NULL"),
            postgresql_where=text("state = 'stored' AND identity IS NOT NULL"),
        ),
    )

    id: str = Field(primary_key=True)
    channel: str
    kind: str
    source_key: str
    identity: str | None = None
    state: str = Field(index=True)
    reason: str = ""
    duplicate_of: str | None = None
    document_id: str | None = None
    filename: str
    media_type: str | None = None
    size: int
    sender_address: str | None = Field(default=None, index=True)
    sender_name: str | None = None
    reply_to: str | None = None
    authenticated: bool | None = None
    automatic: bool = False
    partner: str | None = None
    received_at: datetime = Field(sa_type=Utc)
    stored_at: datetime = Field(sa_type=Utc, index=True)


class StoredBytes(Record, table=True):
    """The content of documents by hash; `first_document_id` is the first document that held these bytes.

    Two deliveries of the same bytes meet on this row, so exactly one of them is the first.
    """

    __tablename__ = "stored_bytes"

    sha256: str = Field(primary_key=True)
    first_document_id: str
    size: int


class Document(Record, table=True):
    """One document: a delivery's own, or a part found inside it (`parent_id`)."""

    __tablename__ = "document"

    id: str = Field(primary_key=True)
    delivery_id: str = Field(foreign_key="delivery.id", index=True)
    parent_id: str | None = Field(default=None, foreign_key="document.id", index=True)
    position: int = 0
    role: str = "document"
    sha256: str = Field(index=True)
    size: int
    filename: str
    media_type: str | None = None
    format: str | None = None
    state: str = Field(index=True)
    findings: str = Field(default="[]", sa_type=Text)
    first_with_bytes: str
    """The id of the first document with these bytes; another document's id means that we have seen them before."""
    run: int = 1
    deaths: int = 0
    version: int = 1
    created_at: datetime = Field(sa_type=Utc)
    updated_at: datetime = Field(sa_type=Utc, index=True)


class Draft(Record, table=True):
    """One business document read from a document; payload, match and findings are JSON of the values."""

    __tablename__ = "draft"
    __table_args__ = (Index("ix_draft_customer_po", "customer", "po_folded"),)

    id: str = Field(primary_key=True)
    document_id: str = Field(foreign_key="document.id", index=True)
    """The delivery's own document: the walk that owns this draft."""
    source_document_id: str = Field(foreign_key="document.id")
    """The document that it stands in, for showing it."""
    position: int
    kind: str
    state: str = Field(index=True)
    number: str | None = None
    po_folded: str | None = None
    content_hash: str
    customer: str | None = None
    payload: str = Field(sa_type=Text)
    match: str | None = Field(default=None, sa_type=Text)
    choices: str = Field(default="{}", sa_type=Text)
    """What people chose (`oms_core.values.Choices`); the machine keeps to it."""
    findings: str = Field(default="[]", sa_type=Text)
    confidence: float = 0.0
    interchange: str | None = Field(default=None, index=True)
    order_id: str | None = Field(default=None, index=True)
    duplicate_of: str | None = None
    decided_by: str | None = None
    reject_reason: str | None = None
    claimed_by: str | None = None
    claimed_until: datetime | None = Field(default=None, sa_type=Utc)
    version: int = 1
    created_at: datetime = Field(sa_type=Utc, index=True)
    updated_at: datetime = Field(sa_type=Utc)


class SenderColumns(Record, table=True):
    """The columns of one sender's tables, as an admin declared them: JSON of `ColumnMap`."""

    __tablename__ = "sender_columns"

    sender: str = Field(primary_key=True)
    """A mail address, a domain, or our name for the partner; lower case."""
    columns: str = Field(sa_type=Text)
    decided_by: str
    decided_at: datetime = Field(sa_type=Utc)


class SenderLayout(Record, table=True):
    """What one sender's documents of one form taught us: JSON of `oms_core.values.layout.Layout`."""

    __tablename__ = "sender_layout"

    id: str = Field(primary_key=True)
    sender: str = Field(index=True)
    """A mail address, a domain, our name for the partner, or nothing where nobody said who sent it; lower case."""
    layout: str = Field(sa_type=Text)
    learned_from: str
    """The draft whose correction taught it last."""
    decided_by: str
    decided_at: datetime = Field(sa_type=Utc)
    version: int = 1


class RepeatAnswer(Record, table=True):
    """What a person answered to 'repeat or duplicate?' for one sender, kept as a rule."""

    __tablename__ = "repeat_answer"

    sender: str = Field(primary_key=True)
    answer: str
    decided_by: str
    decided_at: datetime = Field(sa_type=Utc)
