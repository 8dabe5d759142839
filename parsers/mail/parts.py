"""The parts of a mail: which text is the letter, what is attached, what is left out and why."""

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from email.policy import compat32
from typing import TypeAlias

from oms_core.errors import UnreadableDocument
from oms_core.values.document import Limits
from parsers.mail import headers, tnef
from parsers.mail import html as mail_html

SMALL_IMAGE_BYTES = 100 * 1024
"""An inline picture up to this size is a logo or a signature; a larger one may be a photograph of an order."""

MAX_FILES = 200
"""Files taken out of one of Outlook's envelopes."""

MAX_NAME = 150
"""The longest file name kept of an attachment."""

_CLUTTER = frozenset(
    {
        "application/pkcs7-signature",
        "application/x-pkcs7-signature",
        "application/pgp-signature",
        "application/pgp-keys",
        "text/vcard",
        "text/x-vcard",
        "text/directory",
    }
)
_SEALED = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime", "multipart/encrypted"})
_EXTENSIONS = {
    "application/pdf": ".pdf",
    "text/csv": ".csv",
    "text/html": ".html",
    "text/plain": ".txt",
    "text/xml": ".xml",
    "application/xml": ".xml",
    "message/rfc822": ".eml",
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "image/tiff": ".tif",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.ms-excel": ".xls",
    "application/zip": ".zip",
}

_AS_IT_CAME = compat32.clone(mangle_from_=False, max_line_length=None)

Tree: TypeAlias = "Message[str, str]"
"""A parsed mail or a part of one."""


@dataclass(frozen=True, slots=True)
class Letter:
    """Text of the mail itself; `sound` is False where its declared charset did not fit."""

    text: str
    sound: bool = True
    spare: bool = False
    """Whether it only repeats what the mail says in plain parts, where there are any (Outlook's envelope)."""


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file in the mail."""

    data: bytes
    filename: str
    media_type: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A part that is not handed on, with the reason."""

    filename: str
    reason: str


def check_limits(message: Tree, limits: Limits) -> None:
    """Raise UnreadableDocument for a mail of too many or too deeply nested parts."""
    count = 0
    pending = [(message, 1)]
    while pending:
        part, depth = pending.pop()
        count += 1
        if depth > limits.depth + 1:
            raise UnreadableDocument(
                "too_deep",
                f"This mail nests parts more than {limits.depth} deep. Open it by hand and send on the order in it.",
                "mail",
            )
        if count > limits.parts:
            raise UnreadableDocument(
                "too_many_parts",
                f"This mail has more than {limits.parts} parts. Ask the sender for the orders in several mails.",
                "mail",
            )
        if part.get_content_maintype() == "multipart" and part.is_multipart():
            pending += [(child, depth + 1) for child in _children(part)]


def pieces(part: Tree) -> Iterator[Letter | Enclosure | LeftOut]:
    """Yield the letter's texts and the files of a mail, in the order they stand in it."""
    kind = part.get_content_type()
    if kind in _SEALED:
        yield LeftOut(_name(part), "it is encrypted or sealed (S/MIME or PGP) and cannot be read; ask for it in clear")
    elif kind == "multipart/alternative" and part.is_multipart():
        yield from _best_alternative(_children(part))
    elif part.get_content_maintype() == "multipart" and part.is_multipart():
        for child in _children(part):
            yield from pieces(child)
    elif _is_letter(part):
        yield _letter(part)
    elif _is_envelope(part) and (envelope := tnef.opened(content(part))) is not None:
        yield from _from_envelope(part, envelope)
    else:
        yield _enclosure(part)


def _is_envelope(part: Tree) -> bool:
    named = _raw_name(part).lower() == "winmail.dat"
    return named or part.get_content_type() in {"application/ms-tnef", "application/vnd.ms-tnef"}


def _from_envelope(part: Tree, envelope: tnef.Envelope) -> Iterator[Letter | Enclosure | LeftOut]:
    """Yield what Outlook's envelope holds; `pieces` is asked for it once, whatever else the mail has."""
    if envelope.html.strip() or envelope.text.strip():
        yield Letter(mail_html.text_of(envelope.html) if envelope.html.strip() else envelope.text, spare=True)
    for file in envelope.files[:MAX_FILES]:
        yield Enclosure(file.data, base_name(file.name) or "attachment", file.media_type or "application/octet-stream")
    if not envelope.whole or len(envelope.files) > MAX_FILES:
        yield LeftOut(_name(part), "it breaks off or holds too much; ask for its files in another way")


def _children(part: Tree) -> list[Tree]:
    payload = part.get_payload()
    return [child for child in payload if isinstance(child, Message)] if isinstance(payload, list) else []


def _best_alternative(options: list[Tree]) -> Iterator[Letter | Enclosure | LeftOut]:
    """Take one of several forms of the same text: HTML where it holds a table, else plain text, else HTML.

    Files beside the forms (an invitation, pictures in a related part) are kept.
    """
    found = [list(pieces(option)) for option in options]
    with_text = [group for group in found if any(isinstance(item, Letter) and item.text.strip() for item in group)]
    tables = [group for group in with_text if any(isinstance(item, Letter) and "\t" in item.text for item in group)]
    chosen = (tables or with_text or [[]])[0]
    yield from chosen
    for group in found:
        if group is not chosen:
            yield from (item for item in group if not isinstance(item, Letter))


