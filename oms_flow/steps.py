"""The walk of one order on one page: the steps that are durable, in their order, and what each is allowed to touch.

    receive      oms_flow.receive   bytes stored, delivery and document written, walk enqueued   one transaction
    read         oms_flow.read      parts and drafts written, documents at rest                  one transaction
    match        oms_flow.match     who and what is meant, findings, triage                      one per batch
    accept       oms_flow.accept    price, tax, credit, stock, order, invoice, outbox            one per batch
    deliver      oms_flow.deliver   attempt noted, partner told, answer noted                    two per attempt

Raise STEP_MAP_VERSION whenever a step is added, taken out or moved: open work of an older map is then given a new run
from its business state.
"""

STEP_MAP_VERSION = "1"

READ = "read"
MATCH = "match"
ACCEPT = "accept"
DELIVER_BEGIN = "deliver.begin"
DELIVER_FINISH = "deliver.finish"

DRAFTS_PER_TRANSACTION = 50
"""Drafts of one document that are judged, and accepted, together."""
