"""What the columns of a table mean, solved together: header words, kinds of content, and arithmetic over all rows.

No layout in here: columns of texts in, roles with a score out. The score adds up three kinds of evidence: what the
header says, how well the content suits the role, and whether quantity times price (by its base, less the discount) is
the amount, row by row, and the amounts sum to a number that the document prints elsewhere.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import permutations

from parsers.pdf.goods.column_fit import ROLES, content
from parsers.pdf.goods.column_kinds import kinds_of, looks_like_code
from parsers.pdf.goods.column_sums import Closing, ColumnsRead, ColumnText, at_net_price, closing, lowering
from parsers.words import numbers
from parsers.words.number_cells import figure, first_number

MAX_COLUMNS = 30
"""A table with more columns is read in its first ones."""

MAX_ROWS = 40
"""Rows that the solver looks at; more say nothing new."""

COUNTED = ("quantity", "unit_price", "amount")

_HEADER = 4.0
_CONTRARY = -3.0
_UNNAMED = -1.5
_CONFUSED: Mapping[tuple[str, str], float] = {
    ("unit", "quantity"): -0.5,
    ("quantity", "unit"): -0.5,
    ("unit", "unit_price"): -3.5,
    ("description", "line_number"): 0.0,
    ("description", "code"): 0.0,
    ("code", "description"): 0.0,
    ("code", "line_number"): 0.0,
    ("code", "gtin"): 0.5,
    ("gtin", "code"): 0.5,
    ("supplier_code", "gtin"): -0.5,
    ("line_number", "code"): 0.0,
    ("price_base", "unit_price"): 0.0,
    ("unit_price", "price_base"): -0.5,
    ("amount", "unit_price"): -1.0,
    ("gross", "amount"): -1.5,
    ("unit_price", "amount"): -2.0,
    ("discount", "unit_price"): -3.5,
}
"""A header of the first kind over a column of the second: how much that says against it."""


@dataclass(frozen=True, slots=True)
class Solution:
    """The roles of all columns, in their order, and what speaks for them.

    `margin` is the lead of this reading over the best one with other columns for quantity, price and amount. Of
    `stated` rows with all three, `closed` close; `base` is what every price is for where no column says it.
    """

    roles: tuple[str, ...]
    score: float
    margin: float
    comma: bool | None
    stated: int
    closed: int
    telling: int
    """Rows that close and could hardly do so by chance: more than one piece."""
    sums: bool
    """Whether the amounts add up to a number printed elsewhere."""
    base: int = 1


def solve(
    columns: Sequence[ColumnText], totals: frozenset[Decimal] = frozenset(), comma: bool | None = None
) -> Solution:
    """Return the reading of the columns that all evidence together speaks for most.

    `totals` are numbers printed outside the table, one of which may be the sum of the amounts. `comma` is the decimal
    mark that the document's language would have, for where figures and arithmetic do not tell.
    """
    kept = tuple(replace(column, cells=column.cells[:MAX_ROWS]) for column in columns[:MAX_COLUMNS])
    best: Solution | None = None
    for mark in _marks(kept, comma):
        found = _solved(_read(kept, mark), totals)
        if best is None or found.score > best.score + 0.01:
            best = found
    if best is None:
        return Solution((), 0.0, 0.0, None, 0, 0, 0, sums=False)
    return best


def likely_comma(columns: Sequence[ColumnText], hint: bool | None) -> bool | None:
    """Say whether these columns most likely have a decimal comma, without trying; None where they do not tell."""
    return _marks(columns, hint)[0]


def _marks(columns: Sequence[ColumnText], hint: bool | None) -> tuple[bool | None, ...]:
    """Return the decimal marks to try: what the figures vote for, else what is likely first."""
    texts = [
        number.digits
        for column in columns
        if column.header not in _NO_FIGURES
        for text in column.cells
        if (number := figure(text, None)) is not None and not looks_like_code(text)
    ]
    voted = numbers.decimal_comma(texts)
    if voted is not None:
        return (voted,)
    if not any(_DOUBTFUL.fullmatch(text) for text in texts):
        return (None,)
    mixed = _mixed(columns)
    likely = mixed if mixed is not None else hint
    return (likely, None, not likely) if likely is not None else (None, True, False)


_NO_FIGURES = frozenset({"code", "supplier_code", "buyer_code", "gtin", "line_number", "requested_date"})
_DOUBTFUL = re.compile(r"\d{1,3}[.,]\d{3}")


def _mixed(columns: Sequence[ColumnText]) -> bool | None:
    """Say whether a comma is the decimal mark, by a column of figures that are all in doubt alone.

    Where it holds `5`, `40` and `1.000` the mark groups thousands; where all end like `8.000` it is the decimal one.
    """
    for column in columns:
        digits = [number.digits for text in column.cells if (number := figure(text, None)) is not None]
        doubtful = [text for text in digits if _DOUBTFUL.fullmatch(text)]
        if doubtful and any(text.isdigit() and len(text) <= 3 for text in digits):  # noqa: PLR2004  below a thousand
            return "." in doubtful[0]
        round_ones = sum(text.endswith("000") for text in doubtful)
        if len(doubtful) > 1 and len(doubtful) == len(digits) and 2 * round_ones >= len(doubtful):
            return "," in doubtful[0]
    return None


def _read(columns: tuple[ColumnText, ...], comma: bool | None) -> ColumnsRead:
    read = tuple(tuple(figure(text, comma) for text in column.cells) for column in columns)
    kinds = tuple(kinds_of(column.cells, row) for column, row in zip(columns, read, strict=True))
    loose = tuple(tuple(_number(text, comma) for text in column.cells) for column in columns)
    return ColumnsRead(comma, columns, read, kinds, loose)


def _number(text: str, comma: bool | None) -> float | None:
    number = figure(text, comma) or first_number(text, comma)
    return float(number.value) if number is not None else None


def _solved(reading: ColumnsRead, totals: frozenset[Decimal]) -> Solution:
    """Try every choice of quantity, price and amount, each with the best that is left for the other columns."""
    count = len(reading.columns)
    rest = [_best_rest(reading, index) for index in range(count)]
    ground = sum(score for _, score in rest)
    gains = {(role, index): _suits(reading, index, role) - rest[index][1] for role in COUNTED for index in range(count)}
    tried = [
        (
            sum(gains[role, at] for role, at in zip(COUNTED, chosen, strict=True) if at is not None)
            + _in_order(chosen),
            chosen,
        )
        for chosen in _choices(reading)
    ]
    tried.sort(key=lambda entry: -entry[0])
    ranked: list[tuple[float, tuple[int | None, ...], Closing]] = []
    for gained, chosen in tried:
        if len(ranked) > 1 and ground + gained + _MOST_CLOSING < ranked[1][0]:
            break
        closes = closing(reading, chosen, totals)
        ranked.append((ground + gained + closes.score, chosen, closes))
        ranked.sort(key=lambda entry: -entry[0])
        del ranked[2:]
    score, chosen, closes = ranked[0]
    if closes.extra is not None and closes.telling:
        rest[closes.extra] = (lowering(reading, closes.extra), _HEADER)
    chosen = at_net_price(reading, chosen)
    roles = _named(reading, chosen, rest)
    margin = score - ranked[1][0] if len(ranked) > 1 else score
    return Solution(
        roles, score, margin, reading.comma, closes.stated, closes.closed, closes.telling, closes.sums, closes.base
    )


def _choices(reading: ColumnsRead) -> Iterator[tuple[int | None, ...]]:
    """Yield columns for quantity, price and amount; None stands for a column that is not there."""
    figures = [index for index, kinds in enumerate(reading.kinds) if kinds.figures >= 0.5 or _counted(reading, index)]  # noqa: PLR2004
    figures = figures[:_MOST_FIGURES]
    yield (None, None, None)
    for one in figures:
        yield (one, None, None)
        yield (None, one, None)
        yield (None, None, one)
    for one, two in permutations(figures, 2):
        yield (one, two, None)
        yield (one, None, two)
        yield (None, one, two)
    yield from permutations(figures, 3)


_MOST_FIGURES = 11
_MOST_CLOSING = 8.5
"""The best that arithmetic can add."""


def _counted(reading: ColumnsRead, index: int) -> bool:
    return reading.columns[index].header in COUNTED and reading.kinds[index].filled > 0


def _in_order(chosen: tuple[int | None, ...]) -> float:
    """Prefer quantity before amount and price before amount, as nearly everybody prints them."""
    quantity, price, amount = chosen
    score = 0.0
    if amount is not None:
        score += 0.4 * sum(other is not None and other < amount for other in (quantity, price))
        if price is not None and price < amount:
            score += 0.02 * price
    return score


def _best_rest(reading: ColumnsRead, index: int) -> tuple[str, float]:
    """Return the role that suits a column best where it is not counted with."""
    return max(((role, _suits(reading, index, role)) for role in _REST), key=lambda entry: entry[1])


def _suits(reading: ColumnsRead, index: int, role: str) -> float:
    header = reading.columns[index].header
    kinds = reading.kinds[index]
    prior = _prior(header, role) * (reading.columns[index].sure if header else 1.0)
    if kinds.filled == 0:
        return prior if role == header else (0.0 if role == "other" else -5.0)
    return prior + content(role, kinds)


def _prior(header: str, role: str) -> float:
    if not header:
        return 0.0 if role == "other" else -0.2
    if role == header:
        return _HEADER
    if role == "other":
        return _UNNAMED
    return _CONFUSED.get((header, role), _CONTRARY)


_REST = tuple(role for role in ROLES if role not in COUNTED)
_REPEATED = frozenset({"other", "tax", "discount", "gross"})
"""Roles that several columns may have; of every other the best one keeps it."""


def _named(reading: ColumnsRead, chosen: tuple[int | None, ...], rest: Sequence[tuple[str, float]]) -> tuple[str, ...]:
    """Name all columns: the counted ones as chosen, the others best first, each role once."""
    roles = dict.fromkeys(range(len(reading.columns)), "")
    for role, index in zip(COUNTED, chosen, strict=True):
        if index is not None:
            roles[index] = role
    taken: set[str] = set()
    left = sorted((index for index, role in roles.items() if not role), key=lambda index: (-rest[index][1], index))
    for index in left:
        free = [role for role in _REST if role in _REPEATED or role not in taken]
        if rest[index][0] in free and rest[index][1] >= _HEADER:
            roles[index] = rest[index][0]
        else:
            roles[index] = max(free, key=lambda role: _suits(reading, index, role))
        taken.add(roles[index])
    return tuple(roles[index] for index in range(len(reading.columns)))
