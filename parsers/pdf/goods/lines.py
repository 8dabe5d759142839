"""Table entries to ordered lines: numbers, units, codes, dates; arithmetic tells how far to believe them."""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from oms_core.values.draft import DraftLine
from oms_core.values.finding import Finding, Severity
from oms_core.values.source import Value
from parsers.pdf.goods.column_kinds import is_gtin, looks_like_code
from parsers.pdf.goods.entries import BELOW, CODES, Entry
from parsers.pdf.goods.headings import Header, field_of
from parsers.pdf.layout import Cell, source_of
from parsers.words import codes, dates, unit_words, units
from parsers.words.number_cells import NumberCell, figure, first_number, is_money_word
from parsers.words.spans import Span

_BRACKETED = re.compile(r"^\[([^\]]{2,30})\]\s*|\*([A-Z0-9\-]{3,20})\*\s+")
_ENDING = re.compile(
    r"\s*\((?P<mark>#|(?:sku|art|item|ref|réf|cod|kod|nr|no)\b\.?(?:\s?(?:nr|no)\b\.?)?:?)?\s*(?P<code>[\w.\-/]*\d[\w.\-/]*)\)$",
    re.IGNORECASE,
)
"""A code in brackets behind the description: `(#SL-4817)`, `(SKU: 4711)`."""

_ROUNDING = Decimal("0.011")
_RELATIVE = Decimal("0.0015")
_BASES = (Decimal(100), Decimal(1000), Decimal(10))
_CLOSED, _OPEN, _FAILED = 0.98, 0.93, 0.7
_TIMES = re.compile(r"^\s*[x\u00d7](?![^\W\d_])")
"""The sign of '3 x Box'; a letter of the unit itself is none."""

_UNIT = re.compile(r"[^\W\d_][\w./]*")
_PER = re.compile(
    r"(?:/|\b(?:per|pro|je|par|por|voor|za|cada|ogni|p)\b)\s*(\d[\d.,]*)?\s*([^\W\d_][\w.]*)?", re.IGNORECASE
)
_IN_BRACKETS = re.compile(r"[(\[]\s*([^)\]]+?)\s*[)\]]")
_PER_WORDS = {"CEN": Decimal(100), "MIL": Decimal(1000)}
_POSITION = re.compile(r"[\w.\-]{1,8}")
_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Read:
    """An ordered line and how its numbers stand to each other: `stated` with all three, `closes` where they agree."""

    line: DraftLine
    entry: Entry
    stated: bool
    closes: bool


@dataclass(frozen=True, slots=True)
class _Number:
    value: Decimal
    cell: Cell
    """The words of the number itself."""
    read: NumberCell
    whole: Cell


def line_of(
    entry: Entry, comma: bool | None, day_first: bool | None, base: int = 1, header: Header | None = None
) -> Read | None:
    """Read one entry; None where it has no quantity and no amount.

    `comma` is the document's decimal mark, `base` what its prices are for where no column and no cell says it.
    """
    entry = _owned(entry, header)
    quantity = _number(entry, "quantity", comma)
    price, amount = _number(entry, "unit_price", comma), _number(entry, "amount", comma)
    if quantity is None and amount is None:
        return None
    each = _each(entry, comma, price, quantity, amount, base) if price else None
    stated = quantity is not None and price is not None and amount is not None
    closes = (
        quantity is not None
        and each is not None
        and amount is not None
        and any(_agree(quantity.value * value, amount.value) for value in (each, *_discounted(entry, each, comma)))
    )
    sure = _OPEN if not stated else _CLOSED if closes else _FAILED
    code, description = _goods(entry, sure)
    line = DraftLine(
        line_number=_text(entry, "line_number", sure, shape=_POSITION),
        buyer_code=_text(entry, "buyer_code", sure),
        supplier_code=code,
        gtin=_gtin(entry, sure),
        description=description,
        quantity=Value(quantity.value, quantity.cell.source, sure) if quantity else None,
        unit=_unit(entry, quantity, price, sure) or (_headed_unit(header, sure) if quantity else None),
        unit_price=Value(each, price.cell.source, sure) if price and each is not None else None,
        amount=Value(amount.value, amount.cell.source, sure) if amount else None,
        requested_date=_date(entry, day_first),
    )
    return Read(line, entry, stated, closes)


