"""What happened to an order or a document, told in words: who did what, and which field held what before and after."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from sqlalchemy.orm import Session

from oms_app.web.marks import values
from oms_app.web.wording import counted, person, written
from oms_core.decisions.transition import DocumentState
from oms_core.errors import InvalidInput
from oms_core.records import Audit
from oms_core.values import DraftDocument, DraftLine
from oms_core.values.labels import field_label
from oms_store import lookups, views
from oms_store.codec import load

MAX_CHANGES = 20
"""Changed fields of one correction that are told."""
MAX_TOLD = 300
"""Characters of a reason, a note or a value that are told."""

_WORDS: Mapping[str, str] = {
    "read": "read it",
    "matched: accept": "matched it and had no question",
    "matched: review": "matched it and asks a person",
    "matched: duplicate": "found that it is a duplicate",
    "marked as duplicate": "linked it as a duplicate",
    "answered: repeat order": "answered: each delivery of this sender is an order of its own",
    "rejected": "rejected it",
    "accepted": "accepted it",
    "accepted with a backorder": "let what is short wait for new stock",
    "learned layout": "taught how this sender's documents are to be read",
    "cancelled": "cancelled it",
    "filed": "filed it: no order for us",
    "read again": "asked for it to be read again",
    "pushed": "sent it out",
    "push refused": "was refused when sending it out",
    "push tried again": "asked for the sending to be tried again",
}
"""The words of the trail as sentences; any other stands as it was written."""
_FOLLOWS = ".amount"
"""A printed amount goes when its quantity or price is corrected: it follows, nobody changed it."""
_TOOK_OUT = re.compile(r"took out line (\d+)")


@dataclass(frozen=True, slots=True)
class Change:
    """One field that holds something else than before; an empty text is nothing."""

    place: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened: `who` is a name, `told` what was given as a reason or came of it."""

    at: datetime
    who: str
    what: str
    told: str
    quotes: bool
    """Whether `told` is what a person typed."""
    changes: tuple[Change, ...]


def history(session: Session, subjects: Sequence[str]) -> tuple[Entry, ...]:
    """Return what happened to these records in words, the oldest first."""
    names = lookups.people_names(session)
    return tuple(_entry(row, names) for row in views.trail(session, subjects))


def _entry(row: Audit, names: Mapping[str, str]) -> Entry:
    before, after = _draft(row.before), _draft(row.after)
    taken = _TOOK_OUT.fullmatch(row.what)
    told, changes = "", tuple[Change, ...]()
    if before is not None and taken:
        told = _line_told(before, int(taken[1]) - 1)
    elif before is not None and after is not None:
        changes = tuple(islice(_changes(before, after), MAX_CHANGES))
    else:
        told = _told(row.after)
    quotes = bool(told) and told == (row.after or "")[:MAX_TOLD]
    return Entry(row.at, person(row.who, names), _WORDS.get(row.what, row.what), told, quotes, changes)


def _draft(kept: str | None) -> DraftDocument | None:
    """Read a draft back as it was; None for anything else, and for one that an older program wrote otherwise."""
    if kept is None or not kept.startswith("{"):
        return None
    try:
        return load(DraftDocument, kept)
    except InvalidInput:
        return None


def _changes(before: DraftDocument, after: DraftDocument) -> Iterator[Change]:
    """Yield every field that holds something else, in the order of the page."""
    old, new = dict(values(before)), dict(values(after))
    for path in dict.fromkeys((*old, *new)):
        was, now = written(path, old.get(path)), written(path, new.get(path))
        if was != now and not path.endswith(_FOLLOWS):
            yield Change(field_label(path), was[:MAX_TOLD], now[:MAX_TOLD])


def _line_told(draft: DraftDocument, position: int) -> str:
    """Say what stood on a line that was taken out."""
    if not 0 <= position < len(draft.lines):
        return ""
    return " ".join(_pieces(draft.lines[position]))[:MAX_TOLD]


def _pieces(line: DraftLine) -> Iterator[str]:
    if line.quantity:
        yield counted(line.quantity.value, line.unit.value if line.unit else None)
    for value in (line.supplier_code or line.buyer_code, line.description):
        if value:
            yield value.value


def _told(kept: str | None) -> str:
    """Tell a reason or a note as it was typed; of what the machine wrote down, the part that a person asks for."""
    if kept is None or not kept.startswith("{"):
        return (kept or "")[:MAX_TOLD]
    try:
        held = json.loads(kept)
    except ValueError:
        return ""
    drafts = held.get("drafts")
    if held.get("state") == DocumentState.UNREADABLE:
        return "it could not be read"
    if drafts is not None:
        return {0: "no order in it", 1: "one order"}.get(drafts, f"{drafts} orders")
    return str(held.get("number") or held.get("partner") or "")[:MAX_TOLD]
