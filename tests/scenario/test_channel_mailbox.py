"""From a mail in Dovecot to the sale in Tryton: read on IDLE, moved only when it is stored, answered by SMTP."""

from decimal import Decimal

import pytest

from oms_app.demo.planned import DemoOrder
from oms_app.demo.specs import Form
from oms_core.values import ChannelKind
from tests.scenario_orders import let_tryton_know, story_order
from tests.scenario_sale import assert_written_down, sold
from tests.scenario_wiring import Connected
from tests.servers.tryton import TrytonServer

pytestmark = [pytest.mark.real, pytest.mark.slow]

ORDERS = (
    ("mail-text", Form.TEXT, "K1002", {"lines": 3, "prices": False}),
    ("mail-pdf", Form.PDF, "K1005", {"lines": 4, "layout": "letter"}),
    ("mail-xlsx", Form.XLSX, "K1004", {"lines": 5, "codes": "buyer"}),
)


@pytest.mark.parametrize(("name", "form", "customer", "more"), ORDERS, ids=[row[0] for row in ORDERS])
def test_a_mailed_order_is_sold_and_answered(
    selling: Connected, tryton: TrytonServer, name: str, form: Form, customer: str, more: dict[str, object]
) -> None:
    arriving = story_order(name, ChannelKind.MAILBOX, form, customer, **more)
    let_tryton_know(tryton, [arriving])
    selling.mailbox.deliver(arriving.data)
    order = sold(selling, tryton, arriving)
    assert_written_down(selling, arriving, order)
    assert_answered_by_mail(selling, arriving, order.gross)
    assert selling.mailbox.uids() == []
    assert len(selling.mailbox.uids("Processed")) >= 1


def assert_answered_by_mail(selling: Connected, arriving: DemoOrder, gross: Decimal) -> None:
    plan = arriving.orders[0]
    order = selling.house.order(plan.number or "")
    assert order is not None
    assert selling.house.answered(order).state == "done"
    (told,) = [text for text in selling.mails_to(arriving.sender) if f"(your number {plan.number})" in text]
    assert f"accepted it as {order.number}." in told
    assert f"{gross:.2f} EUR" in told
