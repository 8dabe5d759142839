"""One line of a letter as one ordered line: quantity first or last, `code: quantity`, with or without a price."""

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from parsers.mail.counts import (
    MAX_QUANTITY_DIGITS,
    MEASURES,
    NUMBER,
    SIZES,
    is_day,
    is_numbered,
    is_reference,
    is_time,
    number_at,
)
from parsers.mail.prices import BASES, PRICE_TAIL, THOUSAND
from parsers.words import codes, labels, numbers, unit_words
from parsers.words.spans import Span

_BULLET = re.compile(
    r"^\s*(?:[-*\u2022\u00b7\u2013\u2014+o]\s+|\(?\d{1,3}[.)]\s+|(?:und|and|et|y|e|en|i|oraz|plus)\s+)"
)
_POSITION = re.compile(
    r"^(?:pos|position|item|line|zeile|ligne|riga|regel|lp|poz)\.?\s*\d{1,3}\s*[:.)\-\u2013]\s+(?=\S)", re.IGNORECASE
)
_PLEASE = re.compile(
    r"^(?:please|bitte|merci de|por favor|per favore|graag|prosz\u0119|s'il vous pla\u00eet|also|noch|auch)\s+"
    r"(?:add|send|ship|supply|order|liefern|livrer|enviar|noch|toevoegen|doda\u0107)?\s*",
    re.IGNORECASE,
)
_RATHER = re.compile(r"[\s,(]*\bnot\s+\d[\d.,]*\s*[^\W\d]{0,12}\)?\s*$", re.IGNORECASE)
_LEADING = re.compile(rf"^(?P<number>{NUMBER})(?P<sign>\s*[x\u00d7*](?=\s|[A-Z]))?\s*(?P<rest>\S.*)$")
_TRAILING = re.compile(
    rf"^(?P<item>.*?\S)(?P<gap>\s*(?:[:=,;|]|\s[-\u2013\u2014]{{1,6}}\s|\.{{3,}}|\s+[x\u00d7*]\s?|\t|\s{{2,}})\s*|\s+)"
    rf"(?P<label>(?:qty|quantity|menge|anzahl|need|quantit\u00e9|qt\u00e9|cantidad|cant|quantit\u00e0|q\.t\u00e0|n\.|nr\.|n[\u00b0\u00ba]|aantal|ilo\u015b\u0107|quantidade|qtd)\.?\s*:?\s*)?"
    rf"(?P<number>{NUMBER})\s*(?P<unit>[^\W\d_][\w.()/]{{0,11}}(?:\s[^\W\d_]{{1,10}})?)?"
    r"(?:\s+(?:of|\u00e0|a|zu(?: je)?|de|da|van|po|\u00e1)\s+\d+(?:\s?[^\W\d_]{1,10})?"
    r"|\s*\((?P<pack>[^()]{1,40})\))?[.!]?$",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"[\s,;(]+(?:when|please|bitte|asap|thanks|thank you|por favor|per favore|s'il vous pla\u00eet|svp|stp|graag"
    r"|alstublieft|aub|prosz\u0119|danke|merci|gracias|grazie)\b.*$",
    re.IGNORECASE,
)
_OF = re.compile(r"^(?:of|de|d'|von|di|van|do|da|:|x|\u00d7)\s+|^[:\u00d7]\s*", re.IGNORECASE)
_SIZE_WORDS = frozenset({"mm", "cm", "inch", "in", "v", "w", "kw", "bar", "ma", "hz", "ah", '"', "°"})
_MAX_LINE = 300


@dataclass(frozen=True, slots=True)
class Item:
    """An ordered line as read; `strong` is False where only a bare number makes it one."""

    named: codes.Named
    quantity: Decimal
    quantity_at: Span
    unit: str | None = None
    unit_at: Span | None = None
    price: Decimal | None = None
    price_at: Span | None = None
    amount: Decimal | None = None
    amount_at: Span | None = None
    strong: bool = True
    buyer_code: Span | None = None
    line_number: Span | None = None
    sure: float | None = None
    """The confidence of what is read, where the reader knows better than `strong` tells."""


