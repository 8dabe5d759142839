"""Who decides: the machine where nothing is open, a person where anything is, nobody where the order is known."""

from dataclasses import replace

import pytest

from oms_core.decisions.triage import Outcome, blocking, line_name, triage
from oms_core.values import Decision, DocumentKind, Finding, MatchedOrder, Severity
from tests import factory

UNSURE = factory.line_match(decision=Decision.REVIEW, confidence=0.5)
UNKNOWN = factory.line_match(decision=Decision.NONE, sku=None, confidence=0.0, candidates=())
NOTE = factory.finding("stock.short", Severity.NOTE)
QUESTION = factory.finding("price.off_list", Severity.REVIEW)
STOP = factory.finding("price.missing", Severity.BLOCK)
SAME = factory.finding("duplicate.same_order", Severity.REVIEW, "number")


def test_an_order_without_a_question_is_accepted_and_notes_do_not_stop_it():
    assert triage(factory.matched_order(), [NOTE]) == triage(factory.matched_order(), [])
    assert triage(factory.matched_order(), [NOTE]).outcome is Outcome.ACCEPT


@pytest.mark.parametrize("finding", [QUESTION, STOP])
def test_a_question_or_a_stop_goes_to_a_person_with_its_reason(finding: Finding):
    decided = triage(factory.matched_order(), [NOTE, finding])
    assert (decided.outcome, decided.reasons) == (Outcome.REVIEW, (finding,))


def test_a_duplicate_is_linked_whatever_else_is_open():
    decided = triage(factory.matched_order(lines=[UNKNOWN]), [QUESTION, SAME])
    assert (decided.outcome, decided.reasons) == (Outcome.DUPLICATE, (SAME,))


@pytest.mark.parametrize(
    ("order", "code", "place"),
    [
        (factory.matched_order(lines=[UNSURE]), "match.line_unsure", "lines[0]"),
        (factory.matched_order(lines=[UNKNOWN]), "match.line_unknown", "lines[0]"),
        (factory.matched_order(lines=[]), "match.line_unknown", "lines[0]"),
        (factory.matched_order(customer=factory.party_match(None)), "match.customer_unknown", "customer"),
        (
            factory.matched_order(customer=factory.party_match(decision=Decision.REVIEW)),
            "match.customer_unsure",
            "customer",
        ),
        (factory.matched_order(ship_to=factory.party_match(None)), "match.ship_to_unknown", "ship_to"),
        (factory.matched_order(factory.draft(lines=[])), "order.no_lines", "lines"),
        (
            factory.matched_order(factory.draft(lines=[factory.draft_line(quantity=None)])),
            "quantity.missing",
            "lines[0].quantity",
        ),
        (factory.matched_order(lines=[factory.line_match(quantity=None)]), "unit.unknown", "lines[0].unit"),
    ],
)
def test_what_is_not_decided_goes_to_a_person_and_blocks(order: MatchedOrder, code: str, place: str):
    decided = triage(order, [])
    assert decided.outcome is Outcome.REVIEW
    assert [(f.code, f.place, f.severity) for f in decided.reasons] == [(code, place, Severity.REVIEW)]
    assert [(f.code, f.place, f.severity) for f in blocking(order, [])] == [(code, place, Severity.BLOCK)]


def test_a_cancellation_is_held_to_its_customer_and_not_to_lines():
    order = factory.matched_order(factory.draft(kind=DocumentKind.ORDER_CANCELLATION, lines=[]))
    assert blocking(order, []) == ()
    assert blocking(replace(order, customer=factory.party_match(None)), [])[0].place == "customer"


def test_a_person_may_accept_over_a_question_but_not_over_a_stop():
    assert blocking(factory.matched_order(), [NOTE, QUESTION]) == ()
    assert blocking(factory.matched_order(), [QUESTION, STOP]) == (STOP,)


def test_one_place_is_named_once():
    order = factory.matched_order(customer=factory.party_match(None))
    said = factory.finding("customer.unknown", Severity.BLOCK, "customer")
    assert triage(order, [said, said]).reasons == (said,)
    assert blocking(order, [said]) == (said,)


def test_what_the_reader_found_counts_too():
    order = factory.matched_order(factory.draft(findings=[QUESTION]))
    assert triage(order, []).reasons == (QUESTION,)
    assert triage(order, [QUESTION]).reasons == (QUESTION,)


def test_the_reason_shows_the_proposal_and_why():
    order = factory.matched_order(lines=[replace(UNSURE, candidates=(factory.candidate("A", 0.5, "length differs"),))])
    assert triage(order, []).reasons[0].message == (
        "Line 1: the product is not sure; most likely SCR-4030 (length differs): confirm it or choose another."
    )


def test_a_line_is_called_by_its_printed_number_unless_that_is_none():
    assert line_name(4, factory.draft_line(line_number="0050")) == "0050"
    assert line_name(4, factory.draft_line(line_number="  ")) == "5"
    assert line_name(4, factory.draft_line(line_number="9" * 21)) == "9" * 20
