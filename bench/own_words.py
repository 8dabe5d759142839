"""Senders with words of their own: the generator's documents, with some labels in words that stand in no list.

A reader that knows the words of the trade reads the generator's documents at once, and so they hardly show what one
correction is worth. Here each sender calls a few things by words that nobody else has.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from unittest.mock import patch

from oms_app.demo.chance import chance
from oms_app.demo.paper import words

NAMED = ("number", "date", "due", "ship_to", "quantity", "plain_code", "code", "own_code", "unit", "price")
"""What a sender may call by a word of his own; each calls two things so that stand on his paper."""
_BEGIN = ("vel", "tor", "mas", "kri", "lun", "dap", "ros", "fen", "gal", "ziv")
_MIDDLE = ("ka", "mo", "ri", "tu", "le", "sa")
_END = ("nt", "rb", "lk", "sch", "m", "x", "gg")


def invented(seed: int, key: str) -> str:
    """Return a word that stands in no list, always the same for a seed and what it names."""
    draw = chance(seed, "own word", key)
    return f"{draw.choice(_BEGIN)}{draw.choice(_MIDDLE)}{draw.choice(_END)}".capitalize()


@contextmanager
def own_words(seed: int, keys: tuple[str, ...]) -> Iterator[None]:
    """Let the generator print invented words for these keys, while one sender's documents are written."""
    known = words.entries

    def spoken(language: str) -> Mapping[str, tuple[str, ...]]:
        return {**known(language), **{key: (invented(seed, key),) for key in keys}}

    with patch.object(words, "entries", spoken):
        yield


def two_of(seed: int, among: tuple[str, ...] = NAMED) -> tuple[str, ...]:
    """Return the two things that a sender has words of his own for."""
    return tuple(chance(seed, "own words").sample(among, 2))
