"""A customer who is named by a person: found by number, identifier or whole name, else the nearest are told."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from oms_core.errors import InvalidInput
from oms_core.values.master import CustomerRow
from oms_flow.customers import MAX_NAMED, customer_number
from oms_flow.master import apply
from tests.factory import FixedClock
from tests.story import Story, open_story


@pytest.fixture
def story(sqlite_url: str, tmp_path: Path, clock: FixedClock) -> Iterator[Story]:
    opened = open_story(sqlite_url, tmp_path, clock)
    rows = [
        CustomerRow("C-3001", "Adler Bau GmbH", country="DE", edi_id="4012345000023", vat_id="DE123456788"),
        CustomerRow("C-3002", "Adler Bau AG", country="AT"),
    ]
    assert not apply(opened.house, "customers", rows, "import").errors
    yield opened
    opened.house.store.engine.dispose()


def number(story: Story, text: str) -> str:
    with story.house.store.read() as session:
        return customer_number(session, text)


@pytest.mark.parametrize("text", ["C-3001", "c3001", " 4012345000023 ", "DE 123 456 788"])
def test_a_number_or_an_identifier_names_one(story: Story, text: str) -> None:
    assert number(story, text) == "C-3001"


def test_a_whole_name_names_one_without_its_legal_form(story: Story) -> None:
    assert number(story, "HUBER  metallbau") == "C-1001"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Adler Bau", "several customers go by 'Adler Bau': C-3001 Adler Bau GmbH, C-3002 Adler Bau AG. Give"),
        ("Hubert Metallbau", "there is no customer 'Hubert Metallbau'. The nearest is C-1001 Huber Metallbau GmbH."),
        ("Zzyzx", "there is no customer 'Zzyzx'. Give a customer's number, whole name or EDI id."),
        (" ", "there is no customer ''"),
        ("x" * (MAX_NAMED + 1), f"at most {MAX_NAMED} characters"),
    ],
)
def test_any_other_is_refused_with_the_nearest(story: Story, text: str, says: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        number(story, text)
    assert says in str(refused.value)
