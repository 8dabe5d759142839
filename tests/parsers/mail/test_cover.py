"""Letters that only cover what is attached: they give the number, the date and the buyer, never a false order."""

import datetime as dt

import pytest

from oms_core.values import BytesBlob, DocumentKind, DraftDocument, Finding, Hints, Part, Severity, Value
from parsers.mail.parser import PARSER

HEAD = """From: Ann Buyer <ann@kestrel-marine.example>
To: Northgate Supplies <orders@northgate.example>
Date: Tue, 17 Nov 2026 23:30:00 -0500
Subject: {subject}
"""


def mail(text: str, subject: str, more: str = "") -> str:
    return HEAD.format(subject=subject) + more + "\n" + text


def items(text: str) -> list[DraftDocument | Finding | Part]:
    return list(PARSER.read(BytesBlob(text.encode()), Hints()))


def draft(text: str) -> DraftDocument:
    (found,) = [item for item in items(text) if isinstance(item, DraftDocument)]
    return found


def codes(text: str) -> list[str]:
    return [item.code for item in items(text) if isinstance(item, Finding)]


def text_of(value: Value[str] | None) -> str | None:
    return value.value if value else None


def test_a_letter_that_orders_what_is_attached_gives_its_number_and_no_lines():
    text = mail("PO is attached, please confirm within 48 hours.\n", "PO KM-77", "Attachments: lines.xlsx\n")
    assert codes(text) == ["mail.see_attachment"]
    order = draft(text)
    assert (order.kind, text_of(order.number), order.lines) == (DocumentKind.ORDER, "KM-77", ())
    assert text_of(order.buyer.email) == "ann@kestrel-marine.example"
    assert order.date is not None
    assert order.date.value == dt.date(2026, 11, 17)


@pytest.mark.parametrize(
    ("text", "subject", "more"),
    [
        ("Anbei unsere Bestellung.\n", "Bestellung 4500010", "Attachments: auftrag.pdf\n"),
        ("Veuillez trouver notre\ncommande en pi\u00e8ce jointe.\n", "Bon de commande 4500010", "Attachments: a.pdf\n"),
        ("See attached.\n", "Purchase order 4500010", "Attachments: scan.pdf; logo.png\n"),
        ("Gem\u00e4\u00df Ihrem Angebot 12 anbei unsere Bestellung 4500010.\n", "Grüße", "Attachments: b.pdf\n"),
    ],
)
def test_letters_that_cover_an_order(text: str, subject: str, more: str):
    order = draft(mail(text, subject, more))
    assert (order.kind, text_of(order.number), order.lines) == (DocumentKind.ORDER, "4500010", ())


@pytest.mark.parametrize(
    ("text", "subject", "more"),
    [
        ("Attached is our invoice for your order 4711.\n", "Documents", "Attachments: 4711.pdf\n"),
        ("Attached our order, which never came.\n", "Re: Order 4711", "Attachments: photo.jpg\n"),
        ("Please find the file attached.\n", "Re: Order 4711", "Attachments: file.pdf\n"),
        ("See attached for order 4711.\n", "Order confirmation 4711", "Attachments: file.pdf\n"),
        ("See attached for order 4711.\n", "Order 4711", "Attachments: Rechnung_4711.pdf\n"),
        ("Our order 4711 came damaged, see attached.\n", "Order 4711", "Attachments: report.pdf\n"),
    ],
)
def test_letters_about_an_order_that_cover_another_thing_make_none(text: str, subject: str, more: str):
    assert not [item for item in items(mail(text, subject, more)) if isinstance(item, DraftDocument)]


def test_a_forgotten_attachment_is_asked_for_and_not_filed_away():
    found = items(mail("Hello,\n\nplease find attached our order KM-78.\n", "New order"))
    orders = [item for item in found if isinstance(item, DraftDocument)]
    assert [(text_of(order.number), order.lines) for order in orders] == [("KM-78", ())]
    assert [(item.code, item.severity) for item in found if isinstance(item, Finding)] == [
        ("mail.no_attachment", Severity.REVIEW)
    ]


def test_a_cancellation_with_the_order_attached_stays_a_cancellation():
    order = draft(mail("Please cancel the attached order.\n", "PO KM-77", "Attachments: po.pdf\n"))
    assert (order.kind, text_of(order.number)) == (DocumentKind.ORDER_CANCELLATION, "KM-77")


def test_a_list_in_the_letter_counts_beside_an_attachment():
    text = mail("Our order, drawing attached:\n\n5 pcs AB-100 bolt\n", "Order KM-5148", "Attachments: drawing.pdf\n")
    (line,) = draft(text).lines
    assert text_of(line.supplier_code) == "AB-100"
