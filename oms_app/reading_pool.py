"""Read documents in a few child processes that die alone: by a deadline, a crash or hunger for memory.

Why children: parsers meet hostile input, and native libraries can crash, hang or fill the memory. A child has no
network, cannot write files or start programs, and ends with its parent.
"""

import io
import json
import os
import queue
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from logging import getLogger
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from oms_app.reading_child import LENGTH, READY, REFUSED
from oms_core.errors import OrdermillError, UnreadableDocument
from oms_core.ports import Reading
from oms_core.values import Blob, Hints
from oms_store import codec

BUILT_IN_PARSERS = "parsers.registry:builtin_parsers"
START_SECONDS = 60.0
"""How long a fresh child may take to be ready; its imports do not count against a document."""
MAX_ANSWER_BYTES = 512 * 1024 * 1024
"""The longest answer taken from a child: more than `Limits.inflated_bytes`, so that only a child gone wild meets it."""
COPY_BYTES = 1024 * 1024
COMPLAINT_BYTES = 2_000
"""How much of what a dead child said on standard error is logged."""

_LAUNCH = "import sys; sys.path[:] = sys.argv[4:]; from oms_app.reading_child import main; main({})".format(
    "int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]"
)
_LOG = getLogger("ordermill.reading")


class InlineReader:
    """Reads in this process, without limits on time and memory: for tests and one-off commands on trusted files."""

    def __init__(self) -> None:
        from parsers.registry import builtin_parsers

        self._parsers = builtin_parsers()

    def read(self, blob: Blob, hints: Hints) -> Reading:
        """Read one document. Raises `UnreadableDocument`."""
        from parsers.registry import read_document

        return read_document(blob, hints, self._parsers)


class ReadingPool:
    """Reads each document in one of `size` children; may be used from any number of threads.

    A child is replaced after `recycle_after` documents, and whenever it dies or is killed. `parsers` names the
    function, as `module:function`, that gives the parsers in the child.
    """

    def __init__(self, size: int = 2, recycle_after: int = 50, parsers: str = BUILT_IN_PARSERS) -> None:
        self._recycle_after = recycle_after
        self._parsers = parsers
        # The kernel ends a child with the thread that started it: so one thread that lives as long as the pool does it.
        self._starter = ThreadPoolExecutor(max_workers=1, thread_name_prefix="reading-starter")
        self._seats: queue.LifoQueue[_Child | None] = queue.LifoQueue()
        for _ in range(size):
            self._seats.put(None)
        self._size = size
        self._closed = threading.Event()

    def read(self, blob: Blob, hints: Hints) -> Reading:
        """Read one document, waiting for a free child.

        Raises `UnreadableDocument`, with the parser's own code or with `deadline`, `out_of_memory`, `reader_died` or
        `reader_failed`; `OrdermillError` when no child can be started.
        """
        with open_handle(blob) as descriptor, self._seat() as child:
            return child.read(descriptor, hints)

    def warm(self) -> None:
        """Start every child now, so that the first documents need not wait for imports."""
        children = [self._seats.get() for _ in range(self._size)]
        try:
            children = [self._ready(child) for child in children]
        finally:
            for child in children:
                self._seats.put(self._kept(child))

    def close(self) -> None:
        """End every child, waiting for those at work; twice is harmless."""
        self._closed.set()
        for child in [self._seats.get() for _ in range(self._size)]:
            if child:
                child.end()
            self._seats.put(None)
        self._starter.shutdown()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @contextmanager
    def _seat(self) -> "Iterator[_Child]":
        """Lend a child that is ready, and put it or an empty seat back."""
        child = self._seats.get()
        try:
            child = self._ready(child)
            yield child
        finally:
            self._seats.put(self._kept(child))

    def _ready(self, child: "_Child | None") -> "_Child":
        """Return the child, or a fresh one for an empty seat. Raises `OrdermillError` when none can be started."""
        if self._closed.is_set():
            raise OrdermillError("The readers of documents have been closed; nothing more can be read.")
        if child and child.alive:
            return child
        fresh = self._starter.submit(_Child, self._parsers).result()
        try:
            fresh.wait_until_ready()
        except OrdermillError:
            fresh.end()
            raise
        return fresh

    def _kept(self, child: "_Child | None") -> "_Child | None":
        """End a child that has died or read enough; its seat is empty until somebody needs it."""
        if child and (not child.alive or child.used >= self._recycle_after):
            child.end()
            return None
        return child


