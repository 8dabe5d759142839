"""The queue as a newcomer reads it: what is urgent stands first, and a row says what one needs to choose."""

import html
import re

import pytest

from oms_core.values import SenderFacts
from tests.oms_app.web.conftest import Desk, Office
from tests.oms_app.web.test_desk import text_of


def order(number: str, *, wanted: str = "", price: str = "", lines: int = 1) -> bytes:
    rows = "\n".join(f"{number};{wanted};ZZ-{at};10;pcs;{price}" for at in range(lines))
    return f"PO number;Delivery date;Article;Quantity;Unit;Unit price\n{rows}\n".encode()


@pytest.fixture
def waiting(office: Office) -> Office:
    """Four orders of three customers and a file that cannot be read."""
    arrivals = (
        ("K1007", order("PO-LATER", wanted="2026-04-20", price="2.50", lines=2)),
        ("K1002", order("PO-SOON", wanted="2026-03-03", price="1.00")),
        ("K1001", order("PO-BIG", wanted="2026-03-30", price="900.00")),
        ("K1002", order("PO-PLAIN")),
        ("K1008", b"\x00\x01 of no kind"),
    )
    for at, (partner, data) in enumerate(arrivals):
        name = "odd.bin" if data.startswith(b"\x00") else "order.csv"
        office.receive(data, name, sender=SenderFacts(partner=partner), key=str(at))
        office.walk()
        office.clock.advance(minutes=10)
    return office


def listed(page: str) -> list[str]:
    return [html.unescape(word) for word in re.findall(r'class="what"><a href="[^"]+">([^<]+)</a>', page)]


@pytest.mark.usefixtures("waiting")
def test_the_most_urgent_stands_first_and_the_page_says_so(desk: Desk) -> None:
    page = desk.get("/queue").text
    assert listed(page) == ["PO-SOON", "PO-PLAIN", "odd.bin", "PO-BIG", "PO-LATER"]
    assert "What is wanted soonest stands first." in page
    assert re.search(r'aria-current="true" href="/queue">urgent<', page)
    assert desk.get("/queue/next").headers["location"] in page.split("PO-SOON")[0]


@pytest.mark.usefixtures("waiting")
@pytest.mark.parametrize(
    ("sort", "first", "last"),
    [
        ("age", "PO-LATER", "odd.bin"),
        ("wanted", "PO-SOON", "odd.bin"),
        ("value", "PO-BIG", "odd.bin"),
        ("customer", "PO-SOON", "odd.bin"),
    ],
)
def test_the_queue_is_sorted_as_asked_and_the_address_keeps_it(desk: Desk, sort: str, first: str, last: str) -> None:
    page = desk.get(f"/queue?sort={sort}").text
    assert (listed(page)[0], listed(page)[-1]) == (first, last)
    assert f'<input type="hidden" name="sort" value="{sort}">' in page
    assert f"/queue?customer=K1002&amp;sort={sort}" in page
    assert page.count("aria-sort=") == 1


def test_an_unknown_way_to_sort_is_the_usual_one(desk: Desk) -> None:
    assert desk.get("/queue?sort=colour").status_code == 200


@pytest.mark.usefixtures("waiting")
def test_a_row_says_when_it_is_wanted_what_it_is_worth_and_how_long_it_is(desk: Desk) -> None:
    page = desk.get("/queue").text
    rows = dict(zip(listed(page), map(text_of, page.split(" data-row>")[1:]), strict=True))
    assert "2026-03-03 tomorrow" in rows["PO-SOON"]
    assert "2 lines 50.00 EUR" in rows["PO-LATER"]
    assert "no day is named 1 line" in rows["PO-PLAIN"]
    assert "no value is stated" in rows["PO-PLAIN"]
    assert "from Corrib Hospitality Supplies Ltd" in rows["odd.bin"]
    assert "K1008" not in rows["odd.bin"]


def test_a_sentence_is_never_cut_inside_a_word(office: Office, desk: Desk) -> None:
    long = " ".join(f"word{number}" for number in range(200))
    office.take(f'PO number;Article;Quantity;Unit\nPO-1;ZZ-1;1;"{long}"\n'.encode(), "order.csv")
    cells = re.findall(r'<td role="cell" class="why">(.*?)</td>', desk.get("/queue").text, re.DOTALL)
    for cell in cells:
        for said in re.findall(r'title="([^"]+)">.*?</span>([^<]+)</div>', cell):
            whole, shown = map(html.unescape, said)
            kept = shown.removesuffix(" …")
            assert whole.startswith(kept)
            assert whole[len(kept) :][:1] in ("", " ", ",", ";", ":", ".", "(")


@pytest.mark.parametrize("place", ["/queue", "/orders", "/places/documents/read"])
def test_a_list_is_not_asked_for_a_page_that_no_database_can_count(desk: Desk, place: str) -> None:
    for offset in ("-1", "1000000001", "9" * 30):
        assert desk.get(f"{place}?offset={offset}").status_code == 422
    assert desk.get(f"{place}?offset=1000000000").status_code == 200
