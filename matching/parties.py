"""Which customer orders and where the goods go: identifiers, sender, domain, then name and address."""

import heapq
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from matching.names import address_likeness, fold_address, name_likeness
from matching.normalise import fold_id
from oms_core.errors import NotFound
from oms_core.ports import PartyDirectory
from oms_core.values.catalogue import PartyRecord
from oms_core.values.document import SenderFacts
from oms_core.values.draft import DraftDocument, DraftParty
from oms_core.values.match import NO_PARTY, Candidate, Decision, PartyMatch

STRENGTH = {"partner": 0.995, "id": 0.99, "edi": 0.97, "sender": 0.99, "domain": 0.96, "email": 0.95}
"""How often each kind of evidence, when it names one customer alone, is right. `email` is printed, `sender` came."""

SAME_NAME = 0.93
"""From this likeness on two names are the same company's, give or take a typo."""

NEAR_NAME = 0.85
"""From this likeness on a name is the same one misspelt, where the address is the same too."""

SAME_ADDRESS = 0.85
"""From this likeness on two addresses are the same place."""

OTHER_NAME = 0.60
"""Below this likeness a name is another company's."""

NAME_AND_ADDRESS = 0.97
NAME_ONLY = 0.75
"""Confidence where only words speak: name and address together decide, a name alone asks."""

CLEAR_LEAD = 0.05
"""By how much the best name must lead the next, so that near twins are asked about."""

MAX_CANDIDATES = 8
_COMPARED = 32
_WORTH_SHOWING = 0.55
_LONGEST = 300
_IN_DOUBT = 0.5


@dataclass(frozen=True, slots=True)
class _Evidence:
    """What one kind of evidence says: these customers, for this reason."""

    kind: str
    customers: tuple[PartyRecord, ...]
    reason: str

    @property
    def keys(self) -> frozenset[str]:
        return frozenset(record.key for record in self.customers)


@dataclass(frozen=True, slots=True)
class _Named:
    """How one customer's name and address are like those printed, 0 to 1 each."""

    record: PartyRecord
    name: float
    address: float


def match_customer(draft: DraftDocument, sender: SenderFacts, directory: PartyDirectory) -> PartyMatch:
    """Say which customer ordered: the channel's partner and printed ids, sender address, domain, then name and address.

    Evidence that names different customers, or a printed name that is another's, is REVIEW with every reason.
    """
    evidence = tuple(e for e in _evidence(draft, sender, directory) if e.customers)
    named = _by_name(draft.buyer, directory.customers())
    if not evidence:
        return _by_words(named)
    common = frozenset.intersection(*(e.keys for e in evidence))
    if not common:
        return _conflict(evidence, named, ())
    shared = {record.key: record for e in evidence for record in e.customers if record.key in common}
    inside = _by_name(draft.buyer, shared.values())
    if len(shared) > 1:
        return _among(inside, evidence, named)
    return _checked(next(iter(shared.values())), inside, evidence, named)


def match_ship_to(draft: DraftDocument, customer: str | None, directory: PartyDirectory) -> PartyMatch | None:
    """Say which known ship-to of the customer is meant; None where none is stated or it is the customer's own address.

    An address that is nowhere near a known one is NONE: a new ship-to, for a person to check.
    """
    stated = draft.ship_to
    if not (stated.id or stated.address or stated.name):
        return None
    if customer is None:
        return NO_PARTY
    own = next((record for record in directory.customers() if record.key == customer), None)
    known = directory.ship_tos(customer)
    by_id = _ship_to_by_id(stated, known)
    if by_id is not None:
        return by_id
    if own is not None and _is_own_address(stated, own):
        return None
    return _ship_to_by_words(stated, known)


def chosen_party(key: str, label: str = "") -> PartyMatch:
    """Return the match for a customer or ship-to that a person chose."""
    return PartyMatch(Decision.MATCH, key, 1.0, (Candidate(key, label or key, 1.0, ("chosen",)),))


def chosen_customer(key: str, directory: PartyDirectory) -> PartyMatch:
    """Return the match for a customer that a person chose. Raises `NotFound` where the directory has none such."""
    for record in directory.customers():
        if record.key == key:
            return chosen_party(key, record.name)
    raise NotFound(f"There is no customer {key}: choose another, or create it first")


def is_public_domain(domain: str) -> bool:
    """Tell whether anybody may have a mail address there, so that it says nothing of who orders."""
    return domain.strip().casefold() in _public_domains()


def _evidence(draft: DraftDocument, sender: SenderFacts, directory: PartyDirectory) -> Iterator[_Evidence]:
    if sender.partner:
        found = directory.customers_by_id(fold_id(sender.partner))
        yield _Evidence("partner", tuple(found), f"the channel knows the sender as {sender.partner[:60]}")
    yield _by_number(draft, directory)
    if sender.address:
        yield _by_mail("sender", "sent from", sender.address, directory)
    if draft.buyer.email:
        yield _by_mail("email", "the document prints", draft.buyer.email.value, directory)


