"""The child that draws a document for the review page: shut off like a reader, one request, then it ends.

A request is a word (`pages`, `page`, `picture`, `sheets`) and a number; the document comes on standard input, the
answer leaves on standard output as PNG or JSON. A refusal is exit status 3 with a sentence on standard error.
"""

import io
import json
import sys
from collections.abc import Iterator
from typing import Any

from oms_app.reading_child import die_with, limit, refuse, shut_off

MAX_BYTES = 64 * 1024 * 1024
"""The largest document that is drawn."""
MEMORY_BYTES = 768 * 1024 * 1024
SECONDS = 15.0
SCALE = 2.0
"""Pixels per point: 144 dots an inch, sharp on today's screens."""
MAX_PIXELS = 5_000_000
"""Pixels of one drawn page; a larger one is drawn coarser."""
MAX_SOURCE_PIXELS = 60_000_000
"""Pixels of a picture that is opened."""
MAX_PAGES = 100
"""Pages whose sizes are told."""
MAX_SHEETS, MAX_ROWS, MAX_COLUMNS, MAX_CELL = 5, 2_000, 40, 200
"""What is shown of a workbook; the rest is in the download."""
REFUSED = 3


class CannotDraw(Exception):
    """The document cannot be shown, and the message says why."""


def main(parent: int, word: str, number: int) -> None:
    """Draw what standard input holds."""
    die_with(parent)
    shut_off()
    draw = {"pages": _pages, "page": _page, "picture": _picture, "sheets": _sheets}[word]
    if word == "sheets":
        import python_calamine  # noqa: F401  # before the audit hook
    else:
        import PIL.Image
        import pypdfium2

        PIL.Image.init()
        PIL.Image.MAX_IMAGE_PIXELS = MAX_SOURCE_PIXELS // 2
        assert pypdfium2
    data = sys.stdin.buffer.read(MAX_BYTES + 1)
    limit(MEMORY_BYTES, SECONDS)
    sys.addaudithook(refuse)
    try:
        answer = draw(_checked(data), number)
    except Exception as problem:  # noqa: BLE001  # hostile input may raise anything; the sentence is for a person
        told = "It is locked with a password." if "password" in str(problem).lower() else str(problem)
        sys.stderr.write(told[:300] or type(problem).__name__)
        sys.exit(REFUSED)
    sys.stdout.buffer.write(answer)


def _checked(data: bytes) -> bytes:
    if len(data) > MAX_BYTES:
        raise CannotDraw(f"It has more than {MAX_BYTES:,} bytes.")
    return data


def _pages(data: bytes, _number: int) -> bytes:
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    count = len(document)
    sizes = [document.get_page_size(index) for index in range(min(count, MAX_PAGES))]
    return json.dumps({"count": count, "sizes": sizes}).encode()


def _page(data: bytes, number: int) -> bytes:
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    if not 1 <= number <= min(len(document), MAX_PAGES):
        raise CannotDraw(f"There is no page {number} to show.")
    page = document[number - 1]
    width, height = page.get_size()
    scale = min(SCALE, (MAX_PIXELS / max(width * height, 1.0)) ** 0.5)
    return _png(page.render(scale=scale).to_pil())


def _picture(data: bytes, _number: int) -> bytes:
    from PIL import Image

    with Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF")) as picture:
        if picture.width * picture.height > MAX_SOURCE_PIXELS:
            raise CannotDraw("It has too many pixels.")
        picture.thumbnail((2_000, 2_000))
        return _png(picture.convert("RGB"))


def _png(image: Any) -> bytes:
    written = io.BytesIO()
    image.save(written, format="PNG")
    return written.getvalue()


def _sheets(data: bytes, _number: int) -> bytes:
    from python_calamine import CalamineWorkbook, SheetVisibleEnum

    workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
    seen = [one.name for one in workbook.sheets_metadata if one.visible == SheetVisibleEnum.Visible]
    return json.dumps([{"name": name, "rows": list(_rows(workbook, name))} for name in seen[:MAX_SHEETS]]).encode()


def _rows(workbook: Any, name: str) -> Iterator[tuple[int, list[str]]]:
    """Yield rows with their number in the sheet, cells from the first column on."""
    sheet = workbook.get_sheet_by_name(name)
    if sheet.start is None:
        return
    top, left = sheet.start
    for number, cells in enumerate(sheet.to_python(skip_empty_area=True, nrows=MAX_ROWS), start=top + 1):
        shown = [*[""] * left, *(_told(cell) for cell in cells)][:MAX_COLUMNS]
        if any(shown):
            yield number, shown


def _told(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)[:MAX_CELL]
