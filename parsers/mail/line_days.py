"""Days of delivery that stand on an ordered line itself: at its end, or behind each part of a split delivery."""

import re
from dataclasses import replace
from itertools import pairwise

from parsers.mail import lines as mail_lines
from parsers.mail.counts import NUMBER
from parsers.mail.facts import DATE
from parsers.mail.lines import Item
from parsers.words import labels, numbers, unit_words
from parsers.words.spans import Span

MAX_DELIVERIES = 12
"""Parts of a split delivery read from one line."""

_MAX_LINE = 300
_LEAD_WORDS = 4
_MAY_BE_DAYS = re.compile(r"\d[./\-]\s?\d|(?:19|20)\d\d|[^\W\d_]\.?[\-./]\d\d")
"""What every date with its year holds: most lines have none of it."""

_CLOSED = re.compile(r"\s*[).;,]?\s*")
_MARK = re.compile(r"(?:[,;(/|]|\s[-\u2013\u2014]|\t|\s{2,})\s*$")
_JOINED = re.compile(r"[\s,;)]*(?:(?:and|und|et|y|e|en|i|och|og|ja|a|ve|plus|then)\s+)?", re.IGNORECASE)
_NUMBER = re.compile(rf"(?P<number>{NUMBER})(?![\w/])\s*")


def part(span: Span) -> tuple[Span, Span | None]:
    """Part a line into what is ordered and the day at its end, as written; None where no day ends it.

    The day counts where a word for delivery or a mark stands before it: `bolt M8, 40 pcs - delivery 20/11/2026`.
    """
    if len(span.text) > _MAX_LINE or not _MAY_BE_DAYS.search(span.text):
        return span, None
    found = _last_day(span.text)
    if found is None:
        return span, None
    cut = _lead(span.text[: found.start()])
    if cut is None:
        return span, None
    return span.cut(0, cut), span.cut(found.start(), found.end())


def _last_day(text: str) -> re.Match[str] | None:
    """Return the date that the line ends with."""
    return next((day for day in DATE.finditer(text) if _CLOSED.fullmatch(text, day.end())), None)


def _lead(before: str) -> int | None:
    """Return where the words that lead to a date begin; None where it is no day of delivery."""
    tokens = labels.tokens(before)
    words = [token.word for token in tokens]
    for start in range(max(0, len(words) - _LEAD_WORDS), len(words)):
        if _asks(words, start):
            return len(_unmarked(before[: tokens[start].start]))
    if words and labels.at("when", words, len(words) - 1) is not None and not _MARK.search(before):
        return None
    return len(_unmarked(before)) if _MARK.search(before) else None


def _unmarked(before: str) -> str:
    return before.rstrip(" \t\u00a0,;(/|-\u2013\u2014:")


def _asks(words: list[str], start: int) -> bool:
    """Say whether the words from here on are nothing but words for delivery."""
    place, asks = start, False
    while place < len(words):
        label = labels.at("when", words, place) or labels.at("column", words, place)
        if label is None or label.field not in {"by_date", "requested_date"}:
            return False
        place, asks = label.end, True
    return asks


def deliveries(span: Span, comma: bool | None) -> tuple[Item, ...]:
    """Read `rice (RJ20): 40 bags on 18/11/2026 and 60 bags on 25/11/2026` as one line for each day.

    Returns nothing where the line holds fewer than two days, or where any of its parts does not count the same goods.
    """
    if len(span.text) > _MAX_LINE or not _MAY_BE_DAYS.search(span.text):
        return ()
    days = list(DATE.finditer(span.text))
    if not 1 < len(days) <= MAX_DELIVERIES or not _CLOSED.fullmatch(span.text, days[-1].end()):
        return ()
    cut = _lead(span.text[: days[0].start()])
    first = mail_lines.item(span.cut(0, cut), comma) if cut is not None else None
    if first is None:
        return ()
    out = [replace(first, asked=_day(span, days[0]))]
    for before, day in pairwise(days):
        one = _again(first, span, before.end(), day, comma)
        if one is None:
            return ()
        out.append(one)
    return tuple(out)


def _again(first: Item, span: Span, start: int, day: re.Match[str], comma: bool | None) -> Item | None:
    """Read `and 60 bags on 25/11/2026` as more of the goods of the first part."""
    joined = _JOINED.match(span.text, start)
    start = joined.end() if joined else start
    number = _NUMBER.match(span.text[: day.start()], start)
    value = numbers.parse_number(number.group("number"), comma) if number else None
    if number is None or value is None or value <= 0:
        return None
    unit = unit_words.at(span.text[number.end() : day.start()])
    rest = number.end() + (unit[1] if unit else 0)
    if not _asks([token.word for token in labels.tokens(span.text[rest : day.start()])], 0):
        return None
    return replace(
        first,
        quantity=value,
        quantity_at=span.cut(number.start("number"), number.end("number")),
        unit=unit[0] if unit else first.unit,
        unit_at=span.cut(number.end(), rest) if unit else first.unit_at,
        amount=None,
        amount_at=None,
        asked=_day(span, day),
    )


def _day(span: Span, day: re.Match[str]) -> Span:
    return span.cut(day.start(), day.end())
