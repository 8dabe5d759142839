"""The goods of a PDF: its table of lines, the totals below it, and the rows that are left for everything else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from oms_core.values.draft import DraftLine, Totals
from oms_core.values.finding import Finding
from oms_core.values.source import PageSource
from parsers.pdf.goods import blocks, sizes
from parsers.pdf.goods import lines as pdf_lines
from parsers.pdf.goods import second as pdf_second
from parsers.pdf.goods import table as pdf_table
from parsers.pdf.goods import totals as pdf_totals
from parsers.pdf.goods.column_roles import solve
from parsers.pdf.goods.column_sums import ColumnText
from parsers.pdf.goods.folded import halves
from parsers.pdf.layout import Row
from parsers.pdf.rules import Rule
from parsers.pdf.words import Word
from parsers.words import language

MAX_LANGUAGE_ROWS = 200
"""Lines that tell the language of a document."""

_MIN_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class GoodsFacts:
    """What speaks for and against the lines that were read; a model of confidence is fitted on these.

    `stated` lines print quantity, price and amount, `closed` of them agree. `lines_sum` says whether the amounts add up
    to a printed total. `margin` is the lead of the columns' meaning over the next best, `header_fields` how many
    headings were known; `second` whether the lines come from the second reading.
    """

    lines: int = 0
    stated: int = 0
    closed: int = 0
    telling: int = 0
    lines_sum: bool = False
    totals_add_up: bool = False
    header_fields: int = 0
    margin: float = 0.0
    score: float = 0.0
    with_code: float = 0.0
    with_description: float = 0.0
    second: bool = False


@dataclass(frozen=True, slots=True)
class Goods:
    """What a document orders: lines and totals with their evidence, and how far the arithmetic bears them out.

    `above` and `outside` are the rows before the table, and all that are not in it; `named` are the words that name
    goods. `found` is False where there is no table: then every row is outside.
    """

    found: bool
    lines: tuple[DraftLine, ...]
    totals: Totals
    findings: tuple[Finding, ...]
    above: tuple[Row, ...]
    outside: tuple[Row, ...]
    named: frozenset[Word]
    facts: GoodsFacts = GoodsFacts()

    @property
    def sum(self) -> Decimal | None:
        """The sum of the lines' amounts, where every line has one."""
        return _sum(self.lines)


def read_goods(
    rows: Sequence[Row],
    data: bytes,
    day_first: bool | None,
    rules: Mapping[int, Sequence[Rule]] | None = None,
) -> Goods:
    """Read the lines and totals of a document whose rows are given; `data` is the file, for a second reading.

    `rules` are the ruled lines by page number.
    """
    rows, beside = halves(rows)
    table = pdf_table.find(rows, rules or {}) or _blocks(rows) or pdf_table.find_list(rows, rules or {})
    read = _lines(table, day_first)
    if table is not None and beside:
        more = _lines(pdf_table.find(beside, rules or {}), day_first)
        read = tuple(sorted((*read, *more), key=lambda entry: entry.entry.page))
    second = _second_opinion(read, data, day_first, frozenset(row.page for row in rows))
    chosen = second or read
    spoken = language.of(row.text for row in rows[:MAX_LANGUAGE_ROWS]) if chosen else None
    read_lines = (line for entry in chosen for line in sizes.parted(entry.line, entry.entry))
    lines = tuple(_in_language(line, spoken) for line in read_lines)
    below = rows[table.end :] if table else rows
    comma = table.solution.comma if table else None
    totals = pdf_totals.read(below, comma, _sum(lines))
    return Goods(
        found=table is not None,
        lines=lines,
        totals=totals,
        findings=pdf_lines.findings(chosen),
        above=tuple(rows[: table.start] if table else rows),
        outside=tuple([*rows[: table.start], *rows[table.end :]] if table else rows),
        named=table.goods if table else frozenset(),
        facts=_facts(table, chosen, totals, second=second is not None),
    )


def _in_language(line: DraftLine, spoken: str | None) -> DraftLine:
    """Give a unit word the meaning that it has in the language of the document: Finnish 'kpl', French 'ml'."""
    unit = line.unit
    if unit is None or spoken is None or not isinstance(unit.source, PageSource):
        return line
    code = language.unit_in(spoken, unit.source.text.rpartition(" ")[2])
    return replace(line, unit=replace(unit, value=code)) if code else line


def _blocks(rows: Sequence[Row]) -> pdf_table.Table | None:
    """Return blocks of labels and values as a table of their own kind, its decimal mark told by its numbers."""
    found = blocks.find(rows)
    if found is None:
        return None
    counted = ("quantity", "unit_price", "amount")
    columns = [ColumnText(name, tuple(entry.text(name) for entry in found.entries)) for name in counted]
    return pdf_table.Table(found.entries, found.start, found.end, solve(columns), None)


def _lines(table: pdf_table.Table | None, day_first: bool | None) -> tuple[pdf_lines.Read, ...]:
    if table is None:
        return ()
    solution = table.solution
    found = (
        pdf_lines.line_of(entry, solution.comma, day_first, solution.base, table.header) for entry in table.entries
    )
    return tuple(read for read in found if read is not None)


def _second_opinion(
    read: Sequence[pdf_lines.Read], data: bytes, day_first: bool | None, pages: frozenset[int]
) -> tuple[pdf_lines.Read, ...] | None:
    """Read the tables again with pdfplumber where arithmetic fails on most lines; keep what closes better."""
    stated, closed = _closing(read)
    if not stated or closed >= stated * _MIN_SHARE:
        return None
    again = [row for row in pdf_second.rows(data) if row.page in pages]
    second = _lines(pdf_table.find(again, {}), day_first)
    stated_again, closed_again = _closing(second)
    return second if stated_again and closed_again / stated_again > closed / stated else None


def _closing(read: Sequence[pdf_lines.Read]) -> tuple[int, int]:
    return sum(entry.stated for entry in read), sum(entry.closes for entry in read)


def _sum(lines: Sequence[DraftLine]) -> Decimal | None:
    amounts = [line.amount.value for line in lines if line.amount]
    return sum(amounts, Decimal(0)) if amounts and len(amounts) == len(lines) else None


def _facts(
    table: pdf_table.Table | None, read: Sequence[pdf_lines.Read], totals: Totals, *, second: bool
) -> GoodsFacts:
    if table is None or not read:
        return GoodsFacts()
    stated, closed = _closing(read)
    lines = tuple(entry.line for entry in read)
    total = _sum(lines)
    stated_totals = [value.value for value in (totals.net, totals.gross) if value is not None]
    net, tax, gross = ((value.value if value else None) for value in (totals.net, totals.tax, totals.gross))
    return GoodsFacts(
        lines=len(lines),
        stated=stated,
        closed=closed,
        telling=table.solution.telling,
        lines_sum=total is not None and total in stated_totals,
        totals_add_up=net is not None and gross is not None and net + (tax or Decimal(0)) == gross,
        header_fields=len(table.header.fields) if table.header else 0,
        margin=round(table.solution.margin, 2),
        score=round(table.solution.score, 2),
        with_code=sum(bool(line.supplier_code or line.buyer_code or line.gtin) for line in lines) / len(lines),
        with_description=sum(bool(line.description) for line in lines) / len(lines),
        second=second,
    )
