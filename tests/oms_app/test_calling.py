"""A command that people are told to type works where they stand."""

import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from oms_app.calling import as_called


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A place with an environment of its own, as `make run` makes one."""
    program = tmp_path / ".venv" / "bin" / "ordermill"
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(program.with_name("python")))
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.chdir(tmp_path)
    return program


@pytest.mark.usefixtures("installed")
def test_a_program_that_the_shell_does_not_find_is_named_by_its_path_from_here(tmp_path: Path) -> None:
    assert as_called() == ".venv/bin/ordermill"
    assert as_called(tmp_path / "var" / "my demo.toml") == ".venv/bin/ordermill --config 'var/my demo.toml'"


def test_elsewhere_it_is_named_by_its_whole_path(
    installed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert as_called() == str(installed)


def test_a_program_that_the_shell_finds_is_called_by_its_name(installed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(installed.parent))
    assert as_called() == "ordermill"


def test_what_is_told_runs() -> None:
    done = subprocess.run([*shlex.split(as_called()), "--help"], capture_output=True, text=True, check=True)
    assert "Order intake" in done.stdout
