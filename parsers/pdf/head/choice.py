"""Which number and which dates a document has, of all that its labels and titles offer; each value is used once."""

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from oms_core.values.draft import DocumentKind
from oms_core.values.source import PageSource, Source, Value
from parsers.pdf.head import values
from parsers.pdf.head.kind import BUYER_ASKS, Title
from parsers.pdf.head.marks import Mark, glued
from parsers.pdf.head.pairs import Neighbours, Pair
from parsers.pdf.head.sentences import wanted_in_text, without_year
from parsers.pdf.layout import Cell, Row, overlap
from parsers.words import dates, labels

_ORDERS = {
    "": 1.0,
    "order": 0.95,
    "document": 0.8,
    "sales": 0.65,
    "reference": 0.5,
    "yours": 0.25,
    "title": 0.97,
    "bare": 0.8,
}
_OWN = {"title": 0.97, "bare": 0.85, "document": 0.8, "reference": 0.5}
NUMBERS: Mapping[DocumentKind, Mapping[str, float]] = {
    DocumentKind.ORDER: _ORDERS,
    DocumentKind.ORDER_CHANGE: _ORDERS,
    DocumentKind.ORDER_CANCELLATION: _ORDERS,
    DocumentKind.OTHER: {**_ORDERS, "reference": 0.7},
    DocumentKind.ORDER_RESPONSE: {**_OWN, "sales": 1.0, "order": 0.75, "": 0.3},
    DocumentKind.INVOICE: {**_OWN, "invoice": 1.0},
    DocumentKind.CREDIT_NOTE: {**_OWN, "invoice": 0.7},
    DocumentKind.QUOTE: {**_OWN, "quote": 1.0},
    DocumentKind.QUOTE_REQUEST: {**_OWN, "rfq": 1.0, "quote": 0.4},
    DocumentKind.DESPATCH_ADVICE: {**_OWN, "delivery": 1.0},
}
"""How well each kind of label names a document's own number; what is not listed does not name it."""

_DATES: Mapping[tuple[str, str], float] = {
    ("date", ""): 1.0,
    ("date", "plain"): 0.9,
    ("document_date", "invoice"): 0.3,
    ("document_date", "quote"): 0.2,
    ("document_date", "change"): 0.6,
    ("other", "sent"): 0.6,
}
_SELLER_DATES: Mapping[tuple[str, str], float] = {
    ("document_date", "invoice"): 1.0,
    ("document_date", "quote"): 1.0,
    ("date", "plain"): 0.9,
    ("date", ""): 0.6,
}
_LATER_PAGE = 0.1
_CLOCK = re.compile(r"\s*,?\s*\d{1,2}:\d{2}(?::\d{2})?(?:\s*[AaPp][Mm])?")
_BARE_ROWS = 5
_BARE_LABEL_ROWS = 30
_LEAST_WANTED = 0.35
"""A day that so little speaks for is nobody's wish."""

_TITLE_ROWS = 60
_NAKED = 0.5
"""What a number beside the title is worth that no word names."""
_LEAST_NAKED = 4
_APART = 40.0
_SUBJECT_WORDS = 3
_MARKED_WORTH = 0.95
_MARK = (
    r"(?:n[o\u00b0\u00ba.]|nr|num|n\u00fam|number|nummer|numero|num\u00e9ro|n\u00famero|numer|\u010d|\u010d\u00edslo|sz|#"
    r"|\u2116)"
)
_MARKED = re.compile(rf"(?:\s+[^\W\d_]+){{0,2}}\s+(?P<mark>{_MARK}[\s.:\u00b0\u00ba]*[A-Z\d])", re.IGNORECASE)
_MARKER = re.compile(rf"(?<!\w){_MARK}[\s.:\u00b0\u00ba]*$", re.IGNORECASE)
"""A word for number after at most two words that qualify the document: 'settimanale n.', 'externa N.\u00ba'."""

_UNLOADED = 45.0
_LETTER_DATE, _TITLE_DATE, _LONE_DATE = 0.75, 0.65, 0.55
"""How sure a date without a label is: after the place of a letter, at the title, as the only one of the page."""

_TITLE_NEAR = 70.0
_PLACE_WORDS = 4
_DAY_WORDS = frozenset(
    ("den", "dnia", "dn", "dne", "dňa", "le", "a", "em", "il", "lì", "li", "op", "on", "the", "la", "am", "i", "den.")
)
_YEAR_WORDS = frozenset(("r", "roku", "rok", "g", "m", "d", "gada", "h", "uhr", "óra", "kl", "-án", "-én", "napján"))
"""What may follow the year of a date: '18.02.2026 r.', '2026 m.'."""

