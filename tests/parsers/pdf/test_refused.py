"""PDFs that cannot be read say why: locked, damaged, pictures only, too large; and how a PDF is told."""

import io

import pytest
from reportlab.lib import pdfencrypt
from reportlab.pdfgen.canvas import Canvas

from oms_core.errors import UnreadableDocument
from oms_core.values import BytesBlob, DraftDocument, Finding, Head, Hints, Limits, Part, Strength
from parsers.pdf.parser import PARSER


def written(data: bytes, hints: Hints | None = None) -> list[DraftDocument | Finding | Part]:
    return list(PARSER.read(BytesBlob(data), hints or Hints()))


def small_order() -> bytes:
    out = io.BytesIO()
    page = Canvas(out)
    page.drawString(40, 700, "PURCHASE ORDER No. PO-88")
    page.showPage()
    page.save()
    return out.getvalue()


def refused(data: bytes, hints: Hints | None = None) -> UnreadableDocument:
    with pytest.raises(UnreadableDocument) as caught:
        written(data, hints)
    return caught.value


def test_a_locked_pdf_says_that_it_is_locked():
    out = io.BytesIO()
    page = Canvas(out, encrypt=pdfencrypt.StandardEncryption("secret", canPrint=0))
    page.drawString(40, 700, "PURCHASE ORDER")
    page.save()
    error = refused(out.getvalue())
    assert error.code == "encrypted_pdf"
    assert "password" in str(error)


def test_a_picture_of_a_page_says_that_it_is_a_scan():
    out = io.BytesIO()
    page = Canvas(out)
    page.rect(40, 40, 300, 300, fill=1)
    page.save()
    assert refused(out.getvalue()).code == "scan"


@pytest.mark.parametrize("data", [b"", b"no pdf at all", b"%PDF-1.7\n%broken", small_order()[:400]])
def test_a_damaged_pdf_says_that_it_is_damaged(data: bytes):
    assert refused(data).code == "damaged_pdf"


def test_one_page_over_the_limit_is_refused():
    out = io.BytesIO()
    page = Canvas(out)
    for number in range(3):
        page.drawString(40, 700, f"Purchase order page {number}")
        page.showPage()
    page.save()
    assert refused(out.getvalue(), Hints(limits=Limits(pages=2))).code == "too_many_pages"
    assert written(out.getvalue(), Hints(limits=Limits(pages=3)))


def test_one_byte_over_the_limit_is_refused():
    data = small_order()
    assert refused(data, Hints(limits=Limits(bytes=len(data) - 1))).code == "too_large"
    assert written(data, Hints(limits=Limits(bytes=len(data))))


def test_a_pdf_is_claimed_by_its_mark_not_its_name():
    claim = PARSER.identify(Head(b"junk\n%PDF-1.4 ...", "order.bin", None, 20))
    assert claim is not None
    assert claim.strength is Strength.CERTAIN
    assert PARSER.identify(Head(b"hello", "order.pdf", "application/pdf", 5)) is None
