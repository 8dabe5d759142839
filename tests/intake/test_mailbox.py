"""A mailbox on a real Dovecot, and what real servers do to a client."""

import datetime as dt
import http.server
import json
import os
import socket
import threading
import urllib.parse
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from intake import imap_session
from intake.mailbox import MailboxChannel, MailboxSettings, Tls
from oms_app.demo.mailhost import MailAccount, MailHost
from oms_core.errors import ChannelUnavailable, ConfigurationError, UnreadableDocument
from oms_core.values import RawDocument
from oms_core.values.outbound import Settlement
from tests.factory import FixedClock
from tests.run import run_folder
from tests.servers.dovecot import Mailbox, folder_for, need_dovecot, new_mailbox

pytestmark = pytest.mark.real

Open = Callable[..., MailboxChannel]


def mail(subject: str = "Order", size: int = 0) -> bytes:
    return (
        b"Authentication-Results: mx.us.example; dmarc=pass header.from=huber.example\r\n"
        b"From: Ida Huber <ida@huber.example>\r\nTo: orders@us.example\r\n"
        b"Message-ID: <%s@huber.example>\r\nSubject: %s\r\n\r\n100 SCR-4030\r\n" % (subject.encode(), subject.encode())
    ) + b"x" * size


def settings(mailbox: Mailbox, **changes: object) -> MailboxSettings:
    given: dict[str, object] = {
        "name": "orders",
        "host": "localhost",
        "port": mailbox.host.imaps_port,
        "username": mailbox.address,
        "password": mailbox.account.password,
        "ca_file": mailbox.host.ca_file,
        "trusted_host": "mx.us.example",
        "timeout_seconds": 10,
    }
    return MailboxSettings(**(given | changes))  # type: ignore[arg-type]


@pytest.fixture
def opened(clock: FixedClock) -> Iterator[Open]:
    channels: list[MailboxChannel] = []

    def start(mailbox: Mailbox, **changes: object) -> MailboxChannel:
        channels.append(MailboxChannel(settings(mailbox, **changes), clock))
        return channels[-1]

    yield start
    for channel in channels:
        channel.close()


@pytest.fixture
def own_host() -> Iterator[Callable[..., Mailbox]]:
    """Start a mail server of a test's own: one that may be killed or says other capabilities."""
    need_dovecot()
    hosts: list[MailHost] = []

    def start(capability: str | None = None, extra: str = "") -> Mailbox:
        hosts.append(MailHost(extra=f"imap_capability = {capability}" if capability else extra))
        hosts[-1].start(folder_for(f"mail{os.urandom(4).hex()}"))
        return new_mailbox(hosts[-1])

    yield start
    for host in hosts:
        host.stop()


def content(raw: RawDocument) -> bytes:
    with raw.blob.open() as handle:
        return handle.read()


def restart(host: MailHost, *, kill: bool = False) -> None:
    (host.kill if kill else host.stop)()
    host.start(host.ca_file.parent, host.imaps_port, host.lmtp_port)


def test_a_mail_is_read_without_a_trace(mailbox: Mailbox, opened: Open) -> None:
    mailbox.deliver(mail("A"))
    (raw,) = opened(mailbox).arrivals()
    assert content(raw).endswith(b"100 SCR-4030\r\n")
    assert raw.message_id == "<A@huber.example>"
    assert (raw.sender.address, raw.sender.authenticated) == ("ida@huber.example", True)
    assert raw.media_type == "message/rfc822"
    assert raw.received_at.utcoffset() == dt.timedelta(0)
    assert abs(raw.received_at - dt.datetime.now(dt.UTC)) < dt.timedelta(minutes=5)
    assert "\\Seen" not in mailbox.flags(1)
    assert mailbox.uids() == [1]


def test_a_mail_that_a_person_has_read_is_an_order_all_the_same(mailbox: Mailbox, opened: Open) -> None:
    mailbox.deliver(mail("A"))
    mailbox.doveadm("flags", "add", "-u", mailbox.address, "\\Seen", "mailbox", "INBOX", "all")
    assert len(list(opened(mailbox).arrivals())) == 1


def test_the_key_is_the_mails_address_at_its_server(mailbox: Mailbox, opened: Open) -> None:
    mailbox.deliver(mail("A"))
    (raw,) = opened(mailbox).arrivals()
    start, _, uid = raw.source_key.partition(";UIDVALIDITY=")
    assert start == f"imap://{mailbox.address}@localhost/INBOX"
    assert uid.endswith("/;UID=1")


