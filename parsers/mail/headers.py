"""Header fields of a mail, decoded leniently: broken encoded words and raw 8-bit bytes never raise."""

import binascii
import codecs
from collections.abc import Iterator
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses

MAX_HEADER_CHARACTERS = 20_000
"""What is looked at of one header field; longer ones are cut (RFC 5322 allows 998 a line, folding allows more)."""

MAX_HEADERS = 2_000
"""Header fields looked at in one mail."""

_SUPERSETS = {
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
    "iso8859-9": "cp1254",
}
"""What senders mean by a name, as browsers read it (WHATWG Encoding Standard, section 4.2)."""

_NOT_FOR_TEXT = frozenset({"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "utf-7"})
"""Codecs that Python offers and no mail is written in; some take quadratic time."""


def decode_text(data: bytes, charset: str | None) -> tuple[str, bool]:
    """Decode text in its declared charset, else as UTF-8, else as Windows-1252.

    The second member is True where the declared charset (or none declared) really fitted.
    """
    name = _codec_name(charset)
    tries = ([name] if name and name not in _SUPERSETS else []) + ["utf-8"]
    if name in _SUPERSETS and name != "ascii":
        tries.insert(0, _SUPERSETS[name])
    for attempt in tries:
        try:
            return data.decode(attempt), attempt in {name, _SUPERSETS.get(name or "")} or not name or name == "ascii"
        except (UnicodeError, ValueError):
            continue
    return data.decode("cp1252", "replace"), not name or name == "ascii"


def _codec_name(charset: str | None) -> str | None:
    """Return Python's own name of a charset, or None where it is unknown or not a charset of text."""
    if not charset or not charset.isascii() or "\0" in charset:
        return None
    folded = charset.strip().strip("'\"").lower().replace("ks_c_5601-1987", "cp949").removeprefix("x-")
    try:
        info = codecs.lookup(folded)
    except (LookupError, ValueError):
        return None
    is_text: bool = getattr(info, "_is_text_encoding", True)
    return info.name if is_text and info.name not in _NOT_FOR_TEXT else None


def decode_words(raw: str) -> str:
    """Decode a header's text: encoded words (RFC 2047), raw bytes as UTF-8 or Windows-1252; folding removed."""
    cut = raw[:MAX_HEADER_CHARACTERS]
    if "=?" not in cut:
        return _one_line(_plain(cut))
    try:
        pieces = decode_header(_plain(cut))
    except (HeaderParseError, ValueError, binascii.Error, IndexError):
        return _one_line(_plain(cut))
    words = [piece if isinstance(piece, str) else decode_text(piece, charset)[0] for piece, charset in pieces]
    return _one_line("".join(words))


def _plain(raw: str) -> str:
    """Turn the parser's surrogate escapes back into the characters they were bytes of."""
    if raw.isascii():
        return raw
    return decode_text(raw.encode("utf-8", "surrogateescape"), None)[0]


def _one_line(text: str) -> str:
    if text.isprintable():
        return " ".join(text.split())
    return " ".join("".join(c if c.isprintable() or c.isspace() else "" for c in text).split())


def fields(message: "Message[str, str]") -> Iterator[tuple[str, str]]:
    """Yield names (lower case) and decoded values of header fields, topmost first."""
    for count, (name, raw) in enumerate(message.raw_items()):
        if count >= MAX_HEADERS:
            return
        yield name.lower(), decode_words(str(raw))


def first(message: "Message[str, str]", name: str) -> str | None:
    """Return the topmost field of this name, decoded, or None."""
    wanted = name.lower()
    for count, (key, raw) in enumerate(message.raw_items()):
        if count < MAX_HEADERS and key.lower() == wanted:
            return decode_words(str(raw))
    return None


def raw_first(message: "Message[str, str]", name: str) -> str | None:
    """Return the topmost field of this name as it stands, unfolded, encoded words left alone."""
    for count, (key, raw) in enumerate(message.raw_items()):
        if count < MAX_HEADERS and key.lower() == name.lower():
            return _one_line(_plain(str(raw)[:MAX_HEADER_CHARACTERS]))
    return None


def addresses(message: "Message[str, str]", name: str) -> tuple[tuple[str, str], ...]:
    """Return pairs of display name and address (lower case) of every field of this name.

    Addresses are told apart before encoded words are decoded: a comma inside a word is part of the name.
    """
    raws = [_plain(str(raw)[:MAX_HEADER_CHARACTERS]) for key, raw in message.raw_items() if key.lower() == name.lower()]
    pairs = getaddresses([_one_line(raw) for raw in raws[:MAX_HEADERS]])
    return tuple((decode_words(display), address.strip().lower()) for display, address in pairs if "@" in address)
