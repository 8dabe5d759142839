"""Labels put together from known words: 'number of the order' and 'order number' in any language, also in one word.

The data files hold the names of documents, the words for number and for date. What forms print is often only their
sum: `Bestelbonnr.`, `Bon n°`, `Data da encomenda`, `Rekvisitionsnr.`
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from parsers.words import labels


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a label may stand for: a group of the label words, its field, and the shade of its meaning."""

    group: str
    field: str
    nuance: str


_NUMBER_OF: Mapping[str, tuple[str, str]] = {
    "order": ("number", "order"),
    "order_change": ("number", "order"),
    "order_cancellation": ("number", "order"),
    "order_response": ("number", "sales"),
    "invoice": ("other", "invoice"),
    "credit_note": ("other", "invoice"),
    "quote": ("other", "quote"),
    "quote_request": ("other", "rfq"),
    "despatch_advice": ("other", "delivery"),
}
_DATE_OF: Mapping[str, tuple[str, str]] = {
    "order": ("date", ""),
    "order_change": ("date", ""),
    "order_cancellation": ("date", ""),
    "order_response": ("document_date", "invoice"),
    "invoice": ("document_date", "invoice"),
    "credit_note": ("document_date", "invoice"),
    "quote": ("document_date", "quote"),
    "quote_request": ("document_date", "quote"),
}
_PARTICLES = frozenset(
    ("de", "del", "della", "dell", "di", "d", "la", "le", "du", "da", "do", "of", "the", "der", "des")
)
_NUMBER_ENDS = ("nummeret", "nummer", "numret", "number", "szama", "szam", "numero", "nro", "nr", "no")
_DATE_ENDS = ("datumet", "datum", "datoen", "dato", "date", "paivamaara", "paiva", "pvm")
_LEAST_STEM = 3


def composed(words: Sequence[str], place: int) -> tuple[int, Meaning | None]:
    """Return the end of a label put together from known words that begins here, and what it means; None without one."""
    if place >= len(words):
        return place, None
    one = _in_one_word(words[place])
    if one is not None:
        return place + 1, one
    return _document_first(words, place) or _word_first(words, place) or (place, None)


def _document_first(words: Sequence[str], place: int) -> tuple[int, Meaning] | None:
    """Read 'order no', 'order date', and 'delivery date' where delivery alone would be a label too."""
    title = labels.at("title", words, place) or _joining(words, place)
    if title is not None and title.end < len(words):
        if _is_number(words[title.end]) and title.field in _NUMBER_OF:
            return title.end + 1, _meaning(_NUMBER_OF[title.field])
        if _is_date(words[title.end]) and title.field in _DATE_OF:
            return title.end + 1, _meaning(_DATE_OF[title.field])
    wanted = labels.at("header", words, place)
    if wanted is None or wanted.field != "requested_date" or wanted.end >= len(words):
        return None
    return (wanted.end + 1, Meaning("header", "requested_date", "")) if _is_date(words[wanted.end]) else None


def _joining(words: Sequence[str], place: int) -> labels.Label | None:
    """Return the document that a word with a joining s names: the 'Rechnungs' of 'Rechnungs-Nr.'."""
    stem = words[place].removesuffix("s")
    found = labels.at("title", (stem,)) if stem != words[place] else None
    return None if found is None else labels.Label(found.field, place, place + 1, found.nuance)


def _word_first(words: Sequence[str], place: int) -> tuple[int, Meaning] | None:
    """Read 'number of the order', 'date of the invoice', 'date of delivery'."""
    number, date = _is_number(words[place]), _is_date(words[place])
    start = place + 1
    while start < len(words) and words[start] in _PARTICLES and start < place + 3:
        start += 1
    if not (number or date) or start >= len(words):
        return None
    title = labels.at("title", words, start)
    table = _NUMBER_OF if number else _DATE_OF
    if title is not None and title.field in table:
        return title.end, _meaning(table[title.field])
    wanted = labels.at("header", words, start) if date else None
    if wanted is not None and wanted.field == "requested_date":
        return wanted.end, Meaning("header", "requested_date", "")
    return None


@labels.remembered
def _in_one_word(word: str) -> Meaning | None:
    """Read a compound: the name of a document or 'delivery', a joining s or none, and a word for number or date."""
    for ends, table in ((_NUMBER_ENDS, _NUMBER_OF), (_DATE_ENDS, _DATE_OF)):
        for end in ends:
            stem = word.removesuffix(end)
            if stem == word or len(stem) < _LEAST_STEM:
                continue
            found = next(
                (label for one in (stem, stem.removesuffix("s")) if (label := labels.at("title", (one,)))), None
            )
            if found is not None and found.field in table:
                return _meaning(table[found.field])
            wanted = next((x for one in (stem, stem.removesuffix("s")) if (x := labels.at("header", (one,)))), None)
            if table is _DATE_OF and wanted is not None and wanted.field == "requested_date":
                return Meaning("header", "requested_date", "")
    return None


def _meaning(found: tuple[str, str]) -> Meaning:
    return Meaning("header", *found)


@labels.remembered
def _is_number(word: str) -> bool:
    label = labels.at("bare", (word,))
    return label is not None and label.field == "number" and word not in {"ref", "reference"}


@labels.remembered
def _is_date(word: str) -> bool:
    label = labels.at("header", (word,))
    return label is not None and label.field == "date" and label.nuance == "plain"
