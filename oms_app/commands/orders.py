"""Orders: list them, show everything about one, decide on what waits."""

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

import typer

from oms_app.commands import review
from oms_app.commands.context import context, say_json, say_table

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
    say_table(f"Orders ({len(rows):,} of {total:,})", heads, (_order_line(row) for row in rows))


def _order_line(row: "OrderRow") -> tuple[object, ...]:
    one = row.order
    when = f"{one.created_at:%Y-%m-%d %H:%M}"
    who = f"{one.customer} {row.customer_name}"
    money = f"{one.net:.2f}", one.currency
    return one.number, when, who, one.customer_po, *money, one.state, one.accepted_by, one.erp_reference


def show(
    ctx: typer.Context,
    key: Annotated[str, typer.Argument(help="An order's number, or the id of an order, draft, document or delivery.")],
    json_: AsJson = False,
) -> None:
    """Show everything about one thing: how it came, what was read and matched, who decided, what left."""
    from oms_store.order_views import story

    house = context(ctx).built().house
    with house.store.read() as session:
        told = story(session, key.strip())
        rows = {name: [plain_row(row) for row in part] for name, part in told.parts()}
    if json_:
        say_json(rows)
        return
    for name, part in rows.items():
        if part:
            _say_part(name, part)


FEW = 3
"""So many records or fewer stand on end, one column each; more lie in rows."""
LONG = {"payload", "match", "choices", "findings"}
"""What only `--json` shows whole."""


def _say_part(name: str, part: list[dict[str, Any]]) -> None:
    shown = [key for key in part[0] if key not in LONG and any(row.get(key) not in (None, "") for row in part)]
    if len(part) <= FEW:
        heads = ("", *(str(number) for number in range(1, len(part) + 1)))
        say_table(name.capitalize(), heads, ((key, *(row.get(key) for row in part)) for key in shown))
    else:
        say_table(name.capitalize(), shown, ((row.get(key) for key in shown) for row in part))


def plain_row(row: Any) -> dict[str, Any]:
    """Return a record as a plain dict, in the order of its fields; nested JSON texts are opened."""
    import json

    told = {name: getattr(row, name) for name in type(row).model_fields}
    for name in LONG & set(told):
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
