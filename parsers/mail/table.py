"""Tables in a letter: rows of cells parted by tabs, pipes or wide gaps, with or without a header row."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from parsers.mail.counts import is_time
from parsers.mail.lines import Item
from parsers.words import codes as article_codes
from parsers.words import labels, numbers, unit_words
from parsers.words.spans import Span

MAX_CELLS = 40
"""Cells looked at in one row."""

_GAPS = (re.compile(r"\t"), re.compile(r"\s*\|\s*"), re.compile(r"\s{2,}|\s*\.{3,}\s*"))
_MONEY = re.compile(
    r"(?:[€£$]|EUR|USD|GBP|CHF|PLN|z\u0142)?\s*(-?\d[\d.,' ]*)\s*(?:[€£$]|EUR|USD|GBP|CHF|PLN|z\u0142)?"
    r"(?:\s*(?:HT|net|netto|h\.t\.))?\s*(?P<base>le cent|pro 100|per 100|/\s?100|% )?"
    r"(?:\s*(?:each|ea\.?|/\s?[^\W\d]{1,6}\.?|(?:per|pro|je|par|la|le|za)\s[^\W\d]{1,8}|cad\.?|c/u))?",
    re.IGNORECASE,
)
_PACK = re.compile(r"\s+(?:of|\u00e0|a|zu(?: je)?|de|da|van|po)\s+\d+.{0,12}$|\s*\([^()]{1,30}\)$", re.IGNORECASE)
_QUANTITY = re.compile(
    r"(?:qty|q'ty|quantity|menge|anzahl|quantit\u00e9|qt\u00e9|cantidad|cant|quantit\u00e0|q\.?t\u00e0|aantal|ilo\u015b\u0107|quantidade|qtd|antal|antall|m\u00e4\u00e4r\u00e4)\.?\s*[:=]?\s*(?=\d)",
    re.IGNORECASE,
)
_SIGNED = re.compile(r"x(?=[\s\d])", re.IGNORECASE)
_SIGNED_LAST = re.compile(r"[\s\d]x$", re.IGNORECASE)
_COUNTED = frozenset({"off", "no", "nr"})
_PER_HUNDRED = Decimal(100)
_ENOUGH = 2
_CENT = Decimal("0.011")

Row = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Total:
    """A total row below a table."""

    field: str
    value: Decimal
    at: Span


@dataclass(frozen=True, slots=True)
class Table:
    """What a table says; `used` counts the lines from its first on."""

    items: tuple[Item, ...]
    totals: tuple[Total, ...]
    used: int


def cells(line: Span) -> Row:
    """Part a line into cells; a line without tabs, pipes or wide gaps is one cell."""
    for gap in _GAPS:
        if gap.search(line.text.strip("| ")):
            body = line.strip("| ") if gap is _GAPS[1] else line
            return tuple(body.split(gap))[:MAX_CELLS]
    return (line.strip(),)


def header(row: Row) -> tuple[str | None, ...] | None:
    """Return the field of each cell where the row is the header of a table of lines, else None."""
    fields = tuple(_column(cell.text) for cell in row)
    known = {field for field in owned(fields) if field}
    named = {"quantity"} <= known or {"amount", "unit_price"} <= known
    return fields if named and known & {"code", "description", "supplier_code", "buyer_code", "gtin"} else None


def owned(fields: tuple[str | None, ...]) -> tuple[str | None, ...]:
    """Give a code column without an owner to the one whose own column is missing, where the other's is there."""
    if fields.count("description") > 1 and not {"code", "supplier_code", "buyer_code"} & set(fields):
        first = fields.index("description")
        fields = (*fields[:first], "code", *fields[first + 1 :])
    if fields.count("code") > 1 and "description" not in fields:
        second = fields.index("code", fields.index("code") + 1)
        fields = (*fields[:second], "description", *fields[second + 1 :])
    if "supplier_code" in fields and "buyer_code" not in fields:
        return tuple("buyer_code" if field == "code" else field for field in fields)
    return fields


def _column(text: str) -> str | None:
    words = labels.words_of(text)
    label = labels.at("column", words)
    if label is None:
        return None
    whole = label.end == len(words)
    rest = words[label.end :]
    tolerated = whole or len(rest) <= _ENOUGH
    return label.field if tolerated else None


def read(lines: Sequence[Span], fields: tuple[str | None, ...], comma: bool | None) -> Table:
    """Read the rows below a header until a line that is no row."""
    items: list[Item] = []
    totals: list[Total] = []
    used = 0
    fields = owned(_by_cells(fields, [cells(line) for line in lines[:_LOOKED_AT]]))
    for line in lines:
        row = cells(line)
        total = total_of(row, comma)
        item = None if total else _declared(row, fields, comma)
        if total:
            totals.append(total)
        elif item:
            items.append(item)
        elif line.text.strip() and len(row) == 1:
            break
        used += 1
    return Table(_numbered(items), tuple(totals), used)


