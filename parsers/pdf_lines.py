"""Table entries to ordered lines: numbers, units, codes, dates; arithmetic tells how far to believe them."""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

from oms_core.values.draft import DraftLine
from oms_core.values.finding import Finding, Severity
from oms_core.values.source import Value
from parsers import dates, mail_codes, numbers, units
from parsers.pdf_layout import Cell, source_of
from parsers.pdf_table import Entry
from parsers.spans import Span

_NUMBER = re.compile(r"-?\d{1,3}(?:[.,' \u00a0]\d{2,3})*(?:[.,]\d+)?(?![\d.,]*\d)|-?\d+(?:[.,]\d+)?|[.,]\d+")
_LAKH = re.compile(r"\d{1,2}(?:,\d{2})+,\d{3}(?:\.\d+)?")
_BRACKETED = re.compile(r"^\[([^\]\s]{2,30})\]\s*|\*([A-Z0-9\-]{3,20})\*\s+")
_ROUNDING = Decimal("0.02")
_RELATIVE = Decimal("0.002")
_BASES = {Decimal(10), Decimal(100), Decimal(1000)}
_CLOSED, _OPEN, _FAILED = 0.96, 0.85, 0.6
_TIMES = re.compile(r"^\s*[x\u00d7](?![^\W\d_])")
"""The sign of '3 x Box'; a letter of the unit itself is none."""

_GTIN = re.compile(r"\d{8}|\d{12,14}")


def number_in(text: str, comma: bool | None) -> tuple[Decimal, int, int] | None:
    """Return the first number of a cell and where it stands in the text."""
    found = _NUMBER.search(text)
    if found is None:
        return None
    value = plain_number(found.group(), comma)
    return None if value is None else (value, found.start(), found.end())


def plain_number(text: str, comma: bool | None) -> Decimal | None:
    """Read a printed number, also one grouped the Indian way (`1,15,050.00`)."""
    return numbers.parse_number(text.replace(",", "") if _LAKH.fullmatch(text.strip()) else text, comma)


def numeric_texts(entries: Iterable[Entry]) -> list[str]:
    """Return the printed numbers of all entries, for telling a decimal comma from a point."""
    out: list[str] = []
    for entry in entries:
        for name in ("unit_price", "amount", "quantity"):
            found = _NUMBER.search(entry.text(name))
            if found:
                out.append(found.group())
    return out


def line_of(entry: Entry, comma: bool | None, day_first: bool | None) -> DraftLine | None:
    """Read one entry; None where it has no quantity and no amount."""
    quantity = _quantity(entry, comma)
    price, amount = _money(entry, "unit_price", comma), _money(entry, "amount", comma)
    if quantity is None and amount is None:
        return None
    value, quantity_cell, unit = quantity or (None, None, None)
    if price is not None:
        price = (price[0] / _base(entry, comma, value, price[0], amount[0] if amount else None), price[1])
    sure = _confidence(value, price[0] if price else None, amount[0] if amount else None)
    code, description = _goods(entry, sure)
    gtin = _text(entry, "gtin", sure)
    return DraftLine(
        line_number=_text(entry, "line_number", sure, shape=re.compile(r"[\w.\-]{1,8}")),
        buyer_code=_text(entry, "buyer_code", sure),
        supplier_code=code,
        gtin=gtin if gtin and _GTIN.fullmatch(gtin.value.replace(" ", "")) else None,
        description=description,
        quantity=Value(value, quantity_cell.source, sure) if value is not None and quantity_cell else None,
        unit=_unit(entry, unit, sure),
        unit_price=Value(price[0], price[1].source, sure) if price else None,
        amount=Value(amount[0], amount[1].source, sure) if amount else None,
        requested_date=_date(entry, day_first),
    )


def _quantity(entry: Entry, comma: bool | None) -> tuple[Decimal, Cell, tuple[str, Cell] | None] | None:
    """Read the quantity cell, with the unit where it stands beside the number."""
    for cell in entry.cells.get("quantity", ()):
        found = number_in(cell.text, comma)
        if found is None:
            continue
        rest = _TIMES.sub("", cell.text[found[2] :]).strip()
        word = re.match(r"[^\W\d_][\w./]*", rest)
        unit = None
        if word:
            piece = cell.part(cell.text.find(word.group(), found[2]))
            unit = (units.unit_code(word.group()) or word.group(), piece or cell)
        return found[0], cell.part(found[1], found[2]) or cell, unit
    return None


def _unit(entry: Entry, beside: tuple[str, Cell] | None, sure: float) -> Value[str] | None:
    """Return the unit of its own column, else the one beside the quantity, else a unit word wrapped below it."""
    cells = entry.cells.get("unit")
    if cells:
        text = " ".join(cell.text for cell in cells).strip()
        if text and not text.replace(".", "").isdigit():
            tries = (text, text.split()[0], text.split()[-1])
            code = next((found for word in tries if (found := units.unit_code(word))), None)
            return Value(code or text, source_of(cells), sure)
    if beside:
        return Value(beside[0], beside[1].source, sure)
    for cell in entry.cells.get("quantity", ())[1:]:
        code = units.unit_code(cell.text)
        if code:
            return Value(code, cell.source, sure)
    return None


