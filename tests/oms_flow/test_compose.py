"""What a mail, its attachments and what is inside them amount to."""

from dataclasses import replace
from decimal import Decimal

import pytest

from oms_core.ports import Reading
from oms_core.values import (
    CellSource,
    DocumentKind,
    DraftDocument,
    DraftLine,
    DraftParty,
    Finding,
    PathSource,
    Severity,
    TextSource,
    Value,
)
from oms_flow.compose import Composition, CompositionKind, Outcome, ReadFailure, ReadNode, compose

CELL = CellSource(1, 1, "")
NO_LETTER = TextSource(0, 4, "text")


def said(text: str) -> Value[str]:
    return Value(text, NO_LETTER, 0.9)


def order(
    number: str | None = None, *quantities: str, kind: DocumentKind = DocumentKind.ORDER, format_: str = "text"
) -> DraftDocument:
    lines = tuple(DraftLine(quantity=Value(Decimal(q), CELL, 1.0)) for q in quantities)
    return DraftDocument(kind, format_, number=said(number) if number else None, lines=lines, confidence=0.9)


def node(*drafts: DraftDocument, role: str = "attachment", name: str = "po.csv") -> ReadNode:
    return ReadNode(Reading(drafts[0].format if drafts else "text", drafts), None, name, role)


def body(*drafts: DraftDocument) -> ReadNode:
    return node(*drafts, role="body", name="body.txt")


def mail(*children: ReadNode) -> ReadNode:
    return ReadNode(Reading("email"), None, "order.eml", "root", children)


def broken(code: str, name: str = "po.pdf") -> ReadNode:
    return ReadNode(None, ReadFailure(code, "It cannot be opened.", "page 1"), name)


def outcomes(composition: Composition) -> list[Outcome]:
    return [entry.outcome for entry in composition.outcomes]


def test_a_single_file_is_its_own_drafts_in_its_own_order():
    done = compose(node(order("1", "5"), order("2", "6")))
    assert [placed.draft.number.value for placed in done.drafts if placed.draft.number] == ["1", "2"]
    assert [placed.path for placed in done.drafts] == [(), ()]
    assert (done.kind, outcomes(done)) == (CompositionKind.ORDERS, [Outcome.READ])


def test_an_order_in_the_attachment_wins_over_a_covering_letter():
    done = compose(mail(body(order(None)), node(order("4711", "5", format_="csv"))))
    (placed,) = done.drafts
    assert placed.path == (1,)
    assert placed.draft.lines
    assert outcomes(done) == [Outcome.READ, Outcome.MERGED, Outcome.READ]
    assert done.findings == ()


def test_a_letter_that_names_another_order_than_is_attached_asks_a_person():
    done = compose(mail(body(order("4712")), node(order("4711", "5"))))
    assert len(done.drafts) == 1
    assert [finding.code for finding in done.findings] == ["compose.other_number"]
    assert "4712" in done.findings[0].message


def test_text_and_attachment_of_one_number_are_one_order_filled_from_both():
    letter = replace(order("4711", "5"), currency=said("EUR"), buyer=DraftParty(name=said("Muster GmbH")))
    done = compose(mail(body(letter), node(replace(order("47 11", "5"), format="xlsx"))))
    (placed,) = done.drafts
    assert placed.draft.format == "xlsx"
    assert placed.draft.currency is not None
    assert placed.draft.currency.source == PathSource("body.txt, characters 0 to 4", "text")
    assert placed.draft.buyer.name is not None
    assert placed.draft.findings == ()


def test_what_the_attachment_states_is_not_overwritten():
    letter = replace(order("4711"), currency=said("EUR"))
    done = compose(mail(body(letter), node(replace(order("4711", "5"), currency=said("USD")))))
    assert [placed.draft.currency.value for placed in done.drafts if placed.draft.currency] == ["USD"]


def test_text_and_attachment_that_differ_in_a_quantity_are_one_order_that_a_person_compares():
    done = compose(mail(body(order("4711", "5", "6")), node(order("4711", "5", "7"))))
    (placed,) = done.drafts
    assert [finding.code for finding in placed.draft.findings] == ["compose.lines_differ"]
    assert [line.quantity.value for line in placed.draft.lines if line.quantity] == [5, 7]


def test_a_letter_gives_the_one_order_it_encloses_its_number_and_dates():
    letter = replace(order("4711"), buyer=DraftParty(name=said("Muster GmbH")))
    (placed,) = compose(mail(body(letter), node(order(None, "5", format_="pdf")))).drafts
    assert placed.path == (1,)
    place = PathSource("body.txt, characters 0 to 4", "text")
    assert placed.draft.number == Value("4711", place, 0.9)
    assert placed.draft.buyer.name == Value("Muster GmbH", place, 0.9)


