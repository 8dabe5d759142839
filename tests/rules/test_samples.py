"""One sample for every rule: an order that it speaks about, and the sentence it says."""

import datetime as dt
from dataclasses import dataclass, field, replace
from decimal import Decimal

import pytest

from oms_core.values import DocumentKind, Finding, MatchedOrder, Severity, Value
from oms_core.values.facts import CustomerTerms, EarlierDocument, EarlierOrder, LineFacts, OrderFacts, RepeatAnswer
from rules import CHECKS, DEFAULT_RULES, RuleSet, content_hash, evaluate
from rules.evaluation import MAX_FINDINGS
from rules.wording import LONGEST_QUOTE, MAX_DIGITS, is_sane, quote
from tests import factory

REVIEW, NOTE, BLOCK = Severity.REVIEW, Severity.NOTE, Severity.BLOCK
TERMS = CustomerTerms("EUR", credit_limit=Decimal(10000), exposure=Decimal(500))
LINE = LineFacts(0, Decimal("0.12"), "list TRADE from 0", available=Decimal(5000))
FACTS = OrderFacts(
    today=factory.TODAY,
    sender=factory.sender(),
    terms=TERMS,
    lines=(LINE,),
    list_currency="EUR",
    our_names=("Ordermill Demo Handel GmbH",),
    our_ids=("4012345000009",),
)
PLAIN = factory.matched_order()
LAST_WEEK = factory.TODAY - dt.timedelta(days=7)


def order_of(**line: object) -> MatchedOrder:
    return factory.matched_order(factory.draft(lines=[factory.draft_line(**line)]))  # type: ignore[arg-type]


def drafted(**changes: object) -> MatchedOrder:
    return factory.matched_order(factory.draft(**changes))  # type: ignore[arg-type]


def line_facts(**changes: object) -> OrderFacts:
    return replace(FACTS, lines=(replace(LINE, **changes),))  # type: ignore[arg-type]


def terms(**changes: object) -> OrderFacts:
    return replace(FACTS, terms=replace(TERMS, **changes))  # type: ignore[arg-type]


def earlier(order: MatchedOrder = PLAIN, on: dt.date = LAST_WEEK) -> OrderFacts:
    return replace(FACTS, earlier=(EarlierOrder("o1", "SO-7", content_hash(order.draft), on),))


def repeated(answer: RepeatAnswer | None = None) -> OrderFacts:
    return replace(FACTS, repeats=(EarlierDocument("d1", LAST_WEEK, "SO-7"),), repeat_answer=answer)


@dataclass(frozen=True)
class Sample:
    code: str
    severity: Severity
    place: str
    says: str
    order: MatchedOrder = PLAIN
    facts: OrderFacts = FACTS
    rule_set: RuleSet = field(default=DEFAULT_RULES)


