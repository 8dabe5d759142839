"""Pieces of text that know where they stand: strip, split and cut without losing the place."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from oms_core.values.source import TextSource

_EDGES = " \t\u00a0"


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a text; `start` is the offset of its first character in the whole text."""

    text: str
    start: int

    @property
    def source(self) -> TextSource:
        """The place as evidence."""
        return TextSource(self.start, self.start + len(self.text), self.text)

    def cut(self, start: int, end: int | None = None) -> "Span":
        """Return the piece from `start` to `end`, counted in this span, edges trimmed."""
        piece = self.text[start:end]
        left = piece.lstrip(_EDGES)
        return Span(left.rstrip(_EDGES), self.start + start + len(piece) - len(left))

    def strip(self, edges: str = _EDGES) -> "Span":
        """Return the span without these characters at its ends."""
        left = self.text.lstrip(edges)
        return Span(left.rstrip(edges), self.start + len(self.text) - len(left))

    def split(self, pattern: re.Pattern[str]) -> Iterator["Span"]:
        """Yield the pieces between matches of a pattern, trimmed, empty ones too."""
        place = 0
        for found in pattern.finditer(self.text):
            yield self.cut(place, found.start())
            place = found.end()
        yield self.cut(place)
