"""A mailer that writes .eml files, named by Message-ID: mail out where there is no mail server."""

from dataclasses import dataclass
from pathlib import Path

from connectors.connector import Connector, Port
from connectors.mail_message import compose, message_id
from connectors.whole_file import safe_name, write_whole
from oms_core.ports import Clock
from oms_core.values.outbound import OutgoingMail


@dataclass(frozen=True, slots=True)
class MailFolderSettings:
    """The folder the mails are put in, and the address they come from."""

    folder: Path
    sender: str


class MailFolder:
    """Mails as files."""

    def __init__(self, settings: MailFolderSettings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock

    def send(self, mail: OutgoingMail) -> None:
        """Write one mail; the same Message-ID again replaces its file, so a repeat is still one mail.

        Raises `PartnerRejected` for a header that cannot be sent, `PartnerUnavailable` when the folder cannot be used.
        """
        data = compose(mail, self._settings.sender, self._clock.now())
        name = safe_name(message_id("Message-ID", mail.message_id)[1:-1], ".eml")
        write_whole(self._settings.folder, name, data)


CONNECTOR = Connector("mail_folder", Port.MAILER, MailFolderSettings, MailFolder)
