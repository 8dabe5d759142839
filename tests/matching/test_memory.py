"""The catalogue and the directory in memory answer as the ports say."""

import datetime as dt

import pytest

from matching import MemoryCatalogue, MemoryDirectory
from oms_core.errors import InvalidInput
from oms_core.values import CrossReference, Pack
from tests import factory

TODAY = factory.TODAY


def reference(sku: str, code: str = "A-77", start: dt.date | None = None, end: dt.date | None = None) -> CrossReference:
    return CrossReference("C-1", code, sku, valid_from=start, valid_to=end)


def found(*references: CrossReference, code: str = "A-77") -> str | None:
    hit = MemoryCatalogue((), references, TODAY).by_cross_reference("C-1", code)
    return hit.sku if hit else None


def test_a_reference_holds_from_its_first_to_its_last_day():
    assert found(reference("X", start=TODAY, end=TODAY)) == "X"
    assert found(reference("X", start=TODAY + dt.timedelta(days=1))) is None
    assert found(reference("X", end=TODAY - dt.timedelta(days=1))) is None


def test_of_two_references_the_later_one_holds():
    old, new = reference("OLD", start=dt.date(2025, 1, 1)), reference("NEW", start=dt.date(2026, 1, 1))
    assert found(old, new) == found(new, old) == "NEW"


def test_references_that_say_different_things_say_nothing():
    assert found(reference("X"), reference("Y")) is None
    assert found(reference("X"), reference("x ")) == "x "


def test_a_code_as_written_wins_over_one_that_folds_alike():
    assert found(reference("X", "A77"), reference("Y", "A-77")) == "Y"
    assert found(reference("X", "A77"), code="a.77") == "X"
    assert found(reference("X", "--"), code="//") is None


def test_a_sku_that_stands_twice_is_refused_by_name():
    twice = (factory.product("AB 1"), factory.product("ab  1 "))
    with pytest.raises(InvalidInput, match="SKU ab  1  stands twice"):
        MemoryCatalogue(twice, (), TODAY)


def test_a_gtin_that_two_products_claim_names_none():
    one = factory.product("A", gtin="4006381333931")
    two = factory.product("B", packs=(Pack("BX", factory.number(5), "04006381333931"),))
    assert MemoryCatalogue((one, two), (), TODAY).by_gtin("4006381333931") is None
    hit = MemoryCatalogue((one,), (), TODAY).by_gtin("04006381333931")
    assert hit is not None
    assert (hit[0].sku, hit[1].factor) == ("A", 1)


def test_codes_are_found_folded_once_each():
    product = factory.product("AB-12", manufacturer_code="ab 12")
    catalogue = MemoryCatalogue((product,), (), TODAY)
    assert catalogue.by_code("ab12") == (product,)
    assert catalogue.by_sku(" ab-12 ") == product
    assert catalogue.by_sku("ab12") is None
    assert catalogue.by_gtin("junk") is None


def test_a_directory_finds_customers_by_everything_they_are_known_by():
    huber = factory.customer(ids=("DE 811 907 980", "4012345000009"), emails=("Einkauf@Huber.example",))
    site = factory.ship_to()
    directory = MemoryDirectory((huber,), (site,))
    assert directory.customers_by_id("DE811907980") == (huber,)
    assert directory.customers_by_email("einkauf@huber.example") == (huber,)
    assert directory.customers_by_domain("huber-metallbau.example") == (huber,)
    assert directory.ship_tos("C-1001") == (site,)
    assert directory.ship_tos("C-9") == ()
    assert tuple(directory.customers()) == (huber,)
    assert directory.customers_by_id("") == ()


def test_a_ship_to_of_nobody_is_refused():
    with pytest.raises(InvalidInput, match="Ship-to S-1 belongs to no customer"):
        MemoryDirectory((), (factory.ship_to(customer=None),))  # type: ignore[arg-type]
