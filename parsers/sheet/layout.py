"""Which rows of a table are its header, which column means what, and where the lines begin."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from oms_core.values.document import ColumnMap
from parsers.sheet.columns import GOODS_FIELDS, HEADER_FIELDS, LINE_FIELDS, declared_fields, fold, total_of
from parsers.sheet.grid import Cell, Grid, Row, number_of, text_of
from parsers.sheet.headers import SEARCHED_ROWS, headers_at, is_text, texts_of
from parsers.sheet.meaning import Meaning, read_meaning
from parsers.sheet.profile import SAMPLE_ROWS
from parsers.sheet.taught import Taught
from parsers.sheet.words import meanings
from parsers.words import labels
from parsers.words.dates import parse_date
from parsers.words.unit_words import code_of as unit_code

MAX_CANDIDATES = 5
"""Rows that are weighed as headers."""

_LEAST_FILLED = 2
_LEAST_RUN = {"size": 3, "date": 2}
_AHEAD = 6
_CONTRAST = 0.4
_HEADERLESS = -1.0
_EVEN = 0.9
_BREADTH = 4
_REPEATED = 4
_TOTAL_CELLS = 3
_TITLE_ROWS = 12
_COUNTED = re.compile(r"\d[\d.,]{0,9}\s*([^\W\d][^\d\s]{0,12})")
_SIZE = re.compile(
    r"(?:x{0,4}[sml]|[2-6]xl|xx?l|one size|os|uni|t?u|\d{2,3}|\d{1,2}[.,]5|\d{1,2}|\d{2,3}[/-]\d{2,3})", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Spread:
    """Quantities side by side in one row: a column for each size (`size`) or delivery day (`date`)."""

    kind: str
    columns: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the lines begin (an index into the grid's rows), and the column (from 0) of each field.

    `trust` says for each field what its column's values may be worth; `worded` holds those told by header words;
    `headers` the header text of each column; `taught` is what was learned of this form of its sender.
    """

    first_line: int
    columns: Mapping[str, int]
    declared: bool = False
    trust: Mapping[str, float] = field(default_factory=dict)
    worded: frozenset[str] = frozenset()
    headers: tuple[str, ...] = ()
    header_row: int | None = None
    spread: Spread | None = None
    closing: float = 0.0
    worth: float = 0.0
    taught: Taught | None = None

    def column(self, name: str) -> int | None:
        """Return the column of a field, or None where the table has none."""
        return self.columns.get(name)

    def header(self, name: str) -> str:
        """Return the header text of a field's column, empty where there is none."""
        column = self.columns.get(name)
        return self.headers[column] if column is not None and column < len(self.headers) else ""

    @property
    def orders(self) -> bool:
        """Whether the table says what is ordered and how much of it."""
        counted = "quantity" in self.columns or self.spread is not None
        return counted and not GOODS_FIELDS.isdisjoint(self.columns)


