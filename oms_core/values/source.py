"""Where a value stands in its document: the evidence a reviewer is shown.

One class per kind of document; each keeps the text as it stands there.
"""

from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class PageSource:
    """A box on a page: `page` counts from 1, `bbox` is x0, top, x1, bottom in points from the top left."""

    page: int
    bbox: tuple[float, float, float, float]
    text: str


@dataclass(frozen=True, slots=True)
class SegmentSource:
    """An EDI element: `segment` counts from 1 in the interchange, `element` reads like `2.1` (element, component)."""

    segment: int
    element: str
    text: str


@dataclass(frozen=True, slots=True)
class CellSource:
    """A cell of a table: `row` and `column` count from 1, `sheet` is empty for CSV."""

    row: int
    column: int
    text: str
    sheet: str = ""


@dataclass(frozen=True, slots=True)
class TextSource:
    """Character offsets in a decoded text, end exclusive."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class PathSource:
    """A path in a tree document (XML, JSON) or the name of a mail header."""

    path: str
    text: str


Source = PageSource | SegmentSource | CellSource | TextSource | PathSource

_ENTERED = "entered by "


def entered(who: str, text: str) -> PathSource:
    """Return the source of a value that a person typed: who, and the text as typed."""
    return PathSource(f"{_ENTERED}{who}", text)


def entered_by(source: Source) -> str:
    """Return who typed a value; empty for one that was read from a document."""
    if not isinstance(source, PathSource) or not source.path.startswith(_ENTERED):
        return ""
    return source.path.removeprefix(_ENTERED)


@dataclass(frozen=True, slots=True)
class Value(Generic[T]):
    """A value that was read, never guessed: what it is, where it stands, how sure we are (0 to 1)."""

    value: T
    source: Source
    confidence: float
