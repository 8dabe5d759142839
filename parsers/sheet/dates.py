"""Whether a table puts the day or the month first, where its dates alone do not say: `03/04/2026`.

The order's day is not after the days that it asks for; only English writes the month first; and among those who write
English, the legal forms of companies and the currency tell whose dates they are.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from parsers.sheet.columns import fold, word_languages
from parsers.sheet.currencies import codes
from parsers.sheet.grid import CellReader, Conventions, Grid, Row
from parsers.sheet.heading import read_heading
from parsers.sheet.layout import Layout
from parsers.sheet.profile import SAMPLE_ROWS
from parsers.sheet.terms import american_form, company_form
from parsers.words.dates import day_first, parse_date

MAX_HEADING_ROWS = 200
MAX_AHEAD = 200
"""Days from an order to the delivery that it asks for; more is no likely reading of a date."""
BY_LANGUAGE, BY_COMPANY = 0.98, 0.93
"""What a date is worth whose order was told by the language of the headers, or by who wrote them."""
_OPEN_CURRENCIES = frozenset(("USD", "CAD"))
"""Currencies of countries that put the month first, and of much trade elsewhere: they tell nothing."""


def dated(grid: Grid, layout: Layout, known: Conventions) -> Conventions:
    """Settle whether the day stands first, where the date columns of a table alone do not tell."""
    if known.day_first is not None:
        return known
    above, sample = rows_above(grid, layout), grid.rows[layout.first_line :][:SAMPLE_ROWS]
    first = day_first(text for row in above for text in _texts(row))
    if first is None:
        first = by_sequence(_pairs(sample, layout))
    if first is not None:
        return replace(known, day_first=first)
    labels = [text.partition(":")[0] for row in above for text in _texts(row)]
    told = by_words((*labels, *layout.headers), [text for row in (*above, *sample) for text in _texts(row)])
    return known if told is None else replace(known, day_first=told[0], day_trust=told[1])


def in_sequence(rows: Sequence[Row], cells: CellReader) -> CellReader:
    """Take for a heading the order of day and month in which it asks for nothing before its own day."""
    known = cells.conventions
    if known.day_first is not None and known.day_trust == 1:
        return cells
    heading = read_heading(rows, replace(cells, conventions=replace(known, day_first=True)))
    if heading.date is None or heading.requested_date is None:
        return cells
    first = by_sequence([(heading.date.source.text, heading.requested_date.source.text)])
    return cells if first is None else replace(cells, conventions=replace(known, day_first=first, day_trust=1.0))


def rows_above(grid: Grid, layout: Layout) -> Sequence[Row]:
    """Return the rows above the lines of a table and above its header, as many as are read."""
    top = layout.header_row if layout.header_row is not None else layout.first_line
    return grid.rows[:top][-MAX_HEADING_ROWS:]


def _texts(row: Row) -> list[str]:
    return [row.text(column) for column in row.filled()]


def _pairs(rows: Sequence[Row], layout: Layout) -> Iterator[tuple[str, str]]:
    ordered, wanted = layout.column("date"), layout.column("requested_date")
    if ordered is not None and wanted is not None:
        yield from ((row.text(ordered), row.text(wanted)) for row in rows)


def by_sequence(pairs: Iterable[tuple[str, str]]) -> bool | None:
    """Return the one order in which no delivery is asked for before its order; pairs of day ordered, day wanted."""
    known = [pair for pair in pairs if all(pair)]
    fits = [first for first in (True, False) if known and all(_follows(*pair, first=first) for pair in known)]
    return fits[0] if len(fits) == 1 else None


def _follows(ordered: str, wanted: str, *, first: bool) -> bool:
    begin, end = parse_date(ordered, first), parse_date(wanted, first)
    return begin is not None and end is not None and 0 <= (end - begin).days <= MAX_AHEAD


def by_words(headers: Sequence[str], texts: Sequence[str]) -> tuple[bool, float] | None:
    """Return the order that headers and texts around them tell, with what it is worth; None where they do not."""
    if _is_foreign(headers):
        return True, BY_LANGUAGE
    american = any(american_form().search(text) for text in texts)
    elsewhere = any(company_form().search(text) and not american_form().search(text) for text in texts)
    currencies = codes().intersection(texts) - _OPEN_CURRENCIES
    if american == bool(elsewhere or currencies):
        return None
    return not american, BY_COMPANY


def _is_foreign(headers: Sequence[str]) -> bool:
    """Whether more headers are words of other languages alone than of English alone."""
    found = [languages for text in headers if (languages := word_languages().get(fold(text)))]
    english = sum(languages == {"en"} for languages in found)
    return sum("en" not in languages for languages in found) > english
