"""When to try a source again that could not be reached."""

from datetime import datetime, timedelta

from oms_core.errors import ChannelUnavailable
from oms_core.ports import Clock

FIRST_SECONDS = 1.0
MOST_SECONDS = 300.0


class Backoff:
    """Doubles the pause with every failure in a row, from one second to five minutes."""

    def __init__(self, clock: Clock, first: float = FIRST_SECONDS, most: float = MOST_SECONDS) -> None:
        self._clock = clock
        self._first = first
        self._most = most
        self._pause = 0.0
        self._failed_at: datetime | None = None
        self._reason = ""

    def failed(self, reason: str, *, for_long: bool = False) -> None:
        """Note a failure; `for_long` takes the longest pause at once (a refused log-in would lock the account)."""
        self._pause = self._most if for_long else min(self._pause * 2 or self._first, self._most)
        self._failed_at = self._clock.now()
        self._reason = reason

    def succeeded(self) -> None:
        """Forget the failures."""
        self._pause = 0.0
        self._failed_at = None

    def remaining(self) -> float:
        """Return the seconds until the next try; 0 when it may be made now."""
        if self._failed_at is None:
            return 0.0
        passed = (self._clock.now() - self._failed_at) / timedelta(seconds=1)
        return max(0.0, self._pause - passed) if passed >= 0 else 0.0  # a clock set back must not keep us away

    def check(self) -> None:
        """Raise `ChannelUnavailable` with the last reason when it is too early for the next try."""
        left = self.remaining()
        if left > 0:
            raise ChannelUnavailable(f"{self._reason} The next try is in {left:.0f} s.")
