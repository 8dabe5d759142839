"""An endless stream of clean orders for soaks: every number once, every total known."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from random import Random

from oms_app.demo.chance import chance
from oms_app.demo.company import DemoCompany
from oms_app.demo.customers import PROFILES, Profile
from oms_app.demo.delivery import deliver
from oms_app.demo.orders import OPENING, plan_order
from oms_app.demo.planned import DemoOrder
from oms_app.demo.shopping import Shop
from oms_app.demo.specs import Form, Spec
from oms_core.values.document import ChannelKind

SOAK_DAY = date(2026, 11, 23)
"""The day the stream's orders are dated where the caller names none."""

_WAYS = (
    (ChannelKind.MAILBOX, Form.TEXT, 30),
    (ChannelKind.SFTP, Form.EDIFACT, 30),
    (ChannelKind.FOLDER, Form.CSV, 15),
    (ChannelKind.UPLOAD, Form.CSV, 5),
    (ChannelKind.UPLOAD, Form.XLSX, 5),
    (ChannelKind.MAILBOX, Form.XLSX, 5),
    (ChannelKind.FOLDER, Form.PDF, 5),
    (ChannelKind.MAILBOX, Form.PDF, 5),
)
"""Channel, form, and how many of a hundred orders come that way."""
_LAYOUTS = ("grid", "plain", "two_columns", "letter")
_LINES = (1, 6)
_SMALL_CREDIT = 1_000
_SECONDS = 36_000
_BOUNDLESS = Decimal(10) ** 9


def without_limits(company: DemoCompany) -> DemoCompany:
    """Return the same company with credit and stock that no soak uses up."""
    customers = tuple(
        row if row.credit_limit is None else replace(row, credit_limit=_BOUNDLESS) for row in company.customers
    )
    return replace(
        company, customers=customers, stock=tuple(replace(row, quantity=_BOUNDLESS) for row in company.stock)
    )


def endless_orders(company: DemoCompany, seed: int, today: date = SOAK_DAY) -> Iterator[DemoOrder]:
    """Yield clean orders for ever, on all channels, each with a number of its own and its `expected_net`.

    Stock and credit of the plain demo company run out after some hundreds: import `without_limits(company)` for a soak.
    """
    shop, draw = Shop(company), chance(seed, "endless")
    channels = [way[2] for way in _WAYS]
    opened = datetime.combine(today, OPENING, UTC)
    for place in count(1):
        channel, form, _ = draw.choices(_WAYS, channels)[0]
        spec = _spec(f"soak-{seed}-{place:08d}", channel, form, draw)
        order = plan_order(shop, spec, f"S{seed}-{place:08d}", today, draw)
        sent_at = opened + timedelta(seconds=place % _SECONDS)
        yield deliver(spec, (order,), company.seller, sent_at, f"S{seed}X{place:08d}"[:14])


def _spec(name: str, channel: ChannelKind, form: Form, draw: Random) -> Spec:
    """Draw who orders what by this way."""
    customer = draw.choice(_buyers(form))
    return Spec(
        name=name,
        channel=channel,
        form=form,
        customer=customer.number,
        lines=draw.randint(*_LINES),
        codes=draw.choice(("sku", "gtin")) if form is Form.EDIFACT else "sku",
        layout=draw.choice(_LAYOUTS),
        prices=form is not Form.TEXT,
    )


def _buyers(form: Form) -> list[Profile]:
    """Return who may send this form: EDIFACT those with EDI, all else anybody with credit worth the name."""
    return [one for one in PROFILES if one.credit_limit > _SMALL_CREDIT and (one.edi or form is not Form.EDIFACT)]
