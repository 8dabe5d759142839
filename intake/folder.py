"""A watched directory: files are taken when they are whole and moved to a subfolder once they are stored."""

import os
import stat
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from intake import file_names, mail_head
from intake.blobs import FileBlob, RefusedBlob, digest, too_large
from intake.file_names import NOT_TAKEN, FileKey
from intake.limits import MAX_ARRIVALS, MAX_DELIVERY_BYTES, MAX_LISTED
from intake.looks import Looks, TakeWhen
from oms_core.errors import ChannelUnavailable, ConfigurationError
from oms_core.ports import Clock
from oms_core.values.document import Blob, ChannelKind, RawDocument, SenderFacts
from oms_core.values.outbound import Settlement

POLL_SECONDS = 0.25
"""How often a waiting channel asks the directory for its time of change."""


@dataclass(frozen=True, slots=True)
class FolderSettings:
    """One watched directory; `done`, `duplicate` and `error` are names of subfolders in it.

    `partner` is our name for whoever may write there. `trusted_host` is the mail server whose Authentication-Results
    are believed in `.eml` files.
    """

    name: str
    path: Path
    take: TakeWhen = TakeWhen.SETTLED
    settle_seconds: float = 2.0
    done: str = "done"
    duplicate: str = "duplicate"
    error: str = "error"
    max_bytes: int = MAX_DELIVERY_BYTES
    partner: str | None = None
    trusted_host: str | None = None

    def __post_init__(self) -> None:
        """Raise `ConfigurationError` for a subfolder that is not one."""
        for word in (self.done, self.duplicate, self.error):
            if not word or "/" in word or word in {".", ".."}:
                raise ConfigurationError(
                    f"Channel {self.name}: {word!r} is no name of a subfolder; write a plain name such as done."
                )

    def target(self, outcome: Settlement) -> Path:
        """Return the subfolder for files of this outcome."""
        names = {
            Settlement.STORED: self.done,
            Settlement.DUPLICATE: self.duplicate,
            Settlement.REFUSED: self.error,
        }
        return self.path / names[outcome]


