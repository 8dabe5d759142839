"""Reading a folder: every document once, a stop keeps what was read, and a later run goes on from there."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from oms_app.evaluation.labels import Labelled, read_labels
from oms_app.evaluation.reading import AHEAD, Journal, Readers
from oms_app.evaluation.run import Evaluated, evaluate, journal_path
from oms_app.evaluation.senders import SenderOf
from oms_app.reading_pool import InlineReader
from oms_core.errors import InvalidInput
from oms_core.values import Hints

JOBS = 2


@pytest.fixture(scope="module")
def reader() -> InlineReader:
    return InlineReader()


def order(folder: Path, name: str, number: str, quantity: int) -> None:
    """An order as CSV, beside a label that always wants 5 of it."""
    path = folder / f"{name}.csv"
    path.write_text(f"PO Number;Article;Description;Quantity;Unit\n{number};KL-12;Pipe clamp;{quantity};pcs\n")
    line = {"supplier_code": "KL-12", "description": "Pipe clamp", "quantity": "5", "unit": "C62"}
    label = {"documents": [{"type": "order", "number": number, "lines": [line]}]}
    path.with_name(f"{path.name}.expected.json").write_text(json.dumps(label))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "orders"
    made.mkdir()
    for place in range(JOBS * AHEAD * 2 + 3):
        order(made, f"north__{place:02}", f"PO-{place}", 4 if place == 7 else 5)
    return made


class Watch:
    """Counts what is read, and stops as a person does, by the keyboard."""

    def __init__(self, stop_after: int = 10_000) -> None:
        self.counts: list[int] = []
        self._stop_after = stop_after

    def __call__(self, count: int) -> None:
        self.counts.append(count)
        if count >= self._stop_after:
            raise KeyboardInterrupt


def run(folder: Path, reader: InlineReader, watch: Watch | None = None, *, resume: bool = False) -> Evaluated:
    labelled, journal = read_labels(folder), Journal(journal_path(folder.parent / "report.html"), "1.0")
    readers = Readers(reader, JOBS, Hints())
    return evaluate(labelled, readers, journal, SenderOf.AUTO, resume=resume, progress=watch or Watch())


def test_every_document_is_read_once_and_scored(folder: Path, reader: InlineReader):
    watch = Watch()
    done = run(folder, reader, watch)
    assert watch.counts == list(range(1, 20))
    assert (done.waiting, done.again, done.interrupted) == (0, 0, False)
    assert done.score.report()["fields"]["quantity"] == {
        "precision": round(18 / 19, 4),
        "recall": round(18 / 19, 4),
        "f1": round(18 / 19, 4),
        "right": 18,
        "wrong": 1,
        "missing": 0,
        "made_up": 0,
    }
    assert {file.sender for file in done.score.files} == {"north"}
    assert {file.format for file in done.score.files} == {"csv"}


def test_a_stop_scores_what_was_read_and_the_next_run_goes_on(folder: Path, reader: InlineReader):
    stopped = run(folder, reader, Watch(stop_after=6))
    assert stopped.interrupted
    assert (len(stopped.score.files), stopped.waiting) == (6, 13)
    done = run(folder, reader, resume=True)
    assert (done.again, len(done.score.files), done.waiting) == (6, 19, 0)


def test_a_document_that_changed_is_read_again(folder: Path, reader: InlineReader):
    run(folder, reader)
    order(folder, "north__07", "PO-7", 5)
    done = run(folder, reader, resume=True)
    assert done.again == 18
    assert done.score.report()["fields"]["quantity"]["right"] == 19


def test_a_label_that_was_corrected_is_scored_anew_without_reading(folder: Path, reader: InlineReader):
    run(folder, reader)
    label = folder / "north__07.csv.expected.json"
    label.write_text(label.read_text().replace('"5"', '"4"'))
    done = run(folder, reader, resume=True)
    assert (done.again, done.score.report()["fields"]["quantity"]["wrong"]) == (19, 0)


def test_without_resume_all_is_read_again(folder: Path, reader: InlineReader):
    run(folder, reader)
    assert run(folder, reader).again == 0


def test_another_version_reads_for_itself(folder: Path, reader: InlineReader):
    run(folder, reader)
    journal = Journal(journal_path(folder.parent / "report.html"), "2.0")
    assert journal.known() == {}


def test_a_journal_that_was_cut_off_keeps_its_whole_lines(folder: Path, reader: InlineReader):
    run(folder, reader)
    path = journal_path(folder.parent / "report.html")
    path.write_text(path.read_text()[:-40])
    assert run(folder, reader, resume=True).again == 18


def test_a_line_of_a_journal_that_is_too_long_is_not_ours(
    folder: Path, reader: InlineReader, monkeypatch: pytest.MonkeyPatch
):
    run(folder, reader)
    monkeypatch.setattr("oms_app.evaluation.reading.MAX_JOURNAL_LINE", 60)
    assert run(folder, reader, resume=True).again == 0


def test_a_journal_that_cannot_be_written_says_so(folder: Path):
    journal = Journal(folder / "gone" / "report.html.read.jsonl", "1.0")
    with pytest.raises(InvalidInput, match="cannot be written"):
        journal.begin([])


def test_a_document_that_cannot_be_read_is_scored_as_missing(tmp_path: Path, reader: InlineReader):
    order(tmp_path, "empty", "PO-1", 5)
    (tmp_path / "empty.csv").write_bytes(b"")
    done = run(tmp_path, reader)
    (file,) = done.score.files
    assert file.error is not None
    assert done.score.total().missing == 6


def test_an_empty_folder_of_broken_labels_is_no_fault(tmp_path: Path, reader: InlineReader):
    readers, journal = Readers(reader, JOBS, Hints()), Journal(tmp_path / "a.jsonl", "1.0")
    labelled = Labelled((), ("a.expected.json: it is broken",))
    done = evaluate(labelled, readers, journal, SenderOf.AUTO, resume=False, progress=Watch())
    assert (done.score.files, done.problems) == ((), ("a.expected.json: it is broken",))


@pytest.fixture(autouse=True)
def _no_thread_is_left() -> Iterator[None]:
    import threading

    yield
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("evaluate")]
