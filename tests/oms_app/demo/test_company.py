"""The demo company is whole, plausible and the same for the same seed."""

from collections import Counter
from decimal import Decimal
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import ean

from oms_app.demo.catalogue import many_products
from oms_app.demo.chance import chance
from oms_app.demo.company import CONTRACTS, WAREHOUSES, DemoCompany, PriceBook, build_company, contract_skus
from oms_app.demo.customers import profile
from oms_app.demo.gs1_numbers import GTIN_COUNT, gln, gtin
from oms_app.demo.languages import LANGUAGES, decimal_text, same
from oms_core.values.money import exact


def test_there_are_400_products_in_six_trades_each_with_a_sku_a_gtin_and_a_makers_code_of_its_own(company: DemoCompany):
    assert len(company.products) == 400
    for values in (
        {row.sku for row in company.products},
        {row.gtin for row in company.products},
        {row.manufacturer_code for row in company.products},
        {row.description for row in company.products},
    ):
        assert len(values) == 400
    assert Counter(article.trade for article in company.articles) == {
        "fasteners": 120,
        "electrical": 80,
        "plumbing": 60,
        "office": 50,
        "cleaning": 45,
        "food-service": 45,
    }


def test_every_gtin_is_a_restricted_number_with_a_right_check_digit(company: DemoCompany):
    for row in company.products:
        assert row.gtin is not None
        assert ean.is_valid(row.gtin)
        assert 20 <= int(row.gtin[:3]) <= 29


@given(st.integers(min_value=0, max_value=GTIN_COUNT - 1))
def test_check_digits_are_those_of_gs1_and_a_gln_is_never_a_gtin(number: int):
    assert ean.is_valid(gtin(number))
    assert ean.is_valid(gln(number))
    assert gtin(number) != gln(number)


def test_near_twins_differ_in_one_size_or_one_shade(company: DemoCompany):
    descriptions = {row.sku: row.description for row in company.products}
    assert descriptions["HXB-M8X40-A2"] == "Hex bolt DIN 933 M8x40 A2"
    assert descriptions["HXB-M8X45-A2"] == "Hex bolt DIN 933 M8x45 A2"
    assert descriptions["NTG-M-BUE"] == "Nitrile glove M blue"
    assert descriptions["NTG-M-BCK"] == "Nitrile glove M black"


def test_every_article_has_a_name_in_every_language(company: DemoCompany):
    for article in company.articles:
        assert article.names.of("en") == article.row.description
        assert all(article.names.of(language).strip() for language in LANGUAGES)
    with pytest.raises(ValueError, match="speaks en, de"):
        same("word").of("pl")


def test_stock_lies_in_three_warehouses_and_scarce_goods_in_one(company: DemoCompany):
    assert {row.warehouse for row in company.stock} == set(WAREHOUSES)
    assert len({row.sku for row in company.stock}) == 400
    places = Counter(row.sku for row in company.stock)
    assert all(places[sku] == 1 for sku in company.scarce)
    assert all(count == 3 for sku, count in places.items() if sku not in company.scarce)


def test_fifteen_customers_have_reserved_domains_valid_glns_and_a_list_that_exists(company: DemoCompany):
    lists = {row.price_list for row in company.prices}
    assert len(company.sold_tos) == 15
    for row in company.sold_tos:
        assert row.email is not None
        assert row.email.endswith(".example")
        assert row.email.rpartition("@")[2] in row.domains
        assert row.price_list in lists
        assert row.edi_id in {None, row.gln}
    glns = [row.gln for row in company.customers]
    assert all(ean.is_valid(number) for number in glns)
    assert len(set(glns)) == len(glns)
    for numbers in ([row.vat_id for row in company.sold_tos], [row.email for row in company.sold_tos]):
        assert len(set(numbers)) == 15


