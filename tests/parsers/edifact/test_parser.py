import contextlib
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oms_core.errors import UnreadableDocument
from oms_core.values import (
    BytesBlob,
    DocumentKind,
    DraftDocument,
    Finding,
    Head,
    Hints,
    SegmentSource,
    Severity,
    Source,
    Strength,
    Value,
)
from parsers.edifact.parser import MAX_STRAYS, EdifactParser
from parsers.edifact.stream import CHUNK_BYTES, MAX_MESSAGE_BYTES

T = TypeVar("T")

HEADER = [
    "BGM+220+PO4711+9",
    "DTM+137:20260301:102",
    "DTM+2:20260315:102",
    "NAD+BY+4012345000016::9++Muster ?+ S?'öhne:Einkauf+Hauptstr. 1:Hof+Köln+NW+50667+DE",
    "RFF+VA:DE123456789",
    "COM+einkauf@muster.example:EM",
    "NAD+SU+4098765000010::9",
    "NAD+DP+++Lager Süd+Am Hafen 2+Bonn++53111+DE",
    "CUX+2:eur:9",
    "FTX+DEL+++Bitte an Rampe 3",
]
LINE_1 = [
    "LIN+10++4006381333931:EN",
    "PIA+1+A-77:IN+HX-M8:SA",
    "IMD+F++:::Sechskantschraube M8x40 verzinkt 10:.9 DIN 933",
    "QTY+21:200:PCE",
    "DTM+2:20260320:102",
    "MOA+203:19.80",
    "PRI+AAA:9.90:::100:PCE",
    "FTX+AAI+++einzeln verpackt",
]
LINE_2 = ["LIN+20++:EN", "PIA+5+B-1:BP", "IMD+F++:::Kabel", "QTY+21:12,5:MTR", "PRI+AAB:1.5"]
SUMMARY = ["UNS+S", "MOA+79:38.55", "MOA+124:7.32", "MOA+86:45.87", "CNT+2:2"]
ORDER = [*HEADER, *LINE_1, *LINE_2, *SUMMARY]


def message(segments: Sequence[str], reference: str = "1", kind: str = "ORDERS", count: int | None = None) -> str:
    body = [f"UNH+{reference}+{kind}:D:96A:UN:EAN008", *segments]
    return "'".join([*body, f"UNT+{count or len(body) + 1}+{reference}"]) + "'"


def interchange(*messages: str, end: str | None = None, una: str = "UNA:+.? '", charset: str = "UNOC") -> bytes:
    head = f"{una}UNB+{charset}:3+4012345000016:14+4098765000010:14+260301:1200+REF1'"
    text = head + "".join(messages) + (f"UNZ+{len(messages)}+REF1'" if end is None else end)
    return text.encode("utf-8" if charset == "UNOW" else "latin-1")


def read(data: bytes) -> tuple[list[DraftDocument], list[Finding]]:
    items = list(EdifactParser().read(BytesBlob(data), Hints()))
    drafts = [item for item in items if isinstance(item, DraftDocument)]
    return drafts, [item for item in items if isinstance(item, Finding)]


def one(data: bytes) -> DraftDocument:
    (draft,), _ = read(data)
    return draft


def val(value: Value[T] | None) -> T:
    assert value is not None
    return value.value


def src(value: Value[T] | None) -> Source:
    assert value is not None
    return value.source


def codes(findings: Sequence[Finding]) -> set[str]:
    return {finding.code for finding in findings}


def test_an_order_is_read_in_full() -> None:
    (draft,), findings = read(interchange(message(ORDER)))
    assert findings == []
    assert draft.findings == ()
    assert draft.kind is DocumentKind.ORDER
    assert val(draft.number) == "PO4711"
    assert val(draft.date) == date(2026, 3, 1)
    assert val(draft.requested_date) == date(2026, 3, 15)
    assert val(draft.currency) == "EUR"
    assert val(draft.buyer.name) == "Muster + S'öhne Einkauf"
    assert val(draft.buyer.id) == "4012345000016"
    assert val(draft.buyer.address) == "Hauptstr. 1, Hof, 50667 Köln, NW, DE"
    assert val(draft.buyer.email) == "einkauf@muster.example"
    assert val(draft.ship_to.name) == "Lager Süd"
    assert draft.ship_to.id is None
    assert val(draft.supplier.id) == "4098765000010"
    sums = [value and value.value for value in (draft.totals.net, draft.totals.tax, draft.totals.gross)]
    assert sums == [Decimal("38.55"), Decimal("7.32"), Decimal("45.87")]
    assert val(draft.notes) == "Bitte an Rampe 3\nLine 1: einzeln verpackt"
    assert draft.interchange == "4012345000016|4098765000010|REF1|1"
    assert draft.confidence == 0.99


