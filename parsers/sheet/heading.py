"""What stands around the lines of an order table: labels with their values, titles with a number, totals."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from oms_core.values.draft import DraftParty
from oms_core.values.source import Value
from parsers.sheet.columns import field_of, fold
from parsers.sheet.compose import is_order_number
from parsers.sheet.currencies import currency_of
from parsers.sheet.grid import CellReader, Row
from parsers.sheet.parties import PARTS, POSTCODE, ROLES, party, split_block
from parsers.sheet.terms import company_form, terms
from parsers.sheet.words import meanings
from parsers.words import labels
from parsers.words.dates import parse_date

MAX_ADDRESS_ROWS = 5
"""How many rows below a party's label belong to it."""
MAX_HEADING_COLUMNS = 60
"""Labels stand in the first columns of a sheet."""
MAX_NUMBER_CHARS = 40
"""A longer text is no order number."""
_NEAR = 5
"""How many columns to the right of a label its value may stand."""
_LABEL_CHARS = 40
_MAX_LABELLED = 200
_LEAST_DIGITS = 5
_PART_SCORE = 0.9
_NUMBER = re.compile(r"[\s:#.]*(?:n[ro]?\.?\s*|no\.?\s*)?#?\s*([^\W_][\w./-]{0,38})(.*)")
_SPOKEN = re.compile(r"\s+[^\W\d_]{2,}\s+[^\W\d_]")
"""Words behind a number, `4711 from Holm Ltd`: they are no part of it."""
_DAY = re.compile(r"(?<![\w./-])\d{1,4}[./-]\d{1,2}[./-]\d{1,4}(?![\w/-])")


@dataclass(slots=True)
class Heading:
    """Header fields that were found; the first mention counts."""

    number: Value[str] | None = None
    po_number: Value[str] | None = None
    date: Value[dt.date] | None = None
    requested_date: Value[dt.date] | None = None
    currency: Value[str] | None = None
    notes: Value[str] | None = None
    parts: dict[str, dict[str, Value[str]]] = field(default_factory=lambda: {role: {} for role in ROLES})
    doubtful: dict[str, str] = field(default_factory=dict)
    """Texts beside labels of days that name no certain day."""

    def party(self, role: str) -> DraftParty:
        """Return a party with what was found of it."""
        return party(self.parts[role])

    def fill(self, more: "Heading") -> None:
        """Take what is not said yet from another heading."""
        for name in ("number", "po_number", "date", "requested_date", "currency", "notes"):
            if getattr(self, name) is None:
                setattr(self, name, getattr(more, name))
        for role, parts in more.parts.items():
            for part, value in parts.items():
                self.say(role, part, value)

    def say(self, role: str, part: str, value: Value[str] | None) -> None:
        """Keep a part of a party where it was not said before."""
        if value is not None and value.value:
            self.parts[role].setdefault(part, value)


@dataclass(frozen=True, slots=True)
class _Label:
    """A label: its column, the field it names, and the value in the same cell, if any."""

    column: int
    name: str
    inline: str


def read_heading(rows: Sequence[Row], cells: CellReader) -> Heading:
    """Read `label: value`, label and value side by side or one below the other, and address blocks."""
    heading = Heading()
    role = "buyer"
    above: dict[int, str] = {}
    titled = False
    for index, row in enumerate(rows):
        titled = titled or _is_titled(row)
        for label in _labels(row, titled=titled and heading.number is None):
            role = next((party for party in ROLES if label.name.startswith(party)), role)
            if label.name in ROLES:
                above[label.column] = label.name
                _read_party(heading, label.name, rows, index, label, cells)
            elif label.name == "buyer_id" and _is_tax_number(row.text(label.column)):
                owned = _Label(label.column, "part_id", label.inline)
                _read_value(heading, above.get(label.column, role), rows, index, owned, cells)
            elif label.name != "other":
                _read_value(heading, role, rows, index, label, cells)
    if heading.number is None and rows:
        _open_number(heading, rows[0], cells)
    return heading


