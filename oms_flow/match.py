"""Match: who and what is meant, what the rules find, and whether the machine may go on alone."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache

from sqlalchemy.orm import Session
from sqlmodel import col, select

from matching.lines import chosen_line, match_line
from matching.parties import match_customer, match_ship_to
from oms_core.decisions.risk import least_confidence
from oms_core.decisions.transition import DraftState, transition
from oms_core.decisions.triage import Outcome, Triage, triage
from oms_core.records import Delivery, Document, Draft
from oms_core.values import (
    Candidate,
    Choices,
    Decision,
    DraftDocument,
    Finding,
    MatchedOrder,
    PartyMatch,
    PartyRecord,
    Severity,
)
from oms_flow.house import SYSTEM, House
from oms_store.catalogue import StoredCatalogue, StoredDirectory
from oms_store.codec import dump, load
from oms_store.facts import order_facts, sender_of
from oms_store.store import Unit
from parsers import certainty
from rules.content import content_hash
from rules.evaluation import evaluate


@dataclass(frozen=True, slots=True)
class Judged:
    """One draft with what is meant, what was found, and what follows."""

    draft_id: str
    version: int
    order: MatchedOrder
    findings: tuple[Finding, ...]
    triage: Triage


def prepare(house: House, draft_ids: Sequence[str]) -> tuple[Judged, ...]:
    """Judge every draft that waits for it, in the order given. Writes no row."""
    with house.store.read() as session:
        rows = session.scalars(select(Draft).where(col(Draft.id).in_(draft_ids))).all()
        waiting = {row.id: row for row in rows if row.state == DraftState.DRAFTED}
        return tuple(judge(house, session, waiting[key]) for key in draft_ids if key in waiting)


def save(unit: Unit, judged: Sequence[Judged]) -> int:
    """Write what was judged for drafts that are still as they were; returns how many the machine may accept."""
    accepted = 0
    for verdict in judged:
        draft = unit.session.scalars(select(Draft).where(col(Draft.id) == verdict.draft_id).with_for_update()).one()
        if draft.state != DraftState.DRAFTED or draft.version != verdict.version:
            continue
        write_verdict(draft, verdict)
        draft.state = transition(DraftState.DRAFTED, _NEXT[verdict.triage.outcome])
        if verdict.triage.outcome is Outcome.DUPLICATE:
            draft.duplicate_of = duplicate_of(unit.session, draft)
        draft.version, draft.updated_at = draft.version + 1, unit.now
        accepted += verdict.triage.outcome is Outcome.ACCEPT
        unit.audit(SYSTEM, f"matched: {verdict.triage.outcome}", draft.id)
    return accepted


_NEXT = {
    Outcome.ACCEPT: DraftState.MATCHED,
    Outcome.REVIEW: DraftState.IN_REVIEW,
    Outcome.DUPLICATE: DraftState.DUPLICATE,
}


def judge(house: House, session: Session, draft: Draft) -> Judged:
    """Match one draft, keeping to what people chose, and put every rule to it."""
    payload, choices = load(DraftDocument, draft.payload), load(Choices, draft.choices)
    order = matched(house, session, draft, payload, choices)
    facts = order_facts(session, draft, order, house.us(), reading_threshold(payload.format, house.rules.error_budget))
    told = (*_document_findings(session, draft), *evaluate(order, facts, house.rules))
    findings = tuple(dict.fromkeys((*payload.findings, *told)))
    return Judged(draft.id, draft.version, order, findings, triage(order, findings))


@cache
def reading_threshold(form: str, budget: Decimal) -> float:
    """Return the least confidence of a document that keeps an error budget; 2 where no confidence does.

    Formats without a model of their reading, EDI among them, need none: 0.
    """
    steps = certainty.risk(form)
    if steps is None:
        return 0.0
    least = least_confidence(steps, float(budget))
    return 2.0 if least is None else least


def matched(house: House, session: Session, draft: Draft, payload: DraftDocument, choices: Choices) -> MatchedOrder:
    """Find customer, ship-to and products; a person's choice is the answer where there is one."""
    catalogue = StoredCatalogue(session, house.words, house.today())
    directory = StoredDirectory(session)
    document = session.get_one(Document, draft.document_id)
    sender = sender_of(session.get_one(Delivery, document.delivery_id))
    customer = _chosen_customer(directory, choices) or match_customer(payload, sender, directory)
    key = customer.key if customer.decision is Decision.MATCH else None
    lines = []
    for position, line in enumerate(payload.lines):
        sku = choices.sku(position)
        if sku:
            lines.append(chosen_line(line, position, sku, key, catalogue))
        else:
            lines.append(match_line(line, position, key, catalogue))
    return MatchedOrder(payload, customer, _ship_to(payload, key, directory, choices), tuple(lines))


