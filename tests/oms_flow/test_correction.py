"""What a person types into a field: taken as people write it, refused with a sentence where it can be two things."""

import datetime as dt
from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oms_core.errors import InvalidInput
from oms_core.values import DocumentKind, DraftDocument, DraftLine
from oms_flow.correction import MAX_LINES, MAX_TEXT, add_line, set_field
from oms_flow.typed import typed_date, typed_number

ORDER = DraftDocument(DocumentKind.ORDER, "csv", lines=(DraftLine(), DraftLine()))
DECEMBER, JANUARY = dt.date(2026, 12, 1), dt.date(2026, 1, 12)


def refusal(path: str, text: str, country: str = "DE") -> str:
    with pytest.raises(InvalidInput) as refused:
        set_field(path, text, "anna", country)(ORDER)
    return str(refused.value)


@pytest.mark.parametrize(
    "text",
    ["2026-12-01", "1.12.2026", "01.12.26", "01/12/2026", "1-12-2026", "1 Dec 2026", "1. Dezember 2026", "Dec 1, 2026"],
)
def test_a_date_is_taken_as_people_type_it(text: str) -> None:
    changed = set_field("requested_date", f" {text} ", "anna", "DE")(ORDER)
    assert changed.requested_date is not None
    assert (changed.requested_date.value, changed.requested_date.source.text) == (DECEMBER, text)


@pytest.mark.parametrize(
    ("country", "meant"), [("US", JANUARY), ("PH", JANUARY), ("DE", DECEMBER), ("GB", DECEMBER), ("", DECEMBER)]
)
def test_the_companys_country_says_whether_the_day_comes_first(country: str, meant: dt.date) -> None:
    assert typed_date("Wanted by", "01/12/2026", country) == meant


def test_where_both_habits_live_both_readings_are_shown() -> None:
    assert refusal("requested_date", "01/12/2026", "CA") == (
        "Wanted by: '01/12/2026' can be 12 January 2026 or 1 December 2026; write 2026-01-12 or 2026-12-01"
    )
    assert typed_date("Wanted by", "25/12/2026", "CA") == dt.date(2026, 12, 25), "only one reading is in the calendar"


def test_two_digits_on_both_ends_may_be_the_year_on_either() -> None:
    told = refusal("date", "24-12-26")
    assert told.startswith("Order date: '24-12-26' can be 26 December 2024 or 24 December 2026;")
    assert typed_date("Order date", "26-12-01") == DECEMBER, "nobody enters an order of 2001"
    assert typed_date("Order date", "01-12-26") == DECEMBER


@pytest.mark.parametrize("text", ["31.31.26", "soon", "2026-02-30", "1 Dec", "0"])
def test_what_is_no_date_is_refused_under_the_label_of_the_page(text: str) -> None:
    assert refusal("lines[1].requested_date", text).startswith(f"Line 2, wanted by: {text!r} is not a date")


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("1.234,50", "1234.50"),
        ("1,234.50", "1234.50"),
        ("1 234,50", "1234.50"),
        ("1'234.50", "1234.50"),
        ("12,5", "12.5"),
        ("12.5", "12.5"),
        ("0.125", "0.125"),
        ("1.2340", "1.234"),
        ("1.234.567", "1234567"),
        ("12 EUR", "12"),
    ],
)
def test_a_number_is_taken_as_people_type_it(text: str, meant: str) -> None:
    changed = set_field("lines[0].unit_price", text, "anna")(ORDER)
    assert changed.lines[0].unit_price is not None
    assert changed.lines[0].unit_price.value == Decimal(meant)


def test_a_mark_before_three_digits_is_asked_about_with_both_readings() -> None:
    assert refusal("lines[1].unit_price", "1.234") == (
        "Line 2, unit price: '1.234' can be 1234 or 1.234; write 1234 or 1.2340"
    )
    assert "can be 12500 or 12.500" in refusal("lines[0].quantity", "12,500")


@pytest.mark.parametrize(
    ("path", "text", "told"),
    [
        ("lines[0].quantity", "many", "Line 1, quantity: 'many' is not a number"),
        ("lines[0].quantity", "0", "Line 1, quantity must be more than nothing"),
        ("lines[0].unit_price", "-1", "Line 1, unit price cannot be negative"),
        ("lines[0].quantity", "0.1234567", "six decimal places"),
        ("lines[0].quantity", "9" * 13, "six decimal places"),
        ("lines[2].quantity", "1", "there is no line 3 to correct; the order has 2 lines"),
        ("ship_to.name", "n" * (MAX_TEXT + 1), "Ship to, name takes at most 2,000 characters"),
        ("lines[0].sku", "A", "there is no field 'lines[0].sku' to correct"),
        ("nothing", "A", "there is no field 'nothing' to correct; fields are number, date"),
    ],
)
def test_what_cannot_be_taken_is_refused_with_a_sentence(path: str, text: str, told: str) -> None:
    assert told in refusal(path, text)


@pytest.mark.parametrize(
    ("typed", "code"), [("boxes", "BX"), ("Stück", "C62"), ("MTR", "MTR"), ("as before", "as before")]
)
def test_a_unit_is_kept_by_its_code_where_it_has_one(typed: str, code: str) -> None:
    changed = set_field("lines[0].unit", typed, "anna")(ORDER)
    assert changed.lines[0].unit is not None
    assert changed.lines[0].unit.value == code


def test_an_empty_text_clears_a_field() -> None:
    named = set_field("number", "PO-1", "anna")(ORDER)
    assert set_field("number", "  ", "anna")(named).number is None


def test_an_order_has_no_end_of_lines() -> None:
    full = DraftDocument(DocumentKind.ORDER, "csv", lines=(DraftLine(),) * MAX_LINES)
    with pytest.raises(InvalidInput, match="at most 5,000 lines"):
        add_line("anna", "A", "1")(full)
    with pytest.raises(InvalidInput, match="Quantity: 'x' is not a number"):
        add_line("anna", "A", "x")


@given(st.dates(dt.date(1970, 1, 1), dt.date(2069, 12, 31)), st.sampled_from(["US", "CA", "DE", ""]))
def test_the_iso_form_and_the_name_of_the_month_mean_one_date_everywhere(on: dt.date, country: str) -> None:
    assert typed_date("Order date", on.isoformat(), country) == on
    assert typed_date("Order date", f"{on.day} {on:%B %Y}", country) == on


@given(st.text(max_size=30))
def test_any_text_is_a_number_or_a_sentence(text: str) -> None:
    with suppress(InvalidInput):
        assert typed_number("Quantity", text).is_finite()
