"""Which warehouse a line comes from, and what is short."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class StockLevel:
    """What one warehouse can still promise of one SKU; `rank` orders warehouses, lowest first."""

    sku: str
    warehouse: str
    rank: int
    available: Decimal


@dataclass(frozen=True, slots=True)
class Demand:
    """One line's wish in stock units."""

    position: int
    sku: str
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class Promise:
    """What one warehouse gives to one line."""

    position: int
    sku: str
    warehouse: str
    quantity: Decimal


@dataclass(frozen=True, slots=True)
class Allocated:
    """The promises of an order and, per line position, what stays short."""

    promises: tuple[Promise, ...]
    short: Mapping[int, Decimal]


def allocate(demands: Sequence[Demand], levels: Sequence[StockLevel]) -> Allocated:
    """Give each line what there is, in line order: one warehouse that has it all before splitting, lowest rank first.

    Two lines of one SKU draw on the same stock. Nothing is ever promised twice.
    """
    left = {(level.sku, level.warehouse): level.available for level in levels}
    order = sorted(levels, key=lambda level: (level.rank, level.warehouse))
    promises: list[Promise] = []
    short: dict[int, Decimal] = {}
    for demand in demands:
        places = [level.warehouse for level in order if level.sku == demand.sku]
        whole = [place for place in places if left[demand.sku, place] >= demand.quantity]
        missing = demand.quantity
        for place in whole[:1] or places:
            take = min(missing, max(left[demand.sku, place], Decimal(0)))
            if take > 0:
                left[demand.sku, place] -= take
                missing -= take
                promises.append(Promise(demand.position, demand.sku, place, take))
        if missing > 0:
            short[demand.position] = missing
    return Allocated(tuple(promises), short)
