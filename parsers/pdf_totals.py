"""The totals below the lines: net, tax, gross, by their label words."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from oms_core.values.draft import Totals
from oms_core.values.source import Value
from parsers import labels
from parsers.pdf_layout import Cell, Row
from parsers.pdf_lines import plain_number

_NUMBER = re.compile(r"-?\d[\d.,' \u00a0]*\d(?!\s*%)|-?\d(?!\s*%|\d)")
_CENT = Decimal("0.02")
_LABEL_WORDS = 5


@dataclass(frozen=True, slots=True)
class Line:
    """One total as printed."""

    field: str
    value: Decimal
    cell: Cell


def lines(rows: Sequence[Row], comma: bool | None) -> list[Line]:
    """Find rows with a label for a total and a number after it."""
    found: list[Line] = []
    for row in rows:
        for index, cell in enumerate(row.cells):
            line = _total(row, index, cell, comma)
            if line is not None:
                found.append(line)
    return found


def _total(row: Row, index: int, cell: Cell, comma: bool | None) -> Line | None:
    tokens = labels.tokens(cell.text)
    label = labels.at("total", [token.word for token in tokens])
    if label is None:
        return None
    end = tokens[label.end - 1].end
    inside = _last_number(cell.text[end:])
    rest = [token for token in tokens[label.end :] if token.word.isalpha()]
    if len(rest) > _LABEL_WORDS:
        return None
    best: Line | None = None
    for right in row.cells[index + 1 :]:
        if labels.at("total", labels.words_of(right.text)) is not None:
            break
        text = _last_number(right.text)
        value = plain_number(text, comma) if text and not right.text.rstrip().endswith("%") else None
        if value is not None:
            best = Line(label.field, value, right)
    if best is not None:
        return best
    value = plain_number(inside, comma) if inside else None
    return Line(label.field, value, cell) if value is not None else None


def _last_number(text: str) -> str:
    found = _NUMBER.findall(text)
    return found[-1].strip() if found else ""


def totals(found: Sequence[Line], amounts: Decimal | None) -> Totals:
    """Choose net, tax and gross so that they add up; a lone total is the net one.

    `amounts` is the sum of the lines, which tells net from gross where the words do not.
    """
    gross = _last(found, "gross")
    taxes = [line for line in found if line.field == "tax"]
    net = _net(found, taxes, gross, amounts)
    tax = _tax(net, gross, taxes)
    if net is None and gross is not None and tax is None:
        return Totals(net=_value(gross, 0.85))
    if net is not None and gross is None and tax is None:
        return Totals(net=_value(net, 0.9))
    adds = net is not None and gross is not None and abs(net.value + (tax[0] if tax else 0) - gross.value) <= _CENT
    sure = 0.95 if adds or (net is not None and amounts == net.value) else 0.75
    return Totals(
        net=_value(net, sure) if net else None,
        tax=Value(tax[0], tax[1].cell.source, sure) if tax else None,
        gross=_value(gross, sure) if gross else None,
    )


def _value(line: Line, sure: float) -> Value[Decimal]:
    return Value(line.value, line.cell.source, sure)


def _net(found: Sequence[Line], taxes: Sequence[Line], gross: Line | None, amounts: Decimal | None) -> Line | None:
    """Choose the net total that closes with tax and gross, or equals the sum of the lines; else the first."""
    nets = [line for line in found if line.field == "net"]
    for line in nets:
        sums = [line.value + tax.value for tax in taxes] + [line.value]
        if gross is not None and any(abs(total - gross.value) <= _CENT for total in sums) and len(nets) > 1:
            return line
    return next((line for line in nets if line.value == amounts), nets[0] if nets else None)


def _last(found: Sequence[Line], field: str) -> Line | None:
    return next((line for line in reversed(found) if line.field == field), None)


def _tax(net: Line | None, gross: Line | None, taxes: Sequence[Line]) -> tuple[Decimal, Line] | None:
    """Return the tax line, or the sum of several where only the sum closes."""
    if not taxes:
        return None
    if net is not None and gross is not None:
        for line in taxes:
            if abs(net.value + line.value - gross.value) <= _CENT:
                return line.value, line
        together = sum((line.value for line in taxes), Decimal(0))
        if abs(net.value + together - gross.value) <= _CENT:
            return together, taxes[0]
    return taxes[0].value, taxes[0]
