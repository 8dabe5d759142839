"""Where the values of a draft stand in their document, each under the name of the field that it fills."""

from collections.abc import Iterator
from dataclasses import dataclass, fields

from oms_core.values import DraftDocument, DraftLine, DraftParty, Source, Totals, Value

HEADER = ("number", "refers_to", "date", "requested_date", "currency", "notes")
PARTIES = ("buyer", "supplier", "ship_to")


@dataclass(frozen=True, slots=True)
class Mark:
    """One value's place: `field` is the name of its input on the page."""

    field: str
    source: Source


def field_id(path: str) -> str:
    """Turn a place (`lines[2].quantity`) into the name of an element (`f-lines-2-quantity`)."""
    return "f-" + path.replace("[", "-").replace("].", "-").replace("]", "").replace(".", "-")


def values(draft: DraftDocument) -> Iterator[tuple[str, Value[object]]]:
    """Yield every value that was read with its place, header first."""
    for name in HEADER:
        yield from _one(name, getattr(draft, name))
    for party in PARTIES:
        for entry in fields(DraftParty):
            yield from _one(f"{party}.{entry.name}", getattr(getattr(draft, party), entry.name))
    for entry in fields(Totals):
        yield from _one(f"totals.{entry.name}", getattr(draft.totals, entry.name))
    for position, line in enumerate(draft.lines):
        for entry in fields(DraftLine):
            yield from _one(f"lines[{position}].{entry.name}", getattr(line, entry.name))


def _one(path: str, value: Value[object] | None) -> Iterator[tuple[str, Value[object]]]:
    if value is not None:
        yield path, value


def marks(draft: DraftDocument) -> tuple[Mark, ...]:
    """Return the places of all values."""
    return tuple(Mark(field_id(path), value.source) for path, value in values(draft))
