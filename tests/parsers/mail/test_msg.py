"""Mails saved by Outlook: the letter, its head, its files and mails inside it, as from any other mail."""

import struct
from dataclasses import dataclass, field

import pytest

from oms_core.errors import UnreadableDocument
from oms_core.values import BytesBlob, Hints, Part
from oms_core.values.document import Head, Limits
from parsers.mail import msg
from parsers.mail.mime import BODY_TYPE

FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
SECTOR = 512


@dataclass
class Storage:
    streams: dict[str, bytes] = field(default_factory=dict)
    storages: dict[str, "Storage"] = field(default_factory=dict)


def compound(root: Storage) -> bytes:
    """Write a compound file (MS-CFB): every stream filled up to the size from which it has sectors of its own."""
    entries: list[tuple[str, int, bytes]] = [("Root Entry", 5, b"")]
    links: list[list[int]] = [[FREE, FREE]]  # right sibling, first child

    def add(parent: int, storage: Storage) -> None:
        last = None
        for name, content in (*storage.streams.items(), *storage.storages.items()):
            at = len(entries)
            inner = isinstance(content, Storage)
            entries.append((name, 1 if inner else 2, b"" if inner else content.ljust(4096, b"\0")))
            links.append([FREE, FREE])
            links[parent if last is None else last][1 if last is None else 0] = at
            last = at
            if isinstance(content, Storage):
                add(at, content)

    add(0, root)
    count = -(-len(entries) // 4)
    fat: list[int] = [FAT, *range(2, count + 1), END]
    sectors, directory = b"", b""
    for (name, kind, data), (right, child) in zip(entries, links, strict=True):
        start = END
        if data:
            start = len(fat)
            size = -(-len(data) // SECTOR)
            fat += [*range(start + 1, start + size), END]
            sectors += data.ljust(size * SECTOR, b"\0")
        raw = name.encode("utf-16-le")
        directory += raw.ljust(64, b"\0") + struct.pack("<HBBIII", len(raw) + 2, kind, 1, FREE, right, child)
        directory += b"\0" * 36 + struct.pack("<IQ", start, len(data))
    directory = directory.ljust(count * SECTOR, b"\0")
    head = (
        msg.SIGNATURE
        + b"\0" * 16
        + struct.pack("<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, END, 0, END, 0)
    )
    head += struct.pack("<I", 0) + struct.pack("<I", FREE) * 108
    table = b"".join(struct.pack("<I", at) for at in fat).ljust(SECTOR, b"\xff")
    assert len(fat) <= SECTOR // 4
    return head + table + directory + sectors


def text(tag: str, value: str) -> dict[str, bytes]:
    return {f"__substg1.0_{tag}001F": value.encode("utf-16-le")}


def mail(body: str = "Please send 12 pcs HX-M840 bolt") -> Storage:
    out = Storage(text("0037", "Bestellung 4711") | text("1000", body) | text("0C1A", "Jürgen Käufer"))
    out.streams |= text("5D01", "juergen@kestrel.example")
    ticks = 134_399_430_000_000_000  # 2026-11-24, counted from 1601 in tenths of microseconds
    out.streams["__properties_version1.0"] = b"\0" * 32 + struct.pack("<IIQ", 0x00390040, 0, ticks)
    return out


def parts(data: bytes, hints: Hints | None = None) -> list[Part]:
    return [item for item in msg.PARSER.read(BytesBlob(data), hints or Hints()) if isinstance(item, Part)]


def content(part: Part) -> bytes:
    with part.blob.open() as handle:
        return handle.read()


def test_the_letter_and_its_head_are_read():
    (letter,) = parts(compound(mail()))
    told = content(letter).decode()
    assert letter.media_type == BODY_TYPE
    assert "From: Jürgen Käufer <juergen@kestrel.example>" in told
    assert "Subject: Bestellung 4711" in told
    assert "Date: " in told
    assert "2026" in told
    assert "12 pcs HX-M840 bolt" in told


def test_files_keep_their_names_and_bytes():
    outer = mail()
    outer.storages["__attach_version1.0_#00000000"] = Storage(
        text("3707", "Bestellung ä.pdf") | {"__substg1.0_37010102": b"%PDF-1.7 " + b"x" * 4087}
    )
    _, file = parts(compound(outer))
    assert file.filename == "Bestellung ä.pdf"
    assert content(file) == b"%PDF-1.7 " + b"x" * 4087


def test_a_mail_in_the_mail_is_a_part_of_its_own():
    outer = mail("see below")
    inner = mail("Please send 3 boxes AB-100")
    outer.storages["__attach_version1.0_#00000000"] = Storage({}, {"__substg1.0_3701000D": inner})
    found = parts(compound(outer))
    assert [part.media_type for part in found] == [BODY_TYPE, "message/rfc822"]
    assert b"3 boxes AB-100" in content(found[1])


def test_it_is_known_by_its_build_or_its_name():
    data = compound(mail())
    assert msg.PARSER.identify(Head(data, "x.bin", None, len(data))) is not None
    assert msg.PARSER.identify(Head(data[:600], "x.msg", None, len(data))) is not None
    assert msg.PARSER.identify(Head(b"From: a@b.example", "x.msg", None, 20)) is None


@pytest.mark.parametrize("cut", [8, 300, 600, 1400])
def test_a_damaged_file_is_refused_in_a_sentence(cut: int):
    with pytest.raises(UnreadableDocument, match=r"damaged|not a mail"):
        parts(compound(mail())[:cut])


def test_too_many_files_are_refused():
    outer = mail()
    for number in range(3):
        outer.storages[f"__attach_version1.0_#{number:08}"] = Storage({"__substg1.0_37010102": b"x"})
    with pytest.raises(UnreadableDocument, match="more than 2 parts"):
        parts(compound(outer), Hints(limits=Limits(parts=2)))
