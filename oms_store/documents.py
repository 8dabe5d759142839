"""The document store: bytes under the name of their hash, written whole and for good before anything refers to them."""

import hashlib
import os
import re
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from oms_core.errors import NotFound, UnreadableDocument
from oms_core.values.document import Blob

_CHUNK = 1024 * 1024
_HASH = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class StoredBlob:
    """Bytes in the store."""

    path: Path
    size: int

    def open(self) -> BinaryIO:
        """Open a fresh handle at the start."""
        return self.path.open("rb")


@dataclass(frozen=True, slots=True)
class DocumentStore:
    """A folder of files named by SHA-256, two levels deep; the same bytes are kept once."""

    root: Path

    def put(self, blob: Blob, limit: int) -> tuple[str, int]:
        """Keep the bytes and return their hash and size; they are on disk when this returns.

        Raises UnreadableDocument (`too_large`) past `limit` bytes.
        """
        staging = self.root / "staging"
        staging.mkdir(parents=True, exist_ok=True)
        part = staging / f"{secrets.token_hex(16)}.part"
        try:
            sha256, size = _copy(blob, part, limit)
            target = self._path(sha256)
            if target.exists():
                part.unlink()
            else:
                target.parent.mkdir(parents=True, exist_ok=True)
                part.rename(target)
                _sync_folder(target.parent)
        finally:
            part.unlink(missing_ok=True)
        return sha256, size

    def get(self, sha256: str) -> StoredBlob:
        """Return the bytes under this hash. Raises NotFound when the file is gone."""
        path = self._path(sha256)
        if not path.is_file():
            raise NotFound(
                f"the stored document {sha256[:12]}… is missing from {self.root}; restore the folder from a backup"
            )
        return StoredBlob(path, path.stat().st_size)

    def _path(self, sha256: str) -> Path:
        if not _HASH.fullmatch(sha256):
            raise NotFound(f"{sha256[:80]!r} is not the hash of a stored document")
        return self.root / sha256[:2] / sha256[2:4] / sha256


def _copy(blob: Blob, part: Path, limit: int) -> tuple[str, int]:
    digest = hashlib.sha256()
    size = 0
    with blob.open() as source, part.open("xb") as target:
        while chunk := source.read(_CHUNK):
            size += len(chunk)
            if size > limit:
                raise UnreadableDocument("too_large", f"the document is larger than the limit of {limit:,} bytes")
            digest.update(chunk)
            target.write(chunk)
        target.flush()
        os.fsync(target.fileno())
    return digest.hexdigest(), size


def _sync_folder(folder: Path) -> None:
    for place in (folder, folder.parent, folder.parent.parent):
        handle = os.open(place, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
