"""Change: what happens to an order that was accepted already. For now a whole order is cancelled, by a person."""

from decimal import Decimal

from sqlalchemy import insert, update
from sqlalchemy.orm import Session
from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from oms_core.decisions.transition import DraftState, OrderState, OutboxState, transition
from oms_core.errors import IllegalTransition
from oms_core.records import Allocation, Draft, Invoice, Order, Outbox, Stock, StockMovement
from oms_core.values import DocumentKind, Finding, Severity
from oms_store.columns import table
from oms_store.store import Unit


def apply_cancellation(unit: Unit, draft: Draft, who: str) -> str:
    """Cancel the order that a cancellation names: stock is released, the draft invoice and an unsent push are void.

    Raises IllegalTransition when it names none, or when the ERP has it already and must be told by a person.
    """
    order = unit.session.scalars(_named(draft).with_for_update()).first()
    if order is None:
        raise IllegalTransition(_none_open(draft))
    cancel(unit, order, who)
    draft.state = transition(DraftState(draft.state), DraftState.APPLIED)
    draft.order_id, draft.decided_by = order.id, who
    draft.version, draft.updated_at = draft.version + 1, unit.now
    return order.id


def outlook(session: Session, draft: Draft) -> Finding | None:
    """Say what accepting a change or cancellation would do, or why it cannot be; None for an order."""
    if draft.kind == DocumentKind.ORDER:
        return None
    order = session.scalars(_named(draft)).first()
    if order is None:
        return Finding("change.no_order", Severity.BLOCK, "number", _none_open(draft))
    if draft.kind != DocumentKind.ORDER_CANCELLATION:
        message = f"It changes order {order.number}: change that by hand, then reject this document with a note."
        return Finding("change.by_hand", Severity.BLOCK, "number", message)
    push = session.scalars(_push_of(order)).first()
    if push is not None and push.state in _TOLD:
        return Finding("change.erp_has_it", Severity.BLOCK, "number", _erp_has(order, push))
    message = f"Accepting cancels order {order.number}: its stock is released and nothing goes to the ERP."
    return Finding("change.cancels", Severity.NOTE, "number", message)


_TOLD = (OutboxState.SENDING, OutboxState.DONE)


def _named(draft: Draft) -> SelectOfScalar[Order]:
    """Find the open order that a draft names, the newest first."""
    return (
        select(Order)
        .where(
            col(Order.customer) == draft.customer,
            col(Order.po_folded) == draft.po_folded,
            col(Order.state) != OrderState.CANCELLED,
        )
        .order_by(col(Order.id).desc())
    )


def _none_open(draft: Draft) -> str:
    return f"No open order of this customer has the number {draft.number or '(none)'}; reject this with a note."


def _push_of(order: Order) -> SelectOfScalar[Outbox]:
    return select(Outbox).where(col(Outbox.order_id) == order.id, col(Outbox.kind) == "erp")


def _erp_has(order: Order, push: Outbox) -> str:
    where = f"as {push.receipt}" if push.receipt else "or may have it"
    return f"The ERP has order {order.number} {where}: cancel it there first, then reject this document with a note."


def cancel(unit: Unit, order: Order, who: str) -> None:
    """Cancel an accepted order. Raises IllegalTransition once the ERP has it or may have it."""
    push = unit.session.scalars(_push_of(order).with_for_update()).first()
    if push is not None and push.state in _TOLD:
        raise IllegalTransition(_erp_has(order, push))
    if push is not None and push.state == OutboxState.PENDING:
        push.state, push.updated_at = transition(OutboxState.PENDING, OutboxState.SUPPRESSED), unit.now
    _release(unit, order)
    invoice = unit.session.scalars(select(Invoice).where(col(Invoice.order_id) == order.id)).first()
    if invoice is not None:
        invoice.state = "void"
    order.state = transition(OrderState(order.state), OrderState.CANCELLED)
    order.version, order.updated_at = order.version + 1, unit.now
    unit.audit(who, "cancelled", order.id)


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
