"""Intervals, calibration, and how much may pass: against figures from tables and by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oms_app.evaluation.calibration import bins, brier_skill, calibration_error
from oms_app.evaluation.charts import BOTTOM, LEFT, RIGHT, TOP, curve, reliability
from oms_app.evaluation.coverage import MAX_STEPS, coverage
from oms_app.evaluation.intervals import resampled, wilson
from oms_app.evaluation.judging import JudgedDocument, JudgedLines
from oms_app.evaluation.scoring import Extra, Holds, Score, ScoredFile
from oms_app.evaluation.wording import one_in, percent, seconds, visible
from oms_core.values.counting import counted

told = st.lists(st.tuples(st.floats(0, 1), st.booleans()), max_size=60)


def file(confidence: float, *, perfect: bool) -> ScoredFile:
    document = JudgedDocument("a", perfect, confidence, (), (), JudgedLines())
    return ScoredFile("a", Holds.DOCUMENTS, (document,))


def score(*confidences: float, wrong: int = 0) -> Score:
    """So many documents, the last `wrong` of them wrong."""
    right = len(confidences) - wrong
    return Score(tuple(file(sure, perfect=place < right) for place, sure in enumerate(confidences)))


def test_the_interval_of_nine_in_ten_is_the_one_in_the_tables():
    around = wilson(9, 10)
    assert (around.low, around.high) == (pytest.approx(0.5958, abs=1e-4), pytest.approx(0.9821, abs=1e-4))


@given(st.integers(0, 200), st.integers(0, 200))
def test_an_interval_holds_its_share_and_nothing_is_sure_of_nothing(part: int, more: int):
    around = wilson(part, part + more)
    share = part / (part + more) if part + more else 0.5
    assert 0 <= around.low <= share <= around.high <= 1


def test_a_figure_of_files_that_differ_is_less_sure_than_one_of_files_alike():
    def share(row: list[int]) -> float:
        return row[0] / row[1]

    alike = resampled([(9, 10)] * 19 + [(10, 10)], share)
    apart = resampled([(10, 10)] * 18 + [(0, 10)] * 2, share)
    assert alike.high - alike.low < apart.high - apart.low
    assert apart.low <= 0.9 <= apart.high


def test_files_that_are_all_right_do_not_promise_that_every_one_will_be():
    around = resampled([(5, 5)] * 10, lambda row: row[0] / row[1])
    assert around.high == 1
    assert 0.6 < around.low < 0.8


def test_a_single_file_says_nothing():
    around = resampled([(5, 5)], lambda row: row[0] / row[1])
    assert (around.low, around.high) == (0, 1)


def test_calibration_by_hand():
    pairs = [(0.95, True), (0.95, False), (0.15, False), (1.0, True)]
    assert [(one.low, one.count, one.right) for one in bins(pairs)] == [(0.1, 1, 0), (0.9, 3, 2)]
    assert calibration_error(pairs) == round((abs(0.15 - 0) + abs(2.9 - 2)) / 4, 4)
    assert brier_skill([(1.0, True), (0.0, False)]) == 1
    assert brier_skill([(0.5, True), (0.5, False)]) == 0
    assert (brier_skill([(0.9, True)]), calibration_error([])) == (None, None)


def test_three_hundred_without_an_error_keep_one_in_a_hundred_and_not_one_in_a_thousand():
    sure = score(*[0.99] * 300)
    kept = coverage(sure, 0.01)
    assert (kept.threshold, kept.taken and kept.taken.taken) == (0.99, 300)
    missed = coverage(sure, 0.001)
    assert (missed.threshold, missed.needed) == (None, 2_995)
    assert missed.surest is not None
    assert missed.surest.at_most == pytest.approx(1 - 0.05 ** (1 / 300))


def test_the_threshold_stops_before_the_documents_that_are_wrong():
    found = coverage(score(*[0.99] * 100, *[0.5] * 50, wrong=50), 0.05)
    assert found.threshold == 0.99
    assert [(point.taken, point.wrong) for point in found.points] == [(100, 0), (150, 50)]


def test_an_order_made_of_a_letter_is_a_risk_too():
    letter = ScoredFile("letter.txt", Holds.NOTHING, extra=(Extra("order", None, 1, 0.97),))
    found = coverage(Score((*score(0.9, 0.9).files, letter)), 0.05)
    assert [(point.taken, point.wrong) for point in found.points] == [(1, 1), (3, 1)]


def test_what_has_no_confidence_is_never_taken():
    assert coverage(score(0.0, 0.0), 0.05).points == ()


def test_many_confidences_are_gathered_and_the_last_point_is_kept():
    found = coverage(score(*(place / 2_000 for place in range(1, 1_001))), 0.05)
    assert len(found.points) <= MAX_STEPS
    assert (found.points[-1].taken, found.points[-1].confidence) == (1_000, 0.0005)


@given(told)
def test_the_marks_of_a_diagram_stay_inside_its_frame(pairs: list[tuple[float, bool]]):
    drawn = reliability(pairs)
    assert sum(dot.bin.count for dot in drawn.dots) == len(pairs)
    for dot in drawn.dots:
        assert LEFT <= dot.x <= RIGHT
        assert TOP <= dot.high <= dot.y <= dot.low <= BOTTOM


def test_the_curve_steps_from_left_to_right_and_marks_the_threshold():
    drawn = curve(coverage(score(*[0.99] * 100, *[0.5] * 100, wrong=100), 0.05))
    middle = (LEFT + RIGHT) / 2
    assert drawn.wrong.startswith(f"M {LEFT} {BOTTOM} H {middle} L {middle} ")
    assert drawn.threshold == middle
    assert drawn.up[-1].text == "100 %"


def test_a_curve_without_documents_is_empty():
    assert curve(coverage(Score(), 0.05)).wrong == ""


def test_figures_in_words():
    assert [percent(share) for share in (0, 0.0001, 0.123, 0.9999, 1)] == [
        *("0.0 %", "< 0.1 %", "12.3 %", "> 99.9 %", "100.0 %"),
    ]
    assert (one_in(0.001), seconds(0.0214), seconds(3.25)) == ("one in 1,000", "21 ms", "3.2 s")
    assert (counted(1, "file"), counted(1_200, "file")) == ("1 file", "1,200 files")


def test_what_cannot_be_seen_is_marked_and_what_is_long_is_cut():
    assert visible("a\nb\u202ec\x00d\u200be\ud800") == "a b\ufffdc\ufffdd\ufffde\ufffd"
    assert visible("x" * 301) == "x" * 300 + " …"
