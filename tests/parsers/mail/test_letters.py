"""Whole letters: days on lines, places in sentences, answers below a quote, what is taken back, what is as usual."""

import datetime as dt

import pytest

from oms_core.values import BytesBlob, DocumentKind, DraftDocument, Finding, Hints, Severity
from parsers.mail import lines
from parsers.mail.parser import BODY_TYPE, PARSER
from parsers.words.spans import Span

_HEAD = (
    "From: Ida Thorn <ida@thornbarn.example>\nTo: desk@house.example\nDate: Mon, 02 Nov 2026 09:00:00 +0000\n"
    "Subject: {subject}\n\n"
)


def read(body: str, subject: str = "Order") -> tuple[list[DraftDocument], list[Finding]]:
    """Return the documents and findings of one letter."""
    data = (_HEAD.format(subject=subject) + body).encode()
    found = list(PARSER.read(BytesBlob(data), Hints(media_type=BODY_TYPE)))
    return [one for one in found if isinstance(one, DraftDocument)], [one for one in found if isinstance(one, Finding)]


def told(draft: DraftDocument) -> list[tuple[str | None, str, str | None]]:
    """Return quantity, goods and code of every line."""
    return [
        (
            f"{line.quantity.value:f}" if line.quantity else None,
            line.description.value if line.description else "",
            line.supplier_code.value if line.supplier_code else None,
        )
        for line in draft.lines
    ]


def days(draft: DraftDocument) -> list[str | None]:
    """Return the day of every line."""
    return [line.requested_date.value.isoformat() if line.requested_date else None for line in draft.lines]


@pytest.mark.parametrize(
    "body",
    [
        "we order:\n\n- steel rod 30, 40 pcs - delivery 20/11/2026\n- brass rod 17, 12 pcs - delivery 27/11/2026\n",
        "wir bestellen:\n\n- Rundstahl 30, 40 Stk, Lieferung 20.11.2026\n- Messing 17, 12 Stk, Lieferung 27.11.2026\n",
        "please send:\n\nCode\tItem\tQty\tDelivery date\nSR-30\trod A\t40\t20.11.2026\nBR-17\trod B\t12\t27.11.2026\n",
        (
            "we order\n\nItem: SR-30\nQty: 40\nDelivery date: 20.11.2026\n\n"
            "Item: BR-17\nQty: 12\nDelivery date: 27.11.2026\n"
        ),
    ],
)
def test_each_line_keeps_its_own_day_and_the_order_has_none(body: str):
    (draft,), _ = read(body)
    assert days(draft) == ["2026-11-20", "2026-11-27"]
    assert [line.quantity.value for line in draft.lines if line.quantity] == [40, 12]
    assert draft.requested_date is None


def test_a_split_delivery_is_a_line_for_each_day():
    (draft,), _ = read("we order:\n\nRice 20kg (RJ-20): 40 bags on 18/11/2026 and 60 bags on 25/11/2026\n")
    assert told(draft) == [("40", "Rice 20kg", "RJ-20"), ("60", "Rice 20kg", "RJ-20")]
    assert days(draft) == ["2026-11-18", "2026-11-25"]


def test_the_day_of_the_only_line_is_the_day_of_the_order():
    (draft,), _ = read("please send\n\n- 40 pcs steel rod SR-30 - delivery 20/11/2026\n")
    assert days(draft) == [None]
    assert draft.requested_date is not None
    assert draft.requested_date.value == dt.date(2026, 11, 20)


@pytest.mark.parametrize(
    ("sentence", "name", "address"),
    [
        (
            "Please deliver on 9 November to Mill House, 3 Mill Lane, Otley LS21 1AA.",
            "Mill House",
            "3 Mill Lane, Otley LS21 1AA",
        ),
        (
            "Leveren op de bouwplaats: Gemaal Oost, Polderweg 2, 4571 RM Axel.",
            "Gemaal Oost",
            "Polderweg 2, 4571 RM Axel",
        ),
        ("Delivery to site: 7 Trent Park, Nottingham NG2 1AB.", None, "7 Trent Park, Nottingham NG2 1AB"),
    ],
)
def test_an_address_in_a_sentence_is_where_goods_go(sentence: str, name: str | None, address: str):
    (draft,), findings = read(f"Please send 4 boxes of nails NL-40.\n\n{sentence}\n\nIda\n")
    assert (draft.ship_to.name.value if draft.ship_to.name else None) == name
    assert draft.ship_to.address is not None
    assert draft.ship_to.address.value == address
    assert told(draft) == [("4", "nails", "NL-40")]
    assert findings == []


