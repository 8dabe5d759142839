"""Rows to entries: which rows of a table make one ordered line.

A row with a number to count by is the anchor of an entry. The rows of words between two anchors belong to the one above
or the one below: a ruled line between them tells, else the wider gap, else the anchor that has no words of its own.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from parsers.pdf.goods.borders import Borders, Item, gap, leading, row_gap
from parsers.pdf.layout import Cell, Row
from parsers.pdf.rules import Rule
from parsers.words import dates, labels
from parsers.words.number_cells import figure

TEXT = frozenset({"description", "code", "supplier_code", "buyer_code", "gtin", "unit", "requested_date"})
"""Fields that a row of words may carry on."""

_NEAR = 1.3
_SENTENCE = 8
_FEWEST = 3
_CODE_CHARS = 4
_NAMED = re.compile(r"\(\D*\)")
"""What kind of code stands above: '(GTIN)'."""

_CODE = re.compile(r"[A-Z0-9][A-Z0-9.\-/_+ ]*")
_PLAIN = re.compile(r"[^\W\d_]{2,}[.,;:!]?")
CODES = frozenset({"code", "supplier_code", "buyer_code"})
"""Fields of article codes."""

BELOW = "code below"
"""A second code, printed below the first one in its column."""

_FITS = 4.0
_LABELLED = frozenset({"code", "supplier_code", "buyer_code", "gtin", "requested_date"})


@dataclass(slots=True)
class Entry:
    """The cells of one ordered line, by field, in reading order."""

    cells: dict[str, list[Cell]] = field(default_factory=dict)
    page: int = 0
    bottom: float = 0.0

    def text(self, name: str) -> str:
        """All text of a field."""
        return " ".join(cell.text for cell in self.cells.get(name, ()))


def entries_of(
    items: Sequence[Item], rules: Mapping[int, Sequence[Rule]], width: tuple[float, float], room: float = 0.0
) -> list[Entry]:
    """Join items to entries; `width` is the left and right edge of the table, `rules` the ruled lines by page.

    `room` is how far to the right a description may run: the left edge of the next column.
    """
    anchors = [index for index, item in enumerate(items) if item.anchor]
    entries = [_begun(items[index]) for index in anchors]
    if not entries:
        return []
    edge = _right_edge(items)
    borders = Borders(rules, width, edge, max(room, edge), row_gap(items))
    lead = items[: anchors[0]]
    for item in leading(lead, items[anchors[0]], items[anchors[0] + 1 :], borders):
        _put_first(entries[0], item)
    for place, index in enumerate(anchors):
        last = place + 1 == len(anchors)
        run = items[index + 1 : None if last else anchors[place + 1]]
        below = None if last else items[anchors[place + 1]]
        above, lower = borders.split(items[index], run, below)
        _carry_on(entries[place], items[index], above, borders)
        for item in reversed(lower):
            _put_first(entries[place + 1], item)
    return entries


def _begun(item: Item) -> Entry:
    return Entry({name: list(cells) for name, cells in item.cells.items()}, item.row.page, item.row.bottom)


def _right_edge(items: Sequence[Item]) -> float:
    cells = [cell for item in items for cell in item.cells.get("description", ())]
    return max((cell.x1 for cell in cells), default=0.0)


def _put_first(entry: Entry, item: Item) -> None:
    for name, cells in item.cells.items():
        if name in TEXT:
            entry.cells[name] = [*cells, *entry.cells.get(name, [])]


def _carry_on(entry: Entry, anchor: Item, run: Sequence[Item], borders: Borders) -> None:
    """Add rows of words below an anchor; a remark ends nothing, a wide gap ends the entry."""
    last = anchor
    for item in run:
        apart = gap(last, item)
        if apart != float("inf") and apart > _NEAR * item.row.height and not borders.held(last, item):
            return
        entry.bottom = item.row.bottom
        if not _labelled(entry, item):
            _add_words(entry, last, item, borders)
        last = item


def _add_words(entry: Entry, last: Item, item: Item, borders: Borders) -> None:
    fitted = _would_fit(last, item, borders)
    for name, cells in item.cells.items():
        if name not in TEXT or (name == "description" and fitted and _is_said(cells)):
            continue
        held = entry.cells.setdefault(name, [])
        if name in CODES and _NAMED.fullmatch(cells[0].text):
            continue
        if name in CODES and held and _another_code(held[-1].text, cells[0].text):
            entry.cells.setdefault(BELOW, []).extend(cells)
        else:
            held += cells


def _is_said(cells: Sequence[Cell]) -> bool:
    text = " ".join(cell.text for cell in cells)
    return text[:1].isupper() and is_remark(text)


def _another_code(above: str, below: str) -> bool:
    """Say whether a code stands below another one; what follows a hyphen or is very short is the rest of the first."""
    bare = below.replace(" ", "")
    digits = any(char.isdigit() for char in bare)
    return digits and len(bare) >= _CODE_CHARS and above[-1:] not in "-/_." and _CODE.fullmatch(below) is not None


def is_remark(text: str) -> bool:
    """Say whether a row of words that begins anew says something about a line and does not name its goods.

    A sentence does: long, or of three plain words and more, mostly small ones or closed by a full stop.
    """
    words = text.split()
    plain = [word for word in words if _PLAIN.fullmatch(word)]
    if len(plain) < _FEWEST:
        return False
    if len(words) >= _SENTENCE or text.endswith("."):
        return True
    small = sum(word[0].islower() for word in plain[1:])
    return 2 * small >= len(plain) - 1 and not any(char.isdigit() for char in text)


def _would_fit(last: Item, item: Item, borders: Borders) -> bool:
    """Say whether a row's first word had room on the row above: then it begins anew and is not the rest of it."""
    above, here = last.cells.get("description"), item.cells.get("description")
    if not above or not here:
        return False
    first = here[0].words[0]
    return above[-1].x1 + (first.x1 - first.x0) + _FITS < borders.room


def _labelled(entry: Entry, item: Item) -> bool:
    """Take 'Art. no.: 4711' or 'Delivery: 12.03.2026' below a line for what it says; other labels make a remark."""
    text = " ".join(cell.text for cell in item.row.cells)
    head, colon, rest = text.partition(":")
    if colon and not rest.strip():
        return True
    if not colon or len(head) > 40 or any(char.isdigit() for char in head):  # noqa: PLR2004
        return False
    words = labels.words_of(head)
    found = labels.at("column", words) if words else None
    whole = found is not None and found.end == len(words)
    name = found.field if found is not None and whole else _owner(words)
    if not name:
        return bool(item.cells.get("description"))
    if name in _LABELLED and not entry.cells.get(name):
        value = _value_cell(item.row, len(head) + 1)
        if value is not None and _fits(name, value.text):
            entry.cells[name] = [value]
    return True


def _fits(name: str, text: str) -> bool:
    if name == "requested_date":
        return dates.parse_date(text, day_first=True) is not None
    return len(text.split()) <= _CODE_WORDS and (name != "gtin" or text.replace(" ", "").isdigit())


_CODE_WORDS = 5


def _owner(words: Sequence[str]) -> str:
    """Return whose code a label names where it says only that: 'Vendor ref', 'Unsere Nr.'."""
    owners = {label.field for label in labels.every("owner", words)}
    return owners.pop() if len(owners) == 1 else ""


def _value_cell(row: Row, start: int) -> Cell | None:
    whole = Cell(tuple(word for cell in row.cells for word in cell.words))
    return whole.part(start)


def has_figure(cells: Sequence[Cell] | None) -> bool:
    """Say whether one of the cells is a figure."""
    return any(figure(cell.text, None) is not None for cell in cells or ())
