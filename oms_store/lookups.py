"""What a person may choose from while deciding: products, customers and ship-to addresses, found by a few letters."""

from sqlalchemy.orm import Session
from sqlmodel import col, or_, select

from oms_core.records import Customer, ProductRecord, ShipTo

MAX_SEARCH = 100
"""Characters of a search that are looked for."""
LEAST_WORD = 2
"""Characters from which a description is searched; one letter is in all of them."""


def find_products(session: Session, text: str, limit: int = 8) -> tuple[ProductRecord, ...]:
    """Return active products by the beginning of their code or a part of their description or GTIN."""
    looked_for = text.strip()[:MAX_SEARCH]
    if not looked_for:
        return ()
    fits = or_(
        col(ProductRecord.sku).istartswith(looked_for, autoescape=True),
        col(ProductRecord.gtin) == looked_for,
        col(ProductRecord.manufacturer_code).istartswith(looked_for, autoescape=True),
        *(
            []
            if len(looked_for) < LEAST_WORD
            else [col(ProductRecord.description).icontains(looked_for, autoescape=True)]
        ),
    )
    rows = select(ProductRecord).where(col(ProductRecord.active).is_(True), fits).order_by(col(ProductRecord.sku))
    return tuple(session.scalars(rows.limit(limit)))


def find_customers(session: Session, text: str, limit: int = 8) -> tuple[Customer, ...]:
    """Return customers by the beginning of their number or a part of their name or place."""
    looked_for = text.strip()[:MAX_SEARCH]
    if not looked_for:
        return ()
    fits = or_(
        col(Customer.number).istartswith(looked_for, autoescape=True),
        col(Customer.name).icontains(looked_for, autoescape=True),
        col(Customer.city).istartswith(looked_for, autoescape=True),
    )
    return tuple(session.scalars(select(Customer).where(fits).order_by(col(Customer.number)).limit(limit)))


def ship_tos(session: Session, customer: str) -> tuple[ShipTo, ...]:
    """Return the ship-to addresses of a customer."""
    return tuple(session.scalars(select(ShipTo).where(col(ShipTo.customer) == customer).order_by(col(ShipTo.code))))
