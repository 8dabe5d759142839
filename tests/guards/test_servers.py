"""The test run cleans up after itself, whatever ends it."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import create_engine, inspect, text

from tests.run import RUN_FOLDER, RUN_PID
from tests.servers.postgres import PostgresServer


@pytest.mark.real
def test_every_test_gets_an_empty_database(postgres_url: str) -> None:
    with psycopg.connect(postgres_url.replace("+psycopg", "")) as connection:
        assert connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() == (0,)
        assert connection.info.server_version >= 150000


@pytest.mark.real
def test_a_template_is_filled_once_and_copied(postgres_server: PostgresServer) -> None:
    def fill(url: str) -> None:
        with psycopg.connect(url.replace("+psycopg", "")) as connection:
            connection.execute("CREATE TABLE seen (n int)")

    first = postgres_server.create(postgres_server.template("guard", fill))
    again = postgres_server.create(postgres_server.template("guard", fill))
    try:
        with psycopg.connect(again.replace("+psycopg", "")) as connection:
            assert connection.execute("SELECT count(*) FROM seen").fetchone() == (0,)
    finally:
        postgres_server.drop(first)
        postgres_server.drop(again)


@pytest.mark.real
def test_a_killed_run_leaves_no_server_and_no_folder(tmp_path: Path) -> None:
    root = Path(__file__).parents[2]
    story = tmp_path / "test_hang.py"
    story.write_text(
        "import os, signal\n"
        "def test_hang(postgres_server):\n"
        f"    open({str(tmp_path / 'folder')!r}, 'w').write(os.environ[{RUN_FOLDER!r}])\n"
        f"    os.kill(int(os.environ[{RUN_PID!r}]), signal.SIGKILL)\n",
        encoding="utf-8",
    )
    (tmp_path / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "tests.run"]
    command += ["-p", "tests.servers.postgres", f"--rootdir={tmp_path}", str(story)]
    ended = subprocess.run(
        command, cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(root)}, capture_output=True, check=False
    )
    assert ended.returncode == -signal.SIGKILL, ended.stdout.decode()
    folder = Path((tmp_path / "folder").read_text(encoding="utf-8"))
    deadline = time.monotonic() + 20
    while (folder.exists() or _processes_of(folder)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not folder.exists()
    assert not _processes_of(folder)


def _processes_of(folder: Path) -> list[str]:
    return [line for line in _commands() if str(folder) in line]


def _commands() -> list[str]:
    lines = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            lines.append((process / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace"))
        except (FileNotFoundError, ProcessLookupError):
            continue
    return lines


def test_a_test_on_both_databases_finds_our_schema_and_nothing_in_it(database_url: str) -> None:
    engine = create_engine(database_url)
    try:
        with engine.connect() as connection:
            assert "alembic_version" in inspect(connection).get_table_names()
            assert connection.execute(text("SELECT count(*) FROM draft")).scalar() == 0
    finally:
        engine.dispose()
