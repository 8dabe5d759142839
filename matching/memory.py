"""The catalogue and the directory over values in memory: for files, for tests, and for the store's loaded version."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from matching.fuzzy import ProductIndex
from matching.normalise import fold_code, fold_gtin, fold_id, fold_sku
from oms_core.errors import InvalidInput
from oms_core.values.catalogue import CrossReference, Pack, PartyRecord, Product

_ONE = Decimal(1)


class MemoryCatalogue:
    """The port `Catalogue` over products and cross-references as they hold on one day."""

    def __init__(self, products: Iterable[Product], cross_references: Iterable[CrossReference], today: date) -> None:
        """Index everything; raises `InvalidInput` where a SKU stands twice."""
        self._today = today
        self._by_sku: dict[str, Product] = {}
        self._by_code: dict[str, list[Product]] = {}
        self._by_gtin: dict[str, list[tuple[Product, Pack]]] = {}
        self._references: dict[tuple[str, str], list[CrossReference]] = {}
        for product in products:
            self._add(product)
        for reference in cross_references:
            self._references.setdefault((reference.customer, fold_code(reference.code)), []).append(reference)
        self._index: ProductIndex | None = None

    def by_cross_reference(self, customer: str, code: str) -> CrossReference | None:
        """Return this customer's reference for the code, valid today; the code as written first, then folded.

        Of several the one valid from the latest day holds; where those still name different products, none does.
        """
        folded = fold_code(code)
        valid = [r for r in self._references.get((customer, folded), ()) if folded and _holds(r, self._today)]
        written = [r for r in valid if fold_sku(r.code) == fold_sku(code)] or valid
        if not written:
            return None
        latest = max(r.valid_from or date.min for r in written)
        newest = [r for r in written if (r.valid_from or date.min) == latest]
        return newest[-1] if len({fold_sku(r.sku) for r in newest}) == 1 else None

    def by_gtin(self, gtin: str) -> tuple[Product, Pack] | None:
        """Return the product and pack with this GTIN (8 to 14 digits alike); None where two products claim it."""
        found = self._by_gtin.get(fold_gtin(gtin), [])
        return found[0] if len({product.sku for product, _ in found}) == 1 else None

    def by_sku(self, sku: str) -> Product | None:
        """Return the product with exactly this SKU, white space and case folded."""
        return self._by_sku.get(fold_sku(sku))

    def by_code(self, folded: str) -> Sequence[Product]:
        """Return products whose SKU or manufacturer's code folds to this."""
        return tuple(self._by_code.get(folded, ()))

    def search(self, text: str, limit: int) -> Sequence[Product]:
        """Return the products whose descriptions are most like the text; the first call builds the index."""
        if self._index is None:
            self._index = ProductIndex(self._by_sku.values())
        return self._index.search(text, limit)

    def _add(self, product: Product) -> None:
        key = fold_sku(product.sku)
        if key in self._by_sku:
            raise InvalidInput(f"SKU {product.sku} stands twice in the catalogue: keep one of the two rows")
        self._by_sku[key] = product
        for code in dict.fromkeys((fold_code(product.sku), fold_code(product.manufacturer_code or ""))):
            if code:
                self._by_code.setdefault(code, []).append(product)
        stock = Pack(product.unit, _ONE, product.gtin)
        for pack in (stock, *product.packs):
            gtin = fold_gtin(pack.gtin or "")
            if gtin:
                self._by_gtin.setdefault(gtin, []).append((product, pack))


class MemoryDirectory:
    """The port `PartyDirectory` over customers and ship-tos in memory."""

    def __init__(self, customers: Iterable[PartyRecord], ship_tos: Iterable[PartyRecord] = ()) -> None:
        """Index customers by id, mail address and domain, and ship-tos by the customer they belong to."""
        self._customers = tuple(customers)
        self._by_id: dict[str, list[PartyRecord]] = {}
        self._by_email: dict[str, list[PartyRecord]] = {}
        self._by_domain: dict[str, list[PartyRecord]] = {}
        self._ship_tos: dict[str, list[PartyRecord]] = {}
        for record in self._customers:
            _fill(self._by_id, (fold_id(i) for i in record.ids), record)
            _fill(self._by_email, (e.strip().lower() for e in record.emails), record)
            _fill(self._by_domain, (d.strip().lower() for d in record.domains), record)
        for record in ship_tos:
            if record.customer is None:
                raise InvalidInput(f"Ship-to {record.key} belongs to no customer: name the customer it belongs to")
            self._ship_tos.setdefault(record.customer, []).append(record)

    def customers_by_id(self, folded: str) -> Sequence[PartyRecord]:
        """Return customers that carry this identifier (letters and digits, upper case)."""
        return tuple(self._by_id.get(folded, ()))

    def customers_by_email(self, address: str) -> Sequence[PartyRecord]:
        """Return customers that know this exact mail address (lower case)."""
        return tuple(self._by_email.get(address, ()))

    def customers_by_domain(self, domain: str) -> Sequence[PartyRecord]:
        """Return customers whose mail comes from this domain (lower case)."""
        return tuple(self._by_domain.get(domain, ()))

    def customers(self) -> Iterable[PartyRecord]:
        """Return every customer."""
        return self._customers

    def ship_tos(self, customer: str) -> Sequence[PartyRecord]:
        """Return the known ship-to addresses of one customer."""
        return tuple(self._ship_tos.get(customer, ()))


def _holds(reference: CrossReference, today: date) -> bool:
    return (reference.valid_from or date.min) <= today <= (reference.valid_to or date.max)


def _fill(index: dict[str, list[PartyRecord]], keys: Iterable[str], record: PartyRecord) -> None:
    for key in dict.fromkeys(keys):
        if key:
            index.setdefault(key, []).append(record)
