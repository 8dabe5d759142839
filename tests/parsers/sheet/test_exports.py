from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import pytest

from oms_core.values import DocumentKind, Hints, Severity
from tests.parsers.sheet.tables import read, said, values

SHOP = """Name,Email,Financial Status,Currency,Subtotal,Taxes,Total,Created at,Lineitem quantity,Lineitem name,\
Lineitem price,Lineitem compare at price,Lineitem sku,Billing Name,Billing Street,Billing City,Billing Zip,\
Shipping Name,Shipping Street,Shipping Company,Shipping City,Shipping Zip,Shipping Country
#71,a@example.org,paid,EUR,34.00,6.46,45.46,2026-02-03 09:58:11 +0100,2,Candle tall,8.50,,CAN-T,Jo M,Weg 3,Bonn,53111,\
Jo M,Weg 3,,Bonn,53111,DE
#71,a@example.org,,,,,,2026-02-03 09:58:11 +0100,1,Holder brass,17.00,19.00,HOL-B,,,,,,,,,,
#72,b@example.org,paid,EUR,8.50,1.60,15.10,2026-02-04 09:12:45 +0100,1,Candle tall,8.50,,CAN-T,Al P,See 9,Kiel,24103,\
Al P,Hafen 1,Probe KG,Kiel,24103,DE
"""


def test_a_shop_export_says_the_order_on_its_first_row_and_sums_that_are_no_lines() -> None:
    drafts, _ = read(SHOP)
    assert [said(draft.number, draft.date, draft.currency) for draft in drafts] == [
        ["#71", date(2026, 2, 3), "EUR"],
        ["#72", date(2026, 2, 4), "EUR"],
    ]
    assert values(drafts[0], "supplier_code", "description", "quantity", "unit_price", "amount") == [
        *("CAN-T", "Candle tall", 2, Decimal("8.50"), None),
        *("HOL-B", "Holder brass", 1, Decimal("17.00"), None),
    ]
    assert values(drafts[1], "amount") == [None]
    assert said(drafts[1].ship_to.name, drafts[1].ship_to.address) == ["Probe KG", "Hafen 1, 24103 Kiel, DE"]
    assert said(drafts[0].buyer.name, drafts[0].buyer.email) == ["Jo M", "a@example.org"]


def test_roles_in_brackets_and_names_in_two_parts_make_the_parties() -> None:
    (draft,), _ = read(
        "Order Number,Order Date,First Name (Billing),Last Name (Billing),Company (Billing),City (Billing),"
        "First Name (Shipping),Last Name (Shipping),Address 1&2 (Shipping),City (Shipping),Postcode (Shipping),"
        "SKU,Item Name,Quantity (- Refund),Item Cost\n"
        "771,2026-01-09 14:22,Ann,Test,Test BV,Delft,Ann,Test,Dam 1,Amsterdam,1012JS,TEA-G,Green tea,4,6.50\n"
    )
    assert said(draft.buyer.name, draft.ship_to.name, draft.ship_to.address) == [
        *("Test BV", "Ann Test", "Dam 1, 1012JS Amsterdam")
    ]
    assert values(draft, "quantity", "unit_price") == [4, Decimal("6.50")]


def test_a_price_for_a_hundred_is_divided_where_a_column_or_the_header_says_so() -> None:
    (draft,), _ = read(
        "Einkaufsbeleg\tPosition\tMaterial\tKurztext\tBestellmenge\tBestellmengeneinheit\tNettopreis\tPreiseinheit\t"
        "W\u00e4hrung\tLieferdatum\n"
        "4500012\t10\tR-7\tKugellager\t1.200\tST\t245,00\t100\tEUR\t15.04.2026\n"
        "4500012\t20\tR-8\tDichtring\t300\tST\t0,45\t1\tEUR\t15.04.2026\n"
    )
    assert said(draft.number, draft.currency) == ["4500012", "EUR"]
    assert values(draft, "quantity", "unit_price") == [*map(Decimal, ("1200", "2.45", "300", "0.45"))]
    (draft,), _ = read("SKU,Qty,Price per 100 (EUR)\nA,50,12.00\n")
    assert [*values(draft, "unit_price"), *said(draft.currency)] == [Decimal("0.12"), "EUR"]


