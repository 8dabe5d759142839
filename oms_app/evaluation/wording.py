"""How the report says things: fields, places, shares, and text out of documents made harmless to read."""

import unicodedata

from oms_app.evaluation.intervals import Interval
from oms_app.evaluation.judging import CODE, OWNER, Judged
from oms_core.values.labels import field_label

MAX_SHOWN = 300
"""Characters of one value that are shown."""
HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Kinds of characters that cannot be seen, or that turn the writing round them."""
STAND_IN = "\N{REPLACEMENT CHARACTER}"
FIELDS = {
    "type": "Kind of document",
    "requested_date": "Wanted by (document or line)",
    "description": "Line, description",
    "quantity": "Line, quantity",
    "unit": "Line, unit",
    "unit_price": "Line, unit price",
    "amount": "Line, amount",
    "gtin": "Line, GTIN",
    CODE: "Line, codes",
    OWNER: "Line, whose code",
}
"""What the table of fields calls them, where that is not what people call the field of one order."""


def field_word(field: str) -> str:
    """Return what the table of fields calls a field."""
    return FIELDS.get(field) or field_label(field)


def label_of(value: Judged) -> str:
    """Return what people call a value: 'PO number', 'Line 3, quantity'; lines count as on the label, from 1."""
    name = value.path.rpartition(".")[2]
    if value.field == OWNER:
        return f"Line {(value.line or 0) + 1}, whose code"
    if value.line is not None:
        return field_label(f"lines[{value.line}].{name}")
    return FIELDS["type"] if value.field == "type" else field_label(value.field)


def place_of(value: Judged) -> str:
    """Say where a value stands in its document: 'page 2', 'row 3, column 5', 'segment 7, element 2.1'."""
    told = value.evidence or {}
    if "page" in told:
        return f"page {told['page']}"
    if "row" in told:
        sheet = f"{told['sheet']}, " if told.get("sheet") else ""
        return f"{sheet}row {told['row']}, column {told.get('column')}"
    if "segment" in told:
        return f"segment {told['segment']}, element {told.get('element')}"
    if "start" in told:
        return f"characters {told['start']} to {told.get('end')}"
    return str(told.get("path", ""))


def visible(text: str) -> str:
    """Return a text as it may be shown: one line, cut at a length, what cannot be seen marked instead."""
    cut = text if len(text) <= MAX_SHOWN else text[:MAX_SHOWN] + " …"
    if cut.isprintable():  # nearly every text, and quick to tell
        return cut
    return "".join(" " if char in "\t\n\r" else STAND_IN if _hidden(char) else char for char in cut)


def _hidden(char: str) -> bool:
    return unicodedata.category(char) in HIDDEN


def percent(share: float) -> str:
    """Write a share in percent: nothing short of all is 100 %, nothing above none is 0 %."""
    shown = f"{100 * share:.1f}"
    if share < 1 and shown == "100.0":
        return "> 99.9 %"
    if share > 0 and shown == "0.0":
        return "< 0.1 %"
    return f"{shown} %"


def between(interval: Interval) -> str:
    """Write an interval."""
    return f"{100 * interval.low:.1f} to {100 * interval.high:.1f} %"


def one_in(share: float) -> str:
    """Write a small share as people say it: 'one in 1,000'."""
    return f"one in {round(1 / share):,}" if share > 0 else "none"


def seconds(time: float) -> str:
    """Write a short time."""
    return f"{time * 1000:.0f} ms" if time < 1 else f"{time:.1f} s"