_EARLY = dt.timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Chosen:
    """The number and the dates of a document, and how far the number led the second best."""

    number: Value[str] | None
    date: Value[dt.date] | None
    requested_date: Value[dt.date] | None
    lead: float


@dataclass(frozen=True, slots=True)
class Seen:
    """What a choice is made from: lines, labels, pairs, neighbours, and the title with its kind."""

    rows: Sequence[Row]
    marks: Sequence[Mark]
    pairs: Sequence[Pair]
    near: Neighbours
    title: Title | None
    kind: DocumentKind


@dataclass(frozen=True, slots=True)
class _Number:
    value: str
    source: Source
    weight: float


def choose(seen: Seen, *, day_first: bool) -> Chosen:
    """Choose number, date and requested date together."""
    found = sorted(_numbers(seen), key=lambda one: -one.weight)
    best = found[0] if found else None
    second = next((one.weight for one in found if best and one.value != best.value), 0.0)
    number = Value(best.value, best.source, round(min(best.weight, 0.97), 3)) if best else None
    date = _date(seen, day_first) or _loose_date(seen, day_first)
    wanted = requested(seen.pairs, seen.kind, date, day_first) or _unlabelled(seen, date, day_first)
    return Chosen(number, date, wanted, round(best.weight - second, 3) if best else 0.0)


def _unlabelled(seen: Seen, date: Value[dt.date] | None, day_first: bool) -> Value[dt.date] | None:
    """Return the day that an order asks for without a label and a full date."""
    if seen.kind not in BUYER_ASKS:
        return None
    written = date.value if date is not None else None
    return without_year(seen.marks, seen.near, written, day_first=day_first) or wanted_in_text(
        seen.rows, written, day_first=day_first
    )


def _numbers(seen: Seen) -> list[_Number]:
    worth = NUMBERS.get(seen.kind, _OWN)
    found = []
    for pair in seen.pairs:
        names = pair.field == "number" or (pair.field == "other" and pair.nuance)
        share = worth.get(pair.nuance, 0.0) if names else 0.0
        if share > 0:
            late = _LATER_PAGE * (pair.page > 1)
            found.append(_Number(pair.value, pair.source, share * pair.weight - late - 0.0005 * pair.row))
    if seen.title is not None:
        found += _titled(seen.rows, seen.title, worth)
        found += _bare(seen.marks, seen.near, worth)
    return found


def _titled(rows: Sequence[Row], title: Title, worth: Mapping[str, float]) -> list[_Number]:
    """Return the number that stands in the title ('Bestellung 4711'), beside it, or marked 'No.' just below it."""
    if title.cell is None:
        return []
    found = list(_marked(rows, title, worth))
    for cell, end in _same_titles(rows, title):
        inside = _inside(cell, end)
        if inside is not None:
            found.append(_Number(inside.value, inside.source, worth.get("title", 0.9)))
    index = next((i for i, row in enumerate(rows) if title.cell in row.cells), None)
    if index is None:
        return found
    for row in rows[max(0, index - 1) : index + 1 + _BARE_ROWS]:
        for place, cell in enumerate(row.cells):
            if row.page != title.cell.page or cell is title.cell:
                continue
            bare = labels.at("bare", labels.words_of(cell.text))
            piece = values.number_in(cell.text)
            marked = bare is not None or cell.text.lstrip().startswith(("#", "\u2116"))
            named = place > 0 and labels.at("header", labels.words_of(row.cells[place - 1].text)) is not None
            naked = len(cell.words) == 1 and piece is not None and len(piece.text) >= _LEAST_NAKED and not named
            left = row.cells[place - 1] if place else title.cell
            naked = naked and (left is title.cell or _apart(left, cell)) and cell is row.cells[-1]
            lone = naked and len(row.cells) == 1
            if piece is not None and (marked or naked) and (lone or _beside(cell, title.cell)):
                source = (cell.part(piece.start, piece.end) or cell).source
                found.append(_Number(piece.text, source, worth.get("bare", 0.7) if marked else _NAKED))
    return found


