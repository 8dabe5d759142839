"""The numbers of a party that a page prints with their labels: GLN, tax number, account, register."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from oms_core.values.source import Value
from parsers.pdf.head import values
from parsers.pdf.layout import Cell
from parsers.words import labels

_ID = re.compile(
    r"[\s.:#/\-=]*((?:[A-Z]{2,3}[\s\-]?)?\d?[A-Z]{0,4}[\-.]?\d[\dA-Z]*"
    r"(?:[ .\-/](?:[A-Z]{0,4}\d[\dA-Z]*|[A-Z]{1,2})(?![A-Za-z]))*)"
)
_LEAST_ID = 5
_LEAST_TAX = 7
_LEAST_ACCOUNT = 2
_RANK = {"gln": 4, "vat": 3, "account": 2, "registration": 1}


@dataclass(frozen=True, slots=True)
class Identifier:
    """An identifier printed with its label; `rank` tells the stronger (GLN over tax number over account)."""

    value: Value[str]
    kind: str
    nuance: str

    @property
    def rank(self) -> int:
        """How strong the identifier is."""
        return _RANK.get(self.kind, 0)


def identifiers(cell: Cell) -> Iterator[Identifier]:
    """Yield every identifier that stands in a cell with its label."""
    text = cell.text
    tokens = labels.tokens(text)
    for label in labels.every("identifier", [token.word for token in tokens]):
        found = _ID.match(text, tokens[label.end - 1].end)
        least = _LEAST_ACCOUNT if label.field == "account" else _LEAST_TAX if label.field == "vat" else _LEAST_ID
        if label.field == "account" and not label.nuance and label.start > 0:
            continue
        if found is None or sum(char.isdigit() for char in found.group(1)) < least:
            continue
        value = found.group(1).rstrip(" .-/")
        if values.is_money(value):
            continue
        piece = cell.part(found.start(1), found.start(1) + len(value)) or cell
        yield Identifier(Value(value, piece.source, 0.85), label.field, label.nuance)


def strongest(found: Sequence[Identifier]) -> Identifier | None:
    """Return the strongest identifier, of equals one with its country's letters, then the first."""
    return max(found, key=lambda one: (one.rank, one.value.value[:2].isalpha()), default=None)
