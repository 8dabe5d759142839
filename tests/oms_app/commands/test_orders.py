"""Orders and the review from a terminal: the same verbs as the pages."""

import getpass
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from oms_core.records import Delivery
from oms_flow.people import add_person, set_active
from tests.factory import FixedClock
from tests.story import Story, csv_order

Cli = Callable[..., Any]
"""The command line: see `conftest.py` beside this file."""


@pytest.fixture(autouse=True)
def _people(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who may log in, and who sits at this machine."""
    monkeypatch.setattr(getpass, "getuser", lambda: "oskar")
    add_person(story.house.store, "test", "anna", "Anna Sommer", "reviewer")
    add_person(story.house.store, "test", "bert", "Bert Winter", "admin")


@pytest.fixture
def accepted(story: Story) -> str:
    story.arrives(csv_order("PO-1", ("SCR-4030", 100)), "po.csv")
    return story.orders()[0].number


@pytest.fixture
def waiting(story: Story) -> str:
    """A draft in review: nobody knows its second line."""
    story.arrives(csv_order("PO-2", ("SCR-4030", 100), ("XJ-77", 2)), "po2.csv")
    return story.drafts()[-1].id


def test_orders_are_listed_newest_first_and_filtered(cli: Cli, story: Story, accepted: str) -> None:
    story.arrives(csv_order("PO-9", ("SCR-4040", 10)), "po9.csv")
    assert [row["customer_po"] for row in cli("orders", "--json").lines] == ["PO-9", "PO-1"]
    assert [row["net"] for row in cli("orders", "--json", "--search", "PO-1").lines] == ["12"]
    assert cli("orders", "--state", "cancelled", "--json").lines == []
    assert cli("orders", "--since", "2026-03-03", "--json").lines == []
    assert len(cli("orders", "--customer", "C-1001", "--limit", "1", "--json").lines) == 1
    table = cli("orders").out
    assert "Orders (2 of 2)" in table
    assert accepted in table
    assert cli("orders", "--search", "nobody").out.startswith("No order fits;")
    assert "the states are accepted, confirmed, held, cancelled" in cli("orders", "--state", "lost").err


@pytest.mark.usefixtures("story")
def test_everything_about_an_order_is_shown_by_any_of_its_names(cli: Cli, accepted: str) -> None:
    whole = cli("show", accepted, "--json").json
    assert [row["sku"] for row in whole["lines"]] == ["SCR-4030"]
    assert {row["kind"] for row in whole["pushes"]} == {"erp", "mail"}
    assert whole["drafts"][0]["payload"]["number"]["value"] == "PO-1"
    keys = [whole["orders"][0]["id"], whole["drafts"][0]["id"], whole["documents"][0]["id"], whole["delivery"][0]["id"]]
    for key in keys:
        assert cli("show", key, "--json").json == whole
    assert "there is no order, draft, document or delivery 'O-999'" in cli("show", "O-999").err


@pytest.mark.usefixtures("story")
def test_an_order_is_a_page_that_a_person_reads(cli: Cli, accepted: str) -> None:
    told = cli("show", accepted).out
    for words in (
        f"Order {accepted}, ",
        "Huber Metallbau GmbH (C-1001)",
        "PO-1",
        "by test from einkauf@huber.example: po.csv",
        "100 pieces",
        "0.12 (list A",
        "100 from NORTH",
        "Net 12.00 + tax 2.28 = 14.28 EUR; invoice without a number yet, draft",
        "the order to file_drop",
        "a mail to einkauf@huber.example",
        "the machine",
    ):
        assert words in told
    assert "C62" not in told
    assert "{" not in told, "what is kept for programs is for --json"
    assert len(told.splitlines()) < 50


def test_what_a_person_changed_stands_in_the_history_and_a_shortage_on_its_line(
    cli: Cli, story: Story, waiting: str
) -> None:
    cli("review", "choose-product", waiting, 2, "DRILL-18", "--as", "anna")
    cli("review", "set", waiting, "lines[2].quantity", "9", "--as", "anna")
    cli("review", "set", waiting, "requested_date", "1. Dezember 2026", "--as", "anna")
    assert cli("review", "accept", waiting, "--as", "anna").status == 0
    told = cli("show", story.orders()[0].number).out

    for words in (
        "wanted by 2026-12-01",
        "by anna (by oskar on the machine)",
        "Line 2, quantity: 2 → 9",
        "Wanted by: (empty) → 2026-12-01",
        "4 from NORTH, 3 from SOUTH, 2 pieces on backorder",
    ):
        assert words in told


def test_a_draft_that_waits_is_shown_with_how_to_decide_it(cli: Cli, waiting: str) -> None:
    told = cli("show", waiting).out
    for words in ("Order PO-2, in review", f"ordermill review show {waiting}", "XJ-77", "please check", "History"):
        assert words in told


def test_a_document_without_an_order_is_shown_with_what_is_wrong(cli: Cli, story: Story) -> None:
    story.arrives(b"", "empty.csv")
    (row,) = cli("review", "documents", "--json").lines
    told = cli("show", row["id"]).out
    for words in ("Delivery empty.csv", "unreadable", row["id"], "Noticed"):
        assert words in told


def test_a_document_cannot_move_the_cursor_of_a_terminal(cli: Cli, story: Story) -> None:
    story.arrives(csv_order("PO-\x1b[2J7", ("SCR-4030", 100), ("XJ-77\x1b]0;owned\x07", 2)), "po\x1b[1A.csv")
    key = story.drafts()[-1].id
    for words in (("show", key), ("review", "show", key), ("review", "list")):
        assert "\x1b" not in cli(*words).out


def test_what_waits_is_listed_with_what_it_waits_for(cli: Cli, waiting: str) -> None:
    (row,) = cli("review", "list", "--json").lines
    assert (row["key"], row["what"], row["number"]) == (waiting, "order", "PO-2")
    assert {finding["code"] for finding in row["reasons"]} & {"match.line_unknown", "match.line_unsure"}
    table = cli("review", "list").out
    assert waiting in table, "an id that is cut off cannot be copied"
    assert cli("review", "list", "--reason", "credit", "--json").lines == []
    assert cli("review", "list", "--reason", "credit").out == "Nothing that fits waits.\n"


def test_a_task_is_shown_with_lines_and_findings(cli: Cli, waiting: str) -> None:
    told = cli("review", "show", waiting).out
    for words in ("version", "C-1001 (sure)", "XJ-77", "SCR-4030", "100", "please check", "Noticed"):
        assert words in told
    assert cli("review", "show", waiting, "--json").json["draft_id"] == waiting


def test_a_product_is_chosen_remembered_and_the_order_accepted(cli: Cli, story: Story, waiting: str) -> None:
    chosen = cli("review", "choose-product", waiting, 2, "DRILL-18", "--remember", "--as", "anna")
    assert (chosen.status, "nothing is left to decide" in chosen.out) == (0, True)
    accepted = cli("review", "accept", waiting, "--as", "anna", "--json").json
    assert accepted["stopped_by"] == []
    (order,) = story.orders()
    assert (order.id, order.accepted_by) == (accepted["order"], "anna (by oskar on the machine)")
    assert f"is accepted as order {order.number}" in cli("review", "accept", waiting).out, "twice is harmless"
    story.arrives(csv_order("PO-3", ("XJ-77", 1)), "po3.csv")
    assert story.drafts()[-1].state == "accepted", "the code was remembered"


def test_what_blocks_an_order_is_named_and_ends_with_status_1(cli: Cli, waiting: str) -> None:
    told = cli("review", "accept", waiting)
    assert told.status == 1
    assert "Line 2: " in told.err, "as people count, not as programs do"
    assert cli("review", "accept", waiting, "--json").json["order"] is None


@pytest.mark.usefixtures("story")
def test_a_field_is_corrected_by_its_line_as_people_count(cli: Cli, waiting: str) -> None:
    assert cli("review", "set", waiting, "lines[1].quantity", "50").status == 0
    shown = cli("review", "show", waiting, "--json").json
    assert shown["order"]["draft"]["lines"][0]["quantity"]["value"] == "50.000000"
    assert "there is no line 0" in cli("review", "set", waiting, "lines[0].quantity", "50").err
    assert (
        "Line 1, quantity: '1.234' can be 1234 or 1.234"
        in cli("review", "set", waiting, "lines[1].quantity", "1.234").err
    )
    assert "is not a number" in cli("review", "set", waiting, "lines[1].quantity", "many").err


def test_a_line_is_taken_out_and_a_ship_to_chosen(cli: Cli, waiting: str) -> None:
    assert cli("review", "remove-line", waiting, 2).status == 0
    assert cli("review", "choose-ship-to", waiting, "").status == 0
    assert len(cli("review", "show", waiting, "--json").json["order"]["lines"]) == 1


def test_a_customer_is_chosen_and_an_unknown_one_refused(cli: Cli, waiting: str) -> None:
    assert "there is no customer 'C-77'" in cli("review", "choose-customer", waiting, "C-77").err
    assert cli("review", "choose-customer", waiting, "C-1002").status == 0
    assert cli("review", "show", waiting, "--json").json["order"]["customer"]["key"] == "C-1002"


def test_a_version_that_was_overtaken_is_refused(cli: Cli, waiting: str) -> None:
    version = cli("review", "show", waiting, "--json").json["version"]
    assert cli("review", "set", waiting, "notes", "urgent", "--version", version).status == 0
    assert "look again" in cli("review", "reject", waiting, "no", "--version", version).err


def test_an_order_is_rejected_with_its_reason(cli: Cli, story: Story, waiting: str) -> None:
    assert "say why" in cli("review", "reject", waiting, " ").err
    assert cli("review", "reject", waiting, "not ours").status == 0
    assert (story.drafts()[-1].state, story.drafts()[-1].reject_reason) == ("rejected", "not ours")


def test_repeat_or_duplicate_is_answered(cli: Cli, story: Story, clock: FixedClock) -> None:
    for _ in range(3):
        story.arrives(csv_order(None, ("SCR-4030", 100)), "monday.csv", number=str(clock.advance(days=7)))
    first, second, third = story.drafts()
    assert [first.state, second.state, third.state] == ["accepted", "in_review", "in_review"]
    assert cli("review", "duplicate", second.id).status == 0
    assert cli("review", "repeat", third.id).status == 0
    assert cli("review", "accept", third.id).status == 0
    assert [draft.state for draft in story.drafts()] == ["accepted", "duplicate", "accepted"]


def test_an_unreadable_document_is_listed_read_again_or_filed(cli: Cli, story: Story) -> None:
    story.arrives(b"", "empty.csv")
    (row,) = cli("review", "documents", "--json").lines
    assert row["findings"][0]["code"] == "document.empty"
    assert "empty.csv" in cli("review", "documents").out
    assert cli("review", "read-again", row["id"]).status == 0
    assert cli("review", "documents", "--json").lines == [], "it is in progress"
    assert json.loads(cli("doctor", "--list", "documents:in progress", "--json").out) == [row["id"]]
    assert "there is no document 'nothing'" in cli("review", "file", "nothing", "a note").err


def test_a_document_is_filed_with_a_note(cli: Cli, story: Story) -> None:
    story.arrives(b"", "empty.csv")
    (row,) = cli("review", "documents", "--json").lines
    assert "say what this document is" in cli("review", "file", row["id"], "").err
    assert cli("review", "file", row["id"], "sent by mistake").status == 0
    assert cli("doctor", "--list", "documents:filed").out.strip() == row["id"]


@pytest.mark.usefixtures("story")
def test_a_file_that_is_handed_in_and_columns_that_are_declared_are_confirmed_in_words(
    cli: Cli, tmp_path: Path
) -> None:
    (tmp_path / "po.csv").write_bytes(csv_order("PO-1", ("SCR-4030", 100)))
    assert cli("ingest", tmp_path / "po.csv").out.endswith("po.csv: taken in; a running worker reads it now\n")
    assert "these 2 columns" in cli("columns", "set", "C-1001", "Art=supplier_code", "Menge=quantity").out
    assert "is no pair; write the column" in cli("columns", "set", "C-1001", "Art").err
    assert "Nothing is declared for C-1001" in cli("columns", "forget", "C-1001").out


def test_without_a_name_the_trail_says_that_the_operator_decided(cli: Cli, story: Story, waiting: str) -> None:
    assert cli("review", "reject", waiting, "not ours").status == 0
    assert story.drafts()[-1].decided_by == "oskar (operator on the machine)"
    assert "oskar (operator on the machine)" in cli("show", waiting).out


def test_somebody_can_only_be_named_who_may_log_in(cli: Cli, story: Story, waiting: str) -> None:
    refused = cli("review", "reject", waiting, "not ours", "--as", "the boss")
    assert refused.status == 1
    assert "is nobody who may log in here; name one of anna (Anna Sommer), bert (Bert Winter)" in refused.err
    set_active(story.house.store, "test", "anna", active=False)
    assert "name one of bert" in cli("review", "reject", waiting, "not ours", "--as", "anna").err
    assert story.drafts()[-1].state == "in_review"
    assert cli("review", "reject", waiting, "not ours", "--as", "bert  winter").status == 0
    assert story.drafts()[-1].decided_by == "bert (by oskar on the machine)"


def test_a_line_is_added(cli: Cli, waiting: str) -> None:
    assert cli("review", "remove-line", waiting, 2).status == 0
    told = cli("review", "add-line", waiting, "DRILL-18", "2")
    assert "nothing is left to decide" in told.out
    lines = cli("review", "show", waiting, "--json").json["order"]["lines"]
    assert [line["sku"] for line in lines] == ["SCR-4030", "DRILL-18"]
    assert "is not a number" in cli("review", "add-line", waiting, "DRILL-18", "some").err


def test_a_cancellation_is_ended_with_the_verb_that_it_asks_for(cli: Cli, story: Story, accepted: str) -> None:
    story.arrives(b"Please cancel our order PO-1 completely.\n", "cancel.txt")
    key = story.drafts()[-1].id
    shown = " ".join(cli("review", "show", key).out.split())
    assert "cancel it there, then say here that you have cancelled it in the ERP" in shown
    assert f"ordermill review cancelled-in-erp {key}" in shown
    stopped = cli("review", "accept", key)
    assert (stopped.status, "cancel it there" in stopped.err) == (1, True)
    assert cli("review", "cancelled-in-erp", key).out == f"Order {accepted} is cancelled.\n"
    assert cli("review", "cancelled-in-erp", key).status == 0, "twice is harmless"
    assert story.orders()[0].state == "cancelled"


def test_a_cancellation_of_what_waits_is_accepted(cli: Cli, story: Story, waiting: str) -> None:
    story.arrives(b"Please cancel our order PO-2 completely.\n", "cancel.txt")
    told = cli("review", "accept", story.drafts()[-1].id)
    assert (told.status, "the order was still in review and is rejected" in told.out) == (0, True)
    assert [draft.state for draft in story.drafts()] == ["rejected", "applied"]
    assert waiting == story.drafts()[0].id


def test_a_customer_is_named_by_number_name_or_id_or_the_nearest_are_told(
    cli: Cli, story: Story, tmp_path: Path
) -> None:
    for number, name in enumerate(("C-1001", "c-1001", "huber metallbau")):
        path = tmp_path / f"po-{number}.csv"
        path.write_bytes(csv_order(f"PO-{number}", ("SCR-4030", 100)))
        assert cli("ingest", path, "--partner", name).status == 0
    with story.house.store.read() as session:
        assert set(session.scalars(select(Delivery.partner))) == {"C-1001"}
    path.write_bytes(csv_order("PO-9", ("SCR-4030", 100)))
    refused = cli("ingest", path, "--partner", "Huber")
    assert refused.status == 1
    assert "there is no customer 'Huber'. The nearest is C-1001 Huber Metallbau GmbH" in refused.err
    assert "at most 200 characters" in cli("ingest", path, "--partner", "x" * 201).err
    with story.house.store.read() as session:
        assert len(session.scalars(select(Delivery.id)).all()) == 3, "nothing of a refused one is kept"


@pytest.mark.usefixtures("story")
def test_an_empty_list_is_a_sentence(cli: Cli) -> None:
    assert cli("layouts", "list").out == "No correction has taught a layout yet.\n"
    assert cli("layouts", "list", "a@b.example").out == "No correction has taught a layout yet of a@b.example.\n"
    assert cli("columns", "list").out == "No sender's columns are declared; they are found by their words.\n"
    assert cli("layouts", "list", "--json").out == ""
