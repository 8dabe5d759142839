"""Article codes in running text: what looks like a code and is not a size, a thread, a voltage or a colour number."""

import re
from dataclasses import dataclass

from parsers.words import unit_words
from parsers.words.spans import Span

_SHAPE = re.compile(r"[A-Z0-9][A-Z0-9._/\-]*[A-Z0-9]")
_SIZE = re.compile(
    r"\d{1,4}(?:[.,/\-]\d{1,3})?(?:MM|CM|M|ML|CL|L|KG|G|MG|V|W|A|KW|K|HZ|MAH|AH|BAR|IN|FT|OZ|LB|P|ER|PC|PCS|X)|\d{1,4}(?:[.,/]\d+)?"
    r"|\d+(?:[.,/]\d+)?X.*|M\d{1,3}(?:[X.,/\-].*)?|A[24](?:-\d+)?|(?:SR)?A\d|TX\d{1,2}|T\d{1,2}|IP\d{2}|PH\d|PZ\d|[BCD]\d{1,2}|DN\d{1,4}"
    r"|PN\d{1,3}|RAL\d{4}|\d+/\d+|\d{1,3}-\d{1,3}|\d+W-?\d+|IEC\d*|DIN\d*|ISO\d*|H0\d.*|SW\d+|G?\d/\d|R\d{1,2}|[0-9.,/]+"
)
_LONG_NUMBER = re.compile(r"\d{5,20}")
_STANDARD = r"(?:DIN|EN|ISO|IEC|ASTM|AISI|SAE|UNI|BS|NF|ANSI|RAL|GOST|JIS|AW)"
_PLACED = re.compile(
    rf"\d{{1,3}}(?:[ \u00a0]\d{{3}}){{3,5}}(?![\w.,])|\d{{1,4}}\.\d{{4,6}}(?![\w.,/])|\d{{3,6}}-\d{{3,6}}(?![\w.,/])"
    rf"|\d{{2,4}}(?:[.\-]\d{{2,5}}){{2,4}}(?![\w/])|\d{{10,20}}(?!\w)"
    rf"|(?!{_STANDARD}\b)[A-Z]{{2,4}} \d{{3,7}}[/\-]\d{{1,4}}(?![\w/])"
)
"""Codes that are told by their place: `4 499 927 172`, `56.9016`, `294-314`, `10.20.300`, `BK 86071/7`."""

_NORM_BEFORE = re.compile(rf"\b{_STANDARD}$")
_PAREN = re.compile(
    r"\(\s*(?:[^\W\d_]{1,10}\.?(?:[ \-](?i:no|nr)\.?)?\s*[:#]?\s+)?"
    r"([A-Z0-9][A-Z0-9._/\-]+|[A-Z0-9][A-Z0-9 \u00a0/\-]+\d)\s*\)\s*$"
)
_LABELLED = re.compile(
    r"(?:art(?:ikel|icle|icolo)?|item|part|code|codice|código|cod|réf|ref|sku|kod)\.?\s*"
    r"(?:no|nr|n°|nº|#|number|nummer)?\.?\s*[:#]?\s*([A-Z0-9][A-Z0-9._/\-]*\d[A-Z0-9._/\-]*)",
    re.IGNORECASE,
)
_REMARK = re.compile(
    r"\s*\([^()]*\b(?:not|nicht|pas|niet|nie|inte|ikke|same|please|bitte)\b[^()]*\)\s*$|\s*\((?:[^\s()\d]+\s+){3,}[^()\d]*\)\s*$|\s*\((?:[a-z\u00df-\u017e]+\s+)+[a-z\u00df-\u017e]+\)\s*$"
)
"""Several small words in brackets at the end are said about the article, not its name."""

_LAST = 5
_SPEC = re.compile(
    r"[A-Z]\d{1,2}/\d{1,2}|GU\d+|[A-Z]{1,2}\d{1,2}(?:/\d{1,2})?W|E\d{2}|RJ\d+|CAT\d\w?|PT\d+|LED\d*|USB\d?|XPA|CR\d{4}|AISI\d+|PP\d|[A-Z]\d{1,2}|HSS-?\w?|\d+(?:X\d+)+"
)
"""What ends the name of a thing and is no code: sockets, steels, classes."""


@dataclass(frozen=True, slots=True)
class Named:
    """Words for an article, parted into its code and what is said of it."""

    code: Span | None
    description: Span | None


def looks_like_code(text: str, *, least: int = 3) -> bool:
    """Say whether a word may be an article code: capitals and digits, with a digit or a hyphen, and no size."""
    if len(text) < least or not _SHAPE.fullmatch(text) or _SIZE.fullmatch(text):
        return bool(_LONG_NUMBER.fullmatch(text))
    has_digit = any(char.isdigit() for char in text)
    return has_digit or "-" in text or "_" in text


def code_at(text: str) -> int:
    """Return the length of a code of digits that stands at the beginning of the words for goods, 0 for none."""
    found = _PLACED.match(text)
    if found is None or _is_measured(text[found.end() :]):
        return 0
    return found.end()


