"""The scorer: what counts as right, what is made up, and what one wrong document costs."""

import copy
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bench.matching_score import score_answers
from oms_app.evaluation.sameness import align, same
from oms_app.evaluation.scoring import score_files

ROOT = Path(__file__).resolve().parents[2]
FILE = Path("order.csv")
ORDER: dict[str, Any] = {
    "type": "order",
    "number": "4711",
    "date": None,
    "buyer": {"name": "Huber Metallbau GmbH"},
    "totals": {"net": "12.00", "tax": None, "gross": None},
    "lines": [
        {
            "supplier_code": "HX-1",
            "buyer_code": None,
            "description": "Hex bolt M8x40",
            "quantity": "100",
            "unit": "C62",
        },
        {"supplier_code": "WS-1", "buyer_code": None, "description": "Washer M8", "quantity": "7", "unit": "C62"},
    ],
}


def read(change: Any = None, **row: Any) -> dict[str, Any]:
    order = copy.deepcopy(ORDER) | {"confidence": 0.9}
    if change:
        change(order)
    return score_files({FILE: {"documents": [ORDER]}}, {FILE.name: {"documents": [order], **row}}).report()


@pytest.mark.parametrize(
    ("field", "want", "have", "right"),
    [
        ("quantity", "100", "100.0", True),
        ("quantity", "100", "1OO", False),
        ("number", "PO 4711", "po4711", True),
        ("number", "PO-4711", "PO4711", False),
        ("buyer.name", "Huber Metallbau GmbH", "HUBER METALLBAU", True),
        ("buyer.name", "Huber Metallbau GmbH", "Huber", False),
        ("description", "Hex bolt M8x40", "hex bolt m8x40", True),
        ("description", "Hex bolt A2 M8x40", "Hex bolt A2 M8x45", False),
        ("ship_to.address", "Werkstr. 9, 85774 Ort", "Werkstr. 9, 85774 Ort, DE", True),
        ("date", None, "2026-01-01", False),
        ("date", None, None, True),
    ],
)
def test_what_counts_as_the_same(field: str, want: str | None, have: str | None, right: bool):
    assert same(field, want, have) is right


def test_a_document_that_is_all_right_is_perfect():
    result = read()
    assert (result["documents_perfect"], result["line_f1"], result["touchless_before_first_error"]) == (1, 1.0, 1)


@pytest.mark.parametrize(
    "change",
    [
        lambda order: order.update(number="4712"),
        lambda order: order.update(date="2026-01-01"),
        lambda order: order["lines"].pop(),
        lambda order: order["lines"].append(dict(order["lines"][0])),
        lambda order: order["lines"][0].update(quantity="10"),
        lambda order: order["lines"][0].update(supplier_code="HX-2"),
    ],
)
def test_one_wrong_value_that_ships_or_bills_spoils_the_document(change: Any):
    result = read(change)
    assert result["documents_perfect"] == 0
    assert result["touchless_at"]["0.9"] == {"touchless": 1, "wrong": 1}


def test_a_lone_total_is_right_in_either_place_and_a_made_up_tax_is_counted():
    result = read(lambda order: order.update(totals={"net": None, "tax": "3", "gross": "12"}))
    assert result["fields"]["totals.net"]["right"] == 1
    assert result["fields"]["totals.tax"]["made_up"] == 1
    assert "totals.gross" not in result["fields"]


def test_a_missing_line_does_not_shift_the_others():
    lines = ORDER["lines"]
    assert align(lines, lines[1:]) == [(0, None), (1, 0)]


def test_what_could_not_be_decided_is_not_scored():
    label = {"documents": [ORDER | {"_skip": ["number", "lines"]}]}
    have = {"documents": [copy.deepcopy(ORDER) | {"number": "x", "lines": [], "confidence": 0.5}]}
    assert score_files({FILE: label}, {FILE.name: have}).report()["documents_perfect"] == 1


def test_an_order_made_of_a_newsletter_and_a_silent_failure_are_counted():
    labels = {Path("a.eml"): {"documents": []}, Path("b.edi"): {"documents": [], "_error": True}}
    rows = {"a.eml": {"documents": [ORDER]}, "b.edi": {"documents": [], "error": None}}
    result = score_files(labels, rows).report()
    assert (result["not_orders"], result["false_orders"]) == (1, 1)
    assert (result["unreadable"], result["unreadable_reported"], result["unanswered_files"]) == (1, 0, 0)


def test_matching_counts_what_is_found_decided_and_wrong():
    truth: dict[str, set[str]] = {"q1": {"A"}, "q2": {"B"}, "q3": set()}
    answers = [
        {"query_id": "q1", "decision": "match", "sku": "A", "candidates": [{"sku": "A", "confidence": 0.9}]},
        {"query_id": "q2", "decision": "match", "sku": "C", "candidates": [{"sku": "C", "confidence": 0.6}]},
        {"query_id": "q3", "decision": "none", "sku": None, "candidates": []},
    ]
    result = score_answers(answers, truth)
    assert (result["recall_at_1"], result["auto_wrong"], result["auto_precision"]) == (0.5, 1, 0.5)
    assert (result["none_recall"], result["none_precision"], result["coverage_at_0.5%_error"]) == (1.0, 1.0, 0.3333)


def test_the_command_scores_a_folder_and_ends_with_json(tmp_path: Path):
    (tmp_path / "catalog.csv").write_text("sku,description\nHX-1,Hex bolt M8x40\n")
    (tmp_path / "queries.csv").write_text("query_id,text,supplier_code\nq1,hex bolt,HX-1\n")
    (tmp_path / "truth.csv").write_text("query_id,sku\nq1,HX-1\n")
    command = [sys.executable, "-m", "bench.accuracy", str(tmp_path), "--verbose"]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    assert json.loads(done.stdout.splitlines()[-1])["recall_at_1"] == 1.0
