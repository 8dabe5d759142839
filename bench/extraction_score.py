"""The product's scoring for other commands of this folder, and a score that grows document by document."""

from typing import Any

from oms_app.evaluation.judging import JudgedDocument, Verdict, judge_document
from oms_app.evaluation.sameness import Json
from oms_app.evaluation.scoring import score_files

__all__ = ["Score", "score_files"]


class Score:
    """Judges documents one at a time; whoever wants to see each value's evidence overrides `_calibrate`."""

    def __init__(self) -> None:
        self.documents: list[JudgedDocument] = []

    def document(self, name: str, want: Json, have: Json, *, spoiled: bool) -> None:
        judged = judge_document(name, want, have, spoiled=spoiled)
        self.documents.append(judged)
        for value in judged.values:
            if value.weighed:
                self._calibrate(value.evidence, right=value.verdict is Verdict.RIGHT)

    def _calibrate(self, evidence: Any, *, right: bool) -> None:
        """Take note of the evidence of one value."""
