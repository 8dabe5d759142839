"""Spreadsheets (.xlsx, .xlsm, .xls, .ods) to orders, bounded before they are laid out in memory."""

import datetime as dt
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, BinaryIO

from oms_core.errors import UnreadableDocument
from oms_core.values.document import Blob, Claim, Head, Hints, Limits, Strength
from oms_core.values.draft import DraftDocument
from oms_core.values.finding import Finding
from oms_core.values.layout import Layout
from parsers.sheet import ods, xls
from parsers.sheet import xlsx as sheet_xlsx
from parsers.sheet.grid import Cell, Grid, Row
from parsers.sheet.table import read_tables
from parsers.sheet.xlsx import MAX_AREA, MAX_ENTRIES, Marks

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

FORMAT = "xlsx"
MAX_SHEETS = 200
MAX_COLUMNS = 1_000
"""Columns read of a sheet; what stands right of them is no order."""

_NAMES = (".xlsx", ".xlsm", ".xls", ".ods", ".xltx", ".xlt")
_TYPES = frozenset(
    (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.ms-excel",
        "application/vnd.oasis.opendocument.spreadsheet",
    )
)
_ZIP = b"PK\x03\x04"
_BOOK = "Workbook".encode("utf-16-le")
_HEAD = 256
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError, OSError, KeyError)
"""What reading a damaged package raises; zipfile says RuntimeError for an encrypted entry and its subclass
NotImplementedError for a way of packing that it does not know."""


class XlsxParser:
    """Reads the order sheets of a workbook; text that looks like a formula stays text."""

    name = FORMAT

    def identify(self, head: Head) -> Claim | None:
        """Claim a zip or an OLE container that holds a workbook, and what calls itself one."""
        media = (head.media_type or "").partition(";")[0].strip().lower()
        named = head.filename.lower().endswith(_NAMES) or media in _TYPES
        if head.data.startswith(_ZIP):
            if b"xl/workbook" in head.data or b"xl/worksheets" in head.data or ods.MEDIA_TYPE in head.data[:_HEAD]:
                return Claim(FORMAT, Strength.CERTAIN, 1.0)
            return Claim(FORMAT, Strength.POSSIBLE, 0.9) if named else None
        if head.data.startswith(xls.MAGIC):
            return Claim(FORMAT, Strength.POSSIBLE, 0.8) if named or _BOOK in head.data else None
        return Claim(FORMAT, Strength.POSSIBLE, 0.3) if named else None

    def read(self, blob: Blob, hints: Hints) -> Iterator[DraftDocument | Finding | Layout]:
        """Read the orders of the workbook's visible sheets (see `table.read_tables`).

        Raises `UnreadableDocument` for a workbook that is encrypted, broken or passes a limit.
        """
        with blob.open() as handle:
            marks = _survey(handle, hints.limits)
            handle.seek(0)
            grids = _read_grids(handle, hints.limits, marks)
        yield from read_tables(grids, hints, FORMAT)


def _survey(handle: BinaryIO, limits: Limits) -> Mapping[str, Marks]:
    """Measure the workbook by its kind, before anything of it is laid out."""
    head = handle.read(_HEAD)
    handle.seek(0)
    if head.startswith(xls.MAGIC):
        xls.check(handle, limits)
        return {}
    try:
        return ods.survey(handle, limits) if ods.MEDIA_TYPE in head else sheet_xlsx.survey(handle, limits)
    except _BROKEN as error:
        raise _broken(error) from None


def _broken(error: Exception) -> UnreadableDocument:
    return UnreadableDocument(
        "broken_workbook",
        f"The workbook is damaged or no spreadsheet ({str(error) or type(error).__name__}). Ask for it again.",
    )


def _read_grids(handle: BinaryIO, limits: Limits, marks: Mapping[str, Marks]) -> list[Grid]:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, ZipError

    try:
        return list(_grids(CalamineWorkbook.from_filelike(handle), limits, marks))
    except PasswordError:
        raise UnreadableDocument("encrypted", "The workbook is protected by a password. Ask for an open one.") from None
    except (CalamineError, ZipError, OSError, ValueError) as error:
        raise _broken(error) from None


def _grids(workbook: "CalamineWorkbook", limits: Limits, marks: Mapping[str, Marks]) -> Iterator[Grid]:
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
        known = marks.get(metadata.name, Marks())
        yield Grid(tuple(rows), metadata.name, hidden=frozenset(known.hidden), uncomputed=frozenset(known.uncomputed))


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
    if isinstance(value, dt.date):
        return value
    text = str(value).replace("_x000D_", "").strip()
    return "" if text in _ERRORS else text


_ERRORS = frozenset(("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!"))
"""What a sheet shows for a formula that failed: no value of anything."""

__all__ = ["FORMAT", "MAX_AREA", "MAX_COLUMNS", "MAX_ENTRIES", "MAX_SHEETS", "XlsxParser"]
