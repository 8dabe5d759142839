"""What arrives: bytes with where they came from, and what a parser is told and may claim about them."""

import io
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import BinaryIO, Protocol

from oms_core.values.draft import DraftDocument
from oms_core.values.layout import Layout


class Blob(Protocol):
    """Bytes held somewhere; parsers read them by handle and never learn a path."""

    @property
    def size(self) -> int:
        """Length in bytes."""
        ...

    def open(self) -> BinaryIO:
        """Open a fresh handle at the start; the caller closes it."""
        ...


@dataclass(frozen=True, slots=True)
class BytesBlob:
    """Bytes held in memory: mail parts and uploads."""

    data: bytes

    @property
    def size(self) -> int:
        """Length in bytes."""
        return len(self.data)

    def open(self) -> BinaryIO:
        """Open a fresh handle at the start."""
        return io.BytesIO(self.data)


class ChannelKind(StrEnum):
    """How a document came in."""

    MAILBOX = "mailbox"
    FOLDER = "folder"
    SFTP = "sftp"
    UPLOAD = "upload"
    INGEST = "ingest"


@dataclass(frozen=True, slots=True)
class SenderFacts:
    """What the channel knows of the sender; nothing in here is believed because the document says so.

    `authenticated` is the verdict of the trusted host's Authentication-Results (RFC 8601): True when DMARC or
    an aligned DKIM/SPF passed, False when it failed, None where the channel or the host says nothing.
    `automatic` is true for auto-submitted, bulk and list mail and for bounces (RFC 3834): never answer those.
    """

    address: str | None = None
    name: str | None = None
    reply_to: str | None = None
    authenticated: bool | None = None
    automatic: bool = False
    partner: str | None = None
    """The channel's own name for the partner: an SFTP user, an API key's owner, an AS2 id."""


@dataclass(frozen=True, slots=True)
class RawDocument:
    """One delivery as it came off a channel, before anything was stored.

    `source_key` names this delivery at its source and never changes for it (mailbox UIDVALIDITY and UID, SFTP path
    with time and hash, upload id): the same key again is the same delivery. `message_id` is the sender's own
    identifier of the transmission, when it has one (Message-ID): it tells one delivery that came by two ways.
    """

    channel: str
    kind: ChannelKind
    source_key: str
    blob: Blob
    filename: str
    media_type: str | None
    sender: SenderFacts
    received_at: datetime
    message_id: str | None = None


class Strength(StrEnum):
    """How sure a parser is that a format is its own."""

    CERTAIN = "certain"
    POSSIBLE = "possible"


@dataclass(frozen=True, slots=True)
class Claim:
    """A parser's claim on a document; `weight` (0 to 1) orders possible claims."""

    format: str
    strength: Strength
    weight: float = 0.5


@dataclass(frozen=True, slots=True)
class Head:
    """What `identify` may look at: the first bytes (at most `HEAD_BYTES`), the file name and the declared type."""

    data: bytes
    filename: str
    media_type: str | None
    size: int


HEAD_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """What one document may cost to read; what is over a limit waits for a person with the reason."""

    bytes: int = 64 * 1024 * 1024
    """The largest document read, in bytes."""
    pages: int = 500
    """Pages of a PDF."""
    rows: int = 1_048_576
    """Rows of a table."""
    lines: int = 5_000
    """Lines of one order."""
    parts: int = 200
    """Documents inside one document."""
    depth: int = 5
    """How deep documents may lie inside each other."""
    inflated_bytes: int = 256 * 1024 * 1024
    """What a packed document may unpack to, in bytes."""
    seconds: float = 30.0
    """How long the reading of one document may take."""
    memory_bytes: int = 1024 * 1024 * 1024
    """How much memory a reading process may take, in bytes."""


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """Which header text (folded case) or 1-based column number means which field of a line, as an admin declared it."""

    columns: tuple[tuple[str, str], ...]
    """Pairs of header text or column number, and a field name of `DraftLine` or of the header (`number`, `date`)."""


@dataclass(frozen=True, slots=True)
class Hints:
    """What is known before reading: learned and declared data about the sender, our own names, and the limits."""

    filename: str = ""
    media_type: str | None = None
    received_at: datetime | None = None
    column_map: ColumnMap | None = None
    languages: tuple[str, ...] = ()
    our_names: tuple[str, ...] = ()
    our_ids: tuple[str, ...] = ()
    layouts: tuple[Layout, ...] = ()
    """What was learned of this sender's documents."""
    lesson: DraftDocument | None = None
    """The same document as a person corrected it: the reader says what there is to learn (`Reading.layout`)."""
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True, slots=True)
class Part:
    """A document inside a document (attachment, mail body, embedded XML, zip member), to be read on its own.

    `role` says what it is to its parent: `body`, `attachment`, `embedded`.
    """

    blob: Blob
    filename: str
    media_type: str | None
    role: str = "attachment"
