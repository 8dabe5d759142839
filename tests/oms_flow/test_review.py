"""What a person decides on a draft: choices that hold, corrections that are judged again, and decisions that stay."""

from collections.abc import Iterator
from decimal import Decimal
from email.message import EmailMessage
from pathlib import Path

import pytest
from sqlmodel import select

from oms_core.errors import IllegalTransition, InvalidInput, StaleVersion
from oms_core.records import Document, RepeatAnswer
from oms_core.values import SenderFacts
from oms_core.values.master import CustomerRow
from oms_flow import review
from oms_flow.correction import add_line, set_field
from oms_flow.document_review import file_document, read_again
from oms_flow.master import apply
from oms_flow.review import Edit, Task
from tests.factory import FixedClock
from tests.story import Story, csv_order, open_story


@pytest.fixture
def story(sqlite_url: str, tmp_path: Path, clock: FixedClock) -> Iterator[Story]:
    opened = open_story(sqlite_url, tmp_path, clock)
    yield opened
    opened.house.store.engine.dispose()


def waiting(story: Story, number: int = 0) -> Task:
    drafts = [draft for draft in story.drafts() if draft.state == "in_review"]
    return review.task(story.house, drafts[number].id)


def edit(task: Task, version: int | None = None) -> Edit:
    return Edit(task.draft_id, version or task.version, "anna")


def test_a_chosen_product_is_accepted_and_remembered_for_this_customer_only(story: Story) -> None:
    story.arrives(csv_order("PO-1", ("BOHRER-XL", 2)), "po.csv")
    task = waiting(story)
    assert [finding.place for finding in task.blocks] == ["lines[0]"]
    version = review.choose_product(story.house, edit(task), 0, "DRILL-18", remember=True)
    accepted = review.accept_task(story.house, edit(task, version))
    assert accepted.stopped_by == ()
    story.goes_on()
    assert [(order.accepted_by, order.state) for order in story.orders()] == [("anna", "confirmed")]
    story.arrives(csv_order("PO-2", ("BOHRER-XL", 1)), "po2.csv")
    assert len(story.orders()) == 2


def test_an_order_is_checked_again_after_its_customer_was_set_up(story: Story) -> None:
    stranger = SenderFacts(address="neu@kunde.example", authenticated=True)
    story.arrives(csv_order("PO-1", ("SCR-4030", 2)), "po.csv", sender=stranger)
    task = waiting(story)
    assert "customer" in [finding.place for finding in task.blocks]
    row = CustomerRow("C-2001", "Neukunde GmbH", country="DE", email="neu@kunde.example", price_list="A")
    apply(story.house, "customers", [row], "ada")
    version = review.check_again(story.house, edit(task))
    assert review.task(story.house, task.draft_id).blocks == ()
    assert review.accept_task(story.house, edit(task, version)).order_id is not None


def test_the_machine_keeps_to_a_choice_when_it_judges_again(story: Story) -> None:
    story.arrives(csv_order("PO-1", ("NO-SUCH", 2), ("ALSO-NOT", 1)), "po.csv")
    task = waiting(story)
    version = review.choose_product(story.house, edit(task), 0, "SCR-4030")
    version = review.correct(story.house, edit(task, version), set_field("lines[0].quantity", "7", "anna"))
    line = review.line_match(review.task(story.house, task.draft_id), 0)
    assert line is not None
    assert (line.sku, line.method, line.quantity) == ("SCR-4030", "person", Decimal(7))


def test_choices_move_with_their_lines(story: Story) -> None:
    story.arrives(csv_order("PO-1", ("NO-SUCH", 2), ("ALSO-NOT", 1)), "po.csv")
    task = waiting(story)
    version = review.choose_product(story.house, edit(task), 1, "DRILL-18")
    version = review.remove_line(story.house, edit(task, version), 0)
    after = review.task(story.house, task.draft_id)
    assert after.choices.lines == ((0, "DRILL-18"),)
    assert after.blocks == ()


def test_a_stale_version_is_refused_and_nothing_changes(story: Story) -> None:
    story.arrives(csv_order("PO-1", ("NO-SUCH", 2)), "po.csv")
    task = waiting(story)
    review.choose_product(story.house, edit(task), 0, "DRILL-18")
    with pytest.raises(StaleVersion):
        review.choose_product(story.house, edit(task), 0, "SCR-4030")
    assert review.task(story.house, task.draft_id).choices.sku(0) == "DRILL-18"


def test_what_blocks_cannot_be_accepted_over(story: Story) -> None:
    story.arrives(csv_order("PO-1", ("NO-SUCH", 2)), "po.csv")
    task = waiting(story)
    assert review.accept_task(story.house, edit(task)).stopped_by == task.blocks != ()
    assert story.orders() == []


def test_accepting_twice_makes_one_order(story: Story) -> None:
    story.arrives(csv_order("PO-1", ("SCR-4030", 10)), "po.csv")
    story.arrives(csv_order("PO-1", ("SCR-4030", 20)), "po2.csv")
    task = waiting(story)
    first = review.accept_task(story.house, edit(task))
    assert review.accept_task(story.house, edit(task)).order_id == first.order_id
    assert len(story.orders()) == 2


