"""The order in which people take what waits, told by what an order says of itself."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from oms_core.values import DocumentKind, DraftDocument, DraftLine, PathSource, Totals, Value
from oms_store.codec import dump
from oms_store.urgency import DAYS_WITHOUT_DATE, InShort, Sort, due, in_short, ordered
from tests.factory import TODAY

NOON = datetime.fromisoformat(f"{TODAY.isoformat()}T12:00:00+00:00")


NOTHING = InShort()


@dataclass(frozen=True)
class Task:
    """One task that waits."""

    name: str
    stated: InShort = NOTHING
    kind: str = "order"
    customer_name: str | None = None
    sender: str | None = None
    waiting_since: datetime = NOON


def names(sort: Sort, *tasks: Task) -> str:
    return " ".join(task.name for task in ordered(tasks, sort))


def on(days: int) -> InShort:
    return InShort(wanted_on=TODAY + timedelta(days=days))


def said(value: object) -> Value:
    return Value(value, PathSource("x", "x"), 1.0)


def test_what_is_wanted_soonest_is_most_urgent_and_what_names_no_day_does_not_starve() -> None:
    old = Task("old", waiting_since=NOON - timedelta(days=9))
    assert names(Sort.URGENT, Task("later", on(8)), Task("plain"), Task("soon", on(1)), old) == "old soon plain later"
    assert due(Task("plain")) == TODAY + timedelta(days=DAYS_WITHOUT_DATE)


def test_a_cancellation_is_looked_at_before_the_goods_leave() -> None:
    cancelled = Task("cancelled", on(20), kind="order_cancellation")
    assert names(Sort.URGENT, Task("tomorrow", on(1)), cancelled) == "cancelled tomorrow"


def test_each_way_to_sort_puts_what_is_not_known_last() -> None:
    one = Task("one", InShort(TODAY, 1, Decimal(10), "EUR"), customer_name="berg AG", waiting_since=NOON)
    two = Task("two", InShort(None, 1, Decimal(900), "EUR"), customer_name="Adler", sender="z@x.example")
    three = Task("three", sender="a@x.example", waiting_since=NOON - timedelta(hours=1))
    assert names(Sort.WANTED, two, three, one) == "one three two"
    assert names(Sort.VALUE, three, one, two) == "two one three"
    assert names(Sort.CUSTOMER, three, one, two) == "two one three"
    assert names(Sort.AGE, one, two, three) == "three one two"


def test_values_of_another_currency_are_not_compared() -> None:
    tasks = [Task(str(at), InShort(None, 1, Decimal(at), "EUR")) for at in (1, 2)]
    assert names(Sort.VALUE, Task("huf", InShort(None, 1, Decimal(90000), "HUF")), *tasks) == "2 1 huf"


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ({}, InShort()),
        (
            {"requested_date": said(date(2026, 3, 9)), "lines": (DraftLine(requested_date=said(date(2026, 3, 5))),)},
            InShort(date(2026, 3, 5), 1),
        ),
        (
            {"totals": Totals(net=said(Decimal("9.50"))), "currency": said("EUR"), "lines": (DraftLine(), DraftLine())},
            InShort(None, 2, Decimal("9.50"), "EUR"),
        ),
        (
            {
                "lines": (
                    DraftLine(amount=said(Decimal(4))),
                    DraftLine(quantity=said(Decimal(3)), unit_price=said(Decimal("0.5"))),
                )
            },
            InShort(None, 2, Decimal("5.5")),
        ),
        ({"lines": (DraftLine(amount=said(Decimal(4))), DraftLine())}, InShort(None, 2)),
    ],
)
def test_an_order_in_short_is_what_it_states(document: dict[str, object], expected: InShort) -> None:
    kept = DraftDocument(DocumentKind.ORDER, "csv", **document)  # type: ignore[arg-type]
    assert in_short(dump(kept).decode()) == expected
