"""Which product a line means, told as the stories of one customer's orders."""

import datetime as dt
from decimal import Decimal

import pytest

from matching import MemoryCatalogue, chosen_line, match_line
from matching.exact import MAX_CODES_IN_TEXT
from matching.weights import MATCH_ALONE, MAX_CANDIDATES, SHORTLIST
from oms_core.errors import NotFound
from oms_core.values import CrossReference, Decision, DraftLine, LineMatch, Pack, Product
from tests import factory

HUBER, OTHER = "C-1001", "C-2002"


def bolt(length: int, finish: str = "A2", **changes: object) -> Product:
    return factory.product(
        f"HX-M8X{length}-{finish}",
        description=f"Hex bolt M8x{length} DIN 933 {finish}",
        packs=(Pack("BX", Decimal(100)),),
        **changes,
    )


PRODUCTS = (
    bolt(40, gtin="4006381333931", manufacturer_code="933-0840/A2"),
    bolt(45),
    bolt(40, "A4"),
    bolt(50, active=False),
    factory.product(packs=(Pack("BX", Decimal(200), "96385074"),)),
    factory.product("GLV-L", description="Nitrile gloves blue size L, 100 pcs", manufacturer_code="NG100L", packs=()),
    factory.product("TAPE-50", description="Packing tape brown 50 mm x 66 m", manufacturer_code="SHARED1", packs=()),
    factory.product("TAPE-38", description="Packing tape brown 38 mm x 66 m", manufacturer_code="SHARED-1", packs=()),
    factory.product("BOX-10I", description="Storage box 10 litre grey", packs=()),
)
SINCE = dt.date(2026, 1, 5)
REFERENCES = (
    CrossReference(HUBER, "A-77", "HX-M8X40-A2", valid_from=SINCE),
    CrossReference(OTHER, "A-77", "TAPE-50"),
    CrossReference(HUBER, "OLD", "HX-M8X45-A2", valid_to=dt.date(2026, 1, 1)),
    CrossReference(HUBER, "SCREWBOX", "SCR-4030", unit="C62", factor=Decimal(200)),
    CrossReference(HUBER, "GONE", "NO-LONGER-HERE"),
    CrossReference(HUBER, "blue gloves large", "GLV-L"),
)
CATALOGUE = MemoryCatalogue(PRODUCTS, REFERENCES, factory.TODAY)


def line(description: str | None = None, **fields: object) -> DraftLine:
    usual: dict[str, object] = {"supplier_code": None, "unit_price": None, "amount": None}
    return factory.draft_line(description=description, **{**usual, **fields})  # type: ignore[arg-type]


def matched(description: str | None = None, customer: str | None = HUBER, **fields: object) -> LineMatch:
    return match_line(line(description, **fields), 0, customer, CATALOGUE)


@pytest.mark.parametrize(
    ("fields", "sku", "method", "reason"),
    [
        ({"buyer_code": "A-77"}, "HX-M8X40-A2", "cross_reference", "code A-77 means HX-M8X40-A2 since 2026-01-05"),
        ({"supplier_code": "a 77"}, "HX-M8X40-A2", "cross_reference", "code A-77 means HX-M8X40-A2"),
        ({"description": "Blue gloves, large"}, "GLV-L", "cross_reference", "means GLV-L"),
        ({"gtin": "04006381333931"}, "HX-M8X40-A2", "gtin", "same GTIN"),
        ({"gtin": "96385074", "unit": "BX"}, "SCR-4030", "gtin", "same GTIN as the BX of SCR-4030"),
        ({"supplier_code": "scr-4030"}, "SCR-4030", "sku", "our SKU SCR-4030"),
        ({"supplier_code": "SCR4030"}, "SCR-4030", "sku", "our SKU SCR-4030"),
        ({"buyer_code": "SCR-4030"}, "SCR-4030", "sku", "our SKU SCR-4030"),
        ({"supplier_code": "933 0840 a2"}, "HX-M8X40-A2", "manufacturer_code", "manufacturer's code 933-0840/A2"),
        ({"supplier_code": "4006381333931"}, "HX-M8X40-A2", "gtin", "same GTIN"),
        ({"description": "HX-M8X45-A2"}, "HX-M8X45-A2", "sku", "our SKU"),
        ({"description": "please send HX-M8X45-A2 again"}, "HX-M8X45-A2", "sku", "the text names HX-M8X45-A2"),
        ({"description": "EAN 4006381333931"}, "HX-M8X40-A2", "gtin", "same GTIN"),
    ],
)
def test_an_exact_code_decides(fields: dict[str, object], sku: str, method: str, reason: str):
    found = matched(**fields)  # type: ignore[arg-type]
    assert (found.decision, found.sku, found.method) == (Decision.MATCH, sku, method)
    assert found.confidence > 0.95
    assert reason in found.candidates[0].reasons[0]


