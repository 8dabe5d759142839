"""The hash of what is ordered: blind to format and evidence, awake to every change of the order."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oms_core.values import CellSource, DocumentKind, DraftDocument, PageSource
from rules import content_hash
from tests import factory

LINES = (factory.draft_line(line_number="1"), factory.draft_line(line_number="2", supplier_code="HX-M8X40", quantity=7))
ORDER = factory.draft(lines=LINES)


@pytest.mark.parametrize(
    "same",
    [
        factory.draft(lines=LINES[::-1]),
        replace(ORDER, format="pdf", confidence=0.5, interchange="A B 17"),
        factory.draft(lines=LINES, number="OTHER", date=None),
        factory.draft(lines=[replace(LINES[0], supplier_code=factory.value("scr 4030")), LINES[1]]),
        factory.draft(lines=[replace(LINES[0], quantity=factory.value(factory.number("100.00"))), LINES[1]]),
        factory.draft(lines=[replace(LINES[0], description=factory.value("cut off")), LINES[1]]),
        factory.draft(
            lines=[
                replace(LINES[0], unit=factory.value("C62", PageSource(1, (0, 0, 1, 1), "C62"), 0.6)),
                replace(LINES[1], unit=factory.value("C62", CellSource(9, 9, "pcs"))),
            ]
        ),
    ],
)
def test_the_same_order_hashes_alike(same: DraftDocument):
    assert content_hash(same) == content_hash(ORDER)


@pytest.mark.parametrize(
    "other",
    [
        factory.draft(lines=LINES[:1]),
        factory.draft(lines=(*LINES, LINES[1])),
        factory.draft(lines=LINES, kind=DocumentKind.ORDER_CANCELLATION),
        factory.draft(lines=LINES, requested_date=dt.date(2026, 4, 1)),
        factory.draft(lines=LINES, ship_to=factory.draft_party("Site", address="Elsewhere 1")),
        factory.draft(lines=[replace(LINES[0], supplier_code=factory.value("SCR-4031")), LINES[1]]),
        factory.draft(lines=[replace(LINES[0], unit=factory.value("BX")), LINES[1]]),
        factory.draft(lines=[replace(LINES[0], unit_price=factory.value(factory.number("0.13"))), LINES[1]]),
        factory.draft(lines=[replace(LINES[0], requested_date=factory.value(dt.date(2026, 4, 1))), LINES[1]]),
    ],
)
def test_another_order_hashes_otherwise(other: DraftDocument):
    assert content_hash(other) != content_hash(ORDER)


def test_without_codes_the_words_count():
    one, two = (
        factory.draft(lines=[factory.draft_line(supplier_code=None, description=words)])
        for words in ("Wood screw 4x30", "Wood screw 4x40")
    )
    assert content_hash(one) != content_hash(two)


def test_the_hash_of_a_known_order_never_changes():
    """Hashes are kept for years: a change here makes every earlier order look new."""
    known = factory.draft(lines=[factory.draft_line(gtin="04012345678901")], requested_date=dt.date(2026, 4, 1))
    assert content_hash(known) == "de5dc62688e14a429c70a92689787a6a8745e3d0d13300e2631bf0141d17b7ea"


@given(st.text(), st.text())
def test_fields_never_run_into_each_other(left: str, right: str):
    one = factory.draft(lines=[factory.draft_line(supplier_code=f"a{left}", buyer_code=f"b{right}")])
    two = factory.draft(lines=[factory.draft_line(supplier_code=f"b{right}", buyer_code=f"a{left}")])
    assert content_hash(one) != content_hash(two)


def test_a_date_for_the_whole_order_is_the_same_as_that_date_on_each_line() -> None:
    day = factory.value(dt.date(2026, 3, 9))
    on_lines = replace(ORDER, lines=tuple(replace(line, requested_date=day) for line in ORDER.lines))
    on_top = replace(ORDER, requested_date=day)
    assert content_hash(on_lines) == content_hash(on_top) != content_hash(ORDER)