def test_what_is_written_below_a_quote_is_the_letter_and_the_quote_is_not():
    body = (
        "On 1 Nov 2026, at 10:12, Lena <lena@house.example> wrote:\n> which pack? your last order was 3 x NL-40.\n\n"
        "Hi Lena, please send 2 boxes of NL-55, PO TB-91.\n\nIda\n"
    )
    (draft,), _ = read(body, "Re: nails")
    assert [(quantity, code) for quantity, _, code in told(draft)] == [("2", "NL-55")]


def test_a_thread_of_another_program_below_is_never_read_as_new():
    body = (
        "Please send 2 boxes of NL-55.\n\nIda\n\nOn 1 Nov 2026 Lena wrote:\n> Hello\n\n"
        "From: Ida\nSent: 30 October 2026\nTo: Lena\n\nplease send 9 boxes of NL-99\n"
    )
    (draft,), _ = read(body, "Re: nails")
    assert [(quantity, code) for quantity, _, code in told(draft)] == [("2", "NL-55")]


def test_goods_that_are_taken_back_are_left_out_and_told():
    body = "20 kg cod fillet\n10 kg haddock\n5 boxes chips\n\n"
    body += "actually scrap the haddock, and make the cod 25kg\n\nIda - Thorn Barn\n"
    (draft,), findings = read(body)
    assert [(quantity, goods) for quantity, goods, _ in told(draft)] == [("25", "cod fillet"), ("5", "chips")]
    assert [one.code for one in findings] == ["mail.taken_back"]


@pytest.mark.parametrize(
    ("body", "lines", "left_out"),
    [
        (
            "Same as last week please but 6 oat milk instead of 4 and no croissants.",
            [("6", "oat milk")],
            "no croissants",
        ),
        ("Bitte alles wie letzte Woche, nur 30 kg Mehl statt 20 und ohne Hefe.", [("30", "Mehl")], "ohne Hefe"),
        ("Usual order please, but make the mozzarella 12 kg this week.", [("12", "mozzarella")], None),
        ("Hej, samma som förra veckan men 8 kg socker i stället för 5.", [("8", "socker")], None),
    ],
)
def test_beside_the_usual_the_changes_that_are_named_are_kept(
    body: str, lines: list[tuple[str, str]], left_out: str | None
):
    (draft,), findings = read(body + "\n\nIda\n", "weekly")
    assert draft.kind is DocumentKind.ORDER
    assert [(quantity, goods) for quantity, goods, _ in told(draft)] == lines
    codes = [one.code for one in findings]
    assert "order.as_usual" in codes
    assert all(one.severity is Severity.REVIEW for one in findings)
    assert any(left_out in one.message for one in findings if one.code == "order.leaves_out") if left_out else True


@pytest.mark.parametrize(
    ("said", "places"),
    [("items 1 and 3 only", [0, 2]), ("everything without item 2", [0, 2]), ("the full quote", [0, 1, 2])],
)
def test_of_a_quote_only_the_accepted_lines_are_ordered(said: str, places: list[int]):
    body = (
        f"Please go ahead with {said}, PO TB-92.\n\nIda\n\nFrom: Carla\nSent: 1 November 2026\nTo: Ida\n\n"
        "Item  Description        Qty  Price\n1     Foam board 5mm     10   £21.40\n"
        "2     Steel sheet 3mm    6    £38.90\n3     Acrylic 5mm        4    £72.00\n"
    )
    (draft,), _ = read(body, "Re: Quote 30177")
    whole = [("10", "Foam board 5mm", None), ("6", "Steel sheet 3mm", None), ("4", "Acrylic 5mm", None)]
    assert told(draft) == [whole[place] for place in places]
    assert draft.number is not None
    assert draft.number.value == "TB-92"


def test_two_orders_with_their_places_in_the_headings():
    body = (
        "Two orders please.\n\n"
        "Order NA-301 - deliver to Riverside Works, School Lane, York YO1 7AB\n12 reams paper A4\n\n"
        "Order NA-302 - deliver to Hill Works, Hill Road, York YO10 3DD\n6 reams paper A4\n"
    )
    drafts, _ = read(body)
    assert [draft.number.value for draft in drafts if draft.number] == ["NA-301", "NA-302"]
    assert [draft.ship_to.name.value for draft in drafts if draft.ship_to.name] == ["Riverside Works", "Hill Works"]
    assert [told(draft) for draft in drafts] == [[("12", "paper A4", None)], [("6", "paper A4", None)]]


def test_a_line_of_an_order_among_several_that_was_not_read_is_named():
    body = (
        "PO 7001\nplease send 4 boxes nails NL-40 and 3 widgety things of the green sort\n\n"
        "PO 7002\nplease send 9 boxes nails NL-40\n"
    )
    drafts, findings = read(body, "two orders")
    assert len(drafts) == 2
    read_lines = {goods for draft in drafts for _, goods, _ in told(draft)}
    assert "unread_line" in "".join(one.code for one in findings) or any("widgety" in goods for goods in read_lines)


