"""What a reading left on the pages: figures and words that no value was read from, and so may have been overlooked."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields

from oms_core.values.draft import DraftDocument, DraftLine, DraftParty
from oms_core.values.source import PageSource, Value
from parsers.pdf.layout import Row
from parsers.pdf.words import Word

_SLACK = 1.0
_FIGURES_OF_A_LINE = 2
_MANY = 5
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Leftovers:
    """Shares from 0 to 1, within the rows from the first line's to the last one's, and counts below them.

    `figures` are numbers, `words` all words. `rows_below` are rows after the lines with two numbers or more that no
    value stands in: totals that were not read, or lines; five and more count as five.
    """

    figures: float = 0.0
    words: float = 0.0
    rows_inside: float = 0.0
    rows_below: float = 0.0


def leftovers(rows: Sequence[Row], draft: DraftDocument) -> Leftovers:
    """Compare the words of the pages with the places that values were read from."""
    boxes = _boxes(_values(draft))
    inside = _span(rows, draft)
    if inside is None:
        return Leftovers()
    first, last = inside
    read = [(word, _is_read(word, near)) for row in rows[first : last + 1] for word, near in _with_boxes(row, boxes)]
    numbers = [told for word, told in read if _is_figure(word)]
    return Leftovers(
        figures=numbers.count(False) / max(len(numbers), 1),
        words=sum(not told for _, told in read) / max(len(read), 1),
        rows_inside=_count(rows[first : last + 1], boxes),
        rows_below=_count(rows[last + 1 :], boxes),
    )


def _count(rows: Sequence[Row], boxes: dict[int, list[Box]]) -> float:
    return float(min(_MANY, sum(_is_unread(row, boxes) for row in rows)))


def _values(draft: DraftDocument) -> Iterator[Value[object]]:
    holders: list[DraftDocument | DraftLine | DraftParty | object] = [draft, draft.totals, *draft.lines]
    holders += [draft.buyer, draft.supplier, draft.ship_to]
    for holder in holders:
        for one in fields(holder):  # type: ignore[arg-type]  # each of them is a dataclass
            value = getattr(holder, one.name)
            if isinstance(value, Value):
                yield value


def _boxes(values: Iterator[Value[object]]) -> dict[int, list[Box]]:
    found: defaultdict[int, list[Box]] = defaultdict(list)
    for value in values:
        if isinstance(value.source, PageSource):
            found[value.source.page].append(value.source.bbox)
    return found


def _span(rows: Sequence[Row], draft: DraftDocument) -> tuple[int, int] | None:
    """Return the first and the last row that a quantity or an amount of a line was read from."""
    sources = [value.source for line in draft.lines for value in (line.quantity, line.amount) if value is not None]
    boxes: defaultdict[int, list[Box]] = defaultdict(list)
    for source in sources:
        if isinstance(source, PageSource):
            boxes[source.page].append(source.bbox)
    held = [at for at, row in enumerate(rows) if any(_is_read(word, near) for word, near in _with_boxes(row, boxes))]
    return (held[0], held[-1]) if held else None


def _with_boxes(row: Row, boxes: dict[int, list[Box]]) -> Iterator[tuple[Word, Sequence[Box]]]:
    """Yield the words of a row with the boxes that reach its height: most of a page's do not."""
    top, bottom = row.top, row.bottom
    near = [box for box in boxes.get(row.page, ()) if box[1] - _SLACK <= bottom and box[3] + _SLACK >= top]
    for cell in row.cells:
        for word in cell.words:
            yield word, near


def _is_read(word: Word, boxes: Sequence[Box]) -> bool:
    across, middle = (word.x0 + word.x1) / 2, word.middle
    return any(
        x0 - _SLACK <= across <= x1 + _SLACK and top - _SLACK <= middle <= bottom + _SLACK
        for x0, top, x1, bottom in boxes
    )


def _is_unread(row: Row, boxes: dict[int, list[Box]]) -> bool:
    """Say whether a row has figures enough for a line and none of its words is in any value."""
    figures = sum(_is_figure(word) for cell in row.cells for word in cell.words)
    return figures >= _FIGURES_OF_A_LINE and not any(_is_read(word, near) for word, near in _with_boxes(row, boxes))


def _is_figure(word: Word) -> bool:
    return any(char.isdigit() for char in word.text) and not any(char.isalpha() for char in word.text)
