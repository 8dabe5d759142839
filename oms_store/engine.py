"""One engine per process, SQLite or PostgreSQL, set so that nothing committed is ever lost.

SQLite before 3.51.3 has a reported race between a writer that restarts the write-ahead log and a checkpoint at the same
instant. No connection here checkpoints by itself (`wal_autocheckpoint=0`); `checkpoint` does it while it holds the
write lock, so the two can never meet (ADR 0003).
"""

from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.pool import QueuePool

from oms_core.errors import ConfigurationError

BUSY_MILLISECONDS = 30_000
"""How long a writer waits for another before it gives up: a worker, who has nobody waiting at a page."""
PERSON_MILLISECONDS = 5_000
"""How long a write waits where a person, or a program that asked, waits for the answer."""
IDLE_MILLISECONDS = 20_000
"""How long a transaction on PostgreSQL may hold its locks without doing anything."""
POOL_SIZE = 16
MAX_OVERFLOW = 48
"""Connections beyond the pool: every thread may hold one and, inside a durable step, need a second."""


def make_engine(url: str) -> Engine:
    """Make the engine for a database address.

    Raises ConfigurationError for anything but SQLite or PostgreSQL.
    """
    parsed = make_url(url)
    backend = parsed.get_backend_name()
    if backend == "postgresql":
        return create_engine(
            parsed.set(drivername="postgresql+psycopg"),
            pool_size=POOL_SIZE,
            max_overflow=MAX_OVERFLOW,
            pool_pre_ping=True,
            # A worker that is paused inside a transaction must not keep others from taking over.
            connect_args={"options": f"-c idle_in_transaction_session_timeout={IDLE_MILLISECONDS}"},
        )
    if backend != "sqlite":
        raise ConfigurationError(f"database.url names {backend}; Ordermill runs on sqlite:///FILE or postgresql://…")
    if parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(parsed, poolclass=QueuePool, pool_size=POOL_SIZE, max_overflow=MAX_OVERFLOW)
    event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = "IMMEDIATE"
    for pragma in (
        f"busy_timeout={BUSY_MILLISECONDS}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "wal_autocheckpoint=0",
    ):
        connection.execute(f"PRAGMA {pragma}")


def is_sqlite(engine: Engine) -> bool:
    """Tell SQLite from PostgreSQL."""
    return engine.dialect.name == "sqlite"


def checkpoint(engine: Engine) -> int:
    """Copy the write-ahead log into the database file while nobody writes; return the frames copied.

    Does nothing on PostgreSQL, which looks after itself.
    """
    if not is_sqlite(engine):
        return 0
    with engine.connect() as holder, engine.connect() as copier:
        holder.exec_driver_sql("BEGIN IMMEDIATE")
        try:
            row = copier.exec_driver_sql("PRAGMA wal_checkpoint(PASSIVE)").one()
        finally:
            holder.rollback()
    return int(row[2])
