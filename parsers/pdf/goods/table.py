"""The table of lines: every place where one may begin is read as a table, and the one with most evidence is taken.

A table begins at a header whose words are known, or at rows in which the product of two numbers is a third, in whatever
language they are set. Its columns come from its body (`strips`), their meaning from header, content and arithmetic
together (`column_roles`), its lines from anchors and the rows of words around them (`entries`).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from parsers.pdf.goods.bands import banded, figures_in, upper_rows
from parsers.pdf.goods.bare import lists, multiplying
from parsers.pdf.goods.column_roles import COUNTED, Solution, likely_comma, solve
from parsers.pdf.goods.column_sums import ColumnText
from parsers.pdf.goods.entries import Entry, entries_of
from parsers.pdf.goods.grid import Grid
from parsers.pdf.goods.heading_language import comma_of
from parsers.pdf.goods.headings import GOODS, Header, header_at
from parsers.pdf.goods.sizes import totalled, with_sizes
from parsers.pdf.goods.strips import Strip, placed, strips_of
from parsers.pdf.goods.totals import is_total
from parsers.pdf.layout import Cell, Row
from parsers.pdf.rules import Rule
from parsers.pdf.words import Word
from parsers.words.number_cells import figure, first_number
from parsers.words.unit_words import counted_by

MAX_HEADERS = 12
"""Headers tried in one document, the best named first."""

MAX_BODY = 60
"""Rows that tell the columns of a table."""

_REACH = 9.0


@dataclass(frozen=True, slots=True)
class Table:
    """What was found: the entries, the indexes of its rows (`end` exclusive), and what speaks for this reading."""

    entries: tuple[Entry, ...]
    start: int
    end: int
    solution: Solution
    header: Header | None

    @property
    def goods(self) -> frozenset[Word]:
        """The words that name goods: codes and descriptions."""
        cells = (cell for entry in self.entries for name in GOODS for cell in entry.cells.get(name, ()))
        return frozenset(word for cell in cells for word in cell.words)

    @property
    def worth(self) -> float:
        """How much speaks for this table: the header's words, lines that close, a total that agrees."""
        unknown = sum(not heading.field for heading in self.header.headings) if self.header else 0
        named = len(self.header.fields) - 0.15 * unknown if self.header else 0
        closing = min(self.solution.telling, 6) * 1.5 + (self.solution.closed - self.solution.telling) * 0.3
        failing = (self.solution.stated - self.solution.closed) * 0.7
        summed = 2.5 if self.solution.sums else 0.0
        filled = sum(len(entry.cells) for entry in self.entries) / len(self.entries)
        return (
            named
            + closing
            - failing
            + summed
            + min(len(self.entries), 5) * 0.4
            + min(len(self.entries), 200) * 0.05
            + 4 * self._whole
            + 0.3 * filled
        )

    @property
    def sure(self) -> bool:
        """Whether nothing better can be found: all lines close, are whole, and sum to a total that is printed."""
        solution = self.solution
        closes = solution.telling > 1 and solution.closed == solution.stated == len(self.entries)
        return closes and solution.sums and self._whole == 1

    @property
    def _whole(self) -> float:
        """The share of entries that name goods and have all the numbers that the columns promise."""
        wanted = [name for name in COUNTED if name in self.solution.roles]
        whole = [
            entry
            for entry in self.entries
            if all(entry.cells.get(name) for name in wanted) and any(entry.cells.get(name) for name in GOODS)
        ]
        return len(whole) / len(self.entries)


def find(rows: Sequence[Row], rules: Mapping[int, Sequence[Rule]]) -> Table | None:
    """Return the table of lines of a document, or None; `rules` are the ruled lines by page number."""
    totals = _printed(rows)
    found: list[Table] = []
    for header in _headers(rows):
        bodies = _bodies(rows, header.end)
        tables = [table for body in bodies if (table := _read(rows, header, body, rules, totals))]
        if any(table.sure for table in tables):
            return max(tables, key=lambda table: table.worth)
        found += tables
    if not any(table.solution.telling for table in found):
        found += [
            table
            for start in multiplying(rows)
            for body in _bodies(rows, start)
            if (table := _read(rows, None, body, rules, totals)) and _proved(table.solution)
        ]
    return max(found, key=lambda table: table.worth, default=None)


def find_list(rows: Sequence[Row], rules: Mapping[int, Sequence[Rule]]) -> Table | None:
    """Return the list of a letter that counts goods by their units, for a document without any other table."""
    totals = _printed(rows)
    found = [table for listed in lists(rows) if (table := _read(listed.rows, None, listed.body, rules, totals))]
    return max(found, key=lambda table: table.worth, default=None)


def _headers(rows: Sequence[Row]) -> list[Header]:
    """Return the headers of a document, those that name most first; one that repeats is read with the first."""
    found: list[Header] = []
    index = 0
    while index < len(rows):
        header = header_at(rows, index)
        if header is not None:
            found.append(header)
        index += 1
    best: list[Header] = []
    for header in sorted(found, key=lambda header: (-len(header.fields), header.start)):
        same = any(_text(rows, header) == _text(rows, other) for other in best)
        if not same and len(best) < MAX_HEADERS:
            best.append(header)
    return best


