"""One line of a letter as one ordered line: quantity first or last, `code: quantity`, with or without a price."""

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from parsers import labels, mail_codes, numbers, units
from parsers.spans import Span

_NUMBER = r"\d{1,3}(?:[.,' ]\d{3})+(?:[.,]\d+)?|\d+(?:[.,]\d+)?"
_BULLET = re.compile(
    r"^\s*(?:[-*\u2022\u00b7\u2013\u2014+o]\s+|\(?\d{1,3}[.)]\s+|(?:und|and|et|y|e|en|i|oraz|plus)\s+)"
)
_PLEASE = re.compile(
    r"^(?:please|bitte|merci de|por favor|per favore|graag|prosz\u0119|s'il vous pla\u00eet|also|noch|auch)\s+"
    r"(?:add|send|ship|supply|order|liefern|livrer|enviar|noch|toevoegen|doda\u0107)?\s*",
    re.IGNORECASE,
)
_INSTEAD = re.compile(
    r"[\s,(]*\b(?:instead of|rather than|not|statt|anstatt|au lieu de|en lugar de|en vez de|invece di|anzich\u00e9"
    r"|in plaats van|ipv|zamiast|em vez de)\s+\d[\d.,]*\s*[^\W\d]{0,12}\)?\s*$",
    re.IGNORECASE,
)
_PRICE = re.compile(
    rf"[\s,;\-\u2013]*(?:@\s*|(?:\bat|\b\u00e0|\bzu(?: je)?|\bje)\s+)(?P<before>[€£$]|EUR|USD|GBP|CHF|PLN)?\s*"
    rf"(?P<price>{_NUMBER})\s*(?P<after>[€£$]|EUR|USD|GBP|CHF|PLN|z\u0142)?"
    r"(?:\s*(?:each|ea|per \w+|/\s?\w+|pro \w+|je \w+|le \w+|la \w+|cad\.?|c/u|per stuk|za \w+))?\s*$",
    re.IGNORECASE,
)
_EACH = re.compile(
    rf"[\s,;\-\u2013]+(?P<before>[€£$])?\s*(?P<price>{_NUMBER})\s*(?P<after>[€£$]|EUR|USD|GBP|CHF|PLN|z\u0142)?"
    r"\s*(?:each|ea\.?|per stuk|pro st\u00fcck|je st\u00fcck|la pi\u00e8ce|cad\.?|c/u|cada uno|za sztuk\u0119"
    r"|/\s?(?:ea|pc|st|szt|pz|ud))\s*$",
    re.IGNORECASE,
)
_LEADING = re.compile(rf"^(?P<number>{_NUMBER})(?P<sign>\s*[x\u00d7*](?=\s|[A-Z]))?\s*(?P<rest>\S.*)$")
_TRAILING = re.compile(
    rf"^(?P<item>.*?\S)(?P<gap>\s*(?:[:=,;|]|\s[-\u2013\u2014]\s|\.{{3,}}|\s+[x\u00d7*]\s?|\t|\s{{2,}})\s*|\s+)"
    rf"(?P<label>(?:qty|quantity|menge|anzahl|need|quantit\u00e9|qt\u00e9|cantidad|cant|quantit\u00e0|q\.t\u00e0|aantal|ilo\u015b\u0107|quantidade|qtd)\.?\s*:?\s*)?"
    rf"(?P<number>{_NUMBER})\s*(?P<unit>[^\W\d_][\w.()/]{{0,11}}(?:\s[^\W\d_]{{1,10}})?)?[.!]?$",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"[\s,;(]+(?:when|please|bitte|asap|thanks|thank you|por favor|per favore|s'il vous pla\u00eet|svp|stp|graag"
    r"|alstublieft|aub|prosz\u0119|danke|merci|gracias|grazie)\b.*$",
    re.IGNORECASE,
)
_OF = re.compile(r"^(?:of|de|d'|von|di|van|do|da|:|x|\u00d7)\s+|^[:\u00d7]\s*", re.IGNORECASE)
SIZES = frozenset({"MMT", "CMT", "INH", "VLT", "WTT", "AMP", "BAR", "CEL", "KWT"})
MEASURES = frozenset({"MTR", "LTR", "MLT", "GRM", "KGM"})
"""What alone after a number is more likely the size of a thing: 'tape 50 m', 'oil 1 l'."""

_TIMES = frozenset({"SEC", "MIN", "HUR", "DAY", "WEE", "MON", "ANN"})
"""Hours and days are ordered only under a code: 'within 48 hours' is no line."""

_SIZE_WORDS = frozenset({"mm", "cm", "inch", "in", "v", "w", "kw", "bar", "ma", "hz", "ah", '"', "°"})
_MAX_LINE = 300
_MAX_QUANTITY_DIGITS = 9


@dataclass(frozen=True, slots=True)
class Item:
    """An ordered line as read; `strong` is False where only a bare number makes it one."""

    named: mail_codes.Named
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
    price = _PRICE.search(body.text) or _EACH.search(body.text)
    if price is not None:
        body = body.cut(0, price.start())
    found = _leading(body, decimal_comma)
    if found is None or not found.strong:
        found = _trailing(body, decimal_comma) or found
    if found is None or is_time(found.named, found.unit):
        return None
    if price is None:
        return found
    at = Span(price.group("price"), _bare(span).start + price.start("price"))
    return replace(found, price=numbers.parse_number(at.text, decimal_comma), price_at=at, strong=True)


