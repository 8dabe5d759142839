"""Files written whole or not at all, under names that cannot leave their folder."""

import hashlib
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from oms_core.errors import PartnerRejected, PartnerUnavailable

MAX_NAME_LENGTH = 1_000
"""Longest key or name from outside that is turned into a file name."""

_KEPT_LENGTH = 80
_DIGEST_LENGTH = 16
_SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+)*", re.ASCII)
_UNSAFE_RUN = re.compile(r"[^A-Za-z0-9_-]+", re.ASCII)


def safe_name(text: str, suffix: str = "") -> str:
    """Return a file name for a key or name from outside: never a path, never hidden, never the same for two texts.

    Letters, digits, dash, underscore and single dots inside stay as they are. Anything else is replaced, and a
    digest of the whole text is put behind it, so that two texts never share a name.

    Raises `PartnerRejected` for a text that is empty, overlong or no valid Unicode.

    >>> safe_name("order-17", ".json")
    'order-17.json'
    >>> safe_name("../../etc/passwd").startswith("etc-passwd-")
    True
    """
    if not text or len(text) > MAX_NAME_LENGTH:
        raise PartnerRejected(
            f"A file name of {len(text)} characters cannot be used: give a key of 1 to {MAX_NAME_LENGTH} characters."
        )
    if len(text) <= _KEPT_LENGTH and _SAFE.fullmatch(text):
        return text + suffix
    try:
        digest = hashlib.sha256(text.encode()).hexdigest()[:_DIGEST_LENGTH]
    except UnicodeEncodeError as error:
        raise PartnerRejected(f"The name {text!r} is not valid text. Give another one.") from error
    kept = _UNSAFE_RUN.sub("-", text).strip("-_")[:_KEPT_LENGTH]
    return (f"{kept}-{digest}" if kept else digest) + suffix


def write_whole(folder: Path, name: str, data: bytes) -> None:
    """Write one file so that a reader sees all of it or none, also after a power cut; an older one is replaced.

    `name` must come from `safe_name`. Raises `PartnerUnavailable` when the folder cannot be written.
    """
    with folder_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        # Hidden and ending in .part: whoever fetches *.json or *.eml never sees it.
        scratch = folder / f".{secrets.token_hex(8)}.part"
        try:
            _write_synced(scratch, data)
            scratch.replace(folder / name)
        except BaseException:
            scratch.unlink(missing_ok=True)
            raise
        _sync_folder(folder)


@contextmanager
def folder_errors(folder: Path) -> Iterator[None]:
    """Turn the operating system's errors about a folder into a sentence that names it."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise PartnerUnavailable(
            f"The folder {folder} cannot be used: {reason}. Check that it exists, has room and may be written."
        ) from error


def _write_synced(path: Path, data: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o640)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    # The new name is on the disk only once the folder itself is.
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
