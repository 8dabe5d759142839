"""What the pages are told: the queue in its order, orders by what is asked, and the figures of the dashboard."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from oms_core.errors import NotFound
from oms_core.records import Breaker, ChannelStatus, Customer, Delivery, Document, Draft, Order, Outbox, ProductRecord
from oms_core.values import Finding, Severity
from oms_store import figures, lookups, views
from oms_store.codec import dump
from oms_store.engine import make_engine
from oms_store.store import Store, Unit
from oms_store.views import OrderFilter, QueueFilter
from tests.factory import TODAY, FixedClock

UNSURE = Finding("match.line_unsure", Severity.REVIEW, "lines[0]", "Line 1 is not sure.")
BLOCKED = Finding("unit.unknown", Severity.BLOCK, "lines[0].unit", "Nobody knows the unit.")
NOTE = Finding("price.note", Severity.NOTE, "", "Only a note.")


@pytest.fixture
def store(database_url: str, clock: FixedClock) -> Iterator[Store]:
    made = Store(make_engine(database_url), clock, lambda _session, _work: None)
    with made.write("fill") as unit:
        for number, name in (("K1", "Huber_Metall GmbH"), ("K2", "Berg 100% AG")):
            unit.session.add(Customer(number=number, name=name, city="Ulm"))
    yield made
    made.engine.dispose()


def findings(*found: Finding) -> str:
    return dump(found, tuple[Finding, ...]).decode()


def deliver(unit: Unit, key: str, *, state: str = "read", channel: str = "inbox", told: str = "[]") -> Document:
    unit.session.add(
        Delivery(
            id=f"V{key}",
            channel=channel,
            kind="mailbox",
            source_key=key,
            state="stored",
            document_id=f"D{key}",
            filename=f"{key}.eml",
            size=1,
            sender_address=f"{key}@example.test",
            received_at=unit.now,
            stored_at=unit.now,
        )
    )
    unit.session.flush()
    document = Document(
        id=f"D{key}",
        delivery_id=f"V{key}",
        sha256="0" * 64,
        size=1,
        filename=f"{key}.eml",
        state=state,
        findings=told,
        first_with_bytes=f"D{key}",
        created_at=unit.now,
        updated_at=unit.now,
    )
    unit.session.add(document)
    unit.session.flush()
    return document


def draft(unit: Unit, key: str, told: str = "[]", **values: Any) -> None:
    document = deliver(unit, key, channel=str(values.pop("channel", "inbox")))
    fields = {"state": "in_review", "kind": "order", "number": f"PO-{key}", "customer": "K1"} | values
    unit.session.add(
        Draft(
            id=f"T{key}",
            document_id=document.id,
            source_document_id=document.id,
            position=0,
            content_hash=key,
            payload="{}",
            findings=told,
            created_at=unit.now,
            updated_at=unit.now,
            **fields,
        )
    )


@pytest.fixture
def busy(store: Store, clock: FixedClock) -> Store:
    """Three orders in review and a document that cannot be read, a minute apart; and what does not wait."""
    with store.write("fill") as unit:
        draft(unit, "a", findings(UNSURE, NOTE, BLOCKED))
    clock.advance(minutes=1)
    with store.write("fill") as unit:
        deliver(
            unit, "b", state="unreadable", channel="drop", told=findings(Finding("x", Severity.REVIEW, "", "Torn."))
        )
        draft(unit, "z", state="accepted")
    clock.advance(minutes=1)
    with store.write("fill") as unit:
        draft(unit, "c", findings(NOTE), customer=None, kind="order_cancellation", channel="drop")
        draft(unit, "d", claimed_by="anna", claimed_until=unit.now + timedelta(minutes=10), customer="K2")
    return store


def keys(store: Store, wanted: QueueFilter | None = None) -> list[str]:
    with store.read() as session:
        return [row.key for row in views.queue(session, store.clock.now(), wanted).rows]


def test_the_oldest_waits_first_whether_order_or_document(busy: Store) -> None:
    assert keys(busy) == ["Ta", "Db", "Tc", "Td"]
    with busy.read() as session:
        assert views.waiting(session) == (4, busy.clock.now() - timedelta(minutes=2))


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (QueueFilter(reason="match"), ["Ta"]),
        (QueueFilter(reason="unit"), ["Ta"]),
        (QueueFilter(reason="price"), []),
        (QueueFilter(reason="unreadable"), ["Db"]),
        (QueueFilter(customer="K2"), ["Td"]),
        (QueueFilter(channel="drop"), ["Db", "Tc"]),
        (QueueFilter(kind="order_cancellation"), ["Tc"]),
        (QueueFilter(search="po-A"), ["Ta"]),
        (QueueFilter(search="huber"), ["Ta"]),
        (QueueFilter(search="b.eml"), ["Db"]),
        (QueueFilter(channel="inbox", search="100%"), ["Td"]),
        (QueueFilter(offset=2), ["Tc", "Td"]),
    ],
)
def test_the_queue_is_filtered(busy: Store, wanted: QueueFilter, found: list[str]) -> None:
    assert keys(busy, wanted) == found


def test_a_filter_leaves_the_counts_of_all(busy: Store) -> None:
    with busy.read() as session:
        seen = views.queue(session, busy.clock.now(), QueueFilter(customer="K2"))
    assert seen.total == 1
    assert dict(seen.channels) == {"inbox": 2, "drop": 2}
    assert dict(seen.reasons) == {"match": 1, "unit": 1, "unreadable": 1}
    assert dict(seen.customers) == {"K1": 1, "K2": 1}


def test_what_blocks_is_told_first_and_notes_ask_for_nothing(busy: Store) -> None:
    with busy.read() as session:
        first = views.queue(session, busy.clock.now()).rows[0]
    assert first.reasons == (BLOCKED, UNSURE)
    assert first.customer_name == "Huber_Metall GmbH"


def test_the_next_task_is_nobody_elses(busy: Store, clock: FixedClock) -> None:
    def following(who: str, after: str | None) -> str | None:
        with busy.read() as session:
            row = views.next_task(session, clock.now(), who, after)
        return row.key if row else None

    with busy.write("claim") as unit:
        unit.session.get_one(Draft, "Ta").claimed_by = "anna"
        unit.session.get_one(Draft, "Ta").claimed_until = unit.now + timedelta(minutes=1)
    assert following("bernd", None) == "Tc", "a cancellation helps only while the goods are here"
    assert following("bernd", "Tc") == "Db"
    assert following("anna", "Tc") == "Ta"
    clock.advance(minutes=1)
    assert following("bernd", "Tc") == "Ta"


def add_order(unit: Unit, number: str, customer: str = "K1", by: str = "ordermill", state: str = "accepted") -> None:
    draft(unit, number, state="accepted", order_id=f"O{number}")
    unit.session.add(
        Order(
            id=f"O{number}",
            number=number,
            draft_id=f"T{number}",
            state=state,
            customer=customer,
            customer_po=f"PO-{number}",
            po_folded=number,
            content_hash=number,
            ordered_on=TODAY,
            currency="EUR",
            net=Decimal(100),
            tax=Decimal(19),
            gross=Decimal(119),
            accepted_by=by,
            created_at=unit.now,
            updated_at=unit.now,
        )
    )


@pytest.fixture
def ordered(store: Store, clock: FixedClock) -> Store:
    """An order of yesterday and three of today."""
    with store.write("fill") as unit:
        add_order(unit, "001")
    clock.advance(days=1)
    with store.write("fill") as unit:
        add_order(unit, "002", by="anna")
        add_order(unit, "003", "K2", state="held")
        add_order(unit, "004")
        unit.audit("anna", "accepted", "O002")
        unit.session.add(
            Outbox(
                id="P3",
                kind="erp",
                partner="erp",
                key="k3",
                order_id="O003",
                payload="{}",
                state="rejected",
                last_error="no such customer",
                next_attempt_at=unit.now,
                created_at=unit.now,
                updated_at=unit.now,
            )
        )
        unit.session.add(Breaker(partner="erp", failures=5, open_until=unit.now + timedelta(seconds=30)))
        unit.session.add(ChannelStatus(name="inbox", kind="mailbox", available=False, message="no answer"))
    return store


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (OrderFilter(), ["004", "003", "002", "001"]),
        (OrderFilter(state="held"), ["003"]),
        (OrderFilter(customer="K2"), ["003"]),
        (OrderFilter(touched=True), ["002"]),
        (OrderFilter(touched=False), ["004", "003", "001"]),
        (OrderFilter(search="po-002"), ["002"]),
        (OrderFilter(search="100%"), ["003"]),
        (OrderFilter(search="_"), ["004", "002", "001"]),
        (OrderFilter(offset=3), ["001"]),
    ],
)
def test_orders_are_found(ordered: Store, wanted: OrderFilter, found: list[str]) -> None:
    with ordered.read() as session:
        assert [row.order.number for row in views.orders(session, wanted)] == found
        assert views.count_orders(session, wanted) == len(found) + wanted.offset


def test_one_order_by_number_or_key(ordered: Store) -> None:
    with ordered.read() as session:
        detail = views.order_detail(session, "002")
        assert views.order_detail(session, "O002").order.id == detail.order.id
        assert [row.what for row in detail.trail] == ["accepted"]
        assert detail.delivery.id == "V002"
        assert views.order_detail(session, "003").outbox[0].last_error == "no such customer"
        with pytest.raises(NotFound, match="no order 999"):
            views.order_detail(session, "999")


def test_what_became_of_a_task_is_a_sentence(ordered: Store) -> None:
    with ordered.read() as session:
        assert lookups.what_became_of(session, "T002") == "Order PO-002 is accepted as 002."
        assert lookups.what_became_of(session, "nothing") == ""


def test_the_dashboard_counts_today_and_names_what_is_wrong(ordered: Store, clock: FixedClock) -> None:
    with ordered.read() as session:
        told = figures.dashboard(session, clock.now(), clock.now(), 5)
    assert (told.touchless_today, told.by_person_today) == (2, 1)
    assert all(balance.holds for balance in told.balances)
    (partner,) = told.partners
    assert (partner.refused, partner.failures) == (1, 5)
    assert partner.open_until == clock.now() + timedelta(seconds=30)
    assert [row.id for row in told.refused] == ["P3"]
    assert told.channels[0].message == "no answer"
    clock.advance(seconds=31)
    with ordered.read() as session:
        assert figures.partner_figures(session, clock.now())[0].open_until is None
        assert figures.orders_by_state(session) == {"accepted": 3, "held": 1}
        assert figures.pushes_by_state(session) == {("erp", "rejected"): 1}


def test_a_place_of_a_sum_lists_its_members(busy: Store) -> None:
    with busy.read() as session:
        assert [row.key for row in figures.place_members(session, "drafts", "in review")] == ["Ta", "Tc", "Td"]
        (torn,) = figures.place_members(session, "documents", "unreadable")
        assert (torn.key, torn.told, torn.document_id) == ("Db", "Torn.", "Db")
        assert len(figures.place_members(session, "deliveries", "stored")) == 5
        assert figures.place_members(session, "drafts", "in review", offset=3) == ()


def test_a_delivery_is_shown_with_its_documents(busy: Store) -> None:
    with busy.read() as session:
        view = views.delivery_of_document(session, "Da")
        assert view.root.id == "Da"
        assert [row.id for row in view.drafts] == ["Ta"]
        with pytest.raises(NotFound):
            view.document("Db")
        with pytest.raises(NotFound):
            views.delivery_of_document(session, "nothing")


def test_choices_are_found_by_a_few_letters(store: Store) -> None:
    with store.write("fill") as unit:
        for sku, text, active in (("HX-1", "Hex bolt 100%", True), ("HX-2", "Hex_bolt", True), ("HX-3", "Gone", False)):
            unit.session.add(
                ProductRecord(sku=sku, code_folded=sku, description=text, unit="C62", gtin=f"4{sku}", active=active)
            )
    with store.read() as session:

        def products(text: str) -> list[str]:
            return [row.sku for row in lookups.find_products(session, text)]

        assert products("hx") == ["HX-1", "HX-2"]
        assert products("hex bolt") == ["HX-1", "HX-2"]
        assert products("bolt 100") == ["HX-1"]
        assert products("x_b") == ["HX-2"]
        assert products("HX-2") == ["HX-2"]
        assert products("0%") == ["HX-1"]
        assert products("4HX-2") == ["HX-2"]
        assert products("%") == []
        assert products(" ") == []
        assert [row.number for row in lookups.find_customers(session, "berg")] == ["K2"]
        assert lookups.find_customers(session, "") == ()
        assert lookups.ship_tos(session, "K1") == ()
