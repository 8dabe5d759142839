"""`ordermill match` and `match-party`: files in, answers out, every mistake named with its row."""

import datetime as dt
from pathlib import Path

import pytest

from oms_app.match_files import DEFAULT_TOP, MAX_CELL, Json, match_files, match_party_files
from oms_core.errors import InvalidInput

TODAY = dt.date(2026, 3, 2)
CATALOG = """sku,description,gtin,brand,manufacturer_code,unit,pack_quantity
HX-M8X40,"Hex bolt M8x40, stainless A2",4006381333931,,HB-840,piece,
HX-M8X45,"Hex bolt M8x45, stainless A2",,,HB-845,piece,
WS-M8,Washer M8 zinc plated,,,,piece,100
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "catalog.csv").write_text(CATALOG, "utf-8")
    return tmp_path


def ask(folder: Path, queries: str, known: str | None = None, top: int = DEFAULT_TOP) -> list[Json]:
    (folder / "queries.csv").write_text(queries, "utf-8-sig")
    if known is not None:
        (folder / "known.csv").write_text(known, "utf-8")
    found = folder / "known.csv" if known is not None else None
    return list(match_files(folder / "catalog.csv", folder / "queries.csv", found, TODAY, top))


def test_a_gtin_decides_and_its_quantity_is_told_in_stock_units(folder: Path):
    (answer,) = ask(folder, "query_id,text,gtin,unit,quantity\nq1,hex bolt M8x40,4006381333931,DZN,2\n")
    assert (answer["query_id"], answer["decision"], answer["sku"]) == ("q1", "match", "HX-M8X40")
    assert (answer["quantity_stock"], answer["unit_stock"]) == ("24", "C62")
    assert answer["pack_rule"] == "one DZN is 12 C62"
    assert answer["outlier"] is None
    assert answer["candidates"][0]["reasons"]


def test_a_unit_without_a_factor_gives_no_quantity(folder: Path):
    (answer,) = ask(folder, "query_id,text,supplier_code,unit,quantity\nq1,washer,WS-M8,KGM,2\n")
    assert (answer["quantity_stock"], answer["pack_rule"]) == (None, None)


def test_answers_come_in_the_order_of_the_queries_and_at_most_as_many_as_asked(folder: Path):
    answers = ask(folder, "query_id,text\nb,hex bolt stainless\na,washer M8\n", top=1)
    assert [answer["query_id"] for answer in answers] == ["b", "a"]
    assert all(len(answer["candidates"]) <= 1 for answer in answers)
    assert answers[0]["decision"] != "match"


def test_what_means_nothing_in_the_catalogue_is_none(folder: Path):
    (answer,) = ask(folder, "query_id,text\nq1,zzz qqq vvv\n")
    assert (answer["decision"], answer["sku"], answer["confidence"]) == ("none", None, 0.0)


def test_what_a_person_decided_for_the_same_text_holds(folder: Path):
    known = "text,sku\nThe usual  washers,WS-M8\nfreight,\n"
    usual, freight = ask(folder, "query_id,text\nq1,the usual washers\nq2,FREIGHT\n", known)
    assert (usual["decision"], usual["sku"], usual["confidence"]) == ("match", "WS-M8", 0.99)
    assert usual["candidates"][0]["reasons"] == ["a person decided this for the same text"]
    assert (freight["decision"], freight["sku"], freight["candidates"]) == ("none", None, [])


def test_what_was_decided_for_one_customer_says_nothing_of_another(folder: Path):
    known = "text,customer,sku\nthe usual,1001,WS-M8\n"
    own, other = ask(folder, "query_id,text,customer\nq1,the usual,1001\nq2,the usual,1002\n", known)
    assert own["sku"] == "WS-M8"
    assert other["decision"] == "none"


def test_a_decision_for_a_product_that_is_gone_is_passed_over(folder: Path):
    (answer,) = ask(folder, "query_id,text\nq1,the usual\n", "text,sku\nthe usual,GONE\n")
    assert answer["sku"] is None


@pytest.mark.parametrize(
    ("queries", "told"),
    [
        ("id,text\n1,x\n", "has no column 'query_id'"),
        ("query_id,text\n,x\n", "row 2: query_id is empty"),
        ("query_id,text,unit,quantity\nq1,x,EA,two\n", "row 2: quantity is 'two'"),
        ("query_id,text,unit,quantity\nq1,x,EA,Infinity\n", "write a number"),
        ("query_id,text\nq1,x,y\n", "row 2: more cells"),
        (f"query_id,text\nq1,{'x' * (MAX_CELL + 1)}\n", "a cell has more than"),
        ('query_id,text\nq1,"x" y\n', "not a CSV file"),
    ],
)
def test_a_mistake_in_a_file_is_named_with_its_row(folder: Path, queries: str, told: str):
    with pytest.raises(InvalidInput, match=told):
        ask(folder, queries)


def test_a_cell_as_long_as_allowed_is_taken(folder: Path):
    assert ask(folder, f"query_id,text\nq1,{'x' * MAX_CELL}\n")


def test_a_file_that_is_missing_or_no_text_is_named(folder: Path):
    with pytest.raises(InvalidInput, match=r"none\.csv cannot be read"):
        list(match_files(folder / "none.csv", folder / "none.csv", None, TODAY))
    (folder / "queries.csv").write_bytes(b"query_id,text\nq1,\xff\xfe\n")
    with pytest.raises(InvalidInput, match="not UTF-8"):
        list(match_files(folder / "catalog.csv", folder / "queries.csv", None, TODAY))


def test_no_candidates_cannot_be_asked_for(folder: Path):
    with pytest.raises(InvalidInput, match="at least 1"):
        ask(folder, "query_id,text\nq1,washer\n", top=0)


def test_a_party_is_found_by_its_number_and_by_its_domain(tmp_path: Path):
    (tmp_path / "parties.csv").write_text(
        "party_id,name,address,gln,vat_id,email_domains,role,parent_id\n"
        'C1,Huber Metallbau GmbH,"Gartenweg 3, 80331 München",4012345000009,DE811193231,huber.example,sold_to,\n'
        'C1-2,Huber Metallbau GmbH,"Werkstr. 9, 85774 Unterföhring",,,,ship_to,C1\n'
        'C2,Berger Elektro KG,"Hafenstr. 1, 20457 Hamburg",,,,sold_to,\n',
        "utf-8",
    )
    (tmp_path / "queries.csv").write_text(
        "query_id,name,address,id,email\n"
        "q1,,,DE 811 193 231,\n"
        "q2,,,,einkauf@huber.example\n"
        'q3,Huber Metallbau GmbH,"Werkstr. 9, 85774 Unterföhring",,\n'
        "q4,Nobody & Sons Ltd,,,\n",
        "utf-8",
    )
    answers = {answer["query_id"]: answer for answer in match_party_files(*_both(tmp_path))}
    assert [answers[key]["party_id"] for key in ("q1", "q2", "q3", "q4")] == ["C1", "C1", "C1-2", None]
    assert answers["q4"]["decision"] == "none"
    assert answers["q1"]["candidates"][0]["party_id"] == "C1"


def _both(folder: Path) -> tuple[Path, Path]:
    return folder / "parties.csv", folder / "queries.csv"