def item(span: Span, decimal_comma: bool | None = None) -> Item | None:
    """Read one line as an ordered line, or return None where it is none."""
    if not span.text or len(span.text) > _MAX_LINE:
        return None
    body = _bare(span)
    correction = _correction(body, decimal_comma)
    if correction is not None:
        first = item(body.cut(0, correction[0]).strip(" .,;"), decimal_comma)
        return replace(first, quantity=correction[1], quantity_at=correction[2]) if first else None
    price = PRICE_TAIL.search(body.text)
    if price is not None and price.group("price4") and _opens_with_code(body):
        price = None
    found = _counted(body.cut(0, price.start()) if price else body, decimal_comma)
    if price is None:
        return found
    if found is None:
        return _counted(body, decimal_comma) if price.group("price4") else None
    return with_price(found, Span(body.text[price.start() :], body.start + price.start()), decimal_comma)


def _counted(body: Span, comma: bool | None) -> Item | None:
    """Read a line without its price: the quantity stands in front or behind, never in a code."""
    found = _leading(body, comma)
    if found is None or not found.strong or _opens_with_code(body):
        found = _trailing(body, comma) or found
    return None if found is None or is_time(found.named, found.unit) else found


_LAST_NUMBER = re.compile(rf"(?P<number>{NUMBER})(?:\s*[^\W\d]{{1,12}})?\s*[.!)]*$")


def _correction(body: Span, comma: bool | None) -> tuple[int, Decimal, Span] | None:
    """Find 'no sorry, make that 8' at the end of a line: where it begins, and the number that holds."""
    last = _LAST_NUMBER.search(body.text)
    tokens = labels.tokens(body.text[: last.start()]) if last else ()
    words = [token.word for token in tokens]
    start = len(words)
    while start > 0:
        found = [at for at in range(max(0, start - 3), start) if _ends_with(words, at, start)]
        if not found:
            break
        start = found[0]
    if last is None or start in {0, len(words)}:
        return None
    value = numbers.parse_number(last.group("number"), comma)
    at = body.cut(last.start("number"), last.end("number"))
    return (tokens[start].start, value, at) if value else None


def _ends_with(words: list[str], at: int, end: int) -> bool:
    label = labels.at("small", words[:end], at)
    return (label is not None and label.field == "correct" and label.end == end) or words[at:end] == ["no"]


def with_price(found: Item, tail: Span, comma: bool | None) -> Item:
    """Add the price that stands behind a line, for one where it is printed for a hundred or a thousand."""
    price = PRICE_TAIL.search(tail.text)
    if price is None:
        return found
    group = next(name for name in ("price", "price2", "price3", "price4") if price.group(name))
    at = tail.cut(price.start(group), price.end(group))
    value = numbers.parse_number(at.text, comma)
    base = next((word for name in ("base", "base2", "base3") if (word := price.group(name))), None)
    if base and value is not None:
        value /= BASES.get(base.casefold(), THOUSAND)
    return replace(found, price=value, price_at=at, strong=True)


def _bare(span: Span) -> Span:
    """Take bullets, 'please add', the quantity before ('instead of 18') and polite tails off a line."""
    body = span.strip()
    for pattern in (_BULLET, _POSITION, _PLEASE):
        found = pattern.match(body.text)
        if found:
            body = body.cut(found.end())
    body = _without_old(body)
    for pattern in (_RATHER, _TAIL):
        found = pattern.search(body.text)
        if found:
            body = body.cut(0, found.start())
    return body.strip(" \t\u00a0,;")


