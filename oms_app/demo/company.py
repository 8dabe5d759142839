"""The demo company whole: goods, stock, customers, prices and cross-references from one seed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from oms_app.demo.catalogue import Article, articles, rounded_price
from oms_app.demo.chance import chance
from oms_app.demo.customers import PROFILES, SELLER, Profile, Seller, customer_rows
from oms_core.values.master import CustomerRow, PriceRow, ProductRow, StockRow, XrefRow

DEFAULT_SEED = 7

WAREHOUSES = ("HAMBURG", "LEIPZIG", "VENLO")
"""The first is the main one: what clean orders ask for lies there whole."""

LIST_FACTORS = {"A": Decimal("1.00"), "B": Decimal("0.95"), "C": Decimal("0.90")}
"""Price lists A to C, as parts of the list price."""
CONTRACTS = {"CONTRACT-K1004": "B", "CONTRACT-K1013": "C"}
"""A contract is a price list of its own: the list it starts from, with what was agreed put in its place."""
_CONTRACT_FACTOR = Decimal("0.82")
_CONTRACT_SKUS = 25
_BREAKS = ((Decimal(5), Decimal("0.96")), (Decimal(20), Decimal("0.92")))
"""From this many packs on, this part of the price; articles sold without packs have no breaks."""

_XREFS_PER_CUSTOMER = 40
_SCARCE = 6
_SCARCE_STOCK = 4


@dataclass(frozen=True, slots=True)
class DemoCompany:
    """The master data of the demo, in the rows that an import takes; `articles` knows more of the same products."""

    seed: int
    seller: Seller
    products: tuple[ProductRow, ...]
    stock: tuple[StockRow, ...]
    customers: tuple[CustomerRow, ...]
    prices: tuple[PriceRow, ...]
    xrefs: tuple[XrefRow, ...]
    articles: tuple[Article, ...]
    scarce: tuple[str, ...]
    """SKUs of which there is next to nothing: only the oversold orders ask for them."""

    @property
    def sold_tos(self) -> tuple[CustomerRow, ...]:
        """Customers without their ship-tos."""
        return tuple(row for row in self.customers if row.ship_to_of is None)

    def customer(self, number: str) -> CustomerRow:
        """Return one customer or ship-to. Raises KeyError for a number nobody has."""
        for row in self.customers:
            if row.number == number:
                return row
        raise KeyError(number)

    def ship_tos(self, number: str) -> tuple[CustomerRow, ...]:
        """Return the ship-tos of one customer."""
        return tuple(row for row in self.customers if row.ship_to_of == number)


class PriceBook:
    """What a customer pays: the row of its list with the largest `quantity_from` not above the quantity."""

    def __init__(self, company: DemoCompany) -> None:
        self._lists = {row.number: row.price_list or "" for row in company.sold_tos}
        self._rows: dict[tuple[str, str], list[PriceRow]] = {}
        for row in company.prices:
            self._rows.setdefault((row.price_list, row.sku), []).append(row)

    def price(self, customer: str, sku: str, quantity: Decimal) -> Decimal:
        """Return the price of one stock unit. Raises KeyError for an unknown customer or SKU."""
        rows = self._rows[self._lists[customer], sku]
        return max((row for row in rows if row.quantity_from <= quantity), key=lambda row: row.quantity_from).price


def _with_breaks(price_list: str, article: Article, price: Decimal) -> Iterator[PriceRow]:
    """Yield one article's prices in one list: from nothing on, and from so many packs on."""
    yield PriceRow(price_list, article.row.sku, price, "EUR")
    if article.row.pack_factor is not None:
        for packs, part in _BREAKS:
            yield PriceRow(
                price_list, article.row.sku, rounded_price(price * part), "EUR", packs * article.row.pack_factor
            )


def _contract_skus(seed: int, price_list: str, goods: tuple[Article, ...]) -> frozenset[str]:
    """Choose what a contract covers, from the trades of the customer that has it."""
    owner = next(customer for customer in PROFILES if customer.price_list == price_list)
    wanted = [article.row.sku for article in goods if article.trade in owner.trades]
    return frozenset(chance(seed, "contract", price_list).sample(wanted, _CONTRACT_SKUS))


