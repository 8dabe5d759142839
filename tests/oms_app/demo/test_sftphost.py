"""The demo's SFTP server lets our own channel in, and shows each partner its own folder only."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from intake.looks import TakeWhen
from intake.sftp import SftpChannel, SftpSettings
from oms_app.demo import sftphost
from oms_app.demo.feed import drop
from oms_app.demo.sftphost import SftpHost
from oms_core.errors import ChannelUnavailable
from oms_core.values.outbound import Settlement
from tests.factory import FixedClock


@pytest.fixture
def host(tmp_path: Path) -> Iterator[SftpHost]:
    running = SftpHost(("K1001", "K1003"))
    running.start(tmp_path)
    yield running
    running.stop()


def channel(host: SftpHost, user: str, tmp_path: Path, clock: FixedClock) -> SftpChannel:
    settings = SftpSettings(
        name=f"sftp_{user}",
        host=sftphost.HOST,
        port=host.port,
        username=user,
        host_key=(host.host_key,),
        key_file=host.client_key,
        pending=sftphost.PENDING,
        done=sftphost.DONE,
        error=sftphost.ERROR,
        spool=tmp_path / "spool" / user,
        take=TakeWhen.RENAMED,
        partner=user,
    )
    return SftpChannel(settings, clock)


def test_a_file_is_fetched_and_moved_when_it_is_stored(host: SftpHost, tmp_path: Path, clock: FixedClock) -> None:
    drop(host.pending("K1001"), "order.edi", b"UNA")
    opened = channel(host, "K1001", tmp_path, clock)
    (raw,) = opened.arrivals()
    assert (raw.filename, raw.sender.partner, raw.blob.size) == ("order.edi", "K1001", 3)
    opened.settle(raw, Settlement.STORED)
    assert [path.name for path in (host.root / "K1001" / "done").iterdir()] == ["order.edi"]
    assert list(opened.arrivals()) == []
    opened.close()


def test_a_partner_sees_nothing_of_another(host: SftpHost, tmp_path: Path, clock: FixedClock) -> None:
    drop(host.pending("K1001"), "order.edi", b"UNA")
    opened = channel(host, "K1003", tmp_path, clock)
    assert list(opened.arrivals()) == []
    opened.close()


def test_nobody_else_is_let_in_and_after_the_end_nobody_at_all(
    host: SftpHost, tmp_path: Path, clock: FixedClock
) -> None:
    stranger = channel(host, "K9999", tmp_path, clock)
    with pytest.raises(ChannelUnavailable):
        list(stranger.arrivals())
    stranger.close()
    host.stop()
    late = channel(host, "K1001", tmp_path, clock)
    with pytest.raises(ChannelUnavailable, match="cannot be reached"):
        list(late.arrivals())
    late.close()
