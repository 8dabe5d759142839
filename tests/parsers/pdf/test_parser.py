"""Purchase orders as PDFs of our own making: ruled and unruled, several languages, and what cannot be read."""

import datetime as dt
import io
from collections.abc import Sequence
from decimal import Decimal

import pypdfium2
import pytest
from reportlab.lib import colors, pagesizes
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from oms_core.values import (
    BytesBlob,
    DocumentKind,
    DraftDocument,
    Finding,
    Hints,
    PageSource,
    Part,
)
from parsers.pdf.parser import PARSER
from tests.parsers.pdf.pages import drawn

Row = Sequence[str]


def written(data: bytes, hints: Hints | None = None) -> list[DraftDocument | Finding | Part]:
    return list(PARSER.read(BytesBlob(data), hints or Hints()))


def order_in(data: bytes, hints: Hints | None = None) -> DraftDocument:
    (draft,) = [item for item in written(data, hints) if isinstance(item, DraftDocument)]
    return draft


ENGLISH = (
    (40, 60, "Brightwater Fixings Ltd"),
    (40, 74, "4 Mill Lane, Leeds LS1 4AP"),
    (40, 88, "VAT No: GB 812 4410 07"),
    (350, 60, "PURCHASE ORDER"),
    (350, 90, "PO Number:"),
    (450, 90, "PO-20417"),
    (350, 104, "Order Date:"),
    (450, 104, "14 March 2026"),
    (350, 118, "Delivery Date:"),
    (450, 118, "28/03/2026"),
    (40, 150, "Supplier:"),
    (300, 150, "Ship To:"),
    (40, 164, "Northgate Supplies GmbH"),
    (300, 164, "Brightwater Depot 7"),
    (40, 178, "Hafenstr. 12"),
    (300, 178, "Unit 7, Canal Road"),
    (300, 192, "Bradford BD3 9QT"),
    (40, 240, "Item No"),
    (120, 240, "Description"),
    (330, 240, "Qty"),
    (380, 240, "Unit"),
    (440, 240, "Price"),
    (510, 240, "Amount"),
)
ENGLISH_LINES = (
    ("HX-0840", "Hex bolt M8x40 A2", "100", "pcs", "1.25", "125.00"),
    ("NT-0800", "Lock nut M8 A2", "250", "pcs", "0.40", "100.00"),
    ("WS-0816", "Washer 8.4 x 16", "4", "box", "6.50", "26.00"),
)
HEADER = ("Item No", "Description", "Qty", "Unit", "Price", "Amount")
COLUMNS = (40, 120, 330, 380, 440, 510)


def english_order(lines: Sequence[Row] = ENGLISH_LINES, *, total: str = "251.00") -> bytes:
    texts = [*ENGLISH]
    for index, line in enumerate(lines):
        texts += [(x, 258 + 16 * index, text) for x, text in zip(COLUMNS, line, strict=True)]
    below = 258 + 16 * len(lines) + 20
    return drawn([*texts, (440, below, "Total GBP"), (510, below, total)])


def test_an_order_without_ruled_lines_is_read_whole():
    draft = order_in(english_order())
    assert draft.kind is DocumentKind.ORDER
    assert draft.format == "pdf"
    assert draft.number is not None
    assert draft.number.value == "PO-20417"
    assert draft.date is not None
    assert draft.date.value == dt.date(2026, 3, 14)
    assert draft.requested_date is not None
    assert draft.requested_date.value == dt.date(2026, 3, 28)
    assert draft.currency is not None
    assert draft.currency.value == "GBP"
    assert [line.supplier_code.value for line in draft.lines if line.supplier_code] == ["HX-0840", "NT-0800", "WS-0816"]
    assert [line.description.value for line in draft.lines if line.description] == [row[1] for row in ENGLISH_LINES]
    assert [line.quantity.value for line in draft.lines if line.quantity] == [Decimal(100), Decimal(250), Decimal(4)]
    assert [line.unit.value for line in draft.lines if line.unit] == ["C62", "C62", "BX"]
    assert [line.amount.value for line in draft.lines if line.amount] == [
        Decimal("125.00"),
        Decimal("100.00"),
        Decimal("26.00"),
    ]
    assert draft.totals.net is not None
    assert draft.totals.net.value == Decimal("251.00")
    assert draft.findings == ()


