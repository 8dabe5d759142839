"""Where a number in running text begins a line of an order, and where it counts nothing."""

import re
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from parsers.mail.counts import (
    MEASURES,
    SIZES,
    is_day,
    is_numbered,
    is_reference,
    number_at,
    printed_unit,
)
from parsers.words import codes, labels, unit_words

_PLACE = re.compile(r"(?<![\w.,/\-:+#])(?=\w)")
SIGN = re.compile(r"\s*[x\u00d7*](?=\s+\S|[A-Z])\s*")
_PIECES = re.compile(
    r"\d{1,4}\s+[x\u00d7]\s+\d+(?:[.,]\d+)?\s?(?:mm|cm|m|kg|g|l|ml|ft|in)\b(?=\s+[^\W\d_]{3})", re.IGNORECASE
)
"""`60 x 2.4m posts`: so many of a size."""

_EDGE = re.compile(r"[,;:(]\s*$|^\s*$|\s[-\u2013\u2014]\s*$")
_NO_NUMBER = re.compile(
    r"\s?(?:%|\u00b0|[\"'\u2033\u20ac\u00a3$]|[x\u00d7*/]\s?\d|/|mm\b|cm\b|mm2|v\b|w\b|kw\b|[.:]\d"
    r"|-\s?\d|h\b|am\b|pm\b|uhr\b)|(?:th|st|nd|rd)\b",
    re.IGNORECASE,
)
_MONEY_BEFORE = re.compile(r"(?:[\u20ac\u00a3$@]|\b(?:EUR|GBP|USD|Rs\.?))\s*$")
_TRIM = " \t\u00a0,;.:-\u2013?!"
_ARTICLES = frozenset(
    {"a", "an", "un", "une", "una", "uno", "ein", "eine", "einen", "een", "um", "uma", "en", "ett"}
) | {"egy", "bir", "yksi"}
_RANGE = re.compile(
    r"\s*(?:-|\u2013|\bto\b|\bor\b|\band\b|\bbis\b|\boder\b|\bund\b|\bou\b|\bet\b|\bo\b|\by\b|\be\b|\bof\b|\ben\b|\blub\b|\bdo\b)\s*\d",
    re.IGNORECASE,
)
_RANGE_BEFORE = re.compile(
    r"\d\s*(?:-|\u2013|\b(?:to|or|bis|oder|ou|o|of|lub)\b)\s*$|\b(?:between|zwischen|entre|tra|tussen|mi\u0119dzy)\s+\d+\s+\S+\s+$",
    re.IGNORECASE,
)
LOOKED_AT = 40
"""Characters before or behind a place in which the words that tell of it stand."""


def after_order_words(sentence: str) -> int | None:
    """Return where the text after the words that order begins; 0 where they stand behind the goods."""
    tokens = labels.tokens(sentence)
    asked = [
        label
        for label in labels.every("mail", [token.word for token in tokens])
        if label.field in {"order", "quote_request", "change", "repeat"}
    ]
    if not asked:
        return None
    counts = (at for at, token in enumerate(tokens) if token.word[0].isdigit() and not is_day(sentence[token.end :]))
    first = next(counts, len(tokens))
    before = [label for label in asked if label.end <= first]
    return tokens[before[-1].end - 1].end if before else 0


def starts(text: str, start: int, comma: bool | None, *, told: bool) -> list[int]:
    """Return where numbers stand that count goods."""
    found: list[int] = []
    busy = start
    for place in places(text):
        if place >= busy and _begins(text, place, start, comma, told=told, first=told and not found):
            found.append(place)
            pieces = _PIECES.match(text, place)
            number = number_at(text[place:], comma)
            busy = pieces.end() if pieces else place + (number[1] if number else 0)
    return found


def places(text: str) -> list[int]:
    """Return where a number in digits or words could begin."""
    return [found.start() for found in _PLACE.finditer(text)]


