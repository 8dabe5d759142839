"""What leaves the house: orders to the ERP, mails and acknowledgements to a customer."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class ErpParty:
    """A customer or ship-to as the ERP must know it; `number` is our number for it."""

    number: str
    name: str
    street: str
    postal_code: str
    city: str
    country: str
    vat_id: str | None = None
    email: str | None = None


@dataclass(frozen=True, slots=True)
class ErpLine:
    """One accepted line in stock units at its net price per stock unit; `position` counts from 1."""

    position: int
    sku: str
    description: str
    quantity: Decimal
    unit: str
    unit_price: Decimal
    amount: Decimal
    warehouse: str


@dataclass(frozen=True, slots=True)
class ErpOrder:
    """An accepted order on its way to the ERP; `key` is the idempotency key and never changes for this order."""

    key: str
    number: str
    customer_po: str
    ordered_on: date
    requested_on: date | None
    currency: str
    customer: ErpParty
    ship_to: ErpParty | None
    lines: tuple[ErpLine, ...]
    net: Decimal
    tax: Decimal
    gross: Decimal


@dataclass(frozen=True, slots=True)
class ErpReceipt:
    """The ERP has the order under `reference`."""

    reference: str
    state: str


_FILE = re.compile(r"\.(json|xml|csv|edi|txt)$", re.IGNORECASE)
"""Endings of the files that orders are handed over as: such a receipt is no number of the ERP's own."""


def erp_number(reference: str | None) -> str | None:
    """Return the ERP's own number of an order; None where it gave none, as one that fetches files."""
    return None if not reference or _FILE.search(reference) else reference


def known_there(reference: str) -> str:
    """Say how the ERP knows an order: 'there as 4711'; 'handed over as a file' where it gave no number of its own."""
    number = erp_number(reference)
    return f"there as {number}" if number else "handed over as a file"


@dataclass(frozen=True, slots=True)
class OutgoingMail:
    """A mail we send by ourselves; `message_id` is stable so that a repeat can be told by the receiver."""

    message_id: str
    to: str
    subject: str
    text: str
    in_reply_to: str | None = None


class Settlement(StrEnum):
    """What became of a delivery, told to its channel once that is committed."""

    STORED = "stored"
    DUPLICATE = "duplicate"
    REFUSED = "refused"
