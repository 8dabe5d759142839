"""Pictures of documents for the pages: each is drawn by a child of its own, and the last ones are kept."""

import json
import threading
from collections import OrderedDict
from dataclasses import dataclass, field

from oms_app.drawing import draw
from oms_core.values import Blob

KEPT_BYTES = 48 * 1024 * 1024
"""Memory for drawn pages and tables."""
AT_ONCE = 2
"""Children that draw at one time."""


@dataclass(frozen=True, slots=True)
class PageSizes:
    """How many pages a document has, and how large the first ones are, in points."""

    count: int
    sizes: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: rows with their number, cells from the first column on."""

    name: str
    rows: tuple[tuple[int, tuple[str, ...]], ...]


@dataclass(slots=True)
class PageImages:
    """Draws and remembers; safe to use from several threads."""

    _kept: "OrderedDict[tuple[str, str, str], bytes]" = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _gate: threading.BoundedSemaphore = field(default_factory=lambda: threading.BoundedSemaphore(AT_ONCE))

    def pages(self, sha256: str, blob: Blob) -> PageSizes:
        """Return the sizes of a PDF's pages. Raises UnreadableDocument."""
        told = json.loads(self._drawn(sha256, blob, "pages"))
        return PageSizes(told["count"], tuple((width, height) for width, height in told["sizes"]))

    def page(self, sha256: str, blob: Blob, number: int) -> bytes:
        """Return one page of a PDF as PNG, counted from 1. Raises UnreadableDocument."""
        return self._drawn(sha256, blob, "page", str(number))

    def picture(self, sha256: str, blob: Blob) -> bytes:
        """Return a picture drawn anew as PNG. Raises UnreadableDocument."""
        return self._drawn(sha256, blob, "picture")

    def sheets(self, sha256: str, blob: Blob) -> tuple[Sheet, ...]:
        """Return the visible sheets of a workbook. Raises UnreadableDocument."""
        told = json.loads(self._drawn(sha256, blob, "sheets"))
        return tuple(Sheet(one["name"], tuple((number, tuple(cells)) for number, cells in one["rows"])) for one in told)

    def _drawn(self, sha256: str, blob: Blob, word: str, argument: str = "") -> bytes:
        key = (sha256, word, argument)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        with self._gate, blob.open() as handle:
            drawn = draw(handle, word, argument)
        with self._lock:
            self._kept[key] = drawn
            while sum(map(len, self._kept.values())) > KEPT_BYTES and len(self._kept) > 1:
                self._kept.popitem(last=False)
        return drawn
