"""What a document says, normalised, every value with its source: the output of every parser."""

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from oms_core.values.finding import Finding
from oms_core.values.source import Value


class DocumentKind(StrEnum):
    """The business meaning of a document."""

    ORDER = "order"
    ORDER_CHANGE = "order_change"
    ORDER_CANCELLATION = "order_cancellation"
    ORDER_RESPONSE = "order_response"
    QUOTE_REQUEST = "quote_request"
    QUOTE = "quote"
    DESPATCH_ADVICE = "despatch_advice"
    RECEIPT_ADVICE = "receipt_advice"
    INVENTORY_REPORT = "inventory_report"
    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"
    REMITTANCE = "remittance"
    RETURN_REQUEST = "return_request"
    ACKNOWLEDGEMENT = "acknowledgement"
    OTHER = "other"


ORDER_KINDS = frozenset({DocumentKind.ORDER, DocumentKind.ORDER_CHANGE, DocumentKind.ORDER_CANCELLATION})
"""Kinds that a person or the machine acts on; every other kind is filed."""


@dataclass(frozen=True, slots=True)
class DraftParty:
    """A party as the document prints it; `id` is the strongest identifier printed (GLN, VAT number, account number)."""

    name: Value[str] | None = None
    id: Value[str] | None = None
    address: Value[str] | None = None
    email: Value[str] | None = None

    @property
    def stated(self) -> bool:
        """Whether the document says anything of this party."""
        return any((self.name, self.id, self.address, self.email))


@dataclass(frozen=True, slots=True)
class DraftLine:
    """One ordered line as printed; `unit` is a UN/ECE Rec 20 code where it maps to one, else the printed text.

    `unit_price` is net, for one `unit`, after the line's price base; `amount` is the net amount as printed.
    """

    line_number: Value[str] | None = None
    buyer_code: Value[str] | None = None
    supplier_code: Value[str] | None = None
    gtin: Value[str] | None = None
    description: Value[str] | None = None
    quantity: Value[Decimal] | None = None
    unit: Value[str] | None = None
    unit_price: Value[Decimal] | None = None
    amount: Value[Decimal] | None = None
    requested_date: Value[dt.date] | None = None


@dataclass(frozen=True, slots=True)
class Totals:
    """The totals as printed."""

    net: Value[Decimal] | None = None
    tax: Value[Decimal] | None = None
    gross: Value[Decimal] | None = None


@dataclass(frozen=True, slots=True)
class DraftDocument:
    """One business document as it stands in a file; a value that is not stated is None, never guessed.

    `number` is the sender's own number (on an order: the customer PO number); `refers_to` the order that a change
    or a cancellation touches, where it has a number of its own beside it.
    """

    kind: DocumentKind
    format: str
    number: Value[str] | None = None
    refers_to: Value[str] | None = None
    date: Value[dt.date] | None = None
    requested_date: Value[dt.date] | None = None
    currency: Value[str] | None = None
    buyer: DraftParty = field(default_factory=DraftParty)
    supplier: DraftParty = field(default_factory=DraftParty)
    ship_to: DraftParty = field(default_factory=DraftParty)
    totals: Totals = field(default_factory=Totals)
    lines: tuple[DraftLine, ...] = ()
    notes: Value[str] | None = None
    titled: Value[str] | None = None
    """The words that say what kind of document it is, where there are some; `kind` is what they mean."""
    kind_confidence: float = 0.9
    confidence: float = 0.0
    facts: tuple[tuple[str, float], ...] = ()
    """What speaks for and against this reading, by name: the parser's own facts for the model of its confidence."""
    findings: tuple[Finding, ...] = ()
    interchange: str | None = None
    """EDI: sender, recipient and control reference of the interchange and the message, for replay protection."""
