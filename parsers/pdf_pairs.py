"""Key and value pairs on a page: the value stands in the label's cell, right of it, or below it."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from oms_core.values.source import PageSource
from parsers import dates, labels
from parsers.pdf_layout import Cell, Row, overlap

MAX_PAIRS = 2_000
"""Pairs looked at in one document."""

_DATE = re.compile(
    r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[./\-]\d{1,2}[./\-]\d{2,4}|\d{1,2}[.\s\-]*(?:de\s+)?[^\W\d_]{3,12}\.?[\s\-,]*(?:de\s+)?\d{2,4}"
    r"|[^\W\d_]{3,12}\.?\s+\d{1,2}(?:st|nd|rd|th)?,?\s+\d{4}"
)
_NUMBER = re.compile(r"[#:\s\-\u2013\u2014]*([A-Za-z0-9][\w./\-\u2013]*(?: [\d\-/][\w./\-]*)?)")
_BELOW = 3.2
_LONG = 60
_WORD = 3
_BESIDE_NUMBERS = frozenset({"rev", "revision", "vom", "date", "dated", "datum", "del", "dnia", "version", "page"})
"""Words that follow the number of a document in its own cell."""

_RIGHT = 260.0
_STRONG = frozenset(
    {
        "order",
        "po",
        "pono",
        "bestellung",
        "bestellnummer",
        "bestellnr",
        "bestell",
        "commande",
        "pedido",
        "ordine",
        "ordernummer",
    }
    | {
        "zamowienie",
        "zamowienia",
        "orden",
        "ordem",
        "encomenda",
        "auftrag",
        "auftragsnummer",
        "bestelnummer",
        "bestelling",
    }
    | {"inkooporder", "purchase", "bestelnr", "auftragsnr", "p"}
)


@dataclass(frozen=True, slots=True)
class Pair:
    """A label's field and its value as it stands; `weight` tells better labels from vaguer ones."""

    field: str
    label: str
    value: str
    source: PageSource
    weight: float


def pairs(rows: Sequence[Row]) -> Iterator[Pair]:
    """Yield the pairs of a document in reading order; a value that cannot be of its field is no pair."""
    count = 0
    for index, row in enumerate(rows):
        for place, cell in enumerate(row.cells):
            for pair in _of_cell(rows, index, place, cell):
                yield pair
                count += 1
                if count >= MAX_PAIRS:
                    return


def _of_cell(rows: Sequence[Row], index: int, place: int, cell: Cell) -> Iterator[Pair]:
    tokens = labels.tokens(cell.text)
    words = [token.word for token in tokens]
    for label in labels.every("header", words):
        end = tokens[label.end - 1].end
        begins = label.start == 0 or cell.text[: tokens[label.start].start].endswith((": ", ". ", "| ", "- ", ":"))
        colon = cell.text[end:].lstrip(" .").startswith(":")
        if label.field == "other" or not (begins or colon):
            continue
        follows = next((t.start for t in tokens[label.end :] if _label_with_colon(cell.text, tokens, t.start)), None)
        text = " ".join(words[label.start : label.end])
        found = _inside(cell, end, follows, label.field)
        if found is None and label.end == len(words):
            found = _beside(rows, index, place, cell, label.field)
        if found is not None:
            yield Pair(label.field, text, found[0], found[1], _weight(text, label.field) + (0.05 if colon else 0.0))


def _label_with_colon(text: str, tokens: Sequence[labels.Token], start: int) -> bool:
    """Say whether another label with a colon begins at this character."""
    words = [token.word for token in tokens if token.start >= start]
    label = labels.at("header", words)
    if label is None:
        return False
    rest = [token for token in tokens if token.start >= start]
    return text[rest[label.end - 1].end :].lstrip(" .#").startswith(":")


def _inside(cell: Cell, end: int, follows: int | None, field: str) -> tuple[str, PageSource] | None:
    rest = cell.text[end:follows]
    got = _checks()[field](rest)
    if got is None:
        return None
    start = end + rest.find(got)
    piece = cell.part(start, start + len(got))
    return (got, piece.source) if piece else None


def _beside(rows: Sequence[Row], index: int, place: int, cell: Cell, field: str) -> tuple[str, PageSource] | None:
    """Look right of a label, then below it, for a value that can be of its field."""
    row = rows[index]
    check = _checks()[field]
    if place + 1 < len(row.cells):
        right = row.cells[place + 1]
        if right.x0 - cell.x1 < _RIGHT and not _is_label(right):
            got = _alone(check(right.text), right.text, field)
            if got is not None:
                return got, right.source
    for below in rows[index + 1 : index + 4]:
        if below.page != row.page or below.top - row.bottom > _BELOW * row.height:
            break
        near = [c for c in below.cells if overlap(cell, c) > 0 or abs(c.x0 - cell.x0) < row.height]
        if any(_is_label(candidate) for candidate in near):
            break
        for candidate in near:
            got = _alone(check(candidate.text), candidate.text, field)
            if got is not None:
                return got, candidate.source
    return None


def _alone(value: str | None, text: str, field: str) -> str | None:
    """Return a number that a cell of its own gives; in '14 Quayside Row' and 'Unit 6, Tuam Road' none stands alone."""
    if value is None or field != "number":
        return value
    _, _, rest = text.partition(value)
    words = [word for word in labels.words_of(_DATE.sub(" ", rest)) if word.isalpha()]
    return None if any(len(word) >= _WORD and word not in _BESIDE_NUMBERS for word in words) else value


def _is_label(cell: Cell) -> bool:
    """Say whether a cell is a label itself, of a value or of a party."""
    words = labels.words_of(cell.text)
    found = (labels.at("header", words), labels.at("party", words))
    closed = cell.text.rstrip().endswith(":")
    return any(label is not None and (label.end == len(words) or closed) for label in found)


def _weight(label: str, field: str) -> float:
    if field != "number":
        return 0.6 if label in {"date", "datum", "fecha", "data", "dat", "delivery", "lieferung", "before"} else 0.9
    words = set(label.split())
    if words & _STRONG:
        return 0.92 if len(words) > 1 or label in {"po", "bestellnummer", "bestellnr", "ordernummer"} else 0.8
    return 0.5


def _checks() -> "dict[str, Callable[[str], str | None]]":
    return {
        "number": number_in,
        "date": date_in,
        "document_date": date_in,
        "requested_date": date_in,
        "currency": currency_in,
    }


def number_in(text: str) -> str | None:
    """Return the document number that a text begins with: it carries a digit and is no date."""
    found = _NUMBER.match(text.strip(" *"))
    if found is None:
        return None
    value = found.group(1).strip(".,:-/")
    words = value.split()
    if len(words) > 1 and not any(char.isdigit() for char in words[0]) and len(words[0]) > 4:  # noqa: PLR2004
        return None
    if not any(char.isdigit() for char in value) or _DATE.fullmatch(value) or len(value) > 40:  # noqa: PLR2004
        return None
    return value


def date_in(text: str) -> str | None:
    """Return the first date that stands in a short text, or at the start of a longer one."""
    for found in _DATE.finditer(text.lstrip(" :")):
        if found.start() and len(text) >= _LONG:
            return None
        candidate = found.group()
        if dates.parse_date(candidate, day_first=True) or dates.parse_date(candidate, day_first=False):
            return candidate
    inside = re.search(r"\d{1,2}[./\-]\d{1,2}[./\-]\d{4}", text)
    return inside.group() if inside and len(text) < _LONG else None


def currency_in(text: str) -> str | None:
    """Return an ISO currency code."""
    found = re.search(r"\b([A-Z]{3})\b", text)
    return found.group(1) if found else None
