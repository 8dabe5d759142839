"""From a file in a watched folder to the sale in Tryton: a PDF and a CSV."""

import pytest

from oms_app.demo.specs import Form
from oms_core.values import ChannelKind
from tests.scenario_house import put
from tests.scenario_orders import let_tryton_know, story_order
from tests.scenario_sale import assert_written_down, sold
from tests.scenario_wiring import Connected
from tests.servers.tryton import TrytonServer

pytestmark = [pytest.mark.real, pytest.mark.slow]

ORDERS = (
    ("folder-pdf", Form.PDF, "K1002", {"lines": 8, "layout": "grid"}),
    ("folder-csv", Form.CSV, "K1005", {"lines": 5}),
)


@pytest.mark.parametrize(("name", "form", "customer", "more"), ORDERS, ids=[row[0] for row in ORDERS])
def test_a_file_is_sold_and_filed_as_done(
    selling: Connected, tryton: TrytonServer, name: str, form: Form, customer: str, more: dict[str, object]
) -> None:
    arriving = story_order(name, ChannelKind.FOLDER, form, customer, **more)
    let_tryton_know(tryton, [arriving])
    folder = selling.partner_inbox if customer == "K1005" else selling.inbox
    put(folder, arriving.filename, arriving.data)
    order = sold(selling, tryton, arriving)
    assert_written_down(selling, arriving, order)
    assert not (folder / arriving.filename).exists()
    assert (folder / "done" / arriving.filename).read_bytes() == arriving.data
    reply = selling.house.answered(order)
    assert (reply.kind, reply.state) == ("file", "done")