@pytest.mark.parametrize(
    "capability",
    [None, "IMAP4rev1 LITERAL+ UIDPLUS IDLE", "IMAP4rev1 LITERAL+"],
    ids=["move", "uidplus", "neither"],
)
def test_settled_mails_lie_in_their_folder_and_others_stay(
    own_host: Callable[..., Mailbox], opened: Open, capability: str | None
) -> None:
    mailbox = own_host(capability)
    for subject in "ABCD":
        mailbox.deliver(mail(subject))
    channel = opened(mailbox, processed_folder="Erledigt/Aufträge")
    first, second, third, fourth = channel.arrivals()
    channel.settle(second, Settlement.REFUSED)
    for raw in (first, third):
        channel.settle(raw, Settlement.STORED)
        channel.settle(raw, Settlement.DUPLICATE)
    assert len(mailbox.uids("Erledigt/Aufträge")) == 2
    assert len(mailbox.uids("Rejected")) == 1
    assert [raw.source_key for raw in channel.arrivals()] == [fourth.source_key]


def test_a_folder_without_expunge_by_uid_keeps_what_people_marked_as_deleted(
    own_host: Callable[..., Mailbox], opened: Open
) -> None:
    mailbox = own_host("IMAP4rev1 LITERAL+")
    mailbox.deliver(mail("A"))
    mailbox.deliver(mail("B"))
    mailbox.doveadm("flags", "add", "-u", mailbox.address, "\\Deleted", "mailbox", "INBOX", "uid", "1")
    channel = opened(mailbox)
    (raw,) = channel.arrivals()
    channel.settle(raw, Settlement.STORED)
    assert mailbox.uids() == [1, 2], "both are only marked"
    assert not list(channel.arrivals())


def test_a_backlog_over_the_limit_comes_in_several_looks(
    mailbox: Mailbox, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imap_session, "MAX_ARRIVALS", 2)
    for subject in "ABCDE":
        mailbox.deliver(mail(subject))
    channel = opened(mailbox)
    seen = []
    for _ in range(3):
        for raw in channel.arrivals():
            seen.append(raw.message_id)
            channel.settle(raw, Settlement.STORED)
        channel.wait(3600 if len(seen) < 5 else 0)  # returns at once while more is there
    assert seen == [f"<{subject}@huber.example>" for subject in "ABCDE"]


def test_a_mail_over_the_limit_is_refused_with_its_facts(mailbox: Mailbox, opened: Open) -> None:
    mailbox.deliver(mail("BIG", size=5000))
    mailbox.deliver(mail("SMALL"))
    channel = opened(mailbox, max_bytes=2000)
    big, small = channel.arrivals()
    with pytest.raises(UnreadableDocument, match="this channel takes at most 2000") as refusal:
        big.blob.open()
    assert refusal.value.code == "too_large"
    assert (big.message_id, big.sender.address) == ("<BIG@huber.example>", "ida@huber.example")
    channel.settle(big, Settlement.REFUSED)
    assert len(mailbox.uids("Rejected")) == 1
    assert content(small).endswith(b"SCR-4030\r\n")


def test_the_limit_itself_is_allowed_and_one_byte_more_is_not(mailbox: Mailbox, opened: Open) -> None:
    mailbox.deliver(mail("A"))
    (raw,) = opened(mailbox).arrivals()
    (fits,) = opened(mailbox, max_bytes=raw.blob.size).arrivals()
    assert content(fits) == content(raw)
    (over,) = opened(mailbox, max_bytes=raw.blob.size - 1).arrivals()
    with pytest.raises(UnreadableDocument):
        over.blob.open()


def test_two_declared_gigabytes_are_never_fetched(mailbox: Mailbox, opened: Open) -> None:
    channel = opened(mailbox)
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


def test_renumbering_brings_waiting_mails_under_new_keys(mailbox: Mailbox, opened: Open) -> None:
    mailbox.deliver(mail("A"))
    (before,) = opened(mailbox).arrivals()
    mailbox.doveadm("mailbox", "update", "-u", mailbox.address, "--uid-validity", "1234567", "INBOX")
    channel = opened(mailbox)
    channel.settle(before, Settlement.STORED)
    (after,) = channel.arrivals()
    assert after.source_key.endswith(";UIDVALIDITY=1234567/;UID=1")
    assert before.source_key != after.source_key
    assert before.message_id == after.message_id
    channel.settle(before, Settlement.STORED)
    assert mailbox.uids() == [1], "the old key names no mail any more"
    channel.settle(after, Settlement.STORED)
    assert mailbox.uids() == []


