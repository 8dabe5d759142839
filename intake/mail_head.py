"""Facts of a mail that lies in a file or mailbox: who sent it, and its Message-ID."""

from dataclasses import dataclass, replace

from intake.limits import MAX_HEAD_BYTES
from oms_core.values.document import Blob, SenderFacts

MAIL_TYPE = "message/rfc822"


@dataclass(frozen=True, slots=True)
class Facts:
    """What a channel tells of a delivery beside its bytes."""

    sender: SenderFacts
    media_type: str | None = None
    message_id: str | None = None


def is_mail(filename: str) -> bool:
    """Say whether a file is a mail, by its name."""
    return filename.lower().endswith(".eml")


def of_mail(head: bytes, trusted_host: str | None, partner: str | None = None) -> Facts:
    """Read the facts from a mail's first bytes, header fields included; text after them is not looked at."""
    from parsers.mail import mime  # with it come the readers of HTML and MIME: only where there are mails

    sender = replace(mime.sender_facts(head, trusted_host), partner=partner)
    return Facts(sender, MAIL_TYPE, mime.message_id(head))


def of_file(blob: Blob, filename: str, trusted_host: str | None, partner: str | None) -> Facts:
    """Read the facts of a file: those of the mail in it, or that the partner put it there."""
    if not is_mail(filename):
        return Facts(SenderFacts(partner=partner))
    with blob.open() as handle:
        return of_mail(handle.read(MAX_HEAD_BYTES), trusted_host, partner)
