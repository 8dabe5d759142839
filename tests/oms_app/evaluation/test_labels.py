"""Labels: a file beside its document or a list of what was booked; what is broken is named and the rest is scored."""

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from oms_app.evaluation import labels as module
from oms_app.evaluation.booked import read_booked
from oms_app.evaluation.labels import read_labels
from oms_app.evaluation.senders import SenderOf, sender_of
from oms_core.errors import InvalidInput


def put(folder: Path, name: str, label: Any) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text("a document")
    text = label if isinstance(label, str) else json.dumps(label)
    (folder / f"{name}.expected.json").write_text(text)


def booked(folder: Path, text: str, *names: str) -> dict[str, Any]:
    for name in names:
        (folder / name).write_text("a document")
    (folder / "booked.csv").write_text(text, encoding="utf-8")
    return dict(read_booked(folder / "booked.csv", folder).labels)


def test_labels_are_found_in_folders_below_too(tmp_path: Path):
    put(tmp_path, "b.pdf", {"documents": []})
    put(tmp_path, "north/a.pdf", {"documents": [{"number": "1", "lines": [{"quantity": 3}]}]})
    found = read_labels(tmp_path)
    assert [case.name for case in found.cases] == ["b.pdf", "north/a.pdf"]
    assert found.problems == ()


@pytest.mark.parametrize(
    ("label", "sentence"),
    [
        ("{", "it is no JSON in UTF-8"),
        ("[" * 100_000, "it is"),
        ([], "it has no list named documents"),
        ({"documents": [3]}, "document 1 is no object"),
        ({"documents": [{"lines": "none"}]}, "the lines of document 1 are no list of objects"),
        ({"documents": [{"_skip": "lines"}]}, "_skip of document 1 is no list of field names"),
        ({"documents": [{"number": ["4711"]}]}, "number of document 1 is neither a text nor a number nor null"),
        ({"documents": [{"buyer": {"name": {}}}]}, "name of buyer of document 1 is neither"),
        ({"documents": [{"lines": [{"quantity": []}]}]}, "quantity of line 1 of document 1 is neither"),
    ],
)
def test_a_broken_label_is_named_and_the_rest_is_kept(tmp_path: Path, label: Any, sentence: str):
    put(tmp_path, "bad.pdf", label)
    put(tmp_path, "good.pdf", {"documents": []})
    found = read_labels(tmp_path)
    assert [case.name for case in found.cases] == ["good.pdf"]
    (problem,) = found.problems
    assert problem.startswith(f"bad.pdf.expected.json: {sentence}")
    assert problem.endswith("It is left out.")


def test_a_label_without_its_document_is_named(tmp_path: Path):
    (tmp_path / "gone.pdf.expected.json").write_text('{"documents": []}')
    (tmp_path / ".expected.json").write_text('{"documents": []}')
    assert read_labels(tmp_path).problems == (
        ".expected.json: there is no document beside it. It is left out.",
        "gone.pdf.expected.json: there is no gone.pdf beside it. It is left out.",
    )


def test_a_label_over_the_limits_is_no_label(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    put(tmp_path, "long.pdf", {"documents": [{"lines": [{}] * (module.MAX_LINES + 1)}]})
    monkeypatch.setattr(module, "MAX_LABEL_BYTES", 1024 * 1024)
    put(tmp_path, "large.pdf", '{"documents": []}' + " " * 1024 * 1024)
    large, long = read_labels(tmp_path).problems
    assert "larger than 1 MB" in large
    assert "more than 5,000 lines" in long


def test_a_folder_with_nothing_to_score_says_what_is_wanted(tmp_path: Path):
    with pytest.raises(InvalidInput, match=r"no \*\.expected\.json under .*, and no booked\.csv or booked\.xlsx in it"):
        read_labels(tmp_path)


def test_a_folder_over_the_limit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "MAX_FILES", 1)
    for name in ("a.pdf", "b.pdf"):
        put(tmp_path, name, {"documents": []})
    with pytest.raises(InvalidInput, match="more than 1 labels"):
        read_labels(tmp_path)


def test_a_list_of_what_was_booked_asks_for_no_more_than_it_says(tmp_path: Path):
    text = (
        "Datei;Order number;Order date;Code;Quantity;Unit;Price\n"
        "a.pdf;P-1;2.3.2026;K-1;1.250,5;Stück;0,12\n"
        "a.pdf;P-1;;K-2;3;;\n"
        "letter.txt;;;;;;\n"
    )
    found = booked(tmp_path, text, "a.pdf", "letter.txt")
    assert found["letter.txt"] == {"documents": []}
    assert found["a.pdf"]["documents"] == [
        {
            "number": "P-1",
            "date": "2026-03-02",
            "lines": [
                {"supplier_code": "K-1", "quantity": "1250.5", "unit": "C62", "unit_price": "0.12"},
                {"supplier_code": "K-2", "quantity": "3"},
            ],
        }
    ]


