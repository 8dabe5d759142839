"""Goods of many trades, named in the sender's language, with codes in the manner of different houses."""

import random
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from oms_app.demo.catalogue import articles
from oms_app.demo.gs1_numbers import gtin
from oms_app.demo.languages import LANGUAGES as DEMO_LANGUAGES
from oms_app.demo.paper.dice import digits
from oms_app.demo.paper.words import package_text

_DEMO_SEED = 7
CODE_STYLES = (
    *("########", "######", "##.####", "###-###", "# ### ### ###", "00000000##########", "{stem}-{spec}", "{stem}####"),
    *("{stem} #####/#", "{stem}.###.##", "#####-{stem}", "{stem}#-####-##", "#####"),
)
"""How houses number their articles: # is a digit, stem and spec come from the article."""


@dataclass(frozen=True, slots=True)
class Good:
    """One article; `price` is in euro for one `unit` (UN/ECE Recommendation 20)."""

    stem: str
    spec: str
    unit: str
    price: Decimal
    name: str


@cache
def _table() -> tuple[tuple[str, ...], ...]:
    rows = [row for row in package_text("goods.txt").splitlines() if not row.startswith("#")]
    return tuple(tuple(cell.strip() for cell in row.split(" | ")) for row in rows)


@cache
def trades() -> tuple[str, ...]:
    """Return the names of all trades: our own table's, and those of the demo."""
    own = dict.fromkeys(row[0] for row in _table())
    return (*own, *dict.fromkeys(article.trade for article in articles(_DEMO_SEED)))


def _own(trade: str, language: str) -> tuple[Good, ...]:
    found = []
    for _, stem, unit, low, high, specs, names in (row for row in _table() if row[0] == trade):
        name = dict(pair.strip().split("=", 1) for pair in names.split(";"))[language]
        choices = [spec.strip() for spec in specs.split(", ")]
        step = (Decimal(high) - Decimal(low)) / len(choices)
        found += [Good(stem, spec, unit, Decimal(low) + step * n, name) for n, spec in enumerate(choices)]
    return tuple(found)


def _of_the_demo(trade: str, language: str) -> tuple[Good, ...]:
    spoken = language if language in DEMO_LANGUAGES else "en"
    found = []
    for article in (article for article in articles(_DEMO_SEED) if article.trade == trade):
        stem, size = article.row.sku.split("-")[:2]
        found.append(Good(stem, size, article.row.unit, article.price, article.names.of(spoken)))
    return tuple(found)


@cache
def goods(trade: str, language: str) -> tuple[Good, ...]:
    """Return the goods of a trade, named in a language (English where the demo's ranges have no name in it)."""
    return _own(trade, language) or _of_the_demo(trade, language)


def description(good: Good) -> str:
    """Name the article with its size or grade."""
    return good.name if any(letter.isdigit() for letter in good.name) else f"{good.name} {good.spec}"


def code(draw: random.Random, style: str, good: Good) -> str:
    """Give the article a number in the manner of a house."""
    spec = "".join(letter for letter in good.spec.upper() if letter.isascii() and letter.isalnum())
    return digits(draw, style.format(stem=good.stem, spec=f"{spec[:6]}{digits(draw, '##')}"))


def barcode_number(draw: random.Random) -> str:
    """Return a valid GTIN-13 that nobody owns."""
    return gtin(draw.randrange(10**9))
