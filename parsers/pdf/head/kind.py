"""What a PDF is, from its titles and labels: order, change, cancellation, invoice, quotation, catalogue and more."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from oms_core.values.draft import DocumentKind
from parsers.pdf.head.boxed import SURE_LABEL
from parsers.pdf.head.marks import Mark, glued
from parsers.pdf.layout import Cell, Row, overlap
from parsers.words import labels

_TOP_ROWS = 70
_EXTRA_WORDS = 9
_FEW_WORDS = 3
_HEADING_WORDS = 6
"""A title may end a heading of so many words: 'ACME purchase order'."""

_COVERED = 0.5
_LOOSE_WORDS, _VERSION_DIGITS = 2, 2
"""A phrase of more words says by itself that an order is revised; a shorter one needs a version of so few digits."""

_TALL = 3.0
_LEAST_TEXT_HITS = 1
_REVISED_ROWS = 40
_FILED_ROWS = 10
_TALLER = 1.15
_WIDE = 2.5
_LOADS = (
    ["loading"],
    ["unloading"],
    ["collection"],
    ["offloading"],
    ["ladestelle"],
    ["entladestelle"],
    ["beladestelle"],
)
_LEAST_LOADS = 3
"""So many labels of loading and unloading make a booking of a transport."""


SELLER_WRITES = frozenset(
    {DocumentKind.INVOICE, DocumentKind.CREDIT_NOTE, DocumentKind.QUOTE, DocumentKind.ORDER_RESPONSE}
    | {DocumentKind.DESPATCH_ADVICE}
)
"""Kinds that the one who delivers writes: there the letterhead is the supplier."""

BUYER_ASKS = frozenset(
    {DocumentKind.ORDER, DocumentKind.ORDER_CHANGE, DocumentKind.ORDER_CANCELLATION, DocumentKind.QUOTE_REQUEST}
    | {DocumentKind.OTHER}
)
"""Kinds on which a delivery date is what the buyer asks for."""


@dataclass(frozen=True, slots=True)
class Title:
    """The kind that a document's title, labels or text name.

    `cell` is where it stands, None where the kind comes from labels or running text; `end` is where its words end in
    the cell's text. `filed` says that such a paper is no business document for us at all: a catalogue, terms, a CV.
    """

    kind: DocumentKind
    cell: Cell | None
    confidence: float
    end: int = 0
    filed: bool = False


@dataclass(frozen=True, slots=True)
class _Named:
    title: Title
    weight: float


def title(rows: Sequence[Row], marks: Sequence[Mark]) -> Title | None:
    """Return the kind that the best title of the first page names: tall, near the top, alone or with its number.

    Without one, the labels of numbers tell ('PO number', 'RFQ number'), then sentences that order.
    """
    top = [row for row in rows[:_TOP_ROWS] if row.page == rows[0].page] if rows else []
    usual = _usual_height(top)
    heads = {(mark.row, mark.place): mark for mark in marks if mark.first}
    found = [
        named
        for index, row in enumerate(top)
        for place, cell in enumerate(row.cells)
        for named in _named(top, index, cell, heads.get((index, place)), usual)
    ]
    best = max(found, key=lambda named: named.weight, default=None)
    chosen = best.title if best is not None else _by_labels(marks) or _by_text(rows)
    if chosen is not None and chosen.kind is DocumentKind.ORDER and _revised(rows, marks):
        return Title(DocumentKind.ORDER_CHANGE, chosen.cell, 0.8, chosen.end)
    return chosen


def _usual_height(rows: Sequence[Row]) -> float:
    heights = sorted(word.height for row in rows for cell in row.cells for word in cell.words)
    return heights[len(heights) // 2] if heights else 10.0


def _named(rows: Sequence[Row], index: int, cell: Cell, head: Mark | None, usual: float) -> Iterator[_Named]:
    """Yield the titles that a cell names: alone, with the next cell, or with the cell below it."""
    for whole in (cell, _with_right(rows[index], cell), _of_subject(cell)):
        if whole is not None:
            yield from _weighed(whole, whole.text, index, usual, head if whole is cell else None)
    tall = cell.words[0].height >= _TALLER * usual
    below = _with_next(rows, index, cell) if tall else ""
    words = labels.words_of(below)
    label = _first_label(words)
    if label is not None and label.end == len(words):
        yield from _weighed(cell, below, index, usual, None)


def _of_subject(cell: Cell) -> Cell | None:
    """Return what a subject line says, None for any other line: 'Oggetto: ordine n. 57'."""
    tokens = labels.tokens(cell.text)
    label = labels.at("subject", [token.word for token in tokens])
    colon = cell.text.find(":", tokens[label.end - 1].end) if label is not None else -1
    if label is None or colon < 0 or label.end >= len(tokens) or colon > tokens[label.end].start:
        return None
    return cell.part(colon + 1)


def _weighed(cell: Cell, text: str, index: int, usual: float, head: Mark | None) -> Iterator[_Named]:
    """Yield the title that a text names with its weight: tall, near the top, alone or with its number."""
    tokens = labels.tokens(text)
    words = [token.word for token in tokens]
    label = _first_label(words)
    if label is None or glued(text, tokens[label.end - 1].end):
        return
    if head is not None and not _is_title(head, label, len(words)):
        return
    end = tokens[label.end - 1].end
    rest = text[end:].strip(" :.-#*|/\u2013\u2014()")
    shape = _shape(rest, len(words) - label.end)
    size = min(max(word.height for word in cell.words) / max(usual, 1.0), _TALL)
    late = label.start > 0
    if shape == 0.0 or (late and size < _TALLER and shape < 1):
        return
    if label.nuance == "none" and (index > _FILED_ROWS or text.rstrip().endswith(":") or late):
        return
    weight = size + shape - 0.015 * index + 0.02 * (label.end - label.start) - (0.4 if late else 0.0)
    yield _Named(_title_of(label, cell, min(end, len(cell.text)), weight), weight)


def _first_label(words: Sequence[str]) -> labels.Label | None:
    """Return the title that the words begin with, or that ends a short heading ('ACME purchase order')."""
    label = labels.at("title", words)
    if label is not None or len(words) > _HEADING_WORDS:
        return label
    found = (labels.at("title", words, start) for start in range(1, len(words)))
    return next((late for late in found if late is not None), None)


def _is_title(head: Mark, label: labels.Label, count: int) -> bool:
    """Say whether a cell that begins with a label is a title all the same: a label of its own number is."""
    span = len(head.phrase.split())
    meaning = head.means("header")
    numbered = meaning is not None and (
        meaning.field == "number" or meaning.nuance in {"invoice", "quote", "rfq", "delivery"}
    )
    if numbered or span <= label.end - label.start:
        party = head.means("party") or head.means("notes")
        return party is None or label.end == count
    return False


def _shape(rest: str, words: int) -> float:
    """Say how much the words after a title's own let it be one: nothing or a number best, a sentence not at all."""
    if not rest:
        return 1.0
    digits = any(char.isdigit() for char in rest)
    if words > _EXTRA_WORDS or (rest[:1].islower() and not digits) or (words > _FEW_WORDS and not digits):
        return 0.0
    return 0.85 if digits else 0.3


