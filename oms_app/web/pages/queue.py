"""The queue: what waits for a person, the most urgent first."""

from collections.abc import Mapping
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from oms_app.front.desk import At, By, Desk, Offset
from oms_app.web.wording import KINDS
from oms_flow.people import Visitor
from oms_store import lookups, views
from oms_store.urgency import DAYS_WITHOUT_DATE, Sort

_URGENT = (
    "What is wanted soonest stands first. Changes count as wanted at once,"
    f" orders without a day {DAYS_WITHOUT_DATE} days after they came."
)
SORTS: Mapping[Sort, tuple[str, str]] = {
    Sort.URGENT: ("urgent", _URGENT),
    Sort.AGE: ("waiting longest", "What has waited longest stands first."),
    Sort.WANTED: ("wanted", "What is wanted soonest stands first; what names no day stands last."),
    Sort.VALUE: ("value", "The largest printed value first; what states no prices stands last."),
    Sort.CUSTOMER: ("customer", "By the customer's name; who is not known stands last."),
}
"""The ways to sort: the word on the page, and the sentence that says what it does."""

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
    sort: str = Sort.URGENT,
    offset: Offset = 0,
) -> Response:
    """List open tasks."""
    by = next((way for way in Sort if way == sort), Sort.URGENT)
    wanted = views.QueueFilter(reason, customer, channel, kind, search, offset, by)
    with desk.house.store.read() as session:
        found = views.queue(session, desk.house.store.clock.now(), wanted)
        channels, names = lookups.channel_words(session), lookups.people_names(session)
        senders = [row.sender for row in found.rows if row.sender and not row.customer]
        customers = lookups.customer_names(session, (*(number for number, _ in found.customers), *senders))

    def link(**changes: str | int) -> str:
        chosen = {"reason": reason, "customer": customer, "channel": channel, "kind": kind, "search": search}
        chosen["sort"] = "" if by is Sort.URGENT else by.value
        kept = {name: value for name, value in (chosen | changes).items() if value}
        return f"/queue?{urlencode(kept)}" if kept else "/queue"

    return desk.page(
        request,
        "queue.html",
        found=found,
        wanted=wanted,
        link=link,
        sorts=SORTS,
        reasons=views.REASONS,
        customers=customers,
        channels=channels,
        kinds=KINDS,
        names=names,
        today=desk.house.today(),
        size=views.PAGE,
    )


@router.get("/queue/next")
def take_next(desk: At, who: By) -> Response:
    """Open the most urgent task that nobody else has."""
    return RedirectResponse(next_place(desk, who), 303)


def next_place(desk: Desk, who: Visitor, after: str = "") -> str:
    """Return where to go on: the next task, or the queue where nothing waits."""
    with desk.house.store.read() as session:
        row = views.next_task(session, desk.house.store.clock.now(), who.login, after)
    done = f"?done={after}" if after else ""
    if row is None:
        return f"/queue{done}"
    return f"/{'tasks' if row.what == 'order' else 'documents'}/{row.key}{done}"
