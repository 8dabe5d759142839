"""The catalogue and the party directory as matching asks for them, answered from the database.

Exact look-ups are queries on indexed columns; only the search by words holds products in memory, and is made anew when
the version of the master data has moved.
"""

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Session
from sqlmodel import col, or_, select

from matching.fuzzy import ProductIndex
from matching.normalise import fold_code, fold_gtin
from oms_core.records import (
    CrossReferenceRecord,
    Customer,
    CustomerId,
    MasterVersion,
    ProductPack,
    ProductRecord,
    SenderAddress,
    ShipTo,
)
from oms_core.values import CrossReference, Pack, PartyRecord, Product


@dataclass(slots=True)
class ProductSearch:
    """The word index over all products, shared by the threads of a process and rebuilt when products changed."""

    _lock: threading.Lock = field(default_factory=threading.Lock)
    _version: int = -1
    _index: ProductIndex | None = None

    def search(self, session: Session, text: str, limit: int) -> Sequence[Product]:
        """Return the products most like the text, best first."""
        return self._current(session).search(text, limit)

    def _current(self, session: Session) -> ProductIndex:
        version = master_version(session, "products")
        with self._lock:
            if self._index is None or self._version != version:
                self._index = ProductIndex(_products(session, None))
                self._version = version
            return self._index


@dataclass(frozen=True, slots=True)
class StoredCatalogue:
    """`oms_core.ports.Catalogue` over one session and one day."""

    session: Session
    words: ProductSearch
    today: date

    def by_cross_reference(self, customer: str, code: str) -> CrossReference | None:
        """Return this customer's own reference for the code, valid today."""
        record = self.session.get(CrossReferenceRecord, (customer, fold_code(code)))
        if record is None or not _holds(record.valid_from, record.valid_to, self.today):
            return None
        return CrossReference(
            record.customer, record.code, record.sku, record.unit, record.factor, record.valid_from, record.valid_to
        )

    def by_gtin(self, gtin: str) -> tuple[Product, Pack] | None:
        """Return the product and the pack that carry this GTIN."""
        folded = fold_gtin(gtin)
        if not folded:
            return None
        sku = self.session.scalars(select(ProductRecord.sku).where(col(ProductRecord.gtin) == folded)).first()
        if sku is not None:
            product = self._one(sku)
            return product, Pack(product.unit, Decimal(1), gtin)
        pack = self.session.scalars(select(ProductPack).where(col(ProductPack.gtin) == folded)).first()
        if pack is None:
            return None
        return self._one(pack.sku), Pack(pack.unit, pack.factor, pack.gtin)

    def by_sku(self, sku: str) -> Product | None:
        """Return the product with exactly this SKU, white space and case folded."""
        wanted = "".join(sku.split()).casefold()
        for product in self.by_code(fold_code(sku)):
            if "".join(product.sku.split()).casefold() == wanted:
                return product
        return None

    def by_code(self, folded: str) -> Sequence[Product]:
        """Return products whose SKU or manufacturer's code folds to this."""
        if not folded:
            return ()
        matches = or_(col(ProductRecord.code_folded) == folded, col(ProductRecord.maker_folded) == folded)
        return _products(self.session, self.session.scalars(select(ProductRecord.sku).where(matches)).all())

    def search(self, text: str, limit: int) -> Sequence[Product]:
        """Return the products whose descriptions are most like the text, best first."""
        return self.words.search(self.session, text, limit)

    def _one(self, sku: str) -> Product:
        return _products(self.session, [sku])[0]


