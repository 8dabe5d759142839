"""What a letter wants: to order, change, cancel, ask for a price, or none of these."""

import re
from collections import Counter
from dataclasses import dataclass, replace
from itertools import groupby

from oms_core.values.draft import DocumentKind
from parsers.mail import facts
from parsers.mail.zones import Letter
from parsers.words import labels, language

_PICTURES = (".jpg", ".jpeg", ".png", ".gif", ".bmp", ".heic", ".webp", ".tif", ".tiff", ".svg", ".ico")
_OTHER_PAPERS = frozenset(
    {"invoice", "credit_note", "order_response", "despatch_advice", "receipt_advice", "remittance", "return_request"}
)
"""Papers that speak of an order and are none; a mail that encloses one orders nothing."""

_REPLY = re.compile(r"^\s*(?:re|aw|sv|antw|odp|rif|r|vs|ynt|svar|ans|vá|res|bls)\s*:", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?;](?=\s|$)")


@dataclass(frozen=True, slots=True)
class Wish:
    """What the words of a letter say; `kind` is None where it is no order and no question for a price."""

    kind: DocumentKind | None
    confidence: float
    accepts_quote: bool = False
    repeats: bool = False
    attached: bool = False
    encloses: bool = False
    """Whether the letter says itself that an order is in a file with it; the file may have been forgotten."""
    competing: int = 0
    """How many other kinds its words speak for."""
    against: int = 0
    """How many of its words belong to complaints, questions and advertisements."""


@dataclass(frozen=True, slots=True)
class Said:
    """The phrases of a letter by meaning, in its text and in its subject."""

    text: Counter[str]
    subject: Counter[str]
    asks: int
    """Words that ask for goods, not only name an order: 'please send', not 'our order'."""
    refers: bool
    """Whether it is an answer, or names an order by its number."""
    questions: int

    def any(self, field: str) -> bool:
        """Say whether text or subject holds a phrase of this meaning."""
        return bool(self.text[field] or self.subject[field])


_KINDS = ("cancel", "change", "quote_request", "return_request")


def orders(said: Said) -> bool:
    """Say whether the words of a letter order something, as far as words alone tell."""
    named = said.any("order") or said.any("quote_request") or said.any("accept")
    return bool(named or said.text["no_order"] + said.subject["no_order"] == 0) and not _is_against(said, 0)


def wish(letter: Letter, said: Said, lines: int, asked: int = 0) -> Wish:
    """Weigh the words of subject and text; `lines` counts the sure lines found, `asked` those in sentences that order.

    Words for changing count only where an order is referred to; a complaint that names goods is no order.
    """
    asked = 0 if said.any("no_order") and not said.asks else asked
    text = said.text + Counter(order=asked)
    said = replace(said, text=text, asks=said.asks + asked)
    found = _weighed(letter, said, max(lines, asked))
    encloses = not said.any("no_order") and _encloses(letter, said.subject)
    if encloses and found.kind is None:
        found = replace(found, kind=DocumentKind.ORDER, confidence=0.6)
    competing = sum(said.any(field) for field in _KINDS) - (found.kind is not DocumentKind.ORDER)
    return replace(found, encloses=encloses, competing=max(competing, 0), against=said.text["no_order"])


def heard(letter: Letter) -> Said:
    """Count the phrases of subject and text."""
    text = " . ".join(line.text for line in letter.new)
    subject = letter.subject.value if letter.subject else ""
    words = labels.words_of(text)
    languages = language.likely([text, subject])
    found = language.every(words, languages)
    asks = sum(label.field == "order" and labels.at("header", words, label.start) is None for label in found)
    number = facts.order_number(letter.new, letter.subject)
    return Said(
        Counter(label.field for label in found),
        Counter(label.field for label in language.every(labels.words_of(subject), languages)),
        asks,
        bool(_REPLY.match(subject)) or number is not None,
        text.count("?"),
    )


