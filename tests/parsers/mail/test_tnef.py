"""Outlook's envelope `winmail.dat`: the letter and the files in it are found, a torn one is kept as far as it goes."""

import struct
from email.message import EmailMessage

from oms_core.values import BytesBlob, Finding, Hints, Part
from parsers.mail import rtf, tnef
from parsers.mail.mime import BODY_TYPE, PARSER

ORDER = "Please send 12 pcs HX-M840 bolt\r\n"


def attribute(number: int, value: bytes, level: int = 1) -> bytes:
    return struct.pack("<BII", level, number, len(value)) + value + struct.pack("<H", sum(value) & 0xFFFF)


def text_property(tag: int, text: str) -> bytes:
    data = text.encode("utf-16-le") + b"\0\0"
    return struct.pack("<HHII", 0x001F, tag, 1, len(data)) + data + b"\0" * (-len(data) % 4)


def binary_property(tag: int, data: bytes) -> bytes:
    return struct.pack("<HHII", 0x0102, tag, 1, len(data)) + data + b"\0" * (-len(data) % 4)


def properties(*parts: bytes) -> bytes:
    return struct.pack("<I", len(parts)) + b"".join(parts)


def envelope(*message: bytes, files: tuple[tuple[str, bytes], ...] = ()) -> bytes:
    out = tnef.SIGNATURE + b"\x01\x00" + attribute(0x00069003, properties(*message))
    for name, data in files:
        out += attribute(0x00069002, b"\0" * 14, 2) + attribute(0x0006800F, data, 2)
        out += attribute(0x00069005, properties(text_property(0x3707, name)), 2)
    return out


def mail(data: bytes, text: str = "") -> bytes:
    message = EmailMessage()
    message["From"] = "Ann <ann@kestrel.example>"
    message["To"] = "orders@house.example"
    message["Subject"] = "Order 4711"
    message.set_content(text)
    message.add_attachment(data, maintype="application", subtype="ms-tnef", filename="winmail.dat")
    return message.as_bytes()


def parts(data: bytes) -> list[Part]:
    return [item for item in PARSER.read(BytesBlob(data), Hints()) if isinstance(item, Part)]


def body(found: list[Part]) -> str:
    (letter,) = [part for part in found if part.media_type == BODY_TYPE]
    with letter.blob.open() as handle:
        return handle.read().decode()


def test_the_files_in_the_envelope_are_the_mails_own():
    found = parts(mail(envelope(files=(("Bestellung.pdf", b"%PDF-1.7 x"),)), "Our order is attached."))
    assert [part.filename for part in found] == ["body.txt", "Bestellung.pdf"]
    with found[1].blob.open() as handle:
        assert handle.read() == b"%PDF-1.7 x"


def test_the_letter_in_the_envelope_is_read_where_the_mail_has_no_other():
    assert "12 pcs HX-M840 bolt" in body(parts(mail(envelope(text_property(0x1000, ORDER)))))


def test_the_letter_in_the_envelope_does_not_double_the_one_outside():
    text = body(parts(mail(envelope(text_property(0x1000, ORDER)), ORDER)))
    assert text.count("HX-M840") == 1


def test_html_wrapped_in_rich_text_is_unwrapped():
    wrapped = (
        rb"{\rtf1\ansi\ansicpg1252\fromhtml1 {\*\htmltag <p>}3 St\'fcck AB-100{\*\htmltag </p>}\htmlrtf \par\htmlrtf0 }"
    )
    packed = struct.pack("<II4sI", len(wrapped) + 12, len(wrapped), b"MELA", 0) + wrapped
    assert "3 St\u00fcck AB-100" in body(parts(mail(envelope(binary_property(0x1009, packed)))))


def test_packed_rich_text_is_unpacked():
    """The example of MS-OXRTFCP section 3.2.1."""
    packed = bytes.fromhex(
        "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0"
    )
    assert rtf.unpacked(packed) == b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"


def test_a_torn_envelope_gives_what_was_whole_and_says_so():
    whole = envelope(files=(("a.pdf", b"%PDF-1.7 a"), ("b.pdf", b"%PDF-1.7 b")))
    found = list(PARSER.read(BytesBlob(mail(whole[:-50], "see files")), Hints()))
    assert "a.pdf" in [item.filename for item in found if isinstance(item, Part)]
    assert any(item.code == "mail.left_out" for item in found if isinstance(item, Finding))


def test_what_only_calls_itself_an_envelope_stays_a_file():
    assert [part.filename for part in parts(mail(b"no envelope at all", "hi"))] == ["body.txt", "winmail.dat"]
