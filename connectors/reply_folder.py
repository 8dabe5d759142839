"""Acknowledgements as files in a folder, for partners that fetch them."""

import re
from dataclasses import dataclass
from pathlib import Path

from connectors.connector import Connector, Port
from connectors.whole_file import safe_name, write_whole
from oms_core.errors import PartnerRejected
from oms_core.ports import Clock

MAX_REPLY_BYTES = 64 * 1024 * 1024
"""Largest reply written."""

_SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,8}$", re.ASCII)


@dataclass(frozen=True, slots=True)
class ReplyFolderSettings:
    """Where replies are put."""

    folder: Path


class ReplyFolder:
    """A folder that a partner fetches replies from."""

    def __init__(self, settings: ReplyFolderSettings) -> None:
        self._folder = settings.folder

    def put(self, name: str, data: bytes) -> None:
        """Write one file whole; the same name again replaces it.

        A name that is not a plain file name is made one, and its ending is kept. Raises `PartnerRejected` for an
        empty name or too much data, `PartnerUnavailable` when the folder cannot be written.
        """
        if len(data) > MAX_REPLY_BYTES:
            raise PartnerRejected(
                f"The reply {name[:80]!r} has {len(data):,} bytes; at most {MAX_REPLY_BYTES:,} are written. Split it."
            )
        suffix = _SUFFIX.search(name)
        ending = suffix.group() if suffix and suffix.start() > 0 else ""
        write_whole(self._folder, safe_name(name.removesuffix(ending), ending), data)


def _build(settings: ReplyFolderSettings, _clock: Clock) -> ReplyFolder:
    return ReplyFolder(settings)


CONNECTOR = Connector("reply_folder", Port.REPLY_BOX, ReplyFolderSettings, _build)
