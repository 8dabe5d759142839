"""What parts the rows of a table: ruled lines across it, and gaps; which rows of words go to which anchor."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from parsers.pdf.layout import Cell, Row
from parsers.pdf.rules import Rule

_NEAR = 1.3
_WIDER = 1.4
_CLEARLY = 1.5
_SHARE = 0.4
_TOUCH = 0.6
_LOOSE = 0.4
"""Rows further apart than this part of their height are rows of a table and no wrapped words."""

_FITS = 4.0
_IN_LINE = 2.0


@dataclass(frozen=True, slots=True)
class Item:
    """A row of a table as it was read: its cells by field; an anchor begins an entry, words carry one on."""

    row: Row
    cells: Mapping[str, Sequence[Cell]]
    anchor: bool


class Borders:
    """What parts two rows: ruled lines across the table, and gaps."""

    def __init__(
        self,
        rules: Mapping[int, Sequence[Rule]],
        width: tuple[float, float],
        right: float,
        room: float,
        row_gap: float | None,
    ) -> None:
        self.right = right
        self.row_gap = row_gap
        self.room = room
        span = max(width[1] - width[0], 1.0)
        self._heights: dict[int, list[float]] = {}
        for page, found in rules.items():
            spans: dict[float, float] = {}
            for rule in found:
                if not rule.down:
                    shared = min(rule.x1, width[1]) - max(rule.x0, width[0])
                    spans[rule.top] = spans.get(rule.top, 0.0) + max(shared, 0.0)
            self._heights[page] = sorted(top for top, shared in spans.items() if shared >= _SHARE * span)

    def between(self, upper: Item, lower: Item) -> bool:
        """Say whether a ruled line runs between two rows of one page."""
        if upper.row.page != lower.row.page:
            return False
        low, high = _middle(upper), _middle(lower)
        return any(low < height < high for height in self._heights.get(upper.row.page, ()))

    def ruled_above(self, item: Item) -> bool:
        """Say whether a ruled line runs close above a row."""
        low = item.row.top - item.row.height
        return any(low < height < _middle(item) for height in self._heights.get(item.row.page, ()))

    def held(self, upper: Item, lower: Item) -> bool:
        """Say whether two rows stand in one band of a table whose lines are ruled."""
        heights = self._heights.get(upper.row.page, ())
        below = any(height > lower.row.top for height in heights)
        return below and any(height < _middle(upper) for height in heights) and not self.between(upper, lower)

    def split(self, above: Item, run: Sequence[Item], below: Item | None) -> tuple[list[Item], list[Item]]:
        """Part the rows of words between two anchors: those of the upper entry, those of the lower."""
        if below is None or not run:
            return self._until_rule(above, run), []
        if below.row.page != above.row.page:
            return self._over_pages(above, run, below)
        ruled = [at for at, (one, two) in enumerate(steps([above, *run, below])) if self.between(one, two)]
        if not ruled:
            return self._by_gap(above, run, below)
        if len(ruled) > len(run):
            return self._below_words(above, run), []
        return list(run[: ruled[0]]), list(run[ruled[-1] :])

    def _by_gap(self, above: Item, run: Sequence[Item], below: Item) -> tuple[list[Item], list[Item]]:
        """Part rows at the one gap that is clearly the widest, else at the anchor that has words of its own.

        A single row as far from both as the table's rows are from each other is the title of a group.
        """
        gaps = [gap(one, two) for one, two in steps([above, *run, below])]
        apart = self.row_gap is not None and min(gaps) >= self.row_gap - _TOUCH > _LOOSE * run[0].row.height
        if len(run) == 1 and apart and not _set_in(above, run[0]):
            return [], []
        widest = max(range(len(gaps)), key=lambda at: gaps[at])
        others = [wide for at, wide in enumerate(gaps) if at != widest]
        if gaps[widest] > _WIDER * max(*others, 0.0) and gaps[widest] > max(others) + _CLEARLY:
            return list(run[:widest]), list(run[widest:])
        if above.cells.get("description") and not below.cells.get("description"):
            return [], list(run)
        return list(run), []

    def _over_pages(self, above: Item, run: Sequence[Item], below: Item) -> tuple[list[Item], list[Item]]:
        """Part rows where a page ends between: those of the next page as they are parted at a table's top."""
        first = [item for item in run if item.row.page != below.row.page]
        after = [item for item in run if item.row.page == below.row.page]
        lower = leading(after, below, (), self)
        upper = [item for item in after if all(item is not other for other in lower)]
        return [*self._until_rule(above, first), *upper], list(reversed(lower))

    def _below_words(self, above: Item, run: Sequence[Item]) -> list[Item]:
        """Return the rows that stand under the words of the entry above, where every row has a band of its own.

        What begins further left is a title of a group.
        """
        words = above.cells.get("description")
        if not words:
            return []
        return [item for item in run if item.row.cells[0].x1 > words[0].x0]

    def _until_rule(self, above: Item, run: Sequence[Item]) -> list[Item]:
        pairs = steps([above, *run])
        if pairs and all(self.between(one, two) for one, two in pairs) and self.held(run[-1], run[-1]):
            return self._below_words(above, run)
        ruled = next((at for at, (one, two) in enumerate(pairs) if self.between(one, two)), len(run))
        return list(run[:ruled])