def test_the_parties_stand_in_their_blocks_and_the_letterhead_is_the_buyer():
    draft = order_in(english_order())
    assert draft.buyer.name is not None
    assert draft.buyer.name.value == "Brightwater Fixings Ltd"
    assert draft.buyer.id is not None
    assert draft.buyer.id.value == "GB 812 4410 07"
    assert draft.supplier.name is not None
    assert draft.supplier.name.value == "Northgate Supplies GmbH"
    assert draft.ship_to.name is not None
    assert draft.ship_to.name.value == "Brightwater Depot 7"
    assert draft.ship_to.address is not None
    assert draft.ship_to.address.value == "Unit 7, Canal Road, Bradford BD3 9QT"


def test_every_value_shows_its_page_and_box_from_the_top_left():
    quantity = order_in(english_order()).lines[0].quantity
    assert quantity is not None
    assert isinstance(quantity.source, PageSource)
    x0, top, x1, bottom = quantity.source.bbox
    assert (quantity.source.page, quantity.source.text) == (1, "100")
    assert 329 < x0 < x1 < 352
    assert 245 < top < bottom < 263


def test_a_page_turned_by_its_rotation_mark_is_read_as_it_is_shown():
    out = io.BytesIO()
    page = Canvas(out, pagesize=pagesizes.A4)
    page.setFont("Helvetica", 10)
    page.setPageRotation(90)
    upright = [*ENGLISH, *((x, 258, text) for x, text in zip(COLUMNS, ENGLISH_LINES[0], strict=True))]
    for x, top, text in upright:
        page.saveState()
        page.translate(top, x)
        page.rotate(90)
        page.drawString(0, 0, text)
        page.restoreState()
    page.save()
    draft = order_in(out.getvalue())
    assert draft.number is not None
    assert draft.number.value == "PO-20417"
    quantity = draft.lines[0].quantity
    assert quantity is not None
    assert quantity.value == Decimal(100)
    assert isinstance(quantity.source, PageSource)
    assert 329 < quantity.source.bbox[0] < 352
    assert 245 < quantity.source.bbox[1] < 263


@pytest.mark.parametrize(
    ("title", "header", "rows", "total", "want"),
    [
        pytest.param(
            ("BESTELLUNG", "Bestell-Nr.:", "B-77120", "Datum:", "03.02.2026", "Lieferadresse:"),
            ("Pos", "Art.-Nr.", "Bezeichnung", "Menge", "Einheit", "E-Preis", "Betrag EUR"),
            [
                ("10", "SK-110", "Steckdose weiss", "1.200", "Stk", "3,80", "4.560,00"),
                ("20", "NY-315", "Leitung NYM 3x1,5", "500", "m", "0,92", "460,00"),
            ],
            ("Summe netto", "5.020,00"),
            ([Decimal(1200), Decimal(500)], ["C62", "MTR"], Decimal("5020.00")),
            id="German",
        ),
        pytest.param(
            ("BON DE COMMANDE", "Commande n°", "CF-2209", "Date:", "03/02/2026", "Adresse de livraison:"),
            ("N°", "Référence", "Désignation", "Quantité", "Unité", "Prix unitaire", "Montant"),
            [
                ("1", "GN-40", "Gants nitrile", "40", "boîte", "7,25", "290,00"),
                ("2", "MS-02", "Masque FFP2", "12", "carton", "31,50", "378,00"),
            ],
            ("Total HT", "668,00"),
            ([Decimal(40), Decimal(12)], ["BX", "CT"], Decimal("668.00")),
            id="French",
        ),
        pytest.param(
            ("ORDEN DE COMPRA", "Número de pedido:", "OC-5120", "Fecha:", "13/02/2026", "Dirección de entrega:"),
            ("Línea", "Código", "Descripción", "Cantidad", "Unidad", "Precio", "Importe"),
            [
                ("1", "AZ-10", "Azulejo blanco 20x20", "300", "ud", "0,45", "135,00"),
                ("2", "CM-25", "Cemento cola", "18", "saco", "9,10", "163,80"),
            ],
            ("Base imponible", "298,80"),
            ([Decimal(300), Decimal(18)], ["C62", None], Decimal("298.80")),
            id="Spanish",
        ),
        pytest.param(
            ("ORDINE DI ACQUISTO", "Ordine n.", "OA-118", "Data:", "13/02/2026", "Indirizzo di consegna:"),
            ("Pos", "Codice", "Descrizione", "Quantità", "UM", "Prezzo unitario", "Importo"),
            [
                ("1", "VT-830", "Vite TE 8x30", "1000", "pz", "0,095", "95,00"),
                ("2", "DD-008", "Dado M8", "1000", "pz", "0,031", "31,00"),
            ],
            ("Totale imponibile", "126,00"),
            ([Decimal(1000), Decimal(1000)], ["C62", "C62"], Decimal("126.00")),
            id="Italian",
        ),
        pytest.param(
            ("INKOOPORDER", "Ordernummer:", "IO-9031", "Besteldatum:", "13-02-2026", "Afleveradres:"),
            ("Regel", "Artikelnr", "Omschrijving", "Aantal", "Eenheid", "Stukprijs", "Bedrag"),
            [
                ("1", "KK-15", "Knelkoppeling", "20", "stuks", "2,35", "47,00"),
                ("2", "BS-22", "Buis 22 mm", "60", "meter", "4,10", "246,00"),
            ],
            ("Totaal excl. BTW", "293,00"),
            ([Decimal(20), Decimal(60)], ["C62", "MTR"], Decimal("293.00")),
            id="Dutch",
        ),
    ],
)
def test_a_ruled_order_is_read_in_other_languages(
    title: Row, header: Row, rows: Sequence[Row], total: Row, want: tuple[list[Decimal], list[str | None], Decimal]
):
    draft = order_in(ruled(title, header, rows, total))
    quantities, units, net = want
    assert draft.kind is DocumentKind.ORDER
    assert draft.number is not None
    assert draft.number.value == title[2]
    assert draft.date is not None
    assert draft.date.value.month == 2
    assert [line.quantity.value if line.quantity else None for line in draft.lines] == quantities
    read_units = [line.unit.value if line.unit else None for line in draft.lines]
    assert all(unit == got for unit, got in zip(units, read_units, strict=True) if unit)
    assert [line.supplier_code.value for line in draft.lines if line.supplier_code] == [row[1] for row in rows]
    assert [line.description.value for line in draft.lines if line.description] == [row[2] for row in rows]
    assert draft.totals.net is not None
    assert draft.totals.net.value == net
    assert draft.ship_to.name is not None
    assert draft.ship_to.name.value == "Depot Nord"