def test_a_key_of_another_mailbox_moves_nothing(mailbox: Mailbox, mail_host: MailHost, opened: Open) -> None:
    other = new_mailbox(mail_host)
    mailbox.deliver(mail("A"))
    other.deliver(mail("B"))
    (raw,) = opened(mailbox).arrivals()
    channel = opened(other)
    list(channel.arrivals())
    channel.settle(raw, Settlement.STORED)
    assert other.uids() == [1]


def test_listening_ends_when_mail_comes(mailbox: Mailbox, opened: Open) -> None:
    channel = opened(mailbox)
    list(channel.arrivals())
    sender = threading.Timer(0.1, mailbox.deliver, [mail("A")])
    sender.start()
    channel.wait(3600)
    sender.join()
    assert len(list(channel.arrivals())) == 1


def test_mail_that_came_between_looking_and_listening_is_not_waited_for(mailbox: Mailbox, opened: Open) -> None:
    channel = opened(mailbox)
    list(channel.arrivals())
    mailbox.deliver(mail("A"))
    channel.wait(3600)
    assert len(list(channel.arrivals())) == 1


def test_mail_that_came_while_another_was_settled_is_not_waited_for(mailbox: Mailbox, opened: Open) -> None:
    mailbox.deliver(mail("A"))
    channel = opened(mailbox)
    (raw,) = channel.arrivals()
    mailbox.deliver(mail("B"))
    channel.settle(raw, Settlement.STORED)  # with this answer the server tells of B, so IDLE will not
    channel.wait(3600)
    assert [raw.message_id for raw in channel.arrivals()] == ["<B@huber.example>"]


def test_a_server_without_idle_is_asked_now_and_then(own_host: Callable[..., Mailbox], opened: Open) -> None:
    mailbox = own_host("IMAP4rev1 LITERAL+ UIDPLUS MOVE")
    channel = opened(mailbox, poll_seconds=0.05)
    list(channel.arrivals())
    sender = threading.Timer(0.1, mailbox.deliver, [mail("A")])
    sender.start()
    channel.wait(3600)
    sender.join()
    assert len(list(channel.arrivals())) == 1


def test_listening_is_renewed_before_the_server_gives_up(
    mailbox: Mailbox, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imap_session, "IDLE_RENEW_SECONDS", 0.05)
    channel = opened(mailbox)
    list(channel.arrivals())
    sender = threading.Timer(0.3, mailbox.deliver, [mail("A")])
    sender.start()
    channel.wait(3600)
    sender.join()
    assert len(list(channel.arrivals())) == 1


def test_closing_ends_listening(mailbox: Mailbox, opened: Open) -> None:
    channel = opened(mailbox)
    list(channel.arrivals())
    closer = threading.Timer(0.1, channel.close)
    closer.start()
    channel.wait(3600)
    closer.join()
    with pytest.raises(ChannelUnavailable, match="closed"):
        list(channel.arrivals())


def test_a_settling_thread_does_not_wait_for_the_listening_one(mailbox: Mailbox, opened: Open) -> None:
    mailbox.deliver(mail("A"))
    channel = opened(mailbox)
    (raw,) = channel.arrivals()
    settler = threading.Timer(0.1, channel.settle, [raw, Settlement.STORED])
    settler.start()
    channel.wait(3600)
    settler.join()
    assert mailbox.uids() == []


def test_a_kicked_listener_notices_and_connects_again(mailbox: Mailbox, opened: Open) -> None:
    channel = opened(mailbox)
    list(channel.arrivals())
    kicker = threading.Timer(0.2, mailbox.doveadm, ["kick", mailbox.address])
    kicker.start()
    channel.wait(3600)  # it would never return, or spin for ever, if the good-bye went unnoticed
    kicker.join()
    mailbox.deliver(mail("A"))
    with pytest.raises(ChannelUnavailable, match=r"ended the connection .* The next try is in 1 s"):
        list(channel.arrivals())


