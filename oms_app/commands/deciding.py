"""What every command that decides shares: its options, who decides on which version, and what is left afterwards."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from oms_app.commands.acting import acting
from oms_app.commands.context import context, say_line

if TYPE_CHECKING:
    from oms_flow.house import House
    from oms_flow.review import Edit

DraftId = Annotated[str, typer.Argument(help="The id of the draft, as `review list` shows it.")]
DocumentId = Annotated[str, typer.Argument(help="The id of the document, as `review list` shows it.")]
Line = Annotated[int, typer.Argument(min=1, help="The line, counted from 1.")]
As = Annotated[str | None, typer.Option("--as", help="For whom: a person's log-in or name; else the operator.")]
Version = Annotated[int | None, typer.Option(help="The version you looked at; refused when it has changed since.")]
Remember = Annotated[bool, typer.Option("--remember", help="Keep it for the next order of this customer or sender.")]


@dataclass(frozen=True, slots=True)
class On:
    """What a person decides on: the house, and the draft or document with the version that they looked at."""

    house: "House"
    edit: "Edit"
    called: str
    """How the program is called, for what to type next."""


def on_draft(ctx: typer.Context, draft: str, who: str | None, version: int | None) -> On:
    """Return what a decision on a draft needs: the version given, else the present one. Raises NotFound."""
    from oms_flow.review import Edit, task

    known = context(ctx)
    house = known.built().house
    seen = task(house, draft).version if version is None else version
    return On(house, Edit(draft, seen, acting(house.store, who)), known.called())


def on_document(ctx: typer.Context, key: str, who: str | None, version: int | None) -> On:
    """Return what a decision on a document needs: the version given, else the present one. Raises NotFound."""
    from oms_core.errors import NotFound
    from oms_core.records import Document
    from oms_flow.review import Edit

    known = context(ctx)
    house = known.built().house
    with house.store.read() as session:
        document = session.get(Document, key)
    if document is None:
        raise NotFound(f"there is no document {key[:80]!r}; 'ordermill review documents' lists them")
    seen = document.version if version is None else version
    return On(house, Edit(key, seen, acting(house.store, who)), known.called())


def say_left(on: On, version: int) -> None:
    """Say what still waits after a change."""
    from oms_flow.review import task

    asking = [one for one in task(on.house, on.edit.key).findings if one.severity.value != "note"]
    if not asking:
        typer.echo(f"Saved as version {version}; nothing is left to decide: {on.called} review accept {on.edit.key}")
        return
    typer.echo(f"Saved as version {version}; left to decide: {len(asking)}")
    for one in asking:
        say_line(f"  {one.message}")
