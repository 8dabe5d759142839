"""The head of an order in a letter: its number, its dates, its currency, each with the place it stands at."""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from email.utils import parsedate_to_datetime

from oms_core.values.source import Value
from parsers import dates, labels
from parsers.mail_zones import Fact, Letter, Line
from parsers.spans import Span

_CODE = re.compile(
    r"[\s:.#\-]*(?:(?:no|nr|n°|nº|num|number|nummer)\b[.:\s]*)?"
    r"([^\W_][\w./\-]*\d[\w./\-]*|\d[\w./\-]*|[A-Z]{1,4} \d{3,})"
)
_DATE = re.compile(
    r"\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2}[./\-]\d{1,2}[./\-](?:\d{4}|\d{2})\b"
    r"|\b\d{1,2}(?:st|nd|rd|th|er|º|\.)?\s+(?:de\s+|of\s+)?[^\W\d_]{3,12}\.?,?\s+(?:de\s+)?\d{4}\b"
    r"|\b[^\W\d_]{3,12}\.?\s+\d{1,2}(?:st|nd|rd|th)?,?\s+\d{4}\b"
)
_DAY_MONTH = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th|er|\.)?\s+(?:de\s+|of\s+)?([^\W\d_]{3,12})\b")
_TOMORROW = re.compile(r"\b(tomorrow|morgen|demain|ma\u00f1ana|domani|jutro|amanh\u00e3)\b", re.IGNORECASE)
_WEEKDAYS = (
    "monday mon montag lundi lunes luned\u00ec maandag poniedzia\u0142ek segunda",
    "tuesday tue tues dienstag mardi martes marted\u00ec dinsdag wtorek ter\u00e7a",
    "wednesday wed mittwoch mercredi mi\u00e9rcoles mercoled\u00ec woensdag \u015broda \u015brod\u0119 quarta",
    "thursday thu thurs donnerstag jeudi jueves gioved\u00ec donderdag czwartek quinta",
    "friday fri freitag vendredi viernes venerd\u00ec vrijdag pi\u0105tek sexta",
    "saturday sat samstag samedi s\u00e1bado sabato zaterdag sobota sobot\u0119",
    "sunday sun sonntag dimanche domingo domenica zondag niedziela niedziel\u0119",
)
_UNDER = re.compile(r"\b(?:under|unter|sous|bajo|sotto|onder|pod|sob)\s+((?=\S*\d)[A-Z][A-Z0-9./\-]{3,})")
_SYMBOLS = {"€": "EUR", "£": "GBP", "$": "USD", "z\u0142": "PLN", "US$": "USD", "A$": "AUD", "C$": "CAD", "R$": "BRL"}
_ISO = re.compile(r"\b(EUR|USD|GBP|CHF|PLN|SEK|NOK|DKK|CZK|HUF|RON|CAD|AUD|NZD|JPY|BRL|MXN|INR|ZAR|TRY|SGD|AED)\b")
_SYMBOL = re.compile(r"US\$|A\$|C\$|R\$|€|£|\$|z\u0142(?!\w)")
_LEAD = 48
_WEAK_WORDS = frozenset({"ref", "reference", "referenz", "referencia", "riferimento", "referentie", "our", "your"})
_PAST = dt.timedelta(days=3)


def order_number(lines: Iterable[Line], subject: Fact | None) -> Value[str] | None:
    """Return the order's number: after 'PO', 'Bestellung', 'commande n°' … in the text, else in the subject."""
    found: list[tuple[float, Span]] = []
    for line in lines:
        found += [(weight + 0.05, span) for weight, span in _numbers_in(Span(line.text, line.start))]
    if subject:
        found += _numbers_in(Span(subject.value, subject.start))
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
        if match is None or _DATE.match(match.group(1)):
            continue
        span = line.cut(match.start(1), match.end(1)).strip(".,;:/- ")
        if len(span.text) > 1 and not (span.text.isdigit() and len(span.text) <= 2):  # noqa: PLR2004
            weak = bool(_WEAK_WORDS & set(words[label.start : label.end]))
            found.append((0.55 if weak else 0.9, span))
    under = _UNDER.search(line.text)
    if under and not found:
        found.append((0.6, line.cut(under.start(1), under.end(1)).strip(".,;:")))
    return found


