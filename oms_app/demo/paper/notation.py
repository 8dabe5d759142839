"""Numbers and dates as they are printed in different countries."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from oms_app.demo.paper.words import entries

_MARKS = {
    "dot-comma": (".", ","),
    "comma": ("", ","),
    "comma-dot": (",", "."),
    "dot": ("", "."),
    "space-comma": ("\u00a0", ","),
    "apostrophe": ("'", "."),
    "lakh": (",", "."),
}
"""Thousands separator and decimal mark of each notation."""
UNGROUPED = {
    "dot-comma": "comma",
    "space-comma": "comma",
    "comma-dot": "dot",
    "lakh": "dot",
    "apostrophe": "dot",
}
"""The same notation without separators, as files of numbers and most mails have it."""
_FIRST_GROUP = 3


def _grouped(whole: str, separator: str, size: int) -> str:
    """Set the separator between the groups: three digits, then groups of `size` (two where lakhs are counted)."""
    if not separator or len(whole) <= _FIRST_GROUP:
        return whole
    head, groups = whole[:-_FIRST_GROUP], [whole[-_FIRST_GROUP:]]
    while head:
        head, group = head[:-size], head[-size:]
        groups.insert(0, group)
    return separator.join(groups)


def number_text(value: Decimal, notation: str, places: int) -> str:
    """Print a number with exactly so many decimals."""
    separator, mark = _MARKS[notation]
    whole, _, fraction = str(value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)).partition(".")
    sign, digits = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    shown = sign + _grouped(digits, separator, 2 if notation == "lakh" else _FIRST_GROUP)
    return f"{shown}{mark}{fraction}" if fraction else shown


def date_text(day: date, pattern: str, language: str) -> str:
    """Print a date by a pattern of YYYY, YY, MONTH, MON, MM, M, DD and D, in the words of a language."""
    month = entries(language)["month"][day.month - 1]
    marks = (
        ("YYYY", f"{day.year}"),
        ("YY", f"{day.year % 100:02d}"),
        ("MONTH", month),
        ("MON", month[:3]),
        ("MM", f"{day.month:02d}"),
        ("DD", f"{day.day:02d}"),
        ("M", f"{day.month}"),
        ("D", f"{day.day}"),
    )
    shown = ""
    while pattern:
        mark, text = next((pair for pair in marks if pattern.startswith(pair[0])), (pattern[0], pattern[0]))
        shown, pattern = shown + text, pattern[len(mark) :]
    return shown
