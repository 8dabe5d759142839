"""How values are kept: exact numbers as scaled integers, instants in UTC, one naming rule for constraints."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, DateTime, MetaData
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator
from sqlmodel import SQLModel

from oms_core.values.money import SCALE, exact

_FACTOR = Decimal(10) ** SCALE


class Scaled(TypeDecorator[Decimal]):
    """A Decimal kept as BIGINT times 10^6, the same in both databases.

    SQLite would keep a NUMERIC as a float, where ten times 0.1 is not 1. Raises ValueError for what does not fit.
    """

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        """Scale on the way in."""
        del dialect
        return None if value is None else int(exact(value) * _FACTOR)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> Decimal | None:
        """Scale back on the way out; sums on PostgreSQL come back as Decimal."""
        del dialect
        return None if value is None else Decimal(int(value)).scaleb(-SCALE)


class Utc(TypeDecorator[datetime]):
    """An aware instant; SQLite keeps it without a zone, always in UTC. Raises ValueError for a naive one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive instants, store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone; instants are kept in UTC")
        instant = value.astimezone(UTC)
        return instant.replace(tzinfo=None) if dialect.name == "sqlite" else instant

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the zone back."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Record(SQLModel):
    """Base of every table; table models do not validate, so build them from checked values only."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
