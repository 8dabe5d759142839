"""Letters of senders nobody has seen: codes of digits, old quantities, dates and numbers as their land writes them."""

import datetime as dt
from decimal import Decimal

import pytest

from oms_core.values import BytesBlob, Hints
from oms_core.values.draft import DocumentKind, DraftDocument
from parsers.mail import customs, lines
from parsers.mail.parser import BODY_TYPE, PARSER
from parsers.words import codes, labels
from parsers.words.spans import Span

_ASKED = "please send 5 pcs AB-4410\n\nDelivery by 4/6/2026 please.\n\nThanks\nJo\n"


def read(body: str, subject: str = "Order", sent: str = "Mon, 02 Mar 2026 09:00:00 +0000") -> DraftDocument:
    """Read one letter that holds one document."""
    text = (
        f"From: Kim Moor <kim@larkfield.example>\nTo: orders@house.example\nDate: {sent}\nSubject: {subject}\n\n{body}"
    )
    found = PARSER.read(BytesBlob(text.encode()), Hints(media_type=BODY_TYPE))
    (draft,) = [one for one in found if isinstance(one, DraftDocument)]
    return draft


def told(draft: DraftDocument) -> list[tuple[str | None, str, str | None, str | None]]:
    """Return code, quantity, unit and goods of every line."""
    return [
        (
            line.supplier_code.value if line.supplier_code else None,
            f"{line.quantity.value:f}" if line.quantity else "",
            line.unit.value if line.unit else None,
            line.description.value if line.description else None,
        )
        for line in draft.lines
    ]


@pytest.mark.parametrize(
    ("text", "code", "goods"),
    [
        ("60 pcs 41.2095 Garden hose 25 m", "41.2095", "Garden hose 25 m"),
        ("60 pcs 318-442 Garden hose", "318-442", "Garden hose"),
        ("60 pcs KX 70412/3 Garden hose", "KX 70412/3", "Garden hose"),
        ("- 7 204 118 335 Garden hose: 60 pcs", "7 204 118 335", "Garden hose"),
        ("- 000000007204118335 Garden hose: 60 pcs", "000000007204118335", "Garden hose"),
        ("- 72041183 Tube connector 1.5: 60 pcs", "72041183", "Tube connector 1.5"),
        ("* 60 pcs Garden hose 1/2, 40775", "40775", "Garden hose 1/2"),
        ("* 60 set Wiper blade set LH, 40775512", "40775512", "Wiper blade set LH"),
        ("60 x Garden hose (318-442)", "318-442", "Garden hose"),
        ("60 x Garden hose (KX 70412/3)", "KX 70412/3", "Garden hose"),
        ("318-442 - 60 ea", "318-442", None),
        ("GH7-2204-18 - 60 ea", "GH7-2204-18", None),
        ("- TX7041 Bath towel: 60 pcs", "TX7041", "Bath towel"),
    ],
)
def test_a_code_is_told_by_its_place_where_its_shape_could_be_a_number(text: str, code: str, goods: str | None) -> None:
    found = lines.item(Span(text, 0))
    assert found is not None
    assert found.quantity == Decimal(60)
    assert found.named.code is not None
    assert found.named.code.text == code
    assert (found.named.description.text if found.named.description else None) == goods


@pytest.mark.parametrize(
    "text", ["5 pcs sheet EN AW-6082", "5 pcs cement C25/30", "5 pcs bulb P21W", "5 pcs 100-150 mm clamp"]
)
def test_a_standard_a_class_or_a_measure_is_no_code(text: str) -> None:
    found = lines.item(Span(text, 0))
    assert found is not None
    assert found.named.code is None


def test_only_digits_with_the_right_check_digit_are_a_trade_number() -> None:
    assert codes.is_trade_number("4006381333931")
    assert not codes.is_trade_number("4006381333932")
    assert not codes.is_trade_number("96385074"), "eight digits without a label are a code of the house"


@pytest.mark.parametrize(
    "text",
    [
        "318-442: 120 pcs instead of 40",
        "318-442: 120 st i st\u00e4llet f\u00f6r 40",
        "318-442: 120 ks m\u00edsto 40",
        "318-442: 120 pz invece di 40",
        "318-442: 40 helyett 120 darab",
        "318-442: 40 yerine 120 adet",
    ],
)
def test_the_old_quantity_is_left_out_on_whichever_side_the_language_puts_it(text: str) -> None:
    found = lines.item(Span(text, 0))
    assert found is not None
    assert (found.quantity, found.unit) == (Decimal(120), "C62")
    assert found.named.code is not None
    assert found.named.description is None


def test_a_change_of_one_line_takes_the_new_quantity_also_where_the_old_one_stands_first() -> None:
    asked = "k\u00e9rj\u00fck 34107 sz\u00e1m\u00fa rendel\u00e9s\u00fcnk m\u00f3dos\u00edt\u00e1s\u00e1t:"
    draft = read(f"{asked}\nQR-18: 9 helyett 250 m\n")
    assert draft.kind is DocumentKind.ORDER_CHANGE
    assert [line.quantity.value for line in draft.lines if line.quantity] == [Decimal(250)]


def test_a_number_of_the_order_below_the_list_is_no_line() -> None:
    draft = read(
        "vorremmo ordinare:\n\n* 3 pz Lampada da tavolo, 40775512\n* 9 pz Sedia, 40775513\n\nOrdine n. 881207\n"
    )
    assert [line[1] for line in told(draft)] == ["3", "9"]
    assert draft.number is not None
    assert draft.number.value == "881207"


