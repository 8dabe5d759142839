"""Files from a watched directory."""

import datetime as dt
import hashlib
import os
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake import file_names, folder
from intake.blobs import FileBlob
from intake.file_names import FileKey
from intake.folder import FolderChannel, FolderSettings
from intake.looks import TakeWhen
from oms_core.errors import ChannelUnavailable, ConfigurationError, UnreadableDocument
from oms_core.values import RawDocument
from oms_core.values.outbound import Settlement
from tests.factory import FixedClock

ORDER = b"sku;qty\nSCR-4030;100\n"

MAIL = (
    b"Authentication-Results: mx.us.example; dmarc=pass header.from=huber.example\r\n"
    b"From: Ida Huber <ida@huber.example>\r\nTo: orders@us.example\r\n"
    b"Message-ID: <1@huber.example>\r\nSubject: Order\r\n\r\n100 SCR-4030\r\n"
)


def channel(path: Path, clock: FixedClock, take: TakeWhen = TakeWhen.RENAMED, max_bytes: int = 1000) -> FolderChannel:
    settings = FolderSettings(
        "in", path, take=take, max_bytes=max_bytes, partner="huber", trusted_host="mx.us.example", settle_seconds=2
    )
    return FolderChannel(settings, clock)


def names(found: list[RawDocument]) -> list[str]:
    return [raw.filename for raw in found]


def test_a_file_is_known_by_its_name_time_and_content(tmp_path: Path, clock: FixedClock) -> None:
    path = tmp_path / "Größe 1.csv"
    path.write_bytes(ORDER)
    os.utime(path, ns=(5, 1_700_000_000_123_456_789))
    (raw,) = channel(tmp_path, clock).arrivals()
    assert raw.source_key == f"Gr%C3%B6%C3%9Fe 1.csv#1700000000123456789#{hashlib.sha256(ORDER).hexdigest()}"
    assert raw.filename == "Größe 1.csv"
    assert raw.sender.partner == "huber"
    assert raw.received_at == dt.datetime.fromtimestamp(path.stat().st_ctime, dt.UTC)
    with raw.blob.open() as handle:
        assert handle.read() == ORDER


def test_a_mail_in_a_file_tells_its_sender(tmp_path: Path, clock: FixedClock) -> None:
    (tmp_path / "a.eml").write_bytes(MAIL)
    (raw,) = channel(tmp_path, clock).arrivals()
    assert raw.message_id == "<1@huber.example>"
    assert (raw.sender.address, raw.sender.authenticated, raw.sender.partner) == ("ida@huber.example", True, "huber")
    assert raw.media_type == "message/rfc822"


def test_files_still_being_written_wait(tmp_path: Path, clock: FixedClock) -> None:
    for name in ("a.csv.part", "b.TMP", "c.filepart", ".hidden.csv", "d.csv"):
        (tmp_path / name).write_bytes(ORDER)
    (tmp_path / "subfolder").mkdir()
    taken = channel(tmp_path, clock)
    assert names(list(taken.arrivals())) == ["d.csv"]
    (tmp_path / "a.csv.part").rename(tmp_path / "a.csv")
    assert sorted(names(list(taken.arrivals()))) == ["a.csv", "d.csv"]


def test_a_growing_file_is_taken_when_it_stood_still_between_two_looks(tmp_path: Path, clock: FixedClock) -> None:
    taken = channel(tmp_path, clock, TakeWhen.SETTLED)
    path = tmp_path / "order.csv"
    path.write_bytes(ORDER[:9])
    assert not list(taken.arrivals())
    clock.advance(seconds=60)
    path.write_bytes(ORDER)
    assert not list(taken.arrivals()), "it grew since the first look"
    clock.advance(seconds=1.9)
    assert not list(taken.arrivals()), "it stood still, but not long enough"
    clock.advance(seconds=0.1)
    (raw,) = taken.arrivals()
    assert raw.blob.size == len(ORDER)


def test_a_same_sized_rewrite_counts_as_a_change(tmp_path: Path, clock: FixedClock) -> None:
    taken = channel(tmp_path, clock, TakeWhen.SETTLED)
    path = tmp_path / "order.csv"
    path.write_bytes(ORDER)
    list(taken.arrivals())
    clock.advance(seconds=3)
    os.utime(path, ns=(1, path.stat().st_mtime_ns + 1))
    assert not list(taken.arrivals())


def test_a_clock_that_is_set_back_starts_the_wait_anew(tmp_path: Path, clock: FixedClock) -> None:
    taken = channel(tmp_path, clock, TakeWhen.SETTLED)
    (tmp_path / "order.csv").write_bytes(ORDER)
    list(taken.arrivals())
    clock.advance(hours=-1)
    assert not list(taken.arrivals())
    clock.advance(seconds=2)
    assert len(list(taken.arrivals())) == 1


