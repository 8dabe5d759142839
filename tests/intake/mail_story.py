"""What the stories of the mailbox channel share."""

from collections.abc import Callable

from intake.mailbox import MailboxChannel, MailboxSettings
from oms_app.demo.mailhost import MailHost
from oms_core.values import RawDocument
from tests.servers.dovecot import Mailbox

Open = Callable[..., MailboxChannel]
"""Makes a mailbox channel; settings by keyword."""


def mail(subject: str = "Order", size: int = 0) -> bytes:
    return (
        b"Authentication-Results: mx.us.example; dmarc=pass header.from=huber.example\r\n"
        b"From: Ida Huber <ida@huber.example>\r\nTo: orders@us.example\r\n"
        b"Message-ID: <%s@huber.example>\r\nSubject: %s\r\n\r\n100 SCR-4030\r\n" % (subject.encode(), subject.encode())
    ) + b"x" * size


def settings(mailbox: Mailbox, **changes: object) -> MailboxSettings:
    given: dict[str, object] = {
        "name": "orders",
        "host": "localhost",
        "port": mailbox.host.imaps_port,
        "username": mailbox.address,
        "password": mailbox.account.password,
        "ca_file": mailbox.host.ca_file,
        "trusted_host": "mx.us.example",
        "timeout_seconds": 10,
    }
    return MailboxSettings(**(given | changes))  # type: ignore[arg-type]


def content(raw: RawDocument) -> bytes:
    with raw.blob.open() as handle:
        return handle.read()


def restart(host: MailHost, *, kill: bool = False) -> None:
    (host.kill if kill else host.stop)()
    host.start(host.ca_file.parent, host.imaps_port, host.lmtp_port)
