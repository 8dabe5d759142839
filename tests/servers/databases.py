"""Migrated databases, empty but for their schema: prepared once a run, copied for each test, SQLite and PostgreSQL."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import make_url

from tests.run import once, run_folder

TEMPLATE = "ordermill_template"
DEMO_TEMPLATE = "ordermill_demo_template"


def _build(url: str) -> None:
    from config.settings import DatabaseSettings, Settings
    from oms_app.bootstrap import prepare_database

    prepare_database(Settings(database=DatabaseSettings(url=url)))


def _sqlite_template(folder: Path) -> dict[str, str]:
    _build(f"sqlite:///{folder / 'template.db'}")
    return {"path": str(folder / "template.db")}


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The address of a fresh SQLite database with the schema."""
    template = once("sqlite-template", _sqlite_template)["path"]
    assert Path(template).is_relative_to(run_folder())
    target = tmp_path / "ordermill.db"
    shutil.copy(template, target)
    return f"sqlite:///{target}"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.real)])
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a fresh database with the schema, on each engine in turn."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_url")
        return
    server = request.getfixturevalue("postgres_server")
    url = server.create(server.template(TEMPLATE, _build))
    yield make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    server.drop(url)


@pytest.fixture
def sqlite_demo_url(tmp_path: Path) -> str:
    """The address of a SQLite database that holds the demo company."""
    target = tmp_path / "ordermill.db"
    shutil.copy(once("sqlite-demo-template", _sqlite_demo)["path"], target)
    return f"sqlite:///{target}"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.real)])
def demo_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a database that holds the demo company, on each engine in turn."""
    from tests.walk import fill_with_demo

    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_demo_url")
        return
    server = request.getfixturevalue("postgres_server")
    url = server.create(server.template(DEMO_TEMPLATE, fill_with_demo))
    yield make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    server.drop(url)


def _sqlite_demo(folder: Path) -> dict[str, str]:
    from tests.walk import fill_with_demo

    fill_with_demo(f"sqlite:///{folder / 'template.db'}")
    return {"path": str(folder / "template.db")}