def _without_old(body: Span) -> Span:
    """Take off what was ordered before: `120 each instead of 42`, or `13 yerine 120 Adet`, where it stands in front."""
    tokens = labels.tokens(body.text)
    for label in labels.every("mail", [token.word for token in tokens]):
        if label.field != "instead":
            continue
        start, end = tokens[label.start].start, tokens[label.end - 1].end
        if label.nuance != "after" and _OLD_BEHIND.fullmatch(body.text, end):
            return body.cut(0, start).strip(" ,(")
        before = _OLD_BEFORE.search(body.text[:start])
        if before and label.nuance == "after" and _NEW_BEHIND.match(body.text, end):
            gone = end - before.start()
            return Span(body.text[: before.start()] + " " * gone + body.text[end:], body.start)
    return body


_OLD_BEHIND = re.compile(rf"\s*(?:the\s+|den\s+|der\s+|les\s+)?(?:{NUMBER})\s*(?:[^\W\d]{{1,12}}\.?)?\s*[).]?\s*")
_OLD_BEFORE = re.compile(rf"(?<![\w.,/\-])(?:{NUMBER})\s*(?:[^\W\d]{{1,12}}\.?)?\s*$")
_NEW_BEHIND = re.compile(r"\s*\d")


def _opens_with_code(body: Span) -> bool:
    """Say whether a line that names its quantity behind a mark begins with a bare number: that is its code."""
    return bool((_BARE_CODE.match(body.text) or codes.code_at(body.text)) and _MARKED_END.search(body.text))


_BARE_CODE = re.compile(r"\d{5,9}\s")
_MARKED_END = re.compile(
    rf"(?:[^\W\d_].*|\d)(?:\s?:|\t|\s[-\u2013\u2014])\s*(?:{NUMBER})\s*(?:[^\W\d_][\w.()/]{{0,11}})?[.!]?$"
)


def _leading(body: Span, comma: bool | None) -> Item | None:
    """`400x BN4812 Blindniet`, `2 boxes SLA12 anchors`, `a box of clips`, `3 pieces: shelf`."""
    number = number_at(body.text, comma)
    if number is None or number[0] <= 0 or codes.code_at(body.text) >= number[1]:
        return None
    value, end = number
    digits = body.text[0].isdigit()
    sign = re.match(r"\s*[x\u00d7*](?=\s|[A-Z0-9])", body.text[end:])
    sign = sign or unit_words.COUNT_MARK.match(body.text[end:])
    rest_from = end + (sign.end() if sign else 0)
    while rest_from < len(body.text) and body.text[rest_from].isspace():
        rest_from += 1
    if rest_from == end and not sign and digits and not body.text[end : end + 1].isalpha():
        return None
    unit = unit_words.at(body.text[rest_from:])
    if (unit and unit[0] in SIZES) or is_day(body.text[rest_from:]) or is_numbered(body.text[end:]):
        return None
    place = rest_from + (unit[1] if unit else 0)
    named = codes.part(_after_of(body.cut(place)))
    if not (named.code or named.description) or (not digits and not unit and value == 1):
        return None
    coded = named.code is not None and body.text[place:].lstrip().startswith(named.code.text)
    return Item(
        named,
        value,
        body.cut(0, end),
        unit[0] if unit else None,
        body.cut(rest_from, place) if unit else None,
        strong=bool(unit or sign or coded),
    )


def _after_of(rest: Span) -> Span:
    found = _OF.match(rest.text)
    return rest.cut(found.end()) if found else rest


