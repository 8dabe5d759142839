"""A database that is busy is no fault of anybody: a sentence, and when to come again."""

import sqlite3
from collections.abc import Iterator

import httpx
import pytest
from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft
from sqlalchemy.pool import QueuePool

from oms_app.front.busy import RETRY_SECONDS, busy
from tests.oms_app.web.conftest import Desk, Office
from tests.oms_app.web.test_review import unsure


@pytest.fixture
def locked(office: Office, desk: Desk) -> Iterator[str]:
    """A task of a house whose database somebody else is writing to, for good."""
    assert desk.csrf, "the log-in comes first: it writes"
    key = office.take(unsure(), "order.csv")
    engine = office.house.store.engine
    event.listen(engine, "connect", _impatient)
    engine.dispose()
    other = sqlite3.connect(str(engine.url.database), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    yield key
    other.rollback()
    other.close()


def _impatient(connection: sqlite3.Connection, _record: object) -> None:
    connection.execute("PRAGMA busy_timeout=1")


def test_a_busy_database_is_told_and_reading_goes_on(desk: Desk, locked: str, client: httpx.Client) -> None:
    refused = desk.post(f"/tasks/{locked}/field", version=1, path="number", text="PO-1")
    assert refused.status_code == 503
    assert refused.headers["retry-after"] == str(RETRY_SECONDS)
    assert refused.headers["hx-retarget"] == "#notice"
    assert "The database is busy just now" in refused.text
    assert "default-src 'none'" in refused.headers["content-security-policy"]
    page = client.post("/upload", files={"files": ("a.csv", b"a;b")}, data={"csrf": desk.csrf})
    assert page.status_code == 503
    assert "To the dashboard" in page.text
    assert desk.get(f"/tasks/{locked}").status_code == 200


def test_a_program_is_told_when_to_come_again(desk: Desk, locked: str) -> None:
    answer = desk.client.post(
        f"/api/v1/tasks/{locked}/decisions",
        json={"decision": "reject", "version": 1, "reason": "late"},
        headers={"X-CSRF-Token": desk.csrf},
    )
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == str(RETRY_SECONDS)
    assert "do it again" in answer.json()["error"]


def test_a_pool_without_a_connection_left_is_busy() -> None:
    engine = create_engine("sqlite://", poolclass=QueuePool, pool_size=1, max_overflow=0, pool_timeout=0.01)
    with engine.connect(), pytest.raises(NoConnectionLeft) as caught:
        engine.connect()
    assert busy(caught.value)
    engine.dispose()


def problem_of(engine: Engine, statement: str) -> DBAPIError:
    with pytest.raises(DBAPIError) as caught, engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()
    return caught.value


def test_a_broken_database_is_not_busy() -> None:
    assert not busy(problem_of(create_engine("sqlite://"), "SELECT * FROM nothing"))
    assert not busy(ValueError("something else"))


def test_a_server_out_of_reach_is_worth_trying_again() -> None:
    assert busy(problem_of(create_engine("postgresql+psycopg://nobody@127.0.0.1:1/none"), "SELECT 1"))
