"""Databases with our schema in them: migrated once a run, then copied for every test that asks."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.run import once
from tests.servers.postgres import PostgresServer

KINDS = [pytest.param("sqlite", id="sqlite"), pytest.param("postgres", id="postgres", marks=pytest.mark.real)]


def _migrate(url: str) -> None:
    from oms_store.engine import make_engine
    from oms_store.migrate import migrate

    engine = make_engine(url)
    try:
        migrate(engine)
    finally:
        engine.dispose()


def _sqlite_template(folder: Path) -> dict[str, str]:
    file = folder / "template.db"
    _migrate(f"sqlite:///{file}")
    return {"file": str(file)}


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The address of a fresh SQLite database with our schema."""
    template = Path(once("sqlite-template", _sqlite_template)["file"])
    for part in template.parent.glob("template.db*"):
        shutil.copy(part, tmp_path / part.name.replace("template", "ordermill"))
    return f"sqlite:///{tmp_path / 'ordermill.db'}"


@pytest.fixture
def migrated_postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """The address of a fresh PostgreSQL database with our schema, dropped after the test."""
    url = postgres_server.create(postgres_server.template("migrated", _migrate))
    yield url
    postgres_server.drop(url)


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest) -> str:
    """A fresh database with our schema: the test runs once on SQLite and once on PostgreSQL."""
    name = {"sqlite": "sqlite_url", "postgres": "migrated_postgres_url"}[request.param]
    url: str = request.getfixturevalue(name)
    return url
