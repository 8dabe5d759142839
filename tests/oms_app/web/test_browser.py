"""A reviewer at a real browser: by keyboard from the log-in to the order, and the browser complains of nothing."""

import os
import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlmodel import select

from oms_app.demo.company import build_company
from oms_app.demo.orders import build_orders
from oms_app.front import claiming
from oms_app.front.claiming import give_back
from oms_core.records import Order
from oms_core.values import ChannelKind, SenderFacts
from oms_flow import correction, review
from oms_flow.review import Edit
from tests.oms_app.web.conftest import Office

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, FilePayload, Page

pytestmark = pytest.mark.real

SHOTS = os.environ.get("ORDERMILL_SHOTS")
"""A folder for pictures of the pages, where somebody wants to look at them."""
NAMES = ("wrong-size", "wrong-price", "folder-csv-1", "encrypted", "new-ship-to")


@pytest.fixture
def busy(office: Office) -> Office:
    """An office in the middle of a morning."""
    for order in build_orders(build_company(7), 7, date(2026, 3, 2)):
        if order.name not in NAMES:
            continue
        by_mail = order.channel is ChannelKind.MAILBOX
        sender = SenderFacts(address=order.sender, authenticated=True) if by_mail else SenderFacts(partner=order.sender)
        office.receive(order.data, f"{order.name}.eml" if by_mail else order.filename, sender=sender, key=order.name)
    office.walk()
    office.clock.advance(minutes=24)
    office.add("anna", "reviewer")
    return office


