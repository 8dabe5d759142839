"""Score a folder of labelled documents or of matching queries: `python -m bench.accuracy DIR [--verbose]`.

A folder with catalog.csv, queries.csv and truth.csv is scored as matching, any other as extraction, as `ordermill
evaluate` does it, without a report. A label stands beside its document as NAME.expected.json, in the form that
`ordermill extract` prints, without evidence; keys it lacks are not scored, `_skip` names what could not be decided,
`_error` wants an error. The figures as JSON come last.
"""

import argparse
import json
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.matching_score import read_truth, score_answers
from config.settings import WorkerSettings
from oms_app.evaluation.labels import read_labels
from oms_app.evaluation.reading import Readers
from oms_app.evaluation.scoring import Score, score_file
from oms_app.evaluation.table import field_lines, figure_lines
from oms_app.match_files import match_files
from oms_app.reading_pool import ReadingPool
from oms_core.errors import OrdermillError
from oms_core.values import Hints

MATCHING_FILES = ("catalog.csv", "queries.csv", "truth.csv")


def labelled(folder: Path) -> dict[Path, Any]:
    """Return every labelled document under a folder with its label."""
    found = read_labels(folder)
    for problem in found.problems:
        print(problem, file=sys.stderr)
    return {case.path: case.label for case in found.cases}


def extraction(folder: Path, *, verbose: bool) -> dict[str, Any]:
    """Read every labelled document and score what was read."""
    found = read_labels(folder)
    for problem in found.problems:
        print(problem, file=sys.stderr)
    size = WorkerSettings().readers
    with ReadingPool(size) as pool:
        read = {one.name: one.row for one in Readers(pool, size, Hints()).read(found.cases, {}, lambda _one: None)}
    score = Score(tuple(score_file(case.name, case.label, read[case.name]) for case in found.cases))
    if verbose:
        for entry in sorted(score.documents, key=lambda entry: (entry.perfect, -entry.confidence)):
            print(f"{'ok ' if entry.perfect else 'BAD'} {entry.confidence:.3f} {entry.name}: {', '.join(entry.bad)}")
    result = score.report()
    for line in field_lines(result):
        print(line)
    return result


def matching(folder: Path, *, verbose: bool) -> dict[str, Any]:
    """Answer every query and score the answers."""
    known = folder / "known.csv"
    began = time.monotonic()
    day = datetime.now(UTC).date()
    answers = list(match_files(folder / "catalog.csv", folder / "queries.csv", known if known.exists() else None, day))
    seconds = time.monotonic() - began
    truth = read_truth(folder / "truth.csv")
    if verbose:
        for line in _wrong(answers, truth):
            print(line)
    return score_answers(answers, truth) | {"seconds": round(seconds, 2)}


def _wrong(answers: list[dict[str, Any]], truth: dict[str, set[str]]) -> Iterator[str]:
    """Yield the answers given without a person that are not right."""
    for answer in answers:
        right = truth.get(answer["query_id"])
        if right is None or answer["decision"] == "review":
            continue
        if (answer["sku"] not in right) if answer["decision"] == "match" else bool(right):
            meant = ", ".join(sorted(right)) or "nothing"
            said = answer["sku"] or "nothing"
            yield f"BAD {answer['confidence']:.3f} {answer['query_id']}: {said}, meant {meant}"


def main() -> None:
    """Score the folder named on the command line."""
    parser = argparse.ArgumentParser(prog="bench.accuracy", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--verbose", action="store_true", help="name each document or answer that is wrong")
    options = parser.parse_args()
    is_matching = all((options.folder / name).is_file() for name in MATCHING_FILES)
    try:
        result = (matching if is_matching else extraction)(options.folder, verbose=options.verbose)
    except OrdermillError as problem:
        sys.exit(str(problem))
    for line in figure_lines(result):
        print(line)
    print(json.dumps(result))


if __name__ == "__main__":
    main()
