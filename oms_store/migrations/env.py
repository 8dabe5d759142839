"""Alembic's entry: runs on the connection that `oms_store.migrate` hands over, never on one of its own."""

from typing import Any, Literal

from alembic import context
from sqlmodel import AutoString

from oms_core.records import Record


def _ours(_object: Any, name: str | None, type_: str, *_rest: Any) -> bool:
    return type_ != "table" or name in Record.metadata.tables


def _plain_strings(type_: str, item: Any, _context: Any) -> str | Literal[False]:
    """SQLModel's own string type says no more than String."""
    return "sa.String()" if type_ == "type" and isinstance(item, AutoString) else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Record.metadata,
    include_object=_ours,
    render_item=_plain_strings,
    render_as_batch=True,
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
