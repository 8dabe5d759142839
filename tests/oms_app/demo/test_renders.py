"""Every rendered order opens in somebody else's reader and says what its sender meant."""

import csv
import email
import io
from datetime import date
from decimal import Decimal
from email import policy
from email.message import EmailMessage

import pypdfium2
import pytest
from pydifact.segmentcollection import Interchange
from python_calamine import CalamineWorkbook

from oms_app.demo.languages import DATE_FORMATS, UNITS, decimal_text
from oms_app.demo.planned import DemoOrder, Expected, PlannedOrder
from oms_app.demo.render_pdf import LAYOUTS, render_pdf
from oms_app.demo.specs import SPECS, Fault, Form
from oms_core.values.document import ChannelKind

SPEC_OF = {spec.name: spec for spec in SPECS}


def _of(orders: tuple[DemoOrder, ...], form: Form) -> list[DemoOrder]:
    """Every readable order of one form."""
    return [o for o in orders if SPEC_OF[o.name].form is form and o.expected is not Expected.UNREADABLE]


def _mail(order: DemoOrder) -> EmailMessage:
    mail = email.message_from_bytes(order.data, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    return mail


def _file(order: DemoOrder) -> bytes:
    """The order's file, out of its mail where it comes by mail."""
    if order.channel is not ChannelKind.MAILBOX:
        return order.data
    (attachment,) = _mail(order).iter_attachments()
    content = attachment.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content


def _pdf_text(data: bytes) -> tuple[str, int]:
    document = pypdfium2.PdfDocument(data)
    try:
        pages = [page.get_textpage().get_text_bounded() for page in document]
    finally:
        document.close()
    return " ".join(" ".join(pages).split()), len(pages)


def test_mails_carry_who_when_which_and_the_verdict_of_the_trusted_host(orders: tuple[DemoOrder, ...], today: date):
    mails = [order for order in orders if order.channel is ChannelKind.MAILBOX]
    ids = {_mail(order)["Message-ID"] for order in mails}
    assert len(ids) == len(mails) == 26
    for order in mails:
        mail = _mail(order)
        assert mail["From"].addresses[0].addr_spec == order.sender
        assert mail["To"] == "orders@ordermill.example"
        assert mail["Date"].datetime.date() == today
        verdict = mail["Authentication-Results"]
        assert verdict.startswith("mx.ordermill.example; dmarc=")
        assert ("dmarc=pass" in verdict) == (order.name != "forged-sender")
        assert not mail.defects
        assert b"\r\n" in order.data
        assert b"\n" not in order.data.replace(b"\r\n", b"")


def test_notices_are_marked_as_what_they_are(orders: tuple[DemoOrder, ...]):
    newsletter, away = _of(orders, Form.NOTICE)
    assert "warehouse-weekly.example" in _mail(newsletter)["List-Id"]
    assert _mail(away)["Auto-Submitted"] == "auto-replied"
    forged = next(order for order in orders if order.name == "forged-sender")
    assert _mail(forged)["Reply-To"] == "einkauf@nordwerk-orders.example"


def test_a_mail_says_every_line_as_quantity_unit_code_description(orders: tuple[DemoOrder, ...]):
    for order in _of(orders, Form.TEXT):
        (plan,) = order.orders
        mail = _mail(order)
        body = mail.get_content().replace("\r\n", "\n")
        assert plan.number is not None
        assert plan.number in mail["Subject"]
        if SPEC_OF[order.name].fault is Fault.CANCELLATION:
            assert plan.number in body
            continue
        for line in plan.lines:
            unit, code = UNITS[line.unit].of(plan.language), line.buyer_code or line.supplier_code
            assert f"\n{decimal_text(line.quantity, plan.language)} {unit} {code} {line.description}\n" in body


def test_a_letter_has_its_order_attached_and_no_lines(orders: tuple[DemoOrder, ...]):
    for order in orders:
        if order.channel is ChannelKind.MAILBOX and SPEC_OF[order.name].form in {Form.PDF, Form.CSV, Form.XLSX}:
            body = _mail(order).get_body()
            assert body is not None
            assert order.orders[0].lines[0].description not in body.get_content()
            assert len(_file(order)) > 200


@pytest.mark.filterwarnings("ignore::pydifact.exceptions.MissingImplementationWarning")
def test_pydifact_reads_every_interchange_with_right_counts(orders: tuple[DemoOrder, ...]):
    files = _of(orders, Form.EDIFACT)
    assert len(files) == 9
    for order in files:
        interchange = Interchange.from_str(order.data.decode("latin-1"))
        messages = list(interchange.get_messages())
        assert len(messages) == len(order.orders)
        assert f"UNZ+{len(messages)}+" in order.data.decode("latin-1")
        for message, plan in zip(messages, order.orders, strict=True):
            _check_message(message.segments, plan)
        for count, body in zip(_stated_counts(order), _segments_per_message(order), strict=True):
            assert count == body


def _stated_counts(order: DemoOrder) -> list[int]:
    return [int(line.split(b"+")[1]) for line in order.data.split(b"\n") if line.startswith(b"UNT+")]


def _segments_per_message(order: DemoOrder) -> list[int]:
    """Count the segments from each UNH to its UNT, both included."""
    tags = [line[:3] for line in order.data.split(b"\n")]
    starts = [place for place, tag in enumerate(tags) if tag == b"UNH"]
    ends = [place for place, tag in enumerate(tags) if tag == b"UNT"]
    return [end - start + 1 for start, end in zip(starts, ends, strict=True)]


def _check_message(segments: list, plan: PlannedOrder) -> None:
    def all_of(tag: str) -> list:
        return [segment.elements for segment in segments if segment.tag == tag]

    assert all_of("BGM")[0][1] == plan.number
    assert all_of("NAD")[0][1][0] == plan.customer.gln
    assert all_of("CNT") == [[["2", str(len(plan.lines))]]]
    assert [Decimal(elements[0][1]) for elements in all_of("QTY")] == [line.quantity for line in plan.lines]
    prices = [line.printed_price for line in plan.lines if line.printed_price is not None]
    assert [_price_of_one(elements[0]) for elements in all_of("PRI")] == prices


def _price_of_one(price: list[str]) -> Decimal:
    basis = Decimal(price[4]) if len(price) > 4 else Decimal(1)
    return Decimal(price[1]) / basis


def test_edifact_releases_its_service_characters(orders: tuple[DemoOrder, ...]):
    everything = b"".join(order.data for order in _of(orders, Form.EDIFACT))
    assert b"'" in everything
    for segment in everything.split(b"'\n"):
        assert b"'" not in segment.replace(b"?'", b"") or segment.startswith(b"UNA")


def test_a_truncated_interchange_has_no_end(orders: tuple[DemoOrder, ...]):
    (cut,) = [order for order in orders if order.name == "truncated"]
    assert cut.data.endswith(b"QTY+21:")
    assert b"UNZ+" not in cut.data


def test_csv_rows_say_codes_quantities_and_prices(orders: tuple[DemoOrder, ...]):
    for order in _of(orders, Form.CSV):
        (plan,) = order.orders
        encoding, delimiter = {"en": ("utf-8", ","), "de": ("cp1252", ";")}.get(plan.language, ("utf-8-sig", ";"))
        heading, *rows = csv.reader(io.StringIO(_file(order).decode(encoding)), delimiter=delimiter)
        assert len(heading) == len(set(heading))
        assert len(rows) == len(plan.lines)
        for row, line in zip(rows, plan.lines, strict=True):
            assert len(row) == len(heading)
            assert {line.supplier_code or line.buyer_code or line.gtin, line.description} <= set(row)
            assert decimal_text(line.quantity, plan.language) in row
            assert plan.number is None or plan.number in row


def test_calamine_reads_every_workbook(orders: tuple[DemoOrder, ...]):
    files = _of(orders, Form.XLSX)
    assert len(files) == 8
    for order in files:
        (plan,) = order.orders
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(_file(order))).get_sheet_by_index(0)
        rows = sheet.to_python(skip_empty_area=False)
        assert plan.number in rows[0]
        assert rows[1][1] == plan.date
        table = rows[-len(plan.lines) :]
        for row, line in zip(table, plan.lines, strict=True):
            assert (line.buyer_code or line.supplier_code or line.gtin) in row
            assert float(line.quantity) in row


