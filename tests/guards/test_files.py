"""What stands in the project's files: the lock, the licences, the doors, and nothing that is not finished."""

import os
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from tools.licences import ALLOWED, LOCK, STATED_ELSEWHERE, Licence, licences, locked

ROOT = Path(__file__).parents[2]
LOCKS = (LOCK, ROOT / "tools" / "tryton-requirements.lock", ROOT / "tools" / "uv-requirements.lock")
EXPECTED = ("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "Containerfile", "docs", "docs/adr")
# Put together here so that this file does not hold the words it looks for.
UNFINISHED = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "X" * 3, "place" + "holder text")) + r")\b")
UNWRITTEN = "raise NotImplemented" + "Error"
TEXT_FILES = frozenset({".py", ".toml", ".md", ".sh", ".html", ".css", ".js", ".service", ""})


def _own_files() -> list[Path]:
    found: list[Path] = []
    for folder, below, names in os.walk(ROOT):
        below[:] = [name for name in below if name == ".ci" or not (name.startswith((".", "__")) or name == "var")]
        found += [Path(folder) / name for name in names if Path(name).suffix in TEXT_FILES and name[0] != "."]
    return found


def _pyproject() -> str:
    return (ROOT / "pyproject.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", EXPECTED)
def test_what_a_newcomer_looks_for_is_there(name: str) -> None:
    assert (ROOT / name).exists()


def test_nothing_is_left_unfinished() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in _own_files()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if UNFINISHED.search(line) or UNWRITTEN in line
    ]
    assert not found


def test_every_dependency_is_in_the_lock() -> None:
    project = tomllib.loads(_pyproject())
    named = project["project"]["dependencies"] + project["dependency-groups"]["dev"]
    named += project["build-system"]["requires"]
    wanted = {re.sub(r"[-_.]+", "-", re.split(r"[\[<>=!~; ]", line)[0]).lower() for line in named}
    held = {name for name, _ in locked(LOCK.read_text(encoding="utf-8"))}
    assert not wanted - held, "run `make lock`"


def test_the_locked_version_is_one_that_pyproject_takes() -> None:
    project = tomllib.loads(_pyproject())
    lock = dict(locked(LOCK.read_text(encoding="utf-8")))
    too_old = []
    for line in project["project"]["dependencies"] + project["dependency-groups"]["dev"]:
        name = re.split(r"[\[<>=!~; ]", line)[0]
        least = re.search(r">=([0-9.]+)", line)
        if least and _version(lock[name]) < _version(least[1]):
            too_old.append(f"{name} {lock[name]} is older than {least[1]}")
    assert not too_old, "run `make lock`"


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", text))


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_holds_hashes_and_no_address(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    assert "://" not in text
    assert " @ " not in text
    assert "--index" not in text
    entries = re.split(r"^(?=[a-z])", text, flags=re.MULTILINE)[1:]
    assert entries
    assert [entry.split(" ")[0] for entry in entries if "--hash=sha256:" not in entry] == []


def test_every_licence_may_ship() -> None:
    found = licences()
    assert len(found) > 50
    assert [licence for licence in found if not licence.allowed] == []


def test_the_table_of_licences_names_only_packages_that_are_locked() -> None:
    assert set(STATED_ELSEWHERE) <= {name for name, _ in locked(LOCK.read_text(encoding="utf-8"))}


@pytest.mark.parametrize(
    ("expression", "allowed"),
    [
        ("MIT", True),
        ("LGPL-3.0-only", True),
        ("EPL-2.0 OR GPL-2.0-or-later", True),
        ("BSD-3-Clause AND (MIT OR GPL-2.0-only)", True),
        ("GPL-3.0-only", False),
        ("MIT AND GPL-3.0-only", False),
        ("AGPL-3.0-or-later", False),
        ("", False),
    ],
)
def test_a_licence_is_judged_by_its_parts(expression: str, *, allowed: bool) -> None:
    assert Licence("some", "1", expression).allowed is allowed


def test_no_strong_copyleft_is_on_the_list() -> None:
    assert not [name for name in ALLOWED if name.startswith(("GPL", "AGPL", "SSPL", "BUSL"))]


def test_every_rule_that_is_off_has_its_reason() -> None:
    text = _pyproject()
    block = text[text.index("ignore = [") : text.index("[tool.ruff.lint.pylint]")]
    lines = [line for line in block.splitlines() if re.match(r'\s+"[A-Z]+[0-9]*",', line)]
    assert len(lines) > 10
    assert [line for line in lines if not re.search(r"#\s*\w+ \w+", line)] == []


def test_every_silenced_rule_is_named() -> None:
    bare = re.compile(r"#\s*(noqa(?!:)|type:\s*ignore(?!\[))")
    found = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in _own_files()
        if path.suffix == ".py" and path != Path(__file__)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if bare.search(line)
    ]
    assert not found


def test_make_help_lists_every_target() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    assert phony
    targets = set(phony[1].split())
    assert targets == set(re.findall(r"^([a-z]+):(?!=)", makefile, re.MULTILINE))
    told = subprocess.run(["make", "-s", "help"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    assert {line.split()[1] for line in told.splitlines()} == targets


def test_the_door_for_ci_only_calls_make() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert re.search(r"^exec make .*check test", script, re.MULTILINE)
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o111
