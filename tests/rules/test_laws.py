"""Laws of the rules: they never raise, whatever a document says, and say the same each time."""

import datetime as dt
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from oms_core.decisions.triage import Outcome, blocking, triage
from oms_core.values import (
    Decision,
    DocumentKind,
    DraftDocument,
    DraftLine,
    DraftParty,
    LineMatch,
    MatchedOrder,
    PartyMatch,
    SenderFacts,
    Severity,
    Totals,
)
from oms_core.values.facts import (
    CustomerTerms,
    EarlierDocument,
    EarlierOrder,
    LineFacts,
    OrderFacts,
    RepeatAnswer,
)
from rules import RuleSet, content_hash, evaluate
from tests import factory

texts = st.text(max_size=30)
wild = st.decimals(allow_nan=True, allow_infinity=True) | st.sampled_from([Decimal("1E+999999"), Decimal("-0")])
kept = st.decimals(min_value=0, max_value=10**12, places=6)
dates = st.dates()


def read(inner: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    return st.none() | st.builds(factory.value, inner, confidence=st.floats(0, 1))


parties = st.builds(DraftParty, name=read(texts), id=read(texts), address=read(texts), email=read(texts))
lines = st.builds(
    DraftLine,
    line_number=read(texts),
    supplier_code=read(texts),
    gtin=read(texts),
    description=read(texts),
    quantity=read(wild),
    unit=read(texts),
    unit_price=read(wild),
    amount=read(wild),
    requested_date=read(dates),
)
drafts = st.builds(
    DraftDocument,
    kind=st.sampled_from(DocumentKind),
    format=texts,
    number=read(texts),
    refers_to=read(texts),
    requested_date=read(dates),
    currency=read(texts),
    buyer=parties,
    supplier=parties,
    ship_to=parties,
    totals=st.builds(Totals, net=read(wild)),
    lines=st.lists(lines, max_size=3).map(tuple),
    interchange=st.none() | texts | st.just("4012345000016|4098765000010|4711|1"),
)
party_matches = st.builds(
    PartyMatch, decision=st.sampled_from(Decision), key=st.none() | texts, confidence=st.just(0.5)
)
line_matches = st.builds(
    LineMatch,
    position=st.integers(0, 3),
    decision=st.sampled_from(Decision),
    sku=st.none() | st.sampled_from(["A", "B"]),
    confidence=st.just(0.5),
    method=st.just("sku"),
    quantity=st.none() | kept,
    stock_unit=st.none() | texts,
    factor=st.none() | kept,
)
orders = st.builds(
    MatchedOrder,
    draft=drafts,
    customer=party_matches,
    ship_to=st.none() | party_matches,
    lines=st.lists(line_matches, max_size=3).map(tuple),
)
all_facts = st.builds(
    OrderFacts,
    today=dates,
    sender=st.builds(
        SenderFacts, address=st.none() | texts, reply_to=st.none() | texts, authenticated=st.none() | st.booleans()
    ),
    terms=st.none()
    | st.builds(
        CustomerTerms, currency=texts, credit_limit=st.none() | kept, exposure=kept, minimum_order=st.none() | kept
    ),
    lines=st.lists(
        st.builds(LineFacts, position=st.integers(0, 3), list_price=st.none() | kept, pack_quantity=kept), max_size=4
    ).map(tuple),
    list_currency=st.none() | texts,
    earlier=st.lists(st.builds(EarlierOrder, texts, texts, texts, dates, st.booleans()), max_size=2).map(tuple),
    repeats=st.lists(st.builds(EarlierDocument, texts, dates), max_size=2).map(tuple),
    same_message=st.lists(st.builds(EarlierDocument, texts, dates), max_size=2).map(tuple),
    repeat_answer=st.none() | st.sampled_from(RepeatAnswer),
    our_names=st.lists(texts, max_size=2).map(tuple),
    our_ids=st.lists(texts, max_size=2).map(tuple),
    first_order_from_sender=st.booleans(),
)
rule_sets = st.builds(RuleSet, price_tolerance=kept, require_number=st.booleans(), same_number_days=st.integers(0, 999))


@given(orders, all_facts, rule_sets)
def test_rules_never_raise_and_never_change_their_mind(order: MatchedOrder, facts: OrderFacts, rule_set: RuleSet):
    found = evaluate(order, facts, rule_set)
    assert evaluate(order, facts, rule_set) == found
    assert all(f.code and f.message for f in found)
    assert content_hash(order.draft) == content_hash(order.draft)


@given(orders, all_facts, rule_sets)
def test_what_is_accepted_alone_has_nothing_open(order: MatchedOrder, facts: OrderFacts, rule_set: RuleSet):
    found = evaluate(order, facts, rule_set)
    if triage(order, found).outcome is Outcome.ACCEPT:
        assert blocking(order, found) == ()
        assert order.customer.decision is Decision.MATCH
        assert all(f.severity is Severity.NOTE for f in found)
        assert order.draft.lines
        assert order.draft.kind is DocumentKind.ORDER


@given(drafts)
def test_an_order_sent_again_is_always_known_again(document: DraftDocument):
    order = factory.matched_order(document)
    earlier = (EarlierOrder("o1", "SO-1", content_hash(document), dt.date(2026, 3, 1)),)
    found = evaluate(order, OrderFacts(factory.TODAY, earlier=earlier))
    same = any(f.code == "duplicate.same_order" for f in found)
    assert same == (document.number is not None)
