"""Documents that crash, hang, hunger or reach out end their reader, never the house."""

import io
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from pathlib import Path
from typing import BinaryIO

import pytest

from oms_app.reading_child import HandleBlob, refuse
from oms_app.reading_pool import InlineReader, ReadingPool, open_handle
from oms_core.errors import OrdermillError, UnreadableDocument
from oms_core.values import BytesBlob, Hints, Limits

HOSTILE = "tests.oms_app.hostile_parsers:parsers"
ROOT = Path(__file__).resolve().parents[2]
HINTS = Hints(filename="order.txt")
BRIEF = Hints(filename="order.txt", limits=Limits(seconds=1.0))
SMALL = Hints(filename="order.txt", limits=Limits(memory_bytes=256 * 1024 * 1024))
EDIFACT_ORDER = (
    b"UNB+UNOC:3+BUYER:14+SELLER:14+260302:0900+1'UNH+1+ORDERS:D:96A:UN'BGM+220+4711+9'DTM+137:20260302:102'"
    b"LIN+1++4006381333931:EN'QTY+21:2.50'UNS+S'CNT+2:1'UNT+8+1'UNZ+1+1'"
)


@pytest.fixture(scope="module")
def pool() -> Iterator[ReadingPool]:
    with ReadingPool(1, parsers=HOSTILE) as pool:
        yield pool


def say(word: str) -> BytesBlob:
    return BytesBlob(f"{word}\n".encode())


def process_of(pool: ReadingPool) -> int:
    return int(pool.read(say("process"), HINTS).findings[0].message)


def code_of(pool: ReadingPool, word: str, hints: Hints = HINTS) -> tuple[str, str]:
    with pytest.raises(UnreadableDocument) as caught:
        pool.read(say(word), hints)
    return caught.value.code, str(caught.value)


def test_a_draft_comes_out_of_the_child_with_every_digit(pool: ReadingPool):
    (line,) = pool.read(say("order"), HINTS).drafts[0].lines
    assert line.quantity is not None
    assert str(line.quantity.value) == "2.50"
    assert line.quantity.value == Decimal("2.5")
    assert process_of(pool) != os.getpid()


@pytest.mark.parametrize("size", [6, 100, 1024 * 1024, 5 * 1024 * 1024])
def test_a_document_of_any_size_goes_in_and_comes_back_whole(pool: ReadingPool, size: int):
    data = b"echo\n" + os.urandom(size - 5)
    (part,) = pool.read(BytesBlob(data), HINTS).parts
    with part.blob.open() as handle:
        assert handle.read() == data


def test_a_stored_file_is_handed_over_by_its_own_handle(pool: ReadingPool, tmp_path: Path):
    path = tmp_path / "stored"
    path.write_bytes(b"echo\n" + bytes(2_000_000))

    class FileBlob:
        size = path.stat().st_size

        def open(self) -> BinaryIO:
            return path.open("rb")

    with open_handle(FileBlob()) as descriptor:
        assert os.fstat(descriptor).st_ino == path.stat().st_ino
    (part,) = pool.read(FileBlob(), HINTS).parts
    assert part.blob.size == 2_000_005


@pytest.mark.parametrize(
    ("word", "hints", "code", "told"),
    [
        ("hang", BRIEF, "deadline", "longer than the 1 seconds"),
        ("spin", BRIEF, "deadline", "longer than the 1 seconds"),
        ("swell", SMALL, "out_of_memory", "more than the 256 MB"),
        ("crash", HINTS, "reader_died", "SIGSEGV"),
        ("be_killed", HINTS, "out_of_memory", "most likely for want of memory"),
        ("be_out_of_time", HINTS, "deadline", "longer than the 30 seconds"),
        ("leave", HINTS, "reader_died", "exit status 3"),
        ("fault", HINTS, "reader_failed", "ZeroDivisionError: rows / columns"),
    ],
)
def test_a_document_that_ends_its_reader_is_named_and_the_next_one_is_read(
    pool: ReadingPool, word: str, hints: Hints, code: str, told: str
):
    found = code_of(pool, word, hints)
    assert found[0] == code
    assert told in found[1]
    assert pool.read(say("order"), HINTS).drafts


@pytest.mark.parametrize("word", ["connect", "resolve", "start", "shell", "fork", "kill", "write", "remove"])
def test_a_reader_may_not_reach_the_network_other_programs_or_files(pool: ReadingPool, word: str):
    code, told = code_of(pool, word)
    assert code == "reader_failed"
    assert "PermissionError: a reader of documents may not" in told
    assert not Path("/tmp/ordermill-written-by-a-reader").exists()


