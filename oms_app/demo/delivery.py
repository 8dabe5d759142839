"""From a planned order to what arrives: rendered, made wrong where its row says so, and put on its channel."""

import re
from collections.abc import Sequence
from datetime import datetime

from oms_app.demo.customers import Seller, mail_address, profile
from oms_app.demo.faults import BYTE_FAULTS, ENVELOPE_FAULTS, PASSWORDS
from oms_app.demo.notices import NOTICES
from oms_app.demo.planned import DemoOrder, PlannedOrder
from oms_app.demo.render_edifact import EDIFACT_TYPE, render_edifact
from oms_app.demo.render_mail import (
    MAIL_TYPE,
    Attachment,
    Envelope,
    cancellation_text,
    letter_text,
    order_text,
    render_mail,
    subject_of,
)
from oms_app.demo.render_pdf import PDF_TYPE, render_pdf
from oms_app.demo.render_sheet import CSV_TYPE, XLSX_TYPE, render_csv, render_xlsx
from oms_app.demo.specs import CONSEQUENCES, Form, Spec
from oms_core.values.document import ChannelKind
from oms_core.values.draft import DocumentKind

_TYPES = {
    Form.PDF: (PDF_TYPE, "pdf"),
    Form.CSV: (CSV_TYPE, "csv"),
    Form.XLSX: (XLSX_TYPE, "xlsx"),
    Form.EDIFACT: (EDIFACT_TYPE, "edi"),
    Form.TEXT: (MAIL_TYPE, "eml"),
    Form.NOTICE: (MAIL_TYPE, "eml"),
}
"""Media type and name ending of each form."""


def deliver(spec: Spec, orders: Sequence[PlannedOrder], seller: Seller, sent_at: datetime, reference: str) -> DemoOrder:
    """Render one row and put it on its channel; `reference` is the control reference of an interchange."""
    file = _file(spec, orders, reference)
    sender, filename, media_type = spec.customer, filename_of(spec, orders), _TYPES[spec.form][0]
    if spec.channel is ChannelKind.MAILBOX:
        envelope = _envelope(spec, orders, seller, sent_at)
        file = _mail(spec, orders, envelope, file)
        sender, filename, media_type = envelope.sender, f"{spec.name}.eml", MAIL_TYPE
    consequence = CONSEQUENCES[spec.fault]
    return DemoOrder(
        name=spec.name,
        channel=spec.channel,
        filename=filename,
        data=file,
        media_type=media_type,
        sender=sender,
        expected=consequence.expected,
        note=consequence.note,
        codes=consequence.codes,
        orders=tuple(orders),
        after=spec.of or None,
    )


def filename_of(spec: Spec, orders: Sequence[PlannedOrder]) -> str:
    """Return the name that the sender gives the file: from the order's number, else (as for repeats) the row's name."""
    number = orders[0].number if orders and not spec.of else None
    stem = f"order-{re.sub(r'[^A-Za-z0-9-]+', '-', number)}" if number else spec.name
    return f"{stem}.{_TYPES[spec.form][1]}"


def _file(spec: Spec, orders: Sequence[PlannedOrder], reference: str) -> bytes:
    """Return the file of a row, nothing for a mail without one; only EDIFACT holds more than one order."""
    if spec.form is Form.PDF:
        data = render_pdf(orders[0], spec.layout, PASSWORDS.get(spec.fault))
    elif spec.form is Form.CSV:
        data = render_csv(orders[0])
    elif spec.form is Form.XLSX:
        data = render_xlsx(orders[0])
    elif spec.form is Form.EDIFACT:
        data = render_edifact(orders, reference, orders[0].date)
    else:
        data = b""
    wrong = BYTE_FAULTS.get(spec.fault)
    return data if wrong is None else wrong(data)


def _envelope(spec: Spec, orders: Sequence[PlannedOrder], seller: Seller, sent_at: datetime) -> Envelope:
    """Return how the mail of a row travels; an order of a stranger comes from the stranger's address."""
    customer = profile(spec.customer)
    stranger = [order for order in orders if order.customer.number != customer.number]
    envelope = Envelope(
        name=spec.name,
        sender=(stranger[0].customer.email or "") if stranger else mail_address(customer),
        sender_name=orders[0].contact if orders else customer.contact,
        to=seller.mailbox,
        trusted_host=seller.mail_host,
        sent_at=sent_at,
    )
    wrong = ENVELOPE_FAULTS.get(spec.fault)
    return envelope if wrong is None else wrong(envelope)


def _mail(spec: Spec, orders: Sequence[PlannedOrder], envelope: Envelope, file: bytes) -> bytes:
    """Return the mail of a row: a notice, the order in its text, or a letter with the file attached."""
    if spec.form is Form.NOTICE:
        return render_mail(envelope, *NOTICES[spec.fault])
    order = orders[0]
    if spec.form is Form.TEXT:
        cancelled = order.kind is DocumentKind.ORDER_CANCELLATION
        return render_mail(envelope, subject_of(order), cancellation_text(order) if cancelled else order_text(order))
    attachment = Attachment(filename_of(spec, orders), _TYPES[spec.form][0], file)
    return render_mail(envelope, subject_of(order), letter_text(order), (attachment,))
