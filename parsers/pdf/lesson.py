"""What a corrected document teaches: which words of this form name which field, and what is printed on each of them.

The value that a person entered is looked for on the pages; the words that name it (before it in its cell, left of it,
above it, or at the head of its column) are what the reader did not know. What stands nowhere teaches nothing.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from oms_core.decisions.lesson import entered
from oms_core.values.draft import DraftDocument, DraftLine, DraftParty
from oms_core.values.layout import Layout, Meaning
from oms_core.values.source import PageSource, Value
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
_SURE = 0.8
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
    said = _said(lesson)
    for one in (*_head(rows, lesson), *_parties(rows, lesson), *_columns(rows, lesson)):
        if one.words not in said and labels.whole(one.group, one.words) != one.field:
            meanings[one.group, one.words] = one
    constants = dict(base.constants) | dict(_constants(rows, lesson))
    order = _day_first(rows, lesson)
    return replace(
        base,
        meanings=tuple(meanings.values()),
        constants=tuple(sorted(constants.items())),
        day_first=base.day_first if order is None else order,
    )


def _said(lesson: DraftDocument) -> frozenset[str]:
    """Return what the document surely says of its parties and goods, folded: no such text names anything."""
    parties = (lesson.buyer, lesson.supplier, lesson.ship_to)
    values = [getattr(party, name) for party in parties for name in ("name", "address")]
    values += [line.description for line in lesson.lines]
    return frozenset(folded(value.value) for value in values if value is not None and value.confidence >= _SURE)


def _head(rows: Sequence[Row], lesson: DraftDocument) -> Iterator[Meaning]:
    for field in _HEAD:
        value = getattr(lesson, field)
        if entered(value):
            named = _first_named(rows, places(rows, value.value), _said(lesson))
            if named:
                yield Meaning("header", named, field)


def _first_named(rows: Sequence[Row], found: Sequence[Place], said: frozenset[str]) -> str:
    """Return the words that name a value, of the first of its places that has some."""
    return next((words for place in found if (words := _label(rows, place, said))), "")


def _label(rows: Sequence[Row], place: Place, said: frozenset[str]) -> str:
    """Return the words that name what stands at a place: in its cell, left of it, or above it; never what is `said`."""
    if place.before is not None:
        return _words(place.before)
    left = rows[place.row].cells[place.cell - 1 : place.cell] if place.cell else ()
    nearby = [cell for cell in left if place.found.x0 - cell.x1 < _FAR]
    nearby += _above(rows, place)
    may = [cell for cell in nearby if _only_names(cell) and folded(cell.text) not in said]
    return next((words for cell in may if (words := _words(cell))), "")


def _only_names(cell: Cell) -> bool:
    """Whether a cell may name what stands beside it: it has no figures, and no value of its own behind a colon."""
    return not any(map(str.isdigit, cell.text)) and not cell.text.partition(":")[2].strip()


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
        if entered(party.name):
            words = [_label(rows, place, _said(lesson)) for place in places(rows, party.name.value)]
            free = [named for named in words if named and not _is_known(named)]
            # One name may stand in two roles: the words that are nobody's yet are those of the role that was missed.
            mine = [named for named in free if labels.whole("party", named) is None]
            if mine or len(free) == 1:
                yield Meaning("party", (mine or free)[0], role)


def _is_known(named: str) -> bool:
    """Whether words name something else than a party."""
    return any(labels.whole(group, named) for group in ("header", "column", "total"))


def _constants(rows: Sequence[Row], lesson: DraftDocument) -> Iterator[tuple[str, str]]:
    """Yield what the one who writes prints on every document: names and numbers of buyer and supplier."""
    for role in _WRITERS:
        party: DraftParty = getattr(lesson, role)
        for name in ("name", "id", "address"):
            value: Value[str] | None = getattr(party, name)
            if value is not None and entered(value) and printed(rows, value.value):
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
    """Yield for each field of lines that a person entered the words at the head of its column, or before its values."""
    votes: dict[str, Counter[str]] = {}
    for line in lesson.lines:
        for spot in _spots(rows, line):
            before = spot.place.before
            pair = before is not None and before.text.endswith(":")
            named = _words(before) if before is not None and pair else _column_head(rows, spot.place)
            if named:
                votes.setdefault(spot.field, Counter())[named] += 1
    for field, counted in votes.items():
        most = max(counted.values())
        best = [named for named, count in counted.items() if count == most]
        # A small number may stand in several columns: one whose words are known means what they say.
        unknown = [named for named in best if labels.whole("column", named) in (None, field)]
        if len(best) == 1 or len(unknown) == 1:
            yield Meaning("column", (unknown if len(unknown) == 1 else best)[0], field)


def _spots(rows: Sequence[Row], line: DraftLine) -> Iterator[_Spot]:
    """Yield where the entered values of a line stand: in the row nearest to what was read of the line itself."""
    home = _home(rows, line)
    for field in _LINE:
        value = getattr(line, field)
        found = places(rows, value.value) if entered(value) else []
        if found and home is not None:
            nearest = min(abs(place.row - home) for place in found)
            found = [place for place in found if abs(place.row - home) == nearest]
            yield from (_Spot(field, place) for place in found)
        elif found:
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
    return _home_of_added(rows, line)


def _home_of_added(rows: Sequence[Row], line: DraftLine) -> int | None:
    """Return the one row that prints the code of a line that a person added."""
    found = {place.row for place in places(rows, line.supplier_code.value)} if line.supplier_code else set()
    return found.pop() if len(found) == 1 else None


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
    days = [value.value for field in ("date", "requested_date") if entered(value := getattr(lesson, field))]
    days += [value.value for line in lesson.lines if entered(value := line.requested_date)]
    told = {order for day in days for place in places(rows, day) if (order := _order(place, day)) is not None}
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
