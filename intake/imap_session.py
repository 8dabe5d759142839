"""One logged-in IMAP connection with one folder open; every call may raise OSError or `imaplib.IMAP4.error`."""

import contextlib
import imaplib
import ssl
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from intake.limits import MAX_ARRIVALS, MAX_HEAD_BYTES
from oms_core.errors import ConfigurationError

FAILURES = (OSError, imaplib.IMAP4.error, ValueError)
"""What goes wrong on a connection; ValueError is an answer that cannot be read."""

LOST = (OSError, imaplib.IMAP4.abort)
"""The connection itself is gone."""

IDLE_RENEW_SECONDS = 28 * 60.0
"""RFC 2177: a client should end and renew IDLE at least every 29 minutes."""

IDLE_SLICE_SECONDS = 1.0
"""How long a wait may take to notice that it should end."""

MARKS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Account:
    """How to reach and open a mailbox; exactly one of `password` and `token` is used, a token by OAuth2."""

    host: str
    port: int
    username: str
    password: str | None = field(repr=False)
    token: Callable[[], str] | None = field(repr=False)
    starttls: bool
    ca_file: Path | None
    timeout_seconds: float


@dataclass(frozen=True, slots=True)
class FolderState:
    """What the server says of a folder on opening it; `uidnext` is None where it does not tell."""

    uidvalidity: int
    uidnext: int | None
    exists: int


@dataclass(frozen=True, slots=True)
class Mark:
    """A waiting mail: its UID, the size the server declares and when it came in."""

    uid: int
    size: int
    received_at: datetime


class LogInRefused(Exception):
    """The server does not accept the user name, password or token."""


def tls_context(ca_file: Path | None) -> ssl.SSLContext:
    """Trust the machine's authorities, or only those in `ca_file`; raises `ConfigurationError` when that is useless."""
    try:
        return ssl.create_default_context(cafile=ca_file)
    except OSError as error:
        raise ConfigurationError(
            f"ca_file {ca_file} cannot be used ({error.strerror or error}). Name a PEM file with the certificate of "
            "the authority, or leave it out for public ones."
        ) from error


def connect(account: Account) -> "ImapSession":
    """Connect with verified TLS and log in. Raises `LogInRefused`, `ConfigurationError` and `FAILURES`."""
    import imapclient  # costs too much for commands that never open a mailbox

    context = tls_context(account.ca_file)
    client = imapclient.IMAPClient(
        account.host,
        account.port,
        ssl=not account.starttls,
        ssl_context=None if account.starttls else context,
        timeout=account.timeout_seconds,
    )
    session = ImapSession(client)
    try:
        if account.starttls:
            client.starttls(context)
        client.normalise_times = False
        _log_in(client, account)
    except BaseException:
        session.abandon()
        raise
    return session


def _log_in(client: Any, account: Account) -> None:
    from imapclient.exceptions import LoginError

    try:
        if account.token is not None:
            secret = account.token()
            offered = client.has_capability("AUTH=XOAUTH2") or not client.has_capability("AUTH=OAUTHBEARER")
            (client.oauth2_login if offered else client.oauthbearer_login)(account.username, secret)
        elif client.has_capability("AUTH=PLAIN"):
            client.plain_login(account.username, account.password)  # takes letters that LOGIN cannot carry
        else:
            client.login(account.username, account.password)
    except LoginError as error:
        raise LogInRefused(str(error)) from error


