"""A person puts one table right, and the next of that form is read so: by its header or the place of its columns."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest

from oms_core.values import ColumnMap, DraftDocument, DraftLine, Hints, PathSource, Value
from oms_core.values.layout import Layout, Meaning
from parsers.sheet.cells import MAX_CHARS, prints, quotient
from tests.parsers.sheet.tables import read, read_book, said, saved, taught_by, values, workbook

PACKS = "PO;Code;Product;Cases;Case of;Wanted\nP-{n};KM-1;Mug blue;{a};12;{b}\nP-{n};KM-2;Mug red;{c};6;{d}\n"
"""Three columns that may be the quantity: only the sender knows which one is."""


def entered(value: object, text: str = "") -> Value[object]:
    return Value(value, PathSource("entered by anna", text or str(value)), 1.0)


def put_right(text: str, **fields: tuple[object, ...]) -> DraftDocument:
    """Return the one order of a table as a person leaves it: a value for each line; None leaves it, ... clears it."""
    (draft,), _ = read(text)
    lines = list(draft.lines)
    for name, wanted in fields.items():
        for at, value in enumerate(wanted):
            if value is not None:
                lines[at] = replace(lines[at], **{name: None if value is ... else entered(value)})
    return replace(draft, lines=tuple(lines))


def learned(text: str, **fields: tuple[object, ...]) -> Layout:
    layout = taught_by(text, put_right(text, **fields))
    assert layout is not None
    return layout


def reads(text: str, layout: Layout) -> DraftDocument:
    (draft,), _ = read(text, Hints(layouts=(layout,)))
    return draft


def test_the_column_that_was_meant_is_taken_from_then_on() -> None:
    first, later = PACKS.format(n=1, a=4, b=48, c=2, d=12), PACKS.format(n=2, a=3, b=36, c=5, d=30)
    assert values(read(first)[0][0], "quantity") != [48, 12]
    layout = learned(first, quantity=(Decimal(48), Decimal(12)))
    assert Meaning("column", "wanted", "quantity") in layout.meanings
    draft = reads(later, layout)
    assert values(draft, "quantity") == [36, 30]
    assert "layout.known" in [finding.code for finding in draft.findings]


def test_columns_in_another_order_are_known_by_their_headers() -> None:
    layout = learned(PACKS.format(n=1, a=4, b=48, c=2, d=12), quantity=(Decimal(48), Decimal(12)))
    turned = "Wanted;PO;Product;Code;Case of;Cases\n36;P-2;Mug blue;KM-1;12;3\n"
    assert values(reads(turned, layout), "quantity", "supplier_code") == [36, "KM-1"]


def test_the_same_form_as_a_workbook_is_known_as_well() -> None:
    layout = learned(PACKS.format(n=1, a=4, b=48, c=2, d=12), quantity=(Decimal(48), Decimal(12)))
    rows = (("PO", "Code", "Product", "Cases", "Case of", "Wanted"), ("P-2", "KM-1", "Mug", 3, 12, 36))
    (draft,), _ = read_book(saved(workbook(Order=rows)), Hints(layouts=(layout,)))
    assert values(draft, "quantity") == [36]


def test_an_owner_of_codes_is_learned() -> None:
    text = "Code;Product;Qty\nX-{0}1;Mug blue;4\nX-{0}2;Mug red;2\n"
    layout = learned(text.format(7), buyer_code=("X-71", "X-72"), supplier_code=(..., ...))
    assert Meaning("column", "code", "buyer_code") in layout.meanings
    assert values(reads(text.format(8), layout), "buyer_code", "supplier_code") == ["X-81", None, "X-82", None]


def test_a_column_that_says_nothing_of_ours_is_left_out_from_then_on() -> None:
    text = "Code;Product;Qty;Delivery date\nX-1;Mug blue;4;{0}\nX-2;Mug red;2;{0}\n"
    layout = learned(text.format("2026-03-01"), requested_date=(..., ...))
    assert Meaning("column", "delivery date", "other") in layout.meanings
    assert values(reads(text.format("2026-04-01"), layout), "requested_date") == [None, None]


def test_a_word_for_a_unit_is_learned() -> None:
    text = "Code;Product;Qty;Unit\nX-1;Mug;{0};Gebgr\nX-2;Jug;{1};Stk\n"
    layout = learned(text.format(4, 2), unit=("CT", None))
    assert "'gebgr' means CT (unit)" in layout.told()
    assert values(reads(text.format(7, 9), layout), "unit") == ["CT", "C62"]


def test_what_prices_are_printed_for_is_learned() -> None:
    text = "Code;Product;Qty;Price\nX-1;Screw;1000;{0}\nX-2;Nut;500;{1}\n"
    layout = learned(text.format("7,20", "2,10"), unit_price=(Decimal("0.072"), Decimal("0.021")))
    assert "'price' means unit price per 100 (column)" in layout.told()
    assert values(reads(text.format("8,00", "3,50"), layout), "unit_price") == [Decimal("0.08"), Decimal("0.035")]


def test_a_table_without_header_is_known_by_the_place_of_its_columns() -> None:
    text = "KM-1;{0};Mug blue;{1}\nKM-2;{2};Mug red;{3}\nKM-3;{4};Mug green;{5}\n"
    first = text.format(12, 48, 6, 24, 1, 5)
    assert values(read(first)[0][0], "quantity") != [48, 24, 5]
    layout = learned(first, quantity=(Decimal(48), Decimal(24), Decimal(5)))
    assert Meaning("column", "column 4", "quantity") in layout.meanings
    assert values(reads(text.format(12, 36, 6, 30, 1, 7), layout), "quantity") == [36, 30, 7]


def test_labels_of_the_senders_own_name_the_head_from_then_on() -> None:
    text = "Vorgangskennung;{0}\nReifetag;{1}\n\nCode;Product;Qty\nX-1;Mug;4\n"
    (draft,), _ = read(text.format("ZK-71", "03/04/2026"))
    assert said(draft.number, draft.requested_date) == [None, None]
    day = dt.date(2026, 4, 3)
    lesson = replace(draft, number=entered("ZK-71"), requested_date=entered(day, "3/4/2026"))
    layout = taught_by(text.format("ZK-71", "03/04/2026"), lesson)
    assert layout is not None
    assert layout.day_first is True
    after = reads(text.format("ZK-72", "05/06/2026"), layout)
    assert said(after.number, after.requested_date) == ["ZK-72", dt.date(2026, 6, 5)]
    (other,), _ = read(text.format("ZK-72", "05/06/2026"))
    assert other.number is None


def test_a_label_that_gave_the_wrong_number_says_nothing_from_then_on() -> None:
    text = "Order no:;{0}\nKennung:;{1}\n\nCode;Product;Qty\nX-1;Mug;4\n"
    (draft,), _ = read(text.format("S-1", "K-900"))
    layout = taught_by(text.format("S-1", "K-900"), replace(draft, number=entered("K-900")))
    assert layout is not None
    assert said(reads(text.format("S-2", "K-901"), layout).number) == ["K-901"]


def test_the_column_of_the_order_number_is_learned_and_tells_orders_apart() -> None:
    text = "Kette;Code;Product;Qty\n{0};X-1;Mug;4\n{0};X-2;Jug;5\n"
    (draft,), _ = read(text.format("R-71"))
    layout = taught_by(text.format("R-71"), replace(draft, number=entered("R-71")))
    assert layout is not None
    drafts, _ = read(text.format("R-72") + "R-73;X-1;Mug;9\n", Hints(layouts=(layout,)))
    assert [said(one.number) for one in drafts] == [["R-72"], ["R-73"]]


def test_who_orders_is_known_where_the_table_prints_the_name_again() -> None:
    text = "Tischlerei Aumann\n\nCode;Product;Qty\nX-1;Mug;{0}\n"
    (draft,), _ = read(text.format(4))
    lesson = replace(draft, buyer=replace(draft.buyer, name=entered("Tischlerei Aumann")))
    layout = taught_by(text.format(4), lesson)
    assert layout is not None
    assert said(reads(text.format(5), layout).buyer.name) == ["Tischlerei Aumann"]
    assert said(reads(text.format(5).replace("Aumann", "Berger"), layout).buyer.name) == [None]


def corrected_first(change: Callable[[DraftLine], DraftLine]) -> DraftDocument:
    (draft,), _ = read(PLAIN)
    return replace(draft, lines=(change(draft.lines[0]), *draft.lines[1:]))


PLAIN = "Pos;Code;Product;Qty;Price\n1;X-1;Mug;4;7\n2;X-2;Jug;5;8\n3;X-3;Cup;6;9\n"


@pytest.mark.parametrize(
    "change",
    [
        lambda line: replace(line, quantity=entered(Decimal(99))),
        lambda line: replace(line, quantity=entered(Decimal(7))),
        lambda line: replace(line, supplier_code=entered("Mug")),
        lambda line: replace(line, unit=entered("BX")),
        lambda line: replace(line, description=None),
    ],
)
def test_one_value_that_was_wrong_in_the_document_itself_teaches_nothing(
    change: Callable[[DraftLine], DraftLine],
) -> None:
    assert taught_by(PLAIN, corrected_first(change)) is None


def test_a_value_that_stands_in_two_columns_alike_teaches_nothing() -> None:
    text = "Code;Product;Qty;Rahmen;Abzug\nX-1;Mug;4;7;7\n"
    assert taught_by(text, put_right(text, quantity=(Decimal(7),))) is None


def test_a_form_that_changed_is_noticed_and_read_as_if_nothing_was_known() -> None:
    layout = learned(PACKS.format(n=1, a=4, b=48, c=2, d=12), quantity=(Decimal(48), Decimal(12)))
    (draft,), _ = read("SKU,Description,Qty\nA-1,Bolt,5\n", Hints(layouts=(layout,)))
    assert values(draft, "quantity") == [5]
    assert "layout.changed" in [finding.code for finding in draft.findings]


def test_a_column_of_words_is_never_taken_for_numbers() -> None:
    layout = learned(PACKS.format(n=1, a=4, b=48, c=2, d=12), quantity=(Decimal(48), Decimal(12)))
    words = "PO;Code;Product;Cases;Case of;Wanted\nP-2;KM-1;Mug blue;4;12;soon\nP-2;KM-2;Mug red;2;6;later\n"
    assert values(reads(words, layout), "quantity") == [4, 2]


def test_what_an_admin_declared_goes_before_what_was_learned() -> None:
    layout = learned(PACKS.format(n=1, a=4, b=48, c=2, d=12), quantity=(Decimal(48), Decimal(12)))
    declared = ColumnMap((("Code", "supplier_code"), ("Cases", "quantity")))
    (draft,), _ = read(PACKS.format(n=2, a=3, b=36, c=5, d=30), Hints(layouts=(layout,), column_map=declared))
    assert values(draft, "quantity") == [3, 5]
    assert "layout.changed" not in [finding.code for finding in draft.findings]


def test_a_second_correction_takes_the_place_of_the_first() -> None:
    first = PACKS.format(n=1, a=4, b=48, c=2, d=12)
    layout = learned(first, quantity=(Decimal(48), Decimal(12)))
    again = taught_by(first, put_right(first, quantity=(Decimal(4), Decimal(2))), layout)
    assert again is not None
    assert values(reads(PACKS.format(n=2, a=3, b=36, c=5, d=30), again), "quantity") == [3, 5]


def test_a_long_cell_counts_nothing_and_takes_no_time() -> None:
    assert prints("12 tubs", Decimal(12))
    assert not prints("12 " + "x" * MAX_CHARS, Decimal(12))
    assert not prints("1" + " " * 100_000 + "!", Decimal(1))


def test_a_cell_prints_a_day_a_unit_and_a_text_in_any_notation() -> None:
    assert prints("03/04/2026", dt.date(2026, 4, 3))
    assert prints("Stück", "C62")
    assert prints(" Mug  blue ", "mug blue")
    assert not prints("", "mug")
    assert quotient("7,20", Decimal("0.072")) == 100
    assert quotient("7,20", Decimal(0)) is None