def test_a_server_killed_while_we_listen_is_found_again(
    own_host: Callable[..., Mailbox], opened: Open, clock: FixedClock
) -> None:
    mailbox = own_host()
    mailbox.deliver(mail("A"))
    channel = opened(mailbox)
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


def test_a_connection_that_died_in_silence_is_replaced_at_once(own_host: Callable[..., Mailbox], opened: Open) -> None:
    mailbox = own_host()
    mailbox.deliver(mail("A"))
    mailbox.deliver(mail("B"))
    channel = opened(mailbox)
    (raw, _) = channel.arrivals()
    restart(mailbox.host)
    channel.settle(raw, Settlement.STORED)
    restart(mailbox.host)
    assert [raw.message_id for raw in channel.arrivals()] == ["<B@huber.example>"]


def test_a_connection_lost_between_two_mails_says_so_and_nothing_is_lost(
    own_host: Callable[..., Mailbox], opened: Open, clock: FixedClock
) -> None:
    mailbox = own_host()
    for subject in "ABC":
        mailbox.deliver(mail(subject))
    channel = opened(mailbox)
    arriving = channel.arrivals()
    seen = [next(arriving).message_id]
    restart(mailbox.host, kill=True)
    with pytest.raises(ChannelUnavailable, match="ended the connection"):
        list(arriving)
    clock.advance(seconds=1)
    assert [raw.message_id for raw in channel.arrivals()] == [*seen, "<B@huber.example>", "<C@huber.example>"]


def test_settling_over_a_new_connection_ends_the_look_and_the_rest_comes_at_once(
    own_host: Callable[..., Mailbox], opened: Open
) -> None:
    mailbox = own_host()
    for subject in "ABC":
        mailbox.deliver(mail(subject))
    channel = opened(mailbox)
    seen = []
    for raw in channel.arrivals():
        seen.append(raw.message_id)
        restart(mailbox.host)
        channel.settle(raw, Settlement.STORED)
    assert seen == ["<A@huber.example>"]
    channel.wait(3600)  # returns at once: more is known to be there
    assert [raw.message_id for raw in channel.arrivals()] == ["<B@huber.example>", "<C@huber.example>"]


def test_tries_become_rarer_while_the_server_is_down(
    own_host: Callable[..., Mailbox], opened: Open, clock: FixedClock
) -> None:
    mailbox = own_host()
    mailbox.host.stop()
    channel = opened(mailbox)
    for pause in (1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300):
        with pytest.raises(ChannelUnavailable, match="cannot be reached"):
            list(channel.arrivals())
        with pytest.raises(ChannelUnavailable, match=rf"cannot be reached .* The next try is in {pause} s"):
            list(channel.arrivals())
        clock.advance(seconds=pause)
    mailbox.host.start(mailbox.host.ca_file.parent, mailbox.host.imaps_port, mailbox.host.lmtp_port)
    assert not list(channel.arrivals())


def test_a_refused_log_in_is_said_once_and_not_hammered(mailbox: Mailbox, opened: Open) -> None:
    channel = opened(mailbox, password="wrong")
    for sentence in (r"refuses the log-in of orders-.* Check user name", "The next try is in 300 s"):
        with pytest.raises(ChannelUnavailable, match=sentence) as refusal:
            list(channel.arrivals())
        assert "wrong" not in str(refusal.value)


def test_no_secret_is_shown(mailbox: Mailbox) -> None:
    assert mailbox.account.password not in repr(settings(mailbox))


def test_an_unknown_authority_is_never_accepted(mailbox: Mailbox, opened: Open) -> None:
    with pytest.raises(ChannelUnavailable, match=r"certificate .* is not trusted .* set ca_file"):
        list(opened(mailbox, ca_file=None).arrivals())


def test_a_certificate_for_another_name_is_never_accepted(mailbox: Mailbox, opened: Open) -> None:
    with pytest.raises(ChannelUnavailable, match="is not trusted"):
        list(opened(mailbox, host="127.1").arrivals())


def test_a_missing_certificate_file_is_named(mailbox: Mailbox, opened: Open, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"none\.pem cannot be used"):
        list(opened(mailbox, ca_file=tmp_path / "none.pem").arrivals())


def test_starttls_is_not_skipped_where_the_server_has_none(mailbox: Mailbox, opened: Open) -> None:
    with pytest.raises(ChannelUnavailable, match="cannot be reached"):
        list(opened(mailbox, tls=Tls.STARTTLS, timeout_seconds=1).arrivals())


