"""A unit code is a word wherever a person reads it."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oms_core.values import in_units, plain, unit_name


@pytest.mark.parametrize(
    ("code", "word"),
    [
        ("C62", "piece"),
        ("MTR", "metre"),
        ("BO", "bottle"),
        ("BX", "box"),
        ("XBX", "box"),
        ("KGM", "kg"),
        ("PR", "pair"),
    ],
)
def test_a_code_is_said_as_people_say_it(code: str, word: str) -> None:
    assert unit_name(code) == word


@pytest.mark.parametrize("unknown", ["", "ZZ", "Gebinde", "XYZ", "bx", "X"])
def test_what_nobody_knows_stays_as_it_stands(unknown: str) -> None:
    assert unit_name(unknown) == unknown


@pytest.mark.parametrize(
    ("number", "code", "said"),
    [
        ("1", "BX", "1 box"),
        ("12.000", "BX", "12 boxes"),
        ("0", "C62", "0 pieces"),
        ("2.5", "KGM", "2.5 kg"),
        ("3", "DZN", "3 dozen"),
        ("2", "FOT", "2 feet"),
        ("4", "Gebinde", "4 Gebinde"),
        ("7", "", "7"),
    ],
)
def test_a_quantity_is_said_with_its_unit(number: str, code: str, said: str) -> None:
    assert in_units(Decimal(number), code) == said


@given(st.text(max_size=12), st.decimals(min_value=0, max_value=10**6, places=3))
def test_any_text_can_stand_as_a_unit(code: str, number: Decimal) -> None:
    assert in_units(number, code).startswith(plain(number))
    assert unit_name(code) in in_units(Decimal(1), code)
