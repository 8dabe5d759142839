"""Bytes that stand in a file, and deliveries that are known but not taken."""

import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from oms_core.errors import ChannelUnavailable, UnreadableDocument
from oms_core.values.document import Blob

CHUNK_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class FileBlob:
    """A regular file as it was when it was looked at; `inode`, `size` and `mtime_ns` tell another file by that name."""

    path: Path
    size: int
    mtime_ns: int
    inode: int

    @classmethod
    def at(cls, path: Path) -> "FileBlob":
        """Look at a regular file. Raises OSError where there is none (a link, a pipe, nothing)."""
        status = path.lstat()
        if not stat.S_ISREG(status.st_mode):
            raise OSError(f"{path} is not a regular file")
        return cls(path, status.st_size, status.st_mtime_ns, status.st_ino)

    def open(self) -> BinaryIO:
        """Open the file, links refused; raises `ChannelUnavailable` when it is gone or is another one by now."""
        # O_NONBLOCK: a pipe put in its place must not hold us up.
        try:
            descriptor = os.open(self.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        except OSError as error:
            raise ChannelUnavailable(
                f"The file {self.path} can no longer be opened ({error.strerror}). It is looked for again."
            ) from error
        status = os.fstat(descriptor)
        if (status.st_ino, status.st_size, status.st_mtime_ns) != (self.inode, self.size, self.mtime_ns):
            os.close(descriptor)
            raise ChannelUnavailable(
                f"The file {self.path} was changed while it was being taken. It is taken anew at the next look."
            )
        return os.fdopen(descriptor, "rb")


@dataclass(frozen=True, slots=True)
class RefusedBlob:
    """A delivery that is known by its facts only: `size` is what the source declares, its bytes stay there.

    Whoever opens it gets `UnreadableDocument` with the code and the sentence; so it can be recorded as refused, with
    the reason, and settled as such. `code` is `too_large`, `not_a_file` or `not_handed_out`.
    """

    size: int
    code: str
    reason: str

    def open(self) -> BinaryIO:
        """Raise the refusal."""
        raise UnreadableDocument(self.code, self.reason)


def too_large(what: str, size: int, limit: int) -> RefusedBlob:
    """Refuse a delivery for its size; `what` begins the sentence (`The file big.pdf`)."""
    return RefusedBlob(
        size,
        "too_large",
        f"{what} has {size} bytes; this channel takes at most {limit}. "
        "Ask the sender for a smaller one, or raise max_bytes of the channel.",
    )


def digest(blob: Blob) -> str:
    """Return the SHA-256 of a blob in hexadecimal, read in pieces."""
    seen = hashlib.sha256()
    with blob.open() as handle:
        while piece := handle.read(CHUNK_BYTES):
            seen.update(piece)
    return seen.hexdigest()