def test_every_ship_to_belongs_to_a_customer(company: DemoCompany):
    numbers = {row.number for row in company.sold_tos}
    ship_tos = [row for row in company.customers if row.ship_to_of is not None]
    assert len(ship_tos) >= 10
    assert {row.ship_to_of for row in ship_tos} <= numbers
    assert company.ship_tos("K1001")[0].number == "K1001-1"


def test_prices_fall_with_quantity_and_fit_the_database(company: DemoCompany):
    by_list: dict[tuple[str, str], list[tuple[Decimal, Decimal]]] = {}
    for row in company.prices:
        assert exact(row.price) == row.price > 0
        by_list.setdefault((row.price_list, row.sku), []).append((row.quantity_from, row.price))
    for steps in by_list.values():
        assert steps[0][0] == 0
        assert steps == sorted(steps)
        assert [price for _, price in steps] == sorted((price for _, price in steps), reverse=True)
    assert len(by_list) == 400 * 5


def test_a_price_book_takes_the_largest_break_that_is_reached(company: DemoCompany):
    book = PriceBook(company)
    steps = [row for row in company.prices if (row.price_list, row.sku) == ("A", "HXB-M8X40-A2")]
    assert [row.quantity_from for row in steps] == [0, 500, 2000]
    for quantity, step in ((1, 0), (499, 0), (500, 1), (1999, 1), (2000, 2), (90_000, 2)):
        assert book.price("K1001", "HXB-M8X40-A2", Decimal(quantity)) == steps[step].price


def test_a_contract_beats_its_basis_list_on_what_was_agreed_and_only_there(company: DemoCompany):
    listed = {(row.price_list, row.sku): row.price for row in company.prices if row.quantity_from == 0}
    for contract, basis in CONTRACTS.items():
        agreed = contract_skus(company, contract)
        assert len(agreed) == 25
        for row in company.products:
            price, usual = listed[contract, row.sku], listed[basis, row.sku]
            assert price < usual if row.sku in agreed else price == usual


def test_cross_references_are_unique_per_customer_and_mean_goods_that_exist(company: DemoCompany):
    skus = {row.sku: row for row in company.products}
    keys = [(row.customer, row.code) for row in company.xrefs]
    assert len(set(keys)) == len(keys) == 160
    for row in company.xrefs:
        product = skus[row.sku]
        assert (row.unit, row.factor) in {(product.unit, 1), (product.pack_unit, product.pack_factor)}
    assert any(row.factor != 1 for row in company.xrefs)


def test_the_same_seed_gives_the_same_company_and_another_seed_another(company: DemoCompany):
    assert build_company(7) == company
    other = build_company(8)
    assert other.prices != company.prices
    assert {row.sku for row in other.products} == {row.sku for row in company.products}
    assert chance(1, "a").random() == chance(1, "a").random() != chance(1, "b").random()


def test_unknown_customers_are_named_in_the_error(company: DemoCompany):
    with pytest.raises(KeyError, match="K9999"):
        company.customer("K9999")
    with pytest.raises(KeyError, match="K9999"):
        profile("K9999")


def test_many_products_are_all_different_and_the_same_again():
    rows = list(many_products(5_000, 3))
    assert len({row.sku for row in rows}) == len({row.gtin for row in rows}) == 5_000
    assert all(row.gtin is not None and ean.is_valid(row.gtin) for row in rows[::97])
    assert rows == list(many_products(5_000, 3))
    assert rows != list(many_products(5_000, 4))
    assert list(many_products(0)) == []


def test_many_products_stream_and_never_meet_the_demo_catalogue(company: DemoCompany):
    first = list(islice(many_products(10**12), 2_000))
    assert not {row.gtin for row in first} & {row.gtin for row in company.products}
    assert not {row.sku for row in first} & {row.sku for row in company.products}


def test_numbers_are_printed_as_the_language_does():
    assert decimal_text(Decimal("1.5"), "de", 2) == "1,50"
    assert decimal_text(Decimal("0.0814"), "en", 2) == "0.0814"
    assert decimal_text(Decimal(200), "fr") == "200"
