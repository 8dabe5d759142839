"""What every ERP connector keeps, told over the file drop and a real Tryton."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from decimal import Decimal
from itertools import count
from pathlib import Path

import pytest

from connectors.file_drop import FileDrop, FileDropSettings
from oms_core.errors import PartnerRejected, PartnerUnavailable
from oms_core.ports import Erp
from oms_core.values.master import ProductRow, StockRow
from oms_core.values.outbound import ErpOrder
from tests.factory import erp_line, erp_order
from tests.servers.tryton import TrytonServer

SKU = "CONTRACT-1"
"""A product of this suite's own, so that nobody else uses its stock up."""

_numbers = count(1)


def order(key: str, **changes: object) -> ErpOrder:
    return erp_order(key, **({"lines": (erp_line(sku=SKU),)} | changes))


@dataclass
class Partner:
    """One ERP as the contract needs it: ways to reach it, to take it away, and to count what it has."""

    connect: Callable[[], Erp]
    orders: Callable[[str], int]
    take_away: Callable[[], None]
    unusable: ErpOrder
    """An order this ERP will never take."""


@pytest.fixture(params=["file_drop", pytest.param("tryton", marks=pytest.mark.real)])
def partner(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Partner]:
    if request.param == "file_drop":
        yield _file_drop(tmp_path)
    else:
        yield _tryton(request.getfixturevalue("tryton"))


def _file_drop(folder: Path) -> Partner:
    erp = folder / "erp"
    master = erp / "master"
    master.mkdir(parents=True)
    (master / "products.csv").write_text(f"sku,description,unit\n{SKU},Wood screw,C62\n")
    (master / "stock.csv").write_text(f"warehouse,sku,quantity\nMAIN,{SKU},500\n")
    return Partner(
        connect=lambda: FileDrop(FileDropSettings(erp)),
        orders=lambda key: len(list((erp / "orders").glob(f"*{key}*"))),
        take_away=lambda: _put_a_file_in_its_place(erp),
        unusable=erp_order("unusable", lines=()),
    )


def _put_a_file_in_its_place(folder: Path) -> None:
    folder.rename(folder.with_name("away"))
    folder.write_bytes(b"")


def _tryton(server: TrytonServer) -> Partner:
    server.add_products([(SKU, "Wood screw", "C62", "0.12")])
    if server.erp().stock([SKU])[SKU] == 0:
        server.add_stock([(SKU, 500)])
    return Partner(
        connect=server.erp,
        orders=lambda key: sum(sale.web_id == key for sale in server.sales()),
        take_away=server.stop,
        unusable=erp_order("unusable", lines=(erp_line(sku="NOBODY-KNOWS-THIS"),)),
    )


@pytest.fixture
def key() -> str:
    return f"contract-{next(_numbers)}"


def test_an_order_is_not_there_before_it_is_sent_and_is_afterwards(partner: Partner, key: str):
    erp = partner.connect()
    assert erp.find(key) is None
    sent = erp.send(order(key))
    assert sent.reference
    assert partner.connect().find(key) == sent


def test_the_same_key_again_returns_the_first_receipt(partner: Partner, key: str):
    first = partner.connect().send(order(key))
    again = partner.connect().send(order(key, customer_po="PO-OTHER", lines=(erp_line(sku=SKU, quantity=Decimal(7)),)))
    assert again == first
    assert partner.orders(key) == 1


def test_six_senders_at_once_make_one_order(partner: Partner, key: str):
    def send(_: int) -> str:
        erp = partner.connect()
        while True:
            try:
                return erp.send(order(key)).reference
            except PartnerUnavailable as busy:
                # Busy means ask again, which is what a push does; away would never end, so only that is taken.
                assert "busy" in str(busy)  # noqa: PT017 - any other sentence fails the test

    with ThreadPoolExecutor(6) as pool:
        references = set(pool.map(send, range(6)))
    assert len(references) == 1
    assert partner.orders(key) == 1


def test_an_order_that_cannot_be_taken_is_rejected_with_a_sentence_and_leaves_nothing(partner: Partner):
    erp = partner.connect()
    with pytest.raises(PartnerRejected, match=r"\w+ \w+ \w+.*"):
        erp.send(partner.unusable)
    assert erp.find(partner.unusable.key) is None
    assert partner.orders(partner.unusable.key) == 0


def test_a_partner_that_is_away_is_unavailable_for_every_question(partner: Partner, key: str):
    erp = partner.connect()
    partner.take_away()
    for ask in (
        lambda: erp.find(key),
        lambda: erp.send(order(key)),
        lambda: erp.stock([SKU]),
        lambda: list(erp.pull("products")),
    ):
        with pytest.raises(PartnerUnavailable, match=r"cannot be (used|read)"):
            ask()


def test_stock_knows_the_known_and_leaves_out_the_rest(partner: Partner):
    assert dict(partner.connect().stock([SKU, "NOBODY-KNOWS-THIS"])) == {SKU: Decimal(500)}


def test_master_data_comes_as_rows(partner: Partner):
    erp = partner.connect()
    products = [row for row in erp.pull("products") if isinstance(row, ProductRow) and row.sku == SKU]
    assert [row.unit for row in products] == ["C62"]
    assert StockRow("MAIN", SKU, Decimal(500)) in list(erp.pull("stock"))
    with pytest.raises(PartnerRejected, match="no master data called 'secrets'"):
        list(erp.pull("secrets"))


def test_a_connector_says_its_name(partner: Partner):
    assert partner.connect().name in {"file_drop", "tryton"}
