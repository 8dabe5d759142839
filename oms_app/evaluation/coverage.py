"""Risk against coverage: how many documents could pass without a person, and how many of those would be wrong."""

from dataclasses import dataclass
from math import ceil, log

from oms_app.evaluation.scoring import Score
from oms_core.decisions.risk import CERTAINTY, RiskStep, least_confidence, wrong_at_most

MAX_STEPS = 200
"""Confidences looked at; more documents are gathered into as many steps."""


@dataclass(frozen=True, slots=True)
class Point:
    """Taking every document from `confidence` on: how many are taken, how many of them wrong, and what is sure.

    `at_most` is the share of wrong ones that is not exceeded with 95 % certainty.
    """

    confidence: float
    taken: int
    wrong: int
    at_most: float


@dataclass(frozen=True, slots=True)
class Coverage:
    """The curve of a folder: its points from the surest on, and the least confidence that keeps the budget.

    `documents` is how many there are in all; `needed` how many without one error would show that the budget is kept.
    """

    budget: float
    documents: int
    points: tuple[Point, ...]
    threshold: float | None
    needed: int

    @property
    def taken(self) -> Point | None:
        """The point at the threshold, None where no threshold can be shown to keep the budget."""
        return next((point for point in self.points if point.confidence == self.threshold), None)

    @property
    def surest(self) -> Point | None:
        """The point with the least share of wrong documents that this folder can show."""
        return min(self.points, key=lambda point: (point.at_most, -point.taken), default=None)


def coverage(score: Score, budget: float) -> Coverage:
    """Return the curve of a score for an error budget (0.001: one document in a thousand may be wrong).

    A document that was made of a file without one counts as wrong at the confidence it had.
    """
    told = [(document.confidence, document.perfect) for document in score.documents]
    made_up = [(extra.confidence, False) for file in score.files for extra in file.extra]
    steps = _steps(told + made_up)
    return Coverage(
        budget=budget,
        documents=len(told) + len(made_up),
        points=tuple(
            Point(step.confidence, step.documents, step.wrong, wrong_at_most(step.wrong, step.documents))
            for step in steps
        ),
        threshold=least_confidence(steps, budget),
        needed=ceil(log(1 - CERTAINTY) / log(1 - budget)),
    )


def _steps(told: list[tuple[float, bool]]) -> list[RiskStep]:
    """Return what stands at each confidence or above, the surest first; 0 is no answer and is never taken."""
    ranked = sorted((pair for pair in told if pair[0] > 0), key=lambda pair: -pair[0])
    steps: list[RiskStep] = []
    wrong = 0
    for count, (confidence, right) in enumerate(ranked, start=1):
        wrong += not right
        last_of_its_kind = count == len(ranked) or ranked[count][0] < confidence
        if last_of_its_kind:
            steps.append(RiskStep(confidence, count, wrong))
    every = ceil(len(steps) / MAX_STEPS)
    return steps[::-1][:: max(every, 1)][::-1]
