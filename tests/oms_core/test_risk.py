"""An error budget becomes a threshold only where what was seen bears it out."""

from hypothesis import given
from hypothesis import strategies as st

from oms_core.decisions.risk import RiskStep, least_confidence, wrong_at_most


def test_no_error_in_three_hundred_bounds_the_rate_at_one_in_a_hundred() -> None:
    # The rule of three: none wrong among n means at most about 3/n with 95 % certainty.
    assert 0.0099 < wrong_at_most(0, 300) < 0.01


def test_known_bounds_of_clopper_and_pearson() -> None:
    assert abs(wrong_at_most(0, 10) - 0.2589) < 0.0001
    assert abs(wrong_at_most(1, 10) - 0.3942) < 0.0001


def test_nothing_seen_bounds_nothing() -> None:
    assert wrong_at_most(0, 0) == 1.0


@given(st.integers(1, 400), st.data())
def test_more_errors_or_fewer_documents_never_lower_the_bound(documents: int, data: st.DataObject) -> None:
    wrong = data.draw(st.integers(0, documents - 1))
    bound = wrong_at_most(wrong, documents)
    assert wrong / documents < bound <= 1
    assert wrong_at_most(wrong + 1, documents) >= bound
    assert wrong_at_most(wrong, documents + 1) <= bound


def test_the_threshold_is_the_lowest_that_keeps_the_budget() -> None:
    steps = [RiskStep(0.99, 700, 0), RiskStep(0.95, 900, 4), RiskStep(0.9, 1_000, 40)]
    assert least_confidence(steps, 0.02) == 0.95
    assert least_confidence(steps, 0.008) == 0.99


def test_too_few_documents_at_the_top_do_not_hide_a_good_step_below() -> None:
    assert least_confidence([RiskStep(0.99, 20, 0), RiskStep(0.95, 900, 0)], 0.01) == 0.95


def test_a_pick_among_many_steps_must_clear_a_higher_bar() -> None:
    alone = RiskStep(0.9, 320, 0)
    assert least_confidence([alone], 0.01) == 0.9
    assert least_confidence([alone, *(RiskStep(0.9 + n / 1000, 20, 5) for n in range(1, 20))], 0.01) is None


def test_where_nothing_keeps_the_budget_there_is_no_threshold() -> None:
    assert least_confidence([RiskStep(0.99, 50, 0)], 0.001) is None
    assert least_confidence([], 0.5) is None
