"""Orders as people write them: lists, tables and sentences in eight languages, and letters that are no order."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oms_core.errors import UnreadableDocument
from oms_core.values import (
    BytesBlob,
    DocumentKind,
    DraftDocument,
    DraftLine,
    Finding,
    Head,
    Hints,
    Limits,
    Part,
    Severity,
    Strength,
    TextSource,
    Value,
)
from parsers.mail.parser import BODY_TYPE, MAX_CHARACTERS, PARSER

HEAD = """From: Ann Buyer <ann@kestrel-marine.example>
To: Northgate Supplies <orders@northgate.example>
Date: Tue, 17 Nov 2026 23:30:00 -0500
Subject: {subject}
"""


def mail(text: str, subject: str = "Order KM-5148", more: str = "") -> str:
    return HEAD.format(subject=subject) + more + "\n" + text


def items(text: str, hints: Hints | None = None) -> list[DraftDocument | Finding | Part]:
    return list(PARSER.read(BytesBlob(text.encode()), hints or Hints()))


def draft(text: str, hints: Hints | None = None) -> DraftDocument:
    (found,) = [item for item in items(text, hints) if isinstance(item, DraftDocument)]
    return found


def codes(text: str) -> list[str]:
    return [item.code for item in items(text) if isinstance(item, Finding)]


def said(line: DraftLine) -> tuple[str | None, str | None, str, str | None]:
    assert line.quantity is not None
    return (
        line.supplier_code.value if line.supplier_code else None,
        line.description.value if line.description else None,
        f"{line.quantity.value}",
        line.unit.value if line.unit else None,
    )


def lines(text: str) -> list[tuple[str | None, str | None, str, str | None]]:
    return [said(line) for line in draft(text).lines]


def text_of(value: Value[str] | None) -> str | None:
    return value.value if value else None


LIST = """Hello,

please send by Friday 27 November:

- 20 x HX-M840 hex bolt M8x40 A2
- 3 boxes WS-0816 washer 8.4 mm

