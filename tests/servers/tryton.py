"""A real Tryton 8.2 server for each test worker, over a copy of a company that is made once on a machine.

The company (tools/tryton_company.py, about 40 s) is kept in the user's cache folder under a name made of that
script and of the packages in Tryton's environment; a change of either makes a new one.
"""

import ctypes
import fcntl
import hashlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest
from stdnum.iso7064 import mod_11_10

from connectors.tryton import TrytonErp, TrytonSettings
from connectors.tryton_rpc import TrytonAccess, TrytonRpc
from connectors.tryton_units import UnitNames
from tests.run import leave_out

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "tools" / "tryton_company.py"
ENVIRONMENT = "ORDERMILL_TEST_TRYTON_ENV"
DATABASE = "company"
LOGIN = "ordermill"
PASSWORD = "Throw-Away-0rders!"
START_SECONDS = 60.0
STOP_SECONDS = 10.0

_WEB = """
[web]
listen = 127.0.0.1:{port}
"""
_PR_SET_PDEATHSIG = 1

_vat_numbers = count(1)


@dataclass(frozen=True, slots=True)
class SaleLine:
    """A line of a sale as Tryton has it."""

    sku: str
    quantity: Decimal
    unit: str
    unit_price: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Sale:
    """A sale as Tryton has it; `ship_to` is name and address it is delivered to, on one line."""

    number: str
    state: str
    web_id: str
    reference: str
    description: str
    customer: str
    ship_to: str
    warehouse: str
    net: Decimal
    tax: Decimal
    gross: Decimal
    lines: tuple[SaleLine, ...]


