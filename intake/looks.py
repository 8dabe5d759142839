"""When a file is whole: its size and time stood still between two looks."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum


class TakeWhen(StrEnum):
    """When a file is taken."""

    RENAMED = "renamed"
    """At once: the partner writes under another name (`.part`, a dot in front) and renames when it is whole."""
    SETTLED = "settled"
    """When size and time did not change between two looks: the partner writes under the final name."""


Stand = tuple[int, int]
"""Size in bytes and time of the last change in nanoseconds."""


class Looks:
    """Remembers how each file stood since when; forgets files that are gone."""

    def __init__(self, when: TakeWhen, settle_seconds: float) -> None:
        self._when = when
        self._settle = timedelta(seconds=settle_seconds)
        self._since: dict[bytes, tuple[Stand, datetime]] = {}
        self.growing = False
        """Whether the last look found files that may still be written."""

    def whole(self, seen: Mapping[bytes, Stand], now: datetime) -> set[bytes]:
        """Return the names of the files that may be taken, after one more look at all of them."""
        if self._when is TakeWhen.RENAMED:
            return set(seen)
        before, self._since = self._since, {}
        ready = set()
        for name, stand in seen.items():
            known, since = before.get(name, (None, now))
            unchanged = known == stand and since <= now  # a clock that was set back starts the time anew
            self._since[name] = (stand, since if unchanged else now)
            if unchanged and now - since >= self._settle:
                ready.add(name)
        self.growing = len(ready) < len(seen)
        return ready
