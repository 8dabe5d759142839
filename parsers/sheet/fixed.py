"""Tables in fixed width: columns parted by blanks that stand in the same places in every line."""

import re
from collections.abc import Sequence

from parsers.sheet.columns import GOODS_FIELDS
from parsers.sheet.grid import Row
from parsers.sheet.words import meanings

MAX_LINES_WEIGHED = 400
"""So many lines are looked at to find the edges of the columns."""
_SEARCHED = 100
_GAP = re.compile(r"\s{2,}|\t+")
_LEAST_KNOWN = 3
_SURE = 0.85
_LEAST_LINES = 2
_RULE = re.compile(r"[\s=_*+|-]+")


def fixed_rows(text: str) -> tuple[Row, ...]:
    """Cut a text in fixed width into rows; empty where it shows no header over aligned columns.

    Lines above the header are cut where two blanks stand, so that labels keep their values.
    """
    lines = [line.expandtabs() for line in text.splitlines()]
    header = _header(lines)
    if header is None:
        return ()
    below = [line for line in lines[header:] if line.strip() and not _RULE.fullmatch(line)]
    edges = _edges(lines[header], below[:MAX_LINES_WEIGHED])
    if len(below) <= 1 or len(edges) < _LEAST_KNOWN:
        return ()
    rows = []
    for number, line in enumerate(lines, start=1):
        if line.strip() and not _RULE.fullmatch(line):
            cells = _cut(line, edges) if number > header else _GAP.split(line.strip())
            rows.append(Row(number, tuple(cells)))
    return tuple(rows)


def _header(lines: Sequence[str]) -> int | None:
    """Return the first line that names goods, a quantity and one thing more."""
    for index, line in enumerate(lines[:_SEARCHED]):
        words = [meanings(piece) for piece in _GAP.split(line.strip())]
        known = {field for fields in words for field, worth in fields.items() if worth >= _SURE}
        if len(known) >= _LEAST_KNOWN and "quantity" in known and not GOODS_FIELDS.isdisjoint(known):
            return index
    return None


def _edges(header: str, lines: Sequence[str]) -> list[int]:
    """Return where the columns begin: behind blanks that every line has in the same place, under a header text."""
    usual = [header, *(line for line in lines if len(_GAP.split(line.strip())) >= _LEAST_LINES)]
    width = max(map(len, usual))
    padded = [line.ljust(width) for line in usual]
    blank = [all(line[at] == " " for line in padded) for at in range(width)]
    begins = [at for at in range(width) if not blank[at] and (at == 0 or blank[at - 1])]
    ends = [*begins[1:], width]
    named = [begin for begin, end in zip(begins, ends, strict=True) if padded[0][begin:end].strip()]
    return [0, *named[1:]]


def _cut(line: str, edges: Sequence[int]) -> list[str]:
    ends = [*edges[1:], max(len(line), edges[-1])]
    return [line[start:end].strip() for start, end in zip(edges, ends, strict=True)]
