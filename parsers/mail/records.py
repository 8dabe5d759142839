"""Ordered lines written as records: `Item: …`, `Qty: …`, `Price: …` below one another or in one line."""

import re
from collections.abc import Iterator, Sequence

from parsers.mail import cells, table
from parsers.mail.lines import Item
from parsers.words import codes, labels
from parsers.words.spans import Span

_APART = re.compile(r"\s+[-\u2013\u2014|/]\s+|\s*;\s*|\t+|[,.]\s+(?=[^\W\d])|\s{2,}")
_ENOUGH = 2
_FIELDS = frozenset(
    {"quantity", "code", "supplier_code", "buyer_code", "gtin", "description", "unit", "unit_price", "amount"}
    | {"requested_date"}
)
_GOODS = frozenset({"code", "supplier_code", "buyer_code", "gtin", "description"})

Fields = dict[str, Span]


def one_line(line: Span, comma: bool | None) -> Item | None:
    """Read `Qty 10 - Part 77-1204 - Wiper blade - 6.15`: cells that name themselves; a bare one is the description."""
    got: Fields = {}
    named = 0
    for cell in line.split(_APART):
        field = _field(cell)
        if field and field[0] not in got:
            got |= _parted(*field)
            named += 1
        elif re.search(r"[^\W\d_]{3}", cell.text):
            got.setdefault("description", cell)
        elif cells.is_money(cell):
            got.setdefault("unit_price", cell)
    if named < _ENOUGH or "quantity" not in got:
        return None
    return table.from_fields(got, comma)


def _parted(field: str, value: Span) -> Fields:
    """Part `FS-25 Fescue seed` under a column for codes into the code and what is said of it."""
    first, _, rest = value.text.partition(" ")
    if field not in _GOODS - {"description"} or not rest or not codes.looks_like_code(first):
        return {field: value}
    return {field: value.cut(0, len(first)), "description": value.cut(len(first))}


def blocks(lines: Sequence[Span], comma: bool | None) -> Iterator[tuple[Item, tuple[Span, ...]]]:
    """Yield the items that stand as labelled lines below one another, each with its lines.

    A field that comes again begins the next record.
    """
    got: Fields = {}
    used: list[Span] = []
    for line in (*lines, Span("", lines[-1].start + len(lines[-1].text) if lines else 0)):
        field = _labelled(line)
        if (field is None and line.text) or (field is not None and field[0] == "requested_date" and not got):
            continue  # what belongs to no record: a day that stands before the first one is the whole order's
        if field is None or field[0] in got or (field[0] in _GOODS and "quantity" in got and _GOODS & got.keys()):
            if field is None and not _complete(got):
                continue
            yield from _record(got, used, comma)
            got, used = {}, []
        if field is not None:
            got[field[0]] = field[1]
            used.append(line)


def _complete(got: Fields) -> bool:
    return "quantity" in got and bool(_GOODS & got.keys())


def _record(got: Fields, used: list[Span], comma: bool | None) -> Iterator[tuple[Item, tuple[Span, ...]]]:
    item = table.from_fields(got, comma) if _complete(got) else None
    if item is not None:
        yield item, tuple(used)


def _labelled(line: Span) -> tuple[str, Span] | None:
    """Read `Menge: 40 Packung`: a column's name, a colon, a value."""
    name, colon, value = line.text.partition(":")
    field = labels.whole("column", name) if colon and value.strip() else None
    if field not in _FIELDS:
        return None
    value_at = line.cut(len(name) + 1)
    if field == "description" and codes.looks_like_code(value_at.text):
        return "code", value_at
    return field, value_at


def _field(cell: Span) -> tuple[str, Span] | None:
    """Read `Qty 10` or `Part: 77-1204`: a column's name, then what belongs in that column."""
    tokens = labels.tokens(cell.text)
    label = labels.at("column", [token.word for token in tokens])
    if label is None or label.field not in _FIELDS or label.end >= len(tokens):
        return None
    value = cell.cut(tokens[label.end - 1].end).strip(" :.#=")
    if label.field in _GOODS - {"description"} and not any(char.isdigit() for char in value.text.partition(" ")[0]):
        return None
    if label.field == "quantity" and not value.text[:1].isdigit():
        return None
    return label.field, value
