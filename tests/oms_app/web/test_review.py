"""A reviewer's day: the queue, a pick, a correction, a decision, with the real verbs from bytes to order."""

import html
import re
from datetime import date
from decimal import Decimal

import httpx
import pytest
from sqlmodel import col, select

from oms_app.demo.company import PriceBook, build_company
from oms_app.drawing_child import MAX_PAGES
from oms_core.decisions.transition import OutboxState
from oms_core.records import CrossReferenceRecord, Draft, Order, OrderLine, Outbox
from oms_core.values import SenderFacts
from oms_flow import correction, review
from oms_flow.review import Edit
from tests.oms_app.web.conftest import Desk, Office

COMPANY = build_company()
SKU = next(row.sku for row in COMPANY.products if row.sku == "HXB-M8X40-A2")
SCRIPT = '<script>alert("1")</script>'


def csv_order(*lines: str, number: str = "PO-77") -> bytes:
    return "\n".join(("PO number;Article;Description;Quantity;Unit", *(f"{number};{line}" for line in lines))).encode()


def unsure(number: str = "PO-77", text: str = "Hex bolt DIN 933 M8x47 A2") -> bytes:
    return csv_order(f"{SKU};Hex bolt;1000;pcs", f"ZZ-4711;{text};20;pcs", number=number)


def version(text: str) -> str:
    found = re.search(r'id="version" name="version" value="(\d+)"', text)
    assert found
    return found[1]


@pytest.fixture
def task(office: Office) -> str:
    """An order of which the second line is not sure."""
    key = office.take(unsure(), "order.csv")
    assert office.load(key).state == "in_review"
    return key


def test_an_order_is_picked_corrected_and_accepted(office: Office, desk: Desk, task: str) -> None:
    listed = desk.get("/queue").text
    assert "PO-77" in listed
    assert "Liffey Facilities" in listed
    page = desk.get(f"/tasks/{task}").text
    assert re.search(r'id="accept"[^>]*disabled', page)
    assert "ZZ-4711" in page

    picked = desk.post(f"/tasks/{task}/product", version=version(page), position=1, sku=SKU, remember="true")
    assert picked.status_code == 200
    corrected = desk.post(f"/tasks/{task}/field", version=version(picked.text), path="lines[1].quantity", text="25")
    assert not re.search(r'id="accept"[^>]*disabled', corrected.text)
    done = desk.post(f"/tasks/{task}/accept", version=version(corrected.text))
    assert done.headers["hx-redirect"] == f"/queue?done={task}"

    with office.house.store.read() as session:
        order = session.scalars(select(Order)).one()
        lines = session.scalars(select(OrderLine).order_by(col(OrderLine.position))).all()
        kept = session.get(CrossReferenceRecord, ("K1007", "zz4711"))
    assert order.accepted_by == "anna"
    assert [(line.sku, line.ordered_quantity) for line in lines] == [(SKU, Decimal(1000)), (SKU, Decimal(25))]
    assert kept
    assert (kept.sku, kept.decided_by) == (SKU, "anna")
    expected = PriceBook(COMPANY).price("K1007", SKU, Decimal(1000))
    assert lines[0].unit_price == expected

    shown = desk.get(f"/orders/{order.number}").text
    assert "Anna" in shown
    assert "HAMBURG" in shown
    assert "Draft invoice" in shown
    assert order.number in desk.get("/orders?by=person").text
    assert order.number not in desk.get("/orders?by=machine").text
    closed = desk.get(f"/tasks/{task}").text
    assert 'id="accept"' not in closed
    assert order.id in closed


def test_what_was_remembered_is_known_next_time(office: Office, desk: Desk) -> None:
    task = office.take(unsure(text="as always"), "order.csv")
    page = desk.get(f"/tasks/{task}").text
    desk.post(f"/tasks/{task}/product", version=version(page), position=1, sku=SKU, remember="true")
    later = office.load(office.take(unsure("PO-78", "as always"), "next.csv"))
    assert later.state == "accepted", later.findings


