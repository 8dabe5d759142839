"""One line group of an EDIFACT message (from LIN to the next) to a `DraftLine`."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal

from oms_core.values.draft import DraftLine
from oms_core.values.finding import Finding, Severity
from oms_core.values.money import SCALE
from oms_core.values.source import Value
from parsers.edifact.codes import (
    BUYER_TYPES,
    DELIVERY_RANKS,
    GTIN_TYPES,
    LINE_AMOUNT_RANKS,
    LIST_PRICE_TYPES,
    OTHER_ITEM_TYPES,
    PRICE_RANKS,
    PRODUCT_NOTES,
    SKIPPED_CHARACTERISTICS,
    SUPPLIER_TYPES,
    TITLE,
    rank_of,
)
from parsers.edifact.values import (
    LIKELY,
    SURE,
    check_digit_right,
    date_of,
    joined,
    number_of,
    sourced,
    unit_of,
)

Components = Callable[[str], list[str]]
"""Cuts one element into components."""

_NOT_YET = 1000
"""The rank of a value that no segment has given yet."""
_OWNER_UNKNOWN = 2
"""The rank of a code whose type names no owner, behind ours and the manufacturer's."""
_LIST_PRICE = 200
_IDENTIFYING = frozenset({"1", "5", ""})
_DELETED = "2"
_ONE = Decimal(1)
_PLACES = tuple(f"{element}.1" for element in range(12))
_MAX_DESCRIPTIONS = 50
"""More descriptions or texts than this on one line are left out."""
_MAX_FINDINGS = 20
"""More findings than this about one line say nothing new."""


