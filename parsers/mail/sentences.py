"""Paragraphs and sentences of a letter, every character in its place."""

import re
from collections.abc import Iterable

from parsers.mail.counts import MEASURES, SIZES
from parsers.words import labels, unit_words
from parsers.words.spans import Span

_SENTENCE_END = re.compile(
    r"[!?](?=\s|$)|(?<![\s.\d])(?<![\s(][^\W\d])\.(?=\s+[^\W\da-z]|\s*$)"
    r"|(?<=\d)\.(?=\s+[A-Z][a-z]+\s)|\.\s*$"
)
_ABBREVIATIONS = frozenset({"art", "nr", "no", "ref", "cod", "pos", "ca", "str", "r\u00e9f"})
_LONGEST_ABBREVIATION = 4
"""A longer word for a unit is written in full, and a full stop behind it ends the sentence."""

_WRAPPED = 50
"""A line of this length may go on below."""

_BULLET = re.compile(r"^\s*(?:[-*\u2022\u00b7\u2013+]\s|\(?\d{1,3}[.)]\s)")


def sentences(line: Span) -> list[Span]:
    """Part a paragraph into sentences; a full stop after a unit or an abbreviation ends none."""
    out: list[Span] = []
    place = 0
    for end in _SENTENCE_END.finditer(line.text):
        last = re.search(r"(?P<sized>\d\s?)?(?P<word>[^\W\d_]+)$", line.text[place : end.start()])
        goes_on = end.group() == "." and bool(line.text[end.end() :].strip()) and not _begins(line.text[end.end() :])
        if goes_on and last and _is_short(last.group("word"), sized=bool(last.group("sized"))):
            continue
        out.append(line.cut(place, end.end()).strip(" .!"))
        place = end.end()
    out.append(line.cut(place))
    return [piece for piece in out if piece.text]


def _is_short(word: str, *, sized: bool) -> bool:
    """Say whether a full stop behind a word may only shorten it: `20 Stk. Dübel`, but not `38 mm. Ich hole es`."""
    if word.casefold() in _ABBREVIATIONS:
        return True
    code = unit_words.code_of(word) if len(word) <= _LONGEST_ABBREVIATION else None
    return code is not None and not (sized and code in SIZES | MEASURES)


def _begins(rest: str) -> bool:
    """Say whether words that follow a full stop are those of another thing: a delivery, a wish, thanks."""
    words = labels.words_of(rest[:_LOOKED_AT])
    return any(labels.at(group, words) is not None for group in ("when", "mail", "header", "party"))


_LOOKED_AT = 60


def paragraphs(lines: Iterable[Span]) -> list[Span]:
    """Join lines that run on, blanks between them, so that every character keeps its place in the letter."""
    out: list[Span] = []
    open_line = False
    for line in lines:
        if open_line and out and line.text and not _BULLET.match(line.text):
            last = out[-1]
            out[-1] = Span(last.text.ljust(line.start - last.start) + line.text, last.start)
        elif line.text:
            out.append(line)
        open_line = len(line.text) > _WRAPPED and not line.text.endswith((".", "!", "?", ":"))
    return out
