"""Heads of orders drawn by hand: one story for each way in which people put numbers, dates and parties on a page."""

import datetime as dt
from collections.abc import Sequence

import pytest

from oms_core.values import BytesBlob, DocumentKind, Finding, Hints
from parsers.pdf.parser import PARSER
from tests.parsers.pdf.heads import GOODS, Text, page, party, read, value_of


def test_labels_above_their_values_in_one_line_belong_to_the_values_below():
    draft = read(
        page(
            (
                (40, 60, "Oakmoor Joinery Ltd", 14),
                (40, 100, "Purchase Order", 16),
                (40, 140, "Order No"),
                (150, 140, "Order Date"),
                (260, 140, "Customer No"),
                (370, 140, "Required By"),
                (40, 154, "70115"),
                (150, 154, "4 May 2026"),
                (260, 154, "30018"),
                (370, 154, "18 May 2026"),
                *GOODS,
            )
        )
    )
    assert value_of(draft.number) == "70115"
    assert value_of(draft.date) == dt.date(2026, 5, 4)
    assert value_of(draft.requested_date) == dt.date(2026, 5, 18)
    assert value_of(draft.buyer.name) == "Oakmoor Joinery Ltd"
    assert value_of(draft.buyer.id) == "30018"


def test_a_number_and_its_date_in_one_cell_are_told_apart():
    draft = read(
        page(
            (
                (40, 60, "Bestellung", 16),
                (330, 90, "Bestellnummer/Datum"),
                (330, 102, "4500881234 / 07.05.2026"),
                (330, 120, "Lieferdatum"),
                (430, 120, "21.05.2026"),
                *GOODS,
            )
        )
    )
    assert value_of(draft.number) == "4500881234"
    assert value_of(draft.date) == dt.date(2026, 5, 7)
    assert value_of(draft.requested_date) == dt.date(2026, 5, 21)


def test_a_letter_names_its_sender_above_the_address_window_and_its_addressee_in_it():
    draft = read(
        page(
            (
                (60, 130, "Talhof Maschinenbau GmbH \u00b7 Am Anger 5 \u00b7 99084 Erfurt", 6),
                (60, 150, "Firma"),
                (60, 162, "Nordlicht Werkzeuge KG"),
                (60, 174, "Speicherstr. 9"),
                (60, 186, "20457 Hamburg"),
                (400, 200, "Erfurt, den 3. Juni 2026"),
                (60, 240, "Bestellung Nr. B-5518", 12),
                (60, 270, "Sehr geehrte Damen und Herren,"),
                (60, 284, "hiermit bestellen wir:"),
                *GOODS,
                (60, 780, "Talhof Maschinenbau GmbH", 7),
                (250, 780, "USt-IdNr. DE 811 223 344", 7),
            )
        )
    )
    assert value_of(draft.buyer.name) == "Talhof Maschinenbau GmbH"
    assert value_of(draft.buyer.id) == "DE 811 223 344"
    assert party(draft.supplier) == ("Nordlicht Werkzeuge KG", "Speicherstr. 9, 20457 Hamburg")
    assert value_of(draft.number) == "B-5518"
    assert value_of(draft.date) == dt.date(2026, 6, 3)


def test_three_parties_side_by_side_keep_their_lines():
    draft = read(
        page(
            (
                (40, 50, "PURCHASE ORDER", 18),
                (40, 80, "PO #: 3391"),
                (40, 92, "Date: 05/13/2026"),
                *((x, 120, text) for x, text in ((40, "VENDOR"), (220, "BILL TO"), (400, "SHIP TO"))),
                *(
                    (x, 134, text)
                    for x, text in ((40, "Lakeside Paper Co."), (220, "Wren & Sons Inc."), (400, "Wren & Sons Inc."))
                ),
                *((x, 146, text) for x, text in ((40, "12 Pier Road"), (220, "Attn: Accounts"), (400, "Dock 4"))),
                *((x, 158, text) for x, text in ((40, "Duluth, MN 55802"), (220, "900 Main St"), (400, "77 Yard Ln"))),
                *(
                    (x, 170, text)
                    for x, text in ((40, "Phone: 218 555 0147"), (220, "Dayton, OH 45402"), (400, "Dayton, OH 45404"))
                ),
                *GOODS,
            )
        )
    )
    assert value_of(draft.date) == dt.date(2026, 5, 13)
    assert party(draft.supplier) == ("Lakeside Paper Co.", "12 Pier Road, Duluth, MN 55802")
    assert party(draft.buyer) == ("Wren & Sons Inc.", "900 Main St, Dayton, OH 45402")
    assert party(draft.ship_to) == ("Wren & Sons Inc.", "Dock 4, 77 Yard Ln, Dayton, OH 45404")


