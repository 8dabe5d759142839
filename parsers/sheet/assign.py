"""One best assignment of fields to columns, and by how much it beats the second best.

The Hungarian method (Kuhn 1955, with potentials) over worths; a pair without a positive worth is never made. Fields and
columns that share no worth are solved apart, which keeps every problem small.
"""

from collections.abc import Mapping
from dataclasses import dataclass

Worths = Mapping[tuple[int, str], float]
"""What it is worth that a column (from 0) bears a field."""

MAX_SIDE = 80
"""More columns that compete for the same fields than this are not weighed against each other."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A column with its field; `lead` is what would be lost if it were not so."""

    column: int
    field: str
    lead: float


def assign(worths: Worths) -> tuple[Pair, ...]:
    """Return the pairs with the greatest sum of worths, in the order of their columns."""
    kept = {pair: worth for pair, worth in worths.items() if worth > 0}
    pairs: list[Pair] = []
    for part in _parts(kept):
        best = _solve(part)
        total = sum(part[pair] for pair in best)
        for pair in best:
            without = {other: worth for other, worth in part.items() if other != pair}
            second = sum(without[other] for other in _solve(without))
            pairs.append(Pair(*pair, lead=round(total - second, 6)))
    return tuple(sorted(pairs, key=lambda pair: pair.column))


def _parts(worths: Worths) -> list[dict[tuple[int, str], float]]:
    """Split the worths into groups that share neither a column nor a field."""
    parts: list[tuple[set[int], set[str], dict[tuple[int, str], float]]] = []
    for (column, field), worth in worths.items():
        touching = [part for part in parts if column in part[0] or field in part[1]]
        merged: tuple[set[int], set[str], dict[tuple[int, str], float]] = ({column}, {field}, {(column, field): worth})
        for part in touching:
            merged[0].update(part[0])
            merged[1].update(part[1])
            merged[2].update(part[2])
            parts.remove(part)
        parts.append(merged)
    return [part[2] for part in parts]


def _solve(worths: Worths) -> list[tuple[int, str]]:
    """Return the best pairs of one group."""
    columns = sorted({column for column, _ in worths})[:MAX_SIDE]
    fields = sorted({field for _, field in worths})[:MAX_SIDE]
    if not columns:
        return []
    if len(columns) == 1 or len(fields) == 1:
        return [max(worths, key=lambda pair: (worths[pair], -pair[0]))]
    size = max(len(columns), len(fields))
    cost = [[0.0] * size for _ in range(size)]
    for at, column in enumerate(columns):
        for to, field in enumerate(fields):
            cost[at][to] = -worths.get((column, field), 0.0)
    found = _hungarian(cost)
    chosen = [(columns[at], fields[to]) for at, to in enumerate(found) if at < len(columns) and to < len(fields)]
    return [pair for pair in chosen if pair in worths]


def _hungarian(cost: list[list[float]]) -> list[int]:
    """Return the column chosen for each row of a square matrix so that the sum of costs is least."""
    size = len(cost)
    of_row, of_column, match = [0.0] * (size + 1), [0.0] * (size + 1), [0] * (size + 1)
    for row in range(1, size + 1):
        _add_row(cost, row, of_row, of_column, match)
    result = [0] * size
    for column in range(1, size + 1):
        result[match[column] - 1] = column - 1
    return result


def _add_row(cost: list[list[float]], row: int, of_row: list[float], of_column: list[float], match: list[int]) -> None:
    """Take one more row into the matching along the cheapest path; column 0 stands for 'not yet matched'."""
    size = len(cost)
    cheapest, way, used = [float("inf")] * (size + 1), [0] * (size + 1), [False] * (size + 1)
    match[0], column = row, 0
    while match[column]:
        used[column] = True
        current, step, following = match[column], float("inf"), 0
        for to in range(1, size + 1):
            if used[to]:
                continue
            reduced = cost[current - 1][to - 1] - of_row[current] - of_column[to]
            if reduced < cheapest[to]:
                cheapest[to], way[to] = reduced, column
            if cheapest[to] < step:
                step, following = cheapest[to], to
        for to in range(size + 1):
            if used[to]:
                of_row[match[to]] += step
                of_column[to] -= step
            else:
                cheapest[to] -= step
        column = following
    while column:
        match[column] = match[way[column]]
        column = way[column]
