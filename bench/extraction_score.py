"""Score documents that were read against labels made by hand."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.matching_score import brier_skill, calibration_error
from bench.sameness import CODES, align, fold, same, squash

HEADER = (
    *("type", "number", "date", "requested_date", "currency", "buyer.name", "buyer.id", "supplier.name"),
    *("ship_to.name", "ship_to.address", "totals.net", "totals.tax", "totals.gross"),
)
CRITICAL = frozenset(HEADER) - {"buyer.id", "supplier.name", "totals.net", "totals.tax", "totals.gross"}
"""Header fields that ship and bill: with every line they make a document perfect."""
LINE = ("gtin", "description", "quantity", "unit", "unit_price", "amount", "requested_date")
GOODS = ("quantity", "unit", "unit_price", "description")
"""What a warehouse and a ledger need of a line, beside its codes."""
OWNED = CODES[:2]
LONE_TOTALS = ("totals.net", "totals.gross")
BARS = (0.9, 0.95, 0.99)
VERDICTS = ("right", "wrong", "missing", "made_up")

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Scored:
    """One labelled document: `bad` names what was not right."""

    name: str
    perfect: bool
    confidence: float
    bad: tuple[str, ...]


@dataclass(slots=True)
class Score:
    """The counts of one folder."""

    verdicts: dict[str, Counter[str]] = field(default_factory=lambda: {verdict: Counter() for verdict in VERDICTS})
    lines: Counter[str] = field(default_factory=Counter)
    files: Counter[str] = field(default_factory=Counter)
    documents: list[Scored] = field(default_factory=list)
    calibration: list[tuple[float, bool]] = field(default_factory=list)
    without_confidence: int = 0
    seconds: float = 0.0

    def value(self, name: str, want: Any, have: Any, evidence: Any) -> bool:
        """Count one value; nothing is counted where label and reading both say nothing."""
        right = same(name, want, have)
        if want is None and have is None:
            return True
        verdict = "right" if right else "missing" if have is None else "made_up" if want is None else "wrong"
        self.verdicts[verdict][name] += 1
        if have is not None:
            self._calibrate(evidence, right=right)
        return right

    def _calibrate(self, evidence: Any, *, right: bool) -> None:
        confidence = evidence.get("confidence") if isinstance(evidence, dict) else None
        if isinstance(confidence, int | float):
            self.calibration.append((float(confidence), right))
        else:
            self.without_confidence += 1

    def codes(self, want: Json, have: Json, skip: set[str]) -> None:
        """Count the codes of a line together; whose they are counts only where both are printed."""
        scored = [code for code in OWNED if f"lines[].{code}" not in skip and code in want]
        asked = {code: fold(want[code]) for code in scored if want.get(code)}
        found = {code: fold(have[code]) for code in CODES if have.get(code)}
        for code, text in asked.items():
            if text not in found.values():
                self.verdicts["wrong" if set(found) & set(OWNED) else "missing"]["code"] += 1
                continue
            self.verdicts["right"]["code"] += 1
            if len(asked) == len(OWNED):
                self.verdicts["right" if found.get(code) == text else "wrong"]["code owner"] += 1
        if len(scored) == len(OWNED):
            known = {fold(want[code]) for code in CODES if want.get(code)}
            extra = sum(code in found and found[code] not in known for code in OWNED)
            self.verdicts["made_up"]["code"] += max(0, extra - sum(t not in found.values() for t in asked.values()))

    def document(self, name: str, want: Json, have: Json, *, spoiled: bool) -> None:
        """Count one labelled document; `spoiled` says that its file gave documents that are not there."""
        skip = set(want.get("_skip", ()))
        have, skip = _lone_total(want, have, skip)
        evidence = have.get("evidence") or {}
        bad = [
            path
            for path in HEADER
            if _stated(want, path)
            and path not in skip
            and not self.value(path, _at(want, path), _at(have, path), evidence.get(path))
        ]
        wrong_lines, complete = ([], True) if "lines" in skip else self._lines(want, have, skip, evidence)
        perfect = not spoiled and complete and not wrong_lines and not CRITICAL.intersection(bad)
        confidence = float(have.get("confidence") or 0.0)
        self.documents.append(Scored(name, perfect, confidence, (*bad, *wrong_lines)))

    def _lines(self, want: Json, have: Json, skip: set[str], evidence: Json) -> tuple[list[str], bool]:
        """Count the lines; returns those that are wrong and whether there are as many as labelled."""
        asked, read = want.get("lines", []), have.get("lines") or []
        bad = []
        for i, j in align(asked, read):
            line = read[j] if j is not None else {}
            for name in LINE:
                if name in asked[i] and f"lines[].{name}" not in skip:
                    self.value(name, asked[i][name], line.get(name), evidence.get(f"lines[{j}].{name}"))
            self.codes(asked[i], line, skip)
            if j is None or not line_is_right(asked[i], line, skip):
                bad.append(f"line {i + 1}")
        self.lines.update(want=len(asked), have=len(read), right=len(asked) - len(bad))
        return bad, len(asked) == len(read)

    def report(self) -> Json:
        """Return every figure of the folder."""
        total = {verdict: sum(counts.values()) for verdict, counts in self.verdicts.items()}
        header = {verdict: sum(counts[name] for name in HEADER) for verdict, counts in self.verdicts.items()}
        precision = _share(self.lines["right"], self.lines["have"])
        recall = _share(self.lines["right"], self.lines["want"])
        read = total["right"] + total["wrong"] + total["made_up"]
        return {
            "documents": len(self.documents),
            "documents_perfect": sum(entry.perfect for entry in self.documents),
            "touchless_before_first_error": self._before_first_error(),
            "touchless_at": {str(bar): self._touchless(bar) for bar in BARS},
            "line_precision": round(precision, 4),
            "line_recall": round(recall, 4),
            "line_f1": round(_f1(precision, recall), 4),
            "field_recall": round(_share(total["right"], total["right"] + total["wrong"] + total["missing"]), 4),
            "field_precision": round(_share(total["right"], read), 4),
            "header_f1": round(_header_f1(header), 4),
            "brier_skill": brier_skill(self.calibration),
            "values_without_confidence": self.without_confidence,
            "calibration_error": calibration_error(self.calibration),
            "values_with_confidence": len(self.calibration),
            "fields": {name: shown for name in (*HEADER, *LINE, "code", "code owner") if (shown := self._field(name))},
            **self.files,
            "seconds": round(self.seconds, 2),
        }

    def _field(self, name: str) -> Json:
        counts = {verdict: self.verdicts[verdict][name] for verdict in VERDICTS}
        if not any(counts.values()):
            return {}
        precision = _share(counts["right"], counts["right"] + counts["wrong"] + counts["made_up"])
        recall = _share(counts["right"], counts["right"] + counts["wrong"] + counts["missing"])
        shares = {"precision": precision, "recall": recall, "f1": _f1(precision, recall)}
        return {key: round(share, 4) for key, share in shares.items()} | counts

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


def score_files(labels: Mapping[Path, Json], rows: Mapping[str, Json]) -> Score:
    """Score what was read of each file against its label."""
    score = Score(files=Counter(dict.fromkeys(_FILE_COUNTS, 0)))
    for path, label in labels.items():
        row = rows.get(path.name)
        score.files["unanswered_files"] += row is None
        _file(score, path.name, label, row or {})
    return score


_FILE_COUNTS = (
    *("unreadable", "unreadable_reported", "not_orders", "false_orders", "false_documents", "extra_documents"),
    "unanswered_files",
)


def _file(score: Score, name: str, label: Json, row: Json) -> None:
    score.seconds += row.get("seconds") or 0.0
    wanted, have = label["documents"], row.get("documents") or []
    if label.get("_error"):  # a corrupt file: an error that says so, and nothing made up
        score.files["unreadable"] += 1
        score.files["unreadable_reported"] += bool(row.get("error")) and not have
        return
    extra = have[len(wanted) :] if wanted else [document for document in have if _business(document)]
    if wanted:
        score.files["extra_documents"] += len(extra)
    else:
        score.files["not_orders"] += 1
        score.files["false_orders"] += any(str(document.get("type", "")).startswith("order") for document in have)
        score.files["false_documents"] += bool(extra)
    score.lines["have"] += sum(len(document.get("lines") or []) for document in extra)
    for index, want in enumerate(wanted):
        shown = f"{name}#{index + 1}" if len(wanted) > 1 else name
        score.document(shown, want, _twin(want, index, len(wanted), have), spoiled=bool(extra))


def _business(document: Json) -> bool:
    return document.get("type") not in (None, "other")


def _twin(want: Json, index: int, count: int, have: list[Json]) -> Json:
    """Return the document read for a label: the one in its place, or of its number where their counts differ."""
    in_place = have[index] if index < len(have) else None
    if len(have) == count:
        return in_place or {}
    numbered = {squash(document.get("number")): document for document in have}
    return numbered.get(squash(want.get("number"))) or in_place or {}


def line_is_right(want: Json, have: Json, skip: set[str]) -> bool:
    """Whether a line has the right goods, quantity, unit and price."""
    for name in GOODS:
        counts_made_up = name in ("quantity", "unit_price") and name in want
        if f"lines[].{name}" in skip or (want.get(name) is None and not counts_made_up):
            continue
        if not same(name, want[name], have.get(name)):
            return False
    found = {fold(have[code]) for code in CODES if have.get(code)}
    asked = (code for code in CODES if want.get(code) and f"lines[].{code}" not in skip)
    return all(fold(want[code]) in found for code in asked)


def _lone_total(want: Json, have: Json, skip: set[str]) -> tuple[Json, set[str]]:
    """Take one printed total from either place; the other place is then not scored."""
    stated = [path for path in LONE_TOTALS if _at(want, path) is not None]
    if len(stated) != 1:
        return have, skip
    totals = dict(have.get("totals") or {})
    for path in LONE_TOTALS:
        if same(path, _at(want, stated[0]), _at(have, path)):
            totals[stated[0].partition(".")[2]] = _at(have, path)
    return have | {"totals": totals}, (skip - set(stated)) | (set(LONE_TOTALS) - set(stated))


def _at(tree: Any, path: str) -> Any:
    for key in path.split("."):
        if not isinstance(tree, dict) or key not in tree:
            return None
        tree = tree[key]
    return tree


def _stated(tree: Any, path: str) -> bool:
    """Whether a label speaks of a field at all; one that is absent is not scored."""
    for key in path.split("."):
        if not isinstance(tree, dict) or key not in tree:
            return False
        tree = tree[key]
    return True


def _header_f1(counts: Mapping[str, int]) -> float:
    right = 2 * counts["right"]
    return _share(right, right + 2 * counts["wrong"] + counts["missing"] + counts["made_up"])


def _f1(precision: float, recall: float) -> float:
    return _share(2 * precision * recall, precision + recall)


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
