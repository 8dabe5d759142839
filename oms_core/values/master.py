"""Rows of master data as a file or an ERP hands them over: what `ordermill import` and `ordermill pull` apply."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class ProductRow:
    """A product; `pack_unit` and `pack_factor` add one more unit that it can be ordered in."""

    sku: str
    description: str
    unit: str
    gtin: str | None = None
    brand: str | None = None
    manufacturer_code: str | None = None
    pack_unit: str | None = None
    pack_factor: Decimal | None = None
    minimum_quantity: Decimal | None = None
    pack_quantity: Decimal | None = None
    tax_class: str | None = None
    active: bool = True


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """A customer, or one of its ship-to addresses where `ship_to_of` names the customer it belongs to."""

    number: str
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
    domains: tuple[str, ...] = ()
    currency: str | None = None
    credit_limit: Decimal | None = None
    price_list: str | None = None
    minimum_order: Decimal | None = None
    ship_to_of: str | None = None


@dataclass(frozen=True, slots=True)
class PriceRow:
    """A price per stock unit from a quantity on, in one list and currency."""

    price_list: str
    sku: str
    price: Decimal
    currency: str
    quantity_from: Decimal = Decimal(0)
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class StockRow:
    """What is on hand of a product in one warehouse, counted in stock units."""

    warehouse: str
    sku: str
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class XrefRow:
    """A customer's own code for one of our products; `unit` and `factor` say what one of the customer's means."""

    customer: str
    code: str
    sku: str
    unit: str | None = None
    factor: Decimal | None = None
    valid_from: date | None = None
    valid_to: date | None = None


MasterRow = ProductRow | CustomerRow | PriceRow | StockRow | XrefRow
