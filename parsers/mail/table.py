"""Tables in a letter with a header row that names the columns."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from parsers.mail import naming
from parsers.mail.cells import Row, Total, cells, money, quantity_of, total_of
from parsers.mail.lines import Item
from parsers.words import codes as article_codes
from parsers.words import labels, unit_words
from parsers.words.spans import Span

_RULE = re.compile(r"[\s+|\-=_:\u2500-\u257f]{3,}")
"""A line drawn between rows: `+----+----+`, `|---|---|`, `──────`."""

_ENOUGH = 2


@dataclass(frozen=True, slots=True)
class Table:
    """What a table says; `used` counts the lines from its first on."""

    items: tuple[Item, ...]
    totals: tuple[Total, ...]
    used: int
    left: tuple[Span, ...] = ()
    """Rows of as many cells as the others from which no line was read."""


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
    if label.field == "unit_price" or (label.field == "price_base" and label.end > 1):
        return next((_BASED[word] for word in rest if word in _BASED), "unit_price")
    tolerated = whole or (len(rest) <= _ENOUGH and not any(word[0].isdigit() for word in rest))
    return label.field if tolerated else None


_BASED = {
    **dict.fromkeys(("100", "hundred", "cent", "hundert"), "price_hundred"),
    **dict.fromkeys(("1000", "thousand", "mille", "tausend", "mil"), "price_thousand"),
}
"""Words in a heading that say for how many its prices are."""

_PRICES = {"unit_price": Decimal(1), "price_hundred": Decimal(100), "price_thousand": Decimal(1000)}


def read(lines: Sequence[Span], fields: tuple[str | None, ...], comma: bool | None) -> Table:
    """Read the rows below a header until a line that is no row."""
    items: list[Item] = []
    totals: list[Total] = []
    left: list[Span] = []
    used = 0
    fields = owned(_by_cells(fields, [cells(line) for line in lines[:_LOOKED_AT]]))
    for line in lines:
        if _RULE.fullmatch(line.text):
            used += 1
            continue
        row = cells(line)
        total = total_of(row, comma)
        item = None if total else _declared(row, fields, comma)
        if total:
            totals.append(total)
        elif item:
            items.append(item)
        elif line.text.strip() and len(row) == 1:
            break
        elif _may_be_a_line(row, fields):
            left.append(line)
        used += 1
    return Table(_numbered(items), tuple(totals), used, tuple(left))


def _may_be_a_line(row: Row, fields: tuple[str | None, ...]) -> bool:
    """Say whether a row without a quantity that can be read has words where goods stand and a number elsewhere."""
    got = {field: cell.text for field, cell in zip(fields, row, strict=False) if field}
    named = any(got.get(field) for field in _GOODS)
    return named and any(char.isdigit() for field in ("quantity", *_PRICES, "amount") for char in got.get(field, ""))


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
    if _counts_rows(columns[0]) and (fields[0] is None or goods > 1):
        out[0] = "line_number"
    for at, texts in enumerate(columns):
        if out[at] is None:
            out[at] = _by_texts(texts, {field for field in out if field})
    return tuple(out)


def _counts_rows(texts: Sequence[str]) -> bool:
    """Say whether cells only count the rows: 1, 2, 3, or 010, 020, 030."""
    if not all(text.isdecimal() and len(text) <= _MAX_COUNT_DIGITS for text in texts):
        return False
    step = 10 if int(texts[0]) == 10 else 1  # noqa: PLR2004 - the two ways in which programs count
    return [int(text) for text in texts] == [step * place for place in range(1, len(texts) + 1)]


_MAX_COUNT_DIGITS = 6


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
        replace(item, named=naming.named(item.named.description), line_number=item.named.code)
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
    quantity = quantity_of(got["quantity"], comma, declared=True) if "quantity" in got else None
    if quantity is None:
        return None
    value, at, unit, unit_at_ = quantity
    if "unit" in got:
        unit_at_ = got["unit"]
        unit = unit_words.code_of(unit_at_.text) or unit_at_.text
    price, price_at = _price(got, comma)
    amount = money(got.get("amount"), comma)
    named = article_codes.Named(got.get("supplier_code") or got.get("gtin") or got.get("code"), got.get("description"))
    if named.code is None and named.description is not None and "buyer_code" not in got:
        named = naming.named(named.description)
    if not (named.code or named.description):
        return None
    return Item(
        named,
        value,
        at,
        unit,
        unit_at_,
        price,
        price_at,
        amount,
        got.get("amount") if amount is not None else None,
        buyer_code=got.get("buyer_code"),
        line_number=got.get("line_number"),
        asked=got.get("requested_date"),
    )


def _price(got: Mapping[str, Span], comma: bool | None) -> tuple[Decimal | None, Span | None]:
    """Return the price of one, after the base that the heading or a cell of its own gives, and where it stands."""
    field = next((field for field in _PRICES if field in got), "unit_price")
    value = money(got.get(field), comma)
    if value is None:
        return None, None
    told = re.search(r"\d+", got["price_base"].text) if "price_base" in got else None
    base = Decimal(told.group()) if told else Decimal(0)
    return value / _PRICES[field] / (base or 1), got[field]
