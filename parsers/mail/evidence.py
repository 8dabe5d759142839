"""What speaks for and against the reading of a letter, as facts that a calibrated model can be fitted to."""

from dataclasses import dataclass

from oms_core.values.draft import DocumentKind
from parsers.mail.body import Body, Way
from parsers.mail.kind import Wish

_LEAST = 0.05
_BARE = 0.2
_MOST = 0.97
_SOME_CODED = 0.07
"""Off where some lines have a code and others none: a code may be part of a name, or a name hold a code."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Facts of one draft: counts of lines by how they were found and by what they state, and what was left over."""

    lines: int
    by_way: tuple[tuple[Way, int], ...]
    strong: int
    """Lines with a unit, a code or a sign that makes the number a quantity."""
    coded: int
    with_unit: int
    priced: int
    closed: int
    """Lines whose amount is quantity times price."""
    left: int
    """Places that look like a line and were not read."""
    kind: DocumentKind
    kind_sure: float
    competing: int
    """Kinds of wishes besides the chosen one that words of the letter speak for."""
    against: int
    """Words of complaints, questions and advertisements."""
    numbered: bool
    dated: bool
    repeats: bool
    encloses: bool
    from_quote: bool


def gather(wish: Wish, body: Body, *, numbered: bool, dated: bool) -> Evidence:
    """Return the facts of a letter that has been read."""
    assert wish.kind is not None
    return Evidence(
        lines=len(body.items),
        by_way=tuple((way, count) for way in Way if (count := body.ways.count(way))),
        strong=body.strong,
        coded=sum(item.named.code is not None or item.buyer_code is not None for item in body.items),
        with_unit=sum(item.unit is not None for item in body.items),
        priced=sum(item.price is not None for item in body.items),
        closed=sum(_closes(item.quantity, item.price, item.amount) for item in body.items),
        left=len(body.left),
        kind=wish.kind,
        kind_sure=wish.confidence,
        competing=wish.competing,
        against=wish.against,
        numbered=numbered,
        dated=dated,
        repeats=wish.repeats,
        encloses=wish.encloses,
        from_quote=wish.accepts_quote,
    )


def _closes(quantity: object, price: object, amount: object) -> bool:
    from decimal import Decimal

    if not (isinstance(quantity, Decimal) and isinstance(price, Decimal) and isinstance(amount, Decimal)):
        return False
    return abs(quantity * price - amount) <= Decimal("0.02")


_WAY_SURE = {Way.TABLE: 0.97, Way.RECORD: 0.96, Way.LIST: 0.96, Way.PROSE: 0.85, Way.WORDS: 0.8}


def confidence(facts: Evidence) -> float:
    """Say how likely the whole draft is right: the kind, then every line, less what was left unread.

    Drawn up by hand until a model is fitted to the facts.
    """
    if facts.kind is DocumentKind.ORDER_CANCELLATION:
        return round(facts.kind_sure * (1.0 if facts.numbered else 0.8), 2)
    if not facts.lines:
        return _BARE
    ways = sum(_WAY_SURE[way] * count for way, count in facts.by_way) / max(sum(count for _, count in facts.by_way), 1)
    told = sum((facts.strong / facts.lines, max(facts.coded, facts.with_unit) / facts.lines)) / 2
    sure = facts.kind_sure * ways * (0.75 + 0.25 * told)
    sure -= 0.25 * min(facts.left, 2) + 0.06 * min(facts.competing, 2) + 0.05 * min(facts.against, 3)
    if 0 < facts.coded < facts.lines:
        sure -= _SOME_CODED
    if facts.repeats or facts.from_quote:
        sure = min(sure, 0.7)
    return round(min(max(sure, _LEAST), _MOST), 2)
