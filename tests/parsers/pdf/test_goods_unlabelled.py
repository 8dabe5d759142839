"""Goods without a usual table: letters that count, forms half filled in, tables in two halves, shops side by side."""

from decimal import Decimal

from tests.parsers.pdf.pages import counted, drawn, goods_in, shown, table_at

D = Decimal


def test_a_letter_that_counts_by_units_needs_no_heading():
    rows = [
        ("12 rolls", "Band perforated 20mm"),
        ("20 no", "Isolating valves 15mm chrome"),
        ("50 kg", "Galv clout nails 40mm"),
        ("3 cans", "Expanding foam 750ml"),
    ]
    data = drawn([(40, 60, "Order no: 4471"), (40, 180, "Please supply:"), *table_at(200, (40, 140), rows)])
    assert counted(data, "description", "quantity", "unit") == [
        ("Band perforated 20mm", D(12), "RO"),
        ("Isolating valves 15mm chrome", D(20), "C62"),
        ("Galv clout nails 40mm", D(50), "KGM"),
        ("Expanding foam 750ml", D(3), "CA"),
    ]


def test_positions_counts_and_wrapped_names_of_an_unruled_list_stay_together():
    rows = [
        ("1", "10", "Paar", 'Eckventil 1/2" mit'),
        ("", "", "", "Rosette"),
        ("2", "8", "Stück", "Waschtisch 60 cm"),
        ("", "", "", "weiß mit Hahnloch"),
        ("3", "10", "Stück", "HT-Bogen DN 50"),
        ("4", "25", "Stück", "HT-Rohr DN 50"),
    ]
    data = drawn([(40, 160, "bitte liefern Sie:"), *table_at(200, (40, -260, 280, 340), rows, step=12)])
    assert counted(data, "line_number", "description", "quantity", "unit") == [
        ("1", 'Eckventil 1/2" mit Rosette', D(10), "PR"),
        ("2", "Waschtisch 60 cm weiß mit Hahnloch", D(8), "C62"),
        ("3", "HT-Bogen DN 50", D(10), "C62"),
        ("4", "HT-Rohr DN 50", D(25), "C62"),
    ]


def test_a_price_for_one_unit_in_a_list_is_no_amount():
    rows = [("50 pcs", "Bag 120x170", "455-4014", "4.20 €/pcs"), ("6 boxes", "Envelope C5", "983-9807", "17.40 €/box")]
    data = drawn([*table_at(200, (40, 100, 300, 380), rows)])
    assert counted(data, "supplier_code", "quantity", "unit_price", "amount") == [
        ("455-4014", D(50), D("4.20"), None),
        ("983-9807", D(6), D("17.40"), None),
    ]


def test_measures_in_a_text_are_no_list():
    rows = [("127 mm", "width of the frame"), ("88 mm", "height of the frame"), ("12 V", "of the drive")]
    assert not goods_in(drawn([*table_at(200, (40, 140), rows)])).found


def test_rows_of_a_form_that_nobody_filled_in_belong_to_no_line():
    head = ("Qty", "Unit", "Item", "Description")
    rows = [
        ("", "CS", "1314389", "Ground beef 80/20"),
        ("5", "CS", "7290562", "Bacon layflat"),
        ("", "BAG", "2852985", "Onion yellow"),
        ("6", "CS", "5791867", "Lettuce green leaf"),
        ("", "CS", "4060205", "Mayo heavy duty"),
    ]
    data = drawn([*table_at(200, (-60, 80, 120, 200), [head, *rows])])
    assert counted(data, "supplier_code", "description", "quantity") == [
        ("7290562", "Bacon layflat", D(5)),
        ("5791867", "Lettuce green leaf", D(6)),
    ]


def test_a_table_in_two_halves_side_by_side_is_read_as_two():
    head = ("Qty", "Item", "Description", "Qty", "Item", "Description")
    rows = [
        ("4", "1001", "Pickle chips", "3", "2001", "Butter solid"),
        ("2", "1002", "Lime juice", "7", "2002", "Sugar white"),
    ]
    data = drawn([*table_at(200, (-60, 80, 130, -330, 350, 400), [head, *rows])])
    assert counted(data, "supplier_code", "description", "quantity") == [
        ("1001", "Pickle chips", D(4)),
        ("1002", "Lime juice", D(2)),
        ("2001", "Butter solid", D(3)),
        ("2002", "Sugar white", D(7)),
    ]


