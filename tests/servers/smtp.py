"""A real mail server (aiosmtpd) that keeps what it is given and can be told to refuse, to break off, or to be away."""

import asyncio
import datetime as dt
import ipaddress
import socket
import ssl
from collections.abc import Callable, Coroutine, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.run import once

USER = "ordermill"
PASSWORD = "aiosmtpd-throw-away"


@dataclass(frozen=True, slots=True)
class Received:
    """One mail the server has taken."""

    return_path: str
    receivers: tuple[str, ...]
    data: bytes

    @property
    def message(self) -> EmailMessage:
        """The mail, parsed."""
        message = message_from_bytes(self.data, policy=policy.default)
        assert isinstance(message, EmailMessage)
        return message


@dataclass
class SmtpServer:
    """One server on a port of its own; `mails` is what it took, `sessions` how often somebody connected."""

    certificate: Path
    """The server's certificate, which is its own authority: what a client must be told to trust."""
    key: Path
    implicit_tls: bool = False
    offers_starttls: bool = True
    mails: list[Received] = field(default_factory=list)
    on_receiver: dict[str, str] = field(default_factory=dict)
    """What is answered to a receiver instead of `250 OK`: `{"gone@x.example": "550 5.1.1 no such user"}`."""
    on_data: str = ""
    """What is answered to every mail instead of `250 OK`; `close` breaks the connection without a word."""
    port: int = 0
    _controller: "_Controller | None" = None

    def start(self) -> None:
        """Listen: on a free port the first time, on the same one after `stop`."""
        listening = socket.socket()
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", self.port))
        self.port = listening.getsockname()[1]
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, self.key)
        starttls = self.offers_starttls and not self.implicit_tls
        self._controller = _Controller(
            self,
            listening,
            hostname="127.0.0.1",
            port=self.port,
            ssl_context=context if self.implicit_tls else None,
            tls_context=context if starttls else None,
            require_starttls=starttls,
            authenticator=_authenticate,
            auth_require_tls=starttls,  # aiosmtpd does not know implicit TLS for encrypted
        )
        self._controller.start()

    def stop(self) -> None:
        """Be away: connections are refused."""
        if self._controller:
            self._controller.stop()
            self._controller = None

    async def handle_RCPT(  # noqa: N802 - the name and the arguments that aiosmtpd looks for
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Take a receiver, or answer what was scripted for it."""
        if address in self.on_receiver:
            return self.on_receiver[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - as above
        """Keep a mail, or answer what was scripted."""
        if self.on_data == "close":
            assert server.transport is not None
            server.transport.abort()
            return "421 gone"
        if self.on_data:
            return self.on_data
        assert isinstance(envelope.content, bytes)
        self.mails.append(Received(envelope.mail_from or "", tuple(envelope.rcpt_tos), envelope.content))
        return "250 OK"


class _Controller(Controller):
    """Listens on a socket that is bound already, so that no two test workers fight for a port."""

    def __init__(self, handler: SmtpServer, listening: socket.socket, **settings: Any) -> None:
        super().__init__(handler, **settings)
        self._listening = listening

    def _create_server(self) -> Coroutine[Any, Any, asyncio.AbstractServer]:
        return self.loop.create_server(self._factory_invoker, sock=self._listening, ssl=self.ssl_context)

    def _trigger_server(self) -> None:
        # aiosmtpd's own does not close its socket on an error and checks the certificate's name.
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 5) as probe:
            if not self.ssl_context:
                probe.recv(1024)
                return
            client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            client.check_hostname = False
            client.verify_mode = ssl.CERT_NONE
            with client.wrap_socket(probe) as wrapped:
                wrapped.recv(1024)


def _authenticate(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: Any) -> AuthResult:
    right = isinstance(data, LoginPassword) and (data.login, data.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=right, handled=False)


def _make_certificate(folder: Path) -> dict[str, str]:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Ordermill test mail server")])
    today = dt.datetime.now(dt.UTC)
    names = [x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - dt.timedelta(days=1))
        .not_valid_after(today + dt.timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "server.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "server.key").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return {"certificate": str(folder / "server.pem"), "key": str(folder / "server.key")}


@pytest.fixture
def start_smtp() -> Iterator[Callable[..., SmtpServer]]:
    """Start mail servers of a test's own: `start_smtp(implicit_tls=True)`; stopped after the test."""
    facts = once("smtp-certificate", _make_certificate)
    started: list[SmtpServer] = []

    def start(**settings: bool) -> SmtpServer:
        server = SmtpServer(Path(facts["certificate"]), Path(facts["key"]), **settings)
        server.start()
        started.append(server)
        return server

    yield start
    for server in started:
        server.stop()


@pytest.fixture
def smtp_server(start_smtp: Callable[..., SmtpServer]) -> SmtpServer:
    """A mail server that asks for STARTTLS and takes `USER` and `PASSWORD`."""
    return start_smtp()