@dataclass(frozen=True, slots=True)
class _Number:
    """A number in a sentence whose words that order end at `start`."""

    text: str
    start: int
    place: int
    value: Decimal
    length: int

    @property
    def before(self) -> str:
        """What stands between the words that order and the number."""
        return self.text[self.start : self.place]

    @property
    def after(self) -> str:
        """What stands behind the number."""
        return self.text[self.place + self.length :]

    @property
    def digits(self) -> bool:
        """Whether it is written in digits."""
        return self.text[self.place].isdigit()


def _begins(text: str, place: int, start: int, comma: bool | None, *, told: bool, first: bool) -> bool:
    """Say whether a number counts goods: a unit, a code or `x` follows, or it stands where a line may begin.

    `told` says that the sentence orders, `first` that no line of it has begun yet.
    """
    found = number_at(text[place:], comma)
    if found is None or found[0] <= 0 or not (told or text[place].isdigit()):
        return False
    number = _Number(text, start, place, *found)
    edge = bool(_EDGE.search(number.before)) or after_join(number.before) or is_small_talk(number.before)
    if edge and _PIECES.match(text, place):
        return told
    if _counts_nothing(text, place, number.after, digits=number.digits) or _PACK_OF.search(number.before):
        return False
    if SIGN.match(number.after) or unit_words.COUNT_MARK.match(number.after):
        return edge or not re.search(r"[\dx\u00d7]\s*$", number.before)
    return _counts_words(number, told=told, first=first, edge=edge)


# Each return is one way in which a number counts or does not.
def _counts_words(number: _Number, *, told: bool, first: bool, edge: bool) -> bool:
    """Say whether the words behind a number, or its place, make it one that counts goods."""
    before, after, digits = number.before, number.after, number.digits
    unit = unit_words.at(after.lstrip()) or printed_unit(after.lstrip())
    if unit is None and number.text[number.place : number.place + number.length].casefold() in _ARTICLES:
        return False
    if unit is not None and unit[0] not in MEASURES and not _RANGE_BEFORE.search(before):
        return edge or digits or number.value != 1
    if unit is None and _code_near(after):
        return edge or first or (digits and _code_next(after))
    if _RANGE.match(after) or _RANGE_BEFORE.search(before):
        return False
    rest = after.lstrip()[unit[1] :] if unit else after
    edge = edge or (told and _after_small_word(before)) or (first and not digits and number.value > 1)
    if unit is not None and not edge and _behind_change(number.text[: number.place]):
        return True
    return edge and (told or unit is not None) and bool(re.match(r"\s+[^\W\d_]{2}|\s+\d", rest))


def loose(text: str, start: int) -> list[int]:
    """Return where digits stand before a word in the part of a sentence behind the words that order.

    No line may begin there; but where none was read, a person should look.
    """
    return [
        found.start()
        for found in _LOOSE.finditer(text, start)
        if not _counts_nothing(text, found.start(), text[found.end() :], digits=True)
        and not _PACK_OF.search(text[start : found.start()])
        and not _measures(text[found.end() :])
    ]


def _measures(after: str) -> bool:
    """Say whether the word behind a number is a size, a time or part of a date: '20 kg bags', '2 weeks'."""
    words = labels.words_of(after[:LOOKED_AT])
    unit = unit_words.at(after.lstrip())
    told = any(labels.at(group, words) is not None for group in ("time", "when", "small", "paper", "mail"))
    return told or (unit is not None and unit[0] in MEASURES)


_LOOSE = re.compile(r"(?<![\w.,/\-:+#])(?<![\u20ac\u00a3$])[1-9]\d{0,4}(?=\s+[^\W\d_]{3})")
_PACK_OF = re.compile(r"[^\W\d_]\s+(?:of|\u00e0|zu(?: je)?|con)\s+$", re.IGNORECASE)
"""`a sleeve of 12oz cups`, `box of 100`: the number says what is in a pack."""


