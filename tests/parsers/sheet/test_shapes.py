from datetime import date
from decimal import Decimal

import pytest

from oms_core.values import CellSource, Hints
from tests.parsers.sheet.tables import read, said, values


def test_every_size_of_a_grid_is_a_line() -> None:
    (draft,), _ = read(
        "Order No:,W-77,,,,,\nStyle,Description,S,M,L,Total,Price\nJ-1,Jacket,2,4,,6,45.00\nT-2,Trousers,,3,0,3,29.50\n"
    )
    assert said(draft.number) == ["W-77"]
    assert values(draft, "supplier_code", "description", "quantity", "unit_price") == [
        *("J-1", "Jacket S", 2, Decimal("45.00")),
        *("J-1", "Jacket M", 4, Decimal("45.00")),
        *("T-2", "Trousers M", 3, Decimal("29.50")),
    ]
    assert draft.lines[1].quantity is not None
    assert draft.lines[1].quantity.source == CellSource(3, 4, "4")


def test_shoe_sizes_are_numbers_and_still_sizes() -> None:
    (draft,), _ = read("Art.-Nr.;Bezeichnung;38;39;40;Summe;EK\n9001;Clog;1;2;;3;24,90\n9002;Boot;;1;4;5;31,90\n")
    assert values(draft, "description", "quantity") == [
        *("Clog 38", 1, "Clog 39", 2),
        *("Boot 39", 1, "Boot 40", 4),
    ]


def test_a_schedule_asks_for_each_day_apart() -> None:
    (draft,), _ = read("Material;Description;02.03.2026;09.03.2026;16.03.2026\nM-1;Housing;100;0;50\nM-2;Cover;80;;\n")
    assert values(draft, "supplier_code", "quantity", "requested_date") == [
        *("M-1", 100, date(2026, 3, 2), "M-1", 50, date(2026, 3, 16)),
        *("M-2", 80, date(2026, 3, 2)),
    ]


def test_a_table_that_lies_on_its_side_is_turned_and_keeps_its_places() -> None:
    (draft,), _ = read(
        "SKU,A-1,A-2,A-3\nDescription,Bolt long,Nut small,Washer\nQty,10,20,30\nUnit price,1.50,0.20,0.10\n"
    )
    assert values(draft, "supplier_code", "quantity") == ["A-1", 10, "A-2", 20, "A-3", 30]
    assert draft.lines[1].quantity is not None
    assert draft.lines[1].quantity.source == CellSource(3, 3, "20")


def test_a_header_in_two_rows_is_joined() -> None:
    (draft,), _ = read(
        ",,Quantity,,Price,\nItem no.,Description,ordered,unit,net,amount\nA-1,Board,10,pcs,4.00,40.00\n"
        "A-2,Plank,5,pcs,6.00,30.00\n"
    )
    assert values(draft, "supplier_code", "quantity", "unit", "unit_price", "amount") == [
        *("A-1", 10, "C62", Decimal("4.00"), Decimal("40.00")),
        *("A-2", 5, "C62", Decimal("6.00"), Decimal("30.00")),
    ]


def test_a_form_says_its_order_in_labels_beside_and_below() -> None:
    (draft,), _ = read(
        "PURCHASE ORDER,,,,\nExa Handels GmbH,,,,\nPO Number: 88-1203,,Date: 14/03/2026,,\n"
        "Vendor: Parts World Ltd,,Ship To: Exa Lager Nord,,\n,,Kaistrasse 7,,\n,,20457 Hamburg,,\n"
        "Delivery required by: 28/03/2026,,Currency: EUR,,\n,,,,\nNo.,Item Code,Item Description,Qty (pcs),Line Total\n"
        "1,PW-10,Valve brass,24,146.40\n,,,Total,146.40\n"
    )
    assert said(draft.number, draft.date, draft.requested_date, draft.currency) == [
        *("88-1203", date(2026, 3, 14), date(2026, 3, 28), "EUR")
    ]
    assert said(draft.buyer.name, draft.supplier.name) == ["Exa Handels GmbH", "Parts World Ltd"]
    assert said(draft.ship_to.name, draft.ship_to.address) == ["Exa Lager Nord", "Kaistrasse 7, 20457 Hamburg"]
    assert said(draft.totals.net) == [Decimal("146.40")]


