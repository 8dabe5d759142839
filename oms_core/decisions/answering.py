"""Whether a machine may answer a sender by mail: never automatic to automatic (RFC 3834)."""

from oms_core.values.document import SenderFacts

_NEVER = ("mailer-daemon", "postmaster", "no-reply", "noreply", "no_reply", "donotreply", "do-not-reply", "bounce")
"""Beginnings of local parts that nobody reads."""


def reason_not_to_answer(sender: SenderFacts, our_address: str, sent_in_last_hour: int, limit: int) -> str | None:
    """Say why no acknowledgement goes to this sender by mail; None when one may."""
    address = (sender.address or "").strip().lower()
    local, at, domain = address.rpartition("@")
    if not at or not local or not domain:
        return "the sender has no mail address"
    if sender.automatic:
        return "the message was sent by a machine, a list or a bounce"
    if local.startswith(_NEVER):
        return "nobody reads mail at this address"
    if our_address and address == our_address.strip().lower():
        return "the address is our own"
    if sent_in_last_hour >= limit:
        return f"{limit} automatic mails went to this address within the hour"
    return None
