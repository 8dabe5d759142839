"""The labels on a page: every phrase that names a value or a party, with its box and what follows it in its cell.

A label is told from a word in running text by where it stands (the beginning of a cell, after another value) and by
the colon or the emptiness after it. A label that is not in the data files is known by the words it ends or begins with:
'Abweichender Warenempfänger:', 'Requested ship date'.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from parsers.pdf.head.words import Meaning, composed
from parsers.pdf.layout import Cell, Row
from parsers.words import labels

GROUPS = ("header", "party", "identifier", "party_weak", "part", "notes", "change", "bare")
"""The groups of label words that are looked for; a phrase may mean something in several."""

MAX_MARKS = 3_000
"""Labels looked at in one document."""

MAX_CELL_CHARS = 600
"""A longer cell is running text and holds no labels."""

LEAST_LABEL = 0.4
"""Below it a phrase in a cell of its own is no label."""

_SURE, _PREFIX, _SUFFIX, _PLAIN = 1.0, 0.75, 0.7, 0.5
_MAX_PHRASE = 7
_SHORT = 5
_PARTS = re.compile(r"[:|;/&•·=]\s*$|[\u2013\u2014]\s*$|\s-\s*$|\(\s*$")
_CLOSES = re.compile(r"[\s.)#°]*(?::|=|\s[\u2013\u2014-]\s)")
_REMARK = re.compile(r"\s*\([^)]*\)|[\s.:#*/&)\u2013\u2014_-]+")
_CODE_WORDS = frozenset(
    {"cod", "code", "codigo", "codice", "kod", "id", "account", "konto", "compte", "cuenta", "conto"}
)
_JOINS = frozenset("/&|")
"""Signs between two labels of one cell: 'Order no. / Date'."""

_DASH = re.compile(r"\s[\u2013\u2014-]\s")
_DASHED = re.compile(r"[\s.)#\u00b0]*\s[\u2013\u2014-]\s")
_GLUED = re.compile(r"[-/_]\w*\d")
_MIDDLE_FIELDS = frozenset({"number", "date", "document_date", "requested_date", "currency"})


@dataclass(frozen=True, slots=True)
class Mark:
    """A label: what it may mean, its phrase, how surely it is one (0 to 1), and what follows it in its own cell.

    `row` counts the document's rows from 0, `place` the cells of the row. `rest` is None where nothing follows.
    """

    meanings: tuple[Meaning, ...]
    phrase: str
    sure: float
    colon: bool
    row: int
    place: int
    cell: Cell
    label: Cell
    rest: Cell | None
    rest_text: str

    def means(self, group: str) -> Meaning | None:
        """Return what it stands for in one group of label words, or None."""
        return next((meaning for meaning in self.meanings if meaning.group == group), None)

    @property
    def first(self) -> bool:
        """Whether its cell begins with it."""
        return self.label.words[0] is self.cell.words[0]


@dataclass(frozen=True, slots=True)
class _Found:
    meanings: tuple[Meaning, ...]
    start: int
    end: int
    sure: float


def marks(rows: Sequence[Row]) -> tuple[Mark, ...]:
    """Return the labels of a document in reading order."""
    found: list[Mark] = []
    for index, row in enumerate(rows):
        for place, cell in enumerate(row.cells):
            found += _in_cell(cell, index, place)
        if len(found) >= MAX_MARKS:
            break
    return tuple(found[:MAX_MARKS])


def _in_cell(cell: Cell, row: int, place: int) -> Iterator[Mark]:
    text = cell.text
    if len(text) > MAX_CELL_CHARS:
        return
    tokens = labels.tokens(text)
    found = list(_phrases(text, tokens))
    for number, one in enumerate(found):
        start, end = tokens[one.start].start, tokens[one.end - 1].end
        until = tokens[found[number + 1].start].start if number + 1 < len(found) else len(text)
        closed = _CLOSES.match(text, end)
        rest = text[closed.end() if closed else end : until]
        blank = not _REMARK.sub("", rest) or (closed is None and not labels.words_of(rest))
        begin = len(text[:until]) - len(rest.lstrip(" :.#=_\u2013\u2014-")) if not blank else until
        follows = None if blank else cell.part(begin, until)
        label = cell.part(start, end) or cell
        yield Mark(
            one.meanings,
            " ".join(token.word for token in tokens[one.start : one.end]),
            one.sure,
            closed is not None,
            row,
            place,
            cell,
            label,
            follows,
            "" if follows is None else text[begin:until].strip(),
        )


def _phrases(text: str, tokens: Sequence[labels.Token]) -> Iterator[_Found]:
    words = [token.word for token in tokens]
    place = 0
    while place < len(words):
        found = _phrase(text, tokens, words, place)
        if found is None:
            place += 1
        else:
            yield found
            place = max(found.end, place + 1)


def _phrase(text: str, tokens: Sequence[labels.Token], words: Sequence[str], place: int) -> _Found | None:
    """Return the label that begins at a word; in the middle of a text only one with a colon or of a typed value."""
    begins = place == 0 or _PARTS.search(text[: tokens[place].start]) is not None
    end, meanings = meanings_at(words, place)
    if meanings and glued(text, tokens[end - 1].end):
        return None
    if not begins and meanings and all(meaning.group == "bare" for meaning in meanings):
        return None
    if meanings and _closes(text, tokens, end):
        return _Found(meanings, place, end, _SURE) if begins or _spaced(text, tokens, place) else None
    if begins:
        return _beginning(text, tokens, words, _Found(meanings, place, end, _SURE))
    typed = any(meaning.group == "header" and meaning.field in _MIDDLE_FIELDS for meaning in meanings)
    follows = text[tokens[end - 1].end :].lstrip(" .:#") if typed else ""
    return _Found(meanings, place, end, _PLAIN) if follows[:1].isdigit() else None


def _beginning(text: str, tokens: Sequence[labels.Token], words: Sequence[str], exact: _Found) -> _Found | None:
    """Return the label at the beginning of a cell or of a part of it, `exact` where the data files know it whole."""
    if exact.start and text[: tokens[exact.start].start].rstrip().endswith((":", "=")):
        return None
    if exact.meanings and (exact.end == len(words) or text[tokens[exact.end - 1].end :].lstrip()[:1] in _JOINS):
        return exact
    loose = _loose(text, tokens, words, exact.start)
    if loose is not None or not exact.meanings:
        return loose
    return _Found(exact.meanings, exact.start, exact.end, _PLAIN)


def glued(text: str, end: int) -> bool:
    """Say whether a label's last word is part of a code: the 'PO' of 'PO-2026-118'."""
    return _GLUED.match(text, end) is not None