def test_a_letter_that_encloses_two_orders_gives_its_number_to_neither():
    done = compose(mail(body(order("4711")), node(order(None, "5")), node(order(None, "6"))))
    assert [(placed.path, placed.draft.number) for placed in done.drafts] == [((1,), None), ((2,), None)]


def test_a_cancellation_of_the_one_order_enclosed_does_not_order_it_again():
    letter = order("4711", kind=DocumentKind.ORDER_CANCELLATION)
    (placed,) = compose(mail(body(letter), node(order(None, "5")))).drafts
    assert placed.draft.kind is DocumentKind.ORDER_CANCELLATION


@pytest.mark.parametrize(("number", "drafts"), [("AB-4711", 1), ("AB-4712", 2), ("711", 2)])
def test_a_file_named_after_the_order_in_the_letter_is_that_order(number: str, drafts: int):
    attached = node(order(None, "5", format_="pdf"), name="Order AB-4711.pdf")
    assert len(compose(mail(body(order(number, "48")), attached)).drafts) == drafts


def test_two_orders_with_lines_and_different_numbers_stay_two():
    done = compose(mail(body(order("1", "5")), node(order("2", "5"))))
    assert [placed.path for placed in done.drafts] == [(0,), (1,)]


def test_lines_in_the_text_that_are_not_in_the_attachment_are_an_order_of_their_own():
    done = compose(mail(body(order(None, "3")), node(order("4711", "5"))))
    assert len(done.drafts) == 2


def test_the_same_lines_typed_again_without_a_number_are_not_ordered_twice():
    done = compose(mail(body(order(None, "5")), node(order("4711", "5"))))
    assert len(done.drafts) == 1


def test_one_order_attached_in_two_formats_is_taken_from_the_one_made_for_machines():
    done = compose(
        mail(
            body(),
            node(order("4711", "5", format_="pdf"), name="po.pdf"),
            node(order("4711", "5", format_="ubl"), name="po.xml"),
        )
    )
    assert [placed.path for placed in done.drafts] == [(2,)]
    assert outcomes(done) == [Outcome.READ, Outcome.FILED, Outcome.MERGED, Outcome.READ]


def test_two_attachments_of_one_number_with_other_lines_stay_two_for_the_duplicate_check():
    done = compose(mail(body(), node(order("4711", "5")), node(order("4711", "8"))))
    assert len(done.drafts) == 2


def test_two_drafts_of_one_file_are_never_put_together():
    assert len(compose(node(order("4711", "5"), order("4711", "5"))).drafts) == 2


def test_what_is_embedded_in_a_page_wins_over_the_page():
    page = ReadNode(
        Reading("pdf", (order(None, "5", format_="pdf"),)),
        None,
        "po.pdf",
        "root",
        (node(order("4711", "50", format_="cii"), role="embedded", name="order-x.xml"),),
    )
    (placed,) = compose(page).drafts
    assert placed.draft.format == "cii"
    assert [finding.code for finding in placed.draft.findings] == ["compose.lines_differ"]


def test_a_cancellation_in_the_text_cancels_the_order_that_is_attached():
    letter = order(None, kind=DocumentKind.ORDER_CANCELLATION)
    attached = order("4711", "5")
    (placed,) = compose(mail(body(replace(letter, number=said("4711"))), node(attached))).drafts
    assert placed.draft.kind is DocumentKind.ORDER_CANCELLATION
    assert placed.draft.lines == ()


def test_a_cancellation_of_another_order_stands_beside_the_new_one():
    done = compose(mail(body(order("4710", kind=DocumentKind.ORDER_CANCELLATION)), node(order("4711", "5"))))
    assert [placed.draft.kind for placed in done.drafts] == [DocumentKind.ORDER_CANCELLATION, DocumentKind.ORDER]


def test_a_change_said_in_the_text_makes_the_attached_order_a_change():
    done = compose(mail(body(order("4711", kind=DocumentKind.ORDER_CHANGE)), node(order("4711", "5"))))
    assert [placed.draft.kind for placed in done.drafts] == [DocumentKind.ORDER_CHANGE]
    assert done.drafts[0].draft.lines


def test_go_ahead_on_a_quote_is_an_order_with_the_quotes_lines_and_a_question():
    quote = order("Q-9", "5", kind=DocumentKind.QUOTE, format_="pdf")
    (placed,) = compose(mail(body(order("4711")), node(quote))).drafts
    assert placed.draft.kind is DocumentKind.ORDER
    assert placed.draft.number is not None
    assert placed.draft.number.value == "4711"
    assert placed.draft.refers_to is not None
    assert placed.draft.refers_to.value == "Q-9"
    assert [finding.code for finding in placed.draft.findings] == ["compose.from_quote"]


