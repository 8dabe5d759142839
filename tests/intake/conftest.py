"""Fixtures of the channels: they are closed after the test, servers of a test's own are stopped."""

import asyncio
import http.server
import json
import os
import threading
import urllib.parse
from collections.abc import Callable, Iterator
from pathlib import Path

import asyncssh
import pytest

from intake.mailbox import MailboxChannel
from intake.sftp import SftpChannel
from oms_app.demo.mailhost import MailHost
from tests.factory import FixedClock
from tests.intake import mail_story, sftp_story
from tests.run import run_folder
from tests.servers.dovecot import Mailbox, folder_for, need_dovecot, new_mailbox
from tests.servers.sshd import SftpFolders, SshServer, need_sshd


@pytest.fixture
def open_mailbox(clock: FixedClock) -> Iterator[mail_story.Open]:
    channels: list[MailboxChannel] = []

    def start(mailbox: Mailbox, **changes: object) -> MailboxChannel:
        channels.append(MailboxChannel(mail_story.settings(mailbox, **changes), clock))
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


@pytest.fixture
def token_server() -> Iterator[str]:
    """An introspection point (RFC 7662) that knows tokens `good:ADDRESS`; yields Dovecot's settings file for it."""

    class Introspection(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
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


@pytest.fixture
def open_sftp(clock: FixedClock) -> Iterator[sftp_story.Open]:
    channels: list[SftpChannel] = []

    def start(folders: SftpFolders, **changes: object) -> SftpChannel:
        channels.append(SftpChannel(sftp_story.settings(folders, **changes), clock))
        return channels[-1]

    yield start
    for channel in channels:
        channel.close()


@pytest.fixture
def own_folders(tmp_path: Path) -> Iterator[SftpFolders]:
    """Folders on a server of the test's own: one that may be killed."""
    need_sshd()
    server = SshServer(run_folder() / f"sshd-{os.urandom(4).hex()}")
    server.start()
    (tmp_path / "own" / "pending").mkdir(parents=True)
    yield SftpFolders(server, tmp_path / "own")
    server.stop()


@pytest.fixture
def password_server() -> Iterator[tuple[int, str]]:
    """asyncssh's own server, which takes a password (OpenSSH asks the machine's users for theirs)."""

    guests: list[asyncssh.SSHServerConnection] = []

    class Door(asyncssh.SSHServer):
        def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
            guests.append(conn)

        def password_auth_supported(self) -> bool:
            return True

        def validate_password(self, username: str, password: str) -> bool:
            return (username, password) == ("huber", "s3cret")

    key = asyncssh.generate_private_key("ssh-ed25519")
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    async def listen() -> asyncssh.SSHAcceptor:
        return await asyncssh.listen("127.0.0.1", 0, server_host_keys=[key], server_factory=Door, sftp_factory=True)

    server = asyncio.run_coroutine_threadsafe(listen(), loop).result()
    yield server.get_port(), key.export_public_key().decode()

    async def end() -> None:
        server.close()
        for guest in guests:
            guest.abort()
            await guest.wait_closed()

    asyncio.run_coroutine_threadsafe(end(), loop).result()
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()
