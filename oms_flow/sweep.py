"""Sweep: whatever should be moving and is not gets a new run from its business state.

Upgrades, errors and workers that died for good all heal the same way. Nothing here looks at what a workflow did; it
only asks the motor which runs are alive.
"""

from collections.abc import Callable
from datetime import timedelta

from sqlmodel import col, select

from oms_core.decisions.transition import DocumentState, DraftState, OutboxState, transition
from oms_core.records import Document, Draft, Outbox
from oms_core.values import Finding, Severity
from oms_core.values.work import Work, WorkKind
from oms_flow.read import MAX_DEATHS
from oms_store.codec import dump, load
from oms_store.conservation import MACHINE_FAILED
from oms_store.store import Unit

Liveness = Callable[[list[Work]], dict[str, str]]
"""By key of each run: `alive`, `dead` (its worker is gone), `failed`, or `gone` (ended, or of an older step map)."""

GRACE_SECONDS = 2.0
"""Work younger than this is left alone: it is only just being started."""
BATCH = 500


def sweep(unit: Unit, liveness: Liveness) -> int:
    """Start a new run for everything in progress without a live one; returns how many were started."""
    return _sweep_documents(unit, liveness) + _sweep_outbox(unit, liveness)


def _sweep_documents(unit: Unit, liveness: Liveness) -> int:
    before = unit.now - timedelta(seconds=GRACE_SECONDS)
    moving_drafts = select(Draft.document_id).where(
        col(Draft.state).in_([DraftState.DRAFTED, DraftState.MATCHED]), col(Draft.updated_at) <= before
    )
    stuck = select(Document).where(
        col(Document.parent_id).is_(None),
        ((col(Document.state) == DocumentState.STORED) & (col(Document.updated_at) <= before))
        | col(Document.id).in_(moving_drafts),
    )
    documents = unit.session.scalars(stuck.order_by(col(Document.id)).limit(BATCH).with_for_update()).all()
    verdicts = liveness([Work(WorkKind.WALK, document.id, document.run) for document in documents])
    started = 0
    for document in documents:
        work = Work(WorkKind.WALK, document.id, document.run)
        verdict = verdicts.get(work.key, "gone")
        if verdict == "alive":
            continue
        document.run += 1
        document.deaths += verdict in ("dead", "failed")
        if document.deaths >= MAX_DEATHS:
            _hand_over(unit, document)
        document.updated_at = unit.now
        unit.follow(Work(WorkKind.WALK, document.id, document.run))
        started += 1
    return started


def _hand_over(unit: Unit, document: Document) -> None:
    """After too many failures a person goes on with what was read; an unread document is given up by `read`."""
    message = f"The machine failed {document.deaths} times on this order; check it and accept it yourself."
    stop = Finding(MACHINE_FAILED, Severity.REVIEW, "", message)
    moving = select(Draft).where(
        col(Draft.document_id) == document.id, col(Draft.state).in_([DraftState.DRAFTED, DraftState.MATCHED])
    )
    for draft in unit.session.scalars(moving.with_for_update()):
        draft.state = transition(DraftState(draft.state), DraftState.IN_REVIEW)
        known = load(tuple[Finding, ...], draft.findings)
        draft.findings = dump((stop, *known), tuple[Finding, ...]).decode()
        draft.version, draft.updated_at = draft.version + 1, unit.now


def _sweep_outbox(unit: Unit, liveness: Liveness) -> int:
    """Rows that are due and not being delivered; this is also how a failed attempt gets its next one."""
    due = select(Outbox).where(
        col(Outbox.state).in_([OutboxState.PENDING, OutboxState.SENDING]), col(Outbox.next_attempt_at) <= unit.now
    )
    rows = unit.session.scalars(due.order_by(col(Outbox.next_attempt_at)).limit(BATCH).with_for_update()).all()
    verdicts = liveness([Work(WorkKind.DELIVER, row.id, row.run) for row in rows])
    started = 0
    for row in rows:
        if verdicts.get(Work(WorkKind.DELIVER, row.id, row.run).key, "gone") == "alive":
            continue
        row.run += 1
        unit.follow(Work(WorkKind.DELIVER, row.id, row.run))
        started += 1
    return started
