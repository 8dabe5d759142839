"""A program cancels and hands in over HTTP: a task says what ends it, and a customer must be one of ours."""

import httpx
from sqlmodel import select

from oms_core.records import Delivery, Draft, Order, Outbox
from oms_core.values import SenderFacts
from tests.oms_app.web.conftest import Desk, Office
from tests.oms_app.web.test_review import SKU, csv_order


def decide(desk: Desk, key: str, decision: str) -> httpx.Response:
    """Decide on the task as it is now."""
    place = f"/api/v1/tasks/{key}"
    version = desk.client.get(place).json()["version"]
    headers = {"X-CSRF-Token": desk.csrf}
    return desk.client.post(f"{place}/decisions", json={"decision": decision, "version": version}, headers=headers)


def cancellation(office: Office) -> str:
    """An order that the machine accepted, and its cancellation by the same customer."""
    order = office.take(csv_order(f"{SKU};Hex bolt;1000;pcs", number="PO-50"), "order.csv")
    assert office.load(order).state == "accepted"
    text = b"Please cancel our order PO-50 completely.\n"
    return office.take(text, "cancel.txt", sender=SenderFacts(partner="K1007"))


def state_of_order(office: Office) -> str:
    with office.house.store.read() as session:
        return session.scalars(select(Order.state)).one()


def test_what_the_erp_does_not_have_is_cancelled_by_accepting(office: Office, desk: Desk) -> None:
    key = cancellation(office)
    seen = desk.client.get(f"/api/v1/tasks/{key}").json()
    assert (seen["ending"], seen["findings"][0]["code"]) == ("accept", "change.cancels")
    assert decide(desk, key, "cancelled_in_erp").status_code == 409, "the ERP does not have it"
    assert decide(desk, key, "accept").json()["state"] == "applied"
    assert decide(desk, key, "accept").status_code == 200, "twice is harmless"
    assert state_of_order(office) == "cancelled"


def test_what_the_erp_has_is_cancelled_there_and_said_so(office: Office, desk: Desk) -> None:
    key = cancellation(office)
    with office.house.store.write("erp") as unit:
        push = unit.session.scalars(select(Outbox)).one()
        push.state, push.receipt = "done", "SO-7"
    seen = desk.client.get(f"/api/v1/tasks/{key}").json()
    assert (seen["ending"], seen["findings"][0]["code"]) == ("cancelled_in_erp", "change.erp_has_it")
    assert "there as SO-7" in seen["findings"][0]["message"]
    stopped = decide(desk, key, "accept")
    assert (stopped.status_code, state_of_order(office)) == (409, "accepted")
    assert decide(desk, key, "cancelled_in_erp").json()["state"] == "applied"
    assert state_of_order(office) == "cancelled"


def test_an_order_still_in_review_goes_with_its_cancellation(office: Office, desk: Desk) -> None:
    waiting = office.take(csv_order("ZZ-1;Nothing we sell;1;pcs", number="PO-50"), "order.csv")
    key = office.take(b"Please cancel our order PO-50 completely.\n", "cancel.txt")
    assert decide(desk, key, "accept").status_code == 200
    assert [office.load(one).state for one in (waiting, key)] == ["rejected", "applied"]


def hand_in(desk: Desk, name: str, partner: str) -> httpx.Response:
    files = {"file": (name, csv_order(f"{SKU};Hex bolt;1000;pcs", number=name))}
    return desk.client.post(
        "/api/v1/documents", files=files, data={"partner": partner}, headers={"X-CSRF-Token": desk.csrf}
    )


def test_the_customer_of_an_upload_is_one_of_ours(office: Office, desk: Desk) -> None:
    assert [hand_in(desk, f"{number}.csv", name).status_code for number, name in enumerate(("K1007", "k1007"))] == [
        201,
        201,
    ]
    assert hand_in(desk, "3.csv", "liffey facilities").status_code == 201, "without the legal form"
    refused = hand_in(desk, "4.csv", "Lifey Facilities")
    assert refused.status_code == 422
    assert (
        "There is no customer 'Lifey Facilities'. The nearest is K1007 Liffey Facilities Ltd" in refused.json()["error"]
    )
    with office.house.store.read() as session:
        assert [*session.scalars(select(Delivery.partner))] == ["K1007"] * 3
        assert session.scalars(select(Draft.id)).all() == []
    assert list((office.built.settings.data_dir / "uploads").iterdir()) == [], "nothing of it is kept"
