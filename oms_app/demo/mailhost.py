"""A private mail server for the demo and the tests: Dovecot on this machine, IMAP over TLS in, LMTP to deliver."""

import contextlib
import datetime as dt
import ipaddress
import os
import re
import shutil
import signal
import smtplib
import socket
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from oms_core.errors import ChannelUnavailable, InvalidInput

HOST = "127.0.0.1"
PACKAGES = "dovecot-imapd and dovecot-lmtpd"
START_SECONDS = 15.0
STOP_SECONDS = 2.0
"""After that it is killed: every delivered mail is on the disk already."""

MAX_SOCKET_FOLDER = 60
"""Length of a folder that leaves room for the names of Dovecot's sockets (108 bytes with the name, unix(7))."""

_NOBODY = 65534
_ADDRESS = re.compile(r"[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9.-]{1,190}")
_PLACES = ("/usr/lib/dovecot", "/usr/libexec/dovecot", "/usr/local/libexec/dovecot")


@dataclass(frozen=True, slots=True)
class MailAccount:
    """One mailbox of the server."""

    address: str
    password: str = field(repr=False)

    def __post_init__(self) -> None:
        """Raise `InvalidInput` for an address that could not be a folder's name."""
        if not _ADDRESS.fullmatch(self.address) or ".." in self.address:
            raise InvalidInput(f"{self.address!r} is no plain mail address; write one such as orders@example.test.")


def missing() -> str | None:
    """Say in a sentence why there can be no mail server here, or return None where there can be."""
    program = _program()
    if program is None or not all(any(Path(p, part).exists() for p in _PLACES) for part in ("imap", "lmtp")):
        return f"There is no Dovecot on this machine; install the packages {PACKAGES}."
    told = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603 - found above
    if not told.startswith("2.3."):
        return f"Dovecot here has version {told.split(' ')[0].strip() or 'unknown'}; the private mail server needs 2.3."
    return None


