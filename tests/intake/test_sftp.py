"""Files from a real OpenSSH server: fetched when whole, renamed when they are stored."""

import datetime as dt
import hashlib
import os
import threading
from pathlib import Path

import pytest

from intake import sftp, sftp_session
from intake.looks import TakeWhen
from intake.spool import Spool
from oms_core.errors import ChannelUnavailable, UnreadableDocument
from oms_core.values.outbound import Settlement
from tests.factory import FixedClock
from tests.intake.sftp_story import ORDER, Open, content, names, spooled
from tests.servers.sshd import SftpFolders

pytestmark = pytest.mark.real


def test_a_file_is_known_by_its_name_time_and_content(
    sftp_folders: SftpFolders, open_sftp: Open, clock: FixedClock
) -> None:
    path = sftp_folders.pending / "Größe 1.csv"
    path.write_bytes(ORDER)
    os.utime(path, (1_700_000_000, 1_700_000_000))
    (raw,) = open_sftp(sftp_folders).arrivals()
    hashed = hashlib.sha256(ORDER).hexdigest()
    assert raw.source_key == f"Gr%C3%B6%C3%9Fe 1.csv#1700000000000000000#{hashed}"
    assert (raw.filename, raw.sender.partner, raw.received_at) == ("Größe 1.csv", "huber", clock.now())
    assert content(raw) == ORDER
    assert path.exists()


def test_a_name_in_no_known_encoding_travels(sftp_folders: SftpFolders, open_sftp: Open) -> None:
    name = b"Stra\xdfe.csv"
    (sftp_folders.pending / os.fsdecode(name)).write_bytes(ORDER)
    channel = open_sftp(sftp_folders)
    (raw,) = channel.arrivals()
    assert raw.filename == "Stra\ufffde.csv"
    channel.settle(raw, Settlement.STORED)
    assert [os.fsencode(path.name) for path in (sftp_folders.root / "done").iterdir()] == [name]


def test_files_still_being_written_wait(sftp_folders: SftpFolders, open_sftp: Open) -> None:
    for name in ("a.csv.part", "b.TMP", "c.filepart", ".hidden.csv", "d.csv"):
        (sftp_folders.pending / name).write_bytes(ORDER)
    (sftp_folders.pending / "subfolder").mkdir()
    channel = open_sftp(sftp_folders)
    assert names(list(channel.arrivals())) == ["d.csv"]
    (sftp_folders.pending / "a.csv.part").rename(sftp_folders.pending / "a.csv")
    assert sorted(names(list(channel.arrivals()))) == ["a.csv", "d.csv"]


def test_a_growing_file_is_taken_when_it_stood_still_between_two_looks(
    sftp_folders: SftpFolders, open_sftp: Open, clock: FixedClock
) -> None:
    channel = open_sftp(sftp_folders, take=TakeWhen.SETTLED)
    path = sftp_folders.pending / "order.csv"
    path.write_bytes(ORDER[:9])
    assert not list(channel.arrivals())
    clock.advance(seconds=60)
    path.write_bytes(ORDER)
    assert not list(channel.arrivals())
    clock.advance(seconds=2)
    (raw,) = channel.arrivals()
    assert content(raw) == ORDER


