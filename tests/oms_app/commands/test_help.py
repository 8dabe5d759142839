"""The command line is quick to answer, and every command and option of it is explained in docs/commands.md."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from oms_app.cli import app

ROOT = Path(__file__).parents[3]
HEAVY = ("sqlalchemy", "sqlmodel", "dbos", "fastapi", "spacy", "pdfplumber", "pydantic", "rich", "lxml", "asyncssh")
PAGE = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")


def commands() -> Iterator[tuple[str, Any]]:
    """Yield every command with its whole name."""
    yield from _commands(typer.main.get_command(app), "ordermill")


def _commands(command: Any, name: str) -> Iterator[tuple[str, Any]]:
    inner = getattr(command, "commands", None)
    if inner is None:
        yield name, command
        return
    for word, one in inner.items():
        yield from _commands(one, f"{name} {word}")


def section(name: str) -> str:
    """Return what the page says under the heading of a command."""
    _, found, rest = PAGE.partition(f"### `{name}")
    assert found, f"docs/commands.md has no heading for `{name}`"
    return rest.partition("\n### ")[0].partition("\n## ")[0]


@pytest.mark.parametrize(
    ("name", "command"), list(commands()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_command_and_each_of_its_options_is_documented(name: str, command: Any) -> None:
    told = section(name)
    options = [option for parameter in command.params for option in parameter.opts if option.startswith("--")]
    assert [option for option in options if f"`{option}" not in told and option != "--help"] == []
    words = [parameter.name for parameter in command.params if not parameter.opts[0].startswith("-")]
    assert [word for word in words if word.strip("_").upper() not in told] == []


@pytest.mark.parametrize(
    ("name", "command"), list(commands()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_every_option_says_what_it_is_for(name: str, command: Any) -> None:
    assert command.help, name
    assert [one.name for one in command.params if not getattr(one, "help", None)] == []


def test_no_heading_is_left_of_a_command_that_is_gone() -> None:
    known = {name for name, _ in commands()}
    headings = [line.split("`")[1] for line in PAGE.splitlines() if line.startswith("### `")]
    assert [line for line in headings if not any(line == name or line.startswith(f"{name} ") for name in known)] == []


def test_help_loads_nothing_heavy() -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "oms_app.cli", "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines() if "|" in line}
    assert "typer" in loaded
    assert loaded & set(HEAVY) == set()
    assert "import" in done.stdout


def test_a_fault_is_one_sentence_and_status_1(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "oms_app.cli", "--config", str(tmp_path / "gone.toml"), "doctor"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert (
        done.stderr
        == f"ordermill: The settings file {tmp_path / 'gone.toml'} cannot be read: No such file or directory\n"
    )


def groups() -> list[tuple[str, ...]]:
    """Return the words that lead to each list of commands."""
    root: Any = typer.main.get_command(app)
    return [(), *((word,) for word, one in root.commands.items() if hasattr(one, "commands"))]


@pytest.mark.parametrize("words", groups(), ids=" ".join)
def test_no_summary_is_cut_in_a_list_of_commands(words: tuple[str, ...]) -> None:
    told = CliRunner().invoke(app, [*words, "--help"], env={"COLUMNS": "80"}).stdout
    _, found, summaries = told.partition("Commands:")
    assert found
    assert "..." not in summaries