class MailHost:
    """Dovecot as a child of this process: it ends with `stop`, or with the very thread that called `start`.

    Runs as root (mail then belongs to nobody) or as any user. `extra` is more of Dovecot's configuration,
    which wins over ours.
    """

    def __init__(self, accounts: Sequence[MailAccount] = (), extra: str = "") -> None:
        self._accounts = list(accounts)
        self._extra = extra
        self._process: subprocess.Popen[bytes] | None = None
        self._scratch: Path | None = None
        self._state = Path()
        self.ca_file = Path()
        self.imaps_port = 0
        self.lmtp_port = 0

    @property
    def config(self) -> Path:
        """Dovecot's configuration file, for `doveadm -c`."""
        return self._state / "dovecot.conf"

    def maildir(self, address: str) -> Path:
        """Return the folder that holds an account's mails."""
        return self._state / "mail" / address

    def start(self, directory: Path, imaps_port: int = 0, lmtp_port: int = 0) -> None:
        """Start the server with its certificate and mails in `directory`; port 0 finds a free one.

        Where Dovecot's own users may not reach that directory, mails lie in a temporary one. Raises
        `ChannelUnavailable` with what the server said, or with the package that is missing.
        """
        absent = missing()
        if absent:
            raise ChannelUnavailable(absent)
        directory = directory.resolve()
        directory.mkdir(parents=True, exist_ok=True)
        self._state = directory if _is_reachable(directory) else self._own_scratch()
        self.ca_file = _certificate(directory)
        self.imaps_port = imaps_port or _free_port()
        self.lmtp_port = lmtp_port or _free_port()
        for part in ("run", "mail", "users"):
            (self._state / part).mkdir(exist_ok=True)
        for account in self._accounts:
            self._write_account(account)
        if os.geteuid() == 0:
            os.chown(self._state / "mail", _NOBODY, _NOBODY)
        self.config.write_text(self._settings(directory), encoding="utf-8")
        self._launch()

    def stop(self) -> None:
        """End the server; harmless when it does not run."""
        self._end(signal.SIGTERM)
        if self._scratch is not None:
            shutil.rmtree(self._scratch, ignore_errors=True)
            self._scratch = None

    def kill(self) -> None:
        """End the server as a power cut would."""
        self._end(signal.SIGKILL)

    def _end(self, how: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is None or process.poll() is not None:
            return
        # The whole group: the processes that hold connections outlive their master by seconds.
        os.killpg(process.pid, how)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(STOP_SECONDS)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def add_account(self, account: MailAccount) -> None:
        """Add a mailbox, also while the server runs."""
        self._accounts.append(account)
        if self._state != Path():
            self._write_account(account)

    def deliver(self, data: bytes, to: str | None = None, sender: str = "customer@example.test") -> None:
        """Deliver one mail to an account (the first one by default) as a mail server would, by LMTP (RFC 2033).

        `sender` is the envelope's sender. Raises `ChannelUnavailable` when the server does not take it.
        """
        lines = re.sub(rb"\r\n|\r|\n", b"\r\n", data)
        try:
            with smtplib.LMTP(HOST, self.lmtp_port, timeout=START_SECONDS) as link:
                link.sendmail(sender, [to or self._accounts[0].address], lines)
        except (OSError, smtplib.SMTPException) as error:
            raise ChannelUnavailable(f"The private mail server did not take the mail: {error}.") from error

    def _own_scratch(self) -> Path:
        self._scratch = Path(tempfile.mkdtemp(prefix="ordermill-mail-"))
        self._scratch.chmod(0o711)
        return self._scratch

    def _write_account(self, account: MailAccount) -> None:
        # A file for each account: Dovecot does not look at one file twice in a second.
        path = self._state / "users" / account.address
        path.touch(mode=0o600)
        path.write_text(f"{account.address}:{{PLAIN.HEX}}{account.password.encode().hex()}::::::\n", encoding="ascii")
        if os.geteuid() == 0:
            shutil.chown(path, group="dovecot")
            path.chmod(0o640)

    def _settings(self, directory: Path) -> str:
        as_root = os.geteuid() == 0
        return _SETTINGS.format(
            state=self._state,
            directory=directory,
            imaps_port=self.imaps_port,
            lmtp_port=self.lmtp_port,
            uid=_NOBODY if as_root else os.getuid(),
            gid=_NOBODY if as_root else os.getgid(),
            users="" if as_root else _OWN_USERS.format(user=_user_name(), group=_group_name()),
            extra=self._extra,
        )

    def _launch(self) -> None:
        program = _program()
        assert program is not None, "start() asked before"
        setpriv = shutil.which("setpriv")
        # The kernel then ends the server with us, also when we are killed.
        bound = [setpriv, "--pdeathsig", "TERM"] if setpriv else []
        with (self._state / "start.log").open("wb") as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own words only
                [*bound, program, "-F", "-c", str(self.config)],
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        deadline = time.monotonic() + START_SECONDS
        while not (_answers(self.imaps_port) and _answers(self.lmtp_port)):
            if self._process.poll() is not None or time.monotonic() > deadline:
                self._fail()
            time.sleep(0.02)

    def _fail(self) -> None:
        said = "".join(
            path.read_text(encoding="utf-8", errors="replace")
            for name in ("start.log", "dovecot.log")
            if (path := self._state / name).is_file()
        )
        self.stop()
        raise ChannelUnavailable(f"The private mail server did not start. It said: {said[-1000:].strip()}")


def _program() -> str | None:
    return shutil.which("dovecot") or shutil.which("dovecot", path="/usr/sbin:/usr/local/sbin")


def _user_name() -> str:
    import pwd

    return pwd.getpwuid(os.getuid()).pw_name


def _group_name() -> str:
    import grp

    return grp.getgrgid(os.getgid()).gr_name


def _is_reachable(directory: Path) -> bool:
    """Say whether Dovecot's sockets fit in and its users may pass through to it (as root they are other users)."""
    if len(str(directory)) > MAX_SOCKET_FOLDER:
        return False
    return os.geteuid() != 0 or all(place.stat().st_mode & 0o001 for place in (directory, *directory.parents))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def _answers(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection((HOST, port), timeout=1):
        return True
    return False


def _certificate(directory: Path) -> Path:
    """Return the server's certificate, which is its own authority; made once a directory, valid for ten years."""
    path, key_path = directory / "mail-cert.pem", directory / "mail-key.pem"
    if path.exists() and key_path.exists():
        return path
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address(HOST))]
    now = dt.datetime.now(dt.UTC)
    usage = dict.fromkeys(_OTHER_USES, False) | {"digital_signature": True, "key_cert_sign": True}
    own_id = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=3650))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.KeyUsage(**usage), critical=True)
        .add_extension(own_id, critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(own_id), critical=False)
        .sign(key, hashes.SHA256())
    )
    key_path.touch(mode=0o600)
    key_path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return path


_OTHER_USES = (
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)

_OWN_USERS = """\
default_login_user = {user}
default_internal_user = {user}
default_internal_group = {group}"""

_SETTINGS = """\
base_dir = {state}/run
state_dir = {state}/run
instance_name = ordermill-{imaps_port}
log_path = {state}/dovecot.log
protocols = imap lmtp
listen = 127.0.0.1
{users}
ssl = required
ssl_cert = <{directory}/mail-cert.pem
ssl_key = <{directory}/mail-key.pem
ssl_min_protocol = TLSv1.2
auth_mechanisms = plain login
auth_failure_delay = 0
mail_location = maildir:{state}/mail/%u
mail_uid = {uid}
mail_gid = {gid}
first_valid_uid = 1
mail_max_userip_connections = 100
namespace inbox {{
  inbox = yes
  separator = /
}}
passdb {{
  driver = passwd-file
  args = {state}/users/%u
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={state}/mail/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    address = 127.0.0.1
    port = {imaps_port}
    ssl = yes
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp_port}
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
{extra}
"""
