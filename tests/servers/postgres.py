"""A throw-away PostgreSQL cluster: one a test run, a fresh database for every test that asks."""

import re
import secrets
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from tests.run import leave_out, once
from tests.servers.keeper import keep, unprivileged_user

PACKAGE = "postgresql"
USER = "ordermill"
START_SECONDS = 60.0
_SETTINGS = (
    # Nothing here outlives the run, so nothing waits for the disk.
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_connections=200",
    "unix_socket_directories=",
    "listen_addresses=127.0.0.1",
    "log_statement=none",
    "timezone=UTC",
)


def programs() -> Path | None:
    """Return the folder of the newest PostgreSQL server (15 or later) on this machine."""
    found = [Path(place).parent for place in [shutil.which("initdb")] if place]
    found += [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    ages = {path: int(match[1]) for path in found if (match := re.search(r"/(\d+)/bin$", str(path.resolve())))}
    fitting = [path for path in found if ages.get(path, 15) >= 15]
    return max(fitting, key=lambda path: ages.get(path, 15), default=None)


@dataclass(frozen=True, slots=True)
class PostgresServer:
    """A running cluster; every database in it is this run's own."""

    port: int
    password: str

    def url(self, database: str) -> str:
        """Return the address of a database as SQLAlchemy reads it, with psycopg 3."""
        return f"postgresql+psycopg://{USER}:{self.password}@127.0.0.1:{self.port}/{database}"

    def create(self, template: str = "template1") -> str:
        """Create a database as a copy of a template and return its address."""
        name = f"test_{secrets.token_hex(8)}"
        self._run(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)))
        return self.url(name)

    def drop(self, url: str) -> None:
        """Drop a database, whoever is still connected."""
        name = url.rpartition("/")[2]
        self._run(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def template(self, name: str, build: Callable[[str], None]) -> str:
        """Fill a database once a run by `build(url)`, which closes its connections; return its name for `create`."""

        def fill(_folder: Path) -> dict[str, str]:
            self.drop(self.url(name))
            self._run(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
            build(self.url(name))
            return {}

        once(f"postgres-template-{name}", fill)
        return name

    def _run(self, statement: sql.Composed) -> None:
        with psycopg.connect(
            host="127.0.0.1", port=self.port, user=USER, password=self.password, dbname="postgres", autocommit=True
        ) as connection:
            connection.execute(statement)


def _start(folder: Path) -> dict[str, str]:
    binaries = programs()
    if binaries is None:
        leave_out(PACKAGE, "PostgreSQL 15 or later")
    password = secrets.token_urlsafe(16)
    port = _free_port()
    _make_cluster(binaries, folder, password)
    settings = [word for setting in (*_SETTINGS, f"port={port}") for word in ("-c", setting)]
    keep(
        folder,
        [str(binaries / "postgres"), "-D", str(folder / "cluster" / "data"), *settings],
        stop=signal.SIGQUIT,  # its immediate shutdown: there is nothing to save
        unprivileged=True,
    )
    _await(PostgresServer(port, password), folder / "log")
    return {"port": str(port), "password": password}


def _make_cluster(binaries: Path, folder: Path, password: str) -> None:
    cluster = folder / "cluster"
    cluster.mkdir()
    owner = unprivileged_user()
    if owner:
        shutil.chown(cluster, "nobody")
    secret = folder / "password"
    secret.write_text(password, encoding="ascii")
    secret.chmod(0o644)  # initdb reads it as nobody; the password is worth nothing outside this run
    command = f"initdb -U {USER} -A scram-sha-256 -E UTF8 --locale=C.UTF-8 --no-sync".split()
    subprocess.run(
        [binaries / command[0], *command[1:], "-D", cluster / "data", "--pwfile", secret],
        check=True,
        capture_output=True,
        cwd="/",
        **owner,  # type: ignore[call-overload]  # user, group and extra_groups, or nothing
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _await(server: PostgresServer, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            server._run(sql.Composed([sql.SQL("SELECT 1")]))  # noqa: SLF001 - this module's own class
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                said = log.read_text(encoding="utf-8", errors="replace")[-2000:]
                pytest.fail(f"PostgreSQL did not answer within {START_SECONDS:.0f} s. It said: {said}")
            time.sleep(0.05)
        else:
            return


@pytest.fixture(scope="session")
def postgres_server() -> PostgresServer:
    """The cluster of this run; the first test that asks starts it (about 2 s)."""
    facts = once("postgres", _start)
    return PostgresServer(int(facts["port"]), facts["password"])


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """The address of an empty database, dropped after the test."""
    url = postgres_server.create()
    yield url
    postgres_server.drop(url)
