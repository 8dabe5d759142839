"""A real mail server: Dovecot, one a worker of the test run, a fresh mailbox for every test that asks."""

import os
import secrets
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from oms_app.demo.mailhost import PACKAGES, MailAccount, MailHost, missing
from tests.run import leave_out, run_folder


def folder_for(name: str) -> Path:
    """Return a folder that Dovecot's users may reach, in the folder of this run, with a short name."""
    return run_folder() / f"{name}-{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"


def need_dovecot() -> None:
    """Leave the test out where there is no Dovecot."""
    if missing():
        leave_out(PACKAGES, "Dovecot 2.3")


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A mailbox of its own for one test, and what a test may do to it from the server's side."""

    host: MailHost
    account: MailAccount

    @property
    def address(self) -> str:
        """The user name."""
        return self.account.address

    def deliver(self, data: bytes) -> None:
        """Let a mail arrive."""
        self.host.deliver(data, self.address)

    def doveadm(self, *words: str) -> str:
        """Run Dovecot's own administration program."""
        done = subprocess.run(
            ["doveadm", "-c", self.host.config, *words], check=True, capture_output=True, text=True, cwd="/"
        )
        return done.stdout

    def uids(self, folder: str = "INBOX") -> list[int]:
        """Return the UIDs in a folder as the server has them."""
        told = self.doveadm("-f", "flow", "fetch", "-u", self.address, "uid", "mailbox", folder, "all")
        return [int(line.partition("=")[2]) for line in told.split()]

    def flags(self, uid: int, folder: str = "INBOX") -> set[str]:
        """Return the flags of a mail."""
        told = self.doveadm("-f", "flow", "fetch", "-u", self.address, "flags", "mailbox", folder, "uid", str(uid))
        return set(told.strip().partition("=")[2].split())

    def drop(self, data: bytes, declared_size: int) -> None:
        """Put a mail into the mailbox by its file, with a size in its name that Dovecot believes."""
        new = self.host.maildir(self.address) / "new"
        path = new / f"1.M{secrets.token_hex(4)}.host,S={declared_size},W={declared_size}"
        path.write_bytes(data)
        owner = new.stat()
        os.chown(path, owner.st_uid, owner.st_gid)


@pytest.fixture(scope="session")
def mail_host() -> Iterator[MailHost]:
    """The mail server of this worker (0.15 s to start)."""
    need_dovecot()
    host = MailHost()
    host.start(folder_for("dovecot"))
    yield host
    host.stop()


@pytest.fixture
def mailbox(mail_host: MailHost) -> Mailbox:
    """An empty mailbox on the mail server."""
    return new_mailbox(mail_host)


def new_mailbox(host: MailHost) -> Mailbox:
    """Make a mailbox with a name of its own."""
    account = MailAccount(f"orders-{secrets.token_hex(6)}@example.test", secrets.token_urlsafe(12))
    host.add_account(account)
    return Mailbox(host, account)