@pytest.mark.parametrize(
    ("outcome", "folder_name"),
    [(Settlement.STORED, "done"), (Settlement.DUPLICATE, "duplicate"), (Settlement.REFUSED, "error")],
)
def test_a_settled_file_lies_in_its_outcomes_folder(
    tmp_path: Path, clock: FixedClock, outcome: Settlement, folder_name: str
) -> None:
    taken = channel(tmp_path, clock)
    (tmp_path / "order.csv").write_bytes(ORDER)
    (raw,) = taken.arrivals()
    taken.settle(raw, outcome)
    taken.settle(raw, outcome)
    assert (tmp_path / folder_name / "order.csv").read_bytes() == ORDER
    assert not list(taken.arrivals())


def test_moving_never_replaces_a_file(tmp_path: Path, clock: FixedClock) -> None:
    taken = channel(tmp_path, clock)
    for day in range(5):
        (tmp_path / "ORDERS.csv").write_bytes(b"day %d" % day)
        (raw,) = taken.arrivals()
        taken.settle(raw, Settlement.STORED)
    kept = {path.name: path.read_bytes() for path in (tmp_path / "done").iterdir()}
    assert kept == {
        "ORDERS.csv": b"day 0",
        "ORDERS-2.csv": b"day 1",
        "ORDERS-3.csv": b"day 2",
        "ORDERS-4.csv": b"day 3",
        "ORDERS-5.csv": b"day 4",
    }


def test_a_disk_without_hard_links_is_moved_on_by_renaming(
    tmp_path: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    test_moving_never_replaces_a_file(tmp_path, clock)


def test_a_file_that_replaces_a_taken_one_is_not_moved_with_it(tmp_path: Path, clock: FixedClock) -> None:
    taken = channel(tmp_path, clock)
    path = tmp_path / "order.csv"
    path.write_bytes(ORDER)
    os.utime(path, ns=(1, 1))
    (first,) = taken.arrivals()
    path.write_bytes(b"another order")
    taken.settle(first, Settlement.STORED)
    (second,) = taken.arrivals()
    assert second.source_key != first.source_key
    with pytest.raises(ChannelUnavailable, match="changed while"):
        first.blob.open()


def test_links_and_pipes_are_refused(tmp_path: Path, clock: FixedClock) -> None:
    secret = tmp_path / "elsewhere"
    secret.mkdir()
    (secret / "passwords").write_text("root", encoding="utf-8")
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "link.csv").symlink_to(secret / "passwords")
    os.mkfifo(inbox / "pipe.csv")
    taken = channel(inbox, clock)
    found = list(taken.arrivals())
    assert sorted(names(found)) == ["link.csv", "pipe.csv"]
    for raw in found:
        with pytest.raises(UnreadableDocument, match="no regular file") as refusal:
            raw.blob.open()
        assert refusal.value.code == "not_a_file"
        taken.settle(raw, Settlement.REFUSED)
    assert (inbox / "error" / "link.csv").is_symlink()
    assert (secret / "passwords").exists()
    assert not list(taken.arrivals())


def test_a_link_put_in_place_of_a_taken_file_is_not_followed(tmp_path: Path) -> None:
    path = tmp_path / "order.csv"
    path.write_bytes(ORDER)
    blob = FileBlob.at(path)
    path.rename(tmp_path / "other")
    path.symlink_to(tmp_path / "other")
    with pytest.raises(ChannelUnavailable, match="can no longer be opened"):
        blob.open()


def test_two_gigabytes_are_refused_unread(tmp_path: Path, clock: FixedClock) -> None:
    path = tmp_path / "huge.pdf"
    path.touch()
    os.truncate(path, 2 * 1024**3)
    taken = channel(tmp_path, clock)
    (raw,) = taken.arrivals()
    assert raw.blob.size == 2 * 1024**3
    with pytest.raises(UnreadableDocument, match=r"huge\.pdf has 2147483648 bytes; this channel takes at most 1000"):
        raw.blob.open()


def test_the_limit_itself_is_allowed_and_one_byte_more_is_not(tmp_path: Path, clock: FixedClock) -> None:
    (tmp_path / "a").write_bytes(b"x" * 1000)
    (tmp_path / "b").write_bytes(b"x" * 1001)
    fits, not_ = sorted(channel(tmp_path, clock).arrivals(), key=lambda raw: raw.filename)
    fits.blob.open().close()
    with pytest.raises(UnreadableDocument) as refusal:
        not_.blob.open()
    assert refusal.value.code == "too_large"


def test_a_backlog_over_the_limit_comes_in_several_looks(
    tmp_path: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder, "MAX_ARRIVALS", 2)
    for number in range(3):
        (tmp_path / f"{number}.csv").write_bytes(ORDER)
        os.utime(tmp_path / f"{number}.csv", ns=(number, number))
    taken = channel(tmp_path, clock)
    first = list(taken.arrivals())
    assert names(first) == ["0.csv", "1.csv"]
    taken.wait(3600)  # more waits, so this returns at once
    for raw in first:
        taken.settle(raw, Settlement.STORED)
    assert names(list(taken.arrivals())) == ["2.csv"]


