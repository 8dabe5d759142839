"""Parsers that do what hostile documents make real ones do; run in the reading child by tests/oms_app."""

import ctypes
import os
import pathlib
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal

from oms_core.ports import Parser
from oms_core.values import (
    Blob,
    BytesBlob,
    CellSource,
    Claim,
    DocumentKind,
    DraftDocument,
    DraftLine,
    Finding,
    Head,
    Hints,
    Part,
    Severity,
    Strength,
    Value,
)


def order() -> Iterator[DraftDocument]:
    quantity = Value(Decimal("2.50"), CellSource(1, 2, "2.50"), 0.9)
    yield DraftDocument(DocumentKind.ORDER, "text", lines=(DraftLine(quantity=quantity),))


def process() -> Iterator[Finding]:
    yield Finding("process", Severity.NOTE, "", str(os.getpid()))


def surroundings() -> Iterator[Finding]:
    interfaces = pathlib.Path("/proc/self/net/dev").read_text().count("\n") - 2
    yield Finding("interfaces", Severity.NOTE, "", str(interfaces))
    yield Finding("environment", Severity.NOTE, "", ",".join(sorted(os.environ)))


def hang() -> Iterator[Finding]:
    while True:
        ctypes.CDLL(None).usleep(100_000)
    yield


def spin() -> Iterator[Finding]:
    while True:
        pass
    yield


def swell() -> Iterator[Finding]:
    held = []
    while True:
        held.append(bytearray(16 * 1024 * 1024))
    yield


def crash() -> Iterator[Finding]:
    ctypes.string_at(0)
    yield


def be_killed() -> Iterator[Finding]:
    ctypes.CDLL(None).kill(os.getpid(), signal.SIGKILL)
    yield


def be_out_of_time() -> Iterator[Finding]:
    ctypes.CDLL(None).kill(os.getpid(), signal.SIGXCPU)
    yield


def leave() -> Iterator[Finding]:
    sys.stdout.write("going\n")
    os._exit(3)
    yield


def fault() -> Iterator[Finding]:
    raise ZeroDivisionError("rows / columns")
    yield


def connect() -> Iterator[Finding]:
    with socket.socket() as out:
        out.connect(("127.0.0.1", 9))
    yield


def resolve() -> Iterator[Finding]:
    socket.getaddrinfo("example.com", 80)
    yield


def start() -> Iterator[Finding]:
    subprocess.run(["/bin/true"], check=True)
    yield


def shell() -> Iterator[Finding]:
    os.system("true")
    yield


def fork() -> Iterator[Finding]:
    os.fork()
    yield


def kill() -> Iterator[Finding]:
    os.kill(os.getppid(), 0)
    yield


def write() -> Iterator[Finding]:
    pathlib.Path("/tmp/ordermill-written-by-a-reader").write_text("x")
    yield


def remove() -> Iterator[Finding]:
    pathlib.Path("/tmp/ordermill-none").unlink()
    yield


def echo(blob: Blob) -> Iterator[Part]:
    """Give the document back as a part, read through two handles that do not disturb each other."""
    with blob.open() as one, blob.open() as two:
        half = blob.size // 2
        start = one.read(half)
        two.seek(half)
        yield Part(BytesBlob(start + two.read()), "echo.bin", None)


DEEDS: Mapping[str, Callable[[], Iterator[DraftDocument | Finding | Part]]] = {
    deed.__name__: deed
    for deed in (
        order,
        process,
        surroundings,
        hang,
        spin,
        swell,
        crash,
        be_killed,
        be_out_of_time,
        leave,
        fault,
        connect,
        resolve,
        start,
        shell,
        fork,
        kill,
        write,
        remove,
    )
}


class Hostile:
    """Obeys the first line of the document."""

    name = "hostile"

    def identify(self, head: Head) -> Claim | None:
        return Claim("text", Strength.CERTAIN) if head.size else None

    def read(self, blob: Blob, hints: Hints) -> Iterator[DraftDocument | Finding | Part]:
        assert blob.size <= hints.limits.bytes
        with blob.open() as handle:
            word = handle.readline().decode().strip()
        yield from echo(blob) if word == "echo" else DEEDS[word]()


def parsers() -> Sequence[Parser]:
    return (Hostile(),)
