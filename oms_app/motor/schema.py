"""The motor's own tables."""

from dbos import DBOS, SQLAlchemyDatasource

from oms_app.motor.queueing import SCHEMA


def migrate_motor(url: str) -> None:
    """Create or upgrade the motor's tables in the same database; twice is harmless."""
    DBOS.migrate(url, schema=SCHEMA)
    SQLAlchemyDatasource.migrate(url, schema=SCHEMA)
