"""The demo as files: master data as CSV, and every order in a folder of its channel, for use outside the program."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import fields
from decimal import Decimal
from pathlib import Path
from typing import Any

from oms_app.demo.company import DemoCompany
from oms_app.demo.planned import DemoOrder
from oms_core.values.document import ChannelKind
from oms_core.values.master import CustomerRow, MasterRow, PriceRow, ProductRow, StockRow, XrefRow
from oms_core.values.money import plain

MASTER_FOLDER = "master"
MANIFEST = "orders.csv"
_MANIFEST_COLUMNS = ("name", "channel", "sender", "file", "expected", "codes", "after", "net", "note")
_LIST_SEPARATOR = ";"
"""Between the domains of a customer and the codes of an order, inside one field."""


def write_scenario(company: DemoCompany, orders: Sequence[DemoOrder], target_dir: Path) -> tuple[Path, ...]:
    """Write master data, orders and the list of what is expected under `target_dir`; return every file written.

    Mails lie in `mailbox/`, all else in `<channel>/<customer>/`. Files of the same name are written over.
    """
    written = list(write_master(company, target_dir / MASTER_FOLDER))
    rows = []
    for order in orders:
        place = order_path(order)
        _write(target_dir / place, order.data)
        written.append(target_dir / place)
        rows.append(_manifest_row(order, place))
    manifest = target_dir / MANIFEST
    _write_csv(manifest, _MANIFEST_COLUMNS, rows)
    return (*written, manifest)


def write_master(company: DemoCompany, folder: Path) -> tuple[Path, ...]:
    """Write products, customers, prices, stock and cross-references as CSV, columns named as the fields of the rows."""
    kinds: tuple[tuple[str, type[Any], Iterable[MasterRow]], ...] = (
        ("products", ProductRow, company.products),
        ("customers", CustomerRow, company.customers),
        ("prices", PriceRow, company.prices),
        ("stock", StockRow, company.stock),
        ("xref", XrefRow, company.xrefs),
    )
    return tuple(write_rows(folder / f"{name}.csv", kind, rows) for name, kind, rows in kinds)


def write_rows(path: Path, kind: type[Any], rows: Iterable[MasterRow]) -> Path:
    """Write rows of one kind as CSV (UTF-8, comma), streamed, so that a million products take no memory."""
    columns = tuple(field.name for field in fields(kind))
    _write_csv(path, columns, ([_text(getattr(row, name)) for name in columns] for row in rows))
    return path


def order_path(order: DemoOrder) -> Path:
    """Return where an order lies under the target folder."""
    if order.channel is ChannelKind.MAILBOX:
        return Path(order.channel, order.filename)
    return Path(order.channel, order.sender, order.filename)


def _manifest_row(order: DemoOrder, place: Path) -> list[str]:
    codes = _LIST_SEPARATOR.join(order.codes)
    net = plain(order.expected_net)
    return [
        order.name,
        order.channel,
        order.sender,
        place.as_posix(),
        order.expected,
        codes,
        order.after or "",
        net,
        order.note,
    ]


def _text(value: object) -> str:
    """Write one field: nothing for None, decimals without exponent, lists with semicolons, the rest as it reads."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, tuple):
        return _LIST_SEPARATOR.join(str(item) for item in value)
    return str(value)


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def _write_csv(path: Path, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(rows)
