"""How the pages write things, and what they advise for a document that could not be read."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from oms_app.web.remedy import remedy
from oms_app.web.wording import age, ago, counted, person, read_as, unit, written
from oms_core.records import Delivery
from oms_core.values import Finding, PathSource, Severity, Value

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("seconds", "told", "inside"),
    [
        (-5, "just now", "just now"),
        (59, "just now", "just now"),
        (60, "1 min", "1 min ago"),
        (3600, "1 h", "1 h ago"),
        (2 * 86400, "2 days", "2 days ago"),
    ],
)
def test_how_long_ago(seconds: int, told: str, inside: str) -> None:
    since = NOW - timedelta(seconds=seconds)
    assert age(since, NOW) == told
    assert ago(since, NOW) == inside


def test_what_never_was() -> None:
    assert age(None, NOW) == ago(None, NOW) == "never"


def test_units_are_written_as_people_say_them() -> None:
    assert unit("C62") == "piece"
    assert unit(None) == ""
    assert unit("Q7X") == "Q7X"
    assert counted(Decimal(1), "BX") == "1 box"
    assert counted(Decimal(12), "BX") == "12 boxes"
    assert counted(None, "BX") == ""
    assert counted(Decimal("2.50"), None) == "2.5"


@pytest.mark.parametrize(
    ("path", "value", "text"),
    [
        ("lines[0].unit", "MTR", "metre"),
        ("lines[0].unit_price", Decimal("1.5"), "1.50"),
        ("lines[0].quantity", Decimal("1.5"), "1.5"),
        ("date", date(2026, 3, 2), "2026-03-02"),
        ("number", "MTR", "MTR"),
    ],
)
def test_a_field_is_written_for_who_reads_it(path: str, value: object, text: str) -> None:
    assert written(path, Value(value, PathSource("x", ""), 1.0)) == text
    assert written(path, None) == ""


def test_who_did_something_has_a_name() -> None:
    assert person("anna", {"anna": "Anna Berg"}) == "Anna Berg"
    assert person("ordermill", {}) == "the machine"
    assert person("gone", {}) == "gone"


def test_formats_have_words() -> None:
    assert read_as("pdf") == "a PDF"
    assert read_as("their_own") == "their own"
    assert read_as(None) == ""


def delivery(**facts: object) -> Delivery:
    given: dict[str, Any] = {
        "size": 1,
        "received_at": NOW,
        "stored_at": NOW,
        "sender_address": "a@kunde.example",
        "authenticated": True,
        "automatic": False,
    } | facts
    return Delivery(id="1", channel="inbox", kind="mailbox", source_key="1", state="stored", filename="o.pdf", **given)


@pytest.mark.parametrize(
    ("code", "facts", "action"),
    [
        ("truncated", {}, "write"),
        ("encrypted_pdf", {}, "write"),
        ("unknown_format", {}, "write"),
        ("truncated", {"sender_address": None}, "hand_in"),
        ("truncated", {"automatic": True}, "hand_in"),
        ("truncated", {"authenticated": False}, "hand_in"),
        ("too_large", {}, "hand_in"),
        ("deadline", {}, "again"),
        ("killed_the_reader", {"sender_address": None}, "again"),
    ],
)
def test_the_main_button_is_what_helps(code: str, facts: dict[str, object], action: str) -> None:
    found = (Finding(f"document.{code}", Severity.REVIEW, "", "It breaks off & ends."),)
    advised = remedy(delivery(**facts), found)
    assert advised.action == action
    assert bool(advised.letter) == (action == "write")
    assert "&" not in advised.letter.partition("body=")[2]


def test_a_letter_goes_to_one_address_whatever_it_holds() -> None:
    letter = remedy(delivery(sender_address="a,b@x.example?bcc=c@y.example&"), ()).letter
    address, _, rest = letter.removeprefix("mailto:").partition("?")
    assert address == "a%2Cb@x.example%3Fbcc%3Dc@y.example%26"
    assert rest.startswith("subject=Your%20file%20o.pdf&body=")
