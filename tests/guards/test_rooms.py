"""The house is what pyproject.toml says it is: rooms, floors, names, and where heavy things may be known."""

import ast
import importlib
import re
import shutil
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest

from tools.licences import LOCK, locked
from tools.module_length import MAX_LINES, modules, rooms, too_long

ROOT = Path(__file__).parents[2]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
CONTRACTS = {contract["id"]: contract for contract in PYPROJECT["tool"]["importlinter"]["contracts"]}
VAGUE = frozenset(
    {"util", "utils", "helper", "helpers", "manager", "managers", "service", "services", "common", "misc"}
)


def test_the_rooms_are_the_folders_that_hold_an_init() -> None:
    assert set(PYPROJECT["tool"]["importlinter"]["root_packages"]) == set(rooms())


@pytest.mark.parametrize(
    "listed",
    [
        PYPROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"],
        PYPROJECT["tool"]["mypy"]["packages"],
        CONTRACTS["acyclic"]["ancestors"],
        CONTRACTS["motor"]["source_modules"],
        re.findall(r"\w+", " ".join(CONTRACTS["floors"]["layers"])),
    ],
    ids=["wheel", "mypy", "acyclic", "motor", "floors"],
)
def test_every_list_of_rooms_names_each_room_once(listed: list[str]) -> None:
    assert sorted(listed) == list(rooms())


@pytest.mark.parametrize("room", rooms())
def test_a_room_is_ours_and_no_module_of_another(room: str) -> None:
    assert Path(importlib.import_module(room).__file__ or "").parent == ROOT / room


def test_no_locked_package_installs_a_name_of_ours() -> None:
    ours = {*rooms(), "tests", "tools", "bench"}
    installed = metadata.packages_distributions()
    taken = {name: [owner for owner in installed.get(name, []) if owner != "ordermill"] for name in ours}
    assert not {name: owners for name, owners in taken.items() if owners}
    assert "pytest" in installed, "the list of installed names is empty, so nothing was checked"


def test_every_locked_package_for_this_machine_is_installed_in_its_version() -> None:
    installed = {
        re.sub(r"[-_.]+", "-", found.name).lower(): found.version for found in metadata.distributions() if found.name
    }
    versions = dict[str, set[str]]()
    for name, version in re.findall(r"^([A-Za-z0-9._-]+)==([^ ;\\]+)", LOCK.read_text(encoding="utf-8"), re.MULTILINE):
        versions.setdefault(name, set()).add(version)
    wrong = {name: version for name, version in installed.items() if version not in versions.get(name, {version})}
    assert not wrong, f"run `make env`: these differ from the lock: {wrong}"
    assert len(installed.keys() & {name for name, _ in locked(LOCK.read_text(encoding="utf-8"))}) > len(versions) * 0.9


def test_no_module_is_too_long() -> None:
    assert too_long() == ()


def test_a_module_one_line_over_is_named(tmp_path: Path) -> None:
    room = tmp_path / "room"
    room.mkdir()
    (room / "__init__.py").touch()
    (room / "fits.py").write_text("pass\n" * MAX_LINES, encoding="utf-8")
    (room / "grew.py").write_text("pass\n" * (MAX_LINES + 1), encoding="utf-8")
    (sentence,) = too_long(tmp_path)
    assert sentence.startswith("room/grew.py has 401 lines")


def test_a_name_says_what_a_module_does() -> None:
    vague = [str(path.relative_to(ROOT)) for path in modules() if VAGUE & {path.stem, *path.stem.split("_")}]
    vague += [str(path.parent.relative_to(ROOT)) for path in modules() if VAGUE & set(path.parts[len(ROOT.parts) :])]
    assert not vague


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in modules()
        if path.stat().st_size and not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert not silent


def test_reading_knows_no_database_and_no_engine() -> None:
    pure = "oms_core.values, oms_core.ports, oms_core.errors, oms_core.decisions, parsers, matching, rules"
    heavy = ("sqlalchemy", "sqlmodel", "dbos", "pydantic", "fastapi", "spacy", "pdfplumber", "openpyxl", "config")
    loaded = subprocess.run(
        [sys.executable, "-c", f"import sys, {pure}; print(*sorted(sys.modules))"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()
    assert "matching" in loaded
    assert not set(heavy) & set(loaded)


def test_the_floors_are_held(tmp_path: Path) -> None:
    """One wrong import for each contract, and each contract notices."""
    for room in rooms():
        shutil.copytree(ROOT / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    wrong = {
        "parsers/wrong.py": "import matching\n",  # a stranger on the same floor
        "oms_core/wrong.py": "import oms_core.wrong_too\n",
        "oms_core/wrong_too.py": "import oms_core.wrong\n",  # a circle
        "intake/wrong.py": "import config\n",
        "oms_app/wrong.py": "import dbos\n",
        "rules/wrong.py": "import oms_core.records\n",
    }
    for name, text in wrong.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache", "--no-logo"]
    ended = subprocess.run(command, cwd=tmp_path, check=False, capture_output=True, text=True)
    assert ended.returncode == 1, ended.stdout + ended.stderr
    assert f"0 kept, {len(CONTRACTS)} broken" in ended.stdout
