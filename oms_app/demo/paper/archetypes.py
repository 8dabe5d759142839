"""Layouts drawn up by hand in the manner of the systems and houses that orders come from, and their variations."""

import random
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from oms_app.demo.chance import chance
from oms_app.demo.paper.dice import often
from oms_app.demo.paper.goods import trades
from oms_app.demo.paper.layout import Column, Font, Kind, Layout, Letterhead, Rules, UnitPlace
from oms_app.demo.paper.places import places
from oms_app.demo.paper.words import package_text

_BOUND_TO_PLACE = frozenset({"oracle", "jde", "tally", "grid-tax"})
_BOUND_TO_TRADE = frozenset({"size-grid", "site", "library", "pharmacy"})
_WHOLE = frozenset({"one-item", "size-grid", "filled-form", "transport", "word-letter", "terse"})
"""Archetypes that are what they are by all their parts together: none is mixed into another."""
_FONTS: tuple[Font, ...] = (
    *("helvetica", "helvetica", "helvetica", "times", "courier", "narrow", "dejavu", "condensed", "serif", "mono"),
)
_OTHERS_CODES: frozenset[Column] = frozenset({"own_code"})
_ORDERERS_FACTS = frozenset({"customer_no", "vendor_no", "offer"})
"""Facts whose labels speak as the one who orders."""
_FINE_PRINT = 90
"""Sentences of conditions that fill a page of their own."""
_MANY_TIMES = 6
"""How much longer the orders of some houses are than is usual for their layout."""
_RULES: tuple[Rules, ...] = ("grid", "rows", "head", "none", "zebra", "columns", "frame")
_OTHER_KINDS: Mapping[Kind, int] = {
    "change": 3,
    "cancellation": 2,
    "enquiry": 3,
    "confirmation": 3,
    "invoice": 2,
    "price_list": 1,
}
"""In percent of all documents."""
_PRICES: frozenset[Column] = frozenset({"price", "per", "discount", "net_price", "amount", "tax_rate"})


def _frozen(value: Any) -> Any:
    return tuple(_frozen(part) for part in value) if isinstance(value, list) else value


@cache
def hand_drawn() -> tuple[Layout, ...]:
    """Return the layouts of the table `archetypes.toml`, each named after its entry."""
    table = tomllib.loads(package_text("archetypes.toml"))
    return tuple(
        Layout(name, **{key: _frozen(value) for key, value in choices.items()}) for name, choices in table.items()
    )


def layouts(seed: int, count: int) -> tuple[Layout, ...]:
    """Return so many layouts of different senders, drawn from a seed; every archetype has its turn."""
    turns = chance(seed, "turns").sample(hand_drawn(), len(hand_drawn()))
    return tuple(
        _layout(chance(seed, "layout", str(index)), replace(turns[index % len(turns)], number=index + seed * 100_000))
        for index in range(count)
    )


def _layout(draw: random.Random, layout: Layout) -> Layout:
    if often(draw, 75) and layout.archetype not in _BOUND_TO_PLACE:
        layout = replace(layout, place=draw.choice(tuple(places())))
    if often(draw, 60) and layout.archetype not in _BOUND_TO_TRADE:
        layout = replace(layout, trade=draw.choice(trades()))
    if often(draw, 35) and layout.archetype not in _WHOLE:
        layout = _mixed(draw, layout)
    return _of_kind(_varied(draw, layout), _kind(draw))


def _varied(draw: random.Random, layout: Layout) -> Layout:
    """Change what houses with the same system set differently."""
    letterheads: tuple[Letterhead, ...] = (layout.letterhead, layout.letterhead, "left", "right", "centre", "footer")
    return replace(
        layout,
        font=layout.font if layout.fields else draw.choice((layout.font, draw.choice(_FONTS))),
        size=layout.size + draw.choice((-1, 0, 0, 0, 1)),
        margin=layout.margin + draw.choice((-14, -6, 0, 0, 8)),
        letterhead=draw.choice(letterheads),
        label_colon=often(draw, 60),
        upper_labels=layout.upper_labels or often(draw, 10),
        header_due=layout.header_due and often(draw, 80),
        due_as_week=often(draw, 6),
        names_vat=layout.names_vat and often(draw, 80),
        ship_to=draw.choice((layout.ship_to, layout.ship_to, "other", "none")),
        dark_header=layout.dark_header or often(draw, 10),
        header_again=often(draw, 80),
        title_spaced=layout.title_spaced or often(draw, 7),
        remarks=layout.remarks or often(draw, 15),
        more_text=0 if layout.fields else draw.choice((layout.more_text, layout.more_text, 0, 2)),
        terms=draw.choice((layout.terms, layout.terms, 0, 0, 3, 3, _FINE_PRINT)),
        most_lines=layout.most_lines * (_MANY_TIMES if layout.archetype not in _WHOLE and often(draw, 15) else 1),
        names_country=layout.names_country and often(draw, 50),
        street_and_town=often(draw, 12),
        attention=often(draw, 15),
        ship_to_below=often(draw, 12),
        due_below=often(draw, 12),
        empty_counted=often(draw, 40),
        logo=often(draw, 25),
        title_align=draw.choice(("left", "left", "left", "right", "centre")),
        note=often(draw, 20),
        words_apart=often(draw, 12),
        watermark=layout.watermark or often(draw, 4),
    )


