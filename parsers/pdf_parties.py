"""Parties on a page: blocks under or beside 'Ship to', 'Lieferadresse', 'Vendor' …, and the letterhead as the buyer."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from oms_core.values.draft import DraftParty
from oms_core.values.source import Value
from parsers import labels
from parsers.pdf_layout import Cell, Row, overlap, source_of

MAX_BLOCK = 9
"""Lines of one party."""

_CONTACT = re.compile(
    r"@|www\.|https?:|\b(?:tel|tél|phone|telephone|telefon|telefax|fax|mobile?|cell|e-?mail|iban|bic|swift|attn|contact|kontakt"
    r"|fao|f\.a\.o|website|web|name/dept|contact person|ansprechpartner)\b\.?|^\+?[\d\s().\-/]{8,}$",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"^(?:(?:client|company|customer|vendor|supplier|trading|legal|retailer)\s+)*(?:name|firma|nombre|nome|naam|nazwa"
    r"|razón social|raison sociale)(?:\s*[:\-]\s*|\s+(?=[A-Z]))",
    re.IGNORECASE,
)
_ADDRESS = re.compile(
    r"^(?:street\s+)?(?:address|adresse|anschrift|dirección|indirizzo|adres|endereço|morada)\s*[:\-]?\s*", re.IGNORECASE
)
_VALUE = re.compile(r"[\s:.#/\-]*((?:[A-Z]{2,3}[\s\-]?)?\d?[A-Z]?\d[\dA-Z]*(?:[ .\-/][\dA-Z]{2,})*)")
_GAP = 1.7
_FAR = 16
_LEAST_ID = 5
_LEGAL = re.compile(
    r"\b(gmbh|ag|kg|ohg|ltd|limited|plc|llp|inc|llc|corp|corporation|company|co|sarl|sas|sa|srl|spa|snc|sl|bv|nv|lda|pty|pvt|uab|oy"
    r"|ab|as|aps|kft|s\.a\.|s\.r\.l\.|s\.p\.a\.|b\.v\.|sp\. z o\.o\.)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Block:
    """The lines of one party and whose they are."""

    role: str
    lines: tuple[Cell, ...]


def blocks(rows: Sequence[Row]) -> list[Block]:
    """Find the labelled blocks of parties."""
    found: list[Block] = []
    for index, row in enumerate(rows):
        for place, cell in enumerate(row.cells):
            block = _block(rows, index, place, cell)
            if block is not None and block.lines:
                found.append(block)
    return found


def _block(rows: Sequence[Row], index: int, place: int, cell: Cell) -> Block | None:
    tokens = labels.tokens(cell.text)
    label = labels.at("party", [token.word for token in tokens])
    if label is None:
        return None
    end = tokens[label.end - 1].end
    tail = cell.text[end:].strip()
    whole = not tail.strip(" :.-*/") or (tail.startswith("(") and tail.rstrip(" :").endswith(")"))
    colon = tail.startswith((":", "-", "\u2013", "\u2014")) or cell.text.rstrip().endswith(":")
    if not whole and not colon:
        return None
    inside = None if whole else cell.part(end + 1 + len(tail) - len(tail.lstrip(": -\u2013\u2014")))
    if inside is not None and _clean(inside.text):
        return Block(label.field, _down(rows, index, inside, (inside,)))
    return Block(label.field, _beside_or_below(rows, index, place, colon=colon))


def _beside_or_below(rows: Sequence[Row], index: int, place: int, *, colon: bool) -> tuple[Cell, ...]:
    """Return the lines of a party whose label stands alone: right of a colon, else below, else right."""
    row = rows[index]
    cell = row.cells[place]
    right = row.cells[place + 1] if place + 1 < len(row.cells) else None
    beside = right is not None and not _is_party(right)
    if right is not None and beside and colon and right.x0 - cell.x1 < _FAR * row.height:
        return _down(rows, index, right, (right,))
    below = _down(rows, index, cell, ())
    if not below and right is not None and beside:
        return _down(rows, index, right, (right,))
    return below


def _is_party(cell: Cell) -> bool:
    words = labels.words_of(cell.text)
    label = labels.at("party", words) or labels.at("header", words)
    return label is not None and (label.end == len(words) or ":" in cell.text)


def _clean(text: str) -> str:
    return text.strip(" :-*\u2013\u2014")


def _down(rows: Sequence[Row], index: int, anchor: Cell, start: tuple[Cell, ...]) -> tuple[Cell, ...]:
    """Follow the lines below, in the anchor's place, until a gap or another label."""
    taken = list(start)
    bottom, height = anchor.bottom, anchor.words[0].height
    for row in rows[index + 1 : index + 1 + 2 * MAX_BLOCK]:
        if row.page != anchor.page or row.top - bottom > _GAP * max(height, row.height) or len(taken) >= MAX_BLOCK:
            break
        if start and any(c.x1 < anchor.x0 and _is_party(c) for c in row.cells):
            break
        under = [c for c in row.cells if abs(c.x0 - anchor.x0) < 1.5 * height or overlap(c, anchor) > 0.5]  # noqa: PLR2004
        if not under:
            continue
        if _is_party(under[0]) and not _NAMED.match(under[0].text) and not _ADDRESS.match(under[0].text):
            if (
                taken
                and labels.at("identifier", labels.words_of(under[0].text)) is None
                and not _CONTACT.search(under[0].text)
            ):
                break
            if not taken:
                break
        taken.append(under[0])
        bottom = under[0].bottom
    return tuple(taken)


