"""What a letter wants: to order, change, cancel, ask for a price, or none of these."""

import re
from collections import Counter
from dataclasses import dataclass, replace
from itertools import groupby

from oms_core.values.draft import DocumentKind
from parsers import labels
from parsers.mail_zones import Letter

_PICTURES = (".jpg", ".jpeg", ".png", ".gif", ".bmp", ".heic", ".webp", ".tif", ".tiff", ".svg", ".ico")
_OTHER_PAPERS = frozenset(
    {"invoice", "credit_note", "order_response", "despatch_advice", "receipt_advice", "remittance", "return_request"}
)
"""Papers that speak of an order and are none; a mail that encloses one orders nothing."""

_REPLY = re.compile(r"^\s*(?:re|aw|sv|antw|odp|rif|r)\s*:", re.IGNORECASE)
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


def wish(letter: Letter, lines: int, asked: int = 0) -> Wish:
    """Weigh the words of subject and text; `lines` counts the sure lines found, `asked` those in sentences that order.

    Words for changing and cancelling count only with what makes them one (a subject or a number beside them is
    looked at by the caller); a complaint that names goods is no order.
    """
    said = _hits(" . ".join(line.text for line in letter.new))
    subject = _hits(letter.subject.value if letter.subject else "")
    said["order"] += asked
    found = _weighed(letter, said, subject, max(lines, asked))
    encloses = not said["no_order"] and not subject["no_order"] and _encloses(letter, subject)
    if encloses and found.kind is None:
        return replace(found, kind=DocumentKind.ORDER, confidence=0.6, encloses=True)
    return replace(found, encloses=encloses)


def _weighed(letter: Letter, said: Counter[str], subject: Counter[str], lines: int) -> Wish:
    attached = bool(said["attached"] and letter.attachments)
    if said["cancel"] or subject["cancel"]:
        return Wish(DocumentKind.ORDER_CANCELLATION, 0.9 if subject["cancel"] else 0.75, attached=attached)
    if said["accept"]:
        return Wish(DocumentKind.ORDER, 0.85, accepts_quote=True, attached=attached)
    if subject["quote_request"] or (said["quote_request"] and not subject["order"]):
        return Wish(DocumentKind.QUOTE_REQUEST, 0.9, attached=attached)
    if subject["change"] or said["change"] or (said["instead"] and not lines > said["instead"]):
        return Wish(DocumentKind.ORDER_CHANGE, 0.85, attached=attached)
    if said["repeat"] and (said["order"] or subject["order"]):
        return Wish(DocumentKind.ORDER, 0.7, repeats=True, attached=attached)
    return _order_or_nothing(said, subject, lines, attached=attached)


def _order_or_nothing(said: Counter[str], subject: Counter[str], lines: int, *, attached: bool) -> Wish:
    orders = said["order"] + 2 * subject["order"]
    against = said["no_order"] + 2 * subject["no_order"]
    if lines and orders and against <= orders + lines:
        return Wish(DocumentKind.ORDER, 0.9 if not against else 0.75, attached=attached)
    if lines > 1 and not against:
        return Wish(DocumentKind.ORDER, 0.7, attached=attached)
    if attached and (orders or not against):
        return Wish(DocumentKind.ORDER if orders else None, 0.6, attached=True)
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
