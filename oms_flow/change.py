"""Change: what becomes of a document that touches an order we have already; for now a person cancels whole orders.

`outlook` says how things stand and which verb ends the task; the verbs lock the rows, look again, and act only if it is
still the same. Rows are locked in one order: draft, outbox, order, stock by SKU and warehouse.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import ColumnElement, func, insert, update
from sqlalchemy.orm import Session
from sqlmodel import col, select

from oms_core.decisions.transition import DraftState, InvoiceState, OrderState, OutboxState, transition
from oms_core.errors import IllegalTransition
from oms_core.records import Allocation, Draft, Invoice, Order, OrderLine, Outbox, Stock, StockMovement
from oms_core.values import DocumentKind, DraftDocument, Finding, Severity
from oms_core.values.outbound import known_there
from oms_store.codec import load
from oms_store.columns import table
from oms_store.store import Unit

MAX_SAME_NUMBER = 20
"""Orders under one number that are looked at, the newest first."""
_TAKES_BACK = (OutboxState.PENDING, OutboxState.REJECTED)
"""What has not left, or was refused: it need not, and must not, leave any more."""


class Ending(StrEnum):
    """The verb that ends a task."""

    ACCEPT = "accept"
    CANCELLED_IN_ERP = "cancelled_in_erp"
    """A person says that the order is cancelled in the ERP (`oms_flow.review.cancelled_in_erp`)."""
    REJECT = "reject"
    WAIT = "wait"
    """Nothing yet: it is just being worked on."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """How things stand for a change or a cancellation: one instruction, and the verb that ends the task."""

    ending: Ending
    finding: Finding


@dataclass(frozen=True, slots=True)
class _Named:
    """What a document names: the order, the newest that is open first; what has left of it; or a draft that waits."""

    number: str
    order: Order | None = None
    others: tuple[Order, ...] = ()
    push: Outbox | None = None
    invoice: Invoice | None = None
    waiting: Draft | None = None
    lines: tuple[int, int] = (0, 0)
    """How many lines the document names, and how many the order has."""


def outlook(session: Session, draft: Draft) -> Outlook | None:
    """Say what is to be done with a change or cancellation in review; None for an order, or before the customer is."""
    if draft.kind == DocumentKind.ORDER or draft.state != DraftState.IN_REVIEW or draft.customer is None:
        return None
    return _weighed(draft, _named(session, draft))


def apply_cancellation(unit: Unit, draft: Draft, who: str, said: Ending) -> str | None:
    """Carry a cancellation out and return the order's id; None where the order was still in review and is rejected.

    Stock is released, the draft invoice is void, and what has not left does not leave. Raises IllegalTransition where
    `said` is not the verb that ends this task as things stand now.
    """
    named = _named(unit.session, _lock(unit, draft))
    seen = _weighed(draft, named)
    if seen.ending is not said:
        raise IllegalTransition(seen.finding.message)
    if named.order is not None:
        _cancel(unit, named, who, said)
        draft.order_id = named.order.id
    elif named.waiting is not None:
        _reject(unit, named.waiting, draft, who)
    draft.state = transition(DraftState(draft.state), DraftState.APPLIED)
    draft.decided_by, draft.version, draft.updated_at = who, draft.version + 1, unit.now
    ended = f"order {named.order.number}" if named.order else f"order {named.number}, which was still in review"
    unit.audit(who, "carried the cancellation out", draft.id, ended)
    return draft.order_id


def _weighed(draft: Draft, named: _Named) -> Outlook:
    """Decide what a change or a cancellation comes to; pure but for the rows it is given."""
    if named.order is None:
        return _without_order(draft, named)
    if draft.kind != DocumentKind.ORDER_CANCELLATION:
        message = (
            f"It changes order {named.order.number}: change that by hand{_in_erp(named)}, then reject this document"
            " with a note."
        )
        return _stop("change.by_hand", Ending.REJECT, message)
    return _of_order(named, named.order)


def _of_order(named: _Named, order: Order) -> Outlook:
    if order.state == OrderState.CANCELLED:
        return _go("change.cancelled", f"Order {order.number} is cancelled already: accept this, and nothing changes.")
    if named.invoice is not None and named.invoice.number is not None:
        message = (
            f"Order {order.number} is billed as {named.invoice.number} and can no longer be cancelled: agree with the"
            " customer on a return, then reject this document with a note."
        )
        return _stop("change.billed", Ending.REJECT, message)
    push = named.push.state if named.push else OutboxState.SUPPRESSED
    if push == OutboxState.SENDING:
        message = (
            f"Order {order.number} is on its way to the ERP, which has not answered yet: wait until the page of the"
            " order says that the ERP has it, then open this again."
        )
        return _stop("change.on_its_way", Ending.WAIT, message)
    if push == OutboxState.DONE:
        message = (
            f"The ERP has order {order.number}{_in_erp(named)}: cancel it there, then say here that you have cancelled"
            f" it in the ERP. That cancels it here too and releases its stock.{_doubts(named)}"
        )
        return _stop("change.erp_has_it", Ending.CANCELLED_IN_ERP, message)
    never = "it never reached the ERP" if push == OutboxState.REJECTED else "it does not go to the ERP"
    message = f"Accepting this cancels order {order.number}: its stock is released and {never}.{_doubts(named)}"
    return _go("change.cancels", message)


def _without_order(draft: Draft, named: _Named) -> Outlook:
    waiting = named.waiting
    if not named.number:
        message = "It names no order: enter the number of the order under PO number, or reject this with a note."
        return _stop("change.no_order", Ending.REJECT, message)
    if waiting is None or draft.kind != DocumentKind.ORDER_CANCELLATION:
        message = (
            f"No order of this customer has the number {named.number}: correct the number, or reject this with a note."
        )
        return _stop("change.no_order", Ending.REJECT, message)
    if waiting.state != DraftState.IN_REVIEW:
        message = f"Order {named.number} is just being read: wait a moment and open this again."
        return _stop("change.on_its_way", Ending.WAIT, message)
    return _go("change.rejects", f"Order {named.number} itself is still in review: accepting this rejects it.")


def _go(code: str, message: str) -> Outlook:
    return Outlook(Ending.ACCEPT, Finding(code, Severity.REVIEW, "number", message))


def _stop(code: str, ending: Ending, message: str) -> Outlook:
    return Outlook(ending, Finding(code, Severity.BLOCK, "number", message))


def _in_erp(named: _Named) -> str:
    """Say where an order is found in the ERP, where it went there."""
    receipt = named.push.receipt if named.push else None
    return f" ({known_there(receipt)})" if receipt else ""


def _doubts(named: _Named) -> str:
    """Say what a person should look at before the whole order goes."""
    told, held = named.lines
    part = f" It names {told} of the {held} lines: make sure that the whole order is meant." if 0 < told < held else ""
    numbers = ", ".join(order.number for order in named.others)
    return f"{part} It is the newest with this number; also open: {numbers}." if numbers else part


def _lock(unit: Unit, draft: Draft) -> Draft:
    """Lock what may be decided on, outbox before order as a delivery does; the caller has locked the draft."""
    orders = [order.id for order in _orders(unit.session, draft)]
    for rows in (
        select(Outbox).where(col(Outbox.order_id).in_(orders)).order_by(col(Outbox.id)),
        select(Order).where(col(Order.id).in_(orders)).order_by(col(Order.id)),
        select(Draft).where(*_same_number(draft), col(Draft.kind) == DocumentKind.ORDER).order_by(col(Draft.id)),
    ):
        unit.session.execute(rows.with_for_update().execution_options(populate_existing=True)).all()
    return draft


def _named(session: Session, draft: Draft) -> _Named:
    payload = load(DraftDocument, draft.payload)
    said = payload.refers_to or payload.number
    named = _Named(said.value if said and draft.po_folded else "")
    orders = _orders(session, draft)
    if not orders:
        return replace(named, waiting=_waiting(session, draft))
    live = [order for order in orders if order.state != OrderState.CANCELLED]
    order = (live or orders)[0]
    held = session.scalar(select(func.count()).select_from(OrderLine).where(col(OrderLine.order_id) == order.id))
    return replace(
        named,
        order=order,
        others=tuple(live[1:]),
        push=session.scalars(select(Outbox).where(col(Outbox.order_id) == order.id, col(Outbox.kind) == "erp")).first(),
        invoice=session.scalars(select(Invoice).where(col(Invoice.order_id) == order.id)).first(),
        lines=(len(payload.lines), held or 0),
    )


def _orders(session: Session, draft: Draft) -> Sequence[Order]:
    """Return this customer's orders under the number that a draft names, the newest first."""
    if not draft.po_folded:
        return ()
    same = select(Order).where(col(Order.customer) == draft.customer, col(Order.po_folded) == draft.po_folded)
    return session.scalars(same.order_by(col(Order.id).desc()).limit(MAX_SAME_NUMBER)).all()


