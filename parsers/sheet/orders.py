"""The rows of an order table put together as orders: by number, by buyer and place of delivery, with their heads."""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from oms_core.values.document import Hints
from oms_core.values.draft import DocumentKind, DraftDocument, DraftLine, DraftParty, Totals
from oms_core.values.finding import Finding, Severity
from oms_core.values.source import Value
from parsers.sheet import doubts, sentences
from parsers.sheet.currencies import currency_of
from parsers.sheet.dates import MAX_HEADING_ROWS, dated, in_sequence, rows_above
from parsers.sheet.grid import CellReader, Grid, Row, conventions
from parsers.sheet.heading import Heading, letterhead, read_heading, say_always, sender_on_top
from parsers.sheet.heads import Heads
from parsers.sheet.layout import Layout
from parsers.sheet.lines import MAX_ROW_FINDINGS, LineReader, Notes, repeats_header
from parsers.sheet.parties import PARTS, ROLES, party
from parsers.sheet.profile import SAMPLE_ROWS
from parsers.sheet.sums import Sums
from parsers.sheet.words import meanings

DECLARED = 0.97
"""What a value from a column that an admin declared is worth."""
BY_EVIDENCE = 0.97
"""What a value is worth at most whose column was told by header words, contents and arithmetic."""

_DOUBT = 0.85
_OPEN = 0.98
_ODD_UNIT, _LEAST_UNIT = 0.85, 0.86
"""What an order is worth with a unit that is no known word, and how little such a unit is worth itself."""
_LEAST = 0.2
_NUMBERS = ("quantity", "unit_price", "amount")
_DATES = ("date", "requested_date")
_PLACES = ("ship_to", "ship_to_id")
_BUYERS = ("buyer", "buyer_id")
_MAX_COMMENTS = 200
_DAY = re.compile(r"\d{1,4}\D{1,3}\d{1,2}\D{1,3}\d{1,4}")


@dataclass(slots=True)
class _Group:
    """The rows of one order."""

    rows: list[Row] = field(default_factory=list)
    comments: list[Row] = field(default_factory=list)
    lines: list[DraftLine] = field(default_factory=list)
    notes: Notes = field(default_factory=Notes)


@dataclass(frozen=True, slots=True)
class Around:
    """What is known around a table: the head rows of other sheets, and rows of forms that stand on other sheets."""

    heads: Heads | None = None
    forms: tuple[Grid, ...] = ()


