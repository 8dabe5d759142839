from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from connectors import mail_message
from connectors.mail_message import compose
from oms_core.errors import PartnerRejected
from tests.factory import NOW, outgoing_mail

SENDER = "orders@mill.example"


def read(data: bytes) -> EmailMessage:
    message = message_from_bytes(data, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def test_an_answer_is_threaded_and_marked_as_automatic():
    mail = outgoing_mail(in_reply_to="<po-1@huber.example>", subject="Ihre Bestellung: größer", text="Grüße\n")
    message = read(compose(mail, SENDER, NOW))
    assert message["Message-ID"] == mail.message_id
    assert message["In-Reply-To"] == message["References"] == "<po-1@huber.example>"
    assert message["Auto-Submitted"] == "auto-replied"
    assert message["Date"] == "Mon, 02 Mar 2026 09:00:00 +0000"
    assert (message["From"], message["To"]) == (SENDER, mail.to)
    assert message["Subject"] == "Ihre Bestellung: größer"
    assert message.get_content().replace("\r\n", "\n") == "Grüße\n"


def test_a_mail_that_answers_nothing_is_auto_generated_and_unthreaded():
    message = read(compose(outgoing_mail(), SENDER, NOW))
    assert message["Auto-Submitted"] == "auto-generated"
    assert "References" not in message


def test_long_identifiers_stay_whole_and_the_text_keeps_to_seven_bits():
    long = "<" + "a1." * 120 + "@huber.example>"
    data = compose(outgoing_mail(message_id=long, in_reply_to=long, subject="ß" * 400, text="ü" * 3000), SENDER, NOW)
    assert data.count(long.encode()) == 3
    assert data.isascii()
    assert max(len(line) for line in data.split(b"\r\n")) <= 998
    message = read(data)
    assert message["Subject"] == "ß" * 400
    assert message.get_content().strip() == "ü" * 3000


@pytest.mark.parametrize(
    ("changes", "header"),
    [
        ({"to": "a@b.example\r\nBcc: all@b.example"}, "To"),
        ({"to": "a@b.example, c@d.example"}, "To"),
        ({"to": "Name <a@b.example>"}, "To"),
        ({"to": "ä@b.example"}, "To"),
        ({"to": "a@b.example" + "x" * mail_message.MAX_ADDRESS_LENGTH}, "To"),
        ({"subject": "hi\nBcc: all@b.example"}, "Subject"),
        ({"subject": "hi\u2028Bcc: all@b.example"}, "Subject"),
        ({"subject": "x" * (mail_message.MAX_SUBJECT_LENGTH + 1)}, "Subject"),
        ({"message_id": "<a@b>\r\nBcc: all@b.example"}, "Message-ID"),
        ({"message_id": "<a b@c>"}, "Message-ID"),
        ({"message_id": "<" + "x" * mail_message.MAX_MESSAGE_ID_LENGTH + "@b>"}, "Message-ID"),
        ({"in_reply_to": "<a@b>\n <c@d>"}, "In-Reply-To"),
        ({"text": "x" * (mail_message.MAX_TEXT_LENGTH + 1)}, "The mail's text"),
    ],
)
def test_what_could_add_a_header_or_a_receiver_is_refused_by_name(changes: dict[str, object], header: str):
    with pytest.raises(PartnerRejected, match=f"^{header}"):
        compose(outgoing_mail(**changes), SENDER, NOW)


def test_our_own_address_is_checked_too():
    with pytest.raises(PartnerRejected, match=r"^From"):
        compose(outgoing_mail(), "orders@mill.example\r\nX: y", NOW)
