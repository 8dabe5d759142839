"""What a letter names only to take it back: the quantity that was ordered first, and goods that are left out now."""

import re
from collections.abc import Iterable, Iterator

from parsers.mail.counts import NUMBER
from parsers.mail.sentences import paragraphs, sentences
from parsers.words import labels, unit_words
from parsers.words.spans import Span

_OLD_BEHIND = re.compile(rf"\s*(?:the\s+|den\s+|der\s+|les\s+|las\s+|los\s+|i\s+|le\s+)?(?:{NUMBER})(?![\w/])\s*")
_OLD_BEFORE = re.compile(rf"(?<![\w.,/\-])(?:{NUMBER})\s*(?:[^\W\d]{{1,12}}\.?)?\s*$")
_NEW_BEHIND = re.compile(r"\s*\d")
_LOOKED_BACK = 40
"""Characters before 'yerine' or 'helyett' in which the number that it takes back is looked for."""

_MAX_TEXT = 6_000
_LEFT_OUT_WORDS = 6
_CLAUSE_END = re.compile(r"[,;:.!?()]")


def without_old(span: Span) -> Span:
    """Blank out what was ordered before: `120 each instead of 42`, `13 yerine 120 Adet`, `statt 20 kg`.

    Every other character keeps its place.
    """
    if len(span.text) > _MAX_TEXT or not any(char.isdigit() for char in span.text):
        return span
    tokens = labels.tokens(span.text)
    text = span.text
    for label in labels.every("mail", [token.word for token in tokens]):
        if label.field != "instead":
            continue
        start, end = tokens[label.start].start, tokens[label.end - 1].end
        gone = _before(text, start, end) if label.nuance == "after" else _behind(text, start, end)
        if gone is not None:
            text = text[: gone[0]] + " " * (gone[1] - gone[0]) + text[gone[1] :]
    return span if text == span.text else Span(text, span.start)


def _behind(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Return where 'instead of', its number and the unit of it stand."""
    found = _OLD_BEHIND.match(text, end)
    if found is None:
        return None
    bare = text[:start].rstrip()[-1:].isdigit()  # `12 instead of 8 boxes`: the unit is that of both numbers
    unit = None if bare else unit_words.at(text[found.end() :])
    return start, found.end() + (unit[1] if unit else 0)


def _before(text: str, start: int, end: int) -> tuple[int, int] | None:
    """Return where the old number and the word behind it stand, where a new number follows."""
    from_here = max(0, start - _LOOKED_BACK)
    found = _OLD_BEFORE.search(text[from_here:start])
    return (from_here + found.start(), end) if found and _NEW_BEHIND.match(text, end) else None


def left_out(lines: Iterable[Span]) -> Iterator[Span]:
    """Yield the words of a letter that leave goods out: 'no croissants', 'ohne Brot', 'sans les pommes'."""
    for paragraph in paragraphs(lines):
        for sentence in sentences(paragraph):
            tokens = labels.tokens(sentence.text)
            words = [token.word for token in tokens]
            for label in labels.every("leave", words):
                if label.field != "without":
                    continue
                last = min(label.end + _LEFT_OUT_WORDS, len(tokens))
                rest = sentence.text[tokens[label.end - 1].end : tokens[last - 1].end]
                stop = _CLAUSE_END.search(rest)
                end = tokens[label.end - 1].end + (stop.start() if stop else len(rest))
                if re.search(r"[^\W\d_]{3}", sentence.text[tokens[label.end - 1].end : end]):
                    yield sentence.cut(tokens[label.start].start, end)
