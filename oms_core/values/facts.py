"""What the rules compare a matched order to: terms, prices, stock, earlier orders and who we are, as known today.

`oms_flow` fills these from the database in one go; the rules read nothing else: the same facts, the same findings.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

from oms_core.values.document import SenderFacts


class RepeatAnswer(StrEnum):
    """What a person decided for a sender whose document comes again with the same bytes."""

    REPEAT = "repeat"
    """Every delivery is an order of its own (the CSV of every Monday)."""
    DUPLICATE = "duplicate"
    """The same bytes are the same order, sent again."""


@dataclass(frozen=True, slots=True)
class CustomerTerms:
    """What was agreed with the customer; money is in `currency`, `None` means that nothing was agreed.

    `exposure` is what the customer owes or has ordered and not yet paid, without the order that is checked.
    `price_tolerance` is in percent and wins over the one of the rule set.
    """

    currency: str
    credit_limit: Decimal | None = None
    exposure: Decimal = Decimal(0)
    minimum_order: Decimal | None = None
    price_tolerance: Decimal | None = None
    known_addresses: tuple[str, ...] = ()
    """Mail addresses that we know of this customer, from master data or from earlier accepted orders."""


@dataclass(frozen=True, slots=True)
class EarlierOrder:
    """An order of this customer under the same customer PO number, also one still in review; not a rejected one.

    `id` is its key, `number` what people call it (empty for one still in review), `content_hash` what
    `rules.content_hash` said of its draft.
    """

    id: str
    number: str
    content_hash: str
    ordered_on: date
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class EarlierDocument:
    """An earlier delivery of the same bytes or transmission, and the order it became (None where it became none)."""

    document_id: str
    received_on: date
    order_number: str | None = None


@dataclass(frozen=True, slots=True)
class LineFacts:
    """What is known of the product proposed for one line; `position` counts from 0 in the draft.

    `list_price` is per stock unit in `OrderFacts.list_currency`, for the quantity of this line; `price_source` says in
    words where it stands ('list A from 100'). `available` is what may be promised, in stock units, before this order.
    """

    position: int
    list_price: Decimal | None = None
    price_source: str = ""
    available: Decimal | None = None
    minimum_quantity: Decimal = Decimal(0)
    pack_quantity: Decimal = Decimal(1)
    active: bool = True


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """Everything a rule may compare a matched order to; `today` is the company's own date.

    `terms` is None where no customer is known. `first_order_from_sender` is true when no order from this sender's
    address was ever accepted for this customer. `repeat_answer` is the rule kept for this sender, if there is one.
    """

    today: date
    sender: SenderFacts = field(default_factory=SenderFacts)
    terms: CustomerTerms | None = None
    lines: tuple[LineFacts, ...] = ()
    list_currency: str | None = None
    earlier: tuple[EarlierOrder, ...] = ()
    repeats: tuple[EarlierDocument, ...] = ()
    same_message: tuple[EarlierDocument, ...] = ()
    """EDI: earlier documents of other bytes whose sender, control reference and message reference are this one's."""
    repeat_answer: RepeatAnswer | None = None
    our_names: tuple[str, ...] = ()
    our_ids: tuple[str, ...] = ()
    first_order_from_sender: bool = False
    reading_threshold: float = 0.0
    """The least confidence of a document of this format that keeps the error budget; over 1 where none does."""

    def line(self, position: int) -> LineFacts:
        """Return what is known of the line at `position`; nothing known gives a `LineFacts` without figures."""
        if position < len(self.lines) and self.lines[position].position == position:
            return self.lines[position]
        for facts in self.lines:
            if facts.position == position:
                return facts
        return LineFacts(position)