def _prices(seed: int, goods: tuple[Article, ...]) -> Iterator[PriceRow]:
    for price_list, factor in LIST_FACTORS.items():
        for article in goods:
            yield from _with_breaks(price_list, article, rounded_price(article.price * factor))
    for price_list, basis in CONTRACTS.items():
        agreed = _contract_skus(seed, price_list, goods)
        for article in goods:
            if article.row.sku in agreed:
                yield PriceRow(price_list, article.row.sku, rounded_price(article.price * _CONTRACT_FACTOR), "EUR")
            else:
                yield from _with_breaks(price_list, article, rounded_price(article.price * LIST_FACTORS[basis]))


def contract_skus(company: DemoCompany, price_list: str) -> frozenset[str]:
    """Return the SKUs with an agreed price in this contract."""
    return _contract_skus(company.seed, price_list, company.articles)


_MAIN_STOCK_PACKS = (40, 120)
_MAIN_STOCK_LOOSE = (600, 2400)
_SIDE_SHARE = (5, 30)


def _stock(seed: int, goods: tuple[Article, ...], scarce: frozenset[str]) -> Iterator[StockRow]:
    """Yield every article's stock in the three warehouses; a scarce one lies in the main one only."""
    draw = chance(seed, "stock")
    for article in goods:
        row = article.row
        factor = row.pack_factor
        main = factor * draw.randint(*_MAIN_STOCK_PACKS) if factor else Decimal(draw.randint(*_MAIN_STOCK_LOOSE))
        shares = [draw.randint(*_SIDE_SHARE) for _ in WAREHOUSES[1:]]
        if row.sku in scarce:
            yield StockRow(WAREHOUSES[0], row.sku, Decimal(_SCARCE_STOCK))
            continue
        yield StockRow(WAREHOUSES[0], row.sku, main)
        for warehouse, share in zip(WAREHOUSES[1:], shares, strict=True):
            yield StockRow(warehouse, row.sku, Decimal(int(main * share / 100)))


def _xrefs(seed: int, goods: tuple[Article, ...]) -> Iterator[XrefRow]:
    """Yield each customer's own codes for what it buys; where goods come in packs, half its codes mean a pack."""
    for customer in PROFILES:
        if not customer.own_codes:
            continue
        draw = chance(seed, "xref", customer.number)
        bought = [article.row for article in goods if article.trade in customer.trades]
        for number, row in enumerate(draw.sample(bought, _XREFS_PER_CUSTOMER)):
            packed = row.pack_unit is not None and draw.random() < 1 / 2
            yield XrefRow(
                customer=customer.number,
                code=customer.own_codes.format(20_000 + number * 13),
                sku=row.sku,
                unit=row.pack_unit if packed else row.unit,
                factor=row.pack_factor if packed else Decimal(1),
            )


def _scarce(seed: int, goods: tuple[Article, ...]) -> tuple[str, ...]:
    """Choose the goods that run out, none of them below an euro, so that an order for a few is worth placing."""
    dear = [article.row.sku for article in goods if article.price >= 1 and article.row.minimum_quantity is None]
    return tuple(sorted(chance(seed, "scarce").sample(dear, _SCARCE)))


def build_company(seed: int = DEFAULT_SEED) -> DemoCompany:
    """Return the demo company of this seed: products, stock, customers, prices, codes."""
    goods = articles(seed)
    scarce = _scarce(seed, goods)
    return DemoCompany(
        seed=seed,
        seller=SELLER,
        products=tuple(article.row for article in goods),
        stock=tuple(_stock(seed, goods, frozenset(scarce))),
        customers=customer_rows(),
        prices=tuple(_prices(seed, goods)),
        xrefs=tuple(_xrefs(seed, goods)),
        articles=goods,
        scarce=scarce,
    )


def profiles_by_number() -> Mapping[str, Profile]:
    """Return the fifteen customers' profiles by their number."""
    return {customer.number: customer for customer in PROFILES}
