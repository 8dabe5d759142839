"""Mails that Outlook saved as .msg (MS-OXMSG): turned into plain MIME and read as every other mail."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.parser import HeaderParser
from email.policy import SMTP, compat32
from email.utils import format_datetime, formataddr
from typing import TYPE_CHECKING

from oms_core.errors import UnreadableDocument
from oms_core.values.document import Blob, BytesBlob, Claim, Head, Hints, Part, Strength
from oms_core.values.draft import DraftDocument
from oms_core.values.finding import Finding
from parsers.mail import headers, rtf
from parsers.mail.mime import FORMAT, MimeParser

if TYPE_CHECKING:
    from olefile import OleFileIO

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MEDIA_TYPE = "application/vnd.ms-outlook"
MAX_RECEIVERS = 100
"""Receivers taken from one mail."""

_STREAM = "__substg1.0_"
_MARK = "__substg1.0".encode("utf-16-le")
_UNICODE, _STRING, _BINARY, _STORAGE = "001F", "001E", "0102", "000D"
_SUBJECT, _HEADERS, _BODY, _HTML, _RTF = "0037", "007D", "1000", "1013", "1009"
_SENDER_NAME, _SENDER_ADDRESSES = "0C1A", ("5D01", "5D02", "0C1F", "0065")
_NAME, _ADDRESSES = "3001", ("39FE", "3003")
_DATA, _LONG_NAME, _SHORT_NAME, _TYPE, _CONTENT_ID = "3701", "3707", "3704", "370E", "3712"
_SENT, _DELIVERED, _CODE_PAGE = 0x00390040, 0x0E060040, 0x3FDE0003
_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MsgParser:
    """Reads a mail saved by Outlook."""

    name: str = "msg"

    def identify(self, head: Head) -> Claim | None:
        """Claim compound files that are named, declared or built as a mail."""
        if not head.data.startswith(SIGNATURE):
            return None
        named = head.filename.lower().endswith(".msg") or head.media_type == MEDIA_TYPE
        return Claim(FORMAT, Strength.CERTAIN, 1.0) if named or _MARK in head.data else None

    def read(self, blob: Blob, hints: Hints) -> Iterator[DraftDocument | Finding | Part]:
        """Yield what the mail holds, as the reader of MIME does.

        Raises UnreadableDocument for a file that is no such mail, is broken, too large, too deep or of too many parts.
        """
        data = as_mime(blob, hints)
        yield from MimeParser().read(BytesBlob(data), hints)


def as_mime(blob: Blob, hints: Hints) -> bytes:
    """Return the mail as MIME."""
    import olefile

    if blob.size > hints.limits.bytes:
        raise UnreadableDocument(
            "too_large", f"This mail has {blob.size} bytes, more than the {hints.limits.bytes} allowed.", "mail"
        )
    with blob.open() as handle:
        data = handle.read(hints.limits.bytes + 1)
    try:
        with olefile.OleFileIO(data) as ole:
            return _Mail(ole, hints, ()).message(0).as_bytes(policy=SMTP)
    except (
        OSError,
        ValueError,
        struct.error,
        IndexError,
        KeyError,
        AttributeError,
        TypeError,
        AssertionError,
    ) as error:
        raise UnreadableDocument(
            "broken",
            "This mail saved by Outlook is damaged or of a kind that cannot be read. Open it and forward it instead.",
            "mail",
        ) from error


class _Mail:
    """One mail in a compound file, or one that is enclosed in another."""

    def __init__(self, ole: "OleFileIO", hints: Hints, root: Path) -> None:
        self._ole = ole
        self._hints = hints
        self._root = root
        self._fixed = self._properties()

    def message(self, depth: int) -> EmailMessage:
        """Build the mail with its files."""
        if depth > self._hints.limits.depth:
            raise UnreadableDocument("too_deep", f"This mail nests mails more than {depth - 1} deep.", "mail")
        if not self._root and not any(path[0].startswith(_STREAM) for path in self._ole.listdir(streams=True)):
            raise UnreadableDocument("no_mail", "This file is not a mail saved by Outlook.", "mail")
        out = EmailMessage()
        self._head(out)
        self._text(out)
        for path in self._children("__attach_version1.0_"):
            self._file(out, path, depth)
        return out

    def _head(self, out: EmailMessage) -> None:
        sent = HeaderParser(policy=compat32).parsestr(self._string(self._root, _HEADERS))
        kept = (
            "auto-submitted",
            "list-id",
            "list-unsubscribe",
            "precedence",
            "x-autoreply",
            "x-auto-response-suppress",
        )
        for name, value in headers.fields(sent):
            if name in kept or name == "date":
                _set(out, name, value)
        sender = headers.addresses(sent, "From")
        name, address = sender[0] if sender else (self._string(self._root, _SENDER_NAME), self._address())
        _set(out, "From", _named(name, address))
        _set(out, "To", ", ".join(self._receivers()))
        _set(out, "Subject", self._string(self._root, _SUBJECT))
        when = self._time()
        if "date" not in out and when:
            _set(out, "Date", format_datetime(when))

    def _address(self) -> str:
        found = (self._string(self._root, tag) for tag in _SENDER_ADDRESSES)
        return next((address for address in found if "@" in address), "")

    def _receivers(self) -> Iterator[str]:
        for path in self._children("__recip_version1.0_")[:MAX_RECEIVERS]:
            addresses = (self._string(path, tag) for tag in _ADDRESSES)
            address = next((found for found in addresses if "@" in found), "")
            if address:
                yield _named(self._string(path, _NAME), address)

    def _text(self, out: EmailMessage) -> None:
        plain, html = self._string(self._root, _BODY), self._html()
        packed = self._stream((*self._root, _STREAM + _RTF + _BINARY))
        if packed and not html:
            text, is_html = rtf.text_of(rtf.unpacked(packed))
            html, plain = (text, plain) if is_html else (html, plain or text)
        out.set_content(_sound(plain))
        if html:
            out.add_alternative(_sound(html), subtype="html")

    def _html(self) -> str:
        data = self._stream((*self._root, _STREAM + _HTML + _BINARY))
        return headers.decode_text(data, self._codec())[0] if data else self._string(self._root, _HTML)

    def _file(self, out: EmailMessage, path: Path, depth: int) -> None:
        name = self._string(path, _LONG_NAME) or self._string(path, _SHORT_NAME)
        inner = (*path, _STREAM + _DATA + _STORAGE)
        if self._ole.exists("/".join(inner)) and self._ole.get_type("/".join(inner)) == 1:
            out.add_attachment(_Mail(self._ole, self._hints, inner).message(depth + 1))
            return
        data = self._stream((*path, _STREAM + _DATA + _BINARY))
        main, _, sub = (self._string(path, _TYPE) or "application/octet-stream").partition("/")
        safe = main.isascii() and sub.isascii() and sub and main not in {"multipart", "message"}
        kind, subkind = (main, sub) if safe else ("application", "octet-stream")
        shown = self._string(path, _CONTENT_ID)
        inline = bool(shown) and kind == "image"
        out.add_attachment(
            data,
            maintype=_line(kind),
            subtype=_line(subkind),
            filename=_line(name) or "attachment",
            disposition="inline" if inline else "attachment",
            cid=f"<{_line(shown)}>" if inline else None,
        )

    def _children(self, prefix: str) -> list[Path]:
        """Return the storages of one kind that stand in this mail, at most as many as the limit."""
        depth = len(self._root)
        found = {
            tuple(path[: depth + 1])
            for path in self._ole.listdir(streams=True, storages=True)
            if len(path) > depth and tuple(path[:depth]) == self._root and path[depth].startswith(prefix)
        }
        if len(found) > self._hints.limits.parts:
            raise UnreadableDocument(
                "too_many_parts", f"This mail has more than {self._hints.limits.parts} parts.", "mail"
            )
        return sorted(found)

    def _string(self, path: Path, tag: str) -> str:
        data = self._stream((*path, _STREAM + tag + _UNICODE))
        if data:
            return data.decode("utf-16-le", "replace").rstrip("\0")
        return headers.decode_text(self._stream((*path, _STREAM + tag + _STRING)).rstrip(b"\0"), self._codec())[0]

    def _stream(self, path: Path) -> bytes:
        name = "/".join(path)
        if not self._ole.exists(name) or self._ole.get_type(name) != 2:  # noqa: PLR2004
            return b""
        if self._ole.get_size(name) > self._hints.limits.bytes:
            raise UnreadableDocument("too_large", "A file in this mail is larger than allowed.", "mail")
        data: bytes = self._ole.openstream(name).read()
        return data

    def _properties(self) -> dict[int, bytes]:
        """Read the properties of fixed length: tag and kind, flags, eight bytes (MS-OXMSG section 2.4)."""
        data = self._stream((*self._root, "__properties_version1.0"))
        start = 24 if self._root else 32
        return {
            struct.unpack_from("<I", data, place)[0]: data[place + 8 : place + 16]
            for place in range(start, len(data) - 15, 16)
        }

    def _codec(self) -> str:
        page = self._fixed.get(_CODE_PAGE, b"")[:4]
        number = int.from_bytes(page, "little") if page else 0
        return {0: "cp1252", 65001: "utf-8", 28591: "cp1252"}.get(number, f"cp{number}")

    def _time(self) -> datetime | None:
        """Return when it was sent, as written by a clock in UTC."""
        for tag in (_SENT, _DELIVERED):
            ticks = int.from_bytes(self._fixed.get(tag, b""), "little")
            if ticks:
                try:
                    return _EPOCH + timedelta(microseconds=ticks // 10)
                except OverflowError:
                    return None
        return None


def _set(out: EmailMessage, name: str, value: str) -> None:
    """Set a header field; a value that no header can hold is left out."""
    clean = _line(value)
    if clean and name.lower() not in {key.lower() for key in out}:
        try:
            out[name] = clean
        except (ValueError, IndexError, AttributeError):
            return


def _named(name: str, address: str) -> str:
    plain = _line(name)
    if not address:
        return plain
    return formataddr((plain, _line(address)), charset="utf-8") if plain and plain != address else _line(address)


def _line(text: str) -> str:
    return " ".join("".join(char if char.isprintable() else " " for char in _sound(text)).split())


def _sound(text: str) -> str:
    """Return the text without halves of character pairs and zero bytes, which no mail can hold."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\0", "")


PARSER = MsgParser()
