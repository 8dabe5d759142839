"""What rows below a line say of it under a label: 'Your art. no.: 4711', 'ISBN 978-…', 'Delivery 12.03.2026'."""

from collections.abc import Iterator, MutableMapping, Sequence

from parsers.pdf.layout import Cell, Row
from parsers.words import dates, labels

MAX_LABEL_CHARS = 40
"""A longer text before a value is no label."""

MAX_LABEL_WORDS = 4
"""Words of a label that no colon ends."""

Cells = MutableMapping[str, list[Cell]]
_TAKEN = frozenset({"code", "supplier_code", "buyer_code", "gtin", "requested_date"})
_CODE_WORDS = 5


def labelled_row(cells: Cells, row: Row) -> bool:
    """Take a row of one label and its value, in the next cell or after a colon, for what it says; False for others."""
    first, rest = row.cells[0], row.cells[1:]
    if not first.text.endswith(":"):
        return False
    name = _field_of(labels.words_of(first.text))
    value = _value_of(name, rest[0]) if name and rest else None
    if value is not None and not cells.get(name):
        cells[name] = [value]
    return True


def labelled_cell(cells: Cells, cell: Cell, *, named: bool = False) -> Cell | None:
    """Take what a cell says under labels; return what is left of it for the name of the goods, None where nothing is.

    `Our no. 696853.90 Your no. LUN90-18` and `ISBN: 978…` leave nothing. Of `Finish: oak` the value stays. Another
    label with a colon makes the cell a remark where the goods are `named` already.
    """
    head, colon, rest = cell.text.partition(":")
    if colon and len(head) <= MAX_LABEL_CHARS and not any(char.isdigit() for char in head):
        return _under_colon(cells, cell, head, rest, named=named)
    found = list(_pairs(cell.words))
    if not found or any(name in cells for name, _ in found):
        return cell
    for name, value in found:
        cells[name] = [value]
    return None


def _under_colon(cells: Cells, cell: Cell, head: str, rest: str, *, named: bool) -> Cell | None:
    if labels.whole("attribute", head):
        return cell.part(len(head) + 1)
    name = _field_of(labels.words_of(head))
    value = _up_to_label(cell.part(len(head) + 1)) if rest.strip() else None
    kept = _value_of(name, value) if name and value is not None else None
    if kept is not None and not cells.get(name):
        cells[name] = [kept]
    return None if name or named or not rest.strip() else cell


def _pairs(words: Sequence[object]) -> Iterator[tuple[str, Cell]]:
    """Yield the values of a text by their labels; nothing where any word of it is neither."""
    rest = list(words)
    found: list[tuple[str, Cell]] = []
    while rest:
        pair = _first_pair(rest)
        if pair is None:
            return
        name, used, value = pair
        found.append((name, value))
        rest = rest[used:]
    yield from found


def _first_pair(words: Sequence[object]) -> tuple[str, int, Cell] | None:
    """Return the field, the number of words and the value of a label at the beginning, without a colon after it."""
    for length in range(min(MAX_LABEL_WORDS, len(words) - 1), 0, -1):
        head = Cell(tuple(words[:length])).text  # type: ignore[arg-type]  # words of a cell
        if any(char.isdigit() for char in head) or len(head) > MAX_LABEL_CHARS:
            continue
        name = _field_of(labels.words_of(head))
        if not name:
            continue
        value = _value_of(name, Cell((words[length],)))  # type: ignore[arg-type]
        if value is not None and any(char.isdigit() for char in value.text):
            return name, length + 1, value
    return None


def _field_of(words: Sequence[str]) -> str:
    """Return the field that a label names, or whose code it is where it says only that: 'Vendor ref', 'Unsere Nr.'."""
    found = labels.at("column", words) if words else None
    if found is not None and found.end == len(words):
        return found.field if found.field in _TAKEN else ""
    owners = {label.field for label in labels.every("owner", words)}
    return owners.pop() if len(owners) == 1 else ""


def _value_of(name: str, cell: Cell) -> Cell | None:
    """Return what of a text is the value of a field, or None: a date among its words, a code, the figures of a GTIN."""
    if name == "requested_date":
        days = [word for word in cell.words if dates.parse_date(word.text, day_first=True) is not None]
        whole = dates.parse_date(cell.text, day_first=True) is not None
        return cell if whole else Cell(tuple(days)) if len(days) == 1 else None
    if name == "gtin":
        digits = cell.text.replace(" ", "").replace("-", "")
        return cell if digits.isdigit() else None
    is_day = dates.parse_date(cell.text, day_first=True) is not None
    return cell if len(cell.words) <= _CODE_WORDS and not is_day else None


def _up_to_label(cell: Cell | None) -> Cell | None:
    """Return what stands behind a label, up to the next one."""
    words = cell.words if cell is not None else ()
    end = next((at for at, word in enumerate(words) if at and word.text.endswith(":")), len(words))
    return Cell(words[:end]) if end else None