class _Child:
    """One child process and the socket to it."""

    def __init__(self, parsers: str) -> None:
        self.used = 0
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `end`
        self._wire, far = socket.socketpair()
        root = str(Path(__file__).resolve().parents[1])
        arguments = [str(far.fileno()), str(os.getpid()), parsers, root, *filter(None, sys.path)]
        with far:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                [sys.executable, "-I", "-B", "-c", _LAUNCH, *arguments],
                pass_fds=(far.fileno(),),
                stdin=subprocess.DEVNULL,
                stdout=self._complaints,
                stderr=self._complaints,
                env=_environment(),
                start_new_session=True,  # an interrupt from the keyboard is the parent's matter
            )

    @property
    def alive(self) -> bool:
        """Whether the process runs."""
        return self._process.poll() is None

    def wait_until_ready(self) -> None:
        """Wait for its imports. Raises `OrdermillError` when it does not get so far."""
        try:
            self._receive(len(READY), time.monotonic() + START_SECONDS)
        except (TimeoutError, OSError) as problem:
            said = self._ended()
            raise OrdermillError(f"A reader of documents could not be started: {said}") from problem

    def read(self, descriptor: int, hints: Hints) -> Reading:
        """Have one document read. Raises `UnreadableDocument`; the child may be dead afterwards."""
        self.used += 1
        deadline = time.monotonic() + hints.limits.seconds
        try:
            request = codec.dump(hints)
            socket.send_fds(self._wire, [LENGTH.pack(len(request))], [descriptor])
            self._send(request, deadline)
            status = self._receive(1, deadline)
            (length,) = LENGTH.unpack(self._receive(LENGTH.size, deadline))
            body = self._receive(_bounded(length), deadline)
        except TimeoutError:
            self._ended()
            raise _too_slow(hints) from None
        except OSError:
            raise self._died(hints) from None
        except UnreadableDocument:
            self._ended()
            raise
        if status == REFUSED:
            raise UnreadableDocument(**json.loads(body))
        return codec.load(Reading, body)

    def end(self) -> None:
        """Stop the process and let go of everything; twice is harmless."""
        self._process.kill()
        self._process.wait()
        self._wire.close()
        self._complaints.close()

    def _send(self, data: bytes, deadline: float) -> None:
        self._wire.settimeout(_left(deadline))
        self._wire.sendall(data)

    def _receive(self, count: int, deadline: float) -> bytes:
        """Receive exactly so many bytes. Raises TimeoutError, or ConnectionError when the child is gone."""
        data = bytearray(count)
        view, got = memoryview(data), 0
        while got < count:
            self._wire.settimeout(_left(deadline))
            received = self._wire.recv_into(view[got:])
            if not received:
                raise ConnectionResetError("the reader closed")
            got += received
        return bytes(data)

    def _died(self, hints: Hints) -> UnreadableDocument:
        """Say what a death means for the document."""
        try:
            code = self._process.wait(timeout=1.0)
        except subprocess.TimeoutExpired:  # it closed the socket but lives on
            code = 0
        said = self._ended()
        if code == -signal.SIGXCPU:
            return _too_slow(hints)
        if code == -signal.SIGKILL:
            message = "The system stopped the reading of this document, most likely for want of memory."
            return UnreadableDocument("out_of_memory", f"{message} Look at it by hand.")
        _LOG.warning("a reader of documents died with %s: %s", code, said)
        how = signal.Signals(-code).name if code < 0 else f"exit status {code}"
        return UnreadableDocument("reader_died", f"This document made its reader crash ({how}). Look at it by hand.")

    def _ended(self) -> str:
        """Stop the process and return the last of what it said."""
        self._process.kill()
        self._process.wait()
        size = self._complaints.seek(0, io.SEEK_END)
        self._complaints.seek(max(0, size - COMPLAINT_BYTES))
        return self._complaints.read().decode(errors="replace").strip()


def _environment() -> dict[str, str]:
    """Return what a child needs of the environment: no secret of ours is in it."""
    kept = {name: os.environ[name] for name in ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH") if name in os.environ}
    return {"PATH": os.defpath, "LANG": "C.UTF-8", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"} | kept


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _bounded(length: int) -> int:
    if length > MAX_ANSWER_BYTES:
        raise UnreadableDocument("too_large", "What is in this document is too large to be taken in. Split it.")
    return length


def _too_slow(hints: Hints) -> UnreadableDocument:
    seconds = f"{hints.limits.seconds:g}"
    message = f"Reading this document took longer than the {seconds} seconds allowed. Look at it by hand."
    return UnreadableDocument("deadline", message)


@contextmanager
def open_handle(blob: Blob) -> Iterator[int]:
    """Lend a file descriptor of the document: its own where it is a file, else that of a copy without a name."""
    with blob.open() as handle:
        if isinstance(handle, io.BufferedReader) and isinstance(handle.raw, io.FileIO):
            yield handle.fileno()
        else:
            with tempfile.TemporaryFile() as copy:
                _copy(handle, copy)
                yield copy.fileno()


def _copy(source: BinaryIO, target: BinaryIO) -> None:
    while piece := source.read(COPY_BYTES):
        target.write(piece)
    target.flush()