def find_layout(
    grid: Grid, declared: ColumnMap | None, taught: Taught | None = None, *, ordered: bool = False
) -> Layout | None:
    """Find the header row and meaning that are worth most, one with quantity and goods before any without.

    `taught` is what was learned of this form of its sender; `ordered` that something else than the table calls it an
    order.

    Columns that an admin declared count alone; where they are declared by number, lines begin with the first row
    whose quantity is a number. None where no row is a header and the cells alone do not tell.
    """
    if declared is not None:
        return _declared_layout(grid, declared)
    known = _Known(taught, ordered=ordered)
    found = [*_with_header(grid, known), *_without_header(grid, known)]
    return max(found, key=lambda layout: (layout.orders, layout.worth), default=None)


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of a table before it is looked at."""

    taught: Taught | None = None
    ordered: bool = False

    @property
    def fields(self) -> Mapping[int, str]:
        """The columns whose meaning was learned."""
        return self.taught.fields if self.taught is not None else {}


def _with_header(grid: Grid, known: _Known) -> Iterator[Layout]:
    """Yield a layout for each likely header row, also together with the row above it; for a known form its own."""
    if known.taught is not None:
        row = known.taught.header_row
        yield from _weighed(grid, row, known.taught.header, known) if row is not None else ()
        return
    for index in _candidates(grid):
        for header, handicap in headers_at(grid, index):
            for layout in _weighed(grid, index, header, known):
                yield replace(layout, worth=layout.worth - handicap)


def _candidates(grid: Grid) -> list[int]:
    """Return the rows that look most like headers: known words, or texts above numbers."""
    scored: list[tuple[float, int]] = []
    seen: set[tuple[str, ...]] = set()
    for index, row in enumerate(grid.rows[:SEARCHED_ROWS]):
        texts = texts_of(row)
        if len(row.filled()) < _LEAST_FILLED or texts in seen:
            continue
        seen.add(texts)
        known = {max(words, key=lambda name: words[name]) for words in map(meanings, texts) if words}
        score = len(known) + _CONTRAST * _contrast(grid, index)
        if score >= 1:
            scored.append((score, -index))
    return [-index for _, index in sorted(scored, reverse=True)[:MAX_CANDIDATES]]


def _contrast(grid: Grid, index: int) -> int:
    """Count the columns in which a text stands above numbers or dates."""
    row, below = grid.rows[index], grid.rows[index + 1 : index + 1 + _AHEAD]
    count = 0
    for column in row.filled():
        cells = [other.cells[column] for other in below if column < len(other.cells) and other.text(column)]
        count += is_text(row.cells[column]) and bool(cells) and not any(map(is_text, cells))
    return count


def _weighed(grid: Grid, index: int, header: tuple[str, ...], known: _Known) -> Iterator[Layout]:
    own = texts_of(grid.rows[index])
    body = [row for row in _lines_below(grid.rows[index + 1 :]) if texts_of(row) != own]
    if not body or (known.taught is None and _repeats(header, body) * _REPEATED > len(header)):
        return
    spread = _spread(grid.rows[index], body) if "quantity" not in known.fields.values() else None
    apart = frozenset(column for column, _ in spread.columns) if spread else frozenset()
    meaning = read_meaning(header, body, apart, known.fields)
    ordered = known.ordered or "number" in meaning.worded or _is_titled(grid.rows[:index])
    columns = _settled(meaning, header, ordered=ordered)
    if spread is not None and not GOODS_FIELDS.isdisjoint(columns):
        columns.pop("quantity", None)
    else:
        spread = None
    yield Layout(
        first_line=index + 1,
        columns=columns,
        trust=_settled_trust(meaning, columns),
        worded=meaning.worded,
        headers=header,
        header_row=index,
        spread=spread,
        closing=meaning.closing,
        worth=meaning.total,
        taught=known.taught,
    )


def _repeats(header: Sequence[str], body: Sequence[Row]) -> int:
    """Count the header texts that stand again below in their column, but where the whole header stands again.

    A line among others of its order repeats much; a header names each column once.
    """
    others = [row for row in body if texts_of(row)[: len(header)] != tuple(header)]
    return sum(bool(text) and any(row.text(at) == text for row in others) for at, text in enumerate(header))


def _lines_below(rows: Sequence[Row]) -> list[Row]:
    """Return the rows that look like lines: those that hold more than one cell and a fair share of the widest."""
    kept = [row for row in rows[: 2 * SAMPLE_ROWS] if len(row.filled()) >= _LEAST_FILLED and not _is_total(row)]
    if not kept:
        return [row for row in rows[:SAMPLE_ROWS] if row.filled()]
    widest = max(len(row.filled()) for row in kept)
    return [row for row in kept if _BREADTH * len(row.filled()) > widest] or kept


def _is_total(row: Row) -> bool:
    """Whether a row holds little more than a total and its name: its cells say nothing of their columns."""
    filled = row.filled()
    return len(filled) <= _TOTAL_CELLS and any(total_of(row.text(column).rstrip(":")) for column in filled)


def _is_titled(rows: Sequence[Row]) -> bool:
    """Whether a title above the table calls it an order."""
    cells = (row.text(at) for row in rows[-_TITLE_ROWS:] for at in row.filled())
    return any(labels.whole("title", text) == "order" for text in cells)


def _settled(meaning: Meaning, header: Sequence[str], *, ordered: bool = False) -> dict[str, int]:
    """Keep what may stand: whose code it is, which number is the customer's, and no quantity by a mere number."""
    columns = dict(meaning.columns)
    code = columns.pop("code", None)
    if code is not None:
        taken = "supplier_code" in columns and "buyer_code" not in columns
        columns.setdefault("buyer_code" if taken else "supplier_code", code)
    customers = columns.get("po_number")
    if customers is not None:
        columns["own_number"] = columns.get("number", customers)
        columns["number"] = customers
    if "quantity" not in meaning.worded and not _may_guess(meaning, header, ordered=ordered):
        columns.pop("quantity", None)
    return columns


def _may_guess(meaning: Meaning, header: Sequence[str], *, ordered: bool) -> bool:
    """Say whether a quantity may be told without its word.

    It may where products close, where no header word is known, and in a table that calls itself an order; what is
    told so is worth little, and a person looks at it.
    """
    known = sum(bool(meanings(text)) for text in header if text)
    goods = not GOODS_FIELDS.isdisjoint(meaning.columns)
    return goods and (meaning.closing > 0 or known == 0 or ordered)


def _settled_trust(meaning: Meaning, columns: Mapping[str, int]) -> dict[str, float]:
    by_column = {column: meaning.trust[name] for name, column in meaning.columns.items()}
    return {name: by_column.get(column, 1.0) for name, column in columns.items()}


