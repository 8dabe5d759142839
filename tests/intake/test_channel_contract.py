"""What every channel promises, tried on a directory, a real Dovecot and a real OpenSSH."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest

from intake.folder import FolderChannel, FolderSettings
from intake.looks import TakeWhen
from intake.mailbox import MailboxChannel, MailboxSettings
from intake.sftp import SftpChannel, SftpSettings
from oms_app.demo.mailhost import MailHost
from oms_core.errors import ChannelUnavailable, UnreadableDocument
from oms_core.ports import Channel
from oms_core.values import RawDocument
from oms_core.values.outbound import Settlement
from tests.factory import FixedClock
from tests.run import run_folder
from tests.servers.dovecot import folder_for, need_dovecot, new_mailbox
from tests.servers.sshd import SshServer, need_sshd

MAX_BYTES = 2000


class Source(Protocol):
    """A place where orders lie, and the power to switch it off."""

    def channel(self, clock: FixedClock) -> Channel: ...
    def put(self, name: str, data: bytes) -> None: ...
    def switch_off(self) -> None: ...
    def switch_on(self) -> None: ...
    def end(self) -> None: ...


class FolderSource:
    def __init__(self, place: Path) -> None:
        self.place = place / "in"
        self.place.mkdir()
        self.count = 0

    def channel(self, clock: FixedClock) -> Channel:
        return FolderChannel(FolderSettings("in", self.place, TakeWhen.RENAMED, max_bytes=MAX_BYTES), clock)

    def put(self, name: str, data: bytes) -> None:
        self.count += 1
        (self.place / name).write_bytes(data)
        os.utime(self.place / name, (self.count, self.count))

    def switch_off(self) -> None:
        self.place.rename(self.place.with_name("away"))

    def switch_on(self) -> None:
        self.place.with_name("away").rename(self.place)

    def end(self) -> None:
        pass


class MailSource:
    def __init__(self) -> None:
        need_dovecot()
        self.host = MailHost()
        self.host.start(folder_for(f"mail{os.urandom(4).hex()}"))
        self.mailbox = new_mailbox(self.host)

    def channel(self, clock: FixedClock) -> Channel:
        account = self.mailbox.account
        settings = MailboxSettings(
            "in",
            "localhost",
            account.address,
            account.password,
            port=self.host.imaps_port,
            ca_file=self.host.ca_file,
            max_bytes=MAX_BYTES,
        )
        return MailboxChannel(settings, clock)

    def put(self, name: str, data: bytes) -> None:
        self.mailbox.deliver(b"From: a@b.example\r\nMessage-ID: <%s@b.example>\r\n\r\n%s" % (name.encode(), data))

    def switch_off(self) -> None:
        self.host.stop()

    def switch_on(self) -> None:
        self.host.start(self.host.ca_file.parent, self.host.imaps_port, self.host.lmtp_port)

    def end(self) -> None:
        self.host.stop()


class SftpSource(FolderSource):
    def __init__(self, place: Path) -> None:
        need_sshd()
        super().__init__(place)
        self.server = SshServer(run_folder() / f"sshd-{os.urandom(4).hex()}")
        self.server.start()

    def channel(self, clock: FixedClock) -> Channel:
        settings = SftpSettings(
            "in",
            "127.0.0.1",
            self.server.username,
            host_key=(self.server.host_key(),),
            pending=str(self.place),
            done=str(self.place.with_name("done")),
            error=str(self.place.with_name("error")),
            spool=self.place.with_name("spool"),
            port=self.server.port,
            key_file=self.server.client_key,
            take=TakeWhen.RENAMED,
            max_bytes=MAX_BYTES,
        )
        return SftpChannel(settings, clock)

    def switch_off(self) -> None:
        self.server.stop()

    def switch_on(self) -> None:
        self.server.start()

    def end(self) -> None:
        self.server.stop()


@pytest.fixture(
    params=["folder", pytest.param("mailbox", marks=pytest.mark.real), pytest.param("sftp", marks=pytest.mark.real)]
)
def source(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Source]:
    made: Source = {
        "folder": lambda: FolderSource(tmp_path),
        "mailbox": MailSource,
        "sftp": lambda: SftpSource(tmp_path),
    }[request.param]()
    yield made
    made.end()


@pytest.fixture
def channel(source: Source, clock: FixedClock) -> Iterator[Channel]:
    made = source.channel(clock)
    yield made
    made.close()


def order(raw: RawDocument) -> bytes:
    """Return the last line of a delivery."""
    with raw.blob.open() as handle:
        return handle.read().rstrip().splitlines()[-1]


def test_an_empty_source_has_no_arrivals(channel: Channel) -> None:
    assert not list(channel.arrivals())


def test_arrivals_come_oldest_first_and_again_until_they_are_settled(source: Source, channel: Channel) -> None:
    for name in ("b", "c", "a"):
        source.put(name, b"order " + name.encode())
    first = list(channel.arrivals())
    assert [order(raw) for raw in first] == [b"order b", b"order c", b"order a"]
    assert [raw.source_key for raw in channel.arrivals()] == [raw.source_key for raw in first]
    channel.settle(first[1], Settlement.STORED)
    assert [raw.source_key for raw in channel.arrivals()] == [first[0].source_key, first[2].source_key]


def test_keys_are_each_ones_own(source: Source, channel: Channel) -> None:
    for name in ("a", "b"):
        source.put(name, b"the same order")
    keys = [raw.source_key for raw in channel.arrivals()]
    assert len(set(keys)) == 2
    assert {(raw.channel, raw.kind) for raw in channel.arrivals()} == {("in", channel.kind)}


def test_deliveries_may_be_settled_while_others_are_still_coming(source: Source, channel: Channel) -> None:
    for number in range(5):
        source.put(f"{number}", b"order %d" % number)
    seen = []
    for raw in channel.arrivals():
        seen.append(order(raw))
        channel.settle(raw, Settlement.STORED)
    assert seen == [b"order %d" % number for number in range(5)]
    assert not list(channel.arrivals())


def test_deliveries_may_be_collected_and_settled_together(source: Source, channel: Channel) -> None:
    for number in range(5):
        source.put(f"{number}", b"order %d" % number)
    batch = list(channel.arrivals())
    assert [order(raw) for raw in batch] == [b"order %d" % number for number in range(5)]
    for raw in batch:
        channel.settle(raw, Settlement.STORED)
    assert not list(channel.arrivals())


@pytest.mark.parametrize("outcome", Settlement)
def test_settling_twice_is_harmless_and_touches_nothing_else(
    source: Source, channel: Channel, outcome: Settlement
) -> None:
    source.put("a", b"order a")
    source.put("b", b"order b")
    first, second = channel.arrivals()
    channel.settle(first, outcome)
    channel.settle(first, outcome)
    assert [raw.source_key for raw in channel.arrivals()] == [second.source_key]


def test_a_crash_before_settling_brings_the_same_delivery(source: Source, clock: FixedClock) -> None:
    source.put("a", b"order a")
    keys = []
    for _ in range(2):  # each a process that died after it had stored the delivery
        dying = source.channel(clock)
        keys += [raw.source_key for raw in dying.arrivals()]
        dying.close()
    heir = source.channel(clock)
    (raw,) = heir.arrivals()
    assert keys == [raw.source_key] * 2
    heir.settle(raw, Settlement.DUPLICATE)
    assert not list(heir.arrivals())
    heir.close()


def test_a_delivery_of_a_process_that_died_can_be_settled_by_its_heir(source: Source, clock: FixedClock) -> None:
    source.put("a", b"order a")
    dying = source.channel(clock)
    (raw,) = dying.arrivals()
    dying.close()
    heir = source.channel(clock)
    heir.settle(raw, Settlement.STORED)
    assert not list(heir.arrivals())
    heir.close()


def test_nothing_is_lost_when_the_source_restarts(source: Source, channel: Channel, clock: FixedClock) -> None:
    source.put("a", b"order a")
    source.put("b", b"order b")
    (first, second) = channel.arrivals()
    source.switch_off()
    with pytest.raises(ChannelUnavailable):
        list(channel.arrivals())
    source.switch_on()
    clock.advance(minutes=10)
    assert [raw.source_key for raw in channel.arrivals()] == [first.source_key, second.source_key]
    channel.settle(first, Settlement.STORED)
    channel.settle(second, Settlement.STORED)
    assert not list(channel.arrivals())


def test_a_source_out_of_reach_is_said_in_a_sentence(source: Source, channel: Channel) -> None:
    source.switch_off()
    with pytest.raises(ChannelUnavailable, match=r"^The .+\.( Is it there, .+\?)?$|^The .+\?$"):
        list(channel.arrivals())
    channel.wait(0)


def test_a_delivery_over_the_limit_is_known_refused_and_holds_nothing_up(source: Source, channel: Channel) -> None:
    source.put("a", b"x" * (MAX_BYTES + 1))
    source.put("b", b"order b")
    big, small = channel.arrivals()
    assert big.blob.size > MAX_BYTES
    with pytest.raises(UnreadableDocument, match=f"takes at most {MAX_BYTES}") as refusal:
        big.blob.open()
    assert refusal.value.code == "too_large"
    assert order(small) == b"order b"
    channel.settle(big, Settlement.REFUSED)
    assert [raw.source_key for raw in channel.arrivals()] == [small.source_key]


def test_an_empty_delivery_arrives_as_it_is(source: Source, channel: Channel) -> None:
    source.put("a", b"")
    (raw,) = channel.arrivals()
    raw.blob.open().close()
    channel.settle(raw, Settlement.STORED)
    assert not list(channel.arrivals())


def test_new_deliveries_are_found_after_waiting(source: Source, channel: Channel) -> None:
    assert not list(channel.arrivals())
    source.put("a", b"order a")
    channel.wait(0.1)
    assert [order(raw) for raw in channel.arrivals()] == [b"order a"]


def test_closing_twice_is_harmless(channel: Channel) -> None:
    list(channel.arrivals())
    channel.close()
    channel.close()
