"""Corrections of a draft by a person: one field at a time, typed the way people type, kept with who said it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from typing import Any

from oms_core.errors import InvalidInput
from oms_core.values import DraftDocument, DraftLine, DraftParty, Value
from oms_core.values.counting import counted
from oms_core.values.labels import field_label
from oms_core.values.source import entered
from oms_flow.typed import typed_date, typed_number, typed_unit

MAX_TEXT = 2_000
MAX_LINES = 5_000
_LINE_HEAD = re.compile(r"lines\[(\d{1,6})\]")
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
    "unit": "unit",
    "unit_price": "number",
    "requested_date": "date",
}


def set_field(path: str, text: str, who: str, country: str = "") -> Callable[[DraftDocument], DraftDocument]:
    """Return the change that sets one field (`number`, `ship_to.name`, `lines[2].quantity`); an empty text clears it.

    `country` is the company's own and says how its people write dates (see `oms_flow.typed`). Raises InvalidInput,
    when made or applied, for an unknown field or a text that is no such value.
    """
    typed = _Typed(path, text, who, country)
    head, _, rest = path.partition(".")
    if not rest:
        value = typed.value(_HEADER, path)
        return lambda draft: replace(draft, **{path: value})
    if head in ("buyer", "ship_to"):
        return _party_change(typed, head, rest)
    if found := _LINE_HEAD.fullmatch(head):
        return _line_change(typed, int(found[1]), rest)
    raise _no_such_field(path)


def add_line(who: str, code: str, quantity: str) -> Callable[[DraftDocument], DraftDocument]:
    """Return the change that adds a line with a code and a quantity."""
    line = DraftLine(
        supplier_code=_Typed("Our code", code, who).value(_LINE, "supplier_code"),
        quantity=_Typed("Quantity", quantity, who).value(_LINE, "quantity"),
    )

    def change(draft: DraftDocument) -> DraftDocument:
        if len(draft.lines) >= MAX_LINES:
            raise InvalidInput(f"an order has at most {MAX_LINES:,} lines; take one out first")
        return replace(draft, lines=(*draft.lines, line))

    return change


def _party_change(typed: "_Typed", party: str, name: str) -> Callable[[DraftDocument], DraftDocument]:
    value = typed.value({field.name: "text" for field in fields(DraftParty)}, name)

    def change(draft: DraftDocument) -> DraftDocument:
        return replace(draft, **{party: replace(getattr(draft, party), **{name: value})})

    return change


def _line_change(typed: "_Typed", position: int, name: str) -> Callable[[DraftDocument], DraftDocument]:
    value = typed.value(_LINE, name)

    def change(draft: DraftDocument) -> DraftDocument:
        if position >= len(draft.lines):
            raise InvalidInput(
                f"there is no line {position + 1} to correct; the order has {counted(len(draft.lines), 'line')}"
            )
        # What a person says of the quantity or the price makes the printed amount a leftover.
        stale = {"amount": None} if name in ("quantity", "unit_price") else {}
        line = replace(draft.lines[position], **{name: value}, **stale)
        return replace(draft, lines=(*draft.lines[:position], line, *draft.lines[position + 1 :]))

    return change


@dataclass(frozen=True, slots=True)
class _Typed:
    """What somebody typed into one field."""

    path: str
    text: str
    who: str
    country: str = ""

    def value(self, kinds: Mapping[str, str], name: str) -> Any:
        """Return the field's new value with who said it; None where it was cleared."""
        if name not in kinds:
            raise _no_such_field(self.path)
        label, typed = field_label(self.path), self.text.strip()
        if len(typed) > MAX_TEXT:
            raise InvalidInput(f"{label} takes at most {MAX_TEXT:,} characters")
        if not typed:
            return None
        return Value(self._converted(kinds[name], label, typed), entered(self.who, typed), 1.0)

    def _converted(self, kind: str, label: str, typed: str) -> object:
        if kind == "date":
            return typed_date(label, typed, self.country)
        if kind in ("number", "positive"):
            return _not_negative(label, typed_number(label, typed), or_zero=kind == "number")
        return typed_unit(typed) if kind == "unit" else typed


def _not_negative(label: str, number: Decimal, *, or_zero: bool) -> Decimal:
    if number < 0:
        raise InvalidInput(f"{label} cannot be negative")
    if not number and not or_zero:
        raise InvalidInput(f"{label} must be more than nothing; take the line out instead")
    return number


def _no_such_field(path: str) -> InvalidInput:
    known = ", ".join((*_HEADER, "ship_to.name", "lines[…].quantity"))
    return InvalidInput(f"there is no field {path[:80]!r} to correct; fields are {known} and so on")
