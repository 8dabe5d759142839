import datetime as dt
import io
import struct
import zipfile
from collections.abc import Sequence
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from oms_core.errors import UnreadableDocument
from oms_core.values import CellSource, Head, Severity, Strength
from parsers.sheet.xlsx_order import XlsxParser
from tests.parsers.sheet.tables import Rows, said, saved, values, workbook
from tests.parsers.sheet.tables import read_book as read

LINES: Rows = (("SKU", "Name", "Qty", "Price", "Total"), ("A-1", "Bolt", 5, 1.5, 7.5), ("A-2", "Nut", 7, 2, 14))


def test_heads_on_one_sheet_and_lines_on_another_are_joined_by_their_key() -> None:
    heads: Rows = (
        ("Import", "Heads", 2),
        (),
        (
            "Document Type",
            "No.",
            "Sell-to Customer No.",
            "Sell-to Customer Name",
            "Ship-to Name",
            "Ship-to City",
            "Order Date",
        ),
        ("Order", "S-101", "K-1", "Alpha GmbH", "Alpha Lager", "Ulm", "2026-02-03"),
        ("Order", "S-102", "K-2", "Beta KG", "Beta Nord", "Kiel", "2026-02-04"),
    )
    lines: Rows = (
        ("Document Type", "Document No.", "Line No.", "No.", "Description", "Quantity", "Unit Price"),
        ("Order", "S-101", 10000, "A-1", "Bolt long", 4, 1.5),
        ("Order", "S-101", 20000, "A-2", "Nut small", 3, 1.25),
        ("Order", "S-102", 10000, "A-1", "Bolt long", 9, 1.5),
    )
    drafts, findings = read(saved(workbook(Heads=heads, Lines=lines)))
    assert findings == []
    assert [
        said(draft.number, draft.date, draft.buyer.id, draft.buyer.name, draft.ship_to.name) for draft in drafts
    ] == [
        ["S-101", dt.date(2026, 2, 3), "K-1", "Alpha GmbH", "Alpha Lager"],
        ["S-102", dt.date(2026, 2, 4), "K-2", "Beta KG", "Beta Nord"],
    ]
    assert [values(draft, "supplier_code", "quantity") for draft in drafts] == [["A-1", 4, "A-2", 3], ["A-1", 9]]
    assert drafts[1].buyer.name is not None
    assert drafts[1].buyer.name.source == CellSource(5, 4, "Beta KG", "Heads")


def test_a_form_on_another_sheet_says_the_head_of_the_only_order() -> None:
    form: Rows = (("Order number", "B-9"), ("Order date", dt.date(2026, 2, 3)), ("Customer", "Alpha GmbH"))
    lookup: Rows = (("Unit", "Meaning"), ("PCE", "piece"))
    (draft,), _ = read(saved(workbook(Head=form, Lines=LINES, Units=lookup)))
    assert said(draft.number, draft.date, draft.buyer.name) == ["B-9", dt.date(2026, 2, 3), "Alpha GmbH"]
    assert len(draft.lines) == 2


def test_one_order_may_go_on_over_sheets_that_are_laid_out_alike() -> None:
    first: Rows = (("PO number", "B-9"), (), *LINES)
    drafts, _ = read(saved(workbook(Bolts=first, Nuts=LINES)))
    assert [said(draft.number)[0] for draft in drafts] == ["B-9"]
    assert len(drafts[0].lines) == 4


def test_each_sheet_with_a_number_is_an_order() -> None:
    sheets = {f"Store{at}": (("PO number", f"B-{at}"), (), *LINES) for at in (1, 2, 3)}
    drafts, _ = read(saved(workbook(**sheets)))
    assert [said(draft.number)[0] for draft in drafts] == ["B-1", "B-2", "B-3"]


def test_a_register_of_old_orders_beside_the_form_is_named_and_not_read() -> None:
    form: Rows = (("PO number", "B-9"), (), *LINES)
    register: Rows = (
        ("PO No", "Date", "Supplier", "SKU", "Qty"),
        ("B-1", "2025-01-01", "X", "A", 1),
        ("B-2", "2025-01-02", "X", "B", 1),
    )
    drafts, findings = read(saved(workbook(Form=form, Archive=register)))
    assert [said(draft.number)[0] for draft in drafts] == ["B-9"]
    assert [(finding.code, finding.place) for finding in findings] == [("xlsx.other_sheet", "Archive")]


