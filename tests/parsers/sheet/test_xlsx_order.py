import datetime as dt
import io
import zipfile
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from oms_core.errors import UnreadableDocument
from oms_core.values import CellSource, Head, Hints, Limits, Severity, Strength
from parsers.sheet.xlsx_order import MAX_AREA, MAX_ENTRIES, XlsxParser
from tests.parsers.sheet import tables
from tests.parsers.sheet.tables import Read, Rows, read_book, saved, values

ORDER: Rows = (
    ("Purchase Order", None, None, "PO-17"),
    ("Vendor:", "Wholesale Ltd", "Order date", dt.datetime(2026, 3, 1, tzinfo=None)),  # noqa: DTZ001
    (),
    ("Item", "SKU", "Description", "Qty", "Unit", "Unit price", "Total"),
    (1, "HX-M8", "Bolt M8x40", 250, "box", 0.1, 25.0),
    (2, 4711, "=Cable", 12.5, "m", 1.1 + 2.2, 41.25),
    (3, None, None, None, None, None, 0),
    (None, None, "Total", None, None, None, 66.25),
)


def workbook(**sheets: Rows) -> bytes:
    """Return a workbook as a file in which what begins with `=` is a text."""
    book = tables.workbook(**sheets)
    for sheet in book:
        for cell in (cell for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)):
            cell.data_type = "s"
    return saved(book)


def read(data: bytes, limits: Limits | None = None) -> Read:
    return read_book(data, Hints(limits=limits or Limits()))


def test_a_form_is_read_with_its_labels_and_total() -> None:
    (draft,), findings = read(workbook(Order=ORDER))
    assert findings == []
    heading = (draft.number, draft.date, draft.supplier.name, draft.totals.net)
    assert [value and value.value for value in heading] == [
        "PO-17",
        dt.date(2026, 3, 1),
        "Wholesale Ltd",
        Decimal("66.25"),
    ]
    assert values(draft, "line_number", "supplier_code", "description", "unit") == [
        *("1", "HX-M8", "Bolt M8x40", "BX"),
        *("2", "4711", "=Cable", "MTR"),
    ]
    assert values(draft, "quantity", "unit_price", "amount") == [
        *map(Decimal, ("250", "0.1", "25", "12.5", "3.3", "41.25"))
    ]
    assert draft.lines[0].quantity is not None
    assert draft.lines[0].quantity.source == CellSource(5, 4, "250", "Order")


def test_a_second_sheet_laid_out_alike_is_read_and_another_one_is_named() -> None:
    other: Rows = (("SKU", "Qty"), ("Z", 9))
    drafts, findings = read(workbook(One=ORDER, Two=ORDER, Archive=other, Prices=(("SKU", "Price"), ("A", 1))))
    assert len(drafts) == 2
    assert [(finding.code, finding.severity, finding.place) for finding in findings] == [
        ("xlsx.other_sheet", Severity.REVIEW, "Archive")
    ]


def test_a_hidden_sheet_is_passed_over() -> None:
    book = Workbook()
    book.active.append(["just", "text"])  # type: ignore[union-attr]
    hidden = book.create_sheet("Old")
    hidden.append(["SKU", "Qty"])
    hidden.append(["A", 1])
    hidden.sheet_state = "hidden"
    drafts, findings = read(saved(book))
    assert drafts == []
    assert [finding.code for finding in findings] == ["table.no_order"]


def test_ghost_rows_and_columns_cost_nothing() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (("SKU", "Qty"), ("A", 1)):
        sheet.append(row)
    sheet.cell(1_048_576, 16_384).number_format = "0.00"
    (draft,), _ = read(saved(book))
    assert values(draft, "supplier_code", "quantity") == ["A", 1]


def test_contents_spread_over_more_cells_than_the_limit_are_refused() -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"] = "SKU"
    sheet.cell(MAX_AREA // 1_000 + 1, 1_000).value = "far away"
    with pytest.raises(UnreadableDocument, match="far away from the order") as caught:
        read(saved(book))
    assert caught.value.code == "too_large"
    sheet.cell(MAX_AREA // 1_000 + 1, 1_000).value = None
    sheet.cell(MAX_AREA // 8_000, 1_000).value = "near"
    assert read(saved(book))[0] == []


def test_a_cell_far_beyond_any_sheet_is_refused_before_it_is_laid_out() -> None:
    data = workbook(Order=ORDER)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for entry in source.infolist():
            target.writestr(entry.filename, source.read(entry).replace(b'r="B5"', b'r="B9999999999"'))
    with pytest.raises(UnreadableDocument) as caught:
        read(out.getvalue())
    assert caught.value.code == "too_large"


def test_rows_just_over_the_limit_are_refused() -> None:
    data = workbook(Order=(("SKU", "Qty"), *((f"A{number}", 1) for number in range(10))))
    assert len(read(data, Limits(rows=11))[0][0].lines) == 10
    with pytest.raises(UnreadableDocument) as caught:
        read(data, Limits(rows=10))
    assert caught.value.code == "too_large"


def test_what_would_inflate_over_the_limit_is_refused_by_the_declared_sizes() -> None:
    data = workbook(Order=ORDER)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        total = sum(entry.file_size for entry in archive.infolist())
    assert len(read(data, Limits(inflated_bytes=total))[0]) == 1
    with pytest.raises(UnreadableDocument, match="when unpacked") as caught:
        read(data, Limits(inflated_bytes=total - 1))
    assert caught.value.code == "too_large"


def test_more_entries_than_the_limit_are_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(MAX_ENTRIES + 1):
            archive.writestr(f"xl/{number}", "")
    with pytest.raises(UnreadableDocument) as caught:
        read(out.getvalue())
    assert caught.value.code == "too_large"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"PK\x03\x04 broken", "broken_workbook"),
        (workbook(Order=ORDER)[:-400], "broken_workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "broken_workbook"),
    ],
)
def test_what_cannot_be_read_says_why(data: bytes, code: str) -> None:
    with pytest.raises(UnreadableDocument) as caught:
        read(data)
    assert caught.value.code == code


def test_identify_tells_a_workbook_by_its_contents_or_name() -> None:
    data = workbook(Order=ORDER)
    claim = XlsxParser().identify(Head(data, "x.bin", None, len(data)))
    assert claim is not None
    assert claim.strength is Strength.CERTAIN
    assert XlsxParser().identify(Head(b"PK\x03\x04word/", "x.docx", None, 10)) is None
    assert XlsxParser().identify(Head(b"text", "x.txt", None, 4)) is None


SMALL = workbook(Order=ORDER[3:6])


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_no_damage_raises_anything_but_unreadable(data: st.DataObject) -> None:
    good = bytearray(SMALL)
    begin = data.draw(st.integers(0, len(good) - 1))
    good[begin : begin + data.draw(st.integers(0, 30))] = data.draw(st.binary(max_size=30))
    try:
        read(bytes(good))
    except UnreadableDocument as error:
        assert str(error).endswith(".")  # noqa: PT017
