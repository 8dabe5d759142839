"""Health: whether this process lives, and whether it can do its work."""

import os
import secrets
from dataclasses import dataclass

from sqlalchemy.exc import SQLAlchemyError

from oms_flow.house import House
from oms_store.documents import DocumentStore
from oms_store.migrate import head, revision


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must be so, and what is wrong where it is not."""

    name: str
    good: bool
    message: str = ""


def ready(house: House) -> tuple[Check, ...]:
    """Check what every request and document needs: the database at this version's schema, the folder of documents."""
    return (_database(house), _documents(house.documents))


def _database(house: House) -> Check:
    try:
        present = revision(house.store.engine)
    except SQLAlchemyError as problem:
        return Check("database", good=False, message=f"The database does not answer ({type(problem).__name__}).")
    if present != head():
        message = f"The database is at schema {present}, this version needs {head()}: run 'ordermill migrate'."
        return Check("database", good=False, message=message)
    return Check("database", good=True)


def _documents(documents: DocumentStore) -> Check:
    probe = documents.root / f".ready-{secrets.token_hex(8)}"
    try:
        documents.root.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(probe, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        os.close(descriptor)
        probe.unlink()
    except OSError as problem:
        message = f"The folder of documents cannot be written ({problem.strerror}): look at its disk and its owner."
        return Check("documents", good=False, message=message)
    return Check("documents", good=True)
