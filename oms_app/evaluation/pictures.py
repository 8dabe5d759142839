"""Pages of a PDF with the places of its values: what was read right, and what was not."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, TypeAlias

from oms_app import drawing
from oms_app.evaluation.judging import Judged, JudgedDocument, Verdict
from oms_app.evaluation.wording import label_of, visible
from oms_core.errors import UnreadableDocument

PDF = "pdf"
MAX_PAGES_OF_ONE = 3
"""Pages shown of one document, those with the most that is wrong first."""
MAX_BYTES = 15 * 1024 * 1024
"""Bytes of all pictures in one report, so that it can be sent by mail; the worst documents come first."""
MAX_BOXES = 400
"""Boxes on one page."""
Marked: TypeAlias = tuple[tuple[Judged, int], ...]
_CORNERS = 4


@dataclass(frozen=True, slots=True)
class Box:
    """The place of a value on its page, in percent of the page; `mark` is its number in the table, 0 where it is right.

    `title` says in words what it is.
    """

    left: float
    top: float
    width: float
    height: float
    mark: int
    title: str


@dataclass(frozen=True, slots=True)
class Picture:
    """One page: its number, how many the document has, the picture as a data address, and the boxes on it."""

    page: int
    pages: int
    source: str
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class Drawable:
    """A PDF to be shown: its name, where it lies, and its values with their numbers (see `marked`)."""

    name: str
    path: Path
    values: Marked


def marked(documents: Sequence[JudgedDocument]) -> tuple[Marked, ...]:
    """Return the values of each document with a number from 1 for those on a page that are not right, else 0."""
    numbers = count(1)
    return tuple(
        tuple((value, next(numbers) if _is_boxed_fault(value) else 0) for value in one.values) for one in documents
    )


def _is_boxed_fault(value: Judged) -> bool:
    return value.verdict is not Verdict.RIGHT and bool(_corners(value))


def draw(
    drawables: Sequence[Drawable], at_once: int, done: Callable[[int], None]
) -> Iterator[tuple[str, tuple[Picture, ...]]]:
    """Yield name and pictures of each document, in their order, until the pictures fill what a report may hold.

    Each document is drawn by a child of its own, shut off like a reader; one that cannot be drawn has no pictures.
    """
    left = MAX_BYTES
    with ThreadPoolExecutor(at_once, thread_name_prefix="drawing") as pool:
        for start in range(0, len(drawables), at_once):
            group = drawables[start : start + at_once]
            for one, pictures in zip(group, pool.map(_pictures, group), strict=True):
                left -= sum(len(picture.source) for picture in pictures)
                if left < 0:
                    return
                yield one.name, pictures
            done(start + len(group))


def _pictures(one: Drawable) -> tuple[Picture, ...]:
    told = _drawn(one.path, _pages([value for value, _ in one.values]))
    return tuple(
        Picture(
            page["page"],
            told["count"],
            f"data:image/webp;base64,{page['webp']}",
            tuple(_boxes(one.values, page["page"], (page["width"], page["height"]))),
        )
        for page in told["pages"]
    )


def _drawn(path: Path, pages: Sequence[int]) -> dict[str, Any]:
    """Have a child draw these pages; no pages where it cannot."""
    try:
        with path.open("rb") as handle:
            told: dict[str, Any] = json.loads(drawing.draw(handle, "shots", ",".join(map(str, pages))))
    except (OSError, UnreadableDocument):
        return {"count": 0, "pages": []}
    return told


def _pages(values: Sequence[Judged]) -> list[int]:
    """Return the pages worth a look, in their order: most that is wrong first, then most that was read."""
    seen = Counter(page for value in values if (page := _page_of(value)))
    wrong = Counter(page for value in values if value.verdict is not Verdict.RIGHT and (page := _page_of(value)))
    ranked = sorted(seen, key=lambda page: (-wrong[page], -seen[page], page))
    return sorted(ranked[:MAX_PAGES_OF_ONE]) or [1]


def _page_of(value: Judged) -> int | None:
    page = (value.evidence or {}).get("page")
    return page if isinstance(page, int) else None


def _boxes(values: Marked, page: int, size: tuple[float, float]) -> Iterator[Box]:
    """Yield the boxes of a page, wrong ones last so that they lie on top."""
    here = [(value, mark) for value, mark in values if _page_of(value) == page and _corners(value)]
    for value, mark in sorted(here, key=lambda one: one[1])[-MAX_BOXES:]:
        left, top, right, bottom = _corners(value)
        yield Box(
            left=_percent(left, size[0]),
            top=_percent(top, size[1]),
            width=_percent(right - left, size[0]),
            height=_percent(bottom - top, size[1]),
            mark=mark,
            title=visible(_title(value)),
        )


def _title(value: Judged) -> str:
    verdict = value.verdict.replace("_", " ")
    meant = "" if value.verdict is Verdict.RIGHT else f"; the label says {value.want or 'nothing'}"
    return f"{label_of(value)}: read {value.have}, {verdict}{meant}"


def _corners(value: Judged) -> tuple[float, ...]:
    """Return x0, top, x1, bottom in points; nothing where the place is no box."""
    box = (value.evidence or {}).get("bbox")
    if not isinstance(box, list | tuple) or len(box) != _CORNERS:
        return ()
    return tuple(float(corner) for corner in box)


def _percent(length: float, whole: float) -> float:
    return round(100 * min(max(length / whole, 0.0), 1.0), 2) if whole > 0 else 0.0