class OrderReader:
    """Reads the orders of one table."""

    def __init__(self, grid: Grid, layout: Layout, kind: DocumentKind, form: str, hints: Hints, around: Around) -> None:
        self._grid, self._layout, self._kind, self._format = grid, layout, kind, form
        self._hints, self._around = hints, around
        self._learned = layout.taught.learned if layout.taught is not None else None
        self._rows = grid.rows[layout.first_line :]
        columns = layout.columns
        counts = [column for column, _ in layout.spread.columns] if layout.spread else []
        numbers = [*(columns[name] for name in _NUMBERS if name in columns), *counts]
        known = conventions(self._rows, numbers, [columns[name] for name in _DATES if name in columns])
        known = dated(grid, layout, known)
        if self._learned is not None and self._learned.day_first is not None:
            known = replace(known, day_first=self._learned.day_first, day_trust=1.0)
        self._cells = CellReader(grid, known, DECLARED if layout.declared else BY_EVIDENCE)
        self._reader = LineReader(grid, layout, self._cells)
        self._sums = Sums()
        self._groups: dict[tuple[str, ...], _Group] = {}
        self._left_out: list[Row] = []
        self._after: list[Row] = []
        self._gather()
        amounts = [line.amount.value for group in self._groups.values() for line in group.lines if line.amount]
        self._sums.find(self._after, sum(amounts, Decimal(0)), self._cells)
        self._heading = self._read_heading()
        self._missing = self._missing_quantities()
        self._sum_currency = self._total_currency()

    @property
    def heading(self) -> Heading:
        """What stands around the lines."""
        return self._heading

    @property
    def empty(self) -> bool:
        """Whether no row orders anything."""
        return not self._groups

    @property
    def numbered(self) -> bool:
        """Whether the table or its heading says an order number."""
        return "number" in self._layout.columns or self._heading.number is not None

    @property
    def titled(self) -> bool:
        """Whether the table is a form with one order's number above or below its lines."""
        return self._heading.number is not None and "number" not in self._layout.columns

    def read(self) -> Iterator[DraftDocument]:
        """Yield the orders in the order in which they first stand."""
        yield from (self._draft(group) for group in self._groups.values())

    def _gather(self) -> None:
        """Sort the rows into lines, totals, comments and the rest."""
        key: tuple[str, ...] = ()
        waiting: list[Row] = []
        for row in self._rows:
            if self._is_line(row):
                new = self._key(row, key)
                group = self._groups.setdefault(new, _Group())
                group.rows.append(row)
                group.comments += [comment for comment in waiting if self._key(comment, key) == new]
                group.lines += self._reader.lines(row, len(group.lines), group.notes)
                waiting, key = [], new
            else:
                waiting.append(row)
        self._after = waiting[:MAX_HEADING_ROWS]

    def _is_line(self, row: Row) -> bool:
        """Tell a line from blanks, headings, totals, and rows of a form or catalogue that order nothing."""
        reader = self._reader
        if repeats_header(self._layout, row, self._grid.rows):
            return False
        if reader.sums_up(row) and (self._sums.take(row, self._cells) or reader.has_code(row)):
            return False
        if not reader.names_goods(row):
            return False
        if reader.ordered(row):
            return True
        described = "description" not in self._layout.columns or reader.said(row, "description")
        if reader.has_code(row) and described and not reader.said(row, "quantity"):
            self._left_out.append(row)
        return False

    def _key(self, row: Row, before: tuple[str, ...]) -> tuple[str, ...]:
        """Return what tells a row's order; a blank cell says the same as the one above it."""
        said = []
        names = ("number", "own_number", *_PLACES) if "number" in self._layout.columns else (*_BUYERS, *_PLACES)
        heads = self._around.heads
        texts = [self._reader.said(row, name) for name in names] + [row.text(heads.line_column) if heads else ""]
        changed = bool(before) and any(text and text != old for text, old in zip(texts, before, strict=True))
        for at, text in enumerate(texts):
            old = before[at] if before else ""
            said.append(text or ("" if changed and at > 1 else old))
        return tuple(said)

    def _read_heading(self) -> Heading:
        """Read what stands above and below the lines, and what forms on other sheets say."""
        above = rows_above(self._grid, self._layout)
        around = (*above, *self._after)
        heading = read_heading(around, in_sequence(around, self._around_reader(self._grid, around)))
        if "name" not in heading.parts["buyer"] and not any(name in self._layout.columns for name in _BUYERS):
            self._say_letterhead(heading, above)
        if self._learned is not None:
            say_always(heading, self._learned.constants, around, self._around_reader(self._grid, around))
        for form in self._around.forms:
            rows = form.rows[:MAX_HEADING_ROWS]
            heading.fill(read_heading(rows, self._around_reader(form, rows)))
        heading.requested_date = heading.requested_date or sentences.wish(
            around, self._around_reader(self._grid, around)
        )
        return heading

    def _say_letterhead(self, heading: Heading, above: Sequence[Row]) -> None:
        """Take the company on top for the buyer, unless it is one of our own names: then it is our order form."""
        cells = self._around_reader(self._grid, above)
        name = letterhead(above, cells) or sender_on_top(above, cells)
        if name is None:
            return
        ours = any(known.casefold() in name.value.casefold() for known in self._hints.our_names if known)
        heading.say("supplier" if ours else "buyer", "name", name)

    def _around_reader(self, grid: Grid, rows: Sequence[Row]) -> CellReader:
        width = max((len(row.cells) for row in rows), default=0)
        known = conventions(rows, (), range(width))
        if self._learned is not None and self._learned.day_first is not None:
            known = replace(known, day_first=self._learned.day_first)
        if known.day_first is None:
            lines = self._cells.conventions
            first = True if lines.decimal_comma else lines.day_first
            known = replace(known, day_first=first, day_trust=1.0 if lines.decimal_comma else lines.day_trust)
        return CellReader(grid, known, BY_EVIDENCE)

    def _first(self, group: _Group, name: str) -> Value[str] | None:
        """Return what the first filled cell of a column says of the order."""
        column = self._layout.column(name)
        trust = self._layout.trust.get(name, 1.0)
        for row in group.rows if column is not None else ():
            value = self._cells.text(row, column, trust)
            if value is not None:
                return value
        return self._head_text(group, name)

    def _head(self, group: _Group) -> Row | None:
        heads = self._around.heads
        return heads.rows.get(group.rows[0].text(heads.line_column)) if heads is not None else None

    def _head_text(self, group: _Group, name: str) -> Value[str] | None:
        heads, row = self._around.heads, self._head(group)
        if heads is None or row is None:
            return None
        return heads.cells.text(row, heads.layout.column(name), heads.layout.trust.get(name, 1.0))

    def _day(self, group: _Group, name: str) -> Value[dt.date] | None:
        column = self._layout.column(name) if name == "date" else None
        for row in group.rows if column is not None else ():
            value = self._cells.date(row, column, self._layout.trust.get(name, 1.0))
            if value is not None:
                return value
        heads, head = self._around.heads, self._head(group)
        return heads.cells.date(head, heads.layout.column(name)) if heads is not None and head is not None else None

    def _unclear_day(self, group: _Group, heading: Heading) -> Iterator[Finding]:
        """Name the order's day that stands there and can be read in two ways."""
        column = self._layout.column("date")
        text = group.rows[0].text(column) if column is not None else heading.doubtful.get("date", "")
        if _DAY.search(text):
            message = f"The order is dated {text!r}, which names no certain day: day or month may stand first."
            yield Finding("table.date", Severity.REVIEW, "date", message)

    def _party(self, group: _Group, role: str, heading: Heading) -> DraftParty:
        """Put a party together from its order's columns and head; from around the table where these say nothing."""
        parts = {part: value for part in PARTS if (value := self._first(group, f"{role}_{part}")) is not None}
        name = self._first(group, role)
        if name is not None:
            parts["name"] = name
        return party({**heading.parts[role], **parts} if not parts.get("name") else parts)

    def _draft(self, group: _Group) -> DraftDocument:
        heading = self._with_comments(group)
        number = self._number(group, heading)
        date = self._day(group, "date") or heading.date
        parties = {role: self._party(group, role, heading) for role in ROLES}
        unclear = () if date is not None else self._unclear_day(group, heading)
        findings = [*group.notes.findings, *unclear, *self._missing, *self._sheet_findings(group, heading)]
        wish, lines = _order_wish(group.lines)
        unsaid = (number is None) + (date is None and not parties["buyer"].stated)
        return DraftDocument(
            kind=self._kind,
            format=self._format,
            number=number,
            date=date,
            requested_date=wish or self._day(group, "requested_date") or heading.requested_date,
            currency=self._currency(group, heading),
            buyer=parties["buyer"],
            supplier=parties["supplier"],
            ship_to=parties["ship_to"],
            totals=self._sums.totals() if len(self._groups) == 1 else Totals(),
            lines=tuple(lines),
            notes=self._first(group, "notes") or heading.notes,
            confidence=self._confidence(findings, unsaid, lines),
            findings=tuple(findings),
        )

    def _number(self, group: _Group, heading: Heading) -> Value[str] | None:
        """Return the customer's number: that of the head or column of customer numbers before the sender's own."""
        customers = self._first(group, "po_number") or self._head_text(group, "po_number")
        number = customers or self._first(group, "number") or self._first(group, "own_number")
        if self._kind is DocumentKind.INVOICE:
            number = self._first(group, "invoice_number") or number
        return number or heading.po_number or heading.number

    def _with_comments(self, group: _Group) -> Heading:
        """Add what comment rows between the lines of an order say as label and value."""
        column = self._layout.column("description")
        rows = []
        for row in group.comments[:_MAX_COMMENTS] if column is not None else ():
            if row.text(column or 0):
                cells = tuple(cell if at == column else "" for at, cell in enumerate(row.cells))
                rows.append(Row(row.number, cells))
        if not rows:
            return self._heading
        heading = Heading()
        heading.fill(self._heading)
        heading.fill(read_heading(rows, self._around_reader(self._grid, rows)))
        return heading

    def _currency(self, group: _Group, heading: Heading) -> Value[str] | None:
        """Return the currency: of a column, of the heading, of the header or of the cells of prices and amounts."""
        said = self._first(group, "currency")
        if said is not None:
            code = currency_of(said.value.upper()) or currency_of(said.value)
            return Value(code or said.value, said.source, said.confidence)
        if heading.currency is not None:
            return heading.currency
        header = self._layout.header_row
        places = [self._grid.rows[header]] if header is not None else []
        for name in ("unit_price", "amount"):
            column = self._layout.column(name)
            for row in [*places, *group.rows[:1]] if column is not None else ():
                code = currency_of(row.text(column or 0))
                if code is not None:
                    return self._cells.sourced(code, row, column or 0)
        return self._sum_currency

    def _total_currency(self) -> Value[str] | None:
        """Return the currency that a totals row names beside its amount."""
        for value in self._sums.found.values():
            row = next((row for row in self._rows if row.number == getattr(value.source, "row", 0)), None)
            for column in row.filled() if row is not None else ():
                code = currency_of(row.text(column)) if row is not None else None
                if row is not None and code is not None:
                    return self._cells.sourced(code, row, column)
        return None

    def _missing_quantities(self) -> Sequence[Finding]:
        """Name the rows with a code but no quantity, where most have one; in a long order form blanks are normal."""
        lines = sum(len(group.rows) for group in self._groups.values())
        if not self._left_out or len(self._left_out) > lines:
            return ()
        rows = ", ".join(str(row.number) for row in self._left_out[:MAX_ROW_FINDINGS])
        message = f"Rows with goods but without a quantity were left out: {rows}. Check whether they are ordered."
        return (Finding("table.no_quantity", Severity.REVIEW, "lines", message),)

    def _sheet_findings(self, group: _Group, heading: Heading) -> Iterator[Finding]:
        """Name ordered rows that the sheet hides, and formulas that were saved without a value."""
        if not heading.parts["ship_to"]:
            yield from sentences.unread((*rows_above(self._grid, self._layout), *self._after))
        if self._layout.column("quantity_done") is not None and any(map(self._done, group.rows)):
            yield doubts.progress()
        if not self._grid.hidden and not self._grid.uncomputed:
            return
        hidden = [row.number for row in group.rows if row.number in self._grid.hidden]
        if hidden:
            rows = ", ".join(map(str, hidden[:MAX_ROW_FINDINGS]))
            message = f"Rows that the sheet hides order something: {rows}. Check whether they are meant."
            yield Finding("table.hidden", Severity.REVIEW, "lines", message)
        wanted = {
            self._layout.columns[name]: name for name in (*_NUMBERS, "supplier_code") if name in self._layout.columns
        }
        for name in dict.fromkeys(wanted.values()):
            column = self._layout.columns[name] + 1
            rows_without = [row.number for row in self._rows if (row.number, column) in self._grid.uncomputed]
            if rows_without:
                severity = Severity.NOTE if name == "amount" else Severity.REVIEW
                yield Finding("table.formula", severity, "lines", doubts.formula_text(name, rows_without))

    def _done(self, row: Row) -> bool:
        done = self._cells.number(row, self._layout.column("quantity_done"))
        return done is not None and done.value > 0

    def _has_strange_column(self) -> bool:
        """Whether a filled column has a header that no list explains and no field took: it may say what we miss."""
        taken = set(self._layout.columns.values())
        apart = {column for column, _ in self._layout.spread.columns} if self._layout.spread else set()
        strange = [at for at, text in enumerate(self._layout.headers) if text and not meanings(text)]
        return not self._layout.declared and any(
            any(row.text(at) for row in self._rows[:SAMPLE_ROWS]) for at in strange if at not in taken | apart
        )

    def _confidence(self, findings: Sequence[Finding], unsaid: int, lines: Sequence[DraftLine]) -> float:
        """Start from how the columns were told; doubts and what every order says elsewhere make it less."""
        doubts = (
            unsaid + self._has_strange_column() + sum(finding.severity is not Severity.NOTE for finding in findings)
        )
        trusted = [self._layout.trust.get(name, 1.0) for name in (*_NUMBERS, *_PLACES) if name in self._layout.columns]
        base = DECLARED if self._layout.declared else BY_EVIDENCE
        proof = 1.0 if self._layout.closing or self._layout.declared else _OPEN
        units = min((line.unit.confidence for line in lines if line.unit is not None), default=1.0)
        proof *= _ODD_UNIT if units < _LEAST_UNIT * self._layout.trust.get("unit", 1.0) else 1.0
        return round(max(_LEAST, base * proof * min(trusted, default=1.0) * _DOUBT**doubts), 3)


def _order_wish(lines: Sequence[DraftLine]) -> tuple[Value[dt.date] | None, Sequence[DraftLine]]:
    """Take a day that stands on the first line of several alone for the whole order's."""
    first = lines[0].requested_date if lines else None
    if first is None or len(lines) == 1 or any(line.requested_date for line in lines[1:]):
        return None, lines
    return first, [replace(lines[0], requested_date=None), *lines[1:]]
