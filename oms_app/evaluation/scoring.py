"""Score files that were read against their labels, and sum up the figures of a folder or of any part of it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from oms_app.evaluation.calibration import Told, brier_skill, calibration_error
from oms_app.evaluation.judging import FIELDS, HEADER, Judged, JudgedDocument, Verdict, judge_document
from oms_app.evaluation.sameness import Json, squash

BARS = (0.9, 0.95, 0.99)
"""The confidences at which it is counted how many documents could pass, and how many of those were wrong."""
UNKNOWN = "unknown"


class Holds(StrEnum):
    """What a label says that its file holds."""

    DOCUMENTS = "documents"
    NOTHING = "nothing"
    """No business document: a question, a newsletter, a bounce."""
    DAMAGE = "damage"
    """It cannot be read, and the reader should say so."""


@dataclass(frozen=True, slots=True)
class Extra:
    """A document that was read and is not there."""

    type: str
    number: str | None
    lines: int
    confidence: float


@dataclass(frozen=True, slots=True)
class ScoredFile:
    """One labelled file: its documents judged, and those that were read and no label knows (`extra`).

    `seconds` is how long reading took; `answered` is False where there is no reading at all.
    """

    name: str
    holds: Holds
    documents: tuple[JudgedDocument, ...] = ()
    extra: tuple[Extra, ...] = ()
    format: str = UNKNOWN
    sender: str = ""
    seconds: float = 0.0
    error: str | None = None
    answered: bool = True

    @property
    def false_order(self) -> bool:
        """Whether an order was made of a file that holds none."""
        return self.holds is Holds.NOTHING and any(one.type.startswith("order") for one in self.extra)

    @property
    def reported(self) -> bool:
        """Whether a damaged file was refused, with nothing made up."""
        return self.holds is Holds.DAMAGE and self.error is not None and not self.extra

    @property
    def in_order(self) -> bool:
        """Whether there is nothing to complain of: every document perfect, nothing made up, damage reported."""
        if self.holds is Holds.DAMAGE:
            return self.reported
        return self.answered and not self.extra and all(document.perfect for document in self.documents)


def score_file(name: str, label: Json, row: Json | None, sender: str = "") -> ScoredFile:
    """Score what was read of one file (`row`, None where it was not read) against its label."""
    read, wanted = row or {}, label["documents"]
    have = read.get("documents") or []
    about = _About(name, str(read.get("format") or UNKNOWN), sender, read, answered=row is not None)
    if label.get("_error"):  # a corrupt file: an error that says so, and nothing made up
        return about.file(Holds.DAMAGE, (), have)
    extra = have[len(wanted) :] if wanted else [document for document in have if _business(document)]
    documents = tuple(
        judge_document(
            f"{name}#{index + 1}" if len(wanted) > 1 else name,
            want,
            _twin(want, index, len(wanted), have),
            spoiled=bool(extra),
        )
        for index, want in enumerate(wanted)
    )
    return about.file(Holds.DOCUMENTS if wanted else Holds.NOTHING, documents, extra)


@dataclass(frozen=True, slots=True)
class _About:
    """What is known of a file beside its documents."""

    name: str
    format: str
    sender: str
    read: Json
    answered: bool

    def file(self, holds: Holds, documents: tuple[JudgedDocument, ...], extra: Sequence[Json]) -> ScoredFile:
        error = self.read.get("error")
        return ScoredFile(
            name=self.name,
            holds=holds,
            documents=documents,
            extra=tuple(map(_extra, extra)),
            format=self.format,
            sender=self.sender,
            seconds=float(self.read.get("seconds") or 0.0),
            error=str(error.get("message", "")) if isinstance(error, dict) else None,
            answered=self.answered,
        )


def _extra(document: Json) -> Extra:
    lines, number = document.get("lines") or [], document.get("number")
    return Extra(
        type=str(document.get("type") or UNKNOWN),
        number=None if number is None else str(number),
        lines=len(lines),
        confidence=float(document.get("confidence") or 0.0),
    )


def _business(document: Json) -> bool:
    return document.get("type") not in (None, "other")


def _twin(want: Json, index: int, count: int, have: Sequence[Json]) -> Json:
    """Return the document read for a label: the one in its place, or of its number where their counts differ."""
    in_place = have[index] if index < len(have) else None
    if len(have) == count:
        return in_place or {}
    numbered = {squash(document.get("number")): document for document in have}
    return numbered.get(squash(want.get("number"))) or in_place or {}


def score_files(labels: Mapping[Path, Json], rows: Mapping[str, Json]) -> "Score":
    """Score what was read of each file, found by its name, against its label."""
    return Score(tuple(score_file(path.name, label, rows.get(path.name)) for path, label in labels.items()))


@dataclass(frozen=True, slots=True)
class Counts:
    """How many values of one kind were right, wrong, missing or made up."""

    right: int = 0
    wrong: int = 0
    missing: int = 0
    made_up: int = 0

    @property
    def any(self) -> bool:
        """Whether there was anything to count."""
        return bool(self.right or self.wrong or self.missing or self.made_up)

    @property
    def read(self) -> int:
        """Values that were read."""
        return self.right + self.wrong + self.made_up

    @property
    def stated(self) -> int:
        """Values that are on the labels."""
        return self.right + self.wrong + self.missing

    @property
    def precision(self) -> float:
        """Of the values that were read, the share that is right."""
        return share(self.right, self.read)

    @property
    def recall(self) -> float:
        """Of the values that are on the labels, the share that was read right."""
        return share(self.right, self.stated)

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        return harmonic(self.precision, self.recall)


@dataclass(frozen=True, slots=True)
class LineCounts:
    """How many lines the labels have, how many were read, how many of both are right."""

    want: int = 0
    have: int = 0
    right: int = 0

    @property
    def precision(self) -> float:
        """Of the lines that were read, the share that is right."""
        return share(self.right, self.have)

    @property
    def recall(self) -> float:
        """Of the labelled lines, the share that was read right."""
        return share(self.right, self.want)

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        return harmonic(self.precision, self.recall)


@dataclass(frozen=True, slots=True)
class Score:
    """The score of some files; a part of them (one sender, one format) is a score as well."""

    files: tuple[ScoredFile, ...] = field(default_factory=tuple)

    @property
    def documents(self) -> tuple[JudgedDocument, ...]:
        """Every labelled document that is scored."""
        return tuple(document for file in self.files for document in file.documents)

    @property
    def perfect(self) -> int:
        """Documents in which all is right that ships and bills."""
        return sum(document.perfect for document in self.documents)

    @property
    def values(self) -> tuple[Judged, ...]:
        """Every value that was judged."""
        return tuple(value for document in self.documents for value in document.values)

    @property
    def calibration(self) -> Told:
        """The confidence of every value that has one, with whether it was right."""
        return [
            (value.confidence, value.verdict is Verdict.RIGHT)
            for value in self.values
            if value.weighed and value.confidence is not None
        ]

    def fields(self) -> dict[str, Counts]:
        """Return the counts of each field that was met, in the order of the tables."""
        met = Counter((value.field, value.verdict) for value in self.values)
        every = {name: Counts(*(met[name, verdict] for verdict in Verdict)) for name in FIELDS}
        return {name: counts for name, counts in every.items() if counts.any}

    def lines(self) -> LineCounts:
        """Return the counts of lines, with those of documents that are not there."""
        lines = [document.lines for document in self.documents]
        extra = sum(one.lines for file in self.files if file.holds is not Holds.DAMAGE for one in file.extra)
        return LineCounts(
            want=sum(one.want for one in lines),
            have=sum(one.have for one in lines) + extra,
            right=sum(one.right for one in lines),
        )

    def total(self) -> Counts:
        """Return the counts of all values."""
        return _summed(self.fields().values())

    def header(self) -> Counts:
        """Return the counts of all header values."""
        return _summed(counts for name, counts in self.fields().items() if name in HEADER)

    def without_confidence(self) -> int:
        """Return how many values were read without a word on how sure they are."""
        return sum(value.weighed and value.confidence is None for value in self.values)

    def report(self) -> Json:
        """Return every figure, as `make accuracy` prints them and as JSON keeps them."""
        lines, total, told = self.lines(), self.total(), self.calibration
        return {
            "documents": len(self.documents),
            "documents_perfect": self.perfect,
            "touchless_before_first_error": self._before_first_error(),
            "touchless_at": {str(bar): self._touchless(bar) for bar in BARS},
            "line_precision": round(lines.precision, 4),
            "line_recall": round(lines.recall, 4),
            "line_f1": round(lines.f1, 4),
            "field_recall": round(total.recall, 4),
            "field_precision": round(total.precision, 4),
            "header_f1": round(self.header().f1, 4),
            "brier_skill": brier_skill(told),
            "values_without_confidence": self.without_confidence(),
            "calibration_error": calibration_error(told),
            "values_with_confidence": len(told),
            "fields": {name: _told(counts) for name, counts in self.fields().items()},
            **self.file_counts(),
            "seconds": round(sum(file.seconds for file in self.files), 2),
        }

    def file_counts(self) -> dict[str, int]:
        """Return what is counted of whole files: damaged ones, those without an order, and what was made of them."""
        damaged = [file for file in self.files if file.holds is Holds.DAMAGE]
        nothing = [file for file in self.files if file.holds is Holds.NOTHING]
        return {
            "unreadable": len(damaged),
            "unreadable_reported": sum(file.reported for file in damaged),
            "not_orders": len(nothing),
            "false_orders": sum(file.false_order for file in nothing),
            "false_documents": sum(bool(file.extra) for file in nothing),
            "extra_documents": sum(len(file.extra) for file in self.files if file.holds is Holds.DOCUMENTS),
            "unanswered_files": sum(not file.answered for file in self.files),
        }

    def _before_first_error(self) -> int:
        clean = 0
        for entry in sorted(self.documents, key=lambda entry: -entry.confidence):
            if not entry.perfect or entry.confidence <= 0:
                break
            clean += 1
        return clean

    def _touchless(self, bar: float) -> dict[str, int]:
        taken = [entry for entry in self.documents if entry.confidence >= bar]
        return {"touchless": len(taken), "wrong": sum(not entry.perfect for entry in taken)}


def _summed(counts: Iterable[Counts]) -> Counts:
    every = list(counts)
    return Counts(
        right=sum(one.right for one in every),
        wrong=sum(one.wrong for one in every),
        missing=sum(one.missing for one in every),
        made_up=sum(one.made_up for one in every),
    )


def _told(counts: Counts) -> Json:
    shares = {"precision": counts.precision, "recall": counts.recall, "f1": counts.f1}
    return {name: round(value, 4) for name, value in shares.items()} | {
        "right": counts.right,
        "wrong": counts.wrong,
        "missing": counts.missing,
        "made_up": counts.made_up,
    }


def harmonic(precision: float, recall: float) -> float:
    """Return the harmonic mean of precision and recall (F1); 0 where both are."""
    return share(2 * precision * recall, precision + recall)


def share(part: float, whole: float) -> float:
    """Return a share; 0 of nothing."""
    return part / whole if whole else 0.0
