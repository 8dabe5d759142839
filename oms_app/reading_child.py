"""The child that reads documents: shut off first, then one request after the other until the parent lets go.

A request is the length of its hints, with the document as an open file handle beside it, and the hints as JSON; the
answer is a status byte, a length and a `Reading` or a refusal. Nothing is ever pickled.
"""

import ctypes
import io
import json
import os
import resource
import signal
import socket
import struct
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, BinaryIO, cast

from oms_core.errors import UnreadableDocument

if TYPE_CHECKING:
    from oms_core.ports import Parser
    from oms_core.values import Hints

LENGTH = struct.Struct(">Q")
READ = b"R"
REFUSED = b"F"
READY = b"+"

MAX_OPEN_FILES = 128
MAX_WRITTEN_BYTES = 1024 * 1024
"""What the child may write to one file: nothing but what libraries complain on standard error."""
SPARE_MEMORY_BYTES = 64 * 1024 * 1024
"""What is given back after a document took too much, so that the answer can be written."""

_PR_SET_PDEATHSIG = 1
_CLONE_NEWUSER = 0x10000000
_CLONE_NEWNET = 0x40000000
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND

_REFUSED_FAMILIES = ("socket.", "subprocess.", "os.exec", "os.posix_spawn", "os.fork", "os.spawn", "os.kill", "pty.")
_REFUSED_EVENTS = frozenset(
    {"os.system", "os.startfile", "os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.link", "os.symlink"}
    | {"os.chmod", "os.chown", "os.truncate", "os.utime", "os.putenv", "signal.pthread_kill", "webbrowser.open"}
    | {"http.client.connect", "urllib.Request", "smtplib.connect", "ftplib.connect", "poplib.connect", "imaplib.open"}
)
"""What no parser has any business with; names are CPython's audit events."""


@dataclass(frozen=True, slots=True)
class HandleBlob:
    """A document behind an open file descriptor; every handle has a position of its own."""

    descriptor: int
    size: int

    def open(self) -> BinaryIO:
        """Open a fresh handle at the start."""
        return cast("BinaryIO", io.BufferedReader(_HandleFile(self.descriptor, self.size)))


class _HandleFile(io.RawIOBase):
    """Reads a shared descriptor by position, so that handles do not move each other."""

    def __init__(self, descriptor: int, size: int) -> None:
        self._descriptor = descriptor
        self._size = size
        self._position = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self._size}[whence]
        if start + offset < 0:
            raise ValueError("a position before the start of the document")
        self._position = start + offset
        return self._position

    def readinto(self, buffer: "memoryview[int] | bytearray") -> int:  # type: ignore[override]
        count = os.preadv(self._descriptor, [buffer], self._position)
        self._position += count
        return count


def main(descriptor: int, parent: int, parsers: str) -> None:
    """Serve one parent over the socket `descriptor` with the parsers of `module:function`, until it closes."""
    wire = socket.socket(fileno=descriptor)
    die_with(parent)
    shut_off()
    known = _parsers(parsers)
    _import_all()
    # numpy, below spaCy, sets this for the length of its import where it is missing; once shut in we refuse that.
    os.environ.setdefault("OPENBLAS_MAIN_FREE", "1")
    sys.addaudithook(refuse)
    wire.sendall(READY)
    while request := receive_request(wire):
        hints, blob = request
        try:
            _answer(wire, *read_within(hints, blob, known))
        finally:
            os.close(blob.descriptor)


def _parsers(path: str) -> "Sequence[Parser]":
    module, _, name = path.partition(":")
    made: Callable[[], Sequence[Parser]] = getattr(import_module(module), name)
    return made()


def _import_all() -> None:
    """Import what every document needs now, so that the first one does not pay for it."""
    from oms_core.ports import Reading
    from oms_core.values import Hints
    from oms_store import codec

    codec.load(Hints, codec.dump(Hints()))
    codec.load(Reading, codec.dump(Reading("")))


