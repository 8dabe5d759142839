"""Mail (RFC 5322 and MIME): the letter as one Part, each file in it as another; and who sent it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email.parser import BytesParser
from email.policy import compat32

from oms_core.errors import UnreadableDocument
from oms_core.values.document import Blob, BytesBlob, Claim, Head, Hints, Part, Strength
from oms_core.values.draft import DraftDocument
from oms_core.values.finding import Finding, Severity
from parsers.mail import headers
from parsers.mail import sender as mail_sender
from parsers.mail.parts import Enclosure, LeftOut, Letter, Tree, check_limits, pieces
from parsers.mail.sender import message_id, sender_facts

__all__ = ["BODY_TYPE", "PARSER", "MimeParser", "message_id", "sender_facts"]

FORMAT = "email"

BODY_TYPE = "message/x-body"
"""The media type of the letter's Part: UTF-8 text under From, To, Date, Subject and Attachments lines."""

MAX_LETTER_CHARACTERS = 150_000
"""What is kept of a letter; the rest of a longer one is cut with a finding."""

MAX_RECEIVERS = 20
"""Addresses of To that the letter's Part names."""

_FIELD = re.compile(rb"^([!-9;-~]{1,60})[ \t]*:", re.MULTILINE)
_USUAL = frozenset(
    {"from", "to", "cc", "date", "subject", "received", "message-id", "mime-version", "return-path", "delivered-to"}
    | {"reply-to", "sender", "x-mailer", "content-type", "dkim-signature", "authentication-results", "in-reply-to"}
    | {"references", "x-received", "arc-seal"}
)


@dataclass(frozen=True, slots=True)
class MimeParser:
    """Takes a mail apart."""

    name: str = "mime"

    def identify(self, head: Head) -> Claim | None:
        """Claim what is declared or named a mail, and what begins with the header fields of one."""
        if head.media_type == BODY_TYPE:
            return None
        known = _usual_fields(head.data)
        declared = head.media_type == "message/rfc822" or head.filename.lower().endswith(".eml")
        if (declared and known) or known >= 4:  # noqa: PLR2004
            return Claim(FORMAT, Strength.CERTAIN, 1.0)
        return Claim(FORMAT, Strength.POSSIBLE, 0.4) if declared else None

    def read(self, blob: Blob, hints: Hints) -> Iterator[DraftDocument | Finding | Part]:
        """Yield the letter, the files and notes on what was left out.

        Raises UnreadableDocument for mails that are too large, too deep, of too many parts, or no mail at all.
        """
        message, found = _take_apart(blob, hints)
        if mail_sender.is_reply_by_machine(message):
            yield Finding(
                "mail.automatic",
                Severity.NOTE,
                "",
                "This is an automatic reply or a notice of failed delivery. It is filed, not read as an order.",
            )
            return
        yield from _open(message, found)


def _usual_fields(data: bytes) -> int:
    """Count different well-known header fields before the first empty line."""
    start = data.removeprefix(b"\xef\xbb\xbf")
    if start.startswith(b"From "):  # the separator line of an mbox file
        start = start.partition(b"\n")[2]
    head = re.split(rb"\r?\n\r?\n", start, maxsplit=1)[0]
    lines = _FIELD.match(head)
    return len({name.decode("ascii").lower() for name in _FIELD.findall(head)} & _USUAL) if lines else 0


def _take_apart(blob: Blob, hints: Hints) -> tuple[Tree, list[Letter | Enclosure | LeftOut]]:
    try:
        message = _parse(blob, hints)
        check_limits(message, hints.limits)
        return message, list(pieces(message))
    except RecursionError:  # the standard parser goes one call deeper for every level
        raise UnreadableDocument(
            "too_deep", "This mail nests parts too deep to be read. Open it by hand.", "mail"
        ) from None


