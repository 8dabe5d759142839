"""Score the matcher against the truth: how much is found, how much is decided alone, how much of that is wrong."""

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from oms_app.evaluation.calibration import brier_skill, calibration_error
from oms_core.decisions.risk import wrong_at_most

TAKEN_FROM = 0.5
"""The confidence from which the best candidate counts as an answer, for the F1 of the classical benchmarks."""
TOLERATED_ERROR = 0.005


@dataclass(frozen=True, slots=True)
class Best:
    """The best candidate of one query and whether it is meant."""

    confidence: float
    right: bool


def read_truth(path: Path) -> dict[str, set[str]]:
    """Return the right SKUs of each query, none where nothing in the catalogue is meant."""
    truth: dict[str, set[str]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            truth.setdefault(row["query_id"], set()).update({row["sku"]} - {""})
    return truth


def score_answers(answers: list[dict[str, Any]], truth: dict[str, set[str]]) -> dict[str, Any]:
    """Return every figure of one set of queries."""
    found = {answer["query_id"]: answer for answer in answers if answer["query_id"] in truth}
    inside = [query for query, skus in truth.items() if skus]
    best = [
        Best(top["confidence"], top["sku"] in truth[query])
        for query, answer in ((query, found[query]) for query in truth if query in found)
        for top in answer["candidates"][:1]
    ]
    recall = {
        f"recall_at_{k}": round(_share(sum(_hit(found.get(q), truth[q], k) for q in inside), len(inside)), 4)
        for k in (1, 5, 10)
    }
    return {
        "queries": len(truth),
        "answered": len(found),
        "with_a_match": len(inside),
        **recall,
        "f1_at_0.5": round(_f1(best, len(inside)), 4),
        **_decided(found, truth, len(inside)),
        "brier_skill": brier_skill([(one.confidence, one.right) for one in best]),
        "coverage_at_0.5%_error": round(_share(_coverage(best), len(truth)), 4),
        "calibration_error": calibration_error([(one.confidence, one.right) for one in best]) or 0.0,
    }


def _hit(answer: dict[str, Any] | None, right: set[str], k: int) -> bool:
    return answer is not None and any(candidate["sku"] in right for candidate in answer["candidates"][:k])


def _f1(best: list[Best], inside: int) -> float:
    taken = [one for one in best if one.confidence >= TAKEN_FROM]
    right = sum(one.right for one in taken)
    precision, recall = _share(right, len(taken)), _share(right, inside)
    return _share(2 * precision * recall, precision + recall)


def _decided(found: dict[str, dict[str, Any]], truth: dict[str, set[str]], inside: int) -> dict[str, Any]:
    """Return the figures of what was decided without a person: matches and 'nothing is meant'."""
    auto = [query for query, answer in found.items() if answer["decision"] == "match"]
    none = [query for query, answer in found.items() if answer["decision"] == "none"]
    right = sum(found[query]["sku"] in truth[query] for query in auto)
    none_right = sum(not truth[query] for query in none)
    return {
        "auto_share": round(_share(len(auto), len(truth)), 4),
        "auto_wrong": len(auto) - right,
        "auto_precision": round(_share(right, len(auto)), 4),
        "auto_share_of_answerable": round(_share(sum(bool(truth[query]) for query in auto), inside), 4),
        "auto_wrong_upper_95": round(wrong_at_most(len(auto) - right, len(auto)), 4),
        "none": len(none),
        "none_precision": round(_share(none_right, len(none)), 4),
        "none_recall": round(_share(none_right, len(truth) - inside), 4),
    }


def _coverage(best: list[Best]) -> int:
    """Return how many answers, the surest first, can be taken before more than the tolerated share is wrong."""
    reached = wrong = 0
    ranked = sorted(best, key=lambda one: (one.confidence, one.right), reverse=True)
    for count, one in enumerate(ranked, 1):
        wrong += not one.right
        if wrong <= count * TOLERATED_ERROR:
            reached = count
    return reached


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
