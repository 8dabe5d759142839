"""Header rows of a table: which rows they are, the box of each heading, and the field its words name."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from parsers.pdf.goods.size_names import is_size_row
from parsers.pdf.layout import Cell, Row
from parsers.words import labels, units
from parsers.words.label_scripts import foreign
from parsers.words.number_cells import figure, is_money_word

MAX_HEADER_ROWS = 4
"""A header may be set in this many lines."""

GOODS = frozenset({"code", "description", "supplier_code", "buyer_code", "gtin"})
"""Fields that name goods."""

_WITH_TAX = frozenset({"incl", "inc", "including", "inclusive", "inkl", "inklusive", "ttc", "ivato", "brutto", "bruto"})
"""Beside an amount these say that tax is in it."""

_NET = frozenset({"net", "nett", "nette", "netto", "neto", "netta", "netti", "neta", "nettó", "netá", "neti"})
_LINKS = frozenset(
    {
        "de",
        "d",
        "l",
        "des",
        "du",
        "of",
        "della",
        "del",
        "dell",
        "di",
        "van",
        "der",
        "do",
        "da",
        "dos",
        "av",
        "af",
        "for",
    }
)
_SMALL = frozenset(
    [
        "in",
        "excl",
        "ex",
        "vat",
        "net",
        "netto",
        "mwst",
        "ust",
        "btw",
        "iva",
        "tva",
        "ht",
        "h",
        "t",
        "rs",
        "r",
        "us",
        "s",
        "%",
        "de",
        "of",
        "per",
        "no",
        "nr",
        "the",
        "la",
        "le",
        "el",
        "al",
        "je",
        "pro",
        "a",
        "zl",
        "kc",
        "kr",
        "ft",
        "z",
    ]
)
_MOST_REST = 3
_LONGEST = 8
"""A heading has no more words than this."""

_APART = 1.3
_OVERLAP = 0.25
_FEWEST = 2


@dataclass(frozen=True, slots=True)
class Heading:
    """One heading: its cells from top to bottom, and the field its words name (empty where they are not known)."""

    cells: tuple[Cell, ...]
    field: str
    sure: float = 1.0
    """How far its words are believed: 1 where all of them are known."""

    @property
    def x0(self) -> float:
        """Left edge."""
        return min(cell.x0 for cell in self.cells)

    @property
    def x1(self) -> float:
        """Right edge."""
        return max(cell.x1 for cell in self.cells)

    @property
    def text(self) -> str:
        """Its words, from top to bottom."""
        return " ".join(cell.text for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Header:
    """The headings of a table from left to right; `start` and `end` are indexes of rows, `end` exclusive."""

    headings: tuple[Heading, ...]
    start: int
    end: int

    @property
    def fields(self) -> frozenset[str]:
        """The fields that are named."""
        return frozenset(heading.field for heading in self.headings) - {"", "other"}


def header_at(rows: Sequence[Row], index: int) -> Header | None:
    """Return the header that begins at this row, or None; of one to four lines those that name most fields."""
    best: Header | None = None
    if not any(hinted(cell.text) or foreign("column", cell.text) for cell in rows[index].cells):
        return None
    for used in range(1, MAX_HEADER_ROWS + 1):
        group = rows[index : index + used]
        if len(group) < used or not _together(group):
            break
        headings = headings_of(group)
        if not _is_header(headings):
            continue
        found = Header(headings, index, index + used)
        if best is None or _worth(found) > _worth(best) or (_worth(found) == _worth(best) and _completes(group)):
            best = found
    return _with_numbers(rows, _with_sizes(rows, best)) if best is not None else None


def _with_numbers(rows: Sequence[Row], header: Header) -> Header:
    """Take in the row below a header that only numbers its columns: `0 | 1 | 2 | 3 | 4 | 5 = 3 x 4`."""
    below = rows[header.end : header.end + 1]
    firsts = [cell.words[0].text.strip("().") for row in below for cell in row.cells]
    numbered = all(text.isdigit() for text in firsts) and len(firsts) >= _FEWEST_NUMBERED
    if not numbered or [int(text) - int(firsts[0]) for text in firsts] != list(range(len(firsts))):
        return header
    return Header(header.headings, header.start, header.end + 1)


_FEWEST_NUMBERED = 4


def _with_sizes(rows: Sequence[Row], header: Header) -> Header:
    """Take in the row of sizes below a header, over the columns of a grid."""
    below = rows[header.end : header.end + 1]
    if not below or not is_size_row(below[0]) or not _together([*rows[header.start : header.end], *below]):
        return header
    return Header(headings_of(rows[header.start : header.end + 1]), header.start, header.end + 1)


def _together(group: Sequence[Row]) -> bool:
    """Say whether rows may be one header: of one page, close, and without figures."""
    last = group[-1]
    figures = sum(figure(cell.text, None) is not None for cell in last.cells)
    if len(group) == 1:
        return figures <= len(last.cells) / 4
    above = group[-2]
    near = last.page == above.page and last.top - above.bottom <= _APART * group[0].height
    if near and is_size_row(last):
        return True
    digits = sum(any(char.isdigit() for char in cell.text) for cell in last.cells)
    return near and figures == 0 and digits <= len(last.cells) / 3


def _worth(header: Header) -> float:
    unknown = sum(not heading.field or heading.sure < _BY_LINE for heading in header.headings)
    return len(header.fields) - 0.3 * unknown


def _is_header(headings: Sequence[Heading]) -> bool:
    """Say whether headings make a table of goods: something to count by, and something that is counted."""
    known = {heading.field for heading in headings} - {"", "other"}
    if sum(heading.sure == 1 and heading.field not in ("", "other") for heading in headings) < _FEWEST:
        return False
    counted = "quantity" in known or {"unit_price", "amount"} <= known
    unknown = sum(not heading.field for heading in headings)
    if {"description", "unit"} <= known and unknown >= _SHOPS:
        return True
    labelled = sum(heading.text.rstrip().endswith(":") for heading in headings)
    sure = "quantity" in known and bool(known & {"unit_price", "amount"})
    goods = bool(known & GOODS) or ("quantity" in known and unknown > 0 and len(known) > 1)
    return counted and goods and (sure or unknown <= len(known) + 1) and labelled * 3 <= len(headings)


_SHOPS = 3
"""So many unknown headings beside goods and unit may be shops or days, each with a quantity of its own."""


def _completes(group: Sequence[Row]) -> bool:
    """Say whether the last row ends headings begun above it: 'Unit' below 'Price' and 'Per'."""
    last = group[-1].cells
    completed = False
    for stack in _stacked(group):
        added = [cell for cell in stack if any(cell is own for own in last)]
        if not added:
            continue
        if len(added) == len(stack):
            return False
        known = field_of(" ".join(cell.text for cell in stack))
        completed = completed or bool(known)
        if not known and len(last) == 1:
            return False
    return completed


def headings_of(group: Sequence[Row]) -> tuple[Heading, ...]:
    """Return the headings of rows that are one header, from left to right."""
    found: list[Heading] = []
    for cells in _stacked(group):
        name = field_of(" ".join(cell.text for cell in cells))
        parts = () if name else _several(cells)
        if name or parts:
            found += parts or [Heading(tuple(cells), name)]
            continue
        line = field_of(cells[0].text).replace("other", "") if len(cells) > 1 else ""
        text = " ".join(cell.text for cell in cells)
        weak = line or hinted(text) or ("other" if _measures(text) else "")
        found.append(Heading(tuple(cells), weak, _BY_LINE if line else _WEAK if weak else 1.0))
    return tuple(sorted(found, key=lambda heading: heading.x0))


def _measures(text: str) -> bool:
    """Say whether a heading names a measure of the goods, with its unit in brackets: 'Délka [mm]', 'Breite (cm)'."""
    found = _IN_BRACKETS.search(text)
    return found is not None and units.unit_code(found[1]) in _MEASURES


_IN_BRACKETS = re.compile(r"[\[(]\s*([^\W\d_]{1,3}[23\u00b2\u00b3]?)\s*[\])]$")
_MEASURES = frozenset({"MMT", "CMT", "DMT", "MMK", "CMK", "BAR", "CEL", "VLT", "WTT", "KWT", "AMP"})


def _stacked(group: Sequence[Row]) -> list[list[Cell]]:
    """Put heading words that stand above one another together."""
    stacks: list[list[Cell]] = [[cell] for cell in group[0].cells]
    for row in group[1:]:
        for cell in row.cells:
            shared = [(max(min(c.x1, cell.x1) - max(c.x0, cell.x0) for c in stack), stack) for stack in stacks]
            over = [(width, stack) for width, stack in shared if width > _OVERLAP * _narrower(cell, stack)]
            if len(over) == 1 or (over and max(over, key=_width)[0] >= 2 * sorted(over, key=_width)[-2][0]):
                max(over, key=_width)[1].append(cell)
            else:
                stacks.append([cell])
    return stacks


def _narrower(cell: Cell, stack: Sequence[Cell]) -> float:
    return min(cell.x1 - cell.x0, max(c.x1 for c in stack) - min(c.x0 for c in stack))


def _width(entry: tuple[float, list[Cell]]) -> float:
    return entry[0]


@labels.remembered
def field_of(text: str) -> str:
    """Return the field that a heading names, in any language of the data files; empty where it names none."""
    words = [token.word for token in labels.tokens(text)]
    if len(words) > _LONGEST:
        return ""
    whole = (labels.whole("column", text) or _net_of(words)) if words else None
    if whole:
        return whole
    label = labels.at("column", words)
    if label is None:
        return foreign("column", text) or ""
    if label.field in ("amount", "unit_price") and _WITH_TAX & set(words):
        return "gross"
    return label.field if _only_adds(words, label) else ""


def _net_of(words: Sequence[str]) -> str | None:
    """Return the field of a price or an amount that is called net: 'Netto prijs', 'PU net'."""
    bare = [word for word in words if word not in _NET]
    if not bare or len(bare) == len(words):
        return None
    found = labels.whole("column", " ".join(bare))
    return found if found in ("unit_price", "amount") else None


def _only_adds(words: Sequence[str], label: labels.Label) -> bool:
    """Say whether what follows a label changes nothing: currency, tax, unit, 'of goods', or the same in other words."""
    rest = words[label.end :]
    if len(rest) <= _MOST_REST and all(_filler(word) for word in rest):
        return True
    if rest[0] in _LINKS:
        return True
    last = labels.at("column", words, label.end)
    return last is not None and last.end == len(words) and last.field == label.field


def _filler(word: str) -> bool:
    return word in _SMALL or word.isdigit() or is_money_word(word) or units.unit_code(word) is not None


def _several(cells: Sequence[Cell]) -> list[Heading]:
    """Part a cell that holds several headings close together; what stands below goes to the one it stands under."""
    found = _in_one(cells[0])
    for cell in cells[1:] if found else ():
        for word in cell.words:
            under = max(found, key=lambda heading: min(heading.x1, word.x1) - max(heading.x0, word.x0))
            joined = Heading((*under.cells, Cell((word,))), under.field)
            found[found.index(under)] = Heading(joined.cells, field_of(joined.text) or under.field)
    return found


def _in_one(cell: Cell) -> list[Heading]:
    """Part the words of a cell at each known label; a few unknown ones go with the label before them."""
    pieces = [labels.words_of(word.text) for word in cell.words]
    flat = [piece for words in pieces for piece in words]
    owner = [index for index, words in enumerate(pieces) for _ in words]
    starts: list[tuple[int, str]] = []
    place = strange = 0
    while place < len(flat):
        label = labels.at("column", flat, place)
        linked = place > 0 and flat[place - 1] in _LINKS
        if label is not None and not linked:
            starts.append((owner[place], label.field))
            place = label.end
        elif not starts:
            return []
        else:
            strange += flat[place] not in _SMALL
            place += 1
    if len({field for _, field in starts}) <= 1 or strange > _STRANGE:
        return []
    ends = [first for first, _ in starts[1:]] + [len(cell.words)]
    parts = [(cell.words[first:end], field) for (first, field), end in zip(starts, ends, strict=True)]
    return [Heading((Cell(words),), field) for words, field in parts if words]


_STRANGE = 1


@labels.remembered
def hinted(text: str) -> str:
    """Return the field of the longest known phrase in a heading that is not known as a whole, the last of several."""
    words = [token.word for token in labels.tokens(text)]
    if len(words) > _LONGEST:
        return ""
    inside = [label for label in labels.every("column", words) if len("".join(words[label.start : label.end])) > 2]  # noqa: PLR2004
    best = max(inside, key=lambda label: (label.end - label.start, label.start), default=None)
    return best.field if best is not None else ""


_WEAK = 0.45
_BY_LINE = 0.75
"""How far a heading is believed of which only the first line is known."""
