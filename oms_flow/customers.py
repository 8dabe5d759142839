"""Which customer is meant where a person or a program names one: by number, by an identifier, or by the whole name."""

from collections.abc import Iterable

from sqlalchemy.orm import Session

from matching.names import fold_name, name_likeness
from matching.normalise import fold_id
from oms_core.errors import InvalidInput
from oms_core.values import PartyRecord
from oms_store.catalogue import StoredDirectory

MAX_NAMED = 200
"""Characters that a customer may be named by."""
NEAREST = 3
"""Customers that a refusal names."""
_WORTH_NAMING = 0.6


def customer_number(session: Session, text: str) -> str:
    """Return the number of the one customer that is named: by number, GLN, VAT, account or EDI id, or by name.

    A name counts without its legal form. Raises InvalidInput, with the nearest customers, where none or several fit.
    """
    typed = " ".join(text.split())
    if len(typed) > MAX_NAMED:
        raise InvalidInput(f"a customer is named by at most {MAX_NAMED} characters; give the number")
    directory = StoredDirectory(session)
    found = tuple(directory.customers_by_id(fold_id(typed)))
    everybody: tuple[PartyRecord, ...] = ()
    if not found:
        everybody = tuple(directory.customers())
        named = fold_name(typed)
        found = tuple(party for party in everybody if named and fold_name(party.name) == named)
    if len(found) == 1:
        return found[0].key
    if found:
        raise InvalidInput(f"several customers go by {typed!r}: {_listed(found)}. Give the number of the one you mean.")
    nearest = _nearest(typed, everybody)
    near = f" The nearest {'is' if len(nearest) == 1 else 'are'} {_listed(nearest)}." if nearest else ""
    raise InvalidInput(f"there is no customer {typed!r}.{near} Give a customer's number, whole name or EDI id.")


def _nearest(typed: str, everybody: Iterable[PartyRecord]) -> tuple[PartyRecord, ...]:
    """Return the customers most alike, by number or by name; one whose name begins with what was typed is near."""
    part = typed.casefold()

    def alike(party: PartyRecord) -> float:
        held = part in party.name.casefold() or party.key.casefold().startswith(part)
        return 1.0 if part and held else max(name_likeness(typed, party.name), name_likeness(typed, party.key))

    scored = sorted(((alike(party), party) for party in everybody), key=lambda pair: (-pair[0], pair[1].key))
    return tuple(party for likeness, party in scored[:NEAREST] if likeness >= _WORTH_NAMING)


def _listed(parties: Iterable[PartyRecord]) -> str:
    return ", ".join(f"{party.key} {party.name}" for party in tuple(parties)[:NEAREST])
