"""What a table is by its titles and columns: an order, another document to file, or a list that orders nothing."""

from collections import Counter
from collections.abc import Iterable, Sequence

from oms_core.values.draft import DocumentKind
from parsers.sheet.columns import fold
from parsers.sheet.grid import Grid, Row
from parsers.sheet.layout import Layout
from parsers.sheet.terms import terms
from parsers.words import labels

_TITLE_EXTRA = 4
_TITLE_ROWS = 12
_STOCK_COLUMNS = ("stock",)
_BILLS = frozenset((DocumentKind.INVOICE, DocumentKind.CREDIT_NOTE))


def kind_of(grid: Grid, layout: Layout, filename: str) -> DocumentKind:
    """Return what a table with goods and quantities is; `OTHER` for a stock or price list.

    The titles above the table count first, then its document column, the sheet's name, its columns, and last the
    file's name. A table that says nothing of the kind is an order.
    """
    above = grid.rows[: layout.header_row if layout.header_row is not None else layout.first_line]
    titles = [*_titles(above)]
    for kind in (_opening(above), _best(titles), _of_column(grid, layout), _numbered(above), _named(grid.sheet)):
        if kind is not None:
            return kind
    if "sales" in layout.columns and "number" not in layout.columns:
        return DocumentKind.OTHER
    if "invoice_number" in layout.columns and "number" not in layout.columns:
        return DocumentKind.INVOICE
    said = "number" in layout.columns or _speaks_of_orders(layout)
    return DocumentKind.ORDER if said else _named(filename.rpartition(".")[0]) or _plain(layout)


def _plain(layout: Layout) -> DocumentKind:
    """Take a table without any word of an order, whose quantity is beside stock columns, for a stock list."""
    return DocumentKind.OTHER if any(name in layout.columns for name in _STOCK_COLUMNS) else DocumentKind.ORDER


def _speaks_of_orders(layout: Layout) -> bool:
    """Whether the header of the quantity says that it is ordered."""
    words = fold(layout.header("quantity"))
    return any(word in words for word in terms("order_stem"))


def _titles(rows: Sequence[Row]) -> Iterable[DocumentKind]:
    for row in rows[:_TITLE_ROWS]:
        for column in row.filled():
            kind = _named(row.text(column))
            if kind is not None:
                yield kind


def _opening(rows: Sequence[Row]) -> DocumentKind | None:
    """Return the kind that the very first text names: an answer to an order mentions it only later."""
    first = next((row for row in rows if row.filled()), None)
    kind = _named(first.text(first.filled()[0])) if first is not None else None
    return None if kind in (DocumentKind.OTHER, DocumentKind.ORDER) else kind


def _best(kinds: Sequence[DocumentKind]) -> DocumentKind | None:
    """Let a change or cancellation win over the order it speaks of, and an order over what else is mentioned."""
    for kind in (DocumentKind.ORDER_CANCELLATION, DocumentKind.ORDER_CHANGE):
        if kind in kinds:
            return kind
    if DocumentKind.ORDER in kinds:
        return DocumentKind.ORDER
    return kinds[0] if kinds else None


def _named(text: str) -> DocumentKind | None:
    """Return the kind that a short title names."""
    folded = fold(text)
    if folded in terms("list"):
        return DocumentKind.OTHER
    words = labels.words_of(text.replace("_", " "))
    label = labels.at("title", words)
    rest = words[label.end :] if label is not None else ()
    if label is None or len(rest) > _TITLE_EXTRA or (":" in text and text.strip()[-1:] != ":"):
        return None
    if rest and not any(char.isdigit() for word in rest for char in word):
        return None
    listed = any(entry in folded for entry in terms("list") if " " in entry)
    return DocumentKind.OTHER if listed and label.field != "order" else DocumentKind(label.field)


def _numbered(rows: Sequence[Row]) -> DocumentKind | None:
    """Return what the labels of numbers say: `Invoice no.` stands on no order, `Quote no.` may."""
    cells = (row.text(column) for row in rows[:_TITLE_ROWS] for column in row.filled())
    kinds = [kind for text in cells if (kind := _kind_of_number(text)) is not None]
    billed = next((kind for kind in kinds if kind in _BILLS), None)
    return billed or (None if DocumentKind.ORDER in kinds else next(iter(kinds), None))


def _kind_of_number(text: str) -> DocumentKind | None:
    words = labels.words_of(text.partition(":")[0])
    label = labels.at("title", words)
    rest = words[label.end :] if label is not None else ()
    if label is None or not rest or not set(rest) <= terms("number_word"):
        return None
    return DocumentKind(label.field)


def _of_column(grid: Grid, layout: Layout) -> DocumentKind | None:
    """Return what a column of document types says most often, where it names kinds at all."""
    column = layout.column("doc_type")
    if column is None:
        return None
    said = Counter(labels.whole("title", row.text(column)) for row in grid.rows[layout.first_line :])
    named = [(name, count) for name, count in said.most_common() if name is not None]
    return DocumentKind(named[0][0]) if named else None
