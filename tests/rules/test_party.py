"""Whom we believe: senders, reply addresses, suppliers on the document."""

from dataclasses import replace

import pytest

from oms_core.values.facts import CustomerTerms, LineFacts, OrderFacts
from rules import RuleSet, evaluate
from rules.domains import mail_domain, registrable_domain
from tests import factory

FACTS = OrderFacts(
    factory.TODAY,
    lines=(LineFacts(0, factory.number("0.12")),),
    our_names=("Nordlicht Werkzeug GmbH & Co. KG", "Nordlicht"),
    our_ids=("4012345000009", "DE 123 456 789"),
)


@pytest.mark.parametrize(
    ("domain", "registered"),
    [
        ("acme.de", "acme.de"),
        ("mail.acme.de", "acme.de"),
        ("acme.co.uk", "acme.co.uk"),
        ("orders.acme.co.uk", "acme.co.uk"),
        ("acme.com.au", "acme.com.au"),
        ("localhost", "localhost"),
        ("", ""),
    ],
)
def test_the_registered_part_of_a_domain(domain: str, registered: str):
    assert registrable_domain(domain) == registered


@pytest.mark.parametrize(
    ("address", "domain"), [("a@B.Example", "b.example"), ("<a@b.example.>", "b.example"), ("nobody", ""), ("", "")]
)
def test_the_domain_of_an_address(address: str, domain: str):
    assert mail_domain(address) == domain


@pytest.mark.parametrize(
    ("reply_to", "asked"),
    [
        ("office@huber.co.uk", False),
        ("office@mail.huber.co.uk", False),
        ("office@HUBER.CO.UK", False),
        ("office@hubert.co.uk", True),
        ("huber@co.uk.evil.example", True),
        ("no address", True),
    ],
)
def test_answers_that_would_go_elsewhere(reply_to: str, asked: bool):
    sender = factory.sender("einkauf@huber.co.uk", reply_to=reply_to)
    found = evaluate(factory.matched_order(), replace(FACTS, sender=sender))
    assert [f.code for f in found] == (["sender.reply_elsewhere"] if asked else [])


@pytest.mark.parametrize(
    ("name", "number", "asked"),
    [
        ("Nordlicht Werkzeug GmbH & Co. KG", None, False),
        ("NORDLICHT WERKZEUG", None, False),
        ("Nordlicht Werkzug GmbH & Co KG", None, False),
        ("Nordlicht Werkzeug, Abt. Verkauf", None, False),
        ("Sudlicht Werkzeug AG", None, True),
        ("Totally Different Ltd", "4012345000009", False),
        (None, "de123456789", False),
        (None, "DE999999999", True),
        ("No", None, True),
    ],
)
def test_the_supplier_on_the_document(name: str | None, number: str | None, asked: bool):
    document = factory.draft(supplier=factory.draft_party(name, id=number))
    found = evaluate(factory.matched_order(document), FACTS)
    assert [f.code for f in found] == (["supplier.not_us"] if asked else [])


def test_who_has_not_said_who_they_are_is_not_asked_about_suppliers():
    document = factory.draft(supplier=factory.draft_party("Anybody"))
    assert evaluate(factory.matched_order(document), replace(FACTS, our_names=(), our_ids=())) == ()


def test_a_known_address_is_no_new_sender():
    first = replace(FACTS, sender=factory.sender("Chef@Huber.example"), first_order_from_sender=True)
    known = replace(first, terms=CustomerTerms("EUR", known_addresses=("chef@huber.example",)))
    order = factory.matched_order()
    assert [f.code for f in evaluate(order, first)] == ["sender.first_order"]
    assert evaluate(order, known) == ()
    assert evaluate(order, first, RuleSet(review_new_senders=False)) == ()


def test_an_upload_has_no_sender_to_doubt():
    facts = replace(FACTS, sender=factory.sender(None, authenticated=None), first_order_from_sender=True)
    assert evaluate(factory.matched_order(), facts) == ()
