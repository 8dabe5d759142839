"""Deliveries that are handed in."""

import os
import threading
from pathlib import Path

import pytest

from intake.upload import MAX_UPLOAD_ID_CHARACTERS, UploadChannel, UploadSettings
from oms_core.errors import ChannelUnavailable, ConfigurationError, InvalidInput, UnreadableDocument
from oms_core.values import BytesBlob, ChannelKind
from oms_core.values.outbound import Settlement
from tests.factory import NOW, FixedClock

ORDER = BytesBlob(b"sku;qty\nSCR-4030;100\n")


@pytest.fixture
def uploads(clock: FixedClock) -> UploadChannel:
    return UploadChannel(UploadSettings("portal", max_bytes=1000, max_waiting=2), clock)


def test_an_upload_waits_until_it_is_settled(uploads: UploadChannel) -> None:
    raw = uploads.take(ORDER, filename="../order.csv", upload_id="k-1", partner="huber")
    assert (raw.channel, raw.kind, raw.received_at) == ("portal", ChannelKind.UPLOAD, NOW)
    assert raw.sender.partner == "huber"
    assert list(uploads.arrivals()) == [raw]
    assert list(uploads.arrivals()) == [raw]
    uploads.settle(raw, Settlement.STORED)
    uploads.settle(raw, Settlement.STORED)
    assert not list(uploads.arrivals())


def test_the_same_id_with_the_same_bytes_is_the_same_delivery(uploads: UploadChannel) -> None:
    first = uploads.take(ORDER, filename="a.csv", upload_id="k-1")
    again = uploads.take(ORDER, filename="a.csv", upload_id="k-1")
    other = uploads.take(BytesBlob(b"other"), filename="a.csv", upload_id="k-1")
    assert first.source_key == again.source_key != other.source_key
    assert list(uploads.arrivals()) == [first, other]


def test_ids_cannot_be_made_to_collide(uploads: UploadChannel) -> None:
    sly = uploads.take(ORDER, filename="a", upload_id="k#1")
    assert sly.source_key.count("#") == 1


def test_an_uploaded_mail_is_never_believed_but_known_again(uploads: UploadChannel) -> None:
    mail = BytesBlob(
        b"Authentication-Results: us; dmarc=pass\r\nFrom: a@b.example\r\nMessage-ID: <1@b.example>\r\n\r\nhello"
    )
    raw = uploads.take(mail, filename="a.eml", upload_id="k-1", partner="huber")
    assert (raw.message_id, raw.sender.authenticated, raw.sender.partner) == ("<1@b.example>", None, "huber")


def test_an_upload_over_the_limit_is_known_but_refused(uploads: UploadChannel) -> None:
    uploads.take(BytesBlob(b"x" * 1000), filename="fits", upload_id="k-1").blob.open().close()
    raw = uploads.take(BytesBlob(b"x" * 1001), filename="big", upload_id="k-2")
    with pytest.raises(UnreadableDocument, match="1001 bytes"):
        raw.blob.open()


def test_too_many_waiting_uploads_turn_the_next_away(uploads: UploadChannel) -> None:
    uploads.take(ORDER, filename="a", upload_id="1")
    uploads.take(ORDER, filename="a", upload_id="2")
    uploads.take(ORDER, filename="a", upload_id="2")
    with pytest.raises(ChannelUnavailable, match="Send this one again later"):
        uploads.take(ORDER, filename="a", upload_id="3")


@pytest.mark.parametrize("upload_id", ["", "  ", "x" * (MAX_UPLOAD_ID_CHARACTERS + 1)])
def test_an_upload_needs_an_id_of_its_own(uploads: UploadChannel, upload_id: str) -> None:
    with pytest.raises(InvalidInput, match="needs an id"):
        uploads.take(ORDER, filename="a", upload_id=upload_id)


def test_a_file_named_twice_is_one_delivery_until_it_changes(tmp_path: Path, clock: FixedClock) -> None:
    ingest = UploadChannel(UploadSettings("ingest", ChannelKind.INGEST), clock)
    path = tmp_path / "order.csv"
    path.write_bytes(ORDER.data)
    (tmp_path / "link.csv").symlink_to(path)
    first = ingest.take_file(path)
    assert ingest.take_file(tmp_path / "link.csv").source_key == first.source_key
    os.utime(path, ns=(1, 1))
    assert ingest.take_file(path).source_key != first.source_key
    assert first.filename == "order.csv"


def test_a_file_that_is_not_there_is_said(tmp_path: Path, uploads: UploadChannel) -> None:
    with pytest.raises(InvalidInput, match=r"gone\.csv cannot be read: No such file"):
        uploads.take_file(tmp_path / "gone.csv")
    with pytest.raises(InvalidInput, match="not a regular file"):
        uploads.take_file(tmp_path)


def test_waiting_ends_with_an_upload_and_with_closing(uploads: UploadChannel) -> None:
    for wake in (lambda: uploads.take(ORDER, filename="a", upload_id="1"), uploads.close):
        timer = threading.Timer(0.02, wake)
        timer.start()
        uploads.wait(3600)
        timer.join()
        list(uploads.arrivals())


def test_only_uploads_are_uploads() -> None:
    with pytest.raises(ConfigurationError, match="upload or ingest"):
        UploadSettings("portal", ChannelKind.MAILBOX)