def test_a_letter_that_orders_lines_of_its_own_leaves_the_quote_alone():
    quote = order("Q-9", "5", kind=DocumentKind.QUOTE)
    done = compose(mail(body(order("4711", "3")), node(quote)))
    assert [placed.draft.kind for placed in done.drafts] == [DocumentKind.ORDER, DocumentKind.QUOTE]


def test_an_invoice_is_filed():
    done = compose(mail(body(), node(order("R1", "5", kind=DocumentKind.INVOICE))))
    assert (done.kind, outcomes(done)) == (CompositionKind.FILED, [Outcome.FILED] * 3)
    assert len(done.drafts) == 1


def test_a_file_that_cannot_be_read_says_why():
    done = compose(broken("encrypted_pdf"))
    assert (done.kind, outcomes(done)) == (CompositionKind.UNREADABLE, [Outcome.UNREADABLE])
    assert done.error == ReadFailure("encrypted_pdf", "It cannot be opened.", "page 1")


def test_a_mail_whose_only_attachment_is_broken_is_not_filed_away():
    done = compose(mail(body(), broken("encrypted_pdf")))
    assert done.kind is CompositionKind.UNREADABLE
    assert outcomes(done) == [Outcome.UNREADABLE, Outcome.FILED, Outcome.UNREADABLE]
    assert done.error is not None


def test_a_broken_attachment_beside_an_order_is_a_question_not_a_loss():
    done = compose(mail(body(order("4711", "5")), broken("encrypted_pdf")))
    assert done.kind is CompositionKind.ORDERS
    assert done.findings == (
        Finding("part.encrypted_pdf", Severity.REVIEW, "po.pdf: page 1", "po.pdf: It cannot be opened."),
    )


@pytest.mark.parametrize("name", ["logo.gif", "Visitenkarte.VCF", "signature.asc"])
@pytest.mark.parametrize("code", ["unknown_format", "empty"])
def test_a_logo_in_the_footer_stops_nothing(code: str, name: str):
    done = compose(mail(body(order("4711", "5")), broken(code, name)))
    assert done.kind is CompositionKind.ORDERS
    assert [finding.severity for finding in done.findings] == [Severity.NOTE]


@pytest.mark.parametrize("name", ["order.xml", "winmail.dat", "fax.tif", "no-ending"])
def test_a_file_in_no_format_of_ours_may_be_the_order(name: str):
    assert compose(mail(body(), broken("unknown_format", name))).kind is CompositionKind.UNREADABLE
    beside = compose(mail(body(order("4711", "5")), broken("unknown_format", name)))
    assert [finding.severity for finding in beside.findings] == [Severity.REVIEW]


def test_a_photograph_alone_may_be_the_order_but_not_in_a_newsletter():
    alone = mail(body(), broken("unknown_format", "IMG_2041.jpg"))
    assert compose(alone).kind is CompositionKind.UNREADABLE
    told = Finding("mail.automatic", Severity.NOTE, "", "This went to a list.")
    newsletter = replace(alone, reading=Reading("email", findings=(told,)))
    assert compose(newsletter).kind is CompositionKind.FILED
    assert compose(mail(body(), broken("unknown_format", "card.vcf"))).kind is CompositionKind.FILED


def test_a_forwarded_mail_inside_a_mail_is_put_together_level_by_level():
    inner = replace(mail(body(order(None)), node(order("4711", "5"))), role="attachment")
    done = compose(mail(body(), inner))
    assert [placed.path for placed in done.drafts] == [(1, 1)]
    assert [entry.path for entry in done.outcomes] == [(), (0,), (1,), (1, 0), (1, 1)]


def test_findings_of_a_part_name_the_part():
    told = Finding("table.skipped", Severity.REVIEW, "row 7", "Row 7 has no quantity.")
    part = ReadNode(Reading("csv", (order("1", "5"),), (told,)), None, "po.csv")
    assert [finding.place for finding in compose(mail(part)).findings] == ["po.csv: row 7"]
    assert [finding.place for finding in compose(part).findings] == ["row 7"]


@pytest.mark.parametrize(
    ("severity", "kind"), [(Severity.REVIEW, CompositionKind.UNREADABLE), (Severity.NOTE, CompositionKind.FILED)]
)
def test_a_mail_without_orders_that_a_parser_wants_looked_at_is_not_filed(severity: Severity, kind: CompositionKind):
    told = Finding("mail.encrypted", severity, "a.p7m", "'a.p7m' was left out: it is encrypted.")
    done = compose(ReadNode(Reading("email", findings=(told,)), None, "order.eml", "root", (body(),)))
    assert done.kind is kind
    assert (done.error is not None) == (kind is CompositionKind.UNREADABLE)
