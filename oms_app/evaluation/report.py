"""Write the report: one HTML file that needs no network, no script and no other file."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from oms_app.evaluation.charts import Curve, Frame, Reliability, curve, reliability
from oms_app.evaluation.coverage import Coverage, coverage
from oms_app.evaluation.headline import Card, FieldRow, Group, Times, cards, field_rows, groups, times
from oms_app.evaluation.intervals import wilson
from oms_app.evaluation.pictures import PDF, Drawable, Picture, draw, marked
from oms_app.evaluation.run import Evaluated
from oms_app.evaluation.scoring import Score, ScoredFile
from oms_app.evaluation.shown import Mistake, ShownFile, shown_file, surest_mistakes, worst_first
from oms_app.evaluation.wording import between, one_in, percent, visible
from oms_core.errors import InvalidInput
from oms_core.values.counting import counted

MAX_DETAILED = 500
"""Files shown with all their values, the worst first; the others stand in the table."""
MAX_LISTED = 5_000
"""Files in the table."""
MAX_SENDERS = 100
MAX_WARNINGS = 50
TEMPLATE = "report.html"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the report is to show: the folder's name, the error budget, how many documents with pictures, and when.

    `at_once` is how many documents are drawn at a time; `drawn` is told how many are done.
    """

    folder: str
    budget: float
    pictures: int
    made: datetime
    program: str
    at_once: int = 2
    drawn: Callable[[int], None] = lambda _count: None


@dataclass(frozen=True, slots=True)
class ReportView:
    """The whole report."""

    folder: str
    made: str
    program: str
    lead: str
    warnings: tuple[str, ...]
    cards: tuple[Card, ...]
    coverage: Coverage
    curve: Curve
    promise: str
    values: Reliability
    documents: Reliability
    figures: Mapping[str, object]
    fields: tuple[FieldRow, ...]
    formats: tuple[Group, ...]
    senders: tuple[Group, ...]
    senders_left_out: int
    surest: tuple[Mistake, ...]
    files: tuple[ShownFile, ...]
    detailed: tuple[ShownFile, ...]
    left_out: int
    times: Times


def write_report(evaluated: Evaluated, wanted: Wanted, out: Path) -> None:
    """Write the report whole: it is there complete or not at all. Raises InvalidInput where it cannot be written."""
    text = report_html(evaluated, wanted)
    beside = out.with_name(f"{out.name}.part")
    try:
        beside.write_text(text, encoding="utf-8")
        beside.replace(out)
    except OSError as problem:
        raise InvalidInput(f"{out} cannot be written: {problem.strerror or problem}") from problem


def report_html(evaluated: Evaluated, wanted: Wanted) -> str:
    """Return the report as HTML; every text of a document is escaped by the template."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"percent": percent, "counted": counted}
    environment.globals["frame"] = Frame()
    return environment.get_template(TEMPLATE).render(view=report_view(evaluated, wanted))


def report_view(evaluated: Evaluated, wanted: Wanted) -> ReportView:
    """Gather everything that the report shows, with the pictures of its worst documents."""
    score = evaluated.score
    ranked = worst_first(score.files)
    anchors = {file.name: f"d{place}" for place, file in enumerate(ranked[:MAX_DETAILED], start=1)}
    pictures = dict(draw(_drawables(evaluated, ranked)[: wanted.pictures], wanted.at_once, wanted.drawn))
    found = coverage(score, wanted.budget)
    senders = groups(score.files, [file.sender for file in score.files])
    return ReportView(
        folder=visible(wanted.folder),
        made=wanted.made.strftime("%Y-%m-%d %H:%M"),
        program=wanted.program,
        lead=_lead(score),
        warnings=tuple(map(visible, _warnings(evaluated))),
        cards=tuple(cards(score, found)),
        coverage=found,
        curve=curve(found),
        promise=_promise(found),
        values=reliability(score.calibration),
        documents=reliability([(one.confidence, one.perfect) for one in score.documents if one.confidence > 0]),
        figures=score.report(),
        fields=field_rows(score),
        formats=groups(score.files, [file.format for file in score.files]),
        senders=senders[:MAX_SENDERS],
        senders_left_out=max(0, len(senders) - MAX_SENDERS),
        surest=surest_mistakes(score.files, anchors),
        files=tuple(shown_file(file, anchors.get(file.name, "")) for file in ranked[:MAX_LISTED]),
        detailed=tuple(_detailed(file, anchors, pictures) for file in ranked[:MAX_DETAILED]),
        left_out=max(0, len(ranked) - MAX_LISTED),
        times=times(score.files),
    )


def _detailed(file: ScoredFile, anchors: Mapping[str, str], pictures: Mapping[str, tuple[Picture, ...]]) -> ShownFile:
    return shown_file(file, anchors[file.name], pictures.get(file.name, ()))


def _drawables(evaluated: Evaluated, files: list[ScoredFile]) -> list[Drawable]:
    """Return the PDFs among these files."""
    return [
        Drawable(
            file.name,
            evaluated.cases[file.name].path,
            tuple(one for values in marked(file.documents) for one in values),
        )
        for file in files
        if file.format == PDF
    ]


def _lead(score: Score) -> str:
    """Say in a sentence what was measured and what came of it."""
    documents, senders = len(score.documents), len({file.sender for file in score.files})
    if not documents:
        return f"{counted(len(score.files), 'file')} read, none of them with a labelled document."
    around = between(wilson(score.perfect, documents))
    return (
        f"{counted(documents, 'document')} of {counted(senders, 'sender')} read and compared with what people say they "
        f"hold. In {score.perfect:,} of them all is right that ships or bills: {percent(score.perfect / documents)}. "
        f"With 95 % certainty the share lies between {around.replace(' to ', ' and ')} for documents like these."
    )


def _warnings(evaluated: Evaluated) -> list[str]:
    """Say what is missing in this report."""
    told = []
    if evaluated.waiting:
        total = len(evaluated.read) + evaluated.waiting
        told.append(
            f"Reading was stopped: {evaluated.waiting:,} of {total:,} documents were not read and are not in these "
            "figures. The same command with --resume goes on."
        )
    told += evaluated.problems[:MAX_WARNINGS]
    if len(evaluated.problems) > MAX_WARNINGS:
        told.append(f"{len(evaluated.problems) - MAX_WARNINGS:,} more labels could not be used.")
    return told


def _promise(found: Coverage) -> str:
    """Say what the error budget allows, and what more it would take."""
    budget = f"at most {one_in(found.budget)} documents wrong" if found.budget < 1 else "any share wrong"
    if found.taken:
        taken = found.taken
        return (
            f"With a budget of {budget}, documents from a confidence of {taken.confidence:.2f} on may pass without a "
            f"person: {taken.taken:,} of {found.documents:,} here, {taken.wrong:,} of them wrong. With 95 % certainty "
            f"not more than {percent(taken.at_most)} of such documents are."
        )
    shown = (
        f" What it does show: from a confidence of {found.surest.confidence:.2f} on, {found.surest.wrong:,} of "
        f"{found.surest.taken:,} were wrong, so not more than {percent(found.surest.at_most)} with 95 % certainty."
        if found.surest
        else ""
    )
    return (
        f"A budget of {budget} cannot be shown to be kept by this folder, so no document should pass without a person "
        f"on its word. {found.needed:,} documents in a row without an error would show it.{shown}"
    )
