"""Families of tables that strangers send: each test is one way in which people and systems write what they want."""

import datetime as dt
from decimal import Decimal

import pytest

from oms_core.values import DocumentKind, Hints, Severity
from parsers.sheet.currencies import currency_of, without_currency
from parsers.sheet.words import meanings
from tests.parsers.sheet.tables import read, read_book, said, saved, values, workbook


def test_a_bare_number_word_beside_the_title_names_the_order() -> None:
    rows = (
        ("Verger SARL", None, None, "BON DE COMMANDE"),
        (None, None, None, "N°", "BC-17"),
        ("Réf.", "Désignation", "Quantité"),
        ("B-1", "Bocal", 40),
    )
    (draft,), _ = read_book(saved(workbook(Bon=rows)))
    assert said(draft.number) == ["BC-17"]


def test_a_title_has_the_number_beside_it() -> None:
    (draft,), _ = read("Ordine fornitore;OF/77\n\nArticolo;Descrizione;Quantità\nR-1;Tubo;30\n")
    assert said(draft.number) == ["OF/77"]


def test_a_title_that_no_list_knows_still_bears_a_number() -> None:
    (draft,), _ = read("Zebranie potrzeb nr 31/2026;;\n;;\nKod;Nazwa;Ilość\nR-1;Rura;30\n")
    assert said(draft.number) == ["31/2026"]
    (draft,), _ = read("Numer klienta nr 31;;\n;;\nKod;Nazwa;Ilość\nR-1;Rura;30\n")
    assert draft.number is None


def test_words_behind_a_number_are_no_part_of_it() -> None:
    (draft,), _ = read("PO 6612 from Lakeside Hotel,,\nProduct,Qty,Unit\nSalt,8,bag\n")
    assert said(draft.number) == ["6612"]


def test_a_sentence_says_the_day_and_one_with_a_place_is_shown_to_a_person() -> None:
    table = "\nwas;wieviel;eure Nummer\nPlatten;120;GK-1\nProfile;60;CW-7\n"
    (draft,), _ = read("Bitte liefern bis 20.11.2026 mit Kran;;" + table)
    assert said(draft.requested_date) == [dt.date(2026, 11, 20)]
    assert values(draft, "quantity", "supplier_code") == [120, "GK-1", 60, "CW-7"]
    (draft,), _ = read("Bitte liefern bis 20.11.2026 an die Halle, 20457 Hamburg;;" + table)
    assert [(one.code, one.severity) for one in draft.findings] == [("table.sentence", Severity.REVIEW)]
    (draft,), _ = read("Unsere Preise gelten vom 20.11.2026 an;;" + table)
    assert draft.requested_date is None


def test_an_address_behind_its_label_is_no_name() -> None:
    (draft,), _ = read('Deliver to,"4 Mill Lane, LS1 4QD Leeds"\n\nSKU,Product,Qty\nA-1,Mug,4\n')
    assert said(draft.ship_to.name, draft.ship_to.address) == [None, "4 Mill Lane, LS1 4QD Leeds"]


def test_who_writes_stands_on_top_of_his_address_without_a_legal_form() -> None:
    text = "Farmacia San Marco;;\nVia Dante 8, 20121 Milano;;\n;;\nCodice;Prodotto;Pezzi\nA-1;Siringa;200\n"
    (draft,), _ = read(text)
    assert said(draft.buyer.name) == ["Farmacia San Marco"]
    (draft,), _ = read(text.replace("Via Dante 8, 20121 Milano", "Ordine urgente"))
    assert draft.buyer.name is None


def test_a_tax_number_stands_behind_its_word() -> None:
    (draft,), _ = read("Padaria Aurora;;\nNIF 509887123;;\n;;\nArtigo;Qtd;Un\nFarinha;30;kg\n")
    assert said(draft.buyer.id) == ["509887123"]


def test_a_unit_in_full_heads_the_column_that_counts_in_it() -> None:
    (draft,), _ = read("Nr.;Artikelname;Jahr;Flaschen;Preis/Fl.\n112;Riesling;2024;36;7,90\n118;Secco;2022;24;6,20\n")
    assert values(draft, "quantity", "unit", "unit_price") == [
        *(36, "BO", Decimal("7.90")),
        *(24, "BO", Decimal("6.20")),
    ]


def test_hours_worked_are_no_order() -> None:
    drafts, _ = read("Employee,Date,Hours,Description\nCole,2026-11-02,7.5,Wiring\nCole,2026-11-03,8,Wiring\n")
    assert drafts == []


def test_a_price_for_a_pack_is_a_price() -> None:
    assert "unit_price" in meanings("Price per pack")
    assert "unit_price" in meanings("Preis je Karton")


def test_a_name_beside_the_customers_number_is_the_customers() -> None:
    (draft,), _ = read("Klantnr,Naam,Ordernr,Artnr,Product,Aantal\n55,Brasserie Noord,W-9,F-1,Friet,12\n")
    assert said(draft.buyer.name) == ["Brasserie Noord"]
    assert values(draft, "description") == ["Friet"]


def test_a_word_behind_the_quantity_that_no_list_knows_is_kept_as_its_unit() -> None:
    (draft,), _ = read("Code,Product,Order\nCH-5,Chlorine,12 flurbs\nPH-7,Acid,6 pcs\n")
    assert values(draft, "quantity", "unit") == [12, "flurbs", 6, "C62"]


