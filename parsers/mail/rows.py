"""Rows of a table without a header: code, words, quantity with its unit, price and amount, told by what fits."""

import re
from collections.abc import Sequence
from decimal import Decimal

from parsers.mail import naming
from parsers.mail.cells import Row, is_money, money, quantity_of
from parsers.mail.counts import is_time
from parsers.mail.lines import Item
from parsers.words import codes as article_codes
from parsers.words import numbers, unit_words
from parsers.words.spans import Span

_ENOUGH = 2
_CENT = Decimal("0.011")


def untitled(row: Row, comma: bool | None) -> Item | None:
    """Read a row of a table without a header: code, words, quantity with its unit, price, amount, as they fit."""
    filled = [cell for cell in row if cell.text and cell.text not in {"x", "=", "\u00d7", "-"}]
    if len(filled) < _ENOUGH:
        return None
    words = [cell for cell in filled if any(char.isalpha() for char in cell.text)]
    code = next((cell for cell in filled[:3] if article_codes.is_code(cell.text)), None)
    text = [cell for cell in words if cell is not code and quantity_of(cell, comma) is None and not is_money(cell)]
    text = [cell for cell in text if unit_words.code_of(cell.text) is None] or text
    description = max(text, key=lambda cell: len(cell.text), default=None)
    if code is None and description is None:
        return None
    rest = [cell for cell in filled if cell is not code and cell is not description]
    found = _with_numbers(article_codes.Named(code, description), rest, comma)
    return found or _run_together(article_codes.Named(code, description), rest, comma)


def _run_together(named: article_codes.Named, rest: Sequence[Span], comma: bool | None) -> Item | None:
    """Read a row whose quantity has run into the name of the goods, where price times quantity is the amount."""
    words = named.description
    last = _LAST_NUMBER.search(words.text) if words else None
    value = numbers.parse_number(last.group("number"), comma) if last else None
    priced = [(cell, sum_) for cell in rest if (sum_ := money(cell, comma)) is not None and is_money(cell)]
    if words is None or last is None or not value:
        return None
    price, amount = _price_and_amount(priced, value)
    if price is None or amount is None:
        return None
    return Item(
        article_codes.Named(named.code, words.cut(0, last.start())),
        value,
        words.cut(last.start("number"), last.end("number")),
        None,
        None,
        price[1],
        price[0],
        amount[1],
        amount[0],
    )


_LAST_NUMBER = re.compile(r"\s+(?P<number>\d[\d.,]*)\s*[x\u00d7]?$")


def _with_numbers(named: article_codes.Named, rest: list[Span], comma: bool | None) -> Item | None:
    """Find which cell is the quantity: one with a unit, else the one that price times quantity confirms, else first."""
    found = [(cell, quantity_of(cell, comma)) for cell in rest]
    quantities = [(cell, got) for cell, got in found if got is not None]
    if not quantities:
        return None
    with_unit = [pair for pair in quantities if pair[1][2]]
    amounts = [(cell, value) for cell in rest if (value := money(cell, comma)) is not None and is_money(cell)]
    number = None
    if len(quantities) > 1 and not with_unit and rest and quantities[0][0] is rest[0] and len(amounts) > 3:  # noqa: PLR2004
        number = quantities.pop(0)[0]
    cell, got = (with_unit or quantities)[0]
    if got[2] is None:
        got = _unit_beside(cell, got, rest)
    later = [(at, value) for at, value in amounts if at.start > cell.start]
    price, amount = _price_and_amount(later, got[0])
    if named.code is None and named.description is not None:
        named = naming.named(named.description)
    if is_time(named, got[2]):
        return None
    return Item(
        named,
        got[0],
        got[1],
        got[2],
        got[3],
        price[1] if price else None,
        price[0] if price else None,
        amount[1] if amount else None,
        amount[0] if amount else None,
        line_number=number,
        strong=named.code is not None or got[2] is not None or amount is not None,
    )


_Got = tuple[Decimal, Span, str | None, Span | None]


def _unit_beside(cell: Span, got: _Got, rest: list[Span]) -> _Got:
    """Take the unit from a cell of its own behind the quantity's."""
    beside = next((other for other in rest if other.start > cell.start), None)
    code = unit_words.code_of(beside.text) if beside else None
    return (got[0], got[1], code, beside) if code else got


def _price_and_amount(
    later: list[tuple[Span, Decimal]], quantity: Decimal
) -> tuple[tuple[Span, Decimal] | None, tuple[Span, Decimal] | None]:
    for price in later:
        for amount in later:
            if price is not amount and abs(price[1] * quantity - amount[1]) <= _CENT:
                return price, amount
    return (later[0] if later else None), None
