"""Entering a mailbox: certificates, passwords, tokens, rights."""

import os
import socket
from collections.abc import Callable
from pathlib import Path

import imapclient
import pytest

from intake.mailbox import Tls
from oms_app.demo.mailhost import MailAccount, MailHost
from oms_core.errors import ChannelUnavailable, ConfigurationError
from tests.factory import FixedClock
from tests.intake.mail_story import Open, mail, restart, settings
from tests.servers.dovecot import Mailbox

pytestmark = pytest.mark.real


def test_a_refused_log_in_is_said_once_and_not_hammered(mailbox: Mailbox, open_mailbox: Open) -> None:
    channel = open_mailbox(mailbox, password="wrong")
    for sentence in (r"refuses the log-in of \S+ \(\[AUTHENTICATIONFAILED\] .*\)\. Check", "The next try is in 300 s"):
        with pytest.raises(ChannelUnavailable, match=sentence) as refusal:
            list(channel.arrivals())
        assert "wrong" not in str(refusal.value)


def test_no_secret_is_shown(mailbox: Mailbox) -> None:
    for shown in (settings(mailbox), settings(mailbox).account()):
        assert mailbox.account.password not in repr(shown)


def test_an_unknown_authority_is_never_accepted(mailbox: Mailbox, open_mailbox: Open) -> None:
    with pytest.raises(ChannelUnavailable, match=r"certificate .* is not trusted .* set ca_file"):
        list(open_mailbox(mailbox, ca_file=None).arrivals())


def test_a_certificate_for_another_name_is_never_accepted(mailbox: Mailbox, open_mailbox: Open) -> None:
    with pytest.raises(ChannelUnavailable, match="is not trusted"):
        list(open_mailbox(mailbox, host="127.1").arrivals())


def test_a_missing_certificate_file_is_named(mailbox: Mailbox, open_mailbox: Open, tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"none\.pem cannot be used"):
        list(open_mailbox(mailbox, ca_file=tmp_path / "none.pem").arrivals())


def test_starttls_is_not_skipped_where_the_server_has_none(mailbox: Mailbox, open_mailbox: Open) -> None:
    with pytest.raises(ChannelUnavailable, match="cannot be reached"):
        list(open_mailbox(mailbox, tls=Tls.STARTTLS, timeout_seconds=1).arrivals())


def test_a_missing_folder_is_said(mailbox: Mailbox, open_mailbox: Open) -> None:
    with pytest.raises(ChannelUnavailable, match=r"answers: select failed: .*doesn't exist: Bestellungen"):
        list(open_mailbox(mailbox, folder="Bestellungen").arrivals())


def test_a_folder_that_may_only_be_read_gives_nothing_away(mailbox: Mailbox, open_mailbox: Open) -> None:
    mailbox.deliver(mail("A"))
    for part in ("cur", "new", "tmp", "."):
        (mailbox.host.maildir(mailbox.address) / part).chmod(0o555)
    with pytest.raises(ChannelUnavailable, match="only read INBOX: mails could not be moved"):
        list(open_mailbox(mailbox).arrivals())


def test_starttls_is_safe_before_anything_is_said(own_host: Callable[..., Mailbox], open_mailbox: Open) -> None:
    port = free_port()
    mailbox = own_host(extra=f"service imap-login {{\n inet_listener imap {{\n port = {port}\n }}\n}}")
    mailbox.deliver(mail("A"))
    assert len(list(open_mailbox(mailbox, tls=Tls.STARTTLS, port=port).arrivals())) == 1
    with pytest.raises(ChannelUnavailable, match="is not trusted"):
        list(open_mailbox(mailbox, tls=Tls.STARTTLS, port=port, ca_file=None).arrivals())


def test_a_server_with_the_log_in_command_only_is_entered(
    mailbox: Mailbox, open_mailbox: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = imapclient.IMAPClient.has_capability
    monkeypatch.setattr(
        imapclient.IMAPClient, "has_capability", lambda client, word: word != "AUTH=PLAIN" and real(client, word)
    )
    assert not list(open_mailbox(mailbox).arrivals())


def test_a_password_may_have_any_letters(mail_host: MailHost, open_mailbox: Open) -> None:
    account = MailAccount(f"orders-{os.urandom(4).hex()}@example.test", 'Schlüssel "#1\\ €')
    mail_host.add_account(account)
    assert not list(open_mailbox(Mailbox(mail_host, account)).arrivals())


@pytest.mark.parametrize("mechanism", ["xoauth2", "oauthbearer"])
def test_a_token_opens_the_mailbox(
    own_host: Callable[..., Mailbox], open_mailbox: Open, clock: FixedClock, token_server: str, mechanism: str
) -> None:
    mailbox = own_host(
        extra=f"auth_mechanisms = {mechanism}\n"
        f"passdb {{\n driver = oauth2\n mechanisms = {mechanism}\n args = {token_server}\n}}"
    )
    tokens = iter([f"good:{mailbox.address}", "expired", f"good:{mailbox.address}"])
    mailbox.deliver(mail("A"))
    channel = open_mailbox(mailbox, password=None, token=lambda: next(tokens))
    assert len(list(channel.arrivals())) == 1
    restart(mailbox.host)
    with pytest.raises(ChannelUnavailable, match="refuses the log-in"):
        list(channel.arrivals())
    clock.advance(seconds=300)
    assert len(list(channel.arrivals())) == 1


@pytest.mark.parametrize("changes", [{"password": None}, {"token": lambda: "x"}])
def test_one_secret_is_needed(mailbox: Mailbox, changes: dict[str, object]) -> None:
    with pytest.raises(ConfigurationError, match="either a password or an OAuth2 token"):
        settings(mailbox, **changes)


def test_the_target_is_another_folder(mailbox: Mailbox) -> None:
    with pytest.raises(ConfigurationError, match="same folder"):
        settings(mailbox, processed_folder="INBOX")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
