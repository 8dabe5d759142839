"""Grids of sizes or colours: one row for an article, a column for each size, and the quantity as their sum."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from oms_core.values.draft import DraftLine
from oms_core.values.source import PageSource, Value
from parsers.pdf.goods.column_roles import COUNTED
from parsers.pdf.goods.entries import Entry
from parsers.pdf.goods.strips import Strip
from parsers.words.number_cells import first_number

SIZE = "size "
"""Roles of size columns begin with this; the size follows."""

_TITLE = re.compile(r"[^\W_][\w./\-]{0,7}")
_FEWEST = 2


def with_sizes(strips: Sequence[Strip], roles: Sequence[str], cells: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Return the roles with size columns named: unknown short headings whose figures sum to the quantity in all rows.

    `cells` are the texts of each column, one for each row.
    """
    if "quantity" not in roles:
        return tuple(roles)
    wanted = [_whole(text) for text in cells[roles.index("quantity")]]
    sizes = [index for index, strip in enumerate(strips) if _may_be_size(strip, roles[index], cells[index])]
    sums = [sum((_whole(cells[index][row]) or Decimal(0) for index in sizes), Decimal(0)) for row in range(len(wanted))]
    if len(sizes) < _FEWEST or not wanted or sums != wanted:
        return tuple(roles)
    return tuple(f"{SIZE}{strips[index].title}" if index in sizes else role for index, role in enumerate(roles))


def _may_be_size(strip: Strip, role: str, cells: Sequence[str]) -> bool:
    named = not strip.heading and _TITLE.fullmatch(strip.title) is not None
    return named and role not in COUNTED and any(cells) and all(_whole(text) is not None for text in cells if text)


def _whole(text: str) -> Decimal | None:
    number = first_number(text, None)
    plain = number is not None and not number.before and not number.after
    return number.value if number is not None and plain else None


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
