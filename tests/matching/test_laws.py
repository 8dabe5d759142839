"""Laws of matching: customers' codes stay their own, the same question has the same answer, nothing raises."""

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from matching import MemoryCatalogue, MemoryDirectory, match_customer, match_line, match_ship_to
from matching.weights import MAX_CANDIDATES
from oms_core.values import (
    CrossReference,
    Decision,
    DraftDocument,
    DraftLine,
    DraftParty,
    Pack,
    Product,
    SenderFacts,
)
from tests import factory

PRODUCTS = tuple(
    Product(f"HX-{n}", f"Hex bolt M8x{n} {colour}", "C62", packs=(Pack("BX", Decimal(n)),), active=n != 60)
    for n, colour in ((30, "zinc"), (40, "A2"), (45, "black"), (60, "brass"))
)
skus = st.sampled_from([p.sku for p in PRODUCTS])
customers = st.sampled_from(["C-1", "C-2", "C-3"])
private = st.text("xyzXYZ-", min_size=3, max_size=5).filter(lambda t: any(c.isalpha() for c in t))
references = st.lists(st.builds(CrossReference, customer=customers, code=private, sku=skus), max_size=8)
words = st.text(max_size=40) | st.sampled_from(["hex bolt M8x40 A2", "HX-40", "bolt M8x45", "hex bolt brass 60"])


def read(inner: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    return st.none() | st.builds(factory.value, inner)


lines = st.builds(
    DraftLine,
    buyer_code=read(private | words),
    supplier_code=read(private | words),
    gtin=read(words),
    description=read(words),
    quantity=read(st.decimals()),
    unit=read(words | st.sampled_from(["BX", "C62"])),
)


@given(references, customers, private)
def test_a_match_never_uses_another_customers_code(known: list[CrossReference], customer: str, code: str):
    line = factory.draft_line(buyer_code=code, supplier_code=None, description=None)
    everybody = MemoryCatalogue(PRODUCTS, known, factory.TODAY)
    alone = MemoryCatalogue(PRODUCTS, [r for r in known if r.customer == customer], factory.TODAY)
    assert match_line(line, 0, customer, everybody) == match_line(line, 0, customer, alone)
    assert match_line(line, 0, None, everybody).method != "cross_reference"


CATALOGUE = MemoryCatalogue(PRODUCTS, (CrossReference("C-1", "xyz", "HX-40"),), factory.TODAY)


@settings(deadline=None)
@given(lines, st.none() | customers)
def test_any_line_has_one_answer_that_holds_together(line: DraftLine, customer: str | None):
    found = match_line(line, 4, customer, CATALOGUE)
    assert match_line(line, 4, customer, CATALOGUE) == found
    assert found.position == 4
    assert len(found.candidates) <= MAX_CANDIDATES
    assert 0 <= found.confidence <= 1
    assert all(0 <= c.confidence <= 1 and c.reasons for c in found.candidates)
    assert len({c.key for c in found.candidates}) == len(found.candidates)
    if found.decision is Decision.MATCH:
        assert found.sku not in (None, "HX-60")
        assert found.candidates[0].key == found.sku
    if found.quantity is not None:
        assert line.quantity is not None
        assert found.quantity == line.quantity.value * found.factor


texts = st.text(max_size=40)
parties = st.builds(DraftParty, name=read(texts), id=read(texts), address=read(texts), email=read(texts))
DIRECTORY = MemoryDirectory((factory.customer(),), (factory.ship_to(),))


@settings(deadline=None)
@given(parties, parties, st.builds(SenderFacts, address=st.none() | texts, partner=st.none() | texts))
def test_any_party_has_one_answer(buyer: DraftParty, ship_to: DraftParty, sender: SenderFacts):
    draft: DraftDocument = factory.draft(buyer=buyer, ship_to=ship_to)
    found = match_customer(draft, sender, DIRECTORY)
    assert match_customer(draft, sender, DIRECTORY) == found
    assert (found.decision is Decision.NONE) == (found.key is None)
    goods = match_ship_to(draft, "C-1001", DIRECTORY)
    assert match_ship_to(draft, "C-1001", DIRECTORY) == goods
    if not ship_to.stated:
        assert goods is None
