"""An ERP that fetches orders as files and leaves master data as CSV: the embedded default.

<folder>/orders/    one JSON file for each order (and its lines as CSV), for the ERP to fetch, move or delete
<folder>/receipts/  what was handed over, by key; ours, so that a fetched order is still known
<folder>/master/    products.csv, customers.csv, prices.csv, stock.csv, xref.csv, laid down by the ERP
"""

import fcntl
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from connectors.connector import Connector, Port
from connectors.master_files import MASTER_KINDS, master_rows
from connectors.order_file import lines_csv, order_json
from connectors.whole_file import folder_errors, safe_name, write_whole
from oms_core.errors import PartnerRejected, PartnerUnavailable
from oms_core.ports import Clock
from oms_core.values.master import MasterRow, StockRow
from oms_core.values.outbound import ErpOrder, ErpReceipt

MAX_ORDER_LINES = 5_000
"""Most lines written for one order."""

MAX_RECEIPT_BYTES = 64 * 1024
"""Largest receipt read back; ours have a few hundred bytes."""

STATE = "delivered"
"""The state of every order handed over: what the ERP does with the file is its own affair."""


@dataclass(frozen=True, slots=True)
class FileDropSettings:
    """The folder shared with the ERP, and whether the lines are wanted as CSV too."""

    folder: Path
    lines_csv: bool = False


class FileDrop:
    """The ERP behind a folder."""

    name = "file_drop"

    def __init__(self, settings: FileDropSettings) -> None:
        self._orders = settings.folder / "orders"
        self._receipts = settings.folder / "receipts"
        self._master = settings.folder / "master"
        self._lines_csv = settings.lines_csv

    def find(self, key: str) -> ErpReceipt | None:
        """Look an order up by its key, also when the ERP has fetched its file. Raises `PartnerUnavailable`."""
        name = safe_name(key, ".json")
        with folder_errors(self._receipts):
            found = _read_start(self._receipts / name)
            found = found if found is not None else _read_start(self._orders / name)
        if found is None:
            return None
        _check_key(found, key, name)
        return ErpReceipt(name, STATE)

    def send(self, order: ErpOrder) -> ErpReceipt:
        """Write the order's file once; the same key again writes nothing and returns the same receipt.

        Raises `PartnerRejected` for an order without lines or with too many, `PartnerUnavailable` when the folder
        cannot be used.
        """
        if not 1 <= len(order.lines) <= MAX_ORDER_LINES:
            raise PartnerRejected(
                f"Order {order.number} has {len(order.lines)} lines; an order file holds 1 to {MAX_ORDER_LINES}."
            )
        name = safe_name(order.key, ".json")
        with self._alone():
            if self.find(order.key) is None:
                if self._lines_csv:
                    write_whole(self._orders, safe_name(order.key, ".csv"), lines_csv(order))
                # The JSON comes last: once it is there, everything is.
                write_whole(self._orders, name, order_json(order))
            if not (self._receipts / name).exists():
                write_whole(self._receipts, name, _receipt(order))
        return ErpReceipt(name, STATE)

    def stock(self, skus: Sequence[str]) -> Mapping[str, Decimal]:
        """Return what stock.csv says is on hand over all warehouses; SKUs that are not in it are left out."""
        wanted = set(skus)
        on_hand: dict[str, Decimal] = {}
        for row in self.pull("stock"):
            if isinstance(row, StockRow) and row.sku in wanted:
                on_hand[row.sku] = on_hand.get(row.sku, Decimal(0)) + row.quantity
        return on_hand

    def pull(self, kind: str) -> Iterator[MasterRow]:
        """Stream the rows of `<kind>.csv` in the master folder, its columns named like the fields of the row.

        Raises `PartnerUnavailable` when the file is not there, `InvalidInput` with file, line and column for a row
        that cannot be used.
        """
        if kind not in MASTER_KINDS:
            raise PartnerRejected(f"There is no master data called {kind!r}: ask for one of {', '.join(MASTER_KINDS)}.")
        return master_rows(self._master / f"{kind}.csv", kind)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        # Two sends of one key must not both find nothing; the lock falls with the process that holds it.
        with folder_errors(self._receipts):
            self._receipts.mkdir(parents=True, exist_ok=True)
            handle = os.open(self._receipts / ".lock", os.O_RDWR | os.O_CREAT, 0o640)
        try:
            with folder_errors(self._receipts):
                fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)


def _receipt(order: ErpOrder) -> bytes:
    return json.dumps({"key": order.key, "number": order.number, "state": STATE}).encode()


def _read_start(path: Path) -> bytes | None:
    try:
        with path.open("rb") as file:
            return file.read(MAX_RECEIPT_BYTES)
    except FileNotFoundError:
        return None


def _check_key(found: bytes, key: str, name: str) -> None:
    # On a share that does not tell capitals apart two keys may meet in one file: never take one for the other.
    if json.dumps(key).encode() not in found and json.dumps(key, ensure_ascii=False).encode() not in found:
        raise PartnerUnavailable(
            f"The file {name} is there but does not carry the key {key!r}: it was changed, or another order has the "
            "same file name. Look into the receipts folder and put it right; this order waits until then."
        )


def _build(settings: FileDropSettings, _clock: Clock) -> FileDrop:
    return FileDrop(settings)


CONNECTOR = Connector("file_drop", Port.ERP, FileDropSettings, _build)