def _text(rows: Sequence[Row], header: Header) -> str:
    return " ".join(row.text for row in rows[header.start : header.end])


def _printed(rows: Sequence[Row]) -> frozenset[Decimal]:
    """Return the numbers that stand alone in their cells: among them are the document's totals."""
    found: set[Decimal] = set()
    for row in rows:
        for cell in row.cells[-3:]:
            for comma in (True, False):
                number = first_number(cell.text, comma)
                if number is not None and number.value > 0:
                    found.add(number.value)
    return frozenset(found)


def _read(
    rows: Sequence[Row],
    header: Header | None,
    body: Sequence[Row],
    rules: Mapping[int, Sequence[Rule]],
    totals: frozenset[Decimal],
) -> Table | None:
    """Read the table whose columns show in the rows of `body`, below its header where it has one."""
    first = next(index for index, row in enumerate(rows) if row is body[0])
    start = header.end if header else first
    uppers = upper_rows(rows, body, start)
    named = banded(rows, header) if header is not None and uppers else None
    lower = strips_of(named.lower if named else header.headings if header else (), body)
    upper = strips_of(named.upper if named else (), [row for row in uppers if row is not None])
    columns = [*totalled(_columns(lower, body)), *_columns(upper, uppers)]
    solution = solve(columns, totals, comma_of(header.headings) if header else None)
    if header is None and not (_proved(solution) or _counts_by_units(solution, columns)):
        return None
    if "quantity" not in solution.roles and "amount" not in solution.roles:
        return None
    roles = with_sizes([*lower, *upper], solution.roles, [column.cells for column in columns])
    grid = Grid(rows, header, lower, upper, roles, first)
    items, end = grid.items(start)
    strips = sorted((*lower, *upper), key=lambda strip: strip.x0)
    entries = entries_of(items, rules, (strips[0].x0, max(strip.x1 for strip in strips)), grid.room)
    if not entries:
        return None
    if solution.comma is None:
        solution = replace(solution, comma=_told_by_all(entries, header))
    return Table(tuple(entries), named.start if named else header.start if header else start, end, solution, header)


def _proved(solution: Solution) -> bool:
    """Say whether arithmetic alone tells that these are lines."""
    return solution.telling > 1 or bool(solution.telling and solution.sums)


def _counts_by_units(solution: Solution, columns: Sequence[ColumnText]) -> bool:
    """Say whether every row names something, and enough of them count it by a unit that is known."""
    texts = dict(zip(solution.roles, (column.cells for column in columns), strict=True))
    counted, named = texts.get("quantity", ()), texts.get("description", ())
    units = texts.get("unit") or ("",) * len(counted)
    beside = ((number.after if (number := figure(text, None)) else "") for text in counted)
    known = sum(bool(counted_by(text) or counted_by(unit)) for text, unit in zip(beside, units, strict=False))
    return known >= _FEWEST_UNITS and known >= _LEAST_UNITS * len(counted) and all(named)


_FEWEST_UNITS = 2
_LEAST_UNITS = 0.3


def _told_by_all(entries: Sequence[Entry], header: Header | None) -> bool | None:
    """Say whether a comma is the decimal mark, by the figures of all pages, where those of the first do not tell."""
    columns = [ColumnText(name, tuple(entry.text(name) for entry in entries)) for name in COUNTED]
    return likely_comma(columns, comma_of(header.headings) if header else None)


def _columns(strips: Sequence[Strip], body: Sequence[Row | None]) -> list[ColumnText]:
    split = [placed(row, strips) if row is not None and strips else {} for row in body]
    return [
        ColumnText(strip.heading, tuple(_joined(cells.get(index)) for cells in split), strip.sure)
        for index, strip in enumerate(strips)
    ]


def _joined(cells: Sequence[Cell] | None) -> str:
    return " ".join(cell.text for cell in cells or ())


def _bodies(rows: Sequence[Row], start: int) -> list[list[Row]]:
    """Return rows that hold lines, to find the columns in, down to the first total: those with many figures.

    Where a line is set in two bands its upper row may hold figures too: the rows with nearly the most come second.
    """
    taken = _down_to_total(rows, start, figures_in) or _down_to_total(rows, start, _counted_first)
    taken = taken[:MAX_BODY]
    most = max((figures_in(row) for row in taken), default=0)
    found: list[list[Row]] = []
    for share in (0.5, 0.75):
        body = [row for row in taken if figures_in(row) >= share * most]
        if body and (not found or len(body) <= _FEWER * len(found[0])):
            found.append(body)
    return found


_FEWER = 0.85


def _down_to_total(rows: Sequence[Row], start: int, holds: Callable[[Row], int]) -> list[Row]:
    """Return the rows of one page that hold figures, from a start down to the first total or a wide gap."""
    taken: list[Row] = []
    for row in rows[start : start + 4 * MAX_BODY]:
        if taken and (row.page != taken[-1].page or row.top - taken[-1].bottom > _REACH * row.height):
            break
        if is_total(row):
            if taken:
                break
            continue
        if len(row.cells) > 1 and holds(row):
            taken.append(row)
    return taken


def _counted_first(row: Row) -> int:
    """Count the cells that begin with a figure: `48 bottles Saline solution`, where no gap parts the columns."""
    return sum(figure(cell.words[0].text, None) is not None for cell in row.cells)
