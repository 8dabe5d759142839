"""Run the channels: one thread each, in the worker that leads; store first, settle after."""

import threading
from dataclasses import dataclass
from datetime import timedelta

import structlog

from oms_core.errors import ChannelUnavailable, LeaseLost
from oms_core.ports import Channel
from oms_core.records import ChannelStatus
from oms_flow.house import House
from oms_flow.receive import receive

MAX_PAUSE_SECONDS = 60.0
"""The longest pause after a channel could not be reached."""
NOTE_EVERY = timedelta(seconds=5)
"""How often the dashboard hears of looks that brought nothing new."""
_LOG = structlog.get_logger("ordermill.channels")


@dataclass(slots=True)
class ChannelLoop:
    """Polls one channel until it is stopped; an unreachable source is tried again ever more slowly."""

    house: House
    channel: Channel
    poll_seconds: float
    stopping: threading.Event
    describes: str = ""

    def run(self) -> None:
        """Look, take, wait, again."""
        pause = self.poll_seconds
        while not self.stopping.is_set():
            try:
                taken = self.look()
                self._note(available=True, message="", arrived=taken > 0)
                pause = self.poll_seconds
                if not taken:
                    self.channel.wait(self.poll_seconds)
            except ChannelUnavailable as problem:
                if self.stopping.is_set():
                    break
                _LOG.warning("channel.unavailable", channel=self.channel.name, problem=str(problem))
                self._note(available=False, message=str(problem), arrived=False)
                self.stopping.wait(pause)
                pause = min(pause * 2, MAX_PAUSE_SECONDS)
            except LeaseLost:
                return
            except Exception:  # noqa: BLE001  # see the next line
                # One bad delivery or a fault of ours must not end the channel: say so, wait, look again.
                _LOG.exception("channel.failed", channel=self.channel.name)
                self.stopping.wait(pause)
                pause = min(pause * 2, MAX_PAUSE_SECONDS)
        self.channel.close()

    def look(self) -> int:
        """Store and settle everything that waits at the source; returns how much there was."""
        count = 0
        for raw in self.channel.arrivals():
            outcome = receive(self.house, raw)
            self.channel.settle(raw, outcome)
            _LOG.info("delivery", channel=self.channel.name, source_key=raw.source_key, outcome=outcome.value)
            count += 1
            if self.stopping.is_set():
                break
        return count

    def _note(self, *, available: bool, message: str, arrived: bool) -> None:
        with self.house.store.write("channel.status") as unit:
            row = unit.session.get(ChannelStatus, self.channel.name)
            if row is None:
                row = ChannelStatus(name=self.channel.name, kind=self.channel.kind)
                unit.session.add(row)
            looked = row.last_look_at is None or unit.now - row.last_look_at > NOTE_EVERY
            if not (looked or arrived or row.available != available):
                return
            row.available, row.message, row.last_look_at = available, message[:500], unit.now
            row.describes = self.describes
            if arrived:
                row.last_arrival_at = unit.now
