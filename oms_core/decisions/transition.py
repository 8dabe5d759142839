"""The life of documents, drafts, orders, invoices and outbox rows as pairs of states; anything else raises."""

from enum import StrEnum
from typing import TypeVar

from oms_core.errors import IllegalTransition


class DeliveryState(StrEnum):
    """What became of one transmission."""

    STORED = "stored"
    DUPLICATE = "duplicate"
    REFUSED = "refused"


class DocumentState(StrEnum):
    """A document is in progress while STORED; every other state is at rest.

    None is a duplicate: a delivery that came twice is linked before it has a document, and whether the order in a
    document is one that we have is known of its draft, once that is matched.
    """

    STORED = "stored"
    READ = "read"
    FILED = "filed"
    UNREADABLE = "unreadable"
    MERGED = "merged"


class DraftState(StrEnum):
    """A draft is in progress while DRAFTED or MATCHED; every other state is at rest, IN_REVIEW with a person."""

    DRAFTED = "drafted"
    MATCHED = "matched"
    IN_REVIEW = "in_review"
    ACCEPTED = "accepted"
    APPLIED = "applied"
    REJECTED = "rejected"
    DUPLICATE = "duplicate"


class OrderState(StrEnum):
    """An order's life; shipping and billing deepen it later."""

    ACCEPTED = "accepted"
    CONFIRMED = "confirmed"
    HELD = "held"
    CANCELLED = "cancelled"


class InvoiceState(StrEnum):
    """A draft invoice of an accepted order; it is void where the order was cancelled before it was billed."""

    DRAFT = "draft"
    VOID = "void"


class OutboxState(StrEnum):
    """SENDING means unknown: the partner is asked before anything is sent again."""

    PENDING = "pending"
    SENDING = "sending"
    DONE = "done"
    REJECTED = "rejected"
    SUPPRESSED = "suppressed"


S = TypeVar("S", bound=StrEnum)

_ALLOWED: dict[StrEnum, frozenset[StrEnum]] = {
    DocumentState.STORED: frozenset(DocumentState) - {DocumentState.STORED},
    DocumentState.UNREADABLE: frozenset({DocumentState.STORED, DocumentState.FILED}),
    DocumentState.FILED: frozenset({DocumentState.STORED}),
    DraftState.DRAFTED: frozenset({DraftState.MATCHED, DraftState.IN_REVIEW, DraftState.DUPLICATE}),
    DraftState.MATCHED: frozenset(
        {DraftState.ACCEPTED, DraftState.APPLIED, DraftState.IN_REVIEW, DraftState.DUPLICATE}
    ),
    DraftState.IN_REVIEW: frozenset(
        {DraftState.DRAFTED, DraftState.ACCEPTED, DraftState.APPLIED, DraftState.REJECTED, DraftState.DUPLICATE}
    ),
    OrderState.ACCEPTED: frozenset({OrderState.CONFIRMED, OrderState.HELD, OrderState.CANCELLED}),
    OrderState.HELD: frozenset({OrderState.ACCEPTED, OrderState.CONFIRMED, OrderState.CANCELLED}),
    OrderState.CONFIRMED: frozenset({OrderState.CANCELLED}),
    InvoiceState.DRAFT: frozenset({InvoiceState.VOID}),
    OutboxState.PENDING: frozenset({OutboxState.SENDING, OutboxState.SUPPRESSED}),
    OutboxState.SENDING: frozenset({OutboxState.PENDING, OutboxState.DONE, OutboxState.REJECTED, OutboxState.SENDING}),
    OutboxState.REJECTED: frozenset({OutboxState.PENDING, OutboxState.SUPPRESSED}),
}


def transition(old: S, new: S) -> S:
    """Return `new` when `old` may become it; raises IllegalTransition otherwise."""
    if new not in _ALLOWED.get(old, frozenset()):
        raise IllegalTransition(f"{type(old).__name__.removesuffix('State')} is {old} and cannot become {new}")
    return new
