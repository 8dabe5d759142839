"""Tables to drafts: which sheets hold orders, which their heads, and what every other one is."""

from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace

from oms_core.decisions.lesson import counterpart
from oms_core.values.document import Hints
from oms_core.values.draft import DocumentKind, DraftDocument
from oms_core.values.finding import Finding, Severity
from oms_core.values.layout import Layout as Learned
from parsers.sheet.grid import Grid, turned
from parsers.sheet.heads import find_heads, is_head_sheet
from parsers.sheet.kind import kind_of
from parsers.sheet.layout import Layout, find_layout
from parsers.sheet.lesson import Lesson, learn
from parsers.sheet.orders import BY_EVIDENCE, Around, OrderReader
from parsers.sheet.taught import FORM, recognised
from parsers.words import labels

MAX_TURNED = 100
"""A table with more rows or columns than this is not tried with its rows and columns swapped."""


@dataclass(frozen=True, slots=True)
class _Sheet:
    """One table with its layout, if it has one."""

    grid: Grid
    layout: Layout | None

    @property
    def orders(self) -> bool:
        return self.layout is not None and self.layout.orders

    @property
    def learned(self) -> Learned | None:
        """What was learned of this form of its sender, where it is a known one."""
        return self.layout.taught.learned if self.layout is not None and self.layout.taught is not None else None


@dataclass(slots=True)
class _Reading:
    """What was read of one file."""

    sheets: Sequence[_Sheet]
    drafts: list[DraftDocument] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def read_tables(grids: Sequence[Grid], hints: Hints, form: str) -> Iterator[DraftDocument | Finding | Learned]:
    """Read the orders of the tables of one file, in their order; notes where there are none.

    Orders may have their heads on another sheet, or go on over sheets that are laid out alike and say no number of
    their own. A sheet with orders that is laid out otherwise and says no number is named, never mixed in. Last comes
    what a lesson in the hints teaches.
    """
    reading = _read(grids, hints, form)
    yield from reading.findings
    yield from reading.drafts
    taught = _taught(reading, hints.lesson) if hints.lesson is not None else None
    if taught is not None:
        yield taught


def _read(grids: Sequence[Grid], hints: Hints, form: str) -> _Reading:
    reading = _Reading([_sheet(grid, hints) for grid in grids])
    notes: list[Finding] = []
    first: Layout | None = None
    for sheet in reading.sheets:
        if not sheet.orders or sheet.layout is None:
            notes.append(_no_order(sheet.grid, sheet.layout))
            continue
        found = _orders(sheet, reading.sheets, form, hints)
        if isinstance(found, Finding):
            notes.append(found)
        elif first is None or found.titled or (found.numbered and _alike(sheet.layout, first)):
            reading.drafts += found.drafts
            first = first or sheet.layout
        elif not _alike(sheet.layout, first):
            reading.findings.append(_other_sheet(sheet.grid))
        else:
            reading.drafts = _continued(reading.drafts, found.drafts)
    if not reading.drafts:
        reading.findings += notes or [
            Finding("table.no_order", Severity.NOTE, "", "The file has no visible sheet with contents.")
        ]
    return reading


@dataclass(frozen=True, slots=True)
class _Orders:
    """The orders of one sheet, and whether it says their numbers."""

    drafts: Sequence[DraftDocument]
    titled: bool
    numbered: bool


def _orders(sheet: _Sheet, sheets: Sequence[_Sheet], form: str, hints: Hints) -> _Orders | Finding:
    """Read the orders of one sheet in the words of its sender, or say why it holds none."""
    assert sheet.layout is not None
    learned = sheet.learned
    with labels.taught(one for one in learned.meanings if one.group in _AROUND) if learned else nullcontext():
        kind = kind_of(sheet.grid, sheet.layout, hints.filename)
        if kind is DocumentKind.OTHER:
            return _list(sheet.grid)
        reader = OrderReader(sheet.grid, sheet.layout, kind, form, hints, _around(sheet, sheets))
        if reader.empty:
            return _no_quantities(sheet.grid)
        about = _about(hints, learned)
        drafts = [replace(draft, findings=(*draft.findings, *about)) for draft in reader.read()]
        return _Orders(drafts, reader.titled, reader.numbered)


_AROUND = ("header", "party")
"""The groups of words that stand around the lines of a table."""


