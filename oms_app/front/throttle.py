"""Slow down who guesses passwords from one address, whatever names they try."""

import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

FAILURES_PER_ADDRESS = 60
"""Wrong log-ins of one address in the window; an office behind one address stays well below."""
WINDOW_MINUTES = 15
MAX_ADDRESSES = 10_000
"""Addresses remembered; the longest unseen is forgotten first."""


@dataclass(slots=True)
class Throttle:
    """Counts failures by address, in this process only; names are counted in the database beside it."""

    _seen: "OrderedDict[str, tuple[datetime, int]]" = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def blocks(self, address: str, now: datetime) -> bool:
        """Whether this address has to wait."""
        with self._lock:
            since, count = self._seen.get(address, (now, 0))
        return count >= FAILURES_PER_ADDRESS and now - since < timedelta(minutes=WINDOW_MINUTES)

    def __len__(self) -> int:
        """Return how many addresses are remembered."""
        return len(self._seen)

    def failed(self, address: str, now: datetime) -> None:
        """Count one failure."""
        with self._lock:
            since, count = self._seen.pop(address, (now, 0))
            if now - since >= timedelta(minutes=WINDOW_MINUTES):
                since, count = now, 0
            self._seen[address] = (since, count + 1)
            while len(self._seen) > MAX_ADDRESSES:
                self._seen.popitem(last=False)
