"""The totals below the lines: net, tax, gross, by their label words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from oms_core.values.draft import Totals
from oms_core.values.source import Value
from parsers.pdf.layout import Cell, Row, overlap
from parsers.words import labels
from parsers.words.label_scripts import foreign
from parsers.words.number_cells import figure
from parsers.words.numbers import parse_number

_NUMBER = re.compile(r"-?\d[\d.,' \u00a0]*\d(?!\s*%)|-?\d(?!\s*%|\d)")
_CENT = Decimal("0.02")
_ROUNDED = Decimal(1)
"""Totals may be rounded to whole units of money, as in Sweden; then they add up to less than this."""

_LABEL_WORDS = 5
MAX_LABEL_CHARS = 200
"""A longer cell is a sentence and no label."""


@dataclass(frozen=True, slots=True)
class Line:
    """One total as printed."""

    field: str
    value: Decimal
    cell: Cell


def is_total(row: Row) -> bool:
    """Say whether a row states a total, a charge or a tax: a cell begins with a label for one, and a number follows."""
    for index, cell in enumerate(row.cells):
        left = _words_after_label(cell.text)
        if left is None or left > _LABEL_WORDS:
            continue
        right = row.cells[index + 1 :]
        if index and not right and _RATE.search(cell.text):
            continue
        if index and _figures(row.cells[:index]) > 1:
            continue
        if not right:
            return index > 0 or left == 0 or any(char.isdigit() for char in cell.text)
        if index and sum(any(char.isdigit() for char in other.text) for other in right) > _BASE_AND_TAX:
            continue
        if figure(row.cells[-1].text, None) is not None and len(right) <= _LABEL_WORDS:
            return True
    return sum(_words_after_label(cell.text) is not None for cell in row.cells) > 1 and not _figures(row.cells)


def _figures(cells: Sequence[Cell]) -> int:
    return sum(figure(cell.text, None) is not None for cell in cells)


_RATE = re.compile(r"\d\s*%\)?$")

_BASE_AND_TAX = 2
"""Behind more figures than these the word is the tax of a line of goods, that has a column of its own."""


@labels.remembered
def _words_after_label(text: str) -> int | None:
    """Return how many words follow the label of a total that a text begins with; None where it begins with none."""
    if len(text) > MAX_LABEL_CHARS:
        return None
    words = labels.words_of(text)
    label = labels.at("total", words)
    if label is None:
        return 0 if foreign("total", text) else None
    return len(words) - label.end


def read(rows: Sequence[Row], comma: bool | None, amounts: Decimal | None) -> Totals:
    """Return net, tax and gross from the rows below the lines; `amounts` is the sum of the lines.

    Labels tell which is which, unless the figures that they name do not add up and others do.
    """
    named = totals(lines(rows, comma, amounts), amounts)
    if named.net is not None and named.tax is not None and named.gross is not None:
        return named
    return totals(found, amounts) if (found := proved(rows, comma, amounts)) else named


def lines(rows: Sequence[Row], comma: bool | None, amounts: Decimal | None = None) -> list[Line]:
    """Find rows with a label for a total and a number after it; and the sum of the lines, whatever stands before it."""
    found: list[Line] = []
    for place, row in enumerate(rows):
        for index, cell in enumerate(row.cells):
            line = (
                _total(row, index, cell, comma)
                or _staggered(rows, place, index, comma)
                or _below(rows, place, index, comma)
            )
            if line is not None:
                found.append(line)
    if not any(line.field == "net" or line.value == amounts for line in found):
        found += _unnamed(rows, comma, found, amounts)
    return found


def _unnamed(rows: Sequence[Row], comma: bool | None, found: Sequence[Line], amounts: Decimal | None) -> list[Line]:
    """Return the first figure with no known label that is the sum of the lines, or the gross total less the tax."""
    wanted = {amounts} - {None, Decimal(0)}
    grosses, taxes = _of(found, "gross"), _of(found, "tax")
    wanted |= {gross.value - tax.value for gross in grosses for tax in taxes if 0 < tax.value < gross.value}
    for row in rows:
        read = figure(row.cells[-1].text, comma)
        if read is not None and read.value in wanted:
            return [Line("net", read.value, row.cells[-1])]
    return []


def _label(text: str) -> tuple[str, int] | None:
    """Return the field of the label that a text begins with, and where it ends: 'IGST18 (18%)' begins with one too."""
    if len(text) > MAX_LABEL_CHARS:
        return None
    tokens = labels.tokens(text)
    words = [token.word.rstrip("0123456789") or token.word for token in tokens]
    label = labels.at("total", words)
    if label is None:
        head = text.rstrip("0123456789.,: ")
        field = foreign("total", head)
        return (field, len(head)) if field else None
    rest = words[label.end :]
    if sum(word.isalpha() for word in rest) > _LABEL_WORDS or (label.field == "tax" and _NUMBERED & set(rest)):
        return None
    return label.field, tokens[label.end - 1].end


_NUMBERED = frozenset({"no", "nr", "number", "nummer", "reg", "registration", "id", "code", "kodas", "num", "ident"})
"""After the word for a tax these make it the number of a tax payer."""


def _total(row: Row, index: int, cell: Cell, comma: bool | None) -> Line | None:
    label = _label(cell.text)
    if label is None:
        return None
    field, end = label
    best: Line | None = None
    for right in row.cells[index + 1 :]:
        if _label(right.text) is not None:
            break
        read = figure(right.text, comma)
        if read is not None and not read.percent:
            best = Line(field, read.value, right)
    return best or _inside(field, cell, end, comma)


def _inside(field: str, cell: Cell, end: int, comma: bool | None) -> Line | None:
    """Return the last number of the label's own cell: money, no rate and no long number of something else."""
    found = _NUMBER.findall(cell.text[end:])
    value = parse_number(found[-1].strip(), comma) if found else None
    if value is None or (found[-1].strip().isdigit() and len(found[-1].strip()) >= _LONG):
        return None
    return Line(field, value, cell)


