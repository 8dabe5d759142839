"""Accept: one transaction that prices, taxes, reserves, bills, writes the order and puts it in the outbox.

Rows are locked in one order everywhere: draft, customer, stock by SKU and warehouse, number. What has changed since the
draft was judged (stock gone, credit used up, the same order accepted a moment ago) sends it back to a person.
"""

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import insert, update
from sqlmodel import col, select

from oms_core.decisions.allocation import Allocated, Demand, StockLevel, allocate
from oms_core.decisions.transition import DraftState, OrderState, OutboxState, transition
from oms_core.errors import IllegalTransition, NotFound
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
    Warehouse,
)
from oms_core.values import Finding, MatchedOrder, Severity, plain
from oms_core.values.outbound import ErpOrder
from oms_core.values.work import Work, WorkKind
from oms_flow.house import House
from oms_flow.match import matched_order
from oms_flow.quoting import PricedOrder, erp_order, price_order
from oms_store.catalogue import master_version, products_by_sku
from oms_store.codec import dump, load
from oms_store.columns import table
from oms_store.facts import exposure
from oms_store.store import Unit


@dataclass(frozen=True, slots=True)
class Accepted:
    """The order that was made, or the findings that stopped it."""

    order_id: str | None
    stopped_by: tuple[Finding, ...] = ()


def accept(house: House, unit: Unit, draft_id: str, who: str, seen: frozenset[str] | None = None) -> Accepted:
    """Make the order of a draft; `seen` is None for the machine, else the finding codes a person accepts over.

    A draft that is accepted already gives its order again. Raises IllegalTransition for one that may not be accepted.
    """
    draft = unit.session.scalars(select(Draft).where(col(Draft.id) == draft_id).with_for_update()).one()
    if draft.state == DraftState.ACCEPTED:
        return Accepted(draft.order_id)
    machine = seen is None
    if draft.state != (DraftState.MATCHED if machine else DraftState.IN_REVIEW):
        if machine:
            return Accepted(None)
        raise IllegalTransition(f"This order is {draft.state.replace('_', ' ')}, so it cannot be accepted again.")
    order = matched_order(draft)
    if order is None or order.customer.key is None:
        raise IllegalTransition("This order has no customer yet; choose one first.")
    customer = unit.session.scalars(
        select(Customer).where(col(Customer.number) == order.customer.key).with_for_update()
    ).one()
    priced = price_order(house, unit.session, order, customer)
    allocated = allocate(_demands(priced), _locked_levels(unit, priced))
    stops = tuple(
        finding
        for finding in (*priced.findings, *_stops(house, unit, draft, customer, priced, allocated))
        if finding.severity is Severity.BLOCK or finding.code not in (seen or frozenset())
    )
    if stops:
        _back_to_review(unit, draft, stops)
        return Accepted(None, stops)
    return Accepted(_write(house, unit, draft, order, customer, priced, allocated, who))


def _demands(priced: PricedOrder) -> tuple[Demand, ...]:
    return tuple(Demand(line.position, line.sku, line.quantity) for line in priced.lines)


