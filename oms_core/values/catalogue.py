"""Master data as matching and rules see it: frozen pictures of records, without their keys in the database."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Pack:
    """A unit a product can be ordered in: one `unit` holds `factor` stock units."""

    unit: str
    factor: Decimal
    gtin: str | None = None


@dataclass(frozen=True, slots=True)
class Product:
    """A product on sale; `unit` is its stock unit (UN/ECE Rec 20), `pack_quantity` what it is sold in multiples of."""

    sku: str
    description: str
    unit: str
    gtin: str | None = None
    brand: str | None = None
    manufacturer_code: str | None = None
    packs: tuple[Pack, ...] = ()
    minimum_quantity: Decimal = Decimal(0)
    pack_quantity: Decimal = Decimal(1)
    tax_class: str = "standard"
    active: bool = True


@dataclass(frozen=True, slots=True)
class CrossReference:
    """A customer's own word for one of our products, decided by a person or imported.

    `factor` stock units are in one `unit` of the customer's; without a `unit` the factor holds for every unit.
    """

    customer: str
    code: str
    sku: str
    unit: str | None = None
    factor: Decimal | None = None
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class PartyRecord:
    """A customer or a ship-to as the directory holds it; `customer` is the sold-to a ship-to belongs to."""

    key: str
    name: str
    address: str
    ids: tuple[str, ...] = ()
    """GLN, VAT number, account and EDI ids, all folded alike."""
    emails: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    customer: str | None = None
