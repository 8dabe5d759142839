"""What every channel's story ends with: the sale in Tryton, and our own books about it."""

from collections import Counter
from decimal import Decimal

from sqlmodel import col, select

from oms_app.demo.planned import DemoOrder
from oms_core.decisions.transition import OrderState
from oms_core.records import Allocation, Invoice, Order, OrderLine, StockMovement
from tests.scenario_orders import assert_sold, tax_of
from tests.scenario_wiring import Connected
from tests.servers.tryton import TrytonServer


def sold(selling: Connected, tryton: TrytonServer, arriving: DemoOrder) -> Order:
    """Wait until an order is sold: one sale in Tryton as the customer meant it, our order confirmed with its number."""
    (plan,) = arriving.orders
    order = selling.house.confirmed(plan.number or "")
    (push,) = selling.house.outbox(order, "erp")
    sale = assert_sold(tryton.sales(), plan, push.key)
    assert order.state == OrderState.CONFIRMED
    assert order.erp_reference == sale.number
    assert sale.description == order.number
    assert (push.state, push.attempts, push.receipt) == ("done", 1, sale.number)
    return order


def assert_written_down(selling: Connected, arriving: DemoOrder, order: Order) -> None:
    """Our own books: who, what, at which price, reserved and billed in draft, every one once."""
    (plan,) = arriving.orders
    assert (order.customer, order.net, order.tax) == (plan.customer.number, plan.net, tax_of(plan))
    wanted = [
        (line.sku, line.stock_quantity, line.quantity, line.price * line.factor, line.amount) for line in plan.lines
    ]
    with selling.house.look() as session:
        rows = session.scalars(
            select(OrderLine).where(col(OrderLine.order_id) == order.id).order_by(col(OrderLine.position))
        ).all()
        assert [(r.sku, r.quantity, r.ordered_quantity, r.unit_price, r.amount) for r in rows] == wanted
        promised: Counter[str] = Counter()
        for row in session.scalars(select(Allocation).where(col(Allocation.order_id) == order.id)):
            promised[row.sku] += row.quantity  # type: ignore[assignment]  # exact numbers count as well
        needed: Counter[str] = Counter()
        for line in plan.lines:
            needed[line.sku or ""] += line.stock_quantity  # type: ignore[assignment]  # as above
        assert promised == needed
        moved = session.scalars(select(StockMovement).where(col(StockMovement.reference) == order.id)).all()
        assert sum((row.allocated_delta for row in moved), Decimal(0)) == sum(promised.values())
        (invoice,) = session.scalars(select(Invoice).where(col(Invoice.order_id) == order.id)).all()
        assert (invoice.state, invoice.number, invoice.gross) == ("draft", None, order.gross)
    selling.house.assert_conserved()
