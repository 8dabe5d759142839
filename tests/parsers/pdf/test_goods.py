"""The goods of orders as many houses print them, each page drawn here: tables, their columns and rows."""

from collections.abc import Sequence
from decimal import Decimal

import pytest

from tests.parsers.pdf.pages import counted, drawn, goods_in, ruled, table_at

D = Decimal
XS = (40, 80, 160, -380, 390, -470, -550)


def test_numbers_set_to_the_right_under_headings_set_to_the_left():
    rows = [
        ("1", "HX-10", "Hex bolt M8", "1,200", "pcs", "0.35", "420.00"),
        ("2", "NT-2", "Nut", "40", "box", "6.50", "260.00"),
    ]
    head = [
        (x, 200, text)
        for x, text in zip(
            (40, 80, 160, 350, 390, 430, 500),
            ("#", "Item no.", "Description", "Qty", "Unit", "Price", "Amount"),
            strict=True,
        )
    ]
    data = drawn([*head, *table_at(216, XS, rows), (400, 260, "Net total"), (-550, 260, "680.00")])
    assert counted(data) == [
        ("HX-10", "Hex bolt M8", D(1200), "C62", D("0.35")),
        ("NT-2", "Nut", D(40), "BX", D("6.50")),
    ]
    net = goods_in(data).totals.net
    assert net is not None
    assert net.value == D("680.00")


@pytest.mark.parametrize(
    "head",
    [
        ("Sor", "Cikkszám", "Megnevezés", "Mennyiség", "Me.", "Egységár", "Érték"),
        ("Rivi", "Tuote", "Kuvaus", "Määrä", "Yks", "Hinta", "Yhteensä"),
        ("a", "bb", "ccc", "dd", "ee", "ff", "gg"),
        ("", "", "", "", "", "", ""),
    ],
)
def test_a_language_without_words_of_ours_is_read_by_arithmetic(head: Sequence[str]):
    rows = [
        ("1", "KV-100", "Csavar hatlapú", "120", "db", "35,50", "4.260,00"),
        ("2", "KV-205", "Anya", "40", "db", "12,25", "490,00"),
        ("3", "KV-310", "Alátét", "400", "db", "3,10", "1.240,00"),
    ]
    data = drawn([(40, 60, "Megrendelés 2026/118"), *table_at(216, XS, [head, *rows], 16), (-550, 300, "5.990,00")])
    assert counted(data, "supplier_code", "description", "quantity", "unit_price", "amount") == [
        ("KV-100", "Csavar hatlapú", D(120), D("35.50"), D("4260.00")),
        ("KV-205", "Anya", D(40), D("12.25"), D("490.00")),
        ("KV-310", "Alátét", D(400), D("3.10"), D("1240.00")),
    ]


def test_a_price_for_a_hundred_beside_the_price_and_details_below_each_line():
    texts = [
        *table_at(200, (40, 90, 300, 380, 480), [("Pos.", "Material", "Menge", "Preis", "Betrag EUR")]),
        *table_at(220, (40, 90, 300, 380, -540), [("00010", "4711-22", "300 ST", "12,50 / 100 ST", "37,50")]),
        (90, 232, "Sechskantschraube M8x40"),
        (90, 244, "Liefertermin: 12.03.2026"),
        (90, 256, "Ihre Materialnummer: K-9"),
        *table_at(276, (40, 90, 300, 380, -540), [("00020", "4711-30", "2 KG", "8,00 / 1 KG", "16,00")]),
        (90, 288, "Unterlegscheibe 8,4"),
        (380, 320, "Summe netto"),
        (-540, 320, "53,50"),
    ]
    data = drawn(texts)
    assert counted(data, "line_number", "quantity", "unit", "unit_price", "description") == [
        ("00010", D(300), "C62", D("0.125"), "Sechskantschraube M8x40"),
        ("00020", D(2), "KGM", D(8), "Unterlegscheibe 8,4"),
    ]
    asked = goods_in(data).lines[0].requested_date
    assert asked is not None
    assert asked.value.isoformat() == "2026-03-12"


