"""Several orders in one PDF: a page with a title, a number of its own and a table of goods begins the next one."""

from collections.abc import Sequence

from parsers.pdf.goods.headings import header_at
from parsers.pdf.head import choice, kind, marks, pairs
from parsers.pdf.head.choice import Seen
from parsers.pdf.layout import Row

MAX_PARTS = 200
"""Orders that one PDF is parted into."""

_TOP_ROWS = 40
_LEAST_NUMBER = 0.75
"""How sure the number of a page must be to tell that another document begins there."""


def parted(rows: Sequence[Row]) -> list[list[Row]]:
    """Return the rows of a PDF by document; one list where all pages are of one."""
    pages: dict[int, list[Row]] = {}
    for row in rows:
        pages.setdefault(row.page, []).append(row)
    found: list[list[Row]] = []
    number = ""
    for of_page in pages.values():
        own = _number(of_page) if len(pages) > 1 else ""
        begins = bool(own) and own != number and (not found or bool(number))
        if not found or (begins and len(found) < MAX_PARTS):
            found.append(list(of_page))
            number = own
        else:
            found[-1] += of_page
    return found


def _number(rows: Sequence[Row]) -> str:
    """Return the number of the document that begins on a page: its title stands there, and a table of goods."""
    if not any(header_at(rows, at) is not None for at in range(len(rows))):
        return ""
    top = rows[:_TOP_ROWS]
    named = marks.marks(top)
    title = kind.title(top, named)
    if title is None or title.cell is None:
        return ""
    near = pairs.Neighbours(top, named)
    seen = Seen(top, named, tuple(pairs.pairs(named, near)), near, title, title.kind)
    chosen = choice.choose(seen, day_first=True).number
    return chosen.value if chosen is not None and chosen.confidence >= _LEAST_NUMBER else ""
