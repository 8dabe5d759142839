"""What every command can ask for: settings, the house, and a way to speak to people or to scripts."""

import json
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from config.settings import Settings
    from oms_app.bootstrap import Built


PIPED_WIDTH = 160
"""Columns of a table that goes to a file or another program."""


@dataclass(frozen=True, slots=True)
class Context:
    """Where settings come from, and what is to be closed when the command ends."""

    config: Path | None
    environ: Mapping[str, str]
    ending: ExitStack = field(default_factory=ExitStack)

    def called(self) -> str:
        """Return how this program is called, for commands that people are told to type next."""
        from oms_app.calling import as_called

        return as_called(self.config)

    def settings(self) -> "Settings":
        """Read the settings. Raises ConfigurationError."""
        from config.loading import load

        return load(self.environ, self.config)

    def built(self) -> "Built":
        """Build the house over its database, for commands that look and decide; documents are read in children.

        The children that read end with the command.
        """
        from oms_app.bootstrap import build
        from oms_app.reading_pool import ReadingPool

        settings = self.settings()
        pool = self.ending.enter_context(ReadingPool(settings.worker.readers))
        return build(settings, reader=pool)


def context(ctx: typer.Context) -> Context:
    """Return the context of a command."""
    found: Context = ctx.obj
    return found


def say_json(row: object) -> None:
    """Print one JSON value on one line."""
    typer.echo(json.dumps(row, ensure_ascii=False, default=str))


def say_line(text: str) -> None:
    """Print one line for people, folded where the terminal ends."""
    _console().print(_text(text))


def say_facts(rows: Iterable[tuple[str, Any]]) -> None:
    """Print names and what they hold, side by side and without a frame; what holds nothing is left out."""
    from rich.table import Table

    grid = Table.grid(padding=(0, 2))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for name, held in rows:
        if held in (None, ""):
            continue
        grid.add_row(_text(f"  {name}"), _text(held))
    _console().print(grid)


def say_table(title: str, columns: Iterable[str], rows: Iterable[Iterable[Any]], empty: str = "") -> None:
    """Print a table for people, or the sentence `empty` where there is nothing to list."""
    from rich.table import Table

    listed = list(rows)
    if empty and not listed:
        say_line(empty)
        return
    table = Table(title=title or None, title_justify="left")
    for place, column in enumerate(columns):
        # Nothing is cut off, and what people copy (the first column) stays on one line.
        table.add_column(column, overflow="fold", no_wrap=place == 0)
    for row in listed:
        table.add_row(*map(_text, row))
    _console().print(table)


def local_time(moment: datetime, zone: str) -> str:
    """Write an instant as the company's clock shows it."""
    from zoneinfo import ZoneInfo

    return f"{moment.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"


def _text(cell: object) -> "Text":
    """Take what comes from documents as plain text: it cannot style or hide anything, nor move the cursor."""
    from rich.text import Text

    shown = "" if cell is None else str(cell)
    return Text("".join(char if char.isprintable() or char == "\n" else " " for char in shown))


def _console() -> "Console":
    from rich.console import Console

    console = Console()
    if not console.is_terminal:
        console.width = PIPED_WIDTH
    return console
