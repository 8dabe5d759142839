"""Grids of sizes or colours: one row for an article, a column for each size, and the quantity as their sum."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from oms_core.values.draft import DraftLine
from oms_core.values.source import PageSource, Value
from parsers.pdf.goods.column_roles import COUNTED
from parsers.pdf.goods.column_sums import ColumnText
from parsers.pdf.goods.entries import Entry
from parsers.pdf.goods.size_names import is_size
from parsers.pdf.goods.strips import Strip
from parsers.words import labels
from parsers.words.number_cells import first_number

ATTRIBUTE = "attribute"
"""The role of a column that belongs to the name of the goods."""

SIZE = "size "
"""Roles of size columns begin with this; the size follows."""

_FEWEST = 2


def with_sizes(strips: Sequence[Strip], roles: Sequence[str], cells: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Return the roles with size columns named: unknown short headings whose figures sum to the quantity in all rows.

    `cells` are the texts of each column, one for each row.
    """
    roles = _with_attributes(strips, roles)
    if "quantity" not in roles:
        return roles
    wanted = [_whole(text) for text in cells[roles.index("quantity")]]
    sizes = [index for index, strip in enumerate(strips) if _may_be_size(strip, roles[index], cells[index])]
    sums = [sum((_whole(cells[index][row]) or Decimal(0) for index in sizes), Decimal(0)) for row in range(len(wanted))]
    if len(sizes) < _FEWEST or not wanted or sums != wanted:
        return roles
    return tuple(f"{SIZE}{_size(strips[index])}" if index in sizes else role for index, role in enumerate(roles))


def _size(strip: Strip) -> str:
    """Return the size of a column; a heading over all sizes may stand before it: 'Sizes 38'."""
    last = strip.title.rpartition(" ")[2]
    return last if is_size(last) else strip.title


def _with_attributes(strips: Sequence[Strip], roles: Sequence[str]) -> tuple[str, ...]:
    """Return the roles with the columns named that tell the variant of an article: colour, size, finish."""
    return tuple(
        ATTRIBUTE if role == "other" and labels.whole("attribute", strip.title) else role
        for strip, role in zip(strips, roles, strict=True)
    )


def _may_be_size(strip: Strip, role: str, cells: Sequence[str]) -> bool:
    named = not strip.heading and (is_size(_size(strip)) or labels.whole("colour", strip.title) is not None)
    return named and role not in COUNTED and any(cells) and all(_whole(text) is not None for text in cells if text)


def _whole(text: str) -> Decimal | None:
    number = first_number(text, None)
    plain = number is not None and not number.before and not number.after
    return number.value if number is not None and plain else None


def totalled(columns: Sequence[ColumnText]) -> list[ColumnText]:
    """Return the columns with the one for quantities named that is the sum of those left of it, row by row.

    An order for several shops or days has a column for each and one for all: `Mon 10 | Tue 5 | Total 15`.
    """
    values = [[_whole(text) for text in column.cells] for column in columns]
    for place in range(_FEWEST, len(columns)):
        if columns[place].header not in ("", "quantity", "amount"):
            continue
        first = next((at for at in range(place - _FEWEST, -1, -1) if not _may_add(columns[at], values[at])), -1) + 1
        for start in range(first, place - _FEWEST + 1):
            if _adds_up(values[start:place], values[place]):
                parts = [replace(column, header="other", sure=1.0) for column in columns[start:place]]
                total = replace(columns[place], header="quantity", sure=1.0)
                return [*columns[:start], *parts, total, *columns[place + 1 :]]
    return list(columns)


def _may_add(column: ColumnText, values: Sequence[Decimal | None]) -> bool:
    return not column.header and all(
        value is not None for value, text in zip(values, column.cells, strict=True) if text
    )


def _adds_up(parts: Sequence[Sequence[Decimal | None]], total: Sequence[Decimal | None]) -> bool:
    """Say whether every row's total is the sum of its parts, and at least two rows have two parts and more."""
    several = 0
    for row, wanted in enumerate(total):
        found = [value for part in parts if (value := part[row]) is not None]
        if wanted is None or sum(found, Decimal(0)) != wanted:
            return False
        several += len(found) > 1
    return several >= _FEWEST


def parted(line: DraftLine, entry: Entry) -> Iterator[DraftLine]:
    """Yield a line for each size that is ordered, without the amount of them all; the line itself where it has none."""
    sizes = [(name, entry.cells[name][0]) for name in entry.cells if name.startswith(SIZE)]
    if not sizes or line.quantity is None:
        yield line
        return
    for name, cell in sizes:
        number = first_number(cell.text, None)
        if number is None or not number.value:
            continue
        size = name.removeprefix(SIZE)
        yield replace(
            line,
            description=_sized(line.description, size, cell.source),
            quantity=Value(number.value, cell.source, line.quantity.confidence),
            amount=None,
        )


def _sized(description: Value[str] | None, size: str, place: PageSource) -> Value[str]:
    if description is None:
        return Value(size, place, 0.8)
    return Value(f"{description.value} {size}", description.source, description.confidence)
