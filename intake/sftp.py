"""A folder on a partner's or our own SFTP server: files are fetched when whole and renamed once they are stored."""

import contextlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from intake import file_names, host_key, mail_head
from intake.backoff import Backoff
from intake.blobs import FileBlob, RefusedBlob, too_large
from intake.file_names import NOT_TAKEN, FileKey
from intake.limits import MAX_ARRIVALS, MAX_DELIVERY_BYTES
from intake.looks import Looks, TakeWhen
from intake.sftp_session import Access, NotLetIn, RemoteFile, SftpLost, SftpRefused, SftpSession, SpoolFull
from intake.spool import Spool, unusable
from oms_core.errors import ChannelUnavailable, ConfigurationError
from oms_core.ports import Clock
from oms_core.values.counting import counted
from oms_core.values.document import Blob, ChannelKind, RawDocument, SenderFacts
from oms_core.values.outbound import Settlement

T = TypeVar("T")

_NANOSECONDS = 1_000_000_000


@dataclass(frozen=True, slots=True)
class SftpSettings:
    """One folder of one server; `done` and `error` are the folders for settled files, made where they are missing.

    `host_key` pins the server's key: a known_hosts line or a fingerprint; several for a change of keys. Give either
    `key_file` or `password`. `spool` is a local folder for files on their way. `partner` is our name for who sends.
    """

    name: str
    host: str
    username: str
    host_key: tuple[str, ...]
    pending: str
    done: str
    error: str
    spool: Path
    port: int = 22
    key_file: Path | None = None
    passphrase: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)
    take: TakeWhen = TakeWhen.SETTLED
    settle_seconds: float = 5.0
    poll_seconds: float = 30.0
    timeout_seconds: float = 30.0
    max_bytes: int = MAX_DELIVERY_BYTES
    partner: str | None = None
    trusted_host: str | None = None

    def __post_init__(self) -> None:
        """Raise `ConfigurationError` for settings that cannot work."""
        if not self.host_key:
            raise ConfigurationError(
                f"Channel {self.name}: host_key is missing. Ask the partner for the server's key or its fingerprint; "
                "without it nobody knows who is at the other end."
            )
        if (self.password is None) == (self.key_file is None):
            raise ConfigurationError(f"Channel {self.name}: give either a key_file or a password, and not both.")
        if len({folder.rstrip("/") for folder in (self.pending, self.done, self.error)}) != 3:  # noqa: PLR2004 - each its own
            raise ConfigurationError(f"Channel {self.name}: pending, done and error must be three different folders.")

    def access(self) -> Access:
        """Return what is needed to enter. Raises `ConfigurationError` for a host key that is none."""
        return Access(
            host=self.host,
            port=self.port,
            username=self.username,
            host_keys=tuple(host_key.parse(text) for text in self.host_key),
            key_file=self.key_file,
            passphrase=self.passphrase,
            password=self.password,
            timeout_seconds=self.timeout_seconds,
        )


@dataclass(frozen=True, slots=True)
class _Held:
    stand: RemoteFile
    raw: RawDocument


