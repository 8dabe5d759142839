"""Master data: products with packs and prices, customers with addresses, senders and their own codes, stock."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field

from oms_core.records.base import Record, Scaled, Utc


class ProductRecord(Record, table=True):
    """A product on sale; `code_folded` and `maker_folded` are the codes as letters and digits, lower case."""

    __tablename__ = "product"

    sku: str = Field(primary_key=True)
    code_folded: str = Field(index=True)
    description: str
    unit: str
    gtin: str | None = Field(default=None, index=True)
    brand: str | None = None
    manufacturer_code: str | None = None
    maker_folded: str | None = Field(default=None, index=True)
    minimum_quantity: Decimal = Field(default=Decimal(0), sa_type=Scaled)
    pack_quantity: Decimal = Field(default=Decimal(1), sa_type=Scaled)
    tax_class: str = "standard"
    active: bool = True


class ProductPack(Record, table=True):
    """A unit a product can be ordered in beside its stock unit."""

    __tablename__ = "product_pack"
    __table_args__ = (CheckConstraint("factor > 0", name="factor_positive"),)

    sku: str = Field(primary_key=True, foreign_key="product.sku")
    unit: str = Field(primary_key=True)
    factor: Decimal = Field(sa_type=Scaled)
    gtin: str | None = Field(default=None, index=True)


class Price(Record, table=True):
    """A price per stock unit from a quantity on; dates are inclusive, the open ends are 0001-01-01 and 9999-12-31."""

    __tablename__ = "price"

    price_list: str = Field(primary_key=True)
    sku: str = Field(primary_key=True, index=True)
    currency: str = Field(primary_key=True)
    quantity_from: Decimal = Field(primary_key=True, sa_type=Scaled)
    valid_from: date = Field(primary_key=True)
    valid_to: date = date.max
    price: Decimal = Field(sa_type=Scaled)


class Customer(Record, table=True):
    """A sold-to."""

    __tablename__ = "customer"

    number: str = Field(primary_key=True)
    name: str
    street: str = ""
    postal_code: str = ""
    city: str = ""
    country: str = ""
    vat_id: str | None = None
    gln: str | None = None
    account_number: str | None = None
    edi_id: str | None = None
    email: str | None = None
    currency: str = "EUR"
    credit_limit: Decimal | None = Field(default=None, sa_type=Scaled)
    price_list: str = ""
    minimum_order: Decimal = Field(default=Decimal(0), sa_type=Scaled)


class CustomerId(Record, table=True):
    """One identifier of a customer (GLN, VAT, account, EDI id), folded to letters and digits in upper case."""

    __tablename__ = "customer_id"

    folded: str = Field(primary_key=True)
    customer: str = Field(primary_key=True, foreign_key="customer.number")


class ShipTo(Record, table=True):
    """A ship-to address of a customer."""

    __tablename__ = "ship_to"

    customer: str = Field(primary_key=True, foreign_key="customer.number")
    code: str = Field(primary_key=True)
    name: str
    street: str = ""
    postal_code: str = ""
    city: str = ""
    country: str = ""
    gln: str | None = None


class SenderAddress(Record, table=True):
    """A mail address (`a@b`) or a whole domain (`b`) from which a customer writes."""

    __tablename__ = "sender_address"

    address: str = Field(primary_key=True)
    customer: str = Field(primary_key=True, foreign_key="customer.number")
    decided_by: str = "import"


class CrossReferenceRecord(Record, table=True):
    """A customer's own code for one of our products; the machine never overwrites what a person decided."""

    __tablename__ = "cross_reference"

    customer: str = Field(primary_key=True, foreign_key="customer.number")
    code_folded: str = Field(primary_key=True)
    code: str
    sku: str = Field(foreign_key="product.sku")
    unit: str | None = None
    factor: Decimal | None = Field(default=None, sa_type=Scaled)
    valid_from: date | None = None
    valid_to: date | None = None
    decided_by: str = "import"
    decided_at: datetime = Field(sa_type=Utc)


class MasterVersion(Record, table=True):
    """How often each kind of master data has changed: what caches compare, and what an order remembers."""

    __tablename__ = "master_version"

    kind: str = Field(primary_key=True)
    version: int = 0


class Warehouse(Record, table=True):
    """A place goods ship from; the lowest `rank` is asked first."""

    __tablename__ = "warehouse"

    code: str = Field(primary_key=True)
    name: str
    rank: int = 0


class Stock(Record, table=True):
    """What lies in one warehouse and what of it is promised; the constraints hold it from being oversold."""

    __tablename__ = "stock"
    __table_args__ = (
        CheckConstraint("allocated >= 0", name="allocated_not_negative"),
        CheckConstraint("allocated <= on_hand", name="not_oversold"),
    )

    sku: str = Field(primary_key=True, foreign_key="product.sku")
    warehouse: str = Field(primary_key=True, foreign_key="warehouse.code")
    on_hand: Decimal = Field(sa_type=Scaled)
    allocated: Decimal = Field(default=Decimal(0), sa_type=Scaled)


class StockMovement(Record, table=True):
    """The ledger of stock, append only: per SKU and warehouse the deltas sum to the balance."""

    __tablename__ = "stock_movement"
    __table_args__ = (Index("ix_stock_movement_sku_warehouse", "sku", "warehouse"),)

    id: str = Field(primary_key=True)
    at: datetime = Field(sa_type=Utc)
    sku: str
    warehouse: str
    kind: str
    on_hand_delta: Decimal = Field(sa_type=Scaled)
    allocated_delta: Decimal = Field(sa_type=Scaled)
    reference: str