def test_a_line_has_codes_by_owner_rec_20_units_and_a_price_for_one() -> None:
    first, second = one(interchange(message(ORDER))).lines
    assert val(first.line_number) == "10"
    assert val(first.gtin) == "4006381333931"
    assert val(first.buyer_code) == "A-77"
    assert val(first.supplier_code) == "HX-M8"
    assert val(first.quantity) == 200
    assert val(first.unit) == "C62"
    assert val(first.unit_price) == Decimal("0.099")
    assert val(first.amount) == Decimal("19.80")
    assert val(first.requested_date) == date(2026, 3, 20)
    assert second.gtin is None
    assert val(second.buyer_code) == "B-1"
    assert val(second.quantity) == Decimal("12.5")
    assert second.requested_date is None


def test_every_value_says_where_it_stands() -> None:
    draft = one(interchange(message(ORDER)))
    assert src(draft.number) == SegmentSource(3, "2.1", "PO4711")
    line = draft.lines[0]
    assert src(line.gtin) == SegmentSource(13, "3.1", "4006381333931")
    assert src(line.unit) == SegmentSource(16, "1.3", "PCE")
    assert src(line.supplier_code) == SegmentSource(14, "3.1", "HX-M8")


def test_a_full_piece_of_a_description_goes_on_without_a_blank() -> None:
    pieces = ["IMD+F++:::Gewindestange M10 verzinkt DIN 975:1 m lang", "IMD+F++:::Stahl:blank"]
    draft = one(interchange(message([*HEADER, LINE_1[0], *pieces, "QTY+21:1"])))
    text = draft.lines[0].description
    assert val(text) == "Gewindestange M10 verzinkt DIN 975 1 m lang Stahl blank"
    full = "IMD+F++:::" + "x" * 35 + ":yz"
    draft = one(interchange(message([*HEADER, LINE_1[0], full, "QTY+21:1"])))
    text = draft.lines[0].description
    assert val(text) == "x" * 35 + "yz"


@pytest.mark.parametrize(
    ("una", "charset"),
    [
        ("UNA:+.? '", "UNOC"),
        ("UNA:+.? '", "UNOW"),
        ("", "UNOA"),
        ("UNA|*,! ~", "UNOC"),
        ("UNA\x1f\x1d.\x1b \x1c", "UNOC"),
    ],
)
def test_service_characters_and_character_sets_change_nothing_that_is_read(una: str, charset: str) -> None:
    text = interchange(message(ORDER), charset="UNOW").decode("utf-8").replace("UNOW", charset)
    body = text.removeprefix("UNA:+.? '")
    if una not in ("", "UNA:+.? '"):
        held = body.replace("?+", "\x01").replace("?'", "\x02")
        held = held.translate(str.maketrans(":+'", una[3] + una[4] + una[8]))
        body = held.replace("\x01", "+").replace("\x02", "'")
    draft = one((una + body).encode("utf-8" if charset == "UNOW" else "latin-1"))
    assert val(draft.buyer.name) == "Muster + S'öhne Einkauf"
    assert draft.lines == one(interchange(message(ORDER))).lines


def test_marks_are_not_printable_at_level_b_without_una() -> None:
    text = interchange(
        message(["BGM+220+X+9", "NAD+BY+1::92", "LIN+1++A:SA", "QTY+21:2"]), una="", charset="UNOB"
    ).decode()
    draft = one(text.translate(str.maketrans(":+'", "\x1f\x1d\x1c")).encode())
    assert val(draft.lines[0].quantity) == 2


