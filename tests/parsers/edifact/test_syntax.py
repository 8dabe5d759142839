import string

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from oms_core.errors import UnreadableDocument
from parsers.edifact.syntax import Separators, decode, separators_from_una

MARKS = list(string.punctuation)
VALUES = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn"), exclude_characters="\ufffd"), max_size=12)
SEGMENTS = st.lists(st.lists(st.lists(VALUES, min_size=1, max_size=4), min_size=1, max_size=5), min_size=1, max_size=6)


@given(st.permutations(MARKS), SEGMENTS)
def test_what_is_composed_is_cut_again_with_any_separators(marks: list[str], segments: list[list[list[str]]]) -> None:
    separators = Separators(marks[0], marks[1], ".", marks[2], " ", marks[3])
    tagged = [[["TAG"], *segment] for segment in segments]
    text = "".join(separators.compose(segment) for segment in tagged)
    assert [separators.elements(segment) for segment in separators.cut(text)] == tagged


@given(st.permutations(MARKS), VALUES)
def test_an_escaped_value_is_one_value_again(marks: list[str], value: str) -> None:
    separators = Separators(marks[0], marks[1], ".", marks[2], " ", marks[3])
    (segment,) = separators.cut("FTX" + separators.element + separators.escape(value) + separators.terminator)
    assert separators.elements(segment) == [["FTX"], [value]]


def test_a_released_release_character_does_not_release_the_terminator() -> None:
    assert Separators().cut("FTX+why??'FTX+it?'s'") == ["FTX+why\ufdd0", "FTX+it\ufdd1s"]


def test_without_a_release_character_every_mark_counts() -> None:
    separators = Separators(release=" ")
    assert separators.cut("FTX+a?'b'") == ["FTX+a?", "b"]


@given(st.text(min_size=6, max_size=6))
def test_una_gives_separators_that_can_be_told_apart_or_is_refused(characters: str) -> None:
    try:
        separators = separators_from_una(characters)
    except UnreadableDocument:
        return
    working = {separators.component, separators.element, separators.terminator}
    assert len(working) == 3
    assert not any(mark.isalnum() or mark == " " for mark in working)


def test_una_with_one_mark_for_two_things_is_refused() -> None:
    with pytest.raises(UnreadableDocument, match="cannot be told apart") as caught:
        separators_from_una("++.? '")
    assert caught.value.code == "bad_separators"


@pytest.mark.parametrize(
    ("codec", "text"), [("iso8859-2", "Żółć"), ("iso8859-5", "Болт"), ("utf-8", "螺丝 Ø 5"), ("ascii", "bolt")]
)
def test_a_declared_character_set_is_read(codec: str, text: str) -> None:
    assert decode(text.encode(codec), codec) == (text, False)


@given(st.text(max_size=20), st.sampled_from(["ascii", "latin-1", "iso8859-7", "iso2022_jp_2"]))
def test_utf_8_is_read_whatever_is_declared(text: str, declared: str) -> None:
    assume(declared != "iso2022_jp_2" or not text.isascii())
    assert decode(text.encode(), declared)[0] == text


@given(st.binary(max_size=40), st.sampled_from(["ascii", "latin-1", "utf-8", "iso2022_jp_2"]))
def test_no_bytes_make_decoding_raise(data: bytes, declared: str) -> None:
    decode(data, declared)


@pytest.mark.parametrize(("declared", "sent"), [("latin-1", "utf-8"), ("ascii", "utf-8"), ("ascii", "cp1252")])
def test_another_character_set_than_the_declared_one_is_noticed(declared: str, sent: str) -> None:
    assert decode("Größe".encode(sent), declared) == ("Größe", True)
