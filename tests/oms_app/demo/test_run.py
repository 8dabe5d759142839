"""`ordermill demo run` as a newcomer starts it: a process of its own, real servers, sixty deliveries."""

import contextlib
import json
import os
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from config.loading import load
from oms_app.bootstrap import build
from oms_app.demo.company import DEFAULT_SEED, build_company
from oms_app.demo.orders import build_orders
from oms_app.demo.outcome import outcomes, told_wrong
from oms_app.demo.run import FED, LOG_INS, MARK, SETTINGS_FILE, own_folder, welcome
from oms_app.reading_pool import InlineReader
from oms_core.errors import InvalidInput

ROOT = Path(__file__).parents[3]
PATIENCE_SECONDS = 240.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        found: int = probe.getsockname()[1]
        return found


class Running:
    """A demo in a process of its own, and what it has said so far."""

    def __init__(self, folder: Path, *words: str) -> None:
        self.folder = folder
        self.port = free_port()
        command = [sys.executable, "-u", "-m", "oms_app.cli", "demo", "run", "--fast", "--port", str(self.port)]
        self._log = (folder.parent / "demo.log").open("w+", encoding="utf-8")
        self.process = subprocess.Popen(
            [*command, "--data-dir", str(folder), *words], cwd=ROOT, stdout=self._log, stderr=self._log
        )

    @property
    def said(self) -> str:
        return Path(self._log.name).read_text(encoding="utf-8")

    def wait_for(self, words: str) -> str:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while words not in self.said:
            assert self.process.poll() is None, self.said
            assert time.monotonic() < deadline, self.said
            time.sleep(0.1)
        return self.said

    def end(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(60)

    def close(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()
        self.process.wait()
        self._log.close()


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Running]:
    running = Running(tmp_path / "demo")
    yield running
    running.close()


def ordermill(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "oms_app.cli", "--config", str(folder / "ordermill.toml"), *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def commands_with(word: str) -> list[str]:
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            told = entry.read_bytes().replace(b"\0", b" ").decode(errors="replace")
            if word in told and int(entry.parent.name) != os.getpid():
                found.append(told)
    return found


@pytest.mark.slow
def test_every_demo_order_is_accounted_for_and_comes_out_as_it_should(demo: Running) -> None:
    told = demo.wait_for("deliveries are in:")
    assert f"http://127.0.0.1:{demo.port}/" in told
    assert all(password in told for _, _, password in LOG_INS)
    doctor = ordermill(demo.folder, "doctor", "--json")
    diagnosis = json.loads(doctor.stdout)
    assert diagnosis["sound"], [one for one in diagnosis["findings"] if one["status"] != "ok"]
    assert {one["name"]: one["total"] for one in diagnosis["balances"]}["deliveries"] == 60
    in_progress = {one["name"]: one["parts"].get("in progress", 0) for one in diagnosis["balances"]}
    assert in_progress == {"deliveries": 0, "documents": 0, "drafts": 0}
    assert demo.end() == 0, demo.said
    assert commands_with(str(demo.folder)) == [], "a process was left behind"
    assert _otherwise(demo.folder, demo.said) == []


def _otherwise(folder: Path, said: str) -> list[str]:
    """Say of each demo order that came out otherwise, and that the demo said so too."""
    settings = load({}, folder / "ordermill.toml")
    today = datetime.now(ZoneInfo(settings.company.time_zone)).date()
    built = build(settings, reader=InlineReader())
    with built.house.store.read() as session:
        found = outcomes(session, build_orders(build_company(), DEFAULT_SEED, today))
    built.house.store.engine.dispose()
    wrong = [told_wrong(one) for one in found if not one.as_expected]
    assert re.findall(r"otherwise than expected: (.*)", said) == wrong
    return wrong


@pytest.mark.slow
def test_a_kept_demo_sends_nothing_again_and_has_its_folder_for_itself(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    folder.mkdir()
    (folder / MARK).write_text(FED, encoding="ascii")
    kept = Running(folder, "--keep")
    try:
        kept.wait_for("none are sent again")
        with pytest.raises(InvalidInput, match="a demo is running in"), own_folder(folder, keep=True):
            pass
        assert ordermill(folder, "orders", "--json").stdout == ""
        assert kept.end() == 0
    finally:
        kept.close()
    with own_folder(folder, keep=False):
        assert [path.name for path in folder.iterdir()] == [MARK]


def test_the_commands_that_a_newcomer_is_told_are_there(tmp_path: Path) -> None:
    told = [shlex.split(line) for line in welcome("a folder", tmp_path, 8456) if "--config" in line]
    assert [words[-1] for words in told] == ["doctor", "orders", "list"]
    for program, *words in told:
        assert shutil.which(program), "the program is found from where it was told"
        assert str(tmp_path / SETTINGS_FILE) in words


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work", encoding="utf-8")
    with pytest.raises(InvalidInput, match="holds something else than a demo"), own_folder(tmp_path, keep=False):
        pass
    assert (tmp_path / "thesis.txt").exists()


def test_a_link_in_a_demo_folder_is_removed_and_not_what_it_leads_to(tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "file").touch()
    with own_folder(tmp_path / "demo", keep=False) as folder:
        (folder / "link").symlink_to(precious)
    with own_folder(tmp_path / "demo", keep=False) as folder:
        assert not (folder / "link").exists()
    assert (precious / "file").exists()
