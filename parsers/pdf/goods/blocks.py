"""Orders that are no table: for each article a block of labels and values, 'Item: …', 'Quantity: 4 pcs'."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from parsers.pdf.goods.entries import Entry
from parsers.pdf.goods.headings import GOODS, field_of
from parsers.pdf.layout import Cell, Row
from parsers.words.number_cells import first_number

MAX_BLOCK_ROWS = 14
"""A block of one article is no higher than this."""

MAX_LABEL_CHARS = 40
"""A longer text before a colon is no label."""

_KNOWN = frozenset({"quantity", "unit", "unit_price", "amount", "line_number", "requested_date", "price_base"}) | GOODS


@dataclass(frozen=True, slots=True)
class Blocks:
    """The entries found and the indexes of their rows (`end` exclusive)."""

    entries: tuple[Entry, ...]
    start: int
    end: int


def find(rows: Sequence[Row]) -> Blocks | None:
    """Return the blocks that state goods and how many of them; None where there are none.

    A label that comes again begins the next block.
    """
    found: list[tuple[int, int, Entry]] = []
    start = last = -MAX_BLOCK_ROWS
    entry = Entry()
    for index, name, value in _pairs(rows):
        if name in entry.cells or index - last > MAX_BLOCK_ROWS or value.page != entry.page:
            found.append((start, last, entry))
            entry, start = Entry(page=value.page), index
        entry.cells[name] = [value]
        last = index
    found.append((start, last, entry))
    whole = [(first, final, entry) for first, final, entry in found if _is_ordered(entry)]
    if not whole:
        return None
    return Blocks(tuple(entry for _, _, entry in whole), whole[0][0], whole[-1][1] + 1)


def _is_ordered(entry: Entry) -> bool:
    quantity = entry.cells.get("quantity")
    return bool(quantity and first_number(quantity[0].text, None)) and bool(set(entry.cells) & GOODS)


def _pairs(rows: Sequence[Row]) -> Iterator[tuple[int, str, Cell]]:
    """Yield labelled values with the index of their row: behind the colon, or in the next cell."""
    for index, row in enumerate(rows):
        for place, cell in enumerate(row.cells):
            head, colon, rest = cell.text.partition(":")
            if not colon or len(head) > MAX_LABEL_CHARS:
                continue
            name = field_of(head)
            if name not in _KNOWN:
                continue
            value = cell.part(len(head) + 1) if rest.strip() else None
            if value is None and place + 1 < len(row.cells) and ":" not in row.cells[place + 1].text:
                value = row.cells[place + 1]
            if value is not None:
                yield index, name, value
