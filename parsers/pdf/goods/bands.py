"""Lines that are set in two rows: goods in the upper band, numbers in the lower one, each with columns of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from parsers.pdf.goods.column_kinds import counts_up
from parsers.pdf.goods.headings import GOODS, Header, Heading, headings_of
from parsers.pdf.goods.totals import is_total
from parsers.pdf.layout import Row
from parsers.words.number_cells import figure

_CLOSE = 1.3
_MOST = 0.75
_BLOCK = 1.5


def figures_in(row: Row) -> int:
    """Count the figures of a row: cells that are one, else words at the end of cells."""
    whole = sum(figure(cell.text, None) is not None for cell in row.cells)
    return whole or sum(figure(cell.words[-1].text, None) is not None for cell in row.cells)


@dataclass(frozen=True, slots=True)
class Banded:
    """A header in two bands: the headings of the upper and of the lower row of a line, and where it starts."""

    upper: tuple[Heading, ...]
    lower: tuple[Heading, ...]
    start: int


def is_upper(above: Row, row: Row) -> bool:
    """Say whether a row may be the upper band of a line: close above, several cells, and fewer figures."""
    near = above.page == row.page and row.top - above.bottom < _CLOSE * row.height
    return near and not is_total(above) and _begins_line(above) and figures_in(above) <= figures_in(row)


def _begins_line(row: Row) -> bool:
    """Say whether a row has more than one thing to say, or a number or code at its start."""
    first = row.cells[0].words[0].text
    return (len(row.cells) > 1 or len(row.cells[0].words) > 1) and any(char.isdigit() for char in first)


def upper_rows(rows: Sequence[Row], body: Sequence[Row], start: int) -> list[Row | None]:
    """Return the row above each row of a table's body where nearly all have one that begins a line; else nothing."""
    places = {id(row): index for index, row in enumerate(rows)}
    known = {id(row) for row in body}
    found: list[Row | None] = []
    for row in body:
        index = places[id(row)]
        above = rows[index - 1] if index > start else None
        found.append(above if above is not None and id(above) not in known and is_upper(above, row) else None)
    enough = sum(above is not None for above in found) >= _MOST * len(body)
    if not enough or found[0] is None:
        return []
    numbered = counts_up([row.cells[0].words[0].text for row in found if row is not None])
    own = sum(_begins_line(row) and row.cells[0].x0 <= _left(found) + 1 for row in body)
    return found if numbered or own * 2 < len(body) else []


def _left(found: Sequence[Row | None]) -> float:
    return min((row.cells[0].x0 for row in found if row is not None), default=0.0)


def banded(rows: Sequence[Row], header: Header) -> Banded | None:
    """Part a header of two bands so that the lower one counts and both name most fields; None where it cannot be."""
    best: tuple[int, Banded] | None = None
    for start in range(max(header.start - MAX_UPPER_ROWS, 0), header.start + 1):
        if not _one_block(rows[start : header.end]):
            continue
        for middle in range(max(start, header.start - MAX_UPPER_ROWS) + 1, header.end):
            upper, lower = headings_of(rows[start:middle]), headings_of(rows[middle : header.end])
            fields = [{heading.field for heading in found} - {"", "other"} for found in (upper, lower)]
            counts = "quantity" in fields[1] and "quantity" not in fields[0]
            worth = len(fields[0] | fields[1]) * 10 - sum(not heading.field for heading in (*upper, *lower))
            if counts and fields[0] & GOODS and (best is None or worth > best[0]):
                best = (worth, Banded(upper, lower, start))
    return best[1] if best else None


MAX_UPPER_ROWS = 3
"""Rows of headings looked at above a header."""


def _one_block(group: Sequence[Row]) -> bool:
    return all(low.page == up.page and low.top - up.bottom < _BLOCK * low.height for up, low in pairwise(group))