def _spaced(text: str, tokens: Sequence[labels.Token], place: int) -> bool:
    return text[: tokens[place].start].endswith((" ", ",", ")"))


def _closes(text: str, tokens: Sequence[labels.Token], end: int) -> bool:
    """Say whether a colon follows, or after the first words of a cell a dash."""
    found = _CLOSES.match(text, tokens[end - 1].end)
    if found is None or found.group().rstrip().endswith((":", "=")):
        return found is not None
    return not any(_DASH.search(text[tokens[at].end : tokens[at + 1].start]) for at in range(end - 1))


def _loose(text: str, tokens: Sequence[labels.Token], words: Sequence[str], place: int) -> _Found | None:
    """Return a label that is only known by its first or last words: it ends in a colon, or is all of a short cell."""
    last = next((end for end in range(place + 1, len(words) + 1) if _closes(text, tokens, end)), None)
    end = last or len(words)
    phrase = text[tokens[place].start : tokens[end - 1].end]
    if not 1 < end - place <= _MAX_PHRASE or "," in phrase or any(char.isdigit() for char in phrase):
        return None
    tail = next(((s, m) for s in range(place + 1, end) if (m := _whole(words[s:end]))), None)
    if last is None:
        return _all_of_cell(text, place, end, tail) if end - place <= _SHORT else None
    if _DASHED.match(text, tokens[end - 1].end):
        return None  # a name and its department: 'Hotel Adler - Küche'
    head_end, head = meanings_at(words[:end], place)
    if head and tail and _is_party(head) and any(meaning.group == "part" for meaning in tail[1]):
        return _Found(head, place, end, _PREFIX)  # 'Name of the buyer', 'Megrendelő neve'
    parted = head and text[tokens[head_end - 1].end :].lstrip()[:1] in "/&,("
    if head and (tail is None or parted or head_end - place > end - tail[0]):
        return _Found(head, place, end, _PREFIX)
    return _Found(_numbered(tail[1], words[place]), place, end, _SUFFIX) if tail else None


def _is_party(meanings: Sequence[Meaning]) -> bool:
    return any(meaning.group == "party" for meaning in meanings)


def _all_of_cell(text: str, place: int, end: int, tail: tuple[int, tuple[Meaning, ...]] | None) -> _Found | None:
    """Return the label of a cell that ends with one and has no colon: 'Requested ship date', 'GOODS DELIVERED TO'."""
    if tail is None or place or not text[-1:].isalnum():
        return None
    start, meanings = tail
    valued = any(
        meaning.group in {"header", "identifier"} or (meaning.group == "party" and end - start > 1)
        for meaning in meanings
    )
    return _Found(meanings, place, end, _PLAIN + 0.1) if valued else None


def _numbered(meanings: tuple[Meaning, ...], first: str) -> tuple[Meaning, ...]:
    """Return a party's label that begins with a word for number or code as one of its number: 'Cod. fornitore'."""
    party = next((meaning for meaning in meanings if meaning.group == "party"), None)
    if party is None or (first not in _CODE_WORDS and labels.at("bare", (first,)) is None):
        return meanings
    return (Meaning("identifier", "account", "vendor" if party.field == "supplier" else "customer"),)


def _whole(words: Sequence[str]) -> tuple[Meaning, ...]:
    end, meanings = meanings_at(words, 0)
    return meanings if end == len(words) else ()


def meanings_at(words: Sequence[str], place: int) -> tuple[int, tuple[Meaning, ...]]:
    """Return the end of the longest label that begins at a word, and all that it may mean."""
    found = [(group, label) for group in GROUPS if (label := labels.at(group, words, place)) is not None]
    end = max((label.end for _, label in found), default=place)
    longer, meaning = composed(words, place)
    if meaning is not None and longer > end:
        return longer, (meaning,)
    return end, tuple(Meaning(group, label.field, label.nuance) for group, label in found if label.end == end)
