"""Tryton or the mail server is away: orders are taken all the same, wait, and leave by themselves when it is back."""

import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from sqlmodel import col, select

from oms_app.demo.planned import DemoOrder
from oms_app.demo.specs import Form
from oms_core.decisions.transition import OrderState
from oms_core.records import Breaker, Outbox
from oms_core.values import ChannelKind
from oms_flow.deliver import BREAKER_FAILURES, BREAKER_SECONDS
from tests.scenario_house import RealHouse, put
from tests.scenario_orders import assert_sold, let_tryton_know, story_order
from tests.scenario_wiring import NewHouse, by_mail, by_smtp, to_tryton
from tests.servers.dovecot import Mailbox
from tests.servers.smtp import SmtpServer
from tests.servers.tryton import TrytonServer

pytestmark = [pytest.mark.real, pytest.mark.slow]

REMEMBERED = 200_000
"""Bytes of a connection that the wire looks for its word in."""

LONG_LEASE = {"worker": {"lease_seconds": 3600.0}}
"""So that a clock which is set forward ends no lease."""


def breaker(house: RealHouse, partner: str) -> Breaker | None:
    """Return how a partner fails, where it does."""
    with house.look() as session:
        return session.get(Breaker, partner)


def is_open(house: RealHouse, partner: str) -> bool:
    """Whether a partner is left alone for now."""
    state = breaker(house, partner)
    return state is not None and state.failures >= BREAKER_FAILURES and state.open_until is not None


def outbox(house: RealHouse, kind: str) -> list[Outbox]:
    """Return everything of a kind that leaves."""
    with house.look() as session:
        return list(session.scalars(select(Outbox).where(col(Outbox.kind) == kind).order_by(col(Outbox.id))))


def test_both_partners_are_away_and_come_back(
    new_house: NewHouse, tryton: TrytonServer, mailbox: Mailbox, smtp: SmtpServer
) -> None:
    orders = [
        story_order(f"away-{customer}", ChannelKind.MAILBOX, Form.TEXT, customer, lines=2, prices=False)
        for customer in ("K1002", "K1005", "K1004")
    ]
    let_tryton_know(tryton, orders)
    partners = {"mail_out": by_smtp(smtp), "erp": to_tryton(tryton)}
    house: RealHouse = new_house("sqlite", {"channels": {"mail": by_mail(mailbox)}, **partners, **LONG_LEASE})
    smtp.mails.clear()
    tryton.stop()
    smtp.stop()
    try:
        house.start()
        for order in orders:
            mailbox.deliver(order.data)
        assert_pushes_wait(house, orders)
        tryton.start()
        house.clock.advance(seconds=BREAKER_SECONDS + 1)
        assert_sold_once_and_answers_wait(house, tryton, orders)
    finally:
        smtp.start()
    house.clock.advance(seconds=BREAKER_SECONDS + 1)
    house.until(house.at_rest, "every answer has left")
    assert [row.state for row in outbox(house, "mail")] == ["done"] * len(orders)
    assert sorted(mail.receivers[0] for mail in smtp.mails) == sorted(order.sender for order in orders)
    state = breaker(house, "mail")
    assert state is not None
    assert (state.failures, state.open_until) == (0, None)
    house.assert_conserved()


def assert_pushes_wait(house: RealHouse, orders: list[DemoOrder]) -> None:
    """Every order is taken; each push says why it waits and until when; after five failures nobody knocks any more."""
    house.until(lambda: len(house.orders()) == len(orders), "every order is accepted")
    state = house.until(lambda: is_open(house, "tryton") and breaker(house, "tryton"), "Tryton is left alone")
    assert isinstance(state, Breaker)
    house.clock.advance(seconds=BREAKER_SECONDS / 2)
    house.until(lambda: all(waits_for(row, house) for row in outbox(house, "erp")), "each push waits with the others")
    rows = outbox(house, "erp")
    assert {row.state for row in rows} <= {"sending", "pending"}
    assert all("Tryton" in row.last_error for row in rows if row.attempts)
    state = breaker(house, "tryton")
    assert state is not None
    assert sum(row.attempts for row in rows) == state.failures
    assert {order.state for order in house.orders()} == {OrderState.ACCEPTED}
    assert outbox(house, "mail") == []


def waits_for(row: Outbox, house: RealHouse) -> bool:
    """Whether a push was told to wait until its partner is tried again."""
    state = breaker(house, row.partner)
    return state is not None and state.open_until is not None and row.next_attempt_at >= state.open_until


def assert_sold_once_and_answers_wait(house: RealHouse, tryton: TrytonServer, orders: list[DemoOrder]) -> None:
    """Each order is one sale; its answer waits for the mail server."""
    for order in orders:
        (plan,) = order.orders
        confirmed = house.confirmed(plan.number or "")
        (push,) = house.outbox(confirmed, "erp")
        assert_sold(tryton.sales(), plan, push.key)
    assert len(tryton.sales()) == len(orders)
    house.until(lambda: is_open(house, "mail"), "the mail server is left alone")
    waiting = outbox(house, "mail")
    assert len(waiting) == len(orders)
    assert {row.state for row in waiting} <= {"sending", "pending"}
    assert {order.state for order in house.orders()} == {OrderState.CONFIRMED}


def test_an_answer_that_is_lost_on_the_way_makes_no_second_sale(
    new_house: NewHouse, tryton: TrytonServer, tmp_path: Path
) -> None:
    order = story_order("lost-answer", ChannelKind.FOLDER, Form.PDF, "K1002", lines=3)
    let_tryton_know(tryton, [order])
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    with cutting(tryton.url, b"model.sale.sale.create") as (address, cut):
        channel = {"kind": "folder", "poll_seconds": 0.2, "path": str(inbox), "take": "renamed"}
        house: RealHouse = new_house("sqlite", {"channels": {"drop": channel}, "erp": to_tryton(tryton, address)})
        house.start()
        put(inbox, order.filename, order.data)
        (plan,) = order.orders
        confirmed = house.confirmed(plan.number or "")
        assert cut.is_set(), "the sale was created, and nobody was told"
        (push,) = house.outbox(confirmed, "erp")
        assert push.attempts == 2
        assert_sold(tryton.sales(), plan, push.key)
        assert len(tryton.sales()) == 1
        house.stop()


@contextmanager
def cutting(url: str, at: bytes) -> Iterator[tuple[str, threading.Event]]:
    """Stand between us and a server: the first request that says `at` arrives, but its answer never comes back."""
    host, _, port = url.removeprefix("http://").partition(":")
    cut = threading.Event()

    class Wire(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with socket.create_connection((host, int(port))) as server:
                back = threading.Thread(target=self.pass_on, args=(server, self.request))
                back.start()
                self.pass_on(self.request, server)
                back.join()

        def pass_on(self, source: socket.socket, target: socket.socket) -> None:
            """Copy what comes until one side ends; drop everything once the answer is to be lost."""
            said = b""
            with suppress(OSError):
                while data := source.recv(65536):
                    said = (said + data)[-REMEMBERED:]
                    if target is self.request and self.doomed:
                        break
                    if source is self.request and at in said and not cut.is_set():
                        self.doomed = True
                        cut.set()
                    target.sendall(data)
            for side in (source, target):
                with suppress(OSError):
                    side.shutdown(socket.SHUT_RDWR)

        doomed = False

    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Wire)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", cut
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
