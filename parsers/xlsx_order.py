"""Spreadsheets (.xlsx, .xlsm) to orders, bounded before they are inflated."""

import datetime as dt
import re
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, BinaryIO

from oms_core.errors import UnreadableDocument
from oms_core.values.document import Blob, Claim, Head, Hints, Limits, Strength
from oms_core.values.draft import DraftDocument
from oms_core.values.finding import Finding, Severity
from parsers.table import read_table
from parsers.table_grid import Cell, Grid, Row
from parsers.table_layout import find_layout

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

FORMAT = "xlsx"
MAX_ENTRIES = 5_000
"""Files inside one workbook."""
MAX_SHEETS = 200
MAX_AREA = 8_000_000
"""Cells of the smallest rectangle around a sheet's contents: that much is laid out in memory."""
MAX_COLUMNS = 1_000
"""Columns read of a sheet; what stands right of them is no order."""

_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_CHUNK = 256 * 1024
_OVERLAP = 512
_FILLED_CELL = re.compile(
    rb"<(?:\w+:)?c\s(?:[^>]*?\s)?r=[\"']([A-Za-z]{1,12})(\d{1,20})[\"'][^>]*(?<!/)>(?=\s*(?:[^<\s]|<[^/]))"
)
"""A cell with contents: neither `<c .../>` nor `<c ...></c>`."""


class XlsxParser:
    """Reads the order sheets of a workbook; text that looks like a formula stays text."""

    name = FORMAT

    def identify(self, head: Head) -> Claim | None:
        """Claim a zip that holds a workbook, and what calls itself one."""
        named = head.filename.lower().endswith((".xlsx", ".xlsm")) or head.media_type == _TYPE
        if head.data.startswith(b"PK\x03\x04"):
            if b"xl/workbook" in head.data or b"xl/worksheets" in head.data:
                return Claim(FORMAT, Strength.CERTAIN, 1.0)
            return Claim(FORMAT, Strength.POSSIBLE, 0.9) if named else None
        if head.data.startswith(_OLE):
            return Claim(FORMAT, Strength.POSSIBLE, 0.8) if named else None
        return Claim(FORMAT, Strength.POSSIBLE, 0.3) if named else None

    def read(self, blob: Blob, hints: Hints) -> Iterator[DraftDocument | Finding]:
        """Read the orders of the workbook: the first sheet that holds one, and others laid out alike.

        Raises `UnreadableDocument` for a workbook that is encrypted, broken or passes a limit.
        """
        with blob.open() as handle:
            _refuse_encrypted(handle)
            _check_sizes(handle, hints.limits)
            handle.seek(0)
            yield from _read_sheets(handle, hints)


def _refuse_encrypted(handle: BinaryIO) -> None:
    head = handle.read(_CHUNK)
    if head.startswith(_OLE):
        if _ENCRYPTED in head or _ENCRYPTED in handle.read():
            raise UnreadableDocument(
                "encrypted", "The workbook is protected by a password. Ask the sender for an open one."
            )
        raise UnreadableDocument(
            "old_format", "The workbook is in the old .xls format. Ask the sender to save it as .xlsx or CSV."
        )


def _check_sizes(handle: BinaryIO, limits: Limits) -> None:
    """Add up what the zip directory declares, and measure each sheet, before anything is laid out in memory."""
    try:
        with zipfile.ZipFile(handle) as archive:
            entries = archive.infolist()
            total = sum(entry.file_size for entry in entries)
            if len(entries) > MAX_ENTRIES or total > limits.inflated_bytes:
                raise UnreadableDocument(
                    "too_large",
                    f"The workbook would be {total:,} bytes in {len(entries):,} files when unpacked; at most"
                    f" {limits.inflated_bytes:,} bytes in {MAX_ENTRIES:,} files are read. Ask for the order alone.",
                )
            for entry in entries:
                if entry.filename.startswith("xl/worksheets/") and entry.filename.endswith(".xml"):
                    _check_area(archive, entry, limits)
    # zipfile says NotImplementedError for a way of packing that it does not know, RuntimeError for an encrypted entry.
    except (zipfile.BadZipFile, NotImplementedError, EOFError, RuntimeError, ValueError, OSError) as error:
        raise _broken(error) from None


def _broken(error: Exception) -> UnreadableDocument:
    return UnreadableDocument(
        "broken_workbook",
        f"The workbook is damaged or no .xlsx file ({str(error) or type(error).__name__}). Ask for it again.",
    )