def test_columns_for_shops_or_days_add_up_to_the_quantity():
    head = ("Prodotto", "U.M.", "LUN", "MAR", "MER", "TOT")
    rows = [
        ("Pomodori pelati 2,5 kg", "latta", "10", "5", "", "15"),
        ("Prosciutto crudo", "kg", "", "", "1,5", "1,5"),
        ("Rucola", "kg", "", "", "", ""),
        ("Panna fresca", "pz", "2", "2", "5", "9"),
    ]
    data = drawn([*table_at(200, (40, 200, -270, -320, -370, -420), [head, *rows])])
    assert counted(data, "description", "quantity", "amount") == [
        ("Pomodori pelati 2,5 kg", D(15), None),
        ("Prosciutto crudo", D("1.5"), None),
        ("Panna fresca", D(9), None),
    ]


def test_sizes_may_stand_in_a_row_of_their_own_below_the_headings():
    head = [("Articolo", "Descrizione", "Taglie", "", "", "Tot.", "Prezzo"), ("", "", "36", "37", "38", "paia", "")]
    rows = [
        ("LU-22", "Ballerina nera", "1", "2", "3", "6", "38,50"),
        ("MA-55", "Mocassino", "", "2", "2", "4", "46,00"),
    ]
    data = drawn([*table_at(200, (40, 100, -240, -280, -320, -370, -440), [*head, *rows], step=12)])
    assert counted(data, "supplier_code", "description", "quantity", "unit") == [
        ("LU-22", "Ballerina nera 36", D(1), "PR"),
        ("LU-22", "Ballerina nera 37", D(2), "PR"),
        ("LU-22", "Ballerina nera 38", D(3), "PR"),
        ("MA-55", "Mocassino 37", D(2), "PR"),
        ("MA-55", "Mocassino 38", D(2), "PR"),
    ]


def test_colour_and_size_in_columns_belong_to_the_name():
    head = ("SKU", "Style", "Description", "Color", "Size", "Qty", "Price", "Amount")
    rows = [
        ("38530567", "W26", "Ribbed sweater", "Ivory", "XS", "36", "14.75", "531.00"),
        ("33251464", "W26", "Ribbed sweater", "Ivory", "S", "60", "14.75", "885.00"),
    ]
    data = drawn([*table_at(200, (40, 100, 140, 250, 300, -380, -450, -530), [head, *rows])])
    assert counted(data, "buyer_code", "supplier_code", "description") == [
        ("38530567", "W26", "Ribbed sweater Ivory XS"),
        ("33251464", "W26", "Ribbed sweater Ivory S"),
    ]


def test_a_discount_is_told_by_arithmetic_where_its_heading_is_not_known():
    head = ("Nr.", "Description", "Qty", "Price", "Qwrt.", "Amount")
    rows = [
        ("888298", "Flange 22 mm", "12", "28.90", "40", "208.08"),
        ("874146", "Bend 90 degrees", "60", "41.20", "40", "1,483.20"),
        ("809645", "Pipe clip", "60", "9.75", "35", "380.25"),
    ]
    goods = goods_in(drawn([*table_at(200, (40, 100, -280, -350, -420, -520), [head, *rows])]))
    assert (goods.facts.stated, goods.facts.closed) == (3, 3)


def test_a_shop_that_prints_only_the_sum_of_a_line_means_it_by_price():
    head = ("Product", "Quantity", "Price")
    rows = [("Hexagon nut (#SL-4817)", "2", "12.90"), ("Threaded rod (#EC-5267)", "5", "18.00")]
    data = drawn([*table_at(200, (40, -300, -400), [head, *rows]), (40, 260, "Subtotal"), (-400, 260, "30.90")])
    assert counted(data, "supplier_code", "description", "unit_price", "amount") == [
        ("SL-4817", "Hexagon nut", None, D("12.90")),
        ("EC-5267", "Threaded rod", None, D("18.00")),
    ]


