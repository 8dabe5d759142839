"""One line of a letter as one ordered line: quantity first or last, `code: quantity`, with or without a price."""

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from parsers.mail import former, naming
from parsers.mail.counts import (
    MAX_QUANTITY_DIGITS,
    MEASURES,
    NUMBER,
    SIZES,
    is_day,
    is_numbered,
    is_paper,
    is_reference,
    is_time,
    number_at,
    printed_unit,
)
from parsers.mail.prices import BASES, PRICE_TAIL, THOUSAND
from parsers.words import codes, labels, numbers, unit_words
from parsers.words.spans import Span

_BULLET = re.compile(
    r"^\s*(?:[-*\u2022\u00b7\u2013\u2014+o]\s+|\(?\d{1,3}(?:[.)]|-(?=\s+[^\W\d]))\s+|(?:und|and|et|y|e|en|i|oraz|plus)\s+)"
)
_POSITION = re.compile(
    r"^(?:pos|position|item|line|zeile|ligne|riga|regel|lp|poz)\.?\s*\d{1,3}\s*[:.)\-\u2013]\s+(?=\S)", re.IGNORECASE
)
_PLEASE = re.compile(
    r"^(?:please|bitte|merci de|por favor|per favore|graag|prosz\u0119|s'il vous pla\u00eet|also|noch|auch)\s+"
    r"(?:add|send|ship|supply|order|liefern|livrer|enviar|noch|toevoegen|doda\u0107)?\s*",
    re.IGNORECASE,
)
_RATHER = re.compile(r"(?<![\s,(])[\s,(]*\bnot\s+\d[\d.,]*\s*[^\W\d]{0,12}\)?\s*$", re.IGNORECASE)
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
    r"(?<![\s,;(])[\s,;(]+(?:when|please|bitte|asap|thanks|thank you|por favor|per favore|s'il vous pla\u00eet|svp|stp"
    r"|graag|alstublieft|aub|prosz\u0119|danke|merci|gracias|grazie|if (?:you|available|possible|in stock)|falls"
    r"|wenn m\u00f6glich|si vous|si ten\u00e9is|si hay|se disponibil\w|se ne avete|indien|als jullie|je\u015bli"
    r"|om ni har|hvis I|hvis dere)\b.*$",
    re.IGNORECASE,
)
_OF = re.compile(
    r"^(?:of the|van de|van het|von den|von der|de las?|de los|dei|degli|delle|of|de|d'|von|di|van|do|da|:|x|\u00d7)\s+"
    r"|^[:\u00d7]\s*",
    re.IGNORECASE,
)
_SIZE_WORDS = frozenset({"mm", "cm", "inch", "in", "v", "w", "kw", "bar", "ma", "hz", "ah", '"', "°"})
_MAX_LINE = 300
MAX_NUMBERS = 20
"""A line with more numbers is no line of an order."""

_DIGITS = re.compile(r"\d+")


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
    asked: Span | None = None
    """The day of delivery that stands on the line itself, as written."""
    sure: float | None = None
    """The confidence of what is read, where the reader knows better than `strong` tells."""

    rival: "Item | None" = None
    """The other reading of a line with a bare number at each end; the lines around it tell which one holds."""

    @property
    def counts_first(self) -> bool:
        """Whether the quantity stands before the goods."""
        named = self.named.description or self.named.code
        return named is not None and self.quantity_at.start < named.start


def item(span: Span, decimal_comma: bool | None = None) -> Item | None:
    """Read one line as an ordered line, or return None where it is none."""
    if not span.text or len(span.text) > _MAX_LINE or len(_DIGITS.findall(span.text)) > MAX_NUMBERS:
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
        last = _trailing(body, comma)
        if last is not None and found is not None and not last.strong and _COUNT_FIRST.match(body.text):
            last = replace(last, rival=found)
        found = last or found
    if found is None or is_time(found.named, found.unit) or is_paper(found.named, found.unit):
        return None
    return found


