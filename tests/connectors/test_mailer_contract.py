"""What every mailer keeps, told over a real mail server and a folder of .eml files."""

from collections.abc import Callable
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from connectors.mail_folder import MailFolder, MailFolderSettings
from connectors.smtp import SmtpMailer, SmtpSettings
from oms_core.errors import PartnerRejected, PartnerUnavailable
from oms_core.ports import Mailer
from tests.factory import FixedClock, outgoing_mail
from tests.servers.smtp import PASSWORD, USER, SmtpServer

SENDER = "orders@mill.example"


@dataclass
class Post:
    """One way mails leave: the mailer, what has left, and how to take it away and bring it back."""

    mailer: Mailer
    left: Callable[[], list[EmailMessage]]
    take_away: Callable[[], None]
    bring_back: Callable[[], None]


@pytest.fixture(params=["smtp", "mail_folder"])
def post(request: pytest.FixtureRequest, tmp_path: Path, clock: FixedClock) -> Post:
    if request.param == "smtp":
        return _by_server(request.getfixturevalue("smtp_server"), clock)
    return _by_folder(tmp_path / "out", clock)


def _by_server(server: SmtpServer, clock: FixedClock) -> Post:
    settings = SmtpSettings(
        "127.0.0.1", SENDER, server.port, user=USER, password=PASSWORD, authorities=server.certificate
    )
    mailer = SmtpMailer(settings, clock)
    return Post(mailer, lambda: [mail.message for mail in server.mails], server.stop, server.start)


def _by_folder(folder: Path, clock: FixedClock) -> Post:
    def left() -> list[EmailMessage]:
        messages = (message_from_bytes(path.read_bytes(), policy=policy.default) for path in folder.glob("*.eml"))
        return [message for message in messages if isinstance(message, EmailMessage)]

    mailer = MailFolder(MailFolderSettings(folder, SENDER), clock)
    return Post(mailer, left, lambda: folder.write_bytes(b""), folder.unlink)


def test_a_mail_leaves_whole_and_threaded(post: Post):
    mail = outgoing_mail(in_reply_to="<po@huber.example>", subject="Größe", text="Grüße\n")
    post.mailer.send(mail)
    (message,) = post.left()
    assert (message["From"], message["To"], message["Subject"]) == (SENDER, mail.to, "Größe")
    assert (message["Message-ID"], message["In-Reply-To"]) == (mail.message_id, mail.in_reply_to)
    assert message["Auto-Submitted"] == "auto-replied"
    assert message["Date"] == "Mon, 02 Mar 2026 09:00:00 +0000"
    assert message.get_content().replace("\r\n", "\n") == "Grüße\n"


def test_a_repeat_carries_the_same_message_id(post: Post):
    post.mailer.send(outgoing_mail())
    post.mailer.send(outgoing_mail())
    assert {message["Message-ID"] for message in post.left()} == {"<ack-1@orders.example>"}


@pytest.mark.parametrize("field", ["to", "subject", "message_id", "in_reply_to"])
@pytest.mark.parametrize("line_break", ["\r\n", "\n", "\r"])
def test_no_header_takes_a_line_break(post: Post, field: str, line_break: str):
    with pytest.raises(PartnerRejected):
        post.mailer.send(outgoing_mail(**{field: f"<a@b.example>{line_break}Bcc: all@huber.example"}))
    assert post.left() == []


def test_a_post_that_is_away_is_unavailable_and_takes_the_mail_when_it_is_back(post: Post):
    post.take_away()
    with pytest.raises(PartnerUnavailable, match=r"cannot be used"):
        post.mailer.send(outgoing_mail())
    post.bring_back()
    post.mailer.send(outgoing_mail())
    assert len(post.left()) == 1


def test_a_message_id_is_never_a_path(tmp_path: Path, clock: FixedClock):
    folder = tmp_path / "out"
    MailFolder(MailFolderSettings(folder, SENDER), clock).send(outgoing_mail(message_id="<../../escape@x.example>"))
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    assert len(list(folder.glob("*.eml"))) == 1