@dataclass(frozen=True, slots=True)
class StoredDirectory:
    """`oms_core.ports.PartyDirectory` over one session."""

    session: Session

    def customers_by_id(self, folded: str) -> Sequence[PartyRecord]:
        """Return customers that carry this identifier."""
        rows = select(CustomerId.customer).where(col(CustomerId.folded) == folded)
        return self._customers(self.session.scalars(rows).all())

    def customers_by_email(self, address: str) -> Sequence[PartyRecord]:
        """Return customers that know this exact mail address."""
        rows = select(SenderAddress.customer).where(col(SenderAddress.address) == address.lower())
        return self._customers(self.session.scalars(rows).all())

    def customers_by_domain(self, domain: str) -> Sequence[PartyRecord]:
        """Return customers whose mail comes from this domain."""
        return self.customers_by_email(domain)

    def customers(self) -> Iterable[PartyRecord]:
        """Return every customer."""
        return self._customers(None)

    def ship_tos(self, customer: str) -> Sequence[PartyRecord]:
        """Return the known ship-to addresses of one customer."""
        rows = self.session.scalars(select(ShipTo).where(col(ShipTo.customer) == customer).order_by(ShipTo.code))
        return tuple(
            PartyRecord(row.code, row.name, one_line(row), (row.gln,) if row.gln else (), customer=customer)
            for row in rows
        )

    def _customers(self, numbers: Sequence[str] | None) -> tuple[PartyRecord, ...]:
        if numbers is not None and not numbers:
            return ()
        wanted = select(Customer).order_by(Customer.number)
        ids, senders = select(CustomerId), select(SenderAddress)
        if numbers is not None:
            wanted = wanted.where(col(Customer.number).in_(numbers))
            ids = ids.where(col(CustomerId.customer).in_(numbers))
            senders = senders.where(col(SenderAddress.customer).in_(numbers))
        known: dict[str, list[str]] = {}
        for row in self.session.scalars(ids):
            known.setdefault(row.customer, []).append(row.folded)
        mails: dict[str, list[str]] = {}
        for sender in self.session.scalars(senders):
            mails.setdefault(sender.customer, []).append(sender.address)
        return tuple(
            _party(row, known.get(row.number, []), mails.get(row.number, [])) for row in self.session.scalars(wanted)
        )


def one_line(row: Customer | ShipTo) -> str:
    """Write an address on one line, parts joined with a comma."""
    place = " ".join(part for part in (row.postal_code, row.city) if part)
    return ", ".join(part for part in (row.street, place, row.country) if part)


def master_version(session: Session, kind: str) -> int:
    """Return how often this kind of master data has changed."""
    record = session.get(MasterVersion, kind)
    return record.version if record else 0


def products_by_sku(session: Session, skus: Sequence[str]) -> dict[str, Product]:
    """Return the products with these SKUs."""
    return {product.sku: product for product in _products(session, skus)}


def _party(row: Customer, ids: list[str], addresses: list[str]) -> PartyRecord:
    emails = tuple(address for address in addresses if "@" in address)
    domains = tuple(address for address in addresses if "@" not in address)
    return PartyRecord(row.number, row.name, one_line(row), tuple(ids), emails, domains)


def _products(session: Session, skus: Sequence[str] | None) -> tuple[Product, ...]:
    if skus is not None and not skus:
        return ()
    wanted, packs = select(ProductRecord).order_by(ProductRecord.sku), select(ProductPack).order_by(ProductPack.unit)
    if skus is not None:
        wanted = wanted.where(col(ProductRecord.sku).in_(skus))
        packs = packs.where(col(ProductPack.sku).in_(skus))
    by_sku: dict[str, list[Pack]] = {}
    for pack in session.scalars(packs):
        by_sku.setdefault(pack.sku, []).append(Pack(pack.unit, pack.factor, pack.gtin))
    return tuple(_product(row, tuple(by_sku.get(row.sku, ()))) for row in session.scalars(wanted))


def _product(row: ProductRecord, packs: tuple[Pack, ...]) -> Product:
    return Product(
        sku=row.sku,
        description=row.description,
        unit=row.unit,
        gtin=row.gtin,
        brand=row.brand,
        manufacturer_code=row.manufacturer_code,
        packs=packs,
        minimum_quantity=row.minimum_quantity,
        pack_quantity=row.pack_quantity,
        tax_class=row.tax_class,
        active=row.active,
    )


def _holds(start: date | None, end: date | None, on: date) -> bool:
    return (start is None or start <= on) and (end is None or on <= end)