def test_our_own_letterhead_on_an_order_form_is_the_suppliers() -> None:
    text = "Exa Handels GmbH,,\nCustomer:,Blue Door,\nSKU,Qty,Price\nA,1,2.00\n"
    (draft,), _ = read(text, Hints(our_names=("Exa Handels",)))
    assert said(draft.buyer.name, draft.supplier.name) == ["Blue Door", None]
    (draft,), _ = read("Exa Handels GmbH,,\nSKU,Qty,Price\nA,1,2.00\n", Hints(our_names=("Exa Handels",)))
    assert said(draft.buyer.name, draft.supplier.name) == [None, "Exa Handels GmbH"]


@pytest.mark.parametrize(
    ("title", "number", "day"),
    [
        ("Purchase Order 4711", "4711", None),
        ("Bestellung Nr. B-17 vom 01.03.2026", "B-17", date(2026, 3, 1)),
        ("PO # 602", "602", None),
        ("Bon de commande n\u00b0 CF-88", "CF-88", None),
    ],
)
def test_a_title_bears_the_number(title: str, number: str, day: date | None) -> None:
    (draft,), _ = read(f"{title},,\n\nSKU,Qty,Price\nA,1,2.00\n")
    assert said(draft.number, draft.date) == [number, day]


def test_a_whole_catalogue_orders_only_what_is_filled_in() -> None:
    rows = "".join(f"C-{n},Thing {n},6,{n % 9 + 1}.50,{n * 3},{3 if n in (7, 41) else ''}\n" for n in range(1, 81))
    (draft,), _ = read("Code,Product,Pack size,Price,Stock,Order qty\n" + rows)
    assert values(draft, "supplier_code", "quantity") == ["C-7", 3, "C-41", 3]
    assert draft.findings == ()


def test_comments_between_the_lines_speak_of_the_order() -> None:
    (draft,), _ = read(
        "Document No.,Line No.,No.,Description,Quantity,Unit Price\nS1,10000,,Requested delivery date:,0,0\n"
        "S1,20000,,2026-02-13,0,0\nS1,30000,T,******,0,0\nS1,40000,A-1,Lemon tea,4,16.95\n"
        "S1,50000,A-2,Mint tea,2,16.95\n"
    )
    assert said(draft.requested_date) == [date(2026, 2, 13)]
    assert values(draft, "supplier_code", "quantity") == ["A-1", 4, "A-2", 2]


def test_only_the_size_tells_rows_apart_that_bear_no_code() -> None:
    (draft,), _ = read("Product,Size,Qty\nShirt,M,2\nShirt,L,3\nCap,one,1\n")
    assert values(draft, "description") == ["Shirt M", "Shirt L", "Cap one"]


def test_a_header_that_stands_again_on_the_next_page_is_no_line() -> None:
    (draft,), _ = read("SKU,Name,Qty\nA,Bolt,1\nSKU,Name,Qty\nB,Nut,2\n")
    assert values(draft, "supplier_code") == ["A", "B"]


def test_columns_in_fixed_width_are_cut_where_every_line_is_blank() -> None:
    (draft,), findings = read(
        "ORDER NO:  F-19\n\n"
        "ITEM        DESCRIPTION             QTY  UOM     PRICE\n"
        "------------------------------------------------------\n"
        "AB-100      Bracket steel 40mm       12  EA       1.20\n"
        "AB-220      Bracket steel 60mm        6  EA       1.85\n"
        "AB-310      Hinge brass              40  EA       0.95\n"
    )
    assert findings == []
    assert said(draft.number) == ["F-19"]
    assert values(draft, "supplier_code", "description", "quantity", "unit_price") == [
        *("AB-100", "Bracket steel 40mm", 12, Decimal("1.20")),
        *("AB-220", "Bracket steel 60mm", 6, Decimal("1.85")),
        *("AB-310", "Hinge brass", 40, Decimal("0.95")),
    ]


def test_comment_lines_of_the_system_are_left_out() -> None:
    (draft,), _ = read("# exported by the till\nSKU,Qty\nA,1\n# end\n")
    assert values(draft, "supplier_code", "quantity") == ["A", 1]


