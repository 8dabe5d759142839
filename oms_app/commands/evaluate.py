"""Measure the reading on one's own documents."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from oms_app.commands.context import context, say_facts, say_json, say_table
from oms_app.evaluation.senders import SenderOf
from oms_core.values.counting import counted

if TYPE_CHECKING:
    from oms_app.evaluation.run import Evaluated

STOPPED = 130
"""Exit status of a run that was stopped from the keyboard, as a shell knows it."""
MAX_JOBS = 64
MAX_PICTURED = 500
TOLD_EVERY = 25
"""Files between two lines of progress where nobody watches."""


def add_to(app: typer.Typer) -> None:
    """Add the commands of this group."""
    app.command()(evaluate)


def evaluate(  # noqa: PLR0913, PLR0917 - each is an option of the command line
    ctx: typer.Context,
    folder: Annotated[Path, typer.Argument(help="Documents with their labels.", exists=True, file_okay=False)],
    out: Annotated[Path, typer.Option(help="The report to write.", dir_okay=False)] = Path("evaluation.html"),
    booked: Annotated[
        Path | None,
        typer.Option(help="A list of what was booked; else booked.csv in DIR.", exists=True, dir_okay=False),
    ] = None,
    jobs: Annotated[int, typer.Option(min=0, max=MAX_JOBS, help="Documents read at once; 0 is worker.readers.")] = 0,
    budget: Annotated[
        float, typer.Option(min=0.00001, max=0.5, help="The share of documents that may pass though they are wrong.")
    ] = 0.001,
    sender_of: Annotated[SenderOf, typer.Option(help="What tells the sender of a document.")] = SenderOf.AUTO,
    pictures: Annotated[int, typer.Option(min=0, max=MAX_PICTURED, help="Documents shown with their pages.")] = 40,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with what an earlier run has read.")] = False,
    json_: Annotated[bool, typer.Option("--json", help="The figures as one JSON object.")] = False,
) -> None:
    """Score the reading of labelled documents in a report.

    Ctrl-C reports what was read so far.
    """
    from datetime import datetime
    from importlib.metadata import version

    from oms_app.evaluation.labels import read_labels
    from oms_app.evaluation.reading import Journal, Readers
    from oms_app.evaluation.report import Wanted, write_report
    from oms_app.evaluation.run import evaluate as read_and_score
    from oms_app.evaluation.run import journal_path
    from oms_app.reading_pool import ReadingPool
    from oms_core.values import Hints

    settings = context(ctx).settings()
    company, size = settings.company, jobs or settings.worker.readers
    names = tuple(dict.fromkeys((company.name, *company.names)))
    hints = Hints(our_names=names, our_ids=company.ids, limits=settings.limits)
    labelled = read_labels(folder, booked)
    journal = Journal(journal_path(out), version("ordermill"))
    with ReadingPool(size) as pool, _progress("Reading", len(labelled.cases)) as progress:
        readers = Readers(pool, size, hints)
        done = read_and_score(labelled, readers, journal, sender_of, resume=resume, progress=progress)
    with _progress("Drawing pages", min(pictures, len(done.score.files))) as drawn:
        made = datetime.now().astimezone()
        wanted = Wanted(folder.resolve().name, budget, pictures, made, version("ordermill"), size, drawn)
        write_report(done, wanted, out)
    _tell(done, out, json_=json_)
    if done.interrupted:
        raise typer.Exit(STOPPED)


@contextmanager
def _progress(what: str, total: int) -> Iterator[Callable[[int], None]]:
    """Show on standard error how much is done: as a bar where somebody watches, else a line now and then."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda count: _say_now_and_then(what, count, total)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(what, total=total)
        yield lambda count: bar.update(task, completed=count)


def _say_now_and_then(what: str, count: int, total: int) -> None:
    if count % TOLD_EVERY == 0:
        typer.echo(f"{what}: {count} of {total}", err=True)


def _tell(done: "Evaluated", out: Path, *, json_: bool) -> None:
    """Print the figures, and on standard error what a person should know beside them."""
    from oms_app.evaluation.table import FIELD_HEADS, field_rows, figure_rows

    for problem in done.problems:
        typer.echo(problem, err=True)
    if done.again:
        typer.echo(f"{counted(done.again, 'file was', 'files were')} read by an earlier run.", err=True)
    if done.waiting:
        left = counted(done.waiting, "file was", "files were")
        typer.echo(f"Stopped: {left} not read; the same command with --resume goes on.", err=True)
    result = done.score.report()
    if json_:
        say_json(result)
    else:
        say_table("Fields", FIELD_HEADS, field_rows(result), "No label says what a field should hold.")
        say_facts(figure_rows(result))
    typer.echo(f"The report is {out} ({done.seconds:.1f} s).", err=True)
