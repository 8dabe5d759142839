"""Which product, customer and ship-to are meant: normalise, candidates, features, decision, with reasons."""

from matching.lines import chosen_line, match_line
from matching.memory import MemoryCatalogue, MemoryDirectory
from matching.parties import chosen_customer, chosen_party, match_customer, match_ship_to

__all__ = [
    "MemoryCatalogue",
    "MemoryDirectory",
    "chosen_customer",
    "chosen_line",
    "chosen_party",
    "match_customer",
    "match_line",
    "match_ship_to",
]
