"""What one correction is worth: `python -m bench.learning [--layouts 20] [--each 4] [--seed 5] [--kind all]`.

For each sender of our generator the first document is read and put right, field by field, as a person does it; the
sender's others are read before and after. Once as the generator writes them, and once by senders who call two things
each by words that stand in no list (`bench.own_words`), as the first shows mostly that little is left to correct.
Counted are only senders whose first document went wrong, for the others need no lesson: how many of their later
documents are perfect, how many need a correction of a kind that the first one had, and how many are not perfect and
say so themselves (`layout.changed`, or a finding for a person).
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from typing import Any

from bench.own_words import NAMED, own_words, two_of
from oms_app.demo.paper.archetypes import layouts
from oms_app.demo.paper.layout import Layout as Drawn
from oms_app.demo.paper.mails import mail_paper, mail_styles
from oms_app.demo.paper.paper import Paper
from oms_app.demo.paper.pdfs import pdf_paper
from oms_app.demo.paper.sheets import sheet_paper, sheet_styles
from oms_app.evaluation.judging import JudgedDocument, Verdict, judge_document
from oms_app.extract import document
from oms_app.reading_pool import InlineReader
from oms_core.errors import InvalidInput
from oms_core.values import BytesBlob, DraftDocument, Hints, Part, Severity
from oms_core.values.layout import Layout
from oms_flow.correction import add_line, set_field
from oms_flow.learning import taught_by

PERSON = "anna"
_NOT_TYPED = ("type", "totals.", "supplier.", "code")
_HEADS = ("number", "date", "due", "ship_to")
Sender = tuple[Drawn, Callable[[int], Paper]]
Papers = list[Paper]


def corrected(draft: DraftDocument, label: dict[str, Any]) -> DraftDocument:
    """Return a draft as a person leaves it who compares every field with the document."""
    for value in judged(draft, label).values:
        if value.verdict is not Verdict.RIGHT and not value.path.startswith(_NOT_TYPED):
            draft = _typed(draft, value.path, value.want or "")
    have = len(draft.lines)
    for index, line in enumerate(label["lines"]):
        for code in ("buyer_code", "supplier_code"):
            printed = draft.lines[index] if index < have else None
            held = getattr(printed, code) if printed else None
            if printed is not None and (held.value if held else None) != line.get(code):
                draft = _typed(draft, f"lines[{index}].{code}", line.get(code) or "")
        if index >= have:
            draft = add_line(PERSON, line.get("supplier_code") or line.get("buyer_code") or "", line["quantity"])(draft)
    return draft


def _typed(draft: DraftDocument, path: str, text: str) -> DraftDocument:
    try:
        return set_field(path, text, PERSON)(draft)
    except InvalidInput:
        return draft


def judged(draft: DraftDocument, label: dict[str, Any]) -> JudgedDocument:
    """Score one draft against its label."""
    return judge_document("", label, document(draft), spoiled=False)


def senders(kind: str, seed: int, count: int) -> Iterator[Sender]:
    """Yield how each sender writes, with what writes his documents."""
    if kind == "pdf":
        yield from ((one, lambda copy, one=one: pdf_paper(one, copy)) for one in layouts(seed, count))  # type: ignore[misc]  # a default binds the loop's name
    elif kind == "sheet":
        for sheet in sheet_styles(seed, count):
            yield sheet.layout, lambda copy, sheet=sheet: sheet_paper(sheet, copy)  # type: ignore[misc]  # the same
    else:
        for mail in mail_styles(seed, count):
            yield mail.layout, lambda copy, mail=mail: mail_paper(mail, copy)  # type: ignore[misc]  # the same


def written(sender: Sender, each: int, *, own: bool) -> Papers:
    """Return the documents of a sender that are orders; `own` gives him words of his own for two things."""
    drawn, write = sender
    named = tuple(key for key in NAMED if key in drawn.columns or key in _HEADS)
    with own_words(drawn.number, two_of(drawn.number, named)) if own else nullcontext():
        papers = [write(copy) for copy in range(each)]
    return [paper for paper in papers if paper.label["documents"]]


class Desk:
    """Reads documents as the house does, and learns from what a person put right."""

    def __init__(self) -> None:
        self._reader = InlineReader()

    def read(self, paper: Paper, *known: Layout) -> DraftDocument | None:
        """Return the first order of a document."""
        blob, hints = self._opened(paper)
        return next(iter(self._reader.read(blob, Hints(**hints, layouts=known)).drafts), None)

    def taught(self, paper: Paper, lesson: DraftDocument) -> Layout | None:
        """Return what a document teaches together with what a person made of it."""
        blob, hints = self._opened(paper)
        return taught_by(self._reader, blob, Hints(**hints, lesson=lesson))

    def _opened(self, paper: Paper) -> tuple[Any, dict[str, Any]]:
        """Return what bears the order: the file, or the body of a mail."""
        blob, hints = BytesBlob(paper.data), {"filename": paper.name}
        if not paper.name.endswith(".eml"):
            return blob, hints
        parts = self._reader.read(blob, Hints(**hints)).parts
        body: Part | None = next((part for part in parts if part.role == "body"), None)
        return (
            (blob, hints) if body is None else (body.blob, {"filename": body.filename, "media_type": body.media_type})
        )


def worth(desk: Desk, papers: Papers) -> Counter[str]:
    """Count what one correction of the first document gives for the others."""
    first, *others = papers
    found = Counter(senders=1)
    draft, label = desk.read(first), first.label["documents"][0]
    wrong = kinds(draft, label)
    if not wrong:
        return found
    layout = desk.taught(first, corrected(draft, label)) if draft is not None else None
    found += Counter(wrong=1, no_draft=draft is None, lessons=layout is not None, others=len(others))
    for paper in others:
        wanted = paper.label["documents"][0]
        before, after = desk.read(paper), desk.read(paper, *([layout] if layout else []))
        found += Counter(before=not kinds(before, wanted), after=not kinds(after, wanted))
        found += Counter(same_before=bool(wrong & kinds(before, wanted)), same_after=bool(wrong & kinds(after, wanted)))
        asks = after is None or any(one.severity is not Severity.NOTE for one in after.findings)
        found += Counter(asks=bool(kinds(after, wanted)) and asks)
    return found


def kinds(draft: DraftDocument | None, label: dict[str, Any]) -> set[str]:
    """Return the kinds of corrections that a document needs to be perfect; none where it is."""
    if draft is None:
        return {"no draft"}
    found = judged(draft, label)
    if found.perfect:
        return set()
    wrong = {value.field for value in found.values if value.verdict is not Verdict.RIGHT}
    return wrong | ({"lines"} if found.lines.wrong or found.lines.extra else set())


def main() -> int:
    """Draw senders of every kind, teach the first document of each, and score the others."""
    parser = argparse.ArgumentParser(prog="bench.learning", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--layouts", type=int, default=20, help="senders of each kind")
    parser.add_argument("--each", type=int, default=4, help="documents of each sender")
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--kind", choices=("pdf", "sheet", "mail", "all"), default="all")
    options = parser.parse_args()
    desk, rows = Desk(), {}
    for kind in ("pdf", "sheet", "mail") if options.kind == "all" else (options.kind,):
        for own in (False, True):
            total: Counter[str] = Counter()
            for sender in senders(kind, options.seed, options.layouts):
                papers = written(sender, options.each, own=own)
                total += worth(desk, papers) if papers else Counter()
            name = f"{kind}, own words" if own else kind
            rows[name] = dict(total)
            print(_told(name, total))
    print(json.dumps(rows))
    return 0


def _told(name: str, total: Counter[str]) -> str:
    return (
        f"{name}: {total['wrong']} of {total['senders']} senders began wrong ({total['no_draft']} with no draft to"
        f" correct), {total['lessons']} lessons; of their {total['others']} later documents {total['before']} were"
        f" perfect before and {total['after']} after; the same correction again: {total['same_before']} before,"
        f" {total['same_after']} after; {total['asks']} not perfect ask a person"
    )


if __name__ == "__main__":
    sys.exit(main())