@pytest.mark.parametrize(
    "row",
    ["| PA-40 | board, green | 3 | 12.00 |", "| PA-41 | board, blue | 4 crates | 14.00 |"],
)
def test_a_table_drawn_with_signs_is_a_table(row: str):
    rule = "+----+----+----+----+"
    body = f"please send\n\n{rule}\n| Code | Item | Qty | Price |\n{rule}\n{row}\n{rule}\n"
    (draft,), _ = read(body)
    (line,) = told(draft)
    assert line[1:] == (row.split("|")[2].strip(), row.split("|")[1].strip())


def test_a_row_of_a_table_that_cannot_be_read_is_named():
    body = "please send\n\nCode\tItem\tQty\nPA-40\tboard\t3\nPA-41\tplank\t4 or 5, as you like it\n"
    (draft,), findings = read(body)
    assert told(draft) == [("3", "board", "PA-40")]
    assert [one.code for one in findings] == ["mail.unread_line"]
    assert "plank" in findings[0].message


def test_a_quantity_that_ran_into_the_name_is_told_by_the_sum():
    (draft,), _ = read("please send\n\nVN-13   Vinyl gloss 1370mm x 50m 3   £74.50   £223.50\n")
    assert told(draft) == [("3", "Vinyl gloss 1370mm x 50m", "VN-13")]


def test_the_other_lines_say_which_number_is_the_quantity():
    body = "please send\n\n5 boxes screws 4x40\n12 botches foam 750\n3 boxes plugs\n"
    (draft,), _ = read(body)
    assert told(draft)[1] == ("12", "botches foam 750", None)


@pytest.mark.parametrize(
    ("line", "code", "goods"),
    [
        ("20 brushes no. 12 (Art.-Nr. 4412)", "4412", "brushes no. 12"),
        ("[MS-STD] Stand with boom - 4 pcs", "MS-STD", "Stand with boom"),
    ],
)
def test_brackets_and_labels_mark_a_code(line: str, code: str, goods: str):
    (draft,), _ = read(f"please send:\n\n{line}\n2 boxes nails NL-40\n")
    assert told(draft)[0][1:] == (goods, code)


def test_the_street_of_a_signature_is_no_line():
    (draft,), _ = read("please send 4 boxes nails NL-40\n\nThorn Barn\n12 High St, Lewes BN7 1XX\n")
    assert told(draft) == [("4", "nails", "NL-40")]


def test_a_price_for_a_hundred_in_the_heading_is_a_price_of_one():
    (draft,), _ = read("please send\n\nCode\tItem\tQty\tPrice per 100\nPA-40\to-ring\t1500\t18.00\n")
    assert [f"{line.unit_price.value:f}" for line in draft.lines if line.unit_price] == ["0.18"]


def test_a_line_with_more_numbers_than_the_limit_is_none():
    most = "4 x " + "9 " * (lines.MAX_NUMBERS - 2) + "nails"
    assert lines.item(Span(f"{most} 7", 0)) is not None
    assert lines.item(Span(f"9 {most} 7", 0)) is None


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("bitte 10 SIF-50, 20 ROH-15 und 1 WC-100.", [("10", "SIF-50"), ("20", "ROH-15"), ("1", "WC-100")]),
        ("bitte 10 Stück SIF-50 und 2 Stand-WC weiß liefern.", [("10", "SIF-50"), ("2", None)]),
        ("bitte 50 Dutzend Ordner und 200 x HXB-M8X40-A2.", [("50", None), ("200", "HXB-M8X40-A2")]),
        ("bitte 800 HXB-M8X40-A2 und 20 graue Ordner.", [("800", "HXB-M8X40-A2"), ("20", None)]),
    ],
)
def test_goods_joined_in_one_sentence_are_a_line_each(text: str, wanted: list[tuple[str, str | None]]):
    lines = read(text)[0][0].lines
    counted = [(line.quantity, line.supplier_code) for line in lines]
    assert [(f"{number.value}", code and code.value) for number, code in counted if number] == wanted


@pytest.mark.parametrize(
    "text",
    [
        "wir brauchen eine Wand-WC spülrandlos weiß und 10 x SIF-50.",
        "10 boxes of the M8x40 stainless hex bolts, and\ntwo dozen lever arch files A4.",
    ],
)
def test_a_line_beside_something_that_was_not_read_goes_to_a_person(text: str):
    lines = read(text)[0][0].lines
    assert min(line.quantity.confidence for line in lines if line.quantity) < 0.5