HURRIED = factory.sender(reply_to="pay@elsewhere.example")
NO_NUMBER = drafted(number=None)
SAMPLES = (
    Sample("reading.not_sure_enough", REVIEW, "", "is kept from 97.0% on",
           replace(PLAIN, draft=replace(PLAIN.draft, confidence=0.9)), replace(FACTS, reading_threshold=0.97)),
    Sample("document.not_new_order", REVIEW, "kind", "cancels an order",
           drafted(kind=DocumentKind.ORDER_CANCELLATION)),
    Sample("document.not_new_order", REVIEW, "kind", "changes an order",
           drafted(kind=DocumentKind.ORDER_CHANGE, refers_to="PO-9")),
    Sample("document.not_new_order", BLOCK, "kind", "no order (despatch advice): reject it",
           drafted(kind=DocumentKind.DESPATCH_ADVICE)),
    Sample("duplicate.same_order", REVIEW, "number", "of 2026-02-23 has the same number PO-1001 and the same content",
           facts=earlier()),
    Sample("duplicate.changed_order", REVIEW, "number", "has the same number PO-1001 but other content",
           facts=earlier(order_of(quantity=99))),
    Sample("duplicate.old_number", REVIEW, "number", "of 2023-01-01 had the number PO-1001, long ago",
           facts=earlier(on=dt.date(2023, 1, 1))),
    Sample("duplicate.cancelled_order", REVIEW, "number", "had the same number PO-1001 and was cancelled: accept",
           facts=replace(FACTS, earlier=(replace(earlier().earlier[0], cancelled=True),))),
    Sample("duplicate.same_interchange", REVIEW, "",
           "The interchange 4711 of 4012345000016 came on 2026-02-23 with another content (it became order SO-7)",
           drafted(interchange="4012345000016|4098765000010|4711|1"),
           replace(FACTS, same_message=(EarlierDocument("d1", LAST_WEEK, "SO-7"),))),
    Sample("duplicate.repeat_question", REVIEW, "", "came on 2026-02-23 (it became order SO-7) and has no number",
           NO_NUMBER, repeated()),
    Sample("duplicate.repeat_known", NOTE, "", "this sender's repeats are new orders",
           NO_NUMBER, repeated(RepeatAnswer.REPEAT)),
    Sample("duplicate.same_order", REVIEW, "", "this sender's repeats are duplicates",
           NO_NUMBER, repeated(RepeatAnswer.DUPLICATE)),
    Sample("duplicate.same_bytes", REVIEW, "", "The same document came on 2026-02-23", facts=repeated()),
    Sample("order.no_number", NOTE, "number", "no order number", NO_NUMBER),
    Sample("order.no_number", REVIEW, "number", "no order number", NO_NUMBER, rule_set=RuleSet(require_number=True)),
    Sample("order.no_lines", BLOCK, "lines", "no order line", drafted(lines=[])),
    Sample("customer.unknown", BLOCK, "customer", "The customer (Huber Metallbau GmbH) is not known",
           replace(PLAIN, customer=factory.party_match(None))),
    Sample("sender.not_authentic", REVIEW, "sender", "einkauf@huber-metallbau.example is not proven",
           facts=replace(FACTS, sender=factory.sender(authenticated=False))),
    Sample("sender.reply_elsewhere", REVIEW, "sender", "but answers would go to pay@elsewhere.example",
           facts=replace(FACTS, sender=HURRIED)),
    Sample("sender.first_order", REVIEW, "sender", "the first order from einkauf@huber-metallbau.example for C-1001",
           facts=replace(FACTS, first_order_from_sender=True)),
    Sample("ship_to.new", REVIEW, "ship_to", "Goods should go to Site 9, Neue Gasse 1",
           replace(drafted(ship_to=factory.draft_party("Site 9", address="Neue Gasse 1")),
                   ship_to=factory.party_match(None))),
    Sample("supplier.not_us", REVIEW, "supplier", "addressed to Some Other Trader Ltd",
           drafted(supplier=factory.draft_party("Some Other Trader Ltd"))),
    Sample("currency.mismatch", REVIEW, "currency", "The document is in USD, the customer's currency is EUR",
           drafted(currency="USD")),
    Sample("date.impossible", REVIEW, "requested_date", "wanted on 2026-03-01, which is past",
           drafted(requested_date=factory.TODAY - dt.timedelta(days=1))),
    Sample("date.impossible", REVIEW, "lines[0].requested_date", "more than 730 days ahead",
           order_of(requested_date=dt.date(2036, 3, 2))),
    Sample("reading.unsure", REVIEW, "lines[0].quantity", "the quantity 100 was hard to read",
           order_of(quantity=factory.value(Decimal(100), confidence=0.4))),
    Sample("quantity.missing", BLOCK, "lines[0].quantity", "Line 1: no quantity is stated", order_of(quantity=None)),
    Sample("quantity.impossible", BLOCK, "lines[0].quantity", "the quantity reads -3",
           order_of(quantity=-3, amount=None)),
    Sample("unit.unknown", BLOCK, "lines[0].unit", "how many pieces of SCR-4030 are in one 'barrel'",
           replace(order_of(unit="barrel"), lines=(factory.line_match(quantity=None, factor=None),))),
    Sample("quantity.minimum", REVIEW, "lines[0].quantity",
           "100 pieces ordered, the least we sell is 500 pieces: ask for 600 pieces",
           facts=line_facts(minimum_quantity=Decimal(500), pack_quantity=Decimal(200))),
    Sample("quantity.pack", REVIEW, "lines[0].quantity",
           "SCR-4030 is sold in multiples of 30: ask for 120 pieces",
           facts=line_facts(pack_quantity=Decimal(30))),
    Sample("stock.short", NOTE, "lines[0].quantity", "100 pieces of SCR-4030 ordered, 40 available: 60 short",
           facts=line_facts(available=Decimal(40))),
    Sample("stock.short", REVIEW, "lines[0].quantity", "60 short", facts=line_facts(available=Decimal(40)),
           rule_set=RuleSet(review_stock_shortage=True)),
    Sample("product.inactive", REVIEW, "lines[0]", "SCR-4030 is no longer on sale", facts=line_facts(active=False)),
    Sample("price.impossible", BLOCK, "lines[0].unit_price", "the price reads -1",
           order_of(unit_price=-1, amount=None)),
    Sample("price.off_list", REVIEW, "lines[0].unit_price",
           "1.40 EUR per piece ordered, list price is 1.25 EUR (list A from 100): 12 % above, tolerance is 2 %",
           order_of(unit_price="1.40", amount="140"),
           line_facts(list_price=Decimal("1.25"), price_source="list A from 100")),
    Sample("price.off_list", REVIEW, "lines[0].unit_price", "8.3 % below", order_of(unit_price="0.11", amount=11)),
    Sample("price.no_list", REVIEW, "lines[0].unit_price", "has no list price for this customer, 0.12 is ordered:",
           facts=line_facts(list_price=None)),
    Sample("price.missing", BLOCK, "lines[0].unit_price", "no price is stated and SCR-4030 has no list price",
           order_of(unit_price=None, amount=None), line_facts(list_price=None)),
    Sample("price.unstated", REVIEW, "lines[0].unit_price", "the list price is 0.12 (list TRADE from 0)",
           order_of(unit_price=None, amount=None), rule_set=RuleSet(require_price=True)),
    Sample("amount.line", REVIEW, "lines[0].amount", "100 times 0.12 is 12.00, the document says 13.00",
           order_of(amount=13)),
    Sample("amount.total", REVIEW, "totals.net", "The lines add up to 12.00, the document says 99.00",
           drafted(totals=factory.totals(99))),
    Sample("order.minimum", REVIEW, "totals", "worth 12.00 EUR net, the customer's minimum order is 50.00 EUR",
           facts=terms(minimum_order=Decimal(50))),
    Sample("credit.over_limit", REVIEW, "customer",
           "Credit: 9995.00 open + 12.00 this order (net) = 10007.00 EUR, limit is 10000.00: 7.00 over.",
           facts=terms(exposure=Decimal(9995))),
    Sample("credit.over_limit", NOTE, "customer", "7.00 over", facts=terms(exposure=Decimal(9995)),
           rule_set=RuleSet(review_credit=False)),
)  # fmt: skip


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: f"{sample.code}-{sample.severity.value}")
def test_the_rule_says_it(sample: Sample):
    found = [f for f in evaluate(sample.order, sample.facts, sample.rule_set) if f.code == sample.code]
    assert [(f.severity, f.place) for f in found] == [(sample.severity, sample.place)]
    assert sample.says in found[0].message


