"""What one correction is worth: `python -m bench.learning [--layouts 40] [--each 4] [--seed 5]`.

For each layout of our generator the first document is read and put right, field by field, as a person does it; the
others of that layout are read before and after. Printed is how many of the others are perfect, and how many of those
that are not stay below the confidence that an error budget of one in a hundred asks for.
"""

import argparse
import json
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench import paper
from bench.accuracy import labelled
from oms_app.evaluation.judging import JudgedDocument, Verdict, judge_document
from oms_app.extract import FileBlob, document
from oms_app.reading_pool import InlineReader
from oms_core.errors import InvalidInput
from oms_core.ports import Reading
from oms_core.values import DraftDocument, Hints
from oms_core.values.layout import Layout
from oms_flow.correction import add_line, set_field

PERSON = "anna"
_NOT_TYPED = ("type", "totals.", "supplier.", "code")


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


def taught(reader: InlineReader, path: Path, label: dict[str, Any]) -> Layout | None:
    """Read a document, put it right, and return what that teaches; None where nothing had to be put right."""
    reading = reader.read(FileBlob(path), Hints(filename=path.name))
    if not reading.drafts or judged(reading.drafts[0], label).perfect:
        return None
    lesson = corrected(reading.drafts[0], label)
    return reader.read(FileBlob(path), Hints(filename=path.name, lesson=lesson)).layout


def by_layout(folder: Path) -> Iterator[list[tuple[Path, dict[str, Any]]]]:
    """Yield the documents of each layout with their labels, in order."""
    found: defaultdict[str, list[tuple[Path, dict[str, Any]]]] = defaultdict(list)
    for path, label in labelled(folder).items():
        if label["documents"]:
            found[str(label["_sender"])].append((path, label["documents"][0]))
    yield from (several for several in found.values() if len(several) > 1)


def main() -> int:
    """Draw layouts, teach the first document of each, and score the others."""
    parser = argparse.ArgumentParser(prog="bench.learning", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--layouts", type=int, default=40)
    parser.add_argument("--each", type=int, default=4)
    parser.add_argument("--seed", type=int, default=5)
    options = parser.parse_args()
    reader, total, before, after, lessons, noticed = InlineReader(), 0, 0, 0, 0, 0
    with tempfile.TemporaryDirectory() as name:
        words = [name, "--layouts", str(options.layouts), "--each", str(options.each), "--seed", str(options.seed)]
        sys.argv[1:] = words
        paper.main()
        for (first, told), *others in by_layout(Path(name)):
            layout = taught(reader, first, told)
            lessons += layout is not None
            for path, label in others:
                total += 1
                before += _perfect(reader.read(FileBlob(path), Hints(filename=path.name)), label)
                hints = Hints(filename=path.name, layouts=(layout,) if layout else ())
                reading = reader.read(FileBlob(path), hints)
                good = _perfect(reading, label)
                after += good
                noticed += not good and any(one.code == "layout.changed" for d in reading.drafts for one in d.findings)
    row = {"others": total, "lessons": lessons, "perfect_before": before, "perfect_after": after, "noticed": noticed}
    print(json.dumps(row))
    print(f"learning: {after} of {total} perfect after one correction, {before} before; {lessons} lessons")
    return 0


def _perfect(reading: Reading, label: dict[str, Any]) -> bool:
    return bool(reading.drafts) and judged(reading.drafts[0], label).perfect


if __name__ == "__main__":
    sys.exit(main())
