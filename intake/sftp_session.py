"""One SFTP connection with a synchronous face; asyncssh runs on an event loop in a thread of its own."""

import asyncio
import contextlib
import hashlib
import threading
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from stat import S_IFMT, S_ISDIR, S_ISREG
from typing import TYPE_CHECKING, Any, TypeVar, cast

from intake import file_names
from intake.blobs import CHUNK_BYTES
from intake.host_key import HostKey
from intake.limits import MAX_LISTED
from oms_core.errors import ConfigurationError

if TYPE_CHECKING:
    import asyncssh

T = TypeVar("T")

KEEPALIVE_SECONDS = 20.0
"""A connection that does not answer three of these in a row is dead."""


class SftpRefused(Exception):
    """The server says no to one request; the connection is fine."""


class SftpLost(Exception):
    """The connection is gone or could not be made; the message is a sentence."""


class NotLetIn(SftpLost):
    """The server refuses us, or is not the one we know; trying again soon is of no use."""


class SpoolFull(Exception):
    """Our own disk does not take the file."""

    def __init__(self, error: OSError) -> None:
        super().__init__(str(error))
        self.error = error


@dataclass(frozen=True, slots=True)
class Access:
    """How to reach and enter a server; a private key file or a password."""

    host: str
    port: int
    username: str
    host_keys: tuple[HostKey, ...]
    key_file: Path | None
    passphrase: str | None = field(repr=False)
    password: str | None = field(repr=False)
    timeout_seconds: float

    @property
    def place(self) -> str:
        """The beginning of a sentence about it."""
        return f"The SFTP server {self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file as the server describes it; the time is in whole seconds (SFTP version 3)."""

    size: int
    mtime: int
    is_regular: bool
    is_directory: bool


class SftpSession:
    """An open connection; every call raises `SftpRefused` or `SftpLost`, and `close` must be called."""

    def __init__(self, access: Access) -> None:
        self._access = access
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name=f"sftp-{access.host}", daemon=True)
        self._thread.start()
        self._connection: asyncssh.SSHClientConnection | None = None
        self._client: asyncssh.SFTPClient | None = None
        try:
            self._run(self._connect())
        except BaseException:
            self.close()
            raise

    def listing(self, folder: bytes) -> dict[bytes, RemoteFile]:
        """Return what lies in a folder, links not followed; hidden and partial names and directories left out."""
        return self._run(self._list(folder))

    def look(self, path: bytes) -> RemoteFile | None:
        """Return how a file stands, links not followed, or None where there is none."""
        return self._run(self._look(path))

    def fetch(self, path: bytes, target: Path, at_most: int) -> str | None:
        """Stream a file into `target`; return its SHA-256, or None as soon as it is longer than `at_most` bytes."""
        return self._run(self._fetch(path, target, at_most))

    def move(self, path: bytes, folder: bytes) -> None:
        """Move a file into a folder under a free name; the folder is made when it is missing."""
        if self.look(folder) is None:
            self._run(self._sftp.mkdir(folder))
        name = path.rpartition(b"/")[2].decode("utf-8", "surrogateescape")
        free = file_names.free_name(name, lambda word: self.look(_join(folder, _raw(word))) is not None)
        self._run(self._rename(path, _join(folder, _raw(free))))

    def close(self) -> None:
        """Close the connection and end the thread."""
        if self._thread.is_alive():
            asyncio.run_coroutine_threadsafe(self._wind_up(), self._loop).result()
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._loop.close()

    @property
    def _sftp(self) -> "asyncssh.SFTPClient":
        assert self._client is not None, "connected when made"
        return self._client

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        import asyncssh  # takes a second: only where there is an SFTP channel

        place = self._access.place
        try:
            return asyncio.run_coroutine_threadsafe(work, self._loop).result()
        except (asyncssh.SFTPConnectionLost, asyncssh.SFTPNoConnection) as error:
            raise SftpLost(f"{place} ended the connection.") from error
        except asyncssh.SFTPError as error:
            raise SftpRefused(error.reason or type(error).__name__) from error
        except asyncssh.PermissionDenied as error:
            raise NotLetIn(
                f"{place} refuses the log-in of {self._access.username}. Check user name and key."
            ) from error
        except TimeoutError as error:
            raise SftpLost(f"{place} did not answer within {self._access.timeout_seconds:.0f} s.") from error
        except (asyncssh.Error, OSError) as error:
            reason = getattr(error, "strerror", None) or getattr(error, "reason", None) or error
            raise SftpLost(f"{place} cannot be reached ({reason}).") from error

    async def _connect(self) -> None:
        import asyncssh

        access = self._access
        reached: list[str] = []
        shown: list[str] = []
        pinned = {pin.fingerprint for pin in access.host_keys}

        class Pinning(asyncssh.SSHClient):
            """Knows the server by nothing but the pinned keys."""

            def connection_made(self, conn: asyncssh.SSHClientConnection) -> None:  # noqa: ARG002 - asyncssh's face
                reached.append(access.host)

            def validate_host_public_key(self, host: str, addr: str, port: int, key: asyncssh.SSHKey) -> bool:  # noqa: ARG002 - asyncssh's face
                shown.append(f"{key.get_algorithm()} {key.get_fingerprint()}")
                return key.get_fingerprint() in pinned

        try:
            self._connection = await asyncssh.connect(
                access.host,
                access.port,
                username=access.username,
                client_factory=Pinning,
                **_options(access),
                **_identity(access),
            )
            start = self._connection.start_sftp_client(path_encoding=None)
            self._client = await asyncio.wait_for(start, access.timeout_seconds)
        except (asyncssh.HostKeyNotVerifiable, asyncssh.KeyExchangeFailed) as error:
            raise NotLetIn(_stranger(access, shown)) from error
        except (asyncssh.ConnectionLost, ConnectionError) as error:
            if not reached or shown:
                raise
            raise SftpLost(_silent(access)) from error

    async def _list(self, folder: bytes) -> dict[bytes, RemoteFile]:
        found: dict[bytes, RemoteFile] = {}
        count = 0
        async for entry in self._sftp.scandir(folder):
            count += 1
            if count > MAX_LISTED:
                raise SftpRefused(f"it holds more than {MAX_LISTED} names; move what is old to another place")
            name = entry.filename if isinstance(entry.filename, bytes) else entry.filename.encode()
            if not file_names.is_unfinished(name) and b"/" not in name:
                described = _describe(entry.attrs) or await self._look(_join(folder, name))
                if described is not None and not described.is_directory:
                    found[name] = described
        return found

    async def _look(self, path: bytes) -> RemoteFile | None:
        import asyncssh

        try:
            return _describe(await asyncio.wait_for(self._sftp.lstat(path), self._access.timeout_seconds))
        except (asyncssh.SFTPNoSuchFile, asyncssh.SFTPNoSuchPath):
            return None

    async def _fetch(self, path: bytes, target: Path, at_most: int) -> str | None:
        seen, size = hashlib.sha256(), 0
        async with self._sftp.open(path, "rb", encoding=None) as remote:
            with _on_our_disk(), target.open("wb") as local:
                while piece := await self._piece(remote):
                    size += len(piece)
                    if size > at_most:
                        return None
                    seen.update(piece)
                    local.write(piece)
        return seen.hexdigest()

    async def _piece(self, remote: "asyncssh.SFTPClientFile") -> bytes:
        try:
            return cast("bytes", await asyncio.wait_for(remote.read(CHUNK_BYTES), self._access.timeout_seconds))
        except OSError as error:
            raise SftpLost(f"{self._access.place} did not go on with a file ({error}).") from error

    async def _rename(self, source: bytes, target: bytes) -> None:
        import asyncssh

        try:
            # The plain rename of OpenSSH never replaces a file that is there.
            await self._sftp.rename(source, target)
        except asyncssh.SFTPNoSuchFile:
            return  # somebody took it away
        except (asyncssh.SFTPFailure, asyncssh.SFTPOpUnsupported):
            if await self._look(target) is not None:
                raise
            await self._sftp.posix_rename(source, target)

    async def _wind_up(self) -> None:
        if self._connection is not None:
            self._connection.abort()
            await self._connection.wait_closed()
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)