def _with_next(rows: Sequence[Row], index: int, cell: Cell) -> str:
    """Return the cell's text with that of the cell right below it, where both are set alike."""
    height = cell.words[0].height
    for row in rows[index + 1 : index + 3]:
        for below in row.cells:
            near = below.top - cell.bottom < 1.2 * height and overlap(cell, below) > _COVERED
            if near and abs(below.words[0].height - height) < 0.15 * height:
                return f"{cell.text} {below.text}"
    return ""


def _with_right(row: Row, cell: Cell) -> Cell | None:
    """Return the cell and the next one, where the two may be words of one wide-set title."""
    place = row.cells.index(cell)
    right = row.cells[place + 1] if place + 1 < len(row.cells) else None
    if right is None or right.x0 - cell.x1 > _WIDE * cell.words[0].height:
        return None
    return Cell((*cell.words, *right.words))


def _title_of(label: labels.Label, cell: Cell, end: int, weight: float) -> Title:
    kind = DocumentKind(label.field)
    if label.nuance == "sales":
        kind = DocumentKind.ORDER_RESPONSE
    return Title(kind, cell, min(0.97, 0.5 + 0.2 * weight), end, filed=label.nuance == "none")


def _by_labels(marks: Sequence[Mark]) -> Title | None:
    """Return the kind that the labels of numbers and dates tell."""
    said = {(m.field, m.nuance) for mark in marks if mark.sure > SURE_LABEL and (m := mark.means("header"))}
    if ("other", "invoice") in said or ("document_date", "invoice") in said:
        return Title(DocumentKind.INVOICE, None, 0.6)
    loads = [mark for mark in marks if mark.phrase.split()[:1] in _LOADS]
    if len(loads) >= _LEAST_LOADS:
        return Title(DocumentKind.OTHER, None, 0.6)
    if ("number", "") in said:
        return Title(DocumentKind.ORDER, None, 0.7)
    if ("other", "rfq") in said:
        return Title(DocumentKind.QUOTE_REQUEST, None, 0.6)
    if ("number", "order") in said:
        return Title(DocumentKind.ORDER, None, 0.55)
    return None


def _by_text(rows: Sequence[Row]) -> Title | None:
    """Return an order or a request for a quotation where running text asks for one."""
    hits: dict[str, int] = {}
    for row in rows[:_TOP_ROWS]:
        for label in labels.every("mail", labels.words_of(row.text)):
            hits[label.field] = hits.get(label.field, 0) + 1
    for field, kind in (("order", DocumentKind.ORDER), ("quote_request", DocumentKind.QUOTE_REQUEST)):
        if hits.get(field, 0) >= _LEAST_TEXT_HITS:
            return Title(kind, None, 0.5)
    return None


def _revised(rows: Sequence[Row], marks: Sequence[Mark]) -> bool:
    """Say whether an order says that it revises or replaces an earlier one; 'Revision 0' does not."""
    for mark in marks:
        if mark.row >= _REVISED_ROWS or mark.means("change") is None:
            continue
        text = mark.rest_text or _beside(rows, mark)
        number = "".join(char for char in text[:12] if char.isdigit())
        if len(mark.phrase.split()) > _LOOSE_WORDS or (number and int(number) > 0 and len(number) <= _VERSION_DIGITS):
            return True
    return False


def _beside(rows: Sequence[Row], mark: Mark) -> str:
    cells = rows[mark.row].cells
    return cells[mark.place + 1].text if mark.place + 1 < len(cells) else ""
