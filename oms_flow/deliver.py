"""Deliver one outbox row: note the attempt, tell the partner, note the answer.

A time-out or a crash in between means unknown: the row stays SENDING and the partner is asked by key before anything
is sent again. There is no last attempt; after failures in a row the partner's breaker opens and nothing is tried for
a while.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import col, select

from oms_core.decisions.transition import OrderState, OutboxState, transition
from oms_core.errors import PartnerRejected, PartnerUnavailable
from oms_core.ports import Erp, Mailer, ReplyBox
from oms_core.records import Breaker, Order, Outbox
from oms_core.values.outbound import ErpOrder, OutgoingMail
from oms_flow.acknowledge import acknowledge
from oms_flow.house import SYSTEM, House
from oms_store.codec import load
from oms_store.store import Unit

FIRST_RETRY_SECONDS = 2
LONGEST_RETRY_SECONDS = 900
BREAKER_FAILURES = 5
"""Failures in a row after which a partner is left alone."""
BREAKER_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Partners:
    """Everybody we tell things to."""

    erp: Erp
    mailer: Mailer | None = None
    reply_box: ReplyBox | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """One row that is about to be delivered; `ask_first` where an earlier attempt may have arrived."""

    outbox_id: str
    run: int
    kind: str
    payload: str
    ask_first: bool


@dataclass(frozen=True, slots=True)
class Answer:
    """What the partner said: a receipt, a refusal for good, or nothing (try again)."""

    receipt: str | None = None
    refused: str | None = None
    unavailable: str | None = None


def begin(unit: Unit, outbox_id: str, run: int) -> bool:
    """Note that an attempt starts; False when there is nothing to do: done, superseded, or the partner left alone."""
    row = _locked(unit, outbox_id)
    if row.run != run or row.state not in (OutboxState.PENDING, OutboxState.SENDING):
        return False
    breaker = unit.session.get(Breaker, row.partner)
    if breaker is not None and breaker.open_until is not None and breaker.open_until > unit.now:
        row.next_attempt_at = breaker.open_until
        return False
    row.state = transition(OutboxState(row.state), OutboxState.SENDING)
    row.attempts, row.version, row.updated_at = row.attempts + 1, row.version + 1, unit.now
    return True


def load_attempt(house: House, outbox_id: str, run: int) -> Attempt | None:
    """Load what is to be sent; None when it is no longer this run's to send."""
    with house.store.read() as session:
        row = session.get_one(Outbox, outbox_id)
        if row.run != run or row.state != OutboxState.SENDING:
            return None
        return Attempt(row.id, run, row.kind, row.payload, row.attempts > 1)


def send(partners: Partners, attempt: Attempt) -> Answer:
    """Tell the partner; never raises for what the partner does."""
    try:
        return Answer(receipt=_SENDERS[attempt.kind](partners, attempt))
    except PartnerUnavailable as problem:
        return Answer(unavailable=str(problem))
    except PartnerRejected as problem:
        return Answer(refused=str(problem))


def finish(house: House, unit: Unit, outbox_id: str, run: int, answer: Answer) -> None:
    """Note the partner's answer and what follows from it; changes nothing for a run that was superseded."""
    row = _locked(unit, outbox_id)
    if row.run != run or row.state != OutboxState.SENDING:
        return
    row.version, row.updated_at = row.version + 1, unit.now
    if answer.unavailable is not None:
        # It may have arrived: the state stays SENDING, so that the next attempt asks first.
        row.last_error, row.next_attempt_at = answer.unavailable, _next(unit.now, row.attempts)
        _count_failure(unit, row.partner)
        return
    _count_success(unit, row.partner)
    if answer.refused is not None:
        row.state, row.last_error = transition(OutboxState.SENDING, OutboxState.REJECTED), answer.refused
        _hold(unit, row, answer.refused)
        return
    row.state, row.receipt, row.last_error = transition(OutboxState.SENDING, OutboxState.DONE), answer.receipt, ""
    if row.kind == "erp":
        _confirm(house, unit, row)


