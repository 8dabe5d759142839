"""What was learned of the documents of each sender: list it, look at it, change it, take it back."""

from pathlib import Path
from typing import Annotated

import typer

from oms_app.commands.acting import operator
from oms_app.commands.context import context, say_json, say_table

app = typer.Typer(help="What corrections have taught of each sender's documents.", no_args_is_help=True)
_KEY = typer.Argument(help="The key that 'ordermill layouts list' shows.")


@app.command("list")
def list_layouts(
    ctx: typer.Context,
    sender: Annotated[str, typer.Argument(help="Of one sender: address, domain or partner.")] = "",
    json_: Annotated[bool, typer.Option("--json", help="One object a layout.")] = False,
) -> None:
    """List every layout."""
    from oms_flow.learning import known_layouts

    with context(ctx).built().house.store.read() as session:
        found = known_layouts(session, sender)
    if json_:
        for name, layout in found:
            say_json({"sender": name, "key": layout.key, "form": layout.form, "learned": layout.told()})
        return
    rows = ((one.key, name or "(not known)", one.form, "; ".join(one.told())) for name, one in found)
    heads, none = ("key", "sender", "form", "learned"), "No correction has taught a layout yet"
    say_table("Learned layouts", heads, rows, f"{none} of {sender}." if sender else f"{none}.")


@app.command()
def show(ctx: typer.Context, key: Annotated[str, _KEY]) -> None:
    """Print one layout as JSON, as `change` takes it back."""
    from oms_flow.learning import layout
    from oms_store.codec import dump

    with context(ctx).built().house.store.read() as session:
        held, _ = layout(session, key)
    typer.echo(dump(held).decode())


@app.command()
def change(
    ctx: typer.Context,
    key: Annotated[str, _KEY],
    file: Annotated[Path, typer.Argument(help="JSON as `show` prints it.", exists=True, dir_okay=False)],
) -> None:
    """Put an edited layout in the place of the one kept."""
    from dataclasses import replace

    from oms_core.values.layout import Layout
    from oms_flow.learning import change_layout, layout
    from oms_store.codec import load

    house = context(ctx).built().house
    edited = replace(load(Layout, file.read_bytes()), key=key)
    with house.store.read() as session:
        _, version = layout(session, key)
    change_layout(house, edited, version, operator())
    typer.echo(f"{key} is changed; the next document of this sender is read by it.")


@app.command()
def forget(ctx: typer.Context, key: Annotated[str, _KEY]) -> None:
    """Take back what was learned.

    The next document is read as if it had never been.
    """
    from oms_flow.learning import forget_layout

    forget_layout(context(ctx).built().house, key, operator())
    typer.echo(f"{key} is forgotten.")
