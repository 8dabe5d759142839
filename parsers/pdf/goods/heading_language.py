"""What the language of a table's headings tells: whether its numbers have a decimal comma."""

import csv
from collections.abc import Sequence
from functools import cache
from importlib import resources

from parsers.pdf.goods.headings import Heading
from parsers.words import labels


def comma_of(headings: Sequence[Heading]) -> bool | None:
    """Say whether the languages of these headings write a decimal comma; None where they do not tell.

    English, Chinese, Japanese, Korean, Hebrew and Thai write a point; Spanish does either, by country.
    """
    votes = {"comma": 0, "point": 0}
    for heading in headings:
        languages = _languages().get(labels.words_of(heading.text), frozenset())
        if languages and not languages & _POINT:
            votes["comma"] += 1
        elif languages and languages <= _POINT:
            votes["point"] += 1
    return None if votes["comma"] == votes["point"] else votes["comma"] > votes["point"]


_POINT = frozenset({"en", "zh", "ja", "ko", "he", "th", "es"})


@cache
def _languages() -> dict[tuple[str, ...], frozenset[str]]:
    """Read which languages each heading is of."""
    table: dict[tuple[str, ...], set[str]] = {}
    text = resources.files("parsers").joinpath("data/labels_table.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines()):
        if row["group"] == "column":
            for phrase in row["words"].split("|"):
                table.setdefault(labels.words_of(phrase), set()).add(row["language"])
    return {words: frozenset(languages) for words, languages in table.items()}
