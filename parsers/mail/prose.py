"""Ordered lines in running text: each number that counts something begins a line and ends the one before.

A number counts where a unit, a code or `x` follows it, or where it stands first or after a comma or 'and' in a
sentence that orders. The small words of sixteen languages are data (`small` in `data/phrases.csv`).
"""

import re
from dataclasses import replace

from parsers.mail import begins, former, free, goods
from parsers.mail.counts import (
    MEASURES,
    SIZES,
    is_paper,
    is_time,
    number_at,
    printed_unit,
)
from parsers.mail.lines import Item, with_price
from parsers.mail.lines import item as line_item
from parsers.mail.sentences import sentences
from parsers.words import codes, labels, unit_words
from parsers.words.spans import Span

_CLAUSE = re.compile(
    r"[,;]\s+|\s+(?:and|und|sowie|et|y|e|en|i|oraz|och|samt|og|ja|ve|\u0219i|\u00e9s)\s+(?=[^\W\d_]{3})", re.IGNORECASE
)
_MAX_TEXT = 6_000
_TIMES = {"DZN": 12, "GRO": 144}
"""`two dozen boxes` are 24 boxes; `two dozen gloves` are two of the unit dozen."""
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
    for sentence in map(former.without_old, sentences(line)):
        start = begins.after_order_words(sentence.text)
        if start is None and (going or orders) and _goes_on_from(sentence.text):
            start = 0
        going = start is not None or (going and not sentence.text.rstrip().endswith("?"))
        if (start is None and not orders) or _speaks_against(sentence.text):
            continue
        found += _in_sentence(sentence, start, comma)
    return tuple(found)


def _goes_on_from(sentence: str) -> bool:
    """Say whether a sentence adds to the one before, as 'Also two boxes of soap' does."""
    label = labels.at("small", labels.words_of(sentence[: begins.LOOKED_AT]))
    return label is not None and label.field == "join"


def goes_on(words: str, comma: bool | None = None) -> bool:
    """Say whether words for goods go on with another line: 'gloves and five rolls of tape', '20 ROH-15 und 1 WC-100'.

    A number counts goods of its own behind a word that joins or at the beginning, before a unit, a code or a name; and
    behind `x` anywhere.
    """
    return any(_counts_anew(words, place, comma) for place in begins.places(words))


def _counts_anew(words: str, place: int, comma: bool | None) -> bool:
    number = number_at(words[place:], comma)
    if number is None or not number[0]:
        return False
    before, after = words[:place], words[place + number[1] :]
    joined = begins.after_join(before) or _LISTED.search(before) is not None
    unit = unit_words.at(after.lstrip())
    if unit is not None:
        return joined and unit[0] not in MEASURES | SIZES
    if not words[place].isdigit() or not (joined or not before.strip()):
        return joined and begins.SIGN.match(after) is not None
    code = _CODE_BEHIND.match(after)
    coded = code is not None and codes.looks_like_code(code[1]) and any(char.isalpha() for char in code[1])
    named = joined and _NAME_BEHIND.match(after) is not None
    return coded or (named and begins.after_join(before)) or begins.SIGN.match(after) is not None


_LISTED = re.compile(r"[^\W\d_]{2}\S*,\s+$")
_CODE_BEHIND = re.compile(r"\s+([A-Z0-9][\w.\-/]{3,})(?=[\s,.;]|$)")
_NAME_BEHIND = re.compile(r"\s+[^\W\d_]{4,}")


def several(line: Span, start: int, comma: bool | None = None) -> tuple[Item, ...]:
    """Return the ordered lines that stand behind one another in one, from a place on."""
    return tuple(_in_sentence(line, start, comma))


def counts(line: Span, comma: bool | None = None) -> tuple[Span, ...]:
    """Return the places in a paragraph where a number counts something by a unit, a code or `x`, line or not.

    In sentences that order any number before a word is one.
    """
    if len(line.text) > _MAX_TEXT:
        return ()
    found: list[Span] = []
    for sentence in map(former.without_old, sentences(line)):
        if _speaks_against(sentence.text):
            continue
        starts = begins.starts(sentence.text, 0, comma, told=False)
        plain = {place for place in starts if _is_strong(_one(sentence, place, len(sentence.text), comma, 0))}
        asked = begins.after_order_words(sentence.text)
        for place in sorted(plain.union(begins.loose(sentence.text, asked) if asked is not None else ())):
            number = number_at(sentence.text[place:], comma)
            if number is not None:
                found.append(sentence.cut(place, place + number[1]))
    return tuple(found)