def _by_number(draft: DraftDocument, directory: PartyDirectory) -> _Evidence:
    """Look the printed buyer number up, else the EDI sender: a head office may send for its branches."""
    if draft.buyer.id and fold_id(draft.buyer.id.value):
        found = directory.customers_by_id(fold_id(draft.buyer.id.value))
        if found:
            return _Evidence("id", tuple(found), f"the document names the buyer by {draft.buyer.id.value[:60]}")
    edi_sender = (draft.interchange or "").partition("|")[0]
    found = directory.customers_by_id(fold_id(edi_sender)) if fold_id(edi_sender) else ()
    return _Evidence("edi", tuple(found), f"the interchange came from {edi_sender[:60]}")


def _by_mail(kind: str, words: str, address: str, directory: PartyDirectory) -> _Evidence:
    """Look a mail address up: exactly first, then by its domain and the domains above, unless anybody may use it."""
    folded = address.strip().strip("<>").casefold()[:_LONGEST]
    exact = directory.customers_by_email(folded)
    if exact:
        return _Evidence(kind, tuple(exact), f"{words} {folded}, known for this customer")
    labels = folded.rpartition("@")[2].split(".")
    for start in range(len(labels) - 1):
        domain = ".".join(labels[start:])
        if is_public_domain(domain):
            break
        found = directory.customers_by_domain(domain)
        if found:
            return _Evidence("domain" if kind == "sender" else "email", tuple(found), f"{words} the domain {domain}")
    return _Evidence(kind, (), "")


def _checked(
    record: PartyRecord, inside: Sequence[_Named], evidence: Sequence[_Evidence], named: Sequence[_Named]
) -> PartyMatch:
    """Hold the one customer that all evidence names against the printed name, where one is printed."""
    own = inside[0].name if inside else None
    rival = next((n for n in named if n.record.key != record.key), None)
    if own is not None and rival is not None and rival.name >= SAME_NAME and own < rival.name - CLEAR_LEAD:
        return _conflict(evidence, named, (f"but the printed name is that of {rival.record.name}",))
    if own is not None and own < OTHER_NAME and {e.kind for e in evidence} <= {"domain", "email"}:
        return _conflict(evidence, named, (f"but the printed name is not like {record.name}",))
    reasons = [e.reason for e in evidence]
    if own is not None and own >= SAME_NAME:
        reasons.append(f"name agrees: {record.name}")
    confidence = max(STRENGTH[e.kind] for e in evidence)
    listed = (Candidate(record.key, record.name, confidence, tuple(reasons)),)
    return PartyMatch(Decision.MATCH, record.key, confidence, listed)


def _among(inside: Sequence[_Named], evidence: Sequence[_Evidence], named: Sequence[_Named]) -> PartyMatch:
    """Choose among several customers that share an identifier, sender or domain by the printed name."""
    if _clear(inside) and inside[0].name >= named[0].name:
        best = inside[0].record
        reasons = (*(e.reason for e in evidence), f"of the customers that share this the name agrees: {best.name}")
        listed = (Candidate(best.key, best.name, NAME_AND_ADDRESS, reasons),)
        return PartyMatch(Decision.MATCH, best.key, NAME_AND_ADDRESS, listed)
    return _conflict(evidence, named, ("several customers share this",))


def _clear(named: Sequence[_Named]) -> bool:
    """Tell whether the first name is the printed one and no other comes near."""
    if not named or named[0].name < SAME_NAME:
        return False
    return len(named) == 1 or named[0].name - named[1].name >= CLEAR_LEAD


def _conflict(evidence: Sequence[_Evidence], named: Sequence[_Named], extra: tuple[str, ...]) -> PartyMatch:
    """List every customer that some evidence names, each with its own reasons; the strongest first, none decided."""
    found: dict[str, tuple[float, PartyRecord, list[str]]] = {}
    for piece in evidence:
        for record in piece.customers:
            worth, _, reasons = found.get(record.key, (0.0, record, []))
            found[record.key] = (max(worth, STRENGTH[piece.kind]), record, [*reasons, piece.reason])
    for near in named:
        if near.name >= SAME_NAME:
            worth, record, reasons = found.get(near.record.key, (NAME_ONLY, near.record, []))
            found[near.record.key] = (worth, record, [*reasons, f"the printed name is like {near.record.name}"])
    ordered = sorted(found.values(), key=lambda item: (-item[0], item[1].key))[:MAX_CANDIDATES]
    share = round(_IN_DOUBT / max(1, len(ordered) - 1), 4) if len(ordered) > 1 else _IN_DOUBT
    listed = tuple(
        Candidate(record.key, record.name, share, (*reasons, *(extra if place == 0 else ())))
        for place, (_, record, reasons) in enumerate(ordered)
    )
    return PartyMatch(Decision.REVIEW, listed[0].key, share, listed)