def _behind_change(before: str) -> bool:
    """Say whether a thing that is changed stands right before a number: 'make the mozzarella 12 kg'."""
    words = labels.words_of(before[-LOOKED_AT:])
    changed = [label.end for label in labels.every("mail", words) if label.field == "change"]
    return bool(changed) and 0 < len(words) - changed[-1] <= _SHORT_NAME


_SHORT_NAME = 4


def _counts_nothing(text: str, place: int, after: str, *, digits: bool) -> bool:
    """Say whether a number is a size, a price, a day or the number of something."""
    if (
        (digits and _NO_NUMBER.match(after))
        or _MONEY_BEFORE.search(text[:place])
        or is_day(after)
        or is_numbered(after)
    ):
        return True
    if is_reference(text[:place]) and not (unit_words.COUNT_MARK.match(after) or _counts_goods(text, place, after)):
        return True
    unit = unit_words.at(after.lstrip())
    return unit is not None and unit[0] in SIZES


def _counts_goods(text: str, place: int, after: str) -> bool:
    """Say whether a number behind 'order' counts what is ordered ('order 10 balls of yarn') and is not its number."""
    told = after_order_words(text[:place])
    if not told or text[told:place].strip() or not re.match(r"\s+[^\W\d_]{3}", after):
        return False
    words = labels.words_of(after[:40])
    unit = unit_words.at(after.lstrip())
    return len(text[place:]) - len(after) <= _SHORT_NUMBER and (
        unit is not None or (text[place - 2 : place].islower() is False and labels.at("small", words[:1]) is None)
    )


_SHORT_NUMBER = 3


def _code_near(after: str) -> bool:
    """Say whether a code follows a number at once or within a few words of goods: '6 filters FH-220'."""
    words = re.match(r"(?:\s+[^\s,;.:()]+){1,4}", after)
    near = words.group().split() if words else []
    if any(word[0].isdigit() and not codes.looks_like_code(word) for word in near):
        return False
    return any(codes.looks_like_code(word.strip(_TRIM + "()")) and any(c.isdigit() for c in word) for word in near)


def _code_next(after: str) -> bool:
    word = re.match(r"\s+(\S+)", after)
    return word is not None and codes.looks_like_code(word.group(1).strip(_TRIM + "()"))


def _after_small_word(before: str) -> bool:
    words = labels.words_of(before[-20:])
    if not words or not before[-1:].isspace():
        return False
    return any(labels.at(group, words[-1:]) is not None for group in ("small", "when"))


def after_join(before: str) -> bool:
    """Say whether a text ends with 'and', 'as well as' or another word that joins things."""
    words = labels.words_of(before[-30:])
    if not words or not before[-1:].isspace():
        return False
    return any(
        (label := labels.at("small", words, at)) is not None and label.field == "join" and label.end == len(words)
        for at in range(max(0, len(words) - 4), len(words))
    )


def another_before(text: str) -> bool:
    """Say whether a thing is named by an article and joined to what follows: 'wir brauchen eine Wand-WC weiß und'."""
    if not after_join(text):
        return False
    words = _SENTENCE_END.split(text)[-1].split()[:-1]
    return any(
        word.casefold() in _ARTICLES and sum(map(str.isalpha, after)) >= _LEAST_NAME for word, after in pairwise(words)
    )


_SENTENCE_END = re.compile(r"[.;:!?]\s")
_LEAST_NAME = 3


def is_small_talk(before: str) -> bool:
    """Say whether only small words stand between 'send' and a number: 'us please', 'also', 'for Friday'."""
    if len(before) > _LONG_TALK:
        return False
    words = labels.words_of(before)
    place = 0
    while place < len(words):
        label = next((got for group in _SMALL if (got := labels.at(group, words, place)) is not None), None)
        if label is None and (len(words[place]) > _TINY or words[place].isdigit()):
            return False
        place = label.end if label else place + 1
    return True


_SMALL = ("small", "when", "weekday", "day", "mail", "time")
_TINY = 4
_LONG_TALK = 120
"""Characters; more than that is no small talk."""
