"""The goods of a PDF: its table of lines, the totals below it, and the rows that are left for everything else."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from oms_core.values.draft import DraftLine, Totals
from oms_core.values.finding import Finding
from parsers import numbers, pdf_lines, pdf_second, pdf_table, pdf_totals
from parsers.pdf_layout import Row
from parsers.pdf_words import Word

_MIN_SHARE = 0.5


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

    @property
    def sum(self) -> Decimal | None:
        """The sum of the lines' amounts, where every line has one."""
        return _sum(self.lines)


def read_goods(rows: Sequence[Row], data: bytes, day_first: bool | None) -> Goods:
    """Read the lines and totals of a document whose rows are given; `data` is the file, for a second reading."""
    table = pdf_table.find(rows)
    lines, comma = _lines(table, day_first)
    lines = _second_opinion(lines, data, day_first)
    below = rows[table.end :] if table else rows
    totals = pdf_totals.totals(pdf_totals.lines(below, comma), _sum(lines))
    return Goods(
        found=table is not None,
        lines=lines,
        totals=totals,
        findings=pdf_lines.findings(lines),
        above=tuple(rows[: table.start] if table else rows),
        outside=tuple([*rows[: table.start], *rows[table.end :]] if table else rows),
        named=table.goods if table else frozenset(),
    )


def _lines(table: pdf_table.Table | None, day_first: bool | None) -> tuple[tuple[DraftLine, ...], bool | None]:
    if table is None:
        return (), None
    comma = numbers.decimal_comma(pdf_lines.numeric_texts(table.entries))
    found = [pdf_lines.line_of(entry, comma, day_first) for entry in table.entries]
    return tuple(line for line in found if line is not None), comma


def _second_opinion(lines: tuple[DraftLine, ...], data: bytes, day_first: bool | None) -> tuple[DraftLine, ...]:
    """Read the tables again with pdfplumber where arithmetic fails on most lines; keep what closes better."""
    stated, closed = pdf_lines.closing(lines)
    if not stated or closed >= stated * _MIN_SHARE:
        return lines
    second, _ = _lines(pdf_table.find(pdf_second.rows(data)), day_first)
    stated_again, closed_again = pdf_lines.closing(second)
    return second if stated_again and closed_again / stated_again > closed / stated else lines


def _sum(lines: Sequence[DraftLine]) -> Decimal | None:
    amounts = [line.amount.value for line in lines if line.amount]
    return sum(amounts, Decimal(0)) if amounts and len(amounts) == len(lines) else None