class ImapSession:
    """What the mailbox channel asks of a server, in the order it asks."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self.state = FolderState(0, None, 0)

    def select(self, folder: str) -> FolderState:
        """Open a folder for reading and writing, or look at it afresh."""
        told = self._client.select_folder(folder)
        if b"UIDVALIDITY" not in told:
            raise ValueError("the server tells no UIDVALIDITY for it")
        self.state = FolderState(told[b"UIDVALIDITY"], told.get(b"UIDNEXT"), told[b"EXISTS"])
        return self.state

    def waiting(self) -> tuple[list[int], bool]:
        """Return UIDs of mails not marked as deleted, oldest first, and whether there are more.

        Asked for in windows of the folder: one answer line must stay under imaplib's limit of a million characters.
        """
        exists = self.state.exists
        for first in range(1, exists + 1, MAX_ARRIVALS):
            last = min(first + MAX_ARRIVALS - 1, exists)
            uids = sorted(self._client.search([f"{first}:{last}", "UNDELETED"]))
            if uids:
                return uids, last < exists
        return [], False

    def marks(self, uids: Sequence[int]) -> list[Mark]:
        """Return size and date of mails that are still there, in the order asked for."""
        told = self._client.fetch(uids, ["RFC822.SIZE", "INTERNALDATE"])
        known = [(uid, told[uid]) for uid in uids if uid in told]
        return [
            Mark(uid, facts[b"RFC822.SIZE"], facts[b"INTERNALDATE"].astimezone(UTC))
            for uid, facts in known
            if b"RFC822.SIZE" in facts and b"INTERNALDATE" in facts
        ]

    def body(self, uid: int, at_most: int) -> bytes | None:
        """Return the first bytes of a mail without marking it as read, or None when it is gone."""
        return self._part(uid, f"BODY.PEEK[]<0.{at_most}>", b"BODY[]")

    def head(self, uid: int) -> bytes | None:
        """Return the header fields of a mail."""
        return self._part(uid, f"BODY.PEEK[HEADER]<0.{MAX_HEAD_BYTES}>", b"BODY[HEADER]")

    def _part(self, uid: int, item: str, answer: bytes) -> bytes | None:
        told = self._client.fetch([uid], [item]).get(uid, {})
        found = next((data for key, data in told.items() if key.startswith(answer)), None)
        return found if isinstance(found, bytes) else None

    def move(self, uid: int, target: str) -> None:
        """Move a mail to another folder, which is made when it is missing; nothing when the mail is gone."""
        try:
            self._move(uid, target)
        except imaplib.IMAP4.abort:
            raise
        except imaplib.IMAP4.error:
            if self._client.folder_exists(target):
                raise
            self._client.create_folder(target)
            self._client.subscribe_folder(target)  # so that people see it in their mail program
            self._move(uid, target)

    def _move(self, uid: int, target: str) -> None:
        if self._client.has_capability("MOVE"):
            self._client.move([uid], target)
            return
        flags = self._client.get_flags([uid]).get(uid)
        if flags is None or b"\\Deleted" in flags:
            return  # gone, or copied before
        self._client.copy([uid], target)
        self._client.add_flags([uid], [b"\\Deleted"], silent=True)
        if self._client.has_capability("UIDPLUS"):
            self._client.uid_expunge([uid])
        # Without UIDPLUS the mark has to do: a plain EXPUNGE would also remove what other people marked.

    def can_idle(self) -> bool:
        """Say whether the server tells of new mail by itself."""
        return bool(self._client.has_capability("IDLE"))

    def idle(self, seconds: float, woken: threading.Event) -> bool:
        """Listen until there is news (True), the time is over or somebody wakes us.

        imapclient's `idle_check` answers BYE once and then nothing, at once and for ever, on a dead connection: so an
        answer of nothing before its time ends the listening too, and ending it raises when the server is gone.
        """
        client = self._client
        client.idle()
        deadline = time.monotonic() + min(seconds, IDLE_RENEW_SECONDS)
        news = False
        while not news and not woken.is_set() and (left := deadline - time.monotonic()) > 0:
            asked, limit = time.monotonic(), min(left, IDLE_SLICE_SECONDS)
            said = client.idle_check(timeout=limit)
            if any(line[:1] == (b"BYE",) for line in said):
                raise imaplib.IMAP4.abort("the server said good-bye")
            news = _tells_of_mail(said)
            if not said and time.monotonic() - asked < limit / 2:
                break
        _, rest = client.idle_done()
        return news or _tells_of_mail(rest)

    def close(self) -> None:
        """Log out as far as that works."""
        with contextlib.suppress(*FAILURES):
            self._client.logout()
        self.abandon()

    def abandon(self) -> None:
        """Let go of the connection without another word; a server that does not answer must not hold us up."""
        with contextlib.suppress(*FAILURES):
            self._client.shutdown()


def _tells_of_mail(lines: Sequence[tuple[Any, ...]]) -> bool:
    return any(b"EXISTS" in line[:2] for line in lines)
