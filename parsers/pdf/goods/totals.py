"""The totals below the lines: net, tax, gross, by their label words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from oms_core.values.draft import Totals
from oms_core.values.source import Value
from parsers.pdf.layout import Cell, Row
from parsers.words import labels
from parsers.words.label_scripts import foreign
from parsers.words.number_cells import figure
from parsers.words.numbers import parse_number

_NUMBER = re.compile(r"-?\d[\d.,' \u00a0]*\d(?!\s*%)|-?\d(?!\s*%|\d)")
_CENT = Decimal("0.02")
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
        if not right:
            return index > 0 or left == 0 or any(char.isdigit() for char in cell.text)
        return figure(row.cells[-1].text, None) is not None and len(right) <= _LABEL_WORDS
    return False


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


def lines(rows: Sequence[Row], comma: bool | None, amounts: Decimal | None = None) -> list[Line]:
    """Find rows with a label for a total and a number after it; and the sum of the lines, whatever stands before it."""
    found: list[Line] = []
    for place, row in enumerate(rows):
        for index, cell in enumerate(row.cells):
            line = _total(row, index, cell, comma) or _staggered(rows, place, index, comma)
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
        adds = abs(net.value + (tax.value if tax else Decimal(0)) - gross.value) <= _CENT
        score += 2.0 if adds else -1.2 if tax else -0.3
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
