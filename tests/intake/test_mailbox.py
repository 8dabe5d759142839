"""Mails from a real Dovecot: read without a trace, moved when they are stored."""

import datetime as dt
from collections.abc import Callable

import pytest

from intake import imap_session
from intake.mailbox import MAX_TRIES
from oms_app.demo.mailhost import MailHost
from oms_core.errors import ChannelUnavailable, UnreadableDocument
from oms_core.values.outbound import Settlement
from tests.factory import FixedClock
from tests.intake.mail_story import Open, content, mail, settings
from tests.servers.dovecot import Mailbox, new_mailbox

pytestmark = pytest.mark.real


def test_a_mail_is_read_without_a_trace(mailbox: Mailbox, open_mailbox: Open) -> None:
    mailbox.deliver(mail("A"))
    (raw,) = open_mailbox(mailbox).arrivals()
    assert content(raw).endswith(b"100 SCR-4030\r\n")
    assert raw.message_id == "<A@huber.example>"
    assert (raw.sender.address, raw.sender.authenticated) == ("ida@huber.example", True)
    assert raw.media_type == "message/rfc822"
    assert raw.received_at.utcoffset() == dt.timedelta(0)
    assert abs(raw.received_at - dt.datetime.now(dt.UTC)) < dt.timedelta(minutes=5)
    assert "\\Seen" not in mailbox.flags(1)
    assert mailbox.uids() == [1]


def test_a_mail_that_a_person_has_read_is_an_order_all_the_same(mailbox: Mailbox, open_mailbox: Open) -> None:
    mailbox.deliver(mail("A"))
    mailbox.doveadm("flags", "add", "-u", mailbox.address, "\\Seen", "mailbox", "INBOX", "all")
    assert len(list(open_mailbox(mailbox).arrivals())) == 1


def test_the_key_is_the_mails_address_at_its_server(mailbox: Mailbox, open_mailbox: Open) -> None:
    mailbox.deliver(mail("A"))
    (raw,) = open_mailbox(mailbox).arrivals()
    start, _, uid = raw.source_key.partition(";UIDVALIDITY=")
    assert start == f"imap://{mailbox.address}@localhost/INBOX"
    assert uid.endswith("/;UID=1")


@pytest.mark.parametrize(
    "capability",
    [None, "IMAP4rev1 LITERAL+ UIDPLUS IDLE", "IMAP4rev1 LITERAL+"],
    ids=["move", "uidplus", "neither"],
)
def test_settled_mails_lie_in_their_folder_and_others_stay(
    own_host: Callable[..., Mailbox], open_mailbox: Open, capability: str | None
) -> None:
    mailbox = own_host(capability)
    for subject in "ABCD":
        mailbox.deliver(mail(subject))
    channel = open_mailbox(mailbox, processed_folder="Erledigt/Aufträge")
    first, second, third, fourth = channel.arrivals()
    channel.settle(second, Settlement.REFUSED)
    for raw in (first, third):
        channel.settle(raw, Settlement.STORED)
        channel.settle(raw, Settlement.DUPLICATE)
    assert len(mailbox.uids("Erledigt/Aufträge")) == 2
    assert len(mailbox.uids("Rejected")) == 1
    assert [raw.source_key for raw in channel.arrivals()] == [fourth.source_key]


def test_a_folder_without_expunge_by_uid_keeps_what_people_marked_as_deleted(
    own_host: Callable[..., Mailbox], open_mailbox: Open
) -> None:
    mailbox = own_host("IMAP4rev1 LITERAL+")
    mailbox.deliver(mail("A"))
    mailbox.deliver(mail("B"))
    mailbox.doveadm("flags", "add", "-u", mailbox.address, "\\Deleted", "mailbox", "INBOX", "uid", "1")
    channel = open_mailbox(mailbox)
    (raw,) = channel.arrivals()
    channel.settle(raw, Settlement.STORED)
    assert mailbox.uids() == [1, 2], "both are only marked"
    assert not list(channel.arrivals())


def test_a_backlog_over_the_limit_comes_in_several_looks(
    mailbox: Mailbox, open_mailbox: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imap_session, "MAX_ARRIVALS", 2)
    for subject in "ABCDE":
        mailbox.deliver(mail(subject))
    channel = open_mailbox(mailbox)
    seen = []
    for _ in range(3):
        for raw in channel.arrivals():
            seen.append(raw.message_id)
            channel.settle(raw, Settlement.STORED)
        channel.wait(3600 if len(seen) < 5 else 0)  # returns at once while more is there
    assert seen == [f"<{subject}@huber.example>" for subject in "ABCDE"]


