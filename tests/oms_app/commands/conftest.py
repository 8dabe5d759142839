"""The command line over a house of its own: called in this process, with nothing but settings from outside."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from config.settings import DatabaseSettings, Settings
from oms_app.bootstrap import Built, build
from oms_app.cli import app
from oms_app.reading_pool import InlineReader
from oms_core.errors import OrdermillError


@dataclass(frozen=True, slots=True)
class Told:
    """What a command said, and how it ended."""

    out: str
    err: str
    status: int

    @property
    def json(self) -> Any:
        """The one JSON value on standard output."""
        return json.loads(self.out)

    @property
    def lines(self) -> list[Any]:
        """A JSON value a line."""
        return [json.loads(line) for line in self.out.splitlines()]


Cli = Callable[..., Told]


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return tmp_path / "var"


@pytest.fixture
def cli(sqlite_demo_url: str, data_dir: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Cli:
    """Run a command; an error of ours ends as `main` ends it: its sentence, and status 1."""
    monkeypatch.chdir(tmp_path)
    environ = {"ORDERMILL_DATA_DIR": str(data_dir), "ORDERMILL_DATABASE__URL": sqlite_demo_url, "COLUMNS": "300"}

    def call(*words: object) -> Told:
        told = CliRunner().invoke(app, [str(word) for word in words], env=environ)
        if isinstance(told.exception, OrdermillError):
            return Told(told.stdout, f"ordermill: {told.exception}", 1)
        if told.exception is not None and not isinstance(told.exception, SystemExit):
            raise told.exception
        return Told(told.stdout, told.stderr, told.exit_code)

    return call


@pytest.fixture
def built(sqlite_demo_url: str, data_dir: Path) -> Iterator[Built]:
    """The same house, to look at and to walk orders in without a worker."""
    made = build(Settings(data_dir=data_dir, database=DatabaseSettings(sqlite_demo_url)), reader=InlineReader())
    yield made
    made.house.store.engine.dispose()
