"""The database as one file: a consistent copy of a running one, and back again."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, make_url

from oms_core.errors import InvalidInput, OrdermillError
from oms_store.engine import is_sqlite

SQLITE, POSTGRES = "sqlite", "postgresql"
FILES = {SQLITE: "database.sqlite", POSTGRES: "database.dump"}
PACKAGE = "postgresql-client"
_BYTES_REFERRED_TO = "SELECT sha256, size FROM stored_bytes UNION SELECT sha256, size FROM document ORDER BY 1"
_REVISION = "SELECT version_num FROM alembic_version"


@contextmanager
def dumped(engine: Engine, folder: Path) -> Iterator[tuple[str, str, Iterator[tuple[str, int]]]]:
    """Copy the database into `folder`; gives its kind, its schema revision, and hash and size of its documents.

    All three are of one moment, while others go on writing. Raises OrdermillError when it cannot be copied.
    """
    if is_sqlite(engine):
        target = folder / FILES[SQLITE]
        _copy_sqlite(engine, target)
        with closing(sqlite3.connect(f"file:{target}?mode=ro", uri=True)) as copy:
            (revision,) = copy.execute(_REVISION).fetchone()
            yield SQLITE, revision, iter(copy.execute(_BYTES_REFERRED_TO))
        return
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        snapshot = str(connection.exec_driver_sql("SELECT pg_export_snapshot()").scalar_one())
        _dump_postgres(engine.url, folder / FILES[POSTGRES], snapshot)
        revision = str(connection.exec_driver_sql(_REVISION).scalar_one())
        yield POSTGRES, revision, _referred_to(connection)


def put_back(url: str, kind: str, source: Path, stamp: str) -> Path | None:
    """Make a copied database the one at `url`; returns where an earlier SQLite file was moved to.

    Raises InvalidInput when the copy is of the other kind of database.
    """
    parsed = make_url(url)
    here = SQLITE if parsed.get_backend_name() == "sqlite" else POSTGRES
    if kind != here:
        raise InvalidInput(
            f"this backup is of a {kind} database, and database.url names {here}; restore it where {kind} is set up"
        )
    if here == SQLITE:
        return _replace_sqlite(Path(parsed.database or ""), source, stamp)
    _run_postgres(
        "pg_restore",
        parsed,
        ["--clean", "--if-exists", "--no-owner", "--exit-on-error", "--single-transaction", str(source)],
    )
    return None


def _referred_to(connection: Connection) -> Iterator[tuple[str, int]]:
    yield from connection.exec_driver_sql(_BYTES_REFERRED_TO)


def _copy_sqlite(engine: Engine, target: Path) -> None:
    with engine.connect() as connection, closing(sqlite3.connect(target)) as copy:
        source = connection.connection.driver_connection
        assert isinstance(source, sqlite3.Connection)
        # All pages in one step: one view of the database, which keeps no writer waiting (WAL).
        source.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
        told = copy.execute("PRAGMA quick_check(1)").fetchone()
    if told != ("ok",):
        raise OrdermillError(f"the copy of the database is damaged ({told[0]}); run 'ordermill doctor --deep'")
    sync(target)


def _dump_postgres(url: URL, target: Path, snapshot: str) -> None:
    _run_postgres("pg_dump", url, ["--format=custom", f"--snapshot={snapshot}", "--no-owner", f"--file={target}"])
    sync(target)


def _run_postgres(program: str, url: URL, words: Sequence[str]) -> None:
    """Run a program of PostgreSQL; the password goes by the environment, where other users cannot see it."""
    where = {"--host": url.host, "--port": url.port, "--username": url.username, "--dbname": url.database}
    known = [f"{name}={value}" for name, value in where.items() if value]
    environ = dict(os.environ) | ({"PGPASSWORD": str(url.password)} if url.password else {})
    done = subprocess.run(  # noqa: S603 - a program of PostgreSQL, our own words
        [_program(program), "--no-password", *known, *words], env=environ, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise OrdermillError(f"{program} says: {done.stderr.strip()[-600:]}")


def _program(name: str) -> str:
    found = shutil.which(name)
    newest = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]))
    if found is None and not newest:
        raise OrdermillError(f"there is no {name} on this machine; install the package {PACKAGE}")
    return str(newest[-1]) if newest else str(found)


def _replace_sqlite(database: Path, source: Path, stamp: str) -> Path | None:
    database.parent.mkdir(parents=True, exist_ok=True)
    fresh = database.with_name(f"{database.name}.restoring")
    shutil.copyfile(source, fresh)
    sync(fresh)
    moved = None
    if database.exists():
        moved = database.with_name(f"{database.name}.before-{stamp}")
        # The log belongs to its database: all three move together.
        for ending in ("-wal", "-shm", ""):
            part = Path(f"{database}{ending}")
            if part.exists():
                part.rename(f"{moved}{ending}")
    fresh.rename(database)
    sync(database.parent)
    return moved


def sync(path: Path) -> None:
    """Wait until a file or folder is on disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