def _mixed(draw: random.Random, layout: Layout) -> Layout:
    """Give a layout the head of one archetype, the table of another and the totals of a third."""
    whole = [drawn for drawn in hand_drawn() if drawn.archetype not in _WHOLE]
    head, table, totals = draw.sample(whole, 3)
    return replace(
        layout,
        archetype="mixed",
        head=head.head,
        facts=head.facts,
        number_in=head.number_in,
        extra_facts=head.extra_facts,
        buyer_labelled=head.buyer_labelled,
        supplier_labelled=head.supplier_labelled,
        bands=_reordered(draw, table.bands),
        unit_place=table.unit_place,
        code_place=table.code_place,
        codes_under=table.codes_under,
        due_under=table.due_under,
        base=table.base,
        least_lines=table.least_lines,
        most_lines=table.most_lines,
        rules=draw.choice(_RULES),
        totals=totals.totals,
        currency_in=draw.choice((totals.currency_in, totals.currency_in, "codes")),
        position_step=draw.choice((1, 1, 10)),
        position_width=draw.choice((0, 0, 3, 5)),
        price_places=draw.choice((2, 2, 3, 4)),
        quantity_places=draw.choice((0, 0, 2, 3)),
    )


def _reordered(draw: random.Random, bands: tuple[tuple[Column, ...], ...]) -> tuple[tuple[Column, ...], ...]:
    """Set the columns of a table in another order: how many before what, codes behind names, or all as it was."""
    first, *others = bands
    order = draw.choice(("as it was", "as it was", "count first", "codes last"))
    if others or order == "as it was":
        return bands
    moved: frozenset[Column] = frozenset({"quantity", "unit"} if order == "count first" else {"plain_code", "code"})
    kept = tuple(column for column in first if column not in moved)
    apart = tuple(column for column in first if column in moved)
    at = 1 if kept[:1] == ("pos",) else 0
    if order == "codes last":
        at = kept.index("description") + 1 if "description" in kept else len(kept)
    return ((*kept[:at], *apart, *kept[at:]),)


def _kind(draw: random.Random) -> Kind:
    at, reached = draw.randrange(100), 0
    for kind, percent in _OTHER_KINDS.items():
        reached += percent
        if at < reached:
            return kind
    return "order"


def _of_kind(layout: Layout, kind: Kind) -> Layout:
    """Make the layout one of a kind; an enquiry asks for prices and prints none, a price list asks for nothing."""
    if layout.kind == "transport":
        return layout
    if kind == "price_list":
        bands: tuple[tuple[Column, ...], ...] = (("plain_code", "description", "unit", "price"),)
        listed = replace(_plain(layout, kind, bands), least_lines=12, most_lines=60, currency_in="heading")
        return replace(listed, intro=False, closing=False, ship_to="none", supplier_labelled=False, remarks=False)
    if kind in ("confirmation", "invoice"):
        return _from_seller(layout, kind)
    if kind != "enquiry":
        return replace(layout, kind=kind)
    bands = tuple(tuple(column for column in band if column not in _PRICES) for band in layout.bands)
    unpriced = _plain(layout, kind, tuple(band for band in bands if band))
    unpriced = replace(unpriced, currency_in="none", closing=False)
    return replace(unpriced, unit_place="with_quantity") if layout.unit_place == "after_price" else unpriced


def _from_seller(layout: Layout, kind: Kind) -> Layout:
    """Turn the paper round: 'our' and 'your' would change their sense, so the seller's code stands without an owner."""
    bands = tuple(
        tuple("plain_code" if column == "code" else column for column in band if column not in _OTHERS_CODES)
        for band in layout.bands
    )
    return replace(
        layout,
        kind=kind,
        bands=tuple(band for band in bands if band),
        code_place="column" if layout.code_place == "stacked" else layout.code_place,
        codes_under=(),
        extra_facts=tuple(fact for fact in layout.extra_facts if fact not in _ORDERERS_FACTS),
        closing=False,
        terms=0,
        note=False,
        remarks=False,
    )


def _plain(layout: Layout, kind: Kind, bands: tuple[tuple[Column, ...], ...]) -> Layout:
    """Return the layout of another kind with other columns, and without sums."""
    place: UnitPlace = "column" if kind == "price_list" else layout.unit_place
    return replace(
        layout,
        kind=kind,
        bands=bands,
        unit_place=place,
        totals="none",
        freight="none",
        carried=False,
        group_sums=False,
    )