def test_after_a_decision_comes_the_next_task(office: Office, desk: Desk, task: str) -> None:
    other = office.take(unsure("PO-78"), "other.csv")
    page = desk.get(f"/tasks/{task}").text
    done = desk.post(f"/tasks/{task}/reject", version=version(page), reason="not our goods")
    assert done.headers["hx-redirect"] == f"/tasks/{other}?done={task}"
    assert "PO-77 is rejected" in desk.get(f"/tasks/{other}?done={task}").text
    assert office.load(task).reject_reason == "not our goods"


def test_a_task_that_somebody_has_is_left_to_them(office: Office, desk: Desk, task: str) -> None:
    other = office.take(unsure("PO-78"), "other.csv")
    review.claim(office.house, task, "bernd")
    assert "bernd has this open" in desk.post(f"/tasks/{task}/claim").text
    assert "bernd" in desk.get("/queue").text
    assert desk.get("/queue/next").headers["location"] == f"/tasks/{other}"
    assert "yours" in desk.post(f"/tasks/{other}/claim").text


def test_a_rejection_wants_a_reason(office: Office, desk: Desk, task: str) -> None:
    page = desk.get(f"/tasks/{task}").text
    answer = desk.post(f"/tasks/{task}/reject", version=version(page), reason="  ")
    assert answer.status_code == 422
    assert "Say why the order is rejected" in answer.text
    assert office.load(task).state == "in_review"


def test_what_blocks_cannot_be_accepted(office: Office, desk: Desk, task: str) -> None:
    page = desk.get(f"/tasks/{task}").text
    answer = desk.post(f"/tasks/{task}/accept", version=version(page))
    assert answer.status_code == 409
    assert "not accepted yet" in answer.text
    assert office.load(task).state == "in_review"


def test_a_stale_page_gets_fresh_data_and_keeps_the_typing(office: Office, desk: Desk, task: str) -> None:
    page = desk.get(f"/tasks/{task}").text
    old = version(page)
    change = correction.set_field("lines[0].quantity", "111", "bernd")
    review.correct(office.house, Edit(task, int(old), "bernd"), change)
    answer = desk.post(f"/tasks/{task}/field", version=old, path="number", text="PO-77-B")
    assert answer.status_code == 409
    assert "Somebody changed this order while you looked at it" in answer.text
    assert 'value="111"' in answer.text
    assert "<q>PO-77-B</q>" in answer.text
    assert "Save it all the same" in answer.text
    assert office.load(task).number == "PO-77"
    again = desk.post(f"/tasks/{task}/field", version=version(answer.text), path="number", text="PO-77-B")
    assert again.status_code == 200
    assert office.load(task).number == "PO-77-B"
    assert desk.post(f"/tasks/{task}/accept", version=old).status_code == 409


def test_what_is_no_number_stays_in_its_field_with_the_reason(office: Office, desk: Desk, task: str) -> None:
    page = desk.get(f"/tasks/{task}").text
    answer = desk.post(f"/tasks/{task}/field", version=version(page), path="lines[0].quantity", text="a dozen")
    assert answer.status_code == 422
    assert 'value="a dozen"' in answer.text
    assert "is not a number" in html.unescape(answer.text)
    assert 'aria-invalid="true"' in answer.text
    assert office.load(task).version == int(version(page))


def test_what_is_not_there_is_not_taken(office: Office, desk: Desk, task: str) -> None:
    page = desk.get(f"/tasks/{task}").text
    missing: list[tuple[str, dict[str, object]]] = [
        ("product", {"position": 7, "sku": SKU}),
        ("product", {"position": -1, "sku": SKU}),
        ("product", {"position": 0, "sku": "NOTHING"}),
        ("customer", {"number": "K9999"}),
        ("field", {"path": "payload", "text": "x"}),
        ("field", {"path": "lines[99].quantity", "text": "1"}),
        ("lines/9/remove", {}),
    ]
    for place, values in missing:
        answer = desk.post(f"/tasks/{task}/{place}", version=version(page), **values)
        assert answer.status_code == 422, (place, values)
    assert office.load(task).version == int(version(page))


