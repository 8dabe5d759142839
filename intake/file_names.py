"""Names of files from outside: how they are shown, kept in keys, ignored, and made free in a target folder."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import quote_from_bytes, unquote_to_bytes

from intake.limits import MAX_NAME_CHARACTERS

PARTIAL_SUFFIXES = (".part", ".tmp", ".filepart")
"""Endings that programs give a file while they write it; it is renamed when it is whole."""

NOT_TAKEN = "refused"
"""Stands for the hash in the key of a delivery whose bytes were not read."""


@dataclass(frozen=True, slots=True)
class FileKey:
    """The key of one file delivery: its name in the folder, when it was last written, the SHA-256 of its bytes.

    The same name with other bytes or another time is another delivery.
    """

    name: bytes
    mtime_ns: int
    digest: str

    def __str__(self) -> str:
        """Write the key; bytes outside letters and digits are percent-encoded, at most about 900 characters."""
        return f"{quote_from_bytes(self.name, safe=' ()+,@')}#{self.mtime_ns}#{self.digest}"

    @classmethod
    def parse(cls, text: str) -> "FileKey":
        """Read a key back. Raises ValueError for what is none, or names a place outside the folder."""
        name, mtime_ns, hashed = text.split("#")
        raw = unquote_to_bytes(name)
        if not raw or b"/" in raw or b"\0" in raw or raw in {b".", b".."}:
            raise ValueError(f"{text!r} names no file of this folder")
        return cls(raw, int(mtime_ns), hashed)


def shown(name: bytes) -> str:
    """Return a file name as people may be shown it: decoded, without control characters, of bounded length."""
    text = name.decode("utf-8", "replace")
    return "".join(c if c.isprintable() else "\ufffd" for c in text)[:MAX_NAME_CHARACTERS]


def is_unfinished(name: bytes) -> bool:
    """Say whether a name is a hidden one or one of a file that is still being written."""
    return name.startswith(b".") or name.lower().endswith(tuple(suffix.encode() for suffix in PARTIAL_SUFFIXES))


def free_name(name: str, is_taken: Callable[[str], bool]) -> str:
    """Return `name`, or `name` with the next free number before its suffix (`order-2.csv`).

    Asks `is_taken` about as often as the number has binary digits: a partner may send `ORDERS.csv` every day for years.
    """
    if not is_taken(name):
        return name
    path = PurePosixPath(name)
    number = _first_free(lambda n: is_taken(f"{path.stem}-{n}{path.suffix}"))
    return f"{path.stem}-{number}{path.suffix}"


def _first_free(is_taken: Callable[[int], bool]) -> int:
    low, high = 1, 2  # 1 counts as taken: it is the name without a number
    while is_taken(high):
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if is_taken(middle) else (low, middle)
    return high