def test_rows_with_other_numbers_are_other_orders_of_the_same_file(tmp_path: Path):
    found = booked(tmp_path, "file,number,sku,quantity\na.edi,1,X,5\na.edi,2,Y,6\na.edi,,Z,7\n", "a.edi")
    first, second = found["a.edi"]["documents"]
    assert (first["number"], [line["supplier_code"] for line in first["lines"]]) == ("1", ["X"])
    assert (second["number"], [line["supplier_code"] for line in second["lines"]]) == ("2", ["Y", "Z"])


def test_codes_as_printed_win_over_our_own(tmp_path: Path):
    found = booked(tmp_path, "file,sku,code,quantity\na.pdf,OURS-1,K-1,5\n", "a.pdf")
    assert found["a.pdf"]["documents"][0]["lines"] == [{"supplier_code": "K-1", "quantity": "5"}]


def test_a_list_without_lines_scores_headers_alone(tmp_path: Path):
    found = booked(tmp_path, "file,number,net,sender\na.pdf,P-1,12.50,Alpha\n", "a.pdf")
    assert found["a.pdf"] == {
        "_sender": "Alpha",
        "documents": [{"number": "P-1", "totals": {"net": "12.5"}, "lines": [], "_skip": ["lines"]}],
    }


def test_a_row_that_cannot_be_used_is_named(tmp_path: Path):
    (tmp_path / "sub").mkdir()
    for name in ("a.pdf", "b.pdf", "sub/b.pdf", "sub/c.pdf"):
        (tmp_path / name).write_text("a document")
    rows = ("a.pdf,many", "../secret.pdf,1", "b.pdf,1", "c.pdf,2", ",3")
    (tmp_path / "booked.csv").write_text("\n".join(("file,quantity", *rows)), encoding="utf-8")
    found = read_booked(tmp_path / "booked.csv", tmp_path)
    assert [name for name, _ in found.labels] == ["b.pdf", "sub/c.pdf"]
    assert found.problems == (
        "booked.csv, row 3: there is no '../secret.pdf'. The row is left out.",
        "booked.csv, row 6: it names no file. The row is left out.",
        "booked.csv, row 2: 'many' under quantity is no number. a.pdf is left out.",
    )


def test_a_bare_name_that_several_files_have_is_asked_about(tmp_path: Path):
    for folder in ("north", "south"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.pdf").write_text("a document")
    (tmp_path / "booked.csv").write_text("file,quantity\na.pdf,1\n")
    (problem,) = read_booked(tmp_path / "booked.csv", tmp_path).problems
    assert "several files are named 'a.pdf', write the folder too" in problem


@pytest.mark.parametrize(
    ("limit", "sentence"), [("MAX_ROWS", "more than 1 rows"), ("MAX_CELL_CHARS", "row 2: a cell has more than 1 char")]
)
def test_a_list_over_a_limit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, sentence: str):
    monkeypatch.setattr(f"oms_app.evaluation.booked.{limit}", 1)
    with pytest.raises(InvalidInput, match=sentence):
        booked(tmp_path, "file,quantity\na.pdf,1\na.pdf,2\n", "a.pdf")


def test_a_list_that_names_no_files_is_refused(tmp_path: Path):
    (tmp_path / "booked.csv").write_text("number,quantity\n1,2\n")
    with pytest.raises(InvalidInput, match="no column named file"):
        read_booked(tmp_path / "booked.csv", tmp_path)


def test_a_workbook_is_a_list_as_well(tmp_path: Path):
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["File", "Number", "SKU", "Quantity"])
    book.active.append(["a.pdf", "P-1", "X", 2.5])
    book.save(tmp_path / "booked.xlsx")
    (tmp_path / "a.pdf").write_text("a document")
    (case,) = read_labels(tmp_path).cases
    assert case.label["documents"][0]["lines"] == [{"supplier_code": "X", "quantity": "2.5"}]


def test_a_label_file_wins_over_the_list(tmp_path: Path):
    put(tmp_path, "a.pdf", {"documents": [{"number": "by hand"}]})
    booked(tmp_path, "file,number\na.pdf,booked\n")
    (case,) = read_labels(tmp_path).cases
    assert case.label["documents"][0]["number"] == "by hand"


@pytest.mark.parametrize(
    ("told_by", "sender"),
    [
        (SenderOf.AUTO, "on the label"),
        (SenderOf.PREFIX, "alpha"),
        (SenderOf.FOLDER, "north/2026"),
        (SenderOf.BUYER, "Alpha Ltd"),
    ],
)
def test_who_sent_a_document(told_by: SenderOf, sender: str):
    label = {"_sender": "on the label", "documents": [{"buyer": {"name": "Alpha Ltd"}}]}
    assert sender_of("north/2026/alpha__7.pdf", label, told_by) == sender


def test_a_sender_that_nothing_tells():
    assert sender_of("7.pdf", {"documents": [{}]}, SenderOf.AUTO) == "not told"
