"""Fill `OrderFacts` from the database in one go: terms, prices, stock, earlier orders, what the sender sent before."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import func, type_coerce
from sqlalchemy.orm import Session
from sqlmodel import col, select

from oms_core.decisions.pricing import PriceBreak, price_for
from oms_core.decisions.transition import DraftState, OrderState
from oms_core.records import (
    Customer,
    Delivery,
    Document,
    Draft,
    Order,
    Price,
    ProductRecord,
    RepeatAnswer,
    Scaled,
    SenderAddress,
    Stock,
)
from oms_core.values import LineMatch, MatchedOrder, SenderFacts
from oms_core.values.facts import CustomerTerms, EarlierDocument, EarlierOrder, LineFacts, OrderFacts
from oms_core.values.facts import RepeatAnswer as Answer

MAX_EARLIER = 50
"""Earlier orders or deliveries that a rule is shown; more would tell a person nothing."""


@dataclass(frozen=True, slots=True)
class WhoWeAre:
    """The company's own names, identifiers and calendar day."""

    names: tuple[str, ...]
    ids: tuple[str, ...]
    today: date


def sender_of(delivery: Delivery) -> SenderFacts:
    """Give back what the channel knew of the sender."""
    return SenderFacts(
        address=delivery.sender_address,
        name=delivery.sender_name,
        reply_to=delivery.reply_to,
        authenticated=delivery.authenticated,
        automatic=delivery.automatic,
        partner=delivery.partner,
    )


def order_facts(
    session: Session, draft: Draft, order: MatchedOrder, us: WhoWeAre, threshold: float = 0.0
) -> OrderFacts:
    """Load everything that a rule may compare this order to; `threshold` is what its reading must reach."""
    document = session.get_one(Document, draft.document_id)
    delivery = session.get_one(Delivery, document.delivery_id)
    sender = sender_of(delivery)
    customer = session.get(Customer, order.customer.key) if order.customer.key else None
    currency = order.draft.currency.value if order.draft.currency else customer.currency if customer else None
    return OrderFacts(
        today=us.today,
        sender=sender,
        terms=_terms(session, customer) if customer else None,
        lines=_lines(session, order.lines, customer, currency, us.today),
        list_currency=currency,
        earlier=_earlier_orders(session, draft, customer) if customer else (),
        repeats=_same_bytes(session, draft, document, us.today),
        same_message=_same_message(session, draft),
        repeat_answer=_answer(session, sender),
        our_names=us.names,
        our_ids=us.ids,
        first_order_from_sender=bool(customer and sender.address and _is_new(session, customer, sender.address)),
        reading_threshold=threshold,
    )


def exposure(session: Session, customer: str) -> Decimal:
    """Return what the customer has ordered and not paid: the gross of every order that is not cancelled."""
    open_orders = select(func.coalesce(func.sum(col(Order.gross)), 0)).where(
        col(Order.customer) == customer, col(Order.state) != OrderState.CANCELLED
    )
    return Decimal(session.scalar(open_orders) or 0)


def price_breaks(session: Session, price_list: str, skus: Sequence[str]) -> dict[str, list[PriceBreak]]:
    """Return the breaks of a price list for these products."""
    breaks: dict[str, list[PriceBreak]] = defaultdict(list)
    rows = select(Price).where(col(Price.price_list) == price_list, col(Price.sku).in_(skus))
    for row in session.scalars(rows):
        breaks[row.sku].append(
            PriceBreak(row.price_list, row.currency, row.quantity_from, row.price, row.valid_from, row.valid_to)
        )
    return breaks


def _terms(session: Session, customer: Customer) -> CustomerTerms:
    addresses = session.scalars(
        select(SenderAddress.address)
        .where(col(SenderAddress.customer) == customer.number)
        .order_by(SenderAddress.address)
    )
    return CustomerTerms(
        currency=customer.currency,
        credit_limit=customer.credit_limit,
        exposure=exposure(session, customer.number),
        minimum_order=customer.minimum_order or None,
        known_addresses=tuple(address for address in addresses if "@" in address),
    )


def _lines(
    session: Session, matches: Sequence[LineMatch], customer: Customer | None, currency: str | None, today: date
) -> tuple[LineFacts, ...]:
    skus = sorted({match.sku for match in matches if match.sku})
    breaks = price_breaks(session, customer.price_list, skus) if customer else {}
    products = {row.sku: row for row in session.scalars(select(ProductRecord).where(col(ProductRecord.sku).in_(skus)))}
    free = _available(session, skus)
    facts = []
    for match in matches:
        product = products.get(match.sku or "")
        if product is None:
            facts.append(LineFacts(match.position))
            continue
        priced = price_for(breaks.get(product.sku, ()), match.quantity or Decimal(1), currency or "", today)
        facts.append(
            LineFacts(
                position=match.position,
                list_price=priced.price if priced else None,
                price_source=priced.source if priced else "",
                available=free.get(product.sku, Decimal(0)),
                minimum_quantity=product.minimum_quantity,
                pack_quantity=product.pack_quantity,
                active=product.active,
            )
        )
    return tuple(facts)


