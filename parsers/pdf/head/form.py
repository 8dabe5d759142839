"""Fields of a PDF form (AcroForm, ISO 32000-1, 12.7): their names and values, and the values as words on the page."""

import ctypes
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from parsers.pdf.words import Page, Pdf, Word

MAX_FIELDS = 2_000
"""Fields read of one document."""

MAX_VALUE = 2_000
"""Characters read of one field's value."""

_END_MARK = 2
"""Bytes of the mark that ends an empty text."""

_SCALE = 100
_WIDEST_LETTER = 0.5
_LINE = 12.0
_LEAST_LINES = 2.2
_TEXTS = frozenset({4, 5, 6})
"""Combo box, list box, text field (fpdf_formfill.h); buttons and signatures say nothing."""


@dataclass(frozen=True, slots=True)
class Field:
    """A filled field: its name, the tip shown for it, its value, and its box in points from the top left."""

    name: str
    tip: str
    value: str
    page: int
    x0: float
    top: float
    x1: float
    bottom: float


def read_fields(data: bytes) -> tuple[Field, ...]:
    """Return the filled text fields of a document, none where it has no form or cannot be opened again."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError:
        return ()
    try:
        if document.get_formtype() == pypdfium2.raw.FORMTYPE_NONE:
            return ()
        document.init_forms()
        return tuple(_all(document))
    except pypdfium2.PdfiumError:
        return ()
    finally:
        document.close()


def _all(document: Any) -> Iterator[Field]:
    count = 0
    for index in range(len(document)):
        page = document[index]
        try:
            for field in _of_page(document, page, index + 1):
                yield field
                count += 1
                if count >= MAX_FIELDS:
                    return
        finally:
            page.close()


def _of_page(document: Any, page: Any, number: int) -> Iterator[Field]:
    from pypdfium2 import raw

    for index in range(min(raw.FPDFPage_GetAnnotCount(page.raw), MAX_FIELDS)):
        annotation = raw.FPDFPage_GetAnnot(page.raw, index)
        if not annotation:
            continue
        try:
            field = _field(raw, document.formenv.raw, page, annotation, number)
        finally:
            raw.FPDFPage_CloseAnnot(annotation)
        if field is not None:
            yield field


def _field(raw: Any, form: Any, page: Any, annotation: Any, number: int) -> Field | None:
    if raw.FPDFAnnot_GetSubtype(annotation) != raw.FPDF_ANNOT_WIDGET:
        return None
    if raw.FPDFAnnot_GetFormFieldType(form, annotation) not in _TEXTS:
        return None
    value = _text(raw, raw.FPDFAnnot_GetFormFieldValue, form, annotation).strip()
    box = raw.FS_RECTF()
    if not value or not raw.FPDFAnnot_GetRect(annotation, ctypes.byref(box)):
        return None
    one, two = _shown(raw, page, box.left, box.top), _shown(raw, page, box.right, box.bottom)
    return Field(
        _text(raw, raw.FPDFAnnot_GetFormFieldName, form, annotation),
        _text(raw, raw.FPDFAnnot_GetFormFieldAlternateName, form, annotation),
        value,
        number,
        min(one[0], two[0]),
        min(one[1], two[1]),
        max(one[0], two[0]),
        max(one[1], two[1]),
    )


def _text(raw: Any, ask: Any, form: Any, annotation: Any) -> str:
    length = min(ask(form, annotation, None, 0), 2 * MAX_VALUE)
    if length <= _END_MARK:
        return ""
    held = ctypes.create_string_buffer(length)
    ask(form, annotation, ctypes.cast(held, ctypes.POINTER(raw.FPDF_WCHAR)), length)
    return held.raw[:length].decode("utf-16le", errors="replace").rstrip("\0\ufffd")


def _shown(raw: Any, page: Any, x: float, y: float) -> tuple[float, float]:
    """Return a place of the page's own coordinates in points from the top left of the page as it is shown."""
    width, height = page.get_size()
    left, top = ctypes.c_int(), ctypes.c_int()
    size = (int(width * _SCALE), int(height * _SCALE))
    raw.FPDF_PageToDevice(page.raw, 0, 0, *size, 0, x, y, ctypes.byref(left), ctypes.byref(top))
    return left.value / _SCALE, top.value / _SCALE


def with_fields(pdf: Pdf, fields: Sequence[Field]) -> Pdf:
    """Return the document with the values of its fields as words in their boxes, where none stand there already."""
    if not fields:
        return pdf
    return replace(pdf, pages=tuple(_filled(page, fields) for page in pdf.pages))


def _filled(page: Page, fields: Sequence[Field]) -> Page:
    added: list[Word] = []
    for field in fields:
        if field.page == page.number and not any(_within(word, field) for word in page.words):
            added += _words(field)
    return replace(page, words=(*page.words, *added)) if added else page


def _within(word: Word, field: Field) -> bool:
    middle = (word.x0 + word.x1) / 2
    return field.x0 <= middle <= field.x1 and field.top <= word.middle <= field.bottom


def _words(field: Field) -> Iterator[Word]:
    """Yield the words of a field line by line, set as wide as fits its box."""
    lines = [line.split() for line in field.value.splitlines() if line.strip()]
    tall = (field.bottom - field.top) / max(len(lines), 1)
    height = min(tall * 0.75, _LINE)
    several = len(lines) > 1 or field.bottom - field.top > _LEAST_LINES * _LINE
    longest = max((len(" ".join(line)) for line in lines), default=1)
    letter = min(_WIDEST_LETTER * height, (field.x1 - field.x0) / max(longest, 1))
    for index, line in enumerate(lines):
        pitch = min(tall, 1.3 * height) if several else tall
        top = field.top + index * pitch + (0.0 if several else (tall - height) / 2)
        place = field.x0 + 2.0
        for text in line:
            width = letter * len(text)
            yield Word(text, field.page, place, top, place + width, top + height)
            place += width + letter
