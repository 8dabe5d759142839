"""Who sent a mail: what the trusted host says, what it does not, and mail that is never answered."""

import pytest

from parsers.mail.mime import message_id, sender_facts

HOST = "mx.ordermill.example"


def mail(*fields: str, sender: str = "Ann Buyer <Ann@Kestrel.example>") -> bytes:
    return "\r\n".join([*fields, f"From: {sender}", "Subject: Order", "", "10 x AB-100"]).encode()


def verdict(*results: str, sender: str = "Ann Buyer <Ann@Kestrel.example>", host: str | None = HOST) -> bool | None:
    return sender_facts(
        mail(*(f"Authentication-Results: {text}" for text in results), sender=sender), host
    ).authenticated


def test_sender_and_reply_address_are_told():
    facts = sender_facts(mail("Reply-To: Desk <desk@elsewhere.example>"), None)
    assert (facts.address, facts.name) == ("ann@kestrel.example", "Ann Buyer")
    assert facts.reply_to == "desk@elsewhere.example"
    assert facts.authenticated is None
    assert facts.automatic is False


def test_a_comma_inside_an_encoded_name_does_not_part_it():
    facts = sender_facts(mail(sender="=?utf-8?q?K=C3=B6hler=2C_Anna?= <anna@koehler.example>"), None)
    assert (facts.name, facts.address) == ("Köhler, Anna", "anna@koehler.example")


def test_the_message_id_is_told():
    assert message_id(mail("Message-ID: <a.b@c.example>")) == "<a.b@c.example>"
    assert message_id(mail()) is None


def test_dmarc_decides():
    assert verdict(f"{HOST}; dmarc=pass header.from=kestrel.example") is True
    assert verdict(f"{HOST}; spf=pass smtp.mailfrom=kestrel.example; dmarc=fail header.from=kestrel.example") is False


@pytest.mark.parametrize(
    "result",
    [
        "dkim=pass header.d=kestrel.example",
        "dkim=pass header.i=@mail.kestrel.example header.s=k1",
        "spf=pass smtp.mailfrom=ann@kestrel.example",
        "dmarc=none; dkim=pass (2048-bit key) header.d=kestrel.example",
    ],
)
def test_without_dmarc_an_aligned_pass_is_enough(result: str):
    assert verdict(f"{HOST}; {result}") is True


@pytest.mark.parametrize(
    "result",
    [
        "dkim=pass header.d=elsewhere.example",
        "spf=pass smtp.mailfrom=kestrel.example.elsewhere.example",
        "dkim=pass header.d=example",
        "dmarc=none",
        "none",
        "dkim=none",
    ],
)
def test_a_pass_of_another_domain_or_no_result_says_nothing(result: str):
    assert verdict(f"{HOST}; {result}") is None


def test_a_failure_without_an_aligned_pass_fails():
    assert verdict(f"{HOST}; spf=fail smtp.mailfrom=kestrel.example; dkim=none") is False


def test_only_the_trusted_host_is_believed_and_its_topmost_word():
    assert verdict("elsewhere.example; dmarc=pass") is None
    assert verdict(f"{HOST}.elsewhere.example; dmarc=pass") is None
    assert verdict("elsewhere.example; dmarc=pass", f"{HOST}; dmarc=fail") is False
    assert verdict(f"{HOST}; dmarc=fail", f"{HOST}; dmarc=pass") is False
    assert verdict(f"{HOST} 1; dmarc=pass") is True
    assert verdict(f"{HOST}; dmarc=pass", host=None) is None


@pytest.mark.parametrize(
    "result",
    [
        'spf=none smtp.mailfrom="x; dmarc=pass; y"@elsewhere.example',
        "spf=none (a comment; dmarc=pass)",
        "spf=none (nested (x; dmarc=pass) ; dmarc=pass)",
        'spf=none smtp.mailfrom="a\\"; dmarc=pass;"@elsewhere.example',
        "spf=none (never closed; dmarc=pass",
    ],
)
def test_what_a_sender_smuggles_into_a_result_does_not_count(result: str):
    assert verdict(f"{HOST}; {result}") is None


def test_two_senders_are_never_authenticated():
    assert verdict(f"{HOST}; dmarc=pass", sender="a@kestrel.example, b@elsewhere.example") is False
    assert verdict(f"{HOST}; dmarc=pass", "x\r\nFrom: b@elsewhere.example") is False


@pytest.mark.parametrize(
    "field",
    [
        "Auto-Submitted: auto-generated",
        "Auto-Submitted: auto-replied (vacation); owner=x",
        "Precedence: bulk",
        "Precedence: List",
        "Precedence: junk",
        "List-Id: <news.kestrel.example>",
        "List-Unsubscribe: <mailto:x@kestrel.example>",
        "Return-Path: <>",
        "X-Auto-Response-Suppress: All",
        "X-Autoreply: yes",
    ],
)
def test_automatic_mail_is_never_answered(field: str):
    assert sender_facts(mail(field), None).automatic is True


@pytest.mark.parametrize(
    "sender",
    [
        "MAILER-DAEMON@kestrel.example",
        "postmaster@kestrel.example",
        "no-reply@kestrel.example",
        "noreply-orders@kestrel.example",
        "orders.noreply@kestrel.example",
        "do_not_reply@kestrel.example",
        "bounces+12@kestrel.example",
        "",
    ],
)
def test_addresses_that_nobody_reads_are_never_answered(sender: str):
    assert sender_facts(mail(sender=sender), None).automatic is True


@pytest.mark.parametrize(
    "field", ["Auto-Submitted: no", "Auto-Submitted: no (really)", "Return-Path: <ann@kestrel.example>"]
)
def test_a_person_is_answered(field: str):
    assert sender_facts(mail(field), None).automatic is False


@pytest.mark.parametrize("sender", ["nora.reply@kestrel.example", "bouncer@club.example", "noel@kestrel.example"])
def test_names_that_only_look_like_robots_are_answered(sender: str):
    assert sender_facts(mail(sender=sender), None).automatic is False


def test_only_the_head_of_a_mail_is_looked_at():
    assert sender_facts(mail() + b"\r\nAuto-Submitted: auto-replied\r\n", None).automatic is False
    assert message_id(b"Subject: x\n\nMessage-ID: <a@b>\n") is None
