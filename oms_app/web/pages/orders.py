"""Orders: the list, and one order with everything that hangs on it."""

from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import Response

from oms_app.front.desk import At, Offset
from oms_app.web.history import history
from oms_app.web.pages.dashboard import day_began
from oms_core.decisions.transition import OrderState
from oms_store import lookups, views

router = APIRouter()


@router.get("/orders")
def show(  # noqa: PLR0913, PLR0917 - the filters
    request: Request, desk: At, state: str = "", search: str = "", by: str = "", today: bool = False, offset: Offset = 0
) -> Response:
    """List orders, the newest first."""
    since = day_began(desk, desk.house.store.clock.now()) if today else None
    touched = {"person": True, "machine": False}.get(by)
    wanted = views.OrderFilter(state, None, search, touched, since, offset)
    with desk.house.store.read() as session:
        rows, total = views.orders(session, wanted), views.count_orders(session, wanted)
        names = lookups.people_names(session)

    def link(**changes: str | int) -> str:
        chosen = {"state": state, "search": search, "by": by, "today": "true" if today else ""}
        kept = {name: value for name, value in (chosen | changes).items() if value}
        return f"/orders?{urlencode(kept)}" if kept else "/orders"

    return desk.page(
        request,
        "orders.html",
        rows=rows,
        names=names,
        total=total,
        wanted=wanted,
        by=by,
        today=today,
        link=link,
        states=list(OrderState),
        size=views.PAGE,
    )


@router.get("/orders/{key}")
def one(request: Request, desk: At, key: str) -> Response:
    """Show one order by its id or its number."""
    with desk.house.store.read() as session:
        detail = views.order_detail(session, key)
        trail = history(session, [detail.order.id, detail.draft.id, detail.draft.document_id])
        names, channels = lookups.people_names(session), lookups.channel_words(session)
        partner = detail.delivery.partner or ""
        sender_name = lookups.customer_names(session, (partner,)).get(partner)
    came_by = channels.get(detail.delivery.channel, detail.delivery.channel)
    return desk.page(
        request,
        "order.html",
        detail=detail,
        order=detail.order,
        trail=trail,
        names=names,
        came_by=came_by,
        sender_name=sender_name,
    )