def test_lines_come_and_go(office: Office, desk: Desk, task: str) -> None:
    page = desk.get(f"/tasks/{task}").text
    fewer = desk.post(f"/tasks/{task}/lines/1/remove", version=version(page))
    assert "ZZ-4711" not in fewer.text
    more = desk.post(f"/tasks/{task}/lines", version=version(fewer.text), code="HXN-M8-A2", quantity="50")
    assert "HXN-M8-A2" in more.text
    assert 'title="entered by Anna"' in more.text
    assert office.load(task).version == 3 + int(version(page)) - 1


def test_an_unknown_customer_is_found_and_chosen(office: Office, desk: Desk) -> None:
    key = office.take(unsure("PO-80"), "stranger.csv", sender=SenderFacts(address="x@stranger.example"))
    page = desk.get(f"/tasks/{key}").text
    assert "not known" in page
    assert "Liffey" in desk.get(f"/tasks/{key}/customers?search=liff").text
    assert "No customer is found" in desk.get(f"/tasks/{key}/customers?search=zzz").text
    chosen = desk.post(f"/tasks/{key}/customer", version=version(page), number="K1007", remember="true")
    assert "Liffey Facilities" in chosen.text
    again = office.take(unsure("PO-81"), "again.csv", sender=SenderFacts(address="x@stranger.example"))
    assert office.load(again).customer == "K1007"


def test_products_are_found_by_words(desk: Desk, task: str) -> None:
    assert SKU in desk.get(f"/tasks/{task}/products?position=1&search=HXB-M8X40").text
    assert "No product" in desk.get(f"/tasks/{task}/products?position=1&search=%25%25").text


def test_the_same_bytes_again_ask_the_question_and_keep_the_answer(office: Office, desk: Desk) -> None:
    plain = f"Article;Quantity;Unit\n{SKU};1000;pcs\n".encode()
    sender = SenderFacts(partner="K1007")
    first = office.load(office.take(plain, "monday.csv", sender=sender))
    assert first.state == "accepted", first.findings
    second = office.take(plain, "monday-2.csv", sender=sender)
    page = desk.get(f"/tasks/{second}").text
    assert "Is it the same order again, or a new one?" in page
    desk.post(f"/tasks/{second}/duplicate", version=version(page), keep="true")
    assert office.load(second).state == "duplicate"
    assert office.load(office.take(plain, "monday-3.csv", sender=sender)).state == "duplicate"


def test_what_a_document_says_is_never_markup(office: Office, desk: Desk) -> None:
    hostile = f'"><img src=x onerror=alert(1)>{SCRIPT}'
    sender = SenderFacts(address=f"{SCRIPT}@evil.example", name=SCRIPT)
    quoted = hostile.replace('"', '""')
    data = f'PO number;Article;Description;Quantity;Unit\n"{quoted}";"{quoted}";"{quoted}";1;"{quoted}"\n'.encode()
    key = office.take(data, f"{SCRIPT}.csv", sender=sender)
    mail = f"From: a@b.example\nSubject: {SCRIPT}\n\nPlease send\n\n5 pcs ZZ-1 {hostile}\n".encode()
    letter = office.take(mail, "x.eml", sender=sender)
    broken = office.receive(b"\x00\x01" + SCRIPT.encode(), f"{SCRIPT}.bin", sender=sender)
    office.walk()
    document = office.load(key).source_document_id
    for path in (
        f"/tasks/{key}",
        f"/tasks/{key}?done={letter}",
        f"/tasks/{letter}",
        f"/tasks/{key}/document/{document}",
        f"/documents/{broken}",
        f"/tasks/{key}/products?position=0&search={SCRIPT}",
        "/queue",
        f"/queue?search={SCRIPT}",
        "/places/documents/read",
        "/places/drafts/in review",
        f"/orders?search={SCRIPT}",
    ):
        text = desk.get(path).text
        assert SCRIPT not in text, path
        assert "<img src=x" not in text, path
        assert (
            "onerror=alert"
            not in re.sub(r'(value|title|aria-label)="[^"]*"', "", text).replace(html.escape(hostile), "")
            or "&lt;img src=x onerror" in text
        )
    assert "&lt;script&gt;" in desk.get(f"/tasks/{key}").text


