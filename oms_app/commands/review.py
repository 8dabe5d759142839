"""The verbs of the review pages, for a terminal: look at what waits, correct, choose, decide."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from oms_app.commands.acting import command_line_user
from oms_app.commands.context import context, local_time, say_facts, say_json, say_line, say_table
from oms_app.commands.story_page import read_lines, say_noticed

if TYPE_CHECKING:
    from oms_core.values import Finding, LineMatch, PartyMatch
    from oms_flow.house import House
    from oms_flow.review import Edit
    from oms_store.views import QueueFilter, QueueRow

SHOWN_CANDIDATES = 5
"""Products that a line may mean, as `review show` lists them."""

app = typer.Typer(help="Look at what waits for a person, and decide.", no_args_is_help=True, rich_markup_mode=None)

AsJson = Annotated[bool, typer.Option("--json", help="JSON for scripts.")]
DraftId = Annotated[str, typer.Argument(help="The id of the draft, as `review list` shows it.")]
DocumentId = Annotated[str, typer.Argument(help="The id of the document, as `review list` shows it.")]
Line = Annotated[int, typer.Argument(min=1, help="The line, counted from 1.")]
As = Annotated[str | None, typer.Option("--as", help="Who decides; else the user of this machine.")]
Version = Annotated[int | None, typer.Option(help="The version you looked at; refused when it has changed since.")]
Remember = Annotated[bool, typer.Option("--remember", help="Keep it for the next order of this customer or sender.")]


@app.command("list")
def list_(
    ctx: typer.Context,
    reason: Annotated[str | None, typer.Option(help="Only this reason, such as price or match.")] = None,
    customer: Annotated[str | None, typer.Option(help="Only this customer's number.")] = None,
    channel: Annotated[str | None, typer.Option(help="Only what came by this channel.")] = None,
    json_: AsJson = False,
) -> None:
    """List what waits for a person, the oldest first: orders, and documents that could not be read."""
    from dataclasses import asdict

    from oms_store.views import QueueFilter

    wanted = QueueFilter(reason=reason, customer=customer, channel=channel)
    house, rows = _queued(ctx, wanted)
    if json_:
        for row in rows:
            say_json(asdict(row))
    else:
        _say_waiting(
            f"Waiting ({len(rows):,})",
            rows,
            house,
            "Nothing waits for a person." if wanted == QueueFilter() else "Nothing that fits waits.",
        )


def _queued(ctx: typer.Context, wanted: "QueueFilter") -> "tuple[House, list[QueueRow]]":
    """Return every task that fits the filter, all pages of it."""
    from dataclasses import replace

    from oms_store.views import queue

    house = context(ctx).built().house
    rows: list[QueueRow] = []
    with house.store.read() as session:
        while page := queue(session, house.store.clock.now(), replace(wanted, offset=len(rows))).rows:
            rows += page
    return house, rows


def _say_waiting(title: str, rows: "Iterable[QueueRow]", house: "House", empty: str) -> None:
    heads = ("id", "what", "number", "from", "file", "since", "waits for")
    zone = house.company.time_zone
    say_table(title, heads, (_waiting(row, zone) for row in rows), empty)


def _waiting(row: "QueueRow", zone: str) -> tuple[object, ...]:
    who = " ".join(filter(None, (row.customer, row.customer_name))) or row.sender
    told = "\n".join(finding.message for finding in row.reasons)
    return row.key, row.what, row.number, who, row.filename, local_time(row.waiting_since, zone), told


@app.command()
def show(ctx: typer.Context, draft: DraftId, json_: AsJson = False) -> None:
    """Show one draft as a person decides on it: fields, lines with candidates, findings, version."""
    from oms_app.web.wording import kind, state
    from oms_flow.review import task
    from oms_store.codec import dump

    found = task(context(ctx).built().house, draft)
    if json_:
        typer.echo(dump(found).decode())
        return
    read = found.order.draft
    facts = (
        ("version", found.version),
        ("state", state(found.state)),
        ("kind", kind(found.kind)),
        ("number", read.number.value if read.number else None),
        ("date", read.date.value if read.date else None),
        ("customer", _chosen(found.order.customer)),
        ("ship to", _chosen(found.order.ship_to) if found.order.ship_to else "the customer's own address"),
        ("document", found.source_document_id),
        ("order", found.order_id),
    )
    say_line(f"Draft {found.draft_id}")
    say_facts(facts)
    heads = ("line", "code", "text", "quantity", "price", "our product", "why")
    why = (_candidates(match) for match in found.order.lines)
    say_table("Lines", heads, ((*line, told) for line, told in zip(read_lines(found), why, strict=True)))
    say_noticed(found.findings)


def _chosen(party: "PartyMatch") -> str:
    first = party.candidates[0] if party.candidates else None
    told = f"{first.label}: {', '.join(first.reasons)}" if first else ""
    return f"{party.key or 'not known'} ({_SURE[party.decision.value]}) {told}".strip()


_SURE = {"match": "sure", "review": "not sure", "none": "none is near enough"}


def _candidates(match: "LineMatch") -> str:
    return "; ".join(f"{one.key} ({', '.join(one.reasons)})" for one in match.candidates[:SHOWN_CANDIDATES])


@app.command()
def check(ctx: typer.Context, draft: DraftId, as_: As = None, version: Version = None) -> None:
    """Judge an order again, after a customer, a product or a price was set up elsewhere."""
    from oms_flow.review import check_again

    on = _on_draft(ctx, draft, as_, version)
    _say_left(on, check_again(on.house, on.edit))


@app.command()
def accept(ctx: typer.Context, draft: DraftId, as_: As = None, version: Version = None, json_: AsJson = False) -> None:
    """Accept an order over every finding that is shown; what blocks it is named and ends with status 1."""
    from oms_flow.review import accept_task

    on = _on_draft(ctx, draft, as_, version)
    done = accept_task(on.house, on.edit)
    if json_:
        say_json({"draft": draft, "order": done.order_id, "stopped_by": [_finding(one) for one in done.stopped_by]})
    elif done.order_id:
        typer.echo(f"{draft} is accepted as order {_number(on.house, done.order_id)}.")
    for one in done.stopped_by if not json_ else ():
        typer.echo(one.message, err=True)
    if done.order_id is None:
        raise typer.Exit(1)


@app.command()
def reject(
    ctx: typer.Context,
    draft: DraftId,
    reason: Annotated[str, typer.Argument(help="Why, for the next person.")],
    as_: As = None,
    version: Version = None,
) -> None:
    """Decide that no order comes of this."""
    from oms_flow import review

    on = _on_draft(ctx, draft, as_, version)
    review.reject(on.house, on.edit, reason)
    typer.echo(f"{draft} is rejected.")


@app.command("set")
def set_(
    ctx: typer.Context,
    draft: DraftId,
    field: Annotated[str, typer.Argument(help="number, date, ship_to.name, lines[1].quantity (counted from 1), …")],
    value: Annotated[str, typer.Argument(help="What it should say; an empty text clears it.")],
    as_: As = None,
    version: Version = None,
) -> None:
    """Correct one field of what was read."""
    from oms_flow.correction import set_field
    from oms_flow.review import correct

    on = _on_draft(ctx, draft, as_, version)
    change = set_field(_from_one(field), value, on.edit.who, on.house.company.tax.country)
    _say_left(on, correct(on.house, on.edit, change))


def _from_one(path: str) -> str:
    """Turn `lines[1]`, as people count, into `lines[0]`. Raises InvalidInput for `lines[0]`, which nobody means."""
    import re

    from oms_core.errors import InvalidInput

    found = re.match(r"lines\[(\d+)\]", path)
    if found is None:
        return path
    if int(found[1]) == 0:
        raise InvalidInput(
            f"there is no line 0 to correct; lines are counted from 1, as in lines[1]{path[found.end() :]}"
        )
    return f"lines[{int(found[1]) - 1}]{path[found.end() :]}"


@app.command("choose-product")
def choose_product(  # noqa: PLR0913, PLR0917 - each is an option of the command line
    ctx: typer.Context,
    draft: DraftId,
    line: Line,
    sku: Annotated[str, typer.Argument(help="Our product.")],
    remember: Remember = False,
    as_: As = None,
    version: Version = None,
) -> None:
    """Say which product a line means."""
    from oms_flow import review

    on = _on_draft(ctx, draft, as_, version)
    _say_left(on, review.choose_product(on.house, on.edit, line - 1, sku, remember=remember))


@app.command("choose-customer")
def choose_customer(
    ctx: typer.Context,
    draft: DraftId,
    number: Annotated[str, typer.Argument(help="The customer's number.")],
    remember: Remember = False,
    as_: As = None,
    version: Version = None,
) -> None:
    """Say who orders."""
    from oms_flow import review

    on = _on_draft(ctx, draft, as_, version)
    _say_left(on, review.choose_customer(on.house, on.edit, number, remember=remember))


@app.command("choose-ship-to")
def choose_ship_to(
    ctx: typer.Context,
    draft: DraftId,
    code: Annotated[str, typer.Argument(help="The ship-to's code; an empty text is the customer's own address.")],
    as_: As = None,
    version: Version = None,
) -> None:
    """Say where the goods go."""
    from oms_flow import review

    on = _on_draft(ctx, draft, as_, version)
    _say_left(on, review.choose_ship_to(on.house, on.edit, code))


@app.command("remove-line")
def remove_line(ctx: typer.Context, draft: DraftId, line: Line, as_: As = None, version: Version = None) -> None:
    """Take a line out."""
    from oms_flow import review

    on = _on_draft(ctx, draft, as_, version)
    _say_left(on, review.remove_line(on.house, on.edit, line - 1))


@app.command()
def duplicate(
    ctx: typer.Context,
    draft: DraftId,
    keep: Annotated[bool, typer.Option("--keep", help="Answer so for this sender from now on.")] = False,
    as_: As = None,
    version: Version = None,
) -> None:
    """Decide that this is the same order again."""
    from oms_flow.review import mark_duplicate

    on = _on_draft(ctx, draft, as_, version)
    mark_duplicate(on.house, on.edit, keep=keep)
    typer.echo(f"{draft} is a duplicate.")


@app.command()
def repeat(ctx: typer.Context, draft: DraftId, as_: As = None, version: Version = None) -> None:
    """Answer that each delivery of this sender is an order of its own, from now on."""
    from oms_flow.review import keep_repeat

    on = _on_draft(ctx, draft, as_, version)
    _say_left(on, keep_repeat(on.house, on.edit))


@app.command()
def documents(ctx: typer.Context, json_: AsJson = False) -> None:
    """List documents that could not be read, with what is wrong."""
    from oms_store.views import QueueFilter

    house, rows = _queued(ctx, QueueFilter(kind="unreadable"))
    if json_:
        for row in rows:
            say_json({"id": row.key, "file": row.filename, "findings": [_finding(one) for one in row.reasons]})
    else:
        _say_waiting("Documents that could not be read", rows, house, "No document waits that could not be read.")


@app.command("file")
def file_(
    ctx: typer.Context,
    document: DocumentId,
    note: Annotated[str, typer.Argument(help="What it is, for the next person.")],
    as_: As = None,
    version: Version = None,
) -> None:
    """Decide that a document holds no order for us."""
    from oms_flow.document_review import file_document

    on = _on_document(ctx, document, as_, version)
    file_document(on.house, on.edit, note)
    typer.echo(f"{document} is filed.")


@app.command("read-again")
def read_again(ctx: typer.Context, document: DocumentId, as_: As = None, version: Version = None) -> None:
    """Read a document from the start, after a setting, a limit or the program changed; a running worker does it."""
    from oms_flow import document_review

    on = _on_document(ctx, document, as_, version)
    document_review.read_again(on.house, on.edit)
    typer.echo(f"{document} will be read again.")


@dataclass(frozen=True, slots=True)
class _On:
    """What a person decides on: the house, and the draft or document with the version that they looked at."""

    house: "House"
    edit: "Edit"
    called: str
    """How the program is called, for what to type next."""


def _on_draft(ctx: typer.Context, draft: str, who: str | None, version: int | None) -> _On:
    from oms_flow.review import Edit, task

    known = context(ctx)
    house = known.built().house
    seen = task(house, draft).version if version is None else version
    return _On(house, Edit(draft, seen, command_line_user(who)), known.called())


def _on_document(ctx: typer.Context, key: str, who: str | None, version: int | None) -> _On:
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
    return _On(house, Edit(key, seen, command_line_user(who)), known.called())


def _say_left(on: _On, version: int) -> None:
    """Say what still waits after a change."""
    from oms_flow.review import task

    asking = [one for one in task(on.house, on.edit.key).findings if one.severity.value != "note"]
    if not asking:
        typer.echo(f"Saved as version {version}; nothing is left to decide: {on.called} review accept {on.edit.key}")
        return
    typer.echo(f"Saved as version {version}; left to decide: {len(asking)}")
    for one in asking:
        say_line(f"  {one.message}")


def _finding(one: "Finding") -> dict[str, str]:
    return {"code": one.code, "severity": one.severity.value, "place": one.place, "message": one.message}


def _number(house: "House", order_id: str) -> str:
    from oms_core.records import Order

    with house.store.read() as session:
        return session.get_one(Order, order_id).number
