"""The private mail server of the demo and the tests."""

import imaplib
import os
import shutil
import signal
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from oms_app.demo import mailhost
from oms_app.demo.mailhost import MailAccount, MailHost
from oms_core.errors import ChannelUnavailable, InvalidInput
from tests.servers.dovecot import folder_for, need_dovecot

ORDERS = MailAccount("orders@example.test", 'Schlüssel "#1\\')


@pytest.fixture
def folder() -> Path:
    need_dovecot()
    return folder_for(f"host{os.urandom(4).hex()}")


@pytest.fixture
def host(folder: Path) -> Iterator[MailHost]:
    made = MailHost([ORDERS])
    made.start(folder)
    yield made
    made.stop()


def look(host: MailHost, account: MailAccount = ORDERS) -> bytes:
    """Return the newest mail of an account."""
    context = ssl.create_default_context(cafile=host.ca_file)
    context.verify_flags |= ssl.VERIFY_X509_STRICT  # as Python 3.13 does by itself
    with imaplib.IMAP4_SSL("localhost", host.imaps_port, ssl_context=context, timeout=10) as client:
        client.authenticate("PLAIN", lambda _: f"\0{account.address}\0{account.password}".encode())
        _, [count] = client.select("INBOX", readonly=True)
        _, [answer, _] = client.fetch(count.decode(), "(BODY.PEEK[])")
        return answer[1]


@pytest.mark.real
def test_a_delivered_mail_lies_in_the_mailbox(host: MailHost) -> None:
    host.deliver(b"From: a@b.example\nSubject: Order\n\n.\n100 SCR-4030 \xe4\n")
    assert look(host).endswith(b"Subject: Order\r\n\r\n.\r\n100 SCR-4030 \xe4\r\n")


@pytest.mark.real
def test_an_account_may_be_added_while_the_server_runs(host: MailHost) -> None:
    more = MailAccount("more@example.test", "x")
    host.add_account(more)
    host.deliver(b"Subject: Two\n\nx", "more@example.test")
    assert b"Subject: Two" in look(host, more)


@pytest.mark.real
def test_mail_for_nobody_is_refused(host: MailHost) -> None:
    with pytest.raises(ChannelUnavailable, match="did not take the mail"):
        host.deliver(b"Subject: x\n\nx", "nobody@example.test")


@pytest.mark.real
@pytest.mark.parametrize("end", ["stop", "kill"])
def test_mails_and_certificate_outlive_a_restart(host: MailHost, folder: Path, end: str) -> None:
    host.deliver(b"Subject: Stays\n\nx")
    certificate = host.ca_file.read_bytes()
    getattr(host, end)()
    with pytest.raises(ChannelUnavailable):
        host.deliver(b"Subject: x\n\nx")
    host.start(folder, host.imaps_port, host.lmtp_port)
    assert b"Subject: Stays" in look(host)
    assert host.ca_file.read_bytes() == certificate


@pytest.mark.real
def test_a_folder_that_the_server_may_not_enter_is_stood_in_for(tmp_path: Path) -> None:
    need_dovecot()
    deep = tmp_path / ("long" * 20)
    host = MailHost([ORDERS])
    host.start(deep)
    host.deliver(b"Subject: x\n\nx")
    assert b"Subject: x" in look(host)
    scratch = host.config.parent
    assert not scratch.is_relative_to(tmp_path)
    host.stop()
    assert not scratch.exists()


@pytest.mark.real
def test_two_servers_stand_side_by_side(host: MailHost) -> None:
    other = MailHost([ORDERS])
    other.start(folder_for(f"host{os.urandom(4).hex()}"))
    assert other.imaps_port != host.imaps_port
    other.deliver(b"Subject: x\n\nx")
    assert b"Subject: x" in look(other)
    other.stop()


@pytest.mark.real
def test_a_server_that_cannot_start_says_why(folder: Path) -> None:
    with pytest.raises(ChannelUnavailable, match=r"did not start\. It said: .*no_such_setting"):
        MailHost([ORDERS], extra="no_such_setting = 1").start(folder)


@pytest.mark.real
def test_the_server_ends_with_its_program_even_a_killed_one(folder: Path) -> None:
    if shutil.which("setpriv") is None:
        pytest.fail("setpriv of util-linux is needed")
    story = (
        "import sys, pathlib; from oms_app.demo.mailhost import MailHost\n"
        "host = MailHost(); host.start(pathlib.Path(sys.argv[1])); print(host._process.pid, flush=True); input()"
    )
    program = subprocess.Popen(
        [sys.executable, "-c", story, folder],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=Path(mailhost.__file__).parents[2],
    )
    assert program.stdout is not None
    server = int(program.stdout.readline())
    program.send_signal(signal.SIGKILL)
    program.communicate()
    deadline = time.monotonic() + 20
    while _runs(server) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not _runs(server)


def _runs(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def test_a_machine_without_dovecot_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda *_, **__: None)
    with pytest.raises(ChannelUnavailable, match="install the packages dovecot-imapd and dovecot-lmtpd"):
        MailHost().start(Path("unused"))


def test_another_version_of_dovecot_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program = tmp_path / "dovecot"
    program.write_text("#!/bin/sh\necho '2.4.1 (abc)'\n", encoding="ascii")
    program.chmod(0o755)
    for part in ("imap", "lmtp"):
        (tmp_path / part).touch()
    monkeypatch.setattr(mailhost, "_PLACES", (str(tmp_path),))
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    assert mailhost.missing() == "Dovecot here has version 2.4.1; the private mail server needs 2.3."


@pytest.mark.parametrize("address", ["", "orders", "a/../b@x", "a@../x", "a:b@x", "ä@x", "a@x\n"])
def test_an_account_is_a_plain_address(address: str) -> None:
    with pytest.raises(InvalidInput, match="no plain mail address"):
        MailAccount(address, "x")