def _waiting(session: Session, draft: Draft) -> Draft | None:
    """Return the order under this number that is not accepted yet; of several the newest."""
    moving = (DraftState.DRAFTED, DraftState.MATCHED, DraftState.IN_REVIEW)
    rows = select(Draft).where(
        *_same_number(draft), col(Draft.kind) == DocumentKind.ORDER, col(Draft.state).in_(moving)
    )
    return session.scalars(rows.order_by(col(Draft.id).desc())).first()


def _same_number(draft: Draft) -> tuple[ColumnElement[bool], ...]:
    return col(Draft.customer) == draft.customer, col(Draft.po_folded) == draft.po_folded, col(Draft.id) != draft.id


def _cancel(unit: Unit, named: _Named, who: str, said: Ending) -> None:
    order = named.order
    if order is None or order.state == OrderState.CANCELLED:
        return
    leaving = select(Outbox).where(col(Outbox.order_id) == order.id, col(Outbox.state).in_(_TAKES_BACK))
    for row in unit.session.scalars(leaving.order_by(col(Outbox.id))):
        row.state = transition(OutboxState(row.state), OutboxState.SUPPRESSED)
        row.last_error, row.version, row.updated_at = "the order was cancelled", row.version + 1, unit.now
    _release(unit, order)
    if named.invoice is not None:
        named.invoice.state = transition(InvoiceState(named.invoice.state), InvoiceState.VOID)
    order.state = transition(OrderState(order.state), OrderState.CANCELLED)
    order.version, order.updated_at = order.version + 1, unit.now
    before = f"after it was cancelled in the ERP{_in_erp(named)}" if said is Ending.CANCELLED_IN_ERP else None
    unit.audit(who, "cancelled", order.id, before)


