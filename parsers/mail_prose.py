"""Ordered lines in running text: after words that order, each number in digits or words begins a new line."""

import re
from dataclasses import replace

from parsers import labels, mail_codes
from parsers.mail_lines import MEASURES, SIZES, Item, is_time, number_at, unit_at
from parsers.spans import Span

_BREAK = re.compile(r"(?:,|;|\.\s|:)\s*|\s+(?:and|und|et|y|e|en|i|oraz|sowie|plus|&)\s+|\s+", re.IGNORECASE)
_EDGE = re.compile(
    r"(?:[,;:]\s*|\b(?:and|und|et|y|e|en|i|oraz|sowie|plus|also)\s+)(?:a couple of |)$|^\s*$", re.IGNORECASE
)
_TO_WHOM = re.compile(
    r"^(?:[\s,:]|\b(?:us|me|over|along|out|the following|please|also|again|uns|mir|bitte|noch|auch|nous|moi|aussi|nos"
    r"|también|ci|mi|anche|ons|mij|me|nog|ook|graag|nam|też|também)\b)*$",
    re.IGNORECASE,
)
"""Small words between 'send' and the first number."""

_AND = re.compile(r"\b(?:and|und|et|y|e|en|i|oraz|sowie|plus)\s+", re.IGNORECASE)
_SENTENCE_END = re.compile(r"(?<=[^\W\d]{2})[.!?](?=\s+[^\W\da-z]|\s*$)")
_OF = re.compile(r"^(?:of|de|d'|von|di|van|do|da|x)\s+", re.IGNORECASE)
_FILLER = re.compile(
    r"\s+(?:please|to|now|bitte|auf|nun|graag|naar|nu|maintenant|a|ahora|su|na|para|prosz\u0119|make it|should be)$",
    re.IGNORECASE,
)
_TRIM = " \t\u00a0,;.:"
_MAX_TEXT = 4_000
_LONGEST = 120
_POLITE = re.compile(
    r"\s+(?:please|bitte|por favor|per favore|graag|for |by |bis |para |when |zum |pour |entro |voor )", re.IGNORECASE
)


def items(line: Span, comma: bool | None = None) -> tuple[Item, ...]:
    """Return the ordered lines named in one paragraph, none where nothing in it orders."""
    if len(line.text) > _MAX_TEXT:
        return ()
    found: list[Item] = []
    for sentence in _sentences(line):
        start = _after_order_words(sentence.text)
        if start is not None:
            found += _in_sentence(sentence, start, comma)
    return tuple(found)


def goes_on(words: str, comma: bool | None = None) -> bool:
    """Say whether words for goods go on with another line: 'gloves and five rolls of tape'."""
    for found in _AND.finditer(words):
        number = number_at(words[found.end() :], comma)
        unit = unit_at(words[found.end() + number[1] :].lstrip()) if number else None
        if unit is not None and unit[0] not in MEASURES | SIZES:
            return True
    return False


def several(line: Span, start: int, comma: bool | None = None) -> tuple[Item, ...]:
    """Return the ordered lines that stand behind one another in one, from a place on."""
    return tuple(_in_sentence(line, start, comma))


def changed(line: Span, comma: bool | None = None) -> Item | None:
    """Return the one line that a sentence about a change names: a code, and a quantity with its unit."""
    for sentence in _sentences(line):
        words = list(re.finditer(r"\S+", sentence.text))
        codes = [word for word in words if _is_code(word.group())]
        amounts = [at for word in words if (at := _amount(sentence, word.start(), comma)) is not None]
        if len(codes) == 1 and amounts and codes[0].end() < amounts[0].quantity_at.start - sentence.start:
            code = sentence.cut(codes[0].start(), codes[0].end()).strip(_TRIM)
            between = sentence.cut(codes[0].end(), amounts[0].quantity_at.start - sentence.start)
            words_left = between.cut(0, len(_FILLER.sub("", between.text))).strip(_TRIM)
            named = mail_codes.Named(code, words_left if words_left.text else None)
            return replace(amounts[0], named=named)
    return None


