import pytest

from parsers.words.units import MAX_UNIT_CHARS, unit_code


@pytest.mark.parametrize(
    ("printed", "code"),
    [
        ("PCE", "C62"),
        ("ea", "C62"),
        ("Stück", "C62"),
        ("Stk.", "C62"),
        ("pièces", "C62"),
        ("unidades", "C62"),
        ("pezzi", "C62"),
        ("stuks", "C62"),
        ("szt.", "C62"),
        ("peças", "C62"),
        ("kg", "KGM"),
        ("Karton", "CT"),
        ("scatola", "BX"),
        ("doos", "BX"),
        ("opakowanie", "PK"),
        ("garrafa", "BO"),
        ("m²", "MTK"),
        ("Box(es)", "BX"),
        ("XBX", "BX"),
        ("Dutzend", "DZN"),
        ("rouleau", "RO"),
        ("godz.", "HUR"),
    ],
)
def test_a_printed_unit_in_eight_languages_gives_its_code(printed: str, code: str) -> None:
    assert unit_code(printed) == code


@pytest.mark.parametrize("printed", ["", "blorp", "12", "in", "x" * (MAX_UNIT_CHARS + 1)])
def test_other_words_give_none(printed: str) -> None:
    assert unit_code(printed) is None


def test_a_word_just_within_the_limit_is_still_looked_up() -> None:
    assert unit_code("kg".center(MAX_UNIT_CHARS)) == "KGM"
    assert unit_code("kg".center(MAX_UNIT_CHARS + 1)) is None
