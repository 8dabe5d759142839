"""Key and value pairs on a page: the value stands in the label's cell, right of it, or below it.

All candidates are kept with what speaks for them; a value that stands nearer to another label is worth less.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from oms_core.values.source import PageSource
from parsers.pdf.head import values as pdf_head_values
from parsers.pdf.head.form import Field
from parsers.pdf.head.marks import LEAST_LABEL, Mark, meanings_at
from parsers.pdf.head.values import Piece
from parsers.pdf.head.words import Meaning
from parsers.pdf.layout import Cell, Row, overlap
from parsers.words import labels

MAX_PAIRS = 2_000
"""Pairs looked at in one document."""

_RIGHT = 330.0
_BELOW = 3.2
_ROWS_BELOW = 8
_SAME_HEIGHT = 0.5
_BETWEEN = frozenset(
    ("on", "by", "am", "le", "el", "il", "op", "den", "dnia", "dne", "at", "the", "del", "du", "zum", "bis", "do")
)
_TYPED = frozenset({"number", "date", "document_date", "requested_date", "currency"})
_NUMBERED = frozenset({"invoice", "quote", "rfq", "delivery", "yours"})
_DATED = frozenset({"sent"})
_REPEATED = 0.6
"""What is left of a label that stands on the page again with another value: it belongs to a part of the document."""


class Where(StrEnum):
    """Where the value stands from its label."""

    INSIDE = "inside"
    RIGHT = "right"
    BELOW = "below"


_WORTH = {Where.INSIDE: 1.0, Where.RIGHT: 0.95, Where.BELOW: 0.9}
_TAKEN = 0.55
"""What is left of a candidate whose value stands nearer to another label."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A label and the value it may have: field and shade of the label, and how good label and place are (0 to 1)."""

    field: str
    nuance: str
    label: str
    value: str
    source: PageSource
    weight: float
    where: Where
    row: int
    page: int


@dataclass(frozen=True, slots=True)
class Target:
    """A cell that may hold a label's value."""

    cell: Cell
    where: Where
    worth: float
    row: int
    place: int


class Neighbours:
    """The cells around the labels of a document."""

    def __init__(self, rows: Sequence[Row], marks: Sequence[Mark]) -> None:
        self._rows = rows
        self._labels = {(mark.row, mark.place): mark for mark in marks if mark.first and _is_label(mark)}
        self._claims: dict[tuple[int, int], list[tuple[Mark, float]]] = {}
        for mark in marks:
            if mark.rest is None and _is_label(mark):
                for target in self.targets(mark)[:1]:
                    self._claims.setdefault((target.row, target.place), []).append((mark, target.worth))

    def is_label(self, row: int, place: int) -> bool:
        """Say whether a cell is a label, or begins with one and its colon."""
        return (row, place) in self._labels

    def targets(self, mark: Mark) -> list[Target]:
        """Return the cells beside and below a label that may hold its value, the nearer first."""
        return [*self._right(mark), *self._below(mark)]

    def claimant(self, row: int, place: int) -> Mark | None:
        """Return the label that has the best claim on a cell, None where no label names it."""
        claims = self._claims.get((row, place), [])
        return max(claims, key=lambda one: one[1])[0] if claims else None

    def left(self, target: Target, mark: Mark) -> float:
        """Return what is left of a candidate when other labels have a better claim on its cell."""
        claims = self._claims.get((target.row, target.place), [])
        mine = _field_of(mark)
        rivals = [worth for other, worth in claims if other is not mark and _field_of(other) != mine]
        return _TAKEN if any(worth > target.worth for worth in rivals) else 1.0

    def _right(self, mark: Mark) -> list[Target]:
        near: list[tuple[float, int, int, Cell]] = []
        for index in range(max(0, mark.row - 1), min(len(self._rows), mark.row + 2)):
            row = self._rows[index]
            if row.page == mark.cell.page:
                near += [
                    (cell.x0, index, place, cell)
                    for place, cell in enumerate(row.cells)
                    if cell.x0 > mark.label.x1 - 1 and _level(mark.label, cell) >= _SAME_HEIGHT
                ]
        same = [one for one in near if one[1] == mark.row]
        for x0, index, place, cell in sorted(same or near, key=lambda one: one[:3]):
            if x0 - mark.label.x1 > _RIGHT or self.is_label(index, place):
                return []
            if not _says_nothing(cell):
                far = 0.1 * (x0 - mark.label.x1) / _RIGHT
                return [Target(cell, Where.RIGHT, _WORTH[Where.RIGHT] - far, index, place)]
        return []

    def _below(self, mark: Mark) -> list[Target]:
        bottom = mark.label.bottom
        height = max(mark.label.bottom - mark.label.top, 4.0)
        for index in range(mark.row + 1, min(len(self._rows), mark.row + _ROWS_BELOW)):
            row = self._rows[index]
            if row.page != mark.cell.page or row.top - bottom > _BELOW * height:
                return []
            near = [(place, cell) for place, cell in enumerate(row.cells) if _under(mark.label, cell, height)]
            if not near:
                continue
            place, cell = max(near, key=lambda one: overlap(mark.label, one[1]))
            if self.is_label(index, place):
                return []
            if not _says_nothing(cell):
                return [Target(cell, Where.BELOW, _WORTH[Where.BELOW], index, place)]
            bottom = cell.bottom
        return []


