"""Scoring in the product: figures checked by hand, and laws that hold for any folder."""

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oms_app.evaluation.judging import CODE, OWNER, Verdict, judge_document, line_is_right
from oms_app.evaluation.sameness import NUMERIC, align, number
from oms_app.evaluation.scoring import Holds, Score, score_file

LINE: dict[str, Any] = {
    "buyer_code": "B-1",
    "supplier_code": "S-1",
    "gtin": None,
    "description": "Pipe clamp 1/2 inch",
    "quantity": "12",
    "unit": "C62",
    "unit_price": "2.50",
    "amount": "30.00",
}
ORDER: dict[str, Any] = {
    "type": "order",
    "number": "P-77",
    "date": "2026-03-02",
    "currency": None,
    "buyer": {"name": "Rossi Idraulica Srl"},
    "totals": {"net": "30.00"},
    "lines": [LINE],
}


def read(**changes: Any) -> dict[str, Any]:
    evidence = {path: {"page": 1, "text": "x", "confidence": 0.9} for path in ("number", "date", "lines[0].quantity")}
    return copy.deepcopy(ORDER) | {"confidence": 0.8, "evidence": evidence} | changes


def line(**changes: Any) -> list[dict[str, Any]]:
    return [LINE | changes]


def verdicts(have: dict[str, Any], want: dict[str, Any] = ORDER) -> dict[str, Verdict]:
    return {value.field: value.verdict for value in judge_document("a", want, have, spoiled=False).values}


def test_a_folder_of_three_files_has_the_figures_that_one_counts_by_hand():
    wrong = read(number="P-78", currency="EUR", lines=line(quantity="21"))
    score = Score(
        (
            score_file("right.pdf", {"documents": [ORDER]}, {"documents": [read()], "format": "pdf", "seconds": 0.5}),
            score_file("wrong.pdf", {"documents": [ORDER]}, {"documents": [wrong], "format": "pdf", "seconds": 0.25}),
            score_file("letter.txt", {"documents": []}, {"documents": [], "format": "text"}),
        )
    )
    # An order states type, number, date, buyer and net, and of its line five values, two codes and their owners.
    assert [len(document.values) for document in score.documents] == [5 + 5 + 4, 6 + 5 + 4]
    report = score.report()
    assert (report["documents"], report["documents_perfect"], report["not_orders"]) == (2, 1, 1)
    assert (report["line_precision"], report["line_recall"]) == (0.5, 0.5)
    assert report["fields"]["number"] == {
        "precision": 0.5,
        "recall": 0.5,
        "f1": 0.5,
        "right": 1,
        "wrong": 1,
        "missing": 0,
        "made_up": 0,
    }
    assert report["fields"]["currency"]["made_up"] == 1
    assert report["field_precision"] == round((14 + 12) / (14 + 15), 4)
    assert report["field_recall"] == round((14 + 12) / (14 + 14), 4)
    assert report["seconds"] == 0.75
    # Three values a document have a confidence of 0.9: three right, and of the other only the date.
    assert (report["values_with_confidence"], report["calibration_error"]) == (6, round(abs(6 * 0.9 - 4) / 6, 4))


def test_a_code_in_the_wrong_column_is_read_right_but_its_owner_is_not_known():
    have = read(lines=line(buyer_code="S-1", supplier_code="B-1"))
    values = [(value.field, value.verdict) for value in judge_document("a", ORDER, have, spoiled=False).values]
    assert [verdict for field, verdict in values if field == CODE] == [Verdict.RIGHT, Verdict.RIGHT]
    assert [verdict for field, verdict in values if field == OWNER] == [Verdict.WRONG, Verdict.WRONG]


def test_a_code_that_is_on_no_label_is_made_up_unless_it_stands_for_one_that_is():
    bare = ORDER | {"lines": line(buyer_code=None)}
    assert verdicts(read(lines=line(buyer_code="X-9")), bare)[CODE] is Verdict.MADE_UP
    assert verdicts(read(lines=line(buyer_code=None, supplier_code="X-9")), bare)[CODE] is Verdict.WRONG


def test_lines_that_are_on_no_label_are_told_in_short():
    judged = judge_document("a", ORDER, read(lines=[LINE, {"quantity": "1", "description": "Freight"}]), spoiled=False)
    assert (judged.lines.want, judged.lines.have, judged.lines.right) == (1, 2, 1)
    assert judged.lines.extra == ("1 Freight",)
    assert not judged.perfect


