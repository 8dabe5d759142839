"""Ordered lines in running text: each number that counts something begins a line and ends the one before.

A number counts where a unit, a code or `x` follows it, or where it stands first or after a comma or 'and' in a
sentence that orders. The small words of sixteen languages are data (`small` in `data/phrases.csv`).
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from parsers.mail import free
from parsers.mail.counts import MEASURES, SIZES, is_day, is_numbered, is_reference, is_time, number_at
from parsers.mail.lines import Item, with_price
from parsers.mail.lines import item as line_item
from parsers.mail.prices import PRICE_TAIL
from parsers.mail.sentences import sentences
from parsers.words import codes, labels, unit_words
from parsers.words.spans import Span

_PLACE = re.compile(r"(?<![\w.,/\-:+#])(?=\w)")
_SIGN = re.compile(r"\s*[x\u00d7*](?=\s+\S|[A-Z])\s*")
_PIECES = re.compile(
    r"\d{1,4}\s+[x\u00d7]\s+\d+(?:[.,]\d+)?\s?(?:mm|cm|m|kg|g|l|ml|ft|in)\b(?=\s+[^\W\d_]{3})", re.IGNORECASE
)
"""`60 x 2.4m posts`: so many of a size."""

_EDGE = re.compile(r"[,;:(]\s*$|^\s*$|\s[-\u2013\u2014]\s*$")
_OF = re.compile(r"^(?:of the|of|de|von|di|van|do|da|x|del|della|dei|des|du|af|av)\s+|^d['\u2019]", re.IGNORECASE)
_NO_NUMBER = re.compile(
    r"\s?(?:%|\u00b0|[\"'\u2033\u20ac\u00a3$]|[x\u00d7*/]\s?\d|/|mm\b|cm\b|mm2|v\b|w\b|kw\b|[.:]\d"
    r"|-\s?\d|h\b|am\b|pm\b|uhr\b)|(?:th|st|nd|rd)\b",
    re.IGNORECASE,
)
_MONEY_BEFORE = re.compile(r"(?:[\u20ac\u00a3$@]|\b(?:EUR|GBP|USD|Rs\.?))\s*$")
_TRIM = " \t\u00a0,;.:-\u2013?!"
_JOIN_END = re.compile(
    r"[\s,]+(?:and|plus|und|sowie|dazu|et|y|e|en|i|oraz|a|och|samt|og|ja|sek\u00e4|ve|\u0219i|si|\u00e9s|&)\s*$",
    re.IGNORECASE,
)
_CLAUSE = re.compile(
    r"[,;]\s+|\s+(?:and|und|sowie|et|y|e|en|i|oraz|och|samt|og|ja|ve|\u0219i|\u00e9s)\s+(?=[^\W\d_]{3})", re.IGNORECASE
)
_MAX_TEXT = 6_000
_ARTICLES = frozenset({"a", "an", "un", "une", "una", "uno", "ein", "eine", "einen", "een", "um", "uma", "en", "ett"})
_LONGEST = 90
_TIMES = {"DZN": 12, "GRO": 144}
"""`two dozen boxes` are 24 boxes; `two dozen gloves` are two of the unit dozen."""
_RANGE = re.compile(
    r"\s*(?:-|\u2013|\bto\b|\bor\b|\band\b|\bbis\b|\boder\b|\bund\b|\bou\b|\bet\b|\bo\b|\by\b|\be\b|\bof\b|\ben\b|\blub\b|\bdo\b)\s*\d",
    re.IGNORECASE,
)
_RANGE_BEFORE = re.compile(
    r"\d\s*(?:-|\u2013|\b(?:to|or|bis|oder|ou|o|of|lub)\b)\s*$|\b(?:between|zwischen|entre|tra|tussen|mi\u0119dzy)\s+\d+\s+\S+\s+$",
    re.IGNORECASE,
)
_CAREFUL = 0.86
"""The confidence of a line that stands in running text with its unit or code."""


def items(line: Span, comma: bool | None = None, *, orders: bool = False) -> tuple[Item, ...]:
    """Return the ordered lines named in one paragraph, none where nothing in it orders.

    `orders` says that the letter orders; then a sentence without such words may name goods as well.
    """
    if len(line.text) > _MAX_TEXT:
        return ()
    found: list[Item] = []
    going = False
    for sentence in sentences(line):
        start = _after_order_words(sentence.text)
        going = start is not None or (going and not sentence.text.rstrip().endswith("?"))
        if (start is None and not orders) or _speaks_against(sentence.text):
            continue
        found += _in_sentence(sentence, start, comma)
    return tuple(found)


def goes_on(words: str, comma: bool | None = None) -> bool:
    """Say whether words for goods go on with another line: 'gloves and five rolls of tape'."""
    return any(
        (unit := unit_words.at(words[place + number[1] :].lstrip())) is not None and unit[0] not in MEASURES | SIZES
        for place in _places(words)
        if _after_join(words[:place]) and (number := number_at(words[place:], comma)) is not None
    )


def several(line: Span, start: int, comma: bool | None = None) -> tuple[Item, ...]:
    """Return the ordered lines that stand behind one another in one, from a place on."""
    return tuple(_in_sentence(line, start, comma))


def counts(line: Span, comma: bool | None = None) -> tuple[Span, ...]:
    """Return the places in a paragraph where a number counts something by a unit, a code or `x`, line or not."""
    if len(line.text) > _MAX_TEXT:
        return ()
    found: list[Span] = []
    for sentence in sentences(line):
        if _speaks_against(sentence.text):
            continue
        for place in _starts(sentence.text, 0, comma, told=False):
            number = number_at(sentence.text[place:], comma)
            item = _one(sentence, place, len(sentence.text), comma, 0)
            if number is not None and item is not None and item.strong:
                found.append(sentence.cut(place, place + number[1]))
    return tuple(found)


def _speaks_against(sentence: str) -> bool:
    said = labels.every("mail", labels.words_of(sentence))
    if not any(char.isdigit() for char in sentence) and free.tells_no_order(sentence):
        return True
    against = sum(label.field in {"no_order", "return_request"} for label in said)
    return against > sum(label.field == "order" for label in said)


def _after_order_words(sentence: str) -> int | None:
    """Return where the text after the words that order begins; 0 where they stand behind the goods."""
    tokens = labels.tokens(sentence)
    asked = [
        label
        for label in labels.every("mail", [token.word for token in tokens])
        if label.field in {"order", "quote_request", "change"}
    ]
    if not asked:
        return None
    first = next((at for at, token in enumerate(tokens) if token.word[0].isdigit()), len(tokens))
    before = [label for label in asked if label.end <= first]
    return tokens[before[-1].end - 1].end if before else 0


def _in_sentence(sentence: Span, start: int | None, comma: bool | None) -> list[Item]:
    """Read the lines of a sentence: each number begins one, or, where goods stand first, each clause is one."""
    numbered = _by_numbers(sentence, start, comma)
    clauses = _by_clauses(sentence, start or 0, comma)
    return clauses if len(clauses) > max(sum(item.strong for item in numbered), 1) else numbered


def _by_clauses(sentence: Span, start: int, comma: bool | None) -> list[Item]:
    """Read 'flour 25 kg x 3, butter 10 kg, cider 4 cases': goods before their quantities."""
    colon = sentence.text.find(":", start)
    rest = sentence.cut(colon + 1 if colon >= 0 else start)
    found = [_line_item(clause, comma) for clause in rest.split(_CLAUSE) if clause.text]
    return [replace(item, sure=_CAREFUL, strong=True) for item in found if item is not None]


def _line_item(clause: Span, comma: bool | None) -> Item | None:
    item = line_item(clause, comma)
    told = item is not None and (item.unit is not None or item.named.code is not None or item.strong)
    return item if told else None


def _by_numbers(sentence: Span, start: int | None, comma: bool | None) -> list[Item]:
    starts = _starts(sentence.text, start or 0, comma, told=start is not None)
    found: list[Item] = []
    previous = start or 0
    for index, place in enumerate(starts):
        end = starts[index + 1] if index + 1 < len(starts) else len(sentence.text)
        item = _one(sentence, place, end, comma, previous)
        if item is not None:
            found.append(item)
        previous = end
    return found


def _starts(text: str, start: int, comma: bool | None, *, told: bool) -> list[int]:
    """Return where numbers stand that count goods."""
    starts: list[int] = []
    busy = start
    for place in _places(text):
        if place >= busy and _begins(text, place, start, comma, told=told, first=told and not starts):
            starts.append(place)
            pieces = _PIECES.match(text, place)
            number = number_at(text[place:], comma)
            busy = pieces.end() if pieces else place + (number[1] if number else 0)
    return starts


def _places(text: str) -> list[int]:
    return [found.start() for found in _PLACE.finditer(text)]


# Each return is one way in which a number counts or does not.
def _begins(text: str, place: int, start: int, comma: bool | None, *, told: bool, first: bool) -> bool:  # noqa: PLR0911
    """Say whether a number counts goods: a unit, a code or `x` follows, or it stands where a line may begin.

    `told` says that the sentence orders, `first` that no line of it has begun yet.
    """
    number = number_at(text[place:], comma)
    digits = text[place].isdigit()
    if number is None or number[0] <= 0 or not (told or digits):
        return False
    before, after = text[start:place], text[place + number[1] :]
    edge = bool(_EDGE.search(before)) or _after_join(before) or _is_small_talk(before)
    if edge and _PIECES.match(text, place):
        return told
    if _counts_nothing(text, place, after, digits=digits):
        return False
    if _SIGN.match(after) or unit_words.COUNT_MARK.match(after):
        return edge or not re.search(r"[\dx\u00d7]\s*$", before)
    unit = unit_words.at(after.lstrip())
    if unit is None and text[place : place + number[1]].casefold() in _ARTICLES:
        return False
    if unit is not None and unit[0] not in MEASURES and not _RANGE_BEFORE.search(before):
        return edge or digits or number[0] != 1
    if unit is None and _code_near(after):
        return edge or first or (digits and _code_next(after))
    if _RANGE.match(after) or _RANGE_BEFORE.search(before):
        return False
    rest = after.lstrip()[unit[1] :] if unit else after
    edge = edge or (told and _after_small_word(before))
    return edge and (told or unit is not None) and bool(re.match(r"\s+[^\W\d_]{2}|\s+\d", rest))


def _counts_nothing(text: str, place: int, after: str, *, digits: bool) -> bool:
    """Say whether a number is a size, a price, a day or the number of something."""
    if (
        (digits and _NO_NUMBER.match(after))
        or _MONEY_BEFORE.search(text[:place])
        or is_day(after)
        or is_numbered(after)
    ):
        return True
    if is_reference(text[:place]) and not _counts_goods(text, place, after):
        return True
    unit = unit_words.at(after.lstrip())
    return unit is not None and unit[0] in SIZES


def _counts_goods(text: str, place: int, after: str) -> bool:
    """Say whether a number behind 'order' counts what is ordered ('order 10 balls of yarn') and is not its number."""
    told = _after_order_words(text[:place])
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


def _after_join(before: str) -> bool:
    words = labels.words_of(before[-30:])
    if not words or not before[-1:].isspace():
        return False
    return any(
        (label := labels.at("small", words, at)) is not None and label.field == "join" and label.end == len(words)
        for at in range(max(0, len(words) - 4), len(words))
    )


def _is_small_talk(before: str) -> bool:
    """Say whether only small words stand between 'send' and a number: 'us please', 'also', 'for Friday'."""
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


def _one(sentence: Span, place: int, end: int, comma: bool | None, previous: int) -> Item | None:
    number = number_at(sentence.text[place:end], comma)
    if number is None:
        return None
    value, length = number
    after = place + length
    sign = _SIGN.match(sentence.text, after, end) or unit_words.COUNT_MARK.match(sentence.text, after, end)
    after = sign.end() if sign else after
    after += len(sentence.text[after:end]) - len(sentence.text[after:end].lstrip())
    unit = unit_words.at(sentence.text[after:end])
    inner = _unit_of_dozens(sentence.text[:end], after + unit[1]) if unit and unit[0] in _TIMES else None
    if unit is not None and inner is not None:
        value, length, after, unit = value * _TIMES[unit[0]], after + unit[1] - place, inner[0], inner[1]
    named, tail = _goods(sentence.cut(after + (unit[1] if unit else 0), end))
    if named is None and (unit or sign):
        named, tail = _goods_before(sentence.cut(previous, place)), None
    if named is None or is_time(named, unit[0] if unit else None):
        return None
    item = Item(
        named,
        value,
        sentence.cut(place, place + length),
        unit[0] if unit else None,
        sentence.cut(after, after + unit[1]) if unit else None,
    )
    vague = free.is_vague(sentence.text[:place])
    told = unit is not None or named.code is not None or sign is not None
    item = replace(item, strong=told and not vague, sure=free.UNSURE if vague else _CAREFUL)
    return with_price(item, tail, comma) if tail else item


def _unit_of_dozens(text: str, place: int) -> tuple[int, tuple[str, int]] | None:
    """Return the unit that is counted by the dozen, and where it stands: 'two dozen boxes'."""
    place += len(text[place:]) - len(text[place:].lstrip())
    of = _OF.match(text[place:])
    place += of.end() if of else 0
    unit = unit_words.at(text[place:])
    return (place, unit) if unit else None


def _goods(rest: Span) -> tuple[codes.Named | None, Span | None]:
    """Return the goods after a quantity, up to where another phrase begins, and a price behind them."""
    of = _OF.match(rest.text)
    rest = rest.cut(of.end()) if of else rest
    priced = PRICE_TAIL.search(rest.text.rstrip(" .,;"))
    tail = Span(rest.text[priced.start() :], rest.start + priced.start()) if priced else None
    rest = rest.cut(0, priced.start()) if priced else rest
    rest = rest.cut(0, len(_JOIN_END.sub("", rest.text)))
    words = rest.cut(0, _stop(rest.text)).strip(_TRIM)
    words = _without_remark(_up_to_code(words))
    words = words.strip(")") if words.text.count(")") > words.text.count("(") else words
    if not words.text or len(words.text) > _LONGEST or not re.search(r"[^\W\d_]{2}|\d", words.text):
        return None, tail
    return codes.part(words), tail


def _up_to_code(words: Span) -> Span:
    """Cut what follows a comma behind a code: 'batteries BT-74, all of it'."""
    for found in re.finditer(r"(\S+),\s", words.text):
        if codes.looks_like_code(found.group(1)) and found.start() > 0:
            return words.cut(0, found.end(1))
    return words


def _without_remark(words: Span) -> Span:
    remark = re.search(r"[.;]\s|\s[-\u2013]\s+[^\W\d_]+\s", words.text)
    return words.cut(0, remark.start()).strip(_TRIM) if remark else words


def _goods_before(words: Span) -> codes.Named | None:
    """Return the goods before a quantity: 'citrons 2 boxes'."""
    pieces = re.split(r"[,;:]\s*", words.text.rstrip(" ,;:"))
    last = pieces[-1] if pieces else ""
    start = words.text.rfind(last) if last else -1
    if start < 0 or not re.search(r"[^\W\d_]{3}", last) or len(last) > _LONGEST or _is_small_talk(last):
        return None
    tokens = labels.tokens(last)
    joined = labels.at("small", [token.word for token in tokens]) if tokens else None
    skip = tokens[joined.end - 1].end if joined and joined.field == "join" else 0
    return codes.part(words.cut(start + skip).strip(_TRIM))


def _stop(text: str) -> int:
    """Return where the words for goods end: at a comma before no more of them, or a word that begins another phrase."""
    tokens = labels.tokens(text)
    words = [token.word for token in tokens]
    for at in range(1, len(words)):
        label = labels.at("small", words, at)
        ends = label is not None and label.field in {"stop", "join"} and label.end > at
        if label is not None and ends and not _is_inside(text, tokens, at, label):
            return tokens[at].start
    return len(text)


def _is_inside(text: str, tokens: Sequence[labels.Token], at: int, label: labels.Label) -> bool:
    """Say whether a small word is part of a name: in brackets, or one that joins two words of it."""
    before = text[: tokens[at].start]
    if before.count("(") > before.count(")"):
        return True
    if re.match(r"[\-/]\w|\d", text[tokens[label.end - 1].end :]):
        return True
    short = tokens[label.end - 1].end - tokens[at].start <= 1
    return label.field == "join" and ((label.end < len(tokens) and not short) or text[tokens[at].start].isupper())
