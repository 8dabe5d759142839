"""One order as a sale in Tryton: written once, compared, and walked from draft to processing."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from connectors.tryton_parties import PartyIds, ensure_party
from connectors.tryton_rpc import TrytonRefused, TrytonRpc
from connectors.tryton_units import UnitNames
from oms_core.errors import PartnerRejected, PartnerUnavailable
from oms_core.values.money import plain
from oms_core.values.outbound import ErpLine, ErpOrder, ErpReceipt

MAX_LINES = 2_000
"""Most lines of one sale: Tryton takes about 10 ms for each."""

_NEXT: Mapping[str, str] = MappingProxyType({"draft": "quote", "quotation": "confirm", "confirmed": "process"})
"""The button that takes a sale on, by its state. A sale that is processing, done or cancelled is left alone."""

_OURS = frozenset({"confirmed", "processing", "done", "cancelled"})
"""States in which Tryton has the order; before them a crash may have cut us short."""

_FROM_PARTY = ("payment_term", "price_list", "invoice_party", "shipment_party", "invoice_address")
"""What Tryton fills in when a person picks the party on a sale."""

_LOCKS = tuple(threading.Lock() for _ in range(64))
"""One sender of a key at a time in this process. Tryton locks the sale itself on PostgreSQL; on SQLite it does not,
and four that confirm in the same moment make four invoices."""

_SALE_FIELDS = ("number", "state", "untaxed_amount", "tax_amount", "total_amount")


@dataclass(frozen=True, slots=True)
class SaleRules:
    """The web shop our sales belong to, unit names, and by how much totals may differ."""

    shop: str
    units: UnitNames
    tolerance: Decimal


class Sales:
    """The sales of one web shop: `web_shop` and `web_id` together are unique, which makes a key one sale."""

    def __init__(self, rpc: TrytonRpc, rules: SaleRules) -> None:
        self._rpc = rpc
        self._rules = rules
        self._shop: int | None = None

    def find(self, key: str) -> ErpReceipt | None:
        """Return the sale of this key once it is confirmed: a draft is not yet an order."""
        sale = self._read(key)
        return _receipt(sale) if sale and sale["state"] in _OURS else None

    def send(self, order: ErpOrder) -> ErpReceipt:
        """Create the sale unless it is there, and take it from whatever state it is in to processing."""
        with _LOCKS[hash(order.key) % len(_LOCKS)]:
            return self._send(order)

    def _send(self, order: ErpOrder) -> ErpReceipt:
        sale = self._read(order.key) or self._create(order)
        if sale["state"] == "draft":
            self._compare(order, sale)
        tried: set[str] = set()
        while (state := str(sale["state"])) in _NEXT and state not in tried:
            tried.add(state)
            sale = self._press(_NEXT[state], order.key, sale)
        if sale["state"] == "cancelled":
            raise PartnerRejected(f"Tryton's sale {sale['number']} for this order was cancelled there.")
        if sale["state"] not in _OURS:
            raise PartnerRejected(f"Tryton leaves the sale for order {order.number} in state {sale['state']}.")
        return _receipt(sale)

    def _press(self, button: str, key: str, sale: Mapping[str, Any]) -> dict[str, Any]:
        try:
            self._rpc.call(f"model.sale.sale.{button}", [sale["id"]])
        except TrytonRefused as refused:
            # Another sender of the same key may have pressed it first; then the state has moved on.
            now = self._found(key)
            if now["state"] == sale["state"]:
                raise PartnerRejected(f"{refused}.{self._withdraw(now)}") from refused
            return now
        return self._found(key)

    def _read(self, key: str) -> dict[str, Any] | None:
        domain = [["web_shop.name", "=", self._rules.shop], ["web_id", "=", key]]
        found = self._rpc.search_read("sale.sale", domain, _SALE_FIELDS, limit=1)
        return found[0] if found else None

    def _found(self, key: str) -> dict[str, Any]:
        sale = self._read(key)
        if sale is None:
            raise PartnerUnavailable(
                f"The sale with the web id {key} was there and is gone from Tryton: it is sent again."
            )
        return sale

    def _create(self, order: ErpOrder) -> dict[str, Any]:
        values = self._values(order)
        try:
            self._rpc.call("model.sale.sale.create", [values])
        except TrytonRefused:
            # Another sender of the same key may have been quicker; then its sale is the one.
            if self._read(order.key) is None:
                raise
        return self._found(order.key)

    def _values(self, order: ErpOrder) -> dict[str, Any]:
        if not 1 <= len(order.lines) <= MAX_LINES:
            raise PartnerRejected(
                f"Order {order.number} has {len(order.lines)} lines; Tryton is sent 1 to {MAX_LINES}."
            )
        products = self._products(order.lines)
        head = self._head(order, ensure_party(self._rpc, order.customer, order.ship_to))
        taxes = {sku: self._taxes(product, head) for sku, product in products.items()}
        main = order.lines[0].warehouse
        lines = [_line_values(line, products[line.sku], taxes[line.sku], main) for line in order.lines]
        return head | {"web_shop": self._ensure_shop(), "web_id": order.key, "lines": [["create", lines]]}

    def _head(self, order: ErpOrder, ids: PartyIds) -> dict[str, Any]:
        head: dict[str, Any] = {
            "company": self._rpc.company,
            "currency": self._currency(order.currency),
            "party": ids.party,
        }
        filled = self._rpc.call("model.sale.sale.on_change", head, ["party"])
        head |= {name: filled[name] for name in _FROM_PARTY if filled.get(name)}
        head.setdefault("invoice_address", ids.shipment_address)
        requested = order.requested_on
        return head | {
            "shipment_address": ids.shipment_address,
            "warehouse": self._warehouse(order.lines[0].warehouse),
            "reference": order.customer_po or None,
            "description": order.number,
            "sale_date": order.ordered_on,
            # Tryton takes no shipping date before the sale's.
            "shipping_date": max(requested, order.ordered_on) if requested else None,
            "invoice_method": "order",
            "shipment_method": "order",
        }

    def _products(self, lines: Sequence[ErpLine]) -> dict[str, dict[str, Any]]:
        skus = sorted({line.sku for line in lines})
        fields = ["code", "salable", "default_uom.symbol"]
        found = {row["code"]: row for row in self._rpc.search_read("product.product", [["code", "in", skus]], fields)}
        if missing := [sku for sku in skus if sku not in found or not found[sku]["salable"]]:
            raise PartnerRejected(
                f"Tryton has no product for sale with the code {', '.join(missing)}: add it there, or correct the line."
            )
        for line in lines:
            symbol = found[line.sku]["default_uom."]["symbol"]
            if not self._rules.units.same(line.unit, symbol):
                raise PartnerRejected(
                    f"Tryton counts {line.sku} in {symbol} ({self._rules.units.code(symbol)}), the order has "
                    f"{line.unit}: correct the product's unit here or there."
                )
        return found

    def _taxes(self, product: Mapping[str, Any], head: Mapping[str, Any]) -> list[int]:
        # `create` runs no on_change, so the server is asked which taxes this customer pays for this product.
        asked = {f"_parent_sale.{name}": value for name, value in head.items() if value is not None}
        asked |= {"type": "line", "product": product["id"], "quantity": 1.0, "company": head["company"]}
        filled = self._rpc.call("model.sale.line.on_change", asked, ["product"])
        return [int(tax["id"]) for _, tax in (filled.get("taxes") or {}).get("add", ())]

    def _compare(self, order: ErpOrder, sale: Mapping[str, Any]) -> None:
        pairs = (
            ("net", order.net, sale["untaxed_amount"]),
            ("tax", order.tax, sale["tax_amount"]),
            ("gross", order.gross, sale["total_amount"]),
        )
        wrong = [f"{name} {plain(ours)} here, {plain(theirs)} there" for name, ours, theirs in pairs if ours != theirs]
        if not any(abs(ours - theirs) > self._rules.tolerance for _, ours, theirs in pairs):
            return
        raise PartnerRejected(
            f"Tryton comes to other totals for order {order.number}: {'; '.join(wrong)} ({order.currency}). Nothing "
            f"was confirmed there. Compare taxes, prices and rounding.{self._withdraw(sale)}"
        )

    def _withdraw(self, sale: Mapping[str, Any]) -> str:
        """Delete an unconfirmed sale, so that the order can be sent afresh; return a sentence if that is refused."""
        try:
            if sale["state"] == "quotation":
                self._rpc.call("model.sale.sale.draft", [sale["id"]])
            if sale["state"] in {"draft", "quotation"}:
                self._rpc.call("model.sale.sale.delete", [sale["id"]])
        except TrytonRefused as refused:
            if self._rpc.search_read("sale.sale", [["id", "=", sale["id"]]], ["state"]):
                return f" Its draft there (id {sale['id']}) could not be deleted: {refused}."
        return ""

    def _currency(self, code: str) -> int:
        found = self._rpc.search_read("currency.currency", [["code", "=", code]], ["code"], limit=1)
        if not found:
            raise PartnerRejected(f"Tryton does not know the currency {code}: add it there, or correct the order.")
        return int(found[0]["id"])

    def _warehouse(self, code: str) -> int:
        warehouses = self._rpc.search_read("stock.location", [["type", "=", "warehouse"]], ["code", "name"])
        named = [row for row in warehouses if code in (row["code"], row["name"])]
        chosen = named or (warehouses if len(warehouses) == 1 else [])
        if not chosen:
            raise PartnerRejected(
                f"Tryton has no warehouse with the code {code}: give one of its warehouses this code."
            )
        return int(chosen[0]["id"])

    def _ensure_shop(self) -> int:
        if self._shop is None:
            self._shop = self._find_shop() or self._create_shop()
        return self._shop

    def _find_shop(self) -> int | None:
        found = self._rpc.search_read("web.shop", [["name", "=", self._rules.shop]], ["name"], limit=1)
        return int(found[0]["id"]) if found else None

    def _create_shop(self) -> int:
        company = self._rpc.search_read("company.company", [["id", "=", self._rpc.company]], ["currency"])[0]
        values = {"name": self._rules.shop, "company": company["id"], "currency": company["currency"]}
        try:
            (made,) = self._rpc.call("model.web.shop.create", [values])
        except TrytonRefused as error:
            if found := self._find_shop():
                return found
            raise PartnerUnavailable(
                f"Tryton has no web shop called {self._rules.shop}, and our user may not make it ({error}). Its "
                "administrator must make one with this name (Sales, Configuration, Web Shops)."
            ) from error
        return int(made)


def _line_values(line: ErpLine, product: Mapping[str, Any], taxes: list[int], main: str) -> dict[str, Any]:
    quantity = float(line.quantity)
    if Decimal(repr(quantity)) != line.quantity:
        raise PartnerRejected(f"Line {line.position}: Tryton cannot hold the quantity {plain(line.quantity)} exactly.")
    values: dict[str, Any] = {
        "type": "line",
        "sequence": line.position,
        "product": product["id"],
        "quantity": quantity,
        "unit": product["default_uom."]["id"],
        "unit_price": line.unit_price,
        "taxes": [["add", taxes]],
        "description": line.description or None,
    }
    # A sale has one warehouse; where else a line was reserved is said to the people who pick it.
    return values if line.warehouse == main else values | {"note": f"Warehouse {line.warehouse}"}


def _receipt(sale: Mapping[str, Any]) -> ErpReceipt:
    return ErpReceipt(str(sale["number"] or sale["id"]), str(sale["state"]))
