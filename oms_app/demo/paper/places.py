"""Where senders live: how their country writes addresses, numbers, dates and tax, and invented companies there."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from oms_app.demo.paper.dice import digits
from oms_app.demo.paper.words import package_text

_STEMS = (
    *("Arnbeck", "Belmar", "Calderon", "Dorvik", "Elmsted", "Fenwright", "Gallus", "Hartwell", "Ilmari", "Jorvik"),
    *("Kestrel", "Lindenau", "Marlowe", "Norvent", "Ostrava Delta", "Pellicano", "Quarrier", "Rosmaren", "Silvano"),
    *("Tarnow", "Ulmbach", "Vestergren", "Wolfsegg", "Xantis", "Yarrow", "Zentaris", "Bramante", "Corvina", "Dunmore"),
    *("Fjellstrand", "Grantham Vale", "Helion", "Isarwerk", "Kaltenberg", "Lacroix", "Meridian", "Nordsund"),
    *("Opaline", "Petrovar", "Rheingold", "Sanremo", "Talbot & Hay", "Umbrella Pines", "Varga", "Westmark"),
)
_SCALES = {
    "HUF": 380,
    "CZK": 25,
    "SEK": 11,
    "DKK": 7,
    "PLN": 4,
    "INR": 90,
    "MXN": 20,
    "TRY": 40,
    "RON": 5,
    "BRL": 6,
}
"""Roughly what one euro is, so that prices look like prices."""
_NO_CENTS = frozenset({"HUF"})


@dataclass(frozen=True, slots=True)
class Place:
    """A country with one language: `tables` holds its spellings, patterns and names."""

    code: str
    tables: Mapping[str, tuple[str, ...]]

    @property
    def language(self) -> str:
        """The language of its papers."""
        return self.tables["language"][0]

    @property
    def currency(self) -> str:
        """Its currency, ISO 4217."""
        return self.tables["currency"][0]

    @property
    def cents(self) -> int:
        """How many decimals its amounts have."""
        return 0 if self.currency in _NO_CENTS else 2

    @property
    def scale(self) -> Decimal:
        """What a price in euro is multiplied with."""
        return Decimal(_SCALES.get(self.currency, 1))


@dataclass(frozen=True, slots=True)
class Party:
    """A company as it may be printed; what a layout leaves out is not in the truth."""

    name: str
    street: str
    town: str
    country: str
    vat: str
    account: str
    phone: str
    email: str
    person: str

    @property
    def address(self) -> tuple[str, ...]:
        """Street, town and country, each on a line of its own; the country where it is named at all."""
        return tuple(part for part in (self.street, self.town, self.country) if part)


@cache
def places() -> Mapping[str, Place]:
    """Return every place by its code, such as `de-CH`."""
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    code = ""
    for row in package_text("places.txt").splitlines():
        if row.startswith("["):
            code = row.strip("[]")
            found[code] = {}
        else:
            key, _, values = row.partition(":")
            found[code][key] = tuple(value.strip() for value in values.split(" | "))
    return {code: Place(code, tables) for code, tables in found.items()}


def company(draw: random.Random, place: Place) -> Party:
    """Invent a company of this place."""
    tables = place.tables
    stem = draw.choice(_STEMS)
    parts = (stem, draw.choice(tables["business"]), draw.choice(tables["legal"]))
    person = draw.choice(tables["person"])
    domain = "".join(letter for letter in stem.lower() if letter.isascii() and letter.isalpha())
    return Party(
        name=" ".join(parts),
        street=digits(draw, draw.choice(tables["street"])),
        town=draw.choice(tables["town"]),
        country=tables["country"][0],
        vat=digits(draw, draw.choice(tables["vat"])),
        account=digits(draw, draw.choice(("######", "1####", "K-####", "70####", "C0####"))),
        phone=digits(draw, draw.choice(tables["phone"])),
        email=f"{draw.choice(('purchasing', 'office', 'info'))}@{domain}.example",
        person=person,
    )
