"""The catalogue of the demo company, and an endless one of the same kind for measuring at scale."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from oms_app.demo.chance import chance
from oms_app.demo.gs1_numbers import gtin
from oms_app.demo.languages import LANGUAGES, SHADES, Words, same
from oms_app.demo.trades import Family, Trade
from oms_app.demo.trades_supplies import TRADES
from oms_core.values.master import ProductRow

_SCALE_NUMBERS = 1_000_000_000
"""GTINs of `many_products` start here, so that they never meet those of the demo catalogue."""
_SERIES_NAMES = ("Basic", "Classic", "Compact", "Heavy", "Light", "Plus", "Prime", "Pro", "Solid", "Ultra")


@dataclass(frozen=True, slots=True)
class Article:
    """A product with what only the demo knows of it: its trade, its list price, and its name in six languages."""

    row: ProductRow
    trade: str
    price: Decimal
    names: Words


def _finish_code(finish: str) -> str:
    """Return a short code: `black` is BCK, `A2` and `4000K` stay as they are."""
    if any(letter.isdigit() for letter in finish):
        return finish.upper()
    return (finish[0] + finish[-2:]).upper()


def sku_of(family: Family, size: str, finish: str) -> str:
    """Return the SKU: family, size, finish; near twins differ in one character, as they do in the trade."""
    squeezed = "".join(letter for letter in size.upper() if letter.isalnum())
    return f"{family.code}-{squeezed}-{_finish_code(finish)}"


def _names(family: Family, size: str, finish: str) -> Words:
    shade = SHADES.get(finish, same(finish))
    return Words(*(f"{family.names.of(language)} {size} {shade.of(language)}" for language in LANGUAGES))


def price_step(price: Decimal) -> Decimal:
    """Return what a price is rounded to: cents from one euro on, else hundredths of a cent (fasteners cost little)."""
    return Decimal("0.01") if price >= 1 else Decimal("0.0001")


def rounded_price(price: Decimal) -> Decimal:
    """Round a price as this house prints it."""
    return price.quantize(price_step(price), rounding=ROUND_HALF_UP)


def _optional(number: int | None) -> Decimal | None:
    return None if number is None else Decimal(number)


def _article(trade: Trade, family: Family, place: tuple[int, int], number: int, jitter: int) -> Article:
    """Make one article; `place` is its position among the family's sizes and finishes."""
    size, finish = family.sizes[place[0]], family.finishes[place[1]]
    names = _names(family, size, finish)
    grown = family.price * family.growth ** place[0] * (1 + Decimal(place[1]) / 20 + Decimal(jitter) / 1000)
    pack_unit, factor = family.pack or (None, None)
    row = ProductRow(
        sku=sku_of(family, size, finish),
        description=names.en,
        unit=family.unit,
        gtin=gtin(number),
        brand=trade.brand,
        manufacturer_code=f"{trade.brand[:3].upper()}{10_000 + number * 7 % 89_989}",
        pack_unit=pack_unit,
        pack_factor=_optional(factor),
        minimum_quantity=_optional(family.minimum),
        pack_quantity=_optional(family.multiple),
        tax_class=trade.tax_class,
    )
    return Article(row, trade.name, rounded_price(grown), names)


def _places(trade: Trade) -> Iterator[tuple[Family, tuple[int, int]]]:
    for family in trade.families:
        for place in itertools.product(range(len(family.sizes)), range(len(family.finishes))):
            yield family, place


def articles(seed: int) -> tuple[Article, ...]:
    """Return the 400 articles, trade by trade; the seed moves prices and numbers, never what there is."""
    draw = chance(seed, "catalogue")
    first = draw.randrange(100_000, 900_000)
    numbers = itertools.count(first)
    return tuple(
        _article(trade, family, place, next(numbers), draw.randrange(60))
        for trade in TRADES
        for family, place in itertools.islice(_places(trade), trade.count)
    )


def many_products(count: int, seed: int = 7) -> Iterator[ProductRow]:
    """Stream `count` products with unique SKUs and GTINs: the same families in ever more series.

    More than a hundred thousand a second, so that what is measured is the reader and not this.
    """
    kinds = [article.row for article in articles(seed)]
    chance(seed, "many").shuffle(kinds)
    numbers = itertools.count(_SCALE_NUMBERS)
    for batch, kind in itertools.islice(_series(kinds), count):
        name = _SERIES_NAMES[batch % len(_SERIES_NAMES)]
        number = next(numbers)
        yield ProductRow(
            f"{kind.sku}-{batch:04d}",
            f"{kind.description} {name} {batch}",
            kind.unit,
            gtin(number),
            kind.brand,
            f"{kind.manufacturer_code}-{batch}",
            kind.pack_unit,
            kind.pack_factor,
            kind.minimum_quantity,
            kind.pack_quantity,
            kind.tax_class,
        )


def _series(kinds: list[ProductRow]) -> Iterator[tuple[int, ProductRow]]:
    for batch in itertools.count(1):
        for kind in kinds:
            yield batch, kind
