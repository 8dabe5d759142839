"""Keys of records: ULIDs, so that within a process the order of keys is the order of birth."""

import secrets
import threading
from datetime import datetime

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
ID_LENGTH = 26
_RANDOM_BITS = 80


class _Births:
    """Remembers the last key, so that two keys of one millisecond keep their order."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last = 0

    def next(self, milliseconds: int) -> int:
        with self._lock:
            fresh = (milliseconds << _RANDOM_BITS) | secrets.randbits(_RANDOM_BITS)
            same_instant = self._last >> _RANDOM_BITS == milliseconds
            self._last = self._last + 1 + secrets.randbits(32) if same_instant else fresh
            return self._last


_BIRTHS = _Births()


def new_id(now: datetime) -> str:
    """Return a new ULID: 48 bits of milliseconds and 80 random bits, 26 characters of Crockford's base 32."""
    number = _BIRTHS.next(int(now.timestamp() * 1000))
    return "".join(_ALPHABET[(number >> shift) & 31] for shift in range(125, -1, -5))
