"""The verbs of the review pages, for a terminal: look at what waits, correct, choose, decide."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from oms_app.commands.acting import command_line_user
from oms_app.commands.context import context, say_json, say_table

if TYPE_CHECKING:
    from oms_core.values import Finding
    from oms_flow.house import House
    from oms_flow.review import Edit, Task

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
    from dataclasses import asdict, replace

    from oms_store.views import QueueFilter, queue

    house = context(ctx).built().house
    wanted = QueueFilter(reason=reason, customer=customer, channel=channel)
    rows: list[Any] = []
    with house.store.read() as session:
        while page := queue(session, house.store.clock.now(), replace(wanted, offset=len(rows))).rows:
            rows += page
    if json_:
        for row in rows:
            say_json(asdict(row))
        return
    heads = ("id", "what", "number", "customer", "file", "since", "waits for")
    say_table(f"Waiting ({len(rows):,})", heads, (_waiting(row) for row in rows))


def _waiting(row: Any) -> tuple[object, ...]:
    who = " ".join(filter(None, (row.customer, row.customer_name))) or row.sender
    told = "\n".join(finding.message for finding in row.reasons)
    return row.key, row.what, row.number, who, row.filename, f"{row.waiting_since:%Y-%m-%d %H:%M}", told


@app.command()
def show(ctx: typer.Context, draft: DraftId, json_: AsJson = False) -> None:
    """Show one draft as a person decides on it: fields, lines with candidates, findings, version."""
    from oms_flow.review import task
    from oms_store.codec import dump

    found = task(context(ctx).built().house, draft)
    if json_:
        typer.echo(dump(found).decode())
        return
    read = found.order.draft
    facts = (
        ("version", found.version),
        ("state", found.state),
        ("kind", found.kind),
        ("number", read.number.value if read.number else None),
        ("date", read.date.value if read.date else None),
        ("customer", _chosen(found.order.customer)),
        ("ship-to", _chosen(found.order.ship_to) if found.order.ship_to else None),
        ("document", found.source_document_id),
        ("order", found.order_id),
    )
    say_table(found.draft_id, ("field", "value"), facts)
    heads = ("line", "code", "text", "quantity", "unit", "price", "our product", "why")
    say_table("Lines", heads, _lines(found))
    say_table(
        "Findings", ("severity", "where", "what"), ((f.severity.value, f.place, f.message) for f in found.findings)
    )


def _chosen(party: Any) -> str:
    first = party.candidates[0] if party.candidates else None
    told = f"{first.label}: {', '.join(first.reasons)}" if first else ""
    return f"{party.key or 'not known'} ({party.decision.value}) {told}".strip()


def _lines(found: "Task") -> Iterable[tuple[object, ...]]:
    from oms_core.values import plain

    for match, line in zip(found.order.lines, found.order.draft.lines, strict=True):
        code = line.supplier_code or line.buyer_code or line.gtin
        others = "; ".join(f"{one.key} ({', '.join(one.reasons)})" for one in match.candidates[:5])
        yield (
            match.position + 1,
            code.value if code else None,
            line.description.value if line.description else None,
            plain(line.quantity.value) if line.quantity else None,
            line.unit.value if line.unit else None,
            plain(line.unit_price.value) if line.unit_price else None,
            match.sku if match.decision.value == "match" else f"? {match.sku or ''}",
            others,
        )


@app.command()
def accept(ctx: typer.Context, draft: DraftId, as_: As = None, version: Version = None, json_: AsJson = False) -> None:
    """Accept an order over every finding that is shown; what blocks it is named and ends with status 1."""
    from oms_flow.review import accept_task

    house = context(ctx).built().house
    done = accept_task(house, _edit(house, draft, version, as_))
    if json_:
        say_json({"draft": draft, "order": done.order_id, "stopped_by": [_finding(one) for one in done.stopped_by]})
    elif done.order_id:
        typer.echo(f"{draft} is accepted as order {_number(house, done.order_id)}.")
    for one in done.stopped_by if not json_ else ():
        typer.echo(f"{one.place or 'order'}: {one.message}", err=True)
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

    house = context(ctx).built().house
    review.reject(house, _edit(house, draft, version, as_), reason)
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

    who = command_line_user(as_)
    _judged(ctx, draft, version, as_, lambda house, edit: correct(house, edit, set_field(_from_one(field), value, who)))


def _from_one(path: str) -> str:
    """Turn `lines[1]`, as people count, into `lines[0]`."""
    import re

    return re.sub(r"^lines\[(\d+)\]", lambda found: f"lines[{int(found[1]) - 1}]", path)


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

    _judged(
        ctx,
        draft,
        version,
        as_,
        lambda house, edit: review.choose_product(house, edit, line - 1, sku, remember=remember),
    )


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

    _judged(
        ctx, draft, version, as_, lambda house, edit: review.choose_customer(house, edit, number, remember=remember)
    )


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

    _judged(ctx, draft, version, as_, lambda house, edit: review.choose_ship_to(house, edit, code))


@app.command("remove-line")
def remove_line(ctx: typer.Context, draft: DraftId, line: Line, as_: As = None, version: Version = None) -> None:
    """Take a line out."""
    from oms_flow import review

    _judged(ctx, draft, version, as_, lambda house, edit: review.remove_line(house, edit, line - 1))


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

    house = context(ctx).built().house
    mark_duplicate(house, _edit(house, draft, version, as_), keep=keep)
    typer.echo(f"{draft} is a duplicate.")


@app.command()
def repeat(ctx: typer.Context, draft: DraftId, as_: As = None, version: Version = None) -> None:
    """Answer that each delivery of this sender is an order of its own, from now on."""
    from oms_flow.review import keep_repeat

    _judged(ctx, draft, version, as_, keep_repeat)


@app.command()
def documents(ctx: typer.Context, json_: AsJson = False) -> None:
    """List documents that could not be read, with what is wrong."""
    from oms_store.views import QueueFilter, queue

    house = context(ctx).built().house
    with house.store.read() as session:
        rows = queue(session, house.store.clock.now(), QueueFilter(kind="unreadable")).rows
    if json_:
        for row in rows:
            say_json({"id": row.key, "file": row.filename, "findings": [_finding(one) for one in row.reasons]})
    else:
        heads = ("id", "what", "number", "from", "file", "since", "why")
        say_table("Documents that could not be read", heads, map(_waiting, rows))


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

    house = context(ctx).built().house
    file_document(house, _document_edit(house, document, version, as_), note)
    typer.echo(f"{document} is filed.")


@app.command("read-again")
def read_again(ctx: typer.Context, document: DocumentId, as_: As = None, version: Version = None) -> None:
    """Read a document from the start, after a setting, a limit or the program changed; a running worker does it."""
    from oms_flow import document_review

    house = context(ctx).built().house
    document_review.read_again(house, _document_edit(house, document, version, as_))
    typer.echo(f"{document} will be read again.")


def _edit(house: "House", draft: str, version: int | None, who: str | None) -> "Edit":
    from oms_flow.review import Edit, task

    return Edit(draft, task(house, draft).version if version is None else version, command_line_user(who))


def _document_edit(house: "House", key: str, version: int | None, who: str | None) -> "Edit":
    from oms_core.errors import NotFound
    from oms_core.records import Document
    from oms_flow.review import Edit

    with house.store.read() as session:
        document = session.get(Document, key)
    if document is None:
        raise NotFound(f"there is no document {key[:80]!r}; 'ordermill review documents' lists them")
    return Edit(key, document.version if version is None else version, command_line_user(who))


def _judged(
    ctx: typer.Context, draft: str, version: int | None, who: str | None, verb: "Callable[[House, Edit], int]"
) -> None:
    """Change a draft and say what still waits."""
    from oms_flow.review import task

    house = context(ctx).built().house
    verb(house, _edit(house, draft, version, who))
    found = task(house, draft)
    asking = [one for one in found.findings if one.severity.value != "note"]
    typer.echo(f"{draft} is at version {found.version}; {len(asking)} findings are left.")
    for one in asking:
        typer.echo(f"  {one.place or 'order'}: {one.message}")


def _finding(one: "Finding") -> dict[str, str]:
    return {"code": one.code, "severity": one.severity.value, "place": one.place, "message": one.message}


def _number(house: "House", order_id: str) -> str:
    from oms_core.records import Order

    with house.store.read() as session:
        return session.get_one(Order, order_id).number