def pairs(marks: Sequence[Mark], near: Neighbours) -> tuple[Pair, ...]:
    """Return the pairs of a document; a value that cannot be of its field is no pair."""
    found: list[Pair] = []
    for index, mark in enumerate(marks):
        meaning = _dated(mark) or mark.means("header")
        if (
            meaning is None
            or _in_totals(mark)
            or (meaning.field not in _TYPED and meaning.nuance not in _NUMBERED | _DATED)
        ):
            continue
        check = _checks()[_type_of(meaning)]
        for cell, text, where, worth, row in _texts(mark, near, _joined(marks, index)):
            piece = check(text)
            if piece is not None:
                source = (cell.part(piece.start, piece.end) or cell).source
                weight = worth * mark.sure
                phrase = mark.phrase
                found.append(
                    Pair(meaning.field, meaning.nuance, phrase, piece.text, source, weight, where, row, cell.page)
                )
        if len(found) >= MAX_PAIRS:
            break
    return _without_repeats(found[:MAX_PAIRS])


def of_fields(fields: Sequence[Field]) -> tuple[Pair, ...]:
    """Return the pairs that the names and tips of a form's fields make with their values."""
    found: list[Pair] = []
    for field in fields[:MAX_PAIRS]:
        for name in (field.name, field.tip):
            words = [word for word in labels.words_of(name.replace("_", " ")) if not word.isdigit()]
            end, meanings = meanings_at(words, 0)
            meaning = next((one for one in meanings if one.group == "header" and end == len(words)), None)
            piece = _checks()[meaning.field](field.value) if meaning is not None and meaning.field in _TYPED else None
            if meaning is not None and piece is not None:
                box = (round(field.x0, 1), round(field.top, 1), round(field.x1, 1), round(field.bottom, 1))
                source = PageSource(field.page, box, piece.text)
                found.append(
                    Pair(meaning.field, meaning.nuance, name, piece.text, source, 0.85, Where.INSIDE, 0, field.page)
                )
    return tuple(found)


def _dated(mark: Mark) -> Meaning | None:
    """Return the meaning of 'vom', 'z dnia', 'del' where they stand as labels of their own."""
    bare = mark.means("bare")
    if bare is None or bare.field != "date":
        return None
    found = pdf_head_values.dates_in(mark.rest_text)
    only = mark.first and len(found) == 1 and found[0].text == mark.rest_text.rstrip(" .")
    if not (mark.colon or only or (mark.first and mark.rest is None)):
        return None
    return Meaning("header", "date", "plain")


def _in_totals(mark: Mark) -> bool:
    """Say whether a label that is known by its last word belongs to a total: 'Totale ordine:'."""
    return mark.sure < 1.0 and labels.at("total", mark.phrase.split()) is not None


def _type_of(meaning: Meaning) -> str:
    if meaning.field != "other":
        return meaning.field
    return "date" if meaning.nuance in _DATED else "number"


def _without_repeats(found: Sequence[Pair]) -> tuple[Pair, ...]:
    """Weigh down the numbers whose label names several values on one page, as those of loads or articles do."""
    values: dict[tuple[str, int], set[str]] = {}
    for pair in found:
        values.setdefault((pair.label, pair.page), set()).add(pair.value)
    return tuple(
        replace(pair, weight=pair.weight * _REPEATED)
        if pair.field == "number" and len(values[pair.label, pair.page]) > 1
        else pair
        for pair in found
    )


def _joined(marks: Sequence[Mark], index: int) -> bool:
    """Say whether another label follows in the same cell with nothing between: 'Order no. / Date'."""
    mark = marks[index]
    follows = marks[index + 1] if index + 1 < len(marks) else None
    return mark.rest is None and follows is not None and follows.cell is mark.cell


def _texts(mark: Mark, near: Neighbours, joined: bool) -> list[tuple[Cell, str, Where, float, int]]:
    """Return the texts that may hold the value of a label, with their place and worth."""
    if mark.rest is not None:
        worth = _WORTH[Where.INSIDE] if mark.colon or not mark.first else _WORTH[Where.INSIDE] - 0.05
        return [(mark.rest, mark.rest.text if _whole_words(mark) else mark.rest_text, Where.INSIDE, worth, mark.row)]
    out = []
    for target in near.targets(mark):
        worth = target.worth * near.left(target, mark)
        out.append((target.cell, target.cell.text, target.where, worth * (0.97 if joined else 1.0), target.row))
    return out


def _whole_words(mark: Mark) -> bool:
    return mark.rest is not None and mark.rest.text == mark.rest_text


def _is_label(mark: Mark) -> bool:
    """Say whether a mark is surely a label: it stands alone, or a colon follows."""
    return mark.colon or (mark.rest is None and mark.sure > LEAST_LABEL)


def _field_of(mark: Mark) -> tuple[str, str]:
    meaning = mark.means("header") or mark.meanings[0]
    return meaning.group, meaning.field


def _level(one: Cell, two: Cell) -> float:
    """Return how much of the lower cell's height stands beside the other."""
    shared = min(one.bottom, two.bottom) - max(one.top, two.top)
    return shared / max(min(one.bottom - one.top, two.bottom - two.top), 1.0)


def _under(label: Cell, cell: Cell, height: float) -> bool:
    return overlap(label, cell) > 0 or abs(cell.x0 - label.x0) < height


def _says_nothing(cell: Cell) -> bool:
    """Say whether a cell holds only signs, a word such as 'on', a remark in brackets, or words of another script."""
    text = cell.text
    if text.startswith("(") and text.endswith(")"):
        return True
    words = labels.words_of(text)
    return all(word in _BETWEEN for word in words) or not re.search(r"[^\W_]", text)


def _checks() -> "dict[str, Callable[[str], Piece | None]]":
    return {
        "number": pdf_head_values.number_in,
        "date": pdf_head_values.date_in,
        "document_date": pdf_head_values.date_in,
        "requested_date": pdf_head_values.date_in,
        "currency": _currency_in,
    }


def _currency_in(text: str) -> Piece | None:
    found = re.search(r"\b([A-Z]{3})\b", text)
    return Piece(found.group(1), found.start(1), found.end(1)) if found else None
