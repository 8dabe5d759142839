"""Tables made by tests and what was read of them, as the stories compare it."""

import io
from collections.abc import Iterable, Sequence

from openpyxl import Workbook

from oms_core.values import BytesBlob, DraftDocument, Finding, Hints
from oms_core.values.layout import Layout
from parsers.sheet.csv_order import CsvParser
from parsers.sheet.xlsx_order import XlsxParser

Rows = Sequence[Sequence[object]]
Read = tuple[list[DraftDocument], list[Finding]]


def read(table: str | bytes, hints: Hints | None = None) -> Read:
    """Read a table in text form: its orders, and what was found."""
    data = table.encode() if isinstance(table, str) else table
    return sorted_out(CsvParser().read(BytesBlob(data), hints or Hints()))


def read_book(data: bytes, hints: Hints | None = None) -> Read:
    """Read a workbook: its orders, and what was found."""
    return sorted_out(XlsxParser().read(BytesBlob(data), hints or Hints()))


def sorted_out(found: Iterable[DraftDocument | Finding | Layout]) -> Read:
    """Sort what a parser yields into orders and findings."""
    items = list(found)
    drafts = [item for item in items if isinstance(item, DraftDocument)]
    return drafts, [item for item in items if isinstance(item, Finding)]


def taught_by(text: str, lesson: DraftDocument, *layouts: Layout) -> Layout | None:
    """Show a table again with what a person made of it, and return what that teaches."""
    hints = Hints(filename="a.csv", lesson=lesson, layouts=layouts)
    items = CsvParser().read(BytesBlob(text.encode()), hints)
    return next((item for item in items if isinstance(item, Layout)), None)


def workbook(**sheets: Rows) -> Workbook:
    """Return a workbook with these sheets; a text that begins with `=` is a formula."""
    book = Workbook()
    assert book.active is not None
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    return book


def saved(book: Workbook) -> bytes:
    """Return a workbook as a file."""
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def values(draft: DraftDocument, *names: str) -> list[object]:
    """Return some values of every line, line by line."""
    found = [getattr(line, name) for line in draft.lines for name in names]
    return [None if value is None else value.value for value in found]


def said(*found: object) -> list[object]:
    """Return what values say, None for those that are not there."""
    return [getattr(value, "value", None) for value in found]
