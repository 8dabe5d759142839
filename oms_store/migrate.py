"""Bring a database to the schema of this version."""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, insert, select

from oms_core.records import MasterVersion, Sequence
from oms_store.columns import table
from oms_store.engine import is_sqlite

if TYPE_CHECKING:
    from alembic.config import Config

MASTER_KINDS = ("products", "customers", "prices", "stock", "xref")
_LOCK = 7_214_001
"""The advisory lock under which one process at a time migrates a PostgreSQL database."""


def migrate(engine: Engine) -> str:
    """Apply every migration that is missing and return the revision reached; twice is harmless."""
    from alembic import command

    with engine.connect() as connection:
        _lock(connection)
        config = _config(connection)
        command.upgrade(config, "head")
        _seed(connection)
        connection.commit()
        return _current(connection) or ""


def revision(engine: Engine) -> str | None:
    """Return the revision that a database is at; None for one without a schema."""
    with engine.connect() as connection:
        return _current(connection)


def head() -> str:
    """Return the newest revision that this version knows."""
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", _scripts())
    return ScriptDirectory.from_config(config).get_current_head() or ""


def _scripts() -> str:
    return str(Path(__file__).parent / "migrations")


def _config(connection: Connection) -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", _scripts())
    config.attributes["connection"] = connection
    return config


def _lock(connection: Connection) -> None:
    if is_sqlite(connection.engine):
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")


def _current(connection: Connection) -> str | None:
    from alembic.runtime.migration import MigrationContext

    return MigrationContext.configure(connection).get_current_revision()


def _seed(connection: Connection) -> None:
    """Rows that every database needs: counters, so that nobody has to create one under a race."""
    versions, sequences = table(MasterVersion), table(Sequence)
    known = set(connection.scalars(select(versions.c.kind)))
    for kind in MASTER_KINDS:
        if kind not in known:
            connection.execute(insert(versions).values(kind=kind, version=0))
    if connection.scalar(select(sequences.c.name).where(sequences.c.name == "order")) is None:
        connection.execute(insert(sequences).values(name="order", next_value=1))
