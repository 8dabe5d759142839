"""What columns mean, told from header, content and arithmetic: columns of texts in, roles out, no page anywhere."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.pdf.goods.column_kinds import counts_up, is_gtin, looks_like_code
from parsers.pdf.goods.column_roles import MAX_COLUMNS, solve
from parsers.pdf.goods.column_sums import ColumnText
from parsers.words.label_scripts import foreign
from parsers.words.number_cells import MAX_CELL_CHARS, figure, first_number


def columns(*texts: tuple[str, ...], headers: tuple[str, ...] = ()) -> list[ColumnText]:
    return [ColumnText(headers[index] if headers else "", cells) for index, cells in enumerate(texts)]


def test_arithmetic_names_the_columns_that_no_header_names() -> None:
    found = solve(columns(("1", "2"), ("Bolt M8", "Nut M8"), ("12", "30"), ("2.50", "0.40"), ("30.00", "12.00")))
    assert found.roles == ("line_number", "description", "quantity", "unit_price", "amount")
    assert (found.stated, found.closed, found.telling) == (2, 2, 2)


def test_arithmetic_settles_the_decimal_mark_where_every_figure_is_in_doubt() -> None:
    found = solve(
        columns(("Bolt", "Nut"), ("2", "4"), ("1,500", "2,250"), ("3,000", "9,000")), frozenset({Decimal(12000)})
    )
    assert found.sums
    assert found.comma is not True


def test_the_net_price_is_taken_where_list_price_and_discount_stand_beside_it() -> None:
    texts = (("A", "B"), ("2", "5"), ("100.00", "20.00"), ("10", "25"), ("90.00", "15.00"), ("180.00", "75.00"))
    headers = ("description", "quantity", "unit_price", "discount", "", "amount")
    assert solve(columns(*texts, headers=headers)).roles[4] == "unit_price"


def test_more_columns_than_a_table_may_have_are_left_out() -> None:
    many = [ColumnText("", ("1",))] * (MAX_COLUMNS + 1)
    assert len(solve(many).roles) == MAX_COLUMNS


@given(st.lists(st.tuples(st.integers(2, 900), st.integers(1, 99_999)), min_size=3, max_size=12))
def test_a_table_that_closes_is_read_so_whatever_its_numbers(lines: list[tuple[int, int]]) -> None:
    prices = [Decimal(cents) / 100 + Decimal("0.01") for _, cents in lines]
    amounts = [f"{count * price:.2f}" for (count, _), price in zip(lines, prices, strict=True)]
    headers = ("description", "quantity", "unit_price", "amount")
    texts = (
        tuple("Article" for _ in lines),
        tuple(str(count) for count, _ in lines),
        tuple(f"{price:.2f}" for price in prices),
        tuple(amounts),
    )
    found = solve(columns(*texts, headers=headers))
    assert found.closed == found.stated == len(lines)
    assert set(found.roles[1:3]) == {"quantity", "unit_price"}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("EUR 4,50 / 100", "4.50"),
        ("10 pcs", "10"),
        ("3 x Box", "3"),
        ("(12.00)", "-12.00"),
        ("Rs.500", "500"),
        ("1 200,50", "1200.50"),
        ("5 m2", "5"),
        ("2.150 KD", "2.150"),
        ("12,-", "12"),
    ],
)
def test_a_figure_is_read_with_what_stands_around_it(text: str, value: str) -> None:
    found = figure(text, comma=None)
    assert found is not None
    assert found.value == Decimal(value)


@pytest.mark.parametrize("text", ["HX-0840", "M8x40", "12.03.2026", "12/03/26", "00020 RO-2NDED25", "", "Bolt"])
def test_codes_sizes_and_dates_are_no_figures(text: str) -> None:
    assert figure(text, comma=None) is None


def test_a_text_just_over_the_limit_is_no_cell_of_figures() -> None:
    assert first_number("1".rjust(MAX_CELL_CHARS), comma=None) is not None
    assert first_number("1".rjust(MAX_CELL_CHARS + 1), comma=None) is None


def test_what_counts_up_and_what_is_a_code() -> None:
    assert counts_up(("00010", "00020", "00030"))
    assert not counts_up(("4", "4", "4"))
    assert is_gtin("4006381333931")
    assert not is_gtin("4006381333932")
    assert looks_like_code("ET 24872/3")
    assert not looks_like_code("12,50")


@pytest.mark.parametrize(
    ("text", "field"), [("数量", "quantity"), ("Кол-во", "quantity"), ("単価", "unit_price"), ("Qty", None)]
)
def test_headings_in_other_alphabets_are_known_too(text: str, field: str | None) -> None:
    assert foreign("column", text) == field
