"""The words of a PDF with their boxes, read with PDFium: 1-based pages, points from the top left as they are shown."""

import ctypes
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from oms_core.errors import UnreadableDocument
from oms_core.values.document import Limits
from oms_core.values.source import PageSource
from parsers.pdf.rules import Rule, Walls, read_rules

MAX_PAGE_CHARACTERS = 100_000
"""Characters read of one page; a page with more is cut."""

MAX_EMBEDDED = 50
"""Embedded files looked at."""

Box = tuple[float, float, float, float]
"""x0, top, x1, bottom."""

_PASSWORD, _SECURITY = 4, 5
_GAP = 0.28
"""A gap wider than this part of the letter's height parts two words."""

_STEP = 0.08
"""So does a narrower one between a small letter and a capital: two headings that nearly touch."""

_DROP = 0.5
_HYPHENS = {0xFFFE: "-", 0x2: "-", 0xAD: "-"}
_LEAST_TEXT = 8
"""Fewer letters than this in a whole document is no text layer."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word and its box."""

    text: str
    page: int
    x0: float
    top: float
    x1: float
    bottom: float

    @property
    def middle(self) -> float:
        """The height of its centre line."""
        return (self.top + self.bottom) / 2

    @property
    def height(self) -> float:
        """How tall its letters are set."""
        return self.bottom - self.top

    @property
    def source(self) -> PageSource:
        """The place as evidence."""
        box = (round(self.x0, 1), round(self.top, 1), round(self.x1, 1), round(self.bottom, 1))
        return PageSource(self.page, box, self.text)


@dataclass(frozen=True, slots=True)
class Page:
    """A page, its words in the order they were written, and the lines that are drawn on it."""

    number: int
    width: float
    height: float
    words: tuple[Word, ...]
    rules: tuple[Rule, ...] = ()


@dataclass(frozen=True, slots=True)
class Pdf:
    """A document's pages and the files embedded in it."""

    pages: tuple[Page, ...]
    embedded: tuple[tuple[str, bytes], ...]


def read_pdf(data: bytes, limits: Limits) -> Pdf:
    """Read all words and embedded files.

    Raises UnreadableDocument: `encrypted_pdf`, `damaged_pdf`, `too_many_pages`, and `scan` where there is no text.
    """
    import pypdfium2

    document = _opened(data)
    try:
        count = len(document)
        if count > limits.pages:
            raise UnreadableDocument(
                "too_many_pages",
                f"This PDF has {count} pages, more than the {limits.pages} allowed."
                " Ask the sender for the order pages alone.",
                "document",
            )
        embedded = tuple(_embedded(document, limits))
        pages = tuple(_page(document, index) for index in range(count))
    except pypdfium2.PdfiumError as error:
        raise _damaged(str(error)) from None
    finally:
        document.close()
    if sum(len(word.text) for page in pages for word in page.words) < _LEAST_TEXT and not embedded:
        raise UnreadableDocument(
            "scan",
            "This PDF holds pictures of pages and no text (a scan). Read it by eye, or ask for the original.",
            "document",
        )
    return Pdf(pages, embedded)


def _opened(data: bytes) -> Any:
    import pypdfium2

    if b"%PDF" not in data[:1024]:
        raise _damaged("it does not begin as a PDF does")
    try:
        return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if error.err_code in {_PASSWORD, _SECURITY}:
            raise UnreadableDocument(
                "encrypted_pdf",
                "This PDF is locked with a password. Ask the sender for one without.",
                "document",
            ) from None
        raise _damaged(str(error)) from None


def _damaged(reason: str) -> UnreadableDocument:
    return UnreadableDocument(
        "damaged_pdf",
        f"This PDF is damaged or cut short and cannot be opened ({reason}). Ask the sender to send it again.",
        "document",
    )


def _embedded(document: Any, limits: Limits) -> Iterator[tuple[str, bytes]]:
    """Yield embedded files (PDF/A-3: Order-X, ZUGFeRD, Factur-X)."""
    import pypdfium2

    total = 0
    for index in range(min(document.count_attachments(), MAX_EMBEDDED)):
        try:
            attachment = document.get_attachment(index)
            name, data = attachment.get_name(), bytes(attachment.get_data())
        except (pypdfium2.PdfiumError, ValueError, UnicodeError):
            continue
        total += len(data)
        if total > limits.inflated_bytes:
            raise UnreadableDocument(
                "too_large", "The files inside this PDF are larger than allowed. Open it by hand.", name
            )
        yield name, data


def _page(document: Any, index: int) -> Page:
    page = _shown_page(document, index)
    try:
        text = page.get_textpage()
        try:
            width, height = page.get_size()
            characters = _Characters(page, text, index + 1)
            rules = read_rules(page, characters.shown)
            walls = Walls(rule for rule in rules if rule.down)
            return Page(index + 1, width, height, tuple(_words(characters, walls)), rules)
        finally:
            text.close()
    finally:
        page.close()


