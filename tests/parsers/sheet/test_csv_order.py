from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oms_core.errors import UnreadableDocument
from oms_core.values import (
    CellSource,
    ColumnMap,
    Head,
    Hints,
    Limits,
    Severity,
)
from parsers.sheet.csv_order import MAX_CELL_CHARS, MAX_COLUMNS, CsvParser
from tests.parsers.sheet.tables import read, values

GERMAN = """Muster GmbH;;;
Bestellnummer:;B-2026-17;;
Bestelldatum;01.03.2026;;
Kundennummer: K-77;;;
Lieferadresse:;;;
Muster Lager;;;
Am Hafen 2;;;
53111 Bonn;;;
;;;
Pos.;Artikel-Nr.;Bezeichnung;Menge;Einheit;Preis (EUR);Gesamt
1;HX-M8;Schraube M8x40;1.250;Stk;0,12;150,00
2;KB-5;Kabel NYM 3x1,5;12,5;m;1,50;18,75
;;Summe netto;;;;168,75
;;MwSt 19 %;;;;32,06
;;Gesamtbetrag;;;;200,81
"""


def test_a_german_order_with_labels_above_and_totals_below_is_read() -> None:
    (draft,), findings = read(GERMAN)
    assert findings == []
    assert draft.findings == ()
    heading = (draft.number, draft.date, draft.buyer.id, draft.ship_to.name, draft.ship_to.address)
    assert [value and value.value for value in heading] == [
        "B-2026-17",
        date(2026, 3, 1),
        "K-77",
        "Muster Lager",
        "Am Hafen 2, 53111 Bonn",
    ]
    assert values(draft, "line_number", "supplier_code", "quantity", "unit") == [
        *("1", "HX-M8", Decimal(1250), "C62"),
        *("2", "KB-5", Decimal("12.5"), "MTR"),
    ]
    assert values(draft, "unit_price", "amount") == [*map(Decimal, ("0.12", "150.00", "1.50", "18.75"))]
    totals = (draft.totals.net, draft.totals.tax, draft.totals.gross)
    assert [value and value.value for value in totals] == [Decimal("168.75"), Decimal("32.06"), Decimal("200.81")]


def test_every_value_says_its_cell() -> None:
    (draft,), _ = read(GERMAN)
    line = draft.lines[1]
    assert line.quantity is not None
    assert line.quantity.source == CellSource(12, 4, "12,5")
    assert draft.number is not None
    assert draft.number.source == CellSource(2, 2, "B-2026-17")