def _reject(unit: Unit, waiting: Draft, cancellation: Draft, who: str) -> None:
    """Reject the order that was still in review, as the customer asks."""
    waiting.state = transition(DraftState(waiting.state), DraftState.REJECTED)
    waiting.reject_reason = f"The customer cancelled it ({cancellation.created_at:%Y-%m-%d})."
    waiting.decided_by, waiting.version, waiting.updated_at = who, waiting.version + 1, unit.now
    unit.audit(who, "rejected", waiting.id, waiting.reject_reason)


def _release(unit: Unit, order: Order) -> None:
    """Give back what was promised, rows locked by SKU and warehouse as everywhere."""
    rows = unit.session.scalars(
        select(Allocation)
        .where(col(Allocation.order_id) == order.id)
        .order_by(col(Allocation.sku), col(Allocation.warehouse))
    ).all()
    stock = table(Stock)
    for row in rows:
        unit.session.execute(
            update(stock)
            .where(stock.c.sku == row.sku, stock.c.warehouse == row.warehouse)
            .values(allocated=stock.c.allocated - row.quantity)
        )
        unit.session.execute(
            insert(table(StockMovement)).values(
                id=unit.new_id(),
                at=unit.now,
                sku=row.sku,
                warehouse=row.warehouse,
                kind="release",
                on_hand_delta=Decimal(0),
                allocated_delta=-row.quantity,
                reference=order.id,
            )
        )
        unit.session.delete(row)
