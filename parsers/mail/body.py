"""The ordered lines in the text of a letter: tables, records, list lines, sentences; and what was left unread."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from parsers.mail import begins, change, destinations, line_days
from parsers.mail import cells as mail_cells
from parsers.mail import free as mail_free
from parsers.mail import lines as mail_lines
from parsers.mail import prose as mail_prose
from parsers.mail import records as mail_records
from parsers.mail import rows as mail_rows
from parsers.mail import sentences as mail_sentences
from parsers.mail import table as mail_table
from parsers.mail.counts import MEASURES
from parsers.mail.facts import DATE
from parsers.mail.lines import Item
from parsers.mail.zones import Line
from parsers.words import labels
from parsers.words import language as mail_language
from parsers.words.spans import Span

MAX_LINE_CHARACTERS = 4_000
"""Longer lines are passed over by the grammars."""

_ADDRESS = re.compile(
    r"\b\d{4,6}\b.*[^\W\d_]{3}|\b(street|road|avenue|lane|stra\u00dfe|str\.|rue|calle|via|ul\.|weg|straat|gatan|vej|veien|katu|sok\.|utca)\b"
    r"|\b(t[e\u00e9]l|telefon|tlf|puh|phone|fax|mob|mobil|mobile|call)\b|@|www\.",
    re.IGNORECASE,
)
_POSTCODE = re.compile(
    r"\b(?:[A-PR-UWYZ]{1,2}\d[A-Z\d]? \d[ABD-HJLN-UW-Z]{2}|[A-Z]{2}\.? \d{5}(?:-\d{4})?|[A-Z]\d[A-Z] \d[A-Z]\d)\s*$"
    r"|\b(?:St|Rd|Ave|Blvd|Ln|Dr)\.?(?:,|$)"
)
"""A British, American or Canadian postcode at the end, or the short form of a street."""


def is_address(text: str) -> bool:
    """Say whether a line looks like part of an address or a number to call."""
    return bool(_ADDRESS.search(text) or _POSTCODE.search(text))


_LONG_GOODS = 8
"""A longer name is a sentence."""


class Way(StrEnum):
    """How a line was found."""

    TABLE = "table"
    RECORD = "record"
    LIST = "list"
    PROSE = "prose"
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class Body:
    """What the grammars found in the lines of one order."""

    items: tuple[Item, ...]
    totals: tuple[mail_cells.Total, ...] = ()
    asked: int = 0
    """How many of the lines stand in sentences that order; such a letter is an order also where none is sure."""

    ways: tuple[Way, ...] = ()
    """How each line was found."""

    left: tuple[Span, ...] = ()
    """Places that look like a line and were not read as one."""

    taken_back: tuple[Item, ...] = ()
    """Lines that the letter itself takes back further down."""

    day: Span | None = None
    """The day that stands on the only line: it is the day of the whole order."""

    @property
    def strong(self) -> int:
        """How many lines are sure."""
        return sum(item.strong for item in self.items)


def read(lines: Sequence[Line], comma: bool | None, *, orders: bool = False) -> Body:
    """Find the ordered lines; `orders` says that the letter's words order something."""
    goes = destinations.ship_to(lines)
    spans = [Span(line.text, line.start) for line in lines if line.start not in goes.lines]
    found = _Finder(comma)
    found.tables_and_lists(spans)
    found.records(spans)
    found.settle()
    found.keep_sure(spans, orders=orders)
    asked = found.sentences(spans, orders=orders)
    items, ways = found.sorted()
    items, ways = _corrected(items, ways, spans)
    before = items
    items, gone = change.by_name(items, [span for span in spans if not found.holds(span)], comma)
    taken_back = tuple(items[at] for at in sorted(gone))
    ways = tuple(way for at, way in enumerate(ways) if at not in gone)
    items = tuple(item for at, item in enumerate(items) if at not in gone)
    language = mail_language.of(line.text for line in lines) if items else None
    items = tuple(_localised(item, language) for item in items)
    day = items[0].asked if len(items) == 1 else None
    items = (replace(items[0], asked=None),) if day else items
    left = (*found.left, *_left((*before, *items), spans, comma, goes.place))
    return Body(items, tuple(found.totals), asked, ways, left, taken_back, day)


