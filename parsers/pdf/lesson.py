"""What a corrected document teaches: which words of this form name which field, and what is printed on each of them.

The value that a person entered is looked for on the pages; the words that name it (before it in its cell, left of it,
above it, or at the head of its column) are what the reader did not know. What stands nowhere teaches nothing.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from oms_core.values.draft import DraftDocument, DraftLine, DraftParty
from oms_core.values.layout import Layout, Meaning
from oms_core.values.source import PageSource, PathSource, Value
from parsers.pdf.layout import Cell, Row, overlap
from parsers.pdf.places import Place, folded, places
from parsers.words import dates, labels

MAX_MARKS = 60
"""Label words that a form is known by."""
SAME_FORM = 0.7
"""The share of a layout's marks that a document of it shows."""
_HEAD = ("number", "refers_to", "date", "requested_date", "currency")
_WRITERS = ("buyer", "supplier")
_LINE = (
    *("line_number", "buyer_code", "supplier_code", "gtin", "description"),
    *("quantity", "unit", "unit_price", "amount"),
)
_GROUPS = ("header", "party", "column", "total", "title")
_FAR = 260.0
_ABOVE = 3
_HEADER_ROWS = 8
_LEAST_LETTERS = 2


def marks(rows: Sequence[Row]) -> tuple[str, ...]:
    """Return the label words of a document, in reading order and each once: what its form is known by."""
    texts = (folded(cell.text.partition(":")[0]) for row in rows for cell in row.cells)
    return tuple(dict.fromkeys(text for text in texts if _is_mark(text)))[:MAX_MARKS]


def _is_mark(text: str) -> bool:
    words = text.split()
    known = any((label := labels.at(group, words)) is not None and label.end == len(words) for group in _GROUPS)
    return bool(words) and known and not any(char.isdigit() for char in text)


def chosen(layouts: Sequence[Layout], rows: Sequence[Row]) -> Layout | None:
    """Return the layout that this document is of, the one most alike and of equals the first; None for none."""
    shown = {folded(cell.text.partition(":")[0]) for row in rows for cell in row.cells}
    scored = [(sum(mark in shown for mark in one.marks) / max(len(one.marks), 1), one) for one in layouts]
    best = max(scored, key=lambda pair: pair[0], default=None)
    return best[1] if best and best[0] >= SAME_FORM else None


def learn(rows: Sequence[Row], lesson: DraftDocument, known: Layout | None) -> Layout:
    """Return the layout that reads this document as a person corrected it, with what was known of its form before."""
    base = known or Layout("pdf", marks(rows))
    meanings = {(one.group, one.words): one for one in base.meanings}
    for one in (*_head(rows, lesson), *_parties(rows, lesson), *_columns(rows, lesson)):
        meanings[one.group, one.words] = one
    constants = dict(base.constants) | dict(_constants(rows, lesson))
    order = _day_first(rows, lesson)
    return replace(
        base,
        meanings=tuple(meanings.values()),
        constants=tuple(sorted(constants.items())),
        day_first=base.day_first if order is None else order,
    )


def _entered(value: Value[Any] | None) -> bool:
    return value is not None and isinstance(value.source, PathSource) and value.source.path.startswith("entered by ")


def _head(rows: Sequence[Row], lesson: DraftDocument) -> Iterator[Meaning]:
    for field in _HEAD:
        value = getattr(lesson, field)
        if _entered(value):
            named = _first_named(rows, places(rows, value.value))
            if named:
                yield Meaning("header", named, field)


def _first_named(rows: Sequence[Row], found: Sequence[Place]) -> str:
    """Return the words that name a value, of the first of its places that has some."""
    return next((words for place in found if (words := _label(rows, place))), "")


def _label(rows: Sequence[Row], place: Place) -> str:
    """Return the words that name what stands at a place: in its cell, left of it, or above it."""
    row = rows[place.row]
    nearby = [place.before]
    if place.before is None and place.cell:
        left = row.cells[place.cell - 1]
        nearby.append(left if place.found.x0 - left.x1 < _FAR else None)
    if place.before is None:
        nearby += _above(rows, place)
    return next((words for cell in nearby if cell is not None and (words := _words(cell))), "")


def _words(cell: Cell) -> str:
    """Return the last words of a cell that can name something: letters, no figures, not too many."""
    words = [word for word in labels.words_of(cell.text) if not any(char.isdigit() for char in word)]
    words = words[-labels.MAX_LABEL_WORDS :]
    return " ".join(words) if sum(len(word) for word in words) >= _LEAST_LETTERS else ""


def _above(rows: Sequence[Row], place: Place) -> list[Cell]:
    page = rows[place.row].page
    near = [row for row in rows[max(0, place.row - _ABOVE) : place.row] if row.page == page]
    return [cell for row in reversed(near) for cell in row.cells if overlap(cell, place.found) > 0]


