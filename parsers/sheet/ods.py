"""What an OpenDocument spreadsheet holds, measured before its repeated rows and columns are laid out."""

import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from oms_core.errors import UnreadableDocument
from oms_core.values.document import Limits
from parsers.sheet.xlsx import MAX_MARKS, Marks, check_entries, check_extent

MEDIA_TYPE = b"application/vnd.oasis.opendocument.spreadsheet"
_CONTENT = "content.xml"
_MANIFEST = "META-INF/manifest.xml"
_MANIFEST_BYTES = 1024 * 1024
_DTD_BYTES = 4 * 1024
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_MAX_REPEAT = 10**7


@dataclass(slots=True)
class _Sheet:
    name: str
    row: int = 0
    rows: list[int] = field(default_factory=list)
    width: int = 0
    marks: Marks = field(default_factory=Marks)


def survey(handle: BinaryIO, limits: Limits) -> Mapping[str, Marks]:
    """Measure each sheet and return its hidden rows and bare formulas by its name.

    Raises `UnreadableDocument` for an encrypted document, one with a DTD, and one over the limits.
    """
    with zipfile.ZipFile(handle) as archive:
        check_entries(archive, limits)
        _refuse_encrypted(archive)
        with archive.open(_CONTENT) as content:
            if b"<!DOCTYPE" in content.read(_DTD_BYTES):
                raise UnreadableDocument(
                    "broken_workbook", "The spreadsheet declares a document type of its own. Ask for it again as .xlsx."
                )
        marks: dict[str, Marks] = {}
        with archive.open(_CONTENT) as content:
            for sheet in _sheets(content):
                height = max(sheet.rows) - min(sheet.rows) + 1 if sheet.rows else 0
                check_extent(sheet.name, height, sheet.width, limits)
                marks[sheet.name] = sheet.marks
        return marks


def _refuse_encrypted(archive: zipfile.ZipFile) -> None:
    if _MANIFEST in archive.namelist():
        with archive.open(_MANIFEST) as manifest:
            if b"encryption-data" in manifest.read(_MANIFEST_BYTES):
                raise UnreadableDocument(
                    "encrypted", "The spreadsheet is protected by a password. Ask the sender for an open one."
                )


def _sheets(content: Any) -> Iterator[_Sheet]:
    """Walk the rows of each table without keeping them."""
    from lxml import etree

    sheet = _Sheet("")
    walk = etree.iterparse(
        content,
        events=("start", "end"),
        tag=(f"{_TABLE}table", f"{_TABLE}table-row"),
        resolve_entities=False,
        no_network=True,
    )
    try:
        for event, element in walk:
            if element.tag == f"{_TABLE}table":
                if event == "start":
                    sheet = _Sheet(str(element.get(f"{_TABLE}name", "")))
                else:
                    yield sheet
            elif event == "end":
                _take_row(sheet, element)
                element.clear()
    except etree.XMLSyntaxError as error:
        raise UnreadableDocument(
            "broken_workbook", f"The spreadsheet is damaged ({error.msg}). Ask for it again."
        ) from None


def _take_row(sheet: _Sheet, element: Any) -> None:
    """Count a row as often as it is repeated, and its cells as far as the last one that holds something."""
    repeated = _repeat(element, "number-rows-repeated")
    first, column, last = sheet.row + 1, 0, 0
    for cell in element:
        column += _repeat(cell, "number-columns-repeated")
        bare = cell.get(f"{_TABLE}formula") is not None and cell.get(f"{_OFFICE}value-type") is None
        if bare and len(sheet.marks.uncomputed) < MAX_MARKS:
            sheet.marks.uncomputed.add((first, column))
        if cell.get(f"{_OFFICE}value-type") is not None or len(cell):
            last = column
    sheet.row += repeated
    if not last:
        return
    sheet.width = max(sheet.width, last)
    sheet.rows = [min([first, *sheet.rows]), max([sheet.row, *sheet.rows])]
    if element.get(f"{_TABLE}visibility") in ("collapse", "filter") and repeated <= MAX_MARKS:
        sheet.marks.hidden.update(range(first, first + repeated))


def _repeat(element: Any, name: str) -> int:
    text = str(element.get(f"{_TABLE}{name}", "1"))
    return min(int(text), _MAX_REPEAT) if text.isdigit() and len(text) <= len(str(_MAX_REPEAT)) else _MAX_REPEAT
