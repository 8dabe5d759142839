"""What somebody new to the desk stumbles over: each is said in words, and asked before it is too late."""

import re
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from oms_app.web.wording import brief, likely, percent, sure, wanted
from oms_core.records import Draft
from oms_core.values import SenderFacts
from oms_flow import correction, review
from tests.factory import TODAY
from tests.oms_app.web.conftest import Desk, Office, enter
from tests.oms_app.web.test_desk import text_of
from tests.oms_app.web.test_review import unsure, version

LETTER = """From: Orders <orders@zandberg-neu.example>
Subject: Order PO-55

Please send

20 pcs ZZ-4711 Hex bolt

Zandberg Montage GmbH
Hafenstr. 1
20457 Hamburg
"""


@pytest.fixture
def stranger(office: Office) -> str:
    """An order on which another name is printed than that of any customer."""
    key = office.take(LETTER.encode(), "m.eml", sender=SenderFacts(address="orders@zandberg-neu.example"))
    change = correction.set_field("buyer.name", "Zandberg Montage GmbH", "anna")
    review.correct(office.house, review.Edit(key, office.load(key).version, "anna"), change)
    return key


def test_a_customer_whom_the_document_does_not_name_is_asked_about_once(
    office: Office, desk: Desk, stranger: str
) -> None:
    page = desk.get(f"/tasks/{stranger}").text
    hit = desk.get(f"/tasks/{stranger}/customers?search=liff").text
    assert "the document names Zandberg Montage GmbH" in text_of(hit)
    asked = desk.post(f"/tasks/{stranger}/customer", version=version(page), number="K1007", remember="true").text
    assert "The document names Zandberg Montage GmbH . Is Liffey Facilities Ltd (K1007) the customer" in text_of(asked)
    assert office.load(stranger).customer is None
    assert '"remember": true' in asked
    again = {"number": "K1007", "remember": "true", "sure": "true"}
    chosen = desk.post(f"/tasks/{stranger}/customer", version=version(asked), **again).text
    assert office.load(stranger).customer == "K1007"
    assert "the document names Zandberg Montage GmbH" in text_of(chosen)


def test_a_customer_whom_the_document_names_is_taken_at_once(office: Office, desk: Desk, stranger: str) -> None:
    page = desk.get(f"/tasks/{stranger}").text
    named = desk.post(f"/tasks/{stranger}/field", version=version(page), path="buyer.name", text="Liffey Facilities")
    chosen = desk.post(f"/tasks/{stranger}/customer", version=version(named.text), number="K1007").text
    assert "Is Liffey" not in text_of(chosen)
    assert office.load(stranger).customer == "K1007"


def test_a_task_that_is_left_is_free_for_others(office: Office, desk: Desk) -> None:
    key = office.take(unsure(), "order.csv")
    until = re.search(r'data-until="([^"]+)"', desk.post(f"/tasks/{key}/claim").text)
    assert until
    assert desk.post(f"/tasks/{key}/release", until=until[1]).status_code == 204
    assert office.load(key).claimed_by is None
    assert desk.post(f"/tasks/{key}/release", until="yesterday").status_code == 422


def test_a_page_loaded_anew_keeps_the_task_and_nobody_gives_back_anothers(office: Office, desk: Desk) -> None:
    key = office.take(unsure(), "order.csv")
    first = re.search(r'data-until="([^"]+)"', desk.post(f"/tasks/{key}/claim").text)
    assert first
    office.clock.advance(seconds=2)
    desk.post(f"/tasks/{key}/claim")
    desk.post(f"/tasks/{key}/release", until=first[1])
    assert office.load(key).claimed_by == "anna", "the second page came after the first one's claim"
    with office.house.store.write("other") as unit:
        unit.session.get_one(Draft, key).claimed_by = "bernd"
    desk.post(f"/tasks/{key}/release", until=(office.clock.now() + timedelta(days=1)).isoformat())
    assert office.load(key).claimed_by == "bernd"


