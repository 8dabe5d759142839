"""Cuts an EDIFACT file into messages while reading it, so that a large interchange never stands in memory as a whole.

Only the ends of messages are searched in the bytes; each message is then decoded and cut at once.
"""

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, NoReturn

from oms_core.errors import UnreadableDocument
from parsers.edifact.syntax import (
    CHARSETS,
    DEFAULT_SEPARATORS,
    Separators,
    decode,
    separators_from_una,
    separators_from_unb,
)

CHUNK_BYTES = 128 * 1024
MAX_MESSAGE_BYTES = 16 * 1024 * 1024
"""One message longer than this is refused: the largest order of 5,000 lines takes a tenth of it."""
MAX_SERVICE_BYTES = 4096
"""A UNB, UNG, UNE or UNZ longer than this is none."""
MAX_JUNK_BYTES = 4096
"""How far into a file the interchange may begin (transport headers, blank lines)."""
_WRAP_WIDTH = 40

_BLANKS = b" \t\r\n\x00\x1a"
_SERVICE = (b"UNB", b"UNG", b"UNE", b"UNZ")
_BEGINNINGS = (b"UNA:+", b"UNB+UNO", b"UNB\x1dUNO")
_UNA_BYTES = 9
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


@dataclass(frozen=True, slots=True)
class ServiceSegment:
    """UNB, UNG, UNE or UNZ; `number` counts segments from 1 through the file, UNA not counted."""

    number: int
    elements: list[list[str]]


@dataclass(frozen=True, slots=True)
class Message:
    """One message from UNH to UNT; `segments` are still to be cut by `separators.elements`."""

    number: int
    segments: list[str]
    separators: Separators
    guessed_charset: bool = False
    complete: bool = True
    """Whether the message has its UNT."""


@dataclass(frozen=True, slots=True)
class Stray:
    """Segments outside any message, or bytes after the end."""

    number: int
    text: str


Piece = ServiceSegment | Message | Stray