def _open_number(heading: Heading, row: Row, cells: CellReader) -> None:
    """Take the number of a title that no list knows, alone in the first row: `Zapotrzebowanie nr 31/2026`."""
    filled = row.filled()
    text = row.text(filled[0]) if len(filled) == 1 else ""
    before, _, number = text.rpartition(" ")
    *named, word = labels.words_of(before) or ("",)
    known = label_of(before) is not None or any(labels.every(group, named) for group in ("party", "identifier"))
    if named and word in terms("number_word") and any(map(str.isdigit, number)) and not known:
        heading.number = cells.sourced(number, row, filled[0], _LETTERHEAD)


def say_always(heading: Heading, constants: Iterable[tuple[str, str]], rows: Sequence[Row], cells: CellReader) -> None:
    """Put what a form always says of its buyer and supplier in its place, where this table prints it too."""
    for path, text in constants:
        role, _, part = path.partition(".")
        for row in rows:
            column = next((at for at in row.filled() if row.text(at).casefold() == text.casefold()), None)
            if column is not None and role in ROLES:
                heading.parts[role][part] = cells.sourced(row.text(column), row, column)
                break


def _is_titled(row: Row) -> bool:
    """Whether a cell of a row calls the table an order."""
    return any(labels.whole("title", row.text(column)) == "order" for column in row.filled())


def _labels(row: Row, *, titled: bool = False) -> Iterator[_Label]:
    """Yield the labels of a row; where the table is `titled` an order, a title or a bare `No.` names its number."""
    for column in row.filled():
        text = row.text(column)
        if column >= MAX_HEADING_COLUMNS or len(text) > _MAX_LABELLED or not any(map(str.isalpha, text)):
            continue
        label, colon, inline = text.partition(":")
        if colon and inline.strip() and len(label) <= _LABEL_CHARS and (name := label_of(label)) is not None:
            yield _Label(column, name, inline.strip())
        elif (whole := label_of(text.rstrip(": "))) is not None:
            yield _Label(column, whole, "")
        elif (pair := _titled(text)) is not None or (pair := _identified(text)) is not None:
            yield _Label(column, *pair)
        elif titled and _names_number(text):
            yield _Label(column, "number", "")


@labels.remembered
def label_of(text: str) -> str | None:
    """Return the field that a label names: one of the order, of a party, or `other`; None for other words."""
    named = labels.own(("header", "party"), text) or field_of(text, above=True)
    if named is not None:
        return named
    words = meanings(text)
    part = next(
        (name for name, worth in words.items() if worth >= _PART_SCORE and name.startswith((*ROLES, "part_"))), None
    )
    if part is not None and part.partition("part_")[2] not in ("id", "name"):
        return part
    header = labels.whole("header", text)
    if header is not None:
        return "other" if header == "document_date" else header
    return labels.whole("party", text) or _identifier(text) or ("number" if is_order_number(text) else None)


def _is_tax_number(text: str) -> bool:
    """Whether a label names a number that every company has, so that it is the party's above it."""
    return labels.whole("identifier", text.partition(":")[0]) in ("vat", "registration", "gln")


def _identifier(text: str) -> str | None:
    kind = labels.whole("identifier", text)
    return None if kind is None else "buyer_id" if kind == "account" else "part_id"


def _titled(text: str) -> tuple[str, str] | None:
    """Read `Purchase Order 4711`, `Bestellung Nr. B-17 vom 1.3.2026`, `Bestellung vom 1.3.2026`: a title and more."""
    tokens = labels.tokens(text)
    words = [token.word for token in tokens]
    named = [label for group in ("header", "title") if (label := labels.at(group, words)) is not None]
    label = max(named, key=lambda label: label.end, default=None)
    if label is None or label.field not in ("number", "date", "order", "order_change", "order_cancellation"):
        return None
    rest = text[tokens[label.end - 1].end :]
    day = _DAY.search(rest)
    if day is not None and not any(map(str.isdigit, rest[: day.start()])):
        return "date", day.group()
    found = _NUMBER.fullmatch(rest) if label.field != "date" else None
    if found is None or not any(char.isdigit() for char in found[1]) or len(rest) > _LABEL_CHARS + MAX_NUMBER_CHARS:
        return None
    return "number", found[1] if _SPOKEN.match(found[2]) else found[1] + found[2]


