"""Is what the reader says of its own certainty true? Pairs of a confidence and whether it was right."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

BINS = 10
Told = Sequence[tuple[float, bool]]
"""Pairs of a confidence (0 to 1) and whether it was right."""


@dataclass(frozen=True, slots=True)
class Bin:
    """All that was told with a confidence of `low` up to `high`: how many, what was told on average, how many right."""

    low: float
    high: float
    count: int
    told: float
    right: int

    @property
    def share(self) -> float:
        """The share that was right."""
        return self.right / self.count


def bins(told: Iterable[tuple[float, bool]]) -> tuple[Bin, ...]:
    """Sort into ten bins of equal width; those that stayed empty are left out."""
    groups: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for confidence, right in told:
        groups[min(max(int(confidence * BINS), 0), BINS - 1)].append((confidence, right))
    return tuple(
        Bin(
            low=place / BINS,
            high=(place + 1) / BINS,
            count=len(group),
            told=sum(confidence for confidence, _ in group) / len(group),
            right=sum(right for _, right in group),
        )
        for place, group in enumerate(groups)
        if group
    )


def calibration_error(told: Told) -> float | None:
    """Return by how much confidence and truth differ, over ten bins, weighted by their size; None of nothing."""
    gaps = (abs(one.told * one.count - one.right) for one in bins(told))
    return round(sum(gaps) / len(told), 4) if told else None


def brier_skill(told: Told) -> float | None:
    """Return how much better the confidences are than telling everybody the average (1 is perfect, 0 no better).

    None where all were right or all wrong: then there is nothing to foretell. (Brier 1950.)
    """
    base = sum(right for _, right in told) / len(told) if told else 0.0
    noise = sum((right - base) ** 2 for _, right in told)
    return round(1 - sum((confidence - right) ** 2 for confidence, right in told) / noise, 4) if noise else None
