"""The doctor finds what was broken on purpose, names it by id, and is content with a sound house."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlmodel import select

from config.settings import ChannelSettings, CompanySettings, DatabaseSettings, Settings
from oms_app.doctor import Diagnosis, Finding, Status, diagnose, list_members
from oms_core.errors import InvalidInput
from oms_core.records import Breaker, ChannelStatus, Document, Draft, Invoice, Lease, Outbox, Stock
from tests.factory import FixedClock
from tests.story import Story, csv_order, open_story

BOTH = pytest.mark.usefixtures("database_url")
"""Asked on SQLite and on PostgreSQL; the other questions on SQLite only."""


@pytest.fixture
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    url = request.getfixturevalue("database_url" if "database_url" in request.fixturenames else "sqlite_url")
    return Settings(data_dir=tmp_path, database=DatabaseSettings(url))


@pytest.fixture
def story(settings: Settings, clock: FixedClock) -> Iterator[Story]:
    opened = open_story(settings.database_url, settings.data_dir, clock)
    opened.arrives(csv_order("PO-1", ("SCR-4030", 100)), "po.csv")
    opened.arrives(csv_order("PO-2", ("SCR-4030", 100), ("XJ-77", 2)), "po2.csv")
    yield opened
    opened.house.store.engine.dispose()


def found(told: Diagnosis, name: str) -> Finding:
    (one,) = [finding for finding in told.findings if finding.name == name]
    return one


@BOTH
def test_a_house_at_rest_is_sound(story: Story, settings: Settings, clock: FixedClock) -> None:
    del story
    told = diagnose(settings, clock, deep=True)
    assert told.sound, [finding for finding in told.findings if finding.status is not Status.OK]
    assert found(told, "deliveries").message == "2 deliveries: 2 stored."
    assert found(told, "drafts").message == "2 drafts: 1 accepted, 1 in review."
    assert found(told, "workers").status is Status.WARNING, "nobody works here"
    assert {balance.name: balance.total for balance in told.balances} == {"deliveries": 2, "documents": 2, "drafts": 2}


def test_members_are_listed_by_place(story: Story, settings: Settings) -> None:
    accepted, waiting = story.drafts()
    assert list_members(settings, "drafts:accepted") == (accepted.id,)
    assert list_members(settings, "drafts:in review") == (waiting.id,)
    with pytest.raises(InvalidInput, match="'drafts:in review'"):
        list_members(settings, "drafts:lost")


def test_a_state_that_nobody_knows_breaks_the_law(story: Story, settings: Settings, clock: FixedClock) -> None:
    with story.house.store.write("test") as unit:
        unit.session.get_one(Draft, story.drafts()[0].id).state = "vanished"
    told = diagnose(settings, clock)
    assert not told.sound
    assert "1 is in no place we know" in found(told, "drafts").message


def test_an_accepted_draft_without_an_order_is_an_orphan(story: Story, settings: Settings, clock: FixedClock) -> None:
    draft = story.drafts()[0]
    with story.house.store.write("test") as unit:
        unit.session.get_one(Draft, draft.id).order_id = None
    assert found(diagnose(settings, clock), "orphans").members == (draft.id,)


def test_what_does_not_get_on_is_named(story: Story, settings: Settings, clock: FixedClock) -> None:
    story.lands(csv_order("PO-3", ("SCR-4030", 1)), "po3.csv")
    assert found(diagnose(settings, clock), "progress").status is Status.OK
    clock.advance(minutes=5.1)
    stuck = found(diagnose(settings, clock), "progress")
    assert (stuck.status, stuck.members) == (Status.WRONG, list_members(settings, "documents:in progress"))


def test_documents_that_are_gone_cut_or_changed_are_named(
    story: Story, settings: Settings, clock: FixedClock, tmp_path: Path
) -> None:
    with story.house.store.read() as session:
        first, second = session.scalars(select(Document.sha256).order_by(Document.id)).all()
    path = story.house.documents.get(first).path
    data = path.read_bytes()
    path.write_bytes(data[:-1])
    assert found(diagnose(settings, clock), "document store").members == (
        f"{first} ({len(data) - 1} bytes instead of {len(data)})",
    )
    path.write_bytes(data[:-1] + b"?")
    assert diagnose(settings, clock).sound, "a quick look compares sizes"
    deep = diagnose(settings, clock, deep=True)
    assert found(deep, "document store").members == (f"{first} (its content is another)",)
    path.unlink()
    assert found(diagnose(settings, clock), "document store").members == (f"{first} (missing)",)
    assert (tmp_path / "documents" / second[:2]).exists()


@BOTH
def test_stock_that_does_not_add_up_is_named(story: Story, settings: Settings, clock: FixedClock) -> None:
    with story.house.store.write("test") as unit:
        unit.session.get_one(Stock, ("SCR-4030", "NORTH")).on_hand += Decimal("0.000001")
        unit.session.get_one(Stock, ("SCR-4040", "NORTH")).allocated += Decimal(1)
    told = diagnose(settings, clock)
    assert found(told, "stock ledger").members == ("SCR-4030 in NORTH", "SCR-4040 in NORTH")
    assert found(told, "allocations").members == ("SCR-4040 in NORTH",)


def test_an_order_without_its_invoice_is_named(story: Story, settings: Settings, clock: FixedClock) -> None:
    with story.house.store.write("test") as unit:
        unit.session.delete(unit.session.scalars(select(Invoice)).one())
    assert found(diagnose(settings, clock), "orders").members == (story.orders()[0].number,)


def test_a_refused_push_is_wrong_and_says_why(story: Story, settings: Settings, clock: FixedClock) -> None:
    with story.house.store.write("test") as unit:
        row = unit.session.scalars(select(Outbox).where(Outbox.kind == "erp")).one()
        row.state, row.last_error = "rejected", "The ERP knows no customer C-1001."
    refused = found(diagnose(settings, clock), "refused pushes")
    assert (refused.status, "knows no customer C-1001" in refused.message) == (Status.WRONG, True)


def test_a_partner_that_is_left_alone_and_a_channel_that_is_down_are_warnings(
    story: Story, settings: Settings, clock: FixedClock
) -> None:
    with story.house.store.write("test") as unit:
        unit.session.add(Breaker(partner="file_drop", failures=5, open_until=clock.instant.replace(hour=10)))
        unit.session.add(ChannelStatus(name="drop", kind="folder", available=False, message="The folder is gone."))
    channels = tuple(ChannelSettings(name, "folder", options={"path": "x"}) for name in ("drop", "never"))
    told = diagnose(replace(settings, channels=channels, company=CompanySettings(time_zone="Europe/Berlin")), clock)
    assert told.sound
    says = found(told, "partner file_drop").message
    assert "left alone until 2026-03-02 11:00:00 CET after 5 failures" in says, "by our clock, as the pages show it"
    assert found(told, "channel drop").message == "The folder is gone."
    assert "never looked at" in found(told, "channel never").message


def test_workers_and_who_leads_are_told(story: Story, settings: Settings, clock: FixedClock) -> None:
    def lease(name: str, holder: str) -> Lease:
        until = clock.instant.replace(minute=1)
        return Lease(name=name, holder=holder, fence=1, host="mill", pid=77, expires_at=until)

    with story.house.store.write("test") as unit:
        unit.session.add(lease("worker:w1", "w1"))
    assert "none leads" in found(diagnose(settings, clock), "workers").message
    with story.house.store.write("test") as unit:
        unit.session.add(lease("leader", "w1"))
    workers = found(diagnose(settings, clock), "workers")
    assert (workers.status, workers.message) == (Status.OK, "1 running: mill (process 77). w1 leads.")
    clock.advance(minutes=2)
    assert "No worker is running" in found(diagnose(settings, clock), "workers").message


def test_a_database_without_schema_or_of_another_version_is_told(tmp_path: Path, clock: FixedClock) -> None:
    settings = Settings(data_dir=tmp_path)
    told = diagnose(settings, clock)
    assert not told.sound
    assert "has no schema yet: run 'ordermill migrate'" in found(told, "schema").message
    engine = create_engine(settings.database_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32))"))
        connection.execute(text("INSERT INTO alembic_version VALUES ('9999')"))
    engine.dispose()
    assert "is at schema 9999" in found(diagnose(settings, clock), "schema").message


def test_a_database_that_does_not_answer_is_a_finding(tmp_path: Path, clock: FixedClock) -> None:
    (tmp_path / "ordermill.db").write_bytes(b"no database at all" * 100)
    told = diagnose(Settings(data_dir=tmp_path), clock)
    assert not told.sound
    assert "does not answer" in told.findings[0].message


def test_one_of_a_thing_is_told_as_one(settings: Settings, clock: FixedClock) -> None:
    opened = open_story(settings.database_url, settings.data_dir, clock)
    opened.arrives(csv_order("PO-1", ("SCR-4030", 100)), "po.csv")
    opened.house.store.engine.dispose()
    told = diagnose(settings, clock)
    says = [found(told, name).message for name in ("deliveries", "documents", "drafts", "document store")]
    assert [one.partition(":")[0] for one in says] == ["1 delivery", "1 document", "1 draft", "1 file"]
