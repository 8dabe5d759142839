"""Whole heads in the manner of the programs that print them, drawn by hand, each read from number to ship-to."""

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oms_core.values import DocumentKind, Hints
from parsers.pdf.goods import reading as pdf_goods
from parsers.pdf.head import reading as pdf_head
from parsers.pdf.layout import Cell, Row
from parsers.pdf.words import Word
from tests.parsers.pdf.heads import GOODS, page, read

HEADS = [
    pytest.param(
        (
            (40, 50, "Brackwater Mills Inc", 14),
            (400, 50, "Purchase Order", 16),
            (400, 80, "Order Number"),
            (480, 80, "4512 OP"),
            (400, 92, "Branch/Plant"),
            (480, 92, "30"),
            (400, 104, "Order Date"),
            (480, 104, "05/13/26"),
            (400, 116, "Request Date"),
            (480, 116, "05/28/26"),
            (40, 110, "Supplier"),
            (40, 122, "Pine Tool Co"),
            (40, 134, "88 Birch St"),
            (40, 146, "Boise, ID 83702"),
            (220, 110, "Ship To"),
            (220, 122, "Brackwater Mills Plant 30"),
            (220, 134, "1 Mill Rd"),
            (220, 146, "Ogden, UT 84401"),
        ),
        (
            "4512",
            dt.date(2026, 5, 13),
            dt.date(2026, 5, 28),
            "Brackwater Mills Inc",
            None,
            "Pine Tool Co",
            "Brackwater Mills Plant 30",
            "1 Mill Rd, Ogden, UT 84401",
        ),
        id="labels left of values in a corner",
    ),
    pytest.param(
        (
            (40, 50, "Order", 18),
            (40, 80, "Buy-from Vendor No."),
            (160, 80, "V00012"),
            (40, 92, "Order No."),
            (160, 92, "106044"),
            (40, 104, "Document Date"),
            (160, 104, "13. May 2026"),
            (40, 116, "Expected Receipt Date"),
            (160, 116, "28. May 2026"),
            (40, 150, "Pine Tool Ltd"),
            (40, 162, "88 Birch St"),
            (40, 174, "Leeds LS1 4AP"),
            (380, 150, "Brackwater Mills Ltd"),
            (380, 162, "1 Mill Road"),
            (380, 174, "Hull HU1 1TJ"),
            (380, 186, "Phone No."),
            (450, 186, "+44 1482 496000"),
            (380, 198, "VAT Registration No."),
            (480, 198, "GB 123 4567 89"),
            (40, 220, "Ship-to Address"),
            (40, 232, "Brackwater Mills Ltd"),
            (40, 244, "Dock 7"),
            (40, 256, "Hull HU2 2TJ"),
        ),
        (
            "106044",
            dt.date(2026, 5, 13),
            dt.date(2026, 5, 28),
            "Brackwater Mills Ltd",
            "GB 123 4567 89",
            "Pine Tool Ltd",
            "Brackwater Mills Ltd",
            "Dock 7, Hull HU2 2TJ",
        ),
        id="two letterheads without labels",
    ),
    pytest.param(
        (
            (40, 60, "Brackwasser M\xfchlen AG, Postfach 12, 99084 Erfurt", 6),
            (40, 80, "Kiefer Werkzeug GmbH"),
            (40, 92, "Birkenweg 8"),
            (40, 104, "20457 Hamburg"),
            (330, 60, "Bestellung", 14),
            (330, 84, "Bestellnummer/Datum"),
            (330, 96, "4500017115 / 12.03.2026"),
            (330, 112, "AnsprechpartnerIn/Telefon"),
            (330, 124, "Frau Meier/0361 4455"),
            (330, 140, "Unsere Nummer bei Ihnen"),
            (330, 152, "88123"),
            (40, 170, "Ihre Lieferantennummer bei uns"),
            (40, 182, "100234"),
            (40, 210, "Bitte liefern Sie an:"),
            (150, 210, "Liefertermin: Tag 26.03.2026"),
            (40, 224, "Brackwasser M\xfchlen AG"),
            (40, 236, "Werk 2"),
            (40, 248, "Am Wehr 1"),
            (40, 260, "99085 Erfurt"),
            (330, 260, "W\xe4hrung EUR"),
        ),
        (
            "4500017115",
            dt.date(2026, 3, 12),
            dt.date(2026, 3, 26),
            "Brackwasser M\xfchlen AG",
            "88123",
            "Kiefer Werkzeug GmbH",
            "Brackwasser M\xfchlen AG",
            "Werk 2, Am Wehr 1, 99085 Erfurt",
        ),
        id="a return line and a box of facts",
    ),
    pytest.param(
        (
            (40, 50, "Brackwater Mills", 16),
            (330, 50, "Standard Purchase Order"),
            (330, 62, "Order"),
            (450, 62, "100977"),
            (330, 74, "Revision"),
            (450, 74, "0"),
            (330, 86, "Order Date"),
            (450, 86, "13-MAY-2026"),
            (330, 98, "Created By"),
            (450, 98, "Marsh, Jo"),
            (40, 120, "Supplier:"),
            (100, 120, "Pine Tool Ltd"),
            (100, 132, "88 Birch St"),
            (100, 144, "Leeds LS1 4AP"),
            (330, 120, "Ship To:"),
            (400, 120, "Brackwater Dock 7"),
            (400, 132, "Hull HU2 2TJ"),
            (330, 160, "Bill To:"),
            (400, 160, "Brackwater Mills"),
            (400, 172, "1 Mill Road"),
            (400, 184, "Hull HU1 1TJ"),
            (40, 200, "Customer Account No."),
            (160, 200, "Supplier No."),
            (40, 212, "88-12"),
            (160, 212, "5531"),
        ),
        (
            "100977",
            dt.date(2026, 5, 13),
            None,
            "Brackwater Mills",
            "88-12",
            "Pine Tool Ltd",
            "Brackwater Dock 7",
            "Hull HU2 2TJ",
        ),
        id="labels beside and above",
    ),
    pytest.param(
        (
            (40, 60, "PURCHASE ORDER", 20),
            (40, 110, "Purchase Order Date"),
            (40, 122, "13 May 2026"),
            (40, 140, "Delivery Date"),
            (40, 152, "28 May 2026"),
            (40, 170, "Purchase Order Number"),
            (40, 182, "PO-0091"),
            (40, 200, "Reference"),
            (40, 212, "K-17"),
            (40, 230, "ABN"),
            (40, 242, "51 824 753 556"),
            (250, 60, "Brackwater Mills Pty Ltd"),
            (250, 72, "1 Mill Road"),
            (250, 84, "HOBART TAS 7000"),
            (40, 270, "Pine Tool Pty Ltd"),
            (40, 282, "88 Birch St"),
            (40, 294, "PERTH WA 6000"),
            (40, 330, "Delivery Address"),
            (40, 342, "Dock 7"),
            (40, 354, "HOBART TAS 7001"),
            (250, 330, "Attention"),
            (250, 342, "Jo Marsh"),
            (400, 330, "Telephone"),
            (400, 342, "03 6234 5678"),
        ),
        (
            "PO-0091",
            dt.date(2026, 5, 13),
            dt.date(2026, 5, 28),
            "Brackwater Mills Pty Ltd",
            "51 824 753 556",
            "Pine Tool Pty Ltd",
            "Dock 7",
            "HOBART TAS 7001",
        ),
        id="a column of stacked facts",
    ),
    pytest.param(
        (
            (40, 50, "Moulins de Brackeau SARL", 14),
            (40, 66, "1 rue du Moulin - 67000 Strasbourg"),
            (40, 78, "SIRET 123 456 789 00012 - TVA FR12345678901"),
            (330, 90, "BON DE COMMANDE N\xb0 2026-0117", 12),
            (330, 106, "Strasbourg, le 13 mai 2026"),
            (330, 130, "Outillage Pinson SAS"),
            (330, 142, "88 avenue des Bouleaux"),
            (330, 154, "69007 Lyon"),
            (40, 190, "Livraison : semaine 22"),
            (40, 204, "Adresse de livraison : Moulins de Brackeau, Quai 7, 67100 Strasbourg"),
        ),
        (
            "2026-0117",
            dt.date(2026, 5, 13),
            None,
            "Moulins de Brackeau SARL",
            "FR12345678901",
            "Outillage Pinson SAS",
            "Moulins de Brackeau",
            "Quai 7, 67100 Strasbourg",
        ),
        id="everything in running lines",
    ),
]


