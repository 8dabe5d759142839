"""A private SFTP server for the demo, in this process: one user a partner, each shut in a folder of its own."""

import asyncio
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from oms_core.errors import ChannelUnavailable

if TYPE_CHECKING:
    import asyncssh

HOST = "127.0.0.1"
START_SECONDS = 15.0
PENDING, DONE, ERROR = "/in", "/done", "/error"


class SftpHost:
    """An SFTP server that lets in one key; `root/USER/in` is what the user USER finds as `/in`."""

    def __init__(self, users: Sequence[str]) -> None:
        self._users = tuple(users)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._server: asyncssh.SSHAcceptor | None = None
        self.root = Path()
        self.client_key = Path()
        self.host_key = ""
        self.port = 0

    def start(self, directory: Path) -> None:
        """Start the server with its keys and folders in `directory`. Raises ChannelUnavailable."""
        import asyncssh

        self.root, self.client_key = directory / "sftp", directory / "sftp-client-key"
        for user in self._users:
            (self.root / user / PENDING.strip("/")).mkdir(parents=True, exist_ok=True)
        server_key, client_key = (asyncssh.generate_private_key("ssh-ed25519") for _ in range(2))
        self.client_key.touch(mode=0o600)
        client_key.write_private_key(self.client_key)
        self.host_key = f"ssh-ed25519 {server_key.get_fingerprint()}"
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="demo-sftp", daemon=True)
        self._thread.start()
        started = asyncio.run_coroutine_threadsafe(self._listen(server_key, client_key), self._loop)
        try:
            started.result(START_SECONDS)
        except (OSError, TimeoutError) as problem:
            self.stop()
            raise ChannelUnavailable(f"The private SFTP server did not start: {problem}") from problem

    def pending(self, user: str) -> Path:
        """Return the folder on disk that a partner's files wait in."""
        return self.root / user / PENDING.strip("/")

    def stop(self) -> None:
        """End the server and its connections; harmless when it does not run."""
        loop, self._loop = self._loop, None
        if loop is None or self._thread is None:
            return
        asyncio.run_coroutine_threadsafe(self._close(), loop).result(START_SECONDS)
        loop.call_soon_threadsafe(loop.stop)
        self._thread.join(START_SECONDS)
        loop.close()

    async def _listen(self, server_key: "asyncssh.SSHKey", client_key: "asyncssh.SSHKey") -> None:
        import asyncssh

        root, users = self.root, self._users

        class Shut(asyncssh.SFTPServer):
            """Shows each user its own folder only."""

            def __init__(self, chan: "asyncssh.SSHServerChannel[bytes]") -> None:
                name = str(chan.get_extra_info("username"))
                if name not in users:
                    raise asyncssh.SFTPPermissionDenied("this user has no folder here")
                super().__init__(chan, chroot=str(root / name).encode())

        keys = asyncssh.import_authorized_keys(client_key.export_public_key().decode())
        self._server = await asyncssh.listen(
            HOST, 0, server_host_keys=[server_key], authorized_client_keys=keys, sftp_factory=Shut, config=None
        )
        self.port = self._server.get_port()

    async def _close(self) -> None:
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
