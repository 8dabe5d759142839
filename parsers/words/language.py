"""The language of a text, told by the words of our own lists, and what a unit word means in it."""

import csv
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from importlib import resources

from parsers.words import labels

_TELLING = frozenset({"mail", "when", "time", "small", "unit"})
_ENOUGH = 1.0
_CLEARLY = 2
_NEAR = 0.5
"""Languages with this share of the votes of the best are still likely: neighbours share many words."""


def of(texts: Iterable[str]) -> str | None:
    """Return the language that most words of a letter speak for, or None where none does."""
    votes = _votes(tuple(texts))
    best = max(votes, key=lambda language: votes[language], default=None)
    return best if best is not None and votes[best] >= _ENOUGH else None


def clear(texts: Iterable[str]) -> str | None:
    """Return the language of a letter where English cannot be meant as well, or English, or None where none is clear.

    Much hangs on it: whether 1,500 is a thousand and a half, and which number of a date is the month.
    """
    votes = _votes(tuple(texts))
    best = max(votes, key=lambda language: votes[language], default=None)
    if best is None or best == "en":
        return best
    return best if votes[best] >= _CLEARLY * votes.get("en", 0.0) + _ENOUGH else None


@lru_cache(maxsize=64)
def _votes(texts: tuple[str, ...]) -> dict[str, float]:
    votes: dict[str, float] = {}
    for text in texts:
        for word in labels.words_of(text):
            spoken = _speakers().get(word, ())
            for language in spoken:
                votes[language] = votes.get(language, 0.0) + 1 / len(spoken)
    return votes


def likely(texts: Iterable[str]) -> frozenset[str]:
    """Return the languages that a letter may be in, with English; all of them where nothing tells."""
    votes = _votes(tuple(texts))
    best = max(votes.values(), default=0.0)
    if best < _ENOUGH:
        return _languages()
    return frozenset({"en", "-", *(language for language, count in votes.items() if count >= best * _NEAR)})


def every(words: Sequence[str], languages: frozenset[str]) -> tuple[labels.Label, ...]:
    """Return what people write when they order, change, cancel or ask, by the phrases of these languages alone.

    A word can be harmless in one language and a complaint in another: Italian 'casse', French 'cassé'.
    """
    phrases = _phrases(languages)
    begins = _beginnings(languages)
    found: list[labels.Label] = []
    place = 0
    while place < len(words):
        if words[place] not in begins:
            place += 1
            continue
        for length in range(min(labels.MAX_LABEL_WORDS, len(words) - place), 0, -1):
            field = phrases.get(tuple(words[place : place + length]))
            if field is not None:
                found.append(labels.Label(field, place, place + length))
                place += length
                break
        else:
            place += 1
    return tuple(found)


@lru_cache(maxsize=64)
def _phrases(languages: frozenset[str]) -> dict[tuple[str, ...], str]:
    table: dict[tuple[str, ...], str] = {}
    for row in _rows():
        if row["group"] == "mail" and row["language"] in languages:
            for phrase in row["words"].split("|"):
                table.setdefault(labels.words_of(phrase), row["field"].partition(".")[0])
    return table


@lru_cache(maxsize=64)
def _beginnings(languages: frozenset[str]) -> frozenset[str]:
    return frozenset(words[0] for words in _phrases(languages) if words)


@cache
def _languages() -> frozenset[str]:
    return frozenset(row["language"] for row in _rows())


def unit_in(language: str, word: str) -> str | None:
    """Return the unit that a word is in a language, where our list for letters holds it."""
    return _units().get((language, labels.words_of(word)))


@cache
def _rows() -> tuple[dict[str, str], ...]:
    return (*_file("phrases.csv"), *({"group": "unit", "field": row["code"], **row} for row in _file("units.csv")))


def _file(name: str) -> tuple[dict[str, str], ...]:
    text = resources.files("parsers").joinpath("data", name).read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


@cache
def _speakers() -> dict[str, tuple[str, ...]]:
    """Return for each word the languages whose lists hold it."""
    found: dict[str, set[str]] = {}
    for row in _rows():
        if row["group"] in _TELLING and row["language"] != "-":
            for phrase in row["words"].split("|"):
                for word in labels.words_of(phrase):
                    found.setdefault(word, set()).add(row["language"])
    return {word: tuple(sorted(languages)) for word, languages in found.items()}


@cache
def _units() -> dict[tuple[str, tuple[str, ...]], str]:
    return {
        (row["language"], labels.words_of(phrase)): row["field"]
        for row in _rows()
        if row["group"] == "unit"
        for phrase in row["words"].split("|")
    }
