"""Text PDFs: words with boxes, label words in many languages, a table of lines; every value shows where it stands.

The steps are modules of their own: `words` (words), `head.form` (fields of a form), `layout` (lines, cells),
`goods.reading` (lines and totals), `head.reading` (kind, number, dates, currency, parties).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from oms_core.errors import UnreadableDocument
from oms_core.values.document import Blob, BytesBlob, Claim, Head, Hints, Part, Strength
from oms_core.values.draft import DocumentKind, DraftDocument
from oms_core.values.finding import Finding, Severity
from oms_core.values.layout import Layout
from parsers.certainty import facts_of
from parsers.pdf import layout as pdf_layout
from parsers.pdf import lesson
from parsers.pdf.goods import lines as pdf_lines
from parsers.pdf.goods import reading as pdf_goods
from parsers.pdf.goods.reading import Goods
from parsers.pdf.head import form
from parsers.pdf.head import reading as pdf_head
from parsers.pdf.head.form import Field
from parsers.pdf.head.reading import PdfHead
from parsers.pdf.layout import Row
from parsers.pdf.leftovers import leftovers
from parsers.pdf.parts import parted
from parsers.pdf.words import Pdf, read_pdf
from parsers.words import labels

_TYPES = {".xml": "application/xml", ".pdf": "application/pdf", ".csv": "text/csv", ".txt": "text/plain"}
_WANTED = frozenset({DocumentKind.ORDER, DocumentKind.ORDER_CHANGE, DocumentKind.QUOTE_REQUEST, DocumentKind.OTHER})
_LEAST_NUMBER = 0.55
_UNTITLED = 0.4
_NO_LINES = frozenset({DocumentKind.ORDER_CANCELLATION, DocumentKind.OTHER})


@dataclass(frozen=True, slots=True)
class PdfTextParser:
    """Reads PDFs that carry text."""

    name: str = "pdf_text"

    def identify(self, head: Head) -> Claim | None:
        """Claim what begins as a PDF does (ISO 32000-1, 7.5.2; junk before the mark is met in the wild)."""
        return Claim("pdf", Strength.CERTAIN, 1.0) if b"%PDF-" in head.data[:1024] else None

    def read(self, blob: Blob, hints: Hints) -> Iterator[DraftDocument | Finding | Part | Layout]:
        """Yield embedded files as Parts, then the document that the pages show, then what a lesson teaches of it.

        Raises UnreadableDocument: `encrypted_pdf`, `damaged_pdf`, `too_many_pages`, `too_large`, `scan`.
        """
        data = _bytes(blob, hints)
        pdf = read_pdf(data, hints.limits)
        for name, content in pdf.embedded:
            extension = name[name.rfind(".") :].lower() if "." in name else ""
            yield Part(BytesBlob(content), _base_name(name), _TYPES.get(extension), "embedded")
        fields = form.read_fields(data)
        whole = form.with_fields(pdf, fields)
        rows = [row for page in whole.pages for row in pdf_layout.rows_of(page)]
        layouts = tuple(one for one in hints.layouts if one.form == "pdf")
        layout = lesson.chosen(layouts, rows)
        drafts = [
            draft
            for part in parted(rows)
            if (draft := _read_as(layout, _Pages(whole, part, fields, data), hints)) is not None
        ]
        if hints.lesson is not None:
            yield lesson.learn(rows, hints.lesson, layout)
        for draft in drafts:
            yield replace(draft, findings=(*draft.findings, *_about(layouts, layout)))
        if not drafts:
            yield Finding(
                "pdf.no_order",
                Severity.REVIEW,
                "page 1",
                "No table of lines and no title of an order was found in this PDF. Key it in by hand, or file it.",
            )


def _bytes(blob: Blob, hints: Hints) -> bytes:
    if blob.size > hints.limits.bytes:
        raise UnreadableDocument(
            "too_large", f"This PDF has {blob.size} bytes, more than the {hints.limits.bytes} allowed.", "document"
        )
    with blob.open() as handle:
        return handle.read()


def _base_name(name: str) -> str:
    return re.split(r"[\\/]", name)[-1].strip() or "embedded"


@dataclass(frozen=True, slots=True)
class _Pages:
    """A document on its way: pages, their rows, the fields of a form, and the file itself."""

    pdf: Pdf
    rows: Sequence[Row]
    fields: Sequence[Field]
    data: bytes


def _about(layouts: Sequence[Layout], layout: Layout | None) -> tuple[Finding, ...]:
    """Tell whether what was learned of this sender was of use."""
    if not layouts:
        return ()
    if layout is not None:
        return (Finding("layout.known", Severity.NOTE, "", "Read with what was learned of this sender's documents."),)
    message = (
        "This sender's documents looked different until now: what was learned of them does not fit this one."
        " Compare every value with the document."
    )
    return (Finding("layout.changed", Severity.REVIEW, "", message),)


def _read_as(layout: Layout | None, pages: _Pages, hints: Hints) -> DraftDocument | None:
    """Read the pages in the words of their sender."""
    with labels.taught(layout.meanings if layout else ()):
        draft = _read(pages, layout.day_first if layout else None, hints)
    if draft is None:
        return None
    if layout is not None:
        draft = lesson.with_constants(draft, layout, pages.rows)
    return replace(draft, facts=(*draft.facts, *facts_of(leftovers(pages.rows, draft))))


def _read(pages: _Pages, day_first: bool | None, hints: Hints) -> DraftDocument | None:
    rows, rules = pages.rows, {page.number: page.rules for page in pages.pdf.pages}
    order = pdf_head.day_first(rows) if day_first is None else day_first
    goods = pdf_goods.read_goods(rows, pages.data, order, rules)
    head = pdf_head.read_head(rows, goods, rules, pages.fields, hints, order)
    if not _is_document(head, goods):
        return None
    lines = () if head.kind in _NO_LINES else goods.lines[: hints.limits.lines]
    return DraftDocument(
        kind=head.kind,
        format="pdf",
        titled=head.titled,
        kind_confidence=round(head.title.confidence if head.title is not None else _UNTITLED, 3),
        number=head.number,
        date=head.date,
        requested_date=head.requested_date,
        currency=head.currency,
        buyer=head.parties.buyer,
        supplier=head.parties.supplier,
        ship_to=head.parties.ship_to,
        totals=goods.totals,
        lines=lines,
        notes=head.notes,
        findings=goods.findings,
        confidence=_confidence(head, goods),
        facts=(*facts_of(goods.facts), *facts_of(head.facts)),
    )


def _is_document(head: PdfHead, goods: Goods) -> bool:
    """Say whether the pages are a business document: by their title, or by lines with quantities."""
    if head.title is not None and head.title.filed:
        return False
    if head.title is not None and head.title.cell is not None:
        return True
    numbered = head.number is not None and head.number.confidence >= _LEAST_NUMBER
    counted = any(line.quantity is not None for line in goods.lines)
    return counted or (head.title is not None and numbered)


def _confidence(head: PdfHead, goods: Goods) -> float:
    """Say how far the whole document holds: half-known heads and lines that do not close lower it."""
    sure = 0.3 + 0.5 * (head.title.confidence if head.title else 0.0)
    stated, closed = pdf_lines.closing(goods.lines)
    if stated:
        sure += 0.2 * closed / stated - 0.1
    if head.number is None or head.date is None or head.parties.buyer.name is None:
        sure -= 0.3
    if not goods.lines and head.kind in _WANTED:
        sure -= 0.2
    return round(min(max(sure, 0.05), 0.9), 3)


PARSER = PdfTextParser()