def retry(unit: Unit, outbox_id: str, who: str) -> int:
    """Let a refused row be tried again, as a person asked; returns the new run."""
    row = _locked(unit, outbox_id)
    row.state = transition(OutboxState(row.state), OutboxState.PENDING)
    row.run, row.next_attempt_at = row.run + 1, unit.now
    row.version, row.updated_at = row.version + 1, unit.now
    unit.audit(who, "push tried again", row.order_id or row.id)
    return row.run


def _send_erp(partners: Partners, attempt: Attempt) -> str:
    order = load(ErpOrder, attempt.payload)
    receipt = partners.erp.find(order.key) if attempt.ask_first else None
    # A sale found half-way (a draft in the ERP) is carried on by sending the same key again.
    receipt = partners.erp.send(order) if receipt is None or receipt.state in _UNFINISHED else receipt
    return receipt.reference


_UNFINISHED = frozenset({"draft", "quotation"})
"""States in which an ERP holds an order that it does not act on yet."""


def _send_mail(partners: Partners, attempt: Attempt) -> str:
    if partners.mailer is None:
        raise PartnerRejected("no mail server is set up (mail_out), so this acknowledgement cannot leave")
    mail = load(OutgoingMail, attempt.payload)
    partners.mailer.send(mail)
    return mail.message_id


def _send_file(partners: Partners, attempt: Attempt) -> str:
    if partners.reply_box is None:
        raise PartnerRejected("no reply folder is set up (replies.folder), so this acknowledgement cannot leave")
    name = f"{attempt.outbox_id}.json"
    partners.reply_box.put(name, attempt.payload.encode())
    return name


_SENDERS = {"erp": _send_erp, "mail": _send_mail, "file": _send_file}


def _confirm(house: House, unit: Unit, row: Outbox) -> None:
    order = unit.session.scalars(select(Order).where(col(Order.id) == row.order_id).with_for_update()).one()
    order.erp_reference = row.receipt
    if order.state in (OrderState.ACCEPTED, OrderState.HELD):
        order.state = transition(OrderState(order.state), OrderState.CONFIRMED)
        order.version, order.updated_at = order.version + 1, unit.now
        acknowledge(house, unit, order)
    unit.audit(SYSTEM, "pushed", order.id, f'{{"partner": "{row.partner}"}}')


def _hold(unit: Unit, row: Outbox, reason: str) -> None:
    if row.kind != "erp" or row.order_id is None:
        return
    order = unit.session.scalars(select(Order).where(col(Order.id) == row.order_id).with_for_update()).one()
    if order.state == OrderState.ACCEPTED:
        order.state = transition(OrderState.ACCEPTED, OrderState.HELD)
        order.version, order.updated_at = order.version + 1, unit.now
    unit.audit(SYSTEM, "push refused", order.id, reason)


def _locked(unit: Unit, outbox_id: str) -> Outbox:
    return unit.session.scalars(select(Outbox).where(col(Outbox.id) == outbox_id).with_for_update()).one()


def _next(now: datetime, attempts: int) -> datetime:
    return now + timedelta(seconds=min(LONGEST_RETRY_SECONDS, FIRST_RETRY_SECONDS * 2 ** min(attempts - 1, 12)))


def _count_failure(unit: Unit, partner: str) -> None:
    breaker = unit.session.get(Breaker, partner, with_for_update=True)
    if breaker is None:
        breaker = Breaker(partner=partner)
        unit.session.add(breaker)
    breaker.failures += 1
    if breaker.failures >= BREAKER_FAILURES:
        breaker.open_until = unit.now + timedelta(seconds=BREAKER_SECONDS)


def _count_success(unit: Unit, partner: str) -> None:
    breaker = unit.session.get(Breaker, partner, with_for_update=True)
    if breaker is not None:
        breaker.failures, breaker.open_until = 0, None