def holds_goods(line: Span) -> bool:
    """Say whether a line by itself is one of an order: of a list, a table or a split delivery."""
    row = mail_cells.cells(line)
    if mail_table.header(row) or line_days.deliveries(line, None):
        return True
    found = mail_rows.untitled(row, None) if len(row) > 1 else mail_lines.item(line_days.part(line)[0])
    return found is not None and found.strong


class _Finder:
    """Gathers items while reading the lines in several ways."""

    def __init__(self, comma: bool | None) -> None:
        self._comma = comma
        self._found: list[tuple[Item, Way]] = []
        self._used: set[int] = set()
        self.totals: list[mail_cells.Total] = []
        self.left: list[Span] = []

    def sorted(self) -> tuple[tuple[Item, ...], tuple[Way, ...]]:
        """Return items and ways in the order of the letter."""
        pairs = sorted(self._found, key=lambda pair: pair[0].quantity_at.start)
        return tuple(item for item, _ in pairs), tuple(way for _, way in pairs)

    def tables_and_lists(self, spans: Sequence[Span]) -> None:
        place = 0
        while place < len(spans):
            span = spans[place]
            place += 1
            fields = mail_table.header(mail_cells.cells(span)) if len(span.text) < MAX_LINE_CHARACTERS else None
            if fields:
                table = mail_table.read(spans[place:], fields, self._comma)
                self._found += [(item, Way.TABLE) for item in table.items]
                self._used.update(line.start for line in spans[place - 1 : place + table.used])
                self.totals += table.totals
                self.left += table.left
                place += table.used
            elif span.text and len(span.text) <= MAX_LINE_CHARACTERS:
                self._row(span)

    def _row(self, span: Span) -> None:
        row = mail_cells.cells(span)
        total = mail_cells.total_of(row, self._comma)
        if total is not None:
            self.totals.append(total)
            self._used.add(span.start)
            return
        if self._found and change.is_afterthought(span.text, (item for item, _ in self._found)):
            return
        split = line_days.deliveries(span, self._comma)
        if split:
            self._found += [(item, Way.LIST) for item in split]
            self._used.add(span.start)
            return
        body, asked = line_days.part(span)
        item, way = self._item(body, mail_cells.cells(body) if asked else row)
        if item is not None:
            self._found += [(replace(one, asked=asked or one.asked), way) for one in self._parted(item, body)]
            self._used.add(span.start)

    def _item(self, span: Span, row: mail_cells.Row) -> tuple[Item | None, Way]:
        record = mail_records.one_line(span, self._comma)
        if record is not None:
            return record, Way.RECORD
        item = mail_rows.untitled(row, self._comma) if len(row) > 1 else None
        return (item, Way.TABLE) if item else (mail_lines.item(span, self._comma), Way.LIST)

    def _parted(self, item: Item, span: Span) -> Sequence[Item]:
        """Part a line that names several goods with a number each; where that fails, a person looks at it."""
        words = item.named.description
        if words is not None and len(words.text.split()) > _LONG_GOODS:
            told = [one for one in mail_prose.items(span, self._comma, orders=True) if one.strong]
            if told:
                return told
        said = _said_of(item, span)
        if begins.another_before(span.text[: item.quantity_at.start - span.start]) or begins.after_join(f"{said} "):
            return (replace(item, sure=mail_free.UNSURE),)
        if words is None or not mail_prose.goes_on(said, self._comma):
            return (item,)
        several = mail_prose.several(span, item.quantity_at.start - span.start, self._comma)
        whole = len(several) > 1 and not any(mail_prose.goes_on(_said_of(one, span), self._comma) for one in several)
        parts: Sequence[Item] = several if whole else (item,)
        return tuple(one if whole and one.strong else replace(one, sure=mail_free.UNSURE) for one in parts)

    def records(self, spans: Sequence[Span]) -> None:
        rest = [span for span in spans if not self._holds(span)]
        if not rest:
            return
        found = list(mail_records.blocks(rest, self._comma))
        for item, used in found:
            self._found.append((item, Way.RECORD))
            self._used.update(span.start for span in used)
        if found:
            places = {span.start: span for _, used in found for span in used}
            self._found = [
                (item, way)
                for item, way in self._found
                if way is Way.RECORD
                or not any(p <= item.quantity_at.start <= p + len(s.text) for p, s in places.items())
            ]

    def holds(self, span: Span) -> bool:
        """Say whether any line was read from this line."""
        return any(span.start <= item.quantity_at.start < span.start + len(span.text) for item, _ in self._found)

    def _holds(self, span: Span) -> bool:
        """Say whether a table or a record of one line was read from this line."""
        end = span.start + len(span.text)
        return any(
            way in {Way.TABLE, Way.RECORD} and item.strong and span.start <= item.quantity_at.start < end
            for item, way in self._found
        )

    def settle(self) -> None:
        """Let the plain lines say where the quantity stands in lines with a bare number at each end.

        Where they do not tell, a number with a unit of size at the end is the size of the goods: `3 dunkar olja 20 L`.
        """
        plain = [item.counts_first for item, way in self._found if item.rival is None and way is Way.LIST]
        first, last = plain.count(True), plain.count(False)
        self._found = [(_settled(item, first, last), way) for item, way in self._found]

    def keep_sure(self, spans: Sequence[Span], *, orders: bool) -> None:
        """Keep lines that only a bare number makes one where they stand in a list with others."""
        starts = [span.start for span in spans]
        placed = [(item, way, max(bisect_right(starts, item.quantity_at.start) - 1, 0)) for item, way in self._found]
        sure = {index for item, _, index in placed if item.strong}
        weak = {index for item, _, index in placed if not item.strong and not is_address(spans[index].text)}
        kept = sure | {index for index in weak if _in_list(index, sure, weak, spans, orders=orders)}
        self._found = [(item, way) for item, way, index in placed if index in kept and (item.strong or index in weak)]
        dropped = {spans[index].start for _, _, index in placed if index not in kept}
        self._used -= dropped

    def sentences(self, spans: Sequence[Span], *, orders: bool) -> int:
        """Read running text; returns how many of its lines stand in sentences that order."""
        rest = [span if span.start not in self._used else Span("", span.start) for span in spans]
        alone = not self._found
        paragraphs = mail_sentences.paragraphs(rest)
        plain = [
            _doubted(item, span)
            for span in paragraphs
            for item in mail_prose.items(span, self._comma, orders=orders and alone)
        ]
        if not alone:
            sure = (item for item in plain if item.strong and item.quantity_at.text[:1].isdigit())
            self._found += [(item, Way.PROSE) for item in sure]
            return 0
        free = mail_free.items(spans, self._comma) if mail_free.worth_reading(spans, len(plain)) else ()
        if free and len(free) > len(plain):
            self._found += [(item, Way.WORDS) for item in free]
            return len(free)
        self._found += [(item, Way.PROSE) for item in plain]
        return sum(not item.strong for span in paragraphs for item in mail_prose.items(span, self._comma))


