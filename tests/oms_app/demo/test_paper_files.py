"""Tables and mails of the generator: they hold what their truth says, and the same seed gives the same bytes."""

import csv
import email
import email.policy
import io
from collections.abc import Callable, Iterator
from email.message import EmailMessage

import openpyxl
import pytest

from oms_app.demo.paper.mails import mail_paper, mail_papers, mail_styles
from oms_app.demo.paper.paper import Paper
from oms_app.demo.paper.sheets import SheetStyle, sheet_paper, sheet_papers, sheet_styles

SEED, COUNT = 7, 60


def cells(style: SheetStyle, paper: Paper) -> set[str]:
    """Return every cell of a table as text."""
    if style.workbook:
        sheet = openpyxl.load_workbook(io.BytesIO(paper.data)).worksheets[0]
        return {str(value) for row in sheet.iter_rows(values_only=True) for value in row if value is not None}
    for encoding in (style.encoding, "utf-8"):
        try:
            text = paper.data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return {cell for row in csv.reader(io.StringIO(text), delimiter=style.delimiter) for cell in row}
    raise AssertionError(paper.name)


def words(data: bytes) -> str:
    """Return the text of a mail, whichever part holds it."""
    message = email.message_from_bytes(data, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    body = message.get_body(("plain", "html"))
    assert body is not None
    return f"{message['Subject']}\n{body.get_content()}"


@pytest.mark.parametrize("make", [sheet_papers, mail_papers])
def test_the_same_seed_gives_the_same_bytes(make: Callable[[int, int, int], Iterator[Paper]]) -> None:
    first, again = (list(make(5, 12, 2)) for _ in range(2))
    assert first == again
    assert len({paper.name for paper in first}) == 24


def test_a_table_holds_the_codes_and_numbers_of_its_truth() -> None:
    for style in sheet_styles(SEED, COUNT):
        paper = sheet_paper(style, 0)
        held = cells(style, paper)
        for stated in paper.label["documents"]:
            assert stated["number"] is None or stated["number"] in held, paper.name
            for line in stated["lines"]:
                codes = [line[name] for name in ("supplier_code", "buyer_code", "gtin", "description")]
                assert [code for code in codes if code is not None and code not in held] == [], paper.name


def test_a_list_of_prices_orders_nothing_and_an_export_holds_many_orders() -> None:
    made = [(style, sheet_paper(style, 0)) for style in sheet_styles(SEED, COUNT)]
    lists = [paper for style, paper in made if style.shape == "list"]
    exports = [paper for style, paper in made if style.shape == "export"]
    assert lists
    assert exports
    assert not any(paper.label["documents"] for paper in lists)
    assert all(len(paper.label["documents"]) > 1 for paper in exports)


def test_tables_come_in_many_encodings_with_every_delimiter() -> None:
    styles = [style for style in sheet_styles(SEED, 200) if not style.workbook]
    assert {style.delimiter for style in styles} == {",", ";", "\t", "|"}
    assert {"utf-8", "utf-8-sig", "cp1252", "cp1250", "utf-16"} <= {style.encoding for style in styles}


def test_a_mail_says_what_its_truth_says() -> None:
    for style in mail_styles(SEED, COUNT):
        paper = mail_paper(style, 0)
        text = " ".join(words(paper.data).replace("&quot;", '"').replace("&#x27;", "'").split())
        for stated in paper.label["documents"]:
            assert stated["number"] is None or stated["number"] in text, paper.name
            assert stated["buyer"]["name"] in text.replace("&amp;", "&"), paper.name
            for line in stated["lines"]:
                values = [line["supplier_code"], line["description"]]
                assert [value for value in values if value is not None and value not in text] == [], paper.name


def test_mails_that_order_nothing_are_among_them() -> None:
    made = {style.kind: mail_paper(style, 0) for style in mail_styles(SEED, COUNT)}
    assert set(made) == {"order", "change", "cancellation", "question", "newsletter"}
    assert made["question"].label["documents"] == []
    assert made["newsletter"].label["documents"] == []
    assert made["cancellation"].label["documents"][0]["lines"] == []
    assert made["change"].label["documents"][0]["type"] == "order_change"


def test_a_forwarded_order_comes_from_a_colleague_and_is_the_buyers() -> None:
    style = next(style for style in mail_styles(SEED, 200) if style.forwarded and style.body != "html")
    paper = mail_paper(style, 0)
    message = email.message_from_bytes(paper.data, policy=email.policy.default)
    stated = paper.label["documents"][0]
    assert stated["buyer"]["name"] in words(paper.data)
    assert stated["buyer"]["name"].split()[0].lower() not in message["From"].lower()
