"""Who orders, who is asked, where it goes: labelled blocks first, then letterhead, return line, addressee and footer.

Who writes follows from the kind of document: on orders the letterhead is the buyer, on invoices and quotations the
supplier. Our own names, where given, settle which of the two is the supplier.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from oms_core.values.document import Hints
from oms_core.values.draft import DocumentKind, DraftParty
from oms_core.values.source import Value
from parsers.pdf.head import lines
from parsers.pdf.head.blocks import Block, Columns
from parsers.pdf.head.identifiers import Identifier, identifiers, strongest
from parsers.pdf.head.kind import SELLER_WRITES
from parsers.pdf.head.letterhead import Letterheads, Unlabelled
from parsers.pdf.head.pairs import Neighbours
from parsers.pdf.head.shapes import is_company, is_place, squash
from parsers.pdf.head.values import dates_in
from parsers.pdf.layout import Cell, Row
from parsers.words import labels

_OTHER_SIDE = {"buyer": "supplier", "supplier": "buyer"}
_NUANCES: Mapping[str, float] = {"invoice": 0.9, "from": 0.7, "to": 0.8, "addressee": 0.8}
_FLIPPED = frozenset({"to", "from"})
_CODE_SURE = 0.7
_GUESSED, _ATTENDED = 0.5, 0.6
_PARTS_NEAR = 8
"""So many lines lie at most between 'Supplier:' and 'Supplier address:'."""

_WEAK_LABEL = 0.7
_OWN_IDS = 2
"""With more tax numbers outside all blocks, none is surely the writer's."""

_RUNNING_WORDS = 4
"""Words before a label that make its line running text."""

_SHARED = 0.6
"""Two names that share this much of their words are of one company."""


@dataclass(frozen=True, slots=True)
class Parties:
    """The three parties of a document, and whether the buyer's block carried a label."""

    buyer: DraftParty
    supplier: DraftParty
    ship_to: DraftParty
    labelled: frozenset[str]
    ship_to_ends: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True)
class _Read:
    party: DraftParty
    block: Block
    weight: float


def parties(
    columns: Columns, near: Neighbours, rows: Sequence[Row], above: Sequence[Row], kind: DocumentKind, hints: Hints
) -> Parties:
    """Return the parties of a document; `rows` are all its lines, `above` those before the goods."""
    writer = "supplier" if kind in SELLER_WRITES else "buyer"
    blocks = columns.labelled()
    lasts = (block.lines[-1] for block in blocks if block.role == "ship_to")
    best = _labelled(blocks, kind, columns.texts)
    taken = [cell for block in blocks for cell in block.lines]
    own = [squash(block.lines[0].text) for block in blocks if block.role == "ship_to" and writer == "buyer"]
    heads = Letterheads(columns, above, taken, own)
    roles = {role: read.party for role, read in best.items()}
    others = _unlabelled(roles, heads, writer, best)
    others = (*others, *(cell for block in blocks if block.role not in {writer, "other"} for cell in block.lines))
    _returned(roles, best)
    if writer == "buyer" and "supplier" not in roles:
        roles.update(_attended(columns))
    roles = _identified(roles, rows, tuple(_beside(columns, near)), others, writer)
    if _is_ours(roles.get("buyer"), hints) and kind not in SELLER_WRITES:
        roles["buyer"], roles["supplier"] = roles.get("supplier", DraftParty()), roles["buyer"]
    none = DraftParty()
    buyer = roles.get("buyer", none)
    ship_to = _placed(roles.get("ship_to", none), buyer)
    if kind is DocumentKind.DESPATCH_ADVICE and not buyer.stated and ship_to.name is not None:
        buyer = _doubted(ship_to)  # who gets the goods, where nothing else names the buyer
    return Parties(
        buyer,
        roles.get("supplier", none),
        ship_to,
        frozenset(best),
        tuple(lasts),
    )