def _locked_levels(unit: Unit, priced: PricedOrder) -> tuple[StockLevel, ...]:
    """Lock the stock rows of every SKU in one order, so that two orders never wait for each other in a circle."""
    ranks = {row.code: row.rank for row in unit.session.scalars(select(Warehouse))}
    rows = unit.session.scalars(
        select(Stock)
        .where(col(Stock.sku).in_(sorted({line.sku for line in priced.lines})))
        .order_by(Stock.sku, Stock.warehouse)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return tuple(StockLevel(row.sku, row.warehouse, ranks[row.warehouse], row.on_hand - row.allocated) for row in rows)


def _stops(
    house: House, unit: Unit, draft: Draft, customer: Customer, priced: PricedOrder, allocated: Allocated
) -> list[Finding]:
    """What has become true since the draft was judged and a person should know."""
    found = []
    same = _same_order(unit, draft, customer)
    if same is not None:
        message = f"Order {same} of this customer has the same number and the same content."
        found.append(Finding("duplicate.same_order", Severity.REVIEW, "number", message))
    owed = exposure(unit.session, customer.number)
    if house.rules.review_credit and customer.credit_limit is not None:
        if owed + priced.totals.gross > customer.credit_limit:
            message = (
                f"Credit limit {plain(customer.credit_limit)}: {plain(owed)} open and {plain(priced.totals.gross)} of "
                f"this order are over it."
            )
            found.append(Finding("credit.over_limit", Severity.REVIEW, "customer", message))
    if house.rules.review_stock_shortage:
        for position, missing in allocated.short.items():
            message = f"Line {position + 1}: {plain(missing)} of what is ordered cannot be promised from stock."
            found.append(Finding("stock.short", Severity.REVIEW, f"lines[{position}].quantity", message))
    return found


def _same_order(unit: Unit, draft: Draft, customer: Customer) -> str | None:
    if not draft.po_folded:
        return None
    return unit.session.scalars(
        select(Order.number)
        .where(
            col(Order.customer) == customer.number,
            col(Order.po_folded) == draft.po_folded,
            col(Order.content_hash) == draft.content_hash,
        )
        .order_by(Order.id)
    ).first()


def _back_to_review(unit: Unit, draft: Draft, stops: tuple[Finding, ...]) -> None:
    """A machine's stop moves the draft; a person's leaves it where it is, with what is new on top."""
    if draft.state == DraftState.MATCHED:
        same = all(stop.code == "duplicate.same_order" for stop in stops)
        draft.state = transition(DraftState.MATCHED, DraftState.DUPLICATE if same else DraftState.IN_REVIEW)
        if same:
            draft.duplicate_of = _twin(unit, draft)
    known = load(tuple[Finding, ...], draft.findings)
    draft.findings = dump(tuple(dict.fromkeys((*stops, *known))), tuple[Finding, ...]).decode()
    draft.version, draft.updated_at = draft.version + 1, unit.now


def _twin(unit: Unit, draft: Draft) -> str | None:
    return unit.session.scalars(
        select(Order.draft_id).where(
            col(Order.customer) == draft.customer,
            col(Order.po_folded) == draft.po_folded,
            col(Order.content_hash) == draft.content_hash,
        )
    ).first()


def _write(
    house: House,
    unit: Unit,
    draft: Draft,
    matched: MatchedOrder,
    customer: Customer,
    priced: PricedOrder,
    allocated: Allocated,
    who: str,
) -> str:
    order = _order_row(house, unit, draft, matched, customer, priced, who)
    unit.session.add(order)
    unit.session.flush()
    _write_lines(unit, order, priced, allocated)
    _write_promises(unit, order, allocated)
    unit.session.add(
        Invoice(
            id=unit.new_id(),
            order_id=order.id,
            state="draft",
            customer=order.customer,
            currency=order.currency,
            net=order.net,
            tax=order.tax,
            gross=order.gross,
            created_at=unit.now,
        )
    )
    outgoing = erp_order(house, order, customer, _ship_to(unit, order), priced, allocated)
    push_id = _to_outbox(house, unit, order, outgoing)
    _know_sender(unit, draft, customer, who)
    draft.state = transition(DraftState(draft.state), DraftState.ACCEPTED)
    draft.order_id, draft.decided_by = order.id, who
    draft.version, draft.updated_at = draft.version + 1, unit.now
    unit.audit(who, "accepted", order.id, f'{{"number": "{order.number}", "draft": "{draft.id}"}}')
    unit.follow(Work(WorkKind.DELIVER, push_id, 1))
    return order.id


def _order_row(
    house: House, unit: Unit, draft: Draft, matched: MatchedOrder, customer: Customer, priced: PricedOrder, who: str
) -> Order:
    read = matched.draft
    versions = {kind: master_version(unit.session, kind) for kind in ("products", "customers", "prices", "xref")}
    return Order(
        id=unit.new_id(),
        number=f"O-{next_number(unit, 'order'):06d}",
        draft_id=draft.id,
        state=OrderState.ACCEPTED,
        customer=customer.number,
        customer_po=draft.number or "",
        # An order without a number is nobody's twin: its own key keeps it apart.
        po_folded=draft.po_folded or f"draft:{draft.id}",
        content_hash=draft.content_hash,
        repeat=_repeats(unit, draft, customer),
        ship_to=matched.ship_to.key if matched.ship_to else None,
        ordered_on=read.date.value if read.date else house.today(),
        requested_on=read.requested_date.value if read.requested_date else None,
        currency=priced.currency,
        net=priced.totals.net,
        tax=priced.totals.tax,
        gross=priced.totals.gross,
        accepted_by=who,
        master_versions=dump(versions).decode(),
        rules_version=house.rules.version,
        created_at=unit.now,
        updated_at=unit.now,
    )


def next_number(unit: Unit, name: str) -> int:
    """Take the next number of a sequence; the row stays locked until the transaction ends, so none is lost."""
    sequence = unit.session.scalars(select(Sequence).where(col(Sequence.name) == name).with_for_update()).first()
    if sequence is None:
        raise NotFound(f"there is no number sequence {name!r}; run 'ordermill migrate'")
    number = sequence.next_value
    sequence.next_value = number + 1
    return number


def _repeats(unit: Unit, draft: Draft, customer: Customer) -> int:
    return len(
        unit.session.scalars(
            select(Order.id).where(
                col(Order.customer) == customer.number,
                col(Order.po_folded) == (draft.po_folded or f"draft:{draft.id}"),
                col(Order.content_hash) == draft.content_hash,
            )
        ).all()
    )


def _write_lines(unit: Unit, order: Order, priced: PricedOrder, allocated: Allocated) -> None:
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
            "backordered": allocated.short.get(line.position, Decimal(0)),
            "requested_on": line.requested_on,
        }
        for line in priced.lines
    ]
    unit.session.execute(insert(table(OrderLine)), rows)


def _write_promises(unit: Unit, order: Order, allocated: Allocated) -> None:
    """Allocate on rows that are locked already; the ledger gets one movement a promise."""
    if not allocated.promises:
        return
    stock = table(Stock)
    for promise in allocated.promises:
        unit.session.execute(
            update(stock)
            .where(stock.c.sku == promise.sku, stock.c.warehouse == promise.warehouse)
            .values(allocated=stock.c.allocated + promise.quantity)
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


def _ship_to(unit: Unit, order: Order) -> ShipTo | None:
    return unit.session.get(ShipTo, (order.customer, order.ship_to)) if order.ship_to else None


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


def _know_sender(unit: Unit, draft: Draft, customer: Customer, who: str) -> None:
    """From now on mails from this address are no longer the first from it."""
    from oms_flow.senders import sender_address

    address = sender_address(unit.session, draft)
    if address and unit.session.get(SenderAddress, (address, customer.number)) is None:
        unit.session.add(SenderAddress(address=address, customer=customer.number, decided_by=who))
