"""The peer of `oms_flow.accept`: the same reads and the same rows of one order, written by hand for sqlite3 alone.

No mapping, no values with a source, no types: rows as tuples, numbers as the scaled integers of the columns. It knows
only clean orders, which is what the bench gives it; `bench.walk` compares what both wrote.
"""

import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from oms_core.ids import new_id

MILLION = 1_000_000
HOME = "DE"
RATES = {"standard": Decimal("0.19"), "reduced": Decimal("0.07"), "zero": Decimal(0)}

ORDER = (
    "INSERT INTO sales_order (id, number, draft_id, state, customer, customer_po, po_folded, content_hash, repeat,"
    " ship_to, ordered_on, requested_on, currency, net, tax, gross, accepted_by, master_versions, rules_version,"
    " erp_reference, version, created_at, updated_at)"
    " VALUES (?,?,?,'accepted',?,?,?,?,0,?,?,?,?,?,?,?,'machine',?,1,NULL,1,?,?)"
)
LINE = (
    "INSERT INTO sales_order_line (order_id, position, sku, description, quantity, unit, ordered_quantity,"
    " ordered_unit, unit_price, price_source, amount, tax_rate, backordered, requested_on)"
    " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)"
)
TAKE = "UPDATE stock SET allocated = allocated + ? WHERE sku = ? AND warehouse = ?"
ALLOCATION = "INSERT INTO allocation (order_id, position, warehouse, sku, quantity) VALUES (?,?,?,?,?)"
MOVEMENT = (
    "INSERT INTO stock_movement (id, at, sku, warehouse, kind, on_hand_delta, allocated_delta, reference)"
    " VALUES (?,?,?,?,'allocation',0,?,?)"
)
INVOICE = (
    "INSERT INTO invoice (id, order_id, number, state, customer, currency, net, tax, gross, created_at)"
    " VALUES (?,?,NULL,'draft',?,?,?,?,?,?)"
)
OUTBOX = (
    "INSERT INTO outbox (id, kind, partner, key, order_id, draft_id, recipient, payload, state, attempts,"
    " next_attempt_at, last_error, receipt, run, version, created_at, updated_at)"
    " VALUES (?,'erp','file_drop',?,?,?,NULL,?,'pending',0,?,'',NULL,1,1,?,?)"
)
AUDIT = "INSERT INTO audit (id, at, who, what, subject, before, after) VALUES (?,?,'machine','accepted',?,NULL,?)"
ACCEPTED = (
    "UPDATE draft SET state='accepted', order_id=?, decided_by='machine', version=version+1, updated_at=? WHERE id=?"
)

COMPARED = (
    "SELECT count(*), sum(net), sum(tax), sum(gross) FROM sales_order",
    "SELECT count(*), sum(quantity), sum(amount), sum(tax_rate) FROM sales_order_line",
    "SELECT count(*), sum(quantity) FROM allocation",
    "SELECT count(*), sum(allocated_delta) FROM stock_movement WHERE kind = 'allocation'",
    "SELECT sum(allocated) FROM stock",
    "SELECT count(*), sum(gross) FROM invoice",
    "SELECT count(*) FROM outbox",
    "SELECT count(*) FROM draft WHERE state = 'accepted'",
)
"""What must be the same whoever accepted."""


def connect(path: str) -> sqlite3.Connection:
    """Open the database as the engine does: write-ahead log, nothing lost, no checkpoint of its own."""
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "wal_autocheckpoint=0"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def written(path: str) -> list[Any]:
    """Sum up what is in a database, to compare."""
    with closing(sqlite3.connect(path)) as database:
        return [database.execute(question).fetchone() for question in COMPARED]


def accept_by_hand(db: sqlite3.Connection, draft_id: str) -> str:
    """Accept one draft in one transaction and return the order's id."""
    db.execute("BEGIN IMMEDIATE")
    order_id = _accept(db, draft_id)
    db.execute("COMMIT")
    return order_id


def _accept(db: sqlite3.Connection, draft_id: str) -> str:
    now = datetime.now(UTC)
    at = now.strftime("%Y-%m-%d %H:%M:%S.%f")
    po, folded, content, payload, matched, document = db.execute(
        "SELECT number, po_folded, content_hash, payload, match, document_id FROM draft WHERE id=? AND state='matched'",
        (draft_id,),
    ).fetchone()
    read, match = json.loads(payload), json.loads(matched)
    number = match["customer"]["key"]
    customer = db.execute(
        "SELECT name, street, postal_code, city, country, vat_id, email, currency, credit_limit, price_list"
        " FROM customer WHERE number=?",
        (number,),
    ).fetchone()
    lines = _priced(db, read, match, customer)
    rates: dict[Decimal, int] = {}
    for row in lines:
        rates[row["rate"]] = rates.get(row["rate"], 0) + row["amount"]
    net = sum(row["amount"] for row in lines)
    tax = sum(_cents(Decimal(amount) * rate) for rate, amount in rates.items())
    _check(db, number, (folded, content), customer[8], net + tax)
    order_id, our_number = new_id(now), _next_number(db)
    day, currency = read["date"]["value"], (read.get("currency") or {"value": customer[7]})["value"]
    versions = json.dumps(dict(db.execute("SELECT kind, version FROM master_version").fetchall()))
    head = (order_id, our_number, draft_id, number, po, folded, content)
    db.execute(ORDER, (*head, None, day, None, currency, net, tax, net + tax, versions, at, at))
    db.executemany(LINE, [_line_row(order_id, row) for row in lines])
    _promise(db, order_id, lines, now)
    db.execute(INVOICE, (new_id(now), order_id, number, currency, net, tax, net + tax, at))
    told = _told(order_id, our_number, po, customer, lines)
    db.execute(OUTBOX, (new_id(now), f"ordermill:{order_id}", order_id, draft_id, told, at, at, at))
    _sender(db, document, number)
    db.execute(AUDIT, (new_id(now), at, order_id, json.dumps({"number": our_number, "draft": draft_id})))
    db.execute(ACCEPTED, (order_id, at, draft_id))
    return order_id