def test_an_order_in_which_everything_is_as_agreed_has_no_finding():
    assert evaluate(PLAIN, FACTS) == ()


def test_every_rule_of_the_table_has_a_sample():
    silent = [
        check.__name__
        for check in CHECKS
        if not any(
            finding.code == sample.code
            for sample in SAMPLES
            for finding in check(sample.order, sample.facts, sample.rule_set)
        )
    ]
    assert silent == []


def test_every_sentence_ends_and_names_its_line():
    for sample in SAMPLES:
        for found in evaluate(sample.order, sample.facts, sample.rule_set):
            assert found.message[-1] in ".?", found
            assert found.message.startswith("Line 1: ") == found.place.startswith("lines["), found


def test_findings_are_the_same_each_time():
    for sample in SAMPLES:
        first: tuple[Finding, ...] = evaluate(sample.order, sample.facts, sample.rule_set)
        assert evaluate(sample.order, sample.facts, sample.rule_set) == first


def test_a_quotation_is_cut_just_over_the_limit():
    assert quote("x" * LONGEST_QUOTE) == "x" * LONGEST_QUOTE
    assert quote("x" * (LONGEST_QUOTE + 1)) == "x" * (LONGEST_QUOTE - 1) + "…"


def test_the_text_of_a_document_is_quoted_on_one_line_and_cut():
    order = drafted(supplier=factory.draft_party("Evil\nTrader\x07 " + "x" * 500))
    (found,) = evaluate(order, FACTS)
    assert "\n" not in found.message
    assert "\x07" not in found.message
    assert len(found.message) < 200


def test_findings_stop_at_the_limit():
    lines = [factory.draft_line(quantity=None, amount=None)] * (MAX_FINDINGS + 1)
    assert len(evaluate(drafted(lines=lines), FACTS)) == MAX_FINDINGS


@pytest.mark.parametrize(("digits", "sane"), [(MAX_DIGITS, True), (MAX_DIGITS + 1, False)])
def test_figures_beyond_the_limit_are_not_reckoned_with(digits: int, sane: bool):
    assert is_sane(Decimal("1." + "1" * (digits - 1))) is sane
    assert is_sane(Decimal(f"1E+{digits}")) is sane
    assert is_sane(Decimal(f"1E-{digits}")) is sane


def test_the_printed_line_number_names_the_line():
    order = order_of(line_number=Value("0010", factory.value("0010").source, 1.0), quantity=None, amount=None)
    assert evaluate(order, FACTS)[0].message.startswith("Line 0010: ")