class SftpChannel:
    """Yields the files of one remote folder, oldest first; fetched one by one into the spool, kept there till settled.

    A file over the limit, or one that is no regular file, is not fetched and comes with a `RefusedBlob`.
    """

    kind = ChannelKind.SFTP

    def __init__(self, settings: SftpSettings, clock: Clock) -> None:
        self._settings = settings
        self._access = settings.access()
        self._pending = settings.pending.encode()
        self._clock = clock
        self._looks = Looks(settings.take, settings.settle_seconds)
        self._backoff = Backoff(clock)
        self._session: SftpSession | None = None
        self._spool: Spool | None = None
        self._held: dict[bytes, _Held] = {}
        self._more = False
        self._lock = threading.RLock()
        self._closed = threading.Event()

    @property
    def name(self) -> str:
        """The channel's name in settings."""
        return self._settings.name

    def arrivals(self) -> Iterator[RawDocument]:
        """Yield the files that are whole. Raises `ChannelUnavailable`; what was not reached comes again."""
        with self._lock:
            waiting = self._waiting()
        unread: list[str] = []
        for name, stand in waiting:
            with self._lock:
                raw = self._raw(name, stand, unread)
            if raw is not None:
                yield raw
        if unread:
            raise ChannelUnavailable(
                f"{self._access.place} does not hand out {counted(len(unread), 'file')}: {unread[0]}."
            )
        self._backoff.succeeded()

    def settle(self, raw: RawDocument, outcome: Settlement) -> None:
        """Rename the file into the done or error folder; nothing where it is gone or is another one by now."""
        key = FileKey.parse(raw.source_key)
        path = self._path(key.name)
        target = self._settings.error if outcome is Settlement.REFUSED else self._settings.done

        def move(session: SftpSession) -> None:
            stand = session.look(path)
            if stand is not None and (stand.mtime * _NANOSECONDS, stand.size) == (key.mtime_ns, raw.blob.size):
                session.move(path, target.encode())

        with self._lock:
            self._ask(move, f"move {file_names.shown(key.name)} to {target}")
            self._let_go(key.name)

    def wait(self, seconds: float) -> None:
        """Return when it is time to look again: SFTP servers do not tell of new files."""
        if self._more:
            self._more = False
            return
        shortest = self._settings.settle_seconds if self._looks.growing else self._settings.poll_seconds
        self._closed.wait(min(seconds, shortest))

    def close(self) -> None:
        """End a wait, close the connection and remove what is in the spool."""
        self._closed.set()
        with self._lock:
            self._leave()
            self._held.clear()
            if self._spool is not None:
                self._spool.close()
                self._spool = None

    def _waiting(self) -> list[tuple[bytes, RemoteFile]]:
        seen = self._ask(lambda session: session.listing(self._pending), f"list {self._settings.pending}")
        for name in [name for name, held in self._held.items() if seen.get(name) != held.stand]:
            self._let_go(name)
        whole = self._looks.whole({n: (f.size, f.mtime) for n, f in seen.items()}, self._clock.now())
        found = sorted(((n, seen[n]) for n in whole), key=lambda item: (item[1].mtime, item[0]))
        self._more = len(found) > MAX_ARRIVALS
        return found[:MAX_ARRIVALS]

    def _raw(self, name: bytes, stand: RemoteFile, unread: list[str]) -> RawDocument | None:
        if name in self._held:
            return self._held[name].raw  # fetched before and not settled since
        filename = file_names.shown(name)
        refused = self._refusal(filename, stand)
        if refused is not None:
            facts = mail_head.Facts(SenderFacts(partner=self._partner))
            return self._document(name, stand, NOT_TAKEN, refused, facts)
        try:
            raw = self._on(self._open(), lambda session: self._fetch(session, name, stand))
        except SftpRefused as error:
            unread.append(f"for {filename} it answers '{error}'")
            return None
        if raw is not None:
            self._held[name] = _Held(stand, raw)
        return raw

    def _refusal(self, filename: str, stand: RemoteFile) -> RefusedBlob | None:
        if not stand.is_regular:
            reason = f"{filename} in {self._settings.pending} is no regular file (a link, a pipe or a device)."
            return RefusedBlob(stand.size, "not_a_file", f"{reason} Put the file itself there.")
        if stand.size > self._settings.max_bytes:
            return too_large(f"The file {filename}", stand.size, self._settings.max_bytes)
        return None

    def _fetch(self, session: SftpSession, name: bytes, stand: RemoteFile) -> RawDocument | None:
        """Fetch one file; None when it changed meanwhile."""
        self._spool = self._spool or Spool(self._settings.spool, self.name)
        place = self._spool.place()
        raw = None
        try:
            hashed = session.fetch(self._path(name), place, stand.size)
            if hashed is not None and session.look(self._path(name)) == stand:
                blob = FileBlob.at(place)
                facts = mail_head.of_file(blob, file_names.shown(name), self._settings.trusted_host, self._partner)
                raw = self._document(name, stand, hashed, blob, facts)
        except SpoolFull as error:
            raise unusable(self._settings.spool, error.error) from error
        finally:
            if raw is None:
                place.unlink(missing_ok=True)
        return raw

    def _document(self, name: bytes, stand: RemoteFile, hashed: str, blob: Blob, facts: mail_head.Facts) -> RawDocument:
        return RawDocument(
            channel=self.name,
            kind=self.kind,
            source_key=str(FileKey(name, stand.mtime * _NANOSECONDS, hashed)),
            blob=blob,
            filename=file_names.shown(name),
            media_type=facts.media_type,
            sender=facts.sender,
            received_at=self._clock.now(),  # the file's own time is the sender's to choose
            message_id=facts.message_id,
        )

    @property
    def _partner(self) -> str:
        return self._settings.partner or self._settings.username

    def _path(self, name: bytes) -> bytes:
        return self._pending.rstrip(b"/") + b"/" + name

    def _let_go(self, name: bytes) -> None:
        held = self._held.pop(name, None)
        if held is not None and isinstance(held.raw.blob, FileBlob):
            held.raw.blob.path.unlink(missing_ok=True)

    def _ask(self, action: Callable[[SftpSession], T], doing: str) -> T:
        """Do something on the open connection; one that died meanwhile is replaced once."""
        try:
            if self._session is not None:
                with contextlib.suppress(SftpLost):
                    return action(self._session)
                self._leave()
            return self._on(self._open(), action)
        except SftpRefused as error:
            text = f"{self._access.place} refuses to {doing} ({error})."
            self._backoff.failed(text)
            raise ChannelUnavailable(text) from error

    def _on(self, session: SftpSession, action: Callable[[SftpSession], T]) -> T:
        try:
            return action(session)
        except SftpLost as error:
            self._leave()
            self._backoff.failed(str(error))
            raise ChannelUnavailable(str(error)) from error

    def _open(self) -> SftpSession:
        if self._session is not None:
            return self._session
        if self._closed.is_set():
            raise ChannelUnavailable(f"The channel {self.name} is closed.")
        self._backoff.check()
        try:
            self._session = SftpSession(self._access)
        except SftpLost as error:
            self._backoff.failed(str(error), for_long=isinstance(error, NotLetIn))
            raise ChannelUnavailable(str(error)) from error
        return self._session

    def _leave(self) -> None:
        if self._session is not None:
            self._session.close()
            self._session = None
