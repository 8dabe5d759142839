"""Review: what a person sees of a draft, corrects, chooses and decides.

Every change names the version that the person looked at; a stale one raises StaleVersion. After each change the draft
is judged again, keeping to what people chose.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

from sqlmodel import col, select

from oms_core.decisions.transition import DraftState, transition
from oms_core.decisions.triage import blocking
from oms_core.errors import IllegalTransition, InvalidInput, NotFound, StaleVersion
from oms_core.records import CrossReferenceRecord, Customer, Draft, RepeatAnswer, SenderAddress, ShipTo
from oms_core.values import Choices, DocumentKind, DraftDocument, Finding, LineMatch, MatchedOrder, Severity
from oms_core.values.facts import RepeatAnswer as Answer
from oms_flow import match
from oms_flow.accept import Accepted, accept
from oms_flow.change import Ending, Outlook, apply_cancellation, outlook
from oms_flow.house import House
from oms_flow.learning import learn
from oms_flow.read import order_number
from oms_flow.senders import delivery_of
from oms_store.catalogue import products_by_sku
from oms_store.codec import dump, load
from oms_store.master import KINDS
from oms_store.store import Unit
from rules.checks.completeness import TOUCHES_AN_ORDER

CLAIM_MINUTES = 10
"""How long an opened task stays with the person who opened it, unless they go on with it."""


@dataclass(frozen=True, slots=True)
class Edit:
    """Who changes which record (a draft, or a document), and the version of it that they looked at."""

    key: str
    version: int
    who: str


@dataclass(frozen=True, slots=True)
class Task:
    """One draft as a person decides on it; `blocks` must be put right before it can be accepted."""

    draft_id: str
    version: int
    state: str
    kind: str
    order: MatchedOrder
    findings: tuple[Finding, ...]
    blocks: tuple[Finding, ...]
    choices: Choices
    document_id: str
    source_document_id: str
    claimed_by: str | None
    order_id: str | None
    duplicate_of: str | None
    ending: Ending
    """The verb that ends this task, once what blocks it is put right."""


def task(house: House, draft_id: str) -> Task:
    """Load one draft for a person. Raises NotFound."""
    with house.store.read() as session:
        draft = session.get(Draft, draft_id)
        if draft is None:
            raise NotFound(f"there is no order draft {draft_id}")
        order = match.matched_order(draft)
        if order is None:
            order = match.judge(house, session, draft).order
        seen = outlook(session, draft)
    findings, blocks = _told(draft, order, seen)
    return Task(
        draft_id=draft.id,
        version=draft.version,
        state=draft.state,
        kind=draft.kind,
        order=order,
        findings=findings,
        blocks=blocks,
        choices=load(Choices, draft.choices),
        document_id=draft.document_id,
        source_document_id=draft.source_document_id,
        claimed_by=draft.claimed_by,
        order_id=draft.order_id,
        duplicate_of=draft.duplicate_of,
        ending=seen.ending if seen else Ending.ACCEPT,
    )


def _told(draft: Draft, order: MatchedOrder, seen: Outlook | None) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """Return what was noticed, and what of it blocks.

    What touches an order is told by the outlook alone, in one instruction; before that only the customer matters.
    """
    findings = load(tuple[Finding, ...], draft.findings)
    blocks = blocking(order, findings)
    if draft.kind == DocumentKind.ORDER:
        return findings, blocks
    if seen is None:
        return findings, tuple(one for one in blocks if one.place == "customer")
    others = tuple(one for one in findings if one.code != TOUCHES_AN_ORDER)
    return (seen.finding, *others), (seen.finding,) if seen.finding.severity is Severity.BLOCK else ()


def claim(house: House, draft_id: str, who: str) -> str:
    """Take a task for a while and return who has it now: another person, where one was quicker."""
    with house.store.write("review.claim") as unit:
        draft = _draft(unit, draft_id)
        taken = draft.claimed_by and draft.claimed_until and draft.claimed_until > unit.now
        if not taken or draft.claimed_by == who:
            draft.claimed_by, draft.claimed_until = who, unit.now + timedelta(minutes=CLAIM_MINUTES)
        return draft.claimed_by or who


def correct(house: House, edit: Edit, change: Callable[[DraftDocument], DraftDocument]) -> int:
    """Change what was read (see `oms_flow.correction`) and judge again; returns the new version."""
    with house.store.write("review.correct") as unit:
        draft = _open(unit, edit)
        before = draft.payload
        payload = change(load(DraftDocument, before))
        draft.payload = dump(payload).decode()
        draft.number = payload.number.value if payload.number else None
        draft.po_folded = order_number(payload)
        return _judged_again(house, unit, draft, edit.who, "corrected", before)


def remove_line(house: House, edit: Edit, position: int) -> int:
    """Take a line out; choices for later lines move with them."""
    with house.store.write("review.correct") as unit:
        draft = _open(unit, edit)
        payload = load(DraftDocument, draft.payload)
        if not 0 <= position < len(payload.lines):
            raise InvalidInput(f"there is no line {position + 1} to take out")
        before = draft.payload
        kept = payload.lines[:position] + payload.lines[position + 1 :]
        choices = load(Choices, draft.choices)
        moved = tuple((at - (at > position), sku) for at, sku in choices.lines if at != position)
        draft.payload = dump(replace(payload, lines=kept)).decode()
        draft.choices = dump(replace(choices, lines=moved)).decode()
        return _judged_again(house, unit, draft, edit.who, f"took out line {position + 1}", before)


def choose_product(house: House, edit: Edit, position: int, sku: str, *, remember: bool = False) -> int:
    """Say which product a line means, for good; `remember` keeps the customer's code for the next order."""
    with house.store.write("review.choose") as unit:
        draft = _open(unit, edit)
        if sku not in products_by_sku(unit.session, [sku]):
            raise InvalidInput(f"there is no product {sku!r}; choose one from the list")
        if not 0 <= position < len(load(DraftDocument, draft.payload).lines):
            raise InvalidInput(f"there is no line {position + 1} to choose a product for")
        choices = load(Choices, draft.choices)
        lines = dict(choices.lines) | {position: sku}
        draft.choices = dump(replace(choices, lines=tuple(sorted(lines.items())), by=edit.who)).decode()
        if remember:
            _remember_code(unit, draft, edit.who, position, sku)
        return _judged_again(house, unit, draft, edit.who, f"chose {sku} for line {position + 1}")