def _parse(blob: Blob, hints: Hints) -> Tree:
    if blob.size > hints.limits.bytes:
        raise UnreadableDocument(
            "too_large",
            f"This mail has {blob.size} bytes, more than the {hints.limits.bytes} allowed."
            " Ask the sender for the order in a smaller file.",
            "mail",
        )
    with blob.open() as handle:
        data = handle.read(hints.limits.bytes + 1)
    if not data.strip():
        raise UnreadableDocument("empty", "This mail is empty: not one header field, no text.", "mail")
    if not _usual_fields(data):
        raise UnreadableDocument("no_mail", "This is no mail: it does not begin with the header fields of one.", "mail")
    return BytesParser(policy=compat32).parsebytes(data.removeprefix(b"\xef\xbb\xbf"))


def _open(message: Tree, found: Sequence[Letter | Enclosure | LeftOut]) -> Iterator[Finding | Part]:
    written = [item for item in found if isinstance(item, Letter) and item.text.strip()]
    letters = [item for item in written if not item.spare] or written
    files = _distinct([item for item in found if isinstance(item, Enclosure)])
    mass = mail_sender.is_mass_mail(message)
    if mass:
        yield Finding(
            "mail.automatic", Severity.NOTE, "", "This went to a list or to many. Its text is not read as an order."
        )
    elif letters or files:
        yield from _body(message, letters, files)
    else:
        yield Finding("mail.empty", Severity.REVIEW, "", "This mail holds neither text nor a file that can be read.")
    for file in files:
        yield Part(BytesBlob(file.data), file.filename, file.media_type, "attachment")
    yield from (_left_out(item) for item in found if isinstance(item, LeftOut))


def _left_out(item: LeftOut) -> Finding:
    sealed = "encrypted" in item.reason
    return Finding(
        "mail.encrypted" if sealed else "mail.left_out",
        Severity.REVIEW if sealed else Severity.NOTE,
        item.filename,
        f"'{item.filename}' was left out: {item.reason}.",
    )


def _distinct(files: list[Enclosure]) -> list[Enclosure]:
    """Give files of the same name a number, so that a reader can tell them apart."""
    seen: dict[str, int] = {}
    out: list[Enclosure] = []
    for item in files:
        count = seen[item.filename] = seen.get(item.filename, 0) + 1
        stem, dot, extension = item.filename.rpartition(".")
        numbered = f"{stem or item.filename} ({count}){dot if stem else ''}{extension if stem else ''}"
        out.append(Enclosure(item.data, numbered if count > 1 else item.filename, item.media_type))
    return out


def _body(message: Tree, letters: list[Letter], files: list[Enclosure]) -> Iterator[Finding | Part]:
    text = "\n".join(letter.text for letter in letters)
    if len(text) > MAX_LETTER_CHARACTERS:
        text = text[:MAX_LETTER_CHARACTERS]
        yield Finding(
            "mail.cut",
            Severity.REVIEW,
            "body.txt",
            f"The text of this mail was read up to {MAX_LETTER_CHARACTERS} characters; look at the rest by hand.",
        )
    if not all(letter.sound for letter in letters):
        yield Finding(
            "mail.charset",
            Severity.NOTE,
            "body.txt",
            "The mail declares a character set that does not fit its text; letters with accents may be wrong.",
        )
    head = [f"{name}: {value}" for name in ("From", "To", "Date", "Subject") if (value := _fact(message, name))]
    if files:
        head.append("Attachments: " + "; ".join(item.filename for item in files))
    data = "\n".join([*head, "", text]).encode("utf-8", "replace")
    yield Part(BytesBlob(data), "body.txt", BODY_TYPE, "body")


def _fact(message: Tree, name: str) -> str:
    if name not in {"From", "To"}:
        return headers.first(message, name) or ""
    pairs = headers.addresses(message, name)[: 1 if name == "From" else MAX_RECEIVERS]
    return "; ".join(f"{re.sub('[<>;]', ' ', display)} <{address}>".strip() for display, address in pairs)


PARSER = MimeParser()
