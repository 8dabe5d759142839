"""What a letter changes of an order: one code and its new quantity in a sentence, the old one told by 'instead of'."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from parsers.mail.counts import SIZES, is_day, is_numbered, is_reference, number_at
from parsers.mail.lines import Item
from parsers.mail.sentences import paragraphs, sentences
from parsers.words import codes as article_codes
from parsers.words import labels, unit_words
from parsers.words.spans import Span

_WORDS = re.compile(r"[^\s()]+")
_TRIM = ".,;:()"
_NEAR = 30
_SHORT = 3
_CLAUSE = re.compile(r"[,;.]\s+|\s+(?:and|und|et|y|e|en|i|och|og|ja|ve)\s+", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)\d{2}")
_REF = frozenset({"ref", "cod", "art", "code", "articulo", "article", "artikel", "articolo", "item", "dell'articolo"})


def changed(lines: Sequence[Span], comma: bool | None = None) -> tuple[Item, ...]:
    """Return the lines with their new quantities that the sentences of a letter name."""
    found: list[Item] = []
    for paragraph in paragraphs(lines):
        for sentence in sentences(paragraph):
            item = _in_sentence(sentence, comma)
            if item is not None:
                found.append(item)
    return tuple(found)


def corrects(text: str) -> bool:
    """Say whether a text takes back what was said before: 'make that', 'sorry', 'instead of'."""
    words = labels.words_of(text)
    return any(label.field == "correct" for label in labels.every("small", words)) or any(
        label.field == "instead" for label in labels.every("mail", words)
    )


def is_afterthought(text: str, items: Iterable[Item]) -> bool:
    """Say whether a line only takes back or changes, in more than one clause, what stands above it."""
    several = _CLAUSE.search(text) is not None and sum(bool(one.strip()) for one in _CLAUSE.split(text)) > 1
    if not several or not (corrects(text) or _drops(text)):
        return False
    said = set(labels.words_of(text))
    return any(said & name_words(item) for item in items)


def by_name(
    items: Sequence[Item], rest: Sequence[Span], comma: bool | None = None
) -> tuple[tuple[Item, ...], frozenset[int]]:
    """Correct lines that a later sentence names by a word of theirs: 'wait, fries only 4 cases, not 6'.

    Returns the lines, and the places of those that it takes back: 'scrap the haddock'.
    """
    out, gone = list(items), set[int]()
    for paragraph in paragraphs(rest):
        taken_back = corrects(paragraph.text) or _drops(paragraph.text)
        for sentence in sentences(paragraph) if taken_back else ():
            for piece in sentence.split(_CLAUSE):
                gone |= _take(out, piece, comma)
    return tuple(out), frozenset(gone)


def _drops(text: str) -> bool:
    """Say whether a text takes goods back: 'forget the haddock', 'streichen Sie die \u00c4pfel'."""
    return any(label.field == "drop" for label in labels.every("leave", labels.words_of(text)))


def _take(items: list[Item], piece: Span, comma: bool | None) -> set[int]:
    """Give the one line that a clause names its new quantity, or return its place where the clause takes it back."""
    said = {word for word in labels.words_of(piece.text) if len(word) >= _SHORT}
    named = [at for at, item in enumerate(items) if said & name_words(item) and item.quantity_at.start < piece.start]
    places = [word.start() for word in _WORDS.finditer(piece.text) if _counts(piece.text, word.start(), comma)]
    new = [place for place in places if not _is_old(piece.text, place)]
    if len(named) == 1 and not places and _drops(piece.text):
        return {named[0]}
    if len(named) != 1 or len(new) != 1:
        return set()
    number = number_at(piece.text[new[0] :], comma)
    if number is not None:
        at = piece.cut(new[0], new[0] + number[1])
        items[named[0]] = replace(items[named[0]], quantity=number[0], quantity_at=at)
    return set()


def name_words(item: Item) -> set[str]:
    """Return the longer words that name the goods of a line."""
    spans = (item.named.code, item.named.description)
    words = {word for span in spans if span for word in labels.words_of(span.text) if len(word) >= _SHORT}
    return {word for word in words if labels.at("small", (word,)) is None}


def _in_sentence(sentence: Span, comma: bool | None) -> Item | None:
    words = list(_WORDS.finditer(sentence.text))
    codes = [word for word in words if _is_code(sentence.text, word)]
    if len({word.group().strip(_TRIM) for word in codes}) != 1:
        return None
    taken = range(codes[0].start(), codes[0].end())
    numbers = [word for word in words if word.start() not in taken and _counts(sentence.text, word.start(), comma)]
    new = [word for word in numbers if not _is_old(sentence.text, word.start())]
    if len(new) != 1:
        return None
    return _item(sentence, codes[0], new[0].start(), comma)


def _is_code(text: str, word: re.Match[str]) -> bool:
    bare = word.group().strip(_TRIM)
    shaped = article_codes.looks_like_code(bare) and any(char.isalpha() for char in bare)
    before = labels.words_of(text[: word.start()])
    label = next(
        (got for at in range(len(before)) if (got := labels.at("header", before, at)) and got.end == len(before)),
        None,
    )
    return shaped and bool((before and before[-1] in _REF) or label is None or label.field != "number")


def _counts(text: str, place: int, comma: bool | None) -> bool:
    number = number_at(text[place:], comma)
    if number is None or number[0] <= 0 or is_reference(text[:place]) or not text[place].isdigit():
        return False
    after = text[place + number[1] :]
    unit = unit_words.at(after.lstrip())
    if (
        re.match(r"[./\-]\d|\s?%|\s?[x\u00d7]\s?\d", after)
        or is_day(after)
        or is_numbered(after)
        or _YEAR.fullmatch(text[place:][: number[1]])
    ):
        return False
    return (unit is None or unit[0] not in SIZES) and not re.search(r"\d\s?[x\u00d7]\s?$", text[:place])


def _is_old(text: str, place: int) -> bool:
    """Say whether a number is what was ordered first: 'instead of' or 'from' stands before it, 'helyett' behind it."""
    words = labels.words_of(text[max(0, place - _NEAR) : place])
    behind = labels.every("mail", labels.words_of(text[place : place + _NEAR])[:_SHORT])
    if any(label.field == "instead" and label.nuance == "after" for label in behind):
        return True
    return any(
        (label := labels.at("mail", words, at)) is not None
        and label.field == "instead"
        and label.nuance != "after"
        and len(words) - label.end <= 1
        for at in range(len(words))
    ) or (
        bool(words)
        and words[-1]
        in {
            "from",
            "von",
            "dagli",
            "desde",
            "fra",
            "fr\u00e5n",
            "da",
            "de",
            "van",
            "od",
            "not",
            "nicht",
            "non",
            "pas",
            "niet",
            "nie",
            "inte",
            "ikke",
        }
    )


def _item(sentence: Span, code: re.Match[str], place: int, comma: bool | None) -> Item | None:
    number = number_at(sentence.text[place:], comma)
    assert number is not None
    after = place + number[1]
    gap = re.match(r"\s*(?:[x\u00d7]\s+|more\s+|weitere\s+)?", sentence.text[after:])
    after += gap.end() if gap else 0
    unit = unit_words.at(sentence.text[after:])
    text = code.group()
    bare = text.strip(_TRIM)
    start = code.start() + text.find(bare)
    return Item(
        article_codes.Named(
            sentence.cut(start, start + len(bare)), _goods(sentence, code, after + (unit[1] if unit else 0))
        ),
        number[0],
        sentence.cut(place, place + number[1]),
        unit[0] if unit else None,
        sentence.cut(after, after + unit[1]) if unit else None,
    )


def _goods(sentence: Span, code: re.Match[str], after: int) -> Span | None:
    """Return the words that stand right behind the code or the quantity, up to one that is no name of goods."""
    for place in (code.end(), after):
        rest = sentence.text[place:]
        if not re.match(r"\)?\s*[^\W\d_]{3}", rest):
            continue
        tokens = labels.tokens(rest)
        words = [token.word for token in tokens]
        end = 0
        while end < len(words) and not _ends(words, end) and not words[end].isdigit():
            end += 1
        if end:
            found = sentence.cut(place + tokens[0].start, place + tokens[end - 1].end)
            return found if sentence.text[code.start() : code.end()] not in found.text else None
    return _goods_before(sentence, code.start())


def _goods_before(sentence: Span, place: int) -> Span | None:
    """Return the words for goods that stand right before the code: 'the quantity of wash basins SV-60'."""
    tokens = [token for token in labels.tokens(sentence.text[:place]) if token.end <= place]
    words = [token.word for token in tokens]
    start = len(words)
    while start > max(0, len(words) - _SHORT) and not (
        _ends(words, start - 1) or words[start - 1].isdigit() or labels.at("column", words, start - 1) is not None
    ):
        start -= 1
    if start in {len(words), 0} or sentence.text[tokens[-1].end : place].strip(' (\u201e"'):
        return None
    return sentence.cut(tokens[start].start, tokens[-1].end)


def _ends(words: Sequence[str], at: int) -> bool:
    return any(labels.at(group, words, at) is not None for group in ("small", "mail", "when", "number", "unit"))
