"""Hand documents in, or only read them."""

from pathlib import Path
from typing import Annotated

import typer

from oms_app.commands.context import context, say_json

Files = Annotated[list[Path], typer.Argument(help="Files to read.", exists=True, dir_okay=False)]


def add_to(app: typer.Typer) -> None:
    """Add the commands of this group."""
    app.command()(ingest)
    app.command()(extract)


def ingest(
    ctx: typer.Context,
    files: Files,
    partner: Annotated[
        str | None, typer.Option(help="Who sent them: a customer's number, whole name or EDI id.")
    ] = None,
    json_: Annotated[bool, typer.Option("--json", help="One JSON object a file.")] = False,
) -> None:
    """Hand files in as orders; a running worker reads them.

    The same file again is asked about.
    """
    from intake.upload import UploadChannel, UploadSettings
    from oms_core.ids import new_id
    from oms_core.values import ChannelKind
    from oms_flow.receive import receive

    house = context(ctx).built().house
    clock = house.store.clock
    channel = UploadChannel(UploadSettings("ingest", ChannelKind.INGEST, house.limits.bytes), clock)
    for path in files:
        raw = channel.take_file(path, upload_id=new_id(clock.now()), partner=partner)
        outcome = receive(house, raw)
        channel.settle(raw, outcome)
        if json_:
            say_json({"file": str(path), "outcome": outcome})
        else:
            typer.echo(f"{path}: {_BECAME[outcome.value]}")


_BECAME = {
    "stored": "taken in; a running worker reads it now",
    "duplicate": "is here already; nothing is done twice",
    "refused": "refused, and nothing of it is kept",
}
"""What became of a file, by the word of its settlement."""


def extract(files: Files) -> None:
    """Print what each file says, as JSON.

    One object a file, and nothing else on standard output.
    """
    from oms_app.extract import extract_files, unread
    from oms_app.reading_pool import ReadingPool

    pool = ReadingPool(1)
    failed = False
    try:
        for row in extract_files(files, pool):
            say_json(row)
            failed = failed or unread(row)
    finally:
        pool.close()
    if failed:
        raise typer.Exit(1)
