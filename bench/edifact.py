"""EDIFACT: speed against pydifact on the same file, and peak memory at 1 MB and 100 MB.

Run: python bench/edifact.py [--messages 1000] [--runs 5] [--skip-memory]
"""

import argparse
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import BinaryIO

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from oms_core.values.document import Hints
from oms_core.values.draft import DraftDocument
from parsers.edifact.parser import EdifactParser

LINES = 50
WORDS = ["Schraube", "Dübel", "Mutter", "Kabel?: NYM", "L'eau", "Rohr+Muffe", "Größe?", "Ventil", "Dichtung", "Öse"]


class FileBlob:
    """A file on disk as a blob."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    def size(self) -> int:
        return self._path.stat().st_size

    def open(self) -> BinaryIO:
        return self._path.open("rb")


def escaped(text: str) -> str:
    for mark in "?'+:":
        text = text.replace(mark, "?" + mark)
    return text


def gtin(rng: random.Random) -> str:
    digits = [4, 0] + [rng.randrange(10) for _ in range(10)]
    total = sum(digit * (3 if index % 2 else 1) for index, digit in enumerate(digits))
    return "".join(map(str, digits)) + str(-total % 10)


def line(rng: random.Random, number: int) -> list[str]:
    name = escaped(f"{' '.join(rng.sample(WORDS, 4))} M{rng.randrange(4, 30)}x{rng.randrange(10, 200)}")
    quantity = rng.randrange(1, 500)
    price = Decimal(rng.randrange(100, 99999)) / 100
    return [
        f"LIN+{number}++{gtin(rng)}:EN",
        f"PIA+1+{rng.randrange(10**6, 10**7)}:IN+HX-{rng.randrange(10**4)}:SA",
        f"IMD+F++:::{name}",
        f"QTY+21:{quantity}:PCE",
        "DTM+2:20260315:102",
        f"MOA+203:{quantity * price}",
        f"PRI+AAA:{price}:::1:PCE",
        f"RFF+LI:{rng.randrange(10**5, 10**6)}/{number}",
    ]


def message(rng: random.Random, number: int) -> str:
    segments = [
        f"UNH+{number}+ORDERS:D:96A:UN:EAN008",
        f"BGM+220+PO{number:07d}+9",
        "DTM+137:20260301:102",
        f"NAD+BY+4012345000016::9++{escaped('Müller & Söhne: Großhandel')}+Hauptstr. 1+Köln++50667+DE",
        "NAD+SU+4098765000010::9",
        "NAD+DP+4012345000023::9",
        "CUX+2:EUR:9",
    ]
    for index in range(1, LINES + 1):
        segments += line(rng, index)
    segments += ["UNS+S", f"CNT+2:{LINES}"]
    segments.append(f"UNT+{len(segments) + 1}+{number}")
    return "'".join(segments) + "'"


def write(path: Path, messages: int, seed: int = 7) -> None:
    rng = random.Random(seed)
    with path.open("wb") as handle:
        handle.write(b"UNA:+.? 'UNB+UNOC:3+4012345000016:14+4098765000010:14+260301:1200+REF1'")
        for number in range(1, messages + 1):
            handle.write(message(rng, number).encode("latin-1"))
        handle.write(f"UNZ+{messages}+REF1'".encode())


Orders = list[tuple[str, list[str]]]


def ours(path: Path) -> Iterator[tuple[str, list[str]]]:
    for item in EdifactParser().read(FileBlob(path), Hints()):
        assert isinstance(item, DraftDocument), item
        assert not item.findings, item.findings
        number = item.number.value if item.number else ""
        yield number, [f"{row.quantity.value:f}" for row in item.lines if row.quantity]


def theirs(path: Path) -> Iterator[tuple[str, list[str]]]:
    from pydifact.segmentcollection import Interchange

    interchange = Interchange.from_str(path.read_bytes().decode("latin-1"))
    for found in interchange.get_messages():
        number, quantities = "", []
        for segment in found.segments:
            if segment.tag == "BGM":
                number = str(segment.elements[1])
            elif segment.tag == "QTY":
                quantities.append(str(segment.elements[0][1]))
        yield number, quantities


def timed(read: object, path: Path) -> tuple[float, Orders]:
    begin = time.perf_counter()
    result = list(read(path))  # type: ignore[operator]
    return time.perf_counter() - begin, result


def speed(path: Path, runs: int) -> None:
    size = path.stat().st_size / 1e6
    mine, peer = [], []
    for run in range(runs):
        seconds, found = timed(ours, path)
        mine.append(seconds)
        seconds, expected = timed(theirs, path)
        peer.append(seconds)
        assert found == expected, "the two parsers differ"
        print(f"run {run + 1}: ordermill {mine[-1]:.2f} s, pydifact {peer[-1]:.2f} s")
    ratio = statistics.median(peer) / statistics.median(mine)
    print(f"{size:.1f} MB: ordermill {size / statistics.median(mine):.2f} MB/s,"
          f" pydifact {size / statistics.median(peer):.2f} MB/s, ratio {ratio:.1f} (bar 8, goal 15)")  # fmt: skip


def peak_kib() -> int:
    """Peak memory since this program began; ru_maxrss would count the parent's from before exec."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0])


def memory(folder: Path) -> None:
    peaks = {}
    for messages in (100, 10_000):
        path = folder / f"memory-{messages}.edi"
        write(path, messages)
        done = subprocess.run(
            [sys.executable, __file__, "--peak", str(path)], capture_output=True, text=True, check=True
        )
        peaks[messages] = int(done.stdout)
        print(f"{path.stat().st_size / 1e6:.1f} MB: peak {peaks[messages] / 1024:.1f} MB")
    print(f"peak ratio {peaks[10_000] / peaks[100]:.3f} (bar 1.2)")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--messages", type=int, default=1000)
    options.add_argument("--runs", type=int, default=5)
    options.add_argument("--skip-memory", action="store_true")
    options.add_argument("--peak", type=Path)
    chosen = options.parse_args()
    if chosen.peak:
        for _ in ours(chosen.peak):
            pass
        print(peak_kib())
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "orders.edi"
        write(path, chosen.messages)
        speed(path, chosen.runs)
        if not chosen.skip_memory:
            memory(Path(folder))


if __name__ == "__main__":
    main()
