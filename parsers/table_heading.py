"""What stands around the lines of an order table: labels with their values above it, totals below."""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from oms_core.values.draft import DraftParty, Totals
from oms_core.values.source import Value
from parsers.columns import field_of, total_of
from parsers.table_grid import CellReader, Row

MAX_ADDRESS_ROWS = 5
"""How many rows below a party's label belong to it."""
_NEAR = 3
"""How many columns to the right of a label its value may stand."""
_PARTIES = ("buyer", "supplier", "ship_to")
_POSTCODE = re.compile(r"(?<![\d-])(?:\d{4,6}|\d{2}-\d{3}|\d{5}-\d{4}|[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2})(?![\d-])")
_BOX = re.compile(r"box|postfach|apartado|casella|skrytka|postbus|\bbp\b", re.IGNORECASE)
_CURRENCY = re.compile(r"[A-Za-z]{3}")


@dataclass(slots=True)
class Heading:
    """Header fields that were found; the first mention counts."""

    number: Value[str] | None = None
    date: Value[dt.date] | None = None
    requested_date: Value[dt.date] | None = None
    currency: Value[str] | None = None
    buyer_id: Value[str] | None = None
    notes: Value[str] | None = None
    parties: dict[str, DraftParty] = field(default_factory=dict)

    def party(self, role: str) -> DraftParty:
        """Return a party; the buyer with the customer number that stands by itself."""
        party = self.parties.get(role, DraftParty())
        if role == "buyer" and self.buyer_id is not None:
            return DraftParty(name=party.name, id=self.buyer_id, address=party.address)
        return party


def read_heading(rows: Sequence[Row], cells: CellReader) -> Heading:
    """Read `label: value`, label and value side by side, and address blocks below a party's label."""
    heading = Heading()
    for index, row in enumerate(rows):
        for column, name, inline in _labels(row):
            if name in _PARTIES:
                heading.parties.setdefault(name, _party(rows, index, column, inline, cells))
            elif (at := _value_column(row, column)) is not None and not inline:
                _set(heading, name, row, at, row.text(at), cells)
            elif inline:
                _set(heading, name, row, column, inline, cells)
    heading.parties = {role: party for role, party in heading.parties.items() if party.stated}
    return heading


def _labels(row: Row) -> Iterator[tuple[int, str, str]]:
    """Yield each label of a row: its column, the field it names, and the value in the same cell, if any."""
    for column in row.filled():
        text = row.text(column)
        label, colon, inline = text.partition(":")
        name = field_of(text, above=True) or (field_of(label, above=True) if colon else None)
        if name is not None:
            yield column, name, inline.strip()


def _value_column(row: Row, column: int) -> int | None:
    """Return the next filled column to the right, unless it is a label itself."""
    for candidate in range(column + 1, min(len(row.cells), column + 1 + _NEAR)):
        text = row.text(candidate)
        if text:
            return None if field_of(text, above=True) else candidate
    return None


def _set(heading: Heading, name: str, row: Row, column: int, text: str, cells: CellReader) -> None:
    """Set one field where its value has the field's form: a number has a digit, a currency three letters."""
    if name in ("date", "requested_date"):
        inner = Row(row.number, (*row.cells[:column], text)) if text != row.text(column) else row
        found = cells.date(inner, column)
        if found is not None and getattr(heading, name) is None:
            setattr(heading, name, found)
        return
    if getattr(heading, name) is not None or (name == "number" and not any(char.isdigit() for char in text)):
        return
    if name == "currency":
        if not _CURRENCY.fullmatch(text):
            return
        text = text.upper()
    setattr(heading, name, cells.sourced(text, row, column))


def _party(rows: Sequence[Row], index: int, column: int, inline: str, cells: CellReader) -> DraftParty:
    """Read a party from the label's cell, from the cell beside it, or from the block below."""
    row = rows[index]
    if inline:
        return DraftParty(name=cells.sourced(inline, row, column))
    beside = _value_column(row, column)
    if beside is not None:
        return DraftParty(name=cells.text(row, beside))
    block = list(_block(rows[index + 1 : index + 1 + MAX_ADDRESS_ROWS], column))
    if not block:
        return DraftParty()
    (name_row, name_column), rest = block[0], block[1:]
    address = ", ".join(found.text(at) for found, at in rest)
    return DraftParty(
        name=cells.text(name_row, name_column),
        address=cells.sourced(address, rest[0][0], rest[0][1]) if address else None,
    )


def _block(rows: Sequence[Row], column: int) -> Iterator[tuple[Row, int]]:
    """Yield the filled cells below a label, in its column or the next.

    A blank row, another label or the line with the postcode ends an address; contacts stand below it.
    """
    for row in rows:
        found = next((at for at in (column, column + 1) if row.text(at)), None)
        if found is None or field_of(row.text(found).partition(":")[0], above=True):
            return
        yield row, found
        if _POSTCODE.search(row.text(found)) and not _BOX.search(row.text(found)):
            return


@dataclass(slots=True)
class Sums:
    """Totals found in rows below the lines."""

    found: dict[str, Value[Decimal]] = field(default_factory=dict)

    def take(self, row: Row, cells: CellReader) -> bool:
        """Take a totals row; False where the row is none."""
        for column in row.filled():
            name = total_of(row.text(column).rstrip(":"))
            if name is None:
                continue
            values = (cells.number(row, at) for at in reversed(row.filled()) if at > column)
            value = next((value for value in values if value is not None), None)
            if value is not None:
                self.found.setdefault(name, value)
            return True
        return False

    def totals(self) -> Totals:
        """Sort them: a lone total is net, one beside a net total or a tax is gross."""
        net, tax, gross = (self.found.get(name) for name in ("net", "tax", "gross"))
        lone = self.found.get("total")
        if lone is not None and (net is not None or tax is not None):
            gross = gross or lone
        elif lone is not None:
            net = lone
        return Totals(net=net, tax=tax, gross=gross)
