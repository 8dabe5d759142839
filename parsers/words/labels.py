"""Label words of business documents in many languages: what 'Bestell-Nr.', 'Qty' or 'Liefertermin' stand for.

The words are data files: a group, a field, a language, and phrases parted by `|`. A field may carry a nuance after a
full stop: `number.yours` is a number, but the other side's. `data/labels.csv` holds the groups `header`, `party`,
`party_weak` (words that name a party only above an address), `part` (lines inside a party), `prefix` (words before a
name), `bare` ('No.' beside a title), `identifier`, `title`, `subject` ('Betreff'), `same` ('as above'), `change` and
`notes`; `data/labels_table.csv` the groups `column` and `total`; `data/phrases.csv` holds `mail` (what people write
when they order, change, cancel, ask or complain), `when` (words before a date), `unit` (units as people write them) and
`number` (numbers in words). A phrase is compared word by word, folded: case, accents, full stops and hyphens do not
count, so `Art.-Nr.` is `art nr`.
"""

import csv
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import TypeVar

from oms_core.values.layout import Meaning

T = TypeVar("T")

MAX_LABEL_WORDS = 6
"""The longest phrase looked for, in words."""

REMEMBERED = 4_096
"""Texts whose words are remembered: the steps of a reader ask for the same cells again and again."""

_TOKEN = re.compile(r"(?<![^\W_])[^\W\d_](?:\.[^\W\d_])+(?![^\W_])|[^\W_]+|[#%&@]")
"""A word, an abbreviation of single letters (`P.O.`, `j.m.`, read as one word), or one of four signs."""
_LATIN = re.compile(r"[a-z0-9#%&@]")
_SIGNS = str.maketrans(
    {"°": "o", "º": "o", "ª": "a", "№": "no", "ł": "l", "Ł": "l", "ß": "ss", ".": None}
    | {"\u0131": "i", "ø": "o", "Ø": "O", "đ": "d", "æ": "ae", "Æ": "ae"}
)


@dataclass(frozen=True, slots=True)
class Token:
    """One folded word of a text and where it stands there (`end` exclusive)."""

    word: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Label:
    """A phrase found: its field, the tokens it covers (`end` exclusive), and the shade of its meaning."""

    field: str
    start: int
    end: int
    nuance: str = ""


@lru_cache(maxsize=REMEMBERED)
def fold(word: str) -> str:
    """Fold a word for comparing: lower case, no accents, `n°` and `nº` as `no`."""
    plain = unicodedata.normalize("NFKD", word.translate(_SIGNS)).casefold()
    return "".join(char for char in plain if not unicodedata.combining(char))


@lru_cache(maxsize=REMEMBERED)
def tokens(text: str) -> tuple[Token, ...]:
    """Split a text into folded words with their places; apostrophes and hyphens part words.

    Words in other scripts are left out: labels are often printed in two, `QTY الكمية`.
    """
    spaced = text.translate(_SAME_LENGTH)
    found = (Token(fold(match.group()), match.start(), match.end()) for match in _TOKEN.finditer(spaced))
    return tuple(token for token in found if _LATIN.search(token.word))


_SAME_LENGTH = str.maketrans({"°": "o", "º": "o", "ª": "a"})


@lru_cache(maxsize=REMEMBERED)
def words_of(text: str) -> tuple[str, ...]:
    """Return only the folded words of a text."""
    return tuple(token.word for token in tokens(text))


def whole(group: str, text: str) -> str | None:
    """Return the field that the whole text names, or None."""
    found = _found(group, words_of(text)[: MAX_LABEL_WORDS + 1])
    return found[0] if found else None


def at(group: str, words: Sequence[str], start: int = 0) -> Label | None:
    """Return the longest phrase of the group that begins at this word, or None."""
    if start >= len(words) or words[start] not in _first_words(group):
        return None
    found = _at_first(group, tuple(words[start : start + MAX_LABEL_WORDS]))
    if found is None or not start:
        return found
    return Label(found.field, start, found.end + start, found.nuance)


