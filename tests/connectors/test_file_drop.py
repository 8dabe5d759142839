import csv
import io
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path

import pytest

from connectors import master_files
from connectors.file_drop import MAX_ORDER_LINES, FileDrop, FileDropSettings
from oms_core.errors import InvalidInput, PartnerRejected, PartnerUnavailable
from oms_core.values.master import CustomerRow, PriceRow, ProductRow, StockRow
from oms_core.values.outbound import ErpReceipt
from tests.factory import erp_line, erp_order, erp_party


def drop(folder: Path, *, lines_csv: bool = False) -> FileDrop:
    return FileDrop(FileDropSettings(folder, lines_csv))


def lay_down(folder: Path, name: str, text: str) -> FileDrop:
    (folder / "master").mkdir(exist_ok=True)
    (folder / "master" / name).write_bytes(text.encode())
    return drop(folder)


def test_the_file_holds_the_order_with_every_number_as_a_plain_string(tmp_path: Path):
    order = erp_order(
        "ord-7", lines=(erp_line(quantity=Decimal("1E+3"), unit_price=Decimal("0.120000")),), ship_to=erp_party("S-1")
    )
    receipt = drop(tmp_path).send(order)
    written = json.loads((tmp_path / "orders" / receipt.reference).read_bytes())
    assert receipt == ErpReceipt("ord-7.json", "delivered")
    assert list(written)[:4] == ["format", "version", "key", "number"]
    assert written["lines"][0]["quantity"] == "1000"
    assert written["lines"][0]["unit_price"] == "0.12"
    assert (written["net"], written["tax"], written["gross"]) == ("12", "2.28", "14.28")
    assert written["ship_to"]["number"] == "S-1"
    assert written["requested_on"] is None
    assert written["customer"]["city"] == "München"


def test_the_lines_come_as_csv_too_where_the_erp_wants_them(tmp_path: Path):
    lines = (erp_line(1), erp_line(2, description='=cmd|"x"', sku="-4"))
    drop(tmp_path, lines_csv=True).send(erp_order("ord-8", lines=lines))
    rows = list(csv.DictReader(io.StringIO((tmp_path / "orders" / "ord-8.csv").read_text())))
    assert [row["position"] for row in rows] == ["1", "2"]
    assert rows[0]["amount"] == "12"
    assert rows[1]["description"] == '\'=cmd|"x"'
    assert rows[1]["sku"] == "-4"


def test_an_order_the_erp_has_fetched_is_still_known_and_never_written_again(tmp_path: Path):
    erp = drop(tmp_path)
    first = erp.send(erp_order("ord-9"))
    (tmp_path / "orders" / "ord-9.json").unlink()
    assert erp.find("ord-9") == first
    assert erp.send(erp_order("ord-9", number="SO-2")) == first
    assert list((tmp_path / "orders").iterdir()) == []


def test_a_crash_before_the_receipt_is_healed_by_sending_again(tmp_path: Path):
    erp = drop(tmp_path)
    first = erp.send(erp_order("ord-10"))
    (tmp_path / "receipts" / "ord-10.json").unlink()
    before = (tmp_path / "orders" / "ord-10.json").read_bytes()
    assert erp.send(erp_order("ord-10", customer_po="another")) == first
    assert (tmp_path / "orders" / "ord-10.json").read_bytes() == before
    assert (tmp_path / "receipts" / "ord-10.json").exists()


def test_nothing_half_written_is_ever_under_a_name_that_the_erp_fetches(tmp_path: Path):
    stop = threading.Event()
    broken: list[str] = []

    def watch() -> None:
        while not stop.is_set():
            files = (tmp_path / "orders").glob("*.json")
            broken.extend(path.name for path in files if not path.read_bytes().endswith(b"}\n"))

    watcher = threading.Thread(target=watch)
    watcher.start()
    lines = tuple(erp_line(position) for position in range(1, 400))
    for number in range(10):
        drop(tmp_path).send(erp_order(f"ord-{number}", lines=lines))
    stop.set()
    watcher.join()
    assert broken == []
    assert len(list((tmp_path / "orders").iterdir())) == 10


@pytest.mark.parametrize("key", ["../../escape", "/etc/passwd", "a/b", ".hidden", "a..b", "C:\\x", "ä" * 90, "a b"])
def test_a_key_is_never_a_path(tmp_path: Path, key: str):
    folder = tmp_path / "erp"
    erp = drop(folder)
    receipt = erp.send(erp_order(key))
    assert (folder / "orders" / receipt.reference).is_file()
    assert erp.find(key) == receipt
    assert [path.name for path in tmp_path.iterdir()] == ["erp"]


def test_two_keys_that_meet_in_one_file_are_never_taken_for_each_other(tmp_path: Path):
    erp = drop(tmp_path)
    erp.send(erp_order("ord-11"))
    (tmp_path / "receipts" / "ord-11.json").rename(tmp_path / "receipts" / "ord-12.json")
    with pytest.raises(PartnerUnavailable, match="does not carry the key 'ord-12'"):
        erp.find("ord-12")


