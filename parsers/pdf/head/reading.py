"""The head of a PDF: kind, number, dates, currency, parties and notes, chosen from the labels of its first pages."""

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from oms_core.values.document import Hints
from oms_core.values.draft import DocumentKind
from oms_core.values.source import PageSource, Value
from parsers.pdf.goods.reading import Goods
from parsers.pdf.head import choice
from parsers.pdf.head import currency as pdf_head_currency
from parsers.pdf.head import kind as pdf_kind
from parsers.pdf.head import marks as pdf_head_marks
from parsers.pdf.head import pairs as pdf_pairs
from parsers.pdf.head import parties as pdf_parties
from parsers.pdf.head import rows as pdf_head_rows
from parsers.pdf.head.blocks import Columns
from parsers.pdf.head.boxes import Boxes
from parsers.pdf.head.choice import Seen
from parsers.pdf.head.form import Field
from parsers.pdf.head.kind import Title
from parsers.pdf.head.marks import Mark
from parsers.pdf.head.parties import Parties
from parsers.pdf.head.values import date_in, dates_in
from parsers.pdf.layout import Cell, Row, source_of
from parsers.pdf.rules import Rule
from parsers.words import dates, labels

MAX_ROWS = 400
"""Lines of a document that its head is looked for in."""

MAX_ID_ROWS = 2_000
"""Lines that tax and account numbers are looked for in."""

MAX_NOTES = 1_000
"""Characters kept of notes."""

_STATES = (
    "AL|AK|AZ|AR|CA|CO|CT|DE|FL|GA|HI|ID|IL|IN|IA|KS|KY|LA|ME|MD|MA|MI|MN|MS|MO|MT|NE|NV|NH|NJ|NM|NY|NC|ND|OH|OK|OR|PA|RI"
    "|SC|SD|TN|TX|UT|VT|VA|WA|WV|WI|WY|DC"
)
_US_PLACE = re.compile(rf"[,A-Za-z][ ,]+(?:{_STATES})[ ,]+\d{{5}}(?:-\d{{4}})?\b|\bUSA\b|United States|\bU\.S\.A\b")
_DOLLARS = re.compile(r"(?<![A-Z])\$|\bUSD\b|\bZIP\b|\bsales tax\b|shipping\s?[/&]\s?handling", re.IGNORECASE)
_ELSEWHERE = re.compile(
    r"\b(?:GST|VAT|ABN|IVA|MwSt|TVA|CAD|AUD|NZD|SGD|HKD|Australia|Singapore|Canada|Zealand|fecha|pedido|data|pesos?"
    r"|RFC|RUT|NIT|RUC|CNPJ)\b|[ACSR]\$",
    re.IGNORECASE,
)
"""Dollars are written month-first in the United States, day-first nearly everywhere else."""

_NOTE_LINES = 8
_SEVERAL = 2
"""Lines of goods from which on a day below them is for all."""

_LISTED = 2
"""So few lines without headings are a list of labels and values, with the head among them."""


@dataclass(frozen=True, slots=True)
class HeadFacts:
    """What speaks for and against a head: for fitting how likely it is right."""

    title: float
    number: float
    lead: float
    date: float
    labelled_buyer: bool
    labelled_supplier: bool
    labelled_ship_to: bool
    dates_agree: bool


@dataclass(frozen=True, slots=True)
class PdfHead:
    """The head of a document; `title` is None where neither title, labels nor text tell what it is."""

    title: Title | None
    kind: DocumentKind
    number: Value[str] | None
    date: Value[dt.date] | None
    requested_date: Value[dt.date] | None
    currency: Value[str] | None
    parties: Parties
    notes: Value[str] | None
    facts: HeadFacts

    @property
    def titled(self) -> Value[str] | None:
        """The words that name the document, where it has a title."""
        if self.title is None or self.title.cell is None:
            return None
        cell = self.title.cell.part(0, self.title.end) or self.title.cell
        return Value(cell.text, cell.source, self.title.confidence)