def _number(entry: Entry, name: str, comma: bool | None) -> _Number | None:
    """Return the first figure among a field's cells, else the first number in one of them."""
    cells = entry.cells.get(name, ())
    for reader in (figure, first_number):
        for cell in cells:
            read = reader(cell.text, comma)
            if read is not None:
                return _Number(read.value, cell.part(read.start, read.end) or cell, read, cell)
    return None


def _each(
    entry: Entry, comma: bool | None, price: _Number, quantity: _Number | None, amount: _Number | None, base: int
) -> Decimal:
    """Return the price for one unit: by the base that is printed, or the one with which the amount agrees."""
    printed = _printed_base(entry, comma, price)
    tried = [printed, Decimal(base), Decimal(1), *_BASES] if amount and quantity else [printed or Decimal(base)]
    known = [found for found in tried if found]
    if amount and quantity:
        for found in known:
            each = price.value / found
            if any(_agree(quantity.value * value, amount.value) for value in (each, *_discounted(entry, each, comma))):
                return each
    return price.value / known[0]


def _printed_base(entry: Entry, comma: bool | None, price: _Number) -> Decimal | None:
    """Return how many units a price is for, from its own column or from beside it: '/ 100', 'per 1000 pcs'."""
    cell = _number(entry, "price_base", comma)
    if cell is not None and cell.value > 0:
        return cell.value
    for text in (entry.text("price_base"), price.read.after):
        found = _PER.search(text)
        if found and found.group(1):
            number = first_number(found.group(1), comma)
            if number is not None and number.value > 0:
                return number.value
        word = units.unit_code(found.group(2)) if found and found.group(2) else units.unit_code(text)
        if word in _PER_WORDS:
            return _PER_WORDS[word]
    return None


def _discounted(entry: Entry, each: Decimal, comma: bool | None) -> tuple[Decimal, ...]:
    """Return the price less the discount that the row prints, as a rate and as money."""
    cell = _number(entry, "discount", comma)
    if cell is None or not cell.value:
        return ()
    rate = abs(cell.value)
    return (each * (1 - rate / _HUNDRED), each - rate)


def _agree(product: Decimal, amount: Decimal) -> bool:
    return abs(product - amount) <= max(_ROUNDING, abs(amount) * _RELATIVE)


def _unit(entry: Entry, quantity: _Number | None, price: _Number | None, sure: float) -> Value[str] | None:
    """Return the unit of its own column, else from beside the quantity, below it, or behind the price ('5,00 / kg')."""
    cells = [cell for cell in entry.cells.get("unit", ()) if units.unit_code(cell.text) or not is_money_word(cell.text)]
    text = " ".join(cell.text for cell in cells).strip()
    if text and not text.replace(".", "").isdigit():
        tries = (text, text.split()[0], text.split()[-1])
        code = next((found for word in tries if (found := unit_words.counted_by(word))), None)
        return Value(code or text, source_of(cells), sure)
    beside = _beside(quantity)
    if beside is not None:
        return Value(beside[0], beside[1].source, sure)
    for cell in entry.cells.get("quantity", ()):
        code = units.unit_code(cell.text)
        if code:
            return Value(code, cell.source, sure)
    return None if price is None else _per_unit(price, sure)


def _headed_unit(header: Header | None, sure: float) -> Value[str] | None:
    """Return the unit that the heading of the quantities states in brackets: 'Qty (kg)'."""
    for heading in header.headings if header else ():
        found = _IN_BRACKETS.search(heading.text) if heading.field == "quantity" else None
        last = heading.cells[-1].text if heading.field == "quantity" else ""
        code = units.unit_code(found.group(1)) if found else units.unit_code(last)
        if code:
            return Value(code, source_of(heading.cells), sure)
    return None


