"""Who has a task open: taken while its page is open, given back when the page is left."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from oms_core.records import Draft
from oms_flow import review
from oms_flow.house import House


@dataclass(frozen=True, slots=True)
class Held:
    """Who has a task, and until when unless they go on with it."""

    holder: str
    until: datetime


def hold(house: House, key: str, who: str) -> Held:
    """Take a task for a while, or say who has it. Raises NotFound."""
    holder = review.claim(house, key, who)
    with house.store.read() as session:
        until = session.get_one(Draft, key).claimed_until
    return Held(holder, until or house.store.clock.now())


def give_back(house: House, key: str, who: str, until: datetime) -> None:
    """Give a task back, unless this person took it again since: in another window, or by loading the page anew."""
    with house.store.write("review.release") as unit:
        row = select(Draft).where(col(Draft.id) == key, col(Draft.claimed_by) == who).with_for_update()
        draft = unit.session.scalars(row).first()
        if draft is not None and draft.claimed_until is not None and draft.claimed_until <= until:
            draft.claimed_by = draft.claimed_until = None
