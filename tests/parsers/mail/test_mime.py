"""Mails taken apart: the letter, its files, what is left out, and what is refused."""

import base64
from email.message import EmailMessage
from email.mime.base import MIMEBase
from email.mime.message import MIMEMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oms_core.errors import UnreadableDocument
from oms_core.values import BytesBlob, Claim, DraftDocument, Finding, Head, Hints, Limits, Part, Severity, Strength
from parsers.mail.mime import BODY_TYPE, PARSER

PIXEL = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")


def letter(text: str = "Please send 10 x AB-100.\n", **headers: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = headers.pop("sender", "Ann Buyer <ann@kestrel.example>")
    mail["To"] = "orders@ordermill.example"
    mail["Date"] = "Tue, 17 Nov 2026 15:08:21 +0100"
    mail["Subject"] = headers.pop("subject", "Order K-17")
    mail["Message-ID"] = "<k17@kestrel.example>"
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail


def items(data: bytes, hints: Hints | None = None) -> list[DraftDocument | Finding | Part]:
    return list(PARSER.read(BytesBlob(data), hints or Hints()))


def parts(data: bytes) -> list[Part]:
    return [item for item in items(data) if isinstance(item, Part)]


def codes(data: bytes) -> list[str]:
    return [item.code for item in items(data) if isinstance(item, Finding)]


def content(part: Part) -> bytes:
    with part.blob.open() as handle:
        return handle.read()


def body(data: bytes) -> str:
    (part,) = [part for part in parts(data) if part.role == "body"]
    assert (part.filename, part.media_type) == ("body.txt", BODY_TYPE)
    return content(part).decode()


def below_head(data: bytes) -> str:
    return body(data).partition("\n\n")[2]


def test_the_letter_comes_with_the_facts_of_its_header():
    assert body(letter().as_bytes()) == (
        "From: Ann Buyer <ann@kestrel.example>\n"
        "To: <orders@ordermill.example>\n"
        "Date: Tue, 17 Nov 2026 15:08:21 +0100\n"
        "Subject: Order K-17\n"
        "\n"
        "Please send 10 x AB-100.\n"
    )


def test_attachments_come_as_parts_with_safe_names():
    mail = letter("See the file.\n")
    mail.add_attachment(b"a;b\n1;2\n", maintype="text", subtype="csv", filename="../../etc/lines.csv")
    mail.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="Ordine n° 7.pdf")
    mail.add_attachment(b"%PDF-1.5", maintype="application", subtype="pdf", filename="Ordine n° 7.pdf")
    mail.add_attachment(b"<order/>", maintype="application", subtype="xml")
    files = [part for part in parts(mail.as_bytes()) if part.role == "attachment"]
    assert [(part.filename, part.media_type) for part in files] == [
        ("lines.csv", "text/csv"),
        ("Ordine n° 7.pdf", "application/pdf"),
        ("Ordine n° 7 (2).pdf", "application/pdf"),
        ("attachment.xml", "application/xml"),
    ]
    assert content(files[0]) == b"a;b\n1;2\n"
    assert "Attachments: lines.csv; Ordine" in body(mail.as_bytes())


def test_a_mail_inside_a_mail_comes_back_whole():
    inner = letter("20 x ZZ-9\nFrom here on nothing changes\n", subject="Inner order")
    outer = MIMEMultipart()
    outer["From"], outer["Subject"] = "ann@kestrel.example", "Fwd"
    outer["Date"] = "Tue, 17 Nov 2026 15:08:21 +0100"
    outer.attach(MIMEText("as attached\n"))
    outer.attach(MIMEMessage(inner))
    (part,) = [part for part in parts(outer.as_bytes()) if part.role == "attachment"]
    assert (part.filename, part.media_type) == ("Inner order.eml", "message/rfc822")
    assert below_head(content(part)) == "20 x ZZ-9\nFrom here on nothing changes\n"


