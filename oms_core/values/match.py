"""What matching answers: which product, customer and ship-to are meant, with reasons and a calibrated confidence."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from oms_core.values.draft import DraftDocument


class Decision(StrEnum):
    """The three answers of a matcher."""

    MATCH = "match"
    REVIEW = "review"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Candidate:
    """One possible answer; `key` is a SKU, a customer number or a ship-to code; `reasons` are short sentences."""

    key: str
    label: str
    confidence: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LineMatch:
    """The product meant by one line: `position` counts from 0 in the draft.

    `quantity` is in the product's stock unit `stock_unit`, exactly `ordered quantity * factor`; it is None where the
    ordered unit has no factor for this product. `method` names the step that decided (`cross_reference`, `gtin`,
    `sku`, `manufacturer_code`, `description`, `person`).
    """

    position: int
    decision: Decision
    sku: str | None
    confidence: float
    method: str
    candidates: tuple[Candidate, ...] = ()
    quantity: Decimal | None = None
    stock_unit: str | None = None
    factor: Decimal | None = None


@dataclass(frozen=True, slots=True)
class PartyMatch:
    """The customer or ship-to meant: `key` is its number."""

    decision: Decision
    key: str | None
    confidence: float
    candidates: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True)
class Choices:
    """What people decided on one draft; matching answers with these and never against them."""

    customer: str | None = None
    ship_to: str | None = None
    lines: tuple[tuple[int, str], ...] = ()
    """Pairs of line position and SKU."""
    by: str = ""

    def sku(self, position: int) -> str | None:
        """Return the product chosen for a line."""
        return dict(self.lines).get(position)


NO_PARTY = PartyMatch(Decision.NONE, None, 0.0)


@dataclass(frozen=True, slots=True)
class MatchedOrder:
    """A draft with who and what is meant; `ship_to` is None where goods go to the customer's own address."""

    draft: DraftDocument
    customer: PartyMatch
    ship_to: PartyMatch | None
    lines: tuple[LineMatch, ...]
