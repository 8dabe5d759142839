"""Pages for the tests of PDFs: texts at places, ruled tables, and the goods that are read of them."""

import io
from collections.abc import Sequence

from reportlab.lib import colors, pagesizes
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, SimpleDocTemplate, Table, TableStyle

from oms_core.values import DraftLine, Limits
from parsers.pdf import layout
from parsers.pdf.goods import reading
from parsers.pdf.words import read_pdf

HIGH = pagesizes.A4[1]
Texts = Sequence[tuple[float, float, str]]
Lines = list[tuple[object, ...]]


def goods_in(data: bytes) -> reading.Goods:
    pdf = read_pdf(data, Limits())
    rows = [row for page in pdf.pages for row in layout.rows_of(page)]
    return reading.read_goods(rows, data, day_first=True, rules={page.number: page.rules for page in pdf.pages})


def drawn(
    *pages: Texts, size: float = 9, font: str = "Helvetica", rules: Sequence[Sequence[float]] = (), watermark: str = ""
) -> bytes:
    """Pages of texts at x and distance from the top; a negative x sets the text to end there. A watermark is huge."""
    out = io.BytesIO()
    page = Canvas(out, pagesize=pagesizes.A4)
    for texts in pages:
        page.setFont(font, size)
        for x, top, text in texts:
            if x < 0:
                page.drawRightString(-x, HIGH - top, text)
            else:
                page.drawString(x, HIGH - top, text)
        page.setFont(font, 140)
        page.drawString(180, HIGH - 280, watermark)
        for x0, top, x1, bottom in rules:
            page.line(x0, HIGH - top, x1, HIGH - bottom)
        page.showPage()
    page.save()
    return out.getvalue()


def table_at(
    top: float, xs: Sequence[float], rows: Sequence[Sequence[str]], step: float = 14
) -> list[tuple[float, float, str]]:
    """Rows of texts, one below the other; empty texts are left out."""
    return [
        (x, top + step * index, text) for index, row in enumerate(rows) for x, text in zip(xs, row, strict=True) if text
    ]


def ruled(rows: Sequence[Sequence[str]], widths: Sequence[float], *, style: Sequence[tuple[object, ...]] = ()) -> bytes:
    """A table with a grid, its cells wrapped and centred in height."""
    out = io.BytesIO()
    body = getSampleStyleSheet()["BodyText"]
    body.fontSize, body.leading = 9, 11
    cells = [[Paragraph(text, body) for text in row] for row in rows]
    table = Table(cells, colWidths=widths, repeatRows=1)
    table.setStyle(
        TableStyle([("GRID", (0, 0), (-1, -1), 0.5, colors.black), ("VALIGN", (0, 0), (-1, -1), "MIDDLE"), *style])
    )
    SimpleDocTemplate(out, pagesize=pagesizes.A4).build([Paragraph("Purchase order 77", body), table])
    return out.getvalue()


def shown(line: DraftLine, *names: str) -> tuple[object, ...]:
    values = (getattr(line, name) for name in names)
    return tuple(value.value if value is not None else None for value in values)


def counted(data: bytes, *names: str) -> Lines:
    return [
        shown(line, *(names or ("supplier_code", "description", "quantity", "unit", "unit_price")))
        for line in goods_in(data).lines
    ]
