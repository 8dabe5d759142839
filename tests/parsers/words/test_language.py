"""The language of a text and what unit words mean in it."""

import pytest

from parsers.words import language


@pytest.mark.parametrize(
    ("spoken", "text"),
    [
        ("fi", "Tilaamme teiltä seuraavat tarvikkeet, pyydämme tilausvahvistusta"),
        ("de", "bitte liefern Sie uns folgende Artikel"),
        ("fr", "merci de nous livrer les articles suivants"),
    ],
)
def test_a_sentence_tells_its_language(spoken: str, text: str):
    assert language.of([text]) == spoken


def test_numbers_alone_tell_no_language():
    assert language.of(["4711 12,50", "10 x 20"]) is None


@pytest.mark.parametrize(
    ("spoken", "word", "code"), [("fi", "kpl", "C62"), ("pl", "kpl", "SET"), ("fr", "ml", "MTR"), ("en", "kpl", None)]
)
def test_a_unit_word_means_what_it_means_in_the_language(spoken: str, word: str, code: str | None):
    assert language.unit_in(spoken, word) == code
