"""The head of an order in a letter: its number, its dates, its currency, each with the place it stands at."""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from email.utils import parsedate_to_datetime

from oms_core.values.source import Value
from parsers.mail.zones import Fact, Letter, Line
from parsers.words import dates, labels
from parsers.words.spans import Span

_CODE = re.compile(
    r"[\s:.#\-]*(?:(?:no|nr|n°|nº|num|number|nummer)\b[.:\s]*)?"
    r"([^\W_][\w./\-]*\d[\w./\-]*|\d[\w./\-]*|[A-Z]{1,4} \d{3,})"
)
_COUNT = re.compile(r"\d{1,4}(?:no|nr|off|x|pcs|st|stk)\.?", re.IGNORECASE)
"""`Can I order 1no. flue kit`: a count, glued to its sign."""

DATE = re.compile(
    r"\b\d{4}\s?[\-./]\s?\d{1,2}\s?[\-./]\s?\d{1,2}\b|\b\d{1,2}[./\-]\d{1,2}[./\-](?:\d{4}|\d{2})\b"
    r"|\b\d{1,2}\.\s\d{1,2}\.\s\d{4}\b|\b\d{1,2}[\-./][^\W\d_]{3,12}\.?[\-./](?:\d{4}|\d{2})\b"
    r"|\b\d{4}\.?\s[^\W\d_]{3,12}\s\d{1,2}\b"
    r"|\b\d{1,2}(?:st|nd|rd|th|er|º|\.)?\s+(?:de\s+|of\s+)?[^\W\d_]{3,12}\.?,?\s+(?:de\s+)?\d{4}\b"
    r"|\b[^\W\d_]{3,12}\.?\s+\d{1,2}(?:st|nd|rd|th)?,?\s+\d{4}\b"
)
"""A date with its year, in digits or with the month in words."""

_DAY_MONTH = re.compile(r"\b(?P<day>\d{1,2})(?:st|nd|rd|th|er|\.)?\s+(?:de\s+|of\s+)?(?P<name>[^\W\d_]{3,12})\b")
_MONTH_DAY = re.compile(r"\b(?P<name>[^\W\d_]{3,12})\.?\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?\b(?![.,:]?\d|\s+\d{4})")
_NUMERIC_DAY = re.compile(
    r"(?<![\d./,\-])(\d{1,2})[./](\d{1,2})\b\.?(?![\d/,\-]|\s*(?:[\"\u2033x\u00d7]|mm|cm|inch|zoll))"
)
_UNDER = re.compile(r"\b(?:under|unter|sous|bajo|sotto|onder|pod|sob)\s+((?=\S*\d)[A-Z][A-Z0-9./\-]{3,})")
_NUMBERED = re.compile(
    r"\b([A-Z]{0,4}[\-/]?\d[\w/\-]{2,})\s+(?:numaral\u0131|nolu|no'?lu|sz\u00e1m\u00fa|sz\.)\s", re.IGNORECASE
)
"""Turkish and Hungarian put the number before the word for the order."""

_SYMBOLS = {"€": "EUR", "£": "GBP", "$": "USD", "z\u0142": "PLN", "US$": "USD", "A$": "AUD", "C$": "CAD", "R$": "BRL"}
_ISO = re.compile(
    r"\b(EUR|USD|GBP|CHF|PLN|SEK|NOK|DKK|CZK|HUF|RON|CAD|AUD|NZD|JPY|BRL|MXN|INR|ZAR|TRY|SGD|AED)(?![A-Za-z])"
)
_SYMBOL = re.compile(r"US\$|A\$|C\$|R\$|€|£|\$|z\u0142(?!\w)")
_NUMBER_SIGN = re.compile(r"\b(?:no|nr|n[\u00b0\u00ba]|\u010d|num\w{2,4})[.:\s]*$", re.IGNORECASE)
_LEAD = 48
_WEAK_WORDS = frozenset({"ref", "reference", "referenz", "referencia", "riferimento", "referentie", "our", "your"})
_PAST = dt.timedelta(days=3)


def order_number(lines: Iterable[Line], subject: Fact | None, codes: frozenset[str] = frozenset()) -> Value[str] | None:
    """Return the order's number: after 'PO', 'Bestellung', 'commande n°' … in the text, else in the subject.

    `codes` are those of the ordered lines; none of them is the order's number.
    """
    found: list[tuple[float, Span]] = []
    for line in lines:
        found += [(weight + 0.05, span) for weight, span in _numbers_in(Span(line.text, line.start))]
    if subject:
        found += _numbers_in(Span(subject.value, subject.start))
    found = [(weight, span) for weight, span in found if span.text not in codes]
    if not found:
        return None
    best = max(weight for weight, _ in found)
    span = next(span for weight, span in found if weight == best)
    return Value(span.text, span.source, min(best, 0.95))