def test_a_missing_folder_is_said(mailbox: Mailbox, opened: Open) -> None:
    with pytest.raises(ChannelUnavailable, match=r"answers: select failed: .*doesn't exist: Bestellungen"):
        list(opened(mailbox, folder="Bestellungen").arrivals())


def test_a_folder_that_may_only_be_read_gives_nothing_away(mailbox: Mailbox, opened: Open) -> None:
    mailbox.deliver(mail("A"))
    for part in ("cur", "new", "tmp", "."):
        (mailbox.host.maildir(mailbox.address) / part).chmod(0o555)
    with pytest.raises(ChannelUnavailable, match="only read INBOX: mails could not be moved"):
        list(opened(mailbox).arrivals())


def test_starttls_is_safe_before_anything_is_said(own_host: Callable[..., Mailbox], opened: Open) -> None:
    port = free_port()
    mailbox = own_host(extra=f"service imap-login {{\n inet_listener imap {{\n port = {port}\n }}\n}}")
    mailbox.deliver(mail("A"))
    assert len(list(opened(mailbox, tls=Tls.STARTTLS, port=port).arrivals())) == 1
    with pytest.raises(ChannelUnavailable, match="is not trusted"):
        list(opened(mailbox, tls=Tls.STARTTLS, port=port, ca_file=None).arrivals())


def test_a_server_with_the_log_in_command_only_is_entered(own_host: Callable[..., Mailbox], opened: Open) -> None:
    mailbox = own_host(extra="auth_mechanisms = login")
    mailbox.deliver(mail("A"))
    assert len(list(opened(mailbox).arrivals())) == 1


def test_a_password_may_have_any_letters(mail_host: MailHost, opened: Open) -> None:
    account = MailAccount(f"orders-{os.urandom(4).hex()}@example.test", 'Schlüssel "#1\\ €')
    mail_host.add_account(account)
    assert not list(opened(Mailbox(mail_host, account)).arrivals())


@pytest.mark.parametrize("mechanism", ["xoauth2", "oauthbearer"])
def test_a_token_opens_the_mailbox(
    own_host: Callable[..., Mailbox], opened: Open, clock: FixedClock, token_server: str, mechanism: str
) -> None:
    mailbox = own_host(
        extra=f"auth_mechanisms = {mechanism}\n"
        f"passdb {{\n driver = oauth2\n mechanisms = {mechanism}\n args = {token_server}\n}}"
    )
    tokens = iter([f"good:{mailbox.address}", "expired", f"good:{mailbox.address}"])
    mailbox.deliver(mail("A"))
    channel = opened(mailbox, password=None, token=lambda: next(tokens))
    assert len(list(channel.arrivals())) == 1
    restart(mailbox.host)
    with pytest.raises(ChannelUnavailable, match="refuses the log-in"):
        list(channel.arrivals())
    clock.advance(seconds=300)
    assert len(list(channel.arrivals())) == 1


@pytest.fixture
def token_server() -> Iterator[str]:
    """An introspection point (RFC 7662) that knows tokens `good:ADDRESS`; yields Dovecot's settings file for it."""

    class Introspection(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # noqa: N802 - http.server's face
            form = urllib.parse.parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            kind, _, address = form["token"][0].partition(":")
            known = {"active": True, "username": address} if kind == "good" else {"active": False}
            answer = json.dumps(known).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Introspection)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    path = run_folder() / f"oauth2-{os.urandom(4).hex()}.conf"
    path.write_text(
        "introspection_mode = post\n"
        f"introspection_url = http://127.0.0.1:{server.server_port}/introspect\n"
        "username_attribute = username\nactive_attribute = active\nactive_value = true\n",
        encoding="ascii",
    )
    path.chmod(0o644)
    yield str(path)
    server.shutdown()
    thread.join()
    server.server_close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.mark.parametrize("changes", [{"password": None}, {"token": lambda: "x"}])
def test_one_secret_is_needed(mailbox: Mailbox, changes: dict[str, object]) -> None:
    with pytest.raises(ConfigurationError, match="either a password or an OAuth2 token"):
        settings(mailbox, **changes)


def test_the_target_is_another_folder(mailbox: Mailbox) -> None:
    with pytest.raises(ConfigurationError, match="same folder"):
        settings(mailbox, processed_folder="INBOX")