_LOOKED_AT = 12
"""Rows whose cells are asked what their columns are."""


def _by_cells(fields: tuple[str | None, ...], rows: Sequence[Row]) -> tuple[str | None, ...]:
    """Let the cells say what a column is whose heading says nothing, or whose cells only count the lines."""
    whole = [row for row in rows if len(row) == len(fields)]
    if not whole:
        return fields
    out = list(fields)
    columns = [[row[at].text for row in whole] for at in range(len(fields))]
    goods = sum(field in _GOODS for field in fields)
    if columns[0] == [f"{at}" for at in range(1, len(whole) + 1)] and (fields[0] is None or goods > 1):
        out[0] = "line_number"
    for at, texts in enumerate(columns):
        if out[at] is None:
            out[at] = _by_texts(texts, {field for field in out if field})
    return tuple(out)


def _by_texts(texts: Sequence[str], known: set[str]) -> str | None:
    """Return what cells under an unknown heading are, of the fields that no other column is."""
    if "unit" not in known and all(unit_words.code_of(text) for text in texts):
        return "unit"
    if not _CODES & known and all(article_codes.is_code(text) for text in texts):
        return "code"
    if "description" not in known and all(_NAMES_GOODS.search(text) for text in texts):
        return "description"
    return None


_CODES = frozenset({"code", "supplier_code", "buyer_code", "gtin"})
_GOODS = _CODES | {"description"}
_NAMES_GOODS = re.compile(r"[^\W\d_]{3}")


def _numbered(items: Sequence[Item]) -> tuple[Item, ...]:
    """Read a column of 1, 2, 3 under 'Item' as line numbers, not as codes."""
    codes = [item.named.code.text if item.named.code else "" for item in items]
    if codes != [f"{at}" for at in range(1, len(codes) + 1)]:
        return tuple(items)
    return tuple(
        replace(item, named=article_codes.part(item.named.description), line_number=item.named.code)
        if item.named.description
        else item
        for item in items
    )


def _declared(row: Row, fields: tuple[str | None, ...], comma: bool | None) -> Item | None:
    """Read one row by its columns."""
    got = {field: cell for field, cell in reversed(list(zip(fields, row, strict=False))) if field and cell.text}
    return from_fields(got, comma)


def from_fields(got: Mapping[str, Span], comma: bool | None) -> Item | None:
    """Make a line of its named cells, or None where there is no quantity or nothing that is ordered."""
    quantity = quantity_of(got["quantity"], comma) if "quantity" in got else None
    if quantity is None:
        return None
    value, at, unit, unit_at_ = quantity
    if "unit" in got:
        unit_at_ = got["unit"]
        unit = unit_words.code_of(unit_at_.text) or unit_at_.text
    price = money(got.get("unit_price"), comma)
    amount = money(got.get("amount"), comma)
    named = article_codes.Named(got.get("supplier_code") or got.get("gtin") or got.get("code"), got.get("description"))
    if named.code is None and named.description is not None and "buyer_code" not in got:
        named = article_codes.part(named.description)
    if not (named.code or named.description):
        return None
    return Item(
        named,
        value,
        at,
        unit,
        unit_at_,
        price,
        got.get("unit_price") if price is not None else None,
        amount,
        got.get("amount") if amount is not None else None,
        buyer_code=got.get("buyer_code"),
        line_number=got.get("line_number"),
    )


def quantity_of(cell: Span, comma: bool | None) -> tuple[Decimal, Span, str | None, Span | None] | None:
    """Read a quantity cell: `40 St`, `2,000 ea`, `12`."""
    cell = cell.strip(" \t\u00a0-\u2013:\u00d7=")
    cell = cell.cut(1) if _SIGNED.match(cell.text) else cell.cut(0, -1) if _SIGNED_LAST.search(cell.text) else cell
    label = _QUANTITY.match(cell.text)
    cell = cell.cut(label.end()) if label else cell
    text = _PACK.sub("", cell.text)
    found = re.match(r"(\d[\d.,' ]*\d|\d)\s*[x\u00d7]?\s*(.*)$", text)
    if found is None:
        return None
    value = numbers.parse_number(found.group(1), comma)
    rest = found.group(2).strip()
    if value is None or value <= 0:
        return None
    at = cell.cut(found.start(1), found.end(1))
    if not rest or rest.casefold().rstrip(".") in _COUNTED:
        return value, at, None, None
    unit = unit_words.at(rest)
    if unit is None or unit[1] < len(rest.rstrip(".")):
        return None
    return value, at, unit[0], cell.cut(found.start(2), found.start(2) + unit[1])


