"""Accepted orders with their lines, allocations and draft invoices, and what leaves for the outside."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import Index, Text
from sqlmodel import Field

from oms_core.records.base import Record, Scaled, Utc


class Order(Record, table=True):
    """An accepted order. A draft makes at most one; the same PO with the same content only by a person (`repeat`)."""

    __tablename__ = "sales_order"
    __table_args__ = (
        Index("uq_sales_order_content", "customer", "po_folded", "content_hash", "repeat", unique=True),
        Index("ix_sales_order_customer_state", "customer", "state"),
    )

    id: str = Field(primary_key=True)
    number: str = Field(unique=True)
    draft_id: str = Field(unique=True)
    state: str = Field(index=True)
    customer: str = Field(foreign_key="customer.number")
    customer_po: str
    po_folded: str
    content_hash: str
    repeat: int = 0
    ship_to: str | None = None
    ordered_on: date
    requested_on: date | None = None
    currency: str
    net: Decimal = Field(sa_type=Scaled)
    tax: Decimal = Field(sa_type=Scaled)
    gross: Decimal = Field(sa_type=Scaled)
    accepted_by: str
    master_versions: str = "{}"
    rules_version: int = 0
    erp_reference: str | None = None
    version: int = 1
    created_at: datetime = Field(sa_type=Utc, index=True)
    updated_at: datetime = Field(sa_type=Utc)


class OrderLine(Record, table=True):
    """One accepted line in stock units; `backordered` is what no warehouse could promise."""

    __tablename__ = "sales_order_line"

    order_id: str = Field(primary_key=True, foreign_key="sales_order.id")
    position: int = Field(primary_key=True)
    sku: str
    description: str
    quantity: Decimal = Field(sa_type=Scaled)
    unit: str
    ordered_quantity: Decimal = Field(sa_type=Scaled)
    ordered_unit: str | None = None
    unit_price: Decimal = Field(sa_type=Scaled)
    price_source: str
    amount: Decimal = Field(sa_type=Scaled)
    tax_rate: Decimal = Field(sa_type=Scaled)
    backordered: Decimal = Field(default=Decimal(0), sa_type=Scaled)
    requested_on: date | None = None


class Allocation(Record, table=True):
    """What of a line is promised from one warehouse."""

    __tablename__ = "allocation"
    __table_args__ = (Index("ix_allocation_sku_warehouse", "sku", "warehouse"),)

    order_id: str = Field(primary_key=True, foreign_key="sales_order.id")
    position: int = Field(primary_key=True)
    warehouse: str = Field(primary_key=True)
    sku: str
    quantity: Decimal = Field(sa_type=Scaled)


class Invoice(Record, table=True):
    """A draft invoice; it gets its number when it is posted."""

    __tablename__ = "invoice"

    id: str = Field(primary_key=True)
    order_id: str = Field(unique=True, foreign_key="sales_order.id")
    number: str | None = Field(default=None, unique=True)
    state: str = Field(index=True)
    customer: str
    currency: str
    net: Decimal = Field(sa_type=Scaled)
    tax: Decimal = Field(sa_type=Scaled)
    gross: Decimal = Field(sa_type=Scaled)
    created_at: datetime = Field(sa_type=Utc)


class Outbox(Record, table=True):
    """One thing to tell the outside, the truth of a push; `key` goes with it and is never used for another."""

    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_state_next_attempt_at", "state", "next_attempt_at"),)

    id: str = Field(primary_key=True)
    kind: str
    partner: str
    key: str = Field(unique=True)
    order_id: str | None = Field(default=None, index=True)
    draft_id: str | None = Field(default=None, index=True)
    recipient: str | None = Field(default=None, index=True)
    payload: str = Field(sa_type=Text)
    state: str
    attempts: int = 0
    next_attempt_at: datetime = Field(sa_type=Utc)
    last_error: str = ""
    receipt: str | None = None
    run: int = 1
    version: int = 1
    created_at: datetime = Field(sa_type=Utc)
    updated_at: datetime = Field(sa_type=Utc, index=True)


class Breaker(Record, table=True):
    """The circuit breaker of one partner: after failures in a row nothing is tried until `open_until`."""

    __tablename__ = "breaker"

    partner: str = Field(primary_key=True)
    failures: int = 0
    open_until: datetime | None = Field(default=None, sa_type=Utc)


class Sequence(Record, table=True):
    """A row-locked counter for numbers that people read."""

    __tablename__ = "sequence"

    name: str = Field(primary_key=True)
    next_value: int = 1