def test_small_pictures_in_the_text_are_left_out_and_large_ones_kept():
    mail = letter()
    mail.add_related(PIXEL, maintype="image", subtype="gif", cid="<logo>", filename="logo.gif", disposition="inline")
    photo = b"\xff\xd8\xff" + bytes(200_000)
    mail.add_related(photo, maintype="image", subtype="jpeg", cid="<photo>", filename="photo.jpg", disposition="inline")
    data = mail.as_bytes()
    assert [part.filename for part in parts(data) if part.role == "attachment"] == ["photo.jpg"]
    (note,) = [item for item in items(data) if isinstance(item, Finding)]
    assert (note.code, note.severity, note.place) == ("mail.left_out", Severity.NOTE, "logo.gif")


def test_a_picture_that_is_attached_is_kept_however_small():
    mail = letter()
    mail.add_attachment(PIXEL, maintype="image", subtype="gif", filename="order.gif")
    assert [part.filename for part in parts(mail.as_bytes()) if part.role == "attachment"] == ["order.gif"]


TABLE = """<html><head><style>p{color:red}</style><script>alert("no")</script></head><body>
<p>Hello,<br>please deliver:</p><div style="display:none">secret preview</div>
<table><tr><th>Item</th><th>Qty</th></tr><tr><td>AB-1</td><td>5&nbsp;pcs</td></tr>
<tr><td align="right" colspan="2">Total&#x200b; 5</td></tr></table>
<ul><li>fast</li><li>cheap</li></ul></body></html>"""


def html_only(markup: str) -> bytes:
    mail = letter()
    mail.set_content(markup, subtype="html")
    return mail.as_bytes()


def test_html_becomes_text_with_tabs_between_cells():
    assert below_head(html_only(TABLE)) == (
        "Hello,\nplease deliver:\n\nItem\tQty\nAB-1\t5 pcs\n\tTotal 5\n\n- fast\n- cheap\n"
    )


def test_a_layout_table_keeps_its_lines_apart():
    markup = "<table><tr><td><table><tr><td>Ship to</td></tr></table></td><td>Depot<br>Quay 4<br>Hull</td></tr></table>"
    assert below_head(html_only(markup)) == "Ship to\n\nDepot\nQuay 4\nHull\n"


def test_a_cited_block_of_html_is_marked_as_a_quote():
    text = below_head(html_only('<p>New</p><blockquote type="cite"><p>Old line</p></blockquote>'))
    assert "New\n" in text
    assert "> Old line\n" in text


def test_html_with_a_table_is_preferred_and_plain_text_otherwise():
    both = letter("plain words\n")
    both.add_alternative(TABLE, subtype="html")
    assert "AB-1\t5 pcs" in body(both.as_bytes())
    plain = letter("plain words\n")
    plain.add_alternative("<p>html words</p>", subtype="html")
    assert below_head(plain.as_bytes()) == "plain words\n"


def test_flowed_lines_are_joined_and_the_signature_mark_stays():
    mail = b"""From: a@b.example
Date: Tue, 17 Nov 2026 15:08:21 +0100
Subject: x
Content-Type: text/plain; charset=utf-8; format=flowed

10 boxes of the long \nname
next line
-- \nAnn
> quoted \n> words
"""
    assert below_head(mail) == "10 boxes of the long name\nnext line\n-- \nAnn\n> quoted words\n"


@pytest.mark.parametrize(
    ("charset", "raw", "sound"),
    [
        ("utf-8", "Größe 5".encode(), True),
        ("iso-8859-1", "Größe 5 \u2013".encode("cp1252"), True),
        ("utf-8", "Größe 5".encode("cp1252"), False),
        ("us-ascii", "Größe 5".encode(), True),
        ("iso-8859-2", "wkręt 5 łożysko".encode("iso-8859-2"), True),
        ("no-such-set", "Größe 5".encode(), True),
        ("idna", "Größe 5".encode(), True),
    ],
)
def test_text_is_decoded_by_what_fits(charset: str, raw: bytes, *, sound: bool):
    head = "From: a@b.example\nSubject: x\nDate: Tue, 17 Nov 2026 15:08:21 +0100\n"
    data = f"{head}Content-Type: text/plain; charset={charset}\n\n".encode() + raw
    really = "iso-8859-2" if charset == "iso-8859-2" else "utf-8" if raw == "Größe 5".encode() else "cp1252"
    expected = raw.decode(really)
    assert below_head(data) == expected
    assert ("mail.charset" in codes(data)) is not sound