def test_the_place_of_every_value_is_marked(office: Office, desk: Desk, task: str) -> None:
    page = desk.get(f"/tasks/{task}").text
    assert re.search(r'<td data-fields="f-lines-1-supplier_code">ZZ-4711</td>', page)
    assert 'id="f-lines-1-supplier_code"' in page
    mail = b"From: Anna <a@b.example>\nSubject: Order PO-9\n\nPlease send\n\n20 pcs ZZ-9 Nuts\n"
    letter = desk.get(f"/tasks/{office.take(mail, 'm.eml')}").text
    assert re.search(r'<mark data-fields="f-lines-0-quantity">20</mark>', letter)


def test_an_unreadable_document_is_looked_at_read_again_and_filed(office: Office, desk: Desk) -> None:
    key = office.receive(b"\x00\x01\x02 no format at all", "odd.bin")
    office.walk()
    page = desk.get(f"/documents/{key}").text
    assert "in no format that can be read" in page
    token = {"csrf": desk.csrf, "version": re.search(r'name="version" value="(\d+)"', page)[1]}  # type: ignore[index]
    assert desk.client.post(f"/documents/{key}/file", data=token | {"note": " "}).status_code == 422
    assert desk.client.post(f"/documents/{key}/read-again", data=token, follow_redirects=False).status_code == 303
    assert [work.subject for work in office.works] == [key]
    office.walk()
    page = desk.get(f"/documents/{key}").text
    token["version"] = re.search(r'name="version" value="(\d+)"', page)[1]  # type: ignore[index]
    filed = desk.client.post(f"/documents/{key}/file", data=token | {"note": "a test"}, follow_redirects=False)
    assert filed.headers["location"] == f"/queue?done={key}"
    assert "odd.bin" not in desk.get("/queue").text


def test_original_bytes_are_only_ever_saved(office: Office, desk: Desk) -> None:
    evil = f"<html>{SCRIPT}</html>".encode()
    key = office.receive(evil, 'ev"il\r\nX: y.html')
    answer = desk.get(f"/documents/{key}/bytes")
    assert answer.content == evil
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith('attachment; filename="ev_il_X_y.html"')
    assert answer.headers["content-security-policy"].startswith("sandbox")
    assert "x" not in answer.headers


def test_pages_of_a_pdf_are_drawn_and_hostile_ones_are_not(office: Office, desk: Desk) -> None:
    from oms_app.demo.orders import build_orders

    order = next(one for one in build_orders(COMPANY, 7, date(2026, 3, 2)) if one.name == "folder-pdf-1")
    key = office.receive(order.data, order.filename)
    page = desk.get(f"/documents/{key}/pages/1.png")
    assert page.headers["content-type"] == "image/png"
    assert page.content.startswith(b"\x89PNG")
    assert "sandbox" in page.headers["content-security-policy"]
    for number in (0, 2, -1, MAX_PAGES + 1):
        assert desk.get(f"/documents/{key}/pages/{number}.png").status_code == 422
    broken = office.receive(b"%PDF-1.7\n" + b"\xff" * 2000, "broken.pdf")
    assert desk.get(f"/documents/{broken}/pages/1.png").status_code == 422
    assert "cannot be shown here" in desk.get(f"/documents/{broken}").text