class FolderChannel:
    """Takes files from one directory, oldest first; subdirectories, hidden and partial files are left alone.

    What is no regular file (a link, a pipe) or is over the limit is yielded with a `RefusedBlob`.
    """

    kind = ChannelKind.FOLDER

    def __init__(self, settings: FolderSettings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._looks = Looks(settings.take, settings.settle_seconds)
        self._looked_at: int | None = None
        self._more = False
        self._closed = threading.Event()

    @property
    def name(self) -> str:
        """The channel's name in settings."""
        return self._settings.name

    def arrivals(self) -> Iterator[RawDocument]:
        """Yield the files that are whole. Raises `ChannelUnavailable` for a folder or, at the end, a file not readable.

        The key is made of name, time of change and SHA-256: a file that was stored but not yet moved comes again under
        the same key.
        """
        forbidden: list[str] = []
        for name, status in self._waiting():
            try:
                raw = self._raw(name, status)
            except PermissionError:
                forbidden.append(file_names.shown(name))
                continue
            except OSError:
                continue  # moved away or changed since it was listed; the next look tells
            if raw is not None:
                yield raw
        if forbidden:
            raise ChannelUnavailable(
                f"The file {forbidden[0]} in {self._settings.path} (and {len(forbidden) - 1} more) may not be read "
                "by the user that runs Ordermill. Give it the right to read, or take the file away."
            )

    def settle(self, raw: RawDocument, outcome: Settlement) -> None:
        """Move the file to the outcome's subfolder under a free name; nothing where it is gone or another one now."""
        key = FileKey.parse(raw.source_key)
        source = self._settings.path / os.fsdecode(key.name)
        try:
            status = source.lstat()
        except FileNotFoundError:
            return
        if (status.st_mtime_ns, status.st_size) != (key.mtime_ns, raw.blob.size):
            return  # replaced since: it will arrive as the other delivery that it is
        target = self._settings.target(outcome)
        try:
            target.mkdir(exist_ok=True)
            _move(source, target)
        except FileNotFoundError:
            return  # somebody else moved it at the same time
        except OSError as error:
            raise ChannelUnavailable(
                f"The file {file_names.shown(key.name)} cannot be moved to {target} ({error.strerror}). "
                "It stays where it is; give the user that runs Ordermill the right to write there."
            ) from error

    def wait(self, seconds: float) -> None:
        """Return when the directory has changed or a growing file should be looked at again."""
        if self._more:
            return
        if self._looks.growing:
            seconds = min(seconds, self._settings.settle_seconds)
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0 and self._changed_at() == self._looked_at:
            if self._closed.wait(min(left, POLL_SECONDS)):
                return

    def close(self) -> None:
        """End a wait; there is nothing else to let go of."""
        self._closed.set()

    def _changed_at(self) -> int | None:
        try:
            return self._settings.path.stat().st_mtime_ns
        except OSError:
            return self._looked_at  # the next look says what is wrong; waiting need not

    def _waiting(self) -> list[tuple[bytes, os.stat_result]]:
        """List whole files, oldest first."""
        try:
            # The time first: a file that comes during the listing then counts as a change.
            self._looked_at = self._settings.path.stat().st_mtime_ns
            seen = dict(_listing(self._settings.path))
        except OSError as error:
            self._looked_at = None
            raise ChannelUnavailable(
                f"The folder {self._settings.path} of channel {self.name} cannot be read ({error.strerror}). "
                "Is it there, is its disk mounted, may the user that runs Ordermill read it?"
            ) from error
        whole = self._looks.whole({n: (s.st_size, s.st_mtime_ns) for n, s in seen.items()}, self._clock.now())
        found = sorted(((n, seen[n]) for n in whole), key=lambda item: (item[1].st_mtime_ns, item[0]))
        self._more = len(found) > MAX_ARRIVALS
        return found[:MAX_ARRIVALS]

    def _raw(self, name: bytes, status: os.stat_result) -> RawDocument | None:
        path = self._settings.path / os.fsdecode(name)
        filename = file_names.shown(name)
        refused = self._refusal(filename, status)
        if refused:
            facts = mail_head.Facts(SenderFacts(partner=self._settings.partner))
            return self._document(FileKey(name, status.st_mtime_ns, NOT_TAKEN), refused, status, facts)
        blob = FileBlob.at(path)
        if (blob.size, blob.mtime_ns) != (status.st_size, status.st_mtime_ns):
            return None  # still being written
        try:
            hashed = digest(blob)
            facts = mail_head.of_file(blob, filename, self._settings.trusted_host, self._settings.partner)
            if FileBlob.at(path) != blob:
                return None
        except ChannelUnavailable as error:
            if isinstance(error.__cause__, PermissionError):
                raise error.__cause__ from None
            return None  # gone or changed while it was read
        return self._document(FileKey(name, blob.mtime_ns, hashed), blob, status, facts)

    def _refusal(self, filename: str, status: os.stat_result) -> RefusedBlob | None:
        if not stat.S_ISREG(status.st_mode):
            reason = f"{filename} in {self._settings.path} is no regular file (a link, a pipe or a device)."
            return RefusedBlob(status.st_size, "not_a_file", f"{reason} Put the file itself there.")
        if status.st_size > self._settings.max_bytes:
            return too_large(f"The file {filename}", status.st_size, self._settings.max_bytes)
        return None

    def _document(self, key: FileKey, blob: Blob, status: os.stat_result, facts: mail_head.Facts) -> RawDocument:
        return RawDocument(
            channel=self.name,
            kind=self.kind,
            source_key=str(key),
            blob=blob,
            filename=file_names.shown(key.name),
            media_type=facts.media_type,
            sender=facts.sender,
            # Writers may keep an old time of change; the time of the directory entry is the system's own.
            received_at=datetime.fromtimestamp(status.st_ctime, UTC),
            message_id=facts.message_id,
        )


def _listing(folder: Path) -> Iterator[tuple[bytes, os.stat_result]]:
    with os.scandir(os.fsencode(folder)) as entries:
        for count, entry in enumerate(entries):
            if count >= MAX_LISTED:
                raise ChannelUnavailable(
                    f"The folder {folder} holds more than {MAX_LISTED} names. Move what is old to another place."
                )
            if file_names.is_unfinished(entry.name) or entry.is_dir(follow_symlinks=False):
                continue
            try:
                yield entry.name, entry.stat(follow_symlinks=False)
            except FileNotFoundError:
                continue  # moved away while we listed


def _move(source: Path, folder: Path) -> None:
    """Move a file without ever replacing one; tries the next free name when somebody else was faster."""
    while True:
        target = folder / file_names.free_name(source.name, lambda name: os.path.lexists(folder / name))
        try:
            # A link never replaces what is there; a rename would.
            os.link(source, target, follow_symlinks=False)
        except FileExistsError:
            continue
        except FileNotFoundError:
            raise
        except OSError:
            source.rename(target)  # no hard links here, or not for a file of another user
            return
        source.unlink()
        return
