"""Accept: one transaction that prices, taxes, reserves, bills, writes the order and puts it in the outbox.

Rows are locked in one order everywhere: draft, customer, stock by SKU and warehouse, number. What has changed since the
draft was judged (stock gone, credit used up, the same order accepted a moment ago) sends it back to a person.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlmodel import col, select

from oms_core.decisions.allocation import Demand, StockLevel, allocate
from oms_core.decisions.transition import DraftState, OrderState, transition
from oms_core.errors import IllegalTransition
from oms_core.records import Customer, Draft, Order, Stock, Warehouse
from oms_core.values import Finding, Severity, in_units, plain
from oms_flow.house import House
from oms_flow.match import matched_order
from oms_flow.order_writing import Case, write_order
from oms_flow.quoting import PricedOrder, price_order
from oms_store.codec import dump, load
from oms_store.columns import table
from oms_store.facts import exposure
from oms_store.store import Unit


@dataclass(frozen=True, slots=True)
class Accepted:
    """The order that was made or cancelled, or the findings that stopped it."""

    order_id: str | None
    stopped_by: tuple[Finding, ...] = ()
    rejected: bool = False
    """Whether this was a cancellation of an order still in review, which was rejected with it."""

    @property
    def ended(self) -> bool:
        """Whether the task is done."""
        return self.order_id is not None or self.rejected


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
    case = Case(draft, order, customer, priced, allocated, who)
    stops = tuple(
        finding
        for finding in (*priced.findings, *_stops(house, unit, case))
        if finding.severity is Severity.BLOCK or finding.code not in (seen or frozenset())
    )
    if stops:
        _back_to_review(unit, draft, stops)
        return Accepted(None, stops)
    order_id = write_order(house, unit, case)
    draft.state = transition(DraftState(draft.state), DraftState.ACCEPTED)
    draft.order_id, draft.decided_by = order_id, who
    draft.version, draft.updated_at = draft.version + 1, unit.now
    return Accepted(order_id)


def _demands(priced: PricedOrder) -> tuple[Demand, ...]:
    return tuple(Demand(line.position, line.sku, line.quantity) for line in priced.lines)


def _locked_levels(unit: Unit, priced: PricedOrder) -> tuple[StockLevel, ...]:
    """Lock the stock rows of every SKU in one order, so that two orders never wait for each other in a circle."""
    ranks = {row.code: row.rank for row in unit.session.scalars(select(Warehouse))}
    stock = table(Stock).c
    rows = unit.session.execute(
        select(stock.sku, stock.warehouse, stock.on_hand, stock.allocated)
        .where(stock.sku.in_(sorted({line.sku for line in priced.lines})))
        .order_by(stock.sku, stock.warehouse)
        .with_for_update()
    )
    return tuple(StockLevel(sku, place, ranks[place], on_hand - allocated) for sku, place, on_hand, allocated in rows)


def _stops(house: House, unit: Unit, case: Case) -> Iterator[Finding]:
    """Yield what has become true since the draft was judged and a person should know."""
    yield from _same_number(unit, case.draft, case.customer)
    limit, gross = case.customer.credit_limit, case.priced.totals.gross
    if house.rules.review_credit and limit is not None:
        owed = exposure(unit.session, case.customer.number)
        if owed + gross > limit:
            message = f"{plain(owed)} open and {plain(gross)} of this order are over the credit limit {plain(limit)}."
            yield Finding("credit.over_limit", Severity.REVIEW, "customer", message)
    if house.rules.review_stock_shortage:
        for position, missing in case.allocated.short.items():
            line = next(line for line in case.priced.lines if line.position == position)
            message = (
                f"Line {position + 1}: {in_units(missing, line.unit)} of {line.sku} cannot be promised from stock."
                " Accept again to let them wait for new stock, or ask the customer."
            )
            yield Finding("stock.short", Severity.REVIEW, f"lines[{position}].quantity", message)


def _same_number(unit: Unit, draft: Draft, customer: Customer) -> Iterator[Finding]:
    """Yield orders under the same number; the customer's row is locked, so none can come in between."""
    if not draft.po_folded:
        return
    earlier = unit.session.execute(
        select(Order.number, Order.content_hash)
        .where(
            col(Order.customer) == customer.number,
            col(Order.po_folded) == draft.po_folded,
            col(Order.state) != OrderState.CANCELLED,
        )
        .order_by(col(Order.id))
    ).all()
    same = [number for number, content in earlier if content == draft.content_hash]
    if same:
        message = f"Order {same[0]} of this customer has the same number and the same content."
        yield Finding("duplicate.same_order", Severity.REVIEW, "number", message)
    elif earlier:
        message = f"Order {earlier[0][0]} of this customer has the same number and another content."
        yield Finding("duplicate.changed_order", Severity.REVIEW, "number", message)


def _back_to_review(unit: Unit, draft: Draft, stops: tuple[Finding, ...]) -> None:
    """Move a draft that the machine was stopped on; one that a person has stays there, with what is new on top."""
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