def test_a_reader_sees_no_secret_of_the_environment(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ORDERMILL_DATABASE__URL", "postgresql://u:hush@h/d")
    with ReadingPool(1, parsers=HOSTILE) as fresh:
        _, environment = fresh.read(say("surroundings"), HINTS).findings
    assert not [name for name in environment.message.split(",") if name.startswith("ORDERMILL")]


@pytest.mark.parametrize("event", ["socket.connect", "subprocess.Popen", "os.exec", "os.system", "os.remove"])
def test_what_is_refused_is_named(event: str):
    with pytest.raises(PermissionError, match=event):
        refuse(event, ())


def test_reading_a_file_is_allowed_and_writing_is_not():
    refuse("open", ("data.json", "r", os.O_RDONLY | os.O_CLOEXEC))
    refuse("import", ("json", None, None, None, None))
    with pytest.raises(PermissionError, match="write files"):
        refuse("open", ("data.json", "w", os.O_WRONLY | os.O_CREAT))


def test_a_child_is_replaced_after_some_documents():
    with ReadingPool(1, recycle_after=2, parsers=HOSTILE) as fresh:
        first, second, third = (process_of(fresh) for _ in range(3))
    assert first == second != third


def test_four_threads_share_two_children():
    with ReadingPool(2, parsers=HOSTILE) as fresh, ThreadPoolExecutor(4) as threads:
        fresh.warm()
        data = [b"echo\n" + bytes([n]) * 100_000 for n in range(24)]
        readings = list(threads.map(lambda one: fresh.read(BytesBlob(one), HINTS), data))
        children = {process_of(fresh) for _ in range(4)}
    assert [reading.parts[0].blob for reading in readings] == [BytesBlob(one) for one in data]
    assert len(children) <= 2


def test_a_child_outlives_the_thread_that_asked_for_it():
    with ReadingPool(1, parsers=HOSTILE) as fresh:
        with ThreadPoolExecutor(1) as thread:
            first = thread.submit(process_of, fresh).result()
        assert process_of(fresh) == first


def test_no_child_outlives_its_parent():
    program = (
        "import os, signal\n"
        "from oms_app.reading_pool import ReadingPool\n"
        "from oms_core.values import BytesBlob, Hints\n"
        f"pool = ReadingPool(1, parsers={HOSTILE!r})\n"
        "print(pool.read(BytesBlob(b'process\\n'), Hints()).findings[0].message, flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    parent = subprocess.run([sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.PIPE, check=False)
    child = Path(f"/proc/{int(parent.stdout)}/stat")
    while child.exists() and child.read_text().rpartition(")")[2].split()[0] != "Z":
        os.sched_yield()
    assert parent.returncode == -9


def test_a_child_that_cannot_start_says_why():
    with ReadingPool(1, parsers="oms_core.nothing_here:parsers") as fresh:
        for _ in range(2):
            with pytest.raises(OrdermillError, match=r"No module named 'oms_core.nothing_here'"):
                fresh.read(say("order"), HINTS)


def test_a_closed_pool_reads_no_more_and_closes_twice():
    fresh = ReadingPool(1, parsers=HOSTILE)
    fresh.close()
    fresh.close()
    with pytest.raises(OrdermillError, match="closed"):
        fresh.read(say("order"), HINTS)


def test_each_handle_of_a_document_has_a_place_of_its_own(tmp_path: Path):
    path = tmp_path / "document"
    path.write_bytes(b"0123456789")
    with path.open("rb") as file:
        blob = HandleBlob(file.fileno(), 10)
        with blob.open() as one, blob.open() as two:
            assert one.read(3) == b"012"
            assert two.read(2) == b"01"
            assert one.seek(-2, io.SEEK_END) == 8
            assert one.read() == b"89"
            assert one.seek(-1, io.SEEK_CUR) == 9
            with pytest.raises(ValueError, match="before the start"):
                two.seek(-1)


def test_the_reader_in_process_reads_the_same():
    hints = Hints(filename="order.edi")
    with ReadingPool(1) as fresh:
        reading = fresh.read(BytesBlob(EDIFACT_ORDER), hints)
    assert reading.drafts
    assert reading == InlineReader().read(BytesBlob(EDIFACT_ORDER), hints)