def _shown_page(document: Any, index: int) -> Any:
    """Open a page; what is typed into a form's fields (ISO 32000-1, 12.7) is first made part of the page."""
    from pypdfium2 import raw

    page = document.get_page(index)
    if not document.get_formtype():
        return page
    raw.FPDFPage_Flatten(page.raw, raw.FLAT_NORMALDISPLAY)
    page.close()
    return document.get_page(index)


class _Characters:
    """The characters of a page with boxes as shown: crop box and rotation undone."""

    def __init__(self, page: Any, text: Any, number: int) -> None:
        from pypdfium2 import raw

        self.number = number
        self._raw = raw
        self._text = text.raw
        self._box = page.get_cropbox()
        self._turn = page.get_rotation()
        self.count = min(raw.FPDFText_CountChars(self._text), MAX_PAGE_CHARACTERS)

    def codes(self) -> Sequence[int]:
        """Return the code of every character: in one call where the page's text has one for each, else one by one."""
        raw, count = self._raw, self.count
        held = (ctypes.c_ushort * (count + 1))()
        if raw.FPDFText_GetText(self._text, 0, count, held) == count + 1:
            return list(held[:count])
        return [raw.FPDFText_GetUnicode(self._text, index) for index in range(count)]

    def boxes(self) -> Callable[[int], Box | None]:
        """Return what gives the box of a character by its place; None where it has none."""
        text, box_of = self._text, self._raw.FPDFText_GetLooseCharBox
        rectangle = self._raw.FS_RECTF()
        place = ctypes.byref(rectangle)
        box_left, _, _, box_top = self._box

        def upright(index: int) -> Box | None:
            if not box_of(text, index, place):
                return None
            return (
                rectangle.left - box_left,
                box_top - rectangle.top,
                rectangle.right - box_left,
                box_top - rectangle.bottom,
            )

        def turned(index: int) -> Box | None:
            if not box_of(text, index, place):
                return None
            return self.shown(rectangle.left, rectangle.bottom, rectangle.right, rectangle.top)

        return turned if self._turn else upright

    def shown(self, left: float, bottom: float, right: float, top: float) -> Box:
        """Turn a box of the page's own coordinates into x0, top, x1, bottom of the page as it is shown."""
        box_left, box_bottom, box_right, box_top = self._box
        if self._turn == _QUARTER:
            return (bottom - box_bottom, left - box_left, top - box_bottom, right - box_left)
        if self._turn == 2 * _QUARTER:
            return (box_right - right, bottom - box_bottom, box_right - left, top - box_bottom)
        if self._turn == 3 * _QUARTER:
            return (box_top - top, box_right - right, box_top - bottom, box_right - left)
        return (left - box_left, box_top - top, right - box_left, box_top - bottom)


_QUARTER = 90


def _words(characters: _Characters, walls: Walls) -> Iterator[Word]:
    """Join characters to words: a space, a gap, a line between them, or a step to another line ends one."""
    letters: list[str] = []
    number = characters.number
    walled = walls.any
    x0 = top = x1 = bottom = 0.0
    box_of = characters.boxes()
    for index, code in enumerate(characters.codes()):
        char = _ASCII[code] if code < _ASCII_CODES else _printed(code)
        box = box_of(index) if char else None
        if box is None:
            if letters:
                yield Word("".join(letters), number, x0, top, x1, bottom)
                letters = []
            continue
        left, upper, right, lower = box
        if letters and char in _MARKS and left - x1 < _HAIR * (bottom - top) and upper < bottom and lower > top:
            letters.append(char)
            x1 = max(x1, right)
            continue
        if letters:
            height = max(1.0, lower - upper)
            apart = left - x1
            if (
                apart > _GAP * height
                or left < x0 - height
                or abs((upper + lower) - (top + bottom)) > _DROP * 2 * height
                or (walled and apart > _HAIR and walls.between(x1, left, (upper + lower) / 2))
                or (apart > _STEP * height and char.isupper() and letters[-1].islower())
            ):
                yield Word("".join(letters), number, x0, top, x1, bottom)
                letters = []
        if not letters:
            x0, top, x1, bottom = box
        elif left < x0 or upper < top or lower > bottom or right > x1:
            x0, top, x1, bottom = min(x0, left), min(top, upper), max(x1, right), max(bottom, lower)
        letters.append(char)
    if letters:
        yield Word("".join(letters), number, x0, top, x1, bottom)


_HAIR = 0.2
"""Letters closer than this have no line between them."""

_MARKS = frozenset(".,;:'")
"""Marks belong to the letters before them, however low another font sets them."""


def _printed(code: int) -> str:
    """Return the character of a code; nothing for blanks and what cannot be printed."""
    char = _HYPHENS.get(code) or (chr(code) if 0 < code < _CODES else "")
    return "" if char.isspace() or not char.isprintable() else char


_CODES = 0x110000
_ASCII_CODES = 128
_ASCII = tuple(_printed(code) for code in range(_ASCII_CODES))
"""Most of every page: its characters by code, nothing for blanks."""
