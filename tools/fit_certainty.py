"""Fit `parsers/data/certainty.json` from labelled documents: `python -m tools.fit_certainty DIR[=WEIGHT] ...`.

Each family of formats gets two logistic regressions with a ridge, one for values and one for whole documents. Senders
are kept together: every figure printed, and the risk table that thresholds are taken from, is made on senders that the
model it uses has not seen. Each document of a folder weighs WEIGHT (1 by default).
"""

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zlib import crc32

from bench.accuracy import labelled
from oms_app.evaluation.judging import Verdict, judge_document
from oms_app.extract import FileBlob, document
from oms_core.ports import Reading
from oms_core.values import Blob, DraftDocument, Hints
from oms_flow.compose import compose
from oms_flow.tree import read_tree
from parsers import certainty
from parsers.registry import builtin_parsers, read_document

if TYPE_CHECKING:
    import numpy as np

TARGET = Path(__file__).parents[1] / "parsers" / "data" / "certainty.json"
FIRST_SIGHT = {"mail": (0.97, 0.45), "pdf": (0.94, 0.3), "sheet": (0.98, 0.6)}
"""The shares of values and of documents that were right when each reader first met senders it had not been built with.

The documents that a reader was built with flatter it: the models keep what they know of better and worse readings, and
are moved as a whole until their average on documents of others (those that weigh more) is what strangers' gave.
"""
FOLDS = 5
CONSTANT = "one"
RIDGE = 30.0
STEPS = 50
RISK_STEPS = (
    0.2,
    0.3,
    0.4,
    0.5,
    0.6,
    0.7,
    0.75,
    0.8,
    0.85,
    0.875,
    0.9,
    0.92,
    0.94,
    0.95,
    0.96,
    0.97,
    0.975,
    0.98,
    0.985,
    0.99,
    0.995,
)


@dataclass(frozen=True, slots=True)
class Case:
    """One value or document: its facts, whether it was right, what it weighs, and the fold of its sender."""

    facts: certainty.Facts
    right: bool
    weight: float
    fold: int


@dataclass(slots=True)
class Labelled:
    """One document that was read and scored."""

    draft: DraftDocument
    perfect: bool
    weight: float
    fold: int
    values: list[tuple[str, bool]] = field(default_factory=list)


class _Plain:
    """Reads without a model, so that the facts are the parser's own."""

    def __init__(self) -> None:
        self._parsers = builtin_parsers()

    def read(self, blob: Blob, hints: Hints) -> Reading:
        return read_document(blob, hints, self._parsers, finish=lambda draft: draft)


def read_folder(folder: Path, weight: float) -> Iterator[Labelled]:
    """Read and score every labelled document of a folder."""
    reader = _Plain()
    labels = labelled(folder)
    for number, (path, label) in enumerate(labels.items(), start=1):
        composition = compose(read_tree(reader, FileBlob(path), Hints(filename=path.name)))
        sender = str(label.get("_sender") or path.name.partition("__")[0])
        fold = crc32(sender.encode()) % FOLDS
        for index, placed in enumerate(composition.drafts):
            if index < len(label["documents"]):
                yield _scored(placed.draft, label["documents"][index], weight, fold)
        if number % 100 == 0:
            print(f"{folder}: {number} of {len(labels)}", file=sys.stderr)


def _scored(draft: DraftDocument, label: dict[str, Any], weight: float, fold: int) -> Labelled:
    judged = judge_document("", label, document(draft), spoiled=False)
    values = [(value.path, value.verdict is Verdict.RIGHT) for value in judged.values if value.weighed]
    return Labelled(draft, judged.perfect, weight, fold, values)


def fit_family(found: Sequence[Labelled], family: str) -> dict[str, Any]:
    """Fit both models of a family and print how they do on senders they have not seen."""
    cases = [list(_value_cases(one)) for one in found]
    every = [case for several in cases for case in several]
    values = fit(every)
    unseen = {fold: fit([case for case in every if case.fold != fold]) for fold in range(FOLDS)}
    report("values", [(case, certainty.chance(unseen[case.fold], case.facts)) for case in every])
    documents = [_document_case(one, unseen[one.fold]) for one in found]
    by_fold = {fold: fit([case for case in documents if case.fold != fold]) for fold in range(FOLDS)}
    report("documents", [(case, certainty.chance(by_fold[case.fold], case.facts)) for case in documents])
    of_values, of_documents = FIRST_SIGHT[family]
    moved = {fold: sobered(weights, documents, of_documents) for fold, weights in by_fold.items()}
    told = [(case, certainty.chance(moved[case.fold], case.facts)) for case in documents]
    return {
        "values": _rounded(sobered(values, every, of_values)),
        "document": _rounded(sobered(fit(documents), documents, of_documents)),
        "risk": list(risk_table(told)),
    }


