"""A stored document as the review page shows it: pages, text, table or segments, with the places that were read.

Nothing of a document is ever markup here: the templates escape every character of it.
"""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice, pairwise

from oms_app.front.page_image import PageImages
from oms_app.web.marks import Mark
from oms_core.errors import NotFound, UnreadableDocument
from oms_core.records import Document
from oms_core.values import Blob, CellSource, PageSource, SegmentSource, TextSource
from oms_store.documents import DocumentStore
from parsers.edifact.stream import InterchangeStream, Message, ServiceSegment, Stray
from parsers.edifact.syntax import DEFAULT_SEPARATORS
from parsers.mail import headers
from parsers.sheet.csv_order import find_delimiter
from parsers.sheet.text import decode_text

MAX_TEXT_BYTES = 2 * 1024 * 1024
"""Bytes of a text, table or interchange that are shown; the whole is in the download."""
MAX_TEXT = 200_000
"""Characters of a text that are shown."""
MAX_ROWS, MAX_COLUMNS, MAX_CELL = 2_000, 40, 200
MAX_SEGMENTS = 2_000
MAX_EDIFACT_BYTES = 32 * 1024 * 1024
"""Bytes of an interchange that are searched for the segments to show."""
SEGMENTS_AROUND = 12
"""Segments shown before and after those of the order at hand."""

_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp", ".tif", ".tiff")
_MAGIC = ((b"%PDF", "pdf"), (b"PK\x03\x04", "sheet"), (b"\x89PNG", "picture"), (b"\xff\xd8\xff", "picture"))
_TELLING_BYTES = 4096


