"""`winmail.dat`: the envelope that Outlook puts around a mail's rich text and files (MS-OXTNEF)."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from parsers.mail import headers, rtf

SIGNATURE = b"\x78\x9f\x3e\x22"
MAX_ATTRIBUTES = 5_000
"""Attributes looked at in one envelope."""

MAX_PROPERTIES = 2_000
"""Properties looked at in one attribute."""

_BODY = 0x0002800C
_PROPERTIES = 0x00069003
_CODE_PAGE = 0x00069007
_NEXT_FILE = 0x00069002
_FILE_TITLE = 0x00018010
_FILE_DATA = 0x0006800F
_FILE_PROPERTIES = 0x00069005

_TEXT, _HTML, _RTF = 0x1000, 0x1013, 0x1009
_LONG_NAME, _TYPE = 0x3707, 0x370E
_STRING, _UNICODE, _BINARY, _OBJECT = 0x001E, 0x001F, 0x0102, 0x000D
_SIZES = {2: 4, 3: 4, 4: 4, 5: 8, 6: 8, 7: 8, 10: 4, 11: 4, 0x14: 8, 0x40: 8, 0x48: 16}
_MANY = 0x1000
_NAMED = 0x8000


@dataclass(slots=True)
class File:
    """A file in the envelope."""

    name: str = ""
    media_type: str = ""
    data: bytes = b""


@dataclass(slots=True)
class Envelope:
    """What an envelope holds; `html` and `text` may both be empty."""

    text: str = ""
    html: str = ""
    files: list[File] = field(default_factory=list)
    whole: bool = True
    """Whether it could be read to its end."""


def opened(data: bytes) -> Envelope | None:
    """Open an envelope, or return None where the bytes are none; one that breaks off is kept up to there."""
    if not data.startswith(SIGNATURE):
        return None
    out = Envelope()
    codec = "cp1252"
    for count, (attribute, value) in enumerate(_attributes(data, out)):
        if count >= MAX_ATTRIBUTES:
            out.whole = False
            break
        if attribute == _CODE_PAGE and len(value) >= 4:  # noqa: PLR2004
            codec = f"cp{struct.unpack_from('<I', value)[0]}"
        elif attribute == _BODY:
            out.text = out.text or _string(value, codec)
        elif attribute == _PROPERTIES:
            _read_message(out, value, codec)
        else:
            _read_file(out, attribute, value, codec)
    out.files = [file for file in out.files if file.data]
    return out


def _attributes(data: bytes, out: Envelope) -> Iterator[tuple[int, bytes]]:
    place = 6
    while place + 9 <= len(data):
        _, attribute, length = struct.unpack_from("<BII", data, place)
        place += 9
        if place + length > len(data):
            out.whole = False
            return
        yield attribute, data[place : place + length]
        place += length + 2
    out.whole = place >= len(data)


def _read_message(out: Envelope, value: bytes, codec: str) -> None:
    for tag, kind, content in properties(value):
        if tag == _TEXT:
            out.text = _decoded(content, kind, codec)
        elif tag == _HTML:
            out.html = _decoded(content, kind, codec)
        elif tag == _RTF and not out.html:
            text, is_html = rtf.text_of(rtf.unpacked(content))
            out.html, out.text = (text, out.text) if is_html else (out.html, out.text or text)


def _read_file(out: Envelope, attribute: int, value: bytes, codec: str) -> None:
    if attribute == _NEXT_FILE:
        out.files.append(File())
        return
    if not out.files:
        return
    file = out.files[-1]
    if attribute == _FILE_TITLE:
        file.name = file.name or _string(value, codec)
    elif attribute == _FILE_DATA:
        file.data = value
    elif attribute == _FILE_PROPERTIES:
        for tag, kind, content in properties(value):
            if tag == _LONG_NAME:
                file.name = _decoded(content, kind, codec)
            elif tag == _TYPE:
                file.media_type = _decoded(content, kind, codec)


def properties(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Yield tag, kind and bytes of the properties in an attribute; stops where it makes no sense any more."""
    try:
        yield from _properties(data)
    except struct.error:
        return


def _properties(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    (count,) = struct.unpack_from("<I", data, 0)
    place = 4
    for _ in range(min(count, MAX_PROPERTIES)):
        kind, tag = struct.unpack_from("<HH", data, place)
        place += 4
        if tag >= _NAMED:
            place = _past_name(data, place)
        many = bool(kind & _MANY)
        base = kind & ~_MANY
        variable = base in {_STRING, _UNICODE, _BINARY, _OBJECT}
        values = 1
        if many or variable:
            (values,) = struct.unpack_from("<I", data, place)
            place += 4
        if values > MAX_PROPERTIES or (not variable and base not in _SIZES):
            return
        for _ in range(values):
            length = _SIZES.get(base, 0)
            if variable:
                (length,) = struct.unpack_from("<I", data, place)
                place += 4
            if place + length > len(data):
                return
            yield tag, base, data[place : place + length]
            place += length + (-length % 4)


def _past_name(data: bytes, place: int) -> int:
    """Return the place behind the name of a named property."""
    (kind,) = struct.unpack_from("<I", data, place + 16)
    place += 20
    if kind == 0:
        return place + 4
    length = int.from_bytes(data[place : place + 4], "little")
    return place + 4 + length + (-length % 4)


def _decoded(content: bytes, kind: int, codec: str) -> str:
    if kind == _UNICODE:
        return content.decode("utf-16-le", "replace").rstrip("\0")
    return _string(content, codec)


def _string(content: bytes, codec: str) -> str:
    return headers.decode_text(content.rstrip(b"\0"), codec)[0].replace("\r\n", "\n").replace("\0", "")