def test_another_customers_code_is_nothing_to_us():
    assert matched(buyer_code="A-77", customer=OTHER).sku == "TAPE-50"
    for stranger in (None, "C-3003"):
        found = matched(buyer_code="A-77", customer=stranger)
        assert found.decision is Decision.NONE


def test_a_reference_that_has_run_out_is_not_used():
    assert matched(buyer_code="OLD").decision is Decision.NONE


def test_a_code_and_a_description_that_disagree_are_a_question():
    found = matched("Hex bolt M8x45 A2", supplier_code="HX-M8X40-A2")
    assert (found.decision, found.sku) == (Decision.REVIEW, "HX-M8X40-A2")
    assert found.candidates[0].reasons[0] == (
        "the code names HX-M8X40-A2, but in the description length differs: 40, asked 45"
    )
    assert "HX-M8X45-A2" in [candidate.key for candidate in found.candidates]


def test_a_description_that_is_another_product_is_a_question():
    found = matched("Packing tape brown 50 mm x 66 m", supplier_code="GLV-L")
    assert found.decision is Decision.REVIEW
    assert found.candidates[0].reasons[0] == "the code names GLV-L, but the description reads like TAPE-50"


def test_a_description_in_other_words_leaves_the_code_alone():
    assert matched("Schraube", supplier_code="HX-M8X40-A2").decision is Decision.MATCH
    assert matched("Sechskantschraube M8x40 Edelstahl", supplier_code="HX-M8X40-A2").decision is Decision.MATCH


def test_two_codes_that_disagree_are_a_question_with_both():
    found = matched(supplier_code="HX-M8X45-A2", gtin="4006381333931")
    assert (found.decision, found.sku) == (Decision.REVIEW, "HX-M8X40-A2")
    assert [c.key for c in found.candidates[:2]] == ["HX-M8X40-A2", "HX-M8X45-A2"]
    assert "supplier code names another product: HX-M8X45-A2" in found.candidates[0].reasons[0]


def test_the_customers_reference_wins_over_our_own_sku():
    catalogue = MemoryCatalogue(PRODUCTS, (CrossReference(HUBER, "GLV-L", "SCR-4030"),), factory.TODAY)
    found = match_line(line(supplier_code="GLV-L"), 0, HUBER, catalogue)
    assert (found.decision, found.sku) == (Decision.MATCH, "SCR-4030")


def test_what_is_no_longer_on_sale_never_matches_in_silence():
    by_code = matched(supplier_code="HX-M8X50-A2")
    by_words = matched("Hex bolt M8x50 DIN 933 A2 Ferrox")
    assert by_code.decision is Decision.REVIEW
    assert by_code.candidates[0].reasons[0] == "HX-M8X50-A2 is no longer on sale"
    assert by_words.decision is not Decision.MATCH


def test_a_reference_to_a_product_that_is_gone_says_so():
    found = matched(buyer_code="GONE")
    assert (found.decision, found.sku) == (Decision.REVIEW, None)
    assert "NO-LONGER-HERE, which is not in the catalogue any more" in found.candidates[0].reasons[0]


def test_a_code_that_two_products_share_is_a_question():
    found = matched(supplier_code="SHARED 1")
    assert found.decision is Decision.REVIEW
    assert {c.key for c in found.candidates[:2]} == {"TAPE-50", "TAPE-38"}
    assert found.candidates[0].reasons[0] == "has the code asked for, as 2 products do"


def test_a_look_alike_code_is_a_question_unless_the_words_agree():
    alone, described = matched(supplier_code="B0X-1O1"), matched("Storage box 10 litre grey", supplier_code="B0X-1O1")
    assert (alone.decision, alone.sku) == (Decision.REVIEW, "BOX-10I")
    assert (described.decision, described.sku) == (Decision.MATCH, "BOX-10I")


def test_words_alone_decide_only_where_they_are_clear():
    clear = matched("Nitrile gloves blue size L 100 pcs")
    twins = matched("hex bolt M8x40 DIN 933")
    vague = matched("tape")
    assert (clear.decision, clear.sku) == (Decision.MATCH, "GLV-L")
    assert clear.confidence >= MATCH_ALONE
    assert twins.decision is Decision.REVIEW
    assert {c.key for c in twins.candidates[:2]} == {"HX-M8X40-A2", "HX-M8X40-A4"}
    assert vague.decision is not Decision.MATCH


