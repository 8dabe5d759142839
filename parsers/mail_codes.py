"""Article codes in running text: what looks like a code and is not a size, a thread, a voltage or a colour number."""

import re
from dataclasses import dataclass

from parsers.spans import Span

_SHAPE = re.compile(r"[A-Z0-9][A-Z0-9._/\-]*[A-Z0-9]")
_SIZE = re.compile(
    r"\d+(?:[.,/\-]\d+)?(?:MM|CM|M|ML|CL|L|KG|G|MG|V|W|A|KW|K|HZ|MAH|AH|BAR|IN|FT|OZ|LB|P|ER|PC|PCS|X)?"
    r"|\d+(?:[.,/]\d+)?X.*|M\d+(?:[X.,/\-].*)?|A[24](?:-\d+)?|TX\d+|T\d{1,2}|IP\d{2}|PH\d|PZ\d|[BCD]\d{1,2}|DN\d+"
    r"|PN\d+|RAL\d+|\d+/\d+|\d+-\d+|IEC\d*|DIN\d*|ISO\d*|H0\d.*|SW\d+|G?\d/\d|R\d{1,2}|[0-9.,/\-]+"
)
_LONG_NUMBER = re.compile(r"\d{5,14}")
_PAREN = re.compile(r"\(\s*([A-Z0-9][A-Z0-9._/\-]+)\s*\)\s*$")
_LABELLED = re.compile(
    r"(?:art(?:ikel|icle|icolo)?|item|part|code|codice|código|cod|réf|ref|sku|kod)\.?\s*"
    r"(?:no|nr|n°|nº|#|number|nummer)?\.?\s*[:#]?\s*([A-Z0-9][A-Z0-9._/\-]*\d[A-Z0-9._/\-]*)",
    re.IGNORECASE,
)
_REMARK = re.compile(
    r"\s*\((?:[^\s()\d]+\s+){3,}[^()\d]*\)\s*$|\s*\((?:[a-z\u00df-\u017e]+\s+)+[a-z\u00df-\u017e]+\)\s*$"
)
"""Several small words in brackets at the end are said about the article, not its name."""

_LAST = 5


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


def part(span: Span) -> Named:
    """Part the words for an article: the code stands first, in brackets at the end, or as the last word."""
    whole = span.strip(" \t\u00a0,;:-\u2013\u2014")
    remark = _REMARK.search(whole.text)
    if remark:
        whole = whole.cut(0, remark.start())
    if not whole.text:
        return Named(None, None)
    for attempt in (_first, _in_brackets, _labelled, _last):
        found = attempt(whole)
        if found is not None:
            return found
    return Named(None, whole)


def _first(whole: Span) -> Named | None:
    word = re.match(r"\S+", whole.text)
    assert word is not None
    code = word.group().rstrip(",;:")
    if not looks_like_code(code):
        return None
    rest = whole.cut(word.end()).strip(" \t\u00a0,;:-\u2013\u2014")
    return Named(whole.cut(0, len(code)), rest if rest.text else None)


def _in_brackets(whole: Span) -> Named | None:
    found = _PAREN.search(whole.text)
    if found is None or not looks_like_code(found.group(1)):
        return None
    return Named(whole.cut(found.start(1), found.end(1)), _without(whole, found.start(), found.end()))


def _labelled(whole: Span) -> Named | None:
    found = _LABELLED.search(whole.text)
    if found is None or not looks_like_code(found.group(1).upper()):
        return None
    return Named(whole.cut(found.start(1), found.end(1)), _without(whole, found.start(), found.end()))


def _last(whole: Span) -> Named | None:
    found = re.search(r"(,?)\s+(\S+)$", whole.text)
    if found is None:
        return None
    least = 3 if found.group(1) else _LAST
    if not looks_like_code(found.group(2), least=least) or found.group(2).isdigit():
        return None
    return Named(whole.cut(found.start(2)), _without(whole, found.start(), len(whole.text)))


def _without(whole: Span, start: int, end: int) -> Span | None:
    """Return what is left beside a code, where that is one piece."""
    left = whole.cut(0, start).strip(" \t\u00a0,;:-\u2013\u2014(")
    right = whole.cut(end).strip(" \t\u00a0,;:-\u2013\u2014)")
    longest = max((left, right), key=lambda piece: len(piece.text))
    return longest if longest.text else None
