"""Corrections of a draft by a person: one field at a time, typed the way people type, kept with who said it."""

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from oms_core.errors import InvalidInput
from oms_core.values import MAX_ABSOLUTE, DraftDocument, DraftLine, DraftParty, PathSource, Value, exact

MAX_TEXT = 2_000
MAX_LINES = 5_000
_HEADER: Mapping[str, str] = {
    "number": "text",
    "date": "date",
    "requested_date": "date",
    "currency": "text",
    "notes": "text",
}
_LINE: Mapping[str, str] = {
    "buyer_code": "text",
    "supplier_code": "text",
    "gtin": "text",
    "description": "text",
    "quantity": "positive",
    "unit": "text",
    "unit_price": "number",
    "requested_date": "date",
}


def set_field(path: str, text: str, who: str) -> Callable[[DraftDocument], DraftDocument]:
    """Return the change that sets one field (`number`, `ship_to.name`, `lines[2].quantity`); an empty text clears it.

    Raises InvalidInput, when made or applied, for an unknown field or a text that is no such value.
    """
    head, _, rest = path.partition(".")
    if not rest:
        value = _value(_HEADER, path, text, who)
        return lambda draft: replace(draft, **{path: value})
    if head in ("buyer", "ship_to"):
        return _party_change(head, rest, text, who)
    if head.startswith("lines[") and head.endswith("]") and head[6:-1].isdigit():
        return _line_change(int(head[6:-1]), rest, text, who)
    raise InvalidInput(f"there is no field {path!r} to correct")


def add_line(who: str, code: str, quantity: str) -> Callable[[DraftDocument], DraftDocument]:
    """Return the change that adds a line with a code and a quantity."""
    line = DraftLine(
        supplier_code=_value(_LINE, "supplier_code", code, who), quantity=_value(_LINE, "quantity", quantity, who)
    )

    def change(draft: DraftDocument) -> DraftDocument:
        if len(draft.lines) >= MAX_LINES:
            raise InvalidInput(f"an order has at most {MAX_LINES} lines")
        return replace(draft, lines=(*draft.lines, line))

    return change


def _party_change(party: str, name: str, text: str, who: str) -> Callable[[DraftDocument], DraftDocument]:
    if name not in {field.name for field in fields(DraftParty)}:
        raise InvalidInput(f"there is no field {party}.{name} to correct")
    value = _value({name: "text"}, name, text, who)

    def change(draft: DraftDocument) -> DraftDocument:
        return replace(draft, **{party: replace(getattr(draft, party), **{name: value})})

    return change


def _line_change(position: int, name: str, text: str, who: str) -> Callable[[DraftDocument], DraftDocument]:
    value = _value(_LINE, name, text, who)

    def change(draft: DraftDocument) -> DraftDocument:
        if position >= len(draft.lines):
            raise InvalidInput(f"there is no line {position + 1} to correct")
        # What a person says of the quantity or the price makes the printed amount a leftover.
        stale = {"amount": None} if name in ("quantity", "unit_price") else {}
        line = replace(draft.lines[position], **{name: value}, **stale)
        return replace(draft, lines=(*draft.lines[:position], line, *draft.lines[position + 1 :]))

    return change


def _value(kinds: Mapping[str, str], name: str, text: str, who: str) -> Any:
    if name not in kinds:
        raise InvalidInput(f"there is no field {name!r} to correct")
    typed = text.strip()
    if len(typed) > MAX_TEXT:
        raise InvalidInput(f"{name} takes at most {MAX_TEXT} characters")
    if not typed:
        return None
    return Value(_CONVERT[kinds[name]](name, typed), PathSource(f"entered by {who}", typed), 1.0)


def _date(name: str, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidInput(f"{name}: {text[:40]!r} is not a date; write it as 2026-11-30") from None


def _number(name: str, text: str) -> Decimal:
    try:
        number = exact(Decimal(text.replace(",", ".") if text.count(",") == 1 and "." not in text else text))
    except (InvalidOperation, ValueError):
        raise InvalidInput(f"{name}: {text[:40]!r} is not a number (at most {MAX_ABSOLUTE:,}, six decimals)") from None
    if number < 0:
        raise InvalidInput(f"{name} cannot be negative")
    return number


def _positive(name: str, text: str) -> Decimal:
    number = _number(name, text)
    if not number:
        raise InvalidInput(f"{name} must be more than nothing; take the line out instead")
    return number


def _text(_name: str, text: str) -> str:
    return text


_CONVERT: Mapping[str, Callable[[str, str], Any]] = {
    "text": _text,
    "date": _date,
    "number": _number,
    "positive": _positive,
}
