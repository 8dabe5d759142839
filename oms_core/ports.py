"""The outside world as the business sees it: each Protocol has a real adapter and a contract suite in the tests."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from oms_core.values.catalogue import CrossReference, Pack, PartyRecord, Product
from oms_core.values.document import Blob, ChannelKind, Claim, Head, Hints, Part, RawDocument
from oms_core.values.draft import DraftDocument
from oms_core.values.finding import Finding
from oms_core.values.layout import Layout
from oms_core.values.master import MasterRow
from oms_core.values.outbound import ErpOrder, ErpReceipt, OutgoingMail, Settlement


class Clock(Protocol):
    """The time, in UTC."""

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""
        ...


class Parser(Protocol):
    """The one face of every parser; a parser touches no file, network or database and calls no other parser."""

    @property
    def name(self) -> str:
        """The module's name for logs and claims."""
        ...

    def identify(self, head: Head) -> Claim | None:
        """Say whether this looks like a format of ours, from the first bytes alone; quick, never raises."""
        ...

    def read(self, blob: Blob, hints: Hints) -> Iterable[DraftDocument | Finding | Part | Layout]:
        """Read one document, streamed, good parts also when a later one is broken.

        With a lesson in the hints, a parser that can learn also yields the layout that it teaches.

        Raises `UnreadableDocument` for what cannot be read at all, with the place and what to do.
        """
        ...


@dataclass(frozen=True, slots=True)
class Reading:
    """What one document gave: its format, the drafts in it, findings about it as a whole, and the documents inside.

    `layout` is what the lesson in the hints taught, where there was one.
    """

    format: str
    drafts: tuple[DraftDocument, ...] = ()
    findings: tuple[Finding, ...] = ()
    parts: tuple[Part, ...] = ()
    layout: Layout | None = None


class Reader(Protocol):
    """Reads one document with the right parser, under limits; the adapter does it in a child process."""

    def read(self, blob: Blob, hints: Hints) -> Reading:
        """Read one document. Raises `UnreadableDocument` (also when the reader died or ran out of time)."""
        ...


class Channel(Protocol):
    """One way in. `settle` is called after commit, so a crash in between only brings the delivery again."""

    @property
    def name(self) -> str:
        """The channel's name in settings, logs and on the dashboard."""
        ...

    @property
    def kind(self) -> ChannelKind:
        """What sort of channel this is."""
        ...

    def arrivals(self) -> Iterator[RawDocument]:
        """Yield what waits at the source, oldest first, leaving it there.

        Raises `ChannelUnavailable` when the source cannot be reached.
        """
        ...

    def settle(self, raw: RawDocument, outcome: Settlement) -> None:
        """Take a delivery off the source (move, flag, rename), now that it is safely stored; twice is harmless."""
        ...

    def wait(self, seconds: float) -> None:
        """Return when something new may be there, at the latest after `seconds`."""
        ...

    def close(self) -> None:
        """Let go of connections."""
        ...


class Erp(Protocol):
    """The leading business system."""

    @property
    def name(self) -> str:
        """The connector's name."""
        ...

    def find(self, key: str) -> ErpReceipt | None:
        """Look an order up by its idempotency key. Raises `PartnerUnavailable`."""
        ...

    def send(self, order: ErpOrder) -> ErpReceipt:
        """Create the order once; sending the same key again returns the first one's receipt.

        Raises `PartnerUnavailable` (unknown whether it arrived: ask `find` before sending again) or
        `PartnerRejected` (it will not take this; a person must look).
        """
        ...

    def stock(self, skus: Sequence[str]) -> Mapping[str, Decimal]:
        """Return the quantity on hand of each known SKU, in stock units. Raises `PartnerUnavailable`."""
        ...

    def pull(self, kind: str) -> Iterator[MasterRow]:
        """Stream master data: kind is products, customers, prices, stock or xref. Raises `PartnerUnavailable`."""
        ...


class Mailer(Protocol):
    """Mail out."""

    def send(self, mail: OutgoingMail) -> None:
        """Hand one mail to the mail server. Raises `PartnerUnavailable` or `PartnerRejected`."""
        ...


class ReplyBox(Protocol):
    """Files out: acknowledgements for partners that fetch them from a folder."""

    def put(self, name: str, data: bytes) -> None:
        """Write one file whole; the same name again replaces it. Raises `PartnerUnavailable`."""
        ...


class Catalogue(Protocol):
    """The products, for matching."""

    def by_cross_reference(self, customer: str, code: str) -> CrossReference | None:
        """Return this customer's own reference for the code, valid today; never another customer's."""
        ...

    def by_gtin(self, gtin: str) -> tuple[Product, Pack] | None:
        """Return the product and the pack (its stock unit as a pack of factor 1) that carry this GTIN."""
        ...

    def by_sku(self, sku: str) -> Product | None:
        """Return the product with exactly this SKU, white space and case folded."""
        ...

    def by_code(self, folded: str) -> Sequence[Product]:
        """Return products whose SKU or manufacturer's code folds (letters and digits only, lower case) to this."""
        ...

    def search(self, text: str, limit: int) -> Sequence[Product]:
        """Return the products whose descriptions are most like the text, best first."""
        ...


class PartyDirectory(Protocol):
    """Customers and their ship-tos, for matching."""

    def customers_by_id(self, folded: str) -> Sequence[PartyRecord]:
        """Return customers that carry this identifier (GLN, VAT, account, EDI id; letters and digits, upper case)."""
        ...

    def customers_by_email(self, address: str) -> Sequence[PartyRecord]:
        """Return customers that know this exact mail address (lower case)."""
        ...

    def customers_by_domain(self, domain: str) -> Sequence[PartyRecord]:
        """Return customers whose mail comes from this domain (lower case)."""
        ...

    def customers(self) -> Iterable[PartyRecord]:
        """Return every customer, for matching by name."""
        ...

    def ship_tos(self, customer: str) -> Sequence[PartyRecord]:
        """Return the known ship-to addresses of one customer."""
        ...