def write_verdict(draft: Draft, verdict: Judged) -> None:
    """Put what was judged into the row."""
    order = verdict.order
    bare = replace(order, draft=replace(order.draft, lines=(), findings=()))
    draft.match = dump(bare).decode()
    draft.findings = dump(_shown(verdict), tuple[Finding, ...]).decode()
    draft.customer = order.customer.key if order.customer.decision is Decision.MATCH else None
    draft.content_hash = content_hash(order.draft)


def matched_order(draft: Draft) -> MatchedOrder | None:
    """Give back what was matched; None before matching."""
    if draft.match is None:
        return None
    return replace(load(MatchedOrder, draft.match), draft=load(DraftDocument, draft.payload))


def _shown(verdict: Judged) -> tuple[Finding, ...]:
    return tuple(dict.fromkeys((*verdict.triage.reasons, *verdict.findings)))


def _document_findings(session: Session, draft: Draft) -> tuple[Finding, ...]:
    """Return what was found in the delivery as a whole and asks for a person: it holds for each order in it."""
    document = session.get_one(Document, draft.document_id)
    return tuple(f for f in load(tuple[Finding, ...], document.findings) if f.severity is not Severity.NOTE)


def _chosen_customer(directory: StoredDirectory, choices: Choices) -> PartyMatch | None:
    if choices.customer is None:
        return None
    return next((_chosen(party, choices) for party in directory.customers() if party.key == choices.customer), None)


def _ship_to(
    payload: DraftDocument, customer: str | None, directory: StoredDirectory, choices: Choices
) -> PartyMatch | None:
    if customer is None:
        return None
    if choices.ship_to is not None:
        if choices.ship_to == "":
            return None
        for party in directory.ship_tos(customer):
            if party.key == choices.ship_to:
                return _chosen(party, choices)
    return match_ship_to(payload, customer, directory)


def _chosen(party: PartyRecord, choices: Choices) -> PartyMatch:
    reason = f"chosen by {choices.by}"
    return PartyMatch(Decision.MATCH, party.key, 1.0, (Candidate(party.key, party.name, 1.0, (reason,)),))


def duplicate_of(session: Session, draft: Draft) -> str | None:
    """Return the draft that this one repeats: same customer and number, else the same bytes; None where there is none.

    Of several the same content comes first, then the one that became the order, then the one that came first.
    """
    if draft.customer and draft.po_folded:
        same = select(Draft.id).where(
            col(Draft.customer) == draft.customer,
            col(Draft.po_folded) == draft.po_folded,
            col(Draft.kind) == draft.kind,
            col(Draft.id) != draft.id,
            (col(Draft.id) < draft.id) | (col(Draft.state) == DraftState.ACCEPTED),
        )
        content, accepted = col(Draft.content_hash) != draft.content_hash, col(Draft.state) != DraftState.ACCEPTED
        first = session.scalars(same.order_by(content, accepted, col(Draft.id))).first()
        if first is not None:
            return first
    document = session.get_one(Document, draft.document_id)
    return session.scalars(
        select(Draft.id)
        .where(col(Draft.document_id) == document.first_with_bytes, col(Draft.id) != draft.id)
        .order_by(col(Draft.position))
    ).first()
