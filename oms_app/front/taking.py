"""Take an upload in: spooled to disk, received as any other delivery, and answered with what became of it."""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from sqlmodel import col, select

from intake.blobs import FileBlob
from intake.upload import UploadChannel, UploadSettings
from oms_app.front.desk import Desk
from oms_core.errors import InvalidInput
from oms_core.records import Delivery
from oms_core.values.outbound import Settlement
from oms_flow.receive import receive

CHANNEL = "upload"
MAX_FILES = 20
"""Files of one request."""
_CHUNK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of an upload."""

    filename: str
    outcome: Settlement
    delivery_id: str
    document_id: str | None
    reason: str


def take(desk: Desk, source: BinaryIO, filename: str, upload_id: str | None, partner: str | None) -> Taken:
    """Store one upload; when this returns it is safe. The same id with the same bytes is the same delivery."""
    settings = UploadSettings(CHANNEL, max_bytes=desk.built.settings.web.upload_bytes)
    channel = UploadChannel(settings, desk.house.store.clock)
    if not filename.strip():
        raise InvalidInput("the upload has no file name; choose a file")
    part = _spooled(desk, source)
    try:
        raw = channel.take(
            FileBlob.at(part),
            filename=filename,
            upload_id=upload_id or secrets.token_hex(16),
            partner=(partner or "").strip() or None,
        )
        outcome = receive(desk.house, raw)
        channel.settle(raw, outcome)
    finally:
        part.unlink(missing_ok=True)
    with desk.house.store.read() as session:
        row = session.scalars(
            select(Delivery).where(col(Delivery.channel) == CHANNEL, col(Delivery.source_key) == raw.source_key)
        ).one()
    return Taken(raw.filename, outcome, row.id, row.document_id, row.reason)


def _spooled(desk: Desk, source: BinaryIO) -> Path:
    """Copy to a file of our own name; the gate has bounded its length already."""
    folder = desk.built.settings.data_dir / "uploads"
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f"{secrets.token_hex(16)}.part"
    with os.fdopen(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as target:
        while piece := source.read(_CHUNK):
            target.write(piece)
    return part
