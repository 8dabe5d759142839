"""Where the marks of a diagram stand: numbers only, the template draws them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import sqrt

from oms_app.evaluation.calibration import Bin, Told, bins
from oms_app.evaluation.coverage import Coverage, Point
from oms_app.evaluation.intervals import wilson

LEFT, TOP, RIGHT, BOTTOM = 56.0, 14.0, 418.0, 252.0
"""The frame of the plot inside the picture, in pixels of the picture."""
LEAST_TOP = 0.05
"""The risk axis reaches at least this far, so that a curve at zero is seen to lie there."""
_LARGEST_DOT = 13.0
_SMALLEST_DOT = 3.0


def across(share: float) -> float:
    """Return how far right a share stands."""
    return round(LEFT + min(max(share, 0.0), 1.0) * (RIGHT - LEFT), 1)


def up(share: float, whole: float = 1.0) -> float:
    """Return how far down the picture a share stands on an axis that ends at `whole`; what is beyond stays inside."""
    return round(BOTTOM - min(max(share / whole, 0.0), 1.0) * (BOTTOM - TOP), 1)


@dataclass(frozen=True, slots=True)
class Frame:
    """The frame of a plot, for its template."""

    left: float = LEFT
    top: float = TOP
    right: float = RIGHT
    bottom: float = BOTTOM


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark of an axis: where, and what it says."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Dot:
    """One bin of a reliability diagram: its place, the ends of its 95 % interval, its size, and the bin."""

    x: float
    y: float
    low: float
    high: float
    radius: float
    bin: Bin


@dataclass(frozen=True, slots=True)
class Reliability:
    """A reliability diagram: what was told across, what was right upwards."""

    dots: tuple[Dot, ...]
    count: int
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]


def reliability(told: Told) -> Reliability:
    """Place the bins of these confidences."""
    found = bins(told)
    largest = max((one.count for one in found), default=1)
    return Reliability(
        tuple(_dot(one, largest) for one in found),
        len(told),
        tuple(Tick(across(share), f"{100 * share:.0f} %") for share in _tenths(2)),
        tuple(Tick(up(share), f"{100 * share:.0f} %") for share in _tenths(2)),
    )


def _dot(one: Bin, largest: int) -> Dot:
    around = wilson(one.right, one.count)
    radius = _SMALLEST_DOT + (_LARGEST_DOT - _SMALLEST_DOT) * sqrt(one.count / largest)
    return Dot(across(one.told), up(one.share), up(around.low), up(around.high), round(radius, 1), one)


@dataclass(frozen=True, slots=True)
class Curve:
    """Risk against coverage: two stepped lines as SVG paths, the line of the budget, and where the threshold lies."""

    wrong: str
    at_most: str
    budget: float
    threshold: float | None
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]


def curve(found: Coverage) -> Curve:
    """Place the curve of a folder."""
    worst = max((point.wrong / point.taken for point in found.points), default=0.0)
    top = _round_up(max(LEAST_TOP, 3 * found.budget, 1.5 * worst))
    taken = found.taken
    return Curve(
        wrong=_steps(found.points, found.documents, lambda point: up(point.wrong / point.taken, top)),
        at_most=_steps(found.points, found.documents, lambda point: up(point.at_most, top)),
        budget=up(found.budget, top),
        threshold=across(taken.taken / found.documents) if taken else None,
        across=tuple(Tick(across(share), f"{100 * share:.0f} %") for share in _tenths(2)),
        up=tuple(Tick(up(part * top, top), f"{100 * part * top:.3g} %") for part in _tenths(5)),
    )


def _steps(points: Sequence[Point], documents: int, height: Callable[[Point], float]) -> str:
    """Return a stepped line as an SVG path: each height holds from the point before to the point itself."""
    return " ".join(
        f"{'M' if place == 0 else 'L'} {LEFT if place == 0 else across(points[place - 1].taken / documents)} "
        f"{height(point)} H {across(point.taken / documents)}"
        for place, point in enumerate(points)
    )


def _round_up(share: float) -> float:
    """Return the next round share that an axis can end at."""
    return next((end for end in (0.05, 0.1, 0.2, 0.25, 0.5) if share <= end), 1.0)


def _tenths(step: int) -> Iterator[float]:
    return (tenth / 10 for tenth in range(0, 11, step))
