"""Master data as CSV files whose columns are named like the fields of a master row."""

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from types import MappingProxyType
from typing import TextIO

from oms_core.errors import InvalidInput, PartnerUnavailable
from oms_core.values.master import CustomerRow, MasterRow, PriceRow, ProductRow, StockRow, XrefRow
from oms_core.values.money import exact

MAX_CELL_LENGTH = 4_000
"""Longest cell taken, in characters."""

MAX_LINE_LENGTH = 64_000
"""Longest line of a file taken, in characters."""

MAX_ROWS = 5_000_000
"""Most rows taken from one file."""

_ROWS: Mapping[str, type[MasterRow]] = MappingProxyType(
    {"products": ProductRow, "customers": CustomerRow, "prices": PriceRow, "stock": StockRow, "xref": XrefRow}
)

MASTER_KINDS = tuple(_ROWS)
"""The kinds of master data; a file is called after its kind."""

_YES = frozenset({"1", "true", "yes", "y"})
_NO = frozenset({"0", "false", "no", "n"})


def master_rows(path: Path, kind: str) -> Iterator[MasterRow]:
    """Stream one file of `kind`: UTF-8, first row the field names, separated by comma, semicolon or tab.

    Numbers are plain decimals with a point, dates YYYY-MM-DD, several domains separated by white space. An empty cell
    leaves the field at its default. Raises `PartnerUnavailable` when there is no such file, `InvalidInput` naming
    file, line and column for what cannot be read.
    """
    try:
        file = path.open(encoding="utf-8-sig", newline="")
    except OSError as error:
        raise PartnerUnavailable(
            f"The file {path} cannot be read: {error.strerror}. The ERP must lay it down there."
        ) from error
    with file:
        yield from _read(file, path.name, _ROWS[kind])


@dataclass(frozen=True, slots=True)
class _Column:
    """One column of a file: the field it fills and how a cell becomes a value."""

    field: str
    read: Callable[[str], object]


def _read(file: TextIO, name: str, row_type: type[MasterRow]) -> Iterator[MasterRow]:
    lines = _lines(file, name)
    header = next(lines, "")
    delimiter = max(",;\t", key=header.count)
    columns = _columns(next(csv.reader([header], delimiter=delimiter), []), name, row_type)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    for count, cells in enumerate(_parsed(reader, name), start=1):
        if count > MAX_ROWS:
            raise InvalidInput(f"{name} has more than {MAX_ROWS:,} rows. Split it.")
        if any(cell.strip() for cell in cells):
            # The header was read before the reader began to count.
            yield _row(cells, columns, row_type, f"{name}, line {reader.line_num + 1}")


def _lines(file: TextIO, name: str) -> Iterator[str]:
    number = 0
    try:
        while line := file.readline(MAX_LINE_LENGTH + 1):
            number += 1
            if len(line) > MAX_LINE_LENGTH:
                raise InvalidInput(f"{name}, line {number}: longer than {MAX_LINE_LENGTH:,} characters.")
            yield line
    except UnicodeDecodeError as error:
        raise InvalidInput(f"{name}, after line {number}: not UTF-8. Save the file as UTF-8.") from error


def _parsed(reader: Iterator[list[str]], name: str) -> Iterator[list[str]]:
    try:
        yield from reader
    except csv.Error as error:
        line = getattr(reader, "line_num", 0) + 1
        raise InvalidInput(f"{name}, line {line}: {error}. Check the quotes.") from error


def _columns(header: Sequence[str], name: str, row_type: type[MasterRow]) -> tuple[_Column, ...]:
    known = {field.name: str(field.type) for field in fields(row_type)}
    names = [cell.strip().lower() for cell in header]
    if unknown := [cell for cell in names if cell not in known]:
        raise InvalidInput(f"{name}, line 1: unknown column {unknown[0]!r}. Columns are {', '.join(known)}.")
    if len(set(names)) != len(names):
        raise InvalidInput(f"{name}, line 1: a column stands there twice.")
    needed = [field.name for field in fields(row_type) if field.default is MISSING]
    if missing := [field for field in needed if field not in names]:
        raise InvalidInput(f"{name}, line 1: the column {missing[0]!r} is missing.")
    return tuple(_Column(cell, _reader_of(known[cell])) for cell in names)


def _row(cells: Sequence[str], columns: Sequence[_Column], row_type: type[MasterRow], place: str) -> MasterRow:
    if len(cells) != len(columns):
        raise InvalidInput(f"{place}: {len(cells)} cells, but the header has {len(columns)}.")
    found: dict[str, object] = {}
    for column, cell in zip(columns, cells, strict=True):
        text = cell.strip()
        if len(text) > MAX_CELL_LENGTH:
            raise InvalidInput(f"{place}, column {column.field}: longer than {MAX_CELL_LENGTH:,} characters.")
        if text:
            found[column.field] = _value(column, text, place)
    for field in fields(row_type):
        if field.default is MISSING and field.name not in found:
            raise InvalidInput(f"{place}, column {field.name}: empty, but it must be filled.")
    return row_type(**found)  # type: ignore[arg-type]  # each column's reader gives its field's type


def _value(column: _Column, text: str, place: str) -> object:
    try:
        return column.read(text)
    except (ValueError, InvalidOperation) as error:
        raise InvalidInput(f"{place}, column {column.field}: {text[:60]!r} cannot be read ({error}).") from error


def _reader_of(annotation: str) -> Callable[[str], object]:
    readers: tuple[tuple[str, Callable[[str], object]], ...] = (
        ("Decimal", _decimal),
        ("date", date.fromisoformat),
        ("bool", _flag),
        ("tuple", lambda text: tuple(text.split())),
    )
    return next((read for word, read in readers if word in annotation), str)


def _decimal(text: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise ValueError("not a number with a decimal point") from None
    return Decimal(f"{exact(number).normalize():f}")


def _flag(text: str) -> bool:
    folded = text.casefold()
    if folded not in _YES | _NO:
        raise ValueError("not yes or no")
    return folded in _YES
