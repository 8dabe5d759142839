"""What a person decided teaches how far a confidence holds, and never turns two answers round."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oms_app.match_calibration import AS_THEY_ARE, MIN_DECISIONS, Calibration, learn
from oms_core.values import Candidate, Decision, LineMatch


def timid(count: int, right: int) -> list[tuple[float, bool]]:
    """A matcher that always says one half and is right more often than that."""
    return [(0.5, number < right) for number in range(count)]


def test_a_timid_matcher_is_taught_its_share():
    assert learn(timid(400, 360)).of(0.5) == pytest.approx(0.9, abs=0.01)


def test_a_boastful_matcher_is_taught_to_doubt():
    taught = learn([(0.99, number % 2 == 0) for number in range(400)] + [(0.2, number < 80) for number in range(400)])
    assert taught.of(0.99) == pytest.approx(0.5, abs=0.05)
    assert taught.of(0.2) == pytest.approx(0.2, abs=0.05)


def test_few_decisions_say_little():
    assert learn(timid(MIN_DECISIONS - 1, 20)) == AS_THEY_ARE
    assert 0.5 < learn(timid(MIN_DECISIONS, 27)).of(0.5) < 0.9


@pytest.mark.parametrize("right", [0, 100])
def test_decisions_that_are_all_alike_teach_nothing(right: int):
    assert learn(timid(100, right)) == AS_THEY_ARE


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=MIN_DECISIONS, max_size=80),
    st.floats(0, 1),
    st.floats(0, 1),
)
def test_the_order_of_two_answers_never_changes(decisions: list[tuple[float, bool]], one: float, other: float):
    taught = learn(decisions)
    low, high = sorted((one, other))
    assert 0 <= taught.of(low) <= taught.of(high) <= 1


def test_an_exact_code_is_as_sure_as_it_was_and_a_decision_is_not_changed():
    candidates = (Candidate("A", "Bolt", 0.5, ()), Candidate("B", "Nut", 0.2, ()))
    by_words = LineMatch(0, Decision.REVIEW, "A", 0.5, "description", candidates)
    by_code = LineMatch(0, Decision.MATCH, "A", 0.5, "sku", candidates)
    taught = Calibration(1.0, 2.0)
    assert taught.apply(by_code) == by_code
    assert taught.apply(by_words).decision is Decision.REVIEW
    assert taught.apply(by_words).confidence == taught.apply(by_words).candidates[0].confidence > 0.8
