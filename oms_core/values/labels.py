"""What people call the fields of an order: the same words on the page, in the API and on the command line."""

import re
from collections.abc import Mapping
from types import MappingProxyType

HEADER_LABELS: Mapping[str, str] = MappingProxyType(
    {
        "number": "PO number",
        "refers_to": "Order it refers to",
        "date": "Order date",
        "requested_date": "Wanted by",
        "currency": "Currency",
        "notes": "Notes",
    }
)
LINE_LABELS: Mapping[str, str] = MappingProxyType(
    {
        "line_number": "Line number",
        "quantity": "Quantity",
        "unit": "Unit",
        "supplier_code": "Our code",
        "buyer_code": "Their code",
        "gtin": "GTIN",
        "description": "Description",
        "unit_price": "Unit price",
        "amount": "Amount",
        "requested_date": "Wanted by",
    }
)
PARTY_LABELS: Mapping[str, str] = MappingProxyType(
    {"name": "Name", "id": "Identifier", "address": "Address", "email": "Mail address"}
)
PARTIES: Mapping[str, str] = MappingProxyType({"buyer": "Customer", "ship_to": "Ship to", "supplier": "Supplier"})
TOTAL_LABELS: Mapping[str, str] = MappingProxyType({"net": "Net total", "tax": "Tax", "gross": "Gross total"})

_LINE_PATH = re.compile(r"lines\[(\d{1,6})\](?:\.(\w+))?")


def field_label(path: str) -> str:
    """Return what people call a field by its path: 'Wanted by', 'Line 2, quantity', 'Ship to, name'; else the path.

    Paths count lines from 0, as findings and corrections do (`lines[1].quantity`); people count from 1.
    """
    if found := _LINE_PATH.fullmatch(path):
        return _joined(f"Line {int(found[1]) + 1}", LINE_LABELS, found[2])
    head, _, rest = path.partition(".")
    if head in PARTIES:
        return _joined(PARTIES[head], PARTY_LABELS, rest)
    if head == "totals":
        return TOTAL_LABELS.get(rest, "Total")
    return HEADER_LABELS.get(path, path)


def _joined(whole: str, labels: Mapping[str, str], name: str | None) -> str:
    if not name:
        return whole
    label = labels.get(name, name)
    # Inside a sentence a label is a word like any other, but GTIN stays GTIN.
    return f"{whole}, {label if label.isupper() else label[:1].lower() + label[1:]}"