def _by_name(buyer: DraftParty, customers: Iterable[PartyRecord]) -> list[_Named]:
    """Return the customers whose names are most like the printed one, best first; empty where none is printed."""
    if buyer.name is None or not buyer.name.value.strip():
        return []
    printed = buyer.name.value[:_LONGEST]
    address = buyer.address.value[:_LONGEST] if buyer.address else ""
    named = ((name_likeness(printed, record.name), record) for record in customers)
    nearest = heapq.nsmallest(_COMPARED, named, key=lambda pair: (-pair[0], pair[1].key))
    compared = (_Named(r, alike, address_likeness(address, r.address) if address else 0.0) for alike, r in nearest)
    return sorted(compared, key=lambda n: (-n.name - n.address / 10, n.record.key))


def _by_words(named: Sequence[_Named]) -> PartyMatch:
    """Decide by name and address alone: both must be the same and no other customer near; else a person decides."""
    worth = [n for n in named if n.name >= _WORTH_SHOWING][:MAX_CANDIDATES]
    if not worth:
        return NO_PARTY
    best = worth[0]
    rivals = [n for n in worth[1:] if best.name - n.name < 2 * CLEAR_LEAD and n.address >= SAME_ADDRESS]
    sure = best.name >= NEAR_NAME and best.address >= SAME_ADDRESS and not rivals
    top = NAME_AND_ADDRESS if sure else NAME_ONLY
    listed = tuple(
        Candidate(n.record.key, n.record.name, round(top * n.name * (1 if place == 0 else _IN_DOUBT), 4), _words(n))
        for place, n in enumerate(worth)
    )
    decision = Decision.MATCH if sure else Decision.REVIEW
    return PartyMatch(decision, best.record.key, listed[0].confidence, listed)


def _words(named: _Named) -> tuple[str, ...]:
    name = "same name" if named.name >= SAME_NAME else f"name is alike: {named.record.name}"
    if not named.address:
        return (name,)
    return (name, "same address" if named.address >= SAME_ADDRESS else f"address differs: {named.record.address}")


def _ship_to_by_id(stated: DraftParty, known: Sequence[PartyRecord]) -> PartyMatch | None:
    """Find a ship-to by its number; a printed address that is another place makes it a question."""
    if stated.id is None or not fold_id(stated.id.value):
        return None
    wanted = fold_id(stated.id.value)
    found = [r for r in known if wanted in {fold_id(i) for i in (*r.ids, r.key)}]
    if len(found) != 1:
        return None
    record, reasons = found[0], [f"the document names it by {stated.id.value[:60]}"]
    if stated.address and record.address and address_likeness(stated.address.value, record.address) < SAME_ADDRESS:
        reasons.append(f"but the printed address is not {record.address}")
        listed = (Candidate(record.key, record.name, _IN_DOUBT, tuple(reasons)),)
        return PartyMatch(Decision.REVIEW, record.key, _IN_DOUBT, listed)
    listed = (Candidate(record.key, record.name, STRENGTH["id"], tuple(reasons)),)
    return PartyMatch(Decision.MATCH, record.key, STRENGTH["id"], listed)


def _is_own_address(stated: DraftParty, own: PartyRecord) -> bool:
    """Tell whether the ship-to is the customer itself: same place, or its own number or name with no other place."""
    if stated.address is not None:
        return address_likeness(stated.address.value[:_LONGEST], own.address) >= SAME_ADDRESS
    if stated.id is not None and fold_id(stated.id.value) in {fold_id(i) for i in own.ids}:
        return True
    return stated.id is None and stated.name is not None and name_likeness(stated.name.value, own.name) >= SAME_NAME


def _ship_to_by_words(stated: DraftParty, known: Sequence[PartyRecord]) -> PartyMatch:
    scored = sorted(((_place_likeness(stated, r), r) for r in known), key=lambda item: (-item[0], item[1].key))
    near = [(alike, record) for alike, record in scored if alike >= _WORTH_SHOWING][:MAX_CANDIDATES]
    if not near:
        return NO_PARTY
    best, record = near[0]
    lead = best - near[1][0] if len(near) > 1 else 1.0
    sure = best >= SAME_ADDRESS and lead >= CLEAR_LEAD and stated.address is not None
    listed = tuple(
        Candidate(r.key, r.name, round(alike * (1 if sure and not place else _IN_DOUBT), 4), (_place_reason(alike, r),))
        for place, (alike, r) in enumerate(near)
    )
    return PartyMatch(Decision.MATCH if sure else Decision.REVIEW, record.key, listed[0].confidence, listed)


def _place_likeness(stated: DraftParty, record: PartyRecord) -> float:
    """Compare places by address; where only a name is printed, by name, which alone never decides."""
    if stated.address is not None and fold_address(stated.address.value[:_LONGEST]):
        return address_likeness(stated.address.value[:_LONGEST], record.address)
    return name_likeness(stated.name.value[:_LONGEST], record.name) if stated.name else 0.0


def _place_reason(alike: float, record: PartyRecord) -> str:
    return f"{'same' if alike >= SAME_ADDRESS else 'alike'}: {record.name}, {record.address}"


@cache
def _public_domains() -> frozenset[str]:
    text = files("matching").joinpath("data/public_mail_domains.txt").read_text("utf-8")
    return frozenset(line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#"))
