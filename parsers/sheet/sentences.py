"""What people write in words around a table: `Bitte liefern bis 20.11.2026 an Baustelle Hafenstr. 7, 20457 Hamburg`."""

import datetime as dt
import re
from collections.abc import Iterator, Sequence

from oms_core.values.finding import Finding, Severity
from oms_core.values.source import Value
from parsers.sheet.grid import CellReader, Row
from parsers.sheet.parties import POSTCODE
from parsers.words import labels
from parsers.words.dates import parse_date

MAX_CHARS = 400
"""A longer text is a paragraph of conditions, not a wish."""
_LEAST_WORDS = 4
_TRUST = 0.85
_SHOWN = 80
_DAY = re.compile(r"(?<![\w./-])(?:\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2}))(?![\w/-])")


def wish(rows: Sequence[Row], cells: CellReader) -> Value[dt.date] | None:
    """Return the day that a sentence asks for: the first that stands behind a word such as `by` or `bis`."""
    for row, column, text in _sentences(rows):
        for found in _DAY.finditer(text):
            day = parse_date(found.group(), cells.conventions.day_first)
            if day is not None and _asks(text[: found.start()]):
                return cells.sourced(day, row, column, _TRUST)
    return None


def unread(rows: Sequence[Row]) -> Iterator[Finding]:
    """Yield what a person should read: a sentence with a place in it may say where the goods go."""
    for row, _, text in _sentences(rows):
        if POSTCODE.search(_DAY.sub(" ", text)) and _asks(text):
            shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
            message = f"Row {row.number} says in words: {shown!r}. Check whether it says where the goods go."
            yield Finding("table.sentence", Severity.REVIEW, "ship_to", message)


def _sentences(rows: Sequence[Row]) -> Iterator[tuple[Row, int, str]]:
    """Yield the rows that hold a sentence and nothing else."""
    for row in rows:
        filled = row.filled()
        text = row.text(filled[0]) if len(filled) == 1 else ""
        label, colon, _ = text.partition(":")
        labelled = bool(colon) and len(label.split()) < _LEAST_WORDS
        if len(text) <= MAX_CHARS and len(labels.words_of(text)) >= _LEAST_WORDS and not labelled:
            yield row, filled[0], text


def _asks(before: str) -> bool:
    """Whether the last word of time before a day asks for something until then."""
    found = labels.every("when", labels.words_of(before))
    return bool(found) and found[-1].field == "by_date"
