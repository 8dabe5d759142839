"""Declare the columns of a sender's tables."""

from typing import Annotated

import typer

from oms_app.commands.acting import operator
from oms_app.commands.context import context, say_json, say_table

app = typer.Typer(help="The declared columns of a sender's CSV and XLSX orders.", no_args_is_help=True)


@app.command("list")
def list_columns(
    ctx: typer.Context, json_: Annotated[bool, typer.Option("--json", help="One object a sender.")] = False
) -> None:
    """List every declaration."""
    from oms_flow.columns import declared

    with context(ctx).built().house.store.read() as session:
        found = declared(session)
    if json_:
        for sender, columns in found:
            say_json({"sender": sender, "columns": dict(columns.columns)})
    else:
        say_table(
            "Declared columns",
            ("sender", "column", "field"),
            ((s, c, f) for s, m in found for c, f in m.columns),
            "No sender's columns are declared; they are found by their words.",
        )


@app.command("set")
def set_columns(
    ctx: typer.Context,
    sender: Annotated[str, typer.Argument(help="Mail address, domain, or our name for the partner.")],
    columns: Annotated[list[str], typer.Argument(help="Pairs like 'Artikelnummer=supplier_code' or '3=quantity'.")],
) -> None:
    """Declare a sender's columns, in place of earlier ones."""
    from oms_core.errors import InvalidInput
    from oms_flow.columns import declare

    pairs = []
    for column in columns:
        header, equals, field = column.rpartition("=")
        if not equals or not header.strip():
            raise InvalidInput(
                f"{column!r} is no pair; write the column and its field, like 'Artikelnummer=supplier_code'"
            )
        pairs.append((header.strip(), field.strip()))
    declare(context(ctx).built().house, sender, tuple(pairs), operator())
    by = "this column" if len(pairs) == 1 else f"these {len(pairs)} columns"
    typer.echo(f"Tables of {sender} are read by {by} from now on.")


@app.command()
def forget(ctx: typer.Context, sender: Annotated[str, typer.Argument(help="Whose declaration to take back.")]) -> None:
    """Take a declaration back."""
    from oms_flow.columns import forget as take_back

    take_back(context(ctx).built().house, sender, operator())
    typer.echo(f"Nothing is declared for {sender} any more; columns are found by their words.")
