"""Whether what a correction taught is worth keeping: the corrected document itself must be read better with it."""

from collections.abc import Iterator, Sequence
from dataclasses import fields
from typing import Any, TypeGuard, TypeVar

from oms_core.values.draft import DraftDocument, DraftLine, DraftParty
from oms_core.values.source import Source, Value, entered_by

T = TypeVar("T")

HEAD = ("number", "refers_to", "date", "requested_date", "currency")
PARTIES = ("buyer", "supplier", "ship_to")
_PARTY = ("name", "id", "address")
_LINE = ("buyer_code", "supplier_code", "gtin", "description", "quantity", "unit", "unit_price", "requested_date")
_SOLD = frozenset(("buyer_code", "supplier_code", "gtin", "description", "quantity", "number"))


def entered(value: Value[T] | None) -> TypeGuard[Value[T]]:
    """Say whether a person entered this value."""
    return value is not None and bool(entered_by(value.source))


def counterpart(drafts: Sequence[DraftDocument], lesson: DraftDocument) -> DraftDocument | None:
    """Return the one of the documents just read that a person corrected: the one that shares most of its places."""
    wanted = _places(lesson)
    shared = [(len(wanted & _places(draft)), -at) for at, draft in enumerate(drafts)]
    best = max(shared, default=None)
    return drafts[-best[1]] if best is not None and (best[0] or len(drafts) == 1) else None


def better(now: DraftDocument | None, was: DraftDocument | None, lesson: DraftDocument) -> bool:
    """Whether more is read as a person entered it, and no less of what they left as it was and that says what is sold.

    Units, prices and days that came along with a wrong column are often left standing; they do not count.
    """
    told, kept = _agreeing(now, lesson)
    told_before, kept_before = _agreeing(was, lesson)
    return told > told_before and kept >= kept_before


def _agreeing(read: DraftDocument | None, lesson: DraftDocument) -> tuple[int, int]:
    """Count the entered values that were read so, and the values that were left and were read so."""
    told = kept = 0
    for one, other, names in _pairs(read, lesson) if read is not None else ():
        for name in names:
            value = getattr(other, name)
            same = _said(one, name) == _said(other, name)
            told += same and (value is None or entered(value))
            kept += same and value is not None and not entered(value) and name in _SOLD
    return told, kept


def _pairs(read: DraftDocument, lesson: DraftDocument) -> Iterator[tuple[object, object, Sequence[str]]]:
    yield read, lesson, HEAD
    yield from ((getattr(read, role), getattr(lesson, role), _PARTY) for role in PARTIES)
    yield from ((one, other, _LINE) for one, other in zip(read.lines, lesson.lines, strict=False))


def _said(held: object, name: str) -> object:
    value = getattr(held, name)
    return None if value is None else value.value


def _values(draft: DraftDocument) -> Iterator[Value[Any]]:
    held: tuple[DraftDocument | DraftParty | DraftLine, ...]
    held = (draft, draft.buyer, draft.supplier, draft.ship_to, *draft.lines)
    found = (getattr(one, field.name) for one in held for field in fields(one))
    yield from (value for value in found if isinstance(value, Value))


def _places(draft: DraftDocument) -> set[Source]:
    return {value.source for value in _values(draft) if not entered(value)}