def money(cell: Span | None, comma: bool | None) -> Decimal | None:
    """Read a price or an amount, a price per hundred as the price of one."""
    if cell is None:
        return None
    found = _MONEY.match(cell.text.strip())
    if found is None:
        return None
    value = numbers.parse_number(found.group(1).strip(), comma)
    return value / _PER_HUNDRED if value is not None and found.group("base") else value


def total_of(row: Row, comma: bool | None) -> Total | None:
    """Read a total row: a label, then a number in the same or the last cell."""
    filled = [cell for cell in row if cell.text]
    if not filled:
        return None
    words = labels.words_of(filled[0].text)
    label = labels.at("total", words)
    if label is None or len(filled) > _ENOUGH + 1 or len(words) - label.end > 3:  # noqa: PLR2004
        return None
    number = re.search(r"(\d[\d.,' ]*\d|\d)\D{0,6}$", filled[-1].text)
    value = numbers.parse_number(number.group(1), comma) if number else None
    if number is None or value is None:
        return None
    return Total(label.field, value, filled[-1].cut(number.start(1), number.end(1)))


def untitled(row: Row, comma: bool | None) -> Item | None:
    """Read a row of a table without a header: code, words, quantity with its unit, price, amount, as they fit."""
    filled = [cell for cell in row if cell.text and cell.text not in {"x", "=", "\u00d7", "-"}]
    if len(filled) < _ENOUGH:
        return None
    words = [cell for cell in filled if any(char.isalpha() for char in cell.text)]
    code = next((cell for cell in filled[:3] if article_codes.is_code(cell.text)), None)
    text = [cell for cell in words if cell is not code and quantity_of(cell, comma) is None and not is_money(cell)]
    text = [cell for cell in text if unit_words.code_of(cell.text) is None] or text
    description = max(text, key=lambda cell: len(cell.text), default=None)
    if code is None and description is None:
        return None
    rest = [cell for cell in filled if cell is not code and cell is not description]
    return _with_numbers(article_codes.Named(code, description), rest, comma)


def is_money(cell: Span) -> bool:
    """Say whether a cell holds a price or an amount and nothing else."""
    return bool(_MONEY.fullmatch(cell.text.strip()))


def _with_numbers(named: article_codes.Named, rest: list[Span], comma: bool | None) -> Item | None:
    """Find which cell is the quantity: one with a unit, else the one that price times quantity confirms, else first."""
    found = [(cell, quantity_of(cell, comma)) for cell in rest]
    quantities = [(cell, got) for cell, got in found if got is not None]
    if not quantities:
        return None
    with_unit = [pair for pair in quantities if pair[1][2]]
    amounts = [(cell, value) for cell in rest if (value := money(cell, comma)) is not None and is_money(cell)]
    number = None
    if len(quantities) > 1 and not with_unit and rest and quantities[0][0] is rest[0] and len(amounts) > 3:  # noqa: PLR2004
        number = quantities.pop(0)[0]
    cell, got = (with_unit or quantities)[0]
    if got[2] is None:
        got = _unit_beside(cell, got, rest)
    later = [(at, value) for at, value in amounts if at.start > cell.start]
    price, amount = _price_and_amount(later, got[0])
    if named.code is None and named.description is not None:
        named = article_codes.part(named.description)
    if is_time(named, got[2]):
        return None
    return Item(
        named,
        got[0],
        got[1],
        got[2],
        got[3],
        price[1] if price else None,
        price[0] if price else None,
        amount[1] if amount else None,
        amount[0] if amount else None,
        line_number=number,
        strong=named.code is not None or got[2] is not None or amount is not None,
    )


_Got = tuple[Decimal, Span, str | None, Span | None]


def _unit_beside(cell: Span, got: _Got, rest: list[Span]) -> _Got:
    """Take the unit from a cell of its own behind the quantity's."""
    beside = next((other for other in rest if other.start > cell.start), None)
    code = unit_words.code_of(beside.text) if beside else None
    return (got[0], got[1], code, beside) if code else got


def _price_and_amount(
    later: list[tuple[Span, Decimal]], quantity: Decimal
) -> tuple[tuple[Span, Decimal] | None, tuple[Span, Decimal] | None]:
    for price in later:
        for amount in later:
            if price is not amount and abs(price[1] * quantity - amount[1]) <= _CENT:
                return price, amount
    return (later[0] if later else None), None