class LineReader:
    """Gathers the segments of one line; `index` counts lines from 0 and names the places of findings."""

    # What no segment has given yet stands on the class: a line is made in one step, not in twenty.
    quantity: Value[Decimal] | None = None
    _line_number: Value[str] | None = None
    _gtin: Value[str] | None = None
    _buyer_code: Value[str] | None = None
    _supplier_code: Value[str] | None = None
    _supplier_rank = _NOT_YET
    _quantity_rank = _NOT_YET
    _unit: Value[str] | None = None
    _price: Value[Decimal] | None = None
    _price_rank = _NOT_YET
    _price_unit = ""
    _amount: Value[Decimal] | None = None
    _amount_rank = _NOT_YET
    _date: Value[dt.date] | None = None
    _date_rank = _NOT_YET
    _titles: tuple[Value[str], ...] = ()
    _descriptions: tuple[Value[str], ...] = ()
    _product_note: Value[str] | None = None
    notes: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()

    def __init__(
        self, index: int, number: int, lin: list[str], components: Components, quantity_ranks: tuple[str, ...]
    ) -> None:
        self._index = index
        self._components = components
        self._quantity_ranks = quantity_ranks
        _, line_number, action, item, *_ = *lin, "", "", ""
        if line_number:
            self._line_number = sourced(line_number, number, "1.1", line_number)
        if item:
            self._item(number, item, 3, of_line=True)
        if action == _DELETED:
            self._note("deleted", "", "the sender marks this line as deleted")

    def _note(self, code: str, field: str, what: str, severity: Severity = Severity.REVIEW) -> None:
        place = f"lines[{self._index}]" + (f".{field}" if field else "")
        finding = Finding(f"edifact.{code}", severity, place, f"Line {self._index + 1}: {what}.")
        if len(self.findings) < _MAX_FINDINGS:
            self.findings = (*self.findings, finding)

    def _item(self, number: int, item: str, element: int, *, of_line: bool) -> None:
        """Sort one code with its type (C212) to its owner."""
        text, kind, *_ = *self._components(item), ""
        text = text.strip()
        if not text:
            return
        code = sourced(text, number, _PLACES[element], text)
        if kind in GTIN_TYPES:
            self._gtin = self._gtin or code
        elif kind in BUYER_TYPES:
            self._buyer_code = self._buyer_code or code
        elif of_line or kind in SUPPLIER_TYPES or kind in OTHER_ITEM_TYPES:
            rank = SUPPLIER_TYPES.get(kind, _OWNER_UNKNOWN)
            if rank < self._supplier_rank:
                self._supplier_code, self._supplier_rank = code, rank

    def _pia(self, number: int, parts: list[str]) -> None:
        """Take additional (1) and identifying (5) codes; substitutes are other goods."""
        if parts[1] in _IDENTIFYING:
            for element, item in enumerate(parts[2 : len(_PLACES)], start=2):
                self._item(number, item, element, of_line=False)

    def _imd(self, number: int, parts: list[str]) -> None:
        """Take descriptions in words; a code alone (`CU`, a packing level) describes nothing."""
        _, form, characteristic, description, *_ = *parts, "", ""
        components = self._components(description)
        pieces = components[3:5]
        text = joined(pieces)
        if not text and form == "F" and len(components[0]) > 3:  # noqa: PLR2004
            text, pieces = components[0].strip(), []
        if not text or characteristic in SKIPPED_CHARACTERISTICS:
            return
        value = sourced(text, number, "3.4" if pieces else "3.1", text, SURE if pieces else LIKELY)
        known = self._titles if characteristic == TITLE else self._descriptions
        if len(known) >= _MAX_DESCRIPTIONS or (known and any(text == other.value for other in known)):
            return
        if characteristic == TITLE:
            self._titles = (*known, value)
        else:
            self._descriptions = (*known, value)

    def _qty(self, number: int, composite: list[str]) -> None:
        """Take the ordered quantity; a second one of the same sort belongs to a delivery plan."""
        qualifier, text, unit, *_ = *composite, "", ""
        rank = rank_of(qualifier, self._quantity_ranks)
        if rank is None or not text:
            return
        if rank == self._quantity_rank:
            self._note(
                "split_quantity",
                "quantity",
                f"segment {number} states a second quantity {text}, maybe a split delivery; the first one was taken",
            )
        if rank >= self._quantity_rank:
            return
        value = number_of(text)
        if value is None:
            self._note("number", "quantity", f"{text!r} in segment {number} is no quantity")
            return
        self.quantity, self._quantity_rank = sourced(value, number, "1.2", text), rank
        self._unit = sourced(unit_of(unit), number, "1.3", unit) if unit else None

    def _pri(self, number: int, composite: list[str]) -> None:
        """Take the price that is nearest to the net one, for one unit of its price base (C509)."""
        qualifier, text, _, kind, base_text, unit, *_ = *composite, "", "", "", "", ""
        known = rank_of(qualifier, PRICE_RANKS)
        rank = len(PRICE_RANKS) if known is None else known
        if kind in LIST_PRICE_TYPES:
            rank += _LIST_PRICE
        if not text or rank >= self._price_rank:
            return
        value = number_of(text)
        base = number_of(base_text) if base_text else _ONE
        if value is None or base is None or base <= 0:
            self._note("number", "unit_price", f"the price in segment {number} is no number")
            return
        self._price = sourced(per_one(value, base), number, "1.2", text, LIKELY if known is None else SURE)
        self._price_rank, self._price_unit = rank, unit

    def _moa(self, number: int, composite: list[str]) -> None:
        qualifier, text, *_ = *composite, ""
        rank = rank_of(qualifier, LINE_AMOUNT_RANKS)
        if rank is None or not text or rank >= self._amount_rank:
            return
        value = number_of(text)
        if value is None:
            self._note("number", "amount", f"{text!r} in segment {number} is no amount")
            return
        self._amount, self._amount_rank = sourced(value, number, "1.2", text), rank

    def _dtm(self, number: int, composite: list[str]) -> None:
        """Take the delivery date asked for on this line."""
        qualifier, text, form, *_ = *composite, "", ""
        rank = rank_of(qualifier, DELIVERY_RANKS)
        if rank is None or not text:
            return
        value = date_of(text, form)
        if value is None:
            self._note("date", "requested_date", f"{text!r} in segment {number} names no day", Severity.NOTE)
        elif rank < self._date_rank:
            self._date, self._date_rank = sourced(value, number, "1.2", text), rank
        elif rank == self._date_rank and self._date is not None and self._date.value != value:
            self._note(
                "split_date",
                "requested_date",
                f"segment {number} asks for a second date, {value}; the first one was taken",
            )

    def _ftx(self, number: int, parts: list[str]) -> None:
        text = joined(self._components(parts[4])) if len(parts) > 4 else ""  # noqa: PLR2004
        if not text:
            return
        if parts[1] in PRODUCT_NOTES:
            self._product_note = self._product_note or sourced(text, number, "4.1", text)
        else:
            self.notes = (*self.notes[:_MAX_DESCRIPTIONS], f"Line {self._index + 1}: {text}")

    def _nad(self, number: int, parts: list[str]) -> None:
        """Say that a line has an address of its own: a draft has one ship-to."""
        _, role, code, _, name, *_ = *parts, "", "", ""
        identifier = self._components(code)[0] or joined(self._components(name))
        self._note(
            "line_party",
            "",
            f"segment {number} gives this line a party of its own, {role} {identifier};"
            " split the order if it goes elsewhere",
        )

    def build(self) -> DraftLine:
        """Put the line together and note what is wrong with it."""
        if self._gtin is not None and not check_digit_right(self._gtin.value):
            self._note_gtin(self._gtin.value)
        if self._price_unit and self._unit is not None:
            price_unit = unit_of(self._price_unit)
            if price_unit != self._unit.value:
                self._note(
                    "price_unit", "unit_price", f"the price is for one {price_unit}, the quantity in {self._unit.value}"
                )
        return DraftLine(
            self._line_number,
            self._buyer_code,
            self._supplier_code,
            self._gtin,
            self._description(),
            self.quantity,
            self._unit,
            self._price,
            self._amount,
            self._date,
        )

    def _note_gtin(self, code: str) -> None:
        """Note a wrong check digit, for review where the line has no other code to match by."""
        alone = self._buyer_code is None and self._supplier_code is None
        severity = Severity.REVIEW if alone else Severity.NOTE
        self._note("gtin", "gtin", f"{code} is no GTIN (length or check digit)", severity)

    def _description(self) -> Value[str] | None:
        """Return the title of a book, else all descriptions in their order, else what free text calls the goods."""
        values = self._titles or self._descriptions
        if len(values) > 1:
            first = values[0]
            return Value(" ".join(value.value for value in values), first.source, first.confidence)
        return values[0] if values else self._product_note


def per_one(price: Decimal, base: Decimal) -> Decimal:
    """Divide a price by its base: exactly where that ends, else at the places that can be kept."""
    if base == 1:
        return price
    result = price / base
    return result if result * base == price else round(result, SCALE)


COMPOSITE_HANDLERS: dict[str, Callable[[LineReader, int, list[str]], None]] = {
    "QTY": LineReader._qty,  # noqa: SLF001
    "PRI": LineReader._pri,  # noqa: SLF001
    "MOA": LineReader._moa,  # noqa: SLF001
    "DTM": LineReader._dtm,  # noqa: SLF001
}
"""The segments of a line group whose first element says all; it is all they are given."""
LINE_HANDLERS: dict[str, Callable[[LineReader, int, list[str]], None]] = {
    "PIA": LineReader._pia,  # noqa: SLF001
    "IMD": LineReader._imd,  # noqa: SLF001
    "FTX": LineReader._ftx,  # noqa: SLF001
    "NAD": LineReader._nad,  # noqa: SLF001
}
"""The segments of a line group that are read whole: they are given their elements, still to be cut."""
