"""Match queries against a catalogue in files, without a database."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from oms_app.commands.context import say_json

Catalog = Annotated[Path, typer.Option(help="CSV of the products: sku, description, …", exists=True, dir_okay=False)]
Parties = Annotated[Path, typer.Option(help="CSV of the parties: party_id, name, …", exists=True, dir_okay=False)]
Queries = Annotated[
    Path, typer.Option(help="CSV of what is looked for: query_id, text, …", exists=True, dir_okay=False)
]
Known = Annotated[
    Path | None, typer.Option(help="CSV of what people decided before: text, sku, …", exists=True, dir_okay=False)
]
Top = Annotated[int, typer.Option(min=1, max=100, help="Candidates shown for each query.")]


def add_to(app: typer.Typer) -> None:
    """Add the commands of this group."""
    app.command()(match)
    app.command("match-party")(match_party)


def match(
    catalog: Catalog,
    queries: Queries,
    known: Known = None,
    top: Top = 10,
) -> None:
    """Say which product each query means.

    One JSON object a query, in their order.
    """
    from oms_app.match_files import match_files

    today = datetime.now().astimezone().date()
    for row in match_files(catalog, queries, known, today, top):
        say_json(row)


def match_party(parties: Parties, queries: Queries, top: Top = 10) -> None:
    """Say which customer or ship-to each query means.

    One JSON object a query, in their order.
    """
    from oms_app.match_files import match_party_files

    for row in match_party_files(parties, queries, top):
        say_json(row)