def test_a_code_of_the_vendor_leaves_the_plain_one_to_the_buyer() -> None:
    (draft,), _ = read(
        "Document No.;Line No.;Type;No.;Vendor Item No.;Description;Quantity;Direct Unit Cost Excl. VAT;"
        "Line Amount Excl. VAT;Expected Receipt Date\n"
        "PO-31;10000;Item;1896-S;ATH-77;Athens desk;3;506,60;1519,80;12-03-2026\n"
        "PO-31;20000;Item;1900-S;PAR-12;Paris chair;12;150,30;1803,60;12-03-2026\n"
    )
    assert values(draft, "buyer_code", "supplier_code") == ["1896-S", "ATH-77", "1900-S", "PAR-12"]
    # A decimal comma tells that the day comes first.
    assert values(draft, "requested_date") == [date(2026, 3, 12)] * 2


def test_the_customers_number_wins_over_the_sellers_own() -> None:
    (draft,), _ = read("Document No.,External Document No.,SKU,Qty\nS100,9001,A,1\nS100,9001,B,2\n")
    assert said(draft.number) == ["9001"]
    assert len(draft.lines) == 2


def test_a_code_in_brackets_before_the_name_is_taken_apart_and_the_orders_day_is_the_orders() -> None:
    (draft,), _ = read(
        "Order Reference,Vendor,Delivery Date,Order Lines/Product,Order Lines/Quantity,Order Lines/Unit Price\n"
        "P00017,Azure,2026-03-01,[FURN_8] Office lamp,5,35.0\n,,,[E-COM] Corner desk,2,1299.0\n"
    )
    assert values(draft, "supplier_code", "description") == ["FURN_8", "Office lamp", "E-COM", "Corner desk"]
    assert said(draft.number, draft.requested_date, draft.supplier.name) == ["P00017", date(2026, 3, 1), "Azure"]
    assert values(draft, "requested_date") == [None, None]


def test_each_store_with_its_number_is_an_order_with_its_address() -> None:
    drafts, _ = read(
        "PO Number,Order Date,Store No,Store Name,Store Address,Store City,Store Zip,UPC,Item,Qty,Cost\n"
        "55501,03/15/2026,0012,Shop North,1 Elm St,Albany,12207,036000291452,Soap bar,24,0.89\n"
        "55502,03/15/2026,0031,Shop South,9 Oak Ave,Utica,13501,036000291452,Soap bar,48,0.89\n"
    )
    places = [said(draft.number, draft.ship_to.id, draft.ship_to.name, draft.ship_to.address) for draft in drafts]
    assert places == [
        ["55501", "0012", "Shop North", "1 Elm St, 12207 Albany"],
        ["55502", "0031", "Shop South", "9 Oak Ave, 13501 Utica"],
    ]
    assert values(drafts[0], "gtin", "description") == ["036000291452", "Soap bar"]


def test_one_number_for_two_places_is_two_orders() -> None:
    drafts, _ = read("PO,Ship to,SKU,Qty\n17,North,A,1\n17,South,A,2\n17,North,B,3\n")
    assert [[*said(draft.ship_to.name), *values(draft, "quantity")] for draft in drafts] == [
        ["North", 1, 3],
        ["South", 2],
    ]


def test_a_name_before_an_address_is_the_receivers_and_not_the_goods() -> None:
    drafts, _ = read(
        "Order ID,Name,Address,City,Postcode,SKU,Quantity\nD-1,Eva,Lindenweg 4,K\u00f6ln,50667,MUG-1,2\n"
        "D-2,Max,Bergstr. 12,Graz,8010,MUG-2,1\n"
    )
    assert [said(draft.ship_to.name, draft.ship_to.address) for draft in drafts] == [
        ["Eva", "Lindenweg 4, 50667 K\u00f6ln"],
        ["Max", "Bergstr. 12, 8010 Graz"],
    ]
    assert values(drafts[0], "description") == [None]