def test_cells_centred_in_a_grid_keep_the_words_above_and_below_their_numbers():
    rows = [
        ("Item", "Description", "Qty", "Price", "Total"),
        ("A-1", "Cable gland made of brass with a lock nut and a seal, for outdoor use, M20", "12", "2.50", "30.00"),
        ("A-2", "Junction box, grey", "4", "7.00", "28.00"),
        ("A-3", "Conduit clip with a nail, for round conduits of 20 mm, bag of one hundred", "3", "5.00", "15.00"),
    ]
    assert counted(ruled(rows, (50, 130, 50, 60, 60)), "supplier_code", "description", "quantity") == [
        (row[0], row[1], D(row[2])) for row in rows[1:]
    ]


def test_a_list_of_codes_and_quantities_without_prices():
    rows = [("Qty", "Part number", "Description"), ("5", "ZX-900", "Filter cartridge"), ("12", "ZX-910", "Seal kit")]
    data = drawn([(40, 60, "Order 12"), *table_at(200, (40, 90, 200), rows)])
    assert counted(data) == [
        ("ZX-900", "Filter cartridge", D(5), None, None),
        ("ZX-910", "Seal kit", D(12), None, None),
    ]


def test_lines_that_run_over_pages_with_the_header_again_and_an_amount_carried_forward():
    head = ("Pos", "Art.-Nr.", "Bezeichnung", "Menge", "ME", "Preis", "Gesamt")
    one = [(str(n), f"Q-{n}00", "Dichtung", "10", "Stk", "1,50", "15,00") for n in range(1, 4)]
    two = [(str(n), f"Q-{n}00", "Dichtung", "10", "Stk", "1,50", "15,00") for n in range(4, 6)]
    first = [
        *table_at(200, XS, [head, *one]),
        (400, 780, "Übertrag"),
        (-550, 780, "45,00"),
        (280, 810, "Seite 1 von 2"),
    ]
    second = [
        (40, 40, "Bestellung 99"),
        (400, 80, "Übertrag"),
        (-550, 80, "45,00"),
        *table_at(100, XS, [head, *two]),
        (400, 200, "Gesamtbetrag"),
        (-550, 200, "75,00"),
    ]
    data = drawn(first, second)
    assert counted(data, "supplier_code", "quantity") == [(f"Q-{n}00", D(10)) for n in range(1, 6)]
    assert goods_in(data).facts.lines_sum


def test_group_titles_subtotals_and_freight_are_no_goods():
    head = ("", "Item", "Description", "Qty", "Unit", "Price", "Amount")
    rows = [
        head,
        ("", "Fixings", "", "", "", "", ""),
        ("1", "F-10", "Bolt", "10", "pcs", "1.00", "10.00"),
        ("2", "F-20", "Nut", "20", "pcs", "0.50", "10.00"),
        ("", "", "Subtotal", "", "", "", "20.00"),
        ("", "Tools", "", "", "", "", ""),
        ("3", "T-10", "Spanner", "2", "pcs", "9.00", "18.00"),
        ("", "", "Freight", "", "", "", "5.00"),
    ]
    data = drawn([*table_at(200, XS, rows, 18), (400, 380, "Total"), (-550, 380, "43.00")])
    assert counted(data, "supplier_code", "description", "quantity") == [
        ("F-10", "Bolt", D(10)),
        ("F-20", "Nut", D(20)),
        ("T-10", "Spanner", D(2)),
    ]


def test_a_discount_column_closes_the_sum_and_a_net_price_wins_where_it_is_printed():
    head = ("Item", "Description", "Qty", "List price", "Disc %", "Net price", "Amount")
    xs = (40, 100, -280, -350, -400, -470, -550)
    rows = [
        ("B-1", "Pump", "2", "100.00", "10", "90.00", "180.00"),
        ("B-2", "Hose", "5", "20.00", "25", "15.00", "75.00"),
    ]
    data = drawn([*table_at(200, xs, [head, *rows])])
    assert counted(data, "supplier_code", "quantity", "unit_price") == [("B-1", D(2), D(90)), ("B-2", D(5), D(15))]
    without = [(a, b, q, p, d, e) for a, b, q, p, d, _, e in (head, *rows)]
    data = drawn([*table_at(200, (40, 100, -280, -350, -400, -550), without)])
    assert counted(data, "supplier_code", "quantity", "unit_price") == [("B-1", D(2), D(100)), ("B-2", D(5), D(20))]
    assert goods_in(data).findings == ()