def sent_on(letter: Letter) -> Value[dt.date] | None:
    """Return the calendar date of the Date header, as it is written there."""
    if letter.date is None:
        return None
    day = _header_date(letter.date.value)
    return Value(day, Span(letter.date.value, letter.date.start).source, 0.9) if day else None


def _header_date(text: str) -> dt.date | None:
    try:
        return parsedate_to_datetime(text).date()
    except (ValueError, TypeError, IndexError, OverflowError):
        found = _DATE.search(text)
        return dates.parse_date(found.group(), day_first=True) if found else None


def ordered_on(lines: Iterable[Line]) -> Value[dt.date] | None:
    """Return a date that the text gives for the order itself ('order date: …')."""
    for line in lines:
        tokens = labels.tokens(line.text)
        label = labels.at("header", [token.word for token in tokens])
        if label is None or label.field != "date":
            continue
        found = _DATE.search(line.text, tokens[label.end - 1].end)
        day = dates.parse_date(found.group()) if found else None
        if found and day:
            return Value(day, Span(found.group(), line.start + found.start()).source, 0.9)
    return None


def requested_on(lines: Sequence[Line], sent: dt.date | None) -> Value[dt.date] | None:
    """Return the day that the letter asks delivery for, or None: a week or 'asap' is no day.

    A day without a year is the next such day after the mail was sent.
    """
    order = dates.day_first(match for line in lines for match in _DATE.findall(line.text))
    for read in (_full, _without_year, _weekday):
        for line in lines:
            for span, day, confidence in read(line, sent, order):
                if _asks_for(line.text, span.start - line.start) and (sent is None or day >= sent - _PAST):
                    return Value(day, span.source, confidence)
    return None


_Found = list[tuple[Span, dt.date, float]]


def _full(line: Line, sent: dt.date | None, order: bool | None) -> _Found:
    out: _Found = []
    for match in _DATE.finditer(line.text):
        day = dates.parse_date(match.group(), order)
        sure = 0.9
        if day is None and sent is not None:
            options = [dates.parse_date(match.group(), first) for first in (True, False)]
            coming = [option for option in options if option and sent <= option <= sent + dt.timedelta(days=120)]
            day, sure = (coming[0], 0.7) if len(coming) == 1 else (None, 0.0)
        if day:
            out.append((Span(match.group(), line.start + match.start()), day, sure))
    return out


def _without_year(line: Line, sent: dt.date | None, order: bool | None) -> _Found:
    del order
    if sent is None:
        return []
    out: _Found = []
    for match in _DAY_MONTH.finditer(line.text):
        for year in (sent.year, sent.year + 1):
            day = dates.parse_date(f"{match.group(1)} {match.group(2)} {year}")
            if day and day >= sent:
                out.append((Span(match.group(), line.start + match.start()), day, 0.85))
                break
    return out


def _weekday(line: Line, sent: dt.date | None, order: bool | None) -> _Found:
    del order
    if sent is None:
        return []
    out: _Found = []
    for match in _TOMORROW.finditer(line.text):
        out.append((Span(match.group(), line.start + match.start()), sent + dt.timedelta(days=1), 0.7))
    names = {labels.fold(name): index for index, row in enumerate(_WEEKDAYS) for name in row.split()}
    for token in labels.tokens(line.text):
        if token.word in names:
            ahead = (names[token.word] - sent.weekday() - 1) % 7 + 1
            span = Span(line.text[token.start : token.end], line.start + token.start)
            out.append((span, sent + dt.timedelta(days=ahead), 0.75))
    return out


def _asks_for(text: str, place: int) -> bool:
    """Say whether the words before a date ask for delivery, and none speak of another thing."""
    before = labels.words_of(text[max(0, place - _LEAD) : place])
    said = [label.field for label in labels.every("when", before) if label.field in {"by_date", "not_date"}]
    headed = any(label.field == "requested_date" for label in labels.every("header", before))
    return headed or (bool(said) and said[-1] == "by_date")


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