def _labelled(blocks: Sequence[Block], kind: DocumentKind, texts: frozenset[str]) -> dict[str, _Read]:
    """Return the best block of each role: a sure label above a company with an address."""
    reads: dict[str, list[_Read]] = {}
    named = {block.role for block in blocks if block.nuance != "addressee"}
    for block in blocks:
        role = block.role
        if block.nuance == "addressee" and kind not in SELLER_WRITES and "supplier" not in named:
            role = "supplier"
        if role not in {"buyer", "supplier", "ship_to"}:
            continue
        if kind in SELLER_WRITES and block.nuance in _FLIPPED:
            role = _OTHER_SIDE[role]
        sure = 0.9 * block.sure + 0.03
        party = lines.party(block.lines, sure, place=role == "ship_to", texts_around=texts)
        weight = _weight(block, party)
        if not party.stated or weight <= 0 or _is_here(block):
            continue
        reads.setdefault(role, []).append(_Read(party, block, weight))
    return _apart({role: _completed(found) for role, found in reads.items()})


def _completed(found: Sequence[_Read]) -> _Read:
    """Return the best of a role's blocks; where it lacks the name or the address, from a block that has only that."""
    best = found[0]
    for read in found[1:]:
        best = read if read.weight > best.weight + 0.01 else best
    party = best.party
    for read in found:
        more = read.party
        if read is best or abs(read.block.row - best.block.row) > _PARTS_NEAR:
            continue
        if party.name is None and more.name is not None and more.address is None:
            party = replace(party, name=more.name, id=party.id or more.id)
        elif party.address is None and more.address is not None and more.name is None:
            party = replace(party, address=more.address, id=party.id or more.id)
    return replace(best, party=party)


def _is_here(block: Block) -> bool:
    """Say whether a place only points to another one on the page or to the buyer's own: 'wie oben', 'our warehouse'."""
    words = labels.words_of(block.lines[0].text)
    label = labels.at("same", words)
    pointed = label is not None and (label.end > 1 or label.end == len(words))
    return pointed and not any(char.isdigit() for line in block.lines[1:] for char in line.text)


def _apart(best: dict[str, _Read]) -> dict[str, _Read]:
    """Leave out the later of buyer and supplier where both are one company: its label was of a person."""
    buyer, supplier = best.get("buyer"), best.get("supplier")
    if buyer is None or supplier is None or not _alike(buyer.party, supplier.party):
        return best
    later = "buyer" if buyer.block.row > supplier.block.row else "supplier"
    return {role: read for role, read in best.items() if role != later}


def _weight(block: Block, party: DraftParty) -> float:
    text = " ".join(cell.text for cell in block.lines)
    weight = block.sure * _NUANCES.get(block.nuance, 1.0)
    weight += 0.3 * is_company(text) + 0.3 * is_place(text) + 0.1 * (party.address is not None)
    weak = block.sure < _WEAK_LABEL
    several = len(block.lines) > 1 or "," in text
    told = is_company(text) or (several and is_place(text) and not dates_in(text))
    return 0.0 if weak and not told else weight


def _unlabelled(
    roles: dict[str, DraftParty], heads: Letterheads, writer: str, best: Mapping[str, _Read]
) -> tuple[Cell, ...]:
    """Fill in who writes and whom it is written to from the blocks without a label; return the addressee's lines."""
    other = _OTHER_SIDE[writer]
    head = heads.writer()
    if head is None:
        return ()
    stated = roles.get(writer)
    letter = _letter(head, heads)
    if letter.name is None:
        return ()
    if stated is None or stated.name is None:
        roles[writer] = _merged(letter, stated)
    elif _alike(stated, letter):
        roles[writer] = replace(stated, name=_fuller(stated, letter, best[writer].block), id=stated.id or letter.id)
    elif not _stands(stated) and head.strong:
        roles[writer] = letter
    elif other not in roles and head.strong and writer == "buyer":
        roles[other] = letter
        return ()
    if other in roles and _stands(roles[other]):
        return ()
    addressee = heads.addressee(head)
    if addressee is None or (other in roles and not _stands(addressee.party)):
        if stated is None and other not in roles and not head.told and not heads.repeated(head):
            roles[writer] = _doubted(roles[writer])
        return ()
    roles[other] = addressee.party
    return addressee.lines


