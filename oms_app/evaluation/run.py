"""The body of `ordermill evaluate`: read a folder's labelled documents, score them, say what is left."""

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from oms_app.evaluation.labels import Case, Labelled
from oms_app.evaluation.reading import Journal, Readers, ReadFile
from oms_app.evaluation.scoring import Score, ScoredFile, score_file
from oms_app.evaluation.senders import SenderOf, sender_of

Progress = Callable[[int], None]
"""Told after each file how many are read."""


@dataclass(frozen=True, slots=True)
class Evaluated:
    """A folder that was read and scored: what was read by name, and whether it was stopped before the end.

    `again` counts files that an earlier run had read, `waiting` those that were not read; `seconds` is what this run
    took.
    """

    score: Score
    cases: Mapping[str, Case]
    read: Mapping[str, ReadFile]
    problems: tuple[str, ...] = ()
    again: int = 0
    seconds: float = 0.0
    waiting: int = 0
    interrupted: bool = False


@dataclass(slots=True)
class _Read:
    """Collects what was read."""

    files: dict[str, ReadFile] = field(default_factory=dict)
    now: int = 0
    interrupted: bool = False


def evaluate(
    labelled: Labelled, readers: Readers, journal: Journal, told_by: SenderOf, *, resume: bool, progress: Progress
) -> Evaluated:
    """Read and score every labelled document; a stop from the keyboard scores what was read so far.

    With `resume` a document whose bytes are unchanged since an earlier run of this version is not read again.
    """
    began = time.monotonic()
    known = journal.known() if resume else {}
    names = {case.name for case in labelled.cases}
    journal.begin([one for one in known.values() if one.name in names])
    try:
        read = _read(labelled.cases, readers, journal, known, progress)
    finally:
        journal.close()
    files = tuple(_scored(case, read.files[case.name], told_by) for case in labelled.cases if case.name in read.files)
    return Evaluated(
        score=Score(files),
        cases={case.name: case for case in labelled.cases},
        read=read.files,
        problems=labelled.problems,
        again=len(read.files) - read.now,
        seconds=time.monotonic() - began,
        waiting=len(labelled.cases) - len(read.files),
        interrupted=read.interrupted,
    )


def _read(
    cases: Sequence[Case], readers: Readers, journal: Journal, known: Mapping[str, ReadFile], progress: Progress
) -> _Read:
    read = _Read()

    def done(one: ReadFile) -> None:
        journal.add(one)
        read.now += 1

    with closing(readers.read(cases, known, done)) as files:
        try:
            for one in files:
                read.files[one.name] = one
                progress(len(read.files))
        except KeyboardInterrupt:
            read.interrupted = True
    return read


def _scored(case: Case, read: ReadFile, told_by: SenderOf) -> ScoredFile:
    return score_file(case.name, case.label, read.row, sender_of(case.name, case.label, told_by))


def journal_path(out: Path) -> Path:
    """Return where the journal of a report lies: beside it, under its name."""
    return out.with_name(f"{out.name}.read.jsonl")