def _spread(row: Row, body: Sequence[Row]) -> Spread | None:
    """Find the longest run of headers that are sizes or days, above numbers."""
    for kind, test in (("date", _is_day), ("size", _is_size)):
        runs: list[list[int]] = [[]]
        for column in range(len(row.cells)):
            if row.text(column) and test(row.cells[column]) and _counts(body, column):
                runs[-1].append(column)
            elif runs[-1]:
                runs.append([])
        longest = max(runs, key=len)
        named = tuple((column, row.text(column)) for column in longest)
        if len(longest) >= _LEAST_RUN[kind] and len({label for _, label in named}) == len(named):
            return Spread(kind, named)
    return None


def _is_day(cell: Cell) -> bool:
    return isinstance(cell, date) or (
        isinstance(cell, str) and not cell.strip().isdigit() and parse_date(cell, day_first=True) is not None
    )


def _is_size(cell: Cell) -> bool:
    text = text_of(cell)
    if isinstance(cell, date) or "quantity" in meanings(text):
        return False
    return _SIZE.fullmatch(text) is not None or labels.whole("weekday", text) is not None


def _counts(body: Sequence[Row], column: int) -> bool:
    """Whether a column holds only blanks and whole numbers."""
    cells = [row.cells[column] for row in body if column < len(row.cells) and row.text(column)]
    numbers = [number_of(cell) for cell in cells]
    return all(number is not None and number == number.to_integral_value() for number in numbers)


def _without_header(grid: Grid, known: _Known) -> Iterator[Layout]:
    """Yield the layout that the cells alone show, from the first row that is like those below it."""
    if known.taught is not None and known.taught.header_row is not None:
        return
    body = _lines_below(grid.rows)
    if not body or (known.taught is None and _is_headed(body[0])):
        return
    meaning = read_meaning((), body, taught=known.fields)
    columns = _settled(meaning, (), ordered=known.ordered)
    quantity = columns.get("quantity")
    if quantity is None or (known.taught is None and not _even(grid, columns)):
        return
    for index, row in enumerate(grid.rows[:SEARCHED_ROWS]):
        if _number_at(row, quantity):
            trust = _settled_trust(meaning, columns)
            worth = meaning.total + _HEADERLESS
            yield Layout(index, columns, trust=trust, closing=meaning.closing, worth=worth, taught=known.taught)
            return


def _is_headed(row: Row) -> bool:
    return sum(bool(meanings(text)) for text in texts_of(row)) >= _LEAST_FILLED


def _even(grid: Grid, columns: Mapping[str, int]) -> bool:
    """Whether nearly every row counts goods: without a header nothing else says that a table is an order."""
    goods = [columns[name] for name in GOODS_FIELDS if name in columns]
    rows = [row for row in grid.rows[: 2 * SAMPLE_ROWS] if len(row.filled()) >= _LEAST_FILLED]
    lines = [row for row in rows if _number_at(row, columns["quantity"]) and any(row.text(column) for column in goods)]
    return len(lines) >= _EVEN * len(rows)


def _number_at(row: Row, column: int) -> bool:
    """Whether a cell is a number, alone or before its unit."""
    if column >= len(row.cells):
        return False
    counted = _COUNTED.fullmatch(row.text(column))
    return number_of(row.cells[column]) is not None or (counted is not None and unit_code(counted[1]) is not None)


def _declared_layout(grid: Grid, declared: ColumnMap) -> Layout | None:
    words, numbers = declared_fields(declared)
    best: tuple[bool, int, Layout | None] = (False, 0, None)
    by_number = {name: number - 1 for number, name in numbers.items()}
    for index, row in enumerate(grid.rows[:SEARCHED_ROWS]):
        columns = _declared_columns(row, words)
        if not columns:
            continue
        layout = Layout(index + 1, columns | by_number, declared=True, headers=texts_of(row), header_row=index)
        if (layout.orders, len(columns)) > best[:2]:
            best = (layout.orders, len(columns), layout)
    return best[2] or (_numbered(grid, by_number) if numbers else None)


def _declared_columns(row: Row, words: Mapping[str, str]) -> dict[str, int]:
    columns: dict[str, int] = {}
    for column, cell in enumerate(row.cells):
        name = words.get(fold(text_of(cell)))
        if name in LINE_FIELDS or name in HEADER_FIELDS:
            columns.setdefault(str(name), column)
    return columns


def _numbered(grid: Grid, columns: Mapping[str, int]) -> Layout | None:
    """Lay out a table without header by declared column numbers."""
    quantity = columns.get("quantity")
    if quantity is None:
        return None
    for index, row in enumerate(grid.rows[:SEARCHED_ROWS]):
        if _number_at(row, quantity):
            header = index - 1 if index and not _is_blank(grid.rows[index - 1]) else None
            layout = Layout(index, columns, declared=True)
            return replace(layout, header_row=header) if header is not None else layout
    return None


def _is_blank(row: Row) -> bool:
    return not row.filled()