def test_a_failure_of_ours_has_a_reference_that_is_in_the_log(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_given: object, **_words: object) -> None:
        raise RuntimeError("a screw is loose")

    monkeypatch.setattr("oms_app.web.pages.orders.views.orders", broken)
    with capture_logs() as logs:
        page = desk.get("/orders?search=x").text
    told = text_of(page)
    assert "What GET /orders" in told
    assert re.search(r"When 2026-03-02 \d\d:\d\d CET", told)
    (entry,) = [row for row in logs if row["event"] == "web.failed"]
    assert f"Reference {entry['reference']}" in told
    assert (entry["who"], entry["path"]) == ("anna", "/orders")
    assert "x" not in entry["path"]


def test_what_is_not_our_failure_says_what_and_when(desk: Desk) -> None:
    told = text_of(desk.get("/tasks/nothing").text)
    assert "What GET /tasks/nothing When 2026-03-02" in told
    assert "Reference" not in told


def test_lists_show_names_and_not_ids(office: Office, desk: Desk) -> None:
    key = office.take(unsure(), "order.csv")
    document = office.load(key).document_id
    for place in ("/places/drafts/in review", "/places/documents/read", "/places/deliveries/stored"):
        told = text_of(desk.get(place).text)
        assert key not in told
        assert document not in told
    shown = text_of(desk.get(f"/documents/{document}").text)
    assert "From Liffey Facilities Ltd K1007" in shown


def test_what_is_stuck_is_named_and_leads_there(office: Office, desk: Desk) -> None:
    key = office.receive(unsure(), "slow.csv")
    office.clock.advance(minutes=90)
    assert f'<a href="/documents/{key}">slow.csv</a>' in desk.get("/").text


def test_a_new_password_is_typed_twice_and_the_old_one_named_when_it_is_wrong(office: Office, desk: Desk) -> None:
    old, new = office.passwords["anna"], "four words do well"

    def change(old: str, new: str, again: str) -> str:
        form = {"csrf": desk.csrf, "old": old, "new": new, "again": again}
        return text_of(desk.client.post("/password", data=form).text)

    assert "was not the same both times" in change(old, new, "four words do wall")
    assert "The old password is wrong" in change("mistyped", new, new)
    assert "the name" not in change("mistyped", new, new).lower()
    assert "The old password is wrong" in change("mistyped", new, new)
    assert "too many wrong passwords" in change(old, new, new)
    office.clock.advance(minutes=16)
    change(old, new, new)
    assert enter(desk.client, "anna", new).status_code == 303


def test_the_only_admin_sees_no_button_that_cannot_work(office: Office, admin: Desk) -> None:
    page = admin.get("/people").text
    assert 'action="/people/admin/role"' not in page
    assert 'action="/people/admin/active"' not in page
    assert "the only admin" in page
    office.add("bea", "admin")
    page = admin.get("/people").text
    assert 'action="/people/admin/role"' in page
    assert "the only admin" not in page


def test_the_machine_is_only_called_sure_where_it_decided(office: Office, desk: Desk) -> None:
    assert (likely(0.995), sure(0.995)) == ("sure 99.5 %", "strong")
    assert (likely(0.995, decided=False), sure(0.995, decided=False)) == ("likely 99.5 %", "fair")
    assert (likely(0.7, decided=False), likely(0.012, decided=False)) == ("possible 70 %", "unlikely 1 %")
    page = text_of(desk.get(f"/tasks/{office.take(unsure(), 'order.csv')}").text)
    assert "sure 99" in page
    assert "likely 9" in page or "unlikely" in page or "possible" in page


@pytest.mark.parametrize(
    ("confidence", "told"), [(1.0, "100 %"), (0.9999, "99.9 %"), (0.985, "98.5 %"), (0.99, "99 %"), (0.567, "56 %")]
)
def test_a_figure_is_never_rounded_up(confidence: float, told: str) -> None:
    assert percent(confidence) == told


def test_days_and_long_sentences_are_told_in_short() -> None:
    days = [wanted(TODAY + timedelta(days=off), TODAY) for off in (-3, 0, 1, 9)]
    assert days == ["overdue", "today", "tomorrow", "in 9 days"]
    assert wanted(None, TODAY) == ""
    assert brief("one two three", 9) == "one two …"
    assert brief("x" * 20, 9) == f"{'x' * 9} …"
    assert brief("short  enough", 40) == "short enough"