def _marked(rows: Sequence[Row], title: Title, worth: Mapping[str, float]) -> Iterator[_Number]:
    """Yield numbers after the document's name and a word for number: 'Oggetto: ordine settimanale n. 57/2026'."""
    for row in rows[:_TITLE_ROWS]:
        for cell in row.cells:
            tokens = labels.tokens(cell.text)
            for label in labels.every("title", [token.word for token in tokens]):
                if label.field != title.kind.value or label.start > _SUBJECT_WORDS:
                    continue
                end = tokens[label.end - 1].end
                marker = _MARKED.match(cell.text, end)
                piece = values.number_in(cell.text[marker.start("mark") :]) if marker else None
                if marker is not None and piece is not None:
                    start = marker.start("mark") + piece.start
                    source = (cell.part(start, start + len(piece.text)) or cell).source
                    yield _Number(piece.text, source, _MARKED_WORTH * worth.get("title", 0.9))


def _apart(left: Cell, cell: Cell) -> bool:
    """Say whether a cell stands so far from the one left of it that neither a label nor a table's row joins them."""
    return cell.x0 - left.x1 > _APART and not left.text.rstrip().endswith(":")


def _bare(marks: Sequence[Mark], near: Neighbours, worth: Mapping[str, float]) -> list[_Number]:
    """Return the numbers that a label of one word names, 'Number' or '#', near the title."""
    found = []
    for mark in marks:
        bare = mark.means("bare")
        known = mark.means("header") or mark.means("identifier")
        if bare is None or bare.field != "number" or mark.row > _BARE_LABEL_ROWS or known is not None:
            continue
        if labels.whole("bare", mark.phrase) is None:
            continue
        inside = values.number_in(mark.rest_text) if mark.colon and mark.first else None
        if inside is not None and mark.rest is not None:
            found.append(_Number(inside.text, mark.rest.source, 0.8 * worth.get("bare", 0.7)))
        for target in near.targets(mark) if mark.rest is None else ():
            piece = values.number_in(target.cell.text.lstrip(": "))
            if piece is not None:
                weight = 0.8 * worth.get("bare", 0.7) * target.worth * near.left(target, mark)
                found.append(_Number(piece.text, target.cell.source, weight))
    return found


def _same_titles(rows: Sequence[Row], title: Title) -> list[tuple[Cell, int]]:
    """Return the cells that begin with a title of the document's kind, and where the title's words end in them."""
    found = [(title.cell, title.end)] if title.cell is not None else []
    for row in rows[:_TITLE_ROWS]:
        for cell in row.cells:
            tokens = labels.tokens(cell.text)
            label = labels.at("title", [token.word for token in tokens])
            end = tokens[label.end - 1].end if label is not None else 0
            part = labels.at("part", [token.word for token in tokens])
            if part is not None and label is not None and part.end > label.end:  # 'PO Box 7719' is an address
                continue
            if cell is title.cell or label is None or label.field != title.kind.value or glued(cell.text, end):
                continue
            found.append((cell, end))
    return found


def _inside(cell: Cell, end: int) -> Value[str] | None:
    rest = cell.text[end:]
    piece = values.number_in(rest)
    if piece is None:
        return None
    part = cell.part(end + piece.start, end + piece.end) or cell
    return Value(piece.text, part.source, 0.9)


def _beside(cell: Cell, title: Cell) -> bool:
    """Say whether a cell stands right of a title or below it."""
    level = min(cell.bottom, title.bottom) - max(cell.top, title.top) > 0
    return (level and cell.x0 > title.x1) or overlap(cell, title) > 0


def _date(seen: Seen, day_first: bool) -> Value[dt.date] | None:
    table = _DATES if seen.kind in BUYER_ASKS else _SELLER_DATES
    found: list[tuple[float, dt.date, PageSource]] = []
    for pair in seen.pairs:
        share = table.get((pair.field, pair.nuance), 0.0)
        day = dates.parse_date(pair.value, day_first) if share else None
        if day is not None and values.is_reasonable(day):
            weight = share * pair.weight - _LATER_PAGE * (pair.page > 1) - 0.0005 * pair.row
            found.append((weight, day, pair.source))
    for cell, _ in _same_titles(seen.rows, seen.title) if seen.title is not None else ():
        for piece in values.dates_in(cell.text)[:1]:
            day = dates.parse_date(piece.text, day_first)
            if day is not None and not _MARKER.search(cell.text[: piece.start]):
                found.append((0.88, day, (cell.part(piece.start, piece.end) or cell).source))
    if not found:
        return None
    weight, day, source = max(found, key=lambda one: one[0])
    return Value(day, source, round(min(weight, 0.96), 3))