@dataclass(frozen=True, slots=True)
class Box:
    """A marked rectangle of a page, in points; `fields` are the names of the inputs that it fills."""

    fields: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class PageView:
    """One page; it is drawn when the browser asks for it."""

    number: int
    width: float
    height: float
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text; `fields` is empty where nothing was read from it."""

    text: str
    fields: str = ""


@dataclass(frozen=True, slots=True)
class TableView:
    """One table: rows with their number, each cell a piece."""

    name: str
    rows: tuple[tuple[int, tuple[Piece, ...]], ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """A document to look at; exactly one of the contents is there, or `note` says why none is."""

    kind: str
    note: str = ""
    pages: tuple[PageView, ...] = ()
    pieces: tuple[Piece, ...] = ()
    tables: tuple[TableView, ...] = ()
    segments: tuple[tuple[int, Piece], ...] = ()


def show(documents: DocumentStore, images: PageImages, document: Document, marks: Sequence[Mark] = ()) -> Shown:
    """Return a document to look at; what cannot be shown says why, and can still be downloaded."""
    try:
        blob = documents.get(document.sha256)
        kind = _kind(document, _head(blob))
        drawn = {"pdf": _pdf, "sheet": _workbook, "picture": _picture}.get(kind)
        if drawn:
            return drawn(images, document, blob, marks)
        return {"table": _csv, "edifact": _edifact}.get(kind, _text)(blob, marks)
    except (UnreadableDocument, NotFound) as problem:
        return Shown("none", f"This document cannot be shown here: {problem} Download it to look at it.")


def _head(blob: Blob) -> bytes:
    with blob.open() as handle:
        return handle.read(_TELLING_BYTES)


def _kind(document: Document, head: bytes) -> str:
    """Tell by the bytes first, then by the format that was read, then by the name; no declared type is believed."""
    for mark, kind in _MAGIC:
        if head.startswith(mark):
            return kind
    if b"%PDF" in head[:1024]:
        return "pdf"
    known = {"csv": "table", "edifact": "edifact", "pdf": "pdf", "xlsx": "sheet"}.get(document.format or "")
    name = document.filename.lower()
    if known:
        return known
    if name.endswith(_PICTURES):
        return "picture"
    if name.endswith((".csv", ".tsv")):
        return "table"
    return "edifact" if head.lstrip().startswith((b"UNA:+", b"UNB+")) else "text"


def _pdf(images: PageImages, document: Document, blob: Blob, marks: Sequence[Mark]) -> Shown:
    sizes = images.pages(document.sha256, blob)
    by_page: dict[int, dict[tuple[float, float, float, float], list[str]]] = {}
    for mark in marks:
        if isinstance(mark.source, PageSource):
            by_page.setdefault(mark.source.page, {}).setdefault(mark.source.bbox, []).append(mark.field)
    pages = tuple(
        PageView(number, width, height, tuple(_boxes(by_page.get(number, {}))))
        for number, (width, height) in enumerate(sizes.sizes, start=1)
    )
    left = sizes.count - len(pages)
    return Shown("pdf", f"{left} more pages are in the download." if left else "", pages=pages)


def _picture(images: PageImages, document: Document, blob: Blob, _marks: Sequence[Mark]) -> Shown:
    images.picture(document.sha256, blob)
    return Shown("picture")


def _boxes(places: dict[tuple[float, float, float, float], list[str]]) -> Iterator[Box]:
    for (x0, top, x1, bottom), names in places.items():
        yield Box(
            " ".join(names), round(x0 - 1, 1), round(top - 1, 1), round(x1 - x0 + 2, 1), round(bottom - top + 2, 1)
        )


def _text(blob: Blob, marks: Sequence[Mark]) -> Shown:
    """Show a text; offsets count the characters that the readers of mail and text see."""
    data = _beginning(blob)
    text, _ = headers.decode_text(data.removeprefix(b"\xef\xbb\xbf"), "utf-8")
    cut = len(text) > MAX_TEXT or blob.size > len(data)
    return Shown("text", _CUT if cut else "", pieces=tuple(_pieces(text[:MAX_TEXT].replace("\0", "\ufffd"), marks)))


_CUT = "Only the beginning is shown; the whole is in the download."


def _beginning(blob: Blob) -> bytes:
    with blob.open() as handle:
        return handle.read(MAX_TEXT_BYTES)


def _pieces(text: str, marks: Sequence[Mark]) -> Iterator[Piece]:
    """Cut a text where any mark begins or ends, so that marks may overlap."""
    spans = [
        (mark.source.start, min(mark.source.end, len(text)), mark.field)
        for mark in marks
        if isinstance(mark.source, TextSource) and 0 <= mark.source.start < min(mark.source.end, len(text))
    ]
    edges = sorted({0, len(text), *chain.from_iterable(span[:2] for span in spans)})
    for start, end in pairwise(edges):
        names = [name for begins, ends, name in spans if begins <= start and end <= ends]
        yield Piece(text[start:end], " ".join(names))


def _csv(blob: Blob, marks: Sequence[Mark]) -> Shown:
    text, _ = decode_text(_beginning(blob))
    delimiter, _ = find_delimiter(text)
    first, _, rest = text.partition("\n")
    skipped = first.strip().lower().startswith("sep=") and len(first.strip()) == len("sep=;")
    if skipped:
        delimiter, text = first.strip()[-1], rest
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        rows = [(number, cells) for number, cells in enumerate(islice(reader, MAX_ROWS), start=1 + skipped) if cells]
    except csv.Error:
        return _text(blob, ())
    return Shown("table", _CUT if blob.size > MAX_TEXT_BYTES else "", tables=(_table("", rows, marks),))


def _workbook(images: PageImages, document: Document, blob: Blob, marks: Sequence[Mark]) -> Shown:
    sheets = images.sheets(document.sha256, blob)
    return Shown("table", tables=tuple(_table(sheet.name, sheet.rows, marks) for sheet in sheets))


def _table(name: str, rows: Sequence[tuple[int, Sequence[str]]], marks: Sequence[Mark]) -> TableView:
    cells: dict[tuple[int, int], list[str]] = {}
    for mark in marks:
        if isinstance(mark.source, CellSource) and mark.source.sheet in ("", name):
            cells.setdefault((mark.source.row, mark.source.column), []).append(mark.field)
    return TableView(
        name,
        tuple(
            (
                number,
                tuple(
                    Piece(cell[:MAX_CELL], " ".join(cells.get((number, column), ())))
                    for column, cell in enumerate(row[:MAX_COLUMNS], start=1)
                ),
            )
            for number, row in rows
        ),
    )


def _edifact(blob: Blob, marks: Sequence[Mark]) -> Shown:
    """Show the segments around those of the order at hand; an interchange may hold thousands of others."""
    read: dict[int, list[str]] = {}
    for mark in marks:
        if isinstance(mark.source, SegmentSource):
            read.setdefault(mark.source.segment, []).append(mark.field)
    first = min(read, default=1) - SEGMENTS_AROUND
    last = max(read, default=MAX_SEGMENTS) + SEGMENTS_AROUND
    rows: list[tuple[int, Piece]] = []
    note = ""
    with blob.open() as handle:
        try:
            for number, text in _segments(handle.read(MAX_EDIFACT_BYTES)):
                if number > last or len(rows) >= MAX_SEGMENTS:
                    break
                if number >= first:
                    rows.append((number, Piece(text, " ".join(read.get(number, ())))))
        except UnreadableDocument as problem:
            note = str(problem)
    if note and not marks:
        # It breaks off: show what is there, cut at every terminator.
        whole, _ = headers.decode_text(_beginning(blob), "utf-8")
        rows = [
            (at, Piece(f"{text}'")) for at, text in enumerate(whole.split("'")[:MAX_SEGMENTS], start=1) if text.strip()
        ]
    if not rows:
        return _text(blob, ())
    return Shown("segments", note, segments=tuple(rows))


def _segments(data: bytes) -> Iterator[tuple[int, str]]:
    for piece in InterchangeStream(io.BytesIO(data)):
        if isinstance(piece, ServiceSegment):
            yield piece.number, DEFAULT_SEPARATORS.compose(piece.elements)
        elif isinstance(piece, Message):
            for offset, segment in enumerate(piece.segments):
                yield piece.number + offset, DEFAULT_SEPARATORS.compose(piece.separators.elements(segment))
        elif isinstance(piece, Stray):
            yield piece.number, piece.text
