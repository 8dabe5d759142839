"""Customer and sender trust: we know who orders, and may believe that it is them."""

from collections.abc import Iterator

from rapidfuzz import fuzz

from oms_core.values.document import SenderFacts
from oms_core.values.facts import OrderFacts
from oms_core.values.finding import Finding, Severity
from oms_core.values.match import Decision, MatchedOrder
from rules.domains import mail_domain, registrable_domain
from rules.values import RuleSet
from rules.wording import folded, quote

_NAME_LIKENESS = 90.0
"""From this rapidfuzz ratio on (0 to 100) a printed supplier name is one of ours, so that a typo is no alarm."""

_SHORTEST_NAME = 5
"""A shorter name inside a longer one proves nothing."""


def sender_authentic(_order: MatchedOrder, facts: OrderFacts, _rule_set: RuleSet) -> Iterator[Finding]:
    """Ask where the mail host says that the sender is not who they say (DMARC, DKIM or SPF failed; RFC 8601)."""
    if facts.sender.authenticated is False:
        who = quote(facts.sender.address or facts.sender.name or "The sender")
        message = f"{who} is not proven: the mail failed authentication. Ask the customer by another way."
        yield Finding("sender.not_authentic", Severity.REVIEW, "sender", message)


def reply_elsewhere(_order: MatchedOrder, facts: OrderFacts, _rule_set: RuleSet) -> Iterator[Finding]:
    """Ask where answers would go to another registrable domain than the mail came from."""
    sender = facts.sender
    if not sender.address or not sender.reply_to:
        return
    here, there = mail_domain(sender.address), mail_domain(sender.reply_to)
    if registrable_domain(here) != registrable_domain(there):
        message = f"The mail came from {quote(sender.address)}, but answers would go to {quote(sender.reply_to)}."
        yield Finding("sender.reply_elsewhere", Severity.REVIEW, "sender", message)


def first_order(order: MatchedOrder, facts: OrderFacts, rule_set: RuleSet) -> Iterator[Finding]:
    """Ask for the first order that comes from a mail address nobody ordered from before."""
    if not rule_set.review_new_senders or not facts.first_order_from_sender or not facts.sender.address:
        return
    if _is_known(facts.sender, facts):
        return
    customer = order.customer.key or "an unknown customer"
    first = f"This is the first order from {quote(facts.sender.address)} for {customer}"
    message = f"{first}: ask the customer whether that person may order."
    yield Finding("sender.first_order", Severity.REVIEW, "sender", message)


def new_ship_to(order: MatchedOrder, _facts: OrderFacts, rule_set: RuleSet) -> Iterator[Finding]:
    """Ask where goods should go to an address that is not in the directory."""
    if order.ship_to is None or order.ship_to.decision is not Decision.NONE:
        return
    severity = Severity.REVIEW if rule_set.review_new_ship_tos else Severity.NOTE
    party = order.draft.ship_to
    parts = [value.value for value in (party.name, party.address, party.id) if value]
    where = quote(", ".join(parts)) or "an address"
    yield Finding("ship_to.new", severity, "ship_to", f"Goods should go to {where}, a new ship-to: check it by phone.")


def supplier_is_us(order: MatchedOrder, facts: OrderFacts, _rule_set: RuleSet) -> Iterator[Finding]:
    """Ask where the document names a supplier that is neither one of our names nor one of our numbers."""
    supplier = order.draft.supplier
    if not (facts.our_names or facts.our_ids) or not (supplier.name or supplier.id):
        return
    if supplier.id and folded(supplier.id.value) in {folded(own) for own in facts.our_ids}:
        return
    if supplier.name and any(_same_name(supplier.name.value, own) for own in facts.our_names):
        return
    named = " ".join(value.value for value in (supplier.name, supplier.id) if value)
    elsewhere = f"The document is addressed to {quote(named)}, which is none of our names or numbers"
    message = f"{elsewhere}: reject it if another company is meant."
    yield Finding("supplier.not_us", Severity.REVIEW, "supplier", message)


def customer_known(order: MatchedOrder, _facts: OrderFacts, _rule_set: RuleSet) -> Iterator[Finding]:
    """Stop orders of nobody: prices, tax and credit depend on the customer."""
    if order.customer.decision is Decision.NONE or order.customer.key is None:
        buyer = order.draft.buyer
        parts = [value.value for value in (buyer.name, buyer.id, buyer.email) if value]
        named = f" ({quote(', '.join(parts))})" if parts else ""
        message = f"The customer{named} is not known: choose one, or have it set up and check again."
        yield Finding("customer.unknown", Severity.BLOCK, "customer", message)


def _is_known(sender: SenderFacts, facts: OrderFacts) -> bool:
    known = facts.terms.known_addresses if facts.terms else ()
    return (sender.address or "").strip().casefold() in {address.strip().casefold() for address in known}


def _same_name(printed: str, own: str) -> bool:
    left, right = folded(printed), folded(own)
    if not left or not right:
        return False
    if min(len(left), len(right)) >= _SHORTEST_NAME and (left in right or right in left):
        return True
    return float(fuzz.ratio(left, right)) >= _NAME_LIKENESS