class TrytonServer:
    """One server of this worker's own; stop and start it to play an outage."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self._trytond = programs / "trytond"
        self._folder = folder
        self._port = _free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self._rpc = TrytonRpc(TrytonAccess(self.url, DATABASE, LOGIN, PASSWORD))
        self._first_sale = 0
        configuration = (folder / "trytond.conf").read_text(encoding="utf-8")
        lines = [f"path = {folder}" if line.startswith("path =") else line for line in configuration.splitlines()]
        (folder / "trytond.conf").write_text("\n".join(lines) + _WEB.format(port=self._port), encoding="utf-8")

    @property
    def url(self) -> str:
        """The server's address."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def settings(self) -> TrytonSettings:
        """What our connector needs to reach it."""
        return TrytonSettings(self.url, DATABASE, LOGIN, PASSWORD, tolerance=Decimal(0), timeout_seconds=30)

    @property
    def rpc(self) -> TrytonRpc:
        """A logged-in connection for what the methods here do not do."""
        return self._rpc

    def erp(self, **changes: Any) -> TrytonErp:
        """Build our connector to this server."""
        return TrytonErp(replace(self.settings, **changes))

    def start(self) -> None:
        """Start it, or do nothing if it runs; returns when it answers (about 2.5 s)."""
        if self._process:
            return
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [str(self._trytond), "-c", str(self._folder / "trytond.conf"), "-d", DATABASE],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                preexec_fn=_die_with_parent,  # noqa: PLW1509 - it only makes one system call
            )
        self._await()

    def stop(self) -> None:
        """Take it away: connections are refused until `start`."""
        if self._process:
            self._process.terminate()
            try:
                self._process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None

    def close(self) -> None:
        """Stop it for good."""
        self.stop()
        self._rpc.close()

    def forget_sales(self) -> None:
        """Let `sales` tell only of sales made from now on."""
        newest = self._rpc.call("model.sale.sale.search", [], 0, 1, [["id", "DESC"]])
        self._first_sale = newest[0] + 1 if newest else 0

    def sales(self) -> tuple[Sale, ...]:
        """Return every sale made since the test began, in whatever state, in the order they were made."""
        fields = ["number", "state", "web_id", "reference", "description", "party.code", "warehouse.code"]
        fields += [
            "shipment_address.full_address",
            "shipment_address.party_name",
            "party.name",
            "untaxed_amount",
            "tax_amount",
            "total_amount",
        ]
        rows = self._rpc.search_read("sale.sale", [["id", ">=", self._first_sale]], fields)
        return tuple(_sale(row, self._lines(row["id"])) for row in rows)

    def parties(self, code: str) -> list[dict[str, Any]]:
        """Return the party with this code: name, ids of its addresses, identifiers and mail addresses."""
        fields = ["name", "addresses", "identifiers.code", "contact_mechanisms.value"]
        return self._rpc.search_read("party.party", [["code", "=", code]], fields)

    def add_products(self, rows: Iterable[tuple[str, str, str, Decimal | str]], *, tax: int = 19) -> None:
        """Add products that are not there yet: SKU, name, stock unit (UN/ECE Rec 20), list price; `tax` in per cent."""
        wanted = {sku: (name, unit, price) for sku, name, unit, price in rows}
        there = self._rpc.search_read("product.product", [["code", "in", list(wanted)]], ["code"])
        known = {row["code"] for row in there}
        (category,) = self._rpc.search_read("product.category", [["name", "=", f"Goods {tax} %"]], ["name"])
        units: dict[str, int] = {}
        values = []
        for sku, (name, unit, price) in wanted.items():
            if sku not in known:
                unit_id = units.get(unit) or units.setdefault(unit, self._unit(unit))
                values.append(_template(sku, name, unit_id, Decimal(price), category["id"]))
        if values:
            self._rpc.call("model.product.template.create", values)

    def add_stock(self, rows: Iterable[tuple[str, Decimal | int]], warehouse: str = "MAIN") -> None:
        """Count products into a warehouse: SKU and quantity."""
        counted = dict(rows)
        (place,) = self._rpc.search_read("stock.location", [["code", "=", warehouse]], ["storage_location"])
        products = self._rpc.search_read("product.product", [["code", "in", list(counted)]], ["code"])
        lines = [{"product": row["id"], "quantity": float(counted[row["code"]])} for row in products]
        values = {"location": place["storage_location"], "lines": [["create", lines]]}
        made = self._rpc.call("model.stock.inventory.create", [values])
        self._rpc.call("model.stock.inventory.confirm", made)

    def add_warehouse(self, code: str) -> None:
        """Add a warehouse that is not there yet."""
        if self._rpc.search_read("stock.location", [["code", "=", code]], ["code"]):
            return
        parts = {
            part: self._rpc.call("model.stock.location.create", [{"name": f"{code} {part}", "type": "storage"}])[0]
            for part in ("storage_location", "input_location", "output_location")
        }
        (lost,) = self._rpc.search_read("stock.location", [["type", "=", "lost_found"]], ["name"])
        values = {"name": code, "code": code, "type": "warehouse", "lost_found_location": lost["id"]}
        self._rpc.call("model.stock.location.create", [values | parts])

    def _lines(self, sale: int) -> tuple[SaleLine, ...]:
        fields = ["product.code", "quantity", "unit.symbol", "unit_price", "amount", "sequence"]
        rows = self._rpc.search_read("sale.line", [["sale", "=", sale]], fields)
        rows.sort(key=lambda row: (row["sequence"] or 0, row["id"]))
        return tuple(
            SaleLine(
                row["product."]["code"],
                Decimal(repr(row["quantity"])).normalize(),
                UnitNames().code(row["unit."]["symbol"]),
                row["unit_price"],
                row["amount"],
            )
            for row in rows
        )

    def _unit(self, code: str) -> int:
        units = self._rpc.search_read("product.uom", [], ["symbol"])
        for row in units:
            if UnitNames().same(code, row["symbol"]):
                return int(row["id"])
        (category,) = self._rpc.call("model.product.uom.category.create", [{"name": code}])
        values = {"name": code, "symbol": code, "category": category, "digits": 3, "rounding": 0.001}
        (made,) = self._rpc.call("model.product.uom.create", [values])
        return int(made)

    def _await(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                httpx.post(f"{self.url}/rpc/", json={"id": 1, "method": "common.server.version", "params": []})
            except httpx.TransportError:
                assert self._process is not None
                if self._process.poll() is not None or time.monotonic() > deadline:
                    said = (self._folder / "log").read_text(encoding="utf-8", errors="replace")[-2000:]
                    pytest.fail(f"Tryton did not start. It said: {said}")
                time.sleep(0.05)
            else:
                return


def vat_number() -> str:
    """Return a German VAT number that is right and was not used before: Tryton checks its last digit."""
    digits = f"{30_000_000 + next(_vat_numbers)}"
    return f"DE{digits}{mod_11_10.calc_check_digit(digits)}"


def _sale(row: dict[str, Any], lines: tuple[SaleLine, ...]) -> Sale:
    address = row["shipment_address."]
    return Sale(
        number=row["number"] or "",
        state=row["state"],
        web_id=row["web_id"] or "",
        reference=row["reference"] or "",
        description=row["description"] or "",
        customer=row["party."]["code"],
        ship_to=", ".join([address["party_name"] or row["party."]["name"], *address["full_address"].splitlines()]),
        warehouse=row["warehouse."]["code"] if row["warehouse."] else "",
        net=row["untaxed_amount"],
        tax=row["tax_amount"],
        gross=row["total_amount"],
        lines=lines,
    )


def _template(sku: str, name: str, unit: int, price: Decimal, category: int) -> dict[str, Any]:
    return {
        "name": name,
        "code": sku,
        "type": "goods",
        "salable": True,
        "default_uom": unit,
        "sale_uom": unit,
        "list_price": price,
        "account_category": category,
        "products": [["create", [{}]]],
    }


def _programs() -> Path | None:
    named = os.environ.get(ENVIRONMENT)
    folder = (Path(named) if named else ROOT / ".venv-tryton") / "bin"
    return folder if (folder / "trytond").is_file() else None


def _company(programs: Path) -> Path:
    """Return the folder of the company that copies are made of; make it the first time."""
    packages = sorted(path.name for path in programs.parent.glob("lib/python*/site-packages/*.dist-info"))
    print_ = hashlib.sha256(SCRIPT.read_bytes() + "\n".join(packages).encode()).hexdigest()[:16]
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "ordermill-tests"
    cache.mkdir(parents=True, exist_ok=True)
    company = cache / f"tryton-{print_}"
    with (cache / f"tryton-{print_}.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        if not company.exists():
            unfinished = cache / f"tryton-{print_}.part"
            shutil.rmtree(unfinished, ignore_errors=True)
            ran = subprocess.run(
                [programs / "python", SCRIPT, unfinished], capture_output=True, text=True, check=False, cwd="/"
            )
            assert ran.returncode == 0, f"the Tryton company could not be made: {ran.stderr[-2000:]}"
            unfinished.rename(company)
    return company


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _die_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


@pytest.fixture(scope="session")
def tryton_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TrytonServer]:
    """This worker's Tryton, started by the first test that asks; it goes when the worker does, whatever ends that."""
    programs = _programs()
    if programs is None:
        leave_out("tools/tryton-requirements.in into .venv-tryton", "Tryton 8.2")
        raise AssertionError
    folder = tmp_path_factory.mktemp("tryton") / "company"
    shutil.copytree(_company(programs), folder)
    server = TrytonServer(programs, folder)
    server.start()
    yield server
    server.close()


@pytest.fixture
def tryton(tryton_server: TrytonServer) -> Iterator[TrytonServer]:
    """Tryton, running, with `sales()` telling only of this test's."""
    tryton_server.start()
    tryton_server.forget_sales()
    yield tryton_server
    tryton_server.start()