def _settled(item: Item, first: int, last: int) -> Item:
    """Return the reading of a line that as many others as possible share; without them a person looks at it."""
    if item.rival is None:
        return item
    if first == last:
        chosen = item.rival if item.unit in MEASURES else item
        return replace(chosen, rival=None, sure=mail_free.UNSURE)
    return item.rival if first > last else replace(item, rival=None)


def _said_of(item: Item, span: Span) -> str:
    """Return what a line says behind its number and unit, up to the last word that was read of it."""
    first = item.unit_at if item.unit_at and item.unit_at.start > item.quantity_at.start else item.quantity_at
    places = [at for at in (item.named.code, item.named.description) if at is not None]
    end = max((at.start + len(at.text) for at in places), default=0)
    return span.text[first.start + len(first.text) - span.start : max(end - span.start, 0)].lstrip()


def _doubted(item: Item, span: Span) -> Item:
    """Doubt a line that something else stands before which was not read: 'eine Wand-WC weiß und 10 x SIF-50'."""
    another = begins.another_before(span.text[: item.quantity_at.start - span.start])
    return replace(item, sure=mail_free.UNSURE) if another else item


def _in_list(index: int, sure: set[int], weak: set[int], spans: Sequence[Span], *, orders: bool) -> bool:
    """Say whether a weak line belongs to a list: beside a sure line, or in a list of at least two that is announced."""
    group = {index}
    for step in (-1, 1):
        at = _next(index, step, spans)
        skipped = 0
        while at >= 0 and (at in sure or at in weak or skipped == 0):
            skipped = 0 if at in sure or at in weak else 1
            if not skipped:
                group.add(at)
            at = _next(at, step, spans)
    before = _next(min(group), -1, spans)
    intro = spans[before].text if before >= 0 else ""
    announced = intro.rstrip().endswith(":") or bool(_orders(intro))
    if group & sure:
        return True
    return (len(group) > 1 and (announced or orders)) or (announced and orders)


