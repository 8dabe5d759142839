"""What became of each demo order, against what should: the delivery is found by how it came, not by what it says."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy.orm import Session
from sqlmodel import col, select

from intake import mail_head
from oms_app.demo.planned import DemoOrder, Expected
from oms_core.decisions.transition import DeliveryState, DocumentState, DraftState
from oms_core.records import Delivery, Document, Draft, Order, OrderLine
from oms_core.values import ChannelKind, Finding
from oms_store.codec import load

MAIL_CHANNEL, UPLOAD_CHANNEL = "mail", "upload"
MOVING = "in progress"
NOT_HERE = "not here yet"
_READING = "document."
"""Before the code of what cannot be read."""
_SHORT = "stock.short"
_DOCUMENTS = {
    DocumentState.FILED: Expected.FILED,
    DocumentState.UNREADABLE: Expected.UNREADABLE,
}
_DRAFTS = {
    DraftState.ACCEPTED: Expected.ACCEPTED,
    DraftState.APPLIED: Expected.ACCEPTED,
    DraftState.DUPLICATE: Expected.DUPLICATE,
    DraftState.IN_REVIEW: Expected.REVIEW,
    DraftState.REJECTED: Expected.REVIEW,
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """One demo order: `became` is a word of `Expected`, or why there is none yet; `codes` are all that was found."""

    name: str
    expected: Expected
    became: str
    wanted_codes: tuple[str, ...]
    codes: tuple[str, ...]
    expected_net: Decimal
    net: Decimal

    @property
    def at_rest(self) -> bool:
        """Whether nothing more will happen by itself."""
        return self.became not in (MOVING, NOT_HERE)

    @property
    def as_expected(self) -> bool:
        """Whether it became what it should, for the reason it should, for the money it should."""
        found = {*self.codes, *(code.removeprefix(_READING) for code in self.codes)}
        named = not self.wanted_codes or bool(set(self.wanted_codes) & found)
        return self.became == self.expected and named and self.net == self.expected_net


def channel_name(order: DemoOrder) -> str:
    """Return the name of the channel that an order comes by."""
    if order.channel is ChannelKind.MAILBOX:
        return MAIL_CHANNEL
    if order.channel is ChannelKind.UPLOAD:
        return UPLOAD_CHANNEL
    return f"{order.channel}_{order.sender}".lower()


def outcomes(session: Session, orders: Iterable[DemoOrder]) -> tuple[Outcome, ...]:
    """Say what became of each order."""
    return tuple(outcome(session, order) for order in orders)


def outcome(session: Session, order: DemoOrder) -> Outcome:
    """Say what became of one order."""
    delivery = _delivery(session, order)
    if delivery is None:
        return _outcome(order, NOT_HERE)
    if delivery.state != DeliveryState.STORED:
        became = Expected.DUPLICATE if delivery.state == DeliveryState.DUPLICATE else delivery.state
        return _outcome(order, became)
    documents = session.scalars(select(Document).where(col(Document.delivery_id) == delivery.id)).all()
    drafts = session.scalars(select(Draft).where(col(Draft.document_id) == delivery.document_id)).all()
    told = [*(row.findings for row in documents), *(row.findings for row in drafts)]
    codes = [one.code for findings in told for one in load(tuple[Finding, ...], findings)]
    accepted = select(Order).where(col(Order.draft_id).in_([draft.id for draft in drafts]))
    made = session.scalars(accepted).all()
    if _is_short(session, made):
        codes.append(_SHORT)
    net = sum((row.net for row in made), Decimal(0))
    root = next(document for document in documents if document.id == delivery.document_id)
    return _outcome(order, _became(root, drafts), tuple(dict.fromkeys(codes)), net)


def _is_short(session: Session, made: Sequence[Order]) -> bool:
    """Whether something is to follow later: that is how an accepted order says that stock ran short."""
    late = select(OrderLine).where(
        col(OrderLine.order_id).in_([row.id for row in made]), col(OrderLine.backordered) > Decimal(0)
    )
    return session.scalars(late).first() is not None


def _delivery(session: Session, order: DemoOrder) -> Delivery | None:
    rows = select(Delivery).where(col(Delivery.channel) == channel_name(order)).order_by(col(Delivery.id))
    if order.channel is ChannelKind.MAILBOX:
        rows = rows.where(col(Delivery.identity) == mail_head.of_mail(order.data, None).message_id)
    else:
        rows = rows.where(col(Delivery.filename) == order.filename, col(Delivery.partner) == order.sender)
    return session.scalars(rows).first()


def _became(root: Document, drafts: Sequence[Draft]) -> str:
    if root.state == DocumentState.STORED:
        return MOVING
    if not drafts:
        return _DOCUMENTS.get(DocumentState(root.state), Expected.FILED)
    became = {str(_DRAFTS.get(DraftState(draft.state), MOVING)) for draft in drafts}
    for word in (MOVING, Expected.REVIEW, Expected.ACCEPTED):
        if word in became:
            return str(word)
    return str(became.pop())


def _outcome(order: DemoOrder, became: str, codes: tuple[str, ...] = (), net: Decimal = Decimal(0)) -> Outcome:
    return Outcome(order.name, order.expected, str(became), order.codes, codes, order.expected_net, net)


def counted(found: Sequence[Outcome]) -> tuple[tuple[str, int, int], ...]:
    """Return each outcome with how many there should be and how many there are."""
    should, are = Counter(str(one.expected) for one in found), Counter(one.became for one in found)
    words = dict.fromkeys((*map(str, Expected), *are))
    return tuple((word, should[word], are[word]) for word in words)


def told_wrong(one: Outcome) -> str:
    """Say in a sentence how an order came out otherwise than it should."""
    if one.became != one.expected:
        found = f" ({', '.join(one.codes)})" if one.codes else ""
        return f"{one.name}: {one.became}{found}, expected {one.expected}"
    if one.net != one.expected_net:
        return f"{one.name}: accepted for {one.net:.2f}, expected {one.expected_net:.2f}"
    return f"{one.name}: {one.became}, but none of {', '.join(one.wanted_codes)} was found"
