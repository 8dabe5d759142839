"""Tables that are printed in two halves side by side: each half is read as a table of its own."""

from collections.abc import Sequence

from parsers.pdf.goods.headings import Header, header_at
from parsers.pdf.layout import Cell, Row

_FEWEST = 4
"""A header that repeats has two headings and more in each half."""

_MARGIN = 2.0


def halves(rows: Sequence[Row]) -> tuple[list[Row], list[Row]]:
    """Part the rows of a document at the fold of its table: all rows with the left halves, and the right halves alone.

    The second list is empty where no table is folded.
    """
    place = next((at for at, row in enumerate(rows) if len(row.cells) >= _FEWEST and _fold(header_at(rows, at))), None)
    fold = _fold(header_at(rows, place)) if place is not None else None
    if place is None or fold is None:
        return list(rows), []
    left, right = list(rows[:place]), []
    for page in dict.fromkeys(row.page for row in rows[place:]):
        of_page = [row for row in rows[place:] if row.page == page]
        end = next((at for at, row in enumerate(of_page) if _crosses(row, fold)), len(of_page))
        left += [half for row in of_page[:end] if (half := _half(row, fold, right=False))]
        right += [half for row in of_page[:end] if (half := _half(row, fold, right=True))]
        left += of_page[end:]
    return left, right


def _fold(header: Header | None) -> float | None:
    """Return where the second half of a header begins, if it says the same as the first half."""
    if header is None or len(header.headings) % 2 or len(header.headings) < _FEWEST:
        return None
    middle = len(header.headings) // 2
    left, right = header.headings[:middle], header.headings[middle:]
    same = [heading.text for heading in left] == [heading.text for heading in right]
    return right[0].x0 - _MARGIN if same else None


def _crosses(row: Row, fold: float) -> bool:
    """Say whether a row is none of the halves: one text that runs over the fold."""
    crossing = [cell for cell in row.cells if cell.x0 < fold - _MARGIN and cell.x1 > fold + _MARGIN]
    inside = any(word.x0 < fold - _MARGIN and word.x1 > fold + _MARGIN for cell in crossing for word in cell.words)
    return bool(crossing) and (inside or len(row.cells) == 1)


def _half(row: Row, fold: float, *, right: bool) -> Row | None:
    cells = []
    for cell in row.cells:
        words = tuple(word for word in cell.words if (word.x0 >= fold) is right)
        if words:
            cells.append(Cell(words))
    return Row(tuple(cells)) if cells else None