def _next(index: int, step: int, spans: Sequence[Span]) -> int:
    """Return the next line that is not empty, -1 where there is none."""
    at = index + step
    while 0 <= at < len(spans) and not spans[at].text:
        at += step
    return at if 0 <= at < len(spans) else -1


def _orders(text: str) -> int:
    return sum(label.field == "order" for label in labels.every("mail", labels.words_of(text)))


def _localised(item: Item, language: str | None) -> Item:
    """Give a unit word the meaning it has in the language of the letter: Dutch 'dozen', Finnish 'kpl'."""
    unit = mail_language.unit_in(language, item.unit_at.text) if item.unit_at and language else None
    return replace(item, unit=unit) if unit else item


def _corrected(
    items: Sequence[Item], ways: Sequence[Way], spans: Sequence[Span]
) -> tuple[tuple[Item, ...], tuple[Way, ...]]:
    """Let a later line that corrects ('sorry, make that 15 A-77') take the place of the one of its code."""
    starts = [span.start for span in spans]
    out: list[tuple[Item, Way]] = []
    for item, way in zip(items, ways, strict=True):
        line = spans[max(bisect_right(starts, item.quantity_at.start) - 1, 0)]
        twin = _twin(item, [other for other, _ in out]) if change.corrects(line.text) else None
        if twin is not None:
            out[twin] = replace(out[twin][0], quantity=item.quantity, quantity_at=item.quantity_at), out[twin][1]
        else:
            out.append((item, way))
    return tuple(item for item, _ in out), tuple(way for _, way in out)


def _twin(item: Item, earlier: Sequence[Item]) -> int | None:
    """Return the place of the one earlier line that has the code of a line, or shares a word of its name."""
    coded = [at for at, other in enumerate(earlier) if _code(other) and _code(other) == _code(item)]
    words = change.name_words(item)
    named = [at for at, other in enumerate(earlier) if words & change.name_words(other)]
    found = coded or ([] if _code(item) else named)
    return found[0] if len(found) == 1 else None


def _code(item: Item) -> str:
    return item.named.code.text if item.named.code else ""


def _left(
    items: Iterable[Item], spans: Sequence[Span], comma: bool | None, address: tuple[int, int] | None
) -> tuple[Span, ...]:
    """Return the places where a number counts something under a unit or a code and no line was read."""
    taken = [
        (min(at.start for at in places), max(at.start + len(at.text) for at in places))
        for item in items
        for places in [[at for at in _places(item) if at is not None]]
    ]
    taken += [address] if address else []
    return tuple(
        place
        for paragraph in mail_sentences.paragraphs(spans)
        if _has_free_number(paragraph, taken)
        for place in mail_prose.counts(paragraph, comma)
        if not any(start <= place.start < end for start, end in (*taken, *_days_and_towns(paragraph)))
    )


def _days_and_towns(paragraph: Span) -> list[tuple[int, int]]:
    """Return where the dates and postcodes of a paragraph stand: they count nothing."""
    days = (day.span() for day in DATE.finditer(paragraph.text))
    places = (*days, *destinations.postcodes(paragraph.text))
    return [(paragraph.start + start, paragraph.start + end) for start, end in places]


def _has_free_number(paragraph: Span, taken: Sequence[tuple[int, int]]) -> bool:
    """Say whether any number of a paragraph stands outside the lines that were read."""
    places = (paragraph.start + found.start() for found in re.finditer(r"\d+", paragraph.text))
    return any(not any(start <= place < end for start, end in taken) for place in places)


def _places(item: Item) -> tuple[Span | None, ...]:
    return (
        *(item.named.code, item.named.description, item.quantity_at, item.unit_at, item.price_at, item.amount_at),
        *(item.buyer_code, item.line_number),
    )
