"""The schema that migrations build is the schema of the records, on both databases, and again is harmless."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from oms_core.records import Record
from oms_store.engine import make_engine
from oms_store.migrate import head, migrate, revision


def test_migrations_build_what_the_records_say(database_url: str) -> None:
    engine = make_engine(database_url)
    with engine.connect() as connection:
        options = {"include_object": lambda _o, name, kind, *_: kind != "table" or name in Record.metadata.tables}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, Record.metadata) == []
    engine.dispose()


def test_a_second_migration_changes_nothing(database_url: str) -> None:
    engine = make_engine(database_url)
    assert revision(engine) == head() == migrate(engine)
    engine.dispose()