def _doubted(party: DraftParty) -> DraftParty:
    """Return a party with little confidence: nothing on the page says that it is this one and not the other."""
    name, address = party.name, party.address
    return replace(
        party,
        name=replace(name, confidence=min(name.confidence, _GUESSED)) if name is not None else None,
        address=replace(address, confidence=min(address.confidence, _GUESSED)) if address is not None else None,
    )


def _returned(roles: dict[str, DraftParty], best: Mapping[str, _Read]) -> None:
    """Make a 'recipient' that is the buyer under its own name the place of delivery again."""
    read = best.get("supplier")
    if read is None or read.block.nuance != "addressee" or "ship_to" in roles:
        return
    if _alike(read.party, roles.get("buyer", DraftParty())):
        roles["ship_to"] = roles.pop("supplier")


def _attended(columns: Columns) -> dict[str, DraftParty]:
    """Return the company to whose attention an order goes as its supplier: 'A la atención de: Acme S.L.'."""
    for mark in columns.marks:
        part = mark.means("part")
        if part is None or part.field != "contact" or not mark.colon or not mark.first or mark.rest is None:
            continue
        if is_company(mark.rest_text) and not any(char.isdigit() for char in mark.rest_text):
            return {"supplier": lines.party((mark.rest,), _ATTENDED)}
    return {}


def _letter(head: Unlabelled, heads: Letterheads) -> DraftParty:
    """Return what all blocks of the writer's say together: the name may stand at the top, the address in the footer."""
    letter = head.party
    for other in heads.repeated(head):
        more = other.party
        fuller = letter.name and more.name and is_company(more.name.value) and not is_company(letter.name.value)
        letter = replace(
            letter,
            name=more.name if fuller else letter.name,
            address=_better_place(letter.address, more.address),
            id=letter.id or more.id,
        )
    return letter


def _better_place(one: Value[str] | None, two: Value[str] | None) -> Value[str] | None:
    """Return the address that has a post code; the first of two."""
    if one is None or (two is not None and not is_place(one.value) and is_place(two.value)):
        return two
    return one


def _merged(letter: DraftParty, stated: DraftParty | None) -> DraftParty:
    if stated is None:
        return letter
    return replace(letter, id=stated.id or letter.id, address=letter.address or stated.address)


def _stands(party: DraftParty) -> bool:
    """Say whether a labelled party is more than a person's name: a company, or one with an address."""
    placed = party.address is not None and is_place(party.address.value)
    return party.name is not None and (is_company(party.name.value) or placed)


def _alike(one: DraftParty, two: DraftParty) -> bool:
    if one.name is None or two.name is None:
        return False
    a, b = squash(one.name.value), squash(two.name.value)
    if a and b and (a in b or b in a):
        return True
    left, right = set(labels.words_of(one.name.value)), set(labels.words_of(two.name.value))
    return len(left & right) >= _SHARED * max(len(left | right), 1)


def _fuller(stated: DraftParty, letter: DraftParty, block: Block) -> Value[str] | None:
    """Return the letterhead's name where it adds to the labelled one, or that is only where the invoice goes."""
    if stated.name is None or letter.name is None:
        return stated.name
    longer = len(squash(letter.name.value)) > len(squash(stated.name.value)) and stated.address is None
    return letter.name if longer or block.nuance == "invoice" else stated.name