RUSSIAN = (
    "\u0410\u0440\u0442\u0438\u043a\u0443\u043b;\u041d\u0430\u0438\u043c\u0435\u043d\u043e\u0432\u0430\u043d\u0438\u0435;"
    "\u041a\u043e\u043b-\u0432\u043e;\u0415\u0434.;\u0426\u0435\u043d\u0430;\u0421\u0443\u043c\u043c\u0430"
)
HUNGARIAN = "Cikksz\u00e1m;Megnevez\u00e9s;Mennyis\u00e9g;Egys\u00e9g;Egys\u00e9g\u00e1r;\u00d6sszesen"


@pytest.mark.parametrize(
    ("header", "rows"),
    [
        ("Artikelnr;Ben\u00e4mning;Antal;Enhet;\u00c0-pris;Belopp", ("T-2;Skruv l\u00e5ng;12;st;8,50;102,00",)),
        ("Varenr;Varebeskrivelse;Antal;Enhed;Stykpris;I alt", ("T-2;Skrue lang;12;stk;8,50;102,00",)),
        ("Tuotenumero;Nimike;M\u00e4\u00e4r\u00e4;Yksikk\u00f6;Hinta;Yhteens\u00e4", ("T-2;Ruuvi;12;st;8,50;102,00",)),
        ("K\u00f3d;N\u00e1zov;Mno\u017estvo;MJ;Cena;Spolu", ("T-2;Skrutka dlh\u00e1;12;ks;8,50;102,00",)),
        (HUNGARIAN, ("T-2;Csavar;12;db;8,50;102,00",)),
        ("Cod produs;Denumire;Cantitate;UM;Pre\u021b;Valoare", ("T-2;Surub lung;12;buc;8,50;102,00",)),
        ("Stok Kodu;Malzeme Ad\u0131;Miktar;Birim;Birim Fiyat;Tutar", ("T-2;Vida uzun;12;Adet;8,50;102,00",)),
        ("\u0160ifra;Naziv;Koli\u010dina;Jed. mj.;Cijena;Iznos", ("T-2;Vijak dugi;12;kom;8,50;102,00",)),
        (RUSSIAN, ("T-2;\u0412\u0438\u043d\u0442;12;\u0448\u0442;8,50;102,00",)),
        (
            "\u54c1\u756a;\u54c1\u540d;\u6570\u91cf;\u5358\u4f4d;\u5358\u4fa1;\u91d1\u984d",
            ("T-2;Neji;12;EA;8,50;102,00",),
        ),
        (
            "Artikel / Item no.;Bezeichnung / Description;Menge / Qty;Einheit / Unit;Preis / Price;Summe / Total",
            ("T-2;Screw long;12;pcs;8,50;102,00",),
        ),
    ],
)
def test_twelve_more_languages_and_bilingual_headers_are_read(header: str, rows: Sequence[str]) -> None:
    (draft,), findings = read("\n".join((header, *rows, "T-3;x y;5;st;2,00;10,00", "")))
    assert findings == []
    assert values(draft, "supplier_code", "quantity", "unit_price", "amount") == [
        *("T-2", 12, Decimal("8.50"), Decimal("102.00")),
        *("T-3", 5, Decimal("2.00"), Decimal("10.00")),
    ]


def test_in_a_language_nobody_listed_the_products_tell_the_columns() -> None:
    (draft,), _ = read(
        "Kodas;Pavadinimas;Kiekis;Kaina;Suma\nLT-1;Var\u017etas ilgas;10;1,50;15,00\n"
        "LT-2;Ver\u017el\u0117 trumpa;20;0,50;10,00\n"
    )
    assert values(draft, "supplier_code", "description", "quantity", "unit_price", "amount") == [
        *("LT-1", "Var\u017etas ilgas", 10, Decimal("1.50"), Decimal("15.00")),
        *("LT-2", "Ver\u017el\u0117 trumpa", 20, Decimal("0.50"), Decimal("10.00")),
    ]
    assert draft.confidence < 0.9


