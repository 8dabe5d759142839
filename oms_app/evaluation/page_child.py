"""The child that draws pages of one PDF for a report: shut off like a reader, one request, then it ends.

The document comes on standard input; the answer leaves on standard output as one JSON line: how many pages there are,
and of each page that was asked for its size in points and its picture as WebP, small enough to send by mail. A refusal
is exit status 3 with a sentence on standard error.
"""

import base64
import io
import json
import sys
from typing import Any

from oms_app.reading_child import die_with, limit, refuse, shut_off

MAX_BYTES = 64 * 1024 * 1024
"""The largest document that is drawn."""
MEMORY_BYTES = 768 * 1024 * 1024
SECONDS = 15.0
SCALE = 1.5
"""Pixels per point: sharp enough to read on a screen."""
MAX_PIXELS = 3_000_000
"""Pixels of one drawn page; a larger one is drawn coarser."""
QUALITY = 50
REFUSED = 3


def main(parent: int, pages: str) -> None:
    """Draw the pages of what standard input holds; `pages` is their numbers, such as `1,3`."""
    die_with(parent)
    shut_off()
    import PIL.Image
    import pypdfium2

    PIL.Image.init()
    assert pypdfium2
    data = sys.stdin.buffer.read(MAX_BYTES + 1)
    limit(MEMORY_BYTES, SECONDS)
    sys.addaudithook(refuse)
    try:
        answer = draw(data, [int(page) for page in pages.split(",")])
    except Exception as problem:  # noqa: BLE001  # hostile input may raise anything; the sentence is for a person
        sys.stderr.write(str(problem)[:300] or type(problem).__name__)
        sys.exit(REFUSED)
    sys.stdout.write(json.dumps(answer))


def draw(data: bytes, pages: list[int]) -> dict[str, Any]:
    """Return the number of pages and those of `pages` that there are, in the form that leaves the child.

    Raises ValueError for a document that is too large, and whatever PDFium raises for one that cannot be drawn.
    """
    import pypdfium2

    if len(data) > MAX_BYTES:
        raise ValueError(f"It has more than {MAX_BYTES:,} bytes.")
    document = pypdfium2.PdfDocument(data)
    there = [page for page in pages if 1 <= page <= len(document)]
    return {"count": len(document), "pages": [_page(document, page) for page in there]}


def _page(document: Any, number: int) -> dict[str, Any]:
    page = document[number - 1]
    width, height = page.get_size()
    scale = min(SCALE, (MAX_PIXELS / max(width * height, 1.0)) ** 0.5)
    written = io.BytesIO()
    page.render(scale=scale).to_pil().convert("RGB").save(written, format="WEBP", quality=QUALITY)
    picture = base64.b64encode(written.getvalue()).decode("ascii")
    return {"page": number, "width": width, "height": height, "webp": picture}