def leading(lead: Sequence[Item], anchor: Item, after: Sequence[Item], borders: "Borders") -> list[Item]:
    """Return the rows above the first anchor that belong to it, in the order they are to be put before it."""
    taken: list[Item] = []
    below = anchor
    for item in reversed(lead):
        if (
            item.row.page != anchor.row.page
            or borders.between(item, below)
            or gap(item, below) > _NEAR * below.row.height
        ):
            break
        taken.append(item)
        below = item
    if not taken or not anchor.cells.get("description"):
        return taken
    ruled = (bool(lead) and any(borders.between(one, two) for one, two in steps([*lead, anchor]))) or (
        borders.ruled_above(taken[-1])
    )
    tight = all(gap(upper, lower) < _tight(upper) for upper, lower in steps([*reversed(taken), anchor]))
    follows = next((item for item in after if not item.anchor), None)
    centred = follows is not None and follows.row.page == anchor.row.page and gap(anchor, follows) < _tight(anchor)
    return taken if (ruled and tight) or (tight and centred and _wide(taken[0], borders)) else []


def _set_in(above: Item, item: Item) -> bool:
    """Say whether a row begins where the words of the row above do, right of what else that one has."""
    words = above.cells.get("description") or ()
    begins = words[0].x0 if words and words[0] is not above.row.cells[0] else None
    return begins is not None and abs(item.row.cells[0].x0 - begins) < _IN_LINE


def _wide(item: Item, borders: "Borders") -> bool:
    """Say whether a row of words fills its column, so that it was wrapped there."""
    return max(cell.x1 for cell in item.row.cells) > borders.right - _FITS * item.row.height


def _tight(item: Item) -> float:
    return 0.5 * item.row.height


def row_gap(items: Sequence[Item]) -> float | None:
    """Return the usual gap between two lines with no words between; None where there are no such."""
    gaps = sorted(
        gap(upper, lower)
        for upper, lower in steps(items)
        if upper.anchor and lower.anchor and upper.row.page == lower.row.page
    )
    return gaps[len(gaps) // 2] if gaps else None


def steps(items: Sequence[Item]) -> list[tuple[Item, Item]]:
    """Return every row with the one below it."""
    return list(pairwise(items))


def gap(upper: Item, lower: Item) -> float:
    """Return the white between two rows, in points; without end where a page ends between them."""
    return lower.row.top - upper.row.bottom if upper.row.page == lower.row.page else float("inf")


def _middle(item: Item) -> float:
    return (item.row.top + item.row.bottom) / 2
