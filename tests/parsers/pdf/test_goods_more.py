"""The goods of orders as many houses print them, each page drawn here: codes, taxes, sizes, blocks and figures."""

from decimal import Decimal

import pytest

from parsers.pdf.goods.reading import GoodsFacts
from tests.parsers.pdf.pages import counted, drawn, goods_in, table_at

D = Decimal


def test_two_codes_in_a_row_go_to_whom_they_belong_and_a_gtin_shows_its_check_digit():
    head = ("Our item", "Your item", "EAN", "Description", "Qty", "Price", "Amount")
    rows = [
        ("B100", "S-77", "4006381333931", "Marker", "10", "1.50", "15.00"),
        ("B101", "S-78", "5901234123457", "Pen", "20", "0.50", "10.00"),
    ]
    data = drawn([*table_at(200, (40, 90, 140, 220, -400, -470, -540), [head, *rows])])
    assert counted(data, "buyer_code", "supplier_code", "gtin", "description") == [
        ("B100", "S-77", "4006381333931", "Marker"),
        ("B101", "S-78", "5901234123457", "Pen"),
    ]


def test_tax_columns_and_a_gross_amount_are_not_taken_for_the_net_ones():
    head = ("Artikel", "Menge", "Preis", "MwSt %", "Netto", "MwSt", "Brutto")
    rows = [
        ("Lampe E27", "10", "4,00", "19", "40,00", "7,60", "47,60"),
        ("Kabel 3 m", "4", "5,00", "19", "20,00", "3,80", "23,80"),
    ]
    data = drawn(
        [
            *table_at(200, (40, -220, -280, -330, -400, -470, -540), [head, *rows]),
            (330, 250, "Summe netto"),
            (-540, 250, "60,00"),
            (330, 264, "MwSt 19%"),
            (-540, 264, "11,40"),
            (330, 278, "Gesamt"),
            (-540, 278, "71,40"),
        ]
    )
    assert counted(data, "description", "quantity", "unit_price", "amount") == [
        ("Lampe E27", D(10), D("4.00"), D("40.00")),
        ("Kabel 3 m", D(4), D("5.00"), D("20.00")),
    ]
    totals = goods_in(data).totals
    stated = [value.value if value else None for value in (totals.net, totals.tax, totals.gross)]
    assert stated == [D("60.00"), D("11.40"), D("71.40")]


def test_sizes_in_columns_make_a_line_for_each_size_ordered():
    head = ("Style", "Description", "S", "M", "L", "XL", "Qty", "Price", "Amount")
    rows = [
        ("T-10", "T-shirt navy", "2", "4", "4", "", "10", "5.00", "50.00"),
        ("T-20", "Polo white", "", "3", "", "3", "6", "9.00", "54.00"),
    ]
    data = drawn([*table_at(200, (40, 90, 220, 250, 280, 310, -380, -450, -530), [head, *rows])])
    assert counted(data, "supplier_code", "description", "quantity", "unit_price") == [
        ("T-10", "T-shirt navy S", D(2), D(5)),
        ("T-10", "T-shirt navy M", D(4), D(5)),
        ("T-10", "T-shirt navy L", D(4), D(5)),
        ("T-20", "Polo white M", D(3), D(9)),
        ("T-20", "Polo white XL", D(3), D(9)),
    ]


def test_an_order_in_blocks_of_labels_gives_a_line_for_each_block():
    block = [("Item:", "Office chair"), ("Item no.:", "CH-5"), ("Quantity:", "4 pcs"), ("Unit price:", "120.00")]
    other = [("Item:", "Desk lamp"), ("Item no.:", "LA-2"), ("Quantity:", "6 pcs"), ("Unit price:", "30.00")]
    data = drawn([(40, 60, "Order 4"), *table_at(200, (40, 140), block), *table_at(280, (40, 140), other)])
    assert counted(data) == [("CH-5", "Office chair", D(4), "C62", D(120)), ("LA-2", "Desk lamp", D(6), "C62", D(30))]


