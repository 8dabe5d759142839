"""Orders as CSV and XLSX: the tables that customers export, with their own separators, headings and habits."""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from oms_app.demo.languages import DATE_FORMATS, TERMS, UNITS, decimal_text
from oms_app.demo.planned import PlannedLine, PlannedOrder

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV_TYPE = "text/csv"

_ZIP_DATE = (2020, 1, 1, 0, 0, 0)
_CORE = "docProps/core.xml"
_STAMP = "2020-01-01T00:00:00Z"
_ENCODINGS = {"en": ("utf-8", ","), "de": ("cp1252", ";")}
"""What a spreadsheet program writes there; everybody else sends UTF-8 with a mark and semicolons."""
_OTHER_ENCODING = ("utf-8-sig", ";")


def columns_of(order: PlannedOrder) -> tuple[str, ...]:
    """Return the fields that this order has values for, in the order they are printed."""
    first = order.lines[0]
    wanted = (
        ("buyer_code", first.buyer_code),
        ("code", first.supplier_code),
        ("gtin", first.gtin),
        ("description", first.description),
        ("quantity", first.quantity),
        ("unit", first.unit),
        ("price", first.printed_price),
    )
    return tuple(name for name, value in wanted if value is not None)


def cell(line: PlannedLine, column: str, language: str) -> str | Decimal:
    """Return what stands in one column of a line: text, or a number where the field is one."""
    if column == "quantity":
        return line.quantity
    if column == "price":
        return line.printed_price or Decimal(0)
    texts = {
        "buyer_code": line.buyer_code,
        "code": line.supplier_code,
        "gtin": line.gtin,
        "description": line.description,
        "unit": UNITS[line.unit].of(language),
    }
    return texts[column] or ""


def _headers(order: PlannedOrder) -> tuple[str, ...]:
    """Return the fields of the order itself that a table carries on every row."""
    wanted = (("number", order.number), ("date", order.number), ("due", order.requested_date))
    return tuple(name for name, value in wanted if value is not None)


def _header_value(order: PlannedOrder, name: str) -> str | date:
    if name == "number":
        return order.number or ""
    return order.date if name == "date" else order.requested_date or order.date


def date_text(day: date, language: str) -> str:
    """Print a date as the language does."""
    return day.strftime(DATE_FORMATS.of(language))


def _csv_date(day: date, language: str) -> str:
    """Print a date as exports do: with dots in German, else as ISO 8601 has it."""
    return date_text(day, language) if language == "de" else day.isoformat()


def _csv_row(order: PlannedOrder, line: PlannedLine) -> Iterator[str]:
    for name in _headers(order):
        value = _header_value(order, name)
        yield value if isinstance(value, str) else _csv_date(value, order.language)
    for column in columns_of(order):
        value_or_number = cell(line, column, order.language)
        if isinstance(value_or_number, str):
            yield value_or_number
        else:
            yield decimal_text(value_or_number, order.language, 2 if column == "price" else 0)


def render_csv(order: PlannedOrder) -> bytes:
    """Return one order as CSV: number and dates on every row, headings in the customer's language."""
    encoding, delimiter = _ENCODINGS.get(order.language, _OTHER_ENCODING)
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow([TERMS[name].of(order.language) for name in (*_headers(order), *columns_of(order))])
    writer.writerows(list(_csv_row(order, line)) for line in order.lines)
    return text.getvalue().encode(encoding)


def _block(order: PlannedOrder) -> Iterator[tuple[str, str | date]]:
    """Yield the labelled values above the table of a workbook."""
    language = order.language
    for name in _headers(order):
        yield TERMS[name].of(language), _header_value(order, name)
    yield TERMS["customer"].of(language), order.customer.number
    yield TERMS["buyer"].of(language), order.customer.name
    yield TERMS["currency"].of(language), "EUR"


def _fixed(data: bytes) -> bytes:
    """Return the same workbook with one fixed time everywhere, so that the same order gives the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for item in source.infolist():
            content = source.read(item)
            if item.filename == _CORE:
                content = re.sub(rb"(<dcterms:\w+ [^>]*>)[^<]*", rb"\g<1>" + _STAMP.encode(), content)
            stamped = zipfile.ZipInfo(item.filename, _ZIP_DATE)
            stamped.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(stamped, content)
    return out.getvalue()


def render_xlsx(order: PlannedOrder) -> bytes:
    """Return one order as a workbook: labelled values on top, an empty row, then the table with its total."""
    from openpyxl import Workbook
    from openpyxl.styles import Font

    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = TERMS["order"].of(order.language)[:31]
    for label, value in _block(order):
        sheet.append([label, value])
    sheet.append([])
    columns = columns_of(order)
    sheet.append([TERMS[name].of(order.language) for name in columns])
    for heading in sheet[sheet.max_row]:
        heading.font = Font(bold=True)
    for line in order.lines:
        sheet.append([cell(line, column, order.language) for column in columns])
    out = io.BytesIO()
    book.save(out)
    return _fixed(out.getvalue())