_LONG = 7


def _staggered(rows: Sequence[Row], place: int, index: int, comma: bool | None) -> Line | None:
    """Return the total whose figure is set a little above or below its label, in larger letters."""
    row, cell = rows[place], rows[place].cells[index]
    label = _label(cell.text) if index + 1 == len(row.cells) else None
    if label is None:
        return None
    for near in (*rows[place + 1 : place + 2], *rows[max(place - 1, 0) : place]):
        right = near.cells[-1]
        apart = max(row.top - near.bottom, near.top - row.bottom)
        read = figure(right.text, comma)
        alone = all(_label(other.text) is None for other in near.cells)
        if (
            near.page == row.page
            and apart < _STAGGER * row.height
            and right.x0 > cell.x1
            and read is not None
            and alone
        ):
            return Line(label[0], read.value, right)
    return None


_STAGGER = 0.4


def _below(rows: Sequence[Row], place: int, index: int, comma: bool | None) -> Line | None:
    """Return the total whose figure stands below its label, in a row of labels over a row of figures."""
    row, cell = rows[place], rows[place].cells[index]
    label = _label(cell.text)
    if label is None or place + 1 >= len(rows) or any(figure(other.text, comma) for other in row.cells):
        return None
    below = rows[place + 1]
    if below.page != row.page or below.top - row.bottom > _UNDER * row.height:
        return None
    under = [other for other in below.cells if overlap(cell, other) > 0]
    read = figure(under[0].text, comma) if len(under) == 1 else None
    return Line(label[0], read.value, under[0]) if read is not None and not read.percent else None


_UNDER = 1.0
"""A figure below its label is no further from it than this part of the row's height."""


def proved(rows: Sequence[Row], comma: bool | None, amounts: Decimal | None) -> list[Line]:
    """Return net, tax and gross that no known label names: the sum of the lines, and two figures that make it gross.

    All three are printed, and the tax is no more than `MOST_TAX` of the net sum.
    """
    if not amounts:
        return []
    printed: dict[Decimal, Cell] = {}
    for row in rows:
        charged = any((label := _label(cell.text)) and label[0] == "other" for cell in row.cells)
        for cell in () if charged else row.cells:
            for value in _money_in(cell.text, comma):
                printed.setdefault(value, cell)
    if amounts not in printed:
        return []
    for tax in sorted(printed, reverse=True):
        gross = amounts + tax
        if tax <= amounts * MOST_TAX and gross in printed and tax * _LEAST_TAX >= amounts:
            found = (("net", amounts), ("tax", tax), ("gross", gross))
            return [Line(field, value, printed[value]) for field, value in found]
    return []