def _money(entry: Entry, name: str, comma: bool | None) -> tuple[Decimal, Cell] | None:
    for cell in entry.cells.get(name, ()):
        found = number_in(cell.text, comma)
        if found is not None:
            return found[0], cell.part(found[1], found[2]) or cell
    return None


def _base(
    entry: Entry, comma: bool | None, quantity: Decimal | None, price: Decimal, amount: Decimal | None
) -> Decimal:
    """Return the quantity that the price is for: from its column, where the amount agrees."""
    found = number_in(entry.text("price_base"), comma)
    base = found[0] if found and found[0] > 0 else Decimal(1)
    if base != 1 and quantity is not None and amount is not None and _closes(quantity, price, amount):
        return Decimal(1)
    if base == 1 and quantity is not None and amount is not None and not _closes(quantity, price, amount):
        return next((b for b in sorted(_BASES) if _closes(quantity, price / b, amount)), base)
    return base


def _closes(quantity: Decimal, price: Decimal, amount: Decimal) -> bool:
    return abs(quantity * price - amount) <= max(_ROUNDING, abs(amount) * _RELATIVE)


def _confidence(quantity: Decimal | None, price: Decimal | None, amount: Decimal | None) -> float:
    if quantity is None or price is None or amount is None:
        return _OPEN
    return _CLOSED if _closes(quantity, price, amount) else _FAILED


def _goods(entry: Entry, sure: float) -> tuple[Value[str] | None, Value[str] | None]:
    """Return code and description; a code in brackets before the description is taken out of it."""
    cells = entry.cells.get("description", [])
    text = " ".join(cell.text for cell in cells).strip()
    code = _text(entry, "supplier_code", sure) or _text(entry, "code", sure)
    bracketed = _BRACKETED.match(text)
    if code is None and bracketed:
        found = bracketed.group(1) or bracketed.group(2)
        code = Value(found, cells[0].source, sure)
        text = text[bracketed.end() :]
    if code is not None and not text and " " in code.value:
        parted = mail_codes.part(Span(code.value, 0))
        if parted.code is not None and parted.description is not None:
            text, code = parted.description.text, Value(parted.code.text, code.source, sure)
            cells = entry.cells.get("supplier_code") or entry.cells.get("code") or []
        elif parted.code is None:
            text, code, cells = code.value, None, entry.cells.get("code", [])
    description = Value(text, source_of(cells), sure - 0.05) if text and cells else None
    return code, description


def _text(entry: Entry, name: str, sure: float, shape: re.Pattern[str] | None = None) -> Value[str] | None:
    cells = [cell for cell in entry.cells.get(name, ()) if cell.text.strip(" .-")]
    text = " ".join(cell.text for cell in cells)
    if not cells or (shape is not None and not shape.fullmatch(text)):
        return None
    return Value(text, source_of(cells), sure)


def _date(entry: Entry, day_first: bool | None) -> Value[dt.date] | None:
    text = entry.text("requested_date")
    day = dates.parse_date(text, day_first) if text else None
    return Value(day, source_of(entry.cells["requested_date"]), 0.9) if day else None


def closing(lines: Sequence[DraftLine]) -> tuple[int, int]:
    """Count the lines that state quantity, price and amount, and those of them where the product is the amount."""
    stated = [line for line in lines if line.quantity and line.unit_price and line.amount]
    closed = sum(
        _closes(line.quantity.value, line.unit_price.value, line.amount.value)
        for line in stated
        if line.quantity and line.unit_price and line.amount
    )
    return len(stated), closed


def findings(lines: Sequence[DraftLine]) -> tuple[Finding, ...]:
    """Return a finding for each line whose quantity times price is not its amount, and for each without a quantity."""
    out: list[Finding] = []
    for index, line in enumerate(lines):
        if line.quantity is None:
            out.append(
                Finding(
                    "line.no_quantity",
                    Severity.REVIEW,
                    f"lines[{index}].quantity",
                    f"Line {index + 1} has no quantity that could be read.",
                )
            )
        elif (
            line.unit_price
            and line.amount
            and not _closes(line.quantity.value, line.unit_price.value, line.amount.value)
        ):
            product = line.quantity.value * line.unit_price.value
            out.append(
                Finding(
                    "line.arithmetic",
                    Severity.REVIEW,
                    f"lines[{index}].amount",
                    f"On line {index + 1} quantity times price is {product.normalize():f},"
                    f" but the document says {line.amount.value:f}.",
                )
            )
    return tuple(out)
