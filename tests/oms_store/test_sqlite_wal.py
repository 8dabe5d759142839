"""Processes that write and checkpoint against each other leave a whole database with every row (ADR 3)."""

import subprocess
import sys

from sqlalchemy import text

from oms_store.engine import checkpoint, make_engine

ROWS = 150
WRITERS = 3


def test_writers_and_checkpoints_never_harm_the_file(sqlite_url: str) -> None:
    processes = [
        subprocess.Popen([sys.executable, "-m", "tests.oms_store.sqlite_writer", sqlite_url, str(ROWS), f"w{number}"])
        for number in range(WRITERS)
    ]
    assert [process.wait(timeout=120) for process in processes] == [0] * WRITERS
    engine = make_engine(sqlite_url)
    with engine.connect() as connection:
        assert connection.scalar(text("PRAGMA integrity_check")) == "ok"
        assert connection.scalar(text("SELECT count(*) FROM audit")) == ROWS * WRITERS
    engine.dispose()


def test_nobody_checkpoints_by_itself(sqlite_url: str) -> None:
    engine = make_engine(sqlite_url)
    with engine.connect() as one, engine.connect() as other:
        for connection in (one, other):
            assert connection.scalar(text("PRAGMA wal_autocheckpoint")) == 0
            assert connection.scalar(text("PRAGMA synchronous")) == 2
            assert connection.scalar(text("PRAGMA foreign_keys")) == 1
    engine.dispose()


def test_a_checkpoint_copies_the_log_into_the_file(sqlite_url: str) -> None:
    engine = make_engine(sqlite_url)
    with engine.connect() as connection:
        connection.execute(text("UPDATE sequence SET next_value = 7"))
        connection.commit()
        assert checkpoint(engine) > 0
    engine.dispose()
