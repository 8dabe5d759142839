"""The command line over a house of its own: called in this process, with nothing but settings from outside."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from oms_app.cli import app
from oms_core.errors import OrdermillError
from tests.factory import FixedClock
from tests.story import Story, open_story


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
def cli(sqlite_url: str, data_dir: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Cli:
    """Run a command; an error of ours ends as `main` ends it: its sentence, and status 1."""
    monkeypatch.chdir(tmp_path)
    environ = {"ORDERMILL_DATA_DIR": str(data_dir), "ORDERMILL_DATABASE__URL": sqlite_url}

    def call(*words: object) -> Told:
        told = CliRunner().invoke(app, [str(word) for word in words], env=environ)
        if isinstance(told.exception, OrdermillError):
            return Told(told.stdout, f"ordermill: {told.exception}", 1)
        if told.exception is not None and not isinstance(told.exception, SystemExit):
            raise told.exception
        return Told(told.stdout, told.stderr, told.exit_code)

    return call


@pytest.fixture
def story(sqlite_url: str, data_dir: Path, clock: FixedClock) -> Iterator[Story]:
    """The same house with a small company in it, to let orders come in without a worker."""
    opened = open_story(sqlite_url, data_dir, clock)
    yield opened
    opened.house.store.engine.dispose()