def choose_customer(house: House, edit: Edit, number: str, *, remember: bool = False) -> int:
    """Say who orders; `remember` ties the sender's address to this customer."""
    with house.store.write("review.choose") as unit:
        draft = _open(unit, edit)
        if unit.session.get(Customer, number) is None:
            raise InvalidInput(f"there is no customer {number!r}; choose one from the list")
        draft.choices = dump(replace(load(Choices, draft.choices), customer=number, ship_to=None, by=edit.who)).decode()
        if remember:
            _remember_sender(unit, draft, edit.who, number)
        return _judged_again(house, unit, draft, edit.who, f"chose customer {number}")


def choose_ship_to(house: House, edit: Edit, code: str) -> int:
    """Say where the goods go; an empty code is the customer's own address."""
    with house.store.write("review.choose") as unit:
        draft = _open(unit, edit)
        if draft.customer is None:
            raise InvalidInput("choose the customer first; then there are addresses to choose from")
        if code and unit.session.get(ShipTo, (draft.customer, code)) is None:
            raise InvalidInput(f"this customer has no ship-to {code!r}; choose one from the list")
        draft.choices = dump(replace(load(Choices, draft.choices), ship_to=code, by=edit.who)).decode()
        return _judged_again(house, unit, draft, edit.who, f"chose ship-to {code or 'own address'}")


def accept_task(house: House, edit: Edit) -> Accepted:
    """Accept over every finding that was shown; what blocks, or is new since then, stops it with the reasons.

    From what was corrected before, the reading of this sender's next document is learned.
    """
    accepted = _accept_task(house, edit)
    if accepted.order_id is not None:
        learn(house, edit.key, edit.who)
    return accepted


