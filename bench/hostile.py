"""Read broken and hostile documents by the thousand: `python -m bench.hostile [--count 5000] [--seed 1]`.

Documents of every format are bent (bits flipped, cut, doubled, spliced with each other, numbers blown up) and bombs
are laid between them. Each must end as drafts, as nothing for us, or refused with a sentence; no reader may take longer
than its limit or more memory than its share, and the process that asks must not notice. Exit status 1 when one does.
"""

import argparse
import io
import random
import sys
import time
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from pathlib import Path

from oms_app.demo.company import DEFAULT_SEED, build_company
from oms_app.demo.endless import SOAK_DAY, endless_orders
from oms_app.demo.orders import build_orders
from oms_app.reading_pool import ReadingPool
from oms_core.errors import UnreadableDocument
from oms_core.values import BytesBlob, Hints

SLACK_SECONDS = 5.0
"""What a deadline may be late by on a busy machine: starting a fresh reader is not the document's time."""
SHOWN = 20


@dataclass(frozen=True, slots=True)
class Attack:
    """One document to read, and what was done to it."""

    name: str
    how: str
    data: bytes


@dataclass(slots=True)
class Tally:
    """What became of all of them."""

    ends: Counter[str] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0
    failures: list[str] = field(default_factory=list)


def originals(seed: int, count: int) -> tuple[tuple[str, bytes], ...]:
    """Return sound documents of every format: the demo's and some of its endless stream."""
    company = build_company(DEFAULT_SEED)
    orders = (*build_orders(company, seed, SOAK_DAY), *islice(endless_orders(company, seed), count))
    return tuple((order.filename, order.data) for order in orders if order.data)


def attacks(sound: Sequence[tuple[str, bytes]], seed: int) -> Iterator[Attack]:
    """Yield hostile documents for ever, the same for the same seed."""
    draw = random.Random(seed)
    while True:
        if draw.random() < 0.03:
            name, make = draw.choice(BOMBS)
            yield Attack(name, "bomb", make(draw))
            continue
        name, data = draw.choice(sound)
        how, bend = draw.choice(BENDS)
        for _ in range(draw.choice((1, 1, 2, 5))):
            data = bend(draw, data, draw.choice(sound)[1])
        yield Attack(name, how, data)


