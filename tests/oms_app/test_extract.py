"""`ordermill extract`: one object a file, in the contract's form, with evidence for every value."""

import datetime as dt
import json
from decimal import Decimal
from email.message import EmailMessage
from pathlib import Path

import pytest

from oms_app.extract import document, evidence, extract_files, unread, written
from oms_app.reading_pool import InlineReader
from oms_core.values import (
    CellSource,
    DocumentKind,
    DraftDocument,
    DraftLine,
    DraftParty,
    Hints,
    Limits,
    PageSource,
    PathSource,
    SegmentSource,
    Source,
    TextSource,
    Totals,
    Value,
)

CSV_ORDER = "PO Number;Article;Description;Quantity;Unit\n4711;HX-M8X40;Hex bolt;100;pcs\n4711;WS-M8;Washer;7;pcs\n"
EDIFACT_ORDER = (
    "UNB+UNOC:3+BUYER:14+SELLER:14+260302:0900+1'UNH+1+ORDERS:D:96A:UN'BGM+220+4711+9'DTM+137:20260302:102'"
    "LIN+1++4006381333931:EN'QTY+21:2.50'UNS+S'CNT+2:1'UNT+8+1'UNZ+1+1'"
)


@pytest.fixture(scope="module")
def reader() -> InlineReader:
    return InlineReader()


def mail(text: str, *files: tuple[str, bytes]) -> bytes:
    message = EmailMessage()
    message["From"] = "Einkauf <einkauf@huber.example>"
    message["To"] = "orders@nordlicht.example"
    message["Date"] = "Mon, 02 Mar 2026 09:00:00 +0100"
    message["Subject"] = "Bestellung"
    message["Message-ID"] = "<1@huber.example>"
    message.set_content(text)
    for name, data in files:
        message.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


def test_an_edifact_order_comes_out_in_the_contracts_form(reader: InlineReader, tmp_path: Path):
    path = tmp_path / "order.edi"
    path.write_text(EDIFACT_ORDER)
    (row,) = extract_files([path], reader)
    assert (row["file"], row["format"], row["error"], row["kind"]) == (str(path), "edifact", None, "orders")
    assert row["seconds"] >= 0
    (order,) = row["documents"]
    assert (order["type"], order["number"], order["date"]) == ("order", "4711", "2026-03-02")
    (line,) = order["lines"]
    assert (line["gtin"], line["quantity"], line["unit_price"]) == ("4006381333931", "2.5", None)
    where = order["evidence"]["lines[0].quantity"]
    assert (where["segment"], where["text"]) == (6, "2.50")
    assert json.loads(json.dumps(row)) == row


def test_every_value_has_evidence_with_text_and_confidence(reader: InlineReader, tmp_path: Path):
    path = tmp_path / "order.csv"
    path.write_text(CSV_ORDER)
    (row,) = extract_files([path], reader)
    for order in row["documents"]:
        stated = {name for name in ("number", "date", "currency", "requested_date") if order[name]}
        stated |= {f"lines[{n}].{key}" for n, line in enumerate(order["lines"]) for key, text in line.items() if text}
        assert stated <= set(order["evidence"])
        assert all(0 <= one["confidence"] <= 1 and "text" in one for one in order["evidence"].values())


def test_a_mail_is_read_with_its_attachment_as_one_order(reader: InlineReader, tmp_path: Path):
    path = tmp_path / "order.eml"
    path.write_bytes(mail("Hello,\nplease find our order attached.\nRegards", ("order.csv", CSV_ORDER.encode())))
    (row,) = extract_files([path], reader)
    assert (row["format"], row["error"]) == ("email", None)
    (order,) = row["documents"]
    assert [line["quantity"] for line in order["lines"]] == ["100", "7"]
    assert order["evidence"]["lines[1].quantity"]["row"] == 3


def test_files_come_in_their_order_also_where_one_is_broken(reader: InlineReader, tmp_path: Path):
    good, broken, gone = tmp_path / "order.edi", tmp_path / "broken.edi", tmp_path / "gone.pdf"
    good.write_text(EDIFACT_ORDER)
    broken.write_text("UNB+UNOC:3+BUY")
    rows = list(extract_files([broken, good, gone], reader))
    assert [row["file"] for row in rows] == [str(broken), str(good), str(gone)]
    assert [unread(row) for row in rows] == [True, False, True]
    assert rows[0]["documents"] == []
    assert rows[0]["error"]["message"]
    assert (rows[2]["format"], rows[2]["error"]["code"]) == ("pdf", "cannot_open")
    assert "No such file" in rows[2]["error"]["message"]


