from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.sheet.assign import assign

WORTHS = st.dictionaries(
    st.tuples(st.integers(0, 3), st.sampled_from("abcd")),
    st.floats(-1, 3).map(lambda worth: round(worth, 3)),
    max_size=16,
)


def best_sum(worths: dict[tuple[int, str], float]) -> float:
    choices = permutations([*"abcd", *[None] * 4], 4)
    return max(sum(max(0.0, worths.get((at, name or ""), 0.0)) for at, name in enumerate(choice)) for choice in choices)


@settings(deadline=None)
@given(WORTHS)
def test_no_other_assignment_is_worth_more(worths: dict[tuple[int, str], float]) -> None:
    pairs = assign(worths)
    total = sum(worths[pair.column, pair.field] for pair in pairs)
    assert abs(total - best_sum(worths)) < 1e-6
    assert len({pair.column for pair in pairs}) == len({pair.field for pair in pairs}) == len(pairs)


@settings(deadline=None)
@given(WORTHS)
def test_the_lead_is_what_would_be_lost_without_the_pair(worths: dict[tuple[int, str], float]) -> None:
    for pair in assign(worths):
        without = {other: worth for other, worth in worths.items() if other != (pair.column, pair.field)}
        assert abs(pair.lead - (best_sum(worths) - best_sum(without))) < 1e-5


def test_two_columns_for_one_field_leave_a_small_lead() -> None:
    (pair,) = assign({(0, "quantity"): 3.0, (1, "quantity"): 2.9})
    assert (pair.column, pair.lead) == (0, 0.1)
