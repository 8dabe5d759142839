"""Which lines of a quote a letter accepts: 'items 1 and 3 only', 'everything but position 2'."""

import re
from collections.abc import Iterable, Sequence

from parsers.mail.counts import LISTED
from parsers.mail.lines import Item
from parsers.words import labels
from parsers.words.spans import Span

MAX_CHOSEN = 200
"""Numbers of lines taken from one letter."""

_LOOKED_BACK = 40


def numbers_of(lines: Iterable[Span]) -> tuple[frozenset[int], bool]:
    """Return the numbers of lines that a letter names, and whether it leaves those out."""
    named: set[int] = set()
    leaves_out = False
    for line in lines:
        for found in LISTED.finditer(line.text):
            before = labels.words_of(line.text[max(0, found.start() - _LOOKED_BACK) : found.start()])
            leaves_out |= any(label.field == "without" for label in labels.every("leave", before))
            for number in re.finditer(r"\d{1,4}", found.group()):
                if len(named) < MAX_CHOSEN:
                    named.add(int(number.group()))
    return frozenset(named), leaves_out


def of(items: Sequence[Item], numbers: frozenset[int], *, leaves_out: bool) -> tuple[bool, ...]:
    """Say for each line whether it is chosen: by its own number, or by its place where the lines have none."""
    told = [item.line_number.text for item in items if item.line_number is not None]
    known = len(told) == len(items) and all(text.isdecimal() for text in told)
    places = [int(text) for text in told] if known else list(range(1, len(items) + 1))
    return tuple((place in numbers) is not leaves_out for place in places)
