"""Ordered lines in free text, read with spaCy: quantities in words, order phrases, goods up to where a phrase stops.

Only for letters in which the line grammar found no line: spaCy takes seconds to import, and does so at the first
such letter. No model is used: a blank pipeline for each language parts words and sentences, an entity ruler marks the
words of `data/prose.csv`, a matcher finds the quantities of `data/prose_quantities.jsonl` among them. What is not
plain is read with a confidence that brings it before a person.
"""

import csv
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from importlib import resources
from itertools import groupby
from typing import TYPE_CHECKING

from oms_core.values.money import plain
from parsers.mail import naming
from parsers.mail.counts import SIZES, is_time
from parsers.mail.lines import Item
from parsers.words import codes, labels, numbers, unit_words
from parsers.words.spans import Span

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.matcher import Matcher
    from spacy.tokens import Doc
    from spacy.tokens import Span as Words

MAX_CHARACTERS = 8_000
"""What is read of one paragraph; free text that orders is short."""

MAX_ITEMS = 100
"""Lines taken from one letter."""

PLAIN = 0.72
"""The confidence of a line that says how many of which unit or code, after words that order."""

UNSURE = 0.45
"""The confidence of every other line: below what the rules let pass, so that a person looks at it."""

LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pl", "pt")

_PIPELINES = {"fr": "xx"}
"""spaCy's French tokenizer alone takes longer to build than all others; the one for any language parts well enough."""

_OF = re.compile(r"\s*(?:(?:of|de|von|di|van|do|da|x)\s+|d['\u2019]|dell['\u2019])", re.IGNORECASE)
_SIZE = re.compile(r"\s?(?:[\"'\u2033/\u00d7*%\u00b0-]|x\s?\d|mm\b|cm\b|inch|in\b|v\b|w\b)", re.IGNORECASE)
_ELISION = re.compile(r"^(?:d|l|dell|all)['\u2019]", re.IGNORECASE)
_ENDS = frozenset({",", ";", ":", "(", ")", "\u2013", "\u2014", "?", "!", "."})
_TRIM = " \t\u00a0,;.:-"
_PACKS = frozenset({"12", "144"})
"""Dozen and gross: numbers that are units as well."""

_LONG_GOODS = 7
_SHORT_WORD = 3


@dataclass(frozen=True, slots=True)
class _Entry:
    """A row of words: what they are to an order, and the number they stand for."""

    label: str
    value: str
    language: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Quantity:
    """A number in a text, in digits or words: its place (characters), its value, and whether it is an exact one."""

    start: int
    end: int
    value: Decimal
    exact: bool
    counted: bool
    """Whether it is more than an article ('a box')."""

    pack: "Words | None" = None
    """The word 'dozen' at its end, which is the unit itself where no other one follows."""


def worth_reading(lines: Sequence[Span], found: int = 0) -> bool:
    """Say, without spaCy, whether a text may order in words what plainer reading, with `found` lines, cannot tell."""
    text = " " + " ".join(word for line in lines for word in labels.words_of(line.text)) + " "
    telling = _phrases("COUNT", "ROUND", "TIMES", "ABOUT", "HALF", "LOW")
    if found:
        telling = frozenset(phrase for phrase in telling if not _is_plain(phrase))
    return any(phrase in text for phrase in telling) and any(phrase in text for phrase in _phrases("ORDER", "LOW"))


def tells_no_order(sentence: str) -> bool:
    """Say, without spaCy, whether a sentence speaks of what came, what broke or what it costs."""
    text = f" {' '.join(labels.words_of(sentence))} "
    return any(phrase in text for phrase in _phrases("NOT"))


def is_vague(before: str) -> bool:
    """Say, without spaCy, whether 'about' or 'perhaps' stands right before a number."""
    words = " ".join(labels.words_of(before[-30:]))
    return any(f" {words} ".endswith(phrase) for phrase in _phrases("VAGUE"))


@cache
def _is_plain(phrase: str) -> bool:
    """Say whether a number in words is one that the plain reading of prose knows, and makes up no larger one."""
    words = tuple(phrase.split())
    return len(words) == 1 and phrase not in _phrases("TIMES") and labels.at("number", words) is not None


def items(lines: Sequence[Span], comma: bool | None = None) -> tuple[Item, ...]:
    """Return the ordered lines that a letter's text names, none where no sentence orders; spaCy is loaded here."""
    pieces = list(_paragraphs(lines))
    language = language_of(piece.text for piece in pieces)
    found: list[Item] = []
    for piece in pieces:
        found += _Reader(language, piece, comma).items()
    return tuple(found[:MAX_ITEMS])


def language_of(texts: Iterable[str]) -> str:
    """Return the language that most words of our own lists speak; English where none tells."""
    words = [word for text in texts for word in labels.words_of(text)]
    votes = Counter(language for word in words for language in _speakers().get(word, ()))
    return max(LANGUAGES, key=lambda language: votes[language])


