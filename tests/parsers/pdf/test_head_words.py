"""Labels put together from known words, types of values, parties from their lines: the small parts of a head."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reportlab.pdfgen.canvas import Canvas

from oms_core.values import Limits
from parsers.pdf import layout
from parsers.pdf.head import currency, marks, values
from parsers.pdf.head import lines as pdf_head_lines
from parsers.pdf.head.words import composed
from parsers.pdf.layout import Cell, Row
from parsers.pdf.words import Word, read_pdf
from parsers.words import labels


@pytest.mark.parametrize(
    ("text", "field", "nuance"),
    [
        ("Bestelbonnr.", "number", "order"),
        ("Rekvisitionsnr.", "number", "order"),
        ("Bon n\u00b0", "number", "order"),
        ("Num\u00e9ro de la commande", "number", "order"),
        ("Rechnungs-Nr.", "other", "invoice"),
        ("Data da encomenda", "date", ""),
        ("Datum der Bestellung", "date", ""),
        ("Date de livraison", "requested_date", ""),
    ],
)
def test_the_name_of_a_document_and_a_word_for_number_or_date_make_a_label(text: str, field: str, nuance: str):
    words = labels.words_of(text)
    end, meaning = composed(words, 0)
    assert end == len(words)
    assert meaning is not None
    assert (meaning.field, meaning.nuance) == (field, nuance)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("4711", "4711"),
        ("No. 4711", "4711"),
        ("*** F2026118 ***", "F2026118"),
        ("PO/4711/26-27", "PO/4711/26-27"),
        ("4500881234 / 07.05.2026", "4500881234"),
        ("0000676425", "0000676425"),
        ("PX 0924-163", "PX 0924-163"),
        ("14 Quayside Row", None),
        ("07.05.2026", None),
        ("1.250,00", None),
        ("2.069,30", None),
        ("+44 113 496 0000", None),
        ("15 %", None),
        ("soon", None),
        ("", None),
    ],
)
def test_a_number_is_told_from_dates_amounts_telephones_and_streets(text: str, number: str | None):
    found = values.number_in(text)
    assert (found.text if found else None) == number


@given(st.text(max_size=120))
def test_no_text_breaks_the_types_of_values(text: str):
    for piece in (values.number_in(text), values.date_in(text)):
        assert piece is None or text[piece.start : piece.end] == piece.text


def test_of_a_range_of_days_the_last_still_suits():
    found = values.date_in("04.05.2026 - 08.05.2026")
    assert found is not None
    assert found.text == "08.05.2026"


def cells(*texts: str) -> list[Cell]:
    """Lines below each other, six points for every letter."""
    found = []
    for index, text in enumerate(texts):
        place, words = 40.0, []
        for word in text.split():
            words.append(Word(word, 1, place, 100 + 12 * index, place + 5 * len(word), 109 + 12 * index))
            place += 5 * len(word) + 3
        found.append(Cell(tuple(words)))
    return found


@pytest.mark.parametrize(
    ("lines", "name", "address", "id_"),
    [
        (
            ("Oakmoor Joinery Ltd", "4 Mill Lane", "Leeds LS1 4AP"),
            "Oakmoor Joinery Ltd",
            "4 Mill Lane, Leeds LS1 4AP",
            None,
        ),
        (("Jo Marsh", "Oakmoor Joinery Ltd", "4 Mill Lane"), "Oakmoor Joinery Ltd", "4 Mill Lane", None),
        (("Firma", "Talhof GmbH", "Am Anger 5", "Tel. 0361 445566"), "Talhof GmbH", "Am Anger 5", None),
        (("Talhof GmbH, Am Anger 5, 99084 Erfurt",), "Talhof GmbH", "Am Anger 5, 99084 Erfurt", None),
        (("100234 - Talhof GmbH", "99084 Erfurt"), "Talhof GmbH", "99084 Erfurt", "100234"),
        (("Name: Jo Marsh", "City/State: Dayton, OH", "Phone: 218 555 0147"), "Jo Marsh", "Dayton, OH", None),
        (
            ("Talhof GmbH", "99084 Erfurt", "USt-IdNr.: DE811223344", "GLN: 4012345000009"),
            "Talhof GmbH",
            "99084 Erfurt",
            "4012345000009",
        ),
        (
            ("Talhof GmbH", "Eink\u00e4ufer: Jo Marsh", "99084 Erfurt", "info@talhof.example"),
            "Talhof GmbH",
            "99084 Erfurt",
            None,
        ),
    ],
)
def test_the_lines_of_a_party_are_name_address_and_strongest_identifier(
    lines: tuple[str, ...], name: str | None, address: str | None, id_: str | None
):
    party = pdf_head_lines.party(cells(*lines))
    assert (party.name and party.name.value) == name
    assert (party.address and party.address.value) == address
    assert (party.id and party.id.value) == id_


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Total 118,00 \u20ac", "EUR"),
        ("R$ 1.250,00", "BRL"),
        ("CA$ 12.50", "CAD"),
        ("Amounts in CHF", "CHF"),
        ("Betr\u00e4ge in EUR", "EUR"),
        ("All amounts in US dollars", "USD"),
        ("12,50 K\u010d", "CZK"),
        ("GBP1,250.00", "GBP"),
        ("10 Euro pallets are exchanged", None),
        ("PEN-07MM blue", None),
        ("Leeds, United Kingdom", None),
    ],
)
def test_the_currency_comes_from_code_symbol_or_words_and_never_from_a_country(text: str, code: str | None):
    found = currency.currency([Row(tuple(cells(text)))], (), frozenset())
    assert (found.value if found else None) == code


def test_running_text_just_over_the_limit_holds_no_labels():
    short = "Order no: 4711 " + "x" * (marks.MAX_CELL_CHARS - 15)
    assert marks.marks([Row(tuple(cells(short)))])
    assert marks.marks([Row(tuple(cells(short + "x")))]) == ()


def test_a_page_full_of_labels_is_read_up_to_the_limit(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(marks, "MAX_MARKS", 3)
    assert len(marks.marks([Row(tuple(cells("Order no:", "Order date:", "Supplier:", "Ship to:")))])) == 3


def test_words_set_far_apart_are_one_text_but_two_columns_are_two():
    out = io.BytesIO()
    canvas = Canvas(out)
    canvas.setFont("Helvetica", 10)
    for x, y, text in (
        (40, 700, "Oakmoor"),
        (93, 700, "Joinery"),
        (40, 680, "4"),
        (60, 680, "Mill"),
        (300, 680, "Leeds"),
    ):
        canvas.drawString(x, y, text)
    canvas.save()
    from parsers.pdf.head import rows as head_rows

    (page,) = read_pdf(out.getvalue(), Limits()).pages
    rows = head_rows.joined(layout.rows_of(page), {})
    assert [[cell.text for cell in row.cells] for row in rows] == [["Oakmoor Joinery"], ["4 Mill", "Leeds"]]
