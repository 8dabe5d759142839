"""Heads of documents for tests: drawn on a page or typed as text in any language, read as the parser reads them."""

import datetime as dt
import io
from collections.abc import Sequence
from dataclasses import dataclass

from reportlab.lib import pagesizes
from reportlab.pdfgen.canvas import Canvas

from oms_core.values import BytesBlob, DraftDocument, Hints
from oms_core.values.draft import DocumentKind, DraftParty
from oms_core.values.source import Value
from parsers.pdf.goods import reading as pdf_goods
from parsers.pdf.head import reading as pdf_head
from parsers.pdf.head.reading import PdfHead
from parsers.pdf.layout import Row, rows_of
from parsers.pdf.parser import PARSER
from parsers.pdf.words import Page, Word

LETTER, LINE, HIGH = 5.0, 12.0, 9.0
"""How wide a letter is, how far two lines are apart and how tall a word is, in points."""

LEFT, TOP = 40.0, 40.0


@dataclass(frozen=True, slots=True)
class Said:
    """What a head says; None where it does not."""

    number: str | None = None
    date: dt.date | None = None
    requested: dt.date | None = None
    buyer: str | None = None
    supplier: str | None = None
    ship_to: str | None = None
    address: str | None = None
    currency: str | None = None
    kind: DocumentKind = DocumentKind.ORDER


Text = tuple[float, float, str] | tuple[float, float, str, float]
Box = tuple[float, float, float, float]

GOODS: tuple[Text, ...] = (
    *(
        (x, 500, text)
        for x, text in ((40, "Item no"), (130, "Description"), (330, "Qty"), (400, "Price"), (480, "Amount"))
    ),
    *(
        (x, 516, text)
        for x, text in ((40, "KL-2201"), (130, "Shelf bracket"), (330, "12"), (400, "3.50"), (480, "42.00"))
    ),
    *((x, 532, text) for x, text in ((40, "KL-2207"), (130, "Wall plug"), (330, "200"), (400, "0.05"), (480, "10.00"))),
)


def page(texts: Sequence[Text], boxes: Sequence[Box] = ()) -> bytes:
    """One A4 page: texts at x and distance from the top, a fourth number is the size; boxes as x0, top, x1, bottom."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=pagesizes.A4)
    height = pagesizes.A4[1]
    for x, top, text, *size in texts:
        canvas.setFont("Helvetica", size[0] if size else 9)
        canvas.drawString(x, height - top, text)
    for x0, top, x1, bottom in boxes:
        canvas.rect(x0, height - bottom, x1 - x0, bottom - top)
    canvas.save()
    return out.getvalue()


def stack(x: float, top: float, *lines: str) -> tuple[Text, ...]:
    """Lines one below the other, 12 points apart."""
    return tuple((x, top + 12 * index, line) for index, line in enumerate(lines))


def read(data: bytes, hints: Hints | None = None) -> DraftDocument:
    (draft,) = [item for item in PARSER.read(BytesBlob(data), hints or Hints()) if isinstance(item, DraftDocument)]
    return draft


def value_of(value: Value[str] | Value[dt.date] | None) -> str | dt.date | None:
    return None if value is None else value.value


def party(of: DraftParty) -> tuple[object, object]:
    return value_of(of.name), value_of(of.address)


def typed(text: str) -> list[Row]:
    """The rows of a page as it would be typed: two blanks or more part columns, a leading `!` sets a line large."""
    words: list[Word] = []
    top = TOP
    for line in text.strip("\n").splitlines():
        scale = 2.0 if line.startswith("!") else 1.0
        shown = line.replace("!", " ", 1) if line.startswith("!") else line
        place = 0
        for part in shown.split(" "):
            if part:
                x0 = LEFT + LETTER * place
                words.append(Word(part, 1, x0, top, x0 + LETTER * len(part), top + HIGH * scale))
            place += len(part) + 1
        top += LINE * scale
    return rows_of(Page(1, 595.0, 842.0, tuple(words)))


def head_of(text: str, hints: Hints | None = None) -> PdfHead:
    """Read the head of a typed page that has no goods."""
    rows = typed(text)
    goods = pdf_goods.Goods(
        found=False,
        lines=(),
        totals=pdf_goods.Totals(),
        findings=(),
        above=tuple(rows),
        outside=tuple(rows),
        named=frozenset(),
    )
    return pdf_head.read_head(rows, goods, {}, (), hints or Hints(), pdf_head.day_first(rows))


def said(text: str, hints: Hints | None = None) -> Said:
    """Say what is read of a typed page."""
    head = head_of(text, hints)
    buyer, supplier, ship_to = head.parties.buyer, head.parties.supplier, head.parties.ship_to
    return Said(
        number=_text(head.number),
        date=head.date.value if head.date is not None else None,
        requested=head.requested_date.value if head.requested_date is not None else None,
        buyer=_text(buyer.name),
        supplier=_text(supplier.name),
        ship_to=_text(ship_to.name),
        address=_text(ship_to.address),
        currency=_text(head.currency),
        kind=head.kind,
    )


def _text(value: Value[str] | None) -> str | None:
    return value.value if value is not None else None
