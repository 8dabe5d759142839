"""One correction at the desk, and the next table of that sender comes right: over HTTP, from bytes to order."""

import re
from decimal import Decimal

import httpx
from sqlmodel import col, select

from oms_core.records import Order, OrderLine
from oms_core.values import DraftDocument, SenderFacts
from oms_store.codec import load
from tests.oms_app.web.conftest import Desk, Office

SKU = "HXB-M8X40-A2"
PARTNER = SenderFacts(partner="K1007")


def table(number: str, *lines: tuple[str, int, int, int]) -> bytes:
    """A sender's export: how many boxes, how many in a box, and under a word that nobody else has what is wanted."""
    rows = (f"{number};{code};{boxes};{size};{wanted}" for code, boxes, size, wanted in lines)
    return "\n".join(("PO number;Article;Cases;Inhalt;Velmark", *rows)).encode()


FIRST = table("PO-301", (SKU, 4, 100, 400), (SKU, 3, 200, 600))
LATER = table("PO-302", (SKU, 2, 100, 200), (SKU, 7, 200, 1400))


def version(text: str) -> str:
    found = re.search(r'id="version" name="version" value="(\d+)"', text)
    assert found
    return found[1]


def quantities(office: Office, task: str) -> list[Decimal]:
    draft = load(DraftDocument, office.load(task).payload)
    return [line.quantity.value for line in draft.lines if line.quantity is not None]


def corrected(office: Office, desk: Desk, task: str, *wanted: str) -> None:
    """Put the quantities right and accept, as a person does at the desk."""
    page = desk.get(f"/tasks/{task}")
    for at, text in enumerate(wanted):
        page = desk.post(f"/tasks/{task}/field", version=version(page.text), path=f"lines[{at}].quantity", text=text)
        page = desk.post(f"/tasks/{task}/field", version=version(page.text), path=f"lines[{at}].unit", text="pcs")
    done = desk.post(f"/tasks/{task}/accept", version=version(page.text))
    assert done.headers["hx-redirect"], done.text
    assert office.load(task).state == "accepted"


def test_what_was_corrected_once_comes_right_the_next_time(office: Office, desk: Desk, client: httpx.Client) -> None:
    task = office.take(FIRST, "first.csv", sender=PARTNER)
    assert quantities(office, task) == [4, 3]
    corrected(office, desk, task, "400", "600")

    later = office.take(LATER, "later.csv", sender=PARTNER)
    assert quantities(office, later) == [200, 1400]
    assert "layout.known" in office.load(later).findings

    token = client.post("/api/v1/sessions", json={"login": "anna", "password": office.passwords["anna"]}).json()
    client.headers["Authorization"] = f"Bearer {token['token']}"
    (known,) = client.get("/api/v1/layouts").json()
    assert "'velmark' means quantity (column)" in known["learned"]
    assert client.delete(f"/api/v1/layouts/{known['layout']['key']}").status_code == 204
    forgotten = office.take(LATER.replace(b"302", b"303"), "third.csv", sender=PARTNER)
    assert quantities(office, forgotten) == [2, 7]


def test_another_sender_is_read_as_ever(office: Office, desk: Desk) -> None:
    task = office.take(FIRST, "first.csv", sender=PARTNER)
    corrected(office, desk, task, "400", "600")
    other = office.take(LATER, "later.csv", sender=SenderFacts(partner="K1002"))
    assert quantities(office, other) == [2, 7]


def test_what_the_person_accepted_is_what_was_ordered(office: Office, desk: Desk) -> None:
    task = office.take(FIRST, "first.csv", sender=PARTNER)
    corrected(office, desk, task, "400", "600")
    with office.house.store.read() as session:
        order = session.scalars(select(Order)).one()
        lines = session.scalars(select(OrderLine).order_by(col(OrderLine.position))).all()
    assert order.accepted_by == "anna"
    assert [line.ordered_quantity for line in lines] == [Decimal(400), Decimal(600)]