def _is_measured(after: str) -> bool:
    """Say whether a unit of size follows: `100-150 mm` is no code."""
    unit = unit_words.at(after.lstrip())
    return unit is not None and unit[0] in _MEASURED


_MEASURED = frozenset(
    {"MMT", "CMT", "MTR", "INH", "LTR", "MLT", "GRM", "KGM", "VLT", "WTT", "AMP", "BAR", "CEL", "KWT"}
)


def is_code(text: str) -> bool:
    """Say whether a text that stands where a code does (a cell, brackets, behind a comma) is one."""
    return looks_like_code(text) or code_at(text) == len(text) > 0


def is_trade_number(text: str) -> bool:
    """Say whether digits are a GTIN of 12 to 14 digits with the right check digit (GS1 General Specifications 7.9).

    Eight digits without a label are a house's own code far more often than a GTIN-8.
    """
    if not re.fullmatch(r"\d{12,14}", text) or not text.strip("0"):
        return False
    weighed = (int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(text[:-1])))
    return (10 - sum(weighed) % 10) % 10 == int(text[-1])


def part(span: Span) -> Named:
    """Part the words for an article: the code stands first, in brackets at the end, or as the last word."""
    whole = span.strip(" \t\u00a0,;:-\u2013\u2014")
    remark = _REMARK.search(whole.text)
    if remark:
        whole = whole.cut(0, remark.start())
    if not whole.text:
        return Named(None, None)
    for attempt in (_first, _in_brackets, _labelled, _behind_comma, _last):
        found = attempt(whole)
        if found is not None:
            return found
    return Named(None, whole)


def _first(whole: Span) -> Named | None:
    length = code_at(whole.text)
    if length:
        rest = whole.cut(length).strip(" \t\u00a0,;:-\u2013\u2014")
        return Named(whole.cut(0, length), rest if rest.text else None)
    word = re.match(r"\S+", whole.text)
    if word is None:
        return None  # nothing but signs that count as blanks
    code = word.group().rstrip(",;:")
    if not looks_like_code(code):
        return None
    rest = whole.cut(word.end()).strip(" \t\u00a0,;:-\u2013\u2014")
    return Named(whole.cut(0, len(code)), rest if rest.text else None)


def _in_brackets(whole: Span) -> Named | None:
    inside = re.search(r"\(\s*([^()]+?)\s*\)$", whole.text)
    if inside is not None and code_at(inside.group(1)) == len(inside.group(1)):
        return Named(whole.cut(inside.start(1), inside.end(1)), _without(whole, inside.start(), inside.end()))
    found = _PAREN.search(whole.text)
    if found is None or not is_code(found.group(1)):
        return None
    return Named(whole.cut(found.start(1), found.end(1)), _without(whole, found.start(), found.end()))


def _labelled(whole: Span) -> Named | None:
    found = _LABELLED.search(whole.text)
    if found is None or not looks_like_code(found.group(1).upper()):
        return None
    return Named(whole.cut(found.start(1), found.end(1)), _without(whole, found.start(), found.end()))


def _behind_comma(whole: Span) -> Named | None:
    """Read `cutting disc 125x1.0, 90217455`: digits alone are a code behind a comma."""
    found = re.search(r"[,;]\s+([A-Z0-9][^,;]*)$", whole.text)
    if found is None or not (_LONG_NUMBER.fullmatch(found.group(1)) or code_at(found.group(1)) == len(found.group(1))):
        return None
    return Named(whole.cut(found.start(1)), _without(whole, found.start(), len(whole.text)))


def _last(whole: Span) -> Named | None:
    found = re.search(r"(,?)\s+(\S+)$", whole.text)
    if found is None:
        return None
    if _NORM_BEFORE.search(whole.text[: found.start()]):
        return None
    least = 3 if found.group(1) or re.fullmatch(r"[A-Z]{2,}-?\d{2,}|[A-Z]{2,}-\d", found.group(2)) else _LAST
    if not looks_like_code(found.group(2), least=least) or found.group(2).isdigit() or _SPEC.fullmatch(found.group(2)):
        return None
    return Named(whole.cut(found.start(2)), _without(whole, found.start(), len(whole.text)))


def _without(whole: Span, start: int, end: int) -> Span | None:
    """Return what is left beside a code, where that is one piece."""
    left = whole.cut(0, start).strip(" \t\u00a0,;:-\u2013\u2014(")
    right = whole.cut(end).strip(" \t\u00a0,;:-\u2013\u2014)")
    longest = max((left, right), key=lambda piece: len(piece.text))
    return longest if longest.text else None


def with_code_from(named: Named, words: Span) -> Named:
    """Add the code that stands in other words about the article, such as a remark in brackets."""
    last = re.search(r"(\S+)$", words.text)
    if last is None or not looks_like_code(last.group(1)):
        return named
    return Named(words.cut(last.start(1)), named.description)
