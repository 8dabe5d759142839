"""Acknowledge: tell the sender, in the channel that the order came by, what was accepted."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import func
from sqlmodel import col, select

from oms_core.decisions.answering import reason_not_to_answer
from oms_core.decisions.transition import OutboxState
from oms_core.records import Delivery, Draft, Order, OrderLine, Outbox
from oms_core.values import ChannelKind, SenderFacts, plain
from oms_core.values.outbound import OutgoingMail
from oms_core.values.work import Work, WorkKind
from oms_flow.house import House
from oms_flow.senders import delivery_of
from oms_store.codec import dump
from oms_store.facts import sender_of
from oms_store.store import Unit


@dataclass(frozen=True, slots=True)
class AcceptedLine:
    """One line as we accepted it, counted from 1, in stock units; `backordered` is what comes later."""

    position: int
    sku: str
    description: str
    quantity: Decimal
    unit: str
    amount: Decimal
    backordered: Decimal


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """What a partner that fetches files is told."""

    order_number: str
    customer_po: str
    customer: str
    ordered_on: date
    currency: str
    net: Decimal
    tax: Decimal
    gross: Decimal
    lines: tuple[AcceptedLine, ...]


def acknowledge(house: House, unit: Unit, order: Order) -> None:
    """Put the acknowledgement of a confirmed order in the outbox; one that may not leave is kept as suppressed."""
    draft = unit.session.get_one(Draft, order.draft_id)
    delivery = delivery_of(unit.session, draft)
    by_mail = delivery.kind == ChannelKind.MAILBOX or (delivery.sender_address is not None and not delivery.partner)
    told = _content(unit, order)
    if by_mail:
        _by_mail(house, unit, order, delivery, told)
    elif house.replies.by_file:
        _put(unit, order, "file", dump(told).decode(), None, None)


def _by_mail(house: House, unit: Unit, order: Order, delivery: Delivery, told: Acknowledgement) -> None:
    sender = sender_of(delivery)
    reason = _refusal(house, unit, sender)
    mail = OutgoingMail(
        message_id=f"<{order.id}.ack@{house.company.mail_address.rpartition('@')[2] or 'ordermill.invalid'}>",
        to=sender.address or "",
        subject=f"Order {order.customer_po or order.number} accepted as {order.number}".replace("\n", " "),
        text=_text(house, told),
        in_reply_to=delivery.identity,
    )
    _put(unit, order, "mail", dump(mail).decode(), sender.address, reason)


def _refusal(house: House, unit: Unit, sender: SenderFacts) -> str | None:
    if not house.replies.by_mail:
        return "acknowledgements by mail are switched off (replies.by_mail)"
    sent = unit.session.scalar(
        select(func.count())
        .select_from(Outbox)
        .where(
            col(Outbox.kind) == "mail",
            col(Outbox.recipient) == sender.address,
            col(Outbox.state) != OutboxState.SUPPRESSED,
            col(Outbox.created_at) > unit.now - timedelta(hours=1),
        )
    )
    return reason_not_to_answer(sender, house.company.mail_address, sent or 0, house.replies.mails_per_address_and_hour)


def _put(unit: Unit, order: Order, kind: str, payload: str, recipient: str | None, suppressed: str | None) -> None:
    row = Outbox(
        id=unit.new_id(),
        kind=kind,
        partner="mail" if kind == "mail" else "replies",
        key=f"ack:{order.id}",
        order_id=order.id,
        draft_id=order.draft_id,
        recipient=recipient,
        payload=payload,
        state=OutboxState.SUPPRESSED if suppressed else OutboxState.PENDING,
        last_error=suppressed or "",
        next_attempt_at=unit.now,
        created_at=unit.now,
        updated_at=unit.now,
    )
    unit.session.add(row)
    unit.session.flush()
    if not suppressed:
        unit.follow(Work(WorkKind.DELIVER, row.id, 1))


def _content(unit: Unit, order: Order) -> Acknowledgement:
    rows = unit.session.scalars(
        select(OrderLine).where(col(OrderLine.order_id) == order.id).order_by(col(OrderLine.position))
    )
    lines = tuple(
        AcceptedLine(
            r.position + 1, r.sku, r.description, _short(r.quantity), r.unit, _short(r.amount), _short(r.backordered)
        )
        for r in rows
    )
    return Acknowledgement(
        order.number,
        order.customer_po,
        order.customer,
        order.ordered_on,
        order.currency,
        _short(order.net),
        _short(order.tax),
        _short(order.gross),
        lines,
    )


def _short(value: Decimal) -> Decimal:
    """Return the same number without the zeros that the database keeps."""
    return Decimal(plain(value))


def _text(house: House, told: Acknowledgement) -> str:
    lines = "\n".join(_line(line, told.currency) for line in told.lines)
    po = f" (your number {told.customer_po})" if told.customer_po else ""
    name = house.company.names[0] if house.company.names else "Customer service"
    return (
        f"Thank you for your order{po}. We have accepted it as {told.order_number}.\n\n{lines}\n\n"
        f"Net {told.net:.2f}, tax {told.tax:.2f}, total {told.gross:.2f} {told.currency}\n\n{name}\n"
    )


def _line(line: AcceptedLine, currency: str) -> str:
    late = f" ({plain(line.backordered)} to follow)" if line.backordered else ""
    return f"{plain(line.quantity)} {line.unit}  {line.sku}  {line.description}  {line.amount:.2f} {currency}{late}"
