"""Orders: list them, show everything about one, decide on what waits."""

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

import typer

from oms_app.commands import review
from oms_app.commands.context import context, local_time, say_json, say_table
from oms_app.commands.story_page import say_story

if TYPE_CHECKING:
    from oms_store.views import OrderRow

AsJson = Annotated[bool, typer.Option("--json", help="JSON for scripts.")]


def add_to(app: typer.Typer) -> None:
    """Add the commands of this group."""
    app.command()(orders)
    app.command()(show)
    app.add_typer(review.app, name="review")


def orders(  # noqa: PLR0913, PLR0917 - each is an option of the command line
    ctx: typer.Context,
    state: Annotated[str | None, typer.Option(help="accepted, confirmed, held or cancelled.")] = None,
    customer: Annotated[str | None, typer.Option(help="A customer's number.")] = None,
    since: Annotated[datetime | None, typer.Option(help="Accepted on or after this day, as 2026-11-30.")] = None,
    search: Annotated[str, typer.Option(help="A part of a number or of the customer's name.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="The most orders shown.")] = 50,
    json_: AsJson = False,
) -> None:
    """List orders, the newest first."""
    from oms_store.order_views import list_orders
    from oms_store.views import OrderFilter

    house = context(ctx).built().house
    began = _midnight(since, house.company.time_zone)
    wanted = OrderFilter(state=_state(state), customer=customer, search=search, since=began)
    with house.store.read() as session:
        rows, total = list_orders(session, wanted, limit)
    if json_:
        for row in rows:
            say_json(plain_row(row.order) | {"customer_name": row.customer_name})
        return
    heads = ("number", "accepted", "customer", "their number", "net", "", "state", "by", "in the ERP")
    told = (_order_line(row, house.company.time_zone) for row in rows)
    say_table(
        f"Orders ({len(rows):,} of {total:,})", heads, told, "No order fits; 'ordermill review list' shows what waits."
    )


def _order_line(row: "OrderRow", zone: str) -> tuple[object, ...]:
    from oms_core.values.outbound import erp_number
    from oms_flow.house import SYSTEM

    one = row.order
    who = f"{one.customer} {row.customer_name}"
    by = "the machine" if one.accepted_by == SYSTEM else one.accepted_by
    money = f"{one.net:.2f}", one.currency
    return (
        one.number,
        local_time(one.created_at, zone),
        who,
        one.customer_po,
        *money,
        one.state,
        by,
        erp_number(one.erp_reference) or ("as a file" if one.erp_reference else ""),
    )


def show(
    ctx: typer.Context,
    key: Annotated[str, typer.Argument(help="An order's number, or the id of an order, draft, document or delivery.")],
    json_: Annotated[bool, typer.Option("--json", help="Everything that is kept of it, for scripts.")] = False,
) -> None:
    """Show an order, draft, document or delivery.

    As a page: what was ordered, at which price, where promised, what was noticed, who did what.
    """
    from oms_store.order_views import story

    house = context(ctx).built().house
    with house.store.read() as session:
        told = story(session, key.strip())
        rows = {name: [plain_row(row) for row in part] for name, part in told.parts()} if json_ else {}
    if json_:
        say_json(rows)
    else:
        say_story(house, told, context(ctx).called())


OPENED = {"payload", "match", "choices", "findings"}
"""JSON texts of a record that `--json` opens."""


def plain_row(row: Any) -> dict[str, Any]:
    """Return a record as a plain dict, in the order of its fields; nested JSON texts are opened."""
    import json

    told = {name: getattr(row, name) for name in type(row).model_fields}
    for name in OPENED & set(told):
        if isinstance(told[name], str):
            told[name] = json.loads(told[name])
    return {name: _plain(value) for name, value in told.items()}


def _plain(value: object) -> object:
    """Write decimals as people do, instants and dates in ISO 8601; the rest is JSON already."""
    from oms_core.values import plain

    if isinstance(value, Decimal):
        return plain(value)
    return value.isoformat() if isinstance(value, date) else value


def _state(text: str | None) -> str | None:
    from oms_core.decisions.transition import OrderState
    from oms_core.errors import InvalidInput

    if text is not None and text not in list(OrderState):
        raise InvalidInput(f"there is no state {text[:40]!r}; the states are {', '.join(OrderState)}")
    return text


def _midnight(day: datetime | None, zone: str) -> datetime | None:
    from zoneinfo import ZoneInfo

    return None if day is None else day.replace(tzinfo=ZoneInfo(zone))
