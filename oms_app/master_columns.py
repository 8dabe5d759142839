"""Which column of a file of master data is which field: told by header words, or declared by the person who imports.

The header words are a data file, `data/master_columns.csv`, in six languages.
"""

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from difflib import get_close_matches
from functools import cache
from importlib import resources

from oms_core.errors import InvalidInput
from oms_flow.master import ROW_TYPES
from parsers.sheet.columns import fold

HEADER_ROWS = 30
"""The header is looked for in so many rows at the beginning; exports often put a title above it."""
BESIDE = {"products": ("inactive",), "prices": ("price_per",)}
"""Columns that are no field of their own: a block mark (the opposite of `active`), and 'price per 100'."""
NOT_BY_ITSELF = {"currency": "the company's own currency"}
"""Needed fields that the house can fill where a file has no such column."""


@dataclass(frozen=True, slots=True)
class Declared:
    """What a person says about a file: `columns` header text (or column number) to field, `fixed` field to text."""

    columns: Mapping[str, str]
    fixed: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Layout:
    """Where things stand: `header_row` counts from 1, columns from 0; `unused` are headers that mean nothing here."""

    header_row: int
    columns: tuple[tuple[int, str], ...]
    headers: tuple[str, ...]
    unused: tuple[str, ...]

    def header(self, field: str) -> str:
        """Return the header over a field, or the field's own name where it has a fixed value."""
        return next((self.headers[at] for at, name in self.columns if name == field), field)


def field_names(kind: str) -> tuple[str, ...]:
    """Return the fields that a column of this kind may fill."""
    return (*(field.name for field in fields(ROW_TYPES[kind])), *BESIDE.get(kind, ()))


@cache
def needed(kind: str) -> tuple[str, ...]:
    """Return the fields without which there is no row."""
    return tuple(
        field.name
        for field in fields(ROW_TYPES[kind])
        if field.default is MISSING and field.default_factory is MISSING and field.name not in NOT_BY_ITSELF
    )


def headers_known(kind: str, declared: Declared) -> Callable[[Sequence[str]], int]:
    """Return a function that counts the headers of this kind in a row."""

    def count(row: Sequence[str]) -> int:
        return len({name for _, name in _layout(kind, 1, row, declared).columns})

    return count


def check_declared(kind: str, declared: Declared) -> None:
    """Raise InvalidInput for a field that this kind does not have."""
    known = field_names(kind)
    for name in (*declared.columns.values(), *declared.fixed):
        if name not in known:
            near = get_close_matches(name, known, n=1, cutoff=0.5)
            advice = f"did you mean {near[0]}?" if near else f"the fields are {', '.join(known)}"
            raise InvalidInput(f"{kind} have no field {name!r}; {advice}")


def find_layout(kind: str, rows: Sequence[tuple[int, Sequence[object]]], declared: Declared, place: str) -> Layout:
    """Find the header among the first rows of a file. Raises InvalidInput that names the columns it wants."""
    check_declared(kind, declared)
    wanted = [name for name in needed(kind) if name not in declared.fixed]
    best: tuple[int, Layout] | None = None
    for number, cells in rows[:HEADER_ROWS]:
        layout = _layout(kind, number, [str(cell).strip() for cell in cells], declared)
        found = {name for _, name in layout.columns}
        if all(name in found for name in wanted):
            _check_twice(layout, place)
            return layout
        if best is None or len(found) > best[0]:
            best = len(found), layout
    raise InvalidInput(_missing(kind, wanted, best[1] if best else None, place))


def _layout(kind: str, number: int, headers: Sequence[str], declared: Declared) -> Layout:
    words = {fold(header): name for header, name in declared.columns.items() if not header.strip().isdigit()}
    numbers = {int(header) - 1: name for header, name in declared.columns.items() if header.strip().isdigit()}
    taken = set(declared.columns.values()) | set(declared.fixed)
    columns, unused = [], []
    for at, header in enumerate(headers):
        folded = fold(header)
        name = numbers.get(at) or words.get(folded)
        if name is None and folded:
            told = _words(kind).get(folded)
            # What a person declared wins over what the words say.
            name = told if told not in taken else None
        if name is not None:
            columns.append((at, name))
        elif header:
            unused.append(header)
    return Layout(number, tuple(columns), tuple(headers), tuple(unused))


def _check_twice(layout: Layout, place: str) -> None:
    seen: dict[str, int] = {}
    for at, name in layout.columns:
        if name in seen:
            first, second = layout.headers[seen[name]], layout.headers[at]
            raise InvalidInput(
                f"{place}: the columns {first!r} and {second!r} both look like {name}; "
                f"say which one it is: --column {name}={first!r}"
            )
        seen[name] = at


def _missing(kind: str, wanted: Sequence[str], best: Layout | None, place: str) -> str:
    if best is None:
        return f"{place} is empty: there is no header row"
    found = {name for _, name in best.columns}
    lacking = [name for name in wanted if name not in found]
    shown = ", ".join(repr(header) for header in best.unused[:12]) or "none"
    return (
        f"{place}: no column for {', '.join(lacking)} of {kind} was found. Columns that could not be placed: {shown}. "
        f"Name them with --column {lacking[0]}='HEADER', or give every row the same with --set {lacking[0]}=VALUE."
    )


@cache
def _words(kind: str) -> Mapping[str, str]:
    """Read the data file: folded header words to fields of one kind; a field's own name always means it."""
    known = set(field_names(kind))
    table = {fold(name): name for name in known}
    for row in word_rows():
        if row["kind"] in ("*", kind) and row["field"] in known:
            for word in row["words"].split("|"):
                table.setdefault(fold(word), row["field"])
    return table


def word_rows() -> Iterator[Mapping[str, str]]:
    """Yield the rows of the data file: kind, field, language, words."""
    text = resources.files("oms_app").joinpath("data/master_columns.csv").read_text(encoding="utf-8")
    yield from csv.DictReader(text.splitlines())
