"""`ordermill import` and `pull`: what a person sees of a file before and after it is taken in."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from oms_core.records import Audit, Price, ProductRecord, Stock
from tests.story import Story

Cli = Callable[..., Any]
"""The command line: see `conftest.py` beside this file."""


GOODS = "Artikelnummer;Bezeichnung;Einheit;Farbe\nSCR-4030;Wood screw 4x30 zinc;Stk;grau\nNEW-1;Neues Ding;Stk;rot\n"


@pytest.fixture
def goods(tmp_path: Path) -> Path:
    path = tmp_path / "artikel.csv"
    path.write_text(GOODS, encoding="cp1252")
    return path


def test_a_dry_run_shows_columns_and_changes_and_writes_nothing(cli: Cli, story: Story, goods: Path) -> None:
    told = cli("import", "products", goods, "--dry-run")
    assert told.status == 0
    for words in ("Artikelnummer", "sku", "Farbe", "manufacturer_code", "WS430", "1 new, 1 changed, 0 as they were"):
        assert words in told.out
    assert "nothing was written" in told.out
    with story.house.store.read() as session:
        assert session.get(ProductRecord, "NEW-1") is None


def test_a_file_is_taken_in_and_again_changes_nothing(cli: Cli, story: Story, goods: Path) -> None:
    assert "1 new, 1 changed" in cli("import", "products", goods).out
    again = cli("import", "products", goods, "--json").json
    assert (again["written"], again["rows"], again["added"], again["changed"], again["unchanged"]) == (True, 2, 0, 0, 2)
    assert again["columns"] == {"Artikelnummer": "sku", "Bezeichnung": "description", "Einheit": "unit"}
    with story.house.store.read() as session:
        who = session.scalars(select(Audit.who).where(Audit.what == "imported products").order_by(Audit.id)).all()[-1]
    assert who.endswith("(operator on the machine)")


@pytest.mark.usefixtures("story")
def test_json_gives_field_by_field_what_changes(cli: Cli, goods: Path) -> None:
    told = cli("import", "products", goods, "--dry-run", "--json").json
    assert told["examples"] == [
        {"key": "SCR-4030", "before": {"manufacturer_code": "WS430"}, "after": {"manufacturer_code": ""}}
    ]
    assert told["written"] is False


def test_wrong_rows_are_named_by_their_row_and_nothing_is_written(cli: Cli, story: Story, tmp_path: Path) -> None:
    path = tmp_path / "prices.csv"
    path.write_text("title\n\nlist;sku;price\nA;SCR-4030;0,15\nA;NOBODY;1,00\nA;SCR-4040;0\n", encoding="utf-8")
    told = cli("import", "prices", path)
    assert told.status == 1
    assert "row 5: there is no product 'NOBODY'" in told.err
    assert "row 6: SCR-4040: the price 0 is not more than nothing" in told.err
    assert "nothing was written" in told.err
    as_json = cli("import", "prices", path, "--json")
    assert (as_json.status, [error["row"] for error in as_json.json["errors"]]) == (1, [5, 6])
    with story.house.store.read() as session:
        assert Decimal("0.15") not in {
            row.price for row in session.scalars(select(Price).where(Price.sku == "SCR-4030"))
        }


def test_columns_units_and_fixed_values_may_be_declared(cli: Cli, story: Story, tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("Zeug;Wort;Sorte\nX-1;Ding;Bund\n", encoding="utf-8")
    words = ("--column", "sku=Zeug", "--column", "description=Wort", "--column", "unit=3", "--unit", "Bund=BE")
    assert cli("import", "products", path, *words, "--set", "brand=Eigen").status == 0
    kept = tmp_path / "columns.toml"
    kept.write_text(
        '[columns]\nsku = "Zeug"\ndescription = "Wort"\nunit = "Sorte"\n[set]\nbrand = "Eigen"\n[units]\nBund = "BE"\n',
        encoding="utf-8",
    )
    assert cli("import", "products", path, "--columns", kept, "--json").json["unchanged"] == 1
    with story.house.store.read() as session:
        row = session.get_one(ProductRecord, "X-1")
        assert (row.unit, row.brand) == ("BE", "Eigen")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--column", "sku"), "write NAME=VALUE, as in --column sku=Artikelnummer"),
        (("--column", "sky=Zeug"), "products have no field 'sky'; did you mean sku?"),
        (("--set", "active=vielleicht"), "--set active: 'vielleicht' is neither yes nor no"),
    ],
)
@pytest.mark.usefixtures("story")
def test_a_wrong_option_is_told_in_a_sentence(cli: Cli, goods: Path, words: tuple[str, ...], sentence: str) -> None:
    told = cli("import", "products", goods, *words)
    assert (told.status, sentence in told.err) == (1, True), told.err


@pytest.mark.usefixtures("story")
def test_a_columns_file_with_another_part_is_refused(cli: Cli, goods: Path, tmp_path: Path) -> None:
    kept = tmp_path / "columns.toml"
    kept.write_text("[colums]\n", encoding="utf-8")
    assert "the parts are [columns], [set] and [units]" in cli("import", "products", goods, "--columns", kept).err
    kept.write_text("[columns]\nsku = ['a']\n", encoding="utf-8")
    assert "[columns] holds lines like" in cli("import", "products", goods, "--columns", kept).err


def test_pull_takes_what_the_erp_laid_down(cli: Cli, story: Story, data_dir: Path) -> None:
    folder = data_dir / "erp" / "master"
    folder.mkdir(parents=True)
    (folder / "products.csv").write_text("sku,description,unit\nERP-1,From the ERP,C62\n", encoding="utf-8")
    (folder / "stock.csv").write_text("warehouse,sku,quantity\nNORTH,ERP-1,7\n", encoding="utf-8")
    assert cli("pull", "products", "--dry-run", "--json").json["added"] == 1
    assert "1 new" in cli("pull", "products").out
    assert cli("pull", "stock", "--json").json["written"] is True
    with story.house.store.read() as session:
        assert session.get_one(Stock, ("ERP-1", "NORTH")).on_hand == Decimal(7)


@pytest.mark.usefixtures("story")
def test_pull_all_goes_on_after_a_kind_that_the_erp_does_not_give(cli: Cli, data_dir: Path) -> None:
    folder = data_dir / "erp" / "master"
    folder.mkdir(parents=True)
    for kind, text in (
        ("products", "sku,description,unit\nERP-1,x,C62\n"),
        ("stock", "warehouse,sku,quantity\nW,ERP-1,7\n"),
    ):
        (folder / f"{kind}.csv").write_text(text, encoding="utf-8")
    told = cli("pull", "all", "--json")
    assert told.status == 1
    assert {row["kind"]: row["written"] for row in told.lines} == {
        "products": True,
        "customers": False,
        "prices": False,
        "stock": True,
        "xref": False,
    }
    assert "must lay it down" in told.lines[1]["problem"]
