"""The tolerances and switches that the rules use, as one versioned row that admins edit."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class RuleSet:
    """One version of the company's tolerances; every order keeps the version it was checked with.

    Percentages are in percent (2 means 2 %), days are calendar days.
    """

    version: int = 1
    price_tolerance: Decimal = Decimal(2)
    """How far the ordered price may be from the list price, either way; a customer's own tolerance wins."""
    amount_tolerance: Decimal = Decimal("0.5")
    """How far a printed amount may be from quantity times price, or the printed total from the sum of its lines."""
    require_price: bool = False
    """Whether a line that states no price waits for a person, even where a list price is known."""
    require_number: bool = False
    """Whether an order without a customer PO number waits for a person; else it is noted."""
    review_new_senders: bool = True
    """Whether the first order from a mail address waits for a person."""
    review_new_ship_tos: bool = True
    """Whether a ship-to that is not in the directory waits for a person; else it is noted."""
    review_stock_shortage: bool = False
    """Whether less stock than ordered waits for a person; else it is noted and becomes a backorder."""
    review_credit: bool = True
    """Whether an order over the credit limit waits for a person; else it is noted."""
    same_number_days: int = 400
    """How long a customer PO number stays taken: older orders under it are asked about, never linked in silence."""
    same_reference_days: int = 90
    """How long the control reference of an EDI interchange stays taken; some senders count from the start again."""
    furthest_requested_days: int = 730
    """A requested date further away than this is more likely misread than meant."""
    error_budget: Decimal = Decimal("0.2")
    """The share of what goes on to the other checks that may be misread somewhere (0.2: two documents in ten)."""
    minimum_reading_confidence: float = 0.5
    """A quantity or price that was read with less confidence than this is shown to a person."""


DEFAULT_RULES = RuleSet()
"""What holds until an admin saves a version of their own."""
