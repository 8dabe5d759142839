"""What a letter wants: to order, change, cancel, ask for a price, or none of these."""

from collections import Counter
from dataclasses import dataclass

from oms_core.values.draft import DocumentKind
from parsers import labels
from parsers.mail_zones import Letter


@dataclass(frozen=True, slots=True)
class Wish:
    """What the words of a letter say; `kind` is None where it is no order and no question for a price."""

    kind: DocumentKind | None
    confidence: float
    accepts_quote: bool = False
    repeats: bool = False
    attached: bool = False


def wish(letter: Letter, lines: int) -> Wish:
    """Weigh the words of subject and text; `lines` counts the sure order lines found in it.

    Words for changing and cancelling count only with what makes them one (a subject or a number beside them is
    looked at by the caller); a complaint that names goods is no order.
    """
    said = _hits(" . ".join(line.text for line in letter.new))
    subject = _hits(letter.subject.value if letter.subject else "")
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
