"""The file that carries one order to an ERP that fetches files: JSON, and its lines as CSV.

The JSON is one object, UTF-8, with every number as a string in plain decimal notation, and dates as YYYY-MM-DD:

- `format`: always `ordermill.order`; `version`: 1; a field may be added under one version, never renamed or removed;
- `key`: the idempotency key. The same key is the same order, however often it is seen;
- `number`: our order number; `customer_po`: the customer's; `ordered_on`, `requested_on` (or null), `currency`;
- `customer`, `ship_to` (or null: goods go to the customer): `number`, `name`, `street`, `postal_code`, `city`,
  `country` (ISO 3166-1 alpha-2), `vat_id` (or null), `email` (or null);
- `lines`: `position` from 1, `sku`, `description`, `quantity` in `unit` (the stock unit, UN/ECE Rec 20),
  `unit_price` (net, for one stock unit), `amount` (net), `warehouse`;
- `net`, `tax`, `gross`: the totals as accepted.

The CSV has one row for each line, with the same names, and `key`, `number`, `customer_po`, `customer` (its number),
`ship_to` and `currency` in front.
"""

import csv
import io
import json

from oms_core.values.money import plain
from oms_core.values.outbound import ErpLine, ErpOrder, ErpParty

FORMAT = "ordermill.order"
VERSION = 1

CSV_HEADER = (
    "key", "number", "customer_po", "customer", "ship_to", "currency",
    "position", "sku", "description", "quantity", "unit", "unit_price", "amount", "warehouse",
)  # fmt: skip

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_FREE_TEXT = ("customer_po", "description")


def order_json(order: ErpOrder) -> bytes:
    """Write the order as the JSON file described above."""
    fields: dict[str, object] = {
        "format": FORMAT,
        "version": VERSION,
        "key": order.key,
        "number": order.number,
        "customer_po": order.customer_po,
        "ordered_on": order.ordered_on.isoformat(),
        "requested_on": order.requested_on.isoformat() if order.requested_on else None,
        "currency": order.currency,
        "customer": _party(order.customer),
        "ship_to": _party(order.ship_to) if order.ship_to else None,
        "lines": [_line(line) for line in order.lines],
        "net": plain(order.net),
        "tax": plain(order.tax),
        "gross": plain(order.gross),
    }
    return (json.dumps(fields, ensure_ascii=False, indent=2) + "\n").encode("utf-8", "replace")


def lines_csv(order: ErpOrder) -> bytes:
    """Write the lines as the CSV file described above: comma, quotes where needed, CRLF (RFC 4180), UTF-8."""
    head = {
        "key": order.key,
        "number": order.number,
        "customer_po": order.customer_po,
        "customer": order.customer.number,
        "ship_to": order.ship_to.number if order.ship_to else "",
        "currency": order.currency,
    }
    text = io.StringIO(newline="")
    rows = csv.writer(text)
    rows.writerow(CSV_HEADER)
    for line in order.lines:
        row = head | _line(line)
        rows.writerow(_cell(name, str(row[name])) for name in CSV_HEADER)
    return text.getvalue().encode("utf-8", "replace")


def _party(party: ErpParty) -> dict[str, str | None]:
    return {
        "number": party.number,
        "name": party.name,
        "street": party.street,
        "postal_code": party.postal_code,
        "city": party.city,
        "country": party.country,
        "vat_id": party.vat_id,
        "email": party.email,
    }


def _line(line: ErpLine) -> dict[str, object]:
    return {
        "position": line.position,
        "sku": line.sku,
        "description": line.description,
        "quantity": plain(line.quantity),
        "unit": line.unit,
        "unit_price": plain(line.unit_price),
        "amount": plain(line.amount),
        "warehouse": line.warehouse,
    }


def _cell(name: str, text: str) -> str:
    # A spreadsheet would run free text that starts like a formula; codes and numbers stay as they are.
    return "'" + text if name in _FREE_TEXT and text.startswith(_FORMULA_STARTS) else text
