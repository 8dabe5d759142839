"""What a corrected table teaches: which of its columns and labels mean what, told by where the right values stand.

A column means a field where the values that a person left for the field stand in it on all lines but a few. One value
that was wrong in the document itself stands in no other column, and teaches nothing; nor does a value that stands in
several columns alike. Whether the document itself reads better with it is for others to say.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from oms_core.decisions.lesson import PARTIES, entered
from oms_core.values.draft import DraftDocument, DraftLine, DraftParty
from oms_core.values.layout import Layout as Learned
from oms_core.values.layout import Meaning
from oms_core.values.source import CellSource
from parsers.sheet.cells import prints, quotient
from parsers.sheet.grid import Grid, Row, text_of
from parsers.sheet.headers import column_names
from parsers.sheet.heading import label_of
from parsers.sheet.layout import Layout
from parsers.sheet.taught import FORM, price_per
from parsers.words import dates, labels

MAX_LINES = 500
"""Lines of a corrected document that are compared with its columns."""
MAX_COLUMNS = 200
"""Columns that are compared with what a person entered."""
AGREEING = 0.9
"""The share of the lines on which a column says what a person left, for it to be the field's."""
_LINE = ("buyer_code", "supplier_code", "gtin", "description", "quantity", "unit", "unit_price", "requested_date")
_HEAD = ("number", "date", "requested_date", "currency")
_PARTY = ("name", "id", "address")
_WRITERS = ("buyer", "supplier")
_COUNTED = ("quantity", "unit_price")
"""Fields whose old column says nothing more, once they have another one: as a bare number it could be anything."""
_NEAR_ROWS = 200
_BASES = (Decimal(10), Decimal(100), Decimal(1000))
_LEAST_LETTERS = 2


@dataclass(frozen=True, slots=True)
class Lesson:
    """A table as it was read, and what a person made of one of its orders."""

    grid: Grid
    layout: Layout
    read: DraftDocument | None
    """The same order as it was read just now."""
    corrected: DraftDocument


def learn(lesson: Lesson, known: Learned | None) -> Learned | None:
    """Return what a corrected table teaches, with what was known of its form before; None where it teaches nothing."""
    names = _names(lesson)
    base = known or Learned(FORM, names)
    rows = _rows(lesson)
    meanings = {(one.group, one.words): one for one in base.meanings}
    for one in (*_columns(lesson, rows, names), *_units(lesson, rows), *_heads(lesson, rows, names)):
        _drop_rival(meanings, one)
        meanings[one.group, one.words] = one
    order = _day_first(lesson)
    learned = replace(
        base,
        meanings=tuple(meanings.values()),
        constants=tuple(sorted((dict(base.constants) | dict(_constants(lesson))).items())),
        day_first=base.day_first if order is None else order,
    )
    return None if learned == base and (known is None or learned == known) else learned


def _drop_rival(meanings: dict[tuple[str, str], Meaning], new: Meaning) -> None:
    """Let a field of lines have one column: what another one was taken for is over."""
    if new.group == "column" and new.field != "other":
        for key in [key for key, one in meanings.items() if one.group == "column" and one.field == new.field]:
            del meanings[key]


def _names(lesson: Lesson) -> tuple[str, ...]:
    headed = lesson.layout.header_row is not None
    width = max(len(lesson.layout.headers), 0 if headed else lesson.grid.width)
    return column_names(lesson.layout.headers, width)[:MAX_COLUMNS]


def _rows(lesson: Lesson) -> list[tuple[DraftLine, Row]]:
    """Return the lines that a person left, each with the row it was read from or, for an added one, stands in."""
    by_number = {row.number: row for row in lesson.grid.rows[lesson.layout.first_line :]}
    found = []
    for line in lesson.corrected.lines[:MAX_LINES]:
        numbers = Counter(place for place in _places(lesson, line) if place in by_number)
        row = by_number[numbers.most_common(1)[0][0]] if numbers else _row_of_added(line, by_number)
        if row is not None:
            found.append((line, row))
    return found


def _places(lesson: Lesson, line: DraftLine) -> Iterator[int]:
    for name in _LINE:
        value = getattr(line, name)
        if value is not None and isinstance(value.source, CellSource) and value.source.sheet == lesson.grid.sheet:
            yield value.source.column if lesson.grid.turned else value.source.row


def _row_of_added(line: DraftLine, by_number: Mapping[int, Row]) -> Row | None:
    """Return the one row that prints the code and the quantity of a line that a person added."""
    wanted = [value.value for value in (line.supplier_code, line.quantity) if value is not None]
    found = [row for row in by_number.values() if all(any(prints(cell, one) for cell in row.cells) for one in wanted)]
    return found[0] if len(found) == 1 and len(wanted) > 1 else None