def test_days_of_the_week_side_by_side_are_lines() -> None:
    (draft,), _ = read("Product,Mon,Tue,Wed,Thu,Total\nWhite bloomer,10,,12,12,34\nSeeded roll,48,48,,60,156\n")
    assert values(draft, "description", "quantity")[:4] == ["White bloomer Mon", 10, "White bloomer Wed", 12]
    assert len(draft.lines) == 6


def test_a_list_under_a_sentence_needs_no_header() -> None:
    (draft,), _ = read(
        "bitte bestellen:\nHandschuhe Nitril L;10 Pack\nMüllsäcke 120 l;5 Rollen\nTücher weich;3 Pack\n", Hints("a.csv")
    )
    assert values(draft, "description", "quantity", "unit") == [
        *("Handschuhe Nitril L", 10, "PK", "Müllsäcke 120 l", 5, "RO", "Tücher weich", 3, "PK"),
    ]


def test_small_numbers_beside_goods_count_them_where_no_header_says_else() -> None:
    (draft,), _ = read("4006381333931,24,Duschgel 250ml\n4006381333948,36,Shampoo 500ml\n")
    assert values(draft, "quantity", "gtin") == [24, "4006381333931", 36, "4006381333948"]


def test_three_codes_that_rise_are_no_count_of_lines() -> None:
    (draft,), _ = read("artikel\tomschrijving\taantal\n100234\tRoos\t40\n100871\tAster\t25\n200010\tMunt\t12\n")
    assert values(draft, "supplier_code") == ["100234", "100871", "200010"]


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        ("Facture n°;F-91", DocumentKind.INVOICE),
        ("Order confirmation;SO-8\nYour order;PO-5", DocumentKind.ORDER_RESPONSE),
        ("Order no;PO-5\nQuote no;Q-7", DocumentKind.ORDER),
        ("Purchase order;PO-5\nInvoice address;High St 4", DocumentKind.ORDER),
    ],
)
def test_the_words_of_the_numbers_say_what_it_is(head: str, kind: DocumentKind) -> None:
    (draft,), _ = read(f"{head}\n\nItem code;Description;Qty\nA-1;Hinge;100\nA-2;Screw;500\n")
    assert draft.kind is kind


def test_purchasing_documents_of_one_export_are_orders_of_their_own() -> None:
    drafts, _ = read(
        "Purchasing Document,Item,Material,Short Text,Order Quantity,Net price,Price Unit\n"
        "45001,10,RM-1,Ball bearing,50,3.12,1\n45001,20,RM-2,Seal ring,1500,41.00,100\n45002,10,RM-3,V-belt,12,9.80,1\n"
    )
    assert [said(draft.number) for draft in drafts] == [["45001"], ["45002"]]
    assert values(drafts[0], "unit_price") == [Decimal("3.12"), Decimal("0.41")]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("US$ 5", "USD"),
        ("Egységár (Ft)", "HUF"),
        ("Price (zł)", "PLN"),
        ("12 ft", None),
        ("SR No", None),
        ("€/$", None),
    ],
)
def test_a_currency_is_told_by_its_sign_as_it_is_spelled(text: str, code: str | None) -> None:
    assert currency_of(text) == code


def test_a_header_stands_without_its_currency() -> None:
    assert without_currency("Preis EUR").split() == ["Preis"]


def test_an_order_number_of_goods_is_their_code_where_it_differs_on_every_row() -> None:
    (draft,), _ = read("Best.-Nr.;Artikel;Stück\n4471-12;Einmalhandschuhe M;15\n2210-05;Spülbecher weiß;2\n")
    assert values(draft, "supplier_code") == ["4471-12", "2210-05"]
    drafts, _ = read("Bestell-Nr.;SKU;Menge\nB-7;A-1;15\nB-7;A-2;2\nB-8;A-1;4\n")
    assert [said(one.number) for one in drafts] == [["B-7"], ["B-8"]]


def test_a_title_may_say_only_its_day() -> None:
    (draft,), _ = read("Bestellung vom 17.11.2026;;\n;;\nArt.-Nr.;Artikel;Stück\nA-1;Becher;15\n")
    assert said(draft.number, draft.date) == [None, dt.date(2026, 11, 17)]


@pytest.mark.parametrize(
    "text",
    [
        "Kund;Säljare;Antal order;Omsättning\nNordmat AB;Lind;3;12000\nSvea Bygg;Lind;1;4500\n",
        "Mitgliedsnr,Name,Beitrag,Anzahl Hunde,Eintritt\n101,Meier,45.00,2,2019-03-01\n102,Schulz,45.00,1,2021-07-12\n",
    ],
)
def test_reports_and_lists_of_members_order_nothing(text: str) -> None:
    drafts, _ = read(text)
    assert drafts == []


def test_a_row_beyond_a_blank_one_is_no_part_of_the_header() -> None:
    (draft,), _ = read("Referenz;Aktion Winter\n\nDim;Profil;Stk\n205/55R16;TS 870;40\n195/65R15;Snowcontrol;24\n")
    assert len(draft.lines) == 2