def _check_area(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, limits: Limits) -> None:
    """Measure the rectangle around the cells that hold something; formatted blanks (ghost rows) do not count."""
    columns: set[bytes] = set()
    first_row, last_row, tail = 0, 0, b""
    with archive.open(entry) as sheet:
        while chunk := sheet.read(_CHUNK):
            data = tail + chunk
            cells = _FILLED_CELL.findall(data)
            columns.update(column for column, _ in cells)
            rows = {int(row) for _, row in cells}
            if rows:
                first_row = min(rows, default=0) if not first_row else min(first_row, *rows)
                last_row = max(last_row, *rows)
            tail = data[-_OVERLAP:]
    height = last_row - first_row + 1 if last_row else 0
    numbers = [_column_number(column) for column in columns] or [1]
    width = max(numbers) - min(numbers) + 1
    if height > limits.rows or height * width > MAX_AREA:
        raise UnreadableDocument(
            "too_large",
            f"The sheet {entry.filename} spreads its contents over {height:,} rows and {width:,} columns; at most"
            f" {limits.rows:,} rows and {MAX_AREA:,} cells are read. Delete what stands far away from the order.",
            entry.filename,
        )


def _column_number(letters: bytes) -> int:
    """Turn `A` into 1 and `AA` into 27."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - ord("A") + 1
    return number


def _read_sheets(handle: BinaryIO, hints: Hints) -> Iterator[DraftDocument | Finding]:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, ZipError

    try:
        workbook = CalamineWorkbook.from_filelike(handle)
        sheets = list(_grids(workbook, hints.limits))
    except PasswordError:
        raise UnreadableDocument("encrypted", "The workbook is protected by a password. Ask for an open one.") from None
    except (CalamineError, ZipError, OSError, ValueError) as error:
        raise _broken(error) from None
    yield from _read_grids(sheets, hints)


def _grids(workbook: "CalamineWorkbook", limits: Limits) -> Iterator[Grid]:
    """Yield the visible sheets as rows of cells."""
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    visible = [
        sheet
        for sheet in workbook.sheets_metadata[:MAX_SHEETS]
        if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
    ]
    for metadata in visible:
        sheet = workbook.get_sheet_by_name(metadata.name)
        if sheet.start is None:
            continue
        top, left = sheet.start
        blanks = ("",) * left
        rows = []
        for number, cells in enumerate(sheet.to_python(skip_empty_area=True, nrows=limits.rows), start=top + 1):
            row = (*blanks, *map(_cell, cells[:MAX_COLUMNS]))
            if any(cell != "" for cell in row):
                rows.append(Row(number, row))
        yield Grid(tuple(rows), metadata.name)


def _cell(value: object) -> Cell:
    """Turn a stored value into a cell; numbers with the fifteen digits that spreadsheets keep."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        return Decimal(value)
    if isinstance(value, float):
        return Decimal(f"{value:.15g}") if abs(value) != float("inf") and value == value else str(value)  # noqa: PLR0124
    if isinstance(value, dt.datetime):
        return value.date()
    return value if isinstance(value, dt.date) else str(value).replace("_x000D_", "").strip()


def _read_grids(grids: list[Grid], hints: Hints) -> Iterator[DraftDocument | Finding]:
    """Read the first sheet that holds orders and those laid out alike; another one is named, never mixed in."""
    columns: dict[str, int] | None = None
    notes: list[Finding] = []
    for grid in grids:
        layout = find_layout(grid, hints.column_map)
        found = dict(layout.columns) if layout is not None and layout.orders else None
        if columns is not None and found is not None and found != columns:
            yield _other_sheet(grid)
            continue
        for item in read_table(grid, hints, FORMAT):
            if isinstance(item, DraftDocument):
                columns = columns or found
                yield item
            else:
                notes.append(item)
    if columns is None:
        yield from notes or [
            Finding("table.no_order", Severity.NOTE, "", "The workbook has no visible sheet with contents.")
        ]


def _other_sheet(grid: Grid) -> Finding:
    return Finding(
        "xlsx.other_sheet",
        Severity.REVIEW,
        grid.sheet,
        f"The sheet {grid.sheet!r} also looks like orders but is laid out otherwise; it was not read."
        " Check whether it is one.",
    )
