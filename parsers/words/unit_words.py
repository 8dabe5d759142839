"""Units as people write them after a number, in more languages than printed forms need."""

import re

from parsers.words import labels, units

COUNT_MARK = re.compile(r"\s*(?:off|no\.|No\.?(?=\s+[a-z])|nr\.)\s+")
"""`6 off`, `40 No. kerb`: says only that the number counts."""

PIECE = "C62"
"""One piece, in UN/ECE Recommendation 20."""

_COUNT_WORDS = frozenset({"no", "nr", "off"})
"""Words that stand where a unit does and say only that the number counts."""

_WORD = (re.compile(r"[^\W\d_][\w]*(?:\([a-z]{1,2}\))?\.?"), re.compile(r"[^\W\d_]{1,4}(?![^\W\d_])"))
_FOLDED = 12


@labels.remembered
def code_of(word: str) -> str | None:
    """Return the UN/ECE Recommendation 20 code that a word stands for, or None."""
    known = units.unit_code(word)
    return known if known is not None or len(word) > _FOLDED else labels.whole("unit", word)


def counted_by(word: str) -> str | None:
    """Return the code of a word behind a number: of its unit, or of one piece where it says only that it counts."""
    code = code_of(word)
    return PIECE if code is None and word.casefold().strip(".") in _COUNT_WORDS else code


def at(text: str) -> tuple[str, int] | None:
    """Read a unit word at the start of a text: its code and its length."""
    for pattern in _WORD:
        word = pattern.match(text)
        if word is None:
            return None
        code = code_of(word.group())
        if code is not None and not re.match(r"[\w/]|-\w", text[word.end() :]):
            return code, word.end()
    return None
