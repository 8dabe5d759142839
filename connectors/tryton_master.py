"""Master data out of Tryton, page by page."""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from connectors.tryton_rpc import TrytonRpc, today
from connectors.tryton_units import UnitNames
from oms_core.errors import PartnerRejected
from oms_core.values.master import CustomerRow, MasterRow, PriceRow, ProductRow, StockRow, XrefRow
from oms_core.values.money import SCALE

PAGE = 500
"""Records asked for in one call."""

MAX_PRICE_STEPS = 20
"""Most quantity steps read of one price list."""

LIST_PRICES = "LIST"
"""What the list of the products' own list prices is called here."""

_STEP = Decimal(1).scaleb(-SCALE)
_GOODS = ("type", "=", "goods")


def pull(rpc: TrytonRpc, units: UnitNames, kind: str) -> Iterator[MasterRow]:
    """Stream one kind of master data. Raises `PartnerRejected` for an unknown kind, `PartnerUnavailable`."""
    if kind not in _KINDS:
        raise PartnerRejected(f"There is no master data called {kind!r}: ask for one of {', '.join(_KINDS)}.")
    return _KINDS[kind](rpc, units)


def on_hand(rpc: TrytonRpc, skus: list[str]) -> dict[str, Decimal]:
    """Return what is on hand of each known SKU over all warehouses, in stock units."""
    storage = [row["storage_location"] for row in _warehouses(rpc)]
    context = {"locations": storage, "with_childs": True, "stock_date_end": today(rpc)}
    found: dict[str, Decimal] = {}
    for start in range(0, len(skus), PAGE):
        domain = [["code", "in", skus[start : start + PAGE]]]
        rows = rpc.search_read("product.product", domain, ["code", "quantity"], context=context)
        found |= {row["code"]: _exact(row["quantity"]) for row in rows}
    return found


def _products(rpc: TrytonRpc, units: UnitNames) -> Iterator[ProductRow]:
    fields = [
        "code",
        "name",
        "active",
        "default_uom.symbol",
        "default_uom.factor",
        "sale_uom.symbol",
        "sale_uom.factor",
    ]
    # Those no longer sold come too, so that they end here as well.
    domain = [["code", "!=", None], ["salable", "=", True], ["active", "in", [True, False]]]
    for page in _pages(rpc, "product.product", domain, [*fields, "identifiers.type", "identifiers.code"]):
        for row in page:
            stock_unit, sale_unit = row["default_uom."], row.get("sale_uom.") or row["default_uom."]
            packed = sale_unit["id"] != stock_unit["id"]
            yield ProductRow(
                sku=row["code"],
                description=row["name"],
                unit=units.code(stock_unit["symbol"]),
                gtin=_identifier(row, "ean"),
                pack_unit=units.code(sale_unit["symbol"]) if packed else None,
                pack_factor=_exact(sale_unit["factor"] / stock_unit["factor"]) if packed else None,
                active=row["active"],
            )


def _customers(rpc: TrytonRpc, _units: UnitNames) -> Iterator[CustomerRow]:
    company = rpc.search_read("company.company", [["id", "=", rpc.company]], ["party", "currency.code"])[0]
    extra = _known_fields(rpc, "party.party", ("sale_price_list", "credit_limit_amount"))
    fields = ["code", "name", "addresses", "identifiers.type", "identifiers.code"]
    fields += ["contact_mechanisms.type", "contact_mechanisms.value"]
    fields += ["sale_price_list.name" if name == "sale_price_list" else name for name in extra]
    domain = [["code", "!=", None], ["id", "!=", company["party"]]]
    for page in _pages(rpc, "party.party", domain, fields):
        addresses = _addresses(rpc, [row["id"] for row in page])
        for row in page:
            yield from _customer_rows(row, addresses.get(row["id"], []), company["currency."]["code"])


def _customer_rows(row: Mapping[str, Any], addresses: list[dict[str, Any]], currency: str) -> Iterator[CustomerRow]:
    mails = [one["value"] for one in row.get("contact_mechanisms.") or () if one["type"] == "email"]
    taxed = [one["code"] for one in row.get("identifiers.") or () if one["type"] and one["type"].endswith("_vat")]
    price_list = row.get("sale_price_list.")
    yield CustomerRow(
        number=row["code"],
        name=row["name"],
        **_address(addresses[0] if addresses else {}),
        vat_id=taxed[0] if taxed else None,
        email=mails[0] if mails else None,
        currency=currency,
        credit_limit=row.get("credit_limit_amount"),
        price_list=price_list["name"] if price_list else None,
    )
    for address in addresses[1:]:
        name = address["party_name"] or row["name"]
        number = f"{row['code']}-{address['id']}"
        yield CustomerRow(number=number, name=name, **_address(address), ship_to_of=row["code"])


def _addresses(rpc: TrytonRpc, parties: list[int]) -> dict[int, list[dict[str, Any]]]:
    fields = ["party", "party_name", "street", "postal_code", "city", "country.code"]
    found: dict[int, list[dict[str, Any]]] = {}
    for row in rpc.search_read("party.address", [["party", "in", parties]], fields):
        found.setdefault(row["party"], []).append(row)
    return found


def _address(row: Mapping[str, Any]) -> dict[str, Any]:
    country = row.get("country.") or {}
    return {
        "street": row.get("street") or "",
        "postal_code": row.get("postal_code") or "",
        "city": row.get("city") or "",
        "country": country.get("code") or "",
    }


