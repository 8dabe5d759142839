"""The figures of the dashboard and the metrics: where everything is, how channels and partners do, what today gave."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func
from sqlalchemy.orm import Session
from sqlmodel import col, select

from oms_core.decisions.transition import OutboxState
from oms_core.records import Breaker, ChannelStatus, Delivery, Draft, Order, Outbox
from oms_store.conservation import LAWS, Balance, balances, orphans, stuck
from oms_store.views import PAGE, OrderFilter, asking, count_orders, waiting

MAX_REFUSED = 20
"""Refused pushes that the dashboard names."""


@dataclass(frozen=True, slots=True)
class PartnerFigures:
    """How one partner does: pushes by state, and until when its breaker leaves it alone."""

    partner: str
    waiting: int
    unknown: int
    refused: int
    done: int
    suppressed: int
    failures: int
    open_until: datetime | None
    last_error: str


@dataclass(frozen=True, slots=True)
class Dashboard:
    """Everything on the first page, of one moment."""

    balances: tuple[Balance, ...]
    stuck: tuple[str, ...]
    orphans: tuple[str, ...]
    channels: tuple[ChannelStatus, ...]
    partners: tuple[PartnerFigures, ...]
    refused: tuple[Outbox, ...]
    touchless_today: int
    by_person_today: int
    waiting: int
    waiting_since: datetime | None


def dashboard(session: Session, now: datetime, day_began: datetime, alarm_minutes: float) -> Dashboard:
    """Count everything in one view of the database."""
    tasks, since = waiting(session)
    refused = select(Outbox).where(col(Outbox.state) == OutboxState.REJECTED).order_by(col(Outbox.updated_at))
    return Dashboard(
        balances=balances(session),
        stuck=stuck(session, now, alarm_minutes),
        orphans=orphans(session),
        channels=channel_statuses(session),
        partners=partner_figures(session, now),
        refused=tuple(session.scalars(refused.limit(MAX_REFUSED))),
        touchless_today=count_orders(session, OrderFilter(since=day_began, touched=False)),
        by_person_today=count_orders(session, OrderFilter(since=day_began, touched=True)),
        waiting=tasks,
        waiting_since=since,
    )


def channel_statuses(session: Session) -> tuple[ChannelStatus, ...]:
    """Return what each channel last did, by name."""
    return tuple(session.scalars(select(ChannelStatus).order_by(col(ChannelStatus.name))))


def partner_figures(session: Session, now: datetime) -> tuple[PartnerFigures, ...]:
    """Return what waits, was refused and has left, by partner."""
    counts: dict[str, dict[str, int]] = {}
    for partner, state, count in session.execute(
        select(Outbox.partner, Outbox.state, func.count()).group_by(Outbox.partner, Outbox.state)
    ):
        counts.setdefault(partner, {})[state] = count
    breakers = {row.partner: row for row in session.scalars(select(Breaker))}
    return tuple(
        _partner(session, name, counts.get(name, {}), breakers.get(name), now) for name in sorted({*counts, *breakers})
    )


def _partner(
    session: Session, name: str, counts: Mapping[str, int], breaker: Breaker | None, now: datetime
) -> PartnerFigures:
    troubled = select(Outbox.last_error).where(
        col(Outbox.partner) == name,
        col(Outbox.last_error) != "",
        col(Outbox.state).in_([OutboxState.PENDING, OutboxState.SENDING]),
    )
    is_open = breaker is not None and breaker.open_until is not None and breaker.open_until > now
    return PartnerFigures(
        partner=name,
        waiting=counts.get(OutboxState.PENDING, 0),
        unknown=counts.get(OutboxState.SENDING, 0),
        refused=counts.get(OutboxState.REJECTED, 0),
        done=counts.get(OutboxState.DONE, 0),
        suppressed=counts.get(OutboxState.SUPPRESSED, 0),
        failures=breaker.failures if breaker else 0,
        open_until=breaker.open_until if breaker and is_open else None,
        last_error=session.scalars(troubled.order_by(col(Outbox.updated_at).desc())).first() or "",
    )


def orders_by_state(session: Session) -> Mapping[str, int]:
    """Count orders by state."""
    rows = session.execute(select(Order.state, func.count()).group_by(Order.state))
    return {row[0]: row[1] for row in rows}


def pushes_by_state(session: Session) -> Mapping[tuple[str, str], int]:
    """Count what leaves by partner and state."""
    rows = session.execute(select(Outbox.partner, Outbox.state, func.count()).group_by(Outbox.partner, Outbox.state))
    return {(partner, state): count for partner, state, count in rows}


@dataclass(frozen=True, slots=True)
class Member:
    """One delivery, document or draft in a place of a conservation law; `order_id` where it became an order."""

    key: str
    label: str
    told: str
    since: datetime
    document_id: str | None
    order_id: str | None = None
    channel: str | None = None
    """Of a delivery: how it came."""


def place_members(session: Session, law: str, place: str, offset: int = 0) -> tuple[Member, ...]:
    """Return one page of what is in a place of a law, the oldest first. Raises KeyError for no such place."""
    record, places = LAWS[law]
    rows = select(record).where(col(record.state).in_(places[place])).order_by(col(record.id)).offset(offset)
    return tuple(_member(row) for row in session.scalars(rows.limit(PAGE)))


def _member(row: Any) -> Member:
    if isinstance(row, Delivery):
        return Member(row.id, row.filename, row.reason, row.stored_at, row.document_id, channel=row.channel)
    reasons = asking(row.findings)
    told = reasons[0].message if reasons else ""
    if not isinstance(row, Draft):
        return Member(row.id, row.filename, told, row.created_at, row.id)
    told = row.reject_reason or told
    return Member(row.id, row.number or "without a number", told, row.created_at, row.document_id, row.order_id)