def test_every_pdf_has_its_text(orders: tuple[DemoOrder, ...]):
    files = _of(orders, Form.PDF)
    assert {SPEC_OF[order.name].layout for order in files} == set(LAYOUTS)
    for order in files:
        (plan,) = order.orders
        text, _ = _pdf_text(_file(order))
        assert plan.number is not None
        for word in (
            plan.number,
            plan.customer.name,
            plan.seller.name,
            plan.date.strftime(DATE_FORMATS.of(plan.language)),
        ):
            assert word in text
        for line in plan.lines:
            assert (line.buyer_code or line.supplier_code or line.gtin or "") in text
            assert line.printed_amount is None or decimal_text(line.printed_amount, plan.language, 2) in text
        assert plan.ship_to is None or plan.ship_to.name in text


def test_a_long_order_takes_three_pages(orders: tuple[DemoOrder, ...]):
    (long,) = [order for order in orders if order.name == "folder-pdf-3"]
    text, pages = _pdf_text(long.data)
    assert pages == 3
    assert "Seite 1/3" in text
    assert "Seite 3/3" in text


def test_nobody_opens_the_encrypted_pdf_without_its_password(orders: tuple[DemoOrder, ...]):
    (locked,) = [order for order in orders if order.name == "encrypted"]
    with pytest.raises(pypdfium2.PdfiumError, match="password"):
        pypdfium2.PdfDocument(locked.data)
    opened = pypdfium2.PdfDocument(locked.data, password="nobody-knows")
    assert len(opened) == 1
    opened.close()


@pytest.mark.parametrize("layout", sorted(LAYOUTS))
def test_every_layout_keeps_its_columns_apart_and_on_the_page(layout: str, orders: tuple[DemoOrder, ...]):
    plans = [plan for order in orders for plan in order.orders if plan.lines]
    for plan in plans[::6]:
        document = pypdfium2.PdfDocument(render_pdf(plan, layout))
        for page in document:
            width, height = page.get_size()
            words = page.get_textpage()
            for place in range(words.count_rects()):
                left, bottom, right, top = words.get_rect(place)
                assert 40 < left < right < width - 40
                assert 20 < bottom < top < height - 30
        document.close()
