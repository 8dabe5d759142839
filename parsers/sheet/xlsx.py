"""What an .xlsx package holds, seen before it is laid out: sizes, spread of contents, hidden rows, bare formulas."""

import html
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO

from oms_core.errors import UnreadableDocument
from oms_core.values.document import Limits

MAX_ENTRIES = 5_000
"""Files inside one workbook."""
MAX_AREA = 8_000_000
"""Cells of the smallest rectangle around a sheet's contents: that much is laid out in memory."""
MAX_MARKS = 200_000
"""Hidden rows and formulas without values that are remembered of a sheet."""
MAX_INDEX_BYTES = 4 * 1024 * 1024
"""Bytes of the workbook's own list of sheets."""

_CHUNK = 256 * 1024
_OVERLAP = 4 * 1024
_CELL = rb"<(?:\w+:)?c\s(?:[^>]*?\s)?r=[\"']([A-Za-z]{1,12})(\d{1,20})[\"'][^>]*"
_FILLED_CELL = re.compile(_CELL + rb"(?<!/)>(?=\s*(?:[^<\s]|<[^/]))")
"""A cell with contents: neither `<c .../>` nor `<c ...></c>`."""
_BARE_FORMULA = re.compile(
    _CELL
    + rb"(?<!/)>\s*<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)\s*"
    + rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</"
)
_HIDDEN_ROW = re.compile(rb"<(?:\w+:)?row\s(?=[^>]*hidden=[\"'](?:1|true)[\"'])[^>]*?\br=[\"'](\d{1,9})[\"']")
_SHEET = re.compile(r"<(?:\w+:)?sheet\s([^>]*)>")
_RELATION = re.compile(r"<(?:\w+:)?Relationship\s([^>]*)>")
_ATTRIBUTE = re.compile(r"([\w:]+)\s*=\s*[\"']([^\"']*)[\"']")


@dataclass(slots=True)
class Marks:
    """What the values alone do not show of one sheet: rows and columns count from 1."""

    hidden: set[int] = field(default_factory=set)
    uncomputed: set[tuple[int, int]] = field(default_factory=set)


@dataclass(slots=True)
class _Extent:
    columns: set[bytes] = field(default_factory=set)
    first_row: int = 0
    last_row: int = 0

    def take(self, cells: list[tuple[bytes, bytes]]) -> None:
        """Widen by these cells."""
        rows = {int(row) for _, row in cells}
        self.columns.update(column for column, _ in cells)
        if rows:
            self.first_row = min(rows) if not self.first_row else min(self.first_row, *rows)
            self.last_row = max(self.last_row, *rows)


def check_entries(archive: zipfile.ZipFile, limits: Limits) -> None:
    """Add up what the zip directory declares. Raises `UnreadableDocument` over the limits."""
    entries = archive.infolist()
    total = sum(entry.file_size for entry in entries)
    if len(entries) > MAX_ENTRIES or total > limits.inflated_bytes:
        raise UnreadableDocument(
            "too_large",
            f"The workbook would be {total:,} bytes in {len(entries):,} files when unpacked; at most"
            f" {limits.inflated_bytes:,} bytes in {MAX_ENTRIES:,} files are read. Ask for the order alone.",
        )


def check_extent(place: str, height: int, width: int, limits: Limits) -> None:
    """Raise `UnreadableDocument` where the contents of a sheet are spread too far to be laid out in memory."""
    if height > limits.rows or height * width > MAX_AREA:
        raise UnreadableDocument(
            "too_large",
            f"The sheet {place} spreads its contents over {height:,} rows and {width:,} columns; at most"
            f" {limits.rows:,} rows and {MAX_AREA:,} cells are read. Delete what stands far away from the order.",
            place,
        )


def survey(handle: BinaryIO, limits: Limits) -> Mapping[str, Marks]:
    """Measure each sheet of a package and return its marks by the sheet's name."""
    with zipfile.ZipFile(handle) as archive:
        check_entries(archive, limits)
        names = _sheet_names(archive)
        marks: dict[str, Marks] = {}
        for entry in archive.infolist():
            if entry.filename.startswith("xl/worksheets/") and entry.filename.endswith(".xml"):
                found = _survey_sheet(archive, entry, limits)
                marks[names.get(entry.filename, entry.filename)] = found
        return marks


def _survey_sheet(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, limits: Limits) -> Marks:
    """Measure the rectangle around the cells that hold something; formatted blanks (ghost rows) do not count."""
    extent, marks = _Extent(), Marks()
    for data in _chunks(archive, entry):
        extent.take(_FILLED_CELL.findall(data))
        if len(marks.hidden) + len(marks.uncomputed) < MAX_MARKS:
            marks.hidden.update(map(int, _HIDDEN_ROW.findall(data)))
            bare = _BARE_FORMULA.findall(data) if b"<f" in data or b":f" in data else ()
            marks.uncomputed.update((int(row), column_number(column)) for column, row in bare)
    height = extent.last_row - extent.first_row + 1 if extent.last_row else 0
    numbers = [column_number(column) for column in extent.columns] or [1]
    check_extent(entry.filename, height, max(numbers) - min(numbers) + 1, limits)
    return marks


def _chunks(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    tail = b""
    with archive.open(entry) as sheet:
        while chunk := sheet.read(_CHUNK):
            data = tail + chunk
            yield data
            tail = data[-_OVERLAP:]


def column_number(letters: bytes) -> int:
    """Turn `A` into 1 and `AA` into 27."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - ord("A") + 1
    return number


def _sheet_names(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return the name of each sheet by its file; empty where the package does not say."""
    targets = {
        found.get("Id", ""): found.get("Target", "")
        for found in _attributes(archive, "xl/_rels/workbook.xml.rels", _RELATION)
    }
    names: dict[str, str] = {}
    for found in _attributes(archive, "xl/workbook.xml", _SHEET):
        key = next((value for name, value in found.items() if name.endswith(":id")), "")
        target = targets.get(key, "").lstrip("/")
        if target:
            names[target if target.startswith("xl/") else f"xl/{target}"] = html.unescape(found.get("name", ""))
    return names


def _attributes(archive: zipfile.ZipFile, name: str, element: re.Pattern[str]) -> Iterator[dict[str, str]]:
    if name not in archive.namelist():
        return
    with archive.open(name) as part:
        text = part.read(MAX_INDEX_BYTES).decode("utf-8", errors="replace")
    for match in element.finditer(text):
        yield dict(_ATTRIBUTE.findall(match[1]))
