"""Back up while orders come in, lose everything, restore, and go on."""

import json
import shutil
import tarfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from config.settings import DatabaseSettings, Settings
from oms_app.backup import back_up, restore
from oms_app.bootstrap import build
from oms_app.doctor import diagnose
from oms_app.reading_pool import InlineReader
from oms_core.errors import InvalidInput
from oms_core.records import Lease, Order, Outbox
from oms_flow.master import apply
from oms_store.engine import make_engine
from tests.factory import FixedClock, product_row
from tests.story import Story, csv_order, open_story

BOTH = pytest.mark.usefixtures("database_url")
"""Told on SQLite and on PostgreSQL; the other stories on SQLite only."""


@pytest.fixture
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    url = request.getfixturevalue("database_url" if "database_url" in request.fixturenames else "sqlite_url")
    return Settings(data_dir=tmp_path / "house", database=DatabaseSettings(url))


@pytest.fixture
def story(settings: Settings, clock: FixedClock) -> Iterator[Story]:
    opened = open_story(settings.database_url, settings.data_dir, clock)
    opened.arrives(csv_order("PO-1", ("SCR-4030", 100)), "po.csv")
    yield opened
    opened.house.store.engine.dispose()


@pytest.fixture
def empty(settings: Settings, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Settings]:
    """Another house of the same kind of database, with nothing in it, not even a schema."""
    if settings.database_url.startswith("sqlite"):
        yield Settings(data_dir=tmp_path / "other")
        return
    server = request.getfixturevalue("postgres_server")
    url = server.create()
    yield Settings(data_dir=tmp_path / "other", database=DatabaseSettings(url.replace("+psycopg", "")))
    server.drop(url)


def numbers(settings: Settings) -> list[str]:
    engine = make_engine(settings.database_url)
    try:
        with engine.connect() as connection:
            return [row.customer_po for row in connection.execute(select(Order.customer_po).order_by(Order.number))]
    finally:
        engine.dispose()


@BOTH
def test_a_backup_restores_to_a_sound_house_elsewhere(
    story: Story, settings: Settings, empty: Settings, tmp_path: Path, clock: FixedClock
) -> None:
    made = back_up(settings, tmp_path / "backups", clock)
    assert (made.documents, made.fresh, made.missing) == (1, 1, ())
    assert made.place == tmp_path / "backups" / "20260302T090000Z"
    story.arrives(csv_order("PO-2", ("SCR-4030", 100)), "po2.csv")
    done = restore(empty, tmp_path / "backups", clock)
    assert (done.documents, done.moved_to, done.to_migrate) == (1, None, False)
    assert numbers(empty) == ["PO-1"]
    assert diagnose(empty, clock, deep=True).sound


def test_only_new_documents_are_copied_the_next_time(
    story: Story, settings: Settings, empty: Settings, tmp_path: Path, clock: FixedClock
) -> None:
    target = tmp_path / "backups"
    back_up(settings, target, clock)
    story.arrives(csv_order("PO-2", ("SCR-4030", 100)), "po2.csv")
    clock.advance(hours=1)
    second = back_up(settings, target, clock)
    assert (second.documents, second.fresh) == (2, 1)
    assert back_up(settings, target, clock).place.name.endswith("-2"), "two in one second are two"
    restore(empty, target / "20260302T090000Z", clock)
    assert numbers(empty) == ["PO-1"], "each backup is of its own moment"


@pytest.mark.parametrize("name", ["all.tar", "all.tar.gz"])
def test_one_file_holds_everything(
    story: Story, settings: Settings, empty: Settings, tmp_path: Path, clock: FixedClock, name: str
) -> None:
    del story
    made = back_up(settings, tmp_path / name, clock)
    assert made.place == tmp_path / name
    assert not list(tmp_path.glob(".backup-*"))
    restore(empty, tmp_path / name, clock)
    assert numbers(empty) == ["PO-1"]
    assert diagnose(empty, clock, deep=True).sound


@BOTH
def test_a_backup_is_of_one_moment_while_others_write(
    story: Story, settings: Settings, empty: Settings, tmp_path: Path, clock: FixedClock
) -> None:
    stop = threading.Event()

    def writes() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            rows = [product_row(f"W{number}-{n}", pack_unit=None) for n in range(20)]
            assert not apply(story.house, "products", rows, "busy").errors

    busy = threading.Thread(target=writes)
    busy.start()
    try:
        back_up(settings, tmp_path / "backups", clock)
    finally:
        stop.set()
        busy.join()
    restore(empty, tmp_path / "backups", clock)
    told = diagnose(empty, clock, deep=True)
    assert told.sound, told.findings


def test_a_push_that_was_under_way_is_asked_about_first(
    story: Story, settings: Settings, empty: Settings, tmp_path: Path, clock: FixedClock
) -> None:
    with story.house.store.write("test") as unit:
        row = unit.session.scalars(select(Outbox).where(Outbox.kind == "erp")).one()
        row.state, row.attempts = "sending", 1
    back_up(settings, tmp_path / "backups", clock)
    restore(empty, tmp_path / "backups", clock)
    built = build(empty, clock, InlineReader())
    with built.house.store.read() as session:
        row = session.scalars(select(Outbox).where(Outbox.kind == "erp")).one()
    built.house.store.engine.dispose()
    assert (row.state, row.attempts) == ("sending", 1), "the next attempt is the second, and that one asks first"


