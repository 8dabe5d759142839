"""Where goods go, as a letter says it: an address below 'Ship to', or in a sentence that asks for delivery there."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from oms_core.values.draft import DraftParty
from oms_core.values.source import Value
from parsers.mail.facts import DATE
from parsers.mail.parties import CONTACT, joined_source
from parsers.mail.sentences import paragraphs, sentences
from parsers.mail.zones import Line
from parsers.words import labels
from parsers.words.spans import Span

_MAX_BLOCK = 6
_MAX_ADDRESS = 160
"""A longer rest of a sentence is no address."""

_STREET = re.compile(r"\b(street|road|avenue|st|ave|rd|rue|calle|via|ul|av|stra\u00dfe|platz)\b\.?", re.IGNORECASE)
_PIECES = re.compile(r",\s+|\s*\(.*$")
_ASKED_AT = re.compile(r"(?:\bat|\bto|\ban|\b\u00e0|\ben|\ba|\bnaar)\s*:$")
_LEADS = re.compile(
    r"(?<![\w-])(?:to|at|an|nach|in|auf|op|naar|aan|\u00e0|au|chez|en|a|presso|till|til|p\u00e5|do|na|para|no|la|pe)\s+"
    r"(?=[A-Z\u00c0-\u017d\d])|:\s+(?=[A-Z\u00c0-\u017d\d])"
)
"""What stands before an address in a sentence: 'to', 'op', 'bei', or a colon."""

_PLACED = re.compile(
    r"\b[A-PR-UWYZ]{1,2}\d[A-Z\d]? ?\d[ABD-HJLN-UW-Z]{2}\b|\b[A-Z]{2}\.? \d{5}(?:-\d{4})?\b|\b\d{4} ?[A-Z]{2}\b"
    r"|\b(?:[A-Z]{1,2}-)?\d{5}\s+[A-Z\u00c0-\u017d]|\b\d{4}\s+[A-Z\u00c0-\u017d][a-z\u00df-\u017e]|\b\d{2}-\d{3}\s+[A-Z\u00c0-\u017d]"
    r"|\b\d{3} \d{2}\s+[A-Z\u00c0-\u017d]|\b[A-Z]\d[A-Z] ?\d[A-Z]\d\b"
)
"""A postcode as one country or another writes it, with its town where the digits alone could be anything."""

_DAY_BEHIND = re.compile(
    r"[\s,]+(?:by|before|on|bis|am|avant|le|para|antes|entro|il|v\u00f3\u00f3r|op|do|senest|senast)\s+\S*\d.*$"
)


@dataclass(frozen=True, slots=True)
class Destination:
    """Where goods go; `lines` are the starts of whole lines that say so, `place` the part of a sentence that does."""

    party: DraftParty = field(default_factory=DraftParty)
    lines: frozenset[int] = frozenset()
    place: tuple[int, int] | None = None


def ship_to(lines: Sequence[Line]) -> Destination:
    """Return where goods go: the address below or behind a label, else one in a sentence that asks for delivery."""
    return _labelled(lines) or _in_sentences(lines) or Destination()


def has_postcode(text: str) -> bool:
    """Say whether a text holds a postcode as one country or another writes it."""
    return _PLACED.search(text) is not None


def postcodes(text: str) -> list[tuple[int, int]]:
    """Return where postcodes stand in a text, with the beginning of their towns."""
    return [found.span() for found in _PLACED.finditer(text)]


def _labelled(lines: Sequence[Line]) -> Destination | None:
    """Read 'Ship to', 'Lieferadresse' … and 'to arrive at:' with what stands behind or below them."""
    for index, line in enumerate(lines):
        tokens = labels.tokens(line.text)
        label = labels.at("party", [token.word for token in tokens])
        rest = Span("", line.end)
        if label is not None and label.field == "ship_to":
            rest = Span(line.text, line.start).cut(tokens[label.end - 1].end)
            if rest.text and not rest.text.startswith((":", "-", "\u2013")):
                continue
        elif not (_ASKED_AT.search(line.text) and _asks(line.text)):
            continue
        block = [rest.strip(" :-\u2013")] if rest.strip(" :-\u2013").text else _below(lines, index)
        if block:
            return Destination(_party(block, 0.8), frozenset({line.start, *(span.start for span in block)}))
    return None


def _asks(text: str) -> bool:
    """Say whether words speak of a delivery."""
    words = labels.words_of(text)
    return any(label.field == "by_date" for label in labels.every("when", words)) or any(
        label.field == "ship_to" for label in labels.every("party", words)
    )


def _in_sentences(lines: Sequence[Line]) -> Destination | None:
    """Read 'Please deliver on Monday to Mill House, 3 Mill Lane, Otley LS21 1AA': an address with its postcode."""
    if not any(_PLACED.search(line.text) for line in lines):
        return None
    spans = [Span(line.text, line.start) for line in lines]
    placed = (text for texts in (spans, paragraphs(spans)) for text in texts if _PLACED.search(text.text))
    for sentence in (sentence for text in placed for sentence in sentences(text)):
        found = _addressed(sentence)
        if found is not None:
            start, end = found.start, found.start + len(found.text)
            whole = frozenset(line.start for line in lines if line.text and start <= line.start and line.end <= end)
            return Destination(_party([found], 0.7), whole, (start, end))
    return None


def _addressed(sentence: Span) -> Span | None:
    """Return the address in a sentence that asks for delivery to it."""
    if not _PLACED.search(sentence.text):
        return None
    for lead in _LEADS.finditer(sentence.text):
        rest = sentence.cut(lead.end())
        colon = rest.text.find(": ")
        rest = rest.cut(colon + 1) if colon >= 0 and _PLACED.search(rest.text, colon) else rest
        day = _DAY_BEHIND.search(rest.text)
        rest = (rest.cut(0, day.start()) if day else rest).strip(" .,;")
        if not _PLACED.search(rest.text) or len(rest.text) > _MAX_ADDRESS or not rest.text[:1].isalnum():
            continue
        if _asks(sentence.text[: lead.end()]) and "," in rest.text:
            return rest
    return None


def _below(lines: Sequence[Line], index: int) -> list[Span]:
    out: list[Span] = []
    for line in lines[index + 1 : index + 1 + _MAX_BLOCK]:
        if not line.text:
            if out:
                break
            continue
        out.append(Span(line.text, line.start))
    return out


def _party(block: Sequence[Span], sure: float) -> DraftParty:
    """Part a block into name and address: what stands before the first piece of a place is the name."""
    pieces = [piece for span in block for piece in span.split(_PIECES) if piece.text]
    pieces = [piece for piece in pieces if not (CONTACT.search(piece.text) or _is_day(piece.text))]
    if not pieces:
        return DraftParty()
    named = not re.search(r"\d", pieces[0].text) and len(pieces) > 1 and not _STREET.search(pieces[0].text)
    rest = pieces[1:] if named else pieces
    address = Value(", ".join(piece.text for piece in rest), joined_source(rest), sure) if rest else None
    return DraftParty(name=Value(pieces[0].text, pieces[0].source, sure) if named else None, address=address)


def _is_day(text: str) -> bool:
    """Say whether a piece names the day of a delivery and no place."""
    words = labels.words_of(text)
    named = any(labels.at(group, words, at) for group in ("weekday", "day") for at in range(len(words)))
    return named or DATE.search(text) is not None
