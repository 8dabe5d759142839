"""EDIFACT interchanges (ISO 9735, EANCOM): orders in full, other messages named so that they can be filed."""

from collections.abc import Iterator

from oms_core.errors import UnreadableDocument
from oms_core.values.document import Blob, Claim, Head, Hints, Strength
from oms_core.values.draft import DraftDocument
from oms_core.values.finding import Finding, Severity
from parsers.edifact.message import MessageReader
from parsers.edifact.stream import MAX_JUNK_BYTES, InterchangeStream, Message, ServiceSegment, Stray
from parsers.edifact.values import Elements, part

FORMAT = "edifact"
MAX_STRAYS = 20
"""After more segments than this outside any message, a file is no interchange."""
_TEST = "1"


class EdifactParser:
    """Reads EDIFACT, message by message: a broken one does not keep the good ones back."""

    name = FORMAT

    def identify(self, head: Head) -> Claim | None:
        """Claim what begins with UNA or UNB, also in UTF-16, behind blanks or transport headers."""
        data = head.data[: 2 * MAX_JUNK_BYTES]
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            data = data.replace(b"\x00", b"")[2:]
        data = data.removeprefix(b"\xef\xbb\xbf").lstrip(b" \t\r\n\x00")
        if data.startswith((b"UNB+UNO", b"UNB\x1dUNO")) or (data.startswith(b"UNA") and data[9:].lstrip()[:2] == b"UN"):
            return Claim(FORMAT, Strength.CERTAIN, 1.0)
        if data.startswith((b"UNB", b"UNH+", b"UNA")):
            return Claim(FORMAT, Strength.POSSIBLE, 0.9)
        junk = data[:MAX_JUNK_BYTES]
        return Claim(FORMAT, Strength.POSSIBLE, 0.7) if b"UNB+UNO" in junk or b"UNA:+" in junk else None

    def read(self, blob: Blob, hints: Hints) -> Iterator[DraftDocument | Finding]:  # noqa: ARG002
        """Read an interchange; each message is yielded before the next is read.

        Raises `UnreadableDocument` at the place where the file breaks off, after the good messages before it.
        """
        with blob.open() as handle:
            yield from _Interchange().read(InterchangeStream(handle))


class _Interchange:
    """What the envelope says, and whether it holds."""

    def __init__(self) -> None:
        self._unb: Elements | None = None
        self._messages = 0
        self._groups = 0
        self._strays = 0
        self._last = 0
        self._any = False

    def read(self, stream: InterchangeStream) -> Iterator[DraftDocument | Finding]:
        for piece in stream:
            if isinstance(piece, Message):
                yield from self._message(piece)
            elif isinstance(piece, ServiceSegment):
                yield from self._service(piece)
            else:
                yield from self._stray(piece)
        yield from self._unclosed()
        if not self._any:
            raise UnreadableDocument(
                "empty", "The EDIFACT file holds no message (no UNH). Ask the sender what it should be."
            )

    def _message(self, message: Message) -> Iterator[DraftDocument | Finding]:
        first_of_all, self._any = not self._any, True
        self._messages += 1
        self._last = message.number + len(message.segments) - 1
        reference = part(message.separators.elements(message.segments[0]), 1)
        if first_of_all and self._unb is None:
            yield _finding(
                "no_unb", message.number, "The file has no UNB: sender, recipient and control reference are unknown."
            )
        if message.guessed_charset:
            yield _finding(
                "charset",
                message.number,
                f"The message {reference} holds characters outside the character set that UNB declares;"
                " check names and descriptions.",
                Severity.NOTE,
            )
        if not message.complete:
            yield _finding(
                "no_unt",
                self._last,
                f"The message {reference} has no end (UNT) before the next segment of the interchange: it is incomplete"
                " and was not read. Ask the sender to send it again.",
                Severity.BLOCK,
            )
            return
        yield self._draft(message, reference)

    def _draft(self, message: Message, reference: str) -> DraftDocument:
        """Read one message, with the test mark of its interchange."""
        reader = MessageReader(message)
        if self._unb is not None and part(self._unb, 11) == _TEST:
            reader.notice_test()
        return reader.read(self._identity(reference))

    def _identity(self, reference: str) -> str | None:
        """Return sender, recipient, control reference and message reference, parted by `|`."""
        if self._unb is None:
            return None
        return "|".join((part(self._unb, 2), part(self._unb, 3), part(self._unb, 5), reference))

    def _service(self, segment: ServiceSegment) -> Iterator[Finding]:
        tag = part(segment.elements, 0)
        if tag == "UNB":
            yield from self._unclosed()
            self._unb, self._messages, self._groups = segment.elements, 0, 0
        elif tag == "UNG":
            self._groups += 1
        elif tag == "UNZ":
            yield from self._close(segment)
        self._last = segment.number

    def _close(self, unz: ServiceSegment) -> Iterator[Finding]:
        """Compare UNZ with what came: messages, or groups where there are any, and the control reference."""
        came = self._groups or self._messages
        stated = part(unz.elements, 1)
        what = "groups" if self._groups else "messages"
        if stated.lstrip("0") != str(came) and not (stated == "0" and came == 0):
            yield _finding(
                "message_count",
                unz.number,
                f"UNZ says that the interchange has {stated or 'no'} {what}, {came} came:"
                " ask the sender whether one is missing.",
            )
        opened = "" if self._unb is None else part(self._unb, 5)
        if self._unb is not None and part(unz.elements, 2) != opened:
            yield _finding(
                "control_reference",
                unz.number,
                f"UNZ ends the interchange {part(unz.elements, 2)!r}, but UNB began {opened!r}.",
            )
        self._unb, self._messages, self._groups = None, 0, 0

    def _unclosed(self) -> Iterator[Finding]:
        """Say that an interchange was begun and not ended."""
        if self._unb is not None:
            yield _finding(
                "no_unz",
                self._last,
                "The interchange has no end (UNZ): messages after the last one may be missing. Ask the sender.",
            )

    def _stray(self, piece: Stray) -> Iterator[Finding]:
        self._strays += 1
        if self._strays > MAX_STRAYS:
            raise UnreadableDocument(
                "not_edifact",
                f"More than {MAX_STRAYS} segments belong to no message; from segment {piece.number} on the file is no"
                " interchange. Ask the sender to send it again.",
                f"segment {piece.number}",
            )
        severity = Severity.REVIEW if self._unb is not None else Severity.NOTE
        yield _finding(
            "stray", piece.number, f"Outside any message stands {piece.text!r}; it was passed over.", severity
        )


def _finding(code: str, number: int, message: str, severity: Severity = Severity.REVIEW) -> Finding:
    return Finding(f"edifact.{code}", severity, f"segment {number}", message)
