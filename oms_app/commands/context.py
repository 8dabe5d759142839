"""What every command can ask for: settings, the house, and a way to speak to people or to scripts."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from config.settings import Settings
    from oms_app.bootstrap import Built


PIPED_WIDTH = 160
"""Columns of a table that goes to a file or another program."""


@dataclass(frozen=True, slots=True)
class Context:
    """Where settings come from."""

    config: Path | None
    environ: Mapping[str, str]

    def settings(self) -> "Settings":
        """Read the settings. Raises ConfigurationError."""
        from config.loading import load

        return load(self.environ, self.config)

    def built(self) -> "Built":
        """Build the house over its database, for commands that look and decide; documents are read in children."""
        from oms_app.bootstrap import build

        return build(self.settings())


def context(ctx: typer.Context) -> Context:
    """Return the context of a command."""
    found: Context = ctx.obj
    return found


def say_json(row: object) -> None:
    """Print one JSON value on one line."""
    typer.echo(json.dumps(row, ensure_ascii=False, default=str))


def say_table(title: str, columns: Iterable[str], rows: Iterable[Iterable[Any]]) -> None:
    """Print a table for people."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(title=title, title_justify="left")
    for place, column in enumerate(columns):
        # Nothing is cut off, and what people copy (the first column) stays on one line.
        table.add_column(column, overflow="fold", no_wrap=place == 0)
    for row in rows:
        # Text, not markup: what comes from documents must not be able to style or hide anything.
        table.add_row(*(Text("" if cell is None else str(cell)) for cell in row))
    console = Console()
    if not console.is_terminal:
        console.width = PIPED_WIDTH
    console.print(table)
