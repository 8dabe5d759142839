"""The day that the buyer wants, where no label with a full date tells it: in a sentence, or a day without its year.

'Bitte liefern Sie uns bis 27.02.2026 folgende Artikel', 'Vă rugăm să livrați până la data de 07.04.2026'; and
'Delivery: Fri 13.02.' is the next 13 February after the order was written.
"""

import datetime as dt
import re
from collections.abc import Iterator, Sequence

from oms_core.values.source import Value
from parsers.pdf.head import values
from parsers.pdf.head.marks import Mark
from parsers.pdf.head.pairs import Neighbours
from parsers.pdf.layout import Cell, Row, overlap
from parsers.words import dates, labels

MAX_ROWS = 200
"""Lines of a document that such sentences are looked for in."""

MAX_AHEAD = dt.timedelta(days=240)
"""A day without a year lies no further ahead of the order."""

_DELIVERING = (
    *("deliver", "dispatch", "despatch", "liefer", "anliefer", "livr", "entreg", "consegn", "lever", "bezorg"),
    *("dostaw", "dostarcz", "doda", "dode", "dodej", "toimit", "szallit", "kiszallit", "teslim", "sevk"),
    *("isporuc", "dobav", "pristat", "arriv", "benotig", "needed", "required", "abhol", "bereitstell"),
)
"""How words of delivering begin, folded, in the languages of the trade."""

_ASKING = (
    *("confirm", "bestatig", "bevestig", "potwierd", "potvr", "vahvist", "visszaigazol", "onay", "bekraft", "bekraeft"),
    *("bekreft", "conferm", "pay", "zahl", "paiement", "pago", "pagam", "betal", "platn", "fizet", "maksu", "odeme"),
    *("offer", "angebot", "quot", "gultig", "valid", "wazn"),
)
"""How words begin after which a date is of an answer, a payment or an offer."""

_WORDS_BEFORE = 9
"""So many words lie at most between the word of delivering and its date."""

_LEAST_WORDS = 3
_SURE, _YEARLESS = 0.7, 0.6
_EARLY = dt.timedelta(days=3)
_SHORT = re.compile(r"(?<![\d.,/:])(\d{1,2})\s?([./])\s?(\d{1,2})(\.|(?=\s|$))(?!\s?\d)")
_SHORT_NAMED = re.compile(r"(?<![\d.,/:])(\d{1,2})(?:st|nd|rd|th|\.)?\s+(?:de\s+|of\s+)?([^\W\d_]{3,})\.?(?!\s*\d{2})")


def wanted_in_text(rows: Sequence[Row], written: dt.date | None, *, day_first: bool) -> Value[dt.date] | None:
    """Return the day that a sentence asks delivery for; None where none does, or two sentences differ."""
    found = list(_in_sentences(rows, written, day_first))
    if len({one.value for one in found}) != 1:
        return None
    return found[0]


def _in_sentences(rows: Sequence[Row], written: dt.date | None, day_first: bool) -> Iterator[Value[dt.date]]:
    for index, row in enumerate(rows[:MAX_ROWS]):
        for cell in row.cells:
            text, whole = _with_next(rows, index, cell)
            for piece in values.dates_in(text):
                if not _asks_delivery(text[: piece.start]):
                    continue
                day = dates.parse_date(piece.text, day_first)
                if day is not None and values.is_reasonable(day) and (written is None or day >= written - _EARLY):
                    yield Value(day, (whole.part(piece.start, piece.end) or cell).source, _SURE)


def _with_next(rows: Sequence[Row], index: int, cell: Cell) -> tuple[str, Cell]:
    """Return a cell's text with the line below that goes on with it: the date may stand there."""
    if index + 1 < len(rows) and len(labels.words_of(cell.text)) >= _LEAST_WORDS:
        for below in rows[index + 1].cells:
            if below.page == cell.page and abs(below.x0 - cell.x0) < cell.words[0].height and overlap(cell, below) > 0:
                joined = Cell((*cell.words, *below.words))
                return joined.text, joined
    return cell.text, cell


def _asks_delivery(before: str) -> bool:
    """Say whether the words before a date ask for goods by then: a word of delivering, and none of an answer."""
    sentence = re.split(r"[.!?;]\s+(?=[^\W\d_a-z])", before)[-1]
    words = labels.words_of(sentence)
    near = words[-_WORDS_BEFORE:]
    if len(words) < _LEAST_WORDS or any(word.startswith(_ASKING) for word in near):
        return False
    ends = [label for label in labels.every("when", words) if label.end == len(words)]
    if any(label.field == "not_date" for label in ends) and words[-1:] != ("de",):
        return False
    papers = {at for label in labels.every("title", near) for at in range(label.start, label.end)}
    return any(word.startswith(_DELIVERING) for at, word in enumerate(near) if at not in papers)


def without_year(
    marks: Sequence[Mark], near: Neighbours, written: dt.date | None, *, day_first: bool
) -> Value[dt.date] | None:
    """Return the day beside a label of delivery that stands there without its year: the next one after `written`."""
    if written is None:
        return None
    for mark in marks:
        meaning = mark.means("header")
        if meaning is None or meaning.field != "requested_date":
            continue
        cells = [mark.rest] if mark.rest is not None else [target.cell for target in near.targets(mark)]
        for cell in cells:
            day = _next_day(cell.text, written, day_first)
            if day is not None:
                return Value(day, cell.source, _YEARLESS * mark.sure)
    return None


def _next_day(text: str, written: dt.date, day_first: bool) -> dt.date | None:
    """Return the next day after `written` that a text names by day and month: 'Fr 13.02.', '13 February'."""
    if values.dates_in(text):
        return None
    numbers, named = _SHORT.search(text), _SHORT_NAMED.search(text)
    if numbers is not None and (numbers[2] == "/" or numbers[4] == "."):
        shown = f"{numbers[1]}{numbers[2]}{numbers[3]}{numbers[2]}"
    elif named is not None:
        shown = f"{named[1]} {named[2]} "
    else:
        return None
    for year in (written.year, written.year + 1):
        day = dates.parse_date(f"{shown}{year}", day_first)
        if day is not None and written - _EARLY <= day <= written + MAX_AHEAD:
            return day
    return None