def _priced(db: sqlite3.Connection, read: Any, match: Any, customer: Sequence[Any]) -> list[dict[str, Any]]:
    skus = sorted({line["sku"] for line in match["lines"]})
    marks = ",".join("?" * len(skus))
    goods = {
        row[0]: row
        for row in db.execute(f"SELECT sku, description, unit, tax_class FROM product WHERE sku IN ({marks})", skus)
    }
    db.execute(f"SELECT sku, unit, factor, gtin FROM product_pack WHERE sku IN ({marks})", skus).fetchall()
    prices = db.execute(
        f"SELECT sku, quantity_from, price FROM price WHERE price_list=? AND sku IN ({marks})", (customer[9], *skus)
    ).fetchall()
    rows = []
    for asked, found in zip(read["lines"], match["lines"], strict=True):
        sku, description, unit, tax_class = goods[found["sku"]]
        ordered, quantity = Decimal(asked["quantity"]["value"]), Decimal(found["quantity"])
        if asked.get("unit_price"):
            price, source = Decimal(asked["unit_price"]["value"]), "stated on the order"
        else:
            best = max(row[1:] for row in prices if row[0] == sku and row[1] <= quantity * MILLION)
            price, source = Decimal(best[1]) / MILLION * Decimal(found["factor"]), f"list {customer[9]}"
        rate = RATES[tax_class] if customer[4] == HOME else Decimal(0)
        rows.append({
            "position": found["position"], "sku": sku, "description": description, "unit": unit, "rate": rate,
            "quantity": int(quantity * MILLION), "ordered": int(ordered * MILLION),
            "ordered_unit": (asked.get("unit") or {"value": None})["value"], "price": int(price * MILLION),
            "source": source, "amount": _cents(ordered * price * MILLION),
            "due": (asked.get("requested_date") or {"value": None})["value"],
        })  # fmt: skip
    return rows


def _cents(millionths: Decimal) -> int:
    return int((millionths / 10_000).quantize(Decimal(1), ROUND_HALF_UP)) * 10_000


def _check(db: sqlite3.Connection, customer: str, twin: Sequence[Any], limit: int | None, gross: int) -> None:
    same = "SELECT number, content_hash FROM sales_order WHERE customer=? AND po_folded=? AND state!='cancelled'"
    assert not db.execute(same, (customer, twin[0])).fetchall()
    owed = "SELECT coalesce(sum(gross), 0) FROM sales_order WHERE customer=? AND state!='cancelled'"
    assert limit is None or db.execute(owed, (customer,)).fetchone()[0] + gross <= limit


def _next_number(db: sqlite3.Connection) -> str:
    (value,) = db.execute("SELECT next_value FROM sequence WHERE name='order'").fetchone()
    db.execute("UPDATE sequence SET next_value=? WHERE name='order'", (value + 1,))
    return f"O-{value:06d}"


def _line_row(order_id: str, row: dict[str, Any]) -> tuple[Any, ...]:
    return (
        order_id, row["position"], row["sku"], row["description"], row["quantity"], row["unit"], row["ordered"],
        row["ordered_unit"], row["price"], row["source"], row["amount"], int(row["rate"] * MILLION), 0, row["due"],
    )  # fmt: skip


def _promise(db: sqlite3.Connection, order_id: str, lines: list[dict[str, Any]], now: datetime) -> None:
    """Take each line from the first warehouse that has it whole."""
    at = now.strftime("%Y-%m-%d %H:%M:%S.%f")
    skus = sorted({row["sku"] for row in lines})
    levels = db.execute(
        "SELECT s.sku, s.warehouse, s.on_hand - s.allocated FROM stock s JOIN warehouse w ON w.code = s.warehouse"
        f" WHERE s.sku IN ({','.join('?' * len(skus))}) ORDER BY s.sku, w.rank, s.warehouse",
        skus,
    ).fetchall()
    left = {(sku, place): free for sku, place, free in levels}
    for row in lines:
        row["place"] = next(
            place for (sku, place), free in left.items() if sku == row["sku"] and free >= row["quantity"]
        )
        left[row["sku"], row["place"]] -= row["quantity"]
    db.executemany(TAKE, [(row["quantity"], row["sku"], row["place"]) for row in lines])
    db.executemany(ALLOCATION, [(order_id, r["position"], r["place"], r["sku"], r["quantity"]) for r in lines])
    db.executemany(MOVEMENT, [(new_id(now), at, r["sku"], r["place"], r["quantity"], order_id) for r in lines])


def _told(order_id: str, number: str, po: str, customer: Sequence[Any], lines: list[dict[str, Any]]) -> str:
    told = [{key: str(row[key]) for key in ("position", "sku", "description", "quantity", "price")} for row in lines]
    return json.dumps({"key": f"ordermill:{order_id}", "number": number, "po": po, "to": customer[:7], "lines": told})


def _sender(db: sqlite3.Connection, document: str, customer: str) -> None:
    (delivery,) = db.execute("SELECT delivery_id FROM document WHERE id=?", (document,)).fetchone()
    (address,) = db.execute("SELECT sender_address FROM delivery WHERE id=?", (delivery,)).fetchone()
    if address:
        db.execute("INSERT OR IGNORE INTO sender_address VALUES (?,?,'machine')", (address, customer))