def _columns(lesson: Lesson, rows: Sequence[tuple[DraftLine, Row]], names: Sequence[str]) -> Iterator[Meaning]:
    """Yield for each field of lines that a person changed the column that says what they left, or that none does."""
    if lesson.layout.spread is not None:
        return
    told: dict[int, str] = {}
    for field in _LINE:
        if any(entered(getattr(line, field)) for line, _ in rows):
            column, meant = _column_of(lesson, rows, field, len(names))
            before = lesson.layout.column(field)
            if column is not None and (column, meant) != (before, field):
                told[column] = meant
                if before is not None and before != column and field in _COUNTED:
                    told.setdefault(before, "other")
    for field in _cleared(lesson, rows):
        column = lesson.layout.column(field)
        if column is not None and column not in told:
            told[column] = "other"
    yield from (Meaning("column", names[column], field) for column, field in told.items() if column < len(names))


def _column_of(lesson: Lesson, rows: Sequence[tuple[DraftLine, Row]], field: str, width: int) -> tuple[int | None, str]:
    """Return the one column that agrees best with what a person left in a field, with what it means; None if unsure."""
    wanted = [(value.value, row) for line, row in rows if (value := getattr(line, field)) is not None]
    scored = [(_agreeing(wanted, at, None), at, field) for at in range(width)]
    if field == "unit_price":
        scored += [(_agreeing(wanted, at, base), at, price_per(base)) for at in range(width) for base in _BASES]
    best = max(share for share, _, _ in scored)
    if best < AGREEING:
        return None, field
    found = [(at, meant) for share, at, meant in scored if share == best]
    return _unambiguous(lesson, found, field)


def _unambiguous(lesson: Lesson, found: Sequence[tuple[int, str]], field: str) -> tuple[int | None, str]:
    """Choose among columns that say the same: the one that is the field's already, else the one that is nothing yet."""
    current = lesson.layout.column(field)
    if any(pair == (current, field) for pair in found):
        return current, field
    taken = set(lesson.layout.columns.values()) - {_code_column(lesson.layout, field)}
    free = [pair for pair in found if pair[0] not in taken] or list(found)
    return free[0] if len(free) == 1 else (None, field)


def _code_column(layout: Layout, field: str) -> int | None:
    """Return the column of the code whose owner a person may have put right."""
    others = {"buyer_code": "supplier_code", "supplier_code": "buyer_code"}
    return layout.column(others[field]) if field in others else None


def _agreeing(wanted: Sequence[tuple[object, Row]], column: int, base: Decimal | None) -> float:
    """Return the share of the lines on which a column prints what is wanted, or so many times of it."""
    if not wanted:
        return 0.0
    cells = [(value, row.cells[column] if column < len(row.cells) else "") for value, row in wanted]
    if base is None:
        return sum(prints(cell, value) for value, cell in cells) / len(cells)
    return sum(isinstance(value, Decimal) and quotient(cell, value) == base for value, cell in cells) / len(cells)


def _cleared(lesson: Lesson, rows: Sequence[tuple[DraftLine, Row]]) -> Iterator[str]:
    """Yield the fields that were read on lines and that a person left empty on every one of them."""
    if lesson.read is None or len(lesson.read.lines) != len(lesson.corrected.lines) or not rows:
        return
    for field in (name for name in _LINE if name not in ("quantity", "description")):
        was = any(getattr(line, field) is not None for line in lesson.read.lines)
        if was and all(getattr(line, field) is None for line, _ in rows):
            yield field


def _units(lesson: Lesson, rows: Sequence[tuple[DraftLine, Row]]) -> Iterator[Meaning]:
    """Yield the sender's words in the column of units whose codes a person entered, always the same one."""
    column = lesson.layout.column("unit")
    told: dict[str, set[str]] = {}
    for line, row in rows if column is not None else ():
        word = labels_fold(row.text(column or 0))
        if word and line.unit is not None and not prints(row.text(column or 0), line.unit.value):
            told.setdefault(word, set()).add(line.unit.value if entered(line.unit) else "")
    for word, codes in told.items():
        code = codes.pop() if len(codes) == 1 else ""
        if code and not any(map(str.isdigit, word)):
            yield Meaning("unit", word, code)


def labels_fold(text: str) -> str:
    """Fold a sender's word as the words of a layout are."""
    return " ".join(labels.words_of(text))


def _heads(lesson: Lesson, rows: Sequence[tuple[DraftLine, Row]], names: Sequence[str]) -> Iterator[Meaning]:
    """Yield the columns and labels of what is said of the whole order, where a person entered it."""
    for field, group, value in _head_values(lesson.corrected):
        column = _head_column(lesson, rows, value)
        if column is not None and column < len(names):
            yield Meaning("column", names[column], field)
            continue
        label = next((words for row, at in _around(lesson) if (words := _label(lesson.grid, row, at, value))), "")
        if label:
            yield from _unlearned(lesson, field, label)
            yield Meaning(group, label, field)


