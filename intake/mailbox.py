"""A mailbox by IMAP over TLS: mails are read without a trace and moved only once they are stored."""

import contextlib
import imaplib
import re
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import NoReturn, TypeVar
from urllib.parse import quote

from intake import imap_session, mail_head
from intake.backoff import Backoff
from intake.blobs import RefusedBlob, too_large
from intake.imap_session import FAILURES, LOST, MARKS_AT_ONCE, Account, FolderState, ImapSession, LogInRefused, Mark
from intake.limits import MAX_DELIVERY_BYTES, MAX_HEAD_BYTES
from oms_core.errors import ChannelUnavailable, ConfigurationError
from oms_core.ports import Clock
from oms_core.values.document import Blob, BytesBlob, ChannelKind, RawDocument
from oms_core.values.outbound import Settlement

T = TypeVar("T")

QUIET_SECONDS = 1.0
"""Pause before listening again when a server ended it early and had nothing to say."""

MAX_TRIES = 3
"""How often a mail is asked for that the server does not hand out."""

_KEY_END = re.compile(r";UIDVALIDITY=(\d+)/;UID=(\d+)")


class Tls(StrEnum):
    """How the connection is made safe; there is no way without, and the certificate is always verified."""

    REQUIRED = "required"
    """TLS from the first byte (port 993, RFC 8314)."""
    STARTTLS = "starttls"
    """Plain first, then TLS before anything else is said (port 143); refused where the server does not offer it."""


@dataclass(frozen=True, slots=True)
class MailboxSettings:
    """One folder of one mailbox; mails go on to `processed_folder` or `rejected_folder`, which are made if missing.

    Give either `password` or `token`, which returns a fresh OAuth2 access token. `ca_file` replaces the machine's
    authorities by a private one. `trusted_host` is the mail server whose Authentication-Results are believed.
    """

    name: str
    host: str
    username: str
    password: str | None = field(default=None, repr=False)
    token: Callable[[], str] | None = field(default=None, repr=False)
    port: int = 993
    tls: Tls = Tls.REQUIRED
    ca_file: Path | None = None
    folder: str = "INBOX"
    processed_folder: str = "Processed"
    rejected_folder: str = "Rejected"
    trusted_host: str | None = None
    max_bytes: int = MAX_DELIVERY_BYTES
    poll_seconds: float = 60.0
    timeout_seconds: float = 30.0

    def __post_init__(self) -> None:
        """Raise `ConfigurationError` for settings that cannot work."""
        if (self.password is None) == (self.token is None):
            raise ConfigurationError(f"Channel {self.name}: give either a password or an OAuth2 token, and not both.")
        if self.folder in {self.processed_folder, self.rejected_folder}:
            raise ConfigurationError(
                f"Channel {self.name}: mails cannot be moved from {self.folder} to the same folder. "
                "Name another processed_folder and rejected_folder."
            )

    def target(self, outcome: Settlement) -> str:
        """Return the folder for mails of this outcome."""
        return self.rejected_folder if outcome is Settlement.REFUSED else self.processed_folder

    def key(self, uidvalidity: int, uid: int) -> str:
        """Return the key of a mail: its address as an IMAP URL (RFC 5092)."""
        return f"{self.key_start}{quote(self.folder, safe='')};UIDVALIDITY={uidvalidity}/;UID={uid}"

    @property
    def key_start(self) -> str:
        """The part of a key that names user and server."""
        return f"imap://{quote(self.username, safe='@')}@{self.host}/"

    def account(self) -> Account:
        """Return what is needed to log in."""
        return Account(
            host=self.host,
            port=self.port,
            username=self.username,
            password=self.password,
            token=self.token,
            starttls=self.tls is Tls.STARTTLS,
            ca_file=self.ca_file,
            timeout_seconds=self.timeout_seconds,
        )


