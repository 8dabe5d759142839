"""How far a figure may be from the truth: 95 % intervals for shares and for figures of whole folders."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import sqrt

Z = 1.959964
"""The normal quantile of a two-sided 95 % interval."""
RESAMPLES = 1_000
LEAST_RESAMPLES = 200
MAX_DRAWS = 2_000_000
"""Files drawn in all: a very large folder is resampled less often, and needs it less."""
SEED = 1
"""The same folder gives the same interval."""
TAIL = 0.025


@dataclass(frozen=True, slots=True)
class Interval:
    """Both ends, as shares from 0 to 1."""

    low: float
    high: float


def wilson(part: int, whole: int) -> Interval:
    """Return the 95 % interval of a share of independent things (Wilson 1927); all is possible of nothing."""
    if whole <= 0:
        return Interval(0.0, 1.0)
    share, square = part / whole, Z * Z
    middle = (share + square / (2 * whole)) / (1 + square / whole)
    half = Z * sqrt(share * (1 - share) / whole + square / (4 * whole * whole)) / (1 + square / whole)
    return Interval(max(0.0, middle - half) if part else 0.0, min(1.0, middle + half) if part < whole else 1.0)


def resampled(rows: Sequence[Sequence[int]], figure: Callable[[Sequence[int]], float]) -> Interval:
    """Return the 95 % interval of a figure that is made of sums over files (percentile bootstrap, Efron 1979).

    `rows` are the counts of each file. Whole files are drawn, since the errors of one file come together: counting
    its lines as independent would promise too much. With fewer than two files all is possible. Where every draw gives
    the same (all right, all wrong), the files count as so many independent things.
    """
    if len(rows) < 2:  # noqa: PLR2004 - one file says nothing of how files differ
        return Interval(0.0, 1.0)
    draw = random.Random(SEED)  # noqa: S311 - statistics, no secret
    times = max(LEAST_RESAMPLES, min(RESAMPLES, MAX_DRAWS // len(rows)))
    figures = sorted(
        figure([sum(column) for column in zip(*draw.choices(rows, k=len(rows)), strict=True)]) for _ in range(times)
    )
    low, high = figures[int(TAIL * times)], figures[min(times - 1, int((1 - TAIL) * times))]
    return Interval(low, high) if low < high else wilson(round(low * len(rows)), len(rows))
