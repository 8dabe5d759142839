"""Whether every document that the database refers to lies in the document store, whole."""

import hashlib
from collections.abc import Iterable

from oms_core.errors import NotFound
from oms_store.documents import DocumentStore, StoredBlob

_CHUNK = 1024 * 1024


def wrong_documents(
    store: DocumentStore, expected: Iterable[tuple[str, int]], *, deep: bool
) -> tuple[int, tuple[str, ...]]:
    """Count the documents, and name by hash those that are missing, of another size or (`deep`) of other content."""
    count, wrong = 0, []
    for sha256, size in expected:
        count += 1
        try:
            blob = store.get(sha256)
        except NotFound:
            wrong.append(f"{sha256} (missing)")
            continue
        if blob.size != size:
            wrong.append(f"{sha256} ({blob.size} bytes instead of {size})")
        elif deep and sha256_of(blob) != sha256:
            wrong.append(f"{sha256} (its content is another)")
    return count, tuple(wrong)


def sha256_of(blob: StoredBlob) -> str:
    """Return the hash of what is there; an unreadable file has none that fits."""
    digest = hashlib.sha256()
    try:
        with blob.open() as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
    except OSError:
        return ""
    return digest.hexdigest()