class InterchangeStream:
    """Iterates over the pieces of a file. Raises `UnreadableDocument` with the place where it breaks off."""

    def __init__(self, handle: BinaryIO) -> None:
        self._handle = handle
        self._decoder: codecs.IncrementalDecoder | None = None
        self._buffer = b""
        self._position = 0
        self._ended = False
        self._number = 1
        self._codec = "latin-1"
        self._separators = DEFAULT_SEPARATORS
        self._wrapped = False
        self._closed = False

    def __iter__(self) -> Iterator[Piece]:
        self._start()
        while self._skip_blanks():
            tag = self._peek(3)
            if tag == b"UNA" and not self._peek(4)[3:].isalnum():
                self._take_una()
            elif tag == b"UNH":
                yield self._take_message()
            elif tag in _SERVICE:
                yield self._take_service()
            elif (stray := self._take_stray()) is not None:
                yield stray

    def _start(self) -> None:
        """Find where the interchange begins, under a byte order mark, blanks or transport headers."""
        self._more()
        for mark, codec in _BOMS:
            if self._buffer.startswith(mark):
                self._buffer = self._buffer[len(mark) :]
                self._decoder = codecs.getincrementaldecoder(codec)("replace") if codec != "utf-8" else None
                self._buffer = self._as_utf8(self._buffer)
        begin = self._buffer.lstrip(_BLANKS)
        if not begin.startswith((b"UNA", b"UNB", b"UNH")):
            begin = self._after_junk()
        self._wrapped = _is_wrapped(begin[:MAX_JUNK_BYTES])
        self._buffer = _unwrapped(begin) if self._wrapped else begin
        self._separators = separators_from_unb(begin[:8].decode("latin-1"))

    def _after_junk(self) -> bytes:
        """Leave out what stands before the first UNA or UNB."""
        head = self._buffer[:MAX_JUNK_BYTES]
        places = [
            place for place in (head.find(b"UNA:+"), head.find(b"UNB+UNO"), head.find(b"UNB\x1dUNO")) if place >= 0
        ]
        if not places:
            raise UnreadableDocument(
                "not_edifact",
                "This is no EDIFACT file: it begins with neither UNA nor UNB. Ask the sender what it is.",
            )
        return self._buffer[min(places) :]

    def _more(self) -> bool:
        """Read one more chunk behind the buffer; False at the end of the file."""
        if self._ended:
            return False
        chunk = self._handle.read(CHUNK_BYTES)
        self._ended = not chunk
        chunk = self._as_utf8(chunk)
        if self._wrapped:
            chunk = _unwrapped(chunk)
        if self._position:
            self._buffer = self._buffer[self._position :]
            self._position = 0
        self._buffer += chunk
        return not self._ended

    def _as_utf8(self, chunk: bytes) -> bytes:
        """Turn a chunk of UTF-16 into UTF-8; anything else stays as it is."""
        if self._decoder is None:
            return chunk
        self._codec = "utf-8"
        return str(self._decoder.decode(chunk)).encode("utf-8", errors="replace")

    def _skip_blanks(self) -> bool:
        """Go to the next byte that is no blank; False at the end."""
        while True:
            rest = self._buffer[self._position : self._position + 64]
            bare = rest.lstrip(_BLANKS)
            self._position += len(rest) - len(bare)
            if bare:
                return True
            if not rest and not self._more():
                return False

    def _peek(self, count: int) -> bytes:
        while len(self._buffer) - self._position < count and self._more():
            pass
        return self._buffer[self._position : self._position + count]

    def _take_una(self) -> None:
        una = self._peek(_UNA_BYTES)
        if len(una) < _UNA_BYTES:
            self._truncated("UNA")
        self._separators = separators_from_una(una[3:].decode("latin-1"))
        self._position += _UNA_BYTES

    def _take_service(self) -> ServiceSegment:
        tag = self._peek(3).decode("ascii")
        end = self._segment_end(0, MAX_SERVICE_BYTES)
        if end is None:
            self._truncated(tag)
        data = self._buffer[self._position : self._position + end]
        if tag == "UNB" and self._decoder is None:
            self._codec = CHARSETS.get(data[4:8].decode("latin-1").upper(), "latin-1")
        self._closed = tag == "UNZ"
        segments, _ = self._decoded(data)
        self._position += end
        number, self._number = self._number, self._number + 1
        return ServiceSegment(number, self._separators.elements(segments[0]))

    def _take_message(self) -> Message:
        """Take from UNH to its UNT, or to the service segment that stands where UNT should be."""
        length = self._message_length()
        other = self._inner_service(length)
        if other is None and length is None:
            self._truncated("UNH")
        end = length if other is None else other
        assert end is not None
        segments, guessed = self._decoded(self._buffer[self._position : self._position + end])
        self._position += end
        number, self._number = self._number, self._number + len(segments)
        return Message(number, segments, self._separators, guessed, complete=other is None)

    def _take_stray(self) -> Stray | None:
        """Take what belongs to no message: one segment, or all that is left where no terminator comes."""
        end = self._segment_end(0, MAX_MESSAGE_BYTES)
        if end is None and not self._closed:
            self._truncated(self._peek(3).decode("latin-1"))
        data = self._buffer[self._position :] if end is None else self._buffer[self._position : self._position + end]
        self._position += len(data)
        number, self._number = self._number, self._number + 1
        return Stray(number, data[:40].decode("latin-1"))

    def _message_length(self) -> int | None:
        """Return the length of the message at the position up to and with its UNT; None where none comes."""
        needle = b"UNT" + self._separators.element.encode()
        searched = 3
        while True:
            found = self._buffer.find(needle, self._position + searched) - self._position
            if found < 0:
                searched = max(3, len(self._buffer) - self._position - len(needle))
                if searched > MAX_MESSAGE_BYTES or not self._more():
                    return None
            elif self._starts_segment(found):
                return self._segment_end(found, found + MAX_SERVICE_BYTES)
            else:
                searched = found + 3

    def _inner_service(self, length: int | None) -> int | None:
        """Return where another UNH or a service segment stands inside the message, which then has lost its UNT."""
        element = self._separators.element.encode()
        until = len(self._buffer) if length is None else self._position + length
        places = []
        for tag in (b"UNH", *_SERVICE):
            place = self._buffer.find(tag + element, self._position + 3, until)
            while place >= 0 and not self._starts_segment(place - self._position):
                place = self._buffer.find(tag + element, place + 3, until)
            if place >= 0:
                places.append(place - self._position)
        return min(places, default=None)

    def _starts_segment(self, offset: int) -> bool:
        """Whether a segment begins at this offset from the position, behind a terminator that is not released."""
        begin = self._position + max(0, offset - MAX_SERVICE_BYTES)
        before = self._buffer[begin : self._position + offset].rstrip(b" \t\r\n")
        mark = self._separators.terminator.encode()
        return before.endswith(mark) and not self._released(before, len(before) - 1)

    def _released(self, data: bytes, place: int) -> bool:
        """Whether the byte at `place` has an odd run of release characters before it."""
        if not self._separators.releases:
            return False
        before = data[max(0, place - MAX_SERVICE_BYTES) : place]
        run = len(before) - len(before.rstrip(self._separators.release.encode()))
        return run % 2 == 1

    def _segment_end(self, offset: int, limit: int) -> int | None:
        """Return the offset behind the terminator of the segment at `offset`; None where the file ends before it."""
        mark = self._separators.terminator.encode()
        searched = offset
        while searched <= limit:
            found = self._buffer.find(mark, self._position + searched)
            if found < 0:
                searched = max(searched, len(self._buffer) - self._position)
                if not self._more():
                    return None
            elif self._released(self._buffer, found):
                searched = found - self._position + 1
            else:
                return found - self._position + 1
        return None

    def _decoded(self, data: bytes) -> tuple[list[str], bool]:
        """Decode bytes and cut them into segments, line breaks taken out."""
        text, guessed = decode(data, self._codec)
        if "\n" in text or "\r" in text:
            mark = self._separators.terminator
            segments = self._separators.cut(text.replace("\r\n", "\n").replace("\r", "\n").replace(mark + "\n", mark))
            return [segment.strip("\n").replace("\n", " ") for segment in segments], guessed
        return self._separators.cut(text), guessed

    def _truncated(self, tag: str) -> NoReturn:
        """Say where the file breaks off, or that one message is beyond all measure."""
        if len(self._buffer) - self._position > MAX_MESSAGE_BYTES:
            raise UnreadableDocument(
                "too_large",
                f"The message that begins at segment {self._number} is longer than {MAX_MESSAGE_BYTES // 1024**2} MB"
                " without a UNT. Ask the sender to split it.",
                f"segment {self._number}",
            )
        if tag == "UNH":
            segments, _ = self._decoded(self._buffer[self._position :])
            last = self._number + len(segments) - 1
            reference = self._separators.elements(segments[0])[1:2] or [[""]]
            where, place = f"in the message {reference[0][0]} after segment {last}", f"segment {last}"
        else:
            where, place = f"in segment {self._number} ({tag.strip()})", f"segment {self._number}"
        raise UnreadableDocument(
            "truncated",
            f"The EDIFACT file breaks off {where}: the rest is missing. Ask the sender to send it again.",
            place,
        )


def _is_wrapped(head: bytes) -> bool:
    """Tell whether line breaks cut the file at a fixed width, even within a word: then they stand for nothing."""
    lines = head.replace(b"\r\n", b"\n").split(b"\n")[:-1]
    widths = {len(line) for line in lines}
    return len(lines) > 1 and len(widths) == 1 and widths.pop() >= _WRAP_WIDTH


def _unwrapped(data: bytes) -> bytes:
    return data.replace(b"\r", b"").replace(b"\n", b"")