def _is_letter(part: Tree) -> bool:
    kind = part.get_content_type()
    attached = part.get_content_disposition() == "attachment"
    return kind in {"text/plain", "text/html"} and not attached and not _raw_name(part)


def _letter(part: Tree) -> Letter:
    text, sound = headers.decode_text(content(part), _charset(part))
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    if part.get_content_type() == "text/html":
        return Letter(mail_html.text_of(text), sound)
    if (_parameter(part, "format") or "").lower() == "flowed":
        text = unflow(text, delete_space=(_parameter(part, "delsp") or "").lower() == "yes")
    return Letter(text, sound)


def unflow(text: str, *, delete_space: bool = False) -> str:
    """Join the lines of format=flowed text that were broken only for width (RFC 3676 section 4)."""
    out: list[str] = []
    open_depth = -1
    for line in text.split("\n"):
        depth = len(line) - len(line.lstrip(">"))
        body = line[depth:].removeprefix(" ") if depth or line.startswith(" ") else line
        flows = body.endswith(" ") and body != "-- "
        shown = body[:-1] if flows and delete_space else body
        if depth == open_depth and body != "-- ":
            out[-1] += shown
        else:
            out.append((">" * depth + " " if depth else "") + shown)
        open_depth = depth if flows else -1
    return "\n".join(line if line == "-- " else line.rstrip() for line in out)


def content(part: Tree) -> bytes:
    """Return a part's bytes with its transfer encoding undone, as far as it can be."""
    if part.is_multipart():
        return _nested(part)
    try:
        data = part.get_payload(decode=True)
    except (ValueError, binascii.Error, LookupError, AssertionError):
        data = str(part.get_payload()).encode("utf-8", "surrogateescape")
    return data if isinstance(data, bytes) else b""


def _nested(part: Tree) -> bytes:
    """Return a mail inside a mail as bytes; some senders wrap it in base64 against RFC 2046 section 5.2.1."""
    inner = _children(part)
    if not inner:
        return b""
    try:
        data = inner[0].as_bytes(policy=_AS_IT_CAME)
    except (ValueError, LookupError, KeyError, TypeError, AttributeError):
        lines = [f"{name}: {value}" for name, value in headers.fields(inner[0])]
        data = "\n".join([*lines, "", ""]).encode() + (b"" if inner[0].is_multipart() else content(inner[0]))
    if str(part.get("Content-Transfer-Encoding", "")).strip().lower() == "base64":
        try:
            return binascii.a2b_base64(data.strip())
        except binascii.Error:
            return data
    return data


def _enclosure(part: Tree) -> Enclosure | LeftOut:
    kind = part.get_content_type()
    name = _name(part)
    data = content(part)
    if kind in _CLUTTER:
        return LeftOut(name, "it is a signature or a visiting card")
    if not data:
        return LeftOut(name, "it is empty")
    inline = part.get_content_disposition() == "inline" or (
        part.get("Content-ID") is not None and part.get_content_disposition() != "attachment"
    )
    if part.get_content_maintype() == "image" and inline and len(data) <= SMALL_IMAGE_BYTES:
        return LeftOut(name, "it is a small picture inside the text, such as a logo")
    return Enclosure(data, name, kind)


def _charset(part: Tree) -> str | None:
    return _parameter(part, "charset")


def _parameter(part: Tree, name: str) -> str | None:
    """Return a Content-Type parameter; a broken one counts as absent."""
    try:
        value = part.get_param(name)
    except (ValueError, LookupError, TypeError, AttributeError):
        return None
    if isinstance(value, tuple):
        value = value[2]
    return str(value).strip() if value is not None else None


def _raw_name(part: Tree) -> str:
    try:
        return headers.decode_words(str(part.get_filename("") or ""))
    except (ValueError, LookupError, TypeError, AttributeError):
        return ""


def _name(part: Tree) -> str:
    """Return a safe file name: no folders, no control characters, an extension that fits the type where none is."""
    kind = part.get_content_type()
    subject = _subject(part) if kind == "message/rfc822" else ""
    name = base_name(_raw_name(part) or subject)
    if not name:
        name = "attachment"
    return name if "." in name.strip(".")[1:] else name + _EXTENSIONS.get(kind, "")


def _subject(part: Tree) -> str:
    inner = _children(part)
    return (headers.first(inner[0], "Subject") or "" if inner else "")[:80]


def base_name(name: str) -> str:
    """Return the last piece of a name as it may be shown and stored as a title; never used as a path."""
    last = re.split(r"[\\/]", name)[-1]
    clean = "".join(c for c in last if c.isprintable() and c not in '<>:"|?*').strip(" .")
    return clean if len(clean) <= MAX_NAME else clean[: MAX_NAME - 20] + clean[-20:]