def test_what_rows_below_a_line_say_under_a_label_is_taken_for_it():
    head = ("Pos", "Artikel", "Menge", "Preis", "Gesamt")
    rows = [
        ("1", "Unsere Nr. 696853 Ihre Nr. LUN-18", "4 Stück", "120,00", "480,00"),
        ("", "Esstisch Lund 200x100 cm", "", "", ""),
        ("", "Liefertermin 17.04.2026", "", "", ""),
        ("2", "Unsere Nr. 223646 Ihre Nr. LUN-73", "2 Stück", "95,00", "190,00"),
        ("", "Esstisch Lund 160x90 cm", "", "", ""),
        ("", "Liefertermin 24.04.2026", "", "", ""),
    ]
    data = drawn([*table_at(200, (40, 80, -330, -420, -520), [head, *rows], step=11)])
    names = ("buyer_code", "supplier_code", "description")
    assert counted(data, *names) == [
        ("696853", "LUN-18", "Esstisch Lund 200x100 cm"),
        ("223646", "LUN-73", "Esstisch Lund 160x90 cm"),
    ]
    days = [shown(line, "requested_date")[0] for line in goods_in(data).lines]
    assert [str(day) for day in days] == ["2026-04-17", "2026-04-24"]


def test_net_price_and_amount_may_stand_rows_below_the_quantity():
    head = ("Pos", "Bezeichnung", "Menge", "Preis", "Gesamt")
    rows = [
        ("1", "Boxspringbett Atlanta", "1 Stück", "689,00", ""),
        ("", "Stoff anthrazit", "", "- 12,0 %", ""),
        ("", "mit Topper", "", "606,32", "606,32"),
        ("2", "Kommode Atlanta", "4 Stück", "94,50", ""),
        ("", "Eiche sonoma", "", "- 12,0 %", ""),
        ("", "mit Griffen", "", "83,16", "332,64"),
    ]
    data = drawn([*table_at(200, (40, 80, -330, -420, -520), [head, *rows], step=11)])
    assert counted(data, "quantity", "unit_price", "amount") == [
        (D(1), D("606.32"), D("606.32")),
        (D(4), D("83.16"), D("332.64")),
    ]


def test_days_in_six_figures_are_dates_of_a_column_that_holds_nothing_else():
    head = ("Artikelnr", "Benämning", "Antal", "Enh", "Lev.dat", "Belopp")
    rows = [
        ("7406159", "Presskoppling", "3", "st", "250310", "115,20"),
        ("4802793", "Skyddskåpa", "8", "st", "250317", "464,00"),
    ]
    data = drawn([*table_at(200, (40, 110, -260, 280, 330, -450), [head, *rows])])
    assert [str(line.requested_date.value) for line in goods_in(data).lines if line.requested_date] == [
        "2025-03-10",
        "2025-03-17",
    ]


def test_totals_are_told_by_arithmetic_where_their_labels_are_not_known():
    head = ("Item", "Description", "Qty", "Price", "Amount")
    rows = [("A-1", "Marker", "10", "15.00", "150.00"), ("A-2", "Pen", "20", "5.00", "100.00")]
    sums = [(300, 250, "Xyzzy"), (-520, 250, "250.00"), (300, 264, "25% plugh"), (-520, 264, "62.50")]
    data = drawn(
        [*table_at(200, (40, 100, -280, -400, -520), [head, *rows]), *sums, (300, 278, "Q"), (-520, 278, "312.50")]
    )
    totals = goods_in(data).totals
    stated = [value.value if value else None for value in (totals.net, totals.tax, totals.gross)]
    assert stated == [D("250.00"), D("62.50"), D("312.50")]


def test_freight_is_not_taken_for_a_tax():
    head = ("Item", "Description", "Qty", "Price", "Amount")
    rows = [("A-1", "Marker", "10", "15.00", "150.00"), ("A-2", "Pen", "20", "5.00", "100.00")]
    sums = [(300, 250, "Freight"), (-520, 250, "20.00"), (300, 264, "Order total"), (-520, 264, "270.00")]
    data = drawn([*table_at(200, (40, 100, -280, -400, -520), [head, *rows]), *sums])
    assert goods_in(data).totals.tax is None


def test_two_headings_that_nearly_touch_are_two():
    head = [(40, 200, "Désignation"), (-300, 200, "Qté"), (301.2, 200, "Prix unitaire"), (-450, 200, "Montant")]
    rows = [("Câble R2V", "50", "4,37", "218,50"), ("Coffret IP40", "3", "79,50", "238,50")]
    data = drawn([*head, *table_at(214, (40, -300, -380, -450), rows)])
    assert counted(data, "description", "quantity", "unit_price", "amount") == [
        ("Câble R2V", D(50), D("4.37"), D("218.50")),
        ("Coffret IP40", D(3), D("79.50"), D("238.50")),
    ]


