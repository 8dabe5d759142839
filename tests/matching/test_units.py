"""From the ordered unit to the stock unit: by agreement, pack, standard; exactly, or not at all."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.units import STANDARD_FACTORS, conversion, standard_factor, to_ordered, to_stock, unit_code
from oms_core.values import Pack
from tests import factory

SCREWS = factory.product(packs=(Pack("BX", Decimal(200), "04006381333931"), Pack("PF", Decimal(9600))))
CABLE = factory.product("NYM", unit="MTR", packs=(Pack("RL", Decimal(50)),))


@pytest.mark.parametrize(
    ("unit", "factor"),
    [
        ("C62", "1"),
        ("Stück", "1"),
        ("pcs.", "1"),
        ("EA", "1"),
        (None, "1"),
        ("  ", "1"),
        ("BX", "200"),
        ("box", "200"),
        ("Schachtel", "200"),
        ("Palette", "9600"),
        ("DZN", "12"),
        ("CEN", "100"),
        ("MIL", "1000"),
        ("CT", None),
        ("KGM", None),
        ("MTR", None),
        ("handful", None),
    ],
)
def test_units_of_screws(unit: str | None, factor: str | None):
    found = conversion(unit, SCREWS)
    assert (found and str(found.factor)) == factor


@pytest.mark.parametrize(
    ("unit", "factor"), [("m", "1"), ("KMT", "1000"), ("cm", "0.01"), ("MMT", "0.001"), ("RL", "50"), ("C62", None)]
)
def test_units_of_cable(unit: str, factor: str | None):
    found = conversion(unit, CABLE)
    assert (found.factor if found else None) == (Decimal(factor) if factor else None)


def test_the_customers_agreement_comes_first_and_holds_for_its_unit_only():
    boxes_of_50 = factory.cross_reference(unit="BX", factor=Decimal(50))
    every_unit = factory.cross_reference(factor=Decimal(12))
    per_box = factory.cross_reference(unit="BX")
    assert [conversion(unit, SCREWS, boxes_of_50).factor for unit in ("BX", None, "C62")] == [50, 50, 1]
    assert [conversion(unit, SCREWS, every_unit).factor for unit in ("BX", None, "C62")] == [12, 12, 12]
    assert [conversion(unit, SCREWS, per_box).factor for unit in ("BX", None, "C62")] == [200, 200, 1]


def test_the_gtin_of_a_pack_sets_the_unit_and_another_unit_is_doubted():
    pack = SCREWS.packs[0]
    for unit in (None, "BX", "box"):
        found = conversion(unit, SCREWS, None, pack)
        assert (found.factor, found.doubt) == (200, "")
    found = conversion("PCE", SCREWS, None, pack)
    assert (found.factor, found.doubt) == (200, "the GTIN is that of one box of 200 pieces, but the line is in pieces")


def test_the_gtin_of_the_stock_unit_leaves_the_ordered_unit_alone():
    assert conversion("BX", SCREWS, None, Pack("C62", Decimal(1))).factor == 200


def test_a_pack_without_content_converts_nothing():
    assert conversion("BX", factory.product(packs=(Pack("BX", Decimal(0)),))) is None
    assert conversion("C62", SCREWS, factory.cross_reference(factor=Decimal(0))).factor == 1


def test_names_and_codes_of_a_unit_are_one():
    assert {unit_code(name) for name in ("pce", "H87", "ea", "Stk.", "pièces", " each ")} == {"C62"}
    assert unit_code("XYZ") == unit_code("xyz") == "XYZ"


def test_what_has_no_exact_factor_is_not_converted():
    assert standard_factor("C62", "DZN") is None
    assert to_ordered(Decimal(1), Decimal(3)) is None
    assert to_ordered(Decimal(1), Decimal(0)) is None


@pytest.mark.parametrize("quantity", ["NaN", "Infinity", "1E+500", "0.0000001", "1000000000001"])
def test_what_cannot_be_kept_is_not_converted(quantity: str):
    assert to_stock(Decimal(quantity), Decimal(1)) is None


quantities = st.decimals(min_value="0.001", max_value="100000", places=3)
factors = st.decimals(min_value="0.001", max_value="100000", places=3)


@given(quantities, factors)
def test_conversions_are_exact_and_reversible(quantity: Decimal, factor: Decimal):
    stock = to_stock(quantity, factor)
    assert stock is not None
    assert stock == quantity * factor
    assert to_ordered(stock, factor) == quantity


def test_every_standard_conversion_goes_both_ways_or_not_at_all():
    for (unit, into), factor in STANDARD_FACTORS.items():
        assert standard_factor(unit, into) == factor
        back = standard_factor(into, unit)
        assert back is None or back * factor == 1