def _head_values(draft: DraftDocument) -> Iterator[tuple[str, str, object]]:
    """Yield what a person entered of the head: the field, the group of words that name it, and the value."""
    for field in _HEAD:
        value = getattr(draft, field)
        if entered(value):
            yield field, "header", value.value
    for role in PARTIES:
        party: DraftParty = getattr(draft, role)
        for name in _PARTY:
            value = getattr(party, name)
            if entered(value):
                yield role if name == "name" else f"{role}_{name}", "party" if name == "name" else "header", value.value


def _head_column(lesson: Lesson, rows: Sequence[tuple[DraftLine, Row]], value: object) -> int | None:
    """Return the one column that says a value on the rows of the order and is no field of its lines."""
    lines = {lesson.layout.columns[name] for name in _LINE if name in lesson.layout.columns}
    found = []
    for column in range(min(lesson.grid.width, MAX_COLUMNS)):
        cells = [row.cells[column] for _, row in rows if column < len(row.cells) and row.text(column)]
        if column not in lines and cells and all(prints(cell, value) for cell in cells):
            found.append(column)
    return found[0] if len(found) == 1 else None


def _around(lesson: Lesson) -> Iterator[tuple[int, int]]:
    """Yield the filled cells (row index, column) above the header and below the lines."""
    grid, layout = lesson.grid, lesson.layout
    top = layout.header_row if layout.header_row is not None else layout.first_line
    below = range(max(layout.first_line, len(grid.rows) - _NEAR_ROWS), len(grid.rows))
    for index in (*range(min(top, _NEAR_ROWS)), *below):
        yield from ((index, column) for column in grid.rows[index].filled())


def _label(grid: Grid, index: int, column: int, value: object) -> str:
    """Return the words that name a value in a cell: before it in the cell, left of it, or above it."""
    row = grid.rows[index]
    text = row.text(column)
    before, colon, inline = text.partition(":")
    if colon and prints(inline.strip(), value):
        return _words(before)
    if not prints(row.cells[column], value):
        return ""
    left = [at for at in row.filled() if at < column]
    above = grid.rows[index - 1].text(column) if index else ""
    return next((words for near in (row.text(left[-1]) if left else "", above) if (words := _words(near))), "")


def _words(text: str) -> str:
    """Return a text folded if it can name something: letters, no figures, not too many words."""
    words = labels.words_of(text.rstrip(": "))
    plain = len(words) <= labels.MAX_LABEL_WORDS and not any(char.isdigit() for char in text)
    return " ".join(words) if plain and sum(map(len, words)) >= _LEAST_LETTERS else ""


def _unlearned(lesson: Lesson, field: str, label: str) -> Iterator[Meaning]:
    """Yield that the label which gave the wrong value says nothing, where another one gives the right one."""
    was = getattr(lesson.read, field, None) if lesson.read is not None else None
    if was is None or not isinstance(was.source, CellSource) or was.source.sheet != lesson.grid.sheet:
        return
    for index, column in _around(lesson):
        if (lesson.grid.rows[index].number, column + 1) == (was.source.row, was.source.column):
            words = _label(lesson.grid, index, column, was.value)
            if words and words != label and label_of(words) is not None:
                yield Meaning("header", words, "other")


def _constants(lesson: Lesson) -> Iterator[tuple[str, str]]:
    """Yield the names and numbers of buyer and supplier that a person entered and that stand without a label."""
    texts = {text_of(cell).casefold() for index, at in _around(lesson) for cell in (lesson.grid.rows[index].cells[at],)}
    for role in _WRITERS:
        for name in _PARTY:
            value = getattr(getattr(lesson.corrected, role), name)
            if entered(value) and " ".join(value.value.split()).casefold() in texts:
                yield f"{role}.{name}", value.value


def _day_first(lesson: Lesson) -> bool | None:
    """Say in which order dates are written, where an entered day stands in the table in one order only."""
    days = [value.value for name in ("date", "requested_date") if entered(value := getattr(lesson.corrected, name))]
    days += [value.value for line in lesson.corrected.lines if entered(value := line.requested_date)]
    texts = {row.text(at) for row in lesson.grid.rows[: 2 * _NEAR_ROWS] for at in row.filled()}
    printed = [text.partition(":")[2] or text for text in texts]
    told = {order for day in days for text in printed if (order := _order(text, day)) is not None}
    return told.pop() if len(told) == 1 else None


def _order(text: str, day: dt.date) -> bool | None:
    first, second = dates.parse_date(text, day_first=True), dates.parse_date(text, day_first=False)
    return None if first == second or day not in (first, second) else first == day
