"""Five hundred broken and hostile documents: each ends with drafts, filed, or refused with a sentence."""

from itertools import islice

import pytest

from bench.hostile import BENDS, BOMBS, Tally, assault, attacks, originals
from oms_app.reading_pool import ReadingPool
from oms_core.values import Hints

COUNT = 500


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_no_document_crashes_its_reader_or_outlasts_its_limits() -> None:
    tally = Tally()
    with ReadingPool(2) as pool:
        assault(pool, list(islice(attacks(originals(7, 60), 7), COUNT)), Hints(), tally)
    assert tally.failures == []
    assert sum(tally.ends.values()) == COUNT
    assert min(tally.ends[end] for end in ("drafts", "filed or passed on", "refused")) > 0


def test_the_same_seed_attacks_the_same_way_with_every_means() -> None:
    sound = originals(7, 5)
    first, again = list(islice(attacks(sound, 7), 600)), list(islice(attacks(sound, 7), 600))
    assert first == again
    assert {attack.how for attack in first} == {"bomb", *(how for how, _ in BENDS)}
    assert {attack.name for attack in first if attack.how == "bomb"} <= {name for name, _ in BOMBS}
