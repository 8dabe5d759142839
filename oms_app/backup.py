"""Back up and restore: the database of one moment and every document it refers to, taken while everything runs.

<target>/documents/aa/bb/HASH          each document once, whatever the number of backups
<target>/20261123T101500Z/             one backup: the database, the list of its documents, the manifest
<target>.tar or .tar.gz                the same as one file
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import inspect, make_url
from sqlalchemy.orm import Session

from config.settings import Settings
from oms_app import backup_files as files
from oms_app.backup_database import FILES, dumped, put_back
from oms_app.backup_files import Manifest
from oms_app.doctor import WORKER
from oms_core.errors import InvalidInput, NotFound, OrdermillError
from oms_core.ports import Clock
from oms_store import soundness
from oms_store.documents import DocumentStore
from oms_store.engine import make_engine
from oms_store.migrate import head

_STAMP = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True, slots=True)
class BackedUp:
    """What a backup wrote: `fresh` documents were not in an earlier one, `missing` are gone from the store."""

    place: Path
    documents: int
    fresh: int
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored; `moved_to` is the database that was there before, `to_migrate` says it is an older schema."""

    source: Path
    made_at: str
    documents: int
    missing: tuple[str, ...]
    moved_to: Path | None
    to_migrate: bool


def back_up(settings: Settings, target: Path, clock: Clock) -> BackedUp:
    """Write a backup into a folder, or as one file where the name ends in .tar, .tar.gz or .tgz.

    Raises OrdermillError when the database cannot be copied or the target cannot be written.
    """
    stamp = f"{clock.now():{_STAMP}}"
    try:
        if files.is_tar(target):
            return _packed(settings, target, clock)
        folder = _free(target / stamp)
        folder.mkdir(parents=True)
        return _snapshot(settings, folder, target / files.DOCUMENTS, clock)
    except OSError as problem:
        raise OrdermillError(f"the backup cannot be written: {problem}") from problem


def restore(settings: Settings, source: Path, clock: Clock, *, force: bool = False) -> Restored:
    """Bring database and documents back from a backup, after checking every hash of it.

    Raises InvalidInput for a damaged backup, for a target that is not empty (without `force`), and while a worker runs.
    """
    with _unpacked(settings, source) as folder:
        manifest = Manifest.read(folder)
        documents = folder / files.DOCUMENTS if (folder / files.DOCUMENTS).is_dir() else folder.parent / files.DOCUMENTS
        _verify(folder, documents, manifest)
        _check_target(settings, clock, force=force)
        store = settings.data_dir / "documents"
        for sha256, _ in files.listed(folder):
            if sha256 not in manifest.missing:
                files.place(files.document_path(documents, sha256), files.document_path(store, sha256), sha256)
        database = folder / FILES[manifest.kind]
        moved = put_back(settings.database_url, manifest.kind, database, f"{clock.now():{_STAMP}}")
        return Restored(
            source, manifest.made_at, manifest.documents, manifest.missing, moved, manifest.revision != head()
        )


def _snapshot(settings: Settings, folder: Path, documents: Path | None, clock: Clock) -> BackedUp:
    """Copy the database first: documents are written before anything refers to them, and are never removed."""
    made_at = clock.now().isoformat(timespec="seconds")
    store = DocumentStore(settings.data_dir / "documents")
    engine = make_engine(settings.database_url)
    try:
        with dumped(engine, folder) as (kind, revision, referred_to):
            count, fresh, missing = _keep(store, referred_to, folder, documents)
    finally:
        engine.dispose()
    hashes = files.file_hash(folder / FILES[kind]), files.file_hash(folder / files.LISTING)
    Manifest(made_at, kind, revision, *hashes, count, tuple(missing)).write(folder)
    return BackedUp(folder, count, fresh, tuple(missing))


def _keep(
    store: DocumentStore, referred_to: Iterable[tuple[str, int]], folder: Path, documents: Path | None
) -> tuple[int, int, list[str]]:
    count, fresh, missing = 0, 0, []
    with (folder / files.LISTING).open("w", encoding="ascii") as listing:
        for sha256, size in referred_to:
            listing.write(f"{sha256} {size}\n")
            count += 1
            try:
                blob = store.get(sha256)
            except NotFound:
                missing.append(sha256)
                continue
            if documents is not None:
                fresh += files.place(blob.path, files.document_path(documents, sha256), sha256)
    return count, fresh, missing


def _packed(settings: Settings, target: Path, clock: Clock) -> BackedUp:
    target.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=target.parent, prefix=".backup-") as scratch:
        folder = Path(scratch)
        made = _snapshot(settings, folder, None, clock)
        store = DocumentStore(settings.data_dir / "documents")
        kept = ((sha256, store.get(sha256).path) for sha256, _ in files.listed(folder) if sha256 not in made.missing)
        files.pack(folder, kept, target)
    return BackedUp(target, made.documents, made.documents - len(made.missing), made.missing)


@contextmanager
def _unpacked(settings: Settings, source: Path) -> Iterator[Path]:
    """Give the folder of one backup: the one named, the newest of a target, or what a packed one holds."""
    if source.is_file():
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=settings.data_dir, prefix=".restore-") as scratch:
            files.unpack(source, Path(scratch))
            yield Path(scratch)
        return
    if (source / files.MANIFEST).is_file():
        yield source
        return
    found = sorted(path.parent for path in source.glob(f"*/{files.MANIFEST}"))
    if not found:
        raise InvalidInput(f"{source} holds no backup: there is no {files.MANIFEST} in it or one folder below")
    yield found[-1]


def _verify(folder: Path, documents: Path, manifest: Manifest) -> None:
    if manifest.kind not in FILES:
        raise InvalidInput(
            f"{folder / files.MANIFEST} names a database of kind {manifest.kind!r}, which we do not know"
        )
    for name, wanted in ((FILES[manifest.kind], manifest.database_sha256), (files.LISTING, manifest.listing_sha256)):
        if not (folder / name).is_file() or files.file_hash(folder / name) != wanted:
            raise InvalidInput(
                f"{folder / name} is missing or not what it was when the backup was made; use another one"
            )
    for sha256, _ in files.listed(folder):
        path = files.document_path(documents, sha256)
        if sha256 not in manifest.missing and (not path.is_file() or files.file_hash(path) != sha256):
            raise InvalidInput(f"the document {path} is missing or damaged; use another backup")


def _check_target(settings: Settings, clock: Clock, *, force: bool) -> None:
    url = make_url(settings.database_url)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").exists():
        return
    engine = make_engine(settings.database_url)
    try:
        if "lease" not in inspect(engine).get_table_names():
            return
        with Session(engine) as session:
            alive = [
                row for row in soundness.leases(session) if row.name.startswith(WORKER) and row.expires_at > clock.now()
            ]
            empty = soundness.is_empty(session)
    finally:
        engine.dispose()
    if alive:
        raise InvalidInput(
            f"a worker is running on {alive[0].host} (process {alive[0].pid}): stop it and the pages first; "
            "one that died is forgotten after half a minute"
        )
    if not empty and not force:
        raise InvalidInput(
            "the database here is not empty: restore to another data_dir, or say --force to put the backup in its place"
        )


def _free(folder: Path) -> Path:
    """Return a folder that is not there yet: two backups in one second are two."""
    number = 2
    found = folder
    while found.exists():
        found, number = folder.with_name(f"{folder.name}-{number}"), number + 1
    return found
