"""A correction of one document teaches the reading of the next; people see it, change it and take it back."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from oms_core.errors import InvalidInput, NotFound, StaleVersion
from oms_core.records import SenderLayout
from oms_core.values import DraftDocument, SenderFacts
from oms_core.values.layout import Layout, Meaning
from oms_flow import learning, review
from oms_flow.correction import set_field
from oms_flow.review import Edit, Task
from oms_store.codec import load
from tests.factory import FixedClock
from tests.parsers.pdf.pages import drawn, table_at
from tests.story import Story, open_story

COLLEAGUE = SenderFacts(address="lager@huber.example", authenticated=True)
STRANGER = SenderFacts(address="order@berg.example", authenticated=True)


@pytest.fixture
def story(sqlite_url: str, tmp_path: Path, clock: FixedClock) -> Iterator[Story]:
    opened = open_story(sqlite_url, tmp_path, clock)
    yield opened
    opened.house.store.engine.dispose()


def paper(number: str, ripe: str) -> bytes:
    """An order that calls the day it wants the goods by a word of its own, at a price that a person must look at."""
    rows = [
        ("Pos", "Artikel-Nr.", "Bezeichnung", "Menge", "Einzelpreis", "Betrag"),
        ("1", "SCR-4030", "Wood screw 4x30 zinc", "100", "0,20", "20,00"),
    ]
    head = [
        (50, 60, "Huber Metallbau GmbH"),
        (50, 74, "Werkstr. 5, 80331 Muenchen"),
        (50, 110, "Bestellung"),
        (50, 140, "Bestell-Nr.:"),
        (200, 140, number),
        (50, 156, "Abrufreife"),
        (200, 156, ripe),
    ]
    return drawn([*head, *table_at(240, (50, 80, 160, 360, 420, 500), rows), (420, 290, "Summe"), (500, 290, "20,00")])


def newest(story: Story) -> Task:
    return review.task(story.house, story.drafts()[-1].id)


def wanted(story: Story) -> date | None:
    day = load(DraftDocument, story.drafts()[-1].payload).requested_date
    return day.value if day else None


def taught(story: Story) -> str:
    """Let anna put one document right and accept it; return the key of what was learned."""
    story.arrives(paper("ZK-4711", "03.12.2026"), "a.pdf")
    task = newest(story)
    assert task.state == "in_review"
    version = review.correct(
        story.house, Edit(task.draft_id, task.version, "anna"), set_field("requested_date", "3.12.2026", "anna")
    )
    assert review.accept_task(story.house, Edit(task.draft_id, version, "anna")).order_id is not None
    with story.house.store.read() as session:
        ((sender, layout),) = learning.known_layouts(session)
    assert sender == "huber.example"
    return layout.key


def test_the_next_document_of_the_company_is_read_without_help(story: Story) -> None:
    taught(story)
    story.arrives(paper("ZK-5820", "17.12.2026"), "b.pdf", sender=COLLEAGUE)
    assert wanted(story) == date(2026, 12, 17)
    assert "layout.known" in story.codes(story.drafts()[-1])


def test_another_company_is_read_as_ever(story: Story) -> None:
    taught(story)
    story.arrives(paper("ZK-5820", "17.12.2026"), "b.pdf", sender=STRANGER)
    assert wanted(story) is None


def test_what_was_learned_is_told_in_sentences_and_can_be_taken_back(story: Story) -> None:
    key = taught(story)
    with story.house.store.read() as session:
        layout, _ = learning.layout(session, key)
    assert "'abrufreife' means requested date (header)" in layout.told()
    learning.forget_layout(story.house, key, "ada")
    story.arrives(paper("ZK-5820", "17.12.2026"), "b.pdf")
    assert wanted(story) is None
    with pytest.raises(NotFound):
        learning.forget_layout(story.house, key, "ada")


def test_a_person_may_change_what_was_learned_but_not_over_a_change_of_another(story: Story) -> None:
    key = taught(story)
    with story.house.store.read() as session:
        layout, version = learning.layout(session, key)
    other = replace(layout, meanings=(Meaning("header", "abrufreife", "other"),))
    learning.change_layout(story.house, other, version, "ada")
    with pytest.raises(StaleVersion):
        learning.change_layout(story.house, layout, version, "ben")
    story.arrives(paper("ZK-5820", "17.12.2026"), "b.pdf")
    assert wanted(story) is None


def test_a_layout_has_a_limit(story: Story) -> None:
    key = taught(story)
    many = tuple(Meaning("header", f"word {n}", "number") for n in range(learning.MAX_MEANINGS + 1))
    with pytest.raises(InvalidInput):
        learning.change_layout(story.house, Layout("pdf", (), many, key=key), 2, "ada")


def test_an_order_that_nobody_corrected_teaches_nothing(story: Story) -> None:
    story.arrives(paper("ZK-4711", "03.12.2026"), "a.pdf")
    task = newest(story)
    review.accept_task(story.house, Edit(task.draft_id, task.version, "anna"))
    with story.house.store.read() as session:
        assert learning.known_layouts(session) == ()


def test_what_a_colleague_corrects_again_is_added_to_the_same_layout(story: Story) -> None:
    key = taught(story)
    story.arrives(paper("ZK-5820", "17.12.2026"), "b.pdf", sender=COLLEAGUE)
    task = newest(story)
    if task.state == "in_review":
        edit = Edit(task.draft_id, task.version, "ben")
        version = review.correct(story.house, edit, set_field("buyer.name", "Huber Metallbau GmbH", "ben"))
        review.accept_task(story.house, Edit(task.draft_id, version, "ben"))
    with story.house.store.read() as session:
        layouts = learning.known_layouts(session, "huber.example")
        assert [layout.key for _, layout in layouts] == [key]
        assert session.get_one(SenderLayout, key).learned_from