def test_a_folder_with_too_many_names_is_reported(
    tmp_path: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder, "MAX_LISTED", 2)
    for number in range(3):
        (tmp_path / f"{number}.csv").write_bytes(ORDER)
    with pytest.raises(ChannelUnavailable, match="holds more than 2 names"):
        list(channel(tmp_path, clock).arrivals())


def test_a_missing_folder_is_said_and_found_again(tmp_path: Path, clock: FixedClock) -> None:
    taken = channel(tmp_path / "gone", clock)
    with pytest.raises(ChannelUnavailable, match=r"gone of channel in cannot be read \(No such file"):
        list(taken.arrivals())
    (tmp_path / "gone").mkdir()
    (tmp_path / "gone" / "a.csv").write_bytes(ORDER)
    assert len(list(taken.arrivals())) == 1


def test_a_name_in_no_known_encoding_travels(tmp_path: Path, clock: FixedClock) -> None:
    name = b"Stra\xdfe\n<b>.csv"
    (tmp_path / os.fsdecode(name)).write_bytes(ORDER)
    taken = channel(tmp_path, clock)
    (raw,) = taken.arrivals()
    assert raw.filename == "Stra\ufffde\ufffd<b>.csv"
    assert raw.source_key.isascii()
    taken.settle(raw, Settlement.STORED)
    assert [os.fsencode(path.name) for path in (tmp_path / "done").iterdir()] == [name]


def test_a_file_that_may_not_be_read_holds_nothing_else_up(
    tmp_path: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "locked.csv").write_bytes(ORDER)
    (tmp_path / "open.csv").write_bytes(ORDER)
    real = os.open

    def guarded(path: Path, *rest: int) -> int:  # root may read everything, so the system's answer is put in here
        if path.name == "locked.csv":
            raise PermissionError(13, "Permission denied")
        return real(path, *rest)

    monkeypatch.setattr(os, "open", guarded)
    found = []
    with pytest.raises(ChannelUnavailable, match=r"locked\.csv .* may not be read"):
        found.extend(channel(tmp_path, clock).arrivals())
    assert names(found) == ["open.csv"]


def test_waiting_ends_when_a_file_comes(tmp_path: Path, clock: FixedClock) -> None:
    taken = channel(tmp_path, clock)
    list(taken.arrivals())
    os.utime(tmp_path, ns=(1, 1))
    list(taken.arrivals())
    sender = threading.Timer(0.05, (tmp_path / "order.csv").write_bytes, [ORDER])
    sender.start()
    taken.wait(3600)
    sender.join()
    assert names(list(taken.arrivals())) == ["order.csv"]


def test_closing_ends_a_wait(tmp_path: Path, clock: FixedClock) -> None:
    taken = channel(tmp_path, clock)
    list(taken.arrivals())
    closer = threading.Timer(0.05, taken.close)
    closer.start()
    taken.wait(3600)
    closer.join()


@pytest.mark.parametrize("word", ["", "../other", "a/b", ".."])
def test_a_subfolder_is_a_plain_name(tmp_path: Path, word: str) -> None:
    with pytest.raises(ConfigurationError, match="no name of a subfolder"):
        FolderSettings("in", tmp_path, done=word)


@given(st.binary(min_size=1, max_size=255).filter(lambda name: b"/" not in name and b"\0" not in name), st.integers())
def test_every_key_reads_back(name: bytes, mtime: int) -> None:
    if name in {b".", b".."}:
        return
    key = FileKey(name, mtime, "ab" * 32)
    assert FileKey.parse(str(key)) == key
    assert len(str(key)) < 1000


@pytest.mark.parametrize("text", ["..#1#x", "%2E%2E#1#x", "a%2Fb#1#x", "#1#x", "a%00#1#x", "a#x#x", "a"])
def test_a_key_never_leads_out_of_the_folder(text: str) -> None:
    with pytest.raises(ValueError, match=r"names no file|invalid literal|not enough"):
        FileKey.parse(text)


@given(st.integers(0, 3000))
def test_a_free_name_is_the_next_number_after_few_questions(count: int) -> None:
    taken = {"O.csv", *(f"O-{n}.csv" for n in range(2, count + 1))} if count else set()
    asked: list[str] = []

    def is_taken(name: str) -> bool:
        asked.append(name)
        return name in taken

    assert file_names.free_name("O.csv", is_taken) == (
        "O.csv" if not count else f"O-{count + 1 if count > 1 else 2}.csv"
    )
    assert len(asked) <= 2 + 2 * count.bit_length()