@pytest.mark.parametrize(
    "header",
    [
        "SKU,Description,Qty",
        "Artikelnummer,Bezeichnung,Menge",
        "Référence,Désignation,Quantité",
        "Código,Descripción,Cantidad",
        "Codice,Descrizione,Quantità",
        "Artikelnummer,Omschrijving,Aantal",
        "Indeks,Nazwa,Ilość",
        "Código,Descrição,Quantidade",
    ],
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_eight_languages_four_delimiters_and_unicode_are_read(header: str, delimiter: str, codec: str) -> None:
    text = f"{header}\nA-1,Größe 5,3\nA-2,Łącznik,4\n".replace(",", delimiter)
    (draft,), findings = read(text.encode(codec))
    assert findings == []
    assert values(draft, "supplier_code", "description", "quantity") == ["A-1", "Größe 5", 3, "A-2", "Łącznik", 4]


def test_windows_1252_is_read_with_a_note() -> None:
    (draft,), findings = read("SKU;Bezeichnung;Menge\nA;Größe €;3\n".encode("cp1252"))
    assert values(draft, "description") == ["Größe €"]
    assert [(finding.code, finding.severity) for finding in findings] == [("csv.charset", Severity.NOTE)]


def test_the_line_sep_names_the_delimiter() -> None:
    (draft,), _ = read("sep=|\nSKU|Qty\nA;1|3\n")
    assert values(draft, "supplier_code", "quantity") == ["A;1", 3]
    assert draft.lines[0].quantity is not None
    assert draft.lines[0].quantity.source == CellSource(3, 2, "3")


def test_declared_columns_by_word_and_by_number_count_alone() -> None:
    text = "Foo;Bar;Qty\nA;5;9\nB;6;8\n"
    by_word = ColumnMap((("foo", "buyer_code"), ("BAR", "quantity")))
    (draft,), _ = read(text, Hints(column_map=by_word))
    assert values(draft, "buyer_code", "supplier_code", "quantity") == ["A", None, 5, "B", None, 6]
    by_number = ColumnMap((("1", "supplier_code"), ("3", "quantity")))
    (draft,), _ = read(text, Hints(column_map=by_number))
    assert values(draft, "supplier_code", "quantity") == ["A", 9, "B", 8]
    assert draft.confidence < draft.lines[0].quantity.confidence  # type: ignore[union-attr]


def test_orders_are_grouped_by_their_number_column() -> None:
    text = "PO Number,Customer,SKU,Qty\n17,Alpha,A,1\n,,B,2\n18,Beta,C,3\n17,Alpha,D,4\n"
    drafts, _ = read(text)
    assert [draft.number and draft.number.value for draft in drafts] == ["17", "18"]
    assert [draft.buyer.name and draft.buyer.name.value for draft in drafts] == ["Alpha", "Beta"]
    assert [values(draft, "supplier_code") for draft in drafts] == [["A", "B", "D"], ["C"]]


def test_in_an_order_form_only_rows_with_a_quantity_are_ordered() -> None:
    rows = "".join(f"A-{number},Thing {number},{'' if number % 4 else number}\n" for number in range(1, 13))
    (draft,), _ = read("SKU,Description,Qty\n" + rows)
    assert values(draft, "quantity") == [4, 8, 12]
    assert draft.findings == ()


def test_a_lone_row_without_a_quantity_is_named() -> None:
    (draft,), _ = read("SKU,Qty\nA,1\nB,\nC,3\nD,0\n")
    assert values(draft, "supplier_code") == ["A", "C"]
    assert [(finding.code, finding.severity) for finding in draft.findings] == [("table.no_quantity", Severity.REVIEW)]
    assert "3" in draft.findings[0].message


def test_what_is_no_number_or_no_certain_day_goes_to_review() -> None:
    (draft,), _ = read("SKU,Qty,Delivery date\nA,lots,01/02/2026\nB,-2,2026-02-01\n")
    assert [finding.place for finding in draft.findings] == [
        "lines[0].quantity",
        "lines[0].requested_date",
        "lines[1].quantity",
    ]
    assert values(draft, "quantity") == [None, -2]


def test_other_dates_of_the_column_settle_day_and_month() -> None:
    (draft,), _ = read("SKU,Qty,Delivery date\nA,1,01/02/2026\nB,2,25/02/2026\n")
    assert values(draft, "requested_date") == [date(2026, 2, 1), date(2026, 2, 25)]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("SKU,Description,Price\nA,Bolt,1.00\n", "table.no_order"),
        ("SKU,Description,Stock\nA,Bolt,100\n", "table.no_order"),
        ("Name,Age\nAnn,5\n", "table.no_order"),
        ("Qty,Price\n1,2\n", "table.no_order"),
        ("SKU,Qty\nA,\nB,\n", "table.no_quantities"),
    ],
)
def test_a_list_that_orders_nothing_is_noted_and_is_no_order(text: str, code: str) -> None:
    drafts, findings = read(text)
    assert drafts == []
    assert [(finding.code, finding.severity) for finding in findings] == [(code, Severity.NOTE)]


def test_text_that_looks_like_a_formula_stays_text() -> None:
    (draft,), _ = read('SKU,Description,Qty\n=1+1,"=HYPERLINK(""x"")",2\n@A,+1,=3\n')
    assert values(draft, "supplier_code", "description") == ["=1+1", '=HYPERLINK("x")', "@A", "+1"]
    assert values(draft, "quantity") == [2, None]


