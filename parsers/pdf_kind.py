"""What a PDF is, from its title words: order, change, cancellation, invoice, quotation and the rest."""

from collections.abc import Sequence
from dataclasses import dataclass

from oms_core.values.draft import DocumentKind
from parsers import labels
from parsers.pdf_layout import Cell, Row

_TOP_ROWS = 40
_EXTRA_WORDS = 9
_FEW_WORDS = 3


@dataclass(frozen=True, slots=True)
class Title:
    """The kind a title names; `cell` is where it stands, None where the kind comes from a label of a number."""

    kind: DocumentKind
    cell: Cell | None
    confidence: float


def title(rows: Sequence[Row]) -> Title | None:
    """Return the kind that the tallest title on the first page names; of equals the topmost."""
    best: tuple[float, Title] | None = None
    for index, row in enumerate(row for row in rows[:_TOP_ROWS] if row.page == 1):
        for cell in row.cells:
            found = _named(cell)
            if found is None:
                continue
            weight = cell.words[0].height * (1.0 if found.confidence > 0.8 else 0.7) - index * 0.05  # noqa: PLR2004
            if best is None or weight > best[0]:
                best = (weight, found)
    return best[1] if best else None


def _named(cell: Cell) -> Title | None:
    tokens = labels.tokens(cell.text)
    words = [token.word for token in tokens]
    label = labels.at("title", words)
    if label is None or len(words) - label.end > _EXTRA_WORDS:
        return None
    rest = cell.text[tokens[label.end - 1].end :].strip(" :.-#*\u2014\u2013")
    if rest and rest[:1].islower():
        return None
    if len(words) - label.end > _FEW_WORDS and not any(char.isdigit() for char in rest):
        return None
    kind = DocumentKind(label.field)
    return Title(kind, cell, 0.95 if not rest else 0.8)