@BOTH
def test_a_house_that_is_not_empty_is_replaced_only_with_force(
    story: Story, settings: Settings, tmp_path: Path, clock: FixedClock
) -> None:
    back_up(settings, tmp_path / "backups", clock)
    story.arrives(csv_order("PO-2", ("SCR-4030", 100)), "po2.csv")
    with pytest.raises(InvalidInput, match="is not empty"):
        restore(settings, tmp_path / "backups", clock)
    assert numbers(settings) == ["PO-1", "PO-2"]
    story.house.store.engine.dispose()
    done = restore(settings, tmp_path / "backups", clock, force=True)
    assert numbers(settings) == ["PO-1"]
    if done.moved_to is not None:
        assert numbers(replace(settings, database=DatabaseSettings(f"sqlite:///{done.moved_to}"))) == ["PO-1", "PO-2"]


def test_nothing_is_restored_under_a_running_worker(
    story: Story, settings: Settings, tmp_path: Path, clock: FixedClock
) -> None:
    back_up(settings, tmp_path / "backups", clock)
    until = clock.instant.replace(minute=1)
    with story.house.store.write("test") as unit:
        unit.session.add(Lease(name="worker:w1", holder="w1", fence=1, host="mill", pid=77, expires_at=until))
    with pytest.raises(InvalidInput, match=r"a worker is running on mill \(process 77\)"):
        restore(settings, tmp_path / "backups", clock, force=True)


def _cut(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data[:-1])


def _other_format(folder: Path) -> None:
    told = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps(told | {"format": 99}))


@pytest.mark.parametrize(
    ("harm", "sentence"),
    [
        (lambda folder: _cut(next(folder.glob("database.*"))), "is missing or not what it was"),
        (lambda folder: _cut(folder / "documents.txt"), "is missing or not what it was"),
        (lambda folder: _cut(folder / "manifest.json"), "is damaged"),
        (lambda folder: (folder / "manifest.json").unlink(), "holds no backup"),
        (_other_format, "is of format 99"),
        (
            lambda folder: next((folder.parent / "documents").glob("*/*/*")).unlink(),
            "is missing or damaged; use another backup",
        ),
    ],
)
def test_a_damaged_backup_is_refused_before_anything_is_touched(
    sqlite_url: str, tmp_path: Path, clock: FixedClock, harm: Callable[[Path], Any], sentence: str
) -> None:
    settings = Settings(data_dir=tmp_path / "house", database=DatabaseSettings(sqlite_url))
    story = open_story(sqlite_url, settings.data_dir, clock)
    story.arrives(csv_order("PO-1", ("SCR-4030", 100)), "po.csv")
    folder = back_up(settings, tmp_path / "backups", clock).place
    story.house.store.engine.dispose()
    harm(folder)
    other = Settings(data_dir=tmp_path / "other")
    with pytest.raises(InvalidInput, match=sentence):
        restore(other, tmp_path / "backups", clock)
    assert not (tmp_path / "other" / "ordermill.db").exists()


def test_a_document_that_was_lost_before_is_told_and_the_rest_restored(
    story: Story, settings: Settings, empty: Settings, tmp_path: Path, clock: FixedClock
) -> None:
    story.arrives(csv_order("PO-2", ("SCR-4030", 100)), "po2.csv")
    lost = next((settings.data_dir / "documents").glob("[0-9a-f]*/*/*"))
    lost.unlink()
    made = back_up(settings, tmp_path / "backups", clock)
    assert made.missing == (lost.name,)
    assert restore(empty, tmp_path / "backups", clock).missing == (lost.name,)
    assert not diagnose(empty, clock).sound


def test_a_packed_file_that_is_none_of_ours_writes_nothing_outside(tmp_path: Path, clock: FixedClock) -> None:
    evil = tmp_path / "evil.tar"
    (tmp_path / "payload").write_text("gotcha", encoding="utf-8")
    with tarfile.open(evil, "w") as archive:
        archive.add(tmp_path / "payload", "../outside.txt")
    with pytest.raises(InvalidInput, match="no backup of ours"):
        restore(Settings(data_dir=tmp_path / "other"), evil, clock)
    assert not (tmp_path / "outside.txt").exists()
    (tmp_path / "no.tar").write_bytes(b"nothing")
    with pytest.raises(InvalidInput, match="cannot be read as a backup"):
        restore(Settings(data_dir=tmp_path / "other"), tmp_path / "no.tar", clock)


def test_a_backup_of_the_other_kind_of_database_is_refused(sqlite_url: str, tmp_path: Path, clock: FixedClock) -> None:
    settings = Settings(data_dir=tmp_path / "house", database=DatabaseSettings(sqlite_url))
    folder = back_up(settings, tmp_path / "backups", clock).place
    told = json.loads((folder / "manifest.json").read_text())
    shutil.copy(folder / "database.sqlite", folder / "database.dump")
    (folder / "manifest.json").write_text(json.dumps(told | {"kind": "postgresql"}))
    with pytest.raises(InvalidInput, match="of a postgresql database"):
        restore(Settings(data_dir=tmp_path / "other"), folder, clock)
