"""Sent twice, changed, repeated: what the rules make of an order that was here before."""

import datetime as dt
from dataclasses import replace

from oms_core.decisions.triage import Outcome, triage
from oms_core.values import DocumentKind, MatchedOrder
from oms_core.values.facts import EarlierDocument, EarlierOrder, LineFacts, OrderFacts, RepeatAnswer
from rules import RuleSet, content_hash, evaluate
from tests import factory
from tests.factory import number

MONDAY = factory.TODAY
FACTS = OrderFacts(MONDAY, lines=(LineFacts(0, number("0.12")),))
LAST_MONDAY = MONDAY - dt.timedelta(days=7)


def seen(order: MatchedOrder, days_ago: int = 1, order_number: str = "SO-7") -> EarlierOrder:
    return EarlierOrder("o1", order_number, content_hash(order.draft), MONDAY - dt.timedelta(days=days_ago))


def outcome(order: MatchedOrder, facts: OrderFacts) -> Outcome:
    return triage(order, evaluate(order, facts)).outcome


def test_the_same_order_by_mail_and_by_edi_runs_once():
    by_mail = factory.matched_order(factory.draft(format="mail"))
    by_edi = factory.matched_order(factory.draft(format="edifact", lines=[factory.draft_line(description="WOOD SCR")]))
    assert outcome(by_edi, FACTS) is Outcome.ACCEPT
    assert outcome(by_edi, replace(FACTS, earlier=(seen(by_mail),))) is Outcome.DUPLICATE


def test_a_changed_order_under_the_same_number_is_asked_about():
    order = factory.matched_order()
    changed = factory.matched_order(factory.draft(lines=[factory.draft_line(quantity=101, amount="12.12")]))
    assert outcome(changed, replace(FACTS, earlier=(seen(order),))) is Outcome.REVIEW


def test_a_cancellation_carries_the_number_of_its_order_and_is_a_duplicate_only_of_itself():
    order = factory.matched_order()
    cancellation = factory.matched_order(factory.draft(kind=DocumentKind.ORDER_CANCELLATION, lines=[]))
    after_order, again = (replace(FACTS, earlier=(seen(earlier),)) for earlier in (order, cancellation))
    assert [f.code for f in evaluate(cancellation, after_order)] == ["document.not_new_order"]
    assert outcome(cancellation, after_order) is Outcome.REVIEW
    assert outcome(cancellation, again) is Outcome.DUPLICATE


def test_of_two_earlier_orders_the_same_one_counts():
    order = factory.matched_order()
    other = factory.matched_order(factory.draft(lines=[factory.draft_line(quantity=1)]))
    facts = replace(FACTS, earlier=(seen(order, 9, "SO-1"), seen(other, 2, "SO-2")))
    (found,) = evaluate(order, facts)
    assert (found.code, "SO-1" in found.message) == ("duplicate.same_order", True)


def test_a_number_used_long_ago_is_asked_about_and_never_linked_in_silence():
    order = factory.matched_order()
    year = RuleSet(same_number_days=365)
    recent, old = (replace(FACTS, earlier=(seen(order, days),)) for days in (365, 366))
    assert [f.code for f in evaluate(order, recent, year)] == ["duplicate.same_order"]
    assert [f.code for f in evaluate(order, old, year)] == ["duplicate.old_number"]


def test_the_csv_of_every_monday_is_a_question_until_it_is_answered():
    order = factory.matched_order(factory.draft(number=None, date=None))
    asked = replace(FACTS, repeats=(EarlierDocument("d1", LAST_MONDAY, "SO-7"),))
    assert outcome(order, asked) is Outcome.REVIEW
    assert outcome(order, replace(asked, repeat_answer=RepeatAnswer.REPEAT)) is Outcome.ACCEPT
    assert outcome(order, replace(asked, repeat_answer=RepeatAnswer.DUPLICATE)) is Outcome.DUPLICATE


def test_the_latest_of_several_repeats_is_named():
    order = factory.matched_order(factory.draft(number=None))
    older = EarlierDocument("d0", LAST_MONDAY - dt.timedelta(days=7), "SO-1")
    latest = EarlierDocument("d1", LAST_MONDAY)
    found = evaluate(order, replace(FACTS, repeats=(latest, older)))[0]
    assert "came on 2026-02-23 (no order came of it yet; it is document d1)" in found.message


def test_an_order_found_by_its_number_is_not_asked_about_twice():
    order = factory.matched_order()
    facts = replace(FACTS, earlier=(seen(order),), repeats=(EarlierDocument("d1", LAST_MONDAY, "SO-7"),))
    assert [f.code for f in evaluate(order, facts)] == ["duplicate.same_order"]


def test_an_order_sent_anew_after_its_cancellation_is_neither_run_nor_linked_in_silence():
    order = factory.matched_order()
    cancelled = replace(seen(order), cancelled=True)
    assert outcome(order, replace(FACTS, earlier=(cancelled,))) is Outcome.REVIEW
    (found,) = evaluate(order, replace(FACTS, earlier=(cancelled,)))
    assert found.code == "duplicate.cancelled_order"
    again = replace(FACTS, earlier=(cancelled, seen(order, 0, "SO-8")))
    assert outcome(order, again) is Outcome.DUPLICATE


def test_a_control_reference_stays_taken_for_as_long_as_the_rules_say():
    order = factory.matched_order(factory.draft(interchange="4012345000016|4098765000010|4711|1"))
    quarter = RuleSet(same_reference_days=90)
    within, after = (
        replace(FACTS, same_message=(EarlierDocument("d1", MONDAY - dt.timedelta(days=days)),)) for days in (90, 91)
    )
    assert [f.code for f in evaluate(order, within, quarter)] == ["duplicate.same_interchange"]
    assert evaluate(order, after, quarter) == ()
