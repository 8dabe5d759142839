"""A real SFTP server: OpenSSH, one a worker of the test run, a fresh set of folders for every test that asks."""

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.run import leave_out, run_folder

PACKAGE = "openssh-server"
START_SECONDS = 15.0
_CONFIG = """\
Port {port}
ListenAddress 127.0.0.1
HostKey {folder}/host_ed25519
HostKey {folder}/host_rsa
PidFile {folder}/sshd.pid
AuthorizedKeysFile {folder}/client.pub
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PubkeyAuthentication yes
PermitRootLogin prohibit-password
AllowTcpForwarding no
X11Forwarding no
PermitTTY no
MaxStartups 100
Subsystem sftp internal-sftp
ForceCommand internal-sftp
LogLevel VERBOSE
"""


def program() -> str | None:
    """Return sshd with its whole path, as it wants to be called."""
    return shutil.which("sshd") or shutil.which("sshd", path="/usr/sbin:/usr/local/sbin")


class SshServer:
    """OpenSSH that serves files to the user who runs the tests; lets in one key, shows an ed25519 and an RSA key."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = 0
        self.username = pwd.getpwuid(os.getuid()).pw_name
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def client_key(self) -> Path:
        """The private key that is let in."""
        return self.folder / "client"

    def host_key(self, kind: str = "ed25519") -> str:
        """Return a public host key as it stands in known_hosts."""
        words = (self.folder / f"host_{kind}.pub").read_text(encoding="ascii").split()
        return f"[127.0.0.1]:{self.port} {words[0]} {words[1]}"

    def fingerprint(self, kind: str = "ed25519") -> str:
        """Return the fingerprint of a host key as ssh-keygen writes it."""
        told = subprocess.run(
            ["ssh-keygen", "-l", "-f", self.folder / f"host_{kind}.pub"], check=True, capture_output=True, text=True
        )
        return told.stdout.split()[1]

    def start(self) -> None:
        """Start it, again on the same port; the keys are made the first time."""
        binary = program()
        assert binary is not None, "asked for before"
        self.folder.mkdir(exist_ok=True)
        for name, words in (
            ("host_ed25519", ["ed25519"]),
            ("host_rsa", ["rsa", "-b", "2048"]),
            ("client", ["ed25519"]),
        ):
            if not (self.folder / name).exists():
                subprocess.run(
                    ["ssh-keygen", "-q", "-N", "", "-f", self.folder / name, "-t", *words], check=True, cwd="/"
                )
        self.port = self.port or _free_port()
        config = self.folder / "sshd_config"
        config.write_text(_CONFIG.format(port=self.port, folder=self.folder), encoding="utf-8")
        if os.geteuid() == 0:
            Path("/run/sshd").mkdir(exist_ok=True)
        setpriv = shutil.which("setpriv")
        bound = [setpriv, "--pdeathsig", "TERM"] if setpriv else []
        self._process = subprocess.Popen(
            [*bound, binary, "-D", "-f", str(config), "-E", str(self.folder / "sshd.log")],
            cwd="/",
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._await()

    def stop(self) -> None:
        """End it with every connection; the processes that hold them outlive their master."""
        process, self._process = self._process, None
        if process is None:
            return
        for number in (*_children(process.pid), process.pid):
            with contextlib.suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
        process.wait()

    def _await(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while True:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1) as probe:
                if probe.recv(4) == b"SSH-":
                    return
            if self._process is None or self._process.poll() is not None or time.monotonic() > deadline:
                log = self.folder / "sshd.log"
                said = log.read_text(encoding="utf-8", errors="replace")[-1000:] if log.exists() else "nothing"
                pytest.fail(f"OpenSSH did not start. It said: {said}")
            time.sleep(0.02)


def _children(process: int) -> list[int]:
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            parent = int(path.read_text(encoding="utf-8").rpartition(")")[2].split()[1])
            if parent == process:
                found += [*_children(int(path.parent.name)), int(path.parent.name)]
    return found


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass(frozen=True, slots=True)
class SftpFolders:
    """The folders of one test on the server, seen from its own disk."""

    server: SshServer
    root: Path

    @property
    def pending(self) -> Path:
        """Where partners put files."""
        return self.root / "pending"


def need_sshd() -> None:
    """Leave the test out where there is no OpenSSH server."""
    if program() is None or shutil.which("ssh-keygen") is None:
        leave_out(PACKAGE, "OpenSSH server")


@pytest.fixture(scope="session")
def ssh_server() -> Iterator[SshServer]:
    """The SFTP server of this worker (0.3 s to start)."""
    need_sshd()
    server = SshServer(run_folder() / f"sshd-{os.environ.get('PYTEST_XDIST_WORKER', 'main')}")
    server.start()
    yield server
    server.stop()


@pytest.fixture
def sftp_folders(ssh_server: SshServer, tmp_path: Path) -> SftpFolders:
    """Empty folders on the SFTP server."""
    (tmp_path / "remote" / "pending").mkdir(parents=True)
    return SftpFolders(ssh_server, tmp_path / "remote")