def _names_number(text: str) -> bool:
    """Whether a text is the title of an order or a bare word for its number."""
    return labels.whole("title", text) == "order" or labels.whole("bare", text) == "number"


def _identified(text: str) -> tuple[str, str] | None:
    """Read `NIF 509887123`: a word for a number that companies have, and the number behind it."""
    label, _, number = text.rpartition(" ")
    kind = _identifier(label) if sum(map(str.isdigit, number)) >= _LEAST_DIGITS else None
    return None if kind is None else (kind, number)


def _value_column(row: Row, column: int) -> int | None:
    """Return the next filled column to the right, unless it is a label itself."""
    for candidate in range(column + 1, min(len(row.cells), column + 1 + _NEAR)):
        text = row.text(candidate)
        if text:
            return None if _is_label(text) else candidate
    return None


def _is_label(text: str) -> bool:
    return label_of(text.partition(":")[0]) is not None and not _DAY.search(text)


def _read_value(heading: Heading, role: str, rows: Sequence[Row], index: int, label: _Label, cells: CellReader) -> None:
    """Take the value in the label's cell, to its right, or below it, the first that has the field's form."""
    row, owned = rows[index], (role, label.name)
    if label.inline:
        _set(heading, owned, row, label.column, label.inline, cells)
        return
    beside = _value_column(row, label.column)
    if beside is not None:
        _set(heading, owned, row, beside, row.text(beside), cells)
        return
    below = rows[index + 1] if index + 1 < len(rows) and rows[index + 1].number - row.number <= 1 else None
    text = below.text(label.column) if below is not None else ""
    if below is not None and text and not _is_label(text):
        _set(heading, owned, below, label.column, text, cells)


def _set(heading: Heading, owned: tuple[str, str], row: Row, column: int, text: str, cells: CellReader) -> None:
    """Set one field of a role where its value has the field's form: a number has a digit, a currency is one."""
    role, name = owned
    if name in ("date", "requested_date"):
        found = _day(row, column, text, cells)
        if found is None and any(map(str.isdigit, text)):
            heading.doubtful.setdefault(name, text)
        if found is not None and getattr(heading, name) is None:
            setattr(heading, name, found)
    elif name in ("number", "po_number"):
        _set_number(heading, name, row, column, text, cells)
    elif name == "currency":
        code = currency_of(text.upper()) or currency_of(text)
        if code is not None and heading.currency is None:
            heading.currency = cells.sourced(code, row, column)
    elif name == "notes":
        heading.notes = heading.notes or cells.sourced(text, row, column)
    else:
        owner = next((party for party in ROLES if name.startswith(party)), role)
        part = name.removeprefix("part_").removeprefix(f"{owner}_")
        if part in PARTS and (part != "id" or any(char.isdigit() for char in text)):
            heading.say(owner, part, cells.sourced(text, row, column))


def _day(row: Row, column: int, text: str, cells: CellReader) -> Value[dt.date] | None:
    if text == row.text(column):
        return cells.date(row, column)
    found = parse_date(text, cells.conventions.day_first)
    return None if found is None else cells.sourced(found, row, column)


def _set_number(heading: Heading, name: str, row: Row, column: int, text: str, cells: CellReader) -> None:
    """Set an order number; a day printed behind it (`4711 / 1.3.2026`, `B-17 vom 1.3.2026`) is the order's date."""
    day = _DAY.search(text)
    if day is not None and day.start() and text != day.group():
        date = parse_date(day.group(), cells.conventions.day_first)
        if date is not None and heading.date is None:
            heading.date = cells.sourced(date, row, column)
        text = text[: day.start()].split(maxsplit=1)[0]
    if getattr(heading, name) is not None or (day is not None and parse_date(text, day_first=True) is not None):
        return
    if any(char.isdigit() for char in text) and len(text) <= MAX_NUMBER_CHARS:
        setattr(heading, name, cells.sourced(text.strip(" #:"), row, column))