def sobered(weights: dict[str, float], cases: Sequence[Case], share: float) -> dict[str, float]:
    """Move all chances alike until their average on documents of others is this share."""
    most = max((case.weight for case in cases), default=1.0)
    others = [case for case in cases if case.weight == most]
    low, high = -12.0, 0.0
    for _ in range(40):
        step = (low + high) / 2
        moved = weights | {CONSTANT: weights.get(CONSTANT, 0.0) + step}
        mean = sum(certainty.chance(moved, case.facts) for case in others) / max(len(others), 1)
        low, high = (step, high) if mean < share else (low, step)
    return weights | {CONSTANT: weights.get(CONSTANT, 0.0) + high}


def _value_cases(one: Labelled) -> Iterator[Case]:
    facts = dict(certainty.value_facts(one.draft))
    for path, right in one.values:
        if path in facts:
            yield Case(facts[path], right, one.weight, one.fold)


def _document_case(one: Labelled, weights: dict[str, float]) -> Case:
    chances = {path: certainty.chance(weights, facts) for path, facts in certainty.value_facts(one.draft)}
    return Case(certainty.document_facts(one.draft, chances), one.perfect, one.weight, one.fold)


def fit(cases: Sequence[Case]) -> dict[str, float]:
    """Fit a logistic regression with a ridge by Newton's method; facts are scaled to unit spread inside."""
    import numpy as np

    names = sorted({name for case in cases for name in case.facts})
    if not cases:
        return {}
    place = {name: index for index, name in enumerate(names)}
    facts = np.zeros((len(cases), len(names)))
    for row, case in enumerate(cases):
        for name, size in case.facts.items():
            facts[row, place[name]] = size
    spread = np.sqrt((facts**2).mean(axis=0))
    spread[spread == 0] = 1.0
    right = np.array([case.right for case in cases], dtype=float)
    weight = np.array([case.weight for case in cases])
    solved = _newton(facts / spread, right, weight)
    return {name: float(solved[index] / spread[index]) for name, index in place.items()}


def _newton(facts: "np.ndarray", right: "np.ndarray", weight: "np.ndarray") -> "np.ndarray":
    import numpy as np

    solved = np.zeros(facts.shape[1])
    ridge = np.full(facts.shape[1], RIDGE)
    for _ in range(STEPS):
        chances = 1 / (1 + np.exp(-np.clip(facts @ solved, -30, 30)))
        slope = facts.T @ (weight * (right - chances)) - ridge * solved
        curve = (facts * (weight * np.maximum(chances * (1 - chances), 1e-6))[:, None]).T @ facts + np.diag(ridge)
        step = np.linalg.solve(curve, slope)
        solved = solved + step
        if float(np.abs(step).max()) < 1e-6:  # noqa: PLR2004 - it has settled
            break
    return solved


def report(what: str, told: Iterable[tuple[Case, float]]) -> None:
    """Print how well chances foretell what is right: Brier skill against always saying the base rate."""
    rows = list(told)
    total = sum(case.weight for case, _ in rows)
    if not total:
        return
    base = sum(case.weight * case.right for case, _ in rows) / total
    brier = sum(case.weight * (sure - case.right) ** 2 for case, sure in rows) / total
    skill = 1 - brier / (base * (1 - base)) if 0 < base < 1 else 0.0
    print(f"  {what}: {len(rows)}, right {base:.4f}, Brier skill {skill:.3f}")
    for low, high in ((0, 0.5), (0.5, 0.8), (0.8, 0.9), (0.9, 0.95), (0.95, 0.98), (0.98, 1.01)):
        inside = [case for case, sure in rows if low <= sure < high]
        if inside:
            share = sum(case.right for case in inside) / len(inside)
            print(f"    said {low:.2f} to {min(high, 1):.2f}: {len(inside):6}, right {share:.4f}")


def risk_table(told: Sequence[tuple[Case, float]]) -> Iterator[tuple[float, int, int]]:
    """Yield how many documents, and how many wrong ones, stand at each confidence or above."""
    for step in RISK_STEPS:
        taken = [case for case, sure in told if sure >= step]
        yield step, len(taken), sum(not case.right for case in taken)


def _rounded(weights: dict[str, float]) -> dict[str, float]:
    return {name: round(weight, 4) for name, weight in sorted(weights.items()) if abs(weight) >= 0.0001}  # noqa: PLR2004


def main() -> None:
    """Fit every family from the folders named on the command line."""
    parser = argparse.ArgumentParser(prog="tools.fit_certainty", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folders", nargs="+", metavar="DIR[=WEIGHT]")
    parser.add_argument("--dry-run", action="store_true", help="print the figures and write nothing")
    options = parser.parse_args()
    families: dict[str, list[Labelled]] = defaultdict(list)
    for text in options.folders:
        folder, _, weight = text.partition("=")
        for one in read_folder(Path(folder), float(weight or 1)):
            families[certainty.FAMILY.get(one.draft.format, "")].append(one)
    families.pop("", None)
    models = {}
    for family, found in sorted(families.items()):
        print(f"{family}: {len(found)} documents, {sum(one.perfect for one in found)} right")
        models[family] = fit_family(found, family)
    if not options.dry_run:
        TARGET.write_text(json.dumps(models, indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
