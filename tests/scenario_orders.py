"""Orders of the demo company for stories, and what Tryton must know before it can take them."""

import datetime as dt
from collections.abc import Sequence
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from functools import cache
from itertools import count

from oms_app.demo.chance import chance
from oms_app.demo.company import WAREHOUSES, DemoCompany, build_company
from oms_app.demo.delivery import deliver
from oms_app.demo.endless import without_limits
from oms_app.demo.orders import plan_order
from oms_app.demo.planned import DemoOrder, PlannedOrder
from oms_app.demo.shopping import Shop
from oms_app.demo.specs import Form, Spec
from oms_core.values import ChannelKind
from tests.servers.tryton import Sale, SaleLine, TrytonServer

TAX = {"standard": 19, "reduced": 7}
"""Per cent, as Tryton's categories of goods have them."""

_CENT = Decimal("0.01")

_numbers = count(70_001)


@cache
def company() -> DemoCompany:
    """Return the demo company as the databases of stories hold it."""
    return without_limits(build_company())


@cache
def _shop() -> Shop:
    return Shop(company())


def planned(spec: Spec) -> PlannedOrder:
    """Return an order with a number of its own, dated today, of goods whose amounts Tryton rounds as we do."""
    today = dt.datetime.now(dt.UTC).date()
    number = f"PO-{next(_numbers)}"
    draws = (chance(1, "story", spec.name, str(turn)) for turn in count())
    plans = (plan_order(_shop(), spec, number, today, draw) for draw in draws)
    return next(plan for plan in plans if _rounds_alike(plan))


def _rounds_alike(order: PlannedOrder) -> bool:
    """Whether Tryton comes to our totals: it taxes what was not rounded, and half cents go to even there."""
    exact = [(line.stock_quantity * line.price, _rate(line.sku)) for line in order.lines]
    net = sum((amount.quantize(_CENT, ROUND_HALF_EVEN) for amount, _ in exact), Decimal(0))
    taxes = [sum((amount * rate for amount, rate in exact if rate == one), Decimal(0)) for one in {r for _, r in exact}]
    tax = sum((amount.quantize(_CENT, ROUND_HALF_EVEN) for amount in taxes), Decimal(0))
    return (net, tax) == (order.net, tax_of(order))


def story_order(name: str, channel: ChannelKind, form: Form, customer: str, **more: object) -> DemoOrder:
    """Return a clean order as it arrives; `more` are fields of `Spec`. The same name is the same goods."""
    spec = Spec(name, channel, form, customer, **more)  # type: ignore[arg-type]  # the field names are checked when run
    return arriving(spec, planned(spec))


def arriving(spec: Spec, order: PlannedOrder) -> DemoOrder:
    """Return an order as it arrives, with transmission numbers of its own."""
    number = next(_numbers)
    spec = Spec(**{name: getattr(spec, name) for name in Spec.__slots__} | {"name": f"{spec.name}-{number}"})
    return deliver(spec, (order,), company().seller, dt.datetime.now(dt.UTC), f"ST{number}")


def tax_of(order: PlannedOrder) -> Decimal:
    """Return the tax on an order within Germany: rounded once for each rate."""
    nets: dict[Decimal, Decimal] = {}
    for line in order.lines:
        nets[_rate(line.sku)] = nets.get(_rate(line.sku), Decimal(0)) + line.amount
    return sum(((rate * net).quantize(_CENT, ROUND_HALF_UP) for rate, net in nets.items()), Decimal(0))


def _rate(sku: str | None) -> Decimal:
    return Decimal(TAX[_tax_classes()[sku or ""]]) / 100


@cache
def _tax_classes() -> dict[str, str]:
    return {row.sku: row.tax_class or "standard" for row in company().products}


def let_tryton_know(server: TrytonServer, orders: Sequence[DemoOrder]) -> None:
    """Give Tryton the goods, their stock, the customers and the warehouse of these orders."""
    plans = [plan for order in orders for plan in order.orders]
    wanted = {line.sku for plan in plans for line in plan.lines if line.sku}
    for kind, percentage in TAX.items():
        rows = [row for row in company().products if row.sku in wanted and (row.tax_class or "standard") == kind]
        server.add_products([(row.sku, row.description, row.unit or "C62", "1") for row in rows], tax=percentage)
    server.add_warehouse(WAREHOUSES[0])
    server.add_stock([(sku, 1_000_000) for sku in sorted(wanted)], WAREHOUSES[0])
    for number, name in sorted({(plan.customer.number, plan.customer.name) for plan in plans}):
        if not server.parties(number):
            server.rpc.call("model.party.party.create", [{"code": number, "name": name, "addresses": []}])


def sale_lines(order: PlannedOrder) -> tuple[SaleLine, ...]:
    """Return the lines as Tryton must have them: in stock units, at our price."""
    units = {row.sku: row.unit for row in company().products}
    return tuple(
        SaleLine(
            sku=line.sku or "",
            quantity=line.stock_quantity.normalize(),
            unit=units[line.sku or ""] or "",
            unit_price=line.price,
            amount=line.amount,
        )
        for line in order.lines
    )


def assert_sold(sales: Sequence[Sale], order: PlannedOrder, key: str) -> Sale:
    """There is one sale of this order in Tryton, confirmed, and it is what the customer meant."""
    mine = [sale for sale in sales if sale.reference == order.number or sale.web_id == key]
    assert len(mine) == 1, mine
    sale = mine[0]
    assert sale.web_id == key
    assert sale.state in {"confirmed", "processing"}
    assert sale.customer == order.customer.number
    assert sale.lines == sale_lines(order)
    assert (sale.net, sale.tax, sale.gross) == (order.net, tax_of(order), order.net + tax_of(order))
    assert sale.warehouse == WAREHOUSES[0]
    return sale