@pytest.mark.parametrize("codec", ["utf-8-sig", "utf-16"])
@pytest.mark.parametrize("lead", ["", " \r\n\r\n", "TRANSPORT 0001\r\n"])
def test_byte_order_marks_blanks_and_transport_headers_are_passed_over(codec: str, lead: str) -> None:
    text = lead + interchange(message(ORDER), charset="UNOW").decode("utf-8")
    assert one(text.encode(codec)).lines == one(interchange(message(ORDER))).lines


@pytest.mark.parametrize("width", [None, 72])
def test_line_breaks_after_segments_or_at_a_fixed_width_are_passed_over(width: int | None) -> None:
    text = interchange(message(ORDER)).decode("latin-1")
    if width is None:
        broken = text.replace("?'", "\x01").replace("'", "'\r\n").replace("\x01", "?'")
    else:
        broken = "\r\n".join(text[at : at + width] for at in range(0, len(text), width))
    assert one(broken.encode("latin-1")) == one(interchange(message(ORDER)))


def test_groups_and_several_interchanges_in_one_file_are_read() -> None:
    group = "UNG+ORDERS+A+B+260301:1200+G1+UN+D:96A'"
    text = interchange(group, message(ORDER), "UNE+1+G1'", end="UNZ+1+REF1'")
    drafts, findings = read(text + b"\n" + interchange(message(ORDER, "9")))
    assert [draft.interchange for draft in drafts] == [
        "4012345000016|4098765000010|REF1|1",
        "4012345000016|4098765000010|REF1|9",
    ]
    assert findings == []


@pytest.mark.parametrize(
    ("kind", "named"),
    [
        ("ORDCHG", DocumentKind.ORDER_CHANGE),
        ("ORDRSP", DocumentKind.ORDER_RESPONSE),
        ("INVOIC", DocumentKind.INVOICE),
        ("DESADV", DocumentKind.DESPATCH_ADVICE),
        ("INVRPT", DocumentKind.INVENTORY_REPORT),
        ("CONTRL", DocumentKind.ACKNOWLEDGEMENT),
        ("APERAK", DocumentKind.ACKNOWLEDGEMENT),
        ("REMADV", DocumentKind.REMITTANCE),
        ("QUOTES", DocumentKind.QUOTE),
        ("REQOTE", DocumentKind.QUOTE_REQUEST),
        ("PRICAT", DocumentKind.OTHER),
    ],
)
def test_other_messages_are_named_so_that_they_can_be_filed(kind: str, named: DocumentKind) -> None:
    assert one(interchange(message(["BGM+9+N1"], kind=kind))).kind is named


@pytest.mark.parametrize(
    ("bgm", "kind"),
    [
        ("BGM+224+N1+9", DocumentKind.ORDER),
        ("BGM+230+N1+4", DocumentKind.ORDER_CHANGE),
        ("BGM+220+N1+5", DocumentKind.ORDER_CHANGE),
        ("BGM+220+N1+1", DocumentKind.ORDER_CANCELLATION),
        ("BGM+231+N1+29", DocumentKind.ORDER_RESPONSE),
    ],
)
def test_name_and_function_of_a_message_tell_its_kind(bgm: str, kind: DocumentKind) -> None:
    assert one(interchange(message([bgm, "RFF+ON:PO1"]))).kind is kind


def test_a_change_names_the_order_that_it_changes() -> None:
    draft = one(interchange(message(["BGM+230+CH1+4", "RFF+ON:PO1", "NAD+BY+1::92"], kind="ORDCHG")))
    assert val(draft.number) == "CH1"
    assert val(draft.refers_to) == "PO1"


def test_references_of_a_line_are_not_those_of_the_order() -> None:
    draft = one(interchange(message(["BGM+230+CH1+4", "NAD+BY+1::92", *LINE_1, "RFF+ON:OTHER"], kind="ORDCHG")))
    assert draft.refers_to is None


