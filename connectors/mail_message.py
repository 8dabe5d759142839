"""One outgoing mail as an Internet message, the same for every way it leaves."""

import re
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from oms_core.errors import PartnerRejected
from oms_core.values.outbound import OutgoingMail

MAX_TEXT_LENGTH = 1_000_000
"""Longest text of a mail, in characters."""

MAX_SUBJECT_LENGTH = 900
"""Longest subject, in characters: a header line may have 998 (RFC 5322, 2.1.1)."""

MAX_ADDRESS_LENGTH = 254
"""Longest address (RFC 5321, 4.5.3.1.3, less the angle brackets)."""

MAX_MESSAGE_ID_LENGTH = 900
"""Longest Message-ID, so that its header is one line."""

_POLICY = SMTP.clone(cte_type="7bit")
_WIRE = _POLICY.clone(max_line_length=998)
# Folded at the usual 78 characters, a long Message-ID would be written as an encoded word, which no reader threads by.

_CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*", re.ASCII)
_MESSAGE_ID = re.compile(r"<[!-;=?-~]+>", re.ASCII)


def compose(mail: OutgoingMail, sender: str, at: datetime) -> bytes:
    """Write the message for the wire: seven bits, CRLF, threaded to what it answers, one plain address each way.

    It is marked as automatic, so that nobody's machine answers it (RFC 3834, 5).

    Raises `PartnerRejected`, naming the header, for anything that could add a header or a receiver.
    """
    if len(mail.text) > MAX_TEXT_LENGTH:
        raise PartnerRejected(
            f"The mail's text has {len(mail.text):,} characters; at most {MAX_TEXT_LENGTH:,} are sent."
        )
    message = EmailMessage(policy=_POLICY)
    message["Message-ID"] = message_id("Message-ID", mail.message_id)
    message["Date"] = format_datetime(at)
    message["From"] = plain_address("From", sender)
    message["To"] = plain_address("To", mail.to)
    message["Subject"] = _subject(mail.subject)
    if mail.in_reply_to:
        answered = message_id("In-Reply-To", mail.in_reply_to)
        message["In-Reply-To"] = answered
        message["References"] = answered
    message["Auto-Submitted"] = "auto-replied" if mail.in_reply_to else "auto-generated"
    # Exchange does not keep to Auto-Submitted alone when it sends absence notes.
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content(mail.text)
    return message.as_bytes(policy=_WIRE)


def plain_address(header: str, address: str) -> str:
    """Return the address if it is exactly one `local@domain`, without a name. Raises `PartnerRejected`.

    A domain with other letters than ASCII must come in its IDNA form.
    """
    if len(address) > MAX_ADDRESS_LENGTH or not _ADDRESS.fullmatch(address):
        raise PartnerRejected(f"{header}: {address[:80]!r} is not one plain mail address (local@domain). Correct it.")
    return address


def message_id(header: str, value: str) -> str:
    """Return an identifier in its angle brackets. Raises `PartnerRejected`."""
    text = value if value.startswith("<") else f"<{value}>"
    if len(text) > MAX_MESSAGE_ID_LENGTH or not _MESSAGE_ID.fullmatch(text):
        raise PartnerRejected(
            f"{header}: {value[:80]!r} is not a message identifier (RFC 5322, 3.6.4). Nothing was sent."
        )
    return text


def _subject(subject: str) -> str:
    if len(subject) > MAX_SUBJECT_LENGTH or _CONTROL.search(subject):
        raise PartnerRejected(
            f"Subject: {subject[:80]!r} holds a line break or a control character, or is longer than "
            f"{MAX_SUBJECT_LENGTH} characters. Nothing was sent."
        )
    return subject
