"""Several orders in one file: how a PDF is parted into documents."""

from oms_core.values import BytesBlob, DraftDocument, Hints
from parsers.pdf.parser import PARSER
from tests.parsers.pdf.pages import drawn, table_at


def test_two_orders_in_one_pdf_are_two_and_a_page_that_only_goes_on_is_none():
    def page(number: str, first: int) -> list[tuple[float, float, str]]:
        head = ("Pos", "Item", "Description", "Qty", "Price", "Amount")
        lines = [(f"{at}", f"A-{at}", "Marker", "10", "1.50", "15.00") for at in range(first, first + 3)]
        top = [(40, 60, "Purchase Order"), (40, 90, f"Order number: {number}"), (40, 104, "Date: 2026-03-12")]
        return [*top, *table_at(200, (40, 80, 140, -320, -400, -500), [head, *lines])]

    data = drawn(page("PO-4711", 1), page("PO-4711", 4), page("PO-4712", 1))
    drafts = [item for item in PARSER.read(BytesBlob(data), Hints()) if isinstance(item, DraftDocument)]
    assert [draft.number.value for draft in drafts if draft.number] == ["PO-4711", "PO-4712"]
    assert [len(draft.lines) for draft in drafts] == [6, 3]
