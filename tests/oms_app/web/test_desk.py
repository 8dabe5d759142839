"""What a person at the desk reads: words for units, channels and people, and only what is worth a look."""

import html
import re
from datetime import timedelta

import httpx
import pytest

from oms_app.web.becoming import PATIENCE, SLOW_SECONDS
from oms_core.records import ChannelStatus
from oms_core.values import SenderFacts
from oms_flow import review
from oms_flow.review import Edit
from tests.oms_app.web.conftest import Desk, Office, csrf_of, enter
from tests.oms_app.web.test_review import SKU, unsure, version


def text_of(page: str) -> str:
    """Return what a person reads of a page, without its markup."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


@pytest.fixture
def task(office: Office) -> str:
    """An order of which the second line is not sure."""
    return office.take(unsure(), "order.csv")


def test_units_are_words_and_both_words_and_codes_may_be_typed(desk: Desk, task: str) -> None:
    page = desk.get(f"/tasks/{task}").text
    assert 'id="f-lines-0-unit" name="text" value="piece"' in page
    assert "1000 pieces" in text_of(page)
    assert "C62" not in text_of(page)
    for typed in ("box", "BX"):
        corrected = desk.post(f"/tasks/{task}/field", version=version(page), path="lines[0].unit", text=typed)
        assert 'id="f-lines-0-unit" name="text" value="box"' in corrected.text
        page = desk.get(f"/tasks/{task}").text


def test_a_refusal_names_the_field_as_the_page_does(desk: Desk, task: str) -> None:
    page = desk.get(f"/tasks/{task}").text
    for path, said in (("requested_date", "Wanted by: 'soon'"), ("lines[1].unit_price", "Line 2, unit price: 'soon'")):
        refused = desk.post(f"/tasks/{task}/field", version=version(page), path=path, text="soon")
        assert said in text_of(refused.text)
        assert path.rpartition(".")[2] + ":" not in text_of(refused.text)


def test_an_unknown_code_offers_nothing_rather_than_noise(office: Office, desk: Desk) -> None:
    data = b"PO number;Article;Quantity;Unit\nPO-4;QX-99-77;4;pcs\n"
    page = desk.get(f"/tasks/{office.take(data, 'odd.csv')}").text
    line = page[page.index('data-line="0"') : page.index("</article>")]
    assert "data-pick" not in line
    assert "0 %" not in line
    assert "Nothing in the catalogue is near enough to be worth a look." in line
    assert "data-find" in line


def test_who_chose_is_told_and_not_how_sure(office: Office, desk: Desk, task: str) -> None:
    office.add("bernd", "reviewer")
    review.choose_product(office.house, Edit(task, office.load(task).version, "bernd"), 0, SKU)
    page = desk.get(f"/tasks/{task}").text
    after = desk.post(f"/tasks/{task}/product", version=version(page), position=1, sku=SKU).text
    first, second = re.findall(r'<div class="meant">(.*?)</div>', after, re.DOTALL)
    assert "chosen by Bernd" in first
    assert "chosen by Anna" in second
    assert "%" not in first + second


def test_the_history_tells_what_a_field_held_before_and_after(desk: Desk, task: str) -> None:
    page = desk.get(f"/tasks/{task}").text
    for path, typed in (("lines[1].quantity", "25"), ("requested_date", "2026-04-01"), ("lines[1].unit", "box")):
        page = desk.post(f"/tasks/{task}/field", version=version(page), path=path, text=typed).text
    page = desk.post(f"/tasks/{task}/lines", version=version(page), code="HXN-M8-A2", quantity="50").text
    page = desk.post(f"/tasks/{task}/lines/1/remove", version=version(page)).text
    desk.post(f"/tasks/{task}/reject", version=version(page), reason="they called it off")
    told = text_of(desk.get(f"/tasks/{task}/history").text)
    for piece in (
        "the machine read it: one order",
        "the machine matched it and asks a person",
        "Anna corrected Line 2, quantity 20 → now 25",
        "Wanted by nothing → now 2026-04-01",
        "Line 2, unit piece → now box",
        "Line 3, our code nothing → now HXN-M8-A2",
        "Anna took out line 2: 25 boxes ZZ-4711 Hex bolt DIN 933 M8x47 A2",
        "Anna rejected it: they called it off",
    ):
        assert piece in told, piece


def test_what_the_history_tells_is_never_markup(desk: Desk, task: str) -> None:
    page = desk.get(f"/tasks/{task}").text
    desk.post(f"/tasks/{task}/field", version=version(page), path="number", text="<script>alert(1)</script>")
    told = desk.get(f"/tasks/{task}/history").text
    assert "<script>" not in told
    assert "&lt;script&gt;alert(1)" in told


def test_an_order_tells_who_did_what_by_name(office: Office, desk: Desk, task: str) -> None:
    page = desk.get(f"/tasks/{task}").text
    page = desk.post(f"/tasks/{task}/product", version=version(page), position=1, sku=SKU).text
    desk.post(f"/tasks/{task}/accept", version=version(page))
    order = office.load(task).order_id
    shown = text_of(desk.get(f"/orders/{order}").text)
    assert f"Anna chose {SKU} for line 2" in shown
    assert "Anna accepted it: O-" in shown
    assert "1000 pieces" in shown
    assert "Anna" in desk.get("/orders").text


def tell_channels(office: Office, *rows: ChannelStatus) -> None:
    with office.house.store.write("channels") as unit:
        unit.session.add_all(rows)


def test_channels_are_named_by_what_they_look_at(office: Office, desk: Desk, task: str) -> None:
    tell_channels(office, ChannelStatus(name="drop", kind="folder", describes="the folder of the branch office"))
    office.take(b"From: a@b.example\nSubject: Hello\n\nPlease send\n\n20 pcs ZZ-9 Nuts\n", "m.eml")
    queue = desk.get("/queue").text
    chips = queue[queue.index('aria-label="Came by"') :]
    assert "the folder of the branch office" in text_of(chips[: chips.index("</div>")])
    assert "channel=drop" in chips
    assert "Came by the folder of the branch office" in text_of(
        desk.get(f"/documents/{office.load(task).document_id}").text
    )


@pytest.mark.usefixtures("task")
def test_a_task_of_this_minute_came_just_now(desk: Desk) -> None:
    assert "just now" in text_of(desk.get("/queue").text)
    assert "the oldest came just now" in text_of(desk.get("/").text)


def test_what_does_not_answer_stands_on_top(office: Office, desk: Desk) -> None:
    now = office.clock.now()
    tell_channels(
        office,
        ChannelStatus(name="a-fine", kind="folder", last_look_at=now, last_arrival_at=now - timedelta(hours=3)),
        ChannelStatus(name="z-down", kind="sftp", available=False, message="It refuses us.", last_look_at=now),
    )
    told = text_of(desk.get("/").text)
    assert "Channels 1 of 2 not reachable" in told
    assert told.index("z-down") < told.index("a-fine")
    assert "It refuses us. It was last tried just now." in told
    assert "last delivery 3 h ago" in told


def test_a_truncated_file_is_asked_for_anew(office: Office, desk: Desk) -> None:
    half = b"UNB+UNOC:3+4000001000005:14+4000002000004:14+260302:1000+77'UNH+1+ORDERS:D:96A:UN'BGM+220+PO-5+9'"
    sender = SenderFacts(address="anna?cc=x@kunde.example", authenticated=True)
    key = office.receive(half, "half.edi", sender=sender)
    office.walk()
    page = desk.get(f"/documents/{key}").text
    assert page.count("The EDIFACT file breaks off") == 1
    assert "not known" not in page
    assert re.search(r'href="/queue" aria-current="page"', page)
    main = re.findall(r'class="(?:button )?primary"[^>]*>([^<]+)<', page)
    assert main == ["Write to the sender"]
    assert 'href="mailto:anna%3Fcc%3Dx@kunde.example?subject=Your%20file%20half.edi&amp;body=We%20could' in page


def test_a_file_nobody_can_be_asked_about_is_handed_in_anew(office: Office, desk: Desk) -> None:
    key = office.receive(b"", "empty.csv", sender=SenderFacts(partner="K1007"))
    office.walk()
    page = desk.get(f"/documents/{key}").text
    assert 'href="/upload?partner=K1007">Hand in another file' in page
    assert 'name="partner" value="K1007"' in desk.get("/upload?partner=K1007").text


def test_an_upload_is_followed_to_its_end(office: Office, desk: Desk, client: httpx.Client) -> None:
    form = {"files": ("up.csv", unsure("PO-90"), "text/csv")}
    page = client.post("/upload", files=form, data={"csrf": desk.csrf, "partner": "K1007"}).text
    place = re.search(r'hx-get="(/upload/[^"]+)"', page)
    assert place
    reading = desk.get(place[1]).text
    assert "being read" in reading
    assert 'hx-trigger="every 1s"' in reading
    office.clock.advance(seconds=PATIENCE.total_seconds() + 1)
    slow = desk.get(place[1]).text
    assert "Is a worker running?" in slow
    assert f'hx-trigger="every {SLOW_SECONDS}s"' in slow
    office.walk()
    done = desk.get(place[1]).text
    assert "Order PO-90 waits for a person" in text_of(done)
    assert re.search(r'href="/tasks/\w+">Decide', done)
    assert "hx-get" not in done
    assert desk.get("/upload/nothing").status_code == 404


def test_an_upload_that_the_machine_accepts_leads_to_the_order(office: Office, desk: Desk) -> None:
    key = office.receive(f"PO number;Article;Quantity;Unit\nPO-8;{SKU};1000;pcs\n".encode(), "sure.csv")
    office.walk()
    told = desk.get(f"/upload/{key}").text
    assert "Order PO-8 is accepted as O-" in told
    assert re.search(r'href="/orders/\w+">Show the order', told)


def test_many_orders_of_one_file_are_told_in_short(office: Office, desk: Desk) -> None:
    rows = "\n".join(f"PO-{number};ZZ-404;1;pcs" for number in range(100, 108))
    key = office.receive(f"PO number;Article;Quantity;Unit\n{rows}\n".encode(), "many.csv")
    office.walk()
    told = desk.get(f"/upload/{key}").text
    assert told.count("Decide") == 5
    assert "and 3 more" in text_of(told)


def test_an_admin_who_takes_something_from_themselves_is_asked_first(office: Office, admin: Desk) -> None:
    password = office.add("bea", "admin")
    form = {"csrf": admin.csrf}
    for place, value, question in (
        ("role", {"role": "reviewer"}, "take the admin's role from yourself"),
        ("active", {"active": "false"}, "keep yourself out"),
    ):
        asked = admin.client.post(f"/people/admin/{place}", data=form | value)
        assert question in text_of(asked.text)
        assert admin.get("/people").status_code == 200
    done = admin.client.post("/people/admin/role", data=form | {"role": "reviewer", "sure": "true"})
    assert done.headers["location"] == "/"
    assert admin.get("/people").status_code == 403
    with httpx.Client(base_url=admin.client.base_url, timeout=30) as other:
        assert enter(other, "bea", password).status_code == 303
        given = {"csrf": csrf_of(other), "role": "admin"}
        assert other.post("/people/admin/role", data=given, follow_redirects=False).status_code == 303
    assert admin.get("/people").status_code == 200


@pytest.mark.parametrize("sure", ["true", "false"])
def test_the_only_admin_is_refused_and_not_asked(admin: Desk, sure: str) -> None:
    refused = admin.client.post("/people/admin/role", data={"csrf": admin.csrf, "role": "reviewer", "sure": sure})
    assert refused.status_code == 403
    assert "This is the last admin" in refused.text
