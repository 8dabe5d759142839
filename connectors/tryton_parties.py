"""Our customers and ship-tos as Tryton's parties and addresses: found, or made."""

from dataclasses import dataclass
from typing import Any

from connectors.tryton_rpc import TrytonRefused, TrytonRpc
from oms_core.errors import PartnerRejected
from oms_core.values.outbound import ErpParty

MAX_ADDRESSES = 1_000
"""Most addresses of one party that are looked through for a ship-to."""

_EU_PREFIXES = frozenset(
    "AT BE BG CY CZ DE DK EE EL ES FI FR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK XI".split()  # noqa: SIM905
)
"""What European VAT numbers begin with; Tryton checks these and no others."""

_ADDRESS_FIELDS = ("party_name", "street", "postal_code", "city", "country.code")


@dataclass(frozen=True, slots=True)
class PartyIds:
    """The customer of a sale: its id, and the address that goods go to."""

    party: int
    shipment_address: int


def ensure_party(rpc: TrytonRpc, customer: ErpParty, ship_to: ErpParty | None) -> PartyIds:
    """Return the customer's party and the address goods go to; what is missing is made.

    A party is found by our number as its code, else by its VAT number. Raises `PartnerRejected` when Tryton knows
    the number as somebody else, `PartnerUnavailable`.
    """
    party = _find(rpc, customer) or _create(rpc, customer)
    return PartyIds(party, _ensure_address(rpc, party, customer, ship_to or customer))


def _find(rpc: TrytonRpc, customer: ErpParty) -> int | None:
    coded = rpc.search_read("party.party", [["code", "=", customer.number]], ["name", "identifiers.code"])
    if coded:
        _check_vat(customer, coded[0])
        return int(coded[0]["id"])
    if not customer.vat_id:
        return None
    domain = [["identifiers.code", "=", _folded(customer.vat_id)]]
    taxed = rpc.search_read("party.party", domain, ["name", "code"], limit=2)
    if len(taxed) > 1:
        raise PartnerRejected(
            f"Tryton has more than one party with the VAT number {customer.vat_id} ({taxed[0]['name']}, "
            f"{taxed[1]['name']}): give the right one the code {customer.number}."
        )
    return int(taxed[0]["id"]) if taxed else None


def _check_vat(customer: ErpParty, found: dict[str, Any]) -> None:
    # Tryton numbers parties by itself: the same number may be somebody else's.
    theirs = [_folded(identifier["code"]) for identifier in found.get("identifiers.") or ()]
    vat_numbers = [code for code in theirs if code[:2].isalpha()]
    if customer.vat_id and vat_numbers and _folded(customer.vat_id) not in vat_numbers:
        raise PartnerRejected(
            f"The party {customer.number} is {found['name']} with the VAT number {vat_numbers[0]} in Tryton, but "
            f"{customer.name} with {customer.vat_id} here. Correct the one that is wrong."
        )


def _create(rpc: TrytonRpc, customer: ErpParty) -> int:
    values: dict[str, Any] = {"name": customer.name, "code": customer.number}
    values["addresses"] = [["create", [_address_values(rpc, customer, customer.name)]]]
    if customer.vat_id:
        code = _folded(customer.vat_id)
        kind = "eu_vat" if code[:2] in _EU_PREFIXES else None
        values["identifiers"] = [["create", [{"type": kind, "code": code}]]]
    if customer.email:
        values["contact_mechanisms"] = [["create", [{"type": "email", "value": customer.email}]]]
    try:
        (made,) = rpc.call("model.party.party.create", [values])
    except TrytonRefused:
        # Somebody else may have made it in this moment; its code is unique.
        if found := _find(rpc, customer):
            return found
        raise
    return int(made)


def _ensure_address(rpc: TrytonRpc, party: int, customer: ErpParty, wanted: ErpParty) -> int:
    known = rpc.search_read("party.address", [["party", "=", party]], _ADDRESS_FIELDS, limit=MAX_ADDRESSES)
    says_nothing = not (wanted.street or wanted.postal_code or wanted.city)
    for address in known:
        if says_nothing or _content(address, customer.name) == _wanted_content(wanted):
            return int(address["id"])
    values = _address_values(rpc, wanted, customer.name) | {"party": party}
    (made,) = rpc.call("model.party.address.create", [values])
    return int(made)


def _address_values(rpc: TrytonRpc, party: ErpParty, customer_name: str) -> dict[str, Any]:
    return {
        "party_name": party.name if _plain(party.name) != _plain(customer_name) else None,
        "street": party.street or None,
        "postal_code": party.postal_code or None,
        "city": party.city or None,
        "country": _country(rpc, party),
    }


def _country(rpc: TrytonRpc, party: ErpParty) -> int | None:
    if not party.country:
        return None
    found = rpc.search_read("country.country", [["code", "=", party.country.upper()]], ["code"], limit=1)
    if not found:
        raise PartnerRejected(
            f"Tryton does not know the country {party.country} of {party.number}: correct it, or import the countries "
            "(trytond_import_countries)."
        )
    return int(found[0]["id"])


def _content(address: dict[str, Any], customer_name: str) -> tuple[str, ...]:
    country = (address.get("country.") or {}).get("code")
    written = (address["street"], address["postal_code"], address["city"], country)
    return (_plain(address["party_name"] or customer_name), *(_plain(part or "") for part in written))


def _wanted_content(party: ErpParty) -> tuple[str, ...]:
    return tuple(_plain(part) for part in (party.name, party.street, party.postal_code, party.city, party.country))


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def _folded(identifier: str) -> str:
    return "".join(sign for sign in identifier if sign.isalnum()).upper()
