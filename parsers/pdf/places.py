"""Where a value stands on a document's pages: text by its words, dates and numbers in any notation."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from parsers.pdf.layout import Cell, Row
from parsers.words import dates, labels, numbers

MAX_PLACES = 50
"""Places of one value that are looked at."""
MAX_DATE_WORDS = 5
"""Words that one date is set in."""


@dataclass(frozen=True, slots=True)
class Place:
    """One place of a value: the row and the cell in it, counted from 0, and the words that print it."""

    row: int
    cell: int
    found: Cell
    before: Cell | None
    """What stands before it in its own cell."""


def places(rows: Sequence[Row], value: object) -> list[Place]:
    """Return the places of a text, a date or a number, in reading order."""
    found: list[Place] = []
    for row, cell, printed in _cells(rows):
        for start, end in _runs(printed, value):
            before = Cell(printed.words[:start]) if start else None
            found.append(Place(row, cell, Cell(printed.words[start:end]), before))
            if len(found) >= MAX_PLACES:
                return found
    return found


def folded(text: str) -> str:
    """Fold a text for comparing: words by one blank, no case, no accents."""
    return " ".join(labels.words_of(text))


def _cells(rows: Sequence[Row]) -> Iterator[tuple[int, int, Cell]]:
    for at, row in enumerate(rows):
        for index, cell in enumerate(row.cells):
            yield at, index, cell


def _runs(cell: Cell, value: object) -> Iterator[tuple[int, int]]:
    """Yield the stretches of words in a cell that print a value."""
    if isinstance(value, dt.date):
        yield from _dates(cell, value)
    elif isinstance(value, Decimal):
        yield from _numbers(cell, value)
    elif isinstance(value, str):
        yield from _texts(cell, value)


def _texts(cell: Cell, text: str) -> Iterator[tuple[int, int]]:
    wanted = text.split()
    printed = [word.text for word in cell.words]
    for start in range(len(printed) - len(wanted) + 1):
        if wanted and all(_alike(*pair) for pair in zip(printed[start : start + len(wanted)], wanted, strict=True)):
            yield start, start + len(wanted)


def _alike(printed: str, wanted: str) -> bool:
    return printed.strip(":;,()[]").casefold() == wanted.strip(":;,()[]").casefold()


def _dates(cell: Cell, day: dt.date) -> Iterator[tuple[int, int]]:
    for start in range(len(cell.words)):
        for end in range(min(len(cell.words), start + MAX_DATE_WORDS), start, -1):
            text = " ".join(word.text for word in cell.words[start:end])
            if day in (dates.parse_date(text, day_first=True), dates.parse_date(text, day_first=False)):
                yield start, end
                break


def _numbers(cell: Cell, number: Decimal) -> Iterator[tuple[int, int]]:
    for at, word in enumerate(cell.words):
        read: tuple[Any, ...] = tuple(numbers.parse_number(word.text, comma) for comma in (True, False))
        if number in read:
            yield at, at + 1
