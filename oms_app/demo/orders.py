"""The sixty demo orders as the bytes that arrive."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from random import Random

from oms_app.demo.chance import chance
from oms_app.demo.company import DemoCompany
from oms_app.demo.customers import PROFILES, profile
from oms_app.demo.delivery import deliver
from oms_app.demo.faults import PLAN_FAULTS
from oms_app.demo.planned import DemoOrder, PlannedOrder
from oms_app.demo.shopping import Basket, Shop
from oms_app.demo.specs import SPECS, Fault, Form, Spec
from oms_core.values.draft import DocumentKind

OPENING = time(7, 30)
"""When the first mail of the day is sent, in UTC."""

_NUMBER_FORMS = ("45000{:05d}", "PO-{:05d}", "B{:06d}", "26-{:05d}")
_FIRST_NUMBER = 10_240
_NUMBERS_PER_ROW = 10
_DUE_DAYS = (5, 15)
_CREDIT_BREAKING_NET = Decimal(700)
_SATURDAY = 5
_WEEK = 7


def build_orders(company: DemoCompany, seed: int, today: date) -> tuple[DemoOrder, ...]:
    """Return the sixty deliveries of the demo as of `today`; the same seed and day give the same bytes."""
    shop = Shop(company)
    plans: dict[str, tuple[PlannedOrder, ...]] = {}
    arrived = []
    for place, spec in enumerate(SPECS):
        plans[spec.name] = _plans(spec, place, shop, chance(seed, "order", spec.name), today, plans)
        sent_at = datetime.combine(today, OPENING, UTC) + timedelta(minutes=place)
        reference = f"{today:%y%m%d}{place:04d}"
        arrived.append(deliver(spec, plans[spec.name], company.seller, sent_at, reference))
    return tuple(arrived)


def plan_order(shop: Shop, spec: Spec, number: str, today: date, draw: Random) -> PlannedOrder:
    """Return what the customer of a row means to order, before anything goes wrong."""
    customer, company = profile(spec.customer), shop.company
    basket = Basket(spec.codes, spec.prices)
    if spec.fault is Fault.OVER_CREDIT:
        basket = replace(basket, least_net=_CREDIT_BREAKING_NET)
    return PlannedOrder(
        kind=DocumentKind.ORDER,
        number=number,
        date=today,
        requested_date=_workday(today + timedelta(days=draw.randint(*_DUE_DAYS))),
        customer=company.customer(customer.number),
        contact=customer.contact,
        language=customer.language,
        seller=company.seller,
        ship_to=company.ship_tos(customer.number)[0] if spec.ship_to else None,
        lines=shop.lines(customer, spec.lines, basket, draw),
    )


def _plans(
    spec: Spec, place: int, shop: Shop, draw: Random, today: date, earlier: dict[str, tuple[PlannedOrder, ...]]
) -> tuple[PlannedOrder, ...]:
    """Return what the sender of a row means; a row `of` another starts from what that one meant."""
    if spec.form is Form.NOTICE:
        return ()
    if spec.of:
        orders = earlier[spec.of]
    else:
        form = _NUMBER_FORMS[PROFILES.index(profile(spec.customer)) % len(_NUMBER_FORMS)]
        first = _FIRST_NUMBER + place * _NUMBERS_PER_ROW
        numbers = [form.format(first + message) for message in range(spec.messages)]
        orders = tuple(plan_order(shop, spec, number, today, draw) for number in numbers)
    wrong = PLAN_FAULTS.get(spec.fault)
    return orders if wrong is None else tuple(wrong(order, shop) for order in orders)


def _workday(day: date) -> date:
    """Return the day itself, or the Monday after it where it falls on a weekend."""
    return day if day.weekday() < _SATURDAY else day + timedelta(days=_WEEK - day.weekday())