def test_a_mail_over_the_limit_is_refused_with_its_facts(mailbox: Mailbox, open_mailbox: Open) -> None:
    mailbox.deliver(mail("BIG", size=5000))
    mailbox.deliver(mail("SMALL"))
    channel = open_mailbox(mailbox, max_bytes=2000)
    big, small = channel.arrivals()
    with pytest.raises(UnreadableDocument, match="this channel takes at most 2000") as refusal:
        big.blob.open()
    assert refusal.value.code == "too_large"
    assert (big.message_id, big.sender.address) == ("<BIG@huber.example>", "ida@huber.example")
    channel.settle(big, Settlement.REFUSED)
    assert len(mailbox.uids("Rejected")) == 1
    assert content(small).endswith(b"SCR-4030\r\n")


def test_the_limit_itself_is_allowed_and_one_byte_more_is_not(mailbox: Mailbox, open_mailbox: Open) -> None:
    mailbox.deliver(mail("A"))
    (raw,) = open_mailbox(mailbox).arrivals()
    (fits,) = open_mailbox(mailbox, max_bytes=raw.blob.size).arrivals()
    assert content(fits) == content(raw)
    (over,) = open_mailbox(mailbox, max_bytes=raw.blob.size - 1).arrivals()
    with pytest.raises(UnreadableDocument):
        over.blob.open()


def test_two_declared_gigabytes_are_never_fetched(mailbox: Mailbox, open_mailbox: Open) -> None:
    channel = open_mailbox(mailbox)
    list(channel.arrivals())
    mailbox.drop(mail("HUGE"), declared_size=2 * 1024**3)
    (raw,) = channel.arrivals()
    assert raw.blob.size == 2 * 1024**3
    with pytest.raises(UnreadableDocument, match="2147483648 bytes"):
        raw.blob.open()
    channel.settle(raw, Settlement.REFUSED)
    assert len(mailbox.uids("Rejected")) == 1


def test_a_server_that_declares_too_little_cannot_fill_our_memory(mailbox: Mailbox) -> None:
    session = imap_session.connect(settings(mailbox).account())
    mailbox.deliver(mail("A", size=100_000))
    session.select("INBOX")
    fetched = session.body(1, at_most=500)
    session.close()
    assert fetched is not None
    assert len(fetched) == 500


def test_renumbering_brings_waiting_mails_under_new_keys(mailbox: Mailbox, open_mailbox: Open) -> None:
    mailbox.deliver(mail("A"))
    (before,) = open_mailbox(mailbox).arrivals()
    mailbox.doveadm("mailbox", "update", "-u", mailbox.address, "--uid-validity", "1234567", "INBOX")
    channel = open_mailbox(mailbox)
    channel.settle(before, Settlement.STORED)
    (after,) = channel.arrivals()
    assert after.source_key.endswith(";UIDVALIDITY=1234567/;UID=1")
    assert before.source_key != after.source_key
    assert before.message_id == after.message_id
    channel.settle(before, Settlement.STORED)
    assert mailbox.uids() == [1], "the old key names no mail any more"
    channel.settle(after, Settlement.STORED)
    assert mailbox.uids() == []


def test_a_key_of_another_mailbox_moves_nothing(mailbox: Mailbox, mail_host: MailHost, open_mailbox: Open) -> None:
    other = new_mailbox(mail_host)
    mailbox.deliver(mail("A"))
    other.deliver(mail("B"))
    (raw,) = open_mailbox(mailbox).arrivals()
    channel = open_mailbox(other)
    list(channel.arrivals())
    channel.settle(raw, Settlement.STORED)
    assert other.uids() == [1]


def test_a_mail_that_the_server_chokes_on_holds_nothing_up_and_is_refused_in_the_end(
    mailbox: Mailbox, open_mailbox: Open, clock: FixedClock
) -> None:
    for subject in "ABC":
        mailbox.deliver(mail(subject))
    sorted((mailbox.host.maildir(mailbox.address) / "new").iterdir())[1].chmod(0)
    channel = open_mailbox(mailbox)
    seen: list[str | None] = []

    def take() -> None:
        for raw in channel.arrivals():
            seen.append(raw.message_id)
            channel.settle(raw, Settlement.STORED)

    for _ in range(MAX_TRIES):
        with pytest.raises(ChannelUnavailable, match="ended the connection"):
            take()
        clock.advance(minutes=5)
    assert seen == ["<A@huber.example>", "<C@huber.example>"]
    (broken,) = channel.arrivals()
    with pytest.raises(UnreadableDocument, match="does not hand out the mail with UID 2 of INBOX, tried 3 times"):
        broken.blob.open()
    channel.settle(broken, Settlement.REFUSED)
    assert mailbox.uids("Rejected") == [1]
    assert not list(channel.arrivals())