def _parties(rows: Sequence[Row], lesson: DraftDocument) -> Iterator[Meaning]:
    """Yield the words over, or left of, the block of a party that a person named."""
    for role in (*_WRITERS, "ship_to"):
        party: DraftParty = getattr(lesson, role)
        if party.name is None or not _entered(party.name):
            continue
        for place in places(rows, party.name.value):
            named = _label(rows, place)
            group = next((g for g in ("header", "column", "total") if named and labels.whole(g, named)), None)
            if named and group is None:
                yield Meaning("party", named, role)
                break


def _constants(rows: Sequence[Row], lesson: DraftDocument) -> Iterator[tuple[str, str]]:
    """Yield what the one who writes prints on every document: names and numbers of buyer and supplier."""
    for role in _WRITERS:
        party: DraftParty = getattr(lesson, role)
        for name in ("name", "id", "address"):
            value: Value[str] | None = getattr(party, name)
            if value is not None and _entered(value) and printed(rows, value.value):
                yield f"{role}.{name}", value.value


def printed(rows: Sequence[Row], text: str) -> PageSource | None:
    """Return where a text stands; an address of several parts stands where its first part does, if all are there."""
    parts = [part.strip() for part in text.split(", ") if part.strip()]
    found = [places(rows, part) for part in parts]
    if not found or not all(found):
        whole = places(rows, text)
        return whole[0].found.source if whole else None
    return found[0][0].found.source


@dataclass(frozen=True, slots=True)
class _Spot:
    """A value of a line: its field and where it stands."""

    field: str
    place: Place


def _columns(rows: Sequence[Row], lesson: DraftDocument) -> Iterator[Meaning]:
    """Yield for each field of lines that a person entered the words at the head of its column."""
    votes: dict[str, Counter[str]] = {}
    for line in lesson.lines:
        for spot in _spots(rows, line):
            named = _column_head(rows, spot.place)
            if named:
                votes.setdefault(spot.field, Counter())[named] += 1
    for field, counted in votes.items():
        yield Meaning("column", counted.most_common(1)[0][0], field)


def _spots(rows: Sequence[Row], line: DraftLine) -> Iterator[_Spot]:
    """Yield where the entered values of a line stand: the places nearest to what was read of the line itself."""
    home = _home(rows, line)
    for field in _LINE:
        value = getattr(line, field)
        if not _entered(value):
            continue
        found = places(rows, value.value)
        if home is not None:
            found = sorted(found, key=lambda place: abs(place.row - home))
        if found:
            yield _Spot(field, found[0])


def _home(rows: Sequence[Row], line: DraftLine) -> int | None:
    """Return the row that a line stands in, by the values that were read from the page."""
    sources = [value.source for field in _LINE if (value := getattr(line, field)) is not None]
    for source in sources:
        if isinstance(source, PageSource):
            middle = (source.bbox[1] + source.bbox[3]) / 2
            for at, row in enumerate(rows):
                if row.page == source.page and row.top <= middle <= row.bottom:
                    return at
    return None


def _column_head(rows: Sequence[Row], place: Place) -> str:
    """Return the words above a value in the nearest row above that looks like the head of a table."""
    page = rows[place.row].page
    for row in reversed(rows[max(0, place.row - 10 * _HEADER_ROWS) : place.row]):
        named = [cell for cell in row.cells if labels.at("column", labels.words_of(cell.text)) is not None]
        if row.page != page or len(named) < 2:  # noqa: PLR2004 - one word of a table's head may stand anywhere
            continue
        over = max(row.cells, key=lambda cell: overlap(cell, place.found))
        return _words(over) if overlap(over, place.found) > 0 else ""
    return ""


def _day_first(rows: Sequence[Row], lesson: DraftDocument) -> bool | None:
    """Say in which order dates are written, where an entered date can stand on the pages in one order only."""
    entered = [value.value for field in ("date", "requested_date") if _entered(value := getattr(lesson, field))]
    entered += [
        line.requested_date.value for line in lesson.lines if line.requested_date and _entered(line.requested_date)
    ]
    told = {order for day in entered for place in places(rows, day) if (order := _order(place, day)) is not None}
    return told.pop() if len(told) == 1 else None


def _order(place: Place, day: dt.date) -> bool | None:
    text = place.found.text
    first, second = dates.parse_date(text, day_first=True), dates.parse_date(text, day_first=False)
    return None if first == second else first == day


def with_constants(draft: DraftDocument, layout: Layout, rows: Sequence[Row]) -> DraftDocument:
    """Put what is printed on every document of a layout in its place, where this document prints it too."""
    for path, text in layout.constants:
        role, _, name = path.partition(".")
        place = printed(rows, text) if role in _WRITERS and name else None
        if place is not None:
            party = replace(getattr(draft, role), **{name: Value(text, place, _TAUGHT)})
            draft = replace(draft, **{role: party})
    return draft


_TAUGHT = 0.97
"""How sure a value is that a person taught and the document prints."""
