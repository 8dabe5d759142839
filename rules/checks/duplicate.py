"""Duplicates: orders that we have already, and documents that may be a repeat."""

from collections.abc import Iterator

from oms_core.decisions.triage import DUPLICATE_CODE
from oms_core.values.draft import DocumentKind
from oms_core.values.facts import EarlierDocument, EarlierOrder, OrderFacts, RepeatAnswer
from oms_core.values.finding import Finding, Severity
from oms_core.values.match import MatchedOrder
from rules.content import content_hash
from rules.values import RuleSet
from rules.wording import quote


def same_number(order: MatchedOrder, facts: OrderFacts, rule_set: RuleSet) -> Iterator[Finding]:
    """Tell an order sent again from one that was changed under the same customer PO number.

    The finding `duplicate.same_order` links this draft to the earlier order; it is not run. A change or a cancellation
    carries the number of its order by right, so only the very same one again is told. Under the number of an order that
    was cancelled a new one may be meant, so a person is asked.
    """
    number = order.draft.number
    if number is None or not facts.earlier:
        return
    standing = [earlier for earlier in facts.earlier if not earlier.cancelled]
    if not standing:
        if order.draft.kind is DocumentKind.ORDER:
            yield _cancelled(quote(number.value), max(facts.earlier, key=_age))
        return
    own = content_hash(order.draft)
    recent = [earlier for earlier in standing if (facts.today - earlier.ordered_on).days <= rule_set.same_number_days]
    same = [earlier for earlier in recent if earlier.content_hash == own]
    if same:
        yield _same(quote(number.value), max(same, key=_age))
    elif order.draft.kind is DocumentKind.ORDER and recent:
        yield _changed(quote(number.value), max(recent, key=_age))
    elif order.draft.kind is DocumentKind.ORDER:
        yield _old_number(quote(number.value), max(standing, key=_age))


def same_message(order: MatchedOrder, facts: OrderFacts, rule_set: RuleSet) -> Iterator[Finding]:
    """Ask where an EDI message comes again under the reference of an earlier one, with another content.

    Sender, recipient, control reference (UNB 0020) and message reference (UNH 0062) together name one message for good
    (ISO 9735); a sender who counts from the start again is believed after `same_reference_days`.
    """
    days = rule_set.same_reference_days
    recent = [earlier for earlier in facts.same_message if (facts.today - earlier.received_on).days <= days]
    if not recent or order.draft.interchange is None:
        return
    last = max(recent, key=lambda earlier: (earlier.received_on, earlier.document_id))
    sender, _, rest = order.draft.interchange.partition("|")
    reference = rest.split("|")[1] if "|" in rest else rest
    named = f"The interchange {quote(reference)} of {quote(sender)}"
    message = (
        f"{named} came on {last.received_on:%Y-%m-%d} with another content ({_became(last)}): "
        "ask the sender which one holds, and whether the earlier one was meant to be replaced."
    )
    yield Finding("duplicate.same_interchange", Severity.REVIEW, "", message)


def same_bytes(order: MatchedOrder, facts: OrderFacts, _rule_set: RuleSet) -> Iterator[Finding]:
    """Ask 'repeat or duplicate?' where the same bytes come again without a number of their own."""
    if not facts.repeats or (order.draft.number is not None and facts.earlier):
        return
    last = max(facts.repeats, key=lambda earlier: (earlier.received_on, earlier.document_id))
    first = f"The same document came on {last.received_on:%Y-%m-%d} ({_became(last)})"
    if order.draft.number is not None:
        yield Finding("duplicate.same_bytes", Severity.REVIEW, "", f"{first}: reject one of the two.")
    elif facts.repeat_answer is RepeatAnswer.REPEAT:
        yield Finding("duplicate.repeat_known", Severity.NOTE, "", f"{first}; this sender's repeats are new orders.")
    elif facts.repeat_answer is RepeatAnswer.DUPLICATE:
        yield Finding(DUPLICATE_CODE, Severity.REVIEW, "", f"{first}; this sender's repeats are duplicates.")
    else:
        message = f"{first} and has no number of its own: is it a new order, or the same one again?"
        yield Finding("duplicate.repeat_question", Severity.REVIEW, "", message)


def _became(earlier: EarlierDocument) -> str:
    return (
        f"it became order {earlier.order_number}"
        if earlier.order_number
        else f"no order came of it yet; it is document {earlier.document_id}"
    )


def _age(earlier: EarlierOrder) -> tuple[str, str]:
    return earlier.ordered_on.isoformat(), earlier.number


def _named(earlier: EarlierOrder) -> str:
    """Name an earlier order for people: one still in review has no number of ours yet."""
    day = f"{earlier.ordered_on:%Y-%m-%d}"
    return f"Order {earlier.number} of {day}" if earlier.number else f"An order of {day} that is still in review"


def _same(number: str, earlier: EarlierOrder) -> Finding:
    message = f"{_named(earlier)} has the same number {number} and the same content: this is that order again."
    return Finding(DUPLICATE_CODE, Severity.REVIEW, "number", message)


def _changed(number: str, earlier: EarlierOrder) -> Finding:
    message = (
        f"{_named(earlier)} has the same number {number} but other content: "
        "is it a change of that order (change it by hand, reject this one), or a new order (accept it)?"
    )
    return Finding("duplicate.changed_order", Severity.REVIEW, "number", message)


def _cancelled(number: str, earlier: EarlierOrder) -> Finding:
    message = (
        f"{_named(earlier)} had the same number {number} and was cancelled: "
        "accept this if it is ordered anew, reject it if it only came late."
    )
    return Finding("duplicate.cancelled_order", Severity.REVIEW, "number", message)


def _old_number(number: str, earlier: EarlierOrder) -> Finding:
    message = (
        f"{_named(earlier)} had the number {number}, long ago: accept it if it is a new order under a used number."
    )
    return Finding("duplicate.old_number", Severity.REVIEW, "number", message)
