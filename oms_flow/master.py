"""Master data in: rows from a file or the ERP are compared with what is there and applied all or nothing.

The same rows again change nothing. A row that cannot be right (an unknown product, stock below what is promised) stops
everything, and every such row is named.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from oms_core.errors import InvalidInput
from oms_core.values.master import CustomerRow, MasterRow, PriceRow, ProductRow, StockRow, XrefRow
from oms_flow.house import House
from oms_store.master import KINDS, MasterKind
from oms_store.merging import Written
from oms_store.store import Unit

CHUNK = 2_000
"""Rows compared and written together."""
MAX_ERRORS = 100
"""Wrong rows named before an import gives up."""
MAX_EXAMPLES = 20
"""Changes shown in words; the counts cover all."""

ROW_TYPES: dict[str, type[MasterRow]] = {
    "products": ProductRow,
    "customers": CustomerRow,
    "prices": PriceRow,
    "stock": StockRow,
    "xref": XrefRow,
}


@dataclass(frozen=True, slots=True)
class RowError:
    """One row that cannot be taken: `row` counts from 1 in the order given."""

    row: int
    message: str


@dataclass(frozen=True, slots=True)
class Change:
    """One record that differs, with the fields as they were and as they become."""

    key: str
    before: tuple[tuple[str, str], ...]
    after: tuple[tuple[str, str], ...]


@dataclass(slots=True)
class Difference:
    """What an import would do, or did; nothing was written where `errors` is not empty or `dry_run` is set."""

    kind: str
    dry_run: bool
    rows: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    examples: list[Change] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)


class _NothingWritten(Exception):  # it is no error: it only rolls the transaction back
    """Ends the transaction of a dry run or of an import with errors."""


def apply(
    house: House,
    kind: str,
    rows: Iterable[MasterRow | RowError],
    who: str,
    *,
    dry_run: bool = False,
    progress: Callable[[int], None] = lambda _rows: None,
) -> Difference:
    """Apply rows of one kind in one transaction; `progress` hears the number of rows looked at so far.

    A `RowError` among the rows (a line of a file that is no row) counts as a wrong row. Raises InvalidInput for an
    unknown kind.
    """
    if kind not in KINDS:
        raise InvalidInput(f"there is no master data called {kind!r}; it is one of {', '.join(KINDS)}")
    difference = Difference(kind, dry_run)
    try:
        with house.store.write("import") as unit:
            for chunk in _chunks(rows):
                _apply_chunk(unit, KINDS[kind], chunk, who, difference)
                progress(difference.rows)
                if len(difference.errors) >= MAX_ERRORS:
                    break
            _finish(unit, kind, who, difference)
    except _NothingWritten:
        pass
    return difference


def _finish(unit: Unit, kind: str, who: str, difference: Difference) -> None:
    if difference.errors or difference.dry_run:
        raise _NothingWritten
    if difference.added or difference.changed:
        KINDS[kind].bump(unit.session)
        counts = f"{difference.added} added, {difference.changed} changed, {difference.unchanged} as they were"
        unit.audit(who, f"imported {kind}", kind, counts)


def _apply_chunk(
    unit: Unit, kind: MasterKind, chunk: Sequence[MasterRow | RowError], who: str, difference: Difference
) -> None:
    first = difference.rows + 1
    difference.rows += len(chunk)
    numbered = [(first + offset, row) for offset, row in enumerate(chunk)]
    difference.errors += [row for _, row in numbered if isinstance(row, RowError)]
    good = [(number, row) for number, row in numbered if not isinstance(row, RowError)]
    written = kind.write(unit.session, good, who, unit.now)
    _count(written, difference)


def _count(written: Written, difference: Difference) -> None:
    difference.added += written.added
    difference.unchanged += written.unchanged
    difference.changed += len(written.changes)
    difference.errors += [RowError(row, message) for row, message in written.errors]
    for key, before, after in written.changes[: MAX_EXAMPLES - len(difference.examples)]:
        difference.examples.append(Change(key, before, after))


def _chunks(rows: Iterable[MasterRow | RowError]) -> Iterator[list[MasterRow | RowError]]:
    rest = iter(rows)
    while chunk := list(islice(rest, CHUNK)):
        yield chunk