_COUNT_FIRST = re.compile(r"\d{1,4}\s+[^\W\d_]{3}")
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
    plain = former.without_old(body)
    body = body if plain is body else plain.strip(" ,(")
    for pattern in (_RATHER, _TAIL):
        found = pattern.search(body.text)
        if found:
            body = body.cut(0, found.start())
    return body.strip(" \t\u00a0,;")


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
    unit = unit_words.at(body.text[rest_from:]) or printed_unit(body.text[rest_from:])
    if (unit and unit[0] in SIZES) or is_day(body.text[rest_from:]) or is_numbered(body.text[end:]):
        return None
    place = rest_from + (unit[1] if unit else 0)
    named = naming.named(_after_of(body.cut(place)))
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
    read = _unit_printed(found, body)
    if read is None:
        return None
    unit_text, unit, counted, in_front = read
    marked = bool(found.group("gap").strip() or found.group("label") or counted or (in_front and unit))
    if unit in SIZES or unit_text.lower() in _SIZE_WORDS:
        return None
    measure = not marked and _is_measure(unit_text)
    value = numbers.parse_number(found.group("number"), comma)
    if value is None or value <= 0 or len(found.group("number")) > MAX_QUANTITY_DIGITS:
        return None
    times = _TIMES_SIZE.search(body.text[: found.start("number")]) if unit in MEASURES else None
    if times is not None:
        return _counted_packs(body, times, comma)
    named = naming.named(body.cut(0, in_front.start() if in_front and unit else found.end("item")))
    if not (named.code or named.description):
        return None
    if named.code is None and found.group("pack"):
        named = codes.with_code_from(named, body.cut(found.start("pack"), found.end("pack")))
    at = body.cut(found.start("number"), found.end("number"))
    if not (unit or counted) and _numbers_something(found, body.text):
        return None
    printed = (in_front or found).span("unit")
    unit_span = body.cut(*printed) if unit else None
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


def _unit_printed(found: re.Match[str], body: Span) -> tuple[str, str | None, bool, re.Match[str] | None] | None:
    """Return the unit behind or before a number: as printed, its code, whether it only counts, and the match before.

    None where a word behind the number is no unit.
    """
    text = (found.group("unit") or "").strip()
    folded = text.casefold().rstrip(".")
    counted, pieces = folded in _COUNTED, folded in _PIECES
    text = "" if counted and not pieces else text
    unit = "C62" if pieces else unit_words.code_of(text) if text else None
    if text and unit is None:
        unit = text if _is_printed_unit(found, text) else None
        return (text, unit, counted, None) if unit else None
    in_front = None if text or counted else _UNIT_IN_FRONT.search(body.text[: found.end("item")])
    return text, unit_words.code_of(in_front.group("unit")) if in_front else unit, counted, in_front


_UNIT_IN_FRONT = re.compile(r"(?:[,;:|]|\s[-\u2013\u2014]|\t|\s{2,})\s*(?P<unit>[^\W\d_]{1,10})\.?$")
"""`round bar C45 - kg 350`: Italians and printed forms put the unit before the number, behind a mark."""


def _numbers_something(found: re.Match[str], text: str) -> bool:
    """Say whether the number is that of an order ('Ordine n. 775905'), of a phone or of a day, and counts nothing."""
    if is_reference(found.group("item") + " "):
        return True
    return not found.group("label") and (is_reference(text[: found.start("number")]) or _is_date(text))


def _is_times(found: re.Match[str]) -> bool:
    """Say whether `x` stands before the number and no other number before that: `flour 25 kg x 3`."""
    return found.group("gap").strip().casefold() in {"x", "\u00d7", "*"} and not found.group("item")[-1].isdigit()


_POSTCODE = 4
"""`Via Roma 18, 25015 Desenzano`: so many digits behind a comma and before a name are those of a town."""

_PRINTED = re.compile(r"[^\W\d_]{3,12}")


def _is_printed_unit(found: re.Match[str], word: str) -> bool:
    """Say whether an unknown word behind a marked number is the unit: `boards - 6 desek`, `pipe: 20 Stangen`."""
    gap = found.group("gap")
    marked = "\t" in gap or (bool(gap.strip()) and gap.strip().casefold() not in {"x", "\u00d7", "*"})
    words = labels.words_of(word)
    known = any(labels.at(group, words) for group in ("month", "weekday", "time", "when", "small", "mail", "day"))
    place = len(found.group("number")) >= _POSTCODE and word[0].isupper() and "," in gap
    return marked and bool(_PRINTED.fullmatch(word)) and not known and not place


_TIMES_SIZE = re.compile(r"(?<![\d.,])(?P<count>\d{1,5})\s*[x\u00d7]\s*$")


def _counted_packs(body: Span, times: re.Match[str], comma: bool | None) -> Item | None:
    """Read `butter 10 x 250g` as ten of a size."""
    value = numbers.parse_number(times.group("count"), comma)
    named = naming.named(body.cut(0, times.start()))
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