def _beside(quantity: _Number | None) -> tuple[str, Cell] | None:
    """Return the unit that stands behind the quantity, or before it ('Box 3')."""
    if quantity is None:
        return None
    after = _TIMES.sub("", quantity.read.after).strip()
    word = _UNIT.match(after.lstrip("(/ "))
    if word:
        text = quantity.whole.text
        piece = quantity.whole.part(text.find(word.group(), quantity.read.end))
        code = unit_words.counted_by(after) or unit_words.counted_by(word.group())
        return code or word.group(), piece or quantity.whole
    code = units.unit_code(quantity.read.before)
    return (code, quantity.whole) if code else None


def _per_unit(price: _Number, sure: float) -> Value[str] | None:
    found = _PER.search(price.read.after)
    code = units.unit_code(found.group(2)) if found and found.group(2) else None
    return Value(code, price.whole.source, sure) if code and code not in _PER_WORDS else None


def _goods(entry: Entry, sure: float) -> tuple[Value[str] | None, Value[str] | None]:
    """Return code and description; a code in brackets before the description is taken out of it."""
    cells = [*entry.cells.get("description", ()), *entry.cells.get("attribute", ())]
    text = joined(cells)
    code = _text(entry, "supplier_code", sure)
    bracketed, ending = _BRACKETED.match(text), _ENDING.search(text)
    if code is None and bracketed:
        found = bracketed.group(1) or bracketed.group(2)
        code = Value(found, cells[0].source, sure)
        text = text[bracketed.end() :]
    elif code is None and ending and (ending["mark"] or codes.looks_like_code(ending["code"])):
        code = Value(ending["code"], cells[-1].source, sure - 0.02)
        text = text[: ending.start()]
    description = Value(text, source_of(cells), sure - 0.02) if text and cells else None
    if code is not None and description is None and " " in code.value and not looks_like_code(code.value):
        return _parted(entry.cells["supplier_code"], sure)
    return code, description


def joined(cells: Sequence[Cell]) -> str:
    """Return the text of cells below one another; a word that was broken at its hyphen is whole again."""
    text = ""
    for cell in cells:
        broken = _HYPHENED.search(text) is not None and _GOES_ON.match(cell.text) is not None
        text += cell.text if broken or not text else f" {cell.text}"
    return text.strip()


_HYPHENED = re.compile(r"[^\W_]-$")
_GOES_ON = re.compile(r"(?!(?:und|oder|and|or|et|ou|y|e|o|of|en|och|og|i|u)\b)[^\W_]", re.IGNORECASE)
"""What may follow a hyphen at the end of a row; before 'and' it stands for the rest of a compound."""


def _parted(cells: Sequence[Cell], sure: float) -> tuple[Value[str] | None, Value[str] | None]:
    """Part cells that hold code and description: by their rows, else by the shape of a code."""
    first, rest = cells[0], cells[1:]
    if rest and len(first.words) == 1 and codes.looks_like_code(first.text.upper(), least=2):
        words = " ".join(cell.text for cell in rest)
        return Value(first.text, first.source, sure), Value(words, source_of(rest), sure - 0.05)
    text = " ".join(cell.text for cell in cells)
    parted = codes.part(Span(text, 0))
    if parted.code is None:
        return None, Value(text, source_of(cells), sure - 0.02)
    code = Value(parted.code.text, source_of(cells), sure)
    said = parted.description
    return code, Value(said.text, source_of(cells), sure - 0.02) if said is not None else None