def _numbers_in(line: Span) -> list[tuple[float, Span]]:
    tokens = labels.tokens(line.text)
    words = [token.word for token in tokens]
    found: list[tuple[float, Span]] = []
    for label in labels.every("header", words):
        if label.field != "number" or line.text[: tokens[label.start].start].endswith(("-", "/", "_")):
            continue
        match = _CODE.match(line.text, tokens[label.end - 1].end)
        if match is not None and _COUNT.fullmatch(match.group(1)):
            continue
        if match is None or (
            DATE.match(match.group(1))
            and not _NUMBER_SIGN.search(line.text[tokens[label.start].start : match.start(1)])
        ):
            continue
        glued = line.text[tokens[label.end - 1].end : match.start(1)] == "-" and label.end - label.start == 1
        span = line.cut(tokens[label.start].start if glued else match.start(1), match.end(1)).strip(".,;:/- ")
        if len(span.text) > 1 and not (span.text.isdigit() and len(span.text) <= 2):  # noqa: PLR2004
            weak = bool(_WEAK_WORDS & set(words[label.start : label.end]))
            found.append((0.55 if weak else 0.9, span))
    before = _NUMBERED.search(line.text)
    if before:
        found.append((0.7, line.cut(before.start(1), before.end(1))))
    under = _UNDER.search(line.text)
    if under and not found:
        found.append((0.6, line.cut(under.start(1), under.end(1)).strip(".,;:")))
    return found


def sent_on(letter: Letter) -> Value[dt.date] | None:
    """Return the calendar date of the Date header, as it is written there."""
    if letter.date is None:
        return None
    passed_on = _header_date(letter.above.date.value, None) if letter.above and letter.above.date else None
    day = _header_date(letter.date.value, passed_on)
    return Value(day, Span(letter.date.value, letter.date.start).source, 0.96) if day else None


def _header_date(text: str, passed_on: dt.date | None) -> dt.date | None:
    """Read a date of a mail's head; one that reads in two ways is the last before the mail was passed on."""
    found = DATE.search(text)
    if found is None or _CLOCK_ZONE.search(text):
        try:
            return parsedate_to_datetime(text).date()
        except (ValueError, TypeError, IndexError, OverflowError):
            if found is None:
                return None
    options = [day for first in (True, False) if (day := dates.parse_date(found.group(), day_first=first))]
    before = [day for day in options if passed_on is None or day <= passed_on]
    if passed_on is not None and before:
        return max(before)
    return options[0] if options else None


_CLOCK_ZONE = re.compile(r"\d{1,2}:\d{2}(?::\d{2})?\s+(?:[+\-]\d{4}|GMT|UTC)")


def ordered_on(lines: Iterable[Line]) -> Value[dt.date] | None:
    """Return a date that the text gives for the order itself ('order date: …')."""
    for line in lines:
        tokens = labels.tokens(line.text)
        label = labels.at("header", [token.word for token in tokens])
        if label is None or label.field != "date":
            continue
        found = DATE.search(line.text, tokens[label.end - 1].end)
        day = dates.parse_date(found.group()) if found else None
        if found and day:
            return Value(day, Span(found.group(), line.start + found.start()).source, 0.9)
    return None


def days_in(lines: Iterable[Line]) -> list[str]:
    """Return the dates with a year that stand in a letter, as they are written."""
    return [match for line in lines for match in DATE.findall(line.text)]


def requested_on(
    lines: Sequence[Line], sent: dt.date | None, order: bool | None = None, taken: frozenset[int] = frozenset()
) -> Value[dt.date] | None:
    """Return the day that the letter asks delivery for, or None: a week or 'asap' is no day.

    A day without a year is the next such day after the mail was sent; `order` says whether the day stands before the
    month where a date reads both ways; `taken` are the places of days that belong to single lines of the order.
    """
    for read in (_full, _without_year, _weekday):
        for line in lines:
            for span, day, confidence in read(line, sent, order):
                place = span.start - line.start
                if span.start in taken:
                    continue
                if _asks_for(line.text, place, place + len(span.text)) and (sent is None or day >= sent - _PAST):
                    return Value(day, span.source, confidence)
    return None


