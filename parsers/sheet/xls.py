"""What an old .xls workbook (BIFF in an OLE container) holds, measured before its cells are laid out.

Records are those of [MS-XLS] 2.3: a type and a length of two bytes each, then the body.
"""

import struct
from collections.abc import Iterator
from typing import BinaryIO

from oms_core.errors import UnreadableDocument
from oms_core.values.document import Limits
from parsers.sheet.xlsx import check_extent

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
STREAMS = ("Workbook", "Book")
"""Names of the stream that holds the workbook, new and old."""
_ENCRYPTED = "EncryptedPackage"
_BOF, _FILEPASS, _MULRK = 0x0809, 0x002F, 0x00BD
_CELLS = frozenset((0x0006, 0x00D6, 0x00FD, 0x0203, 0x0204, 0x0205, 0x027E, _MULRK))
"""Formula, rich text, shared text, number, text, truth or error, packed number, packed numbers."""
_HEADER = struct.Struct("<HH")
_PLACE = struct.Struct("<HH")
_LOCKED = "The workbook is protected by a password. Ask the sender for an open one."


def check(handle: BinaryIO, limits: Limits) -> None:
    """Measure each sheet. Raises `UnreadableDocument` for an encrypted, damaged or too large workbook."""
    import olefile

    handle.seek(0)
    if _ENCRYPTED.encode("utf-16-le") in handle.read(limits.bytes):
        raise UnreadableDocument("encrypted", _LOCKED)
    handle.seek(0)
    try:
        with olefile.OleFileIO(handle) as container:
            name = next((name for name in STREAMS if container.exists(name)), None)
            if name is None:
                raise _broken("it holds no workbook")
            data = container.openstream(name).read()
    except (OSError, ValueError, TypeError, IndexError, KeyError, AttributeError, struct.error) as error:
        raise _broken(str(error) or type(error).__name__) from None
    _check_records(data, limits)


def _broken(why: str) -> UnreadableDocument:
    return UnreadableDocument("broken_workbook", f"The workbook is damaged or no .xls file ({why}). Ask for it again.")


def _check_records(data: bytes, limits: Limits) -> None:
    sheet, extent = 0, [0, 0, 0, 0]
    for kind, body in _records(data):
        if kind == _FILEPASS:
            raise UnreadableDocument("encrypted", _LOCKED)
        if kind == _BOF:
            _check_sheet(sheet, extent, limits)
            sheet, extent = sheet + 1, [0, 0, 0, 0]
        elif kind in _CELLS and len(body) >= _PLACE.size:
            _widen(extent, kind, body)
    _check_sheet(sheet, extent, limits)


def _records(data: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at + _HEADER.size <= len(data):
        kind, length = _HEADER.unpack_from(data, at)
        at += _HEADER.size
        yield kind, data[at : at + length]
        at += length


def _widen(extent: list[int], kind: int, body: bytes) -> None:
    """Widen first row, last row, first column, last column (from 1; 0 is 'none yet') by one record of cells."""
    row, column = _PLACE.unpack_from(body)
    last = struct.unpack_from("<H", body, len(body) - 2)[0] if kind == _MULRK else column
    extent[0] = min(extent[0] or row + 1, row + 1)
    extent[1] = max(extent[1], row + 1)
    extent[2] = min(extent[2] or column + 1, column + 1)
    extent[3] = max(extent[3], last + 1)


def _check_sheet(sheet: int, extent: list[int], limits: Limits) -> None:
    if extent[1]:
        check_extent(f"no. {sheet - 1}", extent[1] - extent[0] + 1, extent[3] - extent[2] + 1, limits)