@pytest.mark.parametrize(
    ("text", "limits", "code"),
    [
        ("SKU,Qty\n" + "A,1\n" * 10, Limits(rows=10), "too_large"),
        ("SKU,Qty\n" + "A,1\n" * 10, Limits(bytes=47), "too_large"),
        ("SKU,Qty\nA,1" + "," * (MAX_COLUMNS - 1), Limits(), "broken_table"),
        ("SKU,Qty\n" + "A" * (MAX_CELL_CHARS + 1) + ",1", Limits(), "broken_table"),
        ("SKU,Qty\n" + "A" * 200_000 + ",1", Limits(), "broken_table"),
    ],
)
def test_just_over_a_limit_is_refused(text: str, limits: Limits, code: str) -> None:
    with pytest.raises(UnreadableDocument) as caught:
        read(text, Hints(limits=limits))
    assert caught.value.code == code


def test_just_within_the_limits_is_read() -> None:
    (draft,), _ = read("SKU,Qty\n" + "A,1\n" * 9, Hints(limits=Limits(rows=10, bytes=44)))
    assert len(draft.lines) == 9
    (draft,), _ = read("SKU,Qty\n" + "A" * MAX_CELL_CHARS + ",1" + "," * (MAX_COLUMNS - 2))
    assert len(draft.lines) == 1


@pytest.mark.parametrize(
    ("data", "filename", "claimed"),
    [
        (b"a;b\n1;2\n", "x.csv", True),
        (b"a;b;c\n1;2;3\n", "", True),
        (b"Dear all, please send,\nthanks\n", "mail.txt", False),
        (b"\x00\x01\x02;\n", "x.csv", False),
        (b"ISA*00;x", "x.csv", False),
        (b"UNB+UNOA:1", "x.csv", False),
        (b"%PDF-1.4", "x.csv", False),
    ],
)
def test_identify_claims_tables_only(data: bytes, filename: str, claimed: bool) -> None:
    assert (CsvParser().identify(Head(data, filename, None, len(data))) is not None) == claimed


@given(st.one_of(st.binary(max_size=300), st.text(alphabet='SKU,Qty;\n"\t1.-=é', max_size=200).map(str.encode)))
def test_no_bytes_raise_anything_but_unreadable(data: bytes) -> None:
    try:
        CsvParser().identify(Head(data, "", None, len(data)))
        read(data)
    except UnreadableDocument as error:
        assert str(error).endswith(".")  # noqa: PT017


@pytest.mark.parametrize(
    ("text", "numbers", "codes", "names"),
    [
        ("No.,SKU,Qty\n1,A,5\n2,B,6\n", ["1", "2"], ["A", "B"], [None, None]),
        ("Line No.,No.,Description,Qty\n10,A,x,5\n20,B,y,6\n", ["10", "20"], ["A", "B"], ["x", "y"]),
        ("Item,Qty\nBolt,5\nNut,6\n", [None, None], [None, None], ["Bolt", "Nut"]),
    ],
)
def test_a_column_headed_item_or_no_is_told_by_its_contents(
    text: str, numbers: list[str | None], codes: list[str | None], names: list[str | None]
) -> None:
    (draft,), _ = read(text)
    assert values(draft, "line_number") == numbers
    assert values(draft, "supplier_code") == codes
    assert values(draft, "description") == names


def test_item_no_beside_a_description_is_the_code() -> None:
    (draft,), _ = read("Order no.,Item no.,Description,Qty\nB-7,LED-8W,LED lamp,10\nB-7,CND-M25,Conduit,60\n")
    assert values(draft, "supplier_code") == ["LED-8W", "CND-M25"]
    assert values(draft, "line_number") == [None, None]


def test_item_no_beside_a_code_counts_the_lines() -> None:
    (draft,), _ = read("Item no.,SKU,Qty\n10,LED-8W,10\n20,CND-M25,60\n")
    assert values(draft, "line_number", "supplier_code") == ["10", "LED-8W", "20", "CND-M25"]


@pytest.mark.parametrize(
    "header",
    [
        "N\u00b0 de commande",
        "N\u00ba de pedido",
        "N.\u00ba de pedido",
        "n\u00b0 ordine",
        "N. ordine",
        "N.\u00ba da encomenda",
    ],
)
def test_the_one_letter_for_number_is_read_in_every_spelling(header: str) -> None:
    (draft,), _ = read(f"{header};SKU;Qty\nB-7;LED-8W;10\n")
    assert draft.number is not None
    assert draft.number.value == "B-7"
