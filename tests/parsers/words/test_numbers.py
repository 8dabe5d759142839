from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.words.numbers import MAX_NUMBER_CHARS, decimal_comma, parse_number


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        ("1.234,56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("1 234,50", "1234.50"),
        ("1'234.50", "1234.50"),
        ("1.000.000", "1000000"),
        ("0,125", "0.125"),
        ("€ 12,50", "12.50"),
        ("12.50 EUR", "12.50"),
        ("12,-", "12"),
        ("5-", "-5"),
        ("(3.20)", "-3.20"),
        (".5", "0.5"),
        ("007", "7"),
    ],
)
def test_a_number_that_reads_one_way_is_read(printed: str, value: str) -> None:
    assert parse_number(printed) == Decimal(value)


@pytest.mark.parametrize("printed", ["", "abc", "12 pcs", "1,2,3", "1..2", "12 34", "=1+1", "1e9", "NaN", "1" * 41])
def test_what_is_no_number_gives_none(printed: str) -> None:
    assert parse_number(printed) is None


def test_the_column_settles_what_one_text_leaves_open() -> None:
    german = ["1.250", "12,50", "3"]
    english = ["1.250", "12.5", "3"]
    assert parse_number("1.250", decimal_comma(german)) == 1250
    assert parse_number("1.250", decimal_comma(english)) == Decimal("1.250")
    assert decimal_comma(["1.250", "3"]) is None
    assert decimal_comma(["1,5", "1.5"]) is None


def test_a_text_that_reads_one_way_only_wins_over_the_column() -> None:
    assert parse_number("12.50", decimal_comma=True) == Decimal("12.50")


def test_a_number_just_over_the_limit_is_none() -> None:
    assert parse_number("1" * MAX_NUMBER_CHARS) is not None
    assert parse_number("1" * (MAX_NUMBER_CHARS + 1)) is None


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2), st.booleans())
def test_grouped_numbers_come_back_in_both_conventions(value: Decimal, comma: bool) -> None:
    printed = f"{value:,.2f}"
    if comma:
        printed = printed.translate(str.maketrans(",.", ".,"))
    assert parse_number(printed, comma) == value


@given(st.text(max_size=60))
def test_no_text_makes_it_raise(text: str) -> None:
    value = parse_number(text)
    assert value is None or value.is_finite()
