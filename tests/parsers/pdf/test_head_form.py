"""Forms filled on the screen: the values of fields stand in no page text, and their names are labels too."""

import datetime as dt
import io

import pytest
from reportlab.lib import pagesizes
from reportlab.pdfgen.canvas import Canvas

from oms_core.values import BytesBlob, DraftDocument, Hints, Limits
from parsers.pdf.head import form as pdf_form
from parsers.pdf.parser import PARSER
from parsers.pdf.words import read_pdf

HEIGHT = pagesizes.A4[1]


def form(fields: tuple[tuple[str, str, str, float, float], ...], texts: tuple[tuple[float, float, str], ...]) -> bytes:
    """A page with texts, and text fields given as name, tip, value, x and distance of their top from the page's top."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=pagesizes.A4)
    for x, top, text in texts:
        canvas.setFont("Helvetica", 9)
        canvas.drawString(x, HEIGHT - top - 9, text)
    for name, tip, value, x, top in fields:
        canvas.acroForm.textfield(
            name=name,
            tooltip=tip,
            value=value,
            x=x,
            y=HEIGHT - top - 14,
            width=160,
            height=14,
            fontSize=9,
            borderWidth=0,
        )
    canvas.save()
    return out.getvalue()


def read(data: bytes) -> DraftDocument:
    (draft,) = [item for item in PARSER.read(BytesBlob(data), Hints()) if isinstance(item, DraftDocument)]
    return draft


PRINTED = (
    (40, 40, "PURCHASE ORDER"),
    (40, 80, "Order number:"),
    (40, 100, "Order date:"),
    (40, 120, "Vendor name:"),
)


def test_the_values_of_fields_are_read_beside_their_printed_labels():
    draft = read(
        form(
            (
                ("Text1", "", "F-2207", 140, 78),
                ("Text2", "", "17 April 2026", 140, 98),
                ("Text3", "", "Ropewalk Chandlers Ltd", 140, 118),
            ),
            PRINTED,
        )
    )
    assert draft.number is not None
    assert draft.number.value == "F-2207"
    assert draft.date is not None
    assert draft.date.value == dt.date(2026, 4, 17)
    assert draft.supplier.name is not None
    assert draft.supplier.name.value == "Ropewalk Chandlers Ltd"


def test_the_name_of_a_field_is_a_label_where_none_is_printed():
    draft = read(
        form((("PO Number", "", "F-2208", 300, 300), ("dd", "Delivery date", "2026-05-04", 300, 340)), PRINTED[:1])
    )
    assert draft.number is not None
    assert draft.number.value == "F-2208"
    assert draft.requested_date is not None
    assert draft.requested_date.value == dt.date(2026, 5, 4)


def test_a_field_is_a_box_on_its_page_in_points_from_the_top_left():
    (field,) = pdf_form.read_fields(form((("PO Number", "tip", "F-2208", 300, 300),), PRINTED))
    assert (field.name, field.tip, field.value, field.page) == ("PO Number", "tip", "F-2208", 1)
    assert abs(field.x0 - 300) < 1
    assert abs(field.top - 300) < 1


def test_several_lines_in_one_field_become_several_lines_on_the_page():
    pdf = read_pdf(form((), PRINTED), Limits())
    field = pdf_form.Field("a", "", "Mill Lane 4\nLeeds", 1, 300, 300, 460, 360)
    words = [word for word in pdf_form.with_fields(pdf, (field,)).pages[0].words if word.x0 >= 300]
    assert [word.text for word in words] == ["Mill", "Lane", "4", "Leeds"]
    assert words[0].top == words[2].top < words[3].top


def test_a_field_whose_value_is_printed_already_is_not_read_twice():
    data = form((), (*PRINTED, (302, 301, "F-2208")))
    pdf = read_pdf(data, Limits())
    field = pdf_form.Field("PO Number", "", "F-2208", 1, 300, 300, 460, 314)
    assert pdf_form.with_fields(pdf, (field,)) == pdf


def test_a_document_without_a_form_and_one_that_is_none_have_no_fields():
    assert pdf_form.read_fields(form((), PRINTED)) == ()
    assert pdf_form.read_fields(b"no document") == ()


def test_one_field_over_the_limit_is_not_read(monkeypatch: pytest.MonkeyPatch):
    data = form(tuple((f"f{number}", "", str(number), 300, 100 + 20 * number) for number in range(3)), PRINTED)
    monkeypatch.setattr(pdf_form, "MAX_FIELDS", 2)
    assert len(pdf_form.read_fields(data)) == 2