def test_one_differing_size_outweighs_all_agreeing_words():
    found = matched("Packing tape brown 48 mm x 66 m")
    assert found.decision is not Decision.MATCH
    assert all(any("differs" in r for r in c.reasons) for c in found.candidates[:2])


def test_words_never_decide_beside_a_code_that_nobody_knows():
    assert matched("Nitrile gloves blue size L 100 pcs", supplier_code="ZZZ-999").decision is Decision.REVIEW


@pytest.mark.parametrize("text", ["", " ", "x", "😀😀", "zzz qqq www", "a" * 100_000, "9" * 100_000, "M8x" * 30_000])
def test_senseless_text_means_nothing_and_takes_no_time(text: str):
    found = matched(text)
    assert found.decision is not Decision.MATCH
    assert len(found.candidates) <= MAX_CANDIDATES


def test_a_text_is_searched_for_so_many_codes_and_no_more():
    others = " ".join(f"XX{n}00" for n in range(MAX_CODES_IN_TEXT - 1))
    assert matched(f"{others} SCR-4030").method == "sku"
    assert matched(f"{others} XX999 SCR-4030").method == "description"


def test_the_caller_may_ask_for_more_candidates_or_fewer():
    products = [factory.product(f"P{n}", description=f"Cable tie {n} mm black") for n in range(2, 90)]
    catalogue = MemoryCatalogue(products, (), factory.TODAY)
    sizes = [len(match_line(line("cable tie black"), 0, None, catalogue, n).candidates) for n in (-1, 0, 1, 10, 999)]
    assert sizes == [0, 0, 1, 10, SHORTLIST]


def test_a_type_that_only_contains_the_one_asked_for_is_a_question():
    catalogue = MemoryCatalogue(
        [factory.product("D2", description="Radar detector Passport 9500ix")], (), factory.TODAY
    )
    found = match_line(line("Radar detector Passport 9500i"), 0, None, catalogue)
    assert (found.decision, found.candidates[0].key) == (Decision.REVIEW, "D2")


def test_at_most_eight_candidates_are_shown():
    products = [factory.product(f"P{n}", description=f"Cable tie {n} mm black") for n in range(2, 40)]
    found = match_line(line("cable tie black"), 0, None, MemoryCatalogue(products, (), factory.TODAY))
    assert len(found.candidates) == MAX_CANDIDATES


@pytest.mark.parametrize(
    ("fields", "quantity", "factor"),
    [
        ({"supplier_code": "SCR-4030", "unit": "BX", "quantity": 3}, "600", "200"),
        ({"supplier_code": "SCR-4030", "unit": "C62", "quantity": 3}, "3", "1"),
        ({"supplier_code": "SCR-4030", "unit": None, "quantity": 3}, "3", "1"),
        ({"supplier_code": "SCR-4030", "unit": "barrel", "quantity": 3}, None, None),
        ({"supplier_code": "SCR-4030", "unit": "BX", "quantity": None}, None, "200"),
        ({"gtin": "96385074", "unit": None, "quantity": 3}, "600", "200"),
        ({"buyer_code": "SCREWBOX", "quantity": 2}, "400", "200"),
    ],
)
def test_the_quantity_is_in_stock_units(fields: dict[str, object], quantity: str | None, factor: str | None):
    found = matched(**fields)  # type: ignore[arg-type]
    assert (found.sku, found.stock_unit) == ("SCR-4030", "C62")
    assert found.quantity == (Decimal(quantity) if quantity else None)
    assert found.factor == (Decimal(factor) if factor else None)


def test_pieces_of_a_box_gtin_are_a_question():
    found = matched(gtin="96385074", unit="C62", quantity=3)
    assert found.decision is Decision.REVIEW
    assert "but the line is in pieces" in found.candidates[0].reasons[0]


def test_the_unit_rule_is_among_the_reasons():
    assert matched(supplier_code="SCR-4030", unit="BX").candidates[0].reasons[-1] == "one box is 200 pieces"


def test_what_a_person_chose_is_never_doubted():
    chosen = chosen_line(
        line("Hex bolt M8x45", buyer_code="A-77", unit="BX", quantity=2), 3, "HX-M8X50-A2", HUBER, CATALOGUE
    )
    assert (chosen.decision, chosen.sku, chosen.method, chosen.confidence) == (
        Decision.MATCH,
        "HX-M8X50-A2",
        "person",
        1.0,
    )
    assert (chosen.position, chosen.quantity) == (3, 200)


def test_a_choice_of_nothing_we_have_is_an_error():
    with pytest.raises(NotFound, match="There is no product NOPE in the catalogue: choose another for line 4"):
        chosen_line(line("x"), 3, "NOPE", HUBER, CATALOGUE)
