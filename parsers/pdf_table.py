"""The table of lines: its header row found by label words, columns from the header's boxes, rows down to the totals."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from parsers import labels
from parsers.pdf_columns import Column, assign
from parsers.pdf_layout import Cell, Row
from parsers.pdf_words import Word

MAX_HEADER_ROWS = 3
"""A header may be set in this many lines."""

_GOODS = frozenset({"code", "description", "supplier_code", "buyer_code", "gtin"})
_CURRENCY = frozenset(
    {
        "eur",
        "usd",
        "gbp",
        "chf",
        "pln",
        "euro",
        "in",
        "inr",
        "excl",
        "vat",
        "net",
        "netto",
        "rs",
        "r",
        "us",
        "zl",
        "aed",
        "s",
        "%",
    }
)
_NEAR = 1.3
_REACH = 9.0
_SENTENCE = 5
_COUNTED = frozenset({"quantity", "amount", "unit_price"})
_CONTINUED = frozenset({"description", "code", "supplier_code", "buyer_code", "unit", "quantity"})
_TOLERATED = 2
_BASES = frozenset({"1", "10", "100", "1000", "1.000", "1,000"})
"""Quantities that a price is for."""


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

    @property
    def goods(self) -> frozenset[Word]:
        """The words that name goods: codes and descriptions."""
        cells = (cell for entry in self.entries for name in _GOODS for cell in entry.cells.get(name, ()))
        return frozenset(word for cell in cells for word in cell.words)


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
    for refine in (_units_that_count, _numbered_items, _unnamed_words, _price_itself):
        renamed = refine(columns, entries)
        if renamed != columns:
            columns = renamed
            entries, end = _entries(rows, index + used, columns)
    return Table(columns, tuple(entries), index, end) if entries else None


def _units_that_count(columns: tuple[Column, ...], entries: Sequence[Entry]) -> tuple[Column, ...]:
    """Take a 'Unit' column that holds numbers for the quantity, where there is no other."""
    if any(column.field == "quantity" for column in columns) or not entries:
        return columns
    numeric = sum(entry.text("unit").replace(".", "").isdigit() for entry in entries)
    return _renamed(columns, "unit", "quantity") if 2 * numeric > len(entries) else columns


def _numbered_items(columns: tuple[Column, ...], entries: Sequence[Entry]) -> tuple[Column, ...]:
    """Take an 'Item' column that holds only small whole numbers for the line number."""
    if any(column.field == "line_number" for column in columns) or not entries:
        return columns
    texts = [entry.cells["description"][0].text if "description" in entry.cells else "" for entry in entries]
    if all(text.isdigit() and len(text) <= 4 for text in texts):  # noqa: PLR2004
        return _renamed(columns, "description", "line_number")
    return columns


def _unnamed_words(columns: tuple[Column, ...], entries: Sequence[Entry]) -> tuple[Column, ...]:
    """Take a column of words with an unknown header for the description, where there is none."""
    others = [column for column in columns if column.field == "other"]
    if any(column.field == "description" for column in columns) or len(others) != 1 or not entries:
        return columns
    wordy = sum(any(char.isalpha() for char in entry.text("other")) for entry in entries)
    return _renamed(columns, "other", "description") if 2 * wordy > len(entries) else columns


def _price_itself(columns: tuple[Column, ...], entries: Sequence[Entry]) -> tuple[Column, ...]:
    """Take a 'Price per' column for the price, where there is no other and it holds more than 1, 10, 100 and 1000."""
    fields = {column.field for column in columns}
    texts = [text for entry in entries if (text := entry.text("price_base"))]
    if "price_base" not in fields or "unit_price" in fields or all(text.split()[0] in _BASES for text in texts):
        return columns
    return _renamed(columns, "price_base", "unit_price")


def _renamed(columns: tuple[Column, ...], old: str, new: str) -> tuple[Column, ...]:
    return tuple(Column(new if c.field == old else c.field, c.x0, c.x1) for c in columns)


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
        if columns and (worth > most or (worth == most and _completes(group))):
            best, most = (columns, used), worth
    return best


def _completes(group: Sequence[Row]) -> bool:
    """Say whether the last row of a stacked header ends labels begun above it: 'Unit' below 'Price' and 'Per'."""
    last = group[-1].cells
    for stack in _stacked(group):
        added = [cell for cell in stack if any(cell is own for own in last)]
        words = labels.words_of(" ".join(cell.text for cell in stack))
        label = labels.at("column", words)
        if added and (len(added) == len(stack) or label is None or label.end < len(words)):
            return False
    return True


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
    """Keep one column of each field: the last amount, the widest description, the first of every other."""
    out = list(columns)
    if sum(c.field == "amount" for c in columns) > 1 and not any(c.field == "unit_price" for c in columns):
        first = next(index for index, column in enumerate(columns) if column.field == "amount")
        out[first] = Column("unit_price", columns[first].x0, columns[first].x1)
        columns = tuple(out)
    for name in {column.field for column in columns} - {"other"}:
        same = [index for index, column in enumerate(columns) if column.field == name]
        ends = [columns[index + 1].x0 if index + 1 < len(columns) else columns[index].x1 for index in same]
        keep = same[-1] if name == "amount" else same[0]
        if name == "description":
            keep = max(zip(same, ends, strict=True), key=lambda pair: pair[1] - columns[pair[0]].x0)[0]
        for index in same:
            if index != keep:
                other = "unit" if name == "quantity" and not any(c.field == "unit" for c in out) else "other"
                out[index] = Column(other, columns[index].x0, columns[index].x1)
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
    names = {column.field for column in columns}
    end = index
    while index < len(rows):
        again, used = header_at(rows, index)
        if again and names & {c.field for c in again} >= _COUNTED & names:
            index += used
            continue
        row = rows[index]
        assigned = assign(row, columns)
        if _ends(row, assigned):
            if not _goes_on(rows, index, columns):
                break
        elif entries and _crosses(row, columns) and entries[-1].page == row.page and not _priced(assigned):
            break
        elif _begins(assigned, columns) and _in_reach(entries, row):
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
    return entries, min(end, index)


def _priced(assigned: dict[str, list[Cell]]) -> bool:
    return _has_number(assigned.get("unit_price")) or _has_number(assigned.get("amount"))


def _in_reach(entries: Sequence[Entry], row: Row) -> bool:
    """Say whether a row is near enough to the entry above it, or on a later page."""
    return not entries or entries[-1].page != row.page or row.top - entries[-1].bottom < _REACH * row.height


def _crosses(row: Row, columns: Sequence[Column]) -> bool:
    """Say whether a row is a sentence that runs across columns: the table has ended."""
    for cell in row.cells:
        over = [c for c in columns if min(c.x1, cell.x1) - max(c.x0, cell.x0) > 2]  # noqa: PLR2004
        if len(over) > 1 and len(cell.words) > _SENTENCE:
            return True
    return False


def _goes_on(rows: Sequence[Row], index: int, columns: tuple[Column, ...]) -> bool:
    """Say whether full lines follow a total on the same page: it was only a subtotal of a group."""
    for row in rows[index + 1 : index + 5]:
        if row.page != rows[index].page:
            return False
        assigned = assign(row, columns)
        full = all(_has_number(assigned.get(name)) for name in ("quantity", "unit_price", "amount"))
        if full and not _ends(row, assigned):
            return True
    return False


def _add(entry: Entry, cells: dict[str, list[Cell]], *, first: bool = False) -> None:
    for name, more in cells.items():
        held = entry.cells.setdefault(name, [])
        entry.cells[name] = [*more, *held] if first else [*held, *more]


def _ends(row: Row, assigned: dict[str, list[Cell]]) -> bool:
    """Say whether a row is a total: a cell that begins with a label for one, and a number at the row's end."""
    if _has_number(assigned.get("quantity")) and _has_number(assigned.get("unit_price")) and "description" in assigned:
        return False
    for cell in row.cells:
        words = labels.words_of(cell.text)
        label = labels.at("total", words)
        if label is not None and len(words) - label.end <= 3 and "line_number" not in assigned:  # noqa: PLR2004
            return any(char.isdigit() for char in row.cells[-1].text) or len(row.cells) == 1
    return False


def _has_number(cells: Sequence[Cell] | None) -> bool:
    return bool(cells) and any(char.isdigit() for cell in cells or () for char in cell.text)


def _begins(assigned: dict[str, list[Cell]], columns: Sequence[Column]) -> bool:
    """Say whether a row begins an ordered line: it has a number to count by, and goods or a price."""
    fields = {column.field for column in columns}
    counted = "quantity" if "quantity" in fields else "amount"
    goods = any(assigned.get(name) for name in (*_GOODS, "line_number"))
    return _has_number(assigned.get(counted)) and (goods or _priced(assigned))


def _continues(entry: Entry, row: Row, assigned: dict[str, list[Cell]]) -> bool:
    """Say whether a row carries on the line above: close below it, and only words in the columns of words."""
    near = row.page == entry.page and row.top - entry.bottom <= _NEAR * row.height
    if near and set(assigned) <= {"other"}:
        entry.bottom = row.bottom
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
