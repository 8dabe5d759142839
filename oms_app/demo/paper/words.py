"""The words that paper orders are printed with, in fourteen languages; every sender has a voice of its own."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from oms_app.demo.chance import chance

LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pl", "pt", "cs", "sv", "da", "tr", "ro", "hu")
_FOLDER = files("oms_app.demo.paper")


def package_text(name: str) -> str:
    """Return one of the text tables of this package."""
    return _FOLDER.joinpath(name).read_text("utf-8")


@cache
def entries(language: str) -> Mapping[str, tuple[str, ...]]:
    """Return every word of a language with its spellings, by what it stands for."""
    found = {}
    for row in package_text(f"words/{language}.txt").splitlines():
        key, _, spellings = row.partition(":")
        found[key] = tuple(spelling.strip() for spelling in spellings.split(" | "))
    return found


@dataclass(frozen=True, slots=True)
class Voice:
    """How one sender speaks: of all spellings of a word, he always prints the same."""

    language: str
    number: int

    def __call__(self, key: str) -> str:
        """Return this sender's word. Raises KeyError for what has no word."""
        return chance(self.number, "word", key).choice(entries(self.language)[key])

    def every(self, key: str) -> tuple[str, ...]:
        """Return all spellings of a word, or all sentences of a kind."""
        return entries(self.language)[key]
