"""The table of lines: its header row found by label words, columns from the header's boxes, rows down to the totals."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from parsers import labels
from parsers.pdf_layout import Cell, Row

MAX_HEADER_ROWS = 3
"""A header may be set in this many lines."""

_GOODS = frozenset({"code", "description", "supplier_code", "buyer_code", "gtin"})
_NUMERIC = frozenset({"quantity", "unit_price", "amount", "tax", "discount", "gross", "price_base", "line_number"})
_CURRENCY = frozenset(
    {"eur", "usd", "gbp", "chf", "pln", "euro", "in", "inr", "excl", "vat", "net", "netto", "rs", "aed", "s", "%"}
)
_NUMBER = re.compile(r"[€$£₹]?\s?-?\d[\d.,' ]*%?")
_NEAR = 2.4
_TOLERATED = 2


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its field, and the box of its header."""

    field: str
    x0: float
    x1: float


@dataclass(slots=True)
class Entry:
    """The cells of one ordered line, by field, in reading order."""

    cells: dict[str, list[Cell]] = field(default_factory=dict)
    page: int = 0
    bottom: float = 0.0

    def text(self, name: str) -> str:
        """All text of a field."""
        return " ".join(cell.text for cell in self.cells.get(name, ()))


@dataclass(frozen=True, slots=True)
class Table:
    """What was found: the columns, the entries, and the index of the first row after the table."""

    columns: tuple[Column, ...]
    entries: tuple[Entry, ...]
    start: int
    end: int


def find(rows: Sequence[Row]) -> Table | None:
    """Find the table of lines in a document, or None. Of several headers the one with the most known columns wins."""
    best: tuple[int, int, tuple[Column, ...], int] | None = None
    for index in range(len(rows)):
        columns, used = header_at(rows, index)
        worth = len({column.field for column in columns if column.field != "other"})
        if columns and (best is None or worth > best[0]):
            best = (worth, index, columns, used)
    if best is None:
        return None
    _, index, columns, used = best
    entries, end = _entries(rows, index + used, columns)
    return Table(columns, tuple(entries), index, end) if entries else None


def header_at(rows: Sequence[Row], index: int) -> tuple[tuple[Column, ...], int]:
    """Return the columns where a table header begins at this row, and how many rows it takes."""
    best: tuple[tuple[Column, ...], int] = ((), 0)
    most = 0
    for used in range(1, MAX_HEADER_ROWS + 1):
        group = rows[index : index + used]
        if len(group) < used or group[-1].page != group[0].page:
            break
        if used > 1 and group[-1].top - group[-2].bottom > group[0].height:
            break
        columns = _columns(group)
        worth = len({column.field for column in columns if column.field != "other"})
        if columns and worth > most:
            best, most = (columns, used), worth
    return best


def _columns(group: Sequence[Row]) -> tuple[Column, ...]:
    """Read a header of one or more lines as columns; empty where it is none."""
    boxes = _stacked(group)
    found: list[Column] = []
    unknown = 0
    for cells in boxes:
        text = " ".join(cell.text for cell in cells)
        name = _field(text)
        if name is None and len(cells) == 1:
            parts = _several(cells[0])
            if parts:
                found += parts
                continue
        unknown += name is None
        found.append(Column(name or "other", min(c.x0 for c in cells), max(c.x1 for c in cells)))
    known = {column.field for column in found} - {"other"}
    counted = "quantity" in known or {"unit_price", "amount"} <= known
    if not counted or not known & _GOODS or unknown > len(known):
        return ()
    return _owned(_once(sorted(found, key=lambda column: column.x0)))


def _stacked(group: Sequence[Row]) -> list[list[Cell]]:
    """Put header words that stand above one another together."""
    stacks: list[list[Cell]] = [[cell] for cell in group[0].cells]
    for row in group[1:]:
        for cell in row.cells:
            under = [stack for stack in stacks if any(min(c.x1, cell.x1) - max(c.x0, cell.x0) > 0 for c in stack)]
            if len(under) == 1:
                under[0].append(cell)
            else:
                stacks.append([cell])
    return stacks


def _field(text: str) -> str | None:
    words = labels.words_of(text)
    label = labels.at("column", words)
    if label is None:
        return None
    rest = words[label.end :]
    return (
        label.field if len(rest) <= _TOLERATED and all(word in _CURRENCY or word.isdigit() for word in rest) else None
    )


def _several(cell: Cell) -> list[Column]:
    """Part one cell that holds several headers close together."""
    words = [labels.words_of(word.text) for word in cell.words]
    flat = [piece for pieces in words for piece in pieces]
    owner = [index for index, pieces in enumerate(words) for _ in pieces]
    found: list[Column] = []
    place = 0
    while place < len(flat):
        label = labels.at("column", flat, place)
        if label is None:
            return []
        boxes = [cell.words[owner[at]] for at in range(label.start, label.end)]
        found.append(Column(label.field, boxes[0].x0, boxes[-1].x1))
        place = label.end
    return found if len({column.field for column in found}) > 1 else []


def _once(columns: Sequence[Column]) -> tuple[Column, ...]:
    """Keep one column of each field: the last amount, the first of every other."""
    out: list[Column] = []
    for index, column in enumerate(columns):
        later = any(other.field == column.field for other in columns[index + 1 :])
        earlier = any(other.field == column.field for other in columns[:index])
        double = later if column.field == "amount" else earlier
        out.append(Column("other", column.x0, column.x1) if double else column)
    return tuple(out)