def test_a_line_that_was_not_read_is_missing_value_by_value_in_its_own_place():
    judged = judge_document("a", ORDER, read(lines=[]), spoiled=False)
    missing = [value for value in judged.values if value.line == 0]
    assert {value.verdict for value in missing} == {Verdict.MISSING}
    assert all(value.path.startswith("lines[0].") for value in missing)
    assert judged.bad == ("line 1",)


def test_an_order_made_of_a_letter_is_told_with_its_number():
    file = score_file("letter.txt", {"documents": []}, {"documents": [read()]})
    assert (file.holds, file.false_order, file.in_order) == (Holds.NOTHING, True, False)
    assert (file.extra[0].number, file.extra[0].lines, file.extra[0].confidence) == ("P-77", 1, 0.8)


def test_a_damaged_file_is_in_order_when_its_error_is_told_and_nothing_is_made_up():
    label = {"documents": [], "_error": True}
    told = {"documents": [], "error": {"code": "truncated", "message": "The end is missing."}}
    assert score_file("a.edi", label, told).in_order
    assert not score_file("a.edi", label, told | {"documents": [read()]}).in_order
    assert not score_file("a.edi", label, {"documents": [], "error": None}).in_order


def test_a_file_that_was_not_read_is_unanswered_and_all_of_it_missing():
    file = score_file("a.pdf", {"documents": [ORDER]}, None)
    assert not file.answered
    assert {value.verdict for value in file.documents[0].values} == {Verdict.MISSING}


def test_documents_are_paired_by_number_where_one_too_few_was_read():
    second = ORDER | {"number": "P-78"}
    file = score_file("a.edi", {"documents": [ORDER, second]}, {"documents": [read(number="P-78")]})
    assert [document.perfect for document in file.documents] == [False, True]
    assert [document.name for document in file.documents] == ["a.edi#1", "a.edi#2"]


def test_numbers_that_are_none_do_not_break_the_scoring():
    assert [number(text) for text in ("sNaN", "NaN", "Infinity", "1e2", "one")] == [None, None, None, 100, None]
    assert not line_is_right(LINE, LINE | {"quantity": "sNaN"}, set())


def test_very_long_orders_are_paired_by_their_place():
    many = [LINE | {"quantity": str(place)} for place in range(1_001)]
    assert align(many, many[:1_000])[-2:] == [(999, 999), (1_000, None)]


texts = st.none() | st.sampled_from(["A-1", "A-2", "12", "Pipe clamp"])
numbers = st.none() | st.sampled_from(["1", "12", "12.50"])
lines = st.fixed_dictionaries({name: numbers if name in NUMERIC else texts for name in LINE})
orders = st.builds(
    lambda number, several: ORDER | {"number": number, "lines": several}, texts, st.lists(lines, max_size=4)
)


@given(orders)
def test_what_is_read_as_labelled_is_perfect(order: dict[str, Any]):
    judged = judge_document("a", order, copy.deepcopy(order), spoiled=False)
    assert judged.perfect
    assert {value.verdict for value in judged.values} <= {Verdict.RIGHT}


@given(st.lists(st.tuples(orders, orders), min_size=1, max_size=4))
def test_the_counts_of_the_parts_add_up_to_the_whole(pairs: list[tuple[dict[str, Any], dict[str, Any]]]):
    files = tuple(
        score_file(f"{place}.pdf", {"documents": [want]}, {"documents": [have]})
        for place, (want, have) in enumerate(pairs)
    )
    whole, parts = Score(files), [Score((file,)) for file in files]
    for name, counts in whole.fields().items():
        told = [part.fields().get(name) for part in parts]
        assert counts.right == sum(one.right for one in told if one)
        assert counts.missing == sum(one.missing for one in told if one)
    assert whole.lines().have == sum(part.lines().have for part in parts)


@pytest.mark.parametrize("verdict", list(Verdict))
def test_an_empty_score_has_no_figures_and_does_not_break(verdict: Verdict):
    report = Score().report()
    assert (report["documents"], report["fields"], report["brier_skill"], verdict in report) == (0, {}, None, False)
