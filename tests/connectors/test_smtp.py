"""A mail on its way to a real mail server, and every way it can fail."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from connectors.smtp import MAX_ANSWER_LENGTH, Security, SmtpMailer, SmtpSettings
from oms_core.errors import ConfigurationError, PartnerRejected, PartnerUnavailable
from tests.factory import FixedClock, outgoing_mail
from tests.servers.smtp import PASSWORD, USER, SmtpServer

SENDER = "orders@mill.example"


def settings(server: SmtpServer) -> SmtpSettings:
    return SmtpSettings(
        host="127.0.0.1",
        sender=SENDER,
        port=server.port,
        user=USER,
        password=PASSWORD,
        authorities=server.certificate,
        timeout_seconds=10,
    )


@pytest.fixture
def mailer(smtp_server: SmtpServer, clock: FixedClock) -> SmtpMailer:
    return SmtpMailer(settings(smtp_server), clock)


def test_a_mail_arrives_encrypted_signed_in_and_whole(smtp_server: SmtpServer, mailer: SmtpMailer):
    mail = outgoing_mail(in_reply_to="<po@huber.example>", text="Grüße\n.\nEnde\n")
    mailer.send(mail)
    (taken,) = smtp_server.mails
    assert (taken.return_path, taken.receivers) == (SENDER, (mail.to,))
    assert taken.message["Message-ID"] == mail.message_id
    assert taken.message["Auto-Submitted"] == "auto-replied"
    assert taken.message.get_content().replace("\r\n", "\n") == mail.text


def test_bounces_go_where_they_are_wanted(smtp_server: SmtpServer, clock: FixedClock):
    bounces = replace(settings(smtp_server), return_path="bounces@mill.example")
    SmtpMailer(bounces, clock).send(outgoing_mail())
    assert smtp_server.mails[0].return_path == "bounces@mill.example"
    assert smtp_server.mails[0].message["From"] == SENDER


def test_a_server_that_is_encrypted_from_the_first_byte(start_smtp: Callable[..., SmtpServer], clock: FixedClock):
    server = start_smtp(implicit_tls=True)
    SmtpMailer(replace(settings(server), security=Security.TLS), clock).send(outgoing_mail())
    assert len(server.mails) == 1


def test_an_open_relay_on_the_same_machine(start_smtp: Callable[..., SmtpServer], clock: FixedClock):
    server = start_smtp(offers_starttls=False)
    open_relay = replace(settings(server), security=Security.NONE, user="", password="")
    SmtpMailer(open_relay, clock).send(outgoing_mail())
    assert len(server.mails) == 1


def test_a_receiver_that_does_not_exist_is_rejected_with_the_servers_words(smtp_server: SmtpServer, mailer: SmtpMailer):
    smtp_server.on_receiver["gone@huber.example"] = "550 5.1.1 no such user here"
    with pytest.raises(PartnerRejected, match=r"\(550\): gone@huber\.example: 5\.1\.1 no such user here\. Correct"):
        mailer.send(outgoing_mail("gone@huber.example"))
    assert smtp_server.mails == []


def test_a_receiver_that_is_busy_waits(smtp_server: SmtpServer, mailer: SmtpMailer):
    smtp_server.on_receiver["busy@huber.example"] = "451 4.7.1 greylisted, try later"
    with pytest.raises(PartnerUnavailable, match=r"cannot take the mail now \(451\).*greylisted"):
        mailer.send(outgoing_mail("busy@huber.example"))
    del smtp_server.on_receiver["busy@huber.example"]
    mailer.send(outgoing_mail("busy@huber.example"))
    assert len(smtp_server.mails) == 1


@pytest.mark.parametrize(
    ("answer", "error"),
    [("554 5.6.0 looks like spam", PartnerRejected), ("452 4.3.1 disk full", PartnerUnavailable)],
)
def test_a_refusal_after_the_text_counts_too(
    smtp_server: SmtpServer, mailer: SmtpMailer, answer: str, error: type[Exception]
):
    smtp_server.on_data = answer
    with pytest.raises(error, match=answer[4:]):
        mailer.send(outgoing_mail())


def test_a_connection_that_breaks_after_the_text_leaves_it_unknown(smtp_server: SmtpServer, mailer: SmtpMailer):
    smtp_server.on_data = "close"
    with pytest.raises(PartnerUnavailable, match=r"Whether the mail to .* was taken is not known"):
        mailer.send(outgoing_mail())


def test_a_server_that_is_away_is_tried_again_and_found(smtp_server: SmtpServer, mailer: SmtpMailer):
    smtp_server.stop()
    with pytest.raises(
        PartnerUnavailable, match=rf"127\.0\.0\.1:{smtp_server.port} cannot be used.*sent when it answers"
    ):
        mailer.send(outgoing_mail())
    smtp_server.start()
    mailer.send(outgoing_mail())
    assert len(smtp_server.mails) == 1


def test_a_certificate_of_an_unknown_authority_is_never_taken(smtp_server: SmtpServer, clock: FixedClock):
    trusting_nobody = replace(settings(smtp_server), authorities=None)
    with pytest.raises(PartnerUnavailable, match=r"(?i)certificate verify failed.*authorities"):
        SmtpMailer(trusting_nobody, clock).send(outgoing_mail())


def test_a_certificate_for_another_name_is_never_taken(smtp_server: SmtpServer, clock: FixedClock):
    with pytest.raises(PartnerUnavailable, match=r"(?i)certificate verify failed.*mismatch"):
        SmtpMailer(replace(settings(smtp_server), host="localhost"), clock).send(outgoing_mail())


def test_a_wrong_password_makes_mail_wait_instead_of_failing_it(smtp_server: SmtpServer, clock: FixedClock):
    wrong = SmtpMailer(replace(settings(smtp_server), password="no"), clock)
    with pytest.raises(PartnerUnavailable, match=r"535 .*Check the user and the password"):
        wrong.send(outgoing_mail())


def test_nothing_is_said_to_a_server_that_does_not_encrypt(start_smtp: Callable[..., SmtpServer], clock: FixedClock):
    server = start_smtp(offers_starttls=False)
    with pytest.raises(PartnerUnavailable, match=r"STARTTLS.*Check port and security"):
        SmtpMailer(settings(server), clock).send(outgoing_mail())
    assert server.mails == []


def test_a_servers_long_answer_is_cut(smtp_server: SmtpServer, mailer: SmtpMailer):
    smtp_server.on_data = "554 " + "x" * (MAX_ANSWER_LENGTH + 1)
    with pytest.raises(PartnerRejected) as raised:
        mailer.send(outgoing_mail())
    assert "x" * MAX_ANSWER_LENGTH in str(raised.value)
    assert "x" * (MAX_ANSWER_LENGTH + 1) not in str(raised.value)


def test_a_header_that_would_add_a_receiver_never_reaches_the_server(smtp_server: SmtpServer, mailer: SmtpMailer):
    with pytest.raises(PartnerRejected, match="Subject"):
        mailer.send(outgoing_mail(subject="hi\r\nBcc: all@huber.example"))
    assert smtp_server.mails == []


def test_settings_that_would_be_unsafe_are_refused(clock: FixedClock):
    with pytest.raises(ConfigurationError, match="never sent over an open connection"):
        SmtpMailer(SmtpSettings("h", SENDER, security=Security.NONE, password="x"), clock)
    with pytest.raises(ConfigurationError, match="timeout_seconds"):
        SmtpMailer(SmtpSettings("h", SENDER, timeout_seconds=0), clock)
    assert "secret-word" not in repr(SmtpSettings("h", SENDER, password="secret-word"))