def test_a_unit_word_means_what_it_means_in_the_language_of_the_document():
    rows = [("250 kpl", "Lavahuppu 1250x850"), ("500 kpl", "Aaltopahvilaatikko"), ("72 rll", "Pakkausteippi 50 mm")]
    said = [
        (40, 160, "Tilaamme teiltä seuraavat tarvikkeet:"),
        (40, 280, "Pyydämme tilausvahvistusta. Toimitus viikolla 14"),
    ]
    data = drawn([*said, *table_at(200, (40, 140), rows)])
    assert counted(data, "quantity", "unit") == [(D(250), "C62"), (D(500), "C62"), (D(72), "RO")]


def test_a_row_that_numbers_the_columns_is_no_line():
    head = [("Nr", "Cod", "Denumire", "UM", "Cant", "Valoare"), ("0", "1", "2", "3", "4", "5")]
    rows = [
        ("1", "RUL-6204", "Rulment radial", "buc", "50", "590,00"),
        ("2", "RUL-6308", "Rulment", "buc", "24", "926,40"),
    ]
    data = drawn([*table_at(200, (40, 70, 150, 280, -360, -450), [*head, *rows], step=12)])
    assert counted(data, "supplier_code", "quantity") == [("RUL-6204", D(50)), ("RUL-6308", D(24))]


def test_a_shop_prints_name_number_and_code_of_an_article_in_rows_of_their_own():
    def article(top: float, name: str, number: str, code: str) -> list[tuple[float, float, str]]:
        return [(40, top, name), (-300, top + 6, number), (330, top + 6, "stuks"), (40, top + 12, f"Art.nr.: {code}")]

    head = [(40, 200, "Product"), (-300, 200, "Aantal"), (330, 200, "Eenheid")]
    articles = [
        *article(218, "Vlakmop katoen 50 cm", "25", "MOP-50"),
        *article(247, "Glasreiniger trigger", "18", "GLA-750"),
        *article(276, "Ontkalker citroenzuur", "12", "ONT-1L"),
    ]
    assert counted(drawn([*head, *articles]), "supplier_code", "description", "quantity") == [
        ("MOP-50", "Vlakmop katoen 50 cm", D(25)),
        ("GLA-750", "Glasreiniger trigger", D(18)),
        ("ONT-1L", "Ontkalker citroenzuur", D(12)),
    ]


def test_a_code_alone_below_the_name_is_the_code():
    head = ("Item", "Qty", "Price", "Amount")
    rows = [
        ("Wooden block set", "6", "12.00", "72.00"),
        ("MM-WBLK-50", "", "", ""),
        ("Rainbow stacker", "4", "9.50", "38.00"),
        ("MM-STK-RBW", "", "", ""),
    ]
    data = drawn([*table_at(200, (40, -300, -380, -460), [head, *rows], step=11)])
    assert counted(data, "supplier_code", "description") == [
        ("MM-WBLK-50", "Wooden block set"),
        ("MM-STK-RBW", "Rainbow stacker"),
    ]


def test_a_day_or_a_revision_below_a_code_is_no_code():
    head = ("Pos", "Artikel", "Bezeichnung", "Menge", "Preis")
    rows = [
        ("1", "11-0455", "Pipettenspitzen", "5", "38,50"),
        ("", "20.03.2026", "", "", ""),
        ("2", "11-0462", "Rührstab", "6", "4,20"),
        ("", "Rev A", "", "", ""),
    ]
    lines = goods_in(drawn([*table_at(200, (40, 70, 150, -350, -430), [head, *rows], step=11)])).lines
    assert [shown(line, "supplier_code", "buyer_code") for line in lines] == [("11-0455", None), ("11-0462", None)]
    assert [str(day) for line in lines[:1] for day in shown(line, "requested_date")] == ["2026-03-20"]


def test_numbers_that_do_not_count_up_are_codes_whatever_their_heading():
    head = ("Nr.", "Artikel", "Menge", "Einh.", "Preis", "Total")
    rows = [
        ("4401", "Fendant AOC Wallis 75 cl", "24", "Fl.", "11.40", "273.60"),
        ("4407", "Johannisberg AOC Wallis 75 cl", "18", "Fl.", "13.20", "237.60"),
        ("4433", "Prosecco extra dry 75 cl", "48", "Fl.", "9.80", "470.40"),
    ]
    data = drawn([*table_at(200, (40, 80, -230, 250, -330, -420), [head, *rows])])
    assert counted(data, "line_number", "supplier_code") == [(None, "4401"), (None, "4407"), (None, "4433")]