def test_a_file_that_grows_while_it_is_fetched_is_left_for_the_next_look(
    sftp_folders: SftpFolders, open_sftp: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = sftp_folders.pending / "order.csv"
    path.write_bytes(ORDER)
    channel = open_sftp(sftp_folders)
    real = sftp_session.SftpSession.fetch

    def slow(session: sftp_session.SftpSession, place: bytes, target: Path, at_most: int) -> str | None:
        with path.open("ab") as handle:
            handle.write(b"more")
        return real(session, place, target, at_most)

    monkeypatch.setattr(sftp_session.SftpSession, "fetch", slow)
    assert not list(channel.arrivals())
    monkeypatch.undo()
    (raw,) = channel.arrivals()
    assert content(raw) == ORDER + b"more"


@pytest.mark.parametrize(
    ("outcome", "place"),
    [(Settlement.STORED, "done"), (Settlement.DUPLICATE, "done"), (Settlement.REFUSED, "error")],
)
def test_a_settled_file_lies_in_its_outcomes_folder_and_not_in_the_spool(
    sftp_folders: SftpFolders, open_sftp: Open, outcome: Settlement, place: str
) -> None:
    channel = open_sftp(sftp_folders)
    (sftp_folders.pending / "order.csv").write_bytes(ORDER)
    (raw,) = channel.arrivals()
    channel.settle(raw, outcome)
    channel.settle(raw, outcome)
    assert (sftp_folders.root / place / "order.csv").read_bytes() == ORDER
    assert not list(channel.arrivals())
    assert spooled(sftp_folders) == []


def test_moving_never_replaces_a_file(sftp_folders: SftpFolders, open_sftp: Open) -> None:
    channel = open_sftp(sftp_folders)
    for day in range(4):
        (sftp_folders.pending / "ORDERS.csv").write_bytes(b"day %d" % day)
        (raw,) = channel.arrivals()
        channel.settle(raw, Settlement.STORED)
    kept = {path.name: path.read_bytes() for path in (sftp_folders.root / "done").iterdir()}
    assert kept == {
        "ORDERS.csv": b"day 0",
        "ORDERS-2.csv": b"day 1",
        "ORDERS-3.csv": b"day 2",
        "ORDERS-4.csv": b"day 3",
    }


def test_a_file_that_replaces_a_taken_one_is_not_moved_with_it(sftp_folders: SftpFolders, open_sftp: Open) -> None:
    channel = open_sftp(sftp_folders)
    path = sftp_folders.pending / "order.csv"
    path.write_bytes(ORDER)
    os.utime(path, (1, 1))
    (first,) = channel.arrivals()
    path.write_bytes(b"another order")
    channel.settle(first, Settlement.STORED)
    (second,) = channel.arrivals()
    assert content(second) == b"another order"


def test_what_is_not_settled_is_not_fetched_again(
    sftp_folders: SftpFolders, open_sftp: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    (sftp_folders.pending / "order.csv").write_bytes(ORDER)
    channel = open_sftp(sftp_folders)
    (first,) = channel.arrivals()
    monkeypatch.delattr(sftp_session.SftpSession, "fetch")
    (again,) = channel.arrivals()
    assert again == first
    assert content(again) == ORDER


def test_two_gigabytes_are_never_fetched(sftp_folders: SftpFolders, open_sftp: Open) -> None:
    path = sftp_folders.pending / "huge.pdf"
    path.touch()
    os.truncate(path, 2 * 1024**3)
    channel = open_sftp(sftp_folders)
    (raw,) = channel.arrivals()
    assert raw.blob.size == 2 * 1024**3
    with pytest.raises(UnreadableDocument, match=r"huge\.pdf has 2147483648 bytes; this channel takes at most 1000"):
        raw.blob.open()
    channel.settle(raw, Settlement.REFUSED)
    assert (sftp_folders.root / "error" / "huge.pdf").stat().st_size == 2 * 1024**3


def test_the_limit_itself_is_allowed_and_one_byte_more_is_not(sftp_folders: SftpFolders, open_sftp: Open) -> None:
    (sftp_folders.pending / "a").write_bytes(b"x" * 1000)
    (sftp_folders.pending / "b").write_bytes(b"x" * 1001)
    fits, over = sorted(open_sftp(sftp_folders).arrivals(), key=lambda raw: raw.filename)
    assert content(fits) == b"x" * 1000
    with pytest.raises(UnreadableDocument) as refusal:
        over.blob.open()
    assert refusal.value.code == "too_large"


def test_a_file_of_many_pieces_arrives_whole(sftp_folders: SftpFolders, open_sftp: Open) -> None:
    data = os.urandom(5_000_001)
    (sftp_folders.pending / "big.pdf").write_bytes(data)
    (raw,) = open_sftp(sftp_folders, max_bytes=10_000_000).arrivals()
    assert content(raw) == data
    assert raw.source_key.endswith(hashlib.sha256(data).hexdigest())


def test_links_and_pipes_are_refused(sftp_folders: SftpFolders, open_sftp: Open) -> None:
    (sftp_folders.root / "secret").write_bytes(b"secret")
    (sftp_folders.pending / "link.csv").symlink_to(sftp_folders.root / "secret")
    os.mkfifo(sftp_folders.pending / "pipe.csv")
    channel = open_sftp(sftp_folders)
    found = list(channel.arrivals())
    assert sorted(names(found)) == ["link.csv", "pipe.csv"]
    for raw in found:
        with pytest.raises(UnreadableDocument, match="no regular file"):
            raw.blob.open()
        channel.settle(raw, Settlement.REFUSED)
    assert (sftp_folders.root / "error" / "link.csv").is_symlink()
    assert not list(channel.arrivals())


def test_a_backlog_over_the_limit_comes_in_several_looks(
    sftp_folders: SftpFolders, open_sftp: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sftp, "MAX_ARRIVALS", 2)
    for number in range(3):
        (sftp_folders.pending / f"{number}.csv").write_bytes(ORDER)
        os.utime(sftp_folders.pending / f"{number}.csv", (number, number))
    channel = open_sftp(sftp_folders)
    first = list(channel.arrivals())
    assert names(first) == ["0.csv", "1.csv"]
    channel.wait(3600)  # more waits, so this returns at once
    for raw in first:
        channel.settle(raw, Settlement.STORED)
    assert names(list(channel.arrivals())) == ["2.csv"]


def test_a_folder_with_too_many_names_is_reported(
    sftp_folders: SftpFolders, open_sftp: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sftp_session, "MAX_LISTED", 2)
    for number in range(3):
        (sftp_folders.pending / f"{number}.csv").write_bytes(ORDER)
    with pytest.raises(ChannelUnavailable, match="holds more than 2 names"):
        list(open_sftp(sftp_folders).arrivals())


def test_a_server_killed_between_two_looks_is_found_again(own_folders: SftpFolders, open_sftp: Open) -> None:
    (own_folders.pending / "a.csv").write_bytes(ORDER)
    channel = open_sftp(own_folders)
    (raw,) = channel.arrivals()
    own_folders.server.stop()
    own_folders.server.start()
    channel.settle(raw, Settlement.STORED)
    assert not list(channel.arrivals())


def test_a_server_killed_between_two_files_says_so_and_nothing_is_lost(
    own_folders: SftpFolders, open_sftp: Open, clock: FixedClock
) -> None:
    for number in range(3):
        (own_folders.pending / f"{number}.csv").write_bytes(ORDER)
        os.utime(own_folders.pending / f"{number}.csv", (number, number))
    channel = open_sftp(own_folders)
    arriving = channel.arrivals()
    next(arriving)
    own_folders.server.stop()
    with pytest.raises(ChannelUnavailable, match=r"ended the connection|cannot be reached"):
        list(arriving)
    for pause in (1, 2, 4):
        with pytest.raises(ChannelUnavailable, match=rf"The next try is in {pause} s"):
            list(channel.arrivals())
        clock.advance(seconds=pause)
        with pytest.raises(ChannelUnavailable, match="cannot be reached"):
            list(channel.arrivals())
    own_folders.server.start()
    clock.advance(seconds=300)
    assert names(list(channel.arrivals())) == ["0.csv", "1.csv", "2.csv"]


def test_a_missing_folder_is_said(sftp_folders: SftpFolders, open_sftp: Open) -> None:
    with pytest.raises(ChannelUnavailable, match=r"refuses to list /nowhere \(No such file"):
        list(open_sftp(sftp_folders, pending="/nowhere").arrivals())


def test_a_full_spool_is_said(sftp_folders: SftpFolders, open_sftp: Open, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (sftp_folders.pending / "a.csv").write_bytes(ORDER)
    with pytest.raises(ChannelUnavailable, match="cannot be kept in the spool folder"):
        list(open_sftp(sftp_folders, spool=tmp_path / "file").arrivals())


def test_a_disk_that_fills_up_is_said(
    sftp_folders: SftpFolders, open_sftp: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    (sftp_folders.pending / "a.csv").write_bytes(ORDER)
    monkeypatch.setattr(Spool, "place", lambda _: Path("/dev/full"))
    monkeypatch.setattr(Path, "unlink", lambda *_, **__: None)
    with pytest.raises(ChannelUnavailable, match="No space left"):
        list(open_sftp(sftp_folders).arrivals())


def test_the_spool_of_a_dead_process_is_removed_and_that_of_a_living_one_is_kept(tmp_path: Path) -> None:
    living = Spool(tmp_path, "edi")
    living.place().write_bytes(ORDER)
    dead = tmp_path / "edi-dead"
    dead.mkdir()
    (dead / "lock").touch()
    (dead / "1").write_bytes(ORDER)
    other = Spool(tmp_path, "edi")
    assert not dead.exists()
    assert living.place().parent.exists()
    other.close()
    living.close()
    assert not list(tmp_path.iterdir())


def test_waiting_is_short_while_a_file_grows(sftp_folders: SftpFolders, open_sftp: Open) -> None:
    channel = open_sftp(sftp_folders, take=TakeWhen.SETTLED, settle_seconds=0.01, poll_seconds=3600)
    (sftp_folders.pending / "a.csv").write_bytes(ORDER)
    list(channel.arrivals())
    channel.wait(3600)


def test_closing_ends_a_wait_and_leaves_nothing_behind(sftp_folders: SftpFolders, open_sftp: Open) -> None:
    (sftp_folders.pending / "a.csv").write_bytes(ORDER)
    channel = open_sftp(sftp_folders)
    list(channel.arrivals())
    closer = threading.Timer(0.05, channel.close)
    closer.start()
    channel.wait(3600)
    closer.join()
    assert not list((sftp_folders.root.parent / "spool").iterdir())
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("sftp-")]
    with pytest.raises(ChannelUnavailable, match="closed"):
        list(channel.arrivals())


def test_a_mail_among_the_files_tells_its_sender(sftp_folders: SftpFolders, open_sftp: Open) -> None:
    (sftp_folders.pending / "a.eml").write_bytes(b"From: ida@huber.example\r\nMessage-ID: <1@h.example>\r\n\r\nx")
    (raw,) = open_sftp(sftp_folders).arrivals()
    assert (raw.message_id, raw.sender.address, raw.sender.partner) == ("<1@h.example>", "ida@huber.example", "huber")
    assert raw.received_at.tzinfo is dt.UTC
