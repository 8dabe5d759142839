"""The queue: what waits for a person, the oldest first."""

from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from oms_app.front.desk import At, By, Desk
from oms_app.web.wording import KINDS
from oms_flow.people import Visitor
from oms_store import lookups, views

router = APIRouter()


@router.get("/queue")
def show(  # noqa: PLR0913, PLR0917 - the filters
    request: Request,
    desk: At,
    reason: str = "",
    customer: str = "",
    channel: str = "",
    kind: str = "",
    search: str = "",
    offset: int = 0,
) -> Response:
    """List open tasks."""
    wanted = views.QueueFilter(reason, customer, channel, kind, search, max(0, offset))
    with desk.house.store.read() as session:
        found = views.queue(session, desk.house.store.clock.now(), wanted)
        channels, names = lookups.channel_words(session), lookups.people_names(session)
        customers = lookups.customer_names(session, tuple(number for number, _ in found.customers))

    def link(**changes: str | int) -> str:
        chosen = {"reason": reason, "customer": customer, "channel": channel, "kind": kind, "search": search}
        kept = {name: value for name, value in (chosen | changes).items() if value}
        return f"/queue?{urlencode(kept)}" if kept else "/queue"

    return desk.page(
        request,
        "queue.html",
        found=found,
        wanted=wanted,
        link=link,
        reasons=views.REASONS,
        customers=customers,
        channels=channels,
        kinds=KINDS,
        names=names,
        size=views.PAGE,
    )


@router.get("/queue/next")
def take_next(desk: At, who: By) -> Response:
    """Open the oldest task that nobody else has."""
    return RedirectResponse(next_place(desk, who), 303)


def next_place(desk: Desk, who: Visitor, after: str = "") -> str:
    """Return where to go on: the next task, or the queue where nothing waits."""
    with desk.house.store.read() as session:
        row = views.next_task(session, desk.house.store.clock.now(), who.login, after)
    done = f"?done={after}" if after else ""
    if row is None:
        return f"/queue{done}"
    return f"/{'tasks' if row.what == 'order' else 'documents'}/{row.key}{done}"