def _accept_task(house: House, edit: Edit) -> Accepted:
    with house.store.write("review.accept") as unit:
        draft = _draft(unit, edit.key)
        if draft.state in (DraftState.ACCEPTED, DraftState.APPLIED):
            return Accepted(draft.order_id, rejected=draft.order_id is None)
        draft = _open(unit, edit)
        order = match.matched_order(draft)
        findings = load(tuple[Finding, ...], draft.findings)
        if order is None:
            raise IllegalTransition("This order was not matched yet; wait a moment and reload.")
        if draft.kind != DocumentKind.ORDER:
            return _accept_touching(unit, draft, order, edit.who)
        stops = blocking(order, findings)
        if stops:
            return Accepted(None, stops)
        return accept(house, unit, edit.key, edit.who, frozenset(finding.code for finding in findings))


def _accept_touching(unit: Unit, draft: Draft, order: MatchedOrder, who: str) -> Accepted:
    """Carry out what touches an order already there, or return what is in the way."""
    seen = outlook(unit.session, draft)
    _, stops = _told(draft, order, seen)
    if seen is None or stops:
        return Accepted(None, stops)
    order_id = apply_cancellation(unit, draft, who, Ending.ACCEPT)
    return Accepted(order_id, rejected=order_id is None)


def cancelled_in_erp(house: House, edit: Edit) -> str | None:
    """Say that a person has cancelled the order in the ERP, as its customer asks; here it is cancelled with it.

    Returns the order's id; a second time it changes nothing. Raises IllegalTransition where the ERP does not have the
    order, or no longer has to be told by a person.
    """
    with house.store.write("review.cancel") as unit:
        draft = _draft(unit, edit.key)
        if draft.state == DraftState.APPLIED:
            return draft.order_id
        draft = _open(unit, edit)
        if draft.kind != DocumentKind.ORDER_CANCELLATION:
            raise IllegalTransition("This document cancels no order; accept or reject it.")
        if draft.customer is None:
            raise IllegalTransition("Choose the customer first: then the order that this names can be found.")
        return apply_cancellation(unit, draft, edit.who, Ending.CANCELLED_IN_ERP)


def reject(house: House, edit: Edit, reason: str) -> None:
    """Decide that no order comes of this. Raises InvalidInput without a reason."""
    if not reason.strip():
        raise InvalidInput("say why the order is rejected; the next person will ask")
    with house.store.write("review.reject") as unit:
        draft = _open(unit, edit)
        draft.state = transition(DraftState(draft.state), DraftState.REJECTED)
        draft.reject_reason, draft.decided_by = reason.strip()[:1000], edit.who
        draft.version, draft.updated_at = draft.version + 1, unit.now
        unit.audit(edit.who, "rejected", draft.id, draft.reject_reason)


def mark_duplicate(house: House, edit: Edit, *, keep: bool = False) -> None:
    """Decide that this is the same order again, linked to the first; `keep` answers so for this sender from now on.

    Raises InvalidInput where nothing came before that it could be: linked to nothing, an order would be lost.
    """
    with house.store.write("review.duplicate") as unit:
        draft = _open(unit, edit)
        draft.state = transition(DraftState(draft.state), DraftState.DUPLICATE)
        draft.duplicate_of = draft.duplicate_of or match.duplicate_of(unit.session, draft)
        if draft.duplicate_of is None:
            raise InvalidInput("nothing came before that this could be again; reject it with a reason instead")
        draft.decided_by, draft.version, draft.updated_at = edit.who, draft.version + 1, unit.now
        if keep:
            _keep_answer(unit, draft, edit.who, Answer.DUPLICATE)
        unit.audit(edit.who, "marked as duplicate", draft.id)