def _prices(rpc: TrytonRpc, _units: UnitNames) -> Iterator[PriceRow]:
    company = rpc.search_read("company.company", [["id", "=", rpc.company]], ["currency.code"])[0]
    currency = company["currency."]["code"]
    yield from _price_rows(rpc, LIST_PRICES, currency, {}, [0.0])
    if not _model_exists(rpc, "product.price_list"):
        return
    # A list with tax inside holds no net prices, and ours are net.
    lists = rpc.search_read("product.price_list", [["tax_included", "=", False]], ["name"])
    for price_list in lists:
        domain = [["price_list", "=", price_list["id"]]]
        lines = rpc.search_read("product.price_list.line", domain, ["quantity"])
        steps = sorted({0.0, *(line["quantity"] or 0.0 for line in lines)})
        if len(steps) > MAX_PRICE_STEPS:
            raise PartnerRejected(
                f"Tryton's price list {price_list['name']} has {len(steps)} quantity steps; at most {MAX_PRICE_STEPS} "
                "are read. Have fewer, or import the prices from a file."
            )
        yield from _price_rows(rpc, price_list["name"], currency, {"price_list": price_list["id"]}, steps)


def _price_rows(
    rpc: TrytonRpc, name: str, currency: str, context: Mapping[str, Any], steps: list[float]
) -> Iterator[PriceRow]:
    fields = ["code", "sale_price_uom", "default_uom.factor", "sale_uom.factor"]
    domain = [["code", "!=", None], ["salable", "=", True]]
    for product_ids in _id_pages(rpc, "product.product", domain):
        before: dict[str, Decimal] = {}
        for step in steps:
            asked = dict(context) | {"quantity": step}
            rows = rpc.search_read("product.product", [["id", "in", product_ids]], fields, context=asked)
            for row in rows:
                price = _stock_unit_price(row)
                if price is not None and before.get(row["code"]) != price:
                    before[row["code"]] = price
                    yield PriceRow(name, row["code"], price, currency, quantity_from=_exact(step))


def _stock_unit_price(row: Mapping[str, Any]) -> Decimal | None:
    price: Decimal | None = row["sale_price_uom"]
    sale_unit = row.get("sale_uom.")
    if price is None or not sale_unit:
        return price
    # Tryton's price is for the sale unit, ours for the stock unit.
    held = Decimal(repr(sale_unit["factor"])) / Decimal(repr(row["default_uom."]["factor"]))
    return _exact(price / held)


def _stock(rpc: TrytonRpc, _units: UnitNames) -> Iterator[StockRow]:
    day = today(rpc)
    domain = [["code", "!=", None], _GOODS]
    for warehouse in _warehouses(rpc):
        context = {"locations": [warehouse["storage_location"]], "with_childs": True, "stock_date_end": day}
        for page in _pages(rpc, "product.product", domain, ["code", "quantity"], context=context):
            for row in page:
                yield StockRow(warehouse["code"] or warehouse["name"], row["code"], _exact(row["quantity"]))


def _xref(rpc: TrytonRpc, _units: UnitNames) -> Iterator[XrefRow]:
    if not _model_exists(rpc, "sale.product_customer"):
        return
    fields = ["code", "party.code", "product.code", "template.products"]
    domain = [["code", "!=", None], ["party.code", "!=", None]]
    for page in _pages(rpc, "sale.product_customer", domain, fields):
        variants = [row["template."]["products"][0] for row in page if row["template."]["products"]]
        codes = {
            row["id"]: row["code"] for row in rpc.search_read("product.product", [["id", "in", variants]], ["code"])
        }
        for row in page:
            # Without a variant of its own it holds for the product's first.
            first = next(iter(row["template."]["products"]), None)
            sku = row["product."]["code"] if row.get("product.") else codes.get(first)
            if sku:
                yield XrefRow(customer=row["party."]["code"], code=row["code"], sku=sku)


def _warehouses(rpc: TrytonRpc) -> list[dict[str, Any]]:
    fields = ["code", "name", "storage_location"]
    return rpc.search_read("stock.location", [["type", "=", "warehouse"]], fields)


def _pages(
    rpc: TrytonRpc, model: str, domain: list[Any], fields: list[str], context: Mapping[str, Any] | None = None
) -> Iterator[list[dict[str, Any]]]:
    """Yield the records that meet the domain in pages; each begins after the last id, so none is seen twice."""
    last = 0
    while page := rpc.search_read(model, [*domain, ["id", ">", last]], fields, limit=PAGE, context=context):
        yield page
        last = page[-1]["id"]


def _id_pages(rpc: TrytonRpc, model: str, domain: list[Any]) -> Iterator[list[int]]:
    for page in _pages(rpc, model, domain, ["id"]):
        yield [row["id"] for row in page]


def _model_exists(rpc: TrytonRpc, name: str) -> bool:
    return bool(rpc.call("model.ir.model.search_count", [["name", "=", name]]))


def _known_fields(rpc: TrytonRpc, model: str, names: tuple[str, ...]) -> list[str]:
    domain = [["model", "=", model], ["name", "in", list(names)]]
    return [row["name"] for row in rpc.search_read("ir.model.field", domain, ["name"])]


def _identifier(row: Mapping[str, Any], kind: str) -> str | None:
    codes = [one["code"] for one in row.get("identifiers.") or () if one["type"] == kind]
    return codes[0] if codes else None


def _exact(number: float | Decimal) -> Decimal:
    """Return Tryton's number (a float for quantities) as the decimal it shows, in at most six places."""
    rounded = Decimal(repr(number) if isinstance(number, float) else number).quantize(_STEP)
    return Decimal(f"{rounded.normalize():f}")


_KINDS: Mapping[str, Callable[[TrytonRpc, UnitNames], Iterator[MasterRow]]] = MappingProxyType(
    {"products": _products, "customers": _customers, "prices": _prices, "stock": _stock, "xref": _xref}
)
