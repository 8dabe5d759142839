"""The figures at the head of the report and its tables by field, by format and by sender."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from oms_app.evaluation.coverage import Coverage
from oms_app.evaluation.intervals import Interval, resampled, wilson
from oms_app.evaluation.judging import HEADER
from oms_app.evaluation.scoring import Counts, Score, ScoredFile, harmonic, share
from oms_app.evaluation.wording import between, field_word, percent, seconds, visible
from oms_core.values.counting import counted

MAX_SLOW = 10
"""Files in the list of the slowest."""


@dataclass(frozen=True, slots=True)
class Card:
    """A headline figure: what it is, the figure, how sure it is, and a sentence."""

    title: str
    figure: str
    interval: str
    note: str


@dataclass(frozen=True, slots=True)
class Group:
    """The figures of one format or one sender."""

    name: str
    files: int
    documents: int
    perfect: int
    line_f1: float | None
    precision: float
    recall: float
    seconds: str


@dataclass(frozen=True, slots=True)
class FieldRow:
    """The figures of one field."""

    name: str
    counts: Counts


@dataclass(frozen=True, slots=True)
class Times:
    """How long reading took: middle, nineteen in twenty, the longest, and the slowest files."""

    middle: str
    most: str
    longest: str
    slowest: tuple[tuple[str, str], ...]


def cards(score: Score, found: Coverage) -> Iterator[Card]:
    """Yield the headline figures with their intervals."""
    documents = score.documents
    yield Card(
        "Documents all right",
        _figure(share(score.perfect, len(documents)), len(documents)),
        between(wilson(score.perfect, len(documents))),
        f"{score.perfect:,} of {counted(len(documents), 'document')} with nothing wrong that ships or bills",
    )
    lines, header, total = score.lines(), score.header(), score.total()
    around = _Around(score)
    yield Card(
        "Lines, F1",
        _figure(lines.f1, lines.want + lines.have),
        between(around.lines()),
        f"{lines.right:,} right of {lines.want:,} on the labels and {lines.have:,} read",
    )
    yield Card(
        "Header values, F1",
        _figure(header.f1, header.read + header.stated),
        between(around.header()),
        f"{header.right:,} right of {header.stated:,} on the labels and {header.read:,} read",
    )
    yield Card(
        "Right of what was read",
        _figure(total.precision, total.read),
        between(around.precision()),
        f"{total.wrong + total.made_up:,} of {counted(total.read, 'value')} wrong or made up",
    )
    yield Card(
        "Found of what is there",
        _figure(total.recall, total.stated),
        between(around.recall()),
        f"{total.missing:,} of {counted(total.stated, 'value')} not read",
    )
    taken = found.taken.taken if found.taken else 0
    yield Card(
        "Could pass without a person",
        percent(share(taken, found.documents)),
        f"at most {percent(found.budget)} wrong" if taken else "not shown by this folder",
        f"{taken:,} of {counted(found.documents, 'document')} within the error budget",
    )
    yield from _file_cards(score)


def _figure(value: float, whole: int) -> str:
    """Write a share; of nothing there is none."""
    return percent(value) if whole else "none"


def _file_cards(score: Score) -> Iterator[Card]:
    counts = score.file_counts()
    if whole := counts["not_orders"]:
        part = counts["false_orders"]
        yield Card("Made into an order", f"{part:,}", between(wilson(part, whole)), f"of {whole:,} files without one")
    if whole := counts["unreadable"]:
        part = counts["unreadable_reported"]
        yield Card("Damage reported", f"{part:,} of {whole:,}", between(wilson(part, whole)), "files that are broken")


class _Around:
    """The intervals of figures that are made of sums over files."""

    def __init__(self, score: Score) -> None:
        self._rows = [_sums(Score((file,))) for file in score.files]

    def lines(self) -> Interval:
        return resampled(self._rows, lambda row: harmonic(share(row[2], row[1]), share(row[2], row[0])))

    def header(self) -> Interval:
        return resampled(self._rows, lambda row: Counts(*row[3:7]).f1)

    def precision(self) -> Interval:
        return resampled(self._rows, lambda row: Counts(*row[7:11]).precision)

    def recall(self) -> Interval:
        return resampled(self._rows, lambda row: Counts(*row[7:11]).recall)


def _sums(score: Score) -> tuple[int, ...]:
    lines, fields = score.lines(), score.fields()
    header = [counts for name, counts in fields.items() if name in HEADER]
    return (lines.want, lines.have, lines.right, *_added(header), *_added(list(fields.values())))


def _added(counts: Sequence[Counts]) -> tuple[int, int, int, int]:
    return (
        sum(one.right for one in counts),
        sum(one.wrong for one in counts),
        sum(one.missing for one in counts),
        sum(one.made_up for one in counts),
    )


def groups(files: Sequence[ScoredFile], names: Sequence[str]) -> tuple[Group, ...]:
    """Return the figures of files grouped under these names (one a file), those with most documents first."""
    grouped: dict[str, list[ScoredFile]] = {}
    for name, file in zip(names, files, strict=True):
        grouped.setdefault(name, []).append(file)
    made = [_group(name, Score(tuple(several))) for name, several in grouped.items()]
    return tuple(sorted(made, key=lambda group: (-group.documents, group.name)))


def _group(name: str, score: Score) -> Group:
    lines, total = score.lines(), score.total()
    return Group(
        name=visible(name),
        files=len(score.files),
        documents=len(score.documents),
        perfect=score.perfect,
        line_f1=lines.f1 if lines.want or lines.have else None,
        precision=total.precision,
        recall=total.recall,
        seconds=seconds(median(file.seconds for file in score.files)),
    )


def field_rows(score: Score) -> tuple[FieldRow, ...]:
    """Return the figures of each field."""
    return tuple(FieldRow(field_word(name), counts) for name, counts in score.fields().items())


def times(files: Sequence[ScoredFile]) -> Times:
    """Return how long the reading of these files took."""
    told = sorted(file.seconds for file in files) or [0.0]
    slowest = sorted(files, key=lambda file: -file.seconds)[:MAX_SLOW]
    return Times(
        middle=seconds(median(told)),
        most=seconds(told[min(len(told) - 1, int(0.95 * len(told)))]),
        longest=seconds(told[-1]),
        slowest=tuple((visible(file.name), seconds(file.seconds)) for file in slowest),
    )
