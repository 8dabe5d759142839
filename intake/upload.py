"""Deliveries handed in by program: HTTP uploads and the files of `ordermill ingest`."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from intake import file_names, mail_head
from intake.blobs import FileBlob, digest, too_large
from intake.file_names import NOT_TAKEN
from intake.limits import MAX_DELIVERY_BYTES
from oms_core.errors import ChannelUnavailable, ConfigurationError, InvalidInput
from oms_core.ports import Clock
from oms_core.values.document import Blob, ChannelKind, RawDocument, SenderFacts
from oms_core.values.outbound import Settlement

MAX_UPLOAD_ID_CHARACTERS = 500
"""Length of the id that comes with an upload."""

MAX_WAITING = 1_000
"""Uploads that may wait to be stored; more are turned away until some are."""


@dataclass(frozen=True, slots=True)
class UploadSettings:
    """One way in for uploads; `kind` is upload (HTTP) or ingest (command line)."""

    name: str
    kind: ChannelKind = ChannelKind.UPLOAD
    max_bytes: int = MAX_DELIVERY_BYTES
    max_waiting: int = MAX_WAITING

    def __post_init__(self) -> None:
        """Raise `ConfigurationError` for another kind."""
        if self.kind not in {ChannelKind.UPLOAD, ChannelKind.INGEST}:
            raise ConfigurationError(f"Channel {self.name}: an upload is of kind upload or ingest, not {self.kind}.")


class UploadChannel:
    """Holds uploads in memory until they are settled; safe to use from several threads.

    Who hands one in must be told only after it is stored: what is held here is gone with the process.
    """

    def __init__(self, settings: UploadSettings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._waiting: dict[str, RawDocument] = {}
        self._changed = threading.Condition()
        self._is_news = False

    @property
    def name(self) -> str:
        """The channel's name in settings."""
        return self._settings.name

    @property
    def kind(self) -> ChannelKind:
        """Upload or ingest."""
        return self._settings.kind

    def take(self, blob: Blob, *, filename: str, upload_id: str, partner: str | None = None) -> RawDocument:
        """Take one upload in and return it as a delivery, to be received at once or found among the arrivals.

        `upload_id` is the uploader's own (an Idempotency-Key): the same id with the same bytes is the same delivery.
        An upload over the limit comes with a `RefusedBlob`. Raises `InvalidInput` for a useless id,
        `ChannelUnavailable` when too many wait.
        """
        if not upload_id.strip() or len(upload_id) > MAX_UPLOAD_ID_CHARACTERS:
            raise InvalidInput(
                f"An upload needs an id of 1 to {MAX_UPLOAD_ID_CHARACTERS} characters that is its own, "
                "so that sending it again can be told from a new order."
            )
        raw = self._document(blob, file_names.shown(filename.encode("utf-8", "replace")), upload_id, partner)
        self._add(raw)
        return raw

    def take_file(self, path: Path, *, upload_id: str | None = None, partner: str | None = None) -> RawDocument:
        """Take a file in; without an id of its own it is known by its place and its time of change.

        Raises `InvalidInput` where there is no file that can be read.
        """
        try:
            place = path.resolve(strict=True)
            blob = FileBlob.at(place)
            blob.open().close()
        except (OSError, ChannelUnavailable) as error:
            cause = error.__cause__ or error
            reason = getattr(cause, "strerror", None) or cause
            raise InvalidInput(f"{path} cannot be read: {reason}. Name a file that you may read.") from error
        known_as = upload_id or f"{place}#{blob.mtime_ns}"[-MAX_UPLOAD_ID_CHARACTERS:]
        return self.take(blob, filename=place.name, upload_id=known_as, partner=partner)

    def arrivals(self) -> Iterator[RawDocument]:
        """Yield the uploads that wait, oldest first."""
        with self._changed:
            waiting = tuple(self._waiting.values())
            self._is_news = False
        yield from waiting

    def settle(self, raw: RawDocument, outcome: Settlement) -> None:  # noqa: ARG002 - the port's face; gone is gone
        """Let go of an upload."""
        with self._changed:
            self._waiting.pop(raw.source_key, None)

    def wait(self, seconds: float) -> None:
        """Return when an upload has come since the last look."""
        with self._changed:
            self._changed.wait_for(lambda: self._is_news, seconds)

    def close(self) -> None:
        """End a wait."""
        with self._changed:
            self._is_news = True
            self._changed.notify_all()

    def _add(self, raw: RawDocument) -> None:
        with self._changed:
            if raw.source_key not in self._waiting and len(self._waiting) >= self._settings.max_waiting:
                raise ChannelUnavailable(
                    f"{len(self._waiting)} uploads of {self.name} are still to be stored. Send this one again later."
                )
            self._waiting.setdefault(raw.source_key, raw)
            self._is_news = True
            self._changed.notify_all()

    def _document(self, blob: Blob, filename: str, upload_id: str, partner: str | None) -> RawDocument:
        limit = self._settings.max_bytes
        kept, hashed, facts = blob, NOT_TAKEN, mail_head.Facts(SenderFacts(partner=partner))
        if blob.size > limit:
            kept = too_large(f"The file {filename}", blob.size, limit)
        else:
            hashed = digest(blob)
            facts = mail_head.of_file(blob, filename, None, partner)
        return RawDocument(
            channel=self.name,
            kind=self.kind,
            source_key=f"{quote(upload_id, safe=' /')}#{hashed}",
            blob=kept,
            filename=filename,
            media_type=facts.media_type,
            sender=facts.sender,
            received_at=self._clock.now(),
            message_id=facts.message_id,
        )
