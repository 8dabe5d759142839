"""A house with the demo company, the real verbs to carry orders through it, and somebody at the desk."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

import httpx
import pytest
from sqlalchemy.orm import Session
from sqlmodel import col, select

from config.settings import CompanySettings, DatabaseSettings, SecuritySettings, Settings
from oms_app import bootstrap
from oms_app.bootstrap import Built
from oms_app.demo.customers import SELLER
from oms_app.reading_pool import InlineReader
from oms_app.web.app import create_app
from oms_core.records import Delivery, Draft
from oms_core.values import BytesBlob, ChannelKind, RawDocument, SenderFacts
from oms_core.values.work import Work, WorkKind
from oms_flow import people
from oms_flow.house import SYSTEM, House
from oms_flow.receive import receive
from oms_flow.walk import walk
from oms_store.store import Unit
from tests.factory import FixedClock
from tests.servers.browser import served

T = TypeVar("T")


@dataclass
class Office:
    """A house with a list where its work is noted, and the walk of an order done by hand."""

    built: Built
    clock: FixedClock
    works: list[Work] = field(default_factory=list)
    passwords: dict[str, str] = field(default_factory=dict)

    @property
    def house(self) -> House:
        return self.built.house

    def receive(self, data: bytes, filename: str, *, sender: SenderFacts | None = None, key: str | None = None) -> str:
        """Let a document arrive and return its id."""
        self.clock.advance(seconds=1)
        raw = RawDocument(
            channel="inbox" if filename.endswith(".eml") else "drop",
            kind=ChannelKind.MAILBOX if filename.endswith(".eml") else ChannelKind.FOLDER,
            source_key=key or f"{filename}#{len(self.works)}",
            blob=BytesBlob(data),
            filename=filename,
            media_type="message/rfc822" if filename.endswith(".eml") else None,
            sender=sender or SenderFacts(partner="K1007"),
            received_at=self.clock.now(),
        )
        receive(self.house, raw)
        with self.house.store.read() as session:
            found = session.scalars(select(Delivery.document_id).where(col(Delivery.source_key) == raw.source_key))
            return str(found.one())

    def walk(self) -> None:
        """Read, match and accept everything that waits, as the worker does."""

        def step(name: str, save: Callable[[Unit], T]) -> T:
            with self.house.store.write(name) as unit:
                return save(unit)

        while self.works:
            work = self.works.pop(0)
            if work.kind is WorkKind.WALK:
                walk(self.house, work.subject, step)

    def take(self, data: bytes, filename: str, *, sender: SenderFacts | None = None) -> str:
        """Let a document arrive, walk it, and return the id of its first draft."""
        document = self.receive(data, filename, sender=sender)
        self.walk()
        return self.draft(document).id

    def draft(self, document: str) -> Draft:
        with self.house.store.read() as session:
            rows = select(Draft).where(col(Draft.document_id) == document).order_by(col(Draft.position))
            return session.scalars(rows).all()[0]

    def load(self, key: str) -> Draft:
        with self.house.store.read() as session:
            return session.get_one(Draft, key)

    def add(self, login: str, role: str) -> str:
        self.passwords[login] = people.add_person(self.house.store, SYSTEM, login, login.title(), role)
        return self.passwords[login]


@dataclass
class Desk:
    """A browser of somebody who is logged in."""

    client: httpx.Client
    csrf: str

    def post(self, place: str, /, **values: object):
        """Post as the page does, with HTMX's headers."""
        headers = {"X-CSRF-Token": self.csrf, "HX-Request": "true"}
        return self.client.post(place, data=values, headers=headers, follow_redirects=False)

    def get(self, path: str):
        return self.client.get(path, follow_redirects=False)


@pytest.fixture
def office(tmp_path: Path, sqlite_demo_url: str, clock: FixedClock) -> Iterator[Office]:
    """A house with the demo company and an admin called `admin`."""
    settings = Settings(
        data_dir=tmp_path / "data",
        database=DatabaseSettings(sqlite_demo_url),
        company=CompanySettings(name=SELLER.name, names=SELLER.names, ids=(SELLER.vat_id, SELLER.gln)),
        security=SecuritySettings(login_attempts=3),
    )
    built = bootstrap.build(settings, clock=clock, reader=InlineReader())
    works: list[Work] = []

    def collect(_session: Session, work: Work) -> None:
        works.append(work)

    house = replace(built.house, store=replace(built.house.store, enqueue=collect))
    made = Office(replace(built, house=house), clock, works)
    password = people.create_first_admin(house.store)
    assert password is not None
    made.passwords["admin"] = password
    yield made
    house.store.engine.dispose()


@pytest.fixture
def address(office: Office) -> Iterator[str]:
    """Where the pages are served, by the server that serves them in earnest."""
    with served(create_app(office.built)) as found:
        yield found


@pytest.fixture
def client(address: str) -> Iterator[httpx.Client]:
    """A browser that nobody has logged in with."""
    with httpx.Client(base_url=address, timeout=30) as made:
        yield made


def enter(client: httpx.Client, login: str, password: str, **more: str):
    """Log in as a browser does and return the answer."""
    page = client.get("/login").text
    door = re.search(r'name="door" value="([^"]+)"', page)
    assert door
    form = {"login": login, "password": password, "door": door[1]} | more
    return client.post("/login", data=form, follow_redirects=False)


def csrf_of(client: httpx.Client) -> str:
    """Read the token off a page."""
    found = re.search(r'data-csrf="([^"]+)"', client.get("/upload").text)
    assert found
    return found[1]


@pytest.fixture
def desk(client: httpx.Client, office: Office) -> Desk:
    """A reviewer called Anna, logged in."""
    assert enter(client, "anna", office.add("anna", "reviewer")).status_code == 303
    return Desk(client, csrf_of(client))


@pytest.fixture
def admin(client: httpx.Client, office: Office) -> Desk:
    """The admin, logged in."""
    assert enter(client, "admin", office.passwords["admin"]).status_code == 303
    return Desk(client, csrf_of(client))