def test_an_error_is_a_sentence(desk: Desk) -> None:
    missing = desk.get("/tasks/nothing")
    assert missing.status_code == 404
    assert "There is no order draft nothing" in missing.text
    assert "There is no such page" in desk.get("/nowhere").text
    fragment = desk.post("/tasks/nothing/field", version=1, path="number", text="x")
    assert fragment.headers["hx-retarget"] == "#notice"
    assert desk.client.get("/api/v1/tasks/nothing").json() == {"error": "There is no order draft nothing"}


def test_an_upload_is_stored_and_told(office: Office, desk: Desk, client: httpx.Client) -> None:
    headers = {"X-CSRF-Token": desk.csrf, "Idempotency-Key": "mine-1"}
    form = {"files": ("up.csv", unsure("PO-90"), "text/csv")}
    page = client.post("/upload", files=form, data={"csrf": desk.csrf, "partner": "K1007"})
    assert "stored" in page.text
    first = client.post("/api/v1/documents", files={"file": ("a.csv", unsure("PO-91"))}, headers=headers)
    again = client.post("/api/v1/documents", files={"file": ("a.csv", unsure("PO-91"))}, headers=headers)
    assert first.status_code == 201
    assert again.json()["document_id"] == first.json()["document_id"]
    office.walk()
    with office.house.store.read() as session:
        assert sorted(str(number) for number in session.scalars(select(Draft.number))) == ["PO-90", "PO-91"]
    assert list((office.built.settings.data_dir / "uploads").iterdir()) == []


def test_a_program_decides_with_the_same_verbs(office: Office, client: httpx.Client, task: str) -> None:
    password = office.add("robot", "reviewer")
    assert client.post("/api/v1/sessions", json={"login": "robot", "password": "x"}).status_code == 403
    token = client.post("/api/v1/sessions", json={"login": "robot", "password": password}).json()["token"]
    client.headers["Authorization"] = f"Bearer {token}"
    assert client.get("/api/v1/queue").json()["rows"][0]["key"] == task
    seen = client.get(f"/api/v1/tasks/{task}").json()
    place = f"/api/v1/tasks/{task}/decisions"
    assert client.post(place, json={"decision": "accept", "version": seen["version"]}).status_code == 409
    unknown = client.post(place, json={"decision": "explode", "version": 1})
    assert unknown.status_code == 422
    assert "choose_product" in unknown.json()["error"]
    chosen = client.post(
        place, json={"decision": "choose_product", "version": seen["version"], "position": 1, "sku": SKU}
    )
    assert chosen.status_code == 200
    done = client.post(place, json={"decision": "accept", "version": chosen.json()["version"]})
    assert done.json()["state"] == "accepted"
    assert client.post(place, json={"decision": "reject", "version": 1, "reason": "late"}).status_code == 409


def test_a_cancellation_of_what_the_erp_has_is_ended_on_the_page(office: Office, desk: Desk) -> None:
    sender = SenderFacts(partner="K1007")
    first = office.load(office.take(csv_order(f"{SKU};Hex bolt;1000;pcs", number="PO-8"), "order.csv", sender=sender))
    with office.house.store.write("pushed") as unit:
        for push in unit.session.scalars(select(Outbox).where(col(Outbox.order_id) == first.order_id)):
            push.state = OutboxState.DONE
    key = office.take(b"Please cancel our order PO-8 completely.\n", "cancel.txt", sender=sender)
    page = desk.get(f"/tasks/{key}").text
    assert "I have cancelled it in the ERP" in page
    assert 'id="accept"' not in page
    done = desk.post(f"/tasks/{key}/cancelled", version=version(page))
    assert done.headers["hx-redirect"].endswith(f"?done={key}")
    with office.house.store.read() as session:
        assert session.get_one(Order, first.order_id).state == "cancelled"
    assert desk.post(f"/tasks/{key}/reject", version=version(page), reason="late").status_code == 409
