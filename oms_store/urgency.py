"""In which order people take what waits: what an order says of itself in short, and the ways to sort by it."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Protocol, TypeVar

from oms_core.values import DocumentKind, round_money
from oms_store.codec import load

DAYS_WITHOUT_DATE = 2
"""What names no day, or cannot be read, counts as wanted so many days after it came: it must not wait for ever."""
_AT_ONCE = frozenset({DocumentKind.ORDER_CHANGE, DocumentKind.ORDER_CANCELLATION})
"""What helps only while the goods are still here."""


class Sort(StrEnum):
    """The ways to sort the queue."""

    URGENT = "urgent"
    """By the day it is wanted, else by when it came; changes and cancellations count as wanted when they came."""
    AGE = "age"
    """The oldest first."""
    WANTED = "wanted"
    """The day that is printed on it, the soonest first; what names none comes last."""
    VALUE = "value"
    """The largest first, the currency that most are in before others; what states no value comes last."""
    CUSTOMER = "customer"
    """By name; who is not known comes last."""


@dataclass(frozen=True, slots=True)
class InShort:
    """What an order states: the first day that anything of it is wanted, its number of lines, its net value."""

    wanted_on: date | None = None
    lines: int = 0
    value: Decimal | None = None
    currency: str | None = None


class Waiting(Protocol):
    """What can be sorted: a task of the queue."""

    @property
    def kind(self) -> str:
        """What kind of document it is."""

    @property
    def customer_name(self) -> str | None:
        """The name of the customer, where one is known."""

    @property
    def sender(self) -> str | None:
        """Who sent it, as the channel knows them."""

    @property
    def waiting_since(self) -> datetime:
        """When it came."""

    @property
    def stated(self) -> InShort:
        """What it says of itself."""


T = TypeVar("T", bound=Waiting)


@dataclass(frozen=True, slots=True)
class _Day:
    value: date


@dataclass(frozen=True, slots=True)
class _Number:
    value: Decimal


@dataclass(frozen=True, slots=True)
class _Word:
    value: str


@dataclass(frozen=True, slots=True)
class _Totals:
    net: _Number | None = None


@dataclass(frozen=True, slots=True)
class _Line:
    quantity: _Number | None = None
    unit_price: _Number | None = None
    amount: _Number | None = None
    requested_date: _Day | None = None


@dataclass(frozen=True, slots=True)
class _Stated:
    """The few fields of a `DraftDocument` that are looked at here; reading these alone is much faster."""

    requested_date: _Day | None = None
    currency: _Word | None = None
    totals: _Totals = _Totals()
    lines: tuple[_Line, ...] = ()


def in_short(payload: str) -> InShort:
    """Read a kept draft for a list."""
    stated = load(_Stated, payload)
    days = [day.value for day in (stated.requested_date, *(line.requested_date for line in stated.lines)) if day]
    currency = stated.currency.value if stated.currency else None
    return InShort(min(days, default=None), len(stated.lines), _value(stated), currency)


def _value(stated: _Stated) -> Decimal | None:
    """Return the printed net total, else the sum of the lines where every line states its worth."""
    if stated.totals.net:
        return round_money(stated.totals.net.value)
    worth = [_worth(line) for line in stated.lines]
    known = [amount for amount in worth if amount is not None]
    return round_money(sum(known, Decimal())) if known and len(known) == len(worth) else None


def _worth(line: _Line) -> Decimal | None:
    if line.amount:
        return line.amount.value
    return line.quantity.value * line.unit_price.value if line.quantity and line.unit_price else None


def ordered(rows: Sequence[T], sort: Sort) -> list[T]:
    """Return the tasks sorted; those that are alike by urgency, then the oldest first."""
    key = _keys(rows)[sort]
    return sorted(rows, key=lambda row: (key(row), due(row), row.waiting_since))


def due(row: Waiting) -> date:
    """Return the day by which somebody should have looked."""
    came = row.waiting_since.date()
    if row.kind in _AT_ONCE:
        return came
    return row.stated.wanted_on or came + timedelta(days=DAYS_WITHOUT_DATE)


def _keys(rows: Sequence[Waiting]) -> dict[Sort, Callable[[Waiting], tuple[object, ...]]]:
    currencies = [currency for currency, _ in Counter(row.stated.currency for row in rows).most_common()]

    def by_value(row: Waiting) -> tuple[object, ...]:
        value = row.stated.value
        return (value is None, currencies.index(row.stated.currency), -(value or 0))

    def by_customer(row: Waiting) -> tuple[object, ...]:
        name = row.customer_name or row.sender or ""
        return (not row.customer_name, not name, name.casefold())

    return {
        Sort.URGENT: lambda _row: (),
        Sort.AGE: lambda row: (row.waiting_since,),
        Sort.WANTED: lambda row: (row.stated.wanted_on is None, row.stated.wanted_on or date.max),
        Sort.VALUE: by_value,
        Sort.CUSTOMER: by_customer,
    }
