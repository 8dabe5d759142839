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
from tests.parsers.pdf.heads import GOODS, page, read, stack

HEADS = [
    pytest.param(
        (
            (40, 50, "Brackwater Mills Inc", 14),
            (400, 50, "Purchase Order", 16),
            *stack(400, 80, "Order Number", "Branch/Plant", "Order Date", "Request Date"),
            *stack(480, 80, "4512 OP", "30", "05/13/26", "05/28/26"),
            *stack(40, 110, "Supplier", "Pine Tool Co", "88 Birch St", "Boise, ID 83702"),
            *stack(220, 110, "Ship To", "Brackwater Mills Plant 30", "1 Mill Rd", "Ogden, UT 84401"),
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
            *stack(40, 80, "Buy-from Vendor No.", "Order No.", "Document Date", "Expected Receipt Date"),
            *stack(160, 80, "V00012", "106044", "13. May 2026", "28. May 2026"),
            *stack(40, 150, "Pine Tool Ltd", "88 Birch St", "Leeds LS1 4AP"),
            *stack(
                380, 150, "Brackwater Mills Ltd", "1 Mill Road", "Hull HU1 1TJ", "Phone No.", "VAT Registration No."
            ),
            (450, 186, "+44 1482 496000"),
            (480, 198, "GB 123 4567 89"),
            *stack(40, 220, "Ship-to Address", "Brackwater Mills Ltd", "Dock 7", "Hull HU2 2TJ"),
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
            *stack(40, 80, "Kiefer Werkzeug GmbH", "Birkenweg 8", "20457 Hamburg"),
            (330, 60, "Bestellung", 14),
            *stack(330, 84, "Bestellnummer/Datum", "4500017115 / 12.03.2026"),
            *stack(330, 112, "AnsprechpartnerIn/Telefon", "Frau Meier/0361 4455"),
            *stack(330, 140, "Unsere Nummer bei Ihnen", "88123"),
            *stack(40, 170, "Ihre Lieferantennummer bei uns", "100234"),
            (40, 210, "Bitte liefern Sie an:"),
            (150, 210, "Liefertermin: Tag 26.03.2026"),
            *stack(40, 224, "Brackwasser M\xfchlen AG", "Werk 2", "Am Wehr 1", "99085 Erfurt"),
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
            *stack(330, 50, "Standard Purchase Order", "Order", "Revision", "Order Date", "Created By"),
            *stack(450, 62, "100977", "0", "13-MAY-2026", "Marsh, Jo"),
            (40, 120, "Supplier:"),
            *stack(100, 120, "Pine Tool Ltd", "88 Birch St", "Leeds LS1 4AP"),
            (330, 120, "Ship To:"),
            *stack(400, 120, "Brackwater Dock 7", "Hull HU2 2TJ"),
            (330, 160, "Bill To:"),
            *stack(400, 160, "Brackwater Mills", "1 Mill Road", "Hull HU1 1TJ"),
            *stack(40, 200, "Customer Account No.", "88-12"),
            *stack(160, 200, "Supplier No.", "5531"),
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
            *stack(40, 110, "Purchase Order Date", "13 May 2026"),
            *stack(40, 140, "Delivery Date", "28 May 2026"),
            *stack(40, 170, "Purchase Order Number", "PO-0091"),
            *stack(40, 200, "Reference", "K-17"),
            *stack(40, 230, "ABN", "51 824 753 556"),
            *stack(250, 60, "Brackwater Mills Pty Ltd", "1 Mill Road", "HOBART TAS 7000"),
            *stack(40, 270, "Pine Tool Pty Ltd", "88 Birch St", "PERTH WA 6000"),
            *stack(40, 330, "Delivery Address", "Dock 7", "HOBART TAS 7001"),
            *stack(250, 330, "Attention", "Jo Marsh"),
            *stack(400, 330, "Telephone", "03 6234 5678"),
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
            *stack(40, 66, "1 rue du Moulin - 67000 Strasbourg", "SIRET 123 456 789 00012 - TVA FR12345678901"),
            (330, 90, "BON DE COMMANDE N\xb0 2026-0117", 12),
            (330, 106, "Strasbourg, le 13 mai 2026"),
            *stack(330, 130, "Outillage Pinson SAS", "88 avenue des Bouleaux", "69007 Lyon"),
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
