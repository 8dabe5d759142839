"""Waiting for mail, and what real servers do to a client meanwhile."""

import threading
from collections.abc import Callable

import pytest

from intake import imap_session
from oms_core.errors import ChannelUnavailable
from oms_core.values.outbound import Settlement
from tests.factory import FixedClock
from tests.intake.mail_story import Open, mail, restart
from tests.servers.dovecot import Mailbox

pytestmark = pytest.mark.real


def test_listening_ends_when_mail_comes(mailbox: Mailbox, open_mailbox: Open) -> None:
    channel = open_mailbox(mailbox)
    list(channel.arrivals())
    sender = threading.Timer(0.1, mailbox.deliver, [mail("A")])
    sender.start()
    channel.wait(3600)
    sender.join()
    assert len(list(channel.arrivals())) == 1


def test_mail_that_came_between_looking_and_listening_is_not_waited_for(mailbox: Mailbox, open_mailbox: Open) -> None:
    channel = open_mailbox(mailbox)
    list(channel.arrivals())
    mailbox.deliver(mail("A"))
    channel.wait(3600)
    assert len(list(channel.arrivals())) == 1


def test_mail_that_came_while_another_was_settled_is_not_waited_for(mailbox: Mailbox, open_mailbox: Open) -> None:
    mailbox.deliver(mail("A"))
    channel = open_mailbox(mailbox)
    (raw,) = channel.arrivals()
    mailbox.deliver(mail("B"))
    channel.settle(raw, Settlement.STORED)  # with this answer the server tells of B, so IDLE will not
    channel.wait(3600)
    assert [raw.message_id for raw in channel.arrivals()] == ["<B@huber.example>"]


def test_a_server_without_idle_is_asked_now_and_then(own_host: Callable[..., Mailbox], open_mailbox: Open) -> None:
    mailbox = own_host("IMAP4rev1 LITERAL+ UIDPLUS MOVE")
    channel = open_mailbox(mailbox, poll_seconds=0.05)
    list(channel.arrivals())
    sender = threading.Timer(0.1, mailbox.deliver, [mail("A")])
    sender.start()
    channel.wait(3600)
    sender.join()
    assert len(list(channel.arrivals())) == 1


def test_listening_is_renewed_before_the_server_gives_up(
    mailbox: Mailbox, open_mailbox: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imap_session, "IDLE_RENEW_SECONDS", 0.05)
    channel = open_mailbox(mailbox)
    list(channel.arrivals())
    sender = threading.Timer(0.3, mailbox.deliver, [mail("A")])
    sender.start()
    channel.wait(3600)
    sender.join()
    assert len(list(channel.arrivals())) == 1


def test_closing_ends_listening(mailbox: Mailbox, open_mailbox: Open) -> None:
    channel = open_mailbox(mailbox)
    list(channel.arrivals())
    closer = threading.Timer(0.1, channel.close)
    closer.start()
    channel.wait(3600)
    closer.join()
    with pytest.raises(ChannelUnavailable, match="closed"):
        list(channel.arrivals())


def test_a_settling_thread_does_not_wait_for_the_listening_one(mailbox: Mailbox, open_mailbox: Open) -> None:
    mailbox.deliver(mail("A"))
    channel = open_mailbox(mailbox)
    (raw,) = channel.arrivals()
    settler = threading.Timer(0.1, channel.settle, [raw, Settlement.STORED])
    settler.start()
    channel.wait(3600)
    settler.join()
    assert mailbox.uids() == []


def test_a_kicked_listener_notices_and_connects_again(mailbox: Mailbox, open_mailbox: Open) -> None:
    channel = open_mailbox(mailbox)
    list(channel.arrivals())
    kicker = threading.Timer(0.2, mailbox.doveadm, ["kick", mailbox.address])
    kicker.start()
    channel.wait(3600)  # it would never return, or spin for ever, if the good-bye went unnoticed
    kicker.join()
    mailbox.deliver(mail("A"))
    with pytest.raises(ChannelUnavailable, match=r"ended the connection .* The next try is in 1 s"):
        list(channel.arrivals())


def test_a_server_killed_while_we_listen_is_found_again(
    own_host: Callable[..., Mailbox], open_mailbox: Open, clock: FixedClock
) -> None:
    mailbox = own_host()
    mailbox.deliver(mail("A"))
    channel = open_mailbox(mailbox)
    (raw,) = channel.arrivals()
    killer = threading.Timer(0.2, mailbox.host.kill)
    killer.start()
    channel.wait(3600)
    killer.join()
    with pytest.raises(ChannelUnavailable, match="ended the connection"):
        list(channel.arrivals())
    mailbox.host.start(mailbox.host.ca_file.parent, mailbox.host.imaps_port, mailbox.host.lmtp_port)
    clock.advance(seconds=1)
    (again,) = channel.arrivals()
    assert again.source_key == raw.source_key
    channel.settle(again, Settlement.STORED)
    assert mailbox.uids() == []


def test_a_connection_that_died_in_silence_is_replaced_at_once(
    own_host: Callable[..., Mailbox], open_mailbox: Open
) -> None:
    mailbox = own_host()
    mailbox.deliver(mail("A"))
    mailbox.deliver(mail("B"))
    channel = open_mailbox(mailbox)
    (raw, _) = channel.arrivals()
    restart(mailbox.host)
    channel.settle(raw, Settlement.STORED)
    restart(mailbox.host)
    assert [raw.message_id for raw in channel.arrivals()] == ["<B@huber.example>"]


def test_a_connection_lost_between_two_mails_says_so_and_nothing_is_lost(
    own_host: Callable[..., Mailbox], open_mailbox: Open, clock: FixedClock
) -> None:
    mailbox = own_host()
    for subject in "ABC":
        mailbox.deliver(mail(subject))
    channel = open_mailbox(mailbox)
    arriving = channel.arrivals()
    seen = [next(arriving).message_id]
    restart(mailbox.host, kill=True)
    with pytest.raises(ChannelUnavailable, match="ended the connection"):
        list(arriving)
    clock.advance(seconds=1)
    assert [raw.message_id for raw in channel.arrivals()] == [*seen, "<B@huber.example>", "<C@huber.example>"]


def test_settling_over_a_new_connection_ends_the_look_and_the_rest_comes_at_once(
    own_host: Callable[..., Mailbox], open_mailbox: Open
) -> None:
    mailbox = own_host()
    for subject in "ABC":
        mailbox.deliver(mail(subject))
    channel = open_mailbox(mailbox)
    seen = []
    for raw in channel.arrivals():
        seen.append(raw.message_id)
        restart(mailbox.host)
        channel.settle(raw, Settlement.STORED)
    assert seen == ["<A@huber.example>"]
    channel.wait(3600)  # returns at once: more is known to be there
    assert [raw.message_id for raw in channel.arrivals()] == ["<B@huber.example>", "<C@huber.example>"]


def test_tries_become_rarer_while_the_server_is_down(
    own_host: Callable[..., Mailbox], open_mailbox: Open, clock: FixedClock
) -> None:
    mailbox = own_host()
    mailbox.host.stop()
    channel = open_mailbox(mailbox)
    for pause in (1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300):
        with pytest.raises(ChannelUnavailable, match="cannot be reached"):
            list(channel.arrivals())
        with pytest.raises(ChannelUnavailable, match=rf"cannot be reached .* The next try is in {pause} s"):
            list(channel.arrivals())
        clock.advance(seconds=pause)
    mailbox.host.start(mailbox.host.ca_file.parent, mailbox.host.imaps_port, mailbox.host.lmtp_port)
    assert not list(channel.arrivals())