def ruled(title: Row, header: Row, rows: Sequence[Row], total: Row) -> bytes:
    """A document with a table of drawn lines."""
    out = io.BytesIO()
    styles = getSampleStyleSheet()
    grid = TableStyle([("GRID", (0, 0), (-1, -1), 0.5, colors.black), ("FONTSIZE", (0, 0), (-1, -1), 8)])
    facts = Table([[title[1], title[2]], [title[3], title[4]]], hAlign="LEFT")
    place = Table([[title[5]], ["Depot Nord"], ["Kaistrasse 9"], ["28195 Bremen"]], hAlign="LEFT")
    lines = Table([list(header), *map(list, rows)], style=grid, colWidths=[40, 60, 150, 55, 50, 75, 75])
    sums = Table([[total[0], total[1]]], hAlign="RIGHT")
    story = [
        Paragraph(title[0], styles["Title"]),
        facts,
        Spacer(1, 20),
        place,
        Spacer(1, 20),
        lines,
        Spacer(1, 12),
        sums,
    ]
    SimpleDocTemplate(out, pagesize=pagesizes.A4).build(story)
    return out.getvalue()


def test_a_description_of_several_lines_is_joined():
    texts = [*ENGLISH]
    texts += [(x, 258, text) for x, text in zip(COLUMNS, ENGLISH_LINES[0], strict=True)]
    texts += [(120, 270, "zinc plated, in bags"), (120, 282, "of ten")]
    texts += [(x, 306, text) for x, text in zip(COLUMNS, ENGLISH_LINES[1], strict=True)]
    lines = order_in(drawn([*texts, (440, 340, "Total"), (510, 340, "225.00")])).lines
    assert len(lines) == 2
    assert lines[0].description is not None
    assert lines[0].description.value == "Hex bolt M8x40 A2 zinc plated, in bags of ten"


def test_a_long_order_goes_on_under_a_repeated_header():
    rows = [
        (f"AB-{number:04}", f"Part {number}", str(number), "pcs", "2.00", f"{2 * number}.00") for number in range(1, 91)
    ]
    out = io.BytesIO()
    table = Table([list(HEADER), *map(list, rows)], repeatRows=1)
    title = Paragraph("Purchase Order PO-9001", getSampleStyleSheet()["Title"])
    SimpleDocTemplate(out, pagesize=pagesizes.A4).build([title, table, Spacer(1, 12), Table([["Total", "8190.00"]])])
    draft = order_in(out.getvalue())
    assert [line.supplier_code.value for line in draft.lines if line.supplier_code] == [row[0] for row in rows]
    assert draft.lines[-1].quantity is not None
    assert isinstance(draft.lines[-1].quantity.source, PageSource)
    assert draft.lines[-1].quantity.source.page > 1
    assert draft.number is not None
    assert draft.number.value == "PO-9001"


