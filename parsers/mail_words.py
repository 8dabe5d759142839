"""The words of a letter and the label phrases in them, each worked out once: letters are looked at many times.

Most words begin no phrase of a group; a list of those that do answers for them at once.
"""

import csv
from collections.abc import Sequence
from functools import cache, lru_cache
from importlib import resources

from parsers import labels
from parsers.labels import MAX_LABEL_WORDS, Label, Token, fold, tokens

__all__ = ["MAX_LABEL_WORDS", "Label", "Token", "at", "every", "fold", "tokens", "whole", "words_of"]

_FILES = ("labels.csv", "labels_table.csv", "phrases.csv")
_KEPT = 4_096
"""Texts and beginnings that are remembered; a letter has a few hundred."""


@lru_cache(maxsize=_KEPT)
def words_of(text: str) -> tuple[str, ...]:
    """Return only the folded words of a text."""
    return tuple(token.word for token in tokens(text))


@lru_cache(maxsize=_KEPT)
def whole(group: str, text: str) -> str | None:
    """Return the field that the whole text names, or None."""
    return labels.whole(group, text)


def at(group: str, words: Sequence[str], start: int = 0) -> Label | None:
    """Return the longest phrase of the group that begins at this word, or None."""
    if start >= len(words) or words[start] not in _first_words()[group]:
        return None
    found = _at_first(group, tuple(words[start : start + MAX_LABEL_WORDS]))
    if found is None or not start:
        return found
    return Label(found.field, start, found.end + start, found.nuance)


@lru_cache(maxsize=4 * _KEPT)
def _at_first(group: str, words: tuple[str, ...]) -> Label | None:
    return labels.at(group, words)


def every(group: str, words: Sequence[str]) -> tuple[Label, ...]:
    """Return the phrases of the group that stand in the words, longest first at each place, never overlapping."""
    begins = _first_words()[group]
    found: list[Label] = []
    place = 0
    for start, word in enumerate(words):
        if start >= place and word in begins and (label := at(group, words, start)) is not None:
            found.append(label)
            place = label.end
    return tuple(found)


@cache
def _first_words() -> dict[str, frozenset[str]]:
    """Return for each group of phrases the words that one of them begins with."""
    found: dict[str, set[str]] = {}
    for name in _FILES:
        text = resources.files("parsers").joinpath("data", name).read_text(encoding="utf-8")
        for row in csv.DictReader(text.splitlines()):
            firsts = (labels.words_of(phrase)[:1] for phrase in row["words"].split("|"))
            found.setdefault(row["group"], set()).update(word for first in firsts for word in first)
    return {group: frozenset(words) for group, words in found.items()}
