"""What the stories of the SFTP channel share."""

from collections.abc import Callable

from intake.looks import TakeWhen
from intake.sftp import SftpChannel, SftpSettings
from oms_core.values import RawDocument
from tests.servers.sshd import SftpFolders

ORDER = b"sku;qty\nSCR-4030;100\n"

Open = Callable[..., SftpChannel]
"""Makes an SFTP channel; settings by keyword."""


def settings(folders: SftpFolders, **changes: object) -> SftpSettings:
    given: dict[str, object] = {
        "name": "edi",
        "host": "127.0.0.1",
        "port": folders.server.port,
        "username": folders.server.username,
        "host_key": (folders.server.host_key(),),
        "key_file": folders.server.client_key,
        "pending": str(folders.pending),
        "done": str(folders.root / "done"),
        "error": str(folders.root / "error"),
        "spool": folders.root.parent / "spool",
        "take": TakeWhen.RENAMED,
        "settle_seconds": 2,
        "timeout_seconds": 10,
        "max_bytes": 1000,
        "partner": "huber",
    }
    return SftpSettings(**(given | changes))  # type: ignore[arg-type]


def content(raw: RawDocument) -> bytes:
    with raw.blob.open() as handle:
        return handle.read()


def names(found: list[RawDocument]) -> list[str]:
    return [raw.filename for raw in found]


def spooled(folders: SftpFolders) -> list[bytes]:
    return [path.read_bytes() for path in (folders.root.parent / "spool").glob("*/*") if path.name != "lock"]
