"""A test that is left out counts as failed under CI, where every server is installed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

STORY = """
from tests.run import leave_out

def test_that_needs_a_server():
    leave_out("dovecot-imapd", "Dovecot")
"""

MODULE = """
import pytest
pytest.importorskip("no_such_library")
"""


def _run(folder: Path, story: str, ci: str) -> "subprocess.CompletedProcess[str]":
    (folder / "test_story.py").write_text(story, encoding="utf-8")
    (folder / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-rs", "-p", "no:cacheprovider", "-p", "tests.run", str(folder)],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "CI": ci},
        check=False,
        capture_output=True,
        text=True,
    )


def test_without_ci_it_is_left_out_and_says_what_to_install(tmp_path: Path) -> None:
    ended = _run(tmp_path, STORY, ci="")
    assert ended.returncode == 0
    assert "install dovecot-imapd" in ended.stdout
    assert "1 skipped" in ended.stdout


def test_under_ci_it_fails_and_says_what_to_install(tmp_path: Path) -> None:
    ended = _run(tmp_path, STORY, ci="true")
    assert ended.returncode == 1
    assert "install dovecot-imapd" in ended.stdout
    assert "1 failed" in ended.stdout


@pytest.mark.parametrize(("ci", "code"), [("", 5), ("true", 2)])
def test_a_whole_module_counts_alike(tmp_path: Path, ci: str, code: int) -> None:
    ended = _run(tmp_path, MODULE, ci)
    assert ended.returncode == code, ended.stdout
