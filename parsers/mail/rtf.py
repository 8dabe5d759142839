"""Rich text as Outlook keeps it: unpacked (MS-OXRTFCP), and its text or the HTML that is wrapped in it (MS-OXRTFEX)."""

import re
import struct

MAX_RTF_BYTES = 8 * 1024 * 1024
"""What is unpacked of one text; the rest of a longer one is left out."""

_DICTIONARY = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor MS Sans Serif"
    rb"SymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0"
    b"\r\n"
    rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)
_WINDOW = 4096
_PACKED = b"LZFu"
_PLAIN = b"MELA"
_HEADER = 16
_SHORTEST = 2

_TOKEN = re.compile(
    rb"\\([a-z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-z'])|([{}])|[\r\n]+|([^\\{}\r\n]+)", re.IGNORECASE
)
_SKIPPED = frozenset(
    {
        b"fonttbl",
        b"colortbl",
        b"stylesheet",
        b"info",
        b"pict",
        b"object",
        b"header",
        b"footer",
        b"listtable",
        b"generator",
    }
    | {
        b"listoverridetable",
        b"rsidtbl",
        b"xmlnstbl",
        b"themedata",
        b"colorschememapping",
        b"datastore",
        b"latentstyles",
    }
)
_BREAKS = {
    b"par": "\n",
    b"line": "\n",
    b"row": "\n",
    b"tab": "\t",
    b"cell": "\t",
    b"emdash": "\u2014",
    b"endash": "\u2013",
}
_SIGNS = {b"~": "\u00a0", b"_": "-", b"{": "{", b"}": "}", b"\\": "\\", b"-": ""}


def unpacked(data: bytes) -> bytes:
    """Unpack compressed rich text; what breaks off is kept up to there (MS-OXRTFCP section 3.1.3)."""
    if len(data) < _HEADER:
        return b""
    _, raw, kind, _ = struct.unpack("<II4sI", data[:_HEADER])
    if kind == _PLAIN:
        return data[_HEADER : _HEADER + raw]
    if kind != _PACKED:
        return b""
    return _lzfu(data, min(raw, MAX_RTF_BYTES))


def _lzfu(data: bytes, size: int) -> bytes:
    window = bytearray(_DICTIONARY.ljust(_WINDOW, b"\0"))
    write = len(_DICTIONARY)
    out = bytearray()
    place = _HEADER
    while place < len(data) and len(out) < size:
        control = data[place]
        place += 1
        for bit in range(8):
            if control >> bit & 1:
                if place + 1 >= len(data):
                    return bytes(out)
                reference = int.from_bytes(data[place : place + 2], "big")
                place += 2
                offset, length = reference >> 4, (reference & 0xF) + _SHORTEST
                if offset == write % _WINDOW:
                    return bytes(out)
                chunk = [offset + step for step in range(length)]
            elif place < len(data):
                out.append(data[place])
                window[write % _WINDOW] = data[place]
                write += 1
                place += 1
                continue
            else:
                return bytes(out)
            for at in chunk:
                character = window[at % _WINDOW]
                out.append(character)
                window[write % _WINDOW] = character
                write += 1
    return bytes(out)


def text_of(data: bytes) -> tuple[str, bool]:
    """Return what rich text says, and whether that is HTML that was wrapped in it."""
    wraps_html = rb"\fromhtml" in data[:4096]
    return _Reader(data[:MAX_RTF_BYTES], html=wraps_html).read(), wraps_html


class _Reader:
    """Walks the tokens; a group inherits and forgets what it sets."""

    def __init__(self, data: bytes, *, html: bool) -> None:
        self._data = data
        self._html = html
        found = re.search(rb"\\ansicpg(\d{3,5})", data[:4096])
        self._codec = f"cp{found.group(1).decode()}" if found else "cp1252"
        self._out: list[str] = []
        self._bytes = bytearray()
        self._skip = 0

    def read(self) -> str:
        stack: list[tuple[bool, bool, int]] = []
        hidden, tagged, ucs = False, False, 1
        starred = False
        for found in _TOKEN.finditer(self._data):
            word, number, code, sign, brace, text = found.groups()
            if brace == b"{":
                stack.append((hidden, tagged, ucs))
            elif brace == b"}":
                hidden, tagged, ucs = stack.pop() if stack else (False, False, 1)
            elif sign == b"*":
                starred = True
                continue
            elif word is not None:
                hidden, tagged, ucs = self._word(word, number, starred, (hidden, tagged, ucs))
            elif not hidden:
                self._literal(code, sign, text)
            starred = False
        self._flush()
        return "".join(self._out)

    def _word(
        self,
        word: bytes,
        number: bytes | None,
        starred: bool,
        state: tuple[bool, bool, int],
    ) -> tuple[bool, bool, int]:
        hidden, tagged, ucs = state
        if word == b"htmltag":
            return False, True, ucs
        if word == b"htmlrtf":
            return number != b"0", tagged, ucs
        if word in _SKIPPED or (starred and not tagged):
            return True, tagged, ucs
        if word == b"uc":
            return hidden, tagged, int(number or 1)
        if word == b"u" and number and not hidden:
            self._flush()
            self._out.append(chr(int(number) % 0x10000))
            self._skip = ucs
        elif word in _BREAKS and not hidden and not tagged:
            self._flush()
            self._out.append(_BREAKS[word])
        return hidden, tagged, ucs

    def _literal(self, code: bytes | None, sign: bytes | None, text: bytes | None) -> None:
        if code is not None:
            if self._skip:
                self._skip -= 1
            else:
                self._bytes.append(int(code, 16))
        elif sign is not None:
            self._flush()
            self._out.append(_SIGNS.get(sign, ""))
        elif text is not None:
            cut = min(self._skip, len(text))
            self._skip -= cut
            self._bytes += text[cut:]

    def _flush(self) -> None:
        if self._bytes:
            try:
                self._out.append(self._bytes.decode(self._codec, "replace"))
            except LookupError:
                self._out.append(self._bytes.decode("cp1252", "replace"))
            self._bytes.clear()