def test_encoded_words_and_raw_bytes_in_a_header_are_decoded():
    data = (
        "From: =?iso-8859-2?Q?Stolarnia_D=B1b?= <dab@poczta.example>\nSubject: Pedido n\u00ba 7\n"
        "Date: Tue, 17 Nov 2026 15:08:21 +0100\n\nx\n"
    ).encode()
    assert "From: Stolarnia Dąb <dab@poczta.example>\n" in body(data)
    assert "Subject: Pedido nº 7\n" in body(data)


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"X_Autoreply": "yes"},
        {"X_Failed_Recipients": "ann@kestrel.example"},
        {"sender": "MAILER-DAEMON@mx.example"},
    ],
)
def test_replies_by_machines_and_bounces_are_filed(headers: dict[str, str]):
    mail = letter("I am away. Your mail:\n10 x AB-100\n", **headers)
    mail.add_attachment(b"x;y", maintype="text", subtype="csv", filename="lines.csv")
    assert parts(mail.as_bytes()) == []
    assert codes(mail.as_bytes()) == ["mail.automatic"]


def test_a_bounce_in_parts_hands_nothing_on():
    mail = MIMEMultipart("report")
    mail["From"], mail["Subject"], mail["Date"] = "mx@b.example", "failed", "Tue, 17 Nov 2026 15:08:21 +0100"
    mail.attach(MIMEText("could not be delivered"))
    mail.attach(MIMEMessage(letter()))
    assert parts(mail.as_bytes()) == []
    assert codes(mail.as_bytes()) == ["mail.automatic"]


def test_the_text_of_a_newsletter_is_no_order_but_its_files_are_looked_at():
    mail = letter("10 x AB-100 now cheaper\n", List_Unsubscribe="<mailto:x@b.example>", Precedence="bulk")
    mail.add_attachment(b"x;y", maintype="text", subtype="csv", filename="lines.csv")
    assert [part.role for part in parts(mail.as_bytes())] == ["attachment"]
    assert codes(mail.as_bytes()) == ["mail.automatic"]


def test_a_letter_to_our_own_group_address_is_read():
    mail = letter(List_Id="Orders <orders.ordermill.example>", Precedence="list")
    assert below_head(mail.as_bytes()) == "Please send 10 x AB-100.\n"


def test_an_order_that_an_erp_sends_by_itself_is_read():
    assert parts(letter(Auto_Submitted="auto-generated").as_bytes())


def test_a_sealed_part_is_named():
    mail = letter()
    mail.make_mixed()
    sealed = MIMEBase("application", "pkcs7-mime", name="smime.p7m")
    sealed.set_payload("AAAA")
    mail.attach(sealed)
    (finding,) = [item for item in items(mail.as_bytes()) if isinstance(item, Finding)]
    assert (finding.code, finding.severity) == ("mail.encrypted", Severity.REVIEW)


def refused(data: bytes, limits: Limits) -> UnreadableDocument:
    with pytest.raises(UnreadableDocument) as caught:
        items(data, Hints(limits=limits))
    return caught.value


def test_one_byte_over_the_limit_is_refused():
    data = letter().as_bytes()
    assert items(data, Hints(limits=Limits(bytes=len(data))))
    assert refused(data, Limits(bytes=len(data) - 1)).code == "too_large"


def test_one_part_over_the_limit_is_refused():
    mail = letter()
    for number in range(3):
        mail.add_attachment(b"x", maintype="text", subtype="csv", filename=f"{number}.csv")
    assert items(mail.as_bytes(), Hints(limits=Limits(parts=5)))
    assert refused(mail.as_bytes(), Limits(parts=4)).code == "too_many_parts"