def test_a_drawn_box_holds_a_party_together_across_wide_gaps():
    draft = read(
        page(
            (
                (40, 60, "Marlin Boats Ltd", 14),
                (40, 90, "PURCHASE ORDER No. 8812", 12),
                (45, 132, "To:"),
                (100, 165, "Ropewalk Chandlers"),
                (305, 132, "Deliver to:"),
                (330, 150, "Slipway 2"),
                (330, 175, "Harbour Road"),
                (330, 196, "Falmouth TR11 3XA"),
                *GOODS,
            ),
            ((40, 120, 300, 210), (300, 120, 550, 210)),
        )
    )
    assert value_of(draft.supplier.name) == "Ropewalk Chandlers"
    assert party(draft.ship_to) == ("Slipway 2", "Harbour Road, Falmouth TR11 3XA")


def test_a_ship_to_without_a_name_is_an_address_alone():
    draft = read(
        page(
            (
                (40, 60, "Purchase order 5512", 14),
                (40, 90, "Buyer: Teal Gardens Ltd, 3 Orchard Way, York YO1 7HH"),
                (40, 104, "Delivery address: 14 Quayside Row, Hull HU1 1TJ"),
                *GOODS,
            )
        )
    )
    assert party(draft.buyer) == ("Teal Gardens Ltd", "3 Orchard Way, York YO1 7HH")
    assert party(draft.ship_to) == (None, "14 Quayside Row, Hull HU1 1TJ")


def test_on_an_invoice_the_letterhead_delivers_and_the_number_is_its_own():
    draft = read(
        page(
            (
                (40, 60, "Brookfield Supplies Ltd", 14),
                (40, 76, "8 Mill Lane, Leeds LS1 4AP"),
                (400, 60, "INVOICE", 18),
                (360, 90, "Invoice No:"),
                (450, 90, "INV-2207"),
                (360, 104, "Your order no:"),
                (450, 104, "PO-118"),
                (360, 118, "Invoice date:"),
                (450, 118, "09/06/2026"),
                (40, 120, "Bill to:"),
                (40, 134, "Teal Gardens Ltd"),
                (40, 146, "York YO1 7HH"),
                *GOODS,
            )
        )
    )
    assert draft.kind is DocumentKind.INVOICE
    assert value_of(draft.number) == "INV-2207"
    assert value_of(draft.date) == dt.date(2026, 6, 9)
    assert value_of(draft.supplier.name) == "Brookfield Supplies Ltd"
    assert value_of(draft.buyer.name) == "Teal Gardens Ltd"


def test_our_own_name_settles_who_delivers():
    texts = (
        (40, 60, "Purchase Order 771", 14),
        (40, 90, "Customer:"),
        (40, 104, "Northgate Supplies GmbH"),
        (40, 116, "20457 Hamburg"),
        (300, 90, "Vendor:"),
        (300, 104, "Oakmoor Joinery Ltd"),
        (300, 116, "Leeds LS1 4AP"),
        *GOODS,
    )
    assert value_of(read(page(texts)).supplier.name) == "Oakmoor Joinery Ltd"
    ours = read(page(texts), Hints(our_names=("Northgate Supplies GmbH",)))
    assert value_of(ours.supplier.name) == "Northgate Supplies GmbH"
    assert value_of(ours.buyer.name) == "Oakmoor Joinery Ltd"


