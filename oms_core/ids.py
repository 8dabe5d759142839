"""Keys of records: ULIDs, so that the order of keys is the order of birth."""

import secrets
from datetime import datetime

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
ID_LENGTH = 26


def new_id(now: datetime) -> str:
    """Return a new ULID: 48 bits of milliseconds and 80 random bits, 26 characters of Crockford's base 32."""
    number = (int(now.timestamp() * 1000) << 80) | secrets.randbits(80)
    return "".join(_ALPHABET[(number >> shift) & 31] for shift in range(125, -1, -5))