@pytest.mark.parametrize(("texts", "want"), HEADS)
def test_a_head_is_read_whole(texts: tuple[Any, ...], want: tuple[Any, ...]):
    draft = read(page((*texts, *GOODS)))
    assert draft.kind is DocumentKind.ORDER
    found = (
        *(draft.number, draft.date, draft.requested_date, draft.buyer.name, draft.buyer.id),
        *(draft.supplier.name, draft.ship_to.name, draft.ship_to.address),
    )
    assert tuple(value.value if value is not None else None for value in found) == want
    assert all(value is None or 0 < value.confidence < 1 for value in found)


WORDS = st.sampled_from(
    ["Order", "no:", "Date", "4711", "04.05.2026", "Ship", "to:", "GmbH", "10115", "VAT", "-", "/", "EUR", "1,50", ":"]
)


@given(st.lists(st.lists(st.tuples(st.integers(0, 500), WORDS), min_size=1, max_size=6), min_size=1, max_size=12))
def test_no_arrangement_of_words_breaks_the_reading_of_a_head(lines: list[list[tuple[int, str]]]):
    rows = []
    for index, line in enumerate(lines):
        words = [Word(text, 1, x, 12.0 * index, x + 5.0 * len(text), 12.0 * index + 9) for x, text in sorted(line)]
        rows.append(Row(tuple(Cell((word,)) for word in words)))
    goods = pdf_goods.Goods(
        found=False,
        lines=(),
        totals=pdf_goods.Totals(),
        findings=(),
        above=tuple(rows),
        outside=tuple(rows),
        named=frozenset(),
    )
    pdf_head.read_head(rows, goods, {}, (), Hints(), order=True)
