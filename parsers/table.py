"""Order tables to drafts, one for each order number: shared by CSV files and spreadsheets."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from oms_core.values.document import Hints
from oms_core.values.draft import DocumentKind, DraftDocument, DraftLine, DraftParty, Totals
from oms_core.values.finding import Finding, Severity
from oms_core.values.source import Value
from parsers.table_grid import CellReader, Grid, Row, conventions
from parsers.table_heading import Heading, Sums, read_heading
from parsers.table_layout import Layout, find_layout
from parsers.units import unit_code

DECLARED = 0.97
"""What a value from a column that an admin declared is worth."""
BY_WORDS = 0.92
"""What a value is worth whose column was told by its header word."""
MAX_ROW_FINDINGS = 50
"""More findings about single rows than this say nothing new."""

_DOUBT = 0.85
_LEAST = 0.2
_NUMBERS = ("quantity", "unit_price", "amount")
_DATES = ("date", "requested_date")
_CODES = ("buyer_code", "supplier_code", "gtin")
_GROUP_FIELDS = ("number", "currency", "buyer", "buyer_id", "buyer_address", "supplier", "ship_to", "ship_to_address")


@dataclass(slots=True)
class _Group:
    """The rows of one order."""

    first: Row
    lines: list[DraftLine] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def read_table(grid: Grid, hints: Hints, form: str) -> Iterator[DraftDocument | Finding]:
    """Read the orders of one table, in the order in which their numbers first stand; a note where it holds none."""
    layout = find_layout(grid, hints.column_map)
    if layout is None or not layout.orders:
        yield _no_order(grid, layout)
        return
    yield from _TableReader(grid, layout, form).read()


def _no_order(grid: Grid, layout: Layout | None) -> Finding:
    """Say why a table is no order."""
    where = f"The sheet {grid.sheet!r}" if grid.sheet else "The table"
    if layout is None:
        text = f"{where} has no row of column headers that names goods and a quantity: it is no order table."
    elif "quantity" in layout.columns:
        text = f"{where} has a quantity but no column that names goods (code, GTIN or description)."
    else:
        text = f"{where} has no column of ordered quantities: it looks like a catalogue or list, no order."
    return Finding("table.no_order", Severity.NOTE, grid.sheet, text)


class _TableReader:
    """Reads the lines of one table, grouped by order."""

    def __init__(self, grid: Grid, layout: Layout, form: str) -> None:
        self._grid = grid
        self._layout = layout
        self._format = form
        self._rows = grid.rows[layout.first_line :]
        above = grid.rows[: max(0, layout.first_line - 1)]
        columns = layout.columns
        number_columns = [columns[name] for name in _NUMBERS if name in columns]
        date_columns = [columns[name] for name in _DATES if name in columns]
        known = conventions(self._rows, number_columns, date_columns)
        self._cells = CellReader(grid.sheet, known, DECLARED if layout.declared else BY_WORDS)
        heading_known = conventions(above, (), range(max((len(row.cells) for row in above), default=0)))
        self._heading = read_heading(above, CellReader(grid.sheet, heading_known, BY_WORDS))
        self._sums = Sums()
        self._groups: dict[str, _Group] = {}
        self._left_out: list[Row] = []

    def read(self) -> Iterator[DraftDocument | Finding]:
        key = ""
        for row in self._rows:
            if self._is_line(row):
                key = self._cell_text(row, "number") or key
                group = self._groups.setdefault(key, _Group(row))
                self._take(row, group)
        if not self._groups:
            place = f"The sheet {self._grid.sheet!r}" if self._grid.sheet else "The table"
            yield Finding(
                "table.no_quantities",
                Severity.NOTE,
                self._grid.sheet,
                f"{place} has no row with a quantity: nothing is ordered.",
            )
            return
        yield from (self._draft(group) for group in self._groups.values())

    def _cell_text(self, row: Row, name: str) -> str:
        column = self._layout.column(name)
        return "" if column is None else row.text(column)

    def _is_line(self, row: Row) -> bool:
        """Tell a line from blanks, headings, totals, and rows of a form or catalogue that order nothing."""
        names_goods = any(self._cell_text(row, name) for name in (*_CODES, "description"))
        has_code = any(self._cell_text(row, name) for name in _CODES)
        if not has_code and self._sums.take(row, self._cells):
            return False
        quantity = self._cells.number(row, self._layout.column("quantity"))
        if not names_goods or (quantity is not None and quantity.value == 0):
            return False
        if not self._cell_text(row, "quantity"):
            if has_code:
                self._left_out.append(row)
            return False
        return quantity is not None or not self._is_repeated_header(row)

    def _is_repeated_header(self, row: Row) -> bool:
        """Tell the header of the next page from a line whose quantity cannot be read."""
        header = self._grid.rows[self._layout.first_line - 1] if self._layout.first_line else None
        return header is not None and [row.text(at) for at in row.filled()] == [
            header.text(at) for at in header.filled()
        ]

    def _take(self, row: Row, group: _Group) -> None:
        column = self._layout.column
        cells = self._cells
        index = len(group.lines)
        quantity = cells.number(row, column("quantity"))
        for name in ("quantity", "unit_price", "amount"):
            if self._cell_text(row, name) and cells.number(row, column(name)) is None:
                self._note(
                    group, f"lines[{index}].{name}", f"{self._cell_text(row, name)!r} in row {row.number} is no number."
                )
        if quantity is not None and quantity.value < 0:
            self._note(
                group, f"lines[{index}].quantity", f"The quantity in row {row.number} is negative: maybe a return."
            )
        wish = cells.date(row, column("requested_date"))
        if wish is None and self._cell_text(row, "requested_date"):
            text = f"{self._cell_text(row, 'requested_date')!r} in row {row.number} names no certain day."
            self._note(group, f"lines[{index}].requested_date", text)
        group.lines.append(
            DraftLine(
                line_number=cells.text(row, column("line_number")),
                buyer_code=cells.text(row, column("buyer_code")),
                supplier_code=cells.text(row, column("supplier_code")),
                gtin=cells.text(row, column("gtin")),
                description=cells.text(row, column("description")),
                quantity=quantity,
                unit=self._unit(row),
                unit_price=cells.number(row, column("unit_price")),
                amount=cells.number(row, column("amount")),
                requested_date=wish,
            )
        )

    def _unit(self, row: Row) -> Value[str] | None:
        value = self._cells.text(row, self._layout.column("unit"))
        return None if value is None else Value(unit_code(value.value) or value.value, value.source, value.confidence)

    def _note(self, group: _Group, place: str, message: str) -> None:
        if len(group.findings) < MAX_ROW_FINDINGS:
            group.findings.append(Finding("table.value", Severity.REVIEW, place, message))

    def _draft(self, group: _Group) -> DraftDocument:
        heading = self._heading
        first = {name: self._cells.text(group.first, self._layout.column(name)) for name in _GROUP_FIELDS}
        group.findings += self._missing_quantities()
        number = first["number"] or heading.number
        date = self._cells.date(group.first, self._layout.column("date")) or heading.date
        buyer = _party(heading, "buyer", first["buyer"], first["buyer_id"], first["buyer_address"])
        unsaid = (number is None) + (date is None and not buyer.stated)
        return DraftDocument(
            kind=DocumentKind.ORDER,
            format=self._format,
            number=number,
            date=date,
            requested_date=heading.requested_date,
            currency=first["currency"] or heading.currency,
            buyer=buyer,
            supplier=_party(heading, "supplier", first["supplier"], None, None),
            ship_to=_party(heading, "ship_to", first["ship_to"], None, first["ship_to_address"]),
            totals=self._sums.totals() if len(self._groups) == 1 else Totals(),
            lines=tuple(group.lines),
            notes=heading.notes,
            confidence=self._confidence(group.findings, unsaid),
            findings=tuple(group.findings),
        )

    def _missing_quantities(self) -> Sequence[Finding]:
        """Name the rows with a code but no quantity, where most have one; in a long order form blanks are normal."""
        lines = sum(len(group.lines) for group in self._groups.values())
        if not self._left_out or len(self._left_out) > lines:
            return ()
        rows = ", ".join(str(row.number) for row in self._left_out[:MAX_ROW_FINDINGS])
        message = f"Rows with goods but without a quantity were left out: {rows}. Check whether they are ordered."
        return (Finding("table.no_quantity", Severity.REVIEW, "lines", message),)

    def _confidence(self, findings: Sequence[Finding], unsaid: int) -> float:
        """Start from how the columns were told; doubts and what every order says elsewhere make it less."""
        doubts = unsaid + sum(finding.severity is not Severity.NOTE for finding in findings)
        base = DECLARED if self._layout.declared else BY_WORDS
        return round(max(_LEAST, base * _DOUBT**doubts), 3)


def _party(
    heading: Heading, role: str, name: Value[str] | None, identifier: Value[str] | None, address: Value[str] | None
) -> DraftParty:
    """Return a party from the columns of its order, else from above the table."""
    if name is None and identifier is None and address is None:
        return heading.party(role)
    return DraftParty(name=name, id=identifier, address=address)
