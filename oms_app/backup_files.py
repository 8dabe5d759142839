"""The files of a backup: documents by their hash, the list of them, and the manifest that is written last."""

import hashlib
import json
import os
import re
import shutil
import tarfile
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from oms_app.backup_database import FILES, sync
from oms_core.errors import InvalidInput, OrdermillError

MANIFEST, LISTING, DOCUMENTS = "manifest.json", "documents.txt", "documents"
FORMAT = 1
MAX_MANIFEST_BYTES = 1024 * 1024
TAR_ENDINGS = (".tar", ".tar.gz", ".tgz")
_HASH = re.compile("[0-9a-f]{64}")
_MEMBER = re.compile(
    rf"(?:{MANIFEST}|{LISTING}|{'|'.join(FILES.values())}|{DOCUMENTS}/[0-9a-f]{{2}}/[0-9a-f]{{2}}/[0-9a-f]{{64}})"
)
_CHUNK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds; its hashes are checked before anything is restored. `missing` were lost before."""

    made_at: str
    kind: str
    revision: str
    database_sha256: str
    listing_sha256: str
    documents: int
    missing: tuple[str, ...] = ()
    format: int = FORMAT

    def write(self, folder: Path) -> None:
        """Write it whole: a folder without a manifest is no backup."""
        part = folder / f".{MANIFEST}.part"
        part.write_text(json.dumps(asdict(self), indent=1), encoding="utf-8")
        sync(part)
        part.rename(folder / MANIFEST)
        sync(folder)

    @classmethod
    def read(cls, folder: Path) -> "Manifest":
        """Read a manifest. Raises InvalidInput for none, or one of a newer version."""
        path = folder / MANIFEST
        try:
            if path.stat().st_size > MAX_MANIFEST_BYTES:
                raise InvalidInput(f"{path} is too large to be a manifest")
            told = json.loads(path.read_text(encoding="utf-8"))
            if told.get("format") != FORMAT:
                raise InvalidInput(f"{path} is of format {told.get('format')!r}; this version reads {FORMAT}")
            return cls(**(told | {"missing": tuple(told["missing"])}))
        except OSError as problem:
            raise InvalidInput(f"{folder} is no backup: {MANIFEST} cannot be read ({problem.strerror})") from problem
        except (ValueError, TypeError, KeyError, AttributeError) as problem:
            raise InvalidInput(f"{path} is damaged: {problem}") from problem


def document_path(root: Path, sha256: str) -> Path:
    """Return where a document lies under a folder, as in the document store."""
    return root / sha256[:2] / sha256[2:4] / sha256


def place(source: Path, target: Path, sha256: str) -> bool:
    """Put a document in place by hard link, or by a copy whose hash is checked; False where it is there already."""
    if target.exists() and target.stat().st_size == source.stat().st_size:
        return False
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f".{target.name}.part")
    part.unlink(missing_ok=True)
    try:
        os.link(source, part)
    except OSError:
        shutil.copyfile(source, part)
        if file_hash(part) != sha256:
            part.unlink()
            raise OrdermillError(f"{source} is damaged: its content is not what its name says") from None
        sync(part)
    part.replace(target)
    return True


def file_hash(path: Path) -> str:
    """Return the SHA-256 of a file."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def listed(folder: Path) -> Iterator[tuple[str, int]]:
    """Yield hash and size of each document of a backup. Raises InvalidInput for a damaged list."""
    with (folder / LISTING).open(encoding="ascii") as file:
        for line in file:
            sha256, _, size = line.strip().partition(" ")
            if not _HASH.fullmatch(sha256) or not size.isdigit():
                raise InvalidInput(f"{folder / LISTING} is damaged: {line[:80]!r}")
            yield sha256, int(size)


def is_tar(path: Path) -> bool:
    """Say whether a backup is one file, by its name."""
    return path.name.endswith(TAR_ENDINGS)


def pack(folder: Path, documents: Iterable[tuple[str, Path]], target: Path) -> None:
    """Write a backup as one file: the folder's files, and the documents straight from where they lie."""
    part = target.with_name(f".{target.name}.part")
    with tarfile.open(part, "w:gz" if target.name.endswith("gz") else "w") as archive:
        for path in sorted(folder.iterdir()):
            archive.add(path, path.name, recursive=False)
        for sha256, path in documents:
            archive.add(path, str(document_path(Path(DOCUMENTS), sha256)), recursive=False)
    sync(part)
    part.replace(target)


def unpack(source: Path, folder: Path) -> None:
    """Write the files of a packed backup under `folder`. Raises InvalidInput for anything that is none of ours."""
    try:
        with tarfile.open(source) as archive:
            for member in archive:
                if not member.isfile() or not _MEMBER.fullmatch(member.name):
                    raise InvalidInput(f"{source} is no backup of ours: it holds {member.name[:80]!r}")
                data = archive.extractfile(member)
                target = folder / member.name
                target.parent.mkdir(parents=True, exist_ok=True)
                assert data is not None, "a regular file"
                with data, target.open("xb") as file:
                    shutil.copyfileobj(data, file, _CHUNK)
    except (tarfile.TarError, EOFError, OSError) as problem:
        raise InvalidInput(f"{source} cannot be read as a backup: {problem}") from problem
