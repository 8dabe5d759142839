"""Parties of an order table: a name, an address in one cell or in parts, and an identifier, put together."""

import re
from collections.abc import Iterable, Mapping
from typing import TypeVar

from oms_core.values.draft import DraftParty
from oms_core.values.source import Value

T = TypeVar("T")

POSTCODE = re.compile(
    r"(?<![\d-])(?:\d{4,6}|\d{2}-\d{3}|\d{5}-\d{4}|\d{3} \d{2}|[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2})(?![\d-])"
)
ROLES = ("buyer", "supplier", "ship_to")
"""Who a table may name."""
PARTS = (
    *("id", "email", "address", "street", "street2", "postcode", "city", "region", "country", "first", "last"),
    "company",
)
"""What may stand of a party in a column or behind a label of its own."""
Parts = Mapping[str, Value[str]]


def party(parts: Parts) -> DraftParty:
    """Put a party together from its parts.

    `name` and `address` are those that stand whole; a company goes before a person.
    """
    name = parts.get("company") or parts.get("name") or _joined((parts.get("first"), parts.get("last")), " ")
    address = parts.get("address") or _address(parts)
    return DraftParty(name=name, id=parts.get("id"), address=address, email=_email(parts.get("email")))


def _address(parts: Parts) -> Value[str] | None:
    place = _joined((parts.get("postcode"), parts.get("city")), " ")
    street = parts.get("street")
    second = parts.get("street2")
    if (
        street is not None
        and second is not None
        and second.value.replace(" ", "").isalnum()
        and len(second.value) <= _DOOR
    ):
        street, second = _joined((street, second), " "), None
    return _joined((street, second, place, parts.get("region"), parts.get("country")), ", ")


_DOOR = 5
"""A second street part this short is the number of the house."""


def _joined(values: Iterable[Value[str] | None], mark: str) -> Value[str] | None:
    """Join what is there; the source is that of the first part, the confidence that of the weakest."""
    kept = [value for value in values if value is not None and value.value]
    if not kept:
        return None
    text = mark.join(value.value for value in kept)
    return Value(text, kept[0].source, min(value.confidence for value in kept))


def _email(value: Value[str] | None) -> Value[str] | None:
    return value if value is not None and "@" in value.value else None


def split_block(text: str) -> tuple[str, str]:
    """Part a name from the address that follows it in one cell, on its own lines or after a comma; it may lack one."""
    lines = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    if len(lines) > 1:
        return lines[0].rstrip(","), ", ".join(line.rstrip(",") for line in lines[1:])
    flat = lines[0] if lines else ""
    name, comma, rest = flat.partition(",")
    if not comma or not any(char.isdigit() for char in rest):
        return flat, ""
    if not any(char.isdigit() for char in name):
        return name.strip(), rest.strip()
    return ("", flat) if POSTCODE.search(rest) else (flat, "")