@pytest.mark.parametrize(
    "question",
    [
        "83471 numaral\u0131 sipari\u015fimiz ne zaman teslim edilecek?",
        "Mikor \u00e9rkezik a 83471 sz\u00e1m\u00fa megrendel\u00e9s\u00fcnk?",
    ],
)
def test_a_question_for_an_order_named_before_its_number_orders_nothing(question: str) -> None:
    text = f"From: Kim <kim@lark.example>\nTo: orders@house.example\nSubject: Sipari\u015f\n\nMerhaba,\n\n{question}\n"
    found = list(PARSER.read(BytesBlob(text.encode()), Hints(media_type=BODY_TYPE)))
    assert not [one for one in found if isinstance(one, DraftDocument)]


def test_a_column_that_counts_the_lines_is_not_the_goods() -> None:
    draft = read("please send:\n\nItem\tSKU\tDescription\tQty\tUOM\n1\t70412\tOlive oil\t5\tl\n2\t70413\tTea\t4\tkg\n")
    assert told(draft) == [("70412", "5", "LTR", "Olive oil"), ("70413", "4", "KGM", "Tea")]
    assert [line.line_number.value for line in draft.lines if line.line_number] == ["1", "2"]


def test_cells_tell_a_column_whose_heading_says_nothing() -> None:
    draft = read("please send:\n\nQty\tWhatever\tThing meant by this\tSKU\n5\tbox\tGreen tea\tGT-4410\n")
    assert told(draft) == [("GT-4410", "5", "BX", "Green tea")]


def test_a_box_keeps_its_last_letter() -> None:
    draft = read("wir bestellen:\n\n318-442\tHandschuhe M\t25 Box\n318-443\tHandschuhe L\t48 Box\n")
    assert [line[2] for line in told(draft)] == ["BX", "BX"]


@pytest.mark.parametrize(
    ("body", "quantity"),
    [
        ("wir bestellen:\n\n1.000 x Leitung blau (LT-4410)\n240 x Leitung rot (LT-4411)\n", "1000"),
        ("we order:\n\n1,000 x cable blue (LT-4410)\n240 x cable red (LT-4411)\n", "1000"),
        ("por favor env\u00edennos:\n\n1,000 pza cable (LT-4410)\n\nGracias\nEva\nLa Sierra\nM\u00e9xico\n", "1000"),
        ("objedn\u00e1v\u00e1me:\n\n1\u00a0000 x kabel (LT-4410)\n", "1000"),
    ],
)
def test_thousands_are_read_as_the_land_writes_them(body: str, quantity: str) -> None:
    assert told(read(body))[0][1] == quantity


@pytest.mark.parametrize(
    ("body", "day"),
    [
        ("bestil: send os 5 stk AB-4410\n\nLevering senest 10-04-26.\n", dt.date(2026, 4, 10)),
        ("please send 5 pcs AB-4410\n\nDelivery by 04-Apr-26 please.\n", dt.date(2026, 4, 4)),
        ("por favor env\u00edennos 5 pza AB-4410\n\nEntrega antes del 03-abr-2026.\n", dt.date(2026, 4, 3)),
        (
            "megrendelj\u00fck:\n\nAB-4410 - 5 db\n\nK\u00e9rt sz\u00e1ll\u00edt\u00e1s: 2026. 04. 03.\n",
            dt.date(2026, 4, 3),
        ),
        (f"{_ASKED}Lark Inc.\n1 Main St\nAkron, OH 44308\n", dt.date(2026, 4, 6)),
        (f"{_ASKED}Lark Ltd\n1 Mill Lane\nLeeds LS9 0PX\n", dt.date(2026, 6, 4)),
    ],
)
def test_a_wanted_day_is_read_as_the_land_writes_it(body: str, day: dt.date) -> None:
    draft = read(body)
    assert draft.requested_date is not None
    assert draft.requested_date.value == day


def test_nothing_tells_the_order_of_a_day_where_an_english_letter_names_no_land() -> None:
    assert customs.day_first("en", ["4/6/2026"], ["Kind regards", "Jo"]) is None


def test_an_order_sent_on_takes_its_number_from_above_and_the_last_day_before_it() -> None:
    body = (
        "FYI\n\n-----\nFrom: Jo Lark <jo@lark.example>\nSent: 1/3/2026\nTo: orders@house.example\nSubject: Order\n\n"
        "Hello,\n\nplease send us:\n\n- AB-4410 Cable: 5 pcs\n\nThanks\nJo Lark\n"
    )
    draft = read(body, "FW: Order 4500017")
    assert draft.number is not None
    assert draft.number.value == "4500017"
    assert draft.date is not None
    assert draft.date.value == dt.date(2026, 3, 1)


@pytest.mark.parametrize(
    "line",
    [
        "Num\u0103rul comenzii noastre: 4500017",
        "Sipari\u015f numaram\u0131z: 4500017",
        "V\u00e5rt ordrenummer: 4500017",
    ],
)
def test_our_order_number_is_said_in_every_language(line: str) -> None:
    draft = read(f"{line}\n\n5 pcs AB-4410 cable\n9 pcs AB-4411 cable\n", "Mail")
    assert draft.number is not None
    assert draft.number.value == "4500017"


def test_a_list_where_only_some_lines_have_a_code_is_less_sure() -> None:
    whole = read("please send:\n\n5 pcs AB-4410 cable\n9 pcs AB-4411 rope\n")
    some = read("please send:\n\n5 pcs AB-4410 cable\n9 pcs rope\n")
    assert whole.confidence is not None
    assert some.confidence is not None
    assert some.confidence < whole.confidence


def test_words_that_begin_no_phrase_are_passed_over_without_losing_one_that_does() -> None:
    words = labels.words_of("zebra please send zebra")
    (found,) = labels.every("mail", words)
    assert words[found.start : found.end] == ("please", "send")
    assert labels.at("mail", words, found.start) == found