def test_a_line_that_does_not_close_is_named():
    rows = [
        ("Item", "Description", "Qty", "Price", "Amount"),
        ("B-1", "Pump", "2", "100.00", "200.00"),
        ("B-2", "Hose", "5", "20.00", "110.00"),
    ]
    found = goods_in(drawn([*table_at(200, (40, 100, -300, -400, -500), rows)]))
    assert [finding.place for finding in found.findings] == ["lines[1].amount"]
    assert "100" in found.findings[0].message
    assert "110.00" in found.findings[0].message


def test_columns_without_a_gap_are_parted_below_their_headings():
    head = ("Qty", "Code", "Description", "Price", "Total")
    rows = [
        ("2", "AB-1000", "Toner black", "50.00", "100.00"),
        ("3", "AB-2000", "Toner cyan", "60.00", "180.00"),
        ("1", "AB-3000", "Drum", "80.00", "80.00"),
    ]
    texts = [*table_at(200, (40, 64, 104, 400, 480), [head]), *table_at(214, (40, 64, 104, 400, 480), rows)]
    assert counted(drawn(texts), "supplier_code", "description", "quantity") == [
        ("AB-1000", "Toner black", D(2)),
        ("AB-2000", "Toner cyan", D(3)),
        ("AB-3000", "Drum", D(1)),
    ]


def test_the_description_may_stand_on_a_row_of_its_own_above_the_numbers():
    texts = [
        *table_at(200, (40, 120, -330, -430, -530), [("Item", "Description", "Quantity", "Unit price", "Line total")])
    ]
    for index, (code, name, quantity, price, amount) in enumerate(
        [
            ("P-1", "Copier paper A4 80 g", "10", "4.00", "40.00"),
            ("P-2", "Envelopes C5 white", "5", "6.00", "30.00"),
            ("P-3", "Staples", "7", "2.00", "14.00"),
        ]
    ):
        texts += [
            (120, 222 + 34 * index, name),
            *table_at(233 + 34 * index, (40, -330, -430, -530), [(code, quantity, price, amount)]),
        ]
    assert counted(drawn(texts), "supplier_code", "description", "quantity") == [
        ("P-1", "Copier paper A4 80 g", D(10)),
        ("P-2", "Envelopes C5 white", D(5)),
        ("P-3", "Staples", D(7)),
    ]


def test_a_typed_page_with_dashes_for_rules():
    rows = [
        "ORDER 5512",
        "-" * 76,
        "QTY   UNIT  PART NO      DESCRIPTION               PRICE      EXTENSION",
        "-" * 76,
        "  12  EA    VLV-200      BALL VALVE 2 IN           18.25         219.00",
        "   3  BX    GSK-050      GASKET 1/2 IN             40.00         120.00",
        " 150  FT    PIP-075      PIPE 3/4 IN                1.10         165.00",
        "-" * 76,
        "                                              TOTAL               504.00",
    ]
    texts = [(40 + 6 * column, 200 + 13 * line, word) for line, row in enumerate(rows) for column, word in spaced(row)]
    assert counted(drawn(texts, size=10, font="Courier"), "supplier_code", "description", "quantity", "unit") == [
        ("VLV-200", "BALL VALVE 2 IN", D(12), "C62"),
        ("GSK-050", "GASKET 1/2 IN", D(3), "BX"),
        ("PIP-075", "PIPE 3/4 IN", D(150), "FOT"),
    ]


def spaced(row: str) -> list[tuple[int, str]]:
    """The words of a typed row and their columns."""
    out, place = [], 0
    for word in row.split(" "):
        if word:
            out.append((place, word))
        place += len(word) + 1
    return out