def day_first(rows: Sequence[Row]) -> bool:
    """Say whether this document writes the day first: its dates tell, else the United States do not."""
    texts = [piece.text for row in rows for cell in row.cells for piece in dates_in(cell.text)]
    told = dates.day_first(texts)
    if told is not None:
        return told
    text = "\n".join(row.text for row in rows[:MAX_ROWS])
    if _US_PLACE.search(text):
        return False
    return not (_DOLLARS.search(text) and not _ELSEWHERE.search(text))


def read_head(
    rows: Sequence[Row],
    goods: Goods,
    rules: Mapping[int, Sequence[Rule]],
    fields: Sequence[Field],
    hints: Hints,
    order: bool,
) -> PdfHead:
    """Read the head from the rows outside the table of goods; `rules` are the ruled lines by page number.

    `fields` are those of a form: their names are labels too. `order` says whether dates begin with the day.
    """
    listed = not goods.facts.header_fields and len(goods.lines) <= _LISTED
    outside = rows if listed else _with_last(rows, goods)
    looked = pdf_head_rows.joined(outside[:MAX_ROWS], rules)
    marks = pdf_head_marks.marks(looked)
    title = pdf_kind.title(looked, marks)
    kind = title.kind if title is not None else DocumentKind.ORDER
    near = pdf_pairs.Neighbours(looked, marks)
    pairs = (*pdf_pairs.pairs(marks, near), *pdf_pairs.of_fields(fields))
    chosen = choice.choose(Seen(looked, marks, pairs, near, title, kind), day_first=order)
    columns = Columns(looked, marks, Boxes(rules))
    parties = pdf_parties.parties(columns, near, rows[:MAX_ID_ROWS], goods.above, kind, hints)
    wanted = chosen.requested_date
    if wanted is None and kind is DocumentKind.OTHER:
        wanted = choice.unloaded(looked, parties.ship_to_ends, order)
    facts = HeadFacts(
        title=title.confidence if title else 0.0,
        number=chosen.number.confidence if chosen.number else 0.0,
        lead=chosen.lead,
        date=chosen.date.confidence if chosen.date else 0.0,
        labelled_buyer="buyer" in parties.labelled,
        labelled_supplier="supplier" in parties.labelled,
        labelled_ship_to="ship_to" in parties.labelled,
        dates_agree=not (chosen.date and chosen.requested_date) or chosen.date.value <= chosen.requested_date.value,
    )
    currency = pdf_head_currency.currency(rows, pairs, goods.named)
    notes = _notes(columns, marks)
    return PdfHead(title, kind, chosen.number, chosen.date, wanted, currency, parties, notes, facts)


def _with_last(rows: Sequence[Row], goods: Goods) -> Sequence[Row]:
    """Return the rows outside the table, with its last row where that states the one day for all lines."""
    known = {id(row) for row in goods.outside}
    inside = [row for row in rows if id(row) not in known]
    dated = [row for row in inside if _states_day(row)]
    if len(goods.lines) < _SEVERAL or len(dated) != 1 or dated[0] is not inside[-1]:
        return goods.outside
    return [row for row in rows if id(row) in known or row is dated[0]]


def _states_day(row: Row) -> bool:
    """Say whether a row is nothing but 'Delivery date: 30 June 2026'."""
    label, colon, value = row.cells[0].text.partition(":")
    told = labels.at("header", labels.words_of(label))
    named = told is not None and told.field == "requested_date" and told.end == len(labels.words_of(label))
    return len(row.cells) == 1 and bool(colon) and named and date_in(value) is not None


def _notes(columns: Columns, marks: Sequence[Mark]) -> Value[str] | None:
    """Return the free text under 'Remarks', 'Bemerkungen', 'Special instructions' …, joined by blanks."""
    taken: list[Cell] = []
    for mark in marks:
        if mark.means("notes") is None or not (mark.colon or (mark.first and mark.rest is None)):
            continue
        start = () if mark.rest is None else (mark.rest,)
        taken += columns.down(mark.row, mark.rest or mark.label, None, start)[:_NOTE_LINES]
    text = " ".join(cell.text for cell in taken)[:MAX_NOTES]
    if not any(char.isalpha() for char in text):
        return None
    source = source_of(taken)
    return Value(text, PageSource(source.page, source.bbox, text), 0.6)
