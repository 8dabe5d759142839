"""Heads in two columns, stacked headers, codes that look like currencies: what a page's layout must not mix up."""

from decimal import Decimal

import pytest

from oms_core.values import BytesBlob, DraftDocument, Hints
from parsers.pdf.parser import PARSER
from tests.parsers.pdf.pages import drawn

HEADER = ("Item No", "Description", "Qty", "Unit", "Price", "Amount")
COLUMNS = (40, 120, 330, 380, 440, 510)
ENGLISH_LINES = (
    ("HX-0840", "Hex bolt M8x40 A2", "100", "pcs", "1.25", "125.00"),
    ("NT-0800", "Lock nut M8 A2", "250", "pcs", "0.40", "100.00"),
    ("WS-0816", "Washer 8.4 x 16", "4", "box", "6.50", "26.00"),
)


def order_in(data: bytes) -> DraftDocument:
    (draft,) = [item for item in PARSER.read(BytesBlob(data), Hints()) if isinstance(item, DraftDocument)]
    return draft


def two_columns(*, unit: str = "pcs", code: str = "HX-0840", street: str = "14 Quayside Row") -> bytes:
    """An order whose title stands over the buyer's address, its facts in a column on the right."""
    left = ("Purchase order", "Buyer:", "Brightwater Fixings Ltd", street, "D08 X000 Dublin")
    right = (("Order no.", "B010340"), ("Order date", "23 November 2026"), ("Delivery date", "07 December 2026"))
    texts = [(50.0, 50.0 + 12 * index, text) for index, text in enumerate(left)]
    texts += [(x, 62.0 + 12 * at, pair[side]) for at, pair in enumerate(right) for side, x in enumerate((318.0, 423.0))]
    texts += [(x, 240.0, text) for x, text in zip((50, 161, 265, 437, 507), TWO_COLUMNS, strict=True)]
    line = (f"3 {unit}", code, "Hex bolt M8x40 EUR PEN", "3.23", "9.69")
    texts += [(x, 256.0, text) for x, text in zip((50, 161, 265, 463, 520), line, strict=True)]
    return drawn([*texts, (385.0, 290.0, "Net total (EUR):"), (520.0, 290.0, "9.69")])


TWO_COLUMNS = ("Quantity Unit", "Item no.", "Description", "Unit price", "Amount")


@pytest.mark.parametrize("street", ["14 Quayside Row", "Unit 6, Tuam Road", "Unit 6", "4711 Mill Lane"])
def test_the_number_comes_from_its_own_label_and_not_from_an_address(street: str):
    draft = order_in(two_columns(street=street))
    assert draft.number is not None
    assert draft.number.value == "B010340"


def test_no_number_is_taken_from_an_address_where_there_is_none():
    header = [(x, 240.0, text) for x, text in zip(COLUMNS, HEADER, strict=True)]
    line = [(x, 258.0, text) for x, text in zip(COLUMNS, ENGLISH_LINES[0], strict=True)]
    draft = order_in(drawn([(50, 50, "Purchase order"), (50, 64, "14 Quayside Row"), *header, *line]))
    assert draft.number is None


@pytest.mark.parametrize(
    ("unit", "code"), [("Box", "BX"), ("x Box", "BX"), ("\u00d7 Stk", "C62"), ("box", "BX"), ("x", None)]
)
def test_a_unit_beside_the_quantity_keeps_its_last_letter(unit: str, code: str | None):
    (line,) = order_in(two_columns(unit=unit)).lines
    assert line.quantity is not None
    assert line.quantity.value == Decimal(3)
    assert (line.unit.value if line.unit else None) == code


@pytest.mark.parametrize("code", ["PEN-07MM-BUE", "INR100", "USD/12-K"])
def test_letters_of_an_article_code_are_no_currency(code: str):
    draft = order_in(two_columns(code=code))
    assert draft.currency is not None
    assert draft.currency.value == "EUR"


@pytest.mark.parametrize(
    "stack",
    [
        ((236, "Price"), (248, "Per"), (260, "Unit")),
        ((236, "Price"), (248, "Per")),
        ((248, "Price"), (260, "per unit")),
        ((236, "Unit"), (248, "Price")),
    ],
)
def test_a_price_header_of_stacked_words_is_the_price(stack: tuple[tuple[float, str], ...]):
    others = [(x, 236.0, text) for x, text in zip(COLUMNS, HEADER, strict=True) if text != "Price"]
    header = [*others, *((440.0, top, text) for top, text in stack)]
    lines = [
        (x, 280.0 + 16 * index, text)
        for index, line in enumerate(ENGLISH_LINES)
        for x, text in zip(COLUMNS, line, strict=True)
    ]
    draft = order_in(drawn([(350, 60, "PURCHASE ORDER"), (350, 90, "PO Number: PO-9"), *header, *lines]))
    assert [f"{line.unit_price.value}" for line in draft.lines if line.unit_price] == ["1.25", "0.40", "6.50"]


def test_a_column_of_hundreds_beside_the_price_is_what_the_price_is_for():
    names = ("Item No", "Description", "Qty", "Price", "Price per", "Amount")
    header = [(x, 240.0, text) for x, text in zip(COLUMNS, names, strict=True)]
    line = ("HX-0840", "Hex bolt M8x40 A2", "300", "12.50", "100", "37.50")
    draft = order_in(
        drawn([(350, 60, "PURCHASE ORDER"), *header, *((x, 258, text) for x, text in zip(COLUMNS, line, strict=True))])
    )
    assert [line.unit_price.value for line in draft.lines if line.unit_price] == [Decimal("0.125")]
