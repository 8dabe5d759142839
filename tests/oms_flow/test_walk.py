"""What becomes of a document: the walk of one order, on both databases."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from sqlmodel import select

from oms_core.records import Allocation, Invoice, OrderLine, Outbox, Stock
from oms_core.values.outbound import Settlement
from oms_flow.columns import declare
from oms_store.conservation import balances, orphans
from tests.factory import FixedClock
from tests.story import Story, csv_order, open_story


@pytest.fixture
def story(database_url: str, tmp_path: Path, clock: FixedClock) -> Iterator[Story]:
    opened = open_story(database_url, tmp_path, clock)
    yield opened
    opened.house.store.engine.dispose()


def test_a_clean_order_is_accepted_reserved_billed_pushed_and_answered(story: Story, tmp_path: Path) -> None:
    assert story.arrives(csv_order("PO-1", ("SCR-4030", 1200), ("4711", 2)), "po.csv") is Settlement.STORED
    (order,) = story.orders()
    assert (order.customer, order.customer_po, order.state) == ("C-1001", "PO-1", "confirmed")
    assert order.net == Decimal("120.00") + Decimal("259.80")
    assert order.gross == order.net + Decimal("72.16")
    with story.house.store.read() as session:
        lines = session.scalars(select(OrderLine).order_by(OrderLine.position)).all()
        assert [(line.sku, line.price_source) for line in lines] == [
            ("SCR-4030", "list A, from 1000"),
            ("DRILL-18", "list A"),
        ]
        assert session.get_one(Stock, ("SCR-4030", "NORTH")).allocated == Decimal(1200)
        assert session.scalars(select(Invoice)).one().gross == order.gross
        assert {(row.kind, row.state) for row in session.scalars(select(Outbox))} == {("erp", "done"), ("mail", "done")}
    assert len(list((tmp_path / "erp" / "orders").glob("*.json"))) == 1


def test_the_same_order_by_another_way_is_linked_and_not_run(story: Story) -> None:
    story.arrives(csv_order("PO-1", ("SCR-4030", 100)), "po.csv")
    story.arrives(csv_order("PO-1", ("SCR-4030", 100)) + b"\n", "again.csv")
    first, again = story.drafts()
    assert (again.state, again.duplicate_of) == ("duplicate", first.id)
    assert len(story.orders()) == 1


def test_the_same_number_with_other_lines_is_asked_about(story: Story) -> None:
    story.arrives(csv_order("PO-1", ("SCR-4030", 100)), "po.csv")
    story.arrives(csv_order("PO-1", ("SCR-4030", 150)), "po2.csv")
    again = story.drafts()[1]
    assert again.state == "in_review"
    assert "duplicate.changed_order" in story.codes(again)


def test_the_same_bytes_next_week_without_a_number_are_asked_about(story: Story, clock: FixedClock) -> None:
    story.arrives(csv_order(None, ("SCR-4030", 100)), "monday.csv")
    clock.advance(days=7)
    story.arrives(csv_order(None, ("SCR-4030", 100)), "monday.csv")
    first, again = story.drafts()
    assert first.state == "accepted"
    assert again.state == "in_review"
    assert "duplicate.repeat_question" in story.codes(again)


def test_the_same_transmission_is_not_stored_twice(story: Story) -> None:
    story.arrives(csv_order("PO-1", ("SCR-4030", 1)), "a.csv", message_id="<1@huber.example>")
    again = story.arrives(csv_order("PO-1", ("SCR-4030", 1)), "a.csv", message_id="<1@huber.example>", channel="other")
    assert again is Settlement.DUPLICATE
    assert len(story.drafts()) == 1


def test_a_delivery_that_comes_again_after_a_crash_gets_the_same_answer(story: Story) -> None:
    for _ in range(2):
        assert story.arrives(csv_order("PO-1", ("SCR-4030", 1)), "a.csv", number="key-1") is Settlement.STORED
    assert len(story.drafts()) == 1


def test_more_than_there_is_becomes_a_backorder_with_a_note(story: Story) -> None:
    story.arrives(csv_order("PO-1", ("DRILL-18", 9)), "po.csv")
    with story.house.store.read() as session:
        promised = sum((row.quantity for row in session.scalars(select(Allocation))), Decimal(0))
        short = sum((row.backordered for row in session.scalars(select(OrderLine))), Decimal(0))
    (draft,) = story.drafts()
    assert (promised, short) == (Decimal(7), Decimal(2))
    assert "stock.short" in story.codes(draft)


def test_what_there_is_just_enough_of_is_not_short(story: Story) -> None:
    story.arrives(csv_order("PO-1", ("DRILL-18", 7)), "po.csv")
    (draft,) = story.drafts()
    assert "stock.short" not in story.codes(draft)


def test_what_cannot_be_read_becomes_a_task_with_a_sentence_and_nothing_else_stops(story: Story) -> None:
    story.arrives(b"", "empty.csv")
    story.arrives(b"UNB+UNOA:1+X", "half.edi")
    story.arrives(csv_order("PO-1", ("SCR-4030", 1)), "po.csv")
    assert len(story.orders()) == 1
    with story.house.store.read() as session:
        assert dict(balances(session)[1].parts)["unreadable"] == 2


def test_everything_is_accounted_for(story: Story) -> None:
    story.arrives(csv_order("PO-1", ("SCR-4030", 1)), "a.csv")
    story.arrives(csv_order("PO-2", ("NO-SUCH", 1)), "b.csv")
    story.arrives(b"%PDF-1.4 broken", "c.pdf")
    story.lands(csv_order("PO-3", ("SCR-4030", 1)), "d.csv")
    with story.house.store.read() as session:
        assert all(balance.holds for balance in balances(session))
        assert orphans(session) == ()
        assert dict(balances(session)[1].parts)["in progress"] == 1


def test_declared_columns_read_a_table_whose_headers_say_nothing(story: Story) -> None:
    table = b"Alpha;Beta;Gamma\nX-9;SCR-4030;12\n"
    story.arrives(table, "odd.csv", number="first")
    assert story.orders() == []
    declare(
        story.house,
        "huber.example",
        (("Alpha", "number"), ("Beta", "supplier_code"), ("Gamma", "quantity")),
        "anna",
    )
    story.arrives(table, "odd.csv", number="second")
    assert [draft.number for draft in story.drafts() if draft.number] == ["X-9"]