@pytest.mark.parametrize(
    ("segments", "code", "place"),
    [
        ([*HEADER, "LIN+1++4006381333932:EN", "QTY+21:1"], "edifact.gtin", "lines[0].gtin"),
        ([*HEADER, *LINE_1, "UNS+S", "CNT+2:3"], "edifact.line_count", "segment 22"),
        ([*HEADER, *LINE_1, "UNS+S", "CNT+1:7"], "edifact.quantity_count", "segment 22"),
        ([*HEADER, LINE_1[0]], "edifact.no_quantity", "lines[0].quantity"),
        ([*HEADER, LINE_1[0], "QTY+21:5", "PRI+AAA:much"], "edifact.number", "lines[0].unit_price"),
        ([*HEADER, *LINE_1, "QTY+21:5"], "edifact.split_quantity", "lines[0].quantity"),
        ([*HEADER, *LINE_1, "DTM+2:20260401:102"], "edifact.split_date", "lines[0].requested_date"),
        ([*HEADER, LINE_1[0], "QTY+21:5:KGM", "PRI+AAA:2:::1:PCE"], "edifact.price_unit", "lines[0].unit_price"),
        ([*HEADER, *LINE_1, "NAD+DP+4012345000023::9"], "edifact.line_party", "lines[0]"),
        ([*HEADER, "LIN+1+2+A:SA", "QTY+21:5"], "edifact.deleted", "lines[0]"),
        ([*HEADER, *LINE_1, "LIN+2++A:SA+1:10", "QTY+21:5"], "edifact.sub_line", "segment 21"),
        (["BGM+220+N1+31", *HEADER[1:], *LINE_1], "edifact.copy", "segment 3"),
        (["BGM+220+N1+9", "NAD+IV+1::92", *LINE_1], "edifact.no_buyer", "buyer"),
        (HEADER, "edifact.no_lines", ""),
        (["BGM+220", *HEADER[1:], *LINE_1], "edifact.no_number", ""),
        (["BGM+220+N1", "DTM+137:20261301:102", *HEADER[3:], *LINE_1], "edifact.date", "segment 4"),
        ([*HEADER, "CUX+2:EURO", *LINE_1], None, ""),
    ],
)
def test_what_does_not_add_up_becomes_a_finding_with_its_place(
    segments: list[str], code: str | None, place: str
) -> None:
    draft = one(interchange(message(segments)))
    found = {(finding.code, finding.place) for finding in draft.findings}
    assert found == ({(code, place)} if code else set())
    sure = {"edifact.deleted", "edifact.line_party", "edifact.copy", None}
    assert (draft.confidence < 0.99) == (code not in sure)


def test_a_wrong_count_or_reference_in_unt_is_found() -> None:
    draft = one(interchange(message(ORDER, count=99)))
    assert codes(draft.findings) == {"edifact.segment_count"}
    assert draft.findings[0].place == "segment 31"
    draft = one(interchange(message(ORDER).replace("+1'", "+2'")))
    assert codes(draft.findings) == {"edifact.message_reference"}


@pytest.mark.parametrize(
    ("end", "code"),
    [("UNZ+7+REF1'", "edifact.message_count"), ("UNZ+1+REF2'", "edifact.control_reference"), ("", "edifact.no_unz")],
)
def test_an_interchange_that_does_not_close_as_it_began_is_found_and_its_orders_come(end: str, code: str) -> None:
    drafts, findings = read(interchange(message(ORDER), end=end))
    assert len(drafts) == 1
    assert [(finding.code, finding.severity) for finding in findings] == [(code, Severity.REVIEW)]


def test_an_interchange_marked_as_test_says_so() -> None:
    data = interchange(message(ORDER)).replace(b"+REF1'UNH", b"+REF1++++++1'UNH")
    assert codes(one(data).findings) == {"edifact.test"}


def test_a_message_without_envelope_is_read_with_a_finding() -> None:
    drafts, findings = read(message(ORDER).encode("latin-1"))
    assert drafts[0].interchange is None
    assert codes(findings) == {"edifact.no_unb"}


def test_good_orders_come_although_a_message_between_them_has_no_end() -> None:
    broken = message(ORDER, "2").rpartition("UNT")[0]
    drafts, findings = read(interchange(message(ORDER, "1"), broken, message(ORDER, "3")))
    assert [draft.interchange and draft.interchange[-1] for draft in drafts] == ["1", "3"]
    assert [(finding.code, finding.severity) for finding in findings] == [("edifact.no_unt", Severity.BLOCK)]


