"""Reading and judging what comes again, and what is over a limit: nothing is run twice, nothing stays in between."""

from collections.abc import Iterator
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import pytest
from sqlmodel import select

from oms_core.records import Document
from oms_core.values import Limits
from oms_flow import review
from oms_flow.review import Edit
from oms_store.conservation import balances
from tests.factory import FixedClock
from tests.story import Story, open_story


@pytest.fixture
def story(database_url: str, tmp_path: Path, clock: FixedClock) -> Iterator[Story]:
    opened = open_story(database_url, tmp_path, clock)
    yield opened
    opened.house.store.engine.dispose()


def interchange(number: str, quantity: int = 100, reference: str = "REF1") -> bytes:
    """One interchange of one order, by sender and control reference."""
    body = (
        f"BGM+220+{number}+9'DTM+137:20260302:102'NAD+BY+4012345000016::9'CUX+2:EUR:9'"
        f"LIN+1'PIA+5+SCR-4030:SA'QTY+21:{quantity}:PCE'UNS+S'"
    )
    head = f"UNB+UNOC:3+4012345000016:14+4098765000010:14+260302:1200+{reference}'UNH+1+ORDERS:D:96A:UN:EAN008'"
    return f"{head}{body}UNT+{body.count(chr(39)) + 2}+1'UNZ+1+{reference}'".encode()


def last_codes(story: Story) -> tuple[str, set[str]]:
    draft = story.drafts()[-1]
    return draft.state, {code for code in story.codes(draft) if code.startswith("duplicate.")}


def test_another_content_under_the_reference_of_an_interchange_is_asked_about(story: Story, clock: FixedClock) -> None:
    story.arrives(interchange("PO-1"), "a.edi")
    assert [order.customer_po for order in story.orders()] == ["PO-1"]
    story.arrives(interchange("PO-2"), "b.edi")
    assert last_codes(story) == ("in_review", {"duplicate.same_interchange"})
    story.arrives(interchange("PO-3", reference="REF2"), "c.edi")
    assert last_codes(story) == ("accepted", set())
    clock.advance(days=91)
    story.arrives(interchange("PO-4"), "d.edi")
    assert last_codes(story)[1] == set(), "the sender counts from the start again"


def test_an_interchange_sent_again_as_it_was_is_one_order(story: Story) -> None:
    for name in ("a.edi", "b.edi"):
        story.arrives(interchange("PO-1"), name)
    assert last_codes(story) == ("duplicate", {"duplicate.same_order"})
    assert len(story.orders()) == 1


def test_an_interchange_that_was_rejected_may_be_put_right_under_its_reference(story: Story) -> None:
    story.arrives(interchange("PO-1", quantity=0), "a.edi")
    (draft,) = story.drafts()
    review.reject(story.house, Edit(draft.id, draft.version, "anna"), "no quantity")
    story.arrives(interchange("PO-1"), "b.edi")
    assert last_codes(story) == ("accepted", set())


def test_what_lies_in_a_delivery_over_a_limit_does_not_stay_in_progress(story: Story) -> None:
    story.house = replace(story.house, limits=Limits(parts=2))
    mail = EmailMessage()
    mail["Subject"] = "orders"
    for number in range(3):
        mail.add_attachment(f"Order number;PO-{number}\n", subtype="csv", filename=f"{number}.csv")
    story.arrives(mail.as_bytes(), "mail.eml")
    with story.house.store.read() as session:
        assert set(session.scalars(select(Document.state))) == {"unreadable"}
        assert {place: count for place, count in balances(session)[1].parts if count} == {"unreadable": 1}