def test_a_hidden_row_that_orders_makes_a_person_look() -> None:
    book = workbook(Order=LINES)
    book["Order"].row_dimensions[3].hidden = True
    (draft,), _ = read(saved(book))
    assert len(draft.lines) == 2
    assert [(finding.code, finding.severity) for finding in draft.findings] == [("table.hidden", Severity.REVIEW)]
    assert "3" in draft.findings[0].message


def test_a_formula_without_a_value_is_a_finding() -> None:
    rows: Rows = (("SKU", "Qty", "Price"), ("A-1", 5, 1.5), ("A-2", "=B2+1", 2))
    (draft,), _ = read(saved(workbook(Order=rows)))
    assert values(draft, "supplier_code") == ["A-1"]
    assert ("table.formula", Severity.REVIEW) in [(finding.code, finding.severity) for finding in draft.findings]


def test_amounts_that_were_not_computed_are_only_noted() -> None:
    rows: Rows = (("SKU", "Qty", "Price", "Total"), ("A-1", 5, 1.5, "=B2*C2"), ("A-2", 6, 2, "=B3*C3"))
    (draft,), _ = read(saved(workbook(Order=rows)))
    assert values(draft, "amount") == [None, None]
    assert [(finding.code, finding.severity) for finding in draft.findings] in ([], [("table.formula", Severity.NOTE)])


@pytest.mark.parametrize("epoch", [None, CALENDAR_MAC_1904])
def test_dates_count_from_1900_or_1904(epoch: dt.datetime | None) -> None:
    book = workbook(Order=(("SKU", "Qty", "Delivery date"), ("A-1", 5, None), ("A-2", 5, None)))
    if epoch is not None:
        book.epoch = epoch
    for row in (2, 3):
        book["Order"].cell(row, 3).value = dt.date(2026, 3, row)
    (draft,), _ = read(saved(book))
    assert values(draft, "requested_date") == [dt.date(2026, 3, 2), dt.date(2026, 3, 3)]


def test_numbers_stored_as_text_count_and_zeros_in_front_stay() -> None:
    rows: Rows = (("Item code", "Name", "Qty"), ("000417", "Bolt", "1,250"), ("000418", "Nut", "12"))
    (draft,), _ = read(saved(workbook(Order=rows)))
    assert values(draft, "supplier_code", "quantity") == ["000417", 1250, "000418", 12]


def test_an_error_in_a_cell_is_no_value() -> None:
    book = workbook(Order=(("SKU", "Name", "Qty"), ("A-1", "#N/A", 5), ("A-2", "Nut", 6)))
    (draft,), _ = read(saved(book))
    assert values(draft, "description") == [None, "Nut"]


OFFICE = "urn:oasis:names:tc:opendocument:xmlns:"


def ods_cell(value: object, attributes: str = "") -> str:
    if value is None:
        return "<table:table-cell/>"
    if isinstance(value, int | float):
        kind = f'office:value-type="float" office:value="{value}"'
        return f"<table:table-cell {kind}{attributes}><text:p>{value}</text:p></table:table-cell>"
    return f'<table:table-cell office:value-type="string"{attributes}><text:p>{value}</text:p></table:table-cell>'


def ods(rows: Rows, more: str = "", manifest: str = "", head: str = "") -> bytes:
    body = "".join(f"<table:table-row>{''.join(map(ods_cell, row))}</table:table-row>" for row in rows)
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?>{head}<office:document-content xmlns:office="{OFFICE}office:1.0"'
        f' xmlns:table="{OFFICE}table:1.0" xmlns:text="{OFFICE}text:1.0"><office:body><office:spreadsheet>'
        f'<table:table table:name="Order">{body}{more}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", f'<m:manifest xmlns:m="{OFFICE}manifest:1.0">{manifest}</m:manifest>')
    return out.getvalue()


GHOSTS = (
    '<table:table-row table:number-rows-repeated="1048570">'
    '<table:table-cell table:number-columns-repeated="1024"/></table:table-row>'
)
BOMB = GHOSTS.replace("/></", ' office:value-type="float" office:value="1"/></')


def test_an_opendocument_sheet_is_read_and_its_ghosts_cost_nothing() -> None:
    data = ods((("PO number", "B-9"), (), *LINES), GHOSTS)
    (draft,), findings = read(data)
    assert findings == []
    assert said(draft.number) == ["B-9"]
    assert values(draft, "supplier_code", "quantity", "unit_price") == ["A-1", 5, Decimal("1.5"), "A-2", 7, 2]
    claim = XlsxParser().identify(Head(data, "", None, len(data)))
    assert claim is not None
    assert claim.strength is Strength.CERTAIN


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (ods(LINES, BOMB), "too_large"),
        (ods(LINES, manifest="<m:encryption-data/>"), "encrypted"),
        (ods(LINES, head='<!DOCTYPE x [<!ENTITY a "b">]>'), "broken_workbook"),
        (ods(LINES, more="<broken"), "broken_workbook"),
    ],
)
def test_an_opendocument_sheet_that_cannot_be_read_says_why(data: bytes, code: str) -> None:
    with pytest.raises(UnreadableDocument) as caught:
        read(data)
    assert caught.value.code == code


