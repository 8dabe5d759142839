"""Who is believed: mails in a real mailbox that may be forged, answer elsewhere, come from strangers or machines."""

from dataclasses import replace

import pytest

from oms_app.demo.customers import SELLER, profile
from oms_app.demo.render_mail import Envelope, order_text, render_mail, subject_of
from oms_app.demo.specs import Form, Spec
from oms_core.records import Draft
from oms_core.values import ChannelKind
from tests.scenario_house import codes, sentence
from tests.scenario_orders import planned
from tests.scenario_wiring import Connected

pytestmark = [pytest.mark.real, pytest.mark.slow]


def mailed(careful: Connected, name: str, head: bytes = b"", customer: str = "K1002", **envelope: object) -> str:
    """Let an order arrive in an envelope that a story changes, with `head` on top; returns the order's number."""
    plan = planned(Spec(name, ChannelKind.MAILBOX, Form.TEXT, customer, 2, prices=False))
    usual = Envelope(
        name=f"{name}-{plan.number}",
        sender=f"{profile(customer).mailbox}@{profile(customer).domain}",
        sender_name=plan.contact,
        to=SELLER.mailbox,
        trusted_host=SELLER.mail_host,
        sent_at=careful.house.clock.now(),
    )
    mail = replace(usual, **envelope)  # type: ignore[arg-type]  # the field names are checked when it runs
    careful.mailbox.deliver(head + render_mail(mail, subject_of(plan), order_text(plan)))
    assert plan.number is not None
    return plan.number


def waiting(careful: Connected, number: str) -> Draft:
    """Return the order once it waits for a person; nothing was sold."""
    draft = careful.house.draft(number)
    assert careful.house.order(number) is None
    return draft


def test_a_mail_that_failed_authentication_waits_with_the_reason(careful: Connected) -> None:
    draft = waiting(careful, mailed(careful, "forged", verdict="fail"))
    told = sentence(draft, "sender.not_authentic")
    assert told == (
        "bestellung@sandhofer.example is not proven: the mail failed authentication. Ask the customer by another way."
    )


def test_a_verdict_that_the_sender_wrote_himself_is_not_believed(careful: Connected) -> None:
    own_praise = b"Authentication-Results: mx.sandhofer.example; dmarc=pass header.from=sandhofer.example\r\n"
    draft = waiting(careful, mailed(careful, "boast", own_praise, verdict="fail"))
    assert "sender.not_authentic" in codes(draft)


def test_a_mail_whose_answers_go_elsewhere_waits(careful: Connected) -> None:
    draft = waiting(careful, mailed(careful, "elsewhere", reply_to="pay@sandhofer-orders.example"))
    assert sentence(draft, "sender.reply_elsewhere") == (
        "The mail came from bestellung@sandhofer.example, but answers would go to pay@sandhofer-orders.example."
    )


def test_the_first_order_from_a_new_address_waits_and_the_second_runs(careful: Connected) -> None:
    stranger = "neue.kollegin@hotel-seeblick-gruppe.example"
    first = waiting(careful, mailed(careful, "stranger", customer="K1005", sender=stranger))
    assert "sender.first_order" in codes(first) or "match.customer_unsure" in codes(first)
    careful.accept(first, customer="K1005")
    second = careful.house.confirmed(mailed(careful, "known-now", customer="K1005", sender=stranger))
    assert second.accepted_by == "ordermill"


def test_a_mail_that_a_machine_sent_is_never_answered(careful: Connected) -> None:
    number = mailed(careful, "machine", customer="K1003", automatic="auto-generated")
    order = careful.house.confirmed(number)
    reply = careful.house.answered(order)
    assert (reply.kind, reply.state) == ("mail", "suppressed")
    assert reply.last_error == "the message was sent by a machine, a list or a bounce"
    assert all(order.number not in text for text in careful.mails_to(reply.recipient or ""))


def test_one_address_gets_five_answers_an_hour(careful: Connected) -> None:
    orders = [careful.house.confirmed(mailed(careful, f"many-{turn}", customer="K1004")) for turn in range(7)]
    replies = [careful.house.answered(order) for order in orders]
    assert sorted(reply.state for reply in replies) == ["done"] * 5 + ["suppressed"] * 2
    reasons = {reply.last_error for reply in replies if reply.state == "suppressed"}
    assert reasons == {"5 automatic mails went to this address within the hour"}
    mails = careful.mails_to(replies[0].recipient or "")
    told = [order for order in orders if any(f"(your number {order.customer_po})" in mail for mail in mails)]
    answered = [order for order, reply in zip(orders, replies, strict=True) if reply.state == "done"]
    assert told == answered
