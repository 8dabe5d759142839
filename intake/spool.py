"""A folder for files on their way from an SFTP server into the document store."""

import contextlib
import fcntl
import os
import shutil
import tempfile
from pathlib import Path
from urllib.parse import quote

from oms_core.errors import ChannelUnavailable

_LOCK = "lock"


class Spool:
    """A private subfolder of `folder`, held by a lock; it goes with `close`, or with the next start after a crash."""

    def __init__(self, folder: Path, channel: str) -> None:
        start = f"{quote(channel, safe='')}-"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for left in folder.glob(f"{start}*/{_LOCK}"):
                _remove_if_dead(left)
            self._folder = Path(tempfile.mkdtemp(prefix=start, dir=folder))
            self._lock = os.open(self._folder / _LOCK, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise unusable(folder, error) from error
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        self._count = 0

    def place(self) -> Path:
        """Return a path for one more file."""
        self._count += 1
        return self._folder / str(self._count)

    def close(self) -> None:
        """Remove the folder with all that is in it."""
        shutil.rmtree(self._folder, ignore_errors=True)
        with contextlib.suppress(OSError):
            os.close(self._lock)


def unusable(folder: Path, error: OSError) -> ChannelUnavailable:
    """Say that files cannot be put there."""
    return ChannelUnavailable(
        f"Files cannot be kept in the spool folder {folder} ({error.strerror}). Is there room, may Ordermill write?"
    )


def _remove_if_dead(lock: Path) -> None:
    with contextlib.suppress(OSError), lock.open("r+b") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)  # fails while its process lives
        shutil.rmtree(lock.parent, ignore_errors=True)
