"""Pauses between tries."""

import pytest

from intake.backoff import MOST_SECONDS, Backoff
from oms_core.errors import ChannelUnavailable
from tests.factory import FixedClock


def test_pauses_double_up_to_the_longest_and_start_anew_after_success(clock: FixedClock) -> None:
    backoff = Backoff(clock, first=1, most=5)
    for pause in (1, 2, 4, 5, 5):
        backoff.failed("The server is down.")
        assert backoff.remaining() == pause
        clock.advance(seconds=pause)
        backoff.check()
    backoff.succeeded()
    backoff.failed("The server is down.")
    assert backoff.remaining() == 1


def test_a_try_before_its_time_is_refused_with_the_last_reason(clock: FixedClock) -> None:
    backoff = Backoff(clock)
    backoff.failed("The password is wrong.", for_long=True)
    with pytest.raises(ChannelUnavailable, match=r"^The password is wrong\. The next try is in 300 s\.$"):
        backoff.check()
    assert backoff.remaining() == MOST_SECONDS


def test_a_clock_that_is_set_back_does_not_keep_us_away(clock: FixedClock) -> None:
    backoff = Backoff(clock)
    backoff.failed("The server is down.", for_long=True)
    clock.advance(days=-1)
    backoff.check()