def _is_code(word: str) -> bool:
    bare = word.strip(".,;:()")
    return mail_codes.looks_like_code(bare, least=4) and any(char.isalpha() for char in bare)


def _amount(sentence: Span, place: int, comma: bool | None) -> Item | None:
    number = number_at(sentence.text[place:], comma) if sentence.text[place].isdigit() else None
    if number is None or number[0] <= 0:
        return None
    after = place + number[1]
    after += len(sentence.text[after:]) - len(sentence.text[after:].lstrip())
    unit = unit_at(sentence.text[after:])
    if unit is None:
        return None
    nothing = mail_codes.Named(None, None)
    return Item(
        nothing, number[0], sentence.cut(place, place + number[1]), unit[0], sentence.cut(after, after + unit[1])
    )


def _sentences(line: Span) -> list[Span]:
    out: list[Span] = []
    place = 0
    for end in _SENTENCE_END.finditer(line.text):
        out.append(line.cut(place, end.start()))
        place = end.end()
    out.append(line.cut(place))
    return [piece for piece in out if piece.text]


def _after_order_words(sentence: str) -> int | None:
    """Return where the text after the first words that order begins."""
    tokens = labels.tokens(sentence)
    for label in labels.every("mail", [token.word for token in tokens]):
        if label.field in {"order", "quote_request"}:
            return tokens[label.end - 1].end
    return None


def _in_sentence(sentence: Span, start: int, comma: bool | None) -> list[Item]:
    starts: list[int] = []
    busy = start
    for place in _places(sentence.text, start):
        if place >= busy and _begins(sentence.text, place, start, comma):
            starts.append(place)
            number = number_at(sentence.text[place:], comma)
            busy = place + (number[1] if number else 0)
    found: list[Item] = []
    for index, place in enumerate(starts):
        end = starts[index + 1] if index + 1 < len(starts) else len(sentence.text)
        item = _one(sentence, place, end, comma)
        if item is not None:
            found.append(item)
    return found


def _places(text: str, start: int) -> list[int]:
    return sorted(
        {start + len(text[start:]) - len(text[start:].lstrip()), *(m.end() for m in _BREAK.finditer(text, start))}
    )


def _begins(text: str, place: int, start: int, comma: bool | None) -> bool:
    """Say whether a new line begins here: a number at the start, after a comma or after 'and'."""
    before = text[start:place]
    number = number_at(text[place:], comma)
    if number is None or number[0] <= 0:
        return False
    return _TO_WHOM.match(before) is not None or _EDGE.search(before) is not None


def _one(sentence: Span, place: int, end: int, comma: bool | None) -> Item | None:
    number = number_at(sentence.text[place:end], comma)
    if number is None:
        return None
    value, length = number
    after = place + length
    after += len(sentence.text[after:end]) - len(sentence.text[after:end].lstrip())
    unit = unit_at(sentence.text[after:end])
    rest = sentence.cut(after + (unit[1] if unit else 0), end)
    of = _OF.match(rest.text)
    rest = rest.cut(of.end()) if of else rest
    polite = _POLITE.search(rest.text)
    rest = (rest.cut(0, polite.start()) if polite else rest).strip(_TRIM)
    rest = rest.cut(0, len(re.sub(r"[\s,]+(?:and|und|et|y|e|en|i|oraz|sowie)$", "", rest.text)))
    if not rest.text or len(rest.text) > _LONGEST:
        return None
    named = mail_codes.part(rest)
    if is_time(named, unit[0] if unit else None):
        return None
    item = Item(
        named,
        value,
        sentence.cut(place, place + length),
        unit[0] if unit else None,
        sentence.cut(after, after + unit[1]) if unit else None,
    )
    return replace(item, strong=unit is not None or item.named.code is not None)
