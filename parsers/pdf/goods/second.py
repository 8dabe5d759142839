"""A second reading of tables with pdfplumber, for documents where the first one's arithmetic does not close."""

import io
from collections.abc import Sequence

from parsers.pdf.layout import Cell, Row
from parsers.pdf.words import Word

MAX_PAGES = 10
"""Pages read a second time; pdfplumber is twenty times slower."""


def rows(data: bytes) -> list[Row]:
    """Return the tables of a PDF as rows, each table cell one cell; empty where pdfplumber finds none or fails."""
    import pdfplumber

    out: list[Row] = []
    try:
        with pdfplumber.open(io.BytesIO(data)) as pdf:
            for page in pdf.pages[:MAX_PAGES]:
                for table in page.find_tables():
                    for row, texts in zip(table.rows, table.extract(), strict=False):
                        out += _row(page.page_number, row.cells, texts)
    except Exception:  # noqa: BLE001  a second opinion that fails says nothing; the first reading stands
        return []
    return out


def _row(
    page: int, boxes: Sequence[tuple[float, float, float, float] | None], texts: Sequence[str | None]
) -> list[Row]:
    cells = [
        Cell((Word(" ".join(text.split()), page, box[0], box[1], box[2], box[3]),))
        for box, text in zip(boxes, texts, strict=False)
        if box is not None and text and text.strip()
    ]
    return [Row(tuple(cells))] if cells else []