Regards
Ann
Kestrel Marine Ltd, 4 Quay Street, Hull HU1 2AB, VAT GB 812 4410 07
"""


def test_a_list_in_a_mail_is_an_order():
    order = draft(mail(LIST))
    assert (order.kind, order.format) == (DocumentKind.ORDER, "email")
    assert lines(mail(LIST)) == [
        ("HX-M840", "hex bolt M8x40 A2", "20", None),
        ("WS-0816", "washer 8.4 mm", "3", "BX"),
    ]
    assert text_of(order.number) == "KM-5148"
    assert text_of(order.buyer.name) == "Kestrel Marine Ltd"
    assert text_of(order.buyer.id) == "GB 812 4410 07"
    assert text_of(order.buyer.address) == "4 Quay Street, Hull HU1 2AB"
    assert text_of(order.buyer.email) == "ann@kestrel-marine.example"
    assert text_of(order.supplier.name) == "Northgate Supplies"
    assert order.currency is None


def test_dates_are_those_of_the_header_and_resolved_against_it():
    order = draft(mail(LIST))
    assert order.date is not None
    assert order.date.value == dt.date(2026, 11, 17)
    assert order.requested_date is not None
    assert order.requested_date.value == dt.date(2026, 11, 27)


def test_every_value_stands_where_its_source_says():
    text = mail(LIST)
    order = draft(text)
    values = [order.number, order.date, order.requested_date, order.buyer.name, order.buyer.id, order.supplier.name]
    values += [value for line in order.lines for value in (line.quantity, line.unit, line.description)]
    values += [line.supplier_code for line in order.lines]
    for value in values:
        if value is not None:
            assert isinstance(value.source, TextSource)
            assert text[value.source.start : value.source.end] == value.source.text


def test_a_table_with_a_header_keeps_both_codes():
    text = "Order please, prices in EUR.\n\nOur item\tYour cat#\tDescription\tQty\tUnit\tPrice\tAmount\n"
    text += "C-14\tPD90\tPetri dish 90 mm\t3\tpack\t10.50\t31.50\n"
    text += "C-02\tET-1\tEthanol\t1\tL\t8.00\t8.00\n\t\t\t\tTotal\t\t39.50\n"
    order = draft(mail(text))
    assert [text_of(line.buyer_code) for line in order.lines] == ["C-14", "C-02"]
    assert lines(mail(text)) == [("PD90", "Petri dish 90 mm", "3", "PK"), ("ET-1", "Ethanol", "1", "LTR")]
    assert [line.amount.value for line in order.lines if line.amount] == [Decimal("31.50"), Decimal("8.00")]
    assert order.totals.net is not None
    assert order.totals.net.value == Decimal("39.50")
    assert text_of(order.currency) == "EUR"


def test_a_line_whose_arithmetic_fails_is_shown():
    text = "Please order:\n\nCode\tDescription\tQty\tPrice\tAmount\nPD90\tDish\t3\t10.50\t33.50\n"
    (finding,) = draft(mail(text)).findings
    assert (finding.code, finding.severity, finding.place) == ("line.arithmetic", Severity.REVIEW, "lines[0].amount")


def test_a_table_without_a_header_is_read_by_what_its_cells_look_like():
    text = "Merci d'enregistrer la commande :\n\nGN-S\tGants nitrile\t4 boîtes\nHCL-1M\tAcide 1 mol/l\t2 litres\n"
    assert lines(mail(text)) == [("GN-S", "Gants nitrile", "4", "BX"), ("HCL-1M", "Acide 1 mol/l", "2", "LTR")]


def test_quantities_in_words_and_in_a_sentence():
    text = "I'll need twelve brass gate valves, two dozen pipe clips, seven and a half metres of lagging.\n"
    assert lines(mail(text)) == [
        (None, "brass gate valves", "12", None),
        (None, "pipe clips", "2", "DZN"),
        (None, "lagging", "7.5", "MTR"),
    ]


@pytest.mark.parametrize(
    ("subject", "text", "number"),
    [
        ("hello", "Please send this under our PO 4711-A:\n\n5 pcs AB-100 bolt\n", "4711-A"),
        ("Bestellung Nr. 771-B26", "Bitte liefern:\n5 Stück AB-100 Bolzen\n", "771-B26"),
        ("Commande n° 26BC0419", "Merci de livrer :\n5 pièces AB-100 boulon\n", "26BC0419"),
        ("Zamówienie nr 214/AK", "Proszę o dostawę:\n5 szt. AB-100 śruba\n", "214/AK"),
        ("Pedido HM/0455", "Necesitamos:\n5 unidades AB-100 tornillo\n", "HM/0455"),
        ("Ordine OF-26", "Vi ordiniamo:\n5 pezzi AB-100 vite\n", "OF-26"),
        ("Bestelling K26-091", "Graag leveren:\n5 stuks AB-100 bout\n", "K26-091"),
        ("Encomenda 88-2", "Precisamos de:\n5 peças AB-100 parafuso\n", "88-2"),
    ],
)
def test_an_order_and_its_number_in_eight_languages(subject: str, text: str, number: str):
    order = draft(mail(text, subject))
    assert order.kind is DocumentKind.ORDER
    assert text_of(order.number) == number
    assert [(said(line)[0], said(line)[2], said(line)[3]) for line in order.lines] == [("AB-100", "5", "C62")]


def test_an_order_without_a_number_has_none():
    assert draft(mail("Please send 5 pcs AB-100 bolts.\n\n5 pcs AB-100 bolt\n", "hello")).number is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Please deliver by 24.11.2026.", dt.date(2026, 11, 24)),
        ("Need by 11/24/2026.", dt.date(2026, 11, 24)),
        ("We need it tomorrow.", dt.date(2026, 11, 18)),
        ("For Saturday delivery please.", dt.date(2026, 11, 21)),
        ("Lieferung bis Freitag, 27. November 2026.", dt.date(2026, 11, 27)),
        ("Livraison au plus tard le 3 décembre 2026.", dt.date(2026, 12, 3)),
        ("Consegna entro il 3 dicembre 2026.", dt.date(2026, 12, 3)),
        ("Please deliver in week 48.", None),
        ("We need it asap.", None),
        ("Your invoice dated 24.11.2026 is paid.", None),
        ("The quote is valid until 24.11.2026.", None),
    ],
)
def test_the_day_of_delivery_is_the_one_asked_for(text: str, day: dt.date | None):
    goods = "Please order:\n\n5 pcs AB-100 bolt\n2 pcs AB-200 nut\n"
    order = draft(mail(f"{goods}\n{text} Call if anything is unclear, Ann.\n"))
    assert (order.requested_date.value if order.requested_date else None) == day


def test_goods_go_where_the_letter_says():
    text = (
        "Please order:\n\n5 pcs AB-100 bolt\n\nShip to:\nDepot Hull\nGate 4, Quay Street\nHull HU1 2AB\n\nThanks\nAnn\n"
    )
    order = draft(mail(text))
    assert text_of(order.ship_to.name) == "Depot Hull"
    assert text_of(order.ship_to.address) == "Gate 4, Quay Street, Hull HU1 2AB"
    assert len(order.lines) == 1


@pytest.mark.parametrize(
    ("subject", "text", "kind"),
    [
        (
            "Change to KM-5148",
            "Please change order KM-5148:\n\nAB-100 bolt: 30 boxes instead of 18\n",
            DocumentKind.ORDER_CHANGE,
        ),
        (
            "KM-5148",
            "Bitte ändern Sie die Bestellung KM-5148:\n\n30 Stück AB-100 Bolzen statt 18\n",
            DocumentKind.ORDER_CHANGE,
        ),
        (
            "KM-5148",
            "Wil je order KM-5148 wijzigen? Van AB-100 bout graag 800 stuks in plaats van 600.\n",
            DocumentKind.ORDER_CHANGE,
        ),
        ("Order KM-5148", "Please cancel order KM-5148, we have no use for it.\n", DocumentKind.ORDER_CANCELLATION),
        ("Storno", "Wir müssen die Bestellung KM-5148 leider stornieren.\n", DocumentKind.ORDER_CANCELLATION),
        ("Annulation", "Merci d'annuler la commande KM-5148.\n", DocumentKind.ORDER_CANCELLATION),
        ("prices", "What would you charge for:\n\n8 pcs AB-100 bolt\n2 pcs AB-200 nut\n", DocumentKind.QUOTE_REQUEST),
        ("Anfrage", "Bitte um Angebot:\n\n8 Stück AB-100 Bolzen\n", DocumentKind.QUOTE_REQUEST),
        ("Zapytanie", "Proszę o ofertę cenową:\n\n- śruba AB-100, 200 szt.\n", DocumentKind.QUOTE_REQUEST),
    ],
)
def test_what_a_letter_wants(subject: str, text: str, kind: DocumentKind):
    assert draft(mail(text, subject)).kind is kind


def test_a_change_in_a_sentence_names_its_line():
    text = "Wil je order KM-5148 wijzigen? Van IV4060 inpakvel krimp 40x60 graag 800 stuks in plaats van 600.\n"
    assert lines(mail(text, "Re: order")) == [("IV4060", "inpakvel krimp 40x60", "800", "C62")]


def test_a_cancelled_order_has_no_lines():
    order = draft(mail("Please cancel order KM-5148:\n\n5 pcs AB-100 bolt\n"))
    assert (order.kind, order.lines, text_of(order.number)) == (DocumentKind.ORDER_CANCELLATION, (), "KM-5148")


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        (
            "Damaged goods - order 3190",
            "Of order 3190, 3 boxes AB-100 arrived damaged. We wait for your credit note.\n",
        ),
        ("question", "Do you have 2 pallets of cement in stock?\n"),
        ("Rückfrage Rechnung RE-88", "auf der Rechnung RE-88 sind 40 Pakete Papier aufgeführt, geliefert wurden 30.\n"),
        ("Merce danneggiata", "dell'ordine 3190 3 latte (PEL-25) su 12 sono ammaccate. Aspetto la nota di credito.\n"),
        ("hello", "Lorem ipsum dolor sit amet, call 020 7946 0000.\n"),
        ("where is it", "Where is my order 4711? I was promised 20 boxes last week.\n"),
        ("Facture", "Il manque 4 boîtes sur votre facture 88.\n"),
    ],
)
def test_questions_and_complaints_are_no_orders(subject: str, text: str):
    assert codes(mail(text, subject)) == ["mail.no_order"]
    assert not [item for item in items(mail(text, subject)) if isinstance(item, DraftDocument)]


def test_the_quoted_thread_is_not_ordered_again():
    text = "New one please, PO 5148:\n\n5 pcs AB-100 bolt\n\nNeil\n\n"
    text += "On 16 Nov 2026 at 10:02, Desk wrote:\n> PO 5131\n> 100 x ZZ-900 nut\n"
    assert lines(mail(text, "Re: old")) == [("AB-100", "bolt", "5", "C62")]


def test_a_forwarded_order_is_the_forwarded_part():
    inner = "From: Moira <moira@gullane-hotels.example>\nSent: 09 November 2026 17:26\nTo: Ewan\nSubject: parts\n\n"
    inner += (
        "Please supply against our order GH/06:\n\n4 pcs PT-200 pillar taps\n\nRegards\nMoira\nGullane Hotels Ltd\n"
    )
    order = draft(mail(f"please process, 3 pcs of nothing\n\nEwan\n\n{inner}", "FW: parts"))
    assert (text_of(order.number), text_of(order.buyer.name)) == ("GH/06", "Gullane Hotels Ltd")
    assert order.date is not None
    assert order.date.value == dt.date(2026, 11, 9)
    assert [said(line) for line in order.lines] == [("PT-200", "pillar taps", "4", "C62")]


def test_go_ahead_on_a_quote_orders_the_quoted_lines():
    text = "Approved, please proceed under VS-PO-0612.\n\nClaire\n\nOn 16 Nov 2026, Desk wrote:\n"
    text += "> Part\tDescription\tQty\tUnit\tPrice\tAmount\n"
    text += "> DC-32\tIsolator\t24\tpcs\t18.60\t446.40\n> \t\t\t\tTotal EUR\t446.40\n"
    order = draft(mail(text, "Re: quote"))
    assert text_of(order.number) == "VS-PO-0612"
    assert [said(line) for line in order.lines] == [("DC-32", "Isolator", "24", "C62")]
    assert order.lines[0].unit_price is not None
    assert order.lines[0].unit_price.value == Decimal("18.60")


def test_two_orders_in_one_letter_are_two():
    text = "Dos pedidos:\n\nPEDIDO CL-881\nEntregar en: Clínica Norte, Calle Mayor 4, 46701 Gandía\n"
    text += "- 20 paquetes PC-60 papel\n\n"
    text += "PEDIDO CL-882\nEntregar en: Clínica Sur, Calle Diana 15, 03700 Dénia\n- 8 paquetes PC-60 papel\n"
    found = [item for item in items(mail(text, "Pedidos")) if isinstance(item, DraftDocument)]
    assert [text_of(order.number) for order in found] == ["CL-881", "CL-882"]
    assert [text_of(order.ship_to.name) for order in found] == ["Clínica Norte", "Clínica Sur"]
    assert [said(order.lines[0])[2] for order in found] == ["20", "8"]


def test_the_same_again_is_an_order_without_lines_that_a_person_completes():
    found = items(mail("Can you send us the same again as our October order please.\n", "Reorder"))
    orders = [item for item in found if isinstance(item, DraftDocument)]
    assert [(order.kind, order.lines) for order in orders] == [(DocumentKind.ORDER, ())]
    assert [(item.code, item.severity) for item in found if isinstance(item, Finding)] == [
        ("order.as_usual", Severity.REVIEW)
    ]


def test_plain_text_without_a_mail_header_is_read_too():
    order = draft("Hi,\n\nI would like to order:\n\n- 9 x Coffee table 620\n- 2 x Sofa 512\n\nThanks,\nJohn Smith")
    assert (order.format, order.date) == ("text", None)
    assert [said(line)[1:3] for line in order.lines] == [("Coffee table 620", "9"), ("Sofa 512", "2")]
    assert text_of(order.buyer.name) == "John Smith"


def test_our_own_name_in_the_text_is_the_supplier():
    text = mail("hiermit bestellen wir bei Ordermill Handel:\n\n5 Stück AB-100 Bolzen\n")
    order = draft(text, Hints(our_names=("Ordermill Handel",)))
    assert text_of(order.supplier.name) == "Ordermill Handel"


def test_what_is_claimed():
    body = PARSER.identify(Head(b"From: x", "body.txt", BODY_TYPE, 7))
    assert body is not None
    assert (body.strength, body.format) == (Strength.CERTAIN, "email")
    plain = PARSER.identify(Head(b"10 x AB", "note.txt", None, 7))
    assert plain is not None
    assert (plain.strength, plain.format) == (Strength.POSSIBLE, "text")
    assert PARSER.identify(Head(b"%PDF", "a.pdf", None, 4)) is None


def test_an_empty_text_and_one_over_the_limit_are_refused():
    with pytest.raises(UnreadableDocument) as empty:
        items(" \n")
    assert empty.value.code == "empty"
    with pytest.raises(UnreadableDocument) as long:
        items("x" * 11, Hints(limits=Limits(bytes=10)))
    assert long.value.code == "too_large"
    with pytest.raises(UnreadableDocument) as longer:
        items("x" * (4 * MAX_CHARACTERS + 1))
    assert longer.value.code == "too_large"


WORDS = [
    "5 pcs",
    "AB-100",
    "\t",
    "\n",
    "> ",
    "-- ",
    "Qty",
    "Description",
    "Total",
    "1,250.00",
    "@",
    "€",
    "by Friday",
    "please send",
]
WORDS += [
    "On 1 May, x wrote:",
    "From:",
    "Subject: x",
    "twelve",
    "(",
    "...",
    "x",
    "PO 17",
    "31.02.2026",
    "Ship to:",
    "م",
    "\u2028",
]


@settings(max_examples=150, deadline=None)
@given(pieces=st.lists(st.sampled_from(WORDS) | st.text(max_size=6), max_size=60))
def test_whatever_people_write_is_read_and_every_place_is_true(pieces: list[str]):
    text = mail(" ".join(pieces))
    for item in items(text):
        if isinstance(item, DraftDocument):
            for line in item.lines:
                assert line.quantity is not None
                assert isinstance(line.quantity.source, TextSource)
                assert text[line.quantity.source.start : line.quantity.source.end] == line.quantity.source.text