def _about(hints: Hints, learned: Learned | None) -> tuple[Finding, ...]:
    """Tell whether what was learned of this sender's tables was of use."""
    if learned is not None:
        return (Finding("layout.known", Severity.NOTE, "", "Read with what was learned of this sender's tables."),)
    if hints.column_map is not None or not any(one.form == FORM for one in hints.layouts):
        return ()
    message = (
        "This sender's tables looked different until now: what was learned of them does not fit this one."
        " Compare every value with the table."
    )
    return (Finding("layout.changed", Severity.REVIEW, "", message),)


def _taught(reading: _Reading, corrected: DraftDocument) -> Learned | None:
    """Return what a correction teaches of the first table that it is about."""
    was = counterpart(reading.drafts, corrected)
    for sheet in reading.sheets:
        if sheet.orders and sheet.layout is not None:
            learned = learn(Lesson(sheet.grid, sheet.layout, was, corrected), sheet.learned)
            if learned is not None:
                return learned
    return None


def _alike(one: Layout, other: Layout) -> bool:
    return dict(one.columns) == dict(other.columns)


def _sheet(grid: Grid, hints: Hints) -> _Sheet:
    """Find the layout of a grid; one that orders nothing is also tried with rows and columns swapped."""
    known = [one for one in hints.layouts if one.form == FORM] if hints.column_map is None else []
    taught = recognised(known, grid)
    layout = find_layout(grid, hints.column_map, taught)
    if (layout is None or not layout.orders) and len(grid.rows) <= MAX_TURNED and grid.width <= MAX_TURNED:
        other = turned(grid)
        swapped = find_layout(other, hints.column_map, recognised(known, other))
        worth = layout.worth if layout is not None else 0.0
        if swapped is not None and swapped.orders and "quantity" in swapped.worded and swapped.worth > worth:
            return _Sheet(other, swapped)
    return _Sheet(grid, layout)


def _around(lines: _Sheet, sheets: Sequence[_Sheet]) -> Around:
    """Return the heads that a sheet of lines refers to, and the forms of a workbook that has no other lines."""
    if lines.layout is None:
        return Around()
    others = [sheet for sheet in sheets if sheet is not lines and not sheet.orders]
    tables = [
        (sheet.grid, sheet.layout) for sheet in others if sheet.layout is not None and is_head_sheet(sheet.layout)
    ]
    heads = find_heads(lines.grid, lines.layout, tables, BY_EVIDENCE)
    alone = sum(sheet.orders for sheet in sheets) == 1
    forms = tuple(sheet.grid for sheet in others) if heads is None and alone else ()
    return Around(heads, forms)


def _continued(drafts: Sequence[DraftDocument], more: Sequence[DraftDocument]) -> list[DraftDocument]:
    """Join the lines of a sheet without a number to the one numbered order before it; else they stand alone."""
    if len(drafts) != 1 or len(more) != 1 or drafts[0].number is None:
        return [*drafts, *more]
    last, rest = drafts[0], more[0]
    findings = tuple(dict.fromkeys((*last.findings, *rest.findings)))
    confidence = min(last.confidence, rest.confidence)
    return [replace(last, lines=(*last.lines, *rest.lines), findings=findings, confidence=confidence)]


def _where(grid: Grid) -> str:
    return f"The sheet {grid.sheet!r}" if grid.sheet else "The table"


def _no_order(grid: Grid, layout: Layout | None) -> Finding:
    """Say why a table is no order."""
    where = _where(grid)
    if layout is None:
        text = f"{where} has no row of column headers that names goods and a quantity: it is no order table."
    elif "quantity" in layout.columns:
        text = f"{where} has a quantity but no column that names goods (code, GTIN or description)."
    else:
        text = f"{where} has no column of ordered quantities: it looks like a catalogue or list, no order."
    return Finding("table.no_order", Severity.NOTE, grid.sheet, text)


def _list(grid: Grid) -> Finding:
    text = f"{_where(grid)} calls itself a stock list, price list or catalogue: nothing in it is ordered."
    return Finding("table.no_order", Severity.NOTE, grid.sheet, text)


def _no_quantities(grid: Grid) -> Finding:
    text = f"{_where(grid)} has no row with a quantity: nothing is ordered."
    return Finding("table.no_quantities", Severity.NOTE, grid.sheet, text)


def _other_sheet(grid: Grid) -> Finding:
    return Finding(
        "xlsx.other_sheet",
        Severity.REVIEW,
        grid.sheet,
        f"The sheet {grid.sheet!r} also looks like orders but is laid out otherwise; it was not read."
        " Check whether it is one.",
    )
