"""The SQLAlchemy table behind a record, for statements that would be slow through objects."""

from typing import cast

from sqlalchemy import Table
from sqlmodel import SQLModel


def table(record: type[SQLModel]) -> Table:
    """Return the table of a record class."""
    return cast("Table", record.__table__)  # type: ignore[attr-defined]  # SQLModel types no __table__