def _below_heading(header: Header | None) -> str:
    """Return whose code the lower row of a heading names where two codes stand below one another; else nothing."""
    for heading in header.headings if header else ():
        if heading.field in CODES and len(heading.cells) > 1:
            lower = field_of(heading.cells[-1].text)
            return lower if lower in _OWNED and lower != field_of(heading.cells[0].text) else ""
    return ""


_OWNED = frozenset({"supplier_code", "buyer_code"})


def _owned(entry: Entry, header: Header | None) -> Entry:
    """Give a code that nobody owns to the supplier where it is the only one; of two the buyer's own stands first."""
    cells = dict(entry.cells)
    code = cells.pop("code", None)
    below = cells.pop(BELOW, None)
    lower = _below_heading(header) if below else ""
    if lower and not code and cells.get(lower):
        code, cells[lower], below = cells[lower], list(below or ()), None
    if code and len(code) > 1 and not cells.get("description") and len(code[0].words) == 1:
        code, cells["description"] = code[:1], code[1:]
    if code:
        owners = (
            ("buyer_code", "supplier_code") if below or cells.get("supplier_code") else ("supplier_code", "buyer_code")
        )
        free = next((name for name in owners if not cells.get(name)), None)
        if free:
            cells[free] = code
    if below and not cells.get("gtin") and is_gtin(below[0].text):
        cells["gtin"] = below
    elif below:
        free = next((name for name in ("supplier_code", "buyer_code") if not cells.get(name)), None)
        if free:
            cells[free] = below
    return Entry(cells, entry.page, entry.bottom)


def _text(entry: Entry, name: str, sure: float, shape: re.Pattern[str] | None = None) -> Value[str] | None:
    cells = [cell for cell in entry.cells.get(name, ()) if cell.text.strip(" .-\u2013\u2014")]
    text = joined(cells)
    if not cells or (shape is not None and not shape.fullmatch(text)):
        return None
    return Value(text, source_of(cells), sure)


def _gtin(entry: Entry, sure: float) -> Value[str] | None:
    found = _text(entry, "gtin", sure)
    if found is None:
        return None
    digits = found.value.replace(" ", "").replace("-", "")
    plain = digits.isdigit() and 8 <= len(digits) <= 14  # noqa: PLR2004  GTIN-8 to GTIN-14
    return Value(digits, found.source, sure if is_gtin(digits) else sure - 0.2) if plain else None


def _date(entry: Entry, day_first: bool | None) -> Value[dt.date] | None:
    text = entry.text("requested_date")
    day = (dates.parse_date(text, day_first) or dates.parse_compact(text)) if text else None
    return Value(day, source_of(entry.cells["requested_date"]), 0.9) if day else None


def closing(lines: Sequence[DraftLine]) -> tuple[int, int]:
    """Count the lines that state quantity, price and amount, and those of them where the product is the amount."""
    stated = [line for line in lines if line.quantity and line.unit_price and line.amount]
    closed = sum(_line_closes(line) for line in stated)
    return len(stated), closed


def _line_closes(line: DraftLine) -> bool:
    if not (line.quantity and line.unit_price and line.amount):
        return False
    return _agree(line.quantity.value * line.unit_price.value, line.amount.value)


def findings(read: Sequence[Read]) -> tuple[Finding, ...]:
    """Return a finding for each line whose numbers do not agree, and for each without a quantity."""
    return tuple(finding for index, entry in enumerate(read) if (finding := _finding(index, entry)) is not None)


def _finding(index: int, read: Read) -> Finding | None:
    line = read.line
    if line.quantity is None:
        message = f"Line {index + 1} has no quantity that could be read."
        return Finding("line.no_quantity", Severity.REVIEW, f"lines[{index}].quantity", message)
    if not read.stated or read.closes or line.unit_price is None or line.amount is None:
        return None
    product = (line.quantity.value * line.unit_price.value).normalize()
    message = f"On line {index + 1} quantity times price is {product:f}, but the document says {line.amount.value:f}."
    return Finding("line.arithmetic", Severity.REVIEW, f"lines[{index}].amount", message)