def receive_request(wire: socket.socket) -> "tuple[Hints, HandleBlob] | None":
    """Receive one request; None when the parent has closed its end."""
    from oms_core.values import Hints
    from oms_store import codec

    head, descriptors, _, _ = socket.recv_fds(wire, LENGTH.size, 1)
    if not head:
        return None
    head += _exactly(wire, LENGTH.size - len(head))
    hints = codec.load(Hints, _exactly(wire, LENGTH.unpack(head)[0]))
    (descriptor,) = descriptors
    return hints, HandleBlob(descriptor, os.fstat(descriptor).st_size)


def _exactly(wire: socket.socket, count: int) -> bytes:
    data = bytearray()
    while len(data) < count:
        piece = wire.recv(count - len(data))
        if not piece:
            raise EOFError("the parent closed in the middle of a request")
        data += piece
    return bytes(data)


def read_within(hints: "Hints", blob: HandleBlob, parsers: "Sequence[Parser]") -> tuple[bytes, bytes]:
    """Read one document under its limits of memory and time; returns the status and the body of the answer."""
    from oms_store import codec
    from parsers.registry import read_document

    try:
        limit(hints.limits.memory_bytes, hints.limits.seconds)
        return READ, codec.dump(read_document(blob, hints, parsers))
    except UnreadableDocument as problem:
        return REFUSED, _facts(problem.code, str(problem), problem.place)
    except MemoryError:
        limit(SPARE_MEMORY_BYTES, hints.limits.seconds)
        allowed = hints.limits.memory_bytes // 1024 // 1024
        message = f"Reading this document takes more than the {allowed} MB of memory allowed. Look at it by hand."
        return REFUSED, _facts("out_of_memory", message)
    except Exception as problem:  # noqa: BLE001 - a fault of ours in one format must not stop the others
        message = f"The reader of this format failed ({_first_line(problem)}). Look at it by hand and report it."
        return REFUSED, _facts("reader_failed", message)


def _first_line(problem: Exception) -> str:
    lines = str(problem).splitlines()
    return f"{type(problem).__name__}: {lines[0][:200]}" if lines else type(problem).__name__


def _facts(code: str, message: str, place: str = "") -> bytes:
    return json.dumps({"code": code, "message": message, "place": place}).encode()


def _answer(wire: socket.socket, status: bytes, body: bytes) -> None:
    wire.sendall(status + LENGTH.pack(len(body)))
    wire.sendall(body)


def limit(memory_bytes: int, seconds: float) -> None:
    """Allow so much memory and processor time from here on; more memory is a MemoryError, more time ends the child."""
    resource.setrlimit(resource.RLIMIT_AS, (_memory_now() + memory_bytes, resource.RLIM_INFINITY))
    used = resource.getrusage(resource.RUSAGE_SELF)
    allowed = int(used.ru_utime + used.ru_stime + seconds) + 2
    resource.setrlimit(resource.RLIMIT_CPU, (allowed, resource.RLIM_INFINITY))


def _memory_now() -> int:
    with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123 - no path of a document
        return int(file.read().split()[0]) * resource.getpagesize()


def die_with(parent: int) -> None:
    """Have the kernel end this process when its parent's thread ends, however that happens."""
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        sys.exit("the parent was gone before this reader began")


def shut_off() -> None:
    """Leave the network where the system permits it, and take what a reader never needs."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_CLONE_NEWNET) != 0:
        libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET)  # not permitted everywhere; the audit hook holds in any case
    resource.setrlimit(resource.RLIMIT_NOFILE, (MAX_OPEN_FILES, MAX_OPEN_FILES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (MAX_WRITTEN_BYTES, MAX_WRITTEN_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def refuse(event: str, arguments: tuple[object, ...]) -> None:
    """Refuse network, other programs and changes to files; an audit hook, it cannot be taken off again."""
    if event == "open":
        flags = arguments[2] if len(arguments) > 2 else 0  # noqa: PLR2004 - path, mode, flags
        if isinstance(flags, int) and flags & _WRITES:
            raise PermissionError("a reader of documents may not write files")
    elif event in _REFUSED_EVENTS or event.startswith(_REFUSED_FAMILIES):
        raise PermissionError(f"a reader of documents may not use {event}")