def test_good_orders_come_before_the_place_where_a_file_breaks_off() -> None:
    data = interchange(message(ORDER, "1"), message(ORDER, "2"))
    items = EdifactParser().read(BytesBlob(data[: data.rindex(b"PRI")]), Hints())
    first = next(iter(items))
    assert isinstance(first, DraftDocument)
    with pytest.raises(UnreadableDocument) as caught:
        list(items)
    assert caught.value.code == "truncated"
    assert caught.value.place == "segment 54"
    assert "message 2" in str(caught.value)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"UNB+UNOA:2+123", "truncated"),
        (b"UNA:+", "truncated"),
        (b"UNA::::::UNB+UNOA:2+1'", "bad_separators"),
        (b"hello", "not_edifact"),
        (b"UNB+UNOA:2+1+2+3+4'UNZ+0+4'", "empty"),
        (b"UNB+UNOA:2+1+2+3+4'" + b"LIN+1'" * (MAX_STRAYS + 1), "not_edifact"),
    ],
)
def test_what_cannot_be_read_says_why(data: bytes, code: str) -> None:
    with pytest.raises(UnreadableDocument) as caught:
        read(data)
    assert caught.value.code == code


def test_strays_up_to_the_limit_are_passed_over() -> None:
    data = interchange(message(ORDER), "FOO+1'" * MAX_STRAYS, end="UNZ+1+REF1'")
    drafts, findings = read(data)
    assert len(drafts) == 1
    assert [finding.code for finding in findings] == ["edifact.stray"] * MAX_STRAYS


def test_a_message_just_over_the_limit_is_refused() -> None:
    data = interchange(end="") + b"UNH+1+ORDERS:D:96A:UN'" + b"FTX+AAI+++" + b"x" * MAX_MESSAGE_BYTES
    with pytest.raises(UnreadableDocument) as caught:
        read(data)
    assert caught.value.code == "too_large"


def test_messages_across_chunks_are_read_alike() -> None:
    filler = "FTX+AAI+++" + "it?'s UNT+ and UNH+ ?? " * 40
    messages = [message([*ORDER, filler], str(number)) for number in range(1, 3 * CHUNK_BYTES // len(filler))]
    drafts, findings = read(interchange(*messages))
    assert findings == []
    assert [draft.interchange and draft.interchange.rpartition("|")[2] for draft in drafts] == [
        str(number) for number in range(1, len(messages) + 1)
    ]
    assert {draft.lines[1].quantity and draft.lines[1].quantity.value for draft in drafts} == {Decimal("12.5")}


def test_utf_8_under_a_latin_declaration_is_read_with_a_note() -> None:
    drafts, findings = read(interchange(message(ORDER), charset="UNOW").replace(b"UNOW", b"UNOC"))
    assert val(drafts[0].ship_to.name) == "Lager Süd"
    assert [(finding.code, finding.severity) for finding in findings] == [("edifact.charset", Severity.NOTE)]


@pytest.mark.parametrize(
    ("data", "strength"),
    [
        (b"UNA:+.? 'UNB+UNOC:3", Strength.CERTAIN),
        (b"\xef\xbb\xbf \r\nUNB+UNOA:1+", Strength.CERTAIN),
        ("UNB+UNOA:1+".encode("utf-16"), Strength.CERTAIN),
        (b"UNH+1+ORDERS", Strength.POSSIBLE),
        (b"X-HEADER 1\nUNB+UNOC:3", Strength.POSSIBLE),
        (b"ISA*00*", None),
        (b"UNANIMOUS decision", Strength.POSSIBLE),
        (b"Dear all", None),
        (b"", None),
    ],
)
def test_identify_looks_at_the_first_bytes(data: bytes, strength: Strength | None) -> None:
    claim = EdifactParser().identify(Head(data, "x", None, len(data)))
    assert (claim and claim.strength) == strength


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_no_mutation_raises_anything_but_unreadable(data: st.DataObject) -> None:
    good = bytearray(interchange(message(ORDER, "1"), message(ORDER, "2")))
    for _ in range(data.draw(st.integers(1, 4))):
        begin = data.draw(st.integers(0, len(good)))
        end = data.draw(st.integers(begin, min(len(good), begin + 40)))
        good[begin:end] = data.draw(
            st.one_of(st.binary(max_size=6), st.sampled_from([b"'", b"+", b"?", b":", b"UNH+", b"UNT+"]))
        )
    with contextlib.suppress(UnreadableDocument):
        read(bytes(good))
