"""Score the reading of our own documents by format: `python -m bench.generated [--count 200] [--seed 3] [--verbose]`.

The sixty documents of the demo and so many of the endless stream, each read as the house reads it and scored by the
rules of `bench.extraction_score` against what its sender meant. What a format does not print is not asked for.
"""

import argparse
import email
import email.policy
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from config.settings import WorkerSettings
from oms_app.demo.company import DEFAULT_SEED, DemoCompany, build_company
from oms_app.demo.endless import SOAK_DAY, endless_orders
from oms_app.demo.orders import build_orders
from oms_app.demo.planned import DemoOrder, Expected, PlannedLine, PlannedOrder
from oms_app.evaluation.scoring import Score, score_files
from oms_app.extract import extract_blob
from oms_app.reading_pool import ReadingPool
from oms_core.ports import Reader
from oms_core.values import BytesBlob, DocumentKind, Hints, plain

Json = dict[str, Any]

EDIFACT, CSV, XLSX, PDF, TEXT = "edi", "csv", "xlsx", "pdf", "text"
PRINTS_AMOUNTS = frozenset({EDIFACT, PDF})
PRINTS_PARTIES = frozenset({EDIFACT, PDF, XLSX, TEXT})
PRINTS_CURRENCY = frozenset({EDIFACT, PDF, XLSX})
EDIFACT_NAME = 35
"""Characters of a name in an interchange (data element 3036)."""


def form_of(order: DemoOrder) -> str:
    """Return the format that holds the order: that of the attachment where a mail has one."""
    if not order.filename.endswith(".eml"):
        return order.filename.rpartition(".")[2]
    mail = email.message_from_bytes(order.data, policy=email.policy.default)
    names = [part.get_filename() or "" for part in mail.iter_attachments()]
    return names[0].rpartition(".")[2] if names else TEXT


def shown_form(order: DemoOrder) -> str:
    """Name the format as the table prints it."""
    form = form_of(order)
    return f"{form} by mail" if order.filename.endswith(".eml") and form != TEXT else form


def label(order: DemoOrder) -> Json:
    """Say what should be read of one delivery, in the form of a label file."""
    if order.expected is Expected.UNREADABLE:
        return {"_error": True, "documents": []}
    form = form_of(order)
    return {"documents": [document(planned, form) for planned in order.orders]}


def document(order: PlannedOrder, form: str) -> Json:
    """Say what one order prints; a key that is left out is not scored."""
    due = order.requested_date.isoformat() if order.requested_date else None
    wanted: Json = {
        "type": order.kind.value,
        "number": order.number,
        "currency": "EUR" if form in PRINTS_CURRENCY and order.printed_net is not None else None,
        "requested_date": None if form == CSV else due,
        "lines": [line(planned, form) | ({"requested_date": due} if form == CSV else {}) for planned in order.lines],
    }
    if order.number is not None:
        wanted["date"] = order.date.isoformat()
    if form == EDIFACT:
        wanted["currency"] = "EUR"
    if form in PRINTS_PARTIES:
        wanted["buyer"] = {"name": order.customer.name[: EDIFACT_NAME if form == EDIFACT else None]}
    if order.ship_to is not None and form != EDIFACT:
        wanted["ship_to"] = {"name": order.ship_to.name}
    if form in PRINTS_AMOUNTS:
        wanted["totals"] = {"net": _plain(order.printed_net)}
    if order.kind is DocumentKind.ORDER_CANCELLATION:
        wanted["_skip"] = ["lines", "requested_date"]
    return wanted


def line(planned: PlannedLine, form: str) -> Json:
    """Say what one line prints."""
    described = planned.description[:EDIFACT_NAME] if form == EDIFACT else planned.description
    wanted: Json = {
        "supplier_code": planned.supplier_code,
        "buyer_code": planned.buyer_code,
        "gtin": planned.gtin,
        "description": described,
        "quantity": plain(planned.quantity),
        "unit": planned.unit,
        "unit_price": _plain(planned.printed_price),
    }
    return wanted | ({"amount": _plain(planned.printed_amount)} if form in PRINTS_AMOUNTS else {})


def _plain(value: Any) -> str | None:
    return None if value is None else plain(value)


def read(orders: Iterable[DemoOrder], company: DemoCompany, reader: Reader) -> dict[str, Json]:
    """Read every delivery as the house does."""
    seller = company.seller
    hints = Hints(our_names=seller.names, our_ids=seller.ids, received_at=datetime(2026, 11, 23, 9, tzinfo=UTC))
    return {order.name: extract_blob(BytesBlob(order.data), order.filename, reader, hints) for order in orders}


def score(orders: Sequence[DemoOrder], rows: dict[str, Json]) -> Score:
    """Score one format."""
    return score_files({Path(order.name): label(order) for order in orders}, rows)


def write(orders: Iterable[DemoOrder], folder: Path) -> None:
    """Write every delivery with its label, for whoever scores or fits on a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for order in orders:
        path = folder / f"{order.name}-{order.filename}"
        path.write_bytes(order.data)
        told = label(order) | {"_sender": order.sender}
        path.with_name(f"{path.name}.expected.json").write_text(json.dumps(told), encoding="utf-8")


def shown(name: str, result: Json) -> str:
    """Write one row of the table."""
    return (
        f"{name:13} {result['documents']:5} {result['documents_perfect']:8} {result['line_f1']:8.3f}"
        f" {result['field_precision']:10.3f} {result['field_recall']:7.3f}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.generated", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--count", type=int, default=200, help="documents of the endless stream")
    parser.add_argument("--seed", type=int, default=3)
    parser.add_argument("--verbose", action="store_true", help="name each document that is not perfect")
    parser.add_argument("--write", type=Path, metavar="DIR", help="write documents and labels there and score nothing")
    options = parser.parse_args()
    company = build_company(DEFAULT_SEED)
    orders = [
        *build_orders(company, options.seed, SOAK_DAY),
        *islice(endless_orders(company, options.seed), options.count),
    ]
    if options.write:
        write(orders, options.write)
        return
    with ReadingPool(WorkerSettings().readers) as reader:
        rows = read(orders, company, reader)
    forms: dict[str, list[DemoOrder]] = defaultdict(list)
    for order in orders:
        forms[shown_form(order)].append(order)
    print("format         read  perfect  line F1  precision  recall  (of orders; of values)")
    for name, group in sorted(forms.items()):
        print(shown(name, score(group, rows).report()))
    total = score(orders, rows)
    if options.verbose:
        for entry in total.documents:
            if not entry.perfect:
                print(f"BAD {entry.name}: {', '.join(entry.bad)}")
    result = total.report()
    print(shown("all", result))
    print(f"not orders: {result['not_orders']}, taken for orders: {result['false_orders']}")
    print(f"unreadable: {result['unreadable']}, said so: {result['unreadable_reported']}")
    print(json.dumps({key: value for key, value in result.items() if key != "fields"}))


if __name__ == "__main__":
    main()