def test_a_net_price_beside_the_gross_one_is_the_price_whose_products_close() -> None:
    (draft,), _ = read(
        "Pedido:;P-26;;Fecha:;03/04/2026;;\nProveedor:;Ibero S.L.;;Cliente:;Talleres Pino S.A.;;\n"
        "CIF:;B00000000;;CIF:;A11111111;;\n;;;;;;\nC\u00f3digo;Descripci\u00f3n;Cantidad;Precio;Dto %;Neto;Importe\n"
        "R-10;Rodamiento 6203;20;4,00;10;3,60;72,00\nC-22;Correa A-40;5;6,00;0;6,00;30,00\n"
        ";;;;;Base imponible;102,00\n;;;;;IVA 21%;21,42\n;;;;;Total;123,42\n"
    )
    assert values(draft, "unit_price", "amount") == [*map(Decimal, ("3.60", "72.00", "6.00", "30.00"))]
    totals = said(draft.totals.net, draft.totals.tax, draft.totals.gross)
    assert totals == [*map(Decimal, ("102.00", "21.42", "123.42"))]
    # A tax number is that of the party above it.
    assert said(draft.buyer.id, draft.supplier.id) == ["A11111111", "B00000000"]


def test_two_addresses_side_by_side_are_kept_apart() -> None:
    (draft,), _ = read(
        "Bon de commande n\u00b0 BC-44;;;;\nDate : 12/05/2026;;;;\nClient;Moreau SARL;;Adresse de livraison;"
        "D\u00e9p\u00f4t Sud\n"
        ";14 rue des Lilas;;;Zone 3\n;69003 Lyon;;;13011 Marseille\n;;;;\n"
        "R\u00e9f.;D\u00e9signation;Qt\u00e9;P.U. HT;Total HT\n"
        "VIS-4;Vis inox;15;8,90;133,50\nCHV-1;Cheville nylon;1 000;0,06;60,00\n"
    )
    assert said(draft.number, draft.date) == ["BC-44", date(2026, 5, 12)]
    assert said(draft.buyer.name, draft.buyer.address) == ["Moreau SARL", "14 rue des Lilas, 69003 Lyon"]
    assert said(draft.ship_to.name, draft.ship_to.address) == ["D\u00e9p\u00f4t Sud", "Zone 3, 13011 Marseille"]
    assert values(draft, "quantity") == [15, 1000]


def test_groups_with_subtotals_and_carriage_are_no_lines() -> None:
    (draft,), _ = read(
        "Item,Description,Qty,Price,Total\nFasteners,,,,\nF-1,Bolt M8,100,0.10,10.00\nF-2,Nut M8,100,0.05,5.00\n"
        "Subtotal Fasteners,,,,15.00\nCables,,,,\nK-1,Cable 3x1,50,1.00,50.00\n,Freight charges,,,12.00\n"
        "Total,,250,,77.00\n"
    )
    assert values(draft, "supplier_code") == ["F-1", "F-2", "K-1"]
    assert said(draft.totals.net) == [Decimal("77.00")]
    assert draft.findings == ()


def test_colours_of_one_code_and_cases_in_the_header_are_told() -> None:
    (draft,), _ = read(
        "Vendor Style,Color,Description,Cases ordered,Cost\nST-1,Red,Tee,24,5.00\nST-1,Blue,Tee,12,5.00\n"
    )
    assert values(draft, "description", "unit") == ["Tee Red", "CS", "Tee Blue", "CS"]


def test_head_values_in_rows_of_their_own_make_the_buyer() -> None:
    (draft,), _ = read(
        "Firma;Beispiel GmbH\nKunden-Nr.;10442\nStra\u00dfe;Am Ring 9\nPLZ;50667\nOrt;K\u00f6ln\nBestellnummer;HT-9\n\n"
        "Artikel-Nr.;Artikelbezeichnung;Bestellmenge;Einzelpreis\n10-2;Rohrschelle;4;12,00\n10-3;Haken;2;14,00\n"
    )
    assert said(draft.number, draft.buyer.name, draft.buyer.id, draft.buyer.address) == [
        *("HT-9", "Beispiel GmbH", "10442", "Am Ring 9, 50667 K\u00f6ln")
    ]


def test_a_title_with_a_day_reads_it_as_the_table_writes_numbers() -> None:
    (draft,), _ = read(
        "Ordine a fornitore n. 145 del 02/03/2026;;;;\nCodice;Descrizione;Q.t\u00e0;Prezzo;Importo\n"
        "V10;Vite TE;500;0,12;60,00\nD10;Dado M8;500;0,04;20,00\n"
    )
    assert said(draft.number, draft.date) == ["145", date(2026, 3, 2)]
