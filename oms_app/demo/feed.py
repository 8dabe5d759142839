"""Deliver the demo orders as their senders would: a mail to the mail server, a file to a folder, an upload."""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from intake.upload import UploadChannel, UploadSettings
from oms_app.demo.chance import chance
from oms_app.demo.outcome import UPLOAD_CHANNEL, Outcome, channel_name, outcome, outcomes
from oms_app.demo.planned import DemoOrder
from oms_core.values import BytesBlob, ChannelKind
from oms_flow.house import House
from oms_flow.receive import receive

SECONDS = 30.0
"""How long feeding takes when it is not to be fast."""
PATIENCE_SECONDS = 120.0
"""How long an order may take to come to rest before the next step goes on without it."""
LOOK_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class Doors:
    """The ways in: where a mail is delivered, and the folder behind each file channel, by the channel's name."""

    mail: Callable[[str, bytes], None]
    folders: Mapping[str, Path]


@dataclass(slots=True)
class Feeder:
    """Feeds a list of orders; ends early when `stopping` is set."""

    house: House
    doors: Doors
    orders: Sequence[DemoOrder]
    seed: int
    fast: bool = False
    stopping: threading.Event = field(default_factory=threading.Event)

    def run(self) -> tuple[Outcome, ...]:
        """Deliver everything, wait until all is at rest, and say what became of each."""
        pause = 0.0 if self.fast else SECONDS / max(1, len(self.orders))
        known = {order.name: order for order in self.orders}
        for order in in_turn(self.orders, self.seed):
            if self.stopping.is_set():
                break
            if order.after is not None:
                self._wait_for([known[order.after]])
            self._deliver(order)
            self.stopping.wait(pause)
        self._wait_for(self.orders)
        with self.house.store.read() as session:
            return outcomes(session, self.orders)

    def _deliver(self, order: DemoOrder) -> None:
        if order.channel is ChannelKind.MAILBOX:
            self.doors.mail(order.filename, order.data)
        elif order.channel is ChannelKind.UPLOAD:
            self._upload(order)
        else:
            drop(self.doors.folders[channel_name(order)], order.filename, order.data)

    def _upload(self, order: DemoOrder) -> None:
        clock = self.house.store.clock
        channel = UploadChannel(UploadSettings(UPLOAD_CHANNEL, max_bytes=self.house.limits.bytes), clock)
        raw = channel.take(
            BytesBlob(order.data), filename=order.filename, upload_id=f"demo-{order.name}", partner=order.sender
        )
        channel.settle(raw, receive(self.house, raw))

    def _wait_for(self, orders: Sequence[DemoOrder]) -> None:
        """Wait until these orders are at rest."""
        waiting = list(orders)
        for _ in range(int(PATIENCE_SECONDS / LOOK_SECONDS)):
            with self.house.store.read() as session:
                waiting = [order for order in waiting if not outcome(session, order).at_rest]
            if not waiting or self.stopping.wait(LOOK_SECONDS):
                return


def in_turn(orders: Sequence[DemoOrder], seed: int) -> list[DemoOrder]:
    """Mix the channels, the same way for the same seed; what follows on an earlier order comes last."""
    first = [order for order in orders if order.after is None]
    chance(seed, "turn").shuffle(first)
    return [*first, *(order for order in orders if order.after is not None)]


def drop(folder: Path, filename: str, data: bytes) -> None:
    """Put a file into a watched folder, whole at once: written under another name, then renamed."""
    part = folder / f".{filename}.part"
    part.write_bytes(data)
    part.rename(folder / filename)