@pytest.mark.parametrize("count", [0, MAX_ORDER_LINES + 1])
def test_an_order_without_lines_or_with_too_many_is_rejected(tmp_path: Path, count: int):
    with pytest.raises(PartnerRejected, match=f"has {count} lines"):
        drop(tmp_path).send(erp_order(lines=(erp_line(),) * count))


def test_a_folder_that_cannot_be_used_is_named(tmp_path: Path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(PartnerUnavailable, match=r"file/receipts cannot be used"):
        drop(tmp_path / "file").send(erp_order())


def test_stock_is_summed_over_the_warehouses(tmp_path: Path):
    erp = lay_down(tmp_path, "stock.csv", "warehouse;sku;quantity\nMAIN;A;1.5\nNORTH;A;2\nMAIN;B;7\n")
    assert erp.stock(["A", "unknown"]) == {"A": Decimal("3.5")}


def test_master_data_is_read_by_the_names_of_its_fields(tmp_path: Path):
    erp = lay_down(
        tmp_path, "products.csv", "\ufeffSKU,description,unit,active,pack_unit,pack_factor\r\nA,Bolt,C62,no,CT,50\r\n"
    )
    assert list(erp.pull("products")) == [
        ProductRow("A", "Bolt", "C62", pack_unit="CT", pack_factor=Decimal(50), active=False)
    ]
    lay_down(tmp_path, "customers.csv", "number,name,domains,credit_limit\nC-1,Huber,huber.example h.example,\n\n")
    assert list(erp.pull("customers")) == [CustomerRow("C-1", "Huber", domains=("huber.example", "h.example"))]
    lay_down(tmp_path, "prices.csv", "price_list\tsku\tprice\tcurrency\tvalid_from\nWEB\tA\t0.120\tEUR\t2026-01-31\n")
    row = next(erp.pull("prices"))
    assert isinstance(row, PriceRow)
    assert (str(row.price), str(row.valid_from)) == ("0.12", "2026-01-31")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("warehouse,sku,quantity\nM,A,1\nM,B,1,5\n", r"stock\.csv, line 3: 4 cells, but the header has 3"),
        ("warehouse,sku,quantity\nM,A,one\n", r"line 2, column quantity: 'one' cannot be read \(not a number"),
        ("warehouse,sku,quantity\nM,A,NaN\n", r"line 2, column quantity"),
        ("warehouse,sku,quantity\nM,A,1e30\n", r"line 2, column quantity"),
        ("warehouse,sku,quantity\nM,,1\n", r"line 2, column sku: empty"),
        ("warehouse,sku\nM,A\n", r"line 1: the column 'quantity' is missing"),
        ("warehouse,sku,quantity,colour\nM,A,1,red\n", r"line 1: unknown column 'colour'"),
        ("warehouse,sku,quantity,sku\nM,A,1,B\n", r"line 1: a column stands there twice"),
        ('warehouse,sku,quantity\nM,"A"x,1\n', r"line 2: .*Check the quotes"),
        ("", r"line 1: the column 'warehouse' is missing"),
        (
            "warehouse,sku,quantity\nM," + "A" * (master_files.MAX_CELL_LENGTH + 1) + ",1\n",
            "column sku: longer than 4,000",
        ),
        ("warehouse,sku,quantity\n" + "M" * (master_files.MAX_LINE_LENGTH + 1), "line 2: longer than 64,000"),
    ],
)
def test_a_row_that_cannot_be_used_is_named_with_its_place(tmp_path: Path, text: str, sentence: str):
    with pytest.raises(InvalidInput, match=sentence):
        list(lay_down(tmp_path, "stock.csv", text).pull("stock"))


def test_a_file_that_is_not_utf_8_says_so(tmp_path: Path):
    lay_down(tmp_path, "stock.csv", "")
    (tmp_path / "master" / "stock.csv").write_bytes("warehouse,sku,quantity\nM,\xdc,1\n".encode("latin-1"))
    with pytest.raises(InvalidInput, match="not UTF-8"):
        list(drop(tmp_path).pull("stock"))


def test_a_file_with_too_many_rows_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(master_files, "MAX_ROWS", 2)
    erp = lay_down(tmp_path, "stock.csv", "warehouse,sku,quantity\n" + "M,A,1\n" * 3)
    rows = erp.pull("stock")
    assert next(rows) == StockRow("M", "A", Decimal(1))
    with pytest.raises(InvalidInput, match="more than 2 rows"):
        list(rows)


def test_master_data_that_is_not_there_or_unknown_is_a_sentence(tmp_path: Path):
    with pytest.raises(PartnerUnavailable, match=r"prices\.csv cannot be read"):
        list(drop(tmp_path).pull("prices"))
    with pytest.raises(PartnerRejected, match=r"no master data called '\.\./secret'"):
        drop(tmp_path).pull("../secret")


def test_sends_of_many_orders_at_once_write_each_once(tmp_path: Path):
    orders = [erp_order(f"ord-{number % 5}") for number in range(20)]
    with ThreadPoolExecutor(6) as pool:
        receipts = list(pool.map(lambda order: drop(tmp_path, lines_csv=True).send(order), orders))
    assert len({receipt.reference for receipt in receipts}) == 5
    assert len(list((tmp_path / "orders").glob("*.json"))) == 5