def nested(depth: int) -> bytes:
    inner: MIMEText | MIMEMultipart = MIMEText("10 x AB-100")
    for _ in range(depth):
        outer = MIMEMultipart()
        outer.attach(inner)
        inner = outer
    inner["From"], inner["Subject"], inner["Date"] = "a@b.example", "x", "Tue, 17 Nov 2026 15:08:21 +0100"
    return inner.as_bytes()


def test_one_level_over_the_limit_is_refused():
    assert items(nested(4), Hints(limits=Limits(depth=4)))
    assert refused(nested(5), Limits(depth=4)).code == "too_deep"


def test_thousands_of_levels_are_refused_and_not_died_of():
    head = b"From: a@b.example\nDate: x\nSubject: x\nTo: c@d.example\n"
    levels = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (number, number) for number in range(3_000)
    )
    assert refused(head + levels + b"\nx\n", Limits()).code == "too_deep"


@pytest.mark.parametrize(("data", "code"), [(b"", "empty"), (b" \n\n ", "empty"), (b"ISA*00*~", "no_mail")])
def test_what_is_no_mail_is_refused(data: bytes, code: str):
    assert refused(data, Limits()).code == code


def claim(data: bytes, filename: str = "", media_type: str | None = None) -> Claim | None:
    return PARSER.identify(Head(data, filename, media_type, len(data)))


def test_a_mail_is_claimed_for_certain_and_its_own_letter_is_not():
    found = claim(letter().as_bytes())
    assert found is not None
    assert found.strength is Strength.CERTAIN
    assert claim(content(parts(letter().as_bytes())[0]), "body.txt", BODY_TYPE) is None
    assert claim(b"UNB+UNOC:3+a+b'", "order.edi") is None
    assert claim(b"Date: today\nplain text", "note.txt", "text/plain") is None


SEED = letter("Grüße, 10 x AB-100\n").as_bytes() + b"\n--x\nContent-Type: message/rfc822\n\nFrom: a\n\n--x--\n"
PIECES = [
    b"Content-Type: multipart/mixed; boundary=x\n",
    b"Content-Type: text/html; charset=utf-7\n",
    b"Content-Type: text/plain; charset*=iso'x'%ff; format=flowed\n",
    b"Content-Disposition: attachment; filename*0*=utf-16''%ff%fe; filename*1=\"..\\\\a\"\n",
    b"Content-Transfer-Encoding: base64\n",
    b"Content-Transfer-Encoding: x-uuencode\n",
    b"Content-Transfer-Encoding: quoted-printable\n",
    b"Subject: =?utf-8?B?////?= =?x?Q?=ZZ?=\n",
    b'From: =?utf-8?q?=00?= <@>, "a" <b@c\n',
    b"\n--x\n",
    b"\n--x--\n",
    b"<table><tr><td colspan=99999999999>x<td rowspan=0>\n",
    b"begin 644 a\n#0V%T\n",
    b"\xff\xfe\x00\n",
    b"Content-Type: message/rfc822\n\n",
    b"Content-Type: message/delivery-status\n\n",
]


@settings(max_examples=200, deadline=None)
@given(
    pieces=st.lists(st.sampled_from(PIECES), max_size=12),
    cut=st.integers(0, len(SEED)),
    noise=st.binary(max_size=40),
    first=st.booleans(),
)
def test_whatever_a_mail_holds_it_is_read_or_refused(*, pieces: list[bytes], cut: int, noise: bytes, first: bool):
    mutated = b"".join(pieces)
    data = mutated + SEED[:cut] + noise + SEED[cut:] if first else SEED[:cut] + mutated + noise + SEED[cut:]
    try:
        found = items(data)
    except UnreadableDocument:
        return
    assert all(isinstance(item, Finding | Part) for item in found)
    assert all("/" not in part.filename and "\\" not in part.filename for part in found if isinstance(part, Part))