def _paragraphs(lines: Sequence[Span]) -> Iterator[Span]:
    """Join lines that run on, blanks between them, so that every character keeps its place in the letter."""
    for filled, group in groupby(lines, key=lambda line: bool(line.text.strip())):
        text, start = "", -1
        for line in group:
            start = line.start if start < 0 else start
            text = text.ljust(line.start - start) + line.text
        if filled and text:
            yield Span(text[:MAX_CHARACTERS], start)


class _Reader:
    """Reads one paragraph."""

    def __init__(self, language: str, text: Span, comma: bool | None) -> None:
        self._text = text
        self._comma = comma
        pipeline, matcher = _pipeline(language)
        from spacy.util import filter_spans

        self._doc: Doc = pipeline(text.text)
        self._spans = filter_spans(matcher(self._doc, as_spans=True))

    def items(self) -> Iterator[Item]:
        """Yield the lines of every sentence that orders and speaks of nothing past, broken or asked for."""
        for sentence in self._doc.sents:
            marks = {entity.label_ for entity in sentence.ents}
            asks = [entity.end_char for entity in sentence.ents if entity.label_ == "ORDER"]
            if "NOT" not in marks and (asks or "LOW" in marks):
                yield from self._sentence(sentence, min(asks, default=None))

    def _sentence(self, sentence: "Words", asked: int | None) -> Iterator[Item]:
        found = self._quantities(sentence)
        for place, quantity in enumerate(found):
            following = found[place + 1].start if place + 1 < len(found) else None
            item = self._item(sentence, quantity, following, asked)
            if item is not None:
                yield item

    def _quantities(self, sentence: "Words") -> list[_Quantity]:
        spans = (span for span in self._spans if sentence.start <= span.start < sentence.end)
        found = (self._quantity(span, sentence) for span in spans)
        return [quantity for quantity in found if quantity is not None and quantity.value > 0]

    def _quantity(self, words: "Words", sentence: "Words") -> _Quantity | None:
        """Work a number out: counts add up, 'dozen' and 'hundred' multiply, 'half' halves."""
        value, factor, exact, counted = Decimal(0), Decimal(1), True, False
        for entity in words.ents:
            number = Decimal(entity.ent_id_ or 0)
            exact = exact and entity.label_ != "ABOUT"
            if entity.label_ in {"COUNT", "ADD"}:
                value += number
            elif entity.label_ == "JOIN":
                continue
            elif entity.label_ == "HALF":
                factor *= number
            else:
                value = (value or Decimal(1)) * number
            counted = counted or number != 1
        if words[0].text[:1].isdigit():
            digits = numbers.parse_number(words[0].text, self._comma)
            if digits is None or self._is_size(words.end_char):
                return None
            value, counted = digits * (value or Decimal(1)), True
        before = self._doc[max(words.start - 2, sentence.start) : words.start]
        vague = any(entity.label_ == "VAGUE" for entity in before.ents)
        value = numbers.parse_number(plain(value * factor), decimal_comma=False) or Decimal(0)
        halved = any(entity.label_ == "HALF" for entity in words.ents)
        last = [entity for entity in words.ents if entity.end == words.end and entity.start > words.start]
        pack = next((entity for entity in last if entity.ent_id_ in _PACKS and not halved), None)
        return _Quantity(words.start_char, words.end_char, value, exact and not vague, counted, pack)

    def _is_size(self, end: int) -> bool:
        """Say whether a number is a measure of a thing: '25 mm', '3/4"', '4 x 30'."""
        rest = self._text.text[end:]
        unit = unit_words.at(rest.lstrip())
        return (unit is not None and unit[0] in SIZES) or bool(_SIZE.match(rest))

    def _item(self, sentence: "Words", quantity: _Quantity, following: int | None, asked: int | None) -> Item | None:
        """Read the unit and the goods after a quantity; goods that stand before it only where they run out."""
        after = self._skip_of(quantity.end)
        unit = self._unit(after)
        if unit is None and quantity.pack is not None and (dozens := self._dozens(quantity, quantity.pack)):
            quantity = dozens
            after = quantity.end + 1
            unit = self._unit(after)
        place = self._skip_of(after + unit[1]) if unit else after
        end, clean = self._goods_end(sentence, place, following)
        named = naming.named(self._cut(place, end))
        if named.code is None and not self._names_goods(named.description):
            named, clean = codes.Named(None, self._running_low(sentence)), False
        if not (named.code or named.description) or (unit and unit[0] in SIZES):
            return None
        if is_time(named, unit[0] if unit else None) or not (quantity.counted or unit or named.code):
            return None
        told = bool(named.code or unit)
        plain = clean and told and quantity.exact and asked is not None and asked <= quantity.start
        return Item(
            named,
            quantity.value,
            self._cut(quantity.start, quantity.end),
            unit[0] if unit else None,
            self._cut(after, after + unit[1]) if unit else None,
            strong=plain,
            sure=PLAIN if plain else UNSURE,
        )

    def _dozens(self, quantity: _Quantity, pack: "Words") -> _Quantity | None:
        """Read 'two dozen gloves' as two of the unit 'dozen', as it is printed; 'two hundred gloves' is a number."""
        value = numbers.parse_number(plain(quantity.value / Decimal(pack.ent_id_)), decimal_comma=False)
        end = self._doc[pack.start - 1].idx + len(self._doc[pack.start - 1])
        return replace(quantity, value=value, end=end, pack=None) if value else None

    def _unit(self, place: int) -> tuple[str, int] | None:
        """Read a unit word: one that another language uses for another unit ('dozen') by its own language first."""
        found = unit_words.at(self._text.text[place:])
        for entity in self._doc.ents if found else ():
            if entity.label_ == "UNIT" and entity.start_char == place:
                return entity.ent_id_, entity.end_char - place
        return found

    def _skip_of(self, place: int) -> int:
        found = _OF.match(self._text.text, place)
        place = found.end() if found else place
        rest = self._text.text[place:]
        return place + len(rest) - len(rest.lstrip())

    def _cut(self, start: int, end: int) -> Span:
        return self._text.cut(start, end).strip(_TRIM)

    def _goods_end(self, sentence: "Words", start: int, following: int | None) -> tuple[int, bool]:
        """Return where the words for goods end, and whether they end as they should: nothing hangs on after 'and'."""
        count = 0
        for token in sentence:
            if token.idx < start:
                continue
            if following is not None and token.idx >= following:
                return token.idx, True
            if token.text in _ENDS or token.ent_type_ in {"STOP", "ORDER"}:
                return token.idx, True
            if token.ent_type_ == "JOIN":
                return token.idx, following is not None and not self._between(token.idx + len(token), following)
            count += not token.is_space
            if count > _LONG_GOODS:
                return token.idx, False
        return sentence.end_char, True

    def _between(self, start: int, end: int) -> bool:
        """Say whether more than a comma or another 'and' stands between two places."""
        words = self._doc.char_span(start, end, alignment_mode="contract")
        return words is not None and any(
            token.is_alpha and token.ent_type_ not in {"JOIN", "VAGUE", "STOP", "ORDER"} for token in words
        )

    def _names_goods(self, words: Span | None) -> bool:
        """Say whether words name a thing: one of them is no small word of the language."""
        if words is None:
            return False
        vocab = self._doc.vocab
        bare = _ELISION.sub("", words.text)
        return any(
            len(word) >= _SHORT_WORD and not vocab[word.lower()].is_stop for word in re.findall(r"[^\W\d_]+", bare)
        )

    def _running_low(self, sentence: "Words") -> Span | None:
        """Return the goods after 'we are running low on'."""
        for entity in sentence.ents:
            if entity.label_ == "LOW":
                end, _ = self._goods_end(sentence, entity.end_char, None)
                words = self._cut(self._skip_of(entity.end_char), end)
                return words if self._names_goods(words) else None
        return None


