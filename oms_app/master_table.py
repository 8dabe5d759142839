"""Rows of cells out of a CSV file or a workbook, streamed: character set and delimiter are found, or declared."""

import codecs
import csv
import datetime as dt
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from oms_core.errors import InvalidInput

Cell = str | Decimal | dt.date | bool
"""A cell as it is stored: CSV knows texts only. An empty text is an empty cell."""
Rows = Iterator[tuple[int, Sequence[Cell]]]
"""Rows with their number as a spreadsheet shows it, the first is 1; empty ones are left out."""

MAX_ROWS = 5_000_000
"""Most rows of one file."""
MAX_LINE_CHARS = 64_000
"""Longest line of a CSV file."""
MAX_COLUMNS = 500
MAX_WORKBOOK_BYTES = 1024 * 1024 * 1024
"""What a workbook may unpack to: it lies in memory whole, so larger ones should come as CSV."""
DELIMITERS = ";,\t|"
_SAMPLE_BYTES = 256 * 1024
_CHUNK = 4 * 1024 * 1024
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True, slots=True)
class Form:
    """How a file is written, where a person says so; None is found out."""

    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A file that can be read from its start any number of times; `told` says how it was taken, in words."""

    name: str
    told: str
    rows: Callable[[], Rows]
    even: bool
    """Whether each row has as many cells as the header, so that a shorter one was cut off."""


def open_tables(path: Path, form: Form, recognised: Callable[[Sequence[str]], int]) -> tuple[Table, ...]:
    """Open a CSV file, or the sheets of a workbook; `recognised` counts the headers that a row of texts shows.

    Raises InvalidInput for what cannot be read.
    """
    try:
        with path.open("rb") as file:
            head = file.read(_SAMPLE_BYTES)
        if head.startswith((_ZIP, _OLE)):
            return _sheets(path, form)
        return (_csv_table(path, head, form, recognised),)
    except OSError as problem:
        raise InvalidInput(f"{path} cannot be read: {problem.strerror or problem}") from problem


def _csv_table(path: Path, head: bytes, form: Form, recognised: Callable[[Sequence[str]], int]) -> Table:
    encoding = _encoding(path, head, form.encoding)
    delimiter = form.delimiter or _delimiter(head.decode(encoding, "replace"), recognised)
    if len(delimiter) != 1:
        raise InvalidInput(f"a delimiter is one character, not {delimiter[:10]!r} (a tab is written $'\\t' in a shell)")
    shown = {"\t": "tab"}.get(delimiter, delimiter)
    told = f"CSV with {shown} between cells, read as {_NAMES.get(encoding, encoding)}"
    return Table(path.name, told, lambda: _csv_rows(path, encoding, delimiter), even=True)


_NAMES = {"utf-8": "UTF-8", "utf-8-sig": "UTF-8", "utf-16": "UTF-16", "cp1252": "Windows-1252"}


def _encoding(path: Path, head: bytes, declared: str | None) -> str:
    """Return the declared character set, else UTF-8 where the whole file is, else Windows-1252."""
    if declared:
        try:
            return codecs.lookup(declared).name
        except LookupError:
            raise InvalidInput(f"there is no character set {declared[:40]!r}; try utf-8, cp1252 or cp850") from None
    for mark, name in _BOMS:
        if head.startswith(mark):
            return name
    if head.count(0) * 3 > len(head):
        return "utf-16-le" if head[1:2] == b"\0" else "utf-16-be"
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _delimiter(sample: str, recognised: Callable[[Sequence[str]], int]) -> str:
    """Return the delimiter that shows most known headers in one row, then the one that gives most cells."""
    lines = sample.splitlines()[:30]

    def rank(delimiter: str) -> tuple[int, int]:
        rows = [row for row in csv.reader(lines, delimiter=delimiter) if len(row) > 1]
        return max((recognised(row) for row in rows), default=0), max(map(len, rows), default=0)

    return max(DELIMITERS, key=rank)


def _csv_rows(path: Path, encoding: str, delimiter: str) -> Rows:
    try:
        with path.open(encoding=encoding, newline="") as file:
            reader = csv.reader(_lines(file, path.name), delimiter=delimiter, strict=True)
            number = 0
            for number, cells in enumerate(_parsed(reader, path.name), start=1):
                if number > MAX_ROWS:
                    raise InvalidInput(f"{path.name} has more than {MAX_ROWS:,} rows; split it")
                if any(cells):
                    yield number, cells
    except UnicodeDecodeError:
        raise InvalidInput(
            f"{path.name} is not written in the character set {encoding}; say which it is with --encoding"
        ) from None


def _lines(file: Any, name: str) -> Iterator[str]:
    number = 0
    while line := file.readline(MAX_LINE_CHARS + 1):
        number += 1
        if len(line) > MAX_LINE_CHARS:
            raise InvalidInput(f"{name}, line {number}: longer than {MAX_LINE_CHARS:,} characters; is this a CSV file?")
        yield line


def _parsed(reader: Any, name: str) -> Iterator[list[str]]:
    try:
        yield from reader
    except csv.Error as problem:
        raise InvalidInput(
            f"{name}, line {reader.line_num}: {problem}. A quote may stand alone; write two for one inside a cell."
        ) from problem


def _sheets(path: Path, form: Form) -> tuple[Table, ...]:
    from python_calamine import CalamineError, CalamineWorkbook

    _check_size(path)
    try:
        names = CalamineWorkbook.from_path(str(path)).sheet_names
    except CalamineError as problem:
        raise InvalidInput(f"{path} cannot be read as a workbook ({problem}); save it as .xlsx or CSV") from problem
    if form.sheet is not None and form.sheet not in names:
        raise InvalidInput(f"{path} has no sheet {form.sheet!r}; its sheets are {', '.join(names)}")
    return tuple(_sheet(path, name) for name in names if form.sheet in (None, name))


def _sheet(path: Path, name: str) -> Table:
    return Table(f"{path.name}, sheet {name}", f"sheet {name}", lambda: _sheet_rows(path, name), even=False)


def _sheet_rows(path: Path, sheet: str) -> Rows:
    from python_calamine import CalamineWorkbook

    opened = CalamineWorkbook.from_path(str(path)).get_sheet_by_name(sheet)
    # Rows are given from the first one of the sheet, columns from the first that is filled.
    before: list[Cell] = [""] * (opened.start[1] if opened.start else 0)
    for number, row in enumerate(opened.iter_rows(), start=1):
        cells = before + [_cell(value) for value in row[:MAX_COLUMNS]]
        if any(cell != "" for cell in cells):
            yield number, cells


def _check_size(path: Path) -> None:
    size = path.stat().st_size
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
    if size > MAX_WORKBOOK_BYTES:
        raise InvalidInput(
            f"{path} unpacks to {size:,} bytes; a workbook may have {MAX_WORKBOOK_BYTES:,}. Save it as CSV instead."
        )


def _cell(value: object) -> Cell:
    """Take a number as it was typed: a workbook keeps binary fractions, whose shortest writing is the typed one."""
    if isinstance(value, bool | str):
        return value.strip() if isinstance(value, str) else value
    if isinstance(value, int | float):
        number = Decimal(repr(value))
        return number.quantize(Decimal(1)) if number == number.to_integral_value() else number
    if isinstance(value, dt.datetime):
        return value.date()
    return value if isinstance(value, dt.date) else str(value)