@pytest.fixture
def page(browser: "Browser", address: str) -> "Iterator[Page]":
    """A window, which must not complain of anything."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("console", lambda said: complaints.append(f"{said.text} {said.location}") if _serious(said) else None)
    opened.on("pageerror", lambda problem: complaints.append(str(problem)))
    opened.goto(f"{address}/login")
    yield opened
    context.close()
    assert not complaints, complaints[:3]


def _serious(said: "ConsoleMessage") -> bool:
    """Whether the browser complains; an answer of 409 or 422 is one of ours."""
    ours = ("409 (Conflict)", "422 (Unprocessable")
    return said.type in {"error", "warning"} and not any(word in said.text for word in ours)


def log_in(page: "Page", office: Office) -> None:
    page.fill("[name=login]", "anna")
    page.fill("[name=password]", office.passwords["anna"])
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Nothing is lost")


def shoot(page: "Page", name: str) -> None:
    if SHOTS:
        page.wait_for_load_state("networkidle")
        page.screenshot(path=Path(SHOTS) / f"{name}.png", caret="initial")  # hiding it would write a style


def test_an_order_is_decided_by_keyboard_alone(page: "Page", busy: Office) -> None:
    shoot(page, "login")
    log_in(page, busy)
    shoot(page, "dashboard")
    page.keyboard.press("g")
    page.keyboard.press("q")
    page.wait_for_selector("table.queue")
    shoot(page, "queue")
    page.fill("[data-search]", "4500010650")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=1 waits")
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("Enter")

    page.wait_for_selector(".line.open.current")
    page.wait_for_selector("#claim >> text=yours")
    assert page.locator("rect.lit").count() >= 4
    assert page.locator("#accept").is_disabled()
    shoot(page, "review")
    page.keyboard.press("m")
    page.keyboard.press("1")
    page.wait_for_selector("#accept:not([disabled])")
    shoot(page, "picked")
    page.keyboard.press("?")
    assert page.locator("#help").is_visible()
    shoot(page, "keys")
    page.keyboard.press("Escape")
    page.keyboard.press("a")
    page.wait_for_url("**done=**")
    page.wait_for_selector("text=is accepted as")
    shoot(page, "next")
    with busy.house.store.read() as session:
        accepted = [row for row in session.scalars(select(Order)) if row.accepted_by == "anna"]
    assert [row.customer_po for row in accepted] == ["4500010650"]


def test_typing_outlives_an_answer_and_a_conflict(page: "Page", busy: Office, address: str) -> None:
    log_in(page, busy)
    page.goto(f"{address}/queue?search=4500010650")
    page.click("table.queue tbody a")
    page.wait_for_selector("#claim >> text=yours")
    key = page.url.rpartition("/")[2].partition("?")[0]
    page.fill("#f-lines-1-quantity", "60")
    page.fill("#f-lines-2-quantity", "9")
    page.keyboard.press("Tab")
    page.wait_for_selector("#f-lines-1-quantity[title='entered by Anna']")
    page.wait_for_selector("#f-lines-2-quantity[title='entered by Anna']")
    assert page.input_value("#f-lines-2-quantity") == "9"

    draft = busy.load(key)
    review.correct(busy.house, Edit(key, draft.version, "bernd"), correction.set_field("currency", "EUR", "bernd"))
    page.fill("#f-number", "4500010650-B")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=not saved")
    assert page.locator("q >> text=4500010650-B").count() == 1
    shoot(page, "conflict")
    page.click("text=Save it all the same")
    page.wait_for_selector("h1 >> text=4500010650-B")
    assert busy.load(key).number == "4500010650-B"


def test_a_dropped_file_is_followed_until_it_is_read(page: "Page", busy: Office, address: str) -> None:
    log_in(page, busy)
    busy.works.clear()
    page.goto(f"{address}/upload?partner=K1007")
    order = b"PO number;Article;Quantity;Unit\nPO-31;ZZ-404;12;pcs\n"
    good: FilePayload = {"name": "order.csv", "mimeType": "text/csv", "buffer": order}
    empty: FilePayload = {"name": "empty.csv", "mimeType": "text/csv", "buffer": b""}
    page.set_input_files("[type=file]", [good, empty])
    page.click("form#upload button")
    page.locator("#taken .working").nth(1).wait_for()
    shoot(page, "uploading")
    busy.walk()
    page.wait_for_selector("#taken >> text=It could not be read.")
    page.wait_for_selector("#taken >> text=Order PO-31 waits for a person")
    assert page.locator("#taken [hx-get]").count() == 0
    shoot(page, "upload")
    page.click("#taken >> text=Decide")
    page.wait_for_selector("h1 >> text=PO-31")


def open_task(page: "Page", address: str, search: str) -> None:
    page.goto(f"{address}/queue?search={search}")
    page.click("table.queue tbody a")
    page.wait_for_selector("#claim >> text=yours")


def focused(page: "Page") -> str:
    return str(page.evaluate("document.activeElement.id"))


def test_a_product_is_found_and_taken_by_keyboard(page: "Page", busy: Office, address: str) -> None:
    log_in(page, busy)
    open_task(page, address, "4500010650")
    page.keyboard.press("f")
    assert focused(page) == "find-0"
    page.keyboard.type("bolt m8x4 a2")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-hit]:focus")
    first = page.evaluate("document.activeElement.dataset.hit")
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.dataset.hit") > first
    shoot(page, "found")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    assert focused(page) == "find-0"
    page.fill("#find-0", "hxb-m8x45-a2")
    page.keyboard.press("Enter")
    page.wait_for_selector(".line:first-child .meant >> text=HXB-M8X45-A2")
    page.wait_for_selector(".line:first-child .meant >> text=chosen by Anna")
    shoot(page, "taken")


def test_a_correction_leaves_everything_where_it_was(page: "Page", busy: Office, address: str) -> None:
    log_in(page, busy)
    page.set_viewport_size({"width": 1440, "height": 480})
    open_task(page, address, "4500010650")
    page.focus("#f-lines-3-quantity")
    top = "document.getElementById('f-lines-3-quantity').getBoundingClientRect().top"
    before = page.evaluate(top)
    page.fill("#f-lines-3-quantity", "a few")
    page.keyboard.press("Tab")
    page.wait_for_selector("#f-lines-3-quantity-problem >> text=Line 4, quantity")
    assert focused(page) == "f-lines-3-unit"
    assert abs(page.evaluate(top) - before) <= 1
    line = page.locator(".line[data-line='3']").bounding_box()
    problem = page.locator("#f-lines-3-quantity-problem").bounding_box()
    assert line
    assert problem
    assert problem["width"] > line["width"] * 0.9
    shoot(page, "refused")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Escape")
    assert page.input_value("#f-lines-3-quantity") == "40"
    page.fill("#f-lines-3-quantity", "44")
    page.keyboard.press("Tab")
    page.wait_for_selector("#f-lines-3-quantity[title='entered by Anna']")
    assert focused(page) == "f-lines-3-unit"
    assert abs(page.evaluate(top) - before) <= 1
    page.click(".past summary")
    page.wait_for_selector(".change >> text=Line 4, quantity")


NUMBERLESS = b"Article;Quantity;Unit\nHXB-M8X40-A2;1000;pcs\n"
"""An order without a number: the second time it is asked whether it is a new one."""


def test_accepting_right_after_typing_saves_first(page: "Page", busy: Office, address: str) -> None:
    log_in(page, busy)
    key = busy.take(NUMBERLESS, "plain.csv")
    again = busy.take(NUMBERLESS, "twice.csv")
    assert busy.load(key).state == "accepted"
    page.goto(f"{address}/tasks/{again}")
    page.wait_for_selector("#claim >> text=yours")
    page.fill("#f-requested_date", "20.3.2026")
    page.click("#accept")
    page.wait_for_url("**done=**")
    assert busy.load(again).state == "accepted"
    with busy.house.store.read() as session:
        order = session.get_one(Order, busy.load(again).order_id)
    assert order.requested_on == date(2026, 3, 20)


def test_accepting_after_typing_stops_where_something_new_is_asked(page: "Page", busy: Office, address: str) -> None:
    log_in(page, busy)
    busy.take(NUMBERLESS, "plain.csv")
    key = busy.take(NUMBERLESS, "twice.csv")
    page.goto(f"{address}/tasks/{key}")
    page.wait_for_selector("#claim >> text=yours")
    page.fill("#f-lines-0-unit_price", "0.01")
    page.click("#accept")
    page.wait_for_selector("#notice >> text=Saved, but not accepted: something new was noticed")
    assert busy.load(key).state == "in_review"
    shoot(page, "something-new")
    page.fill("#f-lines-0-quantity", "a lot")
    page.click("#accept")
    page.wait_for_selector("#notice >> text=Not accepted: a value you typed was not taken")
    assert busy.load(key).state == "in_review"


def test_a_line_that_was_typed_and_not_added_is_not_forgotten(page: "Page", busy: Office, address: str) -> None:
    log_in(page, busy)
    busy.take(NUMBERLESS, "plain.csv")
    key = busy.take(NUMBERLESS, "twice.csv")
    page.goto(f"{address}/tasks/{key}")
    page.wait_for_selector("#claim >> text=yours")
    page.fill("#add-code", "HXN-M8-A2")
    page.click("#accept")
    page.wait_for_selector("#notice >> text=a new line was typed and not added")
    assert busy.load(key).state == "in_review"
    page.fill("#add-quantity", "50")
    page.keyboard.press("Enter")
    page.wait_for_selector("article >> text=HXN-M8-A2")


def test_a_rejection_without_a_reason_says_so_where_it_is_asked(page: "Page", busy: Office, address: str) -> None:
    log_in(page, busy)
    open_task(page, address, "4500010650")
    page.keyboard.press("r")
    page.keyboard.press("Enter")
    page.wait_for_selector("#reject-problem >> text=Say why the order is rejected")
    assert focused(page) == "reject-reason"
    assert page.locator("#reject-reason").is_visible()
    shoot(page, "no-reason")
    page.keyboard.type("not our goods")
    page.keyboard.press("Enter")
    page.wait_for_url("**done=**")


def test_a_task_is_given_back_when_its_page_is_left(
    page: "Page", busy: Office, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    came = threading.Semaphore(0)

    def counted(*given: Any) -> None:
        give_back(*given)
        came.release()

    monkeypatch.setattr(claiming, "give_back", counted)
    log_in(page, busy)
    open_task(page, address, "4500010650")
    key = page.url.rpartition("/")[2]
    assert busy.load(key).claimed_by == "anna"
    page.reload()
    page.wait_for_selector("#claim >> text=yours")
    assert came.acquire(timeout=20)
    assert busy.load(key).claimed_by == "anna", "loading the page anew is not leaving it"
    page.click("nav >> text=Dashboard")
    assert came.acquire(timeout=20)
    assert busy.load(key).claimed_by is None


@pytest.mark.parametrize("width", [600, 900, 1440])
def test_the_queue_needs_no_sideways_scrolling(page: "Page", busy: Office, address: str, width: int) -> None:
    log_in(page, busy)
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{address}/queue")
    shoot(page, f"queue-{width}")
    cut = "[...document.querySelectorAll('.queue td:not(.by)')].filter(e => e.scrollWidth > e.clientWidth + 1).length"
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate("document.querySelector('.card.flush').scrollWidth") <= width
    assert page.evaluate(cut) == 0
    page.click("role=group[name='Sorted by'] >> text=value")
    page.wait_for_url("**sort=value")
    assert page.locator("#sorted").inner_text().startswith("The largest printed value first")


def test_the_lines_stand_under_headings(page: "Page", busy: Office, address: str) -> None:
    log_in(page, busy)
    open_task(page, address, "4500010650")
    heads, first = page.locator(".heads"), page.locator(".line").first
    for word, place in (("Quantity", "#f-lines-0-quantity"), ("Our code", "#f-lines-0-supplier_code")):
        above, below = heads.locator(f"text={word}").bounding_box(), first.locator(place).bounding_box()
        assert above
        assert below
        assert abs(above["x"] - below["x"]) < 3
        assert above["y"] < below["y"]