def _options(access: Access) -> dict[str, Any]:
    """Shut every way to another identity: no files of the user, no agent, no Kerberos, no certificates."""
    return {
        "config": None,
        "known_hosts": ([], [], []),
        "x509_trusted_certs": None,
        "agent_path": None,
        "gss_kex": False,
        "gss_auth": False,
        "server_host_key_algs": list(dict.fromkeys(name for pin in access.host_keys for name in pin.signatures)),
        "connect_timeout": access.timeout_seconds,
        "login_timeout": access.timeout_seconds,
        "keepalive_interval": KEEPALIVE_SECONDS,
    }


def _identity(access: Access) -> dict[str, Any]:
    """Return asyncssh's arguments for the key or the password; raises `ConfigurationError` for a useless key file."""
    import asyncssh

    if access.key_file is None:
        return {"client_keys": None, "password": access.password, "preferred_auth": "password,keyboard-interactive"}
    try:
        key = asyncssh.read_private_key(access.key_file, access.passphrase)
    except (OSError, asyncssh.KeyImportError, asyncssh.KeyEncryptionError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ConfigurationError(
            f"key_file {access.key_file} cannot be used ({reason}). Name a private key in OpenSSH form, "
            "with passphrase where it has one."
        ) from error
    return {"client_keys": [key], "preferred_auth": "publickey"}


def _stranger(access: Access, shown: list[str]) -> str:
    if not shown:
        return _silent(access)
    return (
        f"{access.place} shows the host key {shown[0]}, which is not the pinned one. Somebody may stand in between: "
        "nothing was sent. If the partner confirms that its key was changed, pin the new one as host_key; where the "
        "pin is the fingerprint of another type of key, write the type before it (ssh-rsa SHA256:…)."
    )


def _silent(access: Access) -> str:
    return (
        f"{access.place} ended the connection before it showed a host key. "
        "Perhaps it has none of the pinned type; ask the partner which keys it has."
    )


def _describe(attrs: "asyncssh.SFTPAttrs") -> RemoteFile | None:
    """Return None where the server leaves size or time out."""
    from asyncssh import FILEXFER_TYPE_DIRECTORY, FILEXFER_TYPE_REGULAR, FILEXFER_TYPE_UNKNOWN

    if attrs.size is None or attrs.mtime is None:
        return None
    mode = attrs.permissions or 0
    if S_IFMT(mode):
        return RemoteFile(attrs.size, int(attrs.mtime), S_ISREG(mode), S_ISDIR(mode))
    regular = attrs.type in {FILEXFER_TYPE_REGULAR, FILEXFER_TYPE_UNKNOWN}
    return RemoteFile(attrs.size, int(attrs.mtime), regular, attrs.type == FILEXFER_TYPE_DIRECTORY)


@contextlib.contextmanager
def _on_our_disk() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise SpoolFull(error) from error


def _join(folder: bytes, name: bytes) -> bytes:
    return folder.rstrip(b"/") + b"/" + name


def _raw(name: str) -> bytes:
    return name.encode("utf-8", "surrogateescape")
