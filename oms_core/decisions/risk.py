"""How sure a reading must be so that what is decided without a person keeps to an error budget."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, lgamma, log, log1p

CERTAINTY = 0.95
"""With this certainty the share of wrong documents among those decided alone stays within the budget."""
_HALVINGS = 60


@dataclass(frozen=True, slots=True)
class RiskStep:
    """What was seen on documents with labels: of `documents` at or above `confidence`, `wrong` were not all right."""

    confidence: float
    documents: int
    wrong: int


def least_confidence(steps: Sequence[RiskStep], budget: float) -> float | None:
    """Return the least confidence from which on the budget is kept; None where no step shows that it would be.

    `budget` is the share of documents that may be wrong (0.01: one in a hundred). The bounds of all steps hold together
    with the stated certainty (Bonferroni), so that picking the best of them is no luck.
    """
    certainty = 1 - (1 - CERTAINTY) / max(len(steps), 1)
    kept = [step.confidence for step in steps if wrong_at_most(step.wrong, step.documents, certainty) <= budget]
    return min(kept, default=None)


def wrong_at_most(wrong: int, documents: int, certainty: float = CERTAINTY) -> float:
    """Return the upper bound of the true share of wrong documents (one-sided, Clopper and Pearson 1934)."""
    if documents <= 0 or wrong >= documents:
        return 1.0
    low, high = wrong / documents, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if _at_most(wrong, documents, middle) > 1 - certainty:
            low = middle
        else:
            high = middle
    return high


def _at_most(wrong: int, documents: int, share: float) -> float:
    """Return the chance of at most so many wrong documents where this share of all is wrong."""
    if share <= 0.0:
        return 1.0
    if share >= 1.0:
        return 0.0
    return sum(exp(_log_chance(count, documents, share)) for count in range(wrong + 1))


def _log_chance(count: int, documents: int, share: float) -> float:
    ways = lgamma(documents + 1) - lgamma(count + 1) - lgamma(documents - count + 1)
    return ways + count * log(share) + (documents - count) * log1p(-share)
