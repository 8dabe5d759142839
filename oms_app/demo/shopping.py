"""What a customer puts into an order: goods of its trades in quantities that are sold, at the price it pays."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from random import Random

from oms_app.demo.catalogue import Article
from oms_app.demo.company import CONTRACTS, DemoCompany, PriceBook, contract_skus
from oms_app.demo.customers import Profile
from oms_app.demo.planned import PlannedLine
from oms_core.values.master import XrefRow

_LEAST_NET = Decimal(80)
"""Orders are made worth this much at least: above every customer's minimum."""
_PACKS = (1, 4)
_TENS = (1, 6)
_PIECES = (1, 12)
_CHEAP = Decimal(1)


@dataclass(frozen=True, slots=True)
class Basket:
    """How lines are printed: with which codes (`sku`, `gtin`, `buyer`, `both`), and whether with prices."""

    codes: str = "sku"
    prices: bool = True
    least_net: Decimal = _LEAST_NET


class Shop:
    """The goods of a company, ready to be picked for one customer after the other."""

    def __init__(self, company: DemoCompany) -> None:
        self.company = company
        self.book = PriceBook(company)
        self._articles = {article.row.sku: article for article in company.articles}
        self._agreed = {name: contract_skus(company, name) for name in CONTRACTS}

    def lines(self, customer: Profile, count: int, basket: Basket, draw: Random) -> tuple[PlannedLine, ...]:
        """Return `count` lines of different goods, worth the basket's least net value together."""
        goods = self._pick(customer, count, basket, draw)
        lines = tuple(self._line(customer, article, xref, basket, draw) for article, xref in goods)
        while sum((line.amount for line in lines), Decimal(0)) < basket.least_net:
            lines = tuple(self.priced(customer.number, replace(line, quantity=line.quantity * 2)) for line in lines)
        return lines

    def article(self, sku: str) -> Article:
        """Return the article with this SKU. Raises KeyError."""
        return self._articles[sku]

    def priced(self, customer: str, line: PlannedLine) -> PlannedLine:
        """Return the line with the customer's price for its quantity, printed where a price was printed."""
        assert line.sku is not None
        price = self.book.price(customer, line.sku, line.stock_quantity)
        printed = None if line.printed_price is None else price * line.factor
        return replace(line, price=price, printed_price=printed)

    def _pick(
        self, customer: Profile, count: int, basket: Basket, draw: Random
    ) -> Sequence[tuple[Article, XrefRow | None]]:
        """Choose goods: by the customer's own codes where those are printed; a contract is always made use of."""
        if basket.codes in {"buyer", "both"}:
            own = [row for row in self.company.xrefs if row.customer == customer.number]
            own = [row for row in own if row.sku not in self.company.scarce]
            return [(self._articles[row.sku], row) for row in draw.sample(own, count)]
        bought = [article for article in self.company.articles if article.trade in customer.trades]
        bought = [article for article in bought if article.row.sku not in self.company.scarce]
        agreed = self._agreed.get(customer.price_list, frozenset())
        first = [article for article in bought if article.row.sku in agreed]
        chosen = draw.sample(first, 1) if first else []
        rest = [article for article in bought if article not in chosen]
        return [(article, None) for article in (*chosen, *draw.sample(rest, count - len(chosen)))]

    def _line(
        self, customer: Profile, article: Article, xref: XrefRow | None, basket: Basket, draw: Random
    ) -> PlannedLine:
        row = article.row
        unit, factor = _unit(article, xref, draw)
        line = PlannedLine(
            sku=row.sku,
            description=article.names.of(customer.language),
            quantity=_quantity(article, factor, draw),
            unit=unit,
            factor=factor,
            price=Decimal(0),
            printed_price=Decimal(0) if basket.prices else None,
            supplier_code=row.sku if basket.codes in {"sku", "both"} else None,
            buyer_code=xref.code if xref is not None else None,
            gtin=row.gtin if basket.codes in {"gtin", "both"} else None,
        )
        return self.priced(customer.number, line)


def _unit(article: Article, xref: XrefRow | None, draw: Random) -> tuple[str, Decimal]:
    """Choose the unit: what the customer's own code means, else the pack for every other line that has one."""
    row = article.row
    if xref is not None and xref.unit is not None and xref.factor is not None:
        return xref.unit, xref.factor
    if row.pack_unit is not None and row.pack_factor is not None and draw.random() < 1 / 2:
        return row.pack_unit, row.pack_factor
    return row.unit, Decimal(1)


def _quantity(article: Article, factor: Decimal, draw: Random) -> Decimal:
    """Choose a quantity that is sold: full multiples, not below the minimum, more of what costs little."""
    row = article.row
    if factor != 1:
        return Decimal(draw.randint(*_PACKS))
    if row.pack_quantity is not None:
        wanted = max(row.minimum_quantity or row.pack_quantity, row.pack_quantity * draw.randint(*_TENS))
        return wanted - wanted % row.pack_quantity
    if article.price < _CHEAP:
        return Decimal(10 * draw.randint(*_TENS))
    return Decimal(draw.randint(*_PIECES))