def _flipped(draw: random.Random, data: bytes, _other: bytes) -> bytes:
    bent = bytearray(data)
    for _ in range(draw.randint(1, max(1, len(bent) // 200))):
        bent[draw.randrange(len(bent))] = draw.randrange(256)
    return bytes(bent)


def _cut(draw: random.Random, data: bytes, _other: bytes) -> bytes:
    return data[: draw.randint(1, len(data))]


def _hollow(draw: random.Random, data: bytes, _other: bytes) -> bytes:
    start = draw.randrange(len(data))
    return data[:start] + data[start + draw.randint(1, 4_000) :] or b"x"


def _doubled(draw: random.Random, data: bytes, _other: bytes) -> bytes:
    start = draw.randrange(len(data))
    piece = data[start : start + draw.randint(1, 2_000)]
    return data[:start] + piece * draw.choice((2, 10, 300)) + data[start:]


def _spliced(draw: random.Random, data: bytes, other: bytes) -> bytes:
    return data[: draw.randint(1, len(data))] + other[draw.randrange(len(other)) :]


def _swollen(draw: random.Random, data: bytes, _other: bytes) -> bytes:
    """Blow up one of the numbers."""
    places = [at for at in range(len(data)) if data[at : at + 1].isdigit()]
    if not places:
        return data
    at = draw.choice(places)
    return data[:at] + draw.choice((b"9" * 30, b"-1", b"1e999", b"0" * 5_000, b"NaN")) + data[at + 1 :]


def _mistyped(draw: random.Random, data: bytes, _other: bytes) -> bytes:
    """Put signs in that mean something to some format."""
    at = draw.randrange(len(data))
    return data[:at] + draw.choice(_SIGNS) * draw.choice((1, 1, 50)) + data[at:]


_SIGNS = (
    *(b"\x00", b"'", b'"', b"<!--", b"]]>", b"\xff\xfe", b"\r\n\r\n"),
    *(b"?", b"+::::", b"%PDF-1.7", b"\x1b[2J", b"\xe2\x80\xae"),
)

BENDS: tuple[tuple[str, Callable[[random.Random, bytes, bytes], bytes]], ...] = (
    ("bits flipped", _flipped),
    ("cut off", _cut),
    ("hollowed", _hollow),
    ("doubled in part", _doubled),
    ("spliced", _spliced),
    ("a number swollen", _swollen),
    ("signs put in", _mistyped),
)


def _zip_bomb(_draw: random.Random) -> bytes:
    return _zipped()


@cache
def _zipped() -> bytes:
    """Pack a sheet of 600 MB into a workbook of half a megabyte."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            for _ in range(600):
                sheet.write(b"0" * 1_000_000)
    return made.getvalue()


def _entity_bomb(_draw: random.Random) -> bytes:
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))
    return f'<?xml version="1.0"?><!DOCTYPE o [<!ENTITY a0 "ha">{entities}]><Order>&a11;</Order>'.encode()


def _outside_entity(_draw: random.Random) -> bytes:
    return b'<?xml version="1.0"?><!DOCTYPE o [<!ENTITY x SYSTEM "file:///etc/passwd">]><Order>&x;</Order>'


def _nested_mail(draw: random.Random) -> bytes:
    mail = b"Subject: deep\r\n\r\nplease send 3 x A-1\r\n"
    for level in range(draw.choice((5, 60, 2_000))):
        mark = b"b%d" % level
        mail = (
            b'Content-Type: multipart/mixed; boundary="%s"\r\n\r\n--%s\r\n' % (mark, mark)
            + mail.replace(b"Subject: deep\r\n", b"", 1)
            + b"\r\n--%s--\r\n" % mark
        )
    return b"From: a@b.example\r\nSubject: deep\r\nMIME-Version: 1.0\r\n" + mail


def _stream_bomb(_draw: random.Random) -> bytes:
    return _unpacking()


@cache
def _unpacking() -> bytes:
    """Write a PDF whose page unpacks to half a gigabyte of drawing commands."""
    packer, piece = zlib.compressobj(), b"BT /F1 9 Tf (4711 Bolt 10 pcs) Tj ET\n" * 15_000
    body = zlib.compress(b"".join([*(packer.compress(piece) for _ in range(1_000)), packer.flush()]))
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << >> >>",
        b"<< /Length %d /Filter [/FlateDecode /FlateDecode] >>\nstream\n%s\nendstream" % (len(body), body),
    )
    return _pdf(objects)


def _page_circle(_draw: random.Random) -> bytes:
    return _pdf((b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 99999999 >>"))


def _pdf(objects: Sequence[bytes]) -> bytes:
    made, places = bytearray(b"%PDF-1.7\n"), []
    for number, content in enumerate(objects, start=1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(made)
    made += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    made += b"".join(b"%010d 00000 n \n" % place for place in places)
    made += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(made)


def _long_line(draw: random.Random) -> bytes:
    return draw.choice((b"a", b"1 ", b"1,", b'"', b"1x", b"- ", b">", b"4711 x ", b"1.")) * 2_000_000


def _many_columns(_draw: random.Random) -> bytes:
    return b";".join(b"qty%d" % n for n in range(200_000)) + b"\n" + b";".join(b"1" for _ in range(200_000))


def _many_segments(_draw: random.Random) -> bytes:
    return b"UNB+UNOC:3+A:14+B:14+260302:0900+1'UNH+1+ORDERS:D:96A:UN'BGM+220+1+9'" + b"LIN+1++1:EN'QTY+21:1'" * 400_000


BOMBS: tuple[tuple[str, Callable[[random.Random], bytes]], ...] = (
    ("bomb.xlsx", _zip_bomb),
    ("bomb.xml", _entity_bomb),
    ("outside.xml", _outside_entity),
    ("deep.eml", _nested_mail),
    ("bomb.pdf", _stream_bomb),
    ("circle.pdf", _page_circle),
    ("long.txt", _long_line),
    ("wide.csv", _many_columns),
    ("endless.edi", _many_segments),
)


def assault(pool: ReadingPool, attacks_: Sequence[Attack], hints: Hints, tally: Tally) -> None:
    """Read each of them and count how it ended."""

    def read(attack: Attack) -> None:
        began = time.monotonic()
        try:
            reading = pool.read(BytesBlob(attack.data), Hints(filename=attack.name, limits=hints.limits))
            end = "drafts" if reading.drafts else "filed or passed on"
        except UnreadableDocument as problem:
            end = "refused"
            tally.codes[problem.code] += 1
            # PDFium ends its process when its share of memory is used up: that is what readers of their own are for.
            ours = problem.code == "reader_failed" or (problem.code == "reader_died" and attack.how != "bomb")
            if ours or not str(problem).strip():
                tally.failures.append(f"{attack.name}, {attack.how}: {problem}")
        seconds = time.monotonic() - began
        tally.ends[end] += 1
        tally.slowest = max(tally.slowest, seconds)
        if seconds > hints.limits.seconds + SLACK_SECONDS:
            tally.failures.append(f"{attack.name}, {attack.how}: took {seconds:.0f} s")

    with ThreadPoolExecutor(max_workers=2) as threads:
        for _ in threads.map(read, attacks_):
            pass


def main() -> int:
    """Attack, print what became of all, and keep what failed."""
    parser = argparse.ArgumentParser(prog="bench.hostile", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--count", type=int, default=5_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="a folder for the documents that failed")
    options = parser.parse_args()
    tally, stream = Tally(), attacks(originals(options.seed, 200), options.seed)
    with ReadingPool(2) as pool:
        for done in range(0, options.count, 100):
            batch = list(islice(stream, min(100, options.count - done)))
            before = len(tally.failures)
            assault(pool, batch, Hints(), tally)
            if options.keep and len(tally.failures) > before:
                options.keep.mkdir(parents=True, exist_ok=True)
                for number, attack in enumerate(batch):
                    if any(line.startswith(f"{attack.name}, {attack.how}") for line in tally.failures[before:]):
                        (options.keep / f"{done + number:05d}-{attack.name}").write_bytes(attack.data)
            print(f"{done + len(batch)} read, {len(tally.failures)} failures", file=sys.stderr)
    for line in tally.failures[:SHOWN]:
        print(f"FAILED {line}")
    print(f"ends {dict(tally.ends)}; refused for {dict(tally.codes.most_common())}; slowest {tally.slowest:.1f} s")
    print(f"hostile: {options.count} documents, seed {options.seed}, {len(tally.failures)} failures")
    return 1 if tally.failures else 0


if __name__ == "__main__":
    sys.exit(main())
