"""Write an accepted order: the order and its lines, what is promised, the draft invoice, and the push to the ERP."""

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import bindparam, insert, update
from sqlmodel import col, select

from oms_core.decisions.allocation import Allocated
from oms_core.decisions.transition import InvoiceState, OrderState, OutboxState
from oms_core.errors import NotFound
from oms_core.records import (
    Allocation,
    Customer,
    Draft,
    Invoice,
    Order,
    OrderLine,
    Outbox,
    SenderAddress,
    Sequence,
    ShipTo,
    Stock,
    StockMovement,
)
from oms_core.values import MatchedOrder, in_units
from oms_core.values.outbound import ErpOrder
from oms_core.values.work import Work, WorkKind
from oms_flow.house import House
from oms_flow.quoting import PricedOrder, erp_order
from oms_flow.senders import sender_address
from oms_store.catalogue import master_version
from oms_store.codec import dump
from oms_store.columns import table
from oms_store.store import Unit


@dataclass(frozen=True, slots=True)
class Case:
    """One order about to be written: who asked, for what, at which price, from where."""

    draft: Draft
    matched: MatchedOrder
    customer: Customer
    priced: PricedOrder
    allocated: Allocated
    who: str


def write_order(house: House, unit: Unit, case: Case) -> str:
    """Write everything that an accepted order is and return its id; stock rows are locked already."""
    order = _order_row(house, unit, case)
    unit.session.add(order)
    unit.session.flush()
    _write_lines(unit, order, case)
    _write_promises(unit, order, case.allocated)
    unit.session.add(_draft_invoice(unit, order))
    ship_to = unit.session.get(ShipTo, (order.customer, order.ship_to)) if order.ship_to else None
    push_id = _to_outbox(house, unit, order, erp_order(order, case.customer, ship_to, case.priced, case.allocated))
    _know_sender(unit, case)
    unit.audit(case.who, "accepted", order.id, f'{{"number": "{order.number}", "draft": "{case.draft.id}"}}')
    if case.allocated.short:
        unit.audit(case.who, "accepted with a backorder", order.id, _backorders(case))
    unit.follow(Work(WorkKind.DELIVER, push_id, 1))
    return order.id


def _order_row(house: House, unit: Unit, case: Case) -> Order:
    draft, read, priced = case.draft, case.matched.draft, case.priced
    versions = {kind: master_version(unit.session, kind) for kind in ("products", "customers", "prices", "xref")}
    return Order(
        id=unit.new_id(),
        number=f"O-{next_number(unit, 'order'):06d}",
        draft_id=draft.id,
        state=OrderState.ACCEPTED,
        customer=case.customer.number,
        customer_po=draft.number or "",
        # An order without a number is nobody's twin: its own key keeps it apart.
        po_folded=draft.po_folded or f"draft:{draft.id}",
        content_hash=draft.content_hash,
        repeat=_repeats(unit, case),
        ship_to=case.matched.ship_to.key if case.matched.ship_to else None,
        ordered_on=read.date.value if read.date else house.today(),
        requested_on=read.requested_date.value if read.requested_date else None,
        currency=priced.currency,
        net=priced.totals.net,
        tax=priced.totals.tax,
        gross=priced.totals.gross,
        accepted_by=case.who,
        master_versions=dump(versions).decode(),
        rules_version=house.rules.version,
        created_at=unit.now,
        updated_at=unit.now,
    )


def _repeats(unit: Unit, case: Case) -> int:
    """Count the twins that a person accepted this one beside."""
    same = select(Order.id).where(
        col(Order.customer) == case.customer.number,
        col(Order.po_folded) == case.draft.po_folded,
        col(Order.content_hash) == case.draft.content_hash,
    )
    return len(unit.session.scalars(same).all()) if case.draft.po_folded else 0


