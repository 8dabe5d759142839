"""The verbs of the review pages, for a terminal: look at what waits, correct, choose, decide."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated

import typer

from oms_app.commands import correcting
from oms_app.commands.context import context, local_time, say_facts, say_json, say_line, say_table
from oms_app.commands.deciding import As, DocumentId, DraftId, Version, on_document, on_draft
from oms_app.commands.story_page import read_lines, say_noticed

if TYPE_CHECKING:
    from oms_core.values import Finding, LineMatch, PartyMatch
    from oms_flow.house import House
    from oms_store.views import QueueFilter, QueueRow

SHOWN_CANDIDATES = 5
"""Products that a line may mean, as `review show` lists them."""

app = typer.Typer(help="Look at what waits for a person, and decide.", no_args_is_help=True, rich_markup_mode=None)

AsJson = Annotated[bool, typer.Option("--json", help="JSON for scripts.")]


@app.command("list")
def list_(
    ctx: typer.Context,
    reason: Annotated[str | None, typer.Option(help="Only this reason, such as price or match.")] = None,
    customer: Annotated[str | None, typer.Option(help="Only this customer's number.")] = None,
    channel: Annotated[str | None, typer.Option(help="Only what came by this channel.")] = None,
    json_: AsJson = False,
) -> None:
    """List what waits for a person, the oldest first.

    Orders, and documents that could not be read.
    """
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
    """Show one draft as a person decides on it.

    Fields, lines with candidates, findings, and the version.
    """
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
    if found.ending == "cancelled_in_erp":
        say_line(f"\nWhen that is done, then: {context(ctx).called()} review cancelled-in-erp {found.draft_id}")


def _chosen(party: "PartyMatch") -> str:
    first = party.candidates[0] if party.candidates else None
    told = f"{first.label}: {', '.join(first.reasons)}" if first else ""
    return f"{party.key or 'not known'} ({_SURE[party.decision.value]}) {told}".strip()


_SURE = {"match": "sure", "review": "not sure", "none": "none is near enough"}


def _candidates(match: "LineMatch") -> str:
    return "; ".join(f"{one.key} ({', '.join(one.reasons)})" for one in match.candidates[:SHOWN_CANDIDATES])


@app.command()
def accept(ctx: typer.Context, draft: DraftId, as_: As = None, version: Version = None, json_: AsJson = False) -> None:
    """Accept an order over every finding that is shown.

    A cancellation is carried out. What blocks it is named and ends with status 1.
    """
    from oms_flow.review import accept_task

    on = on_draft(ctx, draft, as_, version)
    done = accept_task(on.house, on.edit)
    if json_:
        say_json({"draft": draft, "order": done.order_id, "stopped_by": [_finding(one) for one in done.stopped_by]})
    elif done.ended:
        typer.echo(_accepted(on.house, draft, done.order_id))
    for one in done.stopped_by if not json_ else ():
        typer.echo(one.message, err=True)
    if not done.ended:
        raise typer.Exit(1)


@app.command("cancelled-in-erp")
def cancelled_in_erp(ctx: typer.Context, draft: DraftId, as_: As = None, version: Version = None) -> None:
    """Say that you have cancelled the order in the ERP.

    For a cancellation of an order that the ERP has: it is then cancelled here too, and its stock released.
    """
    from oms_flow import review

    on = on_draft(ctx, draft, as_, version)
    order = review.cancelled_in_erp(on.house, on.edit)
    typer.echo(f"Order {_number(on.house, order)} is cancelled." if order else f"{draft} is carried out already.")


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

    on = on_draft(ctx, draft, as_, version)
    review.reject(on.house, on.edit, reason)
    typer.echo(f"{draft} is rejected.")


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

    on = on_draft(ctx, draft, as_, version)
    mark_duplicate(on.house, on.edit, keep=keep)
    typer.echo(f"{draft} is a duplicate.")


@app.command()
def documents(ctx: typer.Context, json_: AsJson = False) -> None:
    """List documents that could not be read, and why."""
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

    on = on_document(ctx, document, as_, version)
    file_document(on.house, on.edit, note)
    typer.echo(f"{document} is filed.")


@app.command("read-again")
def read_again(ctx: typer.Context, document: DocumentId, as_: As = None, version: Version = None) -> None:
    """Read a document from the start.

    After a setting, a limit or the program changed; a running worker does it.
    """
    from oms_flow import document_review

    on = on_document(ctx, document, as_, version)
    document_review.read_again(on.house, on.edit)
    typer.echo(f"{document} will be read again.")


correcting.add_to(app)


def _accepted(house: "House", draft: str, order: str | None) -> str:
    """Say what came of accepting: an order, one that is cancelled, or one that was still in review and is rejected."""
    from oms_flow.review import task

    if order is None:
        return f"{draft} is carried out: the order was still in review and is rejected."
    number = _number(house, order)
    if task(house, draft).kind == "order_cancellation":
        return f"{draft} is carried out: order {number} is cancelled."
    return f"{draft} is accepted as order {number}."


def _finding(one: "Finding") -> dict[str, str]:
    return {"code": one.code, "severity": one.severity.value, "place": one.place, "message": one.message}


def _number(house: "House", order_id: str) -> str:
    from oms_core.records import Order

    with house.store.read() as session:
        return session.get_one(Order, order_id).number