def line_day(at: Span, sent: dt.date | None, order: bool | None = None) -> Value[dt.date] | None:
    """Return the day of delivery that stands on one line of an order, or None where it could be two days."""
    found = _full(Line(at.text, at.start), sent, order)
    return Value(found[0][1], at.source, found[0][2]) if found else None


_Found = list[tuple[Span, dt.date, float]]


def _full(line: Line, sent: dt.date | None, order: bool | None) -> _Found:
    out: _Found = []
    for match in DATE.finditer(line.text):
        day = dates.parse_date(match.group(), order)
        sure = 0.9
        if day is None and sent is not None:
            options = [dates.parse_date(match.group(), first) for first in (True, False)]
            coming = [option for option in options if option and sent <= option <= sent + dt.timedelta(days=120)]
            day, sure = (coming[0], 0.7) if len(coming) == 1 else (None, 0.0)
        if day and day != sent:
            out.append((Span(match.group(), line.start + match.start()), day, sure))
    return out


def _without_year(line: Line, sent: dt.date | None, order: bool | None) -> _Found:
    """Read `4 December`, `Dec 4`, `19.11.` and `23/11` as the next such day after the mail was sent."""
    if sent is None:
        return []
    out: _Found = []
    for match in (*_DAY_MONTH.finditer(line.text), *_MONTH_DAY.finditer(line.text)):
        month = _named("month", match.group("name"))
        day = _next_day(sent, int(match.group("day")), month) if month is not None else None
        if day:
            out.append((Span(match.group(), line.start + match.start()), day, 0.85))
    for match in _NUMERIC_DAY.finditer(line.text):
        first, second = int(match.group(1)), int(match.group(2))
        pairs = {(first, second)} if order or "." in match.group() else {(first, second), (second, first)}
        days = {day for one, two in pairs if (day := _next_day(sent, one, two)) and (day - sent).days <= _SOON}
        if len(days) == 1:
            out.append((Span(match.group(), line.start + match.start()), days.pop(), 0.75))
    return out


_SOON = 120
_SHORT = 60


def _named(group: str, name: str) -> int | None:
    field = labels.whole(group, name)
    return int(field) if field is not None else None


def _next_day(sent: dt.date, day: int, month: int) -> dt.date | None:
    for year in (sent.year, sent.year + 1):
        try:
            found = dt.date(year, month, day)
        except ValueError:
            continue
        if found >= sent:
            return found
    return None


def _weekday(line: Line, sent: dt.date | None, order: bool | None) -> _Found:
    """Read 'Friday' as the next one after the mail was sent, 'tomorrow' as the day after it."""
    del order
    if sent is None:
        return []
    out: _Found = []
    tokens = labels.tokens(line.text)
    words = [token.word for token in tokens]
    for at in range(len(words)):
        label = labels.at("day", words, at)
        if label is not None:
            span = Span(line.text, line.start).cut(tokens[at].start, tokens[label.end - 1].end)
            out.append((span, sent + dt.timedelta(days=int(label.field)), 0.7))
        label = labels.at("weekday", words, at)
        if label is not None:
            ahead = (int(label.field) - sent.weekday() - 1) % 7 + 1
            span = Span(line.text, line.start).cut(tokens[at].start, tokens[label.end - 1].end)
            out.append((span, sent + dt.timedelta(days=ahead), 0.75))
    return out


def _asks_for(text: str, start: int, end: int) -> bool:
    """Say whether the words around a date ask for delivery, and none speak of another thing.

    They stand before it, or right behind it or in its own ending where a language puts them there.
    """
    before = labels.words_of(text[max(0, start - _LEAD) : start])
    said = [label.field for label in labels.every("when", before) if label.field in {"by_date", "not_date"}]
    headed = any(label.field == "requested_date" for label in labels.every("header", before))
    if headed or (said and said[-1] == "by_date"):
        return True
    own = labels.at("when", labels.words_of(text[start:end]))
    behind = labels.every("when", labels.words_of(text[end : end + 20]))
    if said:
        return False
    opens = not text[:start].strip(" -*:") and len(text) - start < _SHORT
    return opens or any(label is not None and label.field == "by_date" for label in (own, *behind))


def currency(lines: Iterable[Line]) -> Value[str] | None:
    """Return the currency that a code or a symbol states."""
    for line in lines:
        code = _ISO.search(line.text)
        if code:
            return Value(code.group(1), Span(code.group(), line.start + code.start()).source, 0.95)
        symbol = _SYMBOL.search(line.text)
        if symbol:
            span = Span(symbol.group(), line.start + symbol.start())
            return Value(_SYMBOLS[symbol.group()], span.source, 0.7 if symbol.group() == "$" else 0.9)
    return None