def _read_party(heading: Heading, role: str, rows: Sequence[Row], index: int, label: _Label, cells: CellReader) -> None:
    """Read a party from the label's cell, from the cell beside it with what stands below, or from the block below."""
    row = rows[index]
    if label.inline:
        _say_block(heading, role, str(row.cells[label.column]).partition(":")[2], row, label.column, cells)
        below = list(_block(rows[index + 1 : index + 1 + MAX_ADDRESS_ROWS], label.column))
        if below and POSTCODE.search(below[-1][0].text(below[-1][1])):
            address = ", ".join(found.text(at) for found, at in below)
            heading.say(role, "address", cells.sourced(address, below[0][0], below[0][1]))
        return
    beside = _value_column(row, label.column)
    if beside is not None:
        _say_block(heading, role, str(row.cells[beside]), row, beside, cells)
        block = list(_block(rows[index + 1 : index + 1 + MAX_ADDRESS_ROWS], beside, clear=label.column))
    else:
        block = list(_block(rows[index + 1 : index + 1 + MAX_ADDRESS_ROWS], label.column))
        if not block:
            return
        first, at = block.pop(0)
        _say_block(heading, role, str(first.cells[at]), first, at, cells)
    address = ", ".join(found.text(at) for found, at in block)
    if address:
        heading.say(role, "address", cells.sourced(address, block[0][0], block[0][1]))


def _say_block(heading: Heading, role: str, text: str, row: Row, column: int, cells: CellReader) -> None:
    name, address = split_block(text)
    if name and not any(char.isalpha() for char in name):
        heading.say(role, "id", cells.sourced(name, row, column))
        return
    heading.say(role, "name", cells.sourced(name, row, column) if name else None)
    heading.say(role, "address", cells.sourced(address, row, column) if address else None)


def _block(rows: Sequence[Row], column: int, clear: int | None = None) -> Iterator[tuple[Row, int]]:
    """Yield the filled cells below, in this column or the next (only this where the label's column must stay clear).

    A blank row, another label or the line with the postcode ends an address; contacts stand below it.
    """
    for row in rows:
        places = (column, column + 1) if clear is None else (column,)
        found = next((at for at in places if row.text(at)), None)
        if found is None or (clear is not None and row.text(clear)) or _is_label(row.text(found)):
            return
        yield row, found
        if POSTCODE.search(row.text(found)) and not _is_box(row.text(found)):
            return


def _is_box(text: str) -> bool:
    """Whether a line names a post box, whose number is no postcode."""
    words = fold(text).split()
    return any(words[at : at + len(box)] == box for box in map(str.split, terms("po_box")) for at in range(len(words)))


def letterhead(rows: Sequence[Row], cells: CellReader) -> Value[str] | None:
    """Return the first text of the top rows that is a company by its legal form, or None."""
    for row in rows[:_NEAR]:
        if any(label.name in ROLES for label in _labels(row)):
            return None
        for column in row.filled():
            text = row.text(column)
            if (
                ":" not in text
                and company_form().search(text)
                and label_of(text) is None
                and len(text) <= _LABEL_CHARS * 2
            ):
                return cells.sourced(text, row, column, _LETTERHEAD)
    return None


def sender_on_top(rows: Sequence[Row], cells: CellReader) -> Value[str] | None:
    """Return the lone text on top that an address or a tax number stands below: who writes puts his name there."""
    lone = [row for row in rows[:_NEAR] if len(row.filled()) == 1]
    if not lone or lone[0] is not rows[0]:
        return None
    column = rows[0].filled()[0]
    text = rows[0].text(column)
    plain = not any(map(str.isdigit, text)) and ":" not in text and len(text.split()) > 1
    named = label_of(text) is not None or labels.at("title", labels.words_of(text)) is not None
    below = (row.text(row.filled()[0]) for row in lone[1:])
    told = any(_identified(text) is not None or _is_address(text) for text in below)
    return cells.sourced(text, rows[0], column, _LETTERHEAD) if plain and not named and told else None


def _is_address(text: str) -> bool:
    """Whether a text is a place with its postcode and nothing else."""
    return ":" not in text and not _DAY.search(text) and POSTCODE.search(text) is not None and label_of(text) is None


_LETTERHEAD = 0.7
