"""What must be true of the figures beside the conservation laws: ledgers add up, and nothing refers to nothing."""

from collections.abc import Iterator
from decimal import Decimal

from sqlalchemy import func, literal, union_all
from sqlalchemy.orm import Session
from sqlmodel import col, select

from oms_core.decisions.transition import OrderState
from oms_core.records import (
    Allocation,
    Document,
    Invoice,
    Lease,
    Order,
    OrderLine,
    Outbox,
    Stock,
    StockMovement,
    StoredBytes,
)
from oms_store.columns import table

NOTHING = Decimal(0)


def ledger_differences(session: Session) -> tuple[str, ...]:
    """Return where stock on hand or allocated is not the sum of its movements, as `SKU in WAREHOUSE`."""
    stock, ledger = table(Stock).c, table(StockMovement).c
    both = union_all(
        select(stock.sku, stock.warehouse, stock.on_hand.label("on_hand"), stock.allocated.label("allocated")),
        select(ledger.sku, ledger.warehouse, -ledger.on_hand_delta, -ledger.allocated_delta),
    ).subquery()
    sums = (
        select(both.c.sku, both.c.warehouse)
        .group_by(both.c.sku, both.c.warehouse)
        .having((func.sum(both.c.on_hand) != NOTHING) | (func.sum(both.c.allocated) != NOTHING))
        .order_by(both.c.sku, both.c.warehouse)
    )
    return tuple(f"{sku} in {place}" for sku, place in session.execute(sums))


def allocation_differences(session: Session) -> tuple[str, ...]:
    """Return where what is allocated is not the sum of what orders were promised, as `SKU in WAREHOUSE`."""
    stock, promised = table(Stock).c, table(Allocation).c
    both = union_all(
        select(stock.sku, stock.warehouse, stock.allocated.label("allocated")),
        select(promised.sku, promised.warehouse, -promised.quantity),
    ).subquery()
    sums = (
        select(both.c.sku, both.c.warehouse)
        .group_by(both.c.sku, both.c.warehouse)
        .having(func.sum(both.c.allocated) != NOTHING)
        .order_by(both.c.sku, both.c.warehouse)
    )
    return tuple(f"{sku} in {place}" for sku, place in session.execute(sums))


def incomplete_orders(session: Session) -> tuple[str, ...]:
    """Return the numbers of orders that lack their lines, their draft invoice or their push to the ERP."""
    lines = select(OrderLine.order_id).where(col(OrderLine.order_id) == col(Order.id)).exists()
    invoice = select(Invoice.id).where(col(Invoice.order_id) == col(Order.id)).exists()
    push = select(Outbox.id).where(col(Outbox.order_id) == col(Order.id), col(Outbox.kind) == "erp").exists()
    rows = select(Order.number).where(~lines | ~invoice | ~push).order_by(col(Order.number))
    return tuple(session.scalars(rows))


def unconfirmed_pushed_orders(session: Session) -> tuple[str, ...]:
    """Return the numbers of orders that the ERP has taken, and that still wait for it."""
    done = select(Outbox.order_id).where(col(Outbox.kind) == "erp", col(Outbox.state) == "done")
    rows = select(Order.number).where(col(Order.state) == OrderState.ACCEPTED, col(Order.id).in_(done))
    return tuple(session.scalars(rows.order_by(col(Order.number))))


def kept_bytes(session: Session) -> Iterator[tuple[str, int]]:
    """Stream hash and size of all bytes that any document refers to."""
    kept, documents = table(StoredBytes).c, table(Document).c
    every = union_all(select(kept.sha256, kept.size), select(documents.sha256, documents.size)).subquery()
    rows = select(every.c.sha256, func.max(every.c.size)).group_by(every.c.sha256).order_by(every.c.sha256)
    yield from session.execute(rows.execution_options(yield_per=2_000))


def leases(session: Session) -> tuple[Lease, ...]:
    """Return every lease by name."""
    return tuple(session.scalars(select(Lease).order_by(col(Lease.name))))


def integrity(session: Session) -> tuple[str, ...]:
    """Return what SQLite itself finds wrong with the file; nothing when it is sound."""
    rows = session.connection().exec_driver_sql("PRAGMA integrity_check(20)").scalars().all()
    return tuple(str(row) for row in rows if row != "ok")


def is_empty(session: Session) -> bool:
    """Say whether nothing has come in yet and there is no master data."""
    from oms_core.records import Customer, Delivery, ProductRecord

    kinds = (Delivery, ProductRecord, Customer)
    return not any(session.execute(select(literal(1)).select_from(kind).limit(1)).first() for kind in kinds)
