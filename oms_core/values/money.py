"""Exact numbers: money, quantities and prices are `Decimal` in code and scaled integers in every database."""

from decimal import ROUND_HALF_UP, Context, Decimal, Inexact, localcontext

SCALE = 6
"""Decimal places that the database keeps for every money, price and quantity."""

MAX_ABSOLUTE = Decimal(10) ** 12
"""The largest amount or quantity taken: it fits a scaled 64-bit integer with room for sums."""

_CENT = Decimal("0.01")
_STEP = Decimal(1).scaleb(-SCALE)
_WIDE = Context(prec=50)


def round_money(amount: Decimal, step: Decimal = _CENT) -> Decimal:
    """Round half away from zero to `step` (a cent by default), as invoices are."""
    return amount.quantize(step, rounding=ROUND_HALF_UP, context=_WIDE)


def exact(value: Decimal) -> Decimal:
    """Return `value` with at most six decimal places.

    Raises ValueError for what the database could not hold exactly: more places, not finite, or too large.
    """
    if not value.is_finite() or abs(value) > MAX_ABSOLUTE:
        raise ValueError(f"{value} is not a number that can be kept (at most {MAX_ABSOLUTE:f})")
    with localcontext(_WIDE) as context:
        context.traps[Inexact] = True
        try:
            return value.quantize(_STEP)
        except Inexact:
            raise ValueError(f"{value} has more than {SCALE} decimal places") from None


def plain(value: Decimal) -> str:
    """Write a decimal as people do: no exponent, no trailing zeros after the point."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
