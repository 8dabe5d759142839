"""Mail out over SMTP: encrypted, the server's certificate checked, every answer told apart by what to do next."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from connectors.connector import Connector, Port
from connectors.mail_message import compose, plain_address
from oms_core.errors import ConfigurationError, PartnerRejected, PartnerUnavailable
from oms_core.ports import Clock
from oms_core.values.outbound import OutgoingMail

MAX_ANSWER_LENGTH = 300
"""How much of a server's answer is repeated, in characters."""

_PERMANENT = 500


class Security(StrEnum):
    """How the connection is encrypted."""

    STARTTLS = "starttls"
    """Plain at first, encrypted before anything is said (RFC 3207); refused when the server does not offer it."""
    TLS = "tls"
    """Encrypted from the first byte (RFC 8314)."""
    NONE = "none"
    """Not at all: for a relay on the same machine. Never with a password."""


@dataclass(frozen=True, slots=True)
class SmtpSettings:
    """The mail server, and the address we send from.

    `return_path` is where bounces go; it is the sender where it is not set. `authorities` is a file of certificate
    authorities (PEM) where the server's is not one the system knows.
    """

    host: str
    sender: str
    port: int = 587
    security: Security = Security.STARTTLS
    user: str = ""
    password: str = field(default="", repr=False)
    return_path: str = ""
    authorities: Path | None = None
    timeout_seconds: float = 30.0


class SmtpMailer:
    """Hands mails to one mail server, a connection each."""

    def __init__(self, settings: SmtpSettings, clock: Clock) -> None:
        if settings.security is Security.NONE and settings.password:
            raise ConfigurationError(
                "smtp: a password is never sent over an open connection. Set security to starttls."
            )
        if not settings.timeout_seconds > 0:
            raise ConfigurationError("smtp: timeout_seconds must be more than 0.")
        self._settings = settings
        self._clock = clock
        self._server = f"The mail server {settings.host}:{settings.port}"

    def send(self, mail: OutgoingMail) -> None:
        """Hand one mail over; when this returns the server has taken it.

        Raises `PartnerUnavailable` when the server is not there, busy (4xx), or will not talk to us as we are set up:
        the mail waits. Raises `PartnerRejected` when it refuses this mail (5xx) or a header cannot be sent.
        """
        data = compose(mail, self._settings.sender, self._clock.now())
        return_path = plain_address("Return-Path", self._settings.return_path or self._settings.sender)
        with self._connected() as client, self._answers_to(mail.to):
            client.sendmail(return_path, [mail.to], data)

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        try:
            client = self._greeted()
        except (OSError, smtplib.SMTPException) as error:
            raise PartnerUnavailable(f"{self._server} cannot be used: {_said(error)}. {self._advice(error)}") from error
        try:
            yield client
            # The mail is taken: whatever becomes of the farewell, it must not be sent again.
            with suppress(OSError, smtplib.SMTPException):
                client.quit()
        finally:
            client.close()

    def _greeted(self) -> smtplib.SMTP:
        settings = self._settings
        if settings.security is Security.TLS:
            client: smtplib.SMTP = smtplib.SMTP_SSL(
                settings.host, settings.port, timeout=settings.timeout_seconds, context=self._context()
            )
        else:
            client = smtplib.SMTP(settings.host, settings.port, timeout=settings.timeout_seconds)
        try:
            if settings.security is Security.STARTTLS:
                client.starttls(context=self._context())
            if settings.user:
                client.login(settings.user, settings.password)
        except BaseException:
            client.close()
            raise
        return client

    def _context(self) -> ssl.SSLContext:
        authorities = self._settings.authorities
        return ssl.create_default_context(cafile=str(authorities) if authorities else None)

    def _advice(self, error: Exception) -> str:
        if isinstance(error, ssl.SSLCertVerificationError):
            return "Check its certificate, or set `authorities` to the file of the authority that signed it."
        if isinstance(error, smtplib.SMTPAuthenticationError):
            return "Check the user and the password."
        if isinstance(error, smtplib.SMTPNotSupportedError):
            return "Check port and security."
        return "Mail waits and is sent when it answers again."

    @contextmanager
    def _answers_to(self, receiver: str) -> Iterator[None]:
        try:
            yield
        except smtplib.SMTPRecipientsRefused as refused:
            code, text = refused.recipients[receiver]
            raise self._refusal(code, f"{receiver}: {_clean(text)}") from refused
        except smtplib.SMTPResponseException as refused:
            raise self._refusal(refused.smtp_code, _clean(refused.smtp_error)) from refused
        except (OSError, smtplib.SMTPException) as error:
            raise PartnerUnavailable(
                f"{self._server} broke off: {_said(error)}. Whether the mail to {receiver} was taken is not known."
            ) from error

    def _refusal(self, code: int, text: str) -> PartnerUnavailable | PartnerRejected:
        if code >= _PERMANENT:
            return PartnerRejected(
                f"{self._server} refuses the mail ({code}): {text}. Correct it, or ask the receiver."
            )
        return PartnerUnavailable(f"{self._server} cannot take the mail now ({code}): {text}.")


def _said(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_clean(error.smtp_error)}"
    if isinstance(error, TimeoutError):
        return "no answer in time"
    return _clean(str(error) or type(error).__name__)


def _clean(answer: bytes | str) -> str:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    line = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    return line[:MAX_ANSWER_LENGTH].rstrip(".")


CONNECTOR = Connector("smtp", Port.MAILER, SmtpSettings, SmtpMailer)
