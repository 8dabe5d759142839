from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.words.dates import MAX_DATE_CHARS, day_first, parse_date


@pytest.mark.parametrize(
    "printed",
    [
        "2026-03-31",
        "20260331",
        "31.03.2026",
        "31.3.26",
        "31/03/2026",
        "03/31/2026",
        "2026-03-31T10:00:00Z",
        "31.03.2026 14:30",
        "31 March 2026",
        "Mar 31, 2026",
        "31-MAR-26",
        "31. März 2026",
        "31 mars 2026",
        "31 de marzo de 2026",
        "31 marzo 2026",
        "31 maart 2026",
        "31 marca 2026",
        "31 de março de 2026",
        "31. b\u0159ezna 2026",
        "31. maaliskuuta 2026",
        "2026. m\u00e1rcius 31.",
        "31 martie 2026",
        "31 Mart 2026",
        "2026. 03. 31.",
        "Tuesday, 31 March 2026",
        "Dienstag, 31. März 2026",
        "Tue, 31 Mar 2026 09:00:00 +0100",
    ],
)
def test_a_date_that_reads_one_way_is_read(printed: str) -> None:
    assert parse_date(printed) == date(2026, 3, 31)


@pytest.mark.parametrize(
    "printed", ["", "soon", "2026-02-30", "32.01.2026", "12", "3/31", "1.1.1800", "00000000", "KW 14"]
)
def test_what_names_no_day_gives_none(printed: str) -> None:
    assert parse_date(printed) is None


def test_a_date_in_doubt_is_none_until_the_document_or_the_country_tells() -> None:
    assert parse_date("01/02/2026") is None
    assert parse_date("01/02/2026", day_first=True) == date(2026, 2, 1)
    assert parse_date("01/02/2026", day_first=False) == date(2026, 1, 2)
    assert parse_date("01.02.2026") == date(2026, 2, 1)
    assert parse_date("02/02/2026") == date(2026, 2, 2)


def test_other_dates_settle_the_order() -> None:
    assert day_first(["01/02/2026", "25/02/2026"]) is True
    assert day_first(["01/02/2026", "02/25/2026"]) is False
    assert day_first(["01/02/2026", "2026-02-25"]) is None
    assert day_first(["25/02/2026", "02/25/2026"]) is None


def test_a_text_just_over_the_limit_is_none() -> None:
    assert parse_date("2026-03-31 10:00".ljust(MAX_DATE_CHARS, "x")) == date(2026, 3, 31)
    assert parse_date("2026-03-31 10:00".ljust(MAX_DATE_CHARS + 1, "x")) is None


@given(st.dates(date(1970, 1, 1), date(2069, 12, 31)), st.booleans(), st.sampled_from(["%d/%m/%Y", "%d-%m-%y"]))
def test_dates_come_back_in_both_orders(day: date, first: bool, form: str) -> None:
    if not first:
        form = form.replace("%d", "%_").replace("%m", "%d").replace("%_", "%m")
    assert parse_date(day.strftime(form), first) == day


@given(st.text(max_size=80))
def test_no_text_makes_it_raise(text: str) -> None:
    parse_date(text)
    day_first([text])
