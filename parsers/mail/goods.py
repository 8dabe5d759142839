"""The words for goods around a quantity in running text: where they begin, and where another phrase ends them."""

import re
from collections.abc import Sequence

from parsers.mail import naming
from parsers.mail.begins import LOOKED_AT, is_small_talk
from parsers.mail.prices import PRICE_TAIL
from parsers.words import codes, labels
from parsers.words.spans import Span

OF = re.compile(
    r"^(?:of the|van de|van het|von den|von der|de las?|de los|degli|delle|of|de|von|di|van|do|da|x|del|della"
    r"|dei|des|du|af|av)\s+|^d['\u2019]",
    re.IGNORECASE,
)
_TRIM = " \t\u00a0,;.:-\u2013?!"
_JOIN_END = re.compile(
    r"[\s,]+(?:and|plus|und|sowie|dazu|et|y|e|en|i|oraz|a|och|samt|og|ja|sek\u00e4|ve|\u0219i|si|\u00e9s|&)\s*$",
    re.IGNORECASE,
)
_LONGEST = 90


def after_quantity(rest: Span) -> tuple[codes.Named | None, Span | None]:
    """Return the goods after a quantity, up to where another phrase begins, and a price behind them."""
    of = OF.match(rest.text)
    rest = rest.cut(of.end()) if of else rest
    priced = PRICE_TAIL.search(rest.text.rstrip(" .,;"))
    tail = Span(rest.text[priced.start() :], rest.start + priced.start()) if priced else None
    rest = rest.cut(0, priced.start()) if priced else rest
    rest = rest.cut(0, len(_JOIN_END.sub("", rest.text)))
    opening = labels.at("small", labels.words_of(rest.text[:LOOKED_AT]))
    if opening is not None and opening.field == "stop":
        return None, tail
    words = rest.cut(0, _stop(rest.text)).strip(_TRIM)
    words = _without_remark(_up_to_code(words))
    words = words.strip(")") if words.text.count(")") > words.text.count("(") else words
    if not words.text or len(words.text) > _LONGEST or not re.search(r"[^\W\d_]{2}|\d", words.text):
        return None, tail
    return naming.named(words), tail


def _up_to_code(words: Span) -> Span:
    """Cut what follows a comma behind a code: 'batteries BT-74, all of it'."""
    for found in re.finditer(r"(\S+),\s", words.text):
        if codes.looks_like_code(found.group(1)) and found.start() > 0:
            return words.cut(0, found.end(1))
    return words


def _without_remark(words: Span) -> Span:
    for remark in _REMARK.finditer(words.text):
        before = words.text[: remark.start()]
        if before.count("(") <= before.count(")"):
            return words.cut(0, remark.start()).strip(_TRIM)
    return words


_REMARK = re.compile(r"[.;]\s|\s[-\u2013]\s+[^\W\d_]+\s")


def before_quantity(words: Span) -> codes.Named | None:
    """Return the goods before a quantity: 'citrons 2 boxes'."""
    pieces = re.split(r"[,;:]\s*", words.text.rstrip(" ,;:"))
    last = pieces[-1] if pieces else ""
    start = words.text.rfind(last) if last else -1
    if start < 0 or not re.search(r"[^\W\d_]{3}", last) or len(last) > _LONGEST or is_small_talk(last):
        return None
    named = words.cut(start + _leading_words(last)).strip(_TRIM)
    to = _TO.search(named.text)
    return naming.named(named.cut(0, to.start()) if to else named)


def _leading_words(text: str) -> int:
    """Return where the goods begin behind 'and', and behind words that change ('cambiad las servilletas')."""
    tokens = labels.tokens(text)
    words = [token.word for token in tokens]
    changed = [label.end for label in labels.every("mail", words) if label.field == "change"]
    joined = labels.at("small", words)
    place = changed[-1] if changed else joined.end if joined and joined.field == "join" else 0
    if place < len(words) and changed and words[place] in _THE:
        place += 1
    return tokens[place - 1].end if 0 < place < len(words) else 0


_THE = frozenset(
    {"the", "die", "der", "das", "den", "les", "le", "la", "las", "los", "el", "il", "lo", "i", "gli", "de", "het"}
)
_TO = re.compile(r"\s+(?:to|auf|a|\u00e0|naar|na|para|til|till|su)\s*$")
"""`napkins to 10 packs`: the word before the new quantity is no part of the name."""


def _stop(text: str) -> int:
    """Return where the words for goods end: at a comma before no more of them, or a word that begins another phrase."""
    tokens = labels.tokens(text)
    words = [token.word for token in tokens]
    for at in range(1, len(words)):
        label = labels.at("small", words, at)
        ends = label is not None and label.field in {"stop", "join"} and label.end > at
        if label is not None and ends and not _is_inside(text, tokens, at, label):
            return tokens[at].start
        if label is not None and labels.at("leave", words, label.end) is not None:
            return tokens[at].start
    taken_back = _TAKEN_BACK.search(text)
    return taken_back.start() if taken_back else len(text)


_TAKEN_BACK = re.compile(r"(?<=\S)\s{5,}")
"""Where 'instead of 4' has been blanked out."""


def _is_inside(text: str, tokens: Sequence[labels.Token], at: int, label: labels.Label) -> bool:
    """Say whether a small word is part of a name: in brackets, or one that joins two words of it."""
    before = text[: tokens[at].start]
    if before.count("(") > before.count(")"):
        return True
    if re.match(r"[\-/]\w|\d", text[tokens[label.end - 1].end :]):
        return True
    short = tokens[label.end - 1].end - tokens[at].start <= 1
    return label.field == "join" and ((label.end < len(tokens) and not short) or text[tokens[at].start].isupper())
