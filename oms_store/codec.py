"""Values to bytes and back, exactly: what is kept in the database and what crosses between processes.

JSON by the values' own types: decimals as strings, instants and dates in ISO 8601, unions told by their fields.
Never pickles. A `Reading` carries the bytes of the documents inside it behind its JSON.
"""

import struct
from collections.abc import Hashable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar, cast

from oms_core.errors import InvalidInput
from oms_core.ports import Reading
from oms_core.values import BytesBlob, DraftDocument, Finding, Part
from oms_core.values.layout import Layout

if TYPE_CHECKING:
    from pydantic import TypeAdapter

T = TypeVar("T")

_LENGTH = struct.Struct(">Q")


@dataclass(frozen=True, slots=True)
class _PartHead:
    """A part without its bytes, which follow the JSON."""

    filename: str
    media_type: str | None
    role: str
    size: int


@dataclass(frozen=True, slots=True)
class _ReadingHead:
    format: str
    drafts: tuple[DraftDocument, ...]
    findings: tuple[Finding, ...]
    parts: tuple[_PartHead, ...]
    layout: Layout | None = None


def dump(value: object, type_: Any = None) -> bytes:
    """Write a value as bytes; `type_` is needed where the class alone does not tell (`tuple[Finding, ...]`).

    A `Reading` becomes a frame: the length of its JSON (8 bytes, big endian), the JSON, the bytes of its parts.
    Raises `InvalidInput` for text that is not Unicode (a half of a surrogate pair).
    """
    if isinstance(value, Reading):
        return _dump_reading(value)
    from pydantic_core import PydanticSerializationError

    try:
        return _adapter(cast("Hashable", type_ or type(value))).dump_json(value, exclude_defaults=True)
    except PydanticSerializationError as problem:
        raise InvalidInput(f"A value cannot be kept: {problem}") from problem


def load(type_: type[T], data: bytes | str) -> T:
    """Read back what `dump` wrote; unknown fields are passed over, so that an older version reads a newer one's rows.

    Raises `InvalidInput` where the bytes are not a value of this type.
    """
    if type_ is Reading:
        return _load_reading(_bytes(data))  # type: ignore[return-value]  # mypy does not narrow T by identity
    from pydantic import ValidationError

    try:
        value: T = _adapter(cast("Hashable", type_)).validate_json(data, strict=True)
    except ValidationError as problem:
        name = getattr(type_, "__name__", str(type_))
        raise InvalidInput(f"What was kept is no {name}: {problem.error_count()} fields do not fit") from problem
    return value


@cache
def _adapter(type_: Hashable) -> "TypeAdapter[Any]":
    from pydantic import TypeAdapter

    return TypeAdapter(cast("Any", type_))


def _bytes(data: bytes | str) -> bytes:
    return data.encode() if isinstance(data, str) else data


def _dump_reading(reading: Reading) -> bytes:
    bodies = [_content(part) for part in reading.parts]
    heads = tuple(
        _PartHead(part.filename, part.media_type, part.role, len(body))
        for part, body in zip(reading.parts, bodies, strict=True)
    )
    head = dump(_ReadingHead(reading.format, reading.drafts, reading.findings, heads, reading.layout))
    return b"".join((_LENGTH.pack(len(head)), head, *bodies))


def _content(part: Part) -> bytes:
    with part.blob.open() as handle:
        return handle.read()


def _load_reading(data: bytes) -> Reading:
    if len(data) < _LENGTH.size:
        raise InvalidInput("What was kept is no Reading: it is cut off")
    (length,) = _LENGTH.unpack_from(data)
    position = _LENGTH.size + length
    head = load(_ReadingHead, data[_LENGTH.size : position])
    parts = []
    for part in head.parts:
        body = data[position : position + part.size]
        parts.append(Part(BytesBlob(body), part.filename, part.media_type, part.role))
        position += part.size
    if position != len(data):
        raise InvalidInput("What was kept is no Reading: the documents inside it are cut off")
    return Reading(head.format, head.drafts, head.findings, tuple(parts), head.layout)