def test_indian_and_swiss_figures_are_read_whole():
    head = ("Sl No", "Description of Goods", "Quantity", "Rate", "per", "Amount")
    rows = [
        ("1", "Transformer 500 kVA", "2 nos", "5,75,250.00", "nos", "11,50,500.00"),
        ("2", "Panel", "1 nos", "45,000.00", "nos", "45,000.00"),
    ]
    data = drawn(
        [
            *table_at(200, (40, 80, -360, -430, 440, -540), [head, *rows]),
            (300, 260, "Total"),
            (-360, 260, "3 nos"),
            (-540, 260, "11,95,500.00"),
        ]
    )
    assert counted(data, "description", "quantity", "unit", "amount") == [
        ("Transformer 500 kVA", D(2), "C62", D("1150500.00")),
        ("Panel", D(1), "C62", D("45000.00")),
    ]
    swiss = [
        ("Pos", "Artikel", "Menge", "Preis", "Total CHF"),
        ("1", "Motor", "3", "1'250.50", "3'751.50"),
        ("2", "Welle", "2", "2'000.00", "4'000.00"),
    ]
    assert counted(drawn([*table_at(200, (40, 80, -360, -430, -540), swiss)]), "quantity", "unit_price") == [
        (D(3), D("1250.50")),
        (D(2), D("2000.00")),
    ]


def test_no_lines_are_made_up_where_there_are_none():
    texts = [
        (40, 60, "Please call us about order 4711"),
        *table_at(120, (40, 200), [("Phone", "+44 20 7946 0018"), ("Date", "12.03.2026"), ("Total weight", "1200 kg")]),
    ]
    found = goods_in(drawn(texts))
    assert not found.found
    assert found.lines == ()
    assert found.facts == GoodsFacts()


def test_a_line_in_two_bands_is_read_with_the_columns_of_each():
    texts = [
        *table_at(200, (40, 80, 160), [("Pos.", "Material", "Text")]),
        *table_at(212, (110, 160, 260, 420), [("Menge", "ME", "Preis", "Betrag")]),
    ]
    for index, (code, name, quantity, amount) in enumerate(
        [
            ("A-100", "Kugellager", "4", "40,00"),
            ("A-200", "Wellendichtring", "6", "60,00"),
            ("A-300", "Passfeder", "12", "120,00"),
        ]
    ):
        top = 230 + 36 * index
        texts += table_at(top, (40, 80, 160), [(f"{index + 1}0", code, name)])
        texts += table_at(top + 12, (110, 160, 260, 420), [(quantity, "Stk", "10,00", amount)])
    assert counted(drawn(texts), "line_number", "supplier_code", "description", "quantity", "amount") == [
        ("10", "A-100", "Kugellager", D(4), D("40.00")),
        ("20", "A-200", "Wellendichtring", D(6), D("60.00")),
        ("30", "A-300", "Passfeder", D(12), D("120.00")),
    ]


def test_a_code_below_another_is_a_second_code_and_a_sentence_below_a_name_no_part_of_it():
    rows = [
        ("Your item", "Description", "Qty", "Price", "Amount"),
        ("S-4400", "Bearing 6204", "2", "5.00", "10.00"),
        ("778-120", "Please mark every carton.", "", "", ""),
        ("S-4500", "Bearing 6205", "3", "6.00", "18.00"),
        ("778-121", "", "", "", ""),
    ]
    texts = [
        (x, top - (3 if index in (2, 4) else 0), text)
        for index, row in enumerate(rows)
        for x, top, text in table_at(200 + 14 * index, (40, 120, 300, 380, 460), [row])
    ]
    assert counted(drawn(texts), "supplier_code", "buyer_code", "description") == [
        ("S-4400", "778-120", "Bearing 6204"),
        ("S-4500", "778-121", "Bearing 6205"),
    ]


def test_a_watermark_parts_no_row():
    rows = [
        ("Item", "Description", "Qty", "Price", "Amount"),
        ("W-1", "Wrench", "2", "5.00", "10.00"),
        ("W-2", "Hammer", "3", "6.00", "18.00"),
    ]
    data = drawn(table_at(200, (40, 120, 300, 380, 460), rows), watermark="COPY")
    assert counted(data, "supplier_code", "description", "quantity") == [
        ("W-1", "Wrench", D(2)),
        ("W-2", "Hammer", D(3)),
    ]


@pytest.mark.parametrize(("printed", "value"), [("1.000", D(1000)), ("12", D(12))])
def test_a_grouped_quantity_is_told_by_the_plain_ones_beside_it(printed: str, value: Decimal):
    rows = [
        ("Artikelnr.", "Bezeichnung", "Menge"),
        ("K-1", "Klemme", printed),
        ("K-2", "Schraube", "40"),
        ("K-3", "Mutter", "5"),
    ]
    assert counted(drawn(table_at(200, (40, 120, 300), rows)), "quantity")[0] == (value,)
