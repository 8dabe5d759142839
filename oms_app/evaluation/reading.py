"""Read the labelled documents of a folder, several at a time, and keep what was read so that a later run goes on."""

import hashlib
import json
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TextIO

from oms_app.evaluation.labels import Case
from oms_app.evaluation.sameness import Json
from oms_app.extract import extract_files
from oms_core.errors import InvalidInput
from oms_core.ports import Reader
from oms_core.values import Hints

MAX_JOURNAL_LINE = 64 * 1024 * 1024
"""Characters of one line of the journal; a longer one is not ours, and its document is read again."""
AHEAD = 4
"""Documents handed out for each reader, so that none waits for work and a stop is quick."""
_CHUNK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class ReadFile:
    """What was read of one file, in the form of `ordermill extract`, with the hash of its bytes."""

    name: str
    sha256: str
    row: Json


@dataclass(slots=True)
class Journal:
    """What was read so far, a line a file: `program` is the version that read it, since another may read better."""

    path: Path
    program: str
    _out: TextIO | None = field(default=None)

    def known(self) -> dict[str, ReadFile]:
        """Return what an earlier run of this version read, by name; nothing where there is no such run."""
        try:
            with self.path.open(encoding="utf-8") as file:
                return {one.name: one for one in self._earlier(file)}
        except FileNotFoundError:
            return {}
        except (OSError, UnicodeDecodeError) as problem:
            raise InvalidInput(f"{self.path} cannot be read ({problem}). Run without --resume.") from problem

    def _earlier(self, file: TextIO) -> Iterator[ReadFile]:
        head = _line(file.readline(MAX_JOURNAL_LINE))
        if head.get("program") != self.program:
            return
        while text := file.readline(MAX_JOURNAL_LINE):
            told = _line(text)
            if isinstance(told.get("row"), dict) and isinstance(told.get("name"), str):
                yield ReadFile(told["name"], str(told.get("sha256")), told["row"])

    def begin(self, kept: Sequence[ReadFile]) -> None:
        """Begin anew with what is kept of an earlier run. Raises InvalidInput where nothing can be written."""
        try:
            self._out = self.path.open("w", encoding="utf-8")
        except OSError as problem:
            raise InvalidInput(f"{self.path} cannot be written: {problem.strerror or problem}") from problem
        self._write({"program": self.program})
        for one in kept:
            self.add(one)

    def add(self, one: ReadFile) -> None:
        """Keep what was read of one file."""
        self._write({"name": one.name, "sha256": one.sha256, "row": one.row})

    def close(self) -> None:
        """Let go of the file; twice is harmless."""
        if self._out:
            self._out.close()

    def _write(self, told: Json) -> None:
        if self._out:
            self._out.write(json.dumps(told) + "\n")
            self._out.flush()  # a run that is killed leaves whole lines, but for the last


def _line(text: str) -> Json:
    """Return one line of a journal; an empty object for one that was cut off."""
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


@dataclass(frozen=True, slots=True)
class Readers:
    """Who reads: `jobs` at a time, with what is known of our own house."""

    reader: Reader
    jobs: int
    hints: Hints

    def read(
        self, cases: Sequence[Case], known: Mapping[str, ReadFile], done: Callable[[ReadFile], None]
    ) -> Generator[ReadFile, None, None]:
        """Yield every file as it is read, those of an earlier run first; `done` is called for each that was read now.

        A stop from the keyboard ends it after the files that are being read.
        """
        waiting = []
        for case in cases:
            earlier = known.get(case.name)
            if earlier and earlier.sha256 == sha256_of(case.path):
                yield earlier
            else:
                waiting.append(case)
        for one in self._anew(waiting):
            done(one)
            yield one

    def _anew(self, cases: Sequence[Case]) -> Iterator[ReadFile]:
        rest = iter(cases)
        pool = ThreadPoolExecutor(self.jobs, thread_name_prefix="evaluate")
        at_work: set[Future[ReadFile]] = set()
        try:
            while True:
                at_work |= {pool.submit(self._one, case) for case in islice(rest, self._room(at_work))}
                if not at_work:
                    return
                finished, at_work = wait(at_work, return_when=FIRST_COMPLETED)
                for one in finished:
                    yield one.result()
        finally:
            pool.shutdown(cancel_futures=True)

    def _room(self, at_work: set[Future[ReadFile]]) -> int:
        return self.jobs * AHEAD - len(at_work)

    def _one(self, case: Case) -> ReadFile:
        (row,) = extract_files((case.path,), self.reader, self.hints)
        return ReadFile(case.name, sha256_of(case.path), row)


def sha256_of(path: Path) -> str:
    """Return the hash of a file's bytes; empty where it cannot be opened, which its reading tells in words."""
    hashed = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                hashed.update(chunk)
    except OSError:
        return ""
    return hashed.hexdigest()
