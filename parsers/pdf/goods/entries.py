"""Rows to entries: which rows of a table make one ordered line.

A row with a number to count by is the anchor of an entry. The rows of words between two anchors belong to the one above
or the one below: a ruled line between them tells, else the wider gap, else the anchor that has no words of its own.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from parsers.pdf.goods.borders import Borders, Item, gap, leading, row_gap
from parsers.pdf.goods.facts_below import labelled_cell, labelled_row
from parsers.pdf.layout import Cell
from parsers.pdf.rules import Rule
from parsers.pdf.words import Word
from parsers.words import dates
from parsers.words.number_cells import figure

TEXT = frozenset({"description", "code", "supplier_code", "buyer_code", "gtin", "unit", "requested_date"})
"""Fields that a row of words may carry on."""

_NEAR = 1.3
_SENTENCE = 8
_FEWEST = 3
_CODE_CHARS = 4
_SAID_OF_CODES = (
    re.compile(r"\(\D*\)$"),
    re.compile(r"[^:]*:"),
    re.compile(r"(?:rev|ind|version|issue|index|\u00e4nd)\b\.?\s*\w{0,4}$", re.IGNORECASE),
)
"""What is said of a code below it: its kind, '(GTIN)', another value under its label, the state of its drawing."""

_CODE = re.compile(r"[A-Z0-9][A-Z0-9.\-/_+ ]*")
_PLAIN = re.compile(r"[^\W\d_]{2,}[.,;:!]?")
CODES = frozenset({"code", "supplier_code", "buyer_code"})
"""Fields of article codes."""

BELOW = "code below"
"""A second code, printed below the first one in its column."""

_FITS = 4.0


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
    """Begin an entry with its anchor; a cell of labels and values, 'Our no. 4711 Your no. A-12', is taken apart."""
    entry = Entry({name: list(cells) for name, cells in item.cells.items()}, item.row.page, item.row.bottom)
    left = [labelled_cell(entry.cells, cell) for cell in entry.cells.get("description", ())]
    kept = [cell for cell in left if cell is not None]
    if kept:
        entry.cells["description"] = kept
    else:
        entry.cells.pop("description", None)
    return entry


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
        if not labelled_row(entry.cells, item.row):
            _add_words(entry, last, _unlabelled(entry, item), borders)
        _complete(entry, item)
        last = item


def _unlabelled(entry: Entry, item: Item) -> Item:
    """Take the cells of a row that hold a label and its value for what they say; return the rest of the row."""
    named = bool(entry.cells.get("description"))
    taken: set[Word] = set()
    for whole in item.row.cells:
        left = labelled_cell(entry.cells, whole, named=named)
        taken.update(word for word in whole.words if left is None or word not in left.words)
    cells: dict[str, list[Cell]] = {}
    for name, found in item.cells.items():
        rest = (tuple(word for word in cell.words if word not in taken) for cell in found)
        if kept := [Cell(words) for words in rest if words]:
            cells[name] = kept
    return Item(item.row, cells, item.anchor)


def _complete(entry: Entry, item: Item) -> None:
    """Take price and amount that stand rows below the quantity, where the anchor has no amount: a net price, a sum."""
    amount = item.cells.get("amount")
    if entry.cells.get("amount") or not has_figure(amount, rates=False):
        return
    entry.cells["amount"] = list(amount or ())
    if has_figure(item.cells.get("unit_price"), rates=False):
        entry.cells["unit_price"] = list(item.cells["unit_price"])


def _add_words(entry: Entry, last: Item, item: Item, borders: Borders) -> None:
    fitted = _would_fit(last, item, borders)
    for field_name, cells in item.cells.items():
        name = _told(field_name, cells, entry)
        if name not in TEXT or (name == "description" and fitted and _is_said(cells)):
            continue
        held = entry.cells.setdefault(name, [])
        if name in CODES and any(said.match(cells[0].text) for said in _SAID_OF_CODES):
            continue
        if name in CODES and held and _another_code(held[-1].text, cells[0].text):
            entry.cells.setdefault(BELOW, []).extend(cells)
        else:
            held += cells


def _told(name: str, cells: Sequence[Cell], entry: Entry) -> str:
    """Return the field of cells below an anchor: words below a code name the goods where nothing else does."""
    words = cells[0].words
    if name in CODES and not entry.cells.get("requested_date") and dates.parse_date(cells[0].text, day_first=True):
        return "requested_date"
    alone = name == "description" and bool(entry.cells.get(name)) and len(words) == 1
    if alone and not any(entry.cells.get(code) for code in CODES) and _BARE_CODE.fullmatch(words[0].text):
        return "code"
    if name not in CODES or not entry.cells.get(name) or len(words) < _FEWEST_WORDS:
        return name
    wordy = sum(_PLAIN.fullmatch(word.text) is not None for word in words)
    below = entry.cells.get("description")
    under = below is None or below[0].x0 == cells[0].x0
    return "description" if wordy and under else name


_FEWEST_WORDS = 2
_BARE_CODE = re.compile(r"(?=[^a-z]*[A-Z])[A-Z0-9]{2,}(?:[-./][A-Z0-9]+)+")
"""A code that stands alone in a row below the name: `MM-WBLK-50`."""


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


def has_figure(cells: Sequence[Cell] | None, *, rates: bool = True) -> bool:
    """Say whether one of the cells is a figure; without `rates` a percentage is none."""
    found = (figure(cell.text, None) for cell in cells or ())
    return any(number is not None and (rates or not number.percent) for number in found)