@pytest.mark.parametrize(
    "texts",
    [
        (
            "Objedn\u00e1vka",
            "Cislo objedn\u00e1vky: 26-0441",
            "Vystaveno: 2. brezna 2026",
            "Term\u00edn dod\u00e1n\u00ed: 9. 3. 2026",
        ),
        ("Ink\u00f6psorder", "Ordernr: 26-0441", "Orderdatum: 2026-03-02", "\u00d6nskat leveransdatum: 2026-03-09"),
        ("Indk\u00f8bsordre", "Indk\u00f8bsordrenr.: 26-0441", "Ordredato: 2. marts 2026", "Leveringsdato: 09.03.2026"),
        ("Ostotilaus", "Tilausnumero: 26-0441", "Tilausp\u00e4iv\u00e4: 2.3.2026", "Toimitusp\u00e4iv\u00e4: 9.3.2026"),
        (
            "Megrendel\u00e9s",
            "Megrendel\u00e9s sz\u00e1ma: 26-0441",
            "Kelt: 2026. m\u00e1rcius 2.",
            "Teljes\u00edt\u00e9s: 2026.03.09.",
        ),
        ("Comanda", "Comanda nr.: 26-0441", "Data: 02.03.2026", "Termen de livrare: 9 martie 2026"),
        ("Siparis", "Siparis No: 26-0441", "Tarih: 02.03.2026", "Teslim tarihi: 9 Mart 2026"),
        ("Bon de commande", "Bon n\u00b0: 26-0441", "En date du: 2 mars 2026", "Livraison le: 9 mars 2026"),
        (
            "Nota de encomenda",
            "Encomenda n.\u00ba: 26-0441",
            "Data da encomenda: 02/03/2026",
            "Entrega prevista: 9 de mar\u00e7o de 2026",
        ),
    ],
    ids=lambda texts: texts[0],
)
def test_numbers_and_dates_are_named_in_many_languages(texts: tuple[str, str, str, str]):
    draft = read(
        page([(40, 60, texts[0], 16), *((40, 70 + 20 * place, text) for place, text in enumerate(texts[1:], 1))])
    )
    assert draft.kind is DocumentKind.ORDER
    assert value_of(draft.number) == "26-0441"
    assert value_of(draft.date) == dt.date(2026, 3, 2)
    assert value_of(draft.requested_date) == dt.date(2026, 3, 9)


def test_a_revised_order_is_a_change_and_a_first_version_is_not():
    def order(revision: str) -> DocumentKind:
        return read(page(((40, 60, "PURCHASE ORDER 4471", 14), (40, 90, f"Revision: {revision}"), *GOODS))).kind

    assert order("0") is DocumentKind.ORDER
    assert order("2") is DocumentKind.ORDER_CHANGE


@pytest.mark.parametrize(
    "texts",
    [
        ((40, 60, "GENERAL TERMS AND CONDITIONS", 14), (40, 90, "1. These terms apply to every order of goods.")),
        ((40, 60, "Price list 2026", 14), (40, 90, "KL-2201"), (140, 90, "Shelf bracket"), (300, 90, "3.50")),
        ((40, 60, "Curriculum vitae", 14), (40, 90, "Born 4 May 1990, lives in Hull"), (40, 110, "Forklift driver")),
        ((40, 60, "Statement of account", 14), (40, 90, "Balance"), (140, 90, "1,250.00")),
    ],
)
def test_what_is_no_order_becomes_a_finding_and_no_document(texts: Sequence[Text]):
    (item,) = PARSER.read(BytesBlob(page(texts)), Hints())
    assert isinstance(item, Finding)
    assert item.code == "pdf.no_order"


def test_the_codes_of_articles_are_no_numbers_of_orders_and_no_currencies():
    draft = read(
        page(((40, 60, "Purchase Order", 14), (40, 90, "Order No: PO-2026-118"), (40, 104, "Total in EUR"), *GOODS))
    )
    assert value_of(draft.number) == "PO-2026-118"
    assert value_of(draft.currency) == "EUR"


def test_a_value_is_not_read_for_two_fields():
    draft = read(
        page(((40, 60, "Purchase Order 118", 14), (40, 90, "Delivery date:"), (140, 90, "9 March 2026"), *GOODS))
    )
    assert value_of(draft.requested_date) == dt.date(2026, 3, 9)
    assert draft.date is None