@cache
def _entries() -> tuple[_Entry, ...]:
    """Read the words once; a row of counts numbers its words upwards, a stroke parts spellings of one word."""
    text = resources.files("parsers").joinpath("data/prose.csv").read_text(encoding="utf-8")
    out: list[_Entry] = []
    for row in csv.DictReader(text.splitlines()):
        words = row["words"].split("|")
        if row["label"] != "COUNT":
            out.append(_Entry(row["label"], row["value"], row["language"], tuple(words)))
            continue
        for value, spellings in enumerate(words, start=int(row["value"])):
            out.append(_Entry("COUNT", str(value), row["language"], tuple(spellings.split("/"))))
    return tuple(out)


@cache
def _phrases(*names: str) -> frozenset[str]:
    """Return the folded phrases under these labels, blanks around each; those for one stand in every text."""
    return frozenset(
        f" {' '.join(labels.words_of(text))} "
        for entry in _entries()
        if entry.label in names and entry.value != "1"
        for text in entry.words
    )


@cache
def _speakers() -> dict[str, tuple[str, ...]]:
    """Return for each word the languages whose lists hold it."""
    found: dict[str, set[str]] = {}
    for entry in _entries():
        for text in entry.words:
            for word in labels.words_of(text):
                found.setdefault(word, set()).add(entry.language)
    return {word: tuple(sorted(languages)) for word, languages in found.items()}


@cache
def _pipeline(language: str) -> "tuple[Language, Matcher]":
    """Build the blank pipeline of a language, once; the first one imports spaCy."""
    import spacy
    from spacy.matcher import Matcher
    from spacy.pipeline import EntityRuler

    pipeline = spacy.blank(_PIPELINES.get(language, language))
    pipeline.add_pipe("sentencizer")
    ruler = pipeline.add_pipe("entity_ruler", config={"phrase_matcher_attr": "LOWER"})
    assert isinstance(ruler, EntityRuler)
    ruler.add_patterns(
        [
            {"label": "COUNT" if entry.label == "ROUND" else entry.label, "id": entry.value, "pattern": text}
            for entry in _entries()
            if entry.language == language
            for text in entry.words
        ]
    )
    matcher = Matcher(pipeline.vocab)
    text = resources.files("parsers").joinpath("data/prose_quantities.jsonl").read_text(encoding="utf-8")
    for line in text.splitlines():
        row = json.loads(line)
        matcher.add(row["name"], [row["pattern"]], greedy="LONGEST")
    return pipeline, matcher