def is_time(named: mail_codes.Named, unit: str | None) -> bool:
    """Say whether a number counts hours, days or weeks ('within 48 hours', '5 working days') and no goods."""
    if named.code is not None:
        return False
    if unit in _TIMES:
        return True
    words = labels.words_of(named.description.text) if named.description else ()
    place = 0
    while place < len(words):
        label = labels.at("time", words, place) or labels.at("when", words, place)
        if label is None and not words[place].isdigit():
            return False
        place = label.end if label else place + 1
    return bool(words)


def _bare(span: Span) -> Span:
    """Take bullets, 'please add', 'instead of 18' and polite tails off a line."""
    body = span.strip()
    for pattern in (_BULLET, _PLEASE):
        found = pattern.match(body.text)
        if found:
            body = body.cut(found.end())
    for pattern in (_INSTEAD, _TAIL):
        found = pattern.search(body.text)
        if found:
            body = body.cut(0, found.start())
    return body.strip(" \t\u00a0,;")


def number_at(text: str, decimal_comma: bool | None = None) -> tuple[Decimal, int] | None:
    """Read a number in digits or words at the start of a text; return it and its length."""
    digits = re.match(rf"(?:{_NUMBER})(?![\d.,/]*\d)", text)
    if digits:
        value = numbers.parse_number(digits.group(), decimal_comma)
        return None if value is None or len(digits.group()) > _MAX_QUANTITY_DIGITS else (value, digits.end())
    tokens = labels.tokens(text[:40])
    words = [token.word for token in tokens]
    label = labels.at("number", words) if tokens and tokens[0].start == 0 else None
    if label is None:
        return None
    value, end = Decimal(label.field), label.end
    if words[end : end + 3] == ["and", "a", "half"]:
        value, end = value + Decimal("0.5"), end + 3
    length = tokens[end - 1].end
    return (value, length) if text[length : length + 1].isspace() else None


def unit_at(text: str) -> tuple[str, int] | None:
    """Read a unit word at the start of a text: its code and its length."""
    for pattern in (r"[^\W\d_][\w]*(?:\([a-z]{1,2}\))?\.?", r"[^\W\d_]{1,4}"):
        word = re.match(pattern, text)
        if word is None:
            return None
        code = units.unit_code(word.group())
        if code is not None and not re.match(r"[\w\-/]", text[word.end() :]):
            return code, word.end()
    return None


def _leading(body: Span, comma: bool | None) -> Item | None:
    """`400x BN4812 Blindniet`, `2 boxes SLA12 anchors`, `a box of clips`, `3 pieces: shelf`."""
    number = number_at(body.text, comma)
    if number is None or number[0] <= 0:
        return None
    value, end = number
    digits = body.text[0].isdigit()
    sign = re.match(r"\s*[x\u00d7*](?=\s|[A-Z0-9])", body.text[end:])
    rest_from = end + (sign.end() if sign else 0)
    while rest_from < len(body.text) and body.text[rest_from].isspace():
        rest_from += 1
    if rest_from == end and not sign and digits and not body.text[end : end + 1].isalpha():
        return None
    unit = unit_at(body.text[rest_from:])
    if unit and unit[0] in SIZES:
        return None
    place = rest_from + (unit[1] if unit else 0)
    named = mail_codes.part(_after_of(body.cut(place)))
    if not (named.code or named.description) or (not digits and not unit):
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


def _trailing(body: Span, comma: bool | None) -> Item | None:
    """`KK15 coupling x 20`, `beef - 20 lb`, `fries 6 cs`, `screws, 1000 pcs`, `PEL-25: 4`."""
    found = _TRAILING.match(body.text)
    if found is None:
        return None
    unit_text = (found.group("unit") or "").strip()
    unit = units.unit_code(unit_text) if unit_text else None
    if unit_text and unit is None:
        return None
    marked = bool(found.group("gap").strip() or found.group("label"))
    if unit in SIZES or (unit_text.lower() in _SIZE_WORDS) or (not marked and _is_measure(unit_text)):
        return None
    value = numbers.parse_number(found.group("number"), comma)
    if value is None or value <= 0 or len(found.group("number")) > _MAX_QUANTITY_DIGITS:
        return None
    named = mail_codes.part(body.cut(0, found.end("item")))
    if not (named.code or named.description):
        return None
    at = body.cut(found.start("number"), found.end("number"))
    unit_span = body.cut(found.start("unit"), found.end("unit")) if unit else None
    return Item(
        named, value, at, unit, unit_span, strong=bool(unit or (marked and (named.code or found.group("label"))))
    )


def _is_measure(unit: str) -> bool:
    """Say whether a unit alone after a number is more likely the size of a thing (`tape 50 m`, `oil 1 l`)."""
    return units.unit_code(unit) in MEASURES if unit else False