def test_a_line_whose_arithmetic_fails_is_shown_and_believed_less():
    rows = (ENGLISH_LINES[0], ("NT-0800", "Lock nut M8 A2", "250", "pcs", "0.40", "110.00"), ENGLISH_LINES[2])
    draft = order_in(english_order(rows, total="261.00"))
    (finding,) = draft.findings
    assert (finding.code, finding.place) == ("line.arithmetic", "lines[1].amount")
    assert "100" in finding.message
    assert "110.00" in finding.message
    good, bad = draft.lines[0].quantity, draft.lines[1].quantity
    assert good is not None
    assert bad is not None
    assert bad.confidence < good.confidence


def test_a_price_per_hundred_is_told_by_arithmetic():
    rows = (("HX-0840", "Hex bolt M8x40 A2", "1000", "pcs", "9.90", "99.00"),)
    (line,) = order_in(english_order(rows, total="99.00")).lines
    assert line.unit_price is not None
    assert line.unit_price.value == Decimal("0.099")


def test_our_own_name_in_the_letterhead_of_the_supplier_is_put_right():
    texts = [
        (40, 60, "PURCHASE ORDER No. 88-12"),
        (40, 100, "Buyer:"),
        (300, 100, "Supplier:"),
        (40, 114, "Ordermill Trading GmbH"),
        (300, 114, "Kestrel Builders Ltd"),
        *((x, 240, text) for x, text in zip(COLUMNS, HEADER, strict=True)),
        *((x, 258, text) for x, text in zip(COLUMNS, ENGLISH_LINES[0], strict=True)),
    ]
    draft = order_in(drawn(texts), Hints(our_names=("Ordermill Trading",)))
    assert draft.supplier.name is not None
    assert draft.supplier.name.value == "Ordermill Trading GmbH"
    assert draft.buyer.name is not None
    assert draft.buyer.name.value == "Kestrel Builders Ltd"


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("INVOICE", DocumentKind.INVOICE),
        ("Rechnung", DocumentKind.INVOICE),
        ("QUOTATION", DocumentKind.QUOTE),
        ("Angebot", DocumentKind.QUOTE),
        ("Request for Quotation", DocumentKind.QUOTE_REQUEST),
        ("Order Confirmation", DocumentKind.ORDER_RESPONSE),
        ("Auftragsbestätigung", DocumentKind.ORDER_RESPONSE),
        ("Lieferschein", DocumentKind.DESPATCH_ADVICE),
        ("Gutschrift", DocumentKind.CREDIT_NOTE),
        ("Stornierung", DocumentKind.ORDER_CANCELLATION),
        ("Bestelländerung", DocumentKind.ORDER_CHANGE),
    ],
)
def test_the_title_tells_what_a_document_is(title: str, kind: DocumentKind):
    header = [(x, 240.0, text) for x, text in zip(COLUMNS, HEADER, strict=True)]
    line = [(x, 258.0, text) for x, text in zip(COLUMNS, ENGLISH_LINES[0], strict=True)]
    draft = order_in(drawn([(200.0, 60.0, title), *header, *line]))
    assert draft.kind is kind


def test_number_and_date_in_the_title_itself_are_read():
    header = [(x, 240.0, text) for x, text in zip(COLUMNS, HEADER, strict=True)]
    line = [(x, 258.0, text) for x, text in zip(COLUMNS, ENGLISH_LINES[0], strict=True)]
    draft = order_in(drawn([(100.0, 60.0, "ORDINE FORNITORE N. OF-2611-33 del 17/11/2026"), *header, *line]))
    assert draft.number is not None
    assert draft.number.value == "OF-2611-33"
    assert draft.date is not None
    assert draft.date.value == dt.date(2026, 11, 17)


def test_a_letter_without_a_table_is_no_order():
    items = written(drawn([(40, 60, "Dear customer,"), (40, 80, "our office is closed from Monday on.")]))
    (finding,) = items
    assert isinstance(finding, Finding)
    assert finding.code == "pdf.no_order"


def test_embedded_files_come_back_as_parts():
    document = pypdfium2.PdfDocument(english_order())
    document.new_attachment("order-x.xml").set_data(b"<order/>")
    out = io.BytesIO()
    document.save(out)
    document.close()
    parts = [item for item in written(out.getvalue()) if isinstance(item, Part)]
    (part,) = parts
    assert (part.filename, part.media_type, part.role) == ("order-x.xml", "application/xml", "embedded")
    assert part.blob.open().read() == b"<order/>"
