"""The one statement that SQLite and PostgreSQL spell alike but SQLAlchemy does not."""

from collections.abc import Mapping

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session


def insert_unless_there(session: Session, target: Table, row: Mapping[str, object]) -> None:
    """Insert a row unless its key is taken; waits for another transaction that is just inserting it."""
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    session.execute(dialect.insert(target).values(**row).on_conflict_do_nothing())
