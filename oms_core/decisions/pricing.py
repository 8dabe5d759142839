"""What an order costs: the price that holds for a customer, a quantity and a day, and the totals with tax."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from oms_core.values.money import plain, round_money


@dataclass(frozen=True, slots=True)
class PriceBreak:
    """One price of a list: per stock unit, from a quantity on, within its dates."""

    price_list: str
    currency: str
    quantity_from: Decimal
    price: Decimal
    valid_from: date
    valid_to: date


@dataclass(frozen=True, slots=True)
class Priced:
    """The price that holds and why, in words."""

    price: Decimal
    source: str


def price_for(breaks: Sequence[PriceBreak], quantity: Decimal, currency: str, on: date) -> Priced | None:
    """Pick the break with the largest quantity not above the ordered one; None where no price holds, never zero."""
    valid = [
        step
        for step in breaks
        if step.currency == currency and step.quantity_from <= quantity and step.valid_from <= on <= step.valid_to
    ]
    if not valid:
        return None
    best = max(valid, key=lambda step: (step.quantity_from, step.valid_from))
    start = f", from {plain(best.quantity_from)}" if best.quantity_from else ""
    return Priced(best.price, f"list {best.price_list}{start}")


@dataclass(frozen=True, slots=True)
class TaxedAmount:
    """One line's net amount with the rate that applies to it."""

    amount: Decimal
    rate: Decimal


@dataclass(frozen=True, slots=True)
class OrderTotals:
    """Totals in the order's currency, rounded to cents."""

    net: Decimal
    tax: Decimal
    gross: Decimal


def totals(lines: Sequence[TaxedAmount]) -> OrderTotals:
    """Add up lines; tax is rounded once per rate on the sum (EN 16931, BR-CO-17)."""
    net = sum((line.amount for line in lines), Decimal(0))
    by_rate: dict[Decimal, Decimal] = {}
    for line in lines:
        by_rate[line.rate] = by_rate.get(line.rate, Decimal(0)) + line.amount
    tax = sum((round_money(amount * rate) for rate, amount in by_rate.items()), Decimal(0))
    return OrderTotals(net, tax, net + tax)


@dataclass(frozen=True, slots=True)
class TaxRates:
    """The seller's rates: `rates` pairs of tax class and rate (0.19), for customers in `country`; others are exempt.

    Reverse charge and exports leave the tax to the buyer. The full tax table comes with billing.
    """

    country: str
    rates: tuple[tuple[str, Decimal], ...]

    def rate(self, tax_class: str, customer_country: str) -> Decimal:
        """Return the rate for a class of product sold to a customer in a country (ISO 3166 alpha-2)."""
        if customer_country and customer_country != self.country:
            return Decimal(0)
        for name, rate in self.rates:
            if name == tax_class:
                return rate
        raise ValueError(f"no tax rate is set for the tax class {tax_class!r}; add it to company.tax_rates")
