"""From an EDIFACT file on a partner's SFTP server to the sale in Tryton: pending, then done, answered by a file."""

import json
from pathlib import Path

import pytest

from oms_app.demo.specs import Form
from oms_core.values import ChannelKind
from tests.scenario_house import put
from tests.scenario_orders import let_tryton_know, story_order
from tests.scenario_sale import assert_written_down, sold
from tests.scenario_wiring import Connected
from tests.servers.tryton import TrytonServer

pytestmark = [pytest.mark.real, pytest.mark.slow]


def test_an_interchange_is_sold_and_answered_in_the_reply_folder(selling: Connected, tryton: TrytonServer) -> None:
    arriving = story_order("sftp", ChannelKind.SFTP, Form.EDIFACT, "K1003", lines=6, codes="gtin", ship_to=True)
    let_tryton_know(tryton, [arriving])
    put(selling.sftp.pending, arriving.filename, arriving.data)
    order = sold(selling, tryton, arriving)
    assert_written_down(selling, arriving, order)
    assert order.ship_to == "K1003-1"
    (sale,) = [sale for sale in tryton.sales() if sale.number == order.erp_reference]
    assert sale.ship_to.startswith("Klinikum Lindenau Haus B, Merseburger Stra")
    assert list(selling.sftp.pending.iterdir()) == []
    assert any(path.read_bytes() == arriving.data for path in (selling.sftp.root / "done").iterdir())
    assert selling.house.answered(order).state == "done"
    told = [json.loads(path.read_bytes()) for path in replies(selling.house.folder)]
    (mine,) = [reply for reply in told if reply["order_number"] == order.number]
    assert (mine["customer_po"], mine["customer"]) == (arriving.orders[0].number, "K1003")
    assert [line["sku"] for line in mine["lines"]] == [line.sku for line in arriving.orders[0].lines]


def replies(folder: Path) -> list[Path]:
    """Return the acknowledgements that lie ready for partners to fetch."""
    return sorted((folder / "replies").glob("*.json"))