def test_a_partly_damaged_interchange_gives_its_good_messages_and_an_error(reader: InlineReader, tmp_path: Path):
    path = tmp_path / "order.edi"
    path.write_text(EDIFACT_ORDER.replace("UNZ+1+1'", "UNH+2+ORDERS:D:96A:UN'BGM+220+4712+9'UNZ+2+1'"))
    (row,) = extract_files([path], reader)
    assert [order["number"] for order in row["documents"]] == ["4711"]
    assert row["error"]["place"]
    assert not unread(row)


def test_mails_inside_mails_are_read_as_deep_as_allowed(reader: InlineReader, tmp_path: Path):
    nested = mail("Please see below.", ("order.csv", CSV_ORDER.encode()))
    for _ in range(2):
        nested = mail("Forwarded.", ("fw.eml", nested))
    path = tmp_path / "order.eml"
    path.write_bytes(nested)
    (deep,) = extract_files([path], reader, Hints(limits=Limits(depth=3)))
    assert len(deep["documents"]) == 1
    (row,) = extract_files([path], reader, Hints(limits=Limits(depth=2)))
    assert row["documents"] == []
    assert row["error"]["code"] == "too_deep"


def test_more_documents_inside_one_than_allowed_are_refused(reader: InlineReader, tmp_path: Path):
    path = tmp_path / "order.eml"
    inner = mail("See attached.", ("order.csv", CSV_ORDER.encode()))
    path.write_bytes(mail("See attached.", ("one.eml", inner), ("two.eml", inner)))
    (row,) = extract_files([path], reader, Hints(limits=Limits(parts=7)))
    assert row["error"] is None
    (row,) = extract_files([path], reader, Hints(limits=Limits(parts=6)))
    assert "too_many_parts" in json.dumps(row)


@pytest.mark.parametrize(
    ("source", "told"),
    [
        (PageSource(2, (1.0, 2.0, 3.0, 4.0), "x"), {"page": 2, "bbox": [1.0, 2.0, 3.0, 4.0], "text": "x"}),
        (SegmentSource(6, "1.2", "x"), {"segment": 6, "element": "1.2", "text": "x"}),
        (CellSource(3, 4, "x"), {"row": 3, "column": 4, "text": "x"}),
        (CellSource(3, 4, "x", "Order"), {"row": 3, "column": 4, "text": "x", "sheet": "Order"}),
        (TextSource(5, 6, "x"), {"start": 5, "end": 6, "text": "x"}),
        (PathSource("/Order/ID", "x"), {"path": "/Order/ID", "text": "x"}),
    ],
)
def test_evidence_names_the_place_as_its_kind_of_document_does(source: Source, told: dict[str, object]):
    assert evidence(source) == told


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("1428.000"), "1428"),
        (Decimal("0.0990"), "0.099"),
        (Decimal("1E+3"), "1000"),
        (dt.date(2026, 1, 31), "2026-01-31"),
        ("00012", "00012"),
    ],
)
def test_values_are_written_as_the_contract_asks(value: str | Decimal | dt.date, text: str):
    assert written(value) == text


def test_what_is_not_stated_is_null_and_has_no_evidence():
    cell = CellSource(1, 1, "9.90")
    draft = DraftDocument(
        DocumentKind.ORDER,
        "csv",
        buyer=DraftParty(name=Value("Huber", cell, 0.5)),
        totals=Totals(net=Value(Decimal("9.90"), cell, 0.9)),
        lines=(DraftLine(),),
    )
    told = document(draft)
    assert told["buyer"] == {"name": "Huber", "id": None, "address": None, "email": None}
    assert told["totals"] == {"net": "9.9", "tax": None, "gross": None}
    assert set(told["lines"][0].values()) == {None}
    assert set(told["evidence"]) == {"type", "buyer.name", "totals.net"}
