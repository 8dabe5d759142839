"""Pictures of documents: each is drawn by a child of its own, and the last ones are kept.

PDFium, image and spreadsheet libraries meet hostile bytes here, so none of them runs in the process of the web pages.
"""

import json
import os
import subprocess
import sys
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from pathlib import Path

from oms_app.front.page_child import REFUSED
from oms_core.errors import UnreadableDocument
from oms_core.values import Blob

KEPT_BYTES = 48 * 1024 * 1024
"""Memory for drawn pages and tables."""
AT_ONCE = 2
"""Children that draw at one time."""
SECONDS = 20.0
"""How long one drawing may take."""
_LAUNCH = "import sys; sys.path[:] = sys.argv[4:]; from oms_app.front.page_child import main; main({})".format(
    "int(sys.argv[1]), sys.argv[2], int(sys.argv[3])"
)


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

    _kept: "OrderedDict[tuple[str, str, int], bytes]" = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _gate: threading.BoundedSemaphore = field(default_factory=lambda: threading.BoundedSemaphore(AT_ONCE))

    def pages(self, sha256: str, blob: Blob) -> PageSizes:
        """Return the sizes of a PDF's pages. Raises UnreadableDocument."""
        told = json.loads(self._drawn(sha256, blob, "pages", 0))
        return PageSizes(told["count"], tuple((width, height) for width, height in told["sizes"]))

    def page(self, sha256: str, blob: Blob, number: int) -> bytes:
        """Return one page of a PDF as PNG, counted from 1. Raises UnreadableDocument."""
        return self._drawn(sha256, blob, "page", number)

    def picture(self, sha256: str, blob: Blob) -> bytes:
        """Return a picture drawn anew as PNG. Raises UnreadableDocument."""
        return self._drawn(sha256, blob, "picture", 0)

    def sheets(self, sha256: str, blob: Blob) -> tuple[Sheet, ...]:
        """Return the visible sheets of a workbook. Raises UnreadableDocument."""
        told = json.loads(self._drawn(sha256, blob, "sheets", 0))
        return tuple(Sheet(one["name"], tuple((number, tuple(cells)) for number, cells in one["rows"])) for one in told)

    def _drawn(self, sha256: str, blob: Blob, word: str, number: int) -> bytes:
        key = (sha256, word, number)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        with self._gate:
            drawn = _draw(blob, word, number)
        with self._lock:
            self._kept[key] = drawn
            while sum(map(len, self._kept.values())) > KEPT_BYTES and len(self._kept) > 1:
                self._kept.popitem(last=False)
        return drawn


def _draw(blob: Blob, word: str, number: int) -> bytes:
    root = str(Path(__file__).resolve().parents[2])
    arguments = [str(os.getpid()), word, str(number), root, *filter(None, sys.path)]
    with blob.open() as handle:
        try:
            done = subprocess.run(  # noqa: S603 - our own interpreter and module
                [sys.executable, "-I", "-B", "-c", _LAUNCH, *arguments],
                stdin=handle,
                capture_output=True,
                timeout=SECONDS,
                check=False,
                env={"PATH": os.defpath, "LANG": "C.UTF-8", "OPENBLAS_NUM_THREADS": "1"},
            )
        except subprocess.TimeoutExpired:
            raise UnreadableDocument("deadline", f"Drawing it took longer than {SECONDS:g} seconds.") from None
    if done.returncode == REFUSED:
        raise UnreadableDocument("not_drawn", done.stderr.decode(errors="replace"))
    if done.returncode:
        raise UnreadableDocument("not_drawn", "The program that draws it crashed on it.")
    return done.stdout