def _available(session: Session, skus: Sequence[str]) -> dict[str, Decimal]:
    # A difference of two columns has lost their type: without it the sum would come back as the scaled integer.
    left = type_coerce(col(Stock.on_hand) - col(Stock.allocated), Scaled())
    free = select(Stock.sku, func.sum(left)).where(col(Stock.sku).in_(skus)).group_by(Stock.sku)
    return {sku: quantity for sku, quantity in session.execute(free)}  # noqa: C416 - dict() does not take rows


def _earlier_orders(session: Session, draft: Draft, customer: Customer) -> tuple[EarlierOrder, ...]:
    if not draft.po_folded:
        return ()
    rows = session.execute(
        select(Draft, Order)
        .outerjoin(Order, col(Order.draft_id) == col(Draft.id))
        .where(
            col(Draft.customer) == customer.number,
            col(Draft.po_folded) == draft.po_folded,
            col(Draft.id) != draft.id,
            col(Draft.kind) == "order",
            # Of those still undecided the one that came first is the earlier; an accepted one always is.
            (col(Draft.state) == DraftState.ACCEPTED)
            | (col(Draft.state).in_([DraftState.IN_REVIEW, DraftState.MATCHED]) & (col(Draft.id) < draft.id)),
        )
        .order_by(Draft.id)
        .limit(MAX_EARLIER)
    )
    return tuple(_earlier(draft, order) for draft, order in rows)


def _earlier(draft: Draft, order: Order | None) -> EarlierOrder:
    if order is None:
        return EarlierOrder(draft.id, "", draft.content_hash, draft.created_at.date())
    cancelled = order.state == OrderState.CANCELLED
    return EarlierOrder(draft.id, order.number, draft.content_hash, order.ordered_on, cancelled)


_DECIDED = (DraftState.ACCEPTED, DraftState.APPLIED, DraftState.IN_REVIEW, DraftState.REJECTED)


def _same_bytes(session: Session, draft: Draft, document: Document, today: date) -> tuple[EarlierDocument, ...]:
    """Return earlier deliveries of the same bytes; `first_with_bytes` orders even those that came at once.

    Of an order with a number only those that came to something count: while they are in progress the number keeps
    them apart, and a hundred at once must not all wait for each other.
    """
    if document.first_with_bytes == document.id:
        return ()
    same = (
        select(Document.id, Document.created_at, Order.number)
        .join(Draft, col(Draft.document_id) == col(Document.id), isouter=True)
        .join(Order, col(Order.draft_id) == col(Draft.id), isouter=True)
        .where(col(Document.sha256) == document.sha256, col(Document.id) != document.id)
    )
    if draft.po_folded:
        same = same.where(col(Draft.state).in_(_DECIDED))
    rows = session.execute(same.order_by(Document.id).limit(MAX_EARLIER)).all()
    known = tuple(EarlierDocument(key, created.date(), number) for key, created, number in rows)
    return known if known or draft.po_folded else (EarlierDocument(document.first_with_bytes, today),)


def _same_message(session: Session, draft: Draft) -> tuple[EarlierDocument, ...]:
    """Return earlier documents with the same EDI message in other bytes; one that was rejected may be put right."""
    if draft.interchange is None:
        return ()
    own = select(Document.sha256).where(col(Document.id) == draft.source_document_id).scalar_subquery()
    rows = session.execute(
        select(Document.id, Document.created_at, Order.number)
        .join(Draft, col(Draft.source_document_id) == col(Document.id))
        .join(Order, col(Order.draft_id) == col(Draft.id), isouter=True)
        .where(
            col(Draft.interchange) == draft.interchange,
            col(Draft.id) < draft.id,
            col(Draft.state) != DraftState.REJECTED,
            col(Document.sha256) != own,
        )
        .order_by(col(Draft.id).desc())
        .limit(MAX_EARLIER)
    )
    return tuple(EarlierDocument(key, created.date(), number) for key, created, number in rows)


def _answer(session: Session, sender: SenderFacts) -> Answer | None:
    key = sender.address or sender.partner
    record = session.get(RepeatAnswer, key) if key else None
    return Answer(record.answer) if record else None


def _is_new(session: Session, customer: Customer, address: str) -> bool:
    folded = address.lower()
    known = session.scalars(
        select(SenderAddress.address).where(
            col(SenderAddress.customer) == customer.number,
            col(SenderAddress.address).in_([folded, folded.rpartition("@")[2]]),
        )
    ).first()
    return known is None
