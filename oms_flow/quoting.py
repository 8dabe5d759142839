"""What an order costs as it stands, each line in the unit it was ordered in, and the order as the ERP gets it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Session

from oms_core.decisions.allocation import Allocated
from oms_core.decisions.pricing import OrderTotals, PriceBreak, TaxedAmount, price_for, totals
from oms_core.decisions.triage import line_name
from oms_core.records import Customer, Order, ShipTo
from oms_core.values import DraftLine, Finding, LineMatch, MatchedOrder, Product, Severity, exact, round_money
from oms_core.values.outbound import ErpLine, ErpOrder, ErpParty
from oms_flow.house import House
from oms_store.catalogue import products_by_sku
from oms_store.facts import price_breaks


@dataclass(frozen=True, slots=True)
class PricedLine:
    """One line with its price per ordered unit and where that came from."""

    position: int
    sku: str
    description: str
    quantity: Decimal
    unit: str
    ordered_quantity: Decimal
    ordered_unit: str | None
    unit_price: Decimal
    price_source: str
    amount: Decimal
    tax_rate: Decimal
    requested_on: date | None


@dataclass(frozen=True, slots=True)
class PricedOrder:
    """The lines that could be priced, the totals, and what stands in the way."""

    currency: str
    lines: tuple[PricedLine, ...]
    totals: OrderTotals
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class _Terms:
    """What prices a customer's lines today."""

    house: House
    customer: Customer
    currency: str
    products: dict[str, Product]
    breaks: dict[str, list[PriceBreak]]


def price_order(house: House, session: Session, order: MatchedOrder, customer: Customer) -> PricedOrder:
    """Price every line: what the order states, else the customer's list; a line without either blocks the order."""
    currency = order.draft.currency.value if order.draft.currency else customer.currency
    skus = sorted({match.sku for match in order.lines if match.sku})
    breaks = price_breaks(session, customer.price_list, skus)
    terms = _Terms(house, customer, currency, products_by_sku(session, skus), breaks)
    answers = [_price_line(terms, match, line) for match, line in zip(order.lines, order.draft.lines, strict=True)]
    lines = tuple(answer for answer in answers if isinstance(answer, PricedLine))
    summed = totals([TaxedAmount(line.amount, line.tax_rate) for line in lines])
    return PricedOrder(currency, lines, summed, tuple(answer for answer in answers if isinstance(answer, Finding)))


def _price_line(terms: _Terms, match: LineMatch, line: DraftLine) -> PricedLine | Finding:
    product = terms.products.get(match.sku or "")
    if product is None or line.quantity is None or match.quantity is None or match.factor is None:
        return _stop(match, line, "match.line_undecided", "", "choose product, quantity and unit first.")
    listed = price_for(terms.breaks.get(product.sku, ()), match.quantity, terms.currency, terms.house.today())
    if line.unit_price is not None:
        price, source = line.unit_price.value, "stated on the order"
    elif listed is not None:
        price, source = listed.price * match.factor, listed.source
    else:
        message = f"no price is stated and {product.sku} has no list price for this customer: enter a price."
        return _stop(match, line, "price.missing", ".unit_price", message)
    try:
        return PricedLine(
            position=match.position,
            sku=product.sku,
            description=product.description,
            quantity=exact(match.quantity),
            unit=product.unit,
            ordered_quantity=exact(line.quantity.value),
            ordered_unit=line.unit.value if line.unit else None,
            unit_price=exact(price),
            price_source=source,
            amount=exact(round_money(line.quantity.value * price)),
            tax_rate=terms.house.company.tax.rate(product.tax_class, terms.customer.country),
            requested_on=line.requested_date.value if line.requested_date else None,
        )
    except ValueError as problem:
        return _stop(match, line, "price.not_exact", "", f"{problem}; correct quantity or price.")


def _stop(match: LineMatch, line: DraftLine, code: str, field: str, message: str) -> Finding:
    place = f"lines[{match.position}]{field}"
    return Finding(code, Severity.BLOCK, place, f"Line {line_name(match.position, line)}: {message}")


def erp_order(
    order: Order, customer: Customer, ship_to: ShipTo | None, priced: PricedOrder, allocated: Allocated
) -> ErpOrder:
    """Write the order as the ERP gets it, in stock units."""
    places = {promise.position: promise.warehouse for promise in reversed(allocated.promises)}
    lines = tuple(
        ErpLine(
            position=line.position + 1,
            sku=line.sku,
            description=line.description,
            quantity=line.quantity,
            unit=line.unit,
            unit_price=_per_stock_unit(line),
            amount=line.amount,
            warehouse=places.get(line.position, ""),
        )
        for line in priced.lines
    )
    return ErpOrder(
        key=f"ordermill:{order.id}",
        number=order.number,
        customer_po=order.customer_po,
        ordered_on=order.ordered_on,
        requested_on=order.requested_on,
        currency=order.currency,
        customer=_party(customer.number, customer, customer.vat_id, customer.email),
        ship_to=_party(ship_to.code, ship_to) if ship_to else None,
        lines=lines,
        net=order.net,
        tax=order.tax,
        gross=order.gross,
    )


def _per_stock_unit(line: PricedLine) -> Decimal:
    return (line.unit_price * line.ordered_quantity / line.quantity).quantize(Decimal("0.000001"))


def _party(number: str, row: Customer | ShipTo, vat_id: str | None = None, email: str | None = None) -> ErpParty:
    return ErpParty(number, row.name, row.street, row.postal_code, row.city, row.country, vat_id, email)
