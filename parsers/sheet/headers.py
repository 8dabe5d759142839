"""Header rows of tables: their texts, two rows joined to one, and the names by which columns are known again."""

from collections import Counter
from collections.abc import Iterator, Sequence

from parsers.sheet.columns import fold
from parsers.sheet.grid import Cell, Grid, Row, number_of, text_of
from parsers.sheet.words import meanings
from parsers.words.dates import parse_date

SEARCHED_ROWS = 100
"""How far down the header of a table is looked for."""
PARENT_PENALTY = 0.25
"""What two rows read as one header must be worth more than the lower one alone."""


def texts_of(row: Row) -> tuple[str, ...]:
    """Return the cells of a row as people see them."""
    return tuple(text_of(cell) for cell in row.cells)


def is_text(cell: Cell) -> bool:
    """Whether a cell holds neither a number nor a date."""
    return isinstance(cell, str) and number_of(cell) is None and parse_date(cell, day_first=True) is None


def is_caption(row: Row) -> bool:
    """Whether a row holds words only, as the upper row of a header does."""
    return all(is_text(row.cells[at]) and not any(map(str.isdigit, row.text(at))) for at in row.filled())


def headers_at(grid: Grid, index: int) -> Iterator[tuple[tuple[str, ...], float]]:
    """Yield the header that a row is, and that it is together with the row above it, each with its handicap."""
    header = texts_of(grid.rows[index])
    yield header, 0.0
    above = grid.rows[index - 1] if index else None
    if above is None or grid.rows[index].number - above.number > 1 or len(above.filled()) == 1:
        return
    both = joined(texts_of(above), header) if is_caption(above) else header
    if both != header:
        yield both, PARENT_PENALTY


def joined(upper: Sequence[str], lower: Sequence[str]) -> tuple[str, ...]:
    """Join the two rows of a header; an upper text reaches right over the blanks beside it."""
    both_rows, carried = [], ""
    for column in range(max(len(upper), len(lower))):
        above = upper[column] if column < len(upper) else ""
        below = lower[column] if column < len(lower) else ""
        carried = above or carried
        both = f"{above or carried} {below}".strip()
        both_rows.append(next((text for text in (both, below, above) if meanings(text)), below or above))
    return tuple(both_rows)


def column_names(header: Sequence[str], width: int) -> tuple[str, ...]:
    """Return a name for each column: its folded header, `code (2)` where it stands again, `column 3` without one."""
    seen: Counter[str] = Counter()
    names = []
    for column in range(width):
        name = fold(header[column]) if column < len(header) else ""
        seen[name] += 1
        again = f"{name} ({seen[name]})" if seen[name] > 1 else name
        names.append(again if name else f"column {column + 1}")
    return tuple(names)