def record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def biff(rows: Sequence[tuple[int, int, object]], locked: bytes = b"") -> bytes:
    """Write a workbook stream of one sheet: [MS-XLS] BOF, BoundSheet8, EOF; BOF, cells, EOF."""
    name = b"Order"
    bof = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 1997, 0, 6))
    sheet = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 1997, 0, 6))
    for row, column, value in rows:
        place = struct.pack("<HHH", row, column, 0)
        if isinstance(value, str):
            text = value.encode("utf-16-le")
            sheet += record(0x0204, place + struct.pack("<HB", len(value), 1) + text)
        else:
            sheet += record(0x0203, place + struct.pack("<d", float(str(value))))
    sheet += record(0x000A, b"")
    bound_size = 4 + 4 + 2 + 2 + len(name)
    offset = len(bof) + len(locked) + bound_size + 4
    bound = record(0x0085, struct.pack("<IBBBB", offset, 0, 0, len(name), 0) + name)
    return bof + locked + bound + record(0x000A, b"") + sheet


def ole(stream: bytes, name: str = "Workbook") -> bytes:
    """Put one stream into an OLE container of sectors of 512 bytes ([MS-CFB]): header, table, directory, stream."""
    stream = stream.ljust(max(4096, -(-len(stream) // 512) * 512), b"\0")
    count = len(stream) // 512
    chain = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, 2 + count), 0xFFFFFFFE]
    table = struct.pack("<128I", *chain, *[0xFFFFFFFF] * (128 - len(chain)))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 6
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    header += struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)
    return (
        header + table + directory(("Root Entry", 5, 0xFFFFFFFE, 0, 1), (name, 2, 2, len(stream), 0xFFFFFFFF)) + stream
    )


def directory(*entries: tuple[str, int, int, int, int]) -> bytes:
    out = b""
    for name, kind, start, size, child in entries:
        text = (name + "\0").encode("utf-16-le")
        out += text.ljust(64, b"\0") + struct.pack("<HBBIII", len(text), kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, child)
        out += b"\0" * 36 + struct.pack("<IQ", start, size)
    return out.ljust(512, b"\0")


def cells(rows: Rows) -> list[tuple[int, int, object]]:
    return [(at, to, value) for at, row in enumerate(rows) for to, value in enumerate(row) if value is not None]


def test_an_old_workbook_is_read() -> None:
    data = ole(biff(cells((("PO number", "B-9"), (), *LINES))))
    (draft,), findings = read(data)
    assert findings == []
    assert said(draft.number) == ["B-9"]
    assert values(draft, "supplier_code", "quantity", "unit_price") == ["A-1", 5, Decimal("1.5"), "A-2", 7, 2]
    assert XlsxParser().identify(Head(data, "order.xls", None, len(data))) is not None


PACKED = saved(workbook(Order=[("SKU", "Qty"), *((f"A-{at}", at) for at in range(1, 200))]))


@settings(max_examples=60, deadline=None)
@given(st.sampled_from((PACKED, ole(biff(cells(LINES))), ods(LINES))), st.integers(0, 100_000), st.binary(max_size=12))
def test_no_damage_raises_anything_but_unreadable(good: bytes, place: int, noise: bytes) -> None:
    begin = place % len(good)
    try:
        read(good[:begin] + noise + good[begin + len(noise) :])
    except UnreadableDocument as error:
        assert str(error).endswith(".")  # noqa: PT017


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (ole(biff([(0, 0, "SKU"), (65_535, 255, 1)])), "too_large"),
        (ole(biff(cells(LINES), locked=record(0x002F, b"\1\0"))), "encrypted"),
        (ole(biff(cells(LINES)), name="Contents"), "broken_workbook"),
        (ole(biff(cells(LINES)))[:700], "broken_workbook"),
    ],
)
def test_an_old_workbook_that_cannot_be_read_says_why(data: bytes, code: str) -> None:
    with pytest.raises(UnreadableDocument) as caught:
        read(data)
    assert caught.value.code == code
