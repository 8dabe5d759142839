"""How each kind of master data is compared and written: in bulk, by key, touching only what differs."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import delete, insert, select, tuple_, update
from sqlalchemy.orm import Session

from matching.normalise import fold_code, fold_gtin, fold_id
from oms_core.ids import new_id
from oms_core.records import (
    CrossReferenceRecord,
    Customer,
    CustomerId,
    MasterVersion,
    Price,
    ProductPack,
    ProductRecord,
    SenderAddress,
    ShipTo,
    Stock,
    StockMovement,
    Warehouse,
)
from oms_core.values.master import CustomerRow, PriceRow, ProductRow, StockRow, XrefRow
from oms_core.values.money import exact, plain
from oms_store.columns import table
from oms_store.merging import Aside, Values, Written, merge, present, slices

PULL = "pull "
"""The beginning of the name under which an ERP's rows are written; any other name is a person's."""


@dataclass(frozen=True, slots=True)
class MasterKind:
    """One kind of master data."""

    name: str
    write: Callable[[Session, Sequence[tuple[int, Any]], str, datetime], Written]

    def bump(self, session: Session) -> None:
        """Count one change of this kind, so that caches look again."""
        versions = table(MasterVersion)
        session.execute(update(versions).where(versions.c.kind == self.name).values(version=versions.c.version + 1))


def _write_products(session: Session, rows: Sequence[tuple[int, ProductRow]], who: str, now: datetime) -> Written:
    del who, now
    written = Written()
    products: dict[tuple[Any, ...], Values] = {}
    packs: dict[tuple[Any, ...], Values] = {}
    for number, row in rows:
        problem = _product_problem(row)
        if problem:
            written.errors.append((number, problem))
            continue
        products[(row.sku,)] = _product_values(row)
        if row.pack_unit and row.pack_factor:
            packs[row.sku, row.pack_unit] = {
                "sku": row.sku,
                "unit": row.pack_unit,
                "factor": exact(row.pack_factor),
                "gtin": None,
            }
    merge(session, table(ProductRecord), ("sku",), products, written)
    merge(session, table(ProductPack), ("sku", "unit"), packs, Aside(written))
    return written


def _product_problem(row: ProductRow) -> str | None:
    if not row.sku.strip() or not fold_code(row.sku):
        return "the SKU is empty"
    if not row.unit.strip():
        return f"{row.sku}: the stock unit is empty"
    if row.gtin and not fold_gtin(row.gtin):
        return f"{row.sku}: {row.gtin!r} is no GTIN of 8, 12, 13 or 14 digits"
    if row.pack_factor is not None and row.pack_factor <= 0:
        return f"{row.sku}: a pack must hold more than nothing"
    return None


def _product_values(row: ProductRow) -> Values:
    maker = row.manufacturer_code
    return {
        "sku": row.sku,
        "code_folded": fold_code(row.sku),
        "description": row.description,
        "unit": row.unit,
        "gtin": fold_gtin(row.gtin) if row.gtin else None,
        "brand": row.brand,
        "manufacturer_code": maker,
        "maker_folded": (fold_code(maker) or None) if maker else None,
        "minimum_quantity": exact(row.minimum_quantity or Decimal(0)),
        "pack_quantity": exact(row.pack_quantity or Decimal(1)),
        "tax_class": row.tax_class or "standard",
        "active": row.active,
    }


def _write_customers(session: Session, rows: Sequence[tuple[int, CustomerRow]], who: str, now: datetime) -> Written:
    del now
    written = Written()
    sold_to = {(row.number,): _customer_values(row) for _, row in rows if row.ship_to_of is None and row.number.strip()}
    written.errors += [(number, "the customer number is empty") for number, row in rows if not row.number.strip()]
    merge(session, table(Customer), ("number",), sold_to, written)
    owners = {row.ship_to_of for _, row in rows if row.ship_to_of}
    known = present(session, table(Customer).c.number, owners)
    ship_tos: dict[tuple[Any, ...], Values] = {}
    for number, row in rows:
        if row.ship_to_of is None:
            continue
        if row.ship_to_of not in known:
            written.errors.append((number, f"{row.number}: there is no customer {row.ship_to_of!r} to ship for"))
        else:
            ship_tos[row.ship_to_of, row.number] = _ship_to_values(row)
    merge(session, table(ShipTo), ("customer", "code"), ship_tos, written)
    _replace_ids(session, [row for _, row in rows if row.ship_to_of is None and row.number.strip()])
    _add_senders(session, [row for _, row in rows if row.ship_to_of is None and row.number.strip()], who)
    return written


def _customer_values(row: CustomerRow) -> Values:
    return {
        "number": row.number,
        "name": row.name,
        "street": row.street,
        "postal_code": row.postal_code,
        "city": row.city,
        "country": row.country,
        "vat_id": row.vat_id,
        "gln": row.gln,
        "account_number": row.account_number,
        "edi_id": row.edi_id,
        "email": row.email,
        "currency": row.currency or "EUR",
        "credit_limit": None if row.credit_limit is None else exact(row.credit_limit),
        "price_list": row.price_list or "",
        "minimum_order": exact(row.minimum_order or Decimal(0)),
    }


def _ship_to_values(row: CustomerRow) -> Values:
    names = ("name", "street", "postal_code", "city", "country", "gln")
    return {"customer": row.ship_to_of, "code": row.number} | {name: getattr(row, name) for name in names}


def _replace_ids(session: Session, rows: Sequence[CustomerRow]) -> None:
    ids = table(CustomerId)
    for keys in slices([row.number for row in rows]):
        session.execute(delete(ids).where(ids.c.customer.in_(keys)))
    wanted = {
        (fold_id(text), row.number)
        for row in rows
        for text in (row.number, row.vat_id, row.gln, row.account_number, row.edi_id)
        if text and fold_id(text)
    }
    if wanted:
        session.execute(insert(ids), [{"folded": folded, "customer": number} for folded, number in sorted(wanted)])


def _add_senders(session: Session, rows: Sequence[CustomerRow], who: str) -> None:
    """Addresses are only ever added here: those that people taught us stay."""
    senders = table(SenderAddress)
    wanted = {
        (text.strip().lower(), row.number)
        for row in rows
        for text in (row.email, *row.domains)
        if text and text.strip()
    }
    known: set[tuple[str, str]] = set()
    for keys in slices(sorted(wanted)):
        pairs = tuple_(senders.c.address, senders.c.customer).in_(keys)
        known |= {
            (address, number)
            for address, number in session.execute(select(senders.c.address, senders.c.customer).where(pairs))
        }
    missing = sorted(wanted - known)
    if missing:
        rows_to_add = [{"address": address, "customer": number, "decided_by": who} for address, number in missing]
        session.execute(insert(senders), rows_to_add)


def _write_prices(session: Session, rows: Sequence[tuple[int, PriceRow]], who: str, now: datetime) -> Written:
    del who, now
    written = Written()
    known = present(session, table(ProductRecord).c.sku, {row.sku for _, row in rows})
    prices: dict[tuple[Any, ...], Values] = {}
    for number, row in rows:
        if row.sku not in known:
            written.errors.append((number, f"there is no product {row.sku!r}"))
        elif row.price <= 0:
            written.errors.append((number, f"{row.sku}: the price {plain(row.price)} is not more than nothing"))
        else:
            values = {
                "price_list": row.price_list,
                "sku": row.sku,
                "currency": row.currency,
                "quantity_from": exact(row.quantity_from),
                "valid_from": row.valid_from or date.min,
                "valid_to": row.valid_to or date.max,
                "price": exact(row.price),
            }
            prices[row.price_list, row.sku, row.currency, values["quantity_from"], values["valid_from"]] = values
    key = ("price_list", "sku", "currency", "quantity_from", "valid_from")
    merge(session, table(Price), key, prices, written)
    return written


def _write_xref(session: Session, rows: Sequence[tuple[int, XrefRow]], who: str, now: datetime) -> Written:
    written = Written()
    products = present(session, table(ProductRecord).c.sku, {row.sku for _, row in rows})
    customers = present(session, table(Customer).c.number, {row.customer for _, row in rows})
    wanted: dict[tuple[Any, ...], Values] = {}
    for number, row in rows:
        folded = fold_code(row.code)
        if row.sku not in products:
            written.errors.append((number, f"there is no product {row.sku!r}"))
        elif row.customer not in customers:
            written.errors.append((number, f"there is no customer {row.customer!r}"))
        elif not folded:
            written.errors.append((number, f"{row.code!r} has no letter or digit"))
        else:
            wanted[row.customer, folded] = {
                "customer": row.customer,
                "code_folded": folded,
                "code": row.code,
                "sku": row.sku,
                "unit": row.unit,
                "factor": None if row.factor is None else exact(row.factor),
                "valid_from": row.valid_from,
                "valid_to": row.valid_to,
                "decided_by": who,
                "decided_at": now,
            }
    target = table(CrossReferenceRecord)
    if who.startswith(PULL):
        for decided in _decided_by_people(session, wanted):
            del wanted[decided]
            written.unchanged += 1
    merge(session, target, ("customer", "code_folded"), wanted, written, ignore=("decided_by", "decided_at"))
    return written


def _decided_by_people(session: Session, keys: Iterable[tuple[Any, ...]]) -> set[tuple[Any, ...]]:
    """Return those cross-references that a person decided or imported: no machine writes over them."""
    xref = table(CrossReferenceRecord).c
    found: set[tuple[Any, ...]] = set()
    for part in slices(sorted(keys)):
        rows = select(xref.customer, xref.code_folded).where(
            tuple_(xref.customer, xref.code_folded).in_(part), ~xref.decided_by.startswith(PULL)
        )
        found |= {(customer, code) for customer, code in session.execute(rows)}
    return found


def _write_stock(session: Session, rows: Sequence[tuple[int, StockRow]], who: str, now: datetime) -> Written:
    """Set what is on hand; the ledger gets the difference, and what is promised is never cut."""
    written = Written()
    stock, ledger = table(Stock), table(StockMovement)
    products = present(session, table(ProductRecord).c.sku, {row.sku for _, row in rows})
    _add_warehouses(session, [row.warehouse for _, row in rows])
    skus = sorted(products)
    there = {
        (sku, place): (on_hand, allocated)
        for keys in slices(skus)
        for sku, place, on_hand, allocated in session.execute(
            select(stock.c.sku, stock.c.warehouse, stock.c.on_hand, stock.c.allocated)
            .where(stock.c.sku.in_(keys))
            .order_by(stock.c.sku, stock.c.warehouse)
            .with_for_update()
        )
    }
    movements = []
    for number, row in rows:
        problem = _stock_problem(row, row.sku in products, there.get((row.sku, row.warehouse)))
        if problem:
            written.errors.append((number, problem))
            continue
        before = there.get((row.sku, row.warehouse))
        if before is not None and before[0] == row.quantity:
            written.unchanged += 1
            continue
        key, quantity = f"{row.sku} in {row.warehouse}", exact(row.quantity)
        if before is None:
            session.execute(
                insert(stock).values(sku=row.sku, warehouse=row.warehouse, on_hand=quantity, allocated=Decimal(0))
            )
            written.added += 1
        else:
            here = (stock.c.sku == row.sku) & (stock.c.warehouse == row.warehouse)
            session.execute(update(stock).where(here).values(on_hand=quantity))
            change = (("on_hand", plain(before[0])),), (("on_hand", plain(quantity)),)
            written.changes.append((key, *change))
        there[row.sku, row.warehouse] = (quantity, before[1] if before else Decimal(0))
        movements.append(
            {
                "id": new_id(now),
                "at": now,
                "sku": row.sku,
                "warehouse": row.warehouse,
                "kind": "count",
                "on_hand_delta": quantity - (before[0] if before else Decimal(0)),
                "allocated_delta": Decimal(0),
                "reference": who,
            }
        )
    if movements:
        session.execute(insert(ledger), movements)
    return written


def _stock_problem(
    row: StockRow, known: bool, level: tuple[Decimal, Decimal] | None
) -> str | None:  # a fact, not a switch
    if not known:
        return f"there is no product {row.sku!r}"
    if not row.warehouse.strip():
        return f"{row.sku}: the warehouse is empty"
    if row.quantity < 0:
        return f"{row.sku}: {plain(row.quantity)} on hand is less than nothing"
    if level is not None and row.quantity < level[1]:
        return (
            f"{row.sku}: {plain(row.quantity)} on hand in {row.warehouse} is less than the {plain(level[1])} that are "
            "promised to orders; cancel or ship some first"
        )
    return None


def _add_warehouses(session: Session, codes: Iterable[str]) -> None:
    places = table(Warehouse)
    known = set(session.scalars(select(places.c.code)))
    for code in dict.fromkeys(codes):
        if code.strip() and code not in known:
            session.execute(insert(places).values(code=code, name=code, rank=len(known)))
            known.add(code)


KINDS: Mapping[str, MasterKind] = {
    "products": MasterKind("products", _write_products),
    "customers": MasterKind("customers", _write_customers),
    "prices": MasterKind("prices", _write_prices),
    "stock": MasterKind("stock", _write_stock),
    "xref": MasterKind("xref", _write_xref),
}
