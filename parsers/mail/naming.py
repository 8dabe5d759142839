"""The words for an article parted into code and description, where mails mark the code in ways of their own.

`parsers.words.codes` tells a code by its shape. In a letter the mark tells it also where the shape does not: four
digits behind 'Best.-Nr.' in brackets, or a word in square brackets before the name.
"""

import re

from parsers.words import codes, labels
from parsers.words.spans import Span

_BRACKETED = re.compile(r"^[\[(]\s*(?P<code>[A-Z0-9][A-Z0-9._/\-]{2,24})\s*[\])]\s*[:\-\u2013]?\s*(?=\S)")
_REMARK = re.compile(r"\s*[(\[]\s*(?P<label>[^\W\d_][^()\[\]\d]{0,24}?)[.:#\s]*(?P<code>\d[\w./\-]{2,24})\s*[)\]]\s*$")
_TRIM = " \t\u00a0,;:-\u2013\u2014"
_OWNED = frozenset({"supplier_code", "code", "buyer_code", "gtin"})


def named(span: Span) -> codes.Named:
    """Part the words for an article: first by brackets and labels that mark the code, then by its shape."""
    whole = span.strip(_TRIM)
    last = whole.text.rpartition(" ")[2]
    if last.endswith(".") and codes.looks_like_code(last[:-1]):
        whole = whole.cut(0, -1)  # the full stop ends the sentence
    marked = _in_front(whole) or _labelled_remark(whole) if "(" in whole.text or "[" in whole.text else None
    return marked or codes.part(whole)


def _in_front(whole: Span) -> codes.Named | None:
    """Read `[CP-50] capo, black`: what stands in brackets before the name is the code."""
    found = _BRACKETED.match(whole.text)
    if found is None or not (codes.is_code(found.group("code")) or whole.text.startswith("[")):
        return None
    rest = whole.cut(found.end()).strip(_TRIM)
    return codes.Named(whole.cut(found.start("code"), found.end("code")), rest) if rest.text else None


def _labelled_remark(whole: Span) -> codes.Named | None:
    """Read `brush no. 12 (Best.-Nr. 4412)`: a label for codes makes a code of any digits."""
    found = _REMARK.search(whole.text)
    if found is None or not _names_a_code(found.group("label")):
        return None
    rest = whole.cut(0, found.start()).strip(_TRIM)
    return codes.Named(whole.cut(found.start("code"), found.end("code")), rest if rest.text else None)


def _names_a_code(label: str) -> bool:
    """Say whether words name a code; 'Best.-Nr.' behind the name of goods is that of the catalogue."""
    return labels.whole("column", label) in _OWNED or labels.whole("header", label) == "number"