def _loose_date(seen: Seen, day_first: bool) -> Value[dt.date] | None:
    """Return a date without a label: after a place ('Berlin, den 3. März 2026'), at the title, or the only one."""
    found = [one for one in _alone(seen, day_first) if one.named is None]
    for sure, chosen in (
        (_LETTER_DATE, [one for one in found if one.placed]),
        (_TITLE_DATE, [one for one in found if seen.title is not None and _at_title(one.cell, seen.title.cell)]),
        (_LONE_DATE, found),
    ):
        if len({one.day for one in chosen}) == 1:
            return Value(chosen[0].day, chosen[0].cell.source, sure)
    return None


@dataclass(frozen=True, slots=True)
class _Alone:
    """A date that is all of its cell, perhaps after a place; `named` is the label that claims it."""

    day: dt.date
    cell: Cell
    placed: bool
    named: Mark | None


def _alone(seen: Seen, day_first: bool) -> Iterator[_Alone]:
    for index, row in enumerate(seen.rows):
        if row.page != seen.rows[0].page:
            return
        for place, cell in enumerate(row.cells):
            found = values.dates_in(cell.text)
            if len(found) != 1 or (place and _names(row.cells[place - 1])):
                continue
            day = dates.parse_date(found[0].text, day_first)
            before = _without_weekday(cell.text[: found[0].start].strip())
            rest = _CLOCK.sub("", cell.text[found[0].end :]).strip(" .,")
            placed = _is_place_of_writing(before)
            if day is None or not values.is_reasonable(day) or (rest and rest.casefold() not in _YEAR_WORDS):
                continue
            if not before or placed:
                yield _Alone(day, cell, placed, seen.near.claimant(index, place))


def _without_weekday(before: str) -> str:
    """Return the words before a date without the name of its day."""
    head, _, last = before.rpartition(" ")
    return head.rstrip() if labels.whole("weekday", last.strip(",.")) is not None else before


def _is_place_of_writing(before: str) -> bool:
    """Say whether words before a date are where a letter was written: 'Berlin, den', 'Warszawa, dnia', 'Lyon le'."""
    words = before.split()
    if not words or len(words) > _PLACE_WORDS or before.endswith(":") or not words[0][:1].isupper():
        return False
    return "," in before or (len(words) > 1 and words[-1].casefold().rstrip(".") in _DAY_WORDS)


def _at_title(cell: Cell, title: Cell | None) -> bool:
    """Say whether a cell stands right of a title or close below it."""
    return title is not None and cell.top - title.bottom < _TITLE_NEAR and _beside(cell, title)


def unloaded(rows: Sequence[Row], ends: Sequence[Cell], day_first: bool) -> Value[dt.date] | None:
    """Return the day that stands alone right below a place where a transport is unloaded (`ends`, its last lines)."""
    for last in ends:
        for row in rows:
            for cell in row.cells:
                below = row.page == last.page and 0 <= row.top - last.top < _UNLOADED and overlap(cell, last) > 0
                found = values.dates_in(cell.text) if below else ()
                day = dates.parse_date(found[0].text, day_first) if found else None
                if day is not None:
                    return Value(day, cell.source, 0.6)
    return None


def _names(cell: Cell) -> bool:
    """Say whether a cell is a label of the value right of it."""
    return cell.text.rstrip().endswith(":") or labels.whole("header", cell.text) is not None


def requested(
    pairs: Sequence[Pair], kind: DocumentKind, date: Value[dt.date] | None, day_first: bool
) -> Value[dt.date] | None:
    """Return the day that the buyer wants, never one well before the order was written."""
    if kind not in BUYER_ASKS and kind is not DocumentKind.ORDER_RESPONSE:
        return None
    found: list[tuple[float, dt.date, PageSource]] = []
    for pair in pairs:
        if pair.field != "requested_date":
            continue
        day = dates.parse_date(pair.value, day_first)
        if day is None or not values.is_reasonable(day):
            continue
        weight = pair.weight * (0.85 if pair.nuance == "plain" else 1.0)
        if pair.nuance == "plain" and pair.page > 1:
            continue
        if date is not None and day < date.value - _EARLY:
            weight *= 0.3
        found.append((weight - _LATER_PAGE * (pair.page > 1), day, pair.source))
    weight, day, source = max(found, key=lambda one: one[0], default=(0.0, dt.date.min, None))
    if source is None or weight < _LEAST_WANTED:
        return None
    return Value(day, source, round(min(weight, 0.95), 3))
