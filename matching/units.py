"""From the ordered unit to the product's stock unit, exactly, or not at all."""

from dataclasses import dataclass
from decimal import Decimal, DivisionByZero, Inexact, InvalidOperation, localcontext
from functools import cache
from importlib.resources import files

from oms_core.values.catalogue import CrossReference, Pack, Product
from oms_core.values.money import exact
from oms_core.values.units import in_units, unit_name, unit_plural

COUNTING = "C62"
"""UN/ECE Rec 20 'one': what piece, each and unit all mean."""

STANDARD_FACTORS: dict[tuple[str, str], Decimal] = {
    ("DZN", COUNTING): Decimal(12),
    ("GRO", COUNTING): Decimal(144),
    ("CEN", COUNTING): Decimal(100),
    ("MIL", COUNTING): Decimal(1000),
    ("MTR", "CMT"): Decimal(100),
    ("MTR", "MMT"): Decimal(1000),
    ("CMT", "MMT"): Decimal(10),
    ("KMT", "MTR"): Decimal(1000),
    ("KGM", "GRM"): Decimal(1000),
    ("TNE", "KGM"): Decimal(1000),
    ("LTR", "MLT"): Decimal(1000),
    ("MTQ", "LTR"): Decimal(1000),
}
"""Conversions that hold for every product (UN/ECE Recommendation 20): one of the first is so many of the second."""


@dataclass(frozen=True, slots=True)
class Conversion:
    """One ordered unit is `factor` stock units by the rule in `reason`; `doubt` says why a person should look."""

    factor: Decimal
    stock_unit: str
    reason: str
    doubt: str = ""


def conversion(
    unit: str | None, product: Product, reference: CrossReference | None = None, pack: Pack | None = None
) -> Conversion | None:
    """Return how many stock units of `product` one ordered `unit` is, or None where nobody has said.

    The customer's own agreement comes first, then the pack whose GTIN was ordered, then the product's units, then the
    conversions of `STANDARD_FACTORS`. An unstated unit is the stock unit.
    """
    asked = unit_code(unit) if unit and unit.strip() else None
    agreed = _agreed(asked, product, reference)
    if agreed is not None:
        return agreed
    if pack is not None and unit_code(pack.unit) != unit_code(product.unit):
        return _by_pack_gtin(asked, product, pack)
    if asked is None:
        return Conversion(Decimal(1), product.unit, f"no unit stated: counted in {unit_plural(product.unit)}")
    return _by_product(asked, product)


def to_stock(quantity: Decimal, factor: Decimal) -> Decimal | None:
    """Return `quantity * factor` exactly, or None where six decimal places cannot hold it or it is no quantity."""
    try:
        with localcontext() as context:
            context.prec = _PRECISION
            context.traps[Inexact] = True
            return exact(quantity * factor)
    except (ValueError, Inexact, InvalidOperation):
        return None


def to_ordered(stock_quantity: Decimal, factor: Decimal) -> Decimal | None:
    """Return the ordered quantity that `stock_quantity` came from, or None where it divides into no exact number."""
    try:
        with localcontext() as context:
            context.prec = _PRECISION
            context.traps[Inexact] = True
            return stock_quantity / factor
    except (Inexact, InvalidOperation, DivisionByZero):
        return None


_PRECISION = 100


def unit_code(unit: str) -> str:
    """Return the UN/ECE Rec 20 code that a unit's code or name means, else the text in upper case.

    Piece, each and their old codes all become C62 (one). Names are in `data/units.csv`.
    """
    folded = " ".join(unit.split()).casefold().rstrip(".")
    return _unit_names().get(folded, folded.upper())


def _agreed(asked: str | None, product: Product, reference: CrossReference | None) -> Conversion | None:
    """Apply the cross-reference: its factor holds for its unit, for every unit where it names none."""
    if reference is None:
        return None
    named = unit_code(reference.unit) if reference.unit else None
    if named is not None and asked is not None and asked != named:
        return None
    if reference.factor is not None and reference.factor > 0:
        word = unit_name(reference.unit or "unit")
        reason = f"agreed with this customer: one {word} is {in_units(reference.factor, product.unit)}"
        return Conversion(reference.factor, product.unit, reason)
    return _by_product(named, product) if named is not None else None


def _by_pack_gtin(asked: str | None, product: Product, pack: Pack) -> Conversion:
    """Let the GTIN of a pack set the unit; another unit beside it is a doubt."""
    holds = f"the GTIN is that of one {unit_name(pack.unit)} of {in_units(pack.factor, product.unit)}"
    if asked is None or asked == unit_code(pack.unit):
        return Conversion(pack.factor, product.unit, holds)
    return Conversion(pack.factor, product.unit, holds, f"{holds}, but the line is in {unit_plural(asked)}")


def _by_product(asked: str, product: Product) -> Conversion | None:
    stock = unit_code(product.unit)
    if asked == stock:
        return Conversion(Decimal(1), product.unit, f"ordered in the stock unit, {unit_plural(product.unit)}")
    for pack in product.packs:
        if unit_code(pack.unit) == asked and pack.factor > 0:
            return Conversion(pack.factor, product.unit, _holds(pack.unit, pack.factor, product.unit))
    factor = standard_factor(asked, stock)
    return Conversion(factor, product.unit, _holds(asked, factor, product.unit)) if factor else None


def _holds(unit: str, factor: Decimal, stock_unit: str) -> str:
    return f"one {unit_name(unit)} is {in_units(factor, stock_unit)}"


def standard_factor(unit: str, into: str) -> Decimal | None:
    """Return what one `unit` is in `into` by `STANDARD_FACTORS`, either way where it is exact, else None."""
    if (unit, into) in STANDARD_FACTORS:
        return STANDARD_FACTORS[unit, into]
    back = STANDARD_FACTORS.get((into, unit))
    return to_ordered(Decimal(1), back) if back and COUNTING not in (into, unit) else None


@cache
def _unit_names() -> dict[str, str]:
    lines = files("matching").joinpath("data/units.csv").read_text("utf-8").splitlines()
    pairs = (line.split(",", 1) for line in lines if line and not line.startswith("#"))
    return {name.strip(): code.strip() for name, code in pairs}