def _is_strong(item: Item | None) -> bool:
    return item is not None and item.strong


def _speaks_against(sentence: str) -> bool:
    said = labels.every("mail", labels.words_of(sentence))
    if not any(char.isdigit() for char in sentence) and free.tells_no_order(sentence):
        return True
    against = sum(label.field in {"no_order", "return_request"} for label in said)
    return against > sum(label.field == "order" for label in said)


def _in_sentence(sentence: Span, start: int | None, comma: bool | None) -> list[Item]:
    """Read the lines of a sentence: each number begins one, or, where goods stand first, each clause is one."""
    numbered = _by_numbers(sentence, start, comma)
    enough = max(sum(item.strong for item in numbered), 1)
    clauses = _by_clauses(sentence, start or 0, comma, enough)
    return clauses if len(clauses) > enough else numbered


def _by_clauses(sentence: Span, start: int, comma: bool | None, enough: int) -> list[Item]:
    """Read 'flour 25 kg x 3, butter 10 kg, cider 4 cases': goods before quantities; more than `enough` or none."""
    colon = sentence.text.find(":", start)
    rest = sentence.cut(colon + 1 if colon >= 0 else start)
    clauses = [clause for clause in rest.split(_CLAUSE) if any(char.isdigit() for char in clause.text)]
    if len(clauses) <= enough:
        return []
    found = [_line_item(clause, comma) for clause in clauses]
    return [replace(item, sure=_CAREFUL, strong=True) for item in found if item is not None]


def _line_item(clause: Span, comma: bool | None) -> Item | None:
    item = line_item(clause, comma)
    told = item is not None and (item.unit is not None or item.named.code is not None or item.strong)
    return item if told else None


def _by_numbers(sentence: Span, start: int | None, comma: bool | None) -> list[Item]:
    starts = begins.starts(sentence.text, start or 0, comma, told=start is not None)
    found: list[Item] = []
    previous = start or 0
    for index, place in enumerate(starts):
        end = starts[index + 1] if index + 1 < len(starts) else len(sentence.text)
        item = _one(sentence, place, end, comma, previous)
        if item is not None:
            found.append(item)
        previous = _goods_end(item, sentence, end)
    return found


def _goods_end(item: Item | None, sentence: Span, end: int) -> int:
    """Return where the goods of a line end, if more words that change something follow: 'cambiad las servilletas a'."""
    words = item.named.description if item else None
    if words is None or words.start < sentence.start:
        return end
    place = words.start - sentence.start + len(words.text)
    said = labels.every("mail", labels.words_of(sentence.text[place:end])) if place < end else ()
    return place if any(label.field == "change" for label in said) else end


def _one(sentence: Span, place: int, end: int, comma: bool | None, previous: int) -> Item | None:
    number = number_at(sentence.text[place:end], comma)
    if number is None:
        return None
    value, length = number
    after = place + length
    sign = begins.SIGN.match(sentence.text, after, end) or unit_words.COUNT_MARK.match(sentence.text, after, end)
    after = sign.end() if sign else after
    after += len(sentence.text[after:end]) - len(sentence.text[after:end].lstrip())
    unit = unit_words.at(sentence.text[after:end]) or printed_unit(sentence.text[after:end])
    inner = _unit_of_dozens(sentence.text[:end], after + unit[1]) if unit and unit[0] in _TIMES else None
    if unit is not None and inner is not None:
        value, length, after, unit = value * _TIMES[unit[0]], after + unit[1] - place, inner[0], inner[1]
    named, tail = goods.after_quantity(sentence.cut(after + (unit[1] if unit else 0), end))
    if named is None and (unit or sign):
        named, tail = goods.before_quantity(sentence.cut(previous, place)), None
    code = unit[0] if unit else None
    if named is None or is_time(named, code) or is_paper(named, code):
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
    of = goods.OF.match(text[place:])
    place += of.end() if of else 0
    unit = unit_words.at(text[place:])
    return (place, unit) if unit else None
