"""The command `ordermill`: people get words and progress, scripts get `--json` and an exit status."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from oms_app.commands import columns, demo, evaluate, house, intake, layouts, master, matching, orders, serve
from oms_app.commands.context import Context
from oms_core.errors import OrdermillError

app = typer.Typer(
    name="ordermill",
    help="Order intake: reads every order, asks people only what a machine cannot know, and tells the ERP.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
for group in (serve, intake, matching, evaluate, orders, master, house):
    group.add_to(app)
app.add_typer(demo.app, name="demo")
app.add_typer(columns.app, name="columns")
app.add_typer(layouts.app, name="layouts")


@app.callback()
def root(
    ctx: typer.Context,
    config: Annotated[
        Path | None, typer.Option(help="The settings file; else ORDERMILL_CONFIG or ordermill.toml.")
    ] = None,
) -> None:
    """Read the settings when a command asks for them."""
    ctx.obj = Context(config, dict(os.environ))
    ctx.call_on_close(ctx.obj.ending.close)


def main() -> None:
    """Run the command line; what goes wrong is one sentence and exit status 1."""
    try:
        app()
    except OrdermillError as problem:
        typer.echo(f"ordermill: {problem}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
