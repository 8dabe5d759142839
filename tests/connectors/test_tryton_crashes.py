"""Crashes, outages and other senders between any two calls of one order's way into a real Tryton: always one sale."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal
from itertools import count
from typing import Any

import pytest

from connectors.tryton import TrytonErp
from connectors.tryton_rpc import TrytonAccess, TrytonRpc
from oms_core.errors import PartnerRejected, PartnerUnavailable
from tests.factory import erp_order, erp_party
from tests.servers.tryton import TrytonServer

pytestmark = pytest.mark.real


class Killed(BaseException):
    """The process is gone at this point."""


class InterruptedRpc(TrytonRpc):
    """A connection that lets something happen before one of its calls, and may be gone after it."""

    def __init__(self, server: TrytonServer, before: Callable[[str], None], after: Callable[[str], None]) -> None:
        settings = server.settings
        super().__init__(TrytonAccess(settings.url, settings.database, settings.user, settings.password))
        self.before = before
        self.after = after

    def call(self, method: str, *arguments: Any, **options: Any) -> Any:
        self.before(method)
        answer = super().call(method, *arguments, **options)
        self.after(method)
        return answer


def interrupted(
    server: TrytonServer,
    before: Callable[[str], None] = lambda _method: None,
    after: Callable[[str], None] = lambda _method: None,
) -> TrytonErp:
    erp = server.erp()
    erp._sales._rpc = InterruptedRpc(server, before, after)  # noqa: SLF001 - it happens between our own calls
    return erp


def dying(server: TrytonServer, after: str) -> TrytonErp:
    def die(method: str) -> None:
        if method == f"model.sale.sale.{after}":
            raise Killed

    return interrupted(server, after=die)


def test_crashes_after_each_call_are_healed_by_sending_again(server: TrytonServer, number: str):
    """The first try ends after its first call, the second after its second, and so on until one gets through."""
    order = erp_order(number, customer=erp_party(number), ship_to=erp_party("S-9", name="Baustelle", street="Am Kai 9"))
    crashes: list[str] = []

    def crash_later_each_time(erp_calls: Iterator[int]) -> Callable[[str], None]:
        def die(method: str) -> None:
            if next(erp_calls) == len(crashes):
                crashes.append(method.rpartition(".")[2])
                raise Killed

        return die

    while True:
        try:
            receipt = interrupted(server, after=crash_later_each_time(count())).send(order)
            break
        except Killed:
            continue
    (sale,) = server.sales()
    assert {"create", "on_change"} <= set(crashes)
    assert (receipt.state, sale.state, sale.gross) == ("processing", "processing", Decimal("14.28"))
    (party,) = server.parties(number)
    assert len(party["addresses"]) == 2
    (stored,) = server.rpc.search_read("sale.sale", [["web_id", "=", number]], ["shipments", "invoices"])
    assert (len(stored["shipments"]), len(stored["invoices"])) == (1, 1)


@pytest.mark.parametrize(
    "method", ["party.party.create", "sale.sale.create", "sale.sale.quote", "sale.sale.confirm", "sale.sale.delete"]
)
def test_a_sender_that_is_overtaken_goes_on_from_the_others_sale(
    server: TrytonServer, key: str, number: str, method: str
):
    other = server.erp()
    order = erp_order(key, customer=erp_party(number))

    def overtake(called: str) -> None:
        if called == f"model.{method}":
            other._sales._send(order)  # noqa: SLF001 - as another process, which our lock does not hold back

    erp = interrupted(server, before=overtake)
    if method == "sale.sale.delete":
        with pytest.raises(PartnerRejected, match="other totals"):
            erp.send(replace(order, tax=Decimal("2.27"), gross=Decimal("14.27")))
    else:
        assert erp.send(order).state == "processing"
    assert [sale.state for sale in server.sales()] == ["processing"]
    (sale,) = server.rpc.search_read("sale.sale", [["web_id", "=", key]], ["shipments", "invoices"])
    assert (len(sale["shipments"]), len(sale["invoices"])) == (1, 1)
    assert len(server.parties(number)) == 1


@pytest.mark.parametrize("state", ["create", "quote", "confirm"])
def test_a_half_made_sale_is_not_found_until_it_is_confirmed_and_then_finished(
    server: TrytonServer, erp: TrytonErp, key: str, state: str
):
    with pytest.raises(Killed):
        dying(server, after=state).send(erp_order(key))
    assert (erp.find(key) is None) == (state != "confirm")
    assert erp.send(erp_order(key)).state == "processing"
    assert len(server.sales()) == 1


def test_senders_at_once_make_one_sale_one_shipment_one_invoice_and_one_customer(
    server: TrytonServer, key: str, number: str
):
    def send(_: int) -> str:
        with_own_connection = server.erp()
        while True:
            try:
                return with_own_connection.send(erp_order(key, customer=erp_party(number))).reference
            except PartnerUnavailable as busy:
                assert "busy" in str(busy)  # noqa: PT017 - any other sentence fails the test

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(send, range(4)))) == 1
    (sale,) = server.rpc.search_read("sale.sale", [["web_id", "=", key]], ["shipments", "invoices"])
    assert (len(sale["shipments"]), len(sale["invoices"])) == (1, 1)
    assert len(server.parties(number)) == 1


def test_an_outage_in_the_middle_leaves_it_unknown_and_is_healed(server: TrytonServer, erp: TrytonErp, key: str):
    with pytest.raises(Killed):
        dying(server, after="create").send(erp_order(key))
    server.stop()
    with pytest.raises(PartnerUnavailable, match=r"Whether .* was done is not known"):
        erp.send(erp_order(key))
    server.start()
    assert erp.send(erp_order(key)).state == "processing"
    assert len(server.sales()) == 1


def test_a_sale_that_was_cancelled_in_tryton_is_not_made_again(server: TrytonServer, erp: TrytonErp, key: str):
    with pytest.raises(Killed):
        dying(server, after="quote").send(erp_order(key))
    (sale,) = server.rpc.search_read("sale.sale", [["web_id", "=", key]], ["state"])
    server.rpc.call("model.sale.sale.cancel", [sale["id"]])
    found = erp.find(key)
    assert found is not None
    assert found.state == "cancelled"
    with pytest.raises(PartnerRejected, match="was cancelled there"):
        erp.send(erp_order(key))
    assert len(server.sales()) == 1
