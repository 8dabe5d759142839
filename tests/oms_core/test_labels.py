"""A field has one name, wherever it is named."""

from dataclasses import fields

import pytest

from oms_core.values import DraftDocument, DraftLine, DraftParty, Totals
from oms_core.values.labels import HEADER_LABELS, LINE_LABELS, PARTIES, PARTY_LABELS, TOTAL_LABELS, field_label


@pytest.mark.parametrize(
    ("path", "label"),
    [
        ("requested_date", "Wanted by"),
        ("lines[0].unit_price", "Line 1, unit price"),
        ("lines[11].gtin", "Line 12, GTIN"),
        ("lines[2]", "Line 3"),
        ("ship_to.name", "Ship to, name"),
        ("buyer", "Customer"),
        ("totals.net", "Net total"),
        ("something.else", "something.else"),
    ],
)
def test_a_field_is_called_what_people_call_it(path: str, label: str) -> None:
    assert field_label(path) == label


def test_every_field_that_a_draft_holds_has_a_name() -> None:
    assert {field.name for field in fields(DraftLine)} == set(LINE_LABELS)
    assert {field.name for field in fields(DraftParty)} == set(PARTY_LABELS)
    assert {field.name for field in fields(Totals)} == set(TOTAL_LABELS)
    assert set(HEADER_LABELS) | set(PARTIES) <= {field.name for field in fields(DraftDocument)}