def _owned(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """Give a code of nobody's to the buyer where the supplier's has a column of its own."""
    fields = {column.field for column in columns}
    if "supplier_code" in fields and "buyer_code" not in fields:
        return tuple(Column("buyer_code", c.x0, c.x1) if c.field == "code" else c for c in columns)
    return columns


def _entries(rows: Sequence[Row], index: int, columns: tuple[Column, ...]) -> tuple[list[Entry], int]:
    """Read rows below a header until totals begin; a header repeated on a later page is passed over."""
    entries: list[Entry] = []
    waiting: list[dict[str, list[Cell]]] = []
    end = index
    while index < len(rows):
        again, used = header_at(rows, index)
        if again:
            columns, index = again, index + used
            continue
        row = rows[index]
        assigned = assign(row, columns)
        if _ends(row, assigned):
            break
        if _begins(assigned, columns):
            entry = Entry(assigned, row.page, row.bottom)
            for above in waiting:
                _add(entry, above, first=True)
            waiting = []
            entries.append(entry)
        elif entries and _continues(entries[-1], row, assigned):
            _add(entries[-1], assigned)
            entries[-1].bottom = row.bottom
        elif (
            not entries and set(assigned) <= {"description", "code", "unit", "other"} and len(waiting) < MAX_HEADER_ROWS
        ):
            waiting.append(assigned)
        index += 1
        end = index
    return entries, end


def _add(entry: Entry, cells: dict[str, list[Cell]], *, first: bool = False) -> None:
    for name, more in cells.items():
        held = entry.cells.setdefault(name, [])
        entry.cells[name] = [*more, *held] if first else [*held, *more]


def _ends(row: Row, assigned: dict[str, list[Cell]]) -> bool:
    """Say whether a row is a total: a label for one, a number at its end, and nothing in the quantity column."""
    words = labels.words_of(row.cells[0].text)
    label = labels.at("total", words)
    if label is None or "line_number" in assigned:
        return False
    number = any(char.isdigit() for char in row.cells[-1].text)
    short = len(words) - label.end <= 3  # noqa: PLR2004
    return short and (number or len(row.cells) == 1) and not _has_number(assigned.get("unit_price"))


def _has_number(cells: Sequence[Cell] | None) -> bool:
    return bool(cells) and any(char.isdigit() for cell in cells or () for char in cell.text)


def _begins(assigned: dict[str, list[Cell]], columns: Sequence[Column]) -> bool:
    """Say whether a row begins an ordered line: it has a number to count by, and goods or a price."""
    fields = {column.field for column in columns}
    counted = "quantity" if "quantity" in fields else "amount"
    goods = any(assigned.get(name) for name in (*_GOODS, "line_number"))
    priced = _has_number(assigned.get("unit_price")) or _has_number(assigned.get("amount"))
    return _has_number(assigned.get(counted)) and (goods or priced)


def _continues(entry: Entry, row: Row, assigned: dict[str, list[Cell]]) -> bool:
    """Say whether a row carries on the line above: close below it, and only words in the columns of words."""
    near = row.page == entry.page and row.top - entry.bottom <= _NEAR * row.height
    wordy = set(assigned) <= {
        "description",
        "code",
        "supplier_code",
        "buyer_code",
        "unit",
        "other",
        "gtin",
        "requested_date",
    }
    return near and wordy and bool(set(assigned) & {"description", "code", "supplier_code", "buyer_code", "unit"})


def assign(row: Row, columns: Sequence[Column]) -> dict[str, list[Cell]]:
    """Give each cell of a row to a column; a cell over several is parted where numbers stand under their own."""
    out: dict[str, list[Cell]] = {}
    for cell in row.cells:
        for piece, column in _placed(cell, columns):
            out.setdefault(column.field, []).append(piece)
    return out


def _placed(cell: Cell, columns: Sequence[Column]) -> list[tuple[Cell, Column]]:
    over = [column for column in columns if min(column.x1, cell.x1) - max(column.x0, cell.x0) > 0.5]  # noqa: PLR2004
    if len(over) == 1:
        return [(cell, over[0])]
    if not over:
        return [(cell, _nearest(cell, columns))]
    groups: list[tuple[list[int], Column]] = []
    for index, word in enumerate(cell.words):
        single = Cell((word,))
        under = [c for c in over if min(c.x1, word.x1) - max(c.x0, word.x0) > 0]
        numeric = _NUMBER.fullmatch(word.text) is not None
        if under and (numeric or under[0].field not in _NUMERIC):
            column = under[0]
        elif groups:
            column = groups[-1][1]
        else:
            column = _nearest(single, over)
        if groups and groups[-1][1] is column:
            groups[-1][0].append(index)
        else:
            groups.append(([index], column))
    return [(Cell(tuple(cell.words[i] for i in indexes)), column) for indexes, column in groups]


def _nearest(cell: Cell, columns: Sequence[Column]) -> Column:
    """Return the column a cell under no header belongs to: the nearest, words rather under a column of words."""
    numeric = _NUMBER.match(cell.text) is not None

    def distance(column: Column) -> float:
        gap = max(column.x0 - cell.x1, cell.x0 - column.x1, 0.0)
        foreign = numeric != (column.field in _NUMERIC)
        return gap * (3.0 if foreign else 1.0)

    return min(columns, key=distance)
