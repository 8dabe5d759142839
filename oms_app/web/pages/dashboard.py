"""The dashboard: nothing is lost, what waits, how the channels and partners do."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from oms_app.front.desk import At, By, Desk, Offset
from oms_core.errors import NotFound
from oms_core.records import Outbox
from oms_core.values.work import Work, WorkKind
from oms_flow.deliver import retry
from oms_store import figures, lookups
from oms_store.conservation import LAWS
from oms_store.views import PAGE

MAX_STUCK = 10
"""Records that have been in progress for too long and are named."""

router = APIRouter()


@router.get("/")
def show(request: Request, desk: At) -> Response:
    """Show where everything is."""
    house = desk.house
    now = house.store.clock.now()
    with house.store.read() as session:
        told = figures.dashboard(session, now, day_began(desk, now), desk.built.settings.worker.alarm_minutes)
        stuck = lookups.called(session, told.stuck[:MAX_STUCK])
    # What does not answer stands on top; a house may have a channel for every customer.
    channels = sorted(told.channels, key=lambda row: (row.available, row.name))
    return desk.page(request, "dashboard.html", told=told, stuck=stuck, channels=channels)


@router.get("/places/{law}/{place}")
def members(request: Request, desk: At, law: str, place: str, offset: Offset = 0) -> Response:
    """List what is in one place of one sum."""
    if law not in LAWS or place not in LAWS[law][1]:
        raise NotFound("there is no such place; choose one on the dashboard")
    with desk.house.store.read() as session:
        rows = figures.place_members(session, law, place, offset)
        channels = lookups.channel_words(session)
    return desk.page(
        request,
        "place.html",
        law=law,
        place=place,
        rows=rows,
        channels=channels,
        offset=offset,
        more=len(rows) == PAGE,
        size=PAGE,
    )


@router.post("/pushes/{key}/retry")
def try_again(desk: At, who: By, key: str) -> Response:
    """Let a refused push be tried again."""
    with desk.house.store.read() as session:
        row = session.get(Outbox, key)
    if row is None:
        raise NotFound(f"there is no push {key}")
    with desk.house.store.write("push.retry") as unit:
        run = retry(unit, key, who.login)
        unit.follow(Work(WorkKind.DELIVER, key, run))
    return RedirectResponse(f"/orders/{row.order_id}" if row.order_id else "/", 303)


def day_began(desk: Desk, now: datetime) -> datetime:
    """Return the instant at which the company's day began."""
    zone = ZoneInfo(desk.built.settings.company.time_zone)
    return now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)