def party(lines: Sequence[Cell], sure: float = 0.85) -> DraftParty:
    """Read a block: the first line is the name, an identifier by its label, the other lines the address."""
    name: Value[str] | None = None
    id_: Value[str] | None = None
    if (
        len(lines) > 1
        and _LEGAL.search(lines[1].text)
        and not _LEGAL.search(lines[0].text)
        and ":" not in lines[1].text
    ):
        lines = lines[1:] if not any(char.isdigit() for char in lines[1].text) else lines
    address: list[tuple[str, Cell]] = []
    for cell in lines:
        id_ = id_ or identifier(cell)
        text = _clean(cell.text)
        named, placed = _NAMED.match(text), _ADDRESS.match(text)
        if named and len(text) > named.end():
            name = Value(text[named.end() :], cell.source, sure) if not _CONTACT.search(text[: named.end()]) else name
        elif placed and len(text) > placed.end():
            address.append((text[placed.end() :], cell))
        elif _CONTACT.search(text) or identifier(cell) or not any(char.isalpha() for char in text):
            continue
        elif name is None:
            name = Value(text, cell.source, sure)
        else:
            address.append((text.rstrip(","), cell))
    where = Value(", ".join(t for t, _ in address), source_of([c for _, c in address]), sure - 0.1) if address else None
    return DraftParty(name=name, id=id_, address=where)


def identifier(cell: Cell) -> Value[str] | None:
    """Return a GLN, VAT, tax or registration number that stands with its label."""
    tokens = labels.tokens(cell.text)
    for label in labels.every("identifier", [token.word for token in tokens]):
        found = _VALUE.match(cell.text, tokens[label.end - 1].end) if label.field != "account" else None
        if found and sum(char.isdigit() for char in found.group(1)) >= _LEAST_ID:
            piece = cell.part(found.start(1), found.end(1))
            return Value(found.group(1), (piece or cell).source, 0.85)
    return None


def lone_identifier(rows: Sequence[Row], taken: Sequence[Cell]) -> Value[str] | None:
    """Return the one tax number printed outside all blocks of parties: that of who writes."""
    found = [id_ for row in rows for cell in row.cells if cell not in taken and (id_ := identifier(cell)) is not None]
    return found[0] if len({id_.value for id_ in found}) == 1 else None


def letterhead(rows: Sequence[Row], taken: Sequence[Cell]) -> DraftParty:
    """Return who writes, from the top of the first page: the first line that names a company, else the first words."""
    first = [row for row in rows if row.page == 1 and row.top < 260][:12]  # noqa: PLR2004
    cells = [cell for row in first for cell in row.cells if cell not in taken and _may_name(cell)]
    company = next((cell for cell in cells if _LEGAL.search(cell.text)), None)
    chosen = company or (cells[0] if cells else None)
    if chosen is None:
        return DraftParty()
    index = next(i for i, row in enumerate(rows) if chosen in row.cells)
    below = [c for c in _down(rows, index, chosen, ()) if c not in taken and not _titled(c)]
    return party((chosen, *below), 0.7 if company else 0.5)


def _may_name(cell: Cell) -> bool:
    text = cell.text
    letters = sum(char.isalpha() for char in text)
    if labels.at("header", labels.words_of(text)) is not None:
        return False
    return letters > 3 and ":" not in text and not _CONTACT.search(text) and not _titled(cell) and not _is_party(cell)  # noqa: PLR2004


def _titled(cell: Cell) -> bool:
    words = labels.words_of(cell.text)
    label = labels.at("title", words)
    head = labels.at("header", words)
    return label is not None or (head is not None and head.end >= len(words) - 1)
