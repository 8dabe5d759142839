"""Files, documents and values as the report shows them: every text out of them is made harmless to read here."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from oms_app.evaluation.judging import Judged, JudgedDocument, Verdict
from oms_app.evaluation.pictures import Marked, Picture, marked
from oms_app.evaluation.scoring import Holds, ScoredFile
from oms_app.evaluation.wording import label_of, place_of, seconds, visible
from oms_core.values.counting import counted

MAX_VALUES = 200
"""Values shown of one document, wrong and right each."""
MAX_SURE = 15
"""Mistakes in the list of the surest ones."""
PERFECT = "all right"


@dataclass(frozen=True, slots=True)
class Shown:
    """One value as the report shows it; `sure` is its confidence, empty where there is none.

    `mark` is the number of its box on the page, empty where it has none.
    """

    label: str
    verdict: str
    want: str
    have: str
    sure: str
    place: str
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Mistake:
    """A value that was read wrong, with its document."""

    anchor: str
    file: str
    value: Shown


@dataclass(frozen=True, slots=True)
class ShownDocument:
    """One labelled document: its values that are not right, those that are, and lines that are on no label."""

    name: str
    status: str
    perfect: bool
    sure: str
    lines: str
    amiss: tuple[Shown, ...]
    amiss_left_out: int
    right: tuple[Shown, ...]
    right_left_out: int
    extra_lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShownFile:
    """One file: `anchor` is its address in the page; `complaints` are sentences on the file as a whole."""

    anchor: str
    name: str
    sender: str
    format: str
    seconds: str
    status: str
    in_order: bool
    sure: str
    complaints: tuple[str, ...]
    documents: tuple[ShownDocument, ...]
    pictures: tuple[Picture, ...] = ()


def worst_first(files: Sequence[ScoredFile]) -> list[ScoredFile]:
    """Return files with what costs most first: wrong or made up, then missing; at last those that are in order."""
    return sorted(files, key=lambda file: (file.in_order, *(-count for count in _amiss(file)), file.name))


def _amiss(file: ScoredFile) -> tuple[int, int]:
    """Return how much is wrong or made up in a file, and how much is missing."""
    values = [value.verdict for document in file.documents for value in document.values]
    extra = sum(len(document.lines.extra) for document in file.documents) + sum(1 + one.lines for one in file.extra)
    bad = values.count(Verdict.WRONG) + values.count(Verdict.MADE_UP) + extra
    return bad, values.count(Verdict.MISSING)


def shown_file(file: ScoredFile, anchor: str, pictures: tuple[Picture, ...] = ()) -> ShownFile:
    """Return one file as the report shows it."""
    surest = max((document.confidence for document in file.documents), default=None)
    return ShownFile(
        anchor=anchor,
        name=visible(file.name),
        sender=visible(file.sender),
        format=visible(file.format),
        seconds=seconds(file.seconds),
        status=_status(file),
        in_order=file.in_order,
        sure="" if surest is None else f"{surest:.2f}",
        complaints=tuple(map(visible, _complaints(file))),
        documents=tuple(map(_shown_document, file.documents, marked(file.documents))),
        pictures=pictures,
    )


def _status(file: ScoredFile) -> str:
    if file.in_order:
        return {Holds.DAMAGE: "damage reported", Holds.NOTHING: "no order, as it should"}.get(file.holds, PERFECT)
    bad, missing = _amiss(file)
    parts = ([f"{bad} wrong"] if bad else []) + ([f"{missing} missing"] if missing else [])
    return ", ".join(parts) or "not as labelled"


def _complaints(file: ScoredFile) -> Iterator[str]:
    """Yield sentences on a file as a whole."""
    if file.error and file.holds is not Holds.DAMAGE:
        how = "in full" if file.documents and any(one.confidence for one in file.documents) else "at all"
        yield f"It could not be read {how}: {file.error}"
    if file.holds is Holds.DAMAGE and not file.reported:
        yield "It is damaged, and the reader did not say so."
    for one in file.extra:
        named = f" with the number {one.number}" if one.number else ""
        lines = counted(one.lines, "line")
        sure = f"{one.confidence:.2f} sure"
        yield f"A document of kind {one.type}{named} and {lines} was read ({sure}) and is not there."


def _shown_document(document: JudgedDocument, values: Marked) -> ShownDocument:
    amiss = list(_amiss_values(values))
    right = [value for value in document.values if value.verdict is Verdict.RIGHT]
    lines = document.lines
    return ShownDocument(
        name=visible(document.name),
        status=PERFECT if document.perfect else counted(len(document.bad) + len(lines.extra), "fault"),
        perfect=document.perfect,
        sure=f"{document.confidence:.2f}",
        lines=f"{lines.right} of {counted(lines.want, 'line')} right",
        amiss=tuple(amiss[:MAX_VALUES]),
        amiss_left_out=max(0, len(amiss) - MAX_VALUES),
        right=tuple(map(shown_value, right[:MAX_VALUES])),
        right_left_out=max(0, len(right) - MAX_VALUES),
        extra_lines=tuple(map(visible, lines.extra[:MAX_VALUES])),
    )


def _amiss_values(marked_values: Marked) -> Iterator[Shown]:
    """Yield what is not right of a document; a line of which nothing was read stands as one."""
    for line, together in groupby(marked_values, key=lambda one: one[0].line):
        values = list(together)
        if line is not None and all(value.verdict is Verdict.MISSING for value, _ in values):
            want = " · ".join(value.want or "" for value, _ in values)
            yield Shown(f"Line {line + 1}, the whole line", Verdict.MISSING, visible(want), "", "", "")
        else:
            yield from (shown_value(value, mark) for value, mark in values if value.verdict is not Verdict.RIGHT)


def shown_value(value: Judged, mark: int = 0) -> Shown:
    """Return one value as the report shows it."""
    sure = value.confidence
    return Shown(
        label=visible(label_of(value)),
        verdict=value.verdict.replace("_", " "),
        want=visible(value.want or ""),
        have=visible(value.have or ""),
        sure="" if sure is None else f"{sure:.2f}",
        place=visible(place_of(value)),
        mark=str(mark) if mark else "",
    )


def surest_mistakes(files: Sequence[ScoredFile], anchors: Mapping[str, str]) -> tuple[Mistake, ...]:
    """Return values that were wrong or made up though the reader was sure of them: what a threshold lets through."""
    found = [
        (value.confidence, file, value)
        for file in files
        for document in file.documents
        for value in document.values
        if value.verdict in (Verdict.WRONG, Verdict.MADE_UP) and value.confidence is not None
    ]
    found.sort(key=lambda one: (-(one[0] or 0.0), one[1].name))
    return tuple(
        Mistake(anchors.get(file.name, ""), visible(file.name), shown_value(value))
        for _, file, value in found[:MAX_SURE]
    )