def keep_repeat(house: House, edit: Edit) -> int:
    """Answer 'each delivery is an order of its own' for this sender from now on, and judge again."""
    with house.store.write("review.repeat") as unit:
        draft = _open(unit, edit)
        _keep_answer(unit, draft, edit.who, Answer.REPEAT)
        return _judged_again(house, unit, draft, edit.who, "answered: repeat order")


def check_again(house: House, edit: Edit) -> int:
    """Judge again as things stand now: master data may have changed while the order waited."""
    with house.store.write("review.check") as unit:
        return _judged_again(house, unit, _open(unit, edit), edit.who, "checked again")


def _judged_again(house: House, unit: Unit, draft: Draft, who: str, what: str, before: str | None = None) -> int:
    """Write the new verdict; the draft stays in review until its person accepts it."""
    unit.session.flush()
    match.write_verdict(draft, match.judge(house, unit.session, draft))
    draft.version, draft.updated_at = draft.version + 1, unit.now
    unit.audit(who, what, draft.id, draft.payload if before else None, before)
    return draft.version


def _open(unit: Unit, edit: Edit) -> Draft:
    draft = _draft(unit, edit.key)
    if draft.state != DraftState.IN_REVIEW:
        raise IllegalTransition(f"This order is {draft.state.replace('_', ' ')} and no longer in review.")
    if draft.version != edit.version:
        raise StaleVersion("Somebody changed this order while you looked at it; look again and decide then.")
    return draft


def _draft(unit: Unit, draft_id: str) -> Draft:
    draft = unit.session.scalars(select(Draft).where(col(Draft.id) == draft_id).with_for_update()).first()
    if draft is None:
        raise NotFound(f"there is no order draft {draft_id}")
    return draft


def _remember_code(unit: Unit, draft: Draft, who: str, position: int, sku: str) -> None:
    """Keep the code printed on the line as this customer's word for the product."""
    from matching.normalise import fold_code

    payload = load(DraftDocument, draft.payload)
    line = payload.lines[position]
    code = line.supplier_code or line.buyer_code or line.description
    if draft.customer is None or code is None:
        raise InvalidInput("choose the customer first: a code can only be remembered for somebody")
    folded = fold_code(code.value)
    if not folded:
        raise InvalidInput(f"{code.value!r} has no letter or digit to remember")
    row = unit.session.get(CrossReferenceRecord, (draft.customer, folded))
    if row is None:
        row = CrossReferenceRecord(
            customer=draft.customer, code_folded=folded, code=code.value, sku=sku, decided_at=unit.now
        )
        unit.session.add(row)
    row.sku, row.code, row.decided_by, row.decided_at = sku, code.value, who, unit.now
    row.valid_from = row.valid_to = None
    KINDS["xref"].bump(unit.session)
    unit.audit(who, "remembered", f"{draft.customer}:{code.value}", sku)


def _remember_sender(unit: Unit, draft: Draft, who: str, number: str) -> None:
    delivery = delivery_of(unit.session, draft)
    if delivery.sender_address is None:
        raise InvalidInput("this order came without a mail address, so there is no sender to remember")
    if unit.session.get(SenderAddress, (delivery.sender_address, number)) is None:
        unit.session.add(SenderAddress(address=delivery.sender_address, customer=number, decided_by=who))
    unit.audit(who, "remembered sender", delivery.sender_address, number)


def _keep_answer(unit: Unit, draft: Draft, who: str, answer: Answer) -> None:
    delivery = delivery_of(unit.session, draft)
    sender = delivery.sender_address or delivery.partner
    if sender is None:
        raise InvalidInput("this order came without a sender, so the answer cannot be kept for one")
    row = unit.session.get(RepeatAnswer, sender)
    if row is None:
        row = RepeatAnswer(sender=sender, answer=answer, decided_by=who, decided_at=unit.now)
        unit.session.add(row)
    row.answer, row.decided_by, row.decided_at = answer, who, unit.now
    unit.audit(who, "kept the answer", sender, answer)


def line_match(task_: Task, position: int) -> LineMatch | None:
    """Return the match of a line of a task."""
    return next((line for line in task_.order.lines if line.position == position), None)