def _money_in(text: str, comma: bool | None) -> list[Decimal]:
    """Return the figure of a cell, or the sums of one that holds several side by side: `77 536,00 16 282,56`."""
    read = figure(text, comma)
    if read is not None:
        return [read.value] if read.value > 0 and not read.percent else []
    found = _SUMS.findall(text) if _ONLY_SUMS.fullmatch(text) else []
    return [value for one in found if (value := parse_number(one, comma))]


_SUM = r"\d{1,3}(?:[ .,'\u00a0]?\d{3})*[.,]\d{2}"
_SUMS = re.compile(_SUM)
_ONLY_SUMS = re.compile(rf"(?:{_SUM}\s*)+")

MOST_TAX = Decimal("0.3")
"""No tax on goods is higher than this share."""

_LEAST_TAX = 50


def totals(found: Sequence[Line], amounts: Decimal | None) -> Totals:
    """Choose net, tax and gross so that they add up and net is the sum of the lines; a lone total is the net one.

    `amounts` is the sum of the lines, which tells net from gross where the words do not.
    """
    nets, taxes, grosses = (_of(found, field) for field in ("net", "tax", "gross"))
    ranked = [
        (_worth(net, tax, gross, amounts), net, tax, gross)
        for net in (*nets, None)
        for tax in (*_summed(taxes), *taxes, None)
        for gross in (*reversed(grosses), None)
    ]
    _, net, tax, gross = max(ranked, key=lambda entry: entry[0])
    if net is None and gross is not None and tax is None:
        return Totals(net=_value(gross, 0.85))
    adds = net is not None and gross is not None and abs(net.value + (tax.value if tax else 0) - gross.value) <= _CENT
    sure = 0.95 if adds or (net is not None and amounts == net.value) else 0.75
    return Totals(
        net=_value(net, sure) if net else None,
        tax=_value(tax, sure) if tax else None,
        gross=_value(gross, sure) if gross else None,
    )


MOST = 6
"""Candidates tried for each of net, tax and gross."""


def _of(found: Sequence[Line], field: str) -> list[Line]:
    return [line for line in found if line.field == field][:MOST]


def _summed(taxes: Sequence[Line]) -> list[Line]:
    """Return the sum of several taxes as one more candidate: CGST and SGST, or two rates."""
    if len(taxes) < 2:  # noqa: PLR2004  one has no sum
        return []
    return [Line("tax", sum((line.value for line in taxes), Decimal(0)), taxes[0].cell)]


def _worth(net: Line | None, tax: Line | None, gross: Line | None, amounts: Decimal | None) -> float:
    """Say how much speaks for three totals: each that is there, that they add up, that the lines sum to the net one."""
    score = 1.0 * (net is not None) + 0.6 * (tax is not None) + 1.0 * (gross is not None)
    if net is not None and amounts is not None:
        score += 2.0 if net.value == amounts else -0.2
    if net is not None and gross is not None:
        apart = abs(net.value + (tax.value if tax else Decimal(0)) - gross.value)
        score += 2.0 if apart <= _CENT else 0.8 if tax and apart < _ROUNDED else -1.2 if tax else -0.3
    if tax is not None:
        score -= _strange(tax, net or gross, amounts)
    return score


def _strange(tax: Line, total: Line | None, amounts: Decimal | None) -> float:
    """Return what speaks against a tax: it is no share of the total, or there is none that it could be a share of."""
    base = total.value if total is not None else amounts
    if base is None:
        return 1.0
    return 3.0 if abs(tax.value) > abs(base) / 2 or (tax.value and abs(tax.value) * 500 < abs(base)) else 0.0


def _value(line: Line, sure: float) -> Value[Decimal]:
    return Value(line.value, line.cell.source, sure)
