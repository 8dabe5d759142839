"""Folding: what is the same written otherwise becomes the same, and nothing else does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching import normalise as n


@pytest.mark.parametrize(
    ("code", "folded"),
    [
        ("HX-M8x40/A2", "hxm8x40a2"),
        ("  hx m8 X40 a2 ", "hxm8x40a2"),
        ("Größe_12", "grosse12"),
        ("ＡＢ１２", "ab12"),  # noqa: RUF001 full-width signs, as Japanese keyboards send them
        ("Œuvre Ø5", "oeuvreo5"),
        ("---", ""),
        ("", ""),
        ("😀", ""),
    ],
)
def test_codes_keep_letters_and_digits_only(code: str, folded: str):
    assert n.fold_code(code) == folded


def test_a_code_longer_than_the_limit_is_cut():
    assert len(n.fold_code("a" * n.MAX_CODE)) == n.MAX_CODE
    assert len(n.fold_code("a" * (n.MAX_CODE + 1))) == n.MAX_CODE


@pytest.mark.parametrize(("left", "right"), [("B0X-10", "BOX-IO"), ("L1NK", "LINK"), ("o0", "0O")])
def test_the_weaker_fold_takes_look_alikes_for_one(left: str, right: str):
    assert n.fold_code(left) != n.fold_code(right)
    assert n.fold_lookalikes(left) == n.fold_lookalikes(right)


def test_look_alike_spellings_hold_the_right_one_and_stay_few():
    assert "box10" in n.lookalike_spellings("B0X-1O")
    assert n.lookalike_spellings("ABC-23") == ()
    assert len(n.lookalike_spellings("0000")) == 15
    assert n.lookalike_spellings("00000") == ()


@given(st.text(max_size=60))
def test_every_look_alike_spelling_folds_to_the_same(code: str):
    for spelling in n.lookalike_spellings(code):
        assert n.fold_lookalikes(spelling) == n.fold_lookalikes(code)
        assert spelling != n.fold_code(code)


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing(text: str):
    assert n.fold_code(n.fold_code(text)) == n.fold_code(text)
    assert n.fold_text(n.fold_text(text)) == n.fold_text(text)
    assert n.fold_sku(n.fold_sku(text)) == n.fold_sku(text)


@pytest.mark.parametrize(
    ("gtin", "folded", "valid"),
    [
        ("4006381333931", "04006381333931", True),
        ("4006381333932", "04006381333932", False),
        ("96385074", "00000096385074", True),
        ("036000291452", "00036000291452", True),
        ("400 6381-333931", "04006381333931", True),
        ("12345", "", False),
        ("40063813339ab", "", False),
        ("٤٠٠٦٣٨١٣٣٣٩٣١", "", False),
        ("00000000", "00000000000000", False),
        ("", "", False),
    ],
)
def test_gtins(gtin: str, folded: str, valid: bool):
    assert n.fold_gtin(gtin) == folded
    assert n.gtin_is_valid(gtin) is valid


def test_text_longer_than_the_limit_is_cut():
    assert n.words("x " * n.MAX_TEXT) == ["x"] * (n.MAX_TEXT // 2)


def test_pieces_are_kept_together_like_codes():
    assert n.chunks("PS-LX350H (black) -") == ["pslx350h", "black"]