def test_a_rejection_wants_a_reason_and_stays(story: Story) -> None:
    story.arrives(csv_order("PO-1", ("NO-SUCH", 2)), "po.csv")
    task = waiting(story)
    with pytest.raises(InvalidInput):
        review.reject(story.house, edit(task), "  ")
    review.reject(story.house, edit(task), "not for us")
    with pytest.raises(IllegalTransition):
        review.accept_task(story.house, edit(task))


def test_a_kept_answer_of_repeat_lets_the_next_one_run(story: Story, clock: FixedClock) -> None:
    for _ in range(2):
        story.arrives(csv_order(None, ("SCR-4030", 100)), "monday.csv", number=str(clock.instant))
        clock.advance(days=7)
    task = waiting(story)
    version = review.keep_repeat(story.house, edit(task))
    assert review.accept_task(story.house, edit(task, version)).order_id
    with story.house.store.read() as session:
        assert session.scalars(select(RepeatAnswer.answer)).all() == ["repeat"]
    story.arrives(csv_order(None, ("SCR-4030", 100)), "monday.csv", number="third")
    assert len(story.orders()) == 3


def test_an_unreadable_document_is_read_again_or_filed(story: Story) -> None:
    story.arrives(b"%PDF-1.4 broken", "a.pdf")
    with story.house.store.read() as session:
        document = session.scalars(select(Document)).one()
    read_again(story.house, Edit(document.id, document.version, "anna"))
    story.goes_on()
    with story.house.store.read() as session:
        document = session.scalars(select(Document)).one()
        assert document.state == "unreadable"
    with pytest.raises(StaleVersion):
        file_document(story.house, Edit(document.id, 1, "anna"), "a flyer")
    file_document(story.house, Edit(document.id, document.version, "anna"), "a flyer")
    with story.house.store.read() as session:
        assert session.scalars(select(Document.state)).all() == ["filed"]


def test_documents_nested_in_one_that_is_read_again_are_found_anew(story: Story) -> None:
    inner = EmailMessage()
    inner["Subject"] = "see attachment"
    inner.add_attachment(b"%PDF-1.4 broken", maintype="application", subtype="pdf", filename="a.pdf")
    outer = EmailMessage()
    outer["Subject"] = "forwarded"
    outer.add_attachment(inner)
    story.arrives(outer.as_bytes(), "mail.eml")
    with story.house.store.read() as session:
        before = session.scalars(select(Document).order_by(Document.id)).all()
    assert len([document for document in before if document.parent_id not in (None, before[0].id)]) > 0
    read_again(story.house, Edit(before[0].id, before[0].version, "anna"))
    story.goes_on()
    with story.house.store.read() as session:
        after = session.scalars(select(Document).order_by(Document.id)).all()
    assert [(document.filename, document.state) for document in after] == [(d.filename, d.state) for d in before]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("lines[0].quantity", "-1"),
        ("lines[0].quantity", "x"),
        ("lines[9].quantity", "1"),
        ("date", "31.31.26"),
        ("lines[0].sku", "A"),
        ("nothing", "1"),
        ("lines[0].quantity", "0.1234567"),
        ("number", "9" * 3000),
    ],
)
def test_a_correction_that_makes_no_sense_is_refused_with_a_sentence(story: Story, path: str, text: str) -> None:
    story.arrives(csv_order("PO-1", ("NO-SUCH", 2)), "po.csv")
    task = waiting(story)
    with pytest.raises(InvalidInput):
        review.correct(story.house, edit(task), set_field(path, text, "anna"))


def test_an_added_line_is_matched(story: Story) -> None:
    story.arrives(csv_order("PO-1", ("NO-SUCH", 2)), "po.csv")
    task = waiting(story)
    version = review.correct(story.house, edit(task), add_line("anna", "SCR-4030", "5"))
    review.remove_line(story.house, edit(task, version), 0)
    assert review.task(story.house, task.draft_id).blocks == ()


def test_an_order_is_no_duplicate_of_nothing(story: Story) -> None:
    story.arrives(csv_order("PO-1", ("NO-SUCH", 2)), "po.csv")
    with pytest.raises(InvalidInput, match="nothing came before"):
        review.mark_duplicate(story.house, edit(waiting(story)))
    assert waiting(story).state == "in_review"


def test_an_order_with_another_content_under_its_number_is_linked_to_the_first(story: Story) -> None:
    story.arrives(csv_order("PO-1", ("SCR-4030", 10)), "po.csv")
    story.arrives(csv_order("PO-1", ("SCR-4030", 20)), "po2.csv")
    task = waiting(story)
    review.mark_duplicate(story.house, edit(task))
    first, second = story.drafts()
    assert (second.state, second.duplicate_of) == ("duplicate", first.id)


def test_an_address_is_chosen_after_the_customer(story: Story) -> None:
    stranger = SenderFacts(address="neu@kunde.example", authenticated=True)
    story.arrives(csv_order("PO-1", ("SCR-4030", 2)), "po.csv", sender=stranger)
    with pytest.raises(InvalidInput, match="choose the customer first"):
        review.choose_ship_to(story.house, edit(waiting(story)), "S-1")
