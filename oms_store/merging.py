"""Compare rows with a table by key and write only what differs, in bulk."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy import Table, bindparam, insert, select, tuple_, update
from sqlalchemy.orm import Session

from oms_core.values.money import plain

Values = dict[str, Any]
Fields = tuple[tuple[str, str], ...]
_WORKED_OUT = "_folded"
"""The end of the names of columns that follow from others: people are not shown them."""
_KEYS_AT_ONCE = 400
"""Keys in one IN list: SQLite takes at most 32,766 parameters in a statement."""


@dataclass(slots=True)
class Written:
    """What one chunk did: changes as (key, before, after), errors as (row number, sentence)."""

    added: int = 0
    unchanged: int = 0
    changes: list[tuple[str, Fields, Fields]] = field(default_factory=list)
    errors: list[tuple[int, str]] = field(default_factory=list)


class Aside(Written):
    """Counts into nothing of its own: packs belong to their product's row."""

    def __init__(self, main: Written) -> None:
        super().__init__(changes=main.changes, errors=main.errors)


def merge(
    session: Session,
    target: Table,
    key: tuple[str, ...],
    wanted: Mapping[tuple[Any, ...], Values],
    written: Written,
    ignore: tuple[str, ...] = (),
) -> None:
    """Insert what is missing, update what differs, leave the rest; `ignore` names columns that make no difference."""
    there = _rows_by_key(session, target, key, wanted)
    compared = [name for name in next(iter(wanted.values()), {}) if name not in ignore]
    fresh, stale = [], []
    for at, values in wanted.items():
        before = there.get(at)
        if before is None:
            fresh.append(values)
        elif all(before[name] == values[name] for name in compared):
            written.unchanged += 1
        else:
            stale.append(values)
            names = [name for name in compared if before[name] != values[name] and not name.endswith(_WORKED_OUT)]
            written.changes.append((" / ".join(map(str, at)), _shown(before, names), _shown(values, names)))
    if fresh:
        session.execute(insert(target), fresh)
        written.added += len(fresh)
    if stale:
        where = [target.c[name] == bindparam(f"key_{name}") for name in key]
        names = [name for name in stale[0] if name not in key]
        statement = update(target).where(*where).values({name: bindparam(f"new_{name}") for name in names})
        session.connection().execute(statement, [_bound(values, key, names) for values in stale])


def _bound(values: Values, key: tuple[str, ...], names: Sequence[str]) -> Values:
    return {f"key_{name}": values[name] for name in key} | {f"new_{name}": values[name] for name in names}


def _rows_by_key(
    session: Session, target: Table, key: tuple[str, ...], wanted: Iterable[tuple[Any, ...]]
) -> dict[tuple[Any, ...], Mapping[str, Any]]:
    found: dict[tuple[Any, ...], Mapping[str, Any]] = {}
    # The first column is enough to find the rows: the rest of the key is compared here.
    leading = 1 if key[0] in ("sku", "number") else len(key)
    columns = [target.c[name] for name in (key if leading == len(key) else key[:1])]
    keys = sorted({at[:leading] for at in wanted}, key=repr)
    for part in slices(keys):
        where = columns[0].in_([at[0] for at in part]) if leading == 1 else tuple_(*columns).in_(part)
        for row in session.execute(select(target).where(where)).mappings():
            found[tuple(row[name] for name in key)] = dict(row)
    return found


def _shown(values: Mapping[str, Any], names: Sequence[str]) -> Fields:
    return tuple((name, _text(values[name])) for name in names)


def _text(value: object) -> str:
    if isinstance(value, Decimal):
        return plain(value)
    return "" if value is None else str(value)


def present(session: Session, column: Any, keys: Iterable[Any]) -> set[Any]:
    """Return those of the keys that are in the column."""
    found: set[Any] = set()
    for part in slices(sorted(set(keys))):
        found |= set(session.scalars(select(column).where(column.in_(part))))
    return found


def slices(keys: Sequence[Any]) -> Iterable[Sequence[Any]]:
    """Cut keys into lists short enough for one statement."""
    for start in range(0, len(keys), _KEYS_AT_ONCE):
        yield keys[start : start + _KEYS_AT_ONCE]
