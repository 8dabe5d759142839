"""What descriptions state in figures and fixed words, in several spellings and languages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.attributes import MAX_ATTRIBUTES, attributes, compare


def stated(text: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for attribute in attributes(text):
        found.setdefault(attribute.kind, set()).add(attribute.value)
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hex bolt M8x40", {"thread": {"8"}, "length": {"40"}, "head": {"hexagon"}}),
        ("bolt M 8 x 40 mm", {"thread": {"8"}, "length": {"40"}}),
        ("bolt M8*40", {"thread": {"8"}, "length": {"40"}}),
        ("bolt M8, 40 mm", {"thread": {"8"}, "length": {"40"}}),
        ("set screw M2,5x6", {"thread": {"2.5"}, "length": {"6"}}),
        ("NYM-J 3x2,5 mm²", {"sizes": {"3x2.5"}}),
        ("NYM-J 3G2.5", {"sizes": {"3x2.5"}}),
        ("Board 20 x 140 x 4000 mm", {"sizes": {"20x140x4000"}}),
        ('valve 1/2"', {"inch": {"16/32"}}),
        ("valve 1 1/4 inch", {"inch": {"40/32"}}),
        ('hose 2"', {"inch": {"64/32"}}),
        ("Motor 1,5 kW 400 V", {"power": {"1500"}, "voltage": {"400"}}),
        ("motor 1500W 400V", {"power": {"1500"}, "voltage": {"400"}}),
        ("RCD 30mA 40 A 4P", {"current": {"0.03", "40"}, "poles": {"4"}}),
        ("RCBO 1P+N", {"poles": {"1+N"}}),
        ("Luminaire IP65 4000K", {"ip": {"ip65"}, "kelvin": {"4000"}}),
        ("DIN 933 8.8 verzinkt", {"norm": {"din933"}, "grade": {"8.8"}, "material": {"zinc"}}),
        ("ISO 4017", {"norm": {"din933"}}),
        ("gloves blue nitrile 100 pcs", {"pack": {"100"}, "colour": {"blue"}, "material": {"nitrile"}}),
        ("Handschuhe blau, Packung zu 100", {"pack": {"100"}, "colour": {"blue"}}),
        ("Edelstahl V2A", {"material": {"a2"}}),
        ("just words", {}),
        ("", {}),
        ("😀 1/0 x", {}),
    ],
)
def test_what_a_text_states(text: str, expected: dict[str, set[str]]):
    assert stated(text) == expected


def test_a_difference_is_said_in_figures():
    against = compare(attributes("hex bolt M8x40 A2"), attributes("hex bolt M8x45 A2"))
    assert against.contradicting == ("length differs: 45, asked 40",)
    assert against.agreeing == ("thread agrees: M8", "head agrees: hexagon", "material agrees: a2")


def test_more_of_a_kind_agrees_and_other_of_a_kind_does_not():
    assert compare(attributes("230 V"), attributes("230 V / 400 V")).contradicting == ()
    assert compare(attributes("50 mm, 66 m"), attributes("50 mm, 33 m")).contradicting != ()


def test_what_only_one_side_states_is_told_apart():
    against = compare(attributes("M8x40 red"), attributes("M8 IP44"))
    assert against.agreeing == ("thread agrees: M8",)
    assert against.unanswered == ("length not stated: asked 40", "colour not stated: asked red")
    assert against.unasked == ("protection IP 44",)


def test_a_list_of_attributes_is_cut():
    text = " ".join(f"{n} mm" for n in range(1, MAX_ATTRIBUTES + 2))
    assert len(attributes(text)) == MAX_ATTRIBUTES


@given(st.text(max_size=200))
def test_any_text_agrees_with_itself(text: str):
    assert compare(attributes(text), attributes(text)).contradicting == ()


@given(st.integers(3, 64), st.integers(5, 300), st.integers(5, 300))
def test_another_length_always_contradicts(size: int, asked: int, offered: int):
    against = compare(attributes(f"bolt M{size}x{asked}"), attributes(f"bolt M{size} x {offered} mm"))
    assert bool(against.contradicting) == (asked != offered)