def _identified(
    roles: dict[str, DraftParty],
    rows: Sequence[Row],
    beside: Sequence[tuple[Cell, Identifier]],
    others: Sequence[Cell],
    writer: str,
) -> dict[str, DraftParty]:
    """Give parties the identifiers printed apart from their blocks: the writer's tax number, account numbers.

    `others` are the lines of those who did not write.
    """
    inside = {word for cell in others for word in cell.words}
    loose = [one for row in rows for cell in row.cells if cell.words[0] not in inside for one in identifiers(cell)]
    loose += _wrapped(rows)
    loose += [one for cell, one in beside if cell.words[0] not in inside]
    own = [one for one in loose if one.kind in {"gln", "vat"} and one.nuance != "yours"]
    yours = strongest([one for one in loose if one.nuance == "yours"])
    accounts = {
        "buyer": [one for one in loose if one.nuance == "customer"]
        or [one for one in loose if one.kind == "account" and not one.nuance],
        "supplier": [one for one in loose if one.nuance == "vendor"],
    }
    filled = dict(roles)
    for role in ("buyer", "supplier"):
        party = filled.get(role)
        if party is None:
            continue
        found = strongest(own) if role == writer and len({one.value.value for one in own}) <= _OWN_IDS else None
        found = found or (yours if role != writer else None) or strongest(accounts[role])
        if found is not None and (party.id is None or party.id.confidence < _CODE_SURE):
            filled[role] = replace(party, id=found.value)
    return filled


def _wrapped(rows: Sequence[Row]) -> list[Identifier]:
    """Return the tax numbers that begin a line right below the one that their label ends: running text is broken so."""
    found: list[Identifier] = []
    for row, below in pairwise(rows):
        for cell in row.cells if row.page == below.page else ():
            tokens = labels.tokens(cell.text)
            label = next(
                (one for one in labels.every("identifier", [t.word for t in tokens]) if one.end == len(tokens)), None
            )
            if label is None or label.field != "vat" or label.start < _RUNNING_WORDS:
                continue
            under = next((one for one in below.cells if abs(one.x0 - cell.x0) < cell.words[0].height), None)
            named = cell.part(tokens[label.start].start) if under is not None else None
            if under is not None and named is not None:
                found += identifiers(Cell((*named.words, *under.words)))
    return found


def _beside(columns: Columns, near: Neighbours) -> Iterator[tuple[Cell, Identifier]]:
    """Yield the identifiers whose label stands alone, with the cell beside or below it that holds the value."""
    for mark in columns.marks:
        party = mark.means("party")
        if mark.rest is not None or (party is None and mark.means("identifier") is None):
            continue
        for target in near.targets(mark)[:1]:
            if near.left(target, mark) < 1:
                continue
            if party is not None and columns.is_numbered(mark):
                code = target.cell.text.strip(": ")
                whose = "vendor" if party.field == "supplier" else "customer"
                yield target.cell, Identifier(Value(code, target.cell.source, _CODE_SURE), "account", whose)
            for one in identifiers(Cell((*mark.label.words, *target.cell.words))):
                yield target.cell, one


def _placed(ship_to: DraftParty, buyer: DraftParty) -> DraftParty:
    """Return a ship-to whose 'name' is only the first line of the buyer's own address as an address without a name."""
    name, address = ship_to.name, ship_to.address
    if name is None or buyer.address is None or buyer.name is None or _alike(ship_to, buyer):
        return ship_to
    if squash(name.value) not in squash(buyer.address.value) or is_company(name.value):
        return ship_to
    joined = f"{name.value}, {address.value}" if address is not None else name.value
    return replace(ship_to, name=None, address=Value(joined, name.source, name.confidence - 0.1))


def _is_ours(party: DraftParty | None, hints: Hints) -> bool:
    """Say whether a party is ourselves by one of our names or numbers."""
    if party is None:
        return False
    if party.id is not None and squash(party.id.value) in {squash(one) for one in hints.our_ids if one}:
        return True
    name = " ".join(labels.words_of(party.name.value)) if party.name is not None else ""
    ours = (" ".join(labels.words_of(one)) for one in hints.our_names)
    return bool(name) and any(own and (own in name or name in own) for own in ours)