def _trailing(body: Span, comma: bool | None) -> Item | None:  # noqa: PLR0911 - each is a shape that is none
    """`KK15 coupling x 20`, `beef - 20 lb`, `fries 6 cs`, `screws, 1000 pcs`, `PEL-25: 4`."""
    found = _TRAILING.match(body.text)
    if found is None:
        return None
    unit_text = (found.group("unit") or "").strip()
    counted = unit_text.casefold().rstrip(".") in _COUNTED
    pieces = unit_text.casefold().rstrip(".") in _PIECES
    unit_text = "" if counted and not pieces else unit_text
    unit = "C62" if pieces else unit_words.code_of(unit_text) if unit_text else None
    if unit_text and unit is None and _is_printed_unit(found, unit_text):
        unit = unit_text
    if unit_text and unit is None:
        return None
    marked = bool(found.group("gap").strip() or found.group("label") or counted)
    if unit in SIZES or unit_text.lower() in _SIZE_WORDS:
        return None
    measure = not marked and _is_measure(unit_text)
    value = numbers.parse_number(found.group("number"), comma)
    if value is None or value <= 0 or len(found.group("number")) > MAX_QUANTITY_DIGITS:
        return None
    times = _TIMES_SIZE.search(body.text[: found.start("number")]) if unit in MEASURES else None
    if times is not None:
        return _counted_packs(body, times, comma)
    named = codes.part(body.cut(0, found.end("item")))
    if not (named.code or named.description):
        return None
    if named.code is None and found.group("pack"):
        named = codes.with_code_from(named, body.cut(found.start("pack"), found.end("pack")))
    at = body.cut(found.start("number"), found.end("number"))
    if not (unit or counted) and _numbers_something(found, body.text):
        return None
    unit_span = body.cut(found.start("unit"), found.end("unit")) if unit else None
    return Item(
        named,
        value,
        at,
        unit,
        unit_span,
        strong=bool(
            (unit and not measure) or counted or _is_times(found) or (marked and (named.code or found.group("label")))
        ),
    )


def _numbers_something(found: re.Match[str], text: str) -> bool:
    """Say whether the number is that of an order ('Ordine n. 775905'), of a phone or of a day, and counts nothing."""
    if is_reference(found.group("item") + " "):
        return True
    return not found.group("label") and (is_reference(text[: found.start("number")]) or _is_date(text))


def _is_times(found: re.Match[str]) -> bool:
    """Say whether `x` stands before the number and no other number before that: `flour 25 kg x 3`."""
    return found.group("gap").strip().casefold() in {"x", "\u00d7", "*"} and not found.group("item")[-1].isdigit()


_PRINTED = re.compile(r"[^\W\d_]{3,12}")


def _is_printed_unit(found: re.Match[str], word: str) -> bool:
    """Say whether an unknown word behind a marked number is the unit: `boards - 6 desek`, `pipe: 20 Stangen`."""
    gap = found.group("gap")
    marked = "\t" in gap or (bool(gap.strip()) and gap.strip().casefold() not in {"x", "\u00d7", "*"})
    words = labels.words_of(word)
    known = any(labels.at(group, words) for group in ("month", "weekday", "time", "when", "small", "mail", "day"))
    return marked and bool(_PRINTED.fullmatch(word)) and not known


_TIMES_SIZE = re.compile(r"(?<![\d.,])(?P<count>\d{1,5})\s*[x\u00d7]\s*$")


def _counted_packs(body: Span, times: re.Match[str], comma: bool | None) -> Item | None:
    """Read `butter 10 x 250g` as ten of a size."""
    value = numbers.parse_number(times.group("count"), comma)
    named = codes.part(body.cut(0, times.start()))
    if not value or not (named.code or named.description):
        return None
    return Item(named, value, body.cut(times.start("count"), times.end("count")), strong=False)


_NUMBERS_ONLY = re.compile(r"\b(?:19|20)\d{2}\b|\b0\d{3,}|\d{6,}|\d{1,2}[./]\d{1,2}[./]\d{2,4}")


def _is_date(text: str) -> bool:
    """Say whether a line speaks of a day or gives a number to call: its last number counts nothing."""
    words = labels.words_of(text)
    named = any(labels.at(group, words, at) is not None for at in range(len(words)) for group in ("month", "weekday"))
    return bool(_NUMBERS_ONLY.search(text)) or (named and bool(labels.every("when", words)))


_COUNTED = frozenset({"off", "no", "nr"})
_PIECES = frozenset({"nr"})
"""`6 nr`: six pieces, as Italians and builders write it."""


def _is_measure(unit: str) -> bool:
    """Say whether a unit alone after a number is more likely the size of a thing (`tape 50 m`, `oil 1 l`)."""
    return unit_words.code_of(unit) in MEASURES if unit else False
