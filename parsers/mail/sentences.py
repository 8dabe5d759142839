"""Paragraphs and sentences of a letter, every character in its place."""

import re
from collections.abc import Iterable

from parsers.words import unit_words
from parsers.words.spans import Span

_SENTENCE_END = re.compile(
    r"[!?](?=\s|$)|(?<![\s.\d])(?<![\s(][^\W\d])\.(?=\s+[^\W\da-z]|\s*$)"
    r"|(?<=\d)\.(?=\s+[A-Z][a-z]+\s)|\.\s*$"
)
_ABBREVIATIONS = frozenset({"art", "nr", "no", "ref", "cod", "pos", "ca", "str", "r\u00e9f"})
_WRAPPED = 50
"""A line of this length may go on below."""

_BULLET = re.compile(r"^\s*(?:[-*\u2022\u00b7\u2013+]\s|\(?\d{1,3}[.)]\s)")


def sentences(line: Span) -> list[Span]:
    """Part a paragraph into sentences; a full stop after a unit or an abbreviation ends none."""
    out: list[Span] = []
    place = 0
    for end in _SENTENCE_END.finditer(line.text):
        last = re.search(r"[^\W\d_]+$", line.text[place : end.start()])
        if end.group() == "." and last and end.end() < len(line.text.rstrip()) and _is_short(last.group()):
            continue
        out.append(line.cut(place, end.end()).strip(" .!"))
        place = end.end()
    out.append(line.cut(place))
    return [piece for piece in out if piece.text]


def _is_short(word: str) -> bool:
    return unit_words.code_of(word) is not None or word.casefold() in {
        "art",
        "nr",
        "no",
        "ref",
        "cod",
        "pos",
        "ca",
        "str",
        "réf",
    }


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
