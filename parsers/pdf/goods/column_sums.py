"""Whether columns close: quantity times price is the amount, row by row, and the amounts add up to a printed number.

A discount or a price base may stand between, in a column of its own or told by arithmetic alone.
"""

from dataclasses import dataclass, field, replace
from decimal import Decimal

from parsers.pdf.goods.column_kinds import Kinds
from parsers.words.number_cells import NumberCell

_TOLERANCE = 0.011
_RELATIVE = 0.0015
_HEADED = 5.0
"""What makes up for a heading that says another thing."""

_DETOUR = 0.8
"""What closing counts less where it needs a base or a discount."""


@dataclass(frozen=True, slots=True)
class ColumnText:
    """A column as the solver sees it: the field its header names (empty where it names none), one text for each row.

    `sure` (0 to 1) says how far the header is believed.
    """

    header: str
    cells: tuple[str, ...]
    sure: float = 1.0


@dataclass(frozen=True, slots=True)
class ColumnsRead:
    """All columns read with one decimal mark."""

    comma: bool | None
    columns: tuple[ColumnText, ...]
    numbers: tuple[tuple[NumberCell | None, ...], ...]
    kinds: tuple[Kinds, ...]
    floats: tuple[tuple[float | None, ...], ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Closing:
    """How the rows of three columns close."""

    score: float
    stated: int = 0
    closed: int = 0
    telling: int = 0
    sums: bool = False
    base: int = 1
    extra: int | None = None
    """The column of discounts or price bases with which they close."""


def closing(reading: ColumnsRead, chosen: tuple[int | None, ...], totals: frozenset[Decimal]) -> Closing:
    """Say how the columns chosen for quantity, price and amount close, at best with a base or a discount.

    `totals` are the numbers printed outside the table, of which one may be the sum of the amounts.
    """
    quantity, price, amount = chosen
    sums = amount is not None and _sums(reading, amount, totals)
    bonus = _summing(reading, chosen, totals) if sums else 0.0
    if quantity is None or price is None or amount is None:
        return Closing(bonus, sums=sums)
    plain = _closed(reading, (quantity, price, amount), None, 1)
    best = plain
    if plain.stated and plain.closed < 0.8 * plain.stated:
        tries = [_closed(reading, (quantity, price, amount), None, base) for base in (10, 100, 1000)]
        tries += [
            _closed(reading, (quantity, price, amount), index, 1)
            for index in range(len(reading.columns))
            if index not in chosen and _lowers(reading, index)
        ]
        better = max(tries, key=lambda entry: entry.score)
        best = plain if plain.score >= better.score - _DETOUR else replace(better, score=better.score - _DETOUR)
    return replace(best, score=best.score + bonus, sums=sums)


def _summing(reading: ColumnsRead, chosen: tuple[int | None, ...], totals: frozenset[Decimal]) -> float:
    """Return what it says for amounts that they add up to a number that is printed.

    Much, where no heading names amounts: a shop's 'Price' is that of the whole line if these add up and quantity times
    price does not.
    """
    quantity, price, amount = chosen
    if quantity is None or amount is None or price is not None:
        return _ADDS_UP
    if any(column.header == "amount" for column in reading.columns):
        return _ADDS_UP
    pairs = zip(reading.numbers[quantity], reading.numbers[amount], strict=True)
    products = sum((one.value * two.value for one, two in pairs if one and two), Decimal(0))
    several = any(one is not None and one.value != 1 for one in reading.numbers[quantity])
    return _ADDS_UP + (_HEADED if several and products not in totals else 0.0)


_ADDS_UP = 2.5


def at_net_price(reading: ColumnsRead, chosen: tuple[int | None, ...]) -> tuple[int | None, ...]:
    """Take the net price where it is printed beside the list price and the discount."""
    quantity, price, amount = chosen
    if quantity is None or price is None or amount is None:
        return chosen
    plain = _closed(reading, (quantity, price, amount), None, 1)
    if plain.closed == plain.stated:
        return chosen
    lowering = ("discount", "price_base")
    others = [at for at, column in enumerate(reading.columns) if at not in chosen and column.header not in lowering]
    net = [(_closed(reading, (quantity, index, amount), None, 1), index) for index in others]
    best = max(net, key=lambda entry: entry[0].closed, default=None)
    if best is None or best[0].closed <= plain.closed or best[0].closed < 0.8 * plain.stated:
        return chosen
    return (quantity, best[1], amount)


def _lowers(reading: ColumnsRead, index: int) -> bool:
    """Say whether a column may hold discounts or price bases: its header says so, or there is none and it looks so."""
    header, kinds = reading.columns[index].header, reading.kinds[index]
    if header in ("discount", "price_base"):
        return kinds.filled > 0
    if header or not kinds.figures:
        return False
    rates = all(value is None or 0 <= value < 100 for value in reading.floats[index])  # noqa: PLR2004  percent
    return kinds.percent > 0 or kinds.bases or rates


def lowering(reading: ColumnsRead, index: int) -> str:
    """Return whether a column with which the rows close holds discounts or what the prices are for."""
    header = reading.columns[index].header
    if header in ("discount", "price_base"):
        return header
    return "price_base" if reading.kinds[index].bases else "discount"


def _sums(reading: ColumnsRead, amount: int, totals: frozenset[Decimal]) -> bool:
    found = [number.value for number in reading.numbers[amount] if number is not None]
    return len(found) > 1 and not reading.kinds[amount].counts_up and sum(found, Decimal(0)) in totals


def _closed(reading: ColumnsRead, triple: tuple[int, int, int], extra: int | None, base: int) -> Closing:
    """Count the rows where quantity times price is the amount; `extra` is a column of discounts or price bases."""
    stated = closed = telling = 0
    columns = [reading.floats[index] for index in triple]
    extras = reading.floats[extra] if extra is not None else (None,) * len(columns[0])
    for quantity, price, amount, other in zip(*columns, extras, strict=True):
        if quantity is None or price is None or amount is None:
            continue
        stated += 1
        if not amount and (quantity and price):
            continue
        if _row_closes(quantity, price / base, amount, other):
            closed += 1
            telling += abs(quantity) != 1 and abs(price) != 1
    if not stated:
        return Closing(-0.5)
    share = closed / stated
    if share < 0.5:  # noqa: PLR2004
        return Closing(-2.0 + 4 * share, stated, closed, telling, base=base, extra=extra)
    strength = 1.5 if not telling else 4.0 if telling == 1 else 6.0
    return Closing(strength * share - (1 - share), stated, closed, telling, base=base, extra=extra)


def _row_closes(quantity: float, price: float, amount: float, other: float | None) -> bool:
    product = quantity * price
    slack = max(_TOLERANCE, abs(amount) * _RELATIVE)
    if abs(product - amount) <= slack:
        return True
    if other is None:
        return False
    tried: list[float] = []
    if 0 < other <= 100:  # noqa: PLR2004  a discount in percent
        tried.append(product * (1 - other / 100))
    if other > 1:
        tried.append(product / other)
    if other:
        tried.append(product - abs(other))
    return any(abs(value - amount) <= slack for value in tried)
