"""Learn from a person's decisions how far the matcher's confidences hold: Platt's scaling on their log odds.

J. Platt, Probabilistic outputs for support vector machines, 1999: two numbers, slope and shift, fitted by Newton's
method; a pull towards 'as they are' keeps few decisions from saying too much.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import exp, log, log1p

from oms_core.values import Candidate, LineMatch

MIN_DECISIONS = 30
"""Fewer decisions, or none of one kind, teach nothing."""
BY_DESCRIPTION = "description"
"""The method whose confidences are learned; an exact code is as sure as it is."""
PULL = 1.0
"""How much the fit is held to slope 1 and shift 0, counted in decisions."""
STEPS = 50
ENOUGH = 1e-9
EDGE = 1e-4
"""Confidences nearer to 0 or 1 than this count as this near."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """Turns a confidence into the share of such answers that were right."""

    slope: float = 1.0
    shift: float = 0.0

    def of(self, confidence: float) -> float:
        """Return the calibrated confidence; the order of two never changes."""
        return _share(self.slope * _odds(confidence) + self.shift)

    def apply(self, match: LineMatch) -> LineMatch:
        """Return a match with calibrated confidences, its decision as it was."""
        if match.method != BY_DESCRIPTION or self == AS_THEY_ARE or not match.candidates:
            return match
        return replace(
            match, confidence=self.of(match.confidence), candidates=tuple(self._candidate(c) for c in match.candidates)
        )

    def _candidate(self, candidate: Candidate) -> Candidate:
        return replace(candidate, confidence=self.of(candidate.confidence))


AS_THEY_ARE = Calibration()


def learn(decisions: Sequence[tuple[float, bool]]) -> Calibration:
    """Fit to pairs of a best candidate's confidence and whether a person chose it."""
    right = sum(chosen for _, chosen in decisions)
    if len(decisions) < MIN_DECISIONS or right in (0, len(decisions)):
        return AS_THEY_ARE
    points = [(_odds(confidence), float(chosen)) for confidence, chosen in decisions]
    slope, shift = 1.0, 0.0
    for _ in range(STEPS):
        by_slope, by_shift = _newton_step(points, slope, shift)
        present = _loss(points, slope, shift)
        while _loss(points, slope - by_slope, shift - by_shift) > present and abs(by_slope) + abs(by_shift) > ENOUGH:
            by_slope, by_shift = by_slope / 2, by_shift / 2  # a full step may jump over the valley
        slope, shift = slope - by_slope, shift - by_shift
        if abs(by_slope) + abs(by_shift) < ENOUGH:
            break
    return Calibration(slope, shift) if slope > 0 else AS_THEY_ARE


def _loss(points: Sequence[tuple[float, float]], slope: float, shift: float) -> float:
    """Return the log loss with the pull: what the fit makes as small as can be."""
    pull = PULL * ((slope - 1) ** 2 + shift**2) / 2
    return pull + sum(_log_loss(slope * odds + shift, chosen) for odds, chosen in points)


def _log_loss(odds: float, chosen: float) -> float:
    return log1p(exp(-abs(odds))) + max(odds, 0.0) - chosen * odds


def _newton_step(points: Sequence[tuple[float, float]], slope: float, shift: float) -> tuple[float, float]:
    """Return gradient over curvature of the penalised log loss, for slope and shift."""
    g1, g2 = PULL * (slope - 1), PULL * shift
    h11, h12, h22 = PULL, 0.0, PULL
    for odds, chosen in points:
        share = _share(slope * odds + shift)
        weight = share * (1 - share)
        g1 += (share - chosen) * odds
        g2 += share - chosen
        h11 += weight * odds * odds
        h12 += weight * odds
        h22 += weight
    determinant = h11 * h22 - h12 * h12
    return (h22 * g1 - h12 * g2) / determinant, (h11 * g2 - h12 * g1) / determinant


def _odds(confidence: float) -> float:
    held = min(max(confidence, EDGE), 1 - EDGE)
    return log(held / (1 - held))


def _share(odds: float) -> float:
    return 1 / (1 + exp(-odds)) if odds > 0 else exp(odds) / (1 + exp(odds))