def test_a_table_without_header_is_told_by_its_cells_alone() -> None:
    (draft,), _ = read(
        "4006381333931,Pen blue box of ten,12,3.95,47.40\n4006381333948,Pen red box of ten,5,3.95,19.75\n"
    )
    assert values(draft, "gtin", "quantity", "unit_price", "amount") == [
        *("4006381333931", 12, Decimal("3.95"), Decimal("47.40")),
        *("4006381333948", 5, Decimal("3.95"), Decimal("19.75")),
    ]
    (draft,), _ = read("HX-M8X40;250\nHX-M8X60;100\nKB-NYM-3;12\n")
    assert values(draft, "supplier_code", "quantity") == ["HX-M8X40", 250, "HX-M8X60", 100, "KB-NYM-3", 12]
    assert draft.confidence < 0.6


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Invoice No,Invoice Date,Item,Description,Qty,Price\nINV-7,2026-02-02,A1,Bolt,10,1.00\n", "invoice"),
        ("Invoice,,\nSKU,Qty,Price\nA,1,2.00\n", "invoice"),
        ("Request for quotation,,\nSKU,Qty,Price\nA,1,\n", "quote_request"),
        ("Document Type,Document No.,SKU,Qty\nQuote,Q-1,A,1\n", "quote"),
        ("Purchase order change,,\nPO number,17,\nSKU,Qty,Price\nA,1,2.00\n", "order_change"),
        ("Delivery note 88,,\nSKU,Qty,Price\nA,1,2.00\n", "despatch_advice"),
    ],
)
def test_other_documents_keep_their_kind(text: str, kind: str) -> None:
    (draft,), _ = read(text)
    assert draft.kind is DocumentKind(kind)


@pytest.mark.parametrize(
    ("text", "filename"),
    [
        ("Item code,Description,Bin,Qty,Reorder level\nA1,Bolt,B-1,120,20\nA2,Nut,B-2,80,20\n", "export.csv"),
        ("Inventory,,\nSKU,Description,Qty\nA,Bolt,7\n", "export.csv"),
        ("SKU,Description,Qty\nA,Bolt,7\n", "stock_list.csv"),
        ("Customer No,Name,Street,City,Zip,Phone,Orders\nK1,Alpha,Main 1,Ulm,89073,0731,5\n", "export.csv"),
        ("Code,Name,Pack size,Min qty,Price\nA1,Bolt,10,5,1.20\nA2,Nut,10,5,0.80\n", "export.csv"),
        ("Handle,Title,Vendor,Variant SKU,Variant Inventory Qty,Variant Price\nx,Mug,Pots,M-1,7,9.00\n", "export.csv"),
    ],
)
def test_lists_order_nothing(text: str, filename: str) -> None:
    drafts, findings = read(text, Hints(filename=filename))
    assert drafts == []
    assert [(finding.code, finding.severity) for finding in findings] == [("table.no_order", Severity.NOTE)]


def test_what_was_shipped_already_makes_a_person_look() -> None:
    (draft,), _ = read("Order No,SKU,Qty Ordered,Qty Shipped\n17,A,10,8\n17,B,5,5\n")
    assert values(draft, "quantity") == [10, 5]
    assert [(finding.code, finding.severity) for finding in draft.findings] == [("table.progress", Severity.REVIEW)]


def test_a_code_that_a_spreadsheet_rounded_is_no_code() -> None:
    (draft,), _ = read("EAN;Bezeichnung;Menge\n4,00638E+12;Stift blau;10\n4006381333948;Stift rot;5\n")
    assert values(draft, "gtin") == [None, "4006381333948"]
    assert [finding.place for finding in draft.findings] == ["lines[0].gtin"]


def test_a_row_that_does_not_close_is_named_where_the_others_do() -> None:
    rows = "".join(f"A-{number},{number},2.00,{number * 2}.00\n" for number in range(2, 9))
    (draft,), _ = read("SKU,Qty,Price,Total\n" + rows + "A-9,9,2.00,81.00\n")
    assert [finding.place for finding in draft.findings] == ["lines[7].amount"]
    assert "row 9" in draft.findings[0].message


def test_quantity_and_unit_in_one_cell_are_parted() -> None:
    (draft,), _ = read("Artikel;Menge;Preis\nKabel NYM;250 m;\u20ac 1,20\nSchalter;12 St\u00fcck;\u20ac 4,50\n")
    assert values(draft, "quantity", "unit") == [250, "MTR", 12, "C62"]
    assert said(draft.currency) == ["EUR"]
    (draft,), _ = read("SKU,Qty (pcs)\nA,5\n")
    assert values(draft, "quantity", "unit") == [5, "C62"]
