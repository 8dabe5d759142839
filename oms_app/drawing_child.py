"""The child that draws documents for people to look at: shut off like a reader, one request, then it ends.

A request is one of WORDS and its argument: `pages`, `page` (a number), `picture`, `sheets`, `shots` (numbers, as in
`1,3`). The document comes on standard input; the answer leaves on standard output as PNG or JSON. A refusal is exit
status 3 with a sentence on standard error.
"""

import base64
import io
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from oms_app.reading_child import die_with, limit, refuse, shut_off

MAX_BYTES = 64 * 1024 * 1024
"""The largest document that is drawn."""
MEMORY_BYTES = 768 * 1024 * 1024
SECONDS = 15.0
SCALE = 2.0
"""Pixels per point on the review page: 144 dots an inch, sharp on today's screens."""
MAX_PIXELS = 5_000_000
"""Pixels of one drawn page; a larger one is drawn coarser."""
SHOT_SCALE, MAX_SHOT_PIXELS, SHOT_QUALITY = 1.5, 3_000_000, 50
"""The same for a page in a report, which must be small enough to send by mail; quality as WebP counts it."""
MAX_SOURCE_PIXELS = 60_000_000
"""Pixels of a picture that is opened."""
MAX_PICTURE_SIDE = 2_000
"""Pixels of the longer side of a picture that is drawn."""
MAX_PAGES = 100
"""Pages whose sizes are told."""
MAX_SHEETS, MAX_ROWS, MAX_COLUMNS, MAX_CELL = 5, 2_000, 40, 200
"""What is shown of a workbook; the rest is in the download."""
MAX_REFUSAL = 300
"""Characters of the sentence that says why something is not drawn."""
REFUSED = 3


class CannotDraw(Exception):
    """The document cannot be shown, and the message says why."""


def main(parent: int, word: str, argument: str) -> None:
    """Draw what standard input holds."""
    die_with(parent)
    shut_off()
    _import_for(word)
    data = sys.stdin.buffer.read(MAX_BYTES + 1)
    limit(MEMORY_BYTES, SECONDS)
    sys.addaudithook(refuse)
    try:
        answer = WORDS[word](checked(data), argument)
    except Exception as problem:  # noqa: BLE001  # hostile input may raise anything; the sentence is for a person
        told = "It is locked with a password." if "password" in str(problem).lower() else str(problem)
        sys.stderr.write(told[:MAX_REFUSAL] or type(problem).__name__)
        sys.exit(REFUSED)
    sys.stdout.buffer.write(answer)


def _import_for(word: str) -> None:
    """Import what this request needs while files may still be opened."""
    if word == "sheets":
        import python_calamine  # noqa: F401
    else:
        import PIL.Image
        import pypdfium2  # noqa: F401

        PIL.Image.init()
        PIL.Image.MAX_IMAGE_PIXELS = MAX_SOURCE_PIXELS // 2


def checked(data: bytes) -> bytes:
    """Return the document, unless it is too large. Raises CannotDraw."""
    if len(data) > MAX_BYTES:
        raise CannotDraw(f"It has more than {MAX_BYTES:,} bytes.")
    return data


def _pages(data: bytes, _argument: str) -> bytes:
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    count = len(document)
    sizes = [document.get_page_size(index) for index in range(min(count, MAX_PAGES))]
    return json.dumps({"count": count, "sizes": sizes}).encode()


def _page(data: bytes, argument: str) -> bytes:
    import pypdfium2

    document, number = pypdfium2.PdfDocument(data), int(argument)
    if not 1 <= number <= min(len(document), MAX_PAGES):
        raise CannotDraw(f"There is no page {number} to show.")
    return _written(_rendered(document[number - 1], SCALE, MAX_PIXELS), "PNG")


def _shots(data: bytes, argument: str) -> bytes:
    return json.dumps(shots(data, [int(number) for number in argument.split(",")])).encode()


def shots(data: bytes, numbers: list[int]) -> dict[str, Any]:
    """Return how many pages there are, and of those asked for that exist size in points and picture (WebP, base64)."""
    import pypdfium2

    document = pypdfium2.PdfDocument(data)
    there = [number for number in numbers if 1 <= number <= len(document)]
    return {"count": len(document), "pages": [_shot(document[number - 1], number) for number in there]}


def _shot(page: Any, number: int) -> dict[str, Any]:
    width, height = page.get_size()
    image = _rendered(page, SHOT_SCALE, MAX_SHOT_PIXELS).convert("RGB")
    picture = base64.b64encode(_written(image, "WEBP", quality=SHOT_QUALITY)).decode("ascii")
    return {"page": number, "width": width, "height": height, "webp": picture}


def _rendered(page: Any, scale: float, most_pixels: int) -> Any:
    width, height = page.get_size()
    return page.render(scale=min(scale, (most_pixels / max(width * height, 1.0)) ** 0.5)).to_pil()


def _picture(data: bytes, _argument: str) -> bytes:
    from PIL import Image

    with Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF")) as picture:
        if picture.width * picture.height > MAX_SOURCE_PIXELS:
            raise CannotDraw("It has too many pixels.")
        picture.thumbnail((MAX_PICTURE_SIDE, MAX_PICTURE_SIDE))
        return _written(picture.convert("RGB"), "PNG")


def _written(image: Any, form: str, **options: int) -> bytes:
    written = io.BytesIO()
    image.save(written, format=form, **options)
    return written.getvalue()


def _sheets(data: bytes, _argument: str) -> bytes:
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
        shown = [*[""] * left, *(_cell(cell) for cell in cells)][:MAX_COLUMNS]
        if any(shown):
            yield number, shown


def _cell(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)[:MAX_CELL]


WORDS: Mapping[str, Callable[[bytes, str], bytes]] = {
    "pages": _pages,
    "page": _page,
    "picture": _picture,
    "sheets": _sheets,
    "shots": _shots,
}
"""What can be asked for."""
