"""A customer cancels: one instruction for each way that things can stand, and one verb that ends it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlmodel import col, select

from oms_core.decisions.transition import OutboxState
from oms_core.errors import IllegalTransition
from oms_core.records import Audit, Invoice, Order, Outbox, Stock, StockMovement
from oms_core.values import SenderFacts
from oms_core.values.outbound import erp_number, known_there
from oms_core.values.work import WorkKind
from oms_flow import review
from oms_flow.change import Ending
from oms_flow.correction import add_line, set_field
from oms_flow.deliver import retry
from oms_flow.review import Edit, Task
from oms_store.conservation import balances, orphans
from oms_store.soundness import allocation_differences, ledger_differences
from tests.factory import FixedClock
from tests.story import Story, csv_order, open_story

ORDER = csv_order("PO-1", ("DRILL-18", 2))
CANCELLATION = b"Please cancel our order PO-1 completely.\n"


@pytest.fixture
def story(database_url: str, tmp_path: Path, clock: FixedClock) -> Iterator[Story]:
    opened = open_story(database_url, tmp_path, clock)
    yield opened
    opened.house.store.engine.dispose()


def erp_answers(story: Story, state: OutboxState, receipt: str | None) -> None:
    """Let the ERP have answered so: with a number of its own, or with a refusal."""
    with story.house.store.write("erp") as unit:
        push = unit.session.scalars(select(Outbox).where(col(Outbox.kind) == "erp")).one()
        push.state, push.receipt = state, receipt
        if state == OutboxState.REJECTED:
            unit.session.scalars(select(Order)).one().state = "held"


def waiting(story: Story, kind: str = "order_cancellation") -> Task:
    (draft,) = [draft for draft in story.drafts() if draft.state == "in_review" and draft.kind == kind]
    return review.task(story.house, draft.id)


def edit(task: Task) -> Edit:
    return Edit(task.draft_id, task.version, "anna")


def told(task: Task) -> tuple[Ending, list[str], str]:
    """What the task asks for: its verb, the codes of what is said of the order that it touches, and the sentence."""
    about = [one for one in task.findings if one.code.startswith(("change.", "document."))]
    return task.ending, [one.code for one in about], about[0].message


def assert_cancelled(story: Story) -> None:
    """The order is cancelled, its stock free again, its invoice void, and every sum adds up."""
    with story.house.store.read() as session:
        assert set(session.scalars(select(Order.state))) == {"cancelled"}
        assert set(session.scalars(select(Invoice.state))) == {"void"}
        assert session.get_one(Stock, ("DRILL-18", "NORTH")).allocated == 0
        kinds = session.scalars(select(StockMovement.kind).where(col(StockMovement.sku) == "DRILL-18"))
        assert sorted(kind for kind in kinds if kind != "import").count("release") == 1
        assert (ledger_differences(session), allocation_differences(session), orphans(session)) == ((), (), ())
        assert all(balance.holds for balance in balances(session))


def states(story: Story, kind: str) -> list[str]:
    with story.house.store.read() as session:
        return list(session.scalars(select(Outbox.state).where(col(Outbox.kind) == kind)))


def trail(story: Story, subject: str) -> list[tuple[str, str, str | None]]:
    with story.house.store.read() as session:
        rows = select(Audit).where(col(Audit.subject) == subject).order_by(col(Audit.id))
        return [(row.who, row.what, row.after) for row in session.scalars(rows)]


def test_an_order_that_has_not_left_is_cancelled_by_accepting(story: Story) -> None:
    story.lands(ORDER, "po.csv")
    story.lands(CANCELLATION, "cancel.txt")
    story.goes_on(WorkKind.WALK)
    task = waiting(story)
    ending, codes, says = told(task)
    assert (ending, codes, task.blocks) == (Ending.ACCEPT, ["change.cancels"], ())
    assert "it does not go to the ERP" in says
    order = story.orders()[0].id
    assert review.accept_task(story.house, edit(task)).order_id == order
    assert review.accept_task(story.house, edit(task)).order_id == order, "twice is harmless"
    story.goes_on()
    assert_cancelled(story)
    assert (states(story, "erp"), states(story, "mail")) == (["suppressed"], [])
    assert story.drafts()[1].state == "applied"
    assert ("anna", "cancelled", None) in trail(story, order)
    assert ("anna", "carried the cancellation out", f"order {story.orders()[0].number}") in trail(story, task.draft_id)
    assert review.task(story.house, task.draft_id).blocks == (), "what is done asks for nothing"


def test_an_order_that_the_erp_has_is_cancelled_there_first_and_then_said_so(story: Story) -> None:
    story.arrives(ORDER, "po.csv")
    story.arrives(CANCELLATION, "cancel.txt")
    assert "(handed over as a file): cancel it there" in told(waiting(story))[2]
    erp_answers(story, OutboxState.DONE, "SO-000001")
    task = waiting(story)
    ending, codes, says = told(task)
    assert (ending, codes) == (Ending.CANCELLED_IN_ERP, ["change.erp_has_it"])
    assert "there as SO-000001" in says
    assert review.accept_task(story.house, edit(task)).stopped_by == task.blocks != ()
    order = story.orders()[0].id
    assert review.cancelled_in_erp(story.house, edit(task)) == order
    assert review.cancelled_in_erp(story.house, edit(task)) == order, "twice is harmless"
    story.goes_on()
    assert_cancelled(story)
    assert states(story, "erp") == ["done"], "what the ERP was told stays as it was"
    assert ("anna", "cancelled", "after it was cancelled in the ERP (there as SO-000001)") in trail(story, order)


def test_a_thank_you_that_has_not_left_does_not_leave_after_the_cancellation(story: Story) -> None:
    story.arrives(ORDER, "po.csv")
    with story.house.store.write("as if the mail server had been away") as unit:
        (mail,) = unit.session.scalars(select(Outbox).where(col(Outbox.kind) == "mail"))
        mail.state = "pending"
    story.arrives(CANCELLATION, "cancel.txt")
    review.cancelled_in_erp(story.house, edit(waiting(story)))
    assert states(story, "mail") == ["suppressed"]


def test_an_order_on_its_way_is_waited_for(story: Story, tmp_path: Path) -> None:
    (tmp_path / "erp").write_text("a file where the folder of the ERP should be")
    story.arrives(ORDER, "po.csv")
    story.arrives(CANCELLATION, "cancel.txt")
    task = waiting(story)
    ending, codes, _ = told(task)
    assert (ending, codes) == (Ending.WAIT, ["change.on_its_way"])
    with pytest.raises(IllegalTransition, match="on its way to the ERP"):
        review.cancelled_in_erp(story.house, edit(task))
    assert story.orders()[0].state == "accepted"


def test_an_order_that_the_erp_refused_is_cancelled_by_accepting_and_never_sent_again(story: Story) -> None:
    story.lands(ORDER, "po.csv")
    story.goes_on(WorkKind.WALK)
    erp_answers(story, OutboxState.REJECTED, None)
    story.waiting.clear()
    story.arrives(CANCELLATION, "cancel.txt")
    task = waiting(story)
    assert told(task)[:2] == (Ending.ACCEPT, ["change.cancels"])
    assert review.accept_task(story.house, edit(task)).ended
    assert_cancelled(story)
    with story.house.store.read() as session:
        (push,) = session.scalars(select(Outbox.id))
    with pytest.raises(IllegalTransition), story.house.store.write("retry") as unit:
        retry(unit, push, "anna")


def test_an_order_that_was_billed_is_not_cancelled(story: Story) -> None:
    story.arrives(ORDER, "po.csv")
    with story.house.store.write("billing") as unit:
        unit.session.scalars(select(Invoice)).one().number = "INV-7"
    story.arrives(CANCELLATION, "cancel.txt")
    task = waiting(story)
    ending, codes, says = told(task)
    assert (ending, codes) == (Ending.REJECT, ["change.billed"])
    assert "billed as INV-7" in says
    with pytest.raises(IllegalTransition, match="agree with the customer on a return"):
        review.cancelled_in_erp(story.house, edit(task))
    review.reject(story.house, edit(task), "return agreed")
    assert story.orders()[0].state == "confirmed"


def test_an_order_that_still_waits_in_review_is_rejected_with_its_cancellation(story: Story) -> None:
    story.arrives(csv_order("PO-1", ("NO-SUCH", 2)), "po.csv")
    story.arrives(CANCELLATION, "cancel.txt")
    task = waiting(story)
    assert told(task)[:2] == (Ending.ACCEPT, ["change.rejects"])
    done = review.accept_task(story.house, edit(task))
    assert (done.order_id, done.ended) == (None, True)
    assert review.accept_task(story.house, edit(task)).ended, "twice is harmless"
    assert [draft.state for draft in story.drafts()] == ["rejected", "applied"]
    assert story.drafts()[0].reject_reason == "The customer cancelled it (2026-03-02)."


def test_a_cancellation_of_nothing_we_know_is_put_right_or_rejected(story: Story) -> None:
    story.arrives(b"Please cancel our order PO-9 completely.\n", "cancel.txt")
    task = waiting(story)
    ending, codes, says = told(task)
    assert (ending, codes) == (Ending.REJECT, ["change.no_order"])
    assert "has the number PO-9: correct the number, or reject" in says
    assert [block.code for block in task.blocks] == ["change.no_order"]
    with pytest.raises(IllegalTransition):
        review.cancelled_in_erp(story.house, edit(task))
    review.reject(story.house, edit(task), "not one of ours")


def test_a_cancellation_whose_number_was_put_right_finds_its_order(story: Story) -> None:
    story.arrives(ORDER, "po.csv")
    story.arrives(b"Please cancel our order PO-9 completely.\n", "cancel.txt")
    review.correct(story.house, edit(waiting(story)), set_field("number", "PO-1", "anna"))
    assert told(waiting(story))[0] is Ending.CANCELLED_IN_ERP
    review.correct(story.house, edit(waiting(story)), set_field("number", "", "anna"))
    assert "It names no order: enter the number" in told(waiting(story))[2]


def test_a_second_cancellation_of_the_same_order_changes_nothing(story: Story) -> None:
    story.lands(ORDER, "po.csv")
    story.lands(CANCELLATION, "cancel.txt")
    story.goes_on(WorkKind.WALK)
    review.accept_task(story.house, edit(waiting(story)))
    story.arrives(b"Once more: please cancel our order PO-1.\nIt was: 2 pcs DRILL-18\n", "again.txt")
    task = waiting(story)
    assert told(task)[:2] == (Ending.ACCEPT, ["change.cancelled"])
    review.accept_task(story.house, edit(task))
    assert_cancelled(story)


def test_without_a_customer_that_alone_is_asked(story: Story) -> None:
    story.arrives(ORDER, "po.csv")
    stranger = SenderFacts(address="somebody@elsewhere.example", authenticated=True)
    story.arrives(CANCELLATION, "cancel.txt", sender=stranger)
    task = waiting(story)
    assert {block.place for block in task.blocks} == {"customer"}
    review.choose_customer(story.house, edit(task), "C-1001")
    assert told(waiting(story))[0] is Ending.CANCELLED_IN_ERP


def test_of_two_orders_under_one_number_the_newest_is_cancelled_and_the_other_named(story: Story) -> None:
    story.arrives(ORDER, "po.csv")
    story.arrives(csv_order("PO-1", ("DRILL-18", 1)), "po2.csv")
    again = waiting(story, "order")
    review.accept_task(story.house, edit(again))
    story.goes_on()
    first, second = story.orders()
    story.arrives(CANCELLATION, "cancel.txt")
    task = waiting(story)
    assert f"also open: {first.number}" in told(task)[2]
    review.cancelled_in_erp(story.house, edit(task))
    assert [(order.id, order.state) for order in story.orders()] == [
        (first.id, "confirmed"),
        (second.id, "cancelled"),
    ]


def test_a_cancellation_that_names_a_part_of_the_lines_is_told_apart(story: Story) -> None:
    story.arrives(csv_order("PO-1", ("DRILL-18", 2), ("SCR-4030", 10), ("SCR-4040", 10)), "po.csv")
    story.arrives(CANCELLATION, "cancel.txt")
    assert "lines" not in told(waiting(story))[2]
    review.correct(story.house, edit(waiting(story)), add_line("anna", "DRILL-18", "2"))
    assert "It names 1 of the 3 lines: make sure that the whole order is meant." in told(waiting(story))[2]


def test_an_order_sent_anew_after_its_cancellation_is_asked_about(story: Story) -> None:
    story.arrives(ORDER, "po.csv")
    story.arrives(CANCELLATION, "cancel.txt")
    review.cancelled_in_erp(story.house, edit(waiting(story)))
    story.arrives(ORDER + b"\n", "anew.csv")
    task = waiting(story, "order")
    assert "duplicate.cancelled_order" in {finding.code for finding in task.findings}
    assert review.accept_task(story.house, edit(task)).order_id
    story.goes_on()
    assert [order.state for order in story.orders()] == ["cancelled", "confirmed"]


def test_a_crash_before_the_commit_leaves_everything_and_the_verb_is_said_again(story: Story) -> None:
    story.arrives(ORDER, "po.csv")
    story.arrives(CANCELLATION, "cancel.txt")
    task = waiting(story)

    def crash(name: str, moment: str) -> None:
        if (name, moment) == ("review.cancel", "before"):
            raise SystemExit

    broken = replace(story.house, store=replace(story.house.store, boundary=crash))
    with pytest.raises(SystemExit):
        review.cancelled_in_erp(broken, edit(task))
    assert [order.state for order in story.orders()] == ["confirmed"]
    assert waiting(story).version == task.version
    review.cancelled_in_erp(story.house, edit(task))
    assert_cancelled(story)


def test_the_name_of_a_file_is_no_number_of_the_erp() -> None:
    assert known_there("ordermill-01J.json") == "handed over as a file"
    assert known_there("SO-12") == "there as SO-12"
    assert (erp_number("SO-12"), erp_number("ordermill-01J.json"), erp_number(None)) == ("SO-12", None, None)
