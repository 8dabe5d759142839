"""The demo as files: others can take master data and orders from a folder."""

import csv
from pathlib import Path

from oms_app.demo.catalogue import many_products
from oms_app.demo.company import DemoCompany
from oms_app.demo.planned import DemoOrder
from oms_app.demo.scenario import write_rows, write_scenario
from oms_core.values.master import ProductRow


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_order_lies_in_its_channels_folder(company: DemoCompany, orders: tuple[DemoOrder, ...], tmp_path: Path):
    written = write_scenario(company, orders, tmp_path)
    assert len(set(written)) == 60 + 5 + 1
    manifest = _rows(tmp_path / "orders.csv")
    assert [row["name"] for row in manifest] == [order.name for order in orders]
    for row, order in zip(manifest, orders, strict=True):
        assert (tmp_path / row["file"]).read_bytes() == order.data
        assert row["expected"] == order.expected
        assert row["file"].startswith(f"{order.channel}/")


def test_master_data_is_written_with_the_names_of_the_fields(
    company: DemoCompany, orders: tuple[DemoOrder, ...], tmp_path: Path
):
    write_scenario(company, orders, tmp_path)
    products = _rows(tmp_path / "master" / "products.csv")
    assert len(products) == 400
    assert products[0]["sku"] == company.products[0].sku
    assert products[0]["gtin"] == company.products[0].gtin
    assert products[0]["active"] == "true"
    customers = _rows(tmp_path / "master" / "customers.csv")
    assert len(customers) == len(company.customers)
    assert customers[0]["domains"] == "nordwerk.example"
    assert customers[1]["ship_to_of"] == "K1001"
    assert len(_rows(tmp_path / "master" / "prices.csv")) == len(company.prices)
    assert len(_rows(tmp_path / "master" / "stock.csv")) == len(company.stock)
    assert len(_rows(tmp_path / "master" / "xref.csv")) == len(company.xrefs)


def test_a_large_catalogue_is_written_as_it_streams(tmp_path: Path):
    path = write_rows(tmp_path / "many.csv", ProductRow, many_products(3_000))
    assert len(_rows(path)) == 3_000
