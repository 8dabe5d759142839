"""Papers of the generator: the same seed gives the same bytes, what they state is printed, and the sums are right."""

import io
import re
import unicodedata
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, Literal, get_args, get_origin, get_type_hints

import pdfplumber
import pypdfium2
import pytest

from oms_app.demo.paper.archetypes import hand_drawn, layouts
from oms_app.demo.paper.layout import Column, Layout
from oms_app.demo.paper.notation import date_text, number_text
from oms_app.demo.paper.orders import order_for
from oms_app.demo.paper.paper import Paper
from oms_app.demo.paper.pdfs import pdf_paper, pdf_papers
from oms_app.demo.paper.places import places
from oms_app.demo.paper.truth import label
from oms_app.demo.paper.words import LANGUAGES, entries

ARCHETYPES = pytest.mark.parametrize("layout", hand_drawn(), ids=lambda layout: layout.archetype)
SEED = 7


def squash(text: str) -> str:
    """Keep letters, digits and the marks of numbers and codes: breaks and blanks are the page's matter."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).casefold()


def printed(data: bytes) -> str:
    """Return the text of all pages and of the fields on them."""
    document = pypdfium2.PdfDocument(io.BytesIO(data))
    texts = [page.get_textpage().get_text_bounded() for page in document]
    if b"/AcroForm" in data:
        with pdfplumber.open(io.BytesIO(data)) as opened:
            texts += [str(mark["data"]["V"].decode("latin-1")) for page in opened.pages for mark in page.annots]
    return squash("".join(texts))


def in_sight(data: bytes) -> bool:
    """Whether every letter stands on its page."""
    for page in pypdfium2.PdfDocument(io.BytesIO(data)):
        width, height = page.get_width(), page.get_height()
        if page.get_rotation() in (90, 270):
            width, height = height, width
        text = page.get_textpage()
        for index in range(text.count_chars()):
            left, bottom, right, top = text.get_charbox(index)
            if left < -1 or bottom < -1 or right > width + 1 or top > height + 1:
                return False
    return True


@cache
def paper(layout: Layout) -> Paper:
    return pdf_paper(layout, 0)


def stated_texts(layout: Layout, stated: dict[str, Any]) -> list[str]:
    """Return everything that a truth states, as the page has it."""
    order, language = order_for(layout, 0), places()[layout.place].language
    parties = ("buyer", "supplier", "ship_to")
    texts = [stated["number"], *(stated[party][name] for party in parties for name in ("name", "id"))]
    days = [stated["date"], stated["requested_date"]]
    amounts = list(stated["totals"].values())
    for line in stated["lines"]:
        texts += [line[name] for name in ("buyer_code", "supplier_code", "gtin", "line_number")]
        texts += (line.get("description") or "").split()
        days.append(line["requested_date"])
        amounts.append(line.get("amount"))
    texts += [date_text(date.fromisoformat(day), order.date_style, language) for day in days if day is not None]
    texts += [number_text(Decimal(value), order.notation, order.cents) for value in amounts if value is not None]
    return [text for text in texts if text is not None]


@ARCHETYPES
def test_an_archetype_prints_what_its_truth_says(layout: Layout) -> None:
    text, stated = printed(paper(layout).data), paper(layout).label["documents"][0]
    assert [value for value in stated_texts(layout, stated) if squash(value) not in text] == []


@ARCHETYPES
def test_an_archetype_stays_on_its_page(layout: Layout) -> None:
    assert in_sight(paper(layout).data)


def test_drawn_layouts_stay_on_their_page_and_print_their_truth() -> None:
    for layout in layouts(SEED, 30):
        made = paper(layout)
        assert in_sight(made.data), made.name
        text = printed(made.data)
        for stated in made.label["documents"][:1]:
            assert [value for value in stated_texts(layout, stated) if squash(value) not in text] == [], made.name


@ARCHETYPES
def test_an_archetype_chooses_only_what_can_be_drawn(layout: Layout) -> None:
    for name, kind in get_type_hints(Layout).items():
        if get_origin(kind) is Literal:
            assert getattr(layout, name) in get_args(kind), name
    assert set(layout.columns) | set(layout.codes_under) <= set(get_args(Column))


def test_the_same_seed_gives_the_same_bytes() -> None:
    first, again = (list(pdf_papers(3, 6, 2)) for _ in range(2))
    assert first == again
    assert len({made.data for made in first}) == len(first)


def test_another_seed_gives_other_senders() -> None:
    senders = {made.label["_sender"] for seed in (1, 2) for made in pdf_papers(seed, 5)}
    assert len(senders) == 10


def test_copies_of_a_layout_share_sender_and_words_but_not_goods() -> None:
    one, other = (made.label for made in pdf_papers(11, 1, 2))
    assert one["_sender"] == other["_sender"]
    assert one["documents"][0]["buyer"] == other["documents"][0]["buyer"]
    assert one["documents"][0]["number"] != other["documents"][0]["number"]


def sums(stated: dict[str, Any], layout: Layout) -> None:
    totals = {name: Decimal(value) for name, value in stated["totals"].items() if value is not None}
    amounts = [Decimal(line["amount"]) for line in stated["lines"] if line.get("amount") is not None]
    if "net" in totals and amounts and layout.freight != "total":
        assert sum(amounts) == totals["net"]
    if "gross" in totals:
        assert totals["net"] + totals["tax"] == totals["gross"]
    for line in stated["lines"]:
        if line.get("amount") is not None and line["unit_price"] is not None and "discount" not in layout.columns:
            step = Decimal(1) if len(line["amount"].split(".")) == 1 else Decimal("0.01")
            assert abs(Decimal(line["quantity"]) * Decimal(line["unit_price"]) - Decimal(line["amount"])) <= step / 2


def test_what_is_printed_adds_up() -> None:
    for layout in (*hand_drawn(), *layouts(SEED, 60)):
        order = order_for(layout, 0)
        if layout.kind != "price_list" and not order.slips:
            sums(label(layout, order)["documents"][0], layout)


def test_a_few_senders_have_put_an_amount_wrong() -> None:
    slips = sum(order_for(layout, 0).slips for layout in layouts(SEED, 200))
    assert 1 <= slips <= 12


def test_layouts_of_a_seed_are_many_and_of_many_countries() -> None:
    drawn = layouts(SEED, 200)
    assert {layout.archetype for layout in drawn} >= {layout.archetype for layout in hand_drawn()}
    assert {places()[layout.place].language for layout in drawn} == set(LANGUAGES)
    others = sum(layout.kind != "order" for layout in drawn)
    assert 10 <= others <= 45


def test_an_enquiry_prints_no_price() -> None:
    enquiries = [layout for layout in layouts(SEED, 200) if layout.kind == "enquiry"]
    assert enquiries
    assert not any(layout.priced for layout in enquiries)


def test_few_files_hold_two_orders_and_each_counts_its_own_pages() -> None:
    made = [pdf_paper(layout, 0) for layout in layouts(SEED, 140) if layout.number % 70 == 35]
    double = [each for each in made if len(each.label["documents"]) == 2]
    assert double
    for each in double:
        numbers = [stated["number"] for stated in each.label["documents"]]
        assert len(set(numbers)) == 2
        assert all(squash(number) in printed(each.data) for number in numbers)


def test_on_the_sellers_paper_no_code_is_called_ours_or_yours() -> None:
    answers = [layout for layout in layouts(SEED, 300) if layout.kind in ("confirmation", "invoice")]
    assert answers
    for layout in answers:
        assert not {"code", "own_code"} & {*layout.columns, *layout.codes_under}
        assert len(set(layout.columns)) == len(layout.columns)


def test_a_cancellation_has_no_lines() -> None:
    layout = replace(hand_drawn()[0], kind="cancellation")
    assert paper(layout).label["documents"][0]["lines"] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_word(language: str) -> None:
    assert set(entries(language)) == set(entries("en"))
    assert all(spelling for spellings in entries(language).values() for spelling in spellings)
    assert len(entries(language)["month"]) == 12