def own(groups: Sequence[str], text: str) -> str | None:
    """Return the field that was taught for the whole text in one of the groups, or None."""
    told = _TAUGHT.get()
    words = words_of(text)[: MAX_LABEL_WORDS + 1] if told else ()
    return next((told[group, words] for group in groups if (group, words) in told), None) if told else None


def every(group: str, words: Sequence[str]) -> tuple[Label, ...]:
    """Return the phrases of the group that stand in the words, longest first at each place, never overlapping."""
    begins = _first_words(group)
    found: list[Label] = []
    place = 0
    for start, word in enumerate(words):
        if start >= place and word in begins and (label := at(group, words, start)) is not None:
            found.append(label)
            place = label.end
    return tuple(found)


@contextmanager
def taught(meanings: Iterable[Meaning]) -> Iterator[None]:
    """Let a sender's own words hold, before ours, while one document of theirs is read."""
    words = {(one.group, tuple(one.words.split())): one.field for one in meanings}
    if not words:
        yield
        return
    before = _TAUGHT.set(words)
    _forget()
    try:
        yield
    finally:
        _TAUGHT.reset(before)
        _forget()


def remembered(function: Callable[[str], T]) -> Callable[[str], T]:
    """Remember what a function of labels answers, until other words hold."""
    kept = lru_cache(maxsize=REMEMBERED)(function)
    _KEPT.append(kept.cache_clear)
    return kept


def _forget() -> None:
    for clear in _KEPT:
        clear()


@lru_cache(maxsize=4 * REMEMBERED)
def _at_first(group: str, words: tuple[str, ...]) -> Label | None:
    """Return the longest phrase that the words begin with; `words` is cut to the longest phrase there is."""
    for length in range(len(words), 0, -1):
        found = _found(group, words[:length])
        if found is not None:
            return Label(found[0], 0, length, found[1])
    return None


_TAUGHT: ContextVar[Mapping[tuple[str, tuple[str, ...]], str] | None] = ContextVar("taught", default=None)
_KEPT: list[Callable[[], None]] = [_at_first.cache_clear]
_ONE_OF = ("header", "party", "party_weak", "identifier", "title", "other")
"""Groups of the head: words that were taught for one of them mean nothing else there."""


def _found(group: str, words: tuple[str, ...]) -> tuple[str, str] | None:
    """Return the field and nuance of a phrase, first as it was taught, then as our files have it."""
    told = _TAUGHT.get()
    if told:
        own = told.get((group, words))
        if own is not None:
            return own, ""
        if group in _ONE_OF and any((other, words) in told for other in _ONE_OF):
            return None
    return _phrases(group).get(words)


@remembered
def _first_words(group: str) -> frozenset[str]:
    """Return the words that a phrase of the group begins with: most words of a document begin none."""
    told = _TAUGHT.get() or {}
    phrases = (*_phrases(group), *(words for place, words in told if place == group))
    return frozenset(words[0] for words in phrases if words)


@cache
def _phrases(group: str) -> dict[tuple[str, ...], tuple[str, str]]:
    """Read one group of the data file once: field and nuance; a phrase with two meanings keeps the first."""
    table: dict[tuple[str, ...], tuple[str, str]] = {}
    for row in _rows():
        if row["group"] == group:
            field, _, nuance = row["field"].partition(".")
            for phrase in row["words"].split("|"):
                table.setdefault(words_of(phrase), (field, nuance))
    return table


@cache
def _rows() -> tuple[dict[str, str], ...]:
    rows: list[dict[str, str]] = []
    for name in ("labels.csv", "labels_table.csv", "phrases.csv"):
        text = resources.files("parsers").joinpath("data", name).read_text(encoding="utf-8")
        rows += csv.DictReader(text.splitlines())
    return tuple(rows)
