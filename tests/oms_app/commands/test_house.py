"""The house from a terminal: migrate, doctor, backup and restore, people, settings."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from oms_core.records import Document, Person
from oms_flow.people import LoginRules, log_in
from tests.story import Story, csv_order

Cli = Callable[..., Any]
"""The command line: see `conftest.py` beside this file."""


@pytest.fixture
def order(story: Story) -> str:
    story.arrives(csv_order("PO-1", ("SCR-4030", 100)), "po.csv")
    return story.drafts()[0].id


def test_migrate_says_where_the_database_is_and_twice_is_harmless(cli: Cli) -> None:
    told = cli("migrate").out
    assert told.startswith("The database is at schema ")
    assert cli("migrate").out == told


def test_doctor_ends_with_0_for_a_sound_house_and_1_for_another(cli: Cli, story: Story, order: str) -> None:
    whole = cli("doctor", "--json")
    assert (whole.status, whole.json["sound"]) == (0, True)
    assert {one["name"]: one["parts"] for one in whole.json["balances"]}["drafts"]["accepted"] == 1
    assert "1 draft: 1 accepted." in cli("doctor").out
    assert cli("doctor", "--list", "drafts:accepted").out == f"{order}\n"
    with story.house.store.read() as session:
        sha256 = session.scalars(select(Document.sha256)).one()
    story.house.documents.get(sha256).path.unlink()
    told = cli("doctor")
    assert (told.status, "WRONG" in told.out, sha256 in told.out) == (1, True, True)
    assert [one["status"] for one in cli("doctor", "--json").json["findings"] if one["name"] == "document store"] == [
        "wrong"
    ]


def test_a_backup_is_made_and_restored(cli: Cli, story: Story, order: str, tmp_path: Path) -> None:
    made = cli("backup", tmp_path / "backups", "--json").json
    assert (made["documents"], made["fresh"], made["missing"]) == (1, 1, [])
    assert "1 document, 0 of them new" in cli("backup", tmp_path / "backups").out
    assert "--force" in cli("restore", tmp_path / "backups").err
    story.arrives(csv_order("PO-2", ("SCR-4030", 100)), "po2.csv")
    story.house.store.engine.dispose()
    told = cli("restore", made["place"], "--force").out
    assert "Restored the state of" in told
    assert "The database that was here is now" in told
    assert cli("doctor", "--list", "drafts:accepted").out == f"{order}\n"


def test_people_are_added_listed_and_given_a_new_password(cli: Cli, story: Story) -> None:
    password = cli("people", "add", "Anna", "Anna Berg", "--role", "admin").out.rpartition(" ")[2].strip()
    store = story.house.store
    assert log_in(store, LoginRules(), "anna", password).visitor.name == "Anna Berg"
    assert cli("people", "list", "--json").json == [
        {"login": "anna", "name": "Anna Berg", "role": "admin", "active": True}
    ]
    assert "Anna Berg" in cli("people", "list").out
    fresh = cli("people", "reset-password", "anna").out.rpartition(" ")[2].strip()
    assert fresh != password
    assert log_in(store, LoginRules(), "anna", fresh).visitor.login == "anna"
    assert "there is no role 'boss'" in cli("people", "add", "bert", "Bert", "--role", "boss").err
    assert "nobody with the log-in 'carl'" in cli("people", "reset-password", "carl").err
    with store.read() as session:
        assert list(session.scalars(select(Person.login))) == ["anna"]


def test_settings_are_shown_without_their_secrets(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(
        '[channels.orders]\nkind = "mailbox"\nhost = "imap.example.com"\n'
        'username = "orders"\npassword = "s3cret-word"\n'
        '[mail_out]\nconnector = "smtp"\npassword = "s3cret-word"\n'
        '[database]\nurl = "postgresql://mill:s3cret-word@db.example.com/orders"\n',
        encoding="utf-8",
    )
    shown = cli("--config", path, "settings", "--json").json
    assert shown["channels.orders.host"] == "imap.example.com"
    assert shown["channels.orders.password"] == shown["mail_out.password"] == "(hidden)"
    assert "web.port" in cli("--config", path, "settings").out
    assert "s3cret-word" not in cli("--config", path, "settings").out
    assert "s3cret-word" not in str(shown)