def _weighed(letter: Letter, said: Said, lines: int) -> Wish:  # noqa: PLR0911 - one for each kind
    attached = bool(said.text["attached"] and letter.attachments)
    if said.subject["return_request"] or (said.text["return_request"] and not said.asks and not said.any("no_order")):
        return Wish(DocumentKind.RETURN_REQUEST, 0.85, attached=attached)
    if said.any("cancel") and (said.subject["cancel"] or lines <= said.text["cancel"] + 1):
        return Wish(DocumentKind.ORDER_CANCELLATION, 0.92 if said.subject["cancel"] else 0.8, attached=attached)
    if said.text["accept"]:
        return Wish(DocumentKind.ORDER, 0.88, accepts_quote=True, attached=attached)
    if _asks_price(said, lines):
        return Wish(DocumentKind.QUOTE_REQUEST, 0.92, attached=attached)
    if _changes(said, lines):
        return Wish(DocumentKind.ORDER_CHANGE, 0.88, attached=attached)
    if said.any("repeat") and not _is_against(said, lines) and not lines:
        return Wish(DocumentKind.ORDER, 0.8, repeats=True, attached=attached)
    return replace(_order_or_nothing(said, lines, attached=attached), repeats=said.any("repeat"))


def _asks_price(said: Said, lines: int) -> bool:
    asks = said.subject["quote_request"] or (said.text["quote_request"] and not said.subject["order"])
    return bool(asks) and (lines > 0 or not _is_against(said, lines))


def _changes(said: Said, lines: int) -> bool:
    """Say whether an order that was given is changed: its number or a thread is there, and no list of new goods."""
    if said.subject["change"]:
        return True
    if said.any("no_order") and not said.asks:
        return False
    if said.text["instead"] and lines <= 2 * said.text["instead"] and said.refers:
        return True
    return bool(said.text["change"] and said.refers and lines <= said.text["change"] + 1)


def _is_against(said: Said, lines: int) -> bool:
    """Say whether words of complaints, questions and advertisements outweigh what asks for goods."""
    against = said.text["no_order"] + 2 * said.subject["no_order"]
    if not against:
        return False
    wants = min(said.asks, 2) + said.subject["order"]
    if said.questions and not said.asks:
        return True
    return against > wants + lines if said.asks else 3 * against > lines


def _order_or_nothing(said: Said, lines: int, *, attached: bool) -> Wish:
    words = said.text["order"] + said.subject["order"]
    against = said.any("no_order")
    if said.questions and not said.asks and lines <= 1 and said.refers:
        return Wish(None, 0.7, attached=attached)
    if lines and words and not _is_against(said, lines):
        return Wish(DocumentKind.ORDER, 0.8 if against else 0.97 if said.asks or lines > 1 else 0.9, attached=attached)
    if lines and not against and (lines > 1 or said.refers or not said.questions):
        return Wish(DocumentKind.ORDER, 0.85 if lines > 1 else 0.7, attached=attached)
    if attached and (words or not against):
        return Wish(DocumentKind.ORDER if words else None, 0.6, attached=True)
    return Wish(None, 0.8, attached=attached)


def _hits(text: str) -> Counter[str]:
    """Count the phrases of each meaning."""
    return Counter(label.field for label in labels.every("mail", labels.words_of(text)))


def _encloses(letter: Letter, subject: Counter[str]) -> bool:
    """Say whether a sentence encloses an order ('attached is our PO 4711'), and no invoice or other paper for one."""
    files = [name for name in letter.attachments if not name.lower().endswith(_PICTURES)]
    titled = letter.subject.value if letter.subject else ""
    if (letter.attachments and not files) or any(_OTHER_PAPERS & _titles(text) for text in (titled, *files)):
        return False
    opens = bool(files and subject["order"] and not _REPLY.match(titled))
    for sentence in _sentences(letter):
        said, titles = _hits(sentence), _titles(sentence)
        if said["attached"] and (said["order"] or "order" in titles or opens):
            return not titles & _OTHER_PAPERS
    return False


def _sentences(letter: Letter) -> list[str]:
    """Return the sentences of the text; a paragraph's lines run on."""
    groups = groupby(letter.new, key=lambda line: bool(line.text.strip()))
    paragraphs = [" ".join(line.text for line in group) for filled, group in groups if filled]
    return [piece for paragraph in paragraphs for piece in _SENTENCE_END.split(paragraph)]


def _titles(text: str) -> set[str]:
    """Return the kinds of documents that a text names."""
    return {label.field for label in labels.every("title", labels.words_of(text.replace("_", " ")))}