def _backorders(case: Case) -> str:
    """Say which lines wait for new stock, and for how much."""
    lines = {line.position: line for line in case.priced.lines}
    return "; ".join(
        f"line {position + 1}: {in_units(missing, lines[position].unit)} of {lines[position].sku}"
        for position, missing in sorted(case.allocated.short.items())
    )


def next_number(unit: Unit, name: str) -> int:
    """Take the next number of a sequence; the row stays locked until the transaction ends, so none is lost."""
    sequence = unit.session.scalars(select(Sequence).where(col(Sequence.name) == name).with_for_update()).first()
    if sequence is None:
        raise NotFound(f"there is no number sequence {name!r}; run 'ordermill migrate'")
    number = sequence.next_value
    sequence.next_value = number + 1
    return number


def _write_lines(unit: Unit, order: Order, case: Case) -> None:
    rows = [
        {
            "order_id": order.id,
            "position": line.position,
            "sku": line.sku,
            "description": line.description,
            "quantity": line.quantity,
            "unit": line.unit,
            "ordered_quantity": line.ordered_quantity,
            "ordered_unit": line.ordered_unit,
            "unit_price": line.unit_price,
            "price_source": line.price_source,
            "amount": line.amount,
            "tax_rate": line.tax_rate,
            "backordered": case.allocated.short.get(line.position, Decimal(0)),
            "requested_on": line.requested_on,
        }
        for line in case.priced.lines
    ]
    unit.session.execute(insert(table(OrderLine)), rows)


def _write_promises(unit: Unit, order: Order, allocated: Allocated) -> None:
    """Allocate on rows that are locked already; the ledger gets one movement a promise."""
    if not allocated.promises:
        return
    stock = table(Stock)
    promise_of = update(stock).where(stock.c.sku == bindparam("at_sku"), stock.c.warehouse == bindparam("at_place"))
    unit.session.connection().execute(
        promise_of.values(allocated=stock.c.allocated + bindparam("more", type_=stock.c.allocated.type)),
        [{"at_sku": p.sku, "at_place": p.warehouse, "more": p.quantity} for p in allocated.promises],
    )
    promises = [
        {
            "order_id": order.id,
            "position": promise.position,
            "warehouse": promise.warehouse,
            "sku": promise.sku,
            "quantity": promise.quantity,
        }
        for promise in allocated.promises
    ]
    unit.session.execute(insert(table(Allocation)), promises)
    movements = [
        {
            "id": unit.new_id(),
            "at": unit.now,
            "sku": promise.sku,
            "warehouse": promise.warehouse,
            "kind": "allocation",
            "on_hand_delta": Decimal(0),
            "allocated_delta": promise.quantity,
            "reference": order.id,
        }
        for promise in allocated.promises
    ]
    unit.session.execute(insert(table(StockMovement)), movements)


def _draft_invoice(unit: Unit, order: Order) -> Invoice:
    return Invoice(
        id=unit.new_id(),
        order_id=order.id,
        state=InvoiceState.DRAFT,
        customer=order.customer,
        currency=order.currency,
        net=order.net,
        tax=order.tax,
        gross=order.gross,
        created_at=unit.now,
    )


def _to_outbox(house: House, unit: Unit, order: Order, outgoing: ErpOrder) -> str:
    key = unit.new_id()
    unit.session.add(
        Outbox(
            id=key,
            kind="erp",
            partner=house.erp,
            key=outgoing.key,
            order_id=order.id,
            draft_id=order.draft_id,
            payload=dump(outgoing).decode(),
            state=OutboxState.PENDING,
            next_attempt_at=unit.now,
            created_at=unit.now,
            updated_at=unit.now,
        )
    )
    unit.session.flush()
    return key


def _know_sender(unit: Unit, case: Case) -> None:
    """Remember the sender: from now on a mail from this address is not the first from it."""
    address = sender_address(unit.session, case.draft)
    key = (address, case.customer.number)
    if address and unit.session.get(SenderAddress, key) is None:
        unit.session.add(SenderAddress(address=address, customer=case.customer.number, decided_by=case.who))