class MailboxChannel:
    """Yields the mails of one folder, oldest first, whatever their flags; one connection, kept open.

    A mail over the limit comes with its header's facts and a `RefusedBlob`. When the server renumbers the folder
    (UIDVALIDITY), mails that wait come again under new keys; their Message-ID tells that they are known.
    """

    kind = ChannelKind.MAILBOX

    def __init__(self, settings: MailboxSettings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._backoff = Backoff(clock)
        self._session: ImapSession | None = None
        self._listed: FolderState | None = None
        self._more = False
        self._careful = False
        self._trouble: dict[int, int] = {}
        self._lock = threading.RLock()
        self._woken = threading.Event()
        self._closed = False

    @property
    def name(self) -> str:
        """The channel's name in settings."""
        return self._settings.name

    def arrivals(self) -> Iterator[RawDocument]:
        """Yield waiting mails, fetched one by one. Raises `ChannelUnavailable`; what was not reached comes again."""
        with self._turn():
            session, uids = self._ask(self._list)
        unread: list[str] = []
        step = 1 if self._careful else MARKS_AT_ONCE
        for start in range(0, len(uids), step):
            with self._turn():
                marks = self._marks(session, uids[start : start + step])
            for mark in marks:
                with self._turn():
                    raw = self._fetch(session, mark, unread)
                if raw is not None:
                    yield raw
            if self._more and session is not self._session:
                return  # settling had to connect anew; the next look lists what is left
        if unread:
            raise ChannelUnavailable(f"{self._place} does not hand out {len(unread)} of its mails. {unread[0]}")
        self._careful = False
        self._backoff.succeeded()

    def settle(self, raw: RawDocument, outcome: Settlement) -> None:
        """Move a mail to the processed or rejected folder; nothing when it is gone or the folder was renumbered."""
        match = _KEY_END.search(raw.source_key)
        if match is None or not raw.source_key.startswith(self._settings.key_start):
            return  # taken in when this channel was another mailbox
        uidvalidity, uid = int(match[1]), int(match[2])

        def move(session: ImapSession) -> None:
            if session.state.uidvalidity == uidvalidity:
                session.move(uid, self._settings.target(outcome))

        with self._turn():
            self._ask(move)

    def wait(self, seconds: float) -> None:
        """Return when mail has come in; by IDLE where the server has it, else by asking now and then."""
        deadline = time.monotonic() + seconds
        with self._lock:
            if self._more:
                self._more = False
                return
            while not self._woken.is_set() and not self._closed and (left := deadline - time.monotonic()) > 0:
                if self._session is None:
                    self._woken.wait(min(left, self._backoff.remaining()))
                    return
                try:
                    if self._listen(self._session, left):
                        return
                except (ChannelUnavailable, *FAILURES) as error:
                    self._drop(f"{self._place} ended the connection ({_words(error)}).")

    def close(self) -> None:
        """End a wait and log out."""
        self._closed = True
        with self._turn():
            if self._session is not None:
                self._session.close()
                self._session = None

    @property
    def _place(self) -> str:
        return f"The mail server {self._settings.host}:{self._settings.port}"

    @contextlib.contextmanager
    def _turn(self) -> Iterator[None]:
        """Use the connection alone; whoever waits on it is woken first."""
        self._woken.set()
        with self._lock:
            self._woken.clear()
            yield

    def _list(self, session: ImapSession) -> tuple[ImapSession, list[int]]:
        # Opening the folder again shows a renumbering, and marks the point from which `wait` looks for news.
        before, self._listed = self._listed, self._select(session)
        uids, self._more = session.waiting()
        known = before is not None and before.uidvalidity == self._listed.uidvalidity
        self._trouble = {uid: self._trouble[uid] for uid in uids if known and uid in self._trouble}
        # One loss may be the network's; before the last try of a mail the others get their turn.
        return session, sorted(uids, key=lambda uid: (self._trouble.get(uid, 0) >= MAX_TRIES - 1, uid))

    def _marks(self, session: ImapSession, uids: list[int]) -> list[Mark]:
        if session is not self._session:
            self._more = True
            return []
        if len(uids) == 1 and self._trouble.get(uids[0], 0) >= MAX_TRIES:
            return [Mark(uids[0], 0, self._clock.now())]
        try:
            return session.marks(uids)
        except FAILURES as error:
            self._careful = True  # the next look asks for each mail alone, and so finds the one that cannot be told
            if len(uids) == 1:
                self._note_trouble(uids[0])
            self._give_up(error)

    def _note_trouble(self, uid: int) -> None:
        self._trouble[uid] = self._trouble.get(uid, 0) + 1

    def _fetch(self, session: ImapSession, mark: Mark, unread: list[str]) -> RawDocument | None:
        """Fetch one mail; one that cannot be fetched goes last before its last try and is refused after it.

        Servers end the connection over a single mail that is broken on their disk: it must not hold up the others.
        """
        if session is not self._session:
            self._more = True
            return None
        if self._trouble.get(mark.uid, 0) >= MAX_TRIES:
            reason = f"{self._place} does not hand out the mail with UID {mark.uid} of {self._settings.folder}"
            blob = RefusedBlob(mark.size, "not_handed_out", f"{reason}, tried {MAX_TRIES} times. Look at it there.")
            return self._document(mark, blob, b"")
        try:
            return self._fetched(session, mark)
        except LOST as error:
            self._note_trouble(mark.uid)
            text = f"{self._place} ended the connection ({_words(error)})."
            self._drop(text)
            raise ChannelUnavailable(text) from error
        except FAILURES as error:
            self._note_trouble(mark.uid)
            unread.append(f"For the mail with UID {mark.uid} in {self._settings.folder} it answers: {_words(error)}")
            return None

    def _fetched(self, session: ImapSession, mark: Mark) -> RawDocument | None:
        limit = self._settings.max_bytes
        if mark.size > limit:
            return self._document(mark, too_large("The mail", mark.size, limit), session.head(mark.uid) or b"")
        data = session.body(mark.uid, limit + 1)
        if data is None:
            return None  # somebody took it away since it was listed
        if len(data) > limit:  # the server had declared less
            return self._document(mark, too_large("The mail", len(data), limit), data)
        return self._document(mark, BytesBlob(data), data)

    def _document(self, mark: Mark, blob: Blob, head: bytes) -> RawDocument:
        facts = mail_head.of_mail(head[:MAX_HEAD_BYTES], self._settings.trusted_host)
        assert self._listed is not None, "listed before anything is fetched"
        return RawDocument(
            channel=self.name,
            kind=self.kind,
            source_key=self._settings.key(self._listed.uidvalidity, mark.uid),
            blob=blob,
            filename=f"mail-{mark.uid}.eml",
            media_type=facts.media_type,
            sender=facts.sender,
            received_at=mark.received_at,
            message_id=facts.message_id,
        )

    def _listen(self, session: ImapSession, seconds: float) -> bool:
        # The folder is opened afresh right before: nothing that came since the last look can slip through between.
        if self._is_news(self._select(session)):
            return True
        if not session.can_idle():
            self._woken.wait(min(seconds, self._settings.poll_seconds))
            return False
        started = time.monotonic()
        if session.idle(seconds, self._woken):
            return True
        if time.monotonic() - started < min(seconds, QUIET_SECONDS):
            self._woken.wait(min(seconds, QUIET_SECONDS))
        return False

    def _is_news(self, state: FolderState) -> bool:
        before = self._listed
        if before is None or before.uidvalidity != state.uidvalidity:
            return True
        if state.uidnext is None or before.uidnext is None:
            return state.exists > before.exists
        return state.uidnext > before.uidnext

    def _select(self, session: ImapSession) -> FolderState:
        folder = self._settings.folder
        try:
            return session.select(folder)
        except imaplib.IMAP4.readonly as error:
            raise ChannelUnavailable(
                f"{self._place} lets {self._settings.username} only read {folder}: mails could not be moved once they "
                "are stored, so none is taken. Give this user the right to delete mails there."
            ) from error

    def _ask(self, action: Callable[[ImapSession], T]) -> T:
        """Do something on the open connection; one that died meanwhile is replaced once."""
        if self._session is not None:
            try:
                return action(self._session)
            except LOST:
                self._session.abandon()
                self._session = None
            except (ChannelUnavailable, *FAILURES) as error:
                self._give_up(error)
        return self._on(self._open(), action)

    def _on(self, session: ImapSession, action: Callable[[ImapSession], T]) -> T:
        try:
            return action(session)
        except (ChannelUnavailable, *FAILURES) as error:
            self._give_up(error)

    def _give_up(self, error: Exception) -> NoReturn:
        text = str(error) if isinstance(error, ChannelUnavailable) else f"{self._place} answers: {_words(error)}."
        self._drop(text)
        raise ChannelUnavailable(text) from error

    def _drop(self, reason: str) -> None:
        if self._session is not None:
            self._session.abandon()
            self._session = None
        self._backoff.failed(reason)

    def _open(self) -> ImapSession:
        if self._closed:
            raise ChannelUnavailable(f"The channel {self.name} is closed.")
        self._backoff.check()
        settings = self._settings
        try:
            session = imap_session.connect(settings.account())
        except LogInRefused as error:
            text = f"{self._place} refuses the log-in of {settings.username} ({_words(error)}). "
            text += "Check user name and password."
            self._backoff.failed(text, for_long=True)
            raise ChannelUnavailable(text) from error
        except ssl.SSLCertVerificationError as error:
            text = (
                f"The certificate of {settings.host}:{settings.port} is not trusted ({error.verify_message}). "
                "Is this the server's right name? For a private authority set ca_file."
            )
            self._backoff.failed(text, for_long=True)
            raise ChannelUnavailable(text) from error
        except FAILURES as error:
            text = f"{self._place} cannot be reached ({_words(error)})."
            self._backoff.failed(text)
            raise ChannelUnavailable(text) from error
        self._session = session
        self._on(session, self._select)
        return session


def _words(error: Exception) -> str:
    """Return what an error says in one line, without Python's dressing."""
    text = getattr(error, "strerror", None) or str(error) or type(error).__name__
    bare = re.sub(r"^b(['\"])(.*)\1$", r"\2", str(text))  # imaplib writes bytes as Python does
    return " ".join(bare.split())[:300]
