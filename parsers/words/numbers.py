"""Printed numbers to exact decimals: point or comma, thousands marks, signs, currency and unit marks left out.

One text alone can be in doubt (`1.234`, `1,500`); the other numbers of the same column or document settle it.
"""

import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation

MAX_NUMBER_CHARS = 40
"""A longer text is no number."""

_SPACES = re.compile(r"(?<=\d)[\s\u00a0\u2007\u2009\u202f](?=\d{3}(?!\d))")
_SWISS = re.compile(r"(?<=\d)['\u2019\u02bc`](?=\d{3}(?!\d))")
_MONEY = (
    r"(?:[€$£¥]|zł|kč|kr\.?|r\$|us\$|fr\.|eur|usd|gbp|chf|pln|sek|nok|dkk|czk|huf|ron|bgn|try|cad|aud|nzd|jpy|cny|inr|brl"
    r"|mxn|zar|sgd|hkd|ils|aed|sar|kwd|pkr|rs\.?)"
)
_AROUND = re.compile(rf"^(?:{_MONEY})?\s*(?P<body>.*?)\s*(?:{_MONEY})?$", re.IGNORECASE)
_BODY = re.compile(r"(?P<sign>[+\-\u2212]?)\s*(?P<digits>\d[\d.,]*|[.,]\d+)\s*(?P<after>-?)")
_DASHES = re.compile(r"[.,]\s?[-\u2013\u2014]{1,2}(?=\D*$)")
"""`12,-` is twelve."""
_GROUPED = re.compile(r"\d{1,3}(?:[.,]\d{3})+|\d{1,2}(?:[.,]\d{2})+[.,]\d{3}")
"""Threes, or the Indian way: `12,34,567`."""


def parse_number(text: str, decimal_comma: bool | None = None) -> Decimal | None:
    """Return the number that `text` prints, or None where it prints none.

    `decimal_comma` says what the column or document uses (see `decimal_comma`). With None, a lone mark before exactly
    three digits (`1.234`) is read as a decimal mark where it is a point and as thousands where it is a comma, which
    is what spreadsheets and English print; ask `decimal_comma` first wherever there are more numbers to look at.
    Brackets and a trailing minus make it negative. Where the marks contradict `decimal_comma` the text is no number.
    """
    bare = _bare(text)
    if bare is None:
        return None
    negative, digits = bare
    plain = _with_point(digits, decimal_comma)
    if plain is None:
        return None
    try:
        value = Decimal(plain)
    except InvalidOperation:
        return None
    return -value if negative else value


def decimal_comma(texts: Iterable[str]) -> bool | None:
    """Say whether these numbers use a decimal comma (True), a decimal point (False), or do not tell (None).

    Each text that can only be read one way votes; a tie does not tell.
    """
    votes = [vote for vote in map(_vote, texts) if vote is not None]
    commas = sum(votes)
    points = len(votes) - commas
    return None if commas == points else commas > points


def _bare(text: str) -> tuple[bool, str] | None:
    """Split off brackets, sign and currency: whether negative, and the digits with their marks."""
    stripped = text.strip()
    if not stripped or len(stripped) > MAX_NUMBER_CHARS:
        return None
    bracketed = stripped.startswith("(") and stripped.endswith(")")
    inner = stripped[1:-1].strip() if bracketed else stripped
    around = _AROUND.match(_DASHES.sub("", _SWISS.sub("", _SPACES.sub("", inner))))
    body = _BODY.fullmatch(around["body"]) if around else None
    if body is None:
        return None
    negative = bracketed or body["sign"] in ("-", "\u2212") or body["after"] == "-"
    return negative, body["digits"].rstrip(".,")


def _with_point(digits: str, comma: bool | None) -> str | None:
    """Rewrite digits with marks as digits with at most one point; None where they are no number."""
    mark = _decimal_mark(digits, comma)
    other = "." if mark == "," else ","
    whole, _, fraction = digits.rpartition(mark) if mark in digits else (digits, "", "")
    if mark in digits and (mark in whole or other in fraction):
        return None
    if other in whole and not _GROUPED.fullmatch(whole):
        return None
    return whole.replace(other, "") + ("." + fraction if fraction else "")


def _decimal_mark(digits: str, comma: bool | None) -> str:
    """Tell which mark is the decimal one, from the text where it tells, else from what is known of the document."""
    told = _told(digits)
    if told is None:
        told = bool(comma)
    elif comma is not None and told != comma and not ("." in digits and "," in digits):
        # 12.50 in a column of commas is still 12.50: only one reading exists.
        return "," if told else "."
    return "," if told else "."


def _told(digits: str) -> bool | None:
    """Say whether the marks alone show a decimal comma (True) or point (False)."""
    point, comma = digits.rfind("."), digits.rfind(",")
    if point >= 0 and comma >= 0:
        return comma > point
    mark = "," if comma >= 0 else "."
    count = digits.count(mark)
    if count == 0:
        return None
    if count > 1:
        return mark == "."
    whole, _, fraction = digits.partition(mark)
    if len(fraction) == _GROUP and whole.lstrip("0") and len(whole) <= _GROUP:
        return None
    return mark == ","


_GROUP = 3


def _vote(text: str) -> bool | None:
    bare = _bare(text)
    return None if bare is None else _told(bare[1])
