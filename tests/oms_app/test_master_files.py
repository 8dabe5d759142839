"""Files of master data as companies have them: other words, other marks, and mistakes with their row."""

import datetime as dt
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oms_app.master_cells import Conventions
from oms_app.master_columns import Declared, field_names, word_rows
from oms_app.master_files import Given, MasterFile, at_their_rows
from oms_app.master_table import MAX_LINE_CHARS, Form
from oms_core.errors import InvalidInput
from oms_core.values.master import CustomerRow, PriceRow, ProductRow, StockRow, XrefRow
from oms_flow.master import ROW_TYPES, RowError
from parsers.sheet.columns import fold

NOTHING = Declared({}, {})


def write(folder: Path, text: str, encoding: str = "utf-8", name: str = "file.csv") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def rows(path: Path, kind: str, given: Given | None = None) -> list[object]:
    return list(MasterFile(path, kind, given).rows())


def errors(path: Path, kind: str, given: Given | None = None) -> list[tuple[int, str]]:
    read = MasterFile(path, kind, given)
    found = [row for row in read.rows() if isinstance(row, RowError)]
    return [(error.row, error.message) for error in at_their_rows(found, read.place)]


def test_a_german_export_is_read_as_it_is(tmp_path: Path) -> None:
    text = (
        "Artikelstamm;;;;;\n"
        "\n"
        "Artikelnummer;Bezeichnung;ME;EAN;MwSt;Gesperrt\n"
        "SCR-4030;Spanplattenschraube 4,0 x 30;Stk;4006381333931;19;nein\n"
        "KAB-3G15;Kabel für außen 3x1,5;m;;7 %;ja\n"
    )
    assert rows(write(tmp_path, text, "cp1252"), "products") == [
        ProductRow("SCR-4030", "Spanplattenschraube 4,0 x 30", "C62", "4006381333931", tax_class="standard"),
        ProductRow("KAB-3G15", "Kabel für außen 3x1,5", "MTR", tax_class="reduced", active=False),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
@pytest.mark.parametrize("mark", [";", ",", "\t", "|"])
def test_any_character_set_and_any_mark_between_cells(tmp_path: Path, encoding: str, mark: str) -> None:
    text = f"sku{mark}description{mark}unit\nA-1{mark}Größe müßig{mark}C62\n"
    assert rows(write(tmp_path, text, encoding), "products") == [ProductRow("A-1", "Größe müßig", "C62")]


def test_a_character_set_that_cannot_be_told_is_declared(tmp_path: Path) -> None:
    path = write(tmp_path, "sku;description;unit\nA-1;Größe;C62\n", "cp850")
    assert rows(path, "products", Given(form=Form(encoding="cp850"))) == [ProductRow("A-1", "Größe", "C62")]
    with pytest.raises(InvalidInput, match="no character set 'klingon'"):
        MasterFile(path, "products", Given(form=Form(encoding="klingon")))


@pytest.mark.parametrize(
    ("kind", "header", "row", "expected"),
    [
        (
            "customers",
            "N° client;Raison sociale;Rue;Code postal;Ville;Pays;Courriel",
            "C1;Ateliers Dupont;1 rue Haute;69001;Lyon;France;achats@dupont.example",
            CustomerRow("C1", "Ateliers Dupont", "1 rue Haute", "69001", "Lyon", "FR", email="achats@dupont.example"),
        ),
        (
            "customers",
            "Customer number,Name,Domains,Credit limit,Price list",
            "C2,Liffey Ltd,liffey.example mail.liffey.example,25000,TRADE",
            CustomerRow(
                "C2",
                "Liffey Ltd",
                domains=("liffey.example", "mail.liffey.example"),
                credit_limit=Decimal(25000),
                price_list="TRADE",
            ),
        ),
        (
            "prices",
            "Preisliste;Art.-Nr.;Preis;Währung;ab Menge;gültig ab",
            "A;SCR;1.234,50;EUR;100;01.02.2026",
            PriceRow("A", "SCR", Decimal("1234.5"), "EUR", Decimal(100), dt.date(2026, 2, 1)),
        ),
        ("stock", "Magazzino;Codice articolo;Giacenza", "MI;SCR;12,5", StockRow("MI", "SCR", Decimal("12.5"))),
        (
            "xref",
            "Klantnummer;Klantartikelnummer;Artikelcode;Eenheid;Factor",
            "K9;4711;SCR;doos;200",
            XrefRow("K9", "4711", "SCR", "BX", Decimal(200)),
        ),
    ],
)
def test_columns_are_found_by_their_words(tmp_path: Path, kind: str, header: str, row: str, expected: object) -> None:
    assert rows(write(tmp_path, f"{header}\n{row}\n"), kind) == [expected]


@pytest.mark.parametrize("kind", ROW_TYPES)
def test_no_header_word_means_two_fields_of_one_kind(kind: str) -> None:
    meanings = defaultdict(set)
    for row in word_rows():
        if row["kind"] in ("*", kind) and row["field"] in field_names(kind):
            for word in row["words"].split("|"):
                meanings[fold(word)].add(row["field"])
    assert {word: names for word, names in meanings.items() if len(names) > 1} == {}


def test_every_row_of_the_word_list_names_a_field_that_exists() -> None:
    for row in word_rows():
        kinds = ROW_TYPES if row["kind"] == "*" else (row["kind"],)
        assert any(row["field"] in field_names(kind) for kind in kinds), row


def test_columns_with_words_of_their_own_are_declared(tmp_path: Path) -> None:
    path = write(tmp_path, "Zeug;Wort;Sorte\nA-1;Ding;Bund\n")
    declared = Declared({"Zeug": "sku", "2": "description", "Sorte": "unit"}, {})
    assert rows(path, "products", Given(declared, units={"bund": "BE"})) == [ProductRow("A-1", "Ding", "BE")]


def test_what_a_person_declares_wins_over_the_words(tmp_path: Path) -> None:
    path = write(tmp_path, "Artikelnummer;Alte Nummer;Text;Einheit\nNEU;ALT;Ding;C62\n")
    declared = Declared({"Alte Nummer": "sku"}, {})
    assert rows(path, "products", Given(declared)) == [ProductRow("ALT", "Ding", "C62")]


def test_a_value_for_every_row_stands_in_for_a_column(tmp_path: Path) -> None:
    path = write(tmp_path, "sku;Bestand\nA-1;5\n")
    assert rows(path, "stock", Given(Declared({}, {"warehouse": "MAIN"}))) == [StockRow("MAIN", "A-1", Decimal(5))]


def test_a_column_that_is_missing_is_named_with_what_to_do(tmp_path: Path) -> None:
    path = write(tmp_path, "Artikelnummer;Farbe\nA-1;rot\n")
    with pytest.raises(
        InvalidInput, match=r"no column for description, unit of products.*'Farbe'.*--column description="
    ):
        MasterFile(path, "products")


def test_two_columns_for_one_field_are_asked_about(tmp_path: Path) -> None:
    path = write(tmp_path, "sku;Artikelnummer;Text;Einheit\nA;B;Ding;C62\n")
    with pytest.raises(InvalidInput, match="both look like sku"):
        MasterFile(path, "products")


def test_a_field_that_does_not_exist_is_refused_with_the_nearest(tmp_path: Path) -> None:
    path = write(tmp_path, "sku;description;unit\n")
    with pytest.raises(InvalidInput, match=r"products have no field 'sky'; did you mean sku\?"):
        MasterFile(path, "products", Given(Declared({"sku": "sky"}, {})))


def test_errors_name_the_row_of_the_file(tmp_path: Path) -> None:
    text = 'title\n\nsku;description;unit;active\n\nA;"two\nlines";C62;ja\nB;;C62;ja\n'
    text += "C;Ding;Gebind;ja\nD;Ding;C62;vielleicht\n"
    assert errors(write(tmp_path, text), "products") == [
        (6, "description is empty"),
        (7, "unit: 'Gebind' is no unit we know; explain it with --unit 'Gebind'=CODE (C62 is a piece)"),
        (8, "active: 'vielleicht' is neither yes nor no"),
    ]


def test_a_row_that_is_cut_off_or_too_long_is_no_row(tmp_path: Path) -> None:
    found = errors(write(tmp_path, "sku,description,unit,gtin\nA,x,C62,,\nB,x,C62\nC,x,C62,,1\n"), "products")
    assert [row for row, _ in found] == [3, 4]
    assert "cut off" in found[0][1]
    assert "quotes" in found[1][1]


def test_one_number_tells_what_the_others_mean(tmp_path: Path) -> None:
    path = write(tmp_path, "list;sku;price\nA;X;1.250\nA;Y;12,50\n")
    assert [row.price for row in rows(path, "prices")] == [Decimal(1250), Decimal("12.5")]  # type: ignore[attr-defined]


def test_a_number_that_nothing_explains_is_asked_about(tmp_path: Path) -> None:
    path = write(tmp_path, "list;sku;price\nA;X;1.250\n")
    [(row, message)] = errors(path, "prices")
    assert (row, "--decimal comma or point" in message) == (2, True)
    for comma, price in ((True, Decimal(1250)), (False, Decimal("1.25"))):
        told = Given(conventions=Conventions(decimal_comma=comma))
        assert rows(path, "prices", told) == [PriceRow("A", "X", price, "EUR")]


def test_what_is_no_number_in_either_convention_is_an_error(tmp_path: Path) -> None:
    path = write(tmp_path, "list;sku;price\nA;X;1,50\nA;Y;2,75\nA;Z;12.34,5.6\n")
    assert [row for row, _ in errors(path, "prices")] == [4]


def test_dates_are_told_by_the_others_or_asked_about(tmp_path: Path) -> None:
    told = write(tmp_path, "list;sku;price;valid from\nA;X;1;02/03/2026\nA;Y;1;25/03/2026\n")
    assert [row.valid_from for row in rows(told, "prices")] == [dt.date(2026, 3, 2), dt.date(2026, 3, 25)]  # type: ignore[attr-defined]
    alone = write(tmp_path, "list;sku;price;valid from\nA;X;1;02/03/2026\n")
    assert [row for row, _ in errors(alone, "prices")] == [2]
    given_order = Given(conventions=Conventions(day_first=False))
    assert rows(alone, "prices", given_order) == [PriceRow("A", "X", Decimal(1), "EUR", valid_from=dt.date(2026, 2, 3))]


def test_a_price_for_a_hundred_becomes_one_for_one(tmp_path: Path) -> None:
    path = write(tmp_path, "Liste;Artikel;Preis;Preiseinheit\nA;X;12,50;100\nA;Y;1,00;3\n")
    read = list(MasterFile(path, "prices").rows())
    assert read[0] == PriceRow("A", "X", Decimal("0.125"), "EUR")
    assert isinstance(read[1], RowError), "a third of a cent cannot be kept exactly"


def test_a_workbook_is_read_by_its_own_types(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.create_sheet("Notes")["A1"] = "nothing here"
    sheet = book.create_sheet("Artikel")
    sheet["B2"], sheet["C2"], sheet["D2"], sheet["E2"] = "Artikelnummer", "Bezeichnung", "Einheit", "EAN"
    sheet["B4"], sheet["C4"], sheet["D4"], sheet["E4"] = 1001, "Schraube", "St", 4006381333931
    sheet["B5"], sheet["C5"], sheet["D5"], sheet["E5"] = "A-2", None, "St", "4,00638E+12"
    book.save(tmp_path / "a.xlsx")
    read = MasterFile(tmp_path / "a.xlsx", "products")
    found = list(read.rows())
    assert found[0] == ProductRow("1001", "Schraube", "C62", "4006381333931")
    assert isinstance(found[1], RowError)
    assert read.place(found[1].row) == 5
    assert "rounded by a spreadsheet program" in found[1].message


def test_prices_in_a_workbook_are_what_was_typed(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.create_sheet("Preise")
    for cells in (
        ("list", "sku", "price", "valid from"),
        ("A", "X", 0.1 + 0.2, dt.date(2026, 1, 2)),
        ("A", "Y", 1.15, None),
    ):
        sheet.append(cells)
    sheet["C2"] = 0.3
    book.save(tmp_path / "a.xlsx")
    assert rows(tmp_path / "a.xlsx", "prices") == [
        PriceRow("A", "X", Decimal("0.3"), "EUR", valid_from=dt.date(2026, 1, 2)),
        PriceRow("A", "Y", Decimal("1.15"), "EUR"),
    ]


def test_a_sheet_is_chosen_by_name(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for name, sku in (("Old", "A"), ("New", "B")):
        sheet = book.create_sheet(name)
        sheet.append(("sku", "description", "unit"))
        sheet.append((sku, "x", "C62"))
    book.save(tmp_path / "a.xlsx")
    assert rows(tmp_path / "a.xlsx", "products", Given(form=Form(sheet="New"))) == [ProductRow("B", "x", "C62")]
    with pytest.raises(InvalidInput, match="no sheet 'Newer'; its sheets are Sheet, Old, New"):
        MasterFile(tmp_path / "a.xlsx", "products", Given(form=Form(sheet="Newer")))


def test_two_rows_that_contradict_each_other_are_an_error(tmp_path: Path) -> None:
    path = write(tmp_path, "sku,description,unit\nA,one,C62\nB,two,C62\nA,one,C62\nA,other,C62\n")
    assert errors(path, "products") == [(5, "row 2 says something else of A; keep one of the two")]


def test_a_product_may_stand_in_a_row_for_each_pack(tmp_path: Path) -> None:
    text = "sku;description;unit;pack unit;pack factor\nA;x;C62;BX;200\nA;x;C62;PF;8000\nA;x;C62;BX;100\n"
    assert errors(write(tmp_path, text), "products") == [
        (4, "row 2 says something else of A / BX; keep one of the two")
    ]


def test_tax_classes_countries_and_currencies_that_nobody_knows_are_named(tmp_path: Path) -> None:
    path = write(tmp_path, "sku,description,unit,tax class\nA,x,C62,33\n")
    assert "no tax class; there are standard, reduced, zero" in errors(path, "products")[0][1]
    path = write(tmp_path, "number,name,country\nC1,x,Atlantis\n")
    assert "no country we know" in errors(path, "customers")[0][1]
    path = write(tmp_path, "list,sku,price,currency\nA,x,1,Taler\n")
    assert "no currency" in errors(path, "prices")[0][1]


def test_reading_again_starts_from_the_beginning(tmp_path: Path) -> None:
    read = MasterFile(write(tmp_path, "sku,description,unit\nA,x,C62\n"), "products")
    assert list(read.rows()) == list(read.rows()) == [ProductRow("A", "x", "C62")]


def test_a_line_without_end_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path, "sku,description,unit\nA," + "x" * MAX_LINE_CHARS + ",C62\n")
    with pytest.raises(InvalidInput, match="line 2: longer than"):
        rows(path, "products")


def test_a_quote_that_is_never_closed_is_named(tmp_path: Path) -> None:
    path = write(tmp_path, 'sku,description,unit\nA,"x,C62\n')
    with pytest.raises(InvalidInput, match="quote"):
        rows(path, "products")


@pytest.mark.parametrize(("name", "data"), [("a.xlsx", b"PK\x03\x04 nothing"), ("empty.csv", b""), ("gone.csv", None)])
def test_what_is_no_table_is_told(tmp_path: Path, name: str, data: bytes | None) -> None:
    if data is not None:
        (tmp_path / name).write_bytes(data)
    with pytest.raises(InvalidInput, match=name):
        MasterFile(tmp_path / name, "products")


@given(st.lists(st.decimals(min_value=0, max_value=99999, places=2, allow_nan=False), min_size=1, max_size=8))
def test_numbers_survive_either_convention(tmp_path_factory: pytest.TempPathFactory, prices: list[Decimal]) -> None:
    folder = tmp_path_factory.mktemp("prices")
    for mark, thousands in ((",", "."), (".", ",")):
        texts = [f"{price:,.2f}".replace(",", " ").replace(".", mark).replace(" ", thousands) for price in prices]
        lines = [f'"{text}";X{place};A' for place, text in enumerate(texts)]
        path = write(folder, "\n".join(["price;sku;list", *lines, ""]))
        assert [row.price for row in rows(path, "prices")] == prices  # type: ignore[attr-defined]
